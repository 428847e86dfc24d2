"""known_at: what the registry said by a moment."""

import pytest

from registry.actions.publish import publish, withdraw
from registry.api import urls
from registry.ledger.context import recorded
from tests.world import AT, clerk, leader

BEFORE = "2026-01-05T01:59:59.999999Z"
RESOURCES = tuple(resource.name for resource in urls.RESOURCES)


def rename(cluster, name, at, **options):
    """The clerk renames the cluster and the leader publishes it."""
    by, of = clerk().username, leader().username
    with recorded(actor=by):
        cluster.name = name
        cluster.save()
    return publish([cluster], proposed_by=by, approved_by=of, at=at(2026, 2, 1), today=AT.date(), **options)


@pytest.mark.parametrize(
    "clock", [f"known_at={BEFORE}", "known_seq=0", "known_at=2026-01-04", "known_at=0001-01-01"]
)
def test_before_the_first_publication_lists_are_empty_and_records_unknown(seeded, partner, clock):
    for resource in RESOURCES:
        body = partner.read(f"{resource}/?{clock}&count=true")
        assert (body["results"], body["count"], body["known_seq"], body["known_at"]) == ([], 0, 0, None)
    assert partner.refused(f"clusters/giang-bien/?{clock}", 404)["code"] == "record_unknown"
    assert partner.refused(f"clusters/giang-bien/history/?{clock}", 404)["code"] == "record_unknown"


def test_the_moment_of_a_publication_finds_it_and_the_microsecond_before_does_not(seeded, partner):
    assert partner.read("clusters/?known_at=2026-01-05T02:00:00Z")["known_seq"] == 1
    assert partner.read("clusters/?known_at=2026-01-05T09:00:00%2B07:00")["known_seq"] == 1
    assert partner.read("clusters/?known_at=2026-01-05T09:00:00+07:00")["known_seq"] == 1
    assert partner.read("clusters/?known_at=2026-01-05T09:00")["known_seq"] == 1
    assert partner.read(f"clusters/?known_at={BEFORE}")["known_seq"] == 0


def test_a_date_is_the_end_of_that_day_in_hanoi(seeded, partner, at):
    rename(seeded.giang_bien, "Giang Biên mới", at)  # 03:00 UTC = 10:00 in Hà Nội
    at(2026, 2, 2)
    assert partner.read("clusters/giang-bien/?known_at=2026-01-31")["name"] == "Giang Biên"
    assert partner.read("clusters/giang-bien/?known_at=2026-02-01")["name"] == "Giang Biên mới"


def test_the_moment_that_an_answer_names_finds_the_same_publication(seeded, partner, at):
    rename(seeded.giang_bien, "Giang Biên mới", at)
    for seq in (1, 2):
        told = partner.read(f"clusters/?known_seq={seq}")
        again = partner.read(f"clusters/?known_at={told['known_at']}")
        assert again["known_seq"] == seq
        assert again["results"] == told["results"]


def test_an_earlier_known_at_answers_in_details_lists_searches_and_filters_as_it_did_then(
    seeded, partner, at
):
    addresses = [
        f"{resource}/?known_seq=1&{query}"
        for resource, query in [
            ("clusters", ""),
            ("clusters", "search=giang+bien"),
            ("clusters", "legal_stage=established"),
            ("clusters", "valid_on=2022-02-23"),
            ("decisions", "cluster=giang-bien"),
            ("clusters/giang-bien", ""),
            ("clusters/giang-bien/history", ""),
        ]
        if not (resource.endswith("history") and query)
    ]
    before = {address: partner.read(address) for address in addresses}
    rename(seeded.giang_bien, "Tên khác hẳn", at)
    at(2026, 2, 2)
    assert partner.read("clusters/giang-bien/")["name"] == "Tên khác hẳn"
    assert {address: partner.read(address) for address in addresses} == before


