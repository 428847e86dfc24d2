"""A history names as cause what the answer rests on, and nothing else that was published in the same act."""

from datetime import date

import pytest

from registry.actions.publish import publish
from registry.ledger.context import recorded
from tests.api.records import Records, made
from tests.world import clerk, leader


@pytest.fixture
def records(seeded, at) -> Records:
    return made(at)


@pytest.fixture
def put_out(records, at):
    """Change and publish together, on a day of February 2026; the number of the publication."""
    lan, hung = clerk().username, leader().username

    def act(day, *changes):
        with recorded(actor="lan"):
            for record, values in changes:
                for name, value in values.items():
                    setattr(record, name, value)
                record.save()
        publication = publish(
            [record for record, _ in changes],
            proposed_by=lan,
            approved_by=hung,
            at=at(2026, 2, day),
            today=date(2026, 2, day),
        )
        return publication.seq

    return act


def causes(partner, address, seq):
    """The causes that a record's history names for a publication that affected it."""
    entries = partner.read(f"{address}/history/")["results"]
    [entry] = [entry for entry in entries if (entry["publication"], entry["news"]) == (seq, "affected")]
    return [(cause["resource"], cause["id"]) for cause in entry["cause"]]


PROJECT, ZONE = ("projects", "nha-may-mot"), ("zones", "khu-cong-nghiep-dong")
OWNER = "investors/cong-ty-dong-a"


def test_of_two_records_published_together_each_names_its_own(records, put_out, partner):
    seq = put_out(
        3, (records.second, {"name": "Xưởng Hai Mới"}), (records.park, {"name": "Khu công nghiệp Đông Mới"})
    )
    assert causes(partner, "/".join(PROJECT), seq) == [ZONE]
    assert causes(partner, "investors/cong-ty-le", seq) == [("projects", "xuong-hai")]


def test_a_record_that_kept_its_name_is_no_cause_for_one_that_shows_no_more_of_it(records, put_out, partner):
    seq = put_out(3, (records.first, {"products": "Màn hình"}), (records.electronics, {"name": "Vi mạch"}))
    assert causes(partner, "/".join(ZONE), seq) == [("sectors", "dien-tu")]


def test_what_points_elsewhere_now_is_a_cause_for_both(records, put_out, partner):
    seq = put_out(3, (records.first, {"investor": records.lone}), (records.port, {"name": "Cảng Tây Mới"}))
    for address in (OWNER, "investors/cong-ty-le"):
        assert causes(partner, address, seq) == [PROJECT]


def test_a_cause_stays_one_when_the_record_asks_for_it_no_more(records, put_out, partner):
    renamed = put_out(
        3, (records.park, {"name": "Khu công nghiệp Đông Mới"}), (records.port, {"name": "Cảng Tây Mới"})
    )
    told = causes(partner, "/".join(PROJECT), renamed)
    put_out(4, (records.first, {"zone": records.port}))
    assert causes(partner, "/".join(PROJECT), renamed) == told == [ZONE]
