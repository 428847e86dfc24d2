"""A history names as cause what the answer rests on, and nothing else that was published in the same act."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry.actions.publish import publish, withdraw
from registry.ledger.context import recorded
from registry.models import EDITIONS
from registry.queries.causes import causes_of
from registry.rules.resource_names import NAMES
from tests.api.records import Records, made
from tests.world import clerk, leader


@pytest.fixture
def records(seeded, at) -> Records:
    return made(at)


@pytest.fixture
def people(db):
    return {"proposed_by": clerk().username, "approved_by": leader().username}


@pytest.fixture
def put_out(records, at, people):
    """Change and publish together, on a day of February 2026; the number of the publication."""

    def act(day, *changes):
        with recorded(actor="lan"):
            for record, values in changes:
                for name, value in values.items():
                    setattr(record, name, value)
                record.save()
        publication = publish(
            [record for record, _ in changes], at=at(2026, 2, day), today=date(2026, 2, day), **people
        )
        return publication.seq

    return act


def causes(partner, address, seq):
    """The causes that a record's history names for a publication that affected it.

    They were noted when it was published; of before release 0.3.0 the same is worked out afterwards.
    """
    entries = partner.read(f"{address}/history/")["results"]
    [entry] = [entry for entry in entries if (entry["publication"], entry["news"]) == (seq, "affected")]
    noted = [(cause["resource"], cause["id"]) for cause in entry["cause"]]
    assert sorted(noted) == sorted((NAMES[kind], code) for kind, code in worked_out(address, seq))
    return noted


def worked_out(address, *seqs):
    """What is told of publications whose causes nobody noted: kind and code of each."""
    resource, _, code = address.partition("/")
    kind = next(kind for kind, name in NAMES.items() if name == resource)
    subject_id = EDITIONS[kind].objects.filter(code=code).values_list("subject_id", flat=True)[0]
    return [cause for found in causes_of(kind, subject_id, seqs=seqs).values() for cause in found]


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


@pytest.fixture
def take_back(at, people):
    """Withdraw records on a day of February 2026; the number of the publication."""

    def act(day, *records):
        when, today = at(2026, 2, day), date(2026, 2, day)
        return withdraw(list(records), at=when, today=today, reason="Nhầm", **people).seq

    return act


def test_a_withdrawal_is_a_cause_and_what_it_ends_stays_one_of_before(records, put_out, take_back, partner):
    renamed = put_out(
        3, (records.first, {"name": "Nhà máy Một Mới"}), (records.port, {"name": "Cảng Tây Mới"})
    )
    before = {address: causes(partner, address, renamed) for address in (OWNER, "/".join(ZONE))}
    assert before == {OWNER: [PROJECT], "/".join(ZONE): [PROJECT]}
    gone = take_back(4, records.first, records.textiles)
    for address, told in before.items():
        assert causes(partner, address, renamed) == told
        assert causes(partner, address, gone) == [PROJECT]


def test_what_a_record_withdrawn_later_rested_on_is_told_as_before(records, put_out, take_back, partner):
    seq = put_out(3, (records.first, {"products": "Màn hình"}), (records.electronics, {"name": "Vi mạch"}))
    told = causes(partner, "/".join(ZONE), seq)
    assert told == [("sectors", "dien-tu")]
    take_back(4, records.park)
    assert causes(partner, "/".join(ZONE), seq) == told
    take_back(5, records.electronics)
    assert causes(partner, "/".join(ZONE), seq) == told


def test_what_concerned_nobody_concerns_nobody_after_its_withdrawal(records, put_out, take_back, partner):
    seq = put_out(3, (records.first, {"products": "Màn hình"}), (records.electronics, {"name": "Vi mạch"}))
    take_back(4, records.first)
    assert causes(partner, "/".join(ZONE), seq) == [("sectors", "dien-tu")]


def test_where_a_record_pointed_that_is_withdrawn_now_stays_told(records, put_out, take_back, partner):
    moved = put_out(3, (records.first, {"investor": records.lone}), (records.port, {"name": "Cảng Tây Mới"}))
    take_back(4, records.first)
    for address in (OWNER, "investors/cong-ty-le"):
        assert causes(partner, address, moved) == [PROJECT]


def test_a_history_asks_no_more_for_many_publications_also_of_what_is_withdrawn_and_was_not_noted(
    records, put_out, take_back, partner
):
    def tell(n: int, day: int = 3) -> int:
        changed = (records.first, {"products": f"Màn hình {n}"}), (records.electronics, {"name": f"Vi {n}"})
        return put_out(day, *changed)

    def asked() -> tuple[int, int]:
        address = "/".join(ZONE)
        with CaptureQueriesContext(connection) as read:
            assert partner.get(f"/api/v1/{address}/history/").status_code == 200
        with CaptureQueriesContext(connection) as found:
            assert len(worked_out(address, *told)) == len(told)
        return len(read), len(found)

    told = first = [tell(n) for n in range(2)]
    take_back(4, records.park, records.electronics)
    few = asked()
    assert [causes(partner, "/".join(ZONE), seq) for seq in first] == [[("sectors", "dien-tu")]] * 2
    for record in (records.electronics, records.park):
        put_out(5, (record, {}))
    told = [*first, *(tell(n, day=5) for n in range(10, 22))]
    take_back(6, records.park, records.electronics)
    assert asked() == few


def pinned(partner, seq):
    """The cause of what publication `seq` changed in the cluster's answer, as that publication tells it."""
    return partner.read(f"clusters/giang-bien/history/?known_seq={seq}")["results"][0]["cause"]


def test_what_a_record_comes_to_say_later_is_no_cause_of_what_was_published_before(
    records, put_out, partner, seeded
):
    """Only the second publication has the paper end the cluster's."""
    seq = put_out(3, (seeded.mda, {"name": "MDA mới"}), (records.paper, {"abstract": "Về việc khác"}))
    before = pinned(partner, seq)
    assert before == [{"resource": "investors", "id": "mda-e-c"}]
    with recorded(actor="lan"):
        records.paper.relations.create(relation="revokes", target=seeded.decision(1013))
    put_out(4, (records.paper, {"abstract": "Bãi bỏ"}))
    assert pinned(partner, seq) == before


def test_what_a_record_says_no_more_stays_the_cause_of_what_was_published_then(
    records, put_out, partner, seeded
):
    seq = put_out(3, (seeded.mda, {"name": "MDA mới"}))
    before = pinned(partner, seq)
    assert before == [{"resource": "investors", "id": "mda-e-c"}]
    paper = seeded.decision(1013)
    with recorded(actor="lan"):
        effect = paper.effects.get()
        effect.cluster, effect.developer = seeded.an_tho, None
        effect.save()
    put_out(4, (paper, {"abstract": "Cụm khác"}))
    assert pinned(partner, seq) == before
