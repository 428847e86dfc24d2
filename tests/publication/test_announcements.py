"""News: at each publication, and on the day on which something comes into effect. Hà Nội's days."""

from datetime import UTC, date, datetime, timedelta

import orjson
import pytest
from django.db import IntegrityError, transaction

from registry.actions.announce import announce_due
from registry.actions.publish import publish
from registry.ledger.context import recorded
from registry.models import Announcement, ClusterEdition, LedgerEntry
from registry.rules.hanoi import day_of
from tests.publication.mirror import Mirror, download
from tests.publication.office import Office

pytestmark = pytest.mark.django_db

#: The decision of the story acts on this day; it is published four days before.
DAY = date(2026, 1, 14)
MORNING = datetime(2026, 1, 13, 17, tzinfo=UTC)  # midnight in Hà Nội


@pytest.fixture
def office() -> Office:
    """An established cluster, told; and a decision on the desk that makes it 50 ha from DAY on."""
    office = Office()
    office.new_cluster(0, 0, 0)
    office.new_decision(0, 5, 0)
    office.publish_all(0, 0, 0)
    office.new_decision(9, 6, 0)
    office.set_value(1, 0, 40)
    decision = office.drafts[office.of_kind("decision")[1]]
    assert (decision["issued"], decision["effects"][0]["area"]) == (DAY, "50")
    return office


def told(after: int) -> list[tuple[str, str, date | None, date | None]]:
    rows = Announcement.objects.filter(seq__gt=after).order_by("seq")
    return [(row.kind, row.news, row.first_day, row.last_day) for row in rows]


def last_seq() -> int:
    return Announcement.objects.order_by("-seq").values_list("seq", flat=True)[0]


LAST = date(9999, 12, 30)


def test_a_future_effect_is_told_when_it_is_published_and_again_on_its_day(office: Office) -> None:
    before = last_seq()
    office.publish_all(0, 0, 0)
    assert told(before) == [
        ("decision", "published", date(1, 1, 1), LAST),
        ("cluster", "affected", DAY, LAST),
    ]
    published = last_seq()
    eve = MORNING - timedelta(microseconds=1)
    assert announce_due(at=eve, today=day_of(eve)) == 0
    assert announce_due(at=MORNING, today=day_of(MORNING)) == 2
    assert told(published) == [
        ("cluster", "took_effect", DAY, LAST),
        ("decision", "took_effect", DAY, LAST),
    ]


def test_telling_twice_tells_once(office: Office) -> None:
    office.publish_all(0, 0, 0)
    before = LedgerEntry.objects.count()
    assert announce_due(at=MORNING, today=DAY) == 2
    assert announce_due(at=MORNING + timedelta(days=3), today=DAY + timedelta(days=3)) == 0
    assert announce_due(at=MORNING, today=DAY - timedelta(days=2)) == 0
    assert LedgerEntry.objects.count() == before + 2
    row = Announcement.objects.filter(news="took_effect").order_by("seq").last()
    assert row is not None
    row.pk = last_seq() + 1
    with pytest.raises(IntegrityError), recorded(actor="system"), transaction.atomic():
        row.save(force_insert=True)


def test_what_lies_in_the_past_when_it_is_published_is_not_told_as_coming(office: Office) -> None:
    office.now = MORNING + timedelta(days=10)
    office.publish_all(0, 0, 0)
    assert announce_due(at=office.now + timedelta(days=400), today=office.today + timedelta(days=400)) == 0


def test_what_came_into_effect_is_told_before_the_publication_that_comes_after_it(office: Office) -> None:
    office.publish_all(0, 0, 0)
    before = last_seq()
    office.now = MORNING + timedelta(hours=5)
    office.rename(0, 0, 0)
    office.publish_all(0, 0, 0)
    assert [(kind, news) for kind, news, _, _ in told(before)] == [
        ("cluster", "took_effect"),
        ("decision", "took_effect"),
        ("cluster", "published"),
        ("decision", "affected"),
        ("decision", "affected"),
    ]


def test_what_comes_into_effect_while_a_publication_is_composed_is_told_before_it(office: Office) -> None:
    """It begins on the evening before the day, and is composed after midnight: nothing would tell of that day later."""
    office.publish_all(0, 0, 0)
    before, evening = last_seq(), MORNING - timedelta(hours=2)
    office.new_investor(0, 0, 0)
    moments = iter([evening, MORNING, MORNING, MORNING])
    act = publish(
        [office.row(office.of_kind("investor")[-1])],
        proposed_by="clerk", approved_by="leader", at=lambda: next(moments), today=day_of(evening),
    )  # fmt: skip
    assert act.at == MORNING
    assert [(kind, news) for kind, news, _, _ in told(before)] == [
        ("cluster", "took_effect"),
        ("decision", "took_effect"),
        ("investor", "published"),
    ]
    assert announce_due(at=MORNING, today=DAY) == 0


def test_what_is_published_over_midnight_is_told_once_for_that_day(office: Office) -> None:
    """Readers read it again for its being published; that its day has come while it was composed is no other news."""
    office.publish_all(0, 0, 0)
    before, evening = last_seq(), MORNING - timedelta(hours=2)
    office.rename(0, 0, 0)
    moments = iter([evening, MORNING, MORNING, MORNING])
    publish(
        [office.row(office.of_kind("cluster")[0])],
        proposed_by="clerk", approved_by="leader", at=lambda: next(moments), today=day_of(evening),
    )  # fmt: skip
    assert [(kind, news) for kind, news, _, _ in told(before)] == [
        ("cluster", "published"),
        ("decision", "affected"),
        ("decision", "affected"),
    ]
    assert announce_due(at=MORNING, today=DAY) == 0


def test_a_future_effect_that_was_withdrawn_in_time_never_comes(office: Office) -> None:
    office.publish_all(0, 0, 0)
    office.withdraw(1, 0, 0)
    assert announce_due(at=MORNING, today=DAY) == 0
    assert not ClusterEdition.objects.known_at(office.head).filter(valid_from=DAY).exists()


def area(body: bytes) -> float | None:
    found: float | None = orjson.loads(body)["area_ha"]
    return found


def test_a_mirror_that_follows_the_feed_has_what_a_fresh_download_has(office: Office) -> None:
    mirror, cluster = Mirror(), office.of_kind("cluster")[0]
    mirror.compare(office)
    office.publish_all(0, 0, 0)
    mirror.compare(office)
    assert area(mirror.copy[cluster]) == 10
    office.now = MORNING
    assert mirror.copy != download(office)
    announce_due(at=office.now, today=office.today)
    mirror.compare(office)
    assert area(mirror.copy[cluster]) == 50
    office.withdraw(1, 0, 0)
    mirror.compare(office)
    assert area(mirror.copy[cluster]) == 10


def test_a_correction_of_what_readers_do_not_see_is_told_without_days(office: Office) -> None:
    office.publish_all(0, 0, 0)
    before, decision = last_seq(), office.row(office.of_kind("decision")[0])
    with recorded(actor="clerk"):
        decision.received_on = date(2026, 3, 1)
        decision.save()
    office._publish([office.of_kind("decision")[0]])
    assert told(before) == [("decision", "published", None, None)]
