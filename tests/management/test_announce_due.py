from datetime import date, timedelta

import pytest

from registry.actions.announce import announce_due
from registry.actions.publish import publish
from registry.ledger.context import recorded
from registry.models import Announcement, Decision, Effect
from tests.management.calling import manage
from tests.world import AT, TODAY, World, clerk, leader

pytestmark = pytest.mark.django_db

COMING = date(2026, 2, 1)


@pytest.fixture
def enlarged_from_february(seeded: World) -> World:
    """In January it is published that Đại Thắng has 30 ha from 01/02/2026 on."""
    lan, hung = clerk(), leader()
    with recorded(actor=lan.username):
        decision = Decision(
            issuer=seeded.decision(1012).issuer, number=15, symbol="QĐ-UBND",
            issued_earliest=TODAY, issued_latest=TODAY, effective_earliest=COMING, effective_latest=COMING,
        )  # fmt: skip
        decision.full_clean()
        decision.save()
        Effect.objects.create(decision=decision, cluster=seeded.dai_thang, effect_code="expanded", area_ha=30)
    publish(
        [decision],
        proposed_by=lan.username,
        approved_by=hung.username,
        at=AT + timedelta(hours=1),
        today=TODAY,
    )
    return seeded


def told() -> list[tuple[str, date]]:
    rows = Announcement.objects.filter(news="took_effect", kind="cluster")
    return list(rows.values_list("code", "first_day"))


def test_a_change_is_news_on_its_day_and_not_the_day_before(enlarged_from_february: World):
    eve = COMING - timedelta(days=1)
    assert announce_due(at=AT, today=eve) == 0
    assert enlarged_from_february.answer(enlarged_from_february.dai_thang, on=eve)["area_ha"] == 21.3
    announce_due(at=AT + timedelta(days=27), today=COMING)
    assert told() == [("dai-thang", COMING)]
    assert enlarged_from_february.answer(enlarged_from_february.dai_thang, on=COMING)["area_ha"] == 30


def test_the_command_prints_how_many_and_the_second_time_none(enlarged_from_february: World):
    # The command reads the clock, and today is past that February.
    first = manage("announce_due")
    assert first.code == 0
    assert int(first.out) == Announcement.objects.filter(news="took_effect").count() > 0
    assert told() == [("dai-thang", COMING)]
    assert manage("announce_due").out == "0\n"


def test_the_seed_alone_has_no_news_of_days_long_past(seeded: World):
    assert manage("announce_due").out == "0\n"


def test_a_wrong_call_is_exit_code_two():
    assert manage("announce_due", "tomorrow").code == 2
