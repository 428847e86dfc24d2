"""Pages: every record once, in order, at a constant price."""

import base64
import json
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from django.core.signing import Signer
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry.actions.publish import publish
from registry.api.cursors import Cursor, _opened
from registry.api.urls import RESOURCES
from registry.ledger.context import recorded
from registry.models import Cluster
from tests.api.conftest import found_clusters, queries
from tests.world import AT, clerk, leader

TODAY = AT.date()


@pytest.mark.parametrize("size", [1, 2, 3, 5, 6, 7])
@pytest.mark.parametrize(
    "address",
    [
        "clusters/?ordering=name",
        "clusters/?ordering=-name",
        "clusters/?ordering=area_ha",
        "clusters/?ordering=-area_ha",
        "decisions/",
        "decisions/?ordering=-number",
        "places/?search=huyen",
    ],
)
def test_pages_of_any_size_put_together_are_the_whole_list(seeded, partner, address, size):
    joint = "&" if "?" in address else "?"
    whole = partner.read(f"{address}{joint}page_size=1000")
    assert whole["next"] is None
    assert partner.results(f"{address}{joint}page_size={size}") == whole["results"]


def test_previous_leads_back_over_the_same_pages(seeded, partner):
    pages = [partner.read("decisions/?page_size=5")]
    while pages[-1]["next"]:
        pages.append(partner.read(pages[-1]["next"]))
    assert [len(page["results"]) for page in pages] == [5, 5, 2]
    assert pages[0]["previous"] is None
    back = [pages[-1]]
    while back[-1]["previous"]:
        back.append(partner.read(back[-1]["previous"]))
    assert [page["results"] for page in reversed(back)] == [page["results"] for page in pages]
    assert partner.read(back[-1]["next"])["results"] == pages[1]["results"]


def test_next_and_previous_carry_both_clocks(seeded, partner):
    first = partner.read("clusters/?page_size=2&known_at=2026-01-06")
    query = parse_qs(urlsplit(first["next"]).query)
    assert query["valid_on"] == ["2026-02-02"]
    assert query["known_seq"] == ["1"]
    assert query["page_size"] == ["2"]
    assert "known_at" not in query


def test_pages_pinned_to_a_publication_neither_repeat_nor_drop_while_others_publish(seeded, partner, at):
    lan, hung = clerk().username, leader().username
    found_clusters([f"Cụm {n}" for n in range(20)], at=at(2026, 2, 1))
    whole = [c["code"] for c in partner.results("clusters/?page_size=1000")]
    seen, following, moment = [], "clusters/?page_size=3", 3
    while following:
        body = partner.read(following)
        seen += [c["code"] for c in body["results"]]
        following = body["next"]
        # A name at the front, one behind, one moved across the cursor: none of them may be felt.
        moment += 1
        found_clusters([f"A{moment}", f"Z{moment}"], at=at(2026, 2, 2, moment, 0))
        moved = Cluster.objects.get(code="giang-bien")
        with recorded(actor=lan):
            moved.name = "Ăn" if moment % 2 else "Xa"
            moved.save()
        publish([moved], proposed_by=lan, approved_by=hung, at=at(2026, 2, 2, moment, 30), today=TODAY)
    assert seen == whole
    assert len(set(seen)) == len(whole) == 26


def test_count_is_given_on_request_and_of_the_whole_list(seeded, partner):
    assert "count" not in partner.read("decisions/")
    assert partner.read("decisions/?count=true&page_size=2")["count"] == 12
    assert partner.read("decisions/?count=true&verification=to_be_verified")["count"] == 6
    assert "count" not in partner.read("decisions/?count=false")


@pytest.mark.parametrize("resource", [resource.name for resource in RESOURCES])
def test_a_page_of_any_kind_takes_at_most_four_queries(seeded, partner, resource):
    partner.get("clusters/")
    assert len(queries(partner, f"{resource}/?count=true")) <= 4
    assert len(queries(partner, f"{resource}/?page_size=1&count=true")) <= 4


