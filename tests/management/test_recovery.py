"""A drill with partners in it: a backup, more publications, the loss, a restore elsewhere, and mirrors that go on.

It takes its time: two servers, a restore of a real backup, and another one of the same backup.
"""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode

import pytest
from django.core.management import call_command
from django.db import connections, transaction

from registry import clock
from registry.actions.publish import publish_seed
from registry.ledger.context import recorded
from registry.models import Cluster, Investor
from registry.queries.announcements import last_announcement
from registry.queries.published import head
from tests.management.test_backup import new_target
from tests.seed.test_killed import database_url
from tests.served import environment, served
from tests.world import load

ROOT = Path(__file__).resolve().parents[2]
RESOURCES = ("clusters", "decisions", "investors", "places", "authorities", "sources", "legal-instruments")
#: What a document's own address adds to it.
ASSEMBLED = frozenset(("rests_on_it", "next", "previous"))


@dataclass
class Mirror:
    """A partner of 0.2.0: keeps an integer, reads what the feed names, begins again when the feed is refused."""

    key: str
    address: str = ""
    after: int = 0
    copy: dict[tuple[str, str], Any] = field(default_factory=dict)
    refusals: list[str] = field(default_factory=list)

    def ask(self, path: str) -> tuple[int, Any]:
        url = path if path.startswith("http") else f"{self.address}/api/v1/{path}"
        request = urllib.request.Request(url, headers={"Authorization": f"Bearer {self.key}"})
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return response.status, json.load(response)
        except HTTPError as refused:
            return refused.code, json.load(refused)

    def read(self, path: str) -> Any:
        status, body = self.ask(path)
        assert status == 200, body
        return body

    def begin(self) -> None:
        begin = self.read("changes/?after=latest")
        self.after, self.copy = begin["last_seq"], download(self, **begin["snapshot"])

    def follow(self, pages: int = 1000) -> None:
        for _ in range(pages):
            status, page = self.ask(f"changes/?after={self.after}&limit=3")
            if status != 200:
                assert status == 410
                self.refusals.append(page["code"])
                self.begin()
                continue
            for change in page["results"]:
                self.take(change)
            self.after = page["last_seq"]
            if page["next"] is None:
                return

    def take(self, change: dict[str, Any]) -> None:
        where = change["resource"], change["id"]
        status, record = self.ask(f"{change['resource']}/{change['id']}/")
        assert status in (200, 410)
        self.copy.pop(where, None)
        if status == 200:
            self.copy[where] = own(record)


def own(record: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name not in ASSEMBLED}


def download(mirror: Mirror, **clocks: Any) -> dict[tuple[str, str], Any]:
    found = {}
    for resource in RESOURCES:
        address = f"{resource}/?{urlencode({**clocks, 'page_size': 50})}"
        while address:
            page = mirror.read(address)
            found |= {(resource, row.get("code") or row["id"]): own(row) for row in page["results"]}
            address = page["next"]
    return found


def rename(name: str) -> None:
    """Publish the investor under another name."""
    investor = Investor.objects.get(code="tien-phat")
    investor.name = name
    with recorded(actor="lan"):
        investor.save()
    publish_seed([investor], at=clock.now(), today=clock.today())


def found(name: str) -> None:
    """Publish a new cluster."""
    with recorded(actor="lan"):
        cluster = Cluster(name=name)
        cluster.save()
    publish_seed([cluster], at=clock.now(), today=clock.today())


