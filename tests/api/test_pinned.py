"""What was answered under a clock is answered under it for ever: histories of what days brought, codes in filters."""

from datetime import date

import pytest

from registry.actions.publish import publish_seed
from registry.ledger.context import recorded
from tests.api.records import made
from tests.api.test_changes import enlarge

HISTORY = "clusters/dai-thang/history/"


@pytest.fixture
def enlarged(seeded, at):
    """Publication 2, of 2 February: larger from the 20th, larger still from the 25th."""
    first, second = (
        enlarge(seeded.dai_thang, seeded.decision(202).issuer, issued=date(2026, 2, 1), on=on, area=area)
        for on, area in ((date(2026, 2, 20), 70), (date(2026, 2, 25), 80))
    )
    publish_seed([first, second], at=at(2026, 2, 2, 5), today=date(2026, 2, 2))
    return seeded


def told(partner, address):
    return [(entry["news"], entry["first_day"]) for entry in partner.read(address)["results"]]


def day_comes(partner, at, *day):
    at(*day)
    partner.get("clusters/")


BEFORE = [("affected", "2026-02-20"), ("published", "0001-01-01")]
LATER = [("took_effect", "2026-02-25"), ("took_effect", "2026-02-20"), *BEFORE]


def test_a_history_at_a_publication_ends_with_what_that_publication_told(enlarged, partner, at):
    at(2026, 2, 3)
    then = partner.get(f"{HISTORY}?known_seq=2").content
    for day in (20, 25):
        day_comes(partner, at, 2026, 2, day)
        assert partner.get(f"{HISTORY}?known_seq=2").content == then
    assert (told(partner, f"{HISTORY}?known_seq=2"), told(partner, HISTORY)) == (BEFORE, LATER)
    with recorded(actor="lan"):
        enlarged.tien_phat.name = "Tiền Phát mới"
        enlarged.tien_phat.save()
    publish_seed([enlarged.tien_phat], at=at(2026, 2, 26), today=date(2026, 2, 26))
    assert partner.get(f"{HISTORY}?known_seq=2").content == then
    assert told(partner, f"{HISTORY}?known_seq=3") == told(partner, HISTORY) == LATER


def test_a_history_at_a_moment_tells_no_day_that_was_still_to_come(enlarged, partner, at):
    day_comes(partner, at, 2026, 2, 20)
    day_comes(partner, at, 2026, 2, 25)
    at(2026, 2, 26)
    assert told(partner, f"{HISTORY}?known_at=2026-02-19") == BEFORE
    assert told(partner, f"{HISTORY}?known_at=2026-02-20") == LATER[1:]
    # The news of the day was told at ten in Hà Nội.
    assert told(partner, f"{HISTORY}?known_at=2026-02-20T02:59:59Z") == BEFORE
    assert told(partner, f"{HISTORY}?known_at=2026-02-25T03:00:00Z") == LATER
    assert told(partner, f"{HISTORY}?known_at=2026-02-26") == told(partner, HISTORY) == LATER
    file = partner.get(f"{HISTORY}?known_at=2026-02-19&format=jsonl")
    assert len(b"".join(file.streaming_content).splitlines()) == len(BEFORE)


@pytest.mark.parametrize("clock", ["", "known_at=2026-02-20&", "known_seq=2&"])
def test_pages_of_a_history_end_where_the_first_one_did(enlarged, partner, at, clock):
    day_comes(partner, at, 2026, 2, 20)
    if clock.startswith("known_at"):
        at(2026, 2, 21)
    first = partner.read(f"{HISTORY}?{clock}page_size=1")
    whole = partner.read(f"{HISTORY}?{clock}")["results"]
    day_comes(partner, at, 2026, 2, 25)
    found, page = list(first["results"]), first
    while page["next"]:
        page = partner.read(page["next"])
        found += page["results"]
    assert found == whole
    back = []
    while page["previous"]:
        page = partner.read(page["previous"])
        back = page["results"] + back
    assert back == whole[:-1]


def test_a_code_of_nothing_is_refused_until_there_is_such_a_record_and_then_had_none(seeded, partner, at):
    """Only a refusal turns into an answer: it says what codes there are, and not what there were."""
    asked = "clusters/?developer=cong-ty-le&known_seq=1"
    assert partner.refused(asked, 400)["code"] == "record_not_found"
    made(at)
    assert partner.read(asked)["results"] == []