def test_reading_opens_no_transaction_and_writes_nothing(seeded, partner):
    partner.get("clusters/")
    for address in (
        "clusters/",
        "clusters/giang-bien/",
        "clusters/giang-bien/history/",
        "changes/",
        "decisions/?count=true",
    ):
        for query in queries(partner, address):
            assert query["sql"].startswith("SELECT"), query["sql"]


def test_an_unchanged_list_is_recognised_before_it_is_read(seeded, partner):
    etag = partner.get("clusters/")["ETag"]
    assert len(queries(partner, "clusters/")) == 3
    with CaptureQueriesContext(connection) as captured:
        assert partner.get("clusters/", headers={"If-None-Match": etag}).status_code == 304
    assert len(captured) == 2


def first_cursor(partner, address):
    return parse_qs(urlsplit(partner.read(address)["next"]).query)["cursor"][0]


def bytes_of(cursor):
    return base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))


def forged(cursor):
    """One bit of it turned."""
    sealed = bytearray(bytes_of(cursor))
    sealed[40] ^= 1
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def signed(cursor):
    """The same as release 0.2.0 wrote it."""
    found = _opened(cursor).rstrip()
    return Signer(salt="registry.api.cursors", sep=".").sign(
        base64.urlsafe_b64encode(found).decode().rstrip("=")
    )


def test_a_cursor_tells_nothing_and_is_the_same_for_the_same_page(seeded, partner):
    """Numbers of rows stand in it: their gaps, or their lengths, would tell how many drafts there are."""
    first = first_cursor(partner, "clusters/?page_size=2")
    assert first == first_cursor(partner, "clusters/?page_size=2")
    row = json.loads(_opened(first))[0]
    assert isinstance(row[-1], int)
    assert not bytes_of(first).startswith(b"[[")
    assert str(row[0]).encode() not in bytes_of(first)
    lengths = {len(str(Cursor(("a", number), False, "f" * 64))) for number in (1, 99, 123_456, 10**9)}
    assert len(lengths) == 1


def test_a_cursor_of_the_release_before_still_leads_on(seeded, partner):
    following = partner.read("clusters/?page_size=2")["next"]
    cursor = first_cursor(partner, "clusters/?page_size=2")
    old = following.replace(cursor, quote(signed(cursor)))
    assert old != following
    assert partner.read(old)["results"] == partner.read(following)["results"]
    assert (
        partner.refused(following.replace(cursor, signed(cursor)[:-1] + "x"), 400)["code"] == "cursor_invalid"
    )


def test_a_cursor_that_was_tampered_with_is_refused(seeded, partner):
    cursor = parse_qs(urlsplit(partner.read("clusters/?page_size=2")["next"]).query)["cursor"][0]
    for wrong in (
        forged(cursor),
        cursor[:-1],
        cursor[1:],
        "x",
        "a.b",
        "..",
        signed(cursor)[1:],
        "W10." + signed(cursor).rpartition(".")[2],
        "💥",
    ):
        address = f"clusters/?page_size=2&valid_on=2026-02-02&known_seq=1&cursor={quote(wrong)}"
        assert partner.refused(address, 400)["code"] == "cursor_invalid"


@pytest.mark.parametrize(
    ("other", "change"),
    [
        ("clusters/", "ordering=-name"),
        ("clusters/", "legal_stage=established"),
        ("clusters/", "search=giang"),
        ("clusters/", "valid_on=2022-02-23"),
        ("clusters/", "known_seq=0"),
        ("investors/", ""),
        ("clusters/giang-bien/history/", ""),
    ],
)
def test_a_cursor_of_another_query_is_refused(seeded, partner, other, change):
    cursor = parse_qs(urlsplit(partner.read("clusters/?page_size=2")["next"]).query)["cursor"][0]
    refused = partner.refused(f"{other}?cursor={cursor}&{change}", 400)
    assert refused["code"] == "cursor_mismatch"


def test_the_pages_size_may_change_on_the_way(seeded, partner):
    cursor = parse_qs(urlsplit(partner.read("clusters/?page_size=2")["next"]).query)["cursor"][0]
    assert len(partner.read(f"clusters/?cursor={cursor}&page_size=4")["results"]) == 4
