"""What deserves a second look before a paper is approved. Warnings only: history is stranger than rules."""

from collections.abc import Iterable
from datetime import date

from registry.rules import codes
from registry.rules.cluster_states import CLOSING, RUNGS, Interval
from registry.rules.dates import day_vi


def warnings(before: Interval, effect_code: str | None) -> list[str]:
    """Sentences about a new effect on a cluster that stands as `before` just ahead of it; often none."""
    stage = before.stage
    if effect_code is None:
        return []
    reached = codes.LEGAL_STAGE.vi(stage).lower()
    label = codes.EFFECT.vi(effect_code)
    if effect_code in RUNGS and stage in RUNGS and RUNGS[effect_code] <= RUNGS[stage]:
        return [
            f"Tác động “{label}” không đưa cụm lên bậc mới: ngay trước đó cụm {reached}. "
            "Hãy kiểm tra lại, và ghi lý do khi gửi duyệt."
        ]
    if effect_code in CLOSING and stage == effect_code:
        return [f"Tác động “{label}” lặp lại: ngay trước đó cụm {reached}. Hãy kiểm tra lại văn bản."]
    if effect_code in ("expanded", "adjusted") and stage != "established":
        return [
            f"Tác động “{label}” thường chỉ có với cụm đã thành lập, mà ngay trước đó cụm có tình trạng "
            f"“{reached}”. Hãy kiểm tra xem còn thiếu quyết định nào."
        ]
    return []


def number_order_warnings(number: int, issued_on: date, others: Iterable[tuple[int, date]]) -> list[str]:
    """Sentences about papers whose numbers and dates disagree: within an issuer and year both rise together.

    others: number and signing day of the other papers of the same issuer and year, known to the day. Only the
    nearest number on each side is named.
    """
    known = sorted(others)
    lower = [(n, day) for n, day in known if n < number and day > issued_on]
    higher = [(n, day) for n, day in known if n > number and day < issued_on]
    return [
        f"Số {number} ký ngày {day_vi(issued_on)}, nhưng số {n} của cùng cơ quan lại ký ngày {day_vi(day)}: "
        "trong một năm, số tăng theo ngày. Hãy kiểm tra lại số và ngày."
        for n, day in lower[-1:] + higher[:1]
    ]