def there(url: str, folder: Path, *arguments: str) -> str:
    """What a command printed, on that database, with the secrets of that folder."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "manage.py", *arguments],
        cwd=ROOT,
        env={**environment(folder), "DATABASE_URL": url},
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@dataclass
class Drill:
    """mirrors: by where each stood when the registry was lost. `registry`: the address of the restored one."""

    folder: Path
    backup: Path
    mirrors: dict[str, Mirror]
    kept: int
    kept_publication: int
    lost: int
    lost_publication: int
    lost_moment: str
    lost_tag: str
    registry: str = ""
    url: str = ""


@pytest.fixture(scope="module")
def drill(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Drill]:
    folder = tmp_path_factory.mktemp("drill")
    with django_db_blocker.unblock(), new_target(folder / "restored") as target:
        load()
        with served(folder, DATABASE_URL=database_url()) as address:
            drill = lose(folder, address)
        there(target, folder, "restore", str(drill.backup))
        # As many announcements and publications as were lost: the numbers would be the same again.
        ours = "from tests.management.test_recovery import found, rename"
        go_on = f"{ours}; rename('Tiến Phát sau khôi phục'); found('Cụm mới')"
        there(target, folder, "shell", "-v", "0", "-c", go_on)
        drill.url = target
        with served(folder, DATABASE_URL=target) as drill.registry:
            for mirror in drill.mirrors.values():
                mirror.address = drill.registry
            yield drill
        for alias in connections:
            call_command("flush", database=alias, verbosity=0, interactive=False)


def lose(folder: Path, address: str) -> Drill:
    """A registry that is followed, backed up, and goes on; what is lost with it."""
    key = keyed(folder)
    mirrors = {
        name: Mirror(key, address)
        for name in ("behind", "at the edge", "ahead", "reading", "from the beginning")
    }
    rename("Tiến Phát trước sao lưu")
    for name in ("at the edge", "ahead", "reading"):
        mirrors[name].begin()
    mirrors["behind"].follow(pages=2)
    mirrors["reading"].after -= 1
    made = Path(there(database_url(), folder, "backup", str(folder / "backups")).splitlines()[-1])
    kept, kept_publication = last_announcement(), head()
    rename("Tiến Phát đã mất")
    found("Cụm đã mất")
    # This one reads what is told of, and has more than was told: what is lost stands in its copy.
    mirrors["reading"].after = kept - 1
    (change,) = mirrors["reading"].read(f"changes/?after={kept - 1}&limit=1")["results"]
    mirrors["reading"].take({**change, "resource": "investors", "id": "tien-phat"})
    mirrors["reading"].after = kept
    mirrors["ahead"].follow()
    assert mirrors["ahead"].copy["clusters", "cum-da-mat"]
    assert mirrors["reading"].copy["investors", "tien-phat"]["name"] == "Tiến Phát đã mất"
    lists = mirrors["ahead"].read("clusters/")
    return Drill(
        folder=folder,
        backup=made,
        mirrors=mirrors,
        kept=kept,
        kept_publication=kept_publication,
        lost=last_announcement(),
        lost_publication=head(),
        lost_moment=lists["known_at"],
        lost_tag=tag(mirrors["ahead"], "investors/"),
    )


def keyed(folder: Path) -> str:
    """A key that the servers of that folder know: made with their pepper, not with that of the tests."""
    make = "from tests.keys import new_key; from registry import clock; print(new_key('Ngân hàng', at=clock.now())[1])"
    return there(database_url(), folder, "shell", "-v", "0", "-c", make).strip()


def tag(mirror: Mirror, path: str) -> str:
    request = urllib.request.Request(
        f"{mirror.address}/api/v1/{path}", headers={"Authorization": f"Bearer {mirror.key}"}
    )
    with urllib.request.urlopen(request, timeout=30) as response:
        return str(response.headers["ETag"])


@pytest.mark.parametrize("stood", ["at the edge", "ahead", "reading", "behind", "from the beginning"])
def test_a_mirror_is_told_once_and_has_then_what_a_fresh_download_gives(drill, stood):
    mirror = drill.mirrors[stood]
    mirror.follow()
    assert mirror.refusals == ["position_lost"]
    assert mirror.copy == download(mirror)
    assert ("clusters", "cum-da-mat") not in mirror.copy
    assert mirror.copy["investors", "tien-phat"]["name"] == "Tiến Phát sau khôi phục"
    mirror.follow()
    assert mirror.refusals == ["position_lost"]


def test_whoever_begins_after_the_restore_learns_nothing_of_it(drill):
    mirror = Mirror(drill.mirrors["ahead"].key, drill.registry)
    mirror.begin()
    mirror.follow()
    assert (mirror.refusals, mirror.copy) == ([], download(mirror))


def test_no_number_is_given_twice_also_not_by_a_second_restore_of_the_same_backup(drill, tmp_path):
    mirror = drill.mirrors["ahead"]
    first = mirror.read("changes/?after=latest")
    with new_target(tmp_path / "again") as target:
        printed = there(target, drill.folder, "restore", str(drill.backup))
        assert "Mọi người cần đăng nhập lại." in printed
        there(
            target,
            drill.folder,
            "shell",
            "-v",
            "0",
            "-c",
            "from tests.management.test_recovery import *; found('A')",
        )
        with served(drill.folder, DATABASE_URL=target) as address:
            again = Mirror(mirror.key, address)
            second = again.read("changes/?after=latest")
            for after in (drill.kept, drill.lost, first["last_seq"]):
                status, refusal = again.ask(f"changes/?after={after}")
                assert (status, refusal["code"]) == (410, "position_lost")
            status, refusal = again.ask(f"clusters/?known_seq={first['snapshot']['known_seq']}")
            assert (status, refusal["code"]) == (400, "known_lost")
        assert drill.lost < first["last_seq"] < second["last_seq"] < 2**53
        assert "nguyên vẹn" in there(target, drill.folder, "verify_ledger")


def test_clocks_that_were_lost_are_refused_and_those_that_were_kept_answer_as_before(drill):
    mirror = drill.mirrors["ahead"]
    for clocks in (f"known_seq={drill.lost_publication}", f"known_at={drill.lost_moment}"):
        status, refusal = mirror.ask(f"clusters/?{clocks}")
        assert (status, refusal["code"]) == (400, "known_lost")
        assert refusal["lost"]["after_publication"] == drill.kept_publication
    before = mirror.read(f"investors/tien-phat/?known_seq={drill.kept_publication}")
    assert before["name"] == "Tiến Phát trước sao lưu"


def test_a_tag_of_what_was_lost_fits_nothing_any_more(drill):
    assert tag(drill.mirrors["ahead"], "investors/") != drill.lost_tag


def test_a_backup_waits_for_who_is_publishing(drill, tmp_path, django_db_blocker):
    """His moment has gone by, and whoever asks for it is to be answered: four seconds in which nothing is copied."""
    with django_db_blocker.unblock():
        with transaction.atomic():
            rename("Tiến Phát đang được công bố")
            backup = subprocess.Popen(
                [sys.executable, "-W", "ignore", "manage.py", "backup", str(tmp_path)],
                cwd=ROOT,
                env={**environment(drill.folder), "DATABASE_URL": database_url()},
                stdout=subprocess.PIPE,
                text=True,
            )
            with pytest.raises(subprocess.TimeoutExpired):
                backup.wait(timeout=4)
        printed, _ = backup.communicate(timeout=180)
        assert f", {head()} lần công bố." in printed
