"""A registry of the first release, upgraded as docs/commands.md says: one `prepare`."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_django

from registry.rules.composition.subjects import COMPOSER
from tests.upgrade.first_release import PUBLICATIONS
from tests.upgrade.old_registry import Upgraded, kept, old_registry, shape, upgraded_by_today

#: Keys as the first release gave them: a name, the one scope there was, an end for who asked for one.
OLD_KEYS = """
from django.db import connection
from registry.ledger.context import recorded
from registry.queries.api_keys import digest_of
keys = [("Ngân hàng A", "aaaaaaaa", None, None), ("Ngân hàng A", "bbbbbbbb", "2099-12-31 16:59:59+00:00", None),
        ("Ngân hàng A", "cccccccc", None, None), ("Cổng B", "dddddddd", None, "2026-02-01 00:00:00+00:00")]
with recorded(actor="system"), connection.cursor() as cursor:
    for name, prefix, expires, revoked in keys:
        cursor.execute(
            "INSERT INTO registry_apikey (name, prefix, digest, scopes, created_at, expires_at, revoked_at)"
            " VALUES (%s, %s, %s, 'read', '2026-01-05 02:00:00+00:00', %s, %s)",
            [name, prefix, digest_of(f"hpr_{prefix}_{'x' * 43}"), expires, revoked])
