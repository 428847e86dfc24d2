"""A backup that release 0.2.0 made, restored by this release in one go: put there, migrated, proved."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import pytest_django

from registry import RELEASE
from tests.management.test_backup import is_there, new_target, unguarded
from tests.upgrade.old_registry import Registry, kept, old_registry
from tests.upgrade.second_release import PUBLICATIONS, SETTINGS
from tests.upgrade.test_upgrade import of_one_record

#: What its `backup` wrote: one file of data, and a manifest that knew of no file beside and signed without one.
BACKED_UP = """
import sqlite3, sys
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from django.db import connection
from django.utils.crypto import salted_hmac
from registry.actions.backups import FORMAT, VERSION, sha256_of
from registry.actions.copies import copier_of, facts
folder, copier = Path(sys.argv[1]), copier_of(connection)
folder.mkdir()
data = folder / copier.FILE
with closing(connection.copy()) as own:
    if connection.vendor == "sqlite":
        with own.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(data)])
        with closing(sqlite3.connect(data)) as copied:
            found = facts(lambda query: copied.execute(query).fetchall(), copier.TABLES)
    else:
        found = copier.copy(own, data)
content = {
    "made_at": "2026-04-02T17:05:00+00:00", "release": "0.2.0", "engine": connection.vendor, "file": data.name,
    "size": data.stat().st_size, "sha256": sha256_of(data), "facts": asdict(found),
    "format": FORMAT, "version": VERSION,
}
text = json.dumps(content, sort_keys=True, ensure_ascii=False)
content["signature"] = salted_hmac("registry.backups", text, algorithm="sha256").hexdigest()
(folder / "manifest.json").write_text(json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\\n")
print(f"{found.ledger_seq}:{found.ledger_hash}")
"""

ASK = """
from registry.models import Publication, Recovery
from registry.queries.announcements import last_announcement
from tests.upgrade.first_release import ask
from tests.upgrade.old_registry import kept
addresses = json.loads(kept("json", "second_release"))["answers"]
recovery = Recovery.objects.get()
print(json.dumps({
    "answers": {address: ask(address) for address in list(addresses)[::10]},
    "kept": [recovery.publication, recovery.known_until.isoformat()],
    "above": [recovery.seq, min(Publication.objects.filter(seq__gt=3).values_list("seq", flat=True))],
    "lost": json.loads(ask(f"/api/v1/clusters/?known_seq={recovery.publication + 1}")[2])["code"],
    "feed": json.loads(ask(f"/api/v1/changes/?after={recovery.announcement}")[2])["code"],
}))
"""


@pytest.fixture(scope="module")
def old(
    django_db_setup: None,
    django_db_blocker: pytest_django.DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Registry, str]]:
    """The registry, and the end of its ledger as its backup noted it."""
    folder = tmp_path_factory.mktemp("second")
    verifier = json.loads(kept("json", "second_release"))["given"]["verifier"]
    settings = SETTINGS | {
        "CHECKPOINT_VERIFIER_KEYS": verifier,
        "CHECKPOINT_KEY_FILE": str(folder / "key.pem"),
    }
    with old_registry(folder, "second_release", settings) as registry:
        registry.manage("checkpoint", "--new-key")
        yield registry, backed_up(registry, folder / "registry-20260402T170500Z")


def backed_up(registry: Registry, folder: Path) -> str:
    ran = registry.run("-c", f"import json\nimport django\ndjango.setup()\n{BACKED_UP}", str(folder))
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.strip()


def test_it_is_restored_and_brought_forward_and_says_what_it_said(
    old: tuple[Registry, str], tmp_path: Path
) -> None:
    registry, anchor = old
    backup = registry.folder / "registry-20260402T170500Z"
    with new_target(tmp_path / "new") as url:
        new = Registry(url, registry.folder, registry.settings)
        printed = new.manage("restore", str(backup), "--anchor", anchor)
        assert f"do bản 0.2.0 tạo, nay đã nâng lên bản {RELEASE}" in printed
        new.manage("prepare")
        assert new.manage("check_registry").endswith("Mọi thứ đúng.\n")
        found = new.asked(ASK)
        before = json.loads(kept("json", "second_release"))["answers"]
        assert len(found["answers"]) > 30
        for address, (status, _, text) in found["answers"].items():
            if not ("/sources/" in address and of_one_record(address)):
                assert (status, text) == (before[address][0], before[address][2]), address
        assert found["kept"] == [PUBLICATIONS, "2026-04-02T17:04:00+00:00"]
        assert found["above"][1] == found["above"][0] + 1
        assert (found["lost"], found["feed"]) == ("known_lost", "position_lost")


def test_one_whose_rows_were_changed_behind_its_ledger_is_not_brought_forward(
    old: tuple[Registry, str], tmp_path: Path
) -> None:
    registry, _ = old
    tampered = "UPDATE registry_investor SET name = 'Công ty Khác' WHERE id = (SELECT min(id) FROM registry_investor)"
    statements = unguarded(registry.url, "registry_investor", tampered)
    registry.python(
        "from django.db import connection\nwith connection.cursor() as cursor:\n"
        f"    for statement in {statements!r}: cursor.execute(statement)\n"
    )
    backed_up(registry, tmp_path / "registry-bad")
    with new_target(tmp_path / "new") as url:
        ran = Registry(url, registry.folder, registry.settings).run(
            "manage.py", "restore", str(tmp_path / "registry-bad")
        )
        assert ran.returncode == 1
        assert "CommandError: backup_unsound · " in ran.stderr
        assert "ledger_drifted" in ran.stderr
        if url.startswith("sqlite"):
            assert not is_there(url)


def test_one_whose_rows_were_changed_behind_its_ledger_is_settled_by_this_release(
    tmp_path: Path,
) -> None:
    """`prepare` refuses and names `verify_ledger`: both it and --record-drift read the tables of before."""
    verifier = json.loads(kept("json", "second_release"))["given"]["verifier"]
    with old_registry(
        tmp_path, "second_release", SETTINGS | {"CHECKPOINT_VERIFIER_KEYS": verifier}
    ) as registry:
        first = "(SELECT min(id) FROM registry_investor)"
        tampered = f"UPDATE registry_investor SET name = 'Công ty Khác' WHERE id = {first}"
        statements = unguarded(registry.url, "registry_investor", tampered)
        registry.python(
            "from django.db import connection\nwith connection.cursor() as cursor:\n"
            f"    for statement in {statements!r}: cursor.execute(statement)\n"
        )
        assert "ledger_drifted" in registry.run("manage.py", "prepare").stderr
        for words, found in (([], {"row_drifted"}), (["--record-drift", "tìm ra rồi"], set())):
            ran = registry.run("manage.py", "verify_ledger", *words)
            assert (ran.returncode, "Traceback" in ran.stderr) == (1, False), ran.stderr
            codes = {line.partition(" · ")[0] for line in ran.stdout.splitlines() if " · " in line}
            assert codes - {"trigger_altered", "trigger_missing"} == {"migrations_pending", *found}
        registry.manage("prepare")
        registry.manage("verify_ledger")
        # What a right is was not recorded then, and is from now on.
        renamed = "UPDATE auth_permission SET codename = 'approve_' WHERE codename = 'approve'"
        registry.python(
            "from django.db import connection\nwith connection.cursor() as cursor:\n"
            f"    for statement in {unguarded(registry.url, 'auth_permission', renamed)!r}: cursor.execute(statement)\n"
        )
        found = registry.run("manage.py", "verify_ledger").stdout
        assert "row_drifted" in found
        assert "auth_permission" in found
