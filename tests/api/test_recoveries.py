"""What partners are told once the registry was put back from a backup (docs/why/restored-feed.md)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from registry.actions.restore import go_on_above
from registry.ledger.context import recorded
from registry.models import Announcement, Publication, Recovery
from registry.queries.announcements import last_announcement
from registry.rules.moments import as_text
from tests.api.conftest import found_clusters

BACKUP, RESTORED = datetime(2026, 2, 2, 1, 0, tzinfo=UTC), datetime(2026, 2, 2, 2, 30, tzinfo=UTC)
FIRST = int(RESTORED.timestamp() * 1000)


@pytest.fixture
def kept(seeded):
    """The last announcement of the backup; nothing was said since."""
    kept = last_announcement()
    go_on_above(at=RESTORED, known_until=BACKUP)
    return kept


def lost(kept):
    return {
        "after_announcement": kept,
        "after_publication": 1,
        "upto": FIRST,
        "known_until": "2026-02-02T01:00:00.000000Z",
        "restored_at": "2026-02-02T02:30:00.000000Z",
    }


@pytest.mark.parametrize("further", [0, 1, 100_000])
def test_a_number_that_only_the_lost_registry_gave_is_refused_and_says_where_to_begin(kept, partner, further):
    refusal = partner.refused(f"changes/?after={kept + further}", 410)
    assert (refusal["code"], refusal["lost"]) == ("position_lost", lost(kept))
    assert refusal["begin"] == "http://testserver/api/v1/changes/?after=latest"
    assert "khôi phục lúc 09:30:00 02/02/2026 từ bản sao lưu còn giữ những gì" in refusal["detail"]
    assert "đã công bố đến lúc 08:00:00 02/02/2026." in refusal["detail"]
    assert "restored at 2026-02-02T02:30:00.000000Z" in refusal["detail_en"]
    for format_ in ("csv", "jsonl"):
        assert partner.refused(f"changes/?after={kept + further}&format={format_}", 410) == refusal


def test_one_that_is_behind_is_led_to_the_gap_and_no_further(kept, partner):
    page = partner.read(f"changes/?after={kept - 3}&limit=2")
    assert (page["last_seq"], len(page["results"])) == (kept - 1, 2)
    page = partner.read(page["next"])
    assert (page["last_seq"], len(page["results"])) == (kept, 1)
    # A reader who takes `next` for the end of the news would believe to have everything.
    assert partner.refused(page["next"], 410)["code"] == "position_lost"
    file = partner.get(f"changes/?after={kept - 3}&format=jsonl")
    assert len(b"".join(file.streaming_content).splitlines()) == 3
    # Nor does a file end there as if that were all.
    address = file["Link"].partition(">")[0].removeprefix("<http://testserver/api/v1/")
    assert '>; rel="next", <' in file["Link"]
    assert partner.refused(address, 410)["code"] == "position_lost"
    begun = partner.read("changes/?after=latest")["last_seq"]
    assert 'rel="next"' not in partner.get(f"changes/?after={begun}&format=jsonl")["Link"]


def test_whoever_begins_again_goes_on_without_a_gap(kept, partner, at):
    begin = partner.read("changes/?after=latest")
    assert begin["last_seq"] == FIRST
    assert begin["snapshot"] == {"valid_on": "2026-02-02", "known_seq": 1}
    assert partner.read(f"changes/?after={FIRST}") == {"last_seq": FIRST, "next": None, "results": []}
    found_clusters(["Cụm sau khôi phục"], at(2026, 2, 3))
    (change,) = partner.results(f"changes/?after={FIRST}")
    assert (change["seq"], change["publication"], change["id"]) == (FIRST + 1, FIRST + 1, "cum-sau-khoi-phuc")
    assert partner.refused(f"changes/?after={FIRST + 2}", 400)["code"] == "change_in_future"
    assert partner.refused(f"clusters/?known_seq={FIRST + 2}", 400)["code"] == "known_in_future"
    assert partner.read("clusters/?known_seq=1")["known_seq"] == 1
    assert partner.read(f"clusters/?known_seq={FIRST + 1}")["known_seq"] == FIRST + 1


@pytest.mark.parametrize(
    ("clock", "status"),
    [
        ("known_seq=1", 200),
        ("known_seq=2", 400),
        (f"known_seq={FIRST}", 400),
        ("known_at=2026-02-02T01:00:00Z", 200),
        ("known_at=2026-02-02T01:00:00.000001Z", 400),
        ("known_at=2026-02-02T02:29:59.999999Z", 400),
        ("known_at=2026-02-02T02:30:00Z", 200),
        ("known_at=2026-02-01", 200),
        ("known_at=2026-02-02", 200),
    ],
)
@pytest.mark.parametrize(
    "path", ["clusters/", "clusters/giang-bien/", "search/?q=giang", "clusters/giang-bien/history/"]
)
def test_a_clock_within_what_was_lost_is_refused_everywhere(kept, partner, path, clock, status):
    response = partner.get(f"{path}{'&' if '?' in path else '?'}{clock}")
    assert response.status_code == status, response.content
    if status == 400:
        assert response.json()["code"] == "known_lost"
        assert response.json()["lost"] == lost(kept)
        assert clock.replace("Z", "") in response.json()["detail"]


def test_what_was_published_while_the_backup_was_made_and_is_in_it_is_no_loss(seeded, partner, at):
    last = Publication.objects.latest("seq")
    recovery = go_on_above(at=last.at + timedelta(hours=1), known_until=last.at - timedelta(seconds=1))
    assert recovery.known_until == last.at
    assert partner.read(f"clusters/?known_at={as_text(last.at)}")["known_seq"] == last.seq
    just_after = as_text(last.at + timedelta(microseconds=1))
    assert partner.refused(f"clusters/?known_at={just_after}", 400)["code"] == "known_lost"


def test_a_day_whose_evening_was_lost_is_refused(seeded, partner, at):
    go_on_above(at=datetime(2026, 2, 2, 20, tzinfo=UTC), known_until=datetime(2026, 2, 2, 1, tzinfo=UTC))
    at(2026, 2, 4)
    assert partner.refused("clusters/?known_at=2026-02-02", 400)["code"] == "known_lost"
    assert partner.read("clusters/?known_at=2026-02-01")["known_seq"] == 1
    assert partner.read("clusters/?known_at=2026-02-03")["known_seq"] == 1


def test_a_tag_of_before_fits_no_list_after_it(seeded, partner):
    tags = {
        path: partner.get(path)["ETag"] for path in ("clusters/", f"changes/?after={last_announcement()}")
    }
    go_on_above(at=RESTORED, known_until=BACKUP)
    for path, tag in tags.items():
        assert partner.get(path, headers={"If-None-Match": tag}).status_code in (200, 410)


def test_two_restores_in_a_row_leave_nothing_of_between_them(kept, partner, at):
    second = datetime(2026, 2, 2, 2, 45, tzinfo=UTC)
    after = go_on_above(at=second, known_until=RESTORED)
    assert (after.announcement, after.publication) == (FIRST, 1)
    assert partner.refused(f"changes/?after={FIRST}", 410)["lost"]["after_announcement"] == FIRST
    assert partner.refused(f"changes/?after={kept}", 410)["lost"] == lost(kept)
    assert partner.refused(f"clusters/?known_seq={FIRST + 1}", 400)["lost"]["upto"] == after.seq
    assert partner.read("changes/?after=latest")["last_seq"] == after.seq


def test_the_database_itself_keeps_the_numbers_in_their_order(kept, at):
    moment = at(2026, 2, 3)
    with pytest.raises(DatabaseError, match="follows the last one"), transaction.atomic(), recorded():
        Publication.objects.create(seq=2, at=moment, composer=1, ledger_seq=1, ledger_hash="0" * 64)
    with pytest.raises(DatabaseError, match="follows the last one"), transaction.atomic(), recorded():
        Publication.objects.create(seq=FIRST + 1, at=BACKUP, composer=1, ledger_seq=1, ledger_hash="0" * 64)
    row = Recovery.objects.get()
    for changes in ({"announcement": kept}, {"publication": 0}):
        given = {field.attname: getattr(row, field.attname) for field in Recovery._meta.fields}
        with pytest.raises(DatabaseError, match="names the last"), transaction.atomic(), recorded():
            Recovery.objects.create(**given | changes | {"seq": row.seq + 10})
    with pytest.raises(DatabaseError), transaction.atomic(), recorded():
        Recovery.objects.update(seq=kept + 1)


def test_history_and_news_of_days_go_on_above_the_gap(kept, partner, at):
    """A new day's news after the restore takes the next number, whoever asks first."""
    found_clusters(["A"], at(2026, 2, 3))
    assert Announcement.objects.filter(seq__gt=kept, seq__lte=FIRST).count() == 0
    (entry,) = partner.read("clusters/a/history/")["results"]
    assert (entry["seq"], entry["at"][:10]) == (FIRST + 1, str(date(2026, 2, 3)))