"""
NEW_KEYS = """
from datetime import UTC, datetime
from registry.models import ApiKey
from registry.queries.api_keys import find
from registry.rules.scopes import EVERY_KIND
now = datetime.now(UTC)
print(json.dumps([
    [key.partner.name, key.name, key.scopes, (key.expires_at - now).days, key.revoked_at is not None,
     getattr(find(f"hpr_{key.prefix}_{'x' * 43}", now), "kinds", None) == EVERY_KIND]
    for key in ApiKey.objects.filter(prefix__in=["aaaaaaaa", "bbbbbbbb", "cccccccc", "dddddddd"]).order_by("prefix")
]))
"""


@pytest.fixture(scope="module")
def upgraded(
    django_db_setup: None,
    django_db_blocker: pytest_django.DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Upgraded]:
    # (No test here asks for `db`: such tests run first, in all modules, and would upgrade a registry of their own.)
    with django_db_blocker.unblock():
        new = shape()
    with old_registry(tmp_path_factory.mktemp("old")) as registry:
        registry.python(OLD_KEYS)
        yield upgraded_by_today(registry, json.loads(kept("json")), new)


def of_one_record(address: str) -> bool:
    return address.count("/") == 5


def test_what_was_said_is_said_to_the_letter(upgraded: Upgraded) -> None:
    different = []
    for address, (status, etag, text) in upgraded.before["answers"].items():
        now = upgraded.after["answers"][address]
        if "/sources/" in address and status == 200:
            # What rests on a document is asked for beside its edition, and was never asked before.
            different += otherwise(json.loads(text), json.loads(now[2]), address)
        elif now[0] != status or (status == 200 and now[2] != text):
            different.append((address, text, now[2]))
        elif of_one_record(address) and now[1] != etag:
            different.append((address, etag, now[1]))
    assert different == []


def otherwise(before: Any, after: Any, path: str) -> Iterator[tuple[str, Any, Any]]:
    """Where something that was said is not said any more: path, before, after. What is new does not count."""
    if isinstance(before, dict) and isinstance(after, dict):
        for name, value in before.items():
            yield from otherwise(value, after.get(name, "—"), f"{path}.{name}")
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for old, new in zip(before, after, strict=True):
            yield from otherwise(old, new, path)
    elif before != after:
        yield path, before, after


def test_the_release_says_of_the_old_records_what_was_said_and_more(upgraded: Upgraded) -> None:
    differences = []
    for address, (status, _, text) in upgraded.after["adopted"].items():
        before = upgraded.before["answers"][address]
        assert status == before[0], address
        if status == 200:
            differences += otherwise(json.loads(before[2]), json.loads(text), address.split("/")[3])
    # A citation of the number of an instrument was compared with nothing, that of a paper which others overtook with
    # their values; the successors of a place did not follow the day that is asked about.
    known = {
        "clusters.sources.agrees",
        "legal-instruments.sources.agrees",
        "clusters.places.today",
        "places.today",
        "decisions.effects.places.today",
    }
    assert sorted({path for path, _, _ in differences} - known) == []
    assert {address.split("/")[3] for address in upgraded.after["adopted"]} >= {
        "clusters",
        "decisions",
        "investors",
    }


def test_keys_belong_to_partners_and_open_what_they_opened(upgraded: Upgraded) -> None:
    found = json.loads(upgraded.registry.python(NEW_KEYS))
    everything = "clusters decisions investors sources"
    assert [row[:3] for row in found] == [["Ngân hàng A", "", everything]] * 3 + [["Cổng B", "", everything]]
    assert [row[3] for row in found[::2]] == [364, 364]  # a year from the upgrade
    assert found[1][3] > 20_000
    assert [row[4:] for row in found] == [[False, True]] * 3 + [[True, False]]


def test_the_ledger_and_the_editions_are_whole(upgraded: Upgraded) -> None:
    assert "nguyên vẹn" in upgraded.registry.manage("verify_ledger")
    assert upgraded.registry.manage("check_registry").endswith("Mọi thứ đúng.\n")


def test_an_upgraded_database_is_like_a_new_one(upgraded: Upgraded) -> None:
    new, found = upgraded.new, upgraded.after["shape"]
    assert [part for part in new if part not in found] == []
    assert [part for part in found if part not in new] == []


def test_until_it_is_adopted_the_check_says_that_the_release_waits(upgraded: Upgraded) -> None:
    assert "composer_pending" in upgraded.pending
    assert "Có 1 mục sai: Áp dụng bản phát hành." in upgraded.pending


def test_the_release_is_adopted_once_by_a_publication_of_its_own(upgraded: Upgraded) -> None:
    adopted, seeded = upgraded.after["publications"][PUBLICATIONS:]
    assert adopted == [PUBLICATIONS + 1, COMPOSER, "system", "", False]
    assert seeded == [PUBLICATIONS + 2, COMPOSER, "seed", "", True]
    assert f"Từ công bố số {PUBLICATIONS + 1}, câu trả lời do bản này soạn." in upgraded.printed


def test_the_seed_names_the_old_records_of_which_this_release_knows_more(upgraded: Upgraded) -> None:
    (line,) = (line for line in upgraded.printed.splitlines() if "giữ nguyên" in line)
    assert "decision:qd-jthdsjfd" in line or "cluster:" in line
    assert "project:" not in line


def test_preparing_again_changes_nothing(upgraded: Upgraded) -> None:
    before = upgraded.registry.manage("verify_ledger")
    assert "Tư liệu: không có gì mới để nạp." in upgraded.registry.manage("prepare")
    assert upgraded.registry.manage("verify_ledger") == before


def test_whatever_was_under_way_is_under_way(upgraded: Upgraded) -> None:
    """Every other record says, in today's shape, letter for letter what was published."""
    states = upgraded.after["states"]
    by_number = upgraded.registry.python(
        "print(json.dumps(dict(Decision.objects.filter(number__isnull=False).values_list('number', 'code'))))"
    )
    codes = {int(number): f"decision:{code}" for number, code in json.loads(by_number).items()}
    assert {key: state for key, state in states.items() if state != "published"} == {
        "investor:cong-ty-nhap-do": "draft",
        codes[202]: "changed",
        codes[607]: "submitted",
        codes[791]: "returned",
        codes[790]: "withdrawn",
        codes[1012]: "submitted",
    }


PUBLISHING = """
from registry.actions.publish import publish
from registry.ledger.context import recorded
from registry.models import Submission
from registry.queries.reviews import review_of
from registry.rules.problems import Problem
from registry import clock
from django.db import transaction
paper = Decision.objects.get(number=607)
by = {"proposed_by": "lan", "approved_by": "hung"}
formerly = Submission.objects.get(kind="decision", subject_id=paper.pk).digest
def published(seen):
    try:
        publish([paper], at=clock.now(), today=clock.today(), seen={paper.key: seen}, **by)
    except Problem as problem:
        return problem.code
    return review_of(paper).state
with transaction.atomic():
    with recorded(actor="lan"):
        Decision.objects.filter(pk=paper.pk).update(signer="Khác")
    print(review_of(paper).state)
    transaction.set_rollback(True)
print(published(formerly), published(review_of(paper).digest))
"""


