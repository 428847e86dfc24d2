"""A record's history on paper, in a real browser: A4, numbered pages, with what proves it."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from registry.actions.redact import plan, redact
from registry.ledger import verify_export
from registry.ledger.checkpoints import checkpoint
from registry.ledger.context import recorded
from registry.ledger.entries import head
from registry.ledger.export import export
from registry.models import LedgerEntry
from tests.admin.office import Office, url
from tests.browser.test_accessibility import DANGLING, PASSWORD
from tests.browser.test_provenance import TOO_WIDE, sign_in

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 11, 22, 3, tzinfo=UTC)


@pytest.fixture
def office(transactional_db: None) -> Office:
    office = Office()
    for user in (office.clerk, office.leader):
        user.set_password(PASSWORD)
        user.save()
    return office


def test_the_history_prints_on_a4_and_what_it_says_can_be_checked(
    context: BrowserContext, live_server, office: Office, tmp_path: Path, settings
) -> None:
    from django.db import connection

    settings.CHECKPOINT_KEY_FILE = str(tmp_path / "key.pem")
    for n in range(40):
        with recorded(actor="lan", reason=f"đính chính lần {n}"):
            type(office.developer)._default_manager.filter(pk=office.developer.pk).update(name=f"Công ty {n}")
    note = checkpoint(connection, AT)
    assert note is not None
    seq, noted = (
        LedgerEntry.objects.filter(subject=office.developer.key).values_list("seq", "hash").latest("seq")
    )
    page = sign_in(context, live_server.url, office.clerk.username)
    page.goto(live_server.url + url(office.developer, "history"))
    page.get_by_role("link", name="Bản in, kèm bằng chứng").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Công ty 39")
    # Oldest first, as a file is read.
    assert "lần 0" in page.locator(".acts > li", has_text="đính chính").first.inner_text()
    shown = page.inner_text("main")
    assert f"Mục cuối của bản ghi này\n{seq}, dấu {noted}" in shown
    assert f"{head()[0]}, dấu {head()[1]}" in shown
    assert "Mốc này bảo đảm cho mọi mục in ở trên." in shown
    assert page.locator("pre", has_text="number 1").inner_text().strip() == note.note.strip()
    assert page.evaluate(DANGLING) == []
    # What the page says to run, runs, and says that all is whole.
    with open(tmp_path / "tep.jsonl", "w", encoding="utf-8", newline="\n") as file:
        export(connection, file)
    (tmp_path / "moc.txt").write_text(note.note, encoding="utf-8", newline="\n")
    command = page.locator("pre", has_text="verify_export.py").inner_text()
    command = command.replace(
        "python -I -S verify_export.py", f"{sys.executable} -I -S {verify_export.__file__}"
    )
    done = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, "nguyên vẹn" in done.stdout) == (0, True), done
    paper = page.pdf(prefer_css_page_size=True, path=str(tmp_path / "history.pdf"))
    assert paper.count(b"/Type /Page\n") >= 3
    assert b"595" in paper  # 210 mm in points
    page.set_viewport_size({"width": 360, "height": 780})
    assert not page.evaluate(TOO_WIDE)


def test_paper_tells_what_no_checkpoint_vouches_for_and_what_was_erased(
    context: BrowserContext, live_server, office: Office
) -> None:
    with recorded(actor="lan", reason="ghi theo lời bà Trần Thị Bưởi"):
        office.developer.name = "Công ty của bà Trần Thị Bưởi"
        office.developer.save()
    for user in (office.clerk, office.leader):
        user.is_superuser = True
        user.save()
    people = {"asked_by": office.clerk.username, "approved_by": office.leader.username}
    redact(plan(["Trần Thị Bưởi"]), ground="Điều 14", at=AT, **people)
    page = sign_in(context, live_server.url, office.clerk.username)
    page.goto(live_server.url + url(office.developer, "history-print"))
    shown = page.inner_text("body")
    assert "Bưởi" not in shown
    assert "lý do: ghi theo lời bà [đã xóa theo luật 1]" in shown
    assert "có nội dung đã xóa theo luật, lần 1" in shown
    assert "Chưa có mốc nào." in shown


def test_who_may_not_read_the_record_gets_no_paper(
    context: BrowserContext, live_server, office: Office
) -> None:
    office.clerk.groups.clear()
    page = sign_in(context, live_server.url, office.clerk.username)
    answer = page.goto(live_server.url + url(office.developer, "history-print"))
    assert answer is not None
    assert answer.status == 403
    assert LedgerEntry.objects.filter(subject=office.developer.key).exists()
