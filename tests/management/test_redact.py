"""The command that erases: it shows first, asks two people, and leaves all or nothing when it is killed."""

import os
import re
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection

from registry.actions.editions import rebuild_editions
from registry.actions.publish import publish_seed
from registry.ledger.context import recorded
from registry.ledger.entries import head
from registry.ledger.verify import verify
from registry.models import Announcement, Authority, Redaction
from tests.management.calling import Ended, manage
from tests.publication.test_redaction import holding
from tests.seed.test_killed import database_url

ROOT = Path(__file__).resolve().parent.parent.parent
NAME, PASSWORD = "Trần Thị Bưởi", "mat-khau-rat-dai"
GIVEN = ("--ground", "Công văn 12/SCT", "--asked-by", "an", "--approved-by", "binh")
REDACT_AND_DIE = """
import os, signal, sys
import django
django.setup()
from django.core.management import call_command
from django.db import connection
def die(execute, sql, params, many, context):
    done = execute(sql, params, many, context)
    if sql.replace('"', '').startswith(sys.argv[1]):
        os.kill(os.getpid(), signal.SIGKILL)
    return done
with connection.execute_wrapper(die):
    call_command("redact", *sys.argv[2:])
"""


@pytest.fixture
def office(transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A published record that named a person and still does; the file with the name."""
    monkeypatch.setenv("DATABASE_URL", database_url())
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "config.settings")
    with recorded(actor="lan", reason=f"theo đơn của {NAME}"):
        authority = Authority.objects.create(name="Phòng một cửa", level="commune")
        authority.name = f"Phòng {NAME}"
        authority.save()
        at = datetime(2026, 3, 1, 3, tzinfo=UTC)
        publish_seed([authority], at=at, today=at.date())
        for name in ("an", "binh"):
            person = User.objects.create_user(name, password=PASSWORD, is_staff=True)
            person.user_permissions.add(Permission.objects.get(codename="redact"))
    words = tmp_path / "can-xoa.txt"
    words.write_text(f"{NAME}\n", encoding="utf-8")
    return words


def run(*arguments: str, typed: str = f"{PASSWORD}\n{PASSWORD}\n") -> Ended:
    """In a process of its own, without a terminal: passwords come from standard input."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        input=typed,
        capture_output=True,
        text=True,
        start_new_session=True,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


def code_of(words: Path) -> str:
    shown = manage("redact", "--text-from", str(words))
    found = re.search(r"--confirm (\w+)", shown.out)
    assert found, shown
    return found.group(1)


def bytes_of_the_database() -> bytes:
    path = Path(str(connection.settings_dict["NAME"]))
    return b"".join(file.read_bytes() for file in path.parent.glob(f"{path.stem}*"))


def test_it_shows_where_the_words_are_and_changes_nothing(office: Path) -> None:
    before = head()
    shown = manage("redact", "--text-from", str(office))
    assert "nội dung đã công bố: 1\n" in shown.out
    assert re.search(r"mục sổ cái \(nội dung trước, sau\): \d", shown.out)
    assert "câu trả lời đã soạn: 1\n" in shown.out
    assert "Chưa xóa gì. Xóa là không lấy lại được." in shown.out
    assert NAME not in shown.out
    assert head() == before


def test_it_erases_what_was_seen_when_both_people_agree(office: Path) -> None:
    script, code = ("manage.py", "redact"), code_of(office)
    if connection.vendor == "sqlite":
        assert NAME.encode() in bytes_of_the_database()
    connection.close()
    done = run(*script, "--text-from", str(office), *GIVEN, "--confirm", code)
    assert (done.code, done.out.splitlines()[-1]) == (0, "Đã ghi lại các tệp của cơ sở dữ liệu."), done
    assert holding("Bưởi") == set()
    assert verify(connection).problems == []
    assert rebuild_editions(check=True) == []
    connection.close()
    if connection.vendor == "sqlite":
        assert "Bưởi".encode() not in bytes_of_the_database()
    assert "Không tìm thấy ở đâu." in manage("redact", "--text-from", str(office)).out


@pytest.mark.parametrize(
    ("typed", "given", "code"),
    [
        (f"{PASSWORD}\nkhac\n", (), "password_wrong"),
        (f"khac\n{PASSWORD}\n", (), "password_wrong"),
        (f"{PASSWORD}\n{PASSWORD}\n", ("--approved-by", "an"), "redaction_by_one"),
        (f"{PASSWORD}\n{PASSWORD}\n", ("--ground", ""), "ground_missing"),
        (f"{PASSWORD}\n{PASSWORD}\n", ("--confirm", "0" * 12), "found_differs"),
    ],
)
def test_it_refuses_and_leaves_all_as_it_was(
    office: Path, typed: str, given: tuple[str, ...], code: str
) -> None:
    before, confirm = head(), ("--confirm", code_of(office))
    done = run("manage.py", "redact", "--text-from", str(office), *GIVEN, *confirm, *given, typed=typed)
    assert done.code == 1
    assert f"{code} · " in done.err
    assert "Traceback" not in done.err
    assert head() == before


@pytest.mark.parametrize(
    "moment",
    ["UPDATE registry_ledgerpayload", "UPDATE registry_statement", "INSERT INTO registry_announcement"],
)
def test_killed_in_the_middle_it_leaves_all_as_it_was(office: Path, moment: str) -> None:
    before, told, code = head(), Announcement.objects.count(), code_of(office)
    places = holding(NAME)
    connection.close()
    done = run("-c", REDACT_AND_DIE, moment, "--text-from", str(office), *GIVEN, "--confirm", code)
    assert done.code == -signal.SIGKILL, done
    assert (head(), Announcement.objects.count(), Redaction.objects.count()) == (before, told, 0)
    assert holding(NAME) == places
    assert verify(connection).problems == []
    assert rebuild_editions(check=True) == []


def test_the_command_of_the_page_runs_as_it_is_shown(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office.rename(office.with_name("words.txt"))
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    page = (ROOT / "docs" / "erasure.md").read_text(encoding="utf-8")
    (line,) = re.findall(r"```sh\n(.*?)```", page, re.DOTALL)
    command = line.replace("manage.py", f"{ROOT}/manage.py")
    done = subprocess.run(["bash", "-c", command], cwd=office.parent, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "--confirm" in done.stdout


def test_a_file_that_cannot_be_read_is_a_wrong_call(tmp_path: Path, db: None) -> None:
    assert manage("redact", "--text-from", str(tmp_path / "khong-co")).code == 2
    (tmp_path / "ngan").write_text("ab\n", encoding="utf-8")
    assert "redaction_too_short" in manage("redact", "--text-from", str(tmp_path / "ngan")).err