def test_a_withdrawn_record_is_gone_with_the_public_note_and_still_read_as_of_then(seeded, partner, at):
    lan, hung = clerk("ten-nguoi-nhap"), leader("ten-nguoi-duyet")
    withdraw(
        [seeded.an_tho],
        proposed_by=lan.username,
        approved_by=hung.username,
        at=at(2026, 2, 1),
        today=AT.date(),
        reason="Lý do nội bộ không ai ngoài được thấy",
        note="Đang kiểm tra lại diện tích.",
    )
    refused = partner.refused("clusters/an-tho/", 410)
    assert refused["code"] == "record_withdrawn"
    assert refused["note"] == "Đang kiểm tra lại diện tích."
    for address in ("clusters/an-tho/", "clusters/an-tho/history/", "changes/?limit=1000"):
        content = partner.get(address).content.decode()
        assert "nội bộ" not in content
        assert lan.username not in content
        assert hung.username not in content
    assert "an-tho" not in [c["code"] for c in partner.results("clusters/")]
    assert partner.read("clusters/an-tho/?known_seq=1")["name"] == "An Thọ"
    assert "an-tho" in [c["code"] for c in partner.results("clusters/?known_seq=1")]
    news = partner.read("clusters/an-tho/history/")["results"]
    assert [(entry["news"], entry["note"]) for entry in news] == [
        ("withdrawn", "Đang kiểm tra lại diện tích."),
        ("published", None),
    ]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("valid_on=9999-12-31", "parameter_out_of_range"),
        ("valid_on=2022-02-30", "parameter_malformed"),
        ("valid_on=20220228", "parameter_malformed"),
        ("valid_on=23/02/2022", "parameter_malformed"),
        ("valid_on=2022-02-23T00:00", "parameter_malformed"),
        ("valid_on=0000-01-01", "parameter_malformed"),
        ("valid_on=٢٠٢٢-02-23", "parameter_malformed"),
        ("valid_on=", "parameter_empty"),
        ("known_at=2026-02-03", "known_in_future"),
        ("known_at=2026-02-02T03:00:01Z", "known_in_future"),
        ("known_at=2026-02-02T03:00:00Z", "known_in_future"),
        ("known_at=2026-02-02T02:59:55.000001Z", "known_in_future"),
        ("known_at=9999-12-30", "known_in_future"),
        ("known_at=9999-12-31T23:59:59-10:00", "known_in_future"),
        ("known_at=hôm qua", "parameter_malformed"),
        ("known_at=2026-13-01", "parameter_malformed"),
        ("known_at=2026-01-05T25:00Z", "parameter_malformed"),
        ("known_seq=2", "known_in_future"),
        ("known_seq=-1", "parameter_out_of_range"),
        ("known_seq=1.0", "parameter_malformed"),
        ("known_seq=99999999999999999999999", "parameter_out_of_range"),
        ("known_seq=1&known_at=2026-01-06", "parameter_conflict"),
        ("valid_on=2022-02-23&valid_on=2022-02-24", "parameter_repeated"),
    ],
)
def test_a_clock_that_cannot_be_used_is_refused_with_the_reason(seeded, partner, query, code):
    for resource in ("clusters/", "clusters/giang-bien/"):
        refused = partner.refused(f"{resource}?{query}", 400)
        assert refused["code"] == code
        assert query.split("=")[0] in refused["detail"]
        assert query.split("=")[0] in refused["detail_en"]


@pytest.mark.parametrize(
    "query", ["known_at=2026-02-02", "known_at=2026-02-02T02:59:55Z", "valid_on=9999-12-30"]
)
def test_the_last_clock_that_can_be_used_is_answered(seeded, partner, query):
    assert partner.read(f"clusters/?{query}")["known_seq"] == 1


def test_a_publication_that_runs_ahead_of_the_clock_can_be_named_by_its_moment(seeded, partner, at):
    rename(seeded.giang_bien, "Giang Biên mới", at)
    at(2026, 2, 1, 2, 58)  # two minutes before it
    told = partner.read("clusters/")
    assert told["known_seq"] == 2
    assert partner.read(f"clusters/?known_at={told['known_at']}")["known_seq"] == 2
