"""What is refused because the registry was put back from a backup (docs/why/restored-feed.md)."""

from datetime import datetime

from registry.api.problems import ApiProblem
from registry.models import Recovery
from registry.queries.recoveries import as_lost
from registry.rules.hanoi import HANOI
from registry.rules.moments import as_text


def position_lost(after: int, recovery: Recovery, *, begin: str) -> ApiProblem:
    """Of the feed: who stands there may hold what was said between backup and restore, and is said no more."""
    vi, en = _what_happened(recovery)
    kept, upto = recovery.announcement, recovery.seq
    return ApiProblem(
        "position_lost",
        f"{vi} Các thông báo sau số {kept} và đến số {upto} đã mất, không bao giờ được dùng lại, nên không theo dõi "
        f"tiếp từ số {after} được. Hãy tải lại toàn bộ, bắt đầu từ after=latest.",
        f"{en} The announcements after {kept} and up to {upto} are lost and never used again, so nobody can go on from "
        f"{after}. Download everything again, beginning with after=latest.",
        members={"lost": as_lost(recovery), "begin": begin},
    )


def known_lost(name: str, asked: str, recovery: Recovery) -> ApiProblem:
    """Of the clocks: nobody knows any more what the registry said then.

    A 400, because 410 from the address of a record tells mirrors to drop it.
    """
    vi, en = _what_happened(recovery)
    return ApiProblem(
        "known_lost",
        f"{vi} Những gì đã công bố giữa hai lúc đó đã mất, nên không còn biết sổ đã nói gì theo {name}={asked}. Hãy "
        f"dùng known_seq đến {recovery.publication} hoặc lớn hơn {recovery.seq}, hay một lúc ngoài khoảng đó.",
        f"{en} What was published between the two is lost, so nobody knows any more what was said by {name}={asked}. "
        f"Use a known_seq up to {recovery.publication} or above {recovery.seq}, or a moment outside of that time.",
        members={"lost": as_lost(recovery)},
    )


def _what_happened(recovery: Recovery) -> tuple[str, str]:
    at, until = recovery.at, recovery.known_until
    return (
        f"Sổ đăng ký đã được khôi phục lúc {_here(at)} từ bản sao lưu còn giữ những gì đã công bố đến lúc "
        f"{_here(until)}.",
        f"The registry was restored at {as_text(at)} from a backup that holds what was published by "
        f"{as_text(until)}.",
    )


def _here(moment: datetime) -> str:
    return f"{moment.astimezone(HANOI):%H:%M:%S %d/%m/%Y}"