def test_what_was_submitted_can_be_approved_as_it_reads_now_and_not_from_a_page_opened_before(
    upgraded: Upgraded,
) -> None:
    """And an edit after the upgrade makes it lapse, as always."""
    assert upgraded.registry.python(PUBLISHING).split() == ["changed", "changed_since_review", "published"]


LET_IN = """
from django.db import connection
from registry.ledger.context import recorded
columns = "decision_id, cluster_id, as_stated, verification, area_qualifier, name, sectors, note"
with recorded(actor="lan"), connection.cursor() as cursor:
    cursor.execute(
        f"INSERT INTO registry_effect (position, effect_code, {columns})"
        f" SELECT 99, 'corrected', {columns} FROM registry_effect ORDER BY id LIMIT 1"
    )
    cursor.execute(
        "INSERT INTO registry_placecode (unit_id, official_code)"
        " SELECT id, '99999' FROM registry_administrativeunit ORDER BY id LIMIT 2"
    )
"""


def test_what_the_first_release_let_in_stops_the_upgrade_before_anything_is_changed(
    django_db_setup: None, tmp_path: Path
) -> None:
    with old_registry(tmp_path) as registry:
        registry.python(LET_IN)
        refused = registry.run("manage.py", "prepare")
        assert refused.returncode == 1
        assert "upgrade_refused · Mã chính thức 99999" in refused.stderr
        assert "tác động 99: đính chính mà chưa chỉ tới tác động nào." in refused.stderr
        assert "[X] 0005" not in registry.manage("showmigrations", "registry")
        assert "ledger" not in registry.run("manage.py", "check", "--database", "default").stderr


def test_going_back_is_refused_by_name_before_anything_is_changed(upgraded: Upgraded) -> None:
    for earlier in ("0011", "0005", "0003"):
        refused = upgraded.registry.run("manage.py", "migrate", "registry", earlier)
        assert refused.returncode == 1
        assert "going_back_refused · Bản trước không giữ được:" in refused.stderr
        assert "Liên kết giữa các khu: 3 bản ghi." in refused.stderr
        assert "dự án đầu tư: 3 bản ghi." in refused.stderr or earlier == "0011"
    assert upgraded.registry.manage("check_registry").endswith("Mọi thứ đúng.\n")


PAST = """
from registry.ledger.context import recorded
from registry.actions.restoration import restore
from registry.models import CapitalEvent, Investor, LedgerEntry
from registry.queries.as_it_was import as_it_was, moment_of, rows_now
from registry.queries.then_and_now import compare, keys_of
later = LedgerEntry.objects.filter(table_name="django_migrations", payload__after__contains="registry.0005")
last = LedgerEntry.objects.get(seq=later.order_by("seq").first().seq - 1)
row = Investor.objects.filter(
    pk__in=[int(e.row_id) for e in LedgerEntry.objects.filter(table_name="registry_investor", seq__lte=last.seq)]
).order_by("pk").first()
with recorded(actor="clerk"):
    was, row.name, row.registered_in = row.name, "Tên gõ nhầm", "KR"
    row.save()
    CapitalEvent.objects.create(investor=row, position=1, measure="announced", amount=5, currency="USD")
past = as_it_was("investor", row.pk, last.seq, moment_of(last))
parts = compare(past, rows_now("investor", row.pk))
told = {(part.title.split(" · ")[0], line.label): line.state for part in parts for line in part.lines}
restore(past, by="clerk", reason="nhầm", keys=None)
row.refresh_from_db()
print(json.dumps([
    told["", "Tên"], told["", "Nước đăng ký"], [part.state for part in parts if part.model is CapitalEvent],
    row.name == was, row.registered_in, CapitalEvent.objects.filter(investor=row).count(),
]))
"""


def test_what_did_not_exist_before_is_told_of_the_past_and_stays_when_that_is_restored(
    upgraded: Upgraded,
) -> None:
    assert json.loads(upgraded.registry.python(PAST)) == ["changed", "absent", ["later"], True, "KR", 1]
