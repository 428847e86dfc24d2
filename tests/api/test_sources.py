"""What rests on a document, as records that cite it come and go: in both clocks, at a constant price, no draft."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command

from registry.actions.publish import publish_seed, withdraw
from registry.ledger.context import recorded
from registry.models import (
    Announcement,
    Authority,
    Citation,
    Decision,
    Investor,
    SourceDocument,
    Zone,
)
from registry.rules.hanoi import day_of
from tests.api.conftest import Partner, queries
from tests.world import AT, clerk, leader


def whole(partner: Partner, address: str, size: int = 1000) -> list[dict[str, Any]]:
    """Everything that rests on a document, page by page."""
    found: list[dict[str, Any]] = []
    following: str | None = f"{address}?page_size={size}" if "?" not in address else address
    while following:
        body = partner.read(following)
        found += body["rests_on_it"]
        following = body["next"]
    return found


def cite(source: SourceDocument, count: int, start: int = 0) -> list[Investor]:
    """So many investors whose names the document states, each in a paragraph of its own, from the last to the first."""
    with recorded(actor="seed"):
        made = [Investor.objects.create(name=f"Công ty {start + n}") for n in range(count)]
        for number, investor in enumerate(reversed(made), start=start + 1):
            Citation.objects.create(
                investor=investor,
                source=source,
                locator=f"đoạn {number}",
                field="name",
                as_stated=investor.name,
            )
    return made


def say(*subjects: Any, at: datetime = AT) -> None:
    publish_seed(list(subjects), at=at, today=day_of(at))


@pytest.fixture
def article(db: None) -> SourceDocument:
    with recorded(actor="seed"):
        return SourceDocument.objects.create(code="bai-a", name="Bài A")


def test_paragraph_ten_comes_after_paragraph_nine(article, partner):
    say(article, *cite(article, 12))
    assert [row["locator"] for row in whole(partner, "sources/bai-a/")] == [f"đoạn {n}" for n in range(1, 13)]


def test_a_figure_that_disagrees_says_so_and_a_draft_is_never_seen(article, partner):
    (investor,) = cite(article, 1)
    say(article, investor)
    with recorded(actor="seed"):
        investor.name = "Tên khác hẳn"
        investor.save()
        Citation.objects.create(
            investor=investor, source=article, locator="đoạn 2", field="name", as_stated="Nháp"
        )
        Investor.objects.create(name="Công ty nháp")
    assert [(row["as_stated"], row["agrees"]) for row in whole(partner, "sources/bai-a/")] == [
        ("Công ty 0", True)
    ]
    say(investor, at=AT + timedelta(hours=1))
    assert [(row["as_stated"], row["agrees"]) for row in whole(partner, "sources/bai-a/")] == [
        ("Công ty 0", False),
        ("Nháp", False),
    ]


def test_both_clocks_decide_what_rests_on_it(article, partner):
    first, second = cite(article, 1), cite(article, 1, start=1)
    say(article, *first)
    say(*second, at=AT + timedelta(hours=1))
    names = {
        seq: [r["as_stated"] for r in whole(partner, f"sources/bai-a/?known_seq={seq}")] for seq in (1, 2)
    }
    assert names == {1: ["Công ty 0"], 2: ["Công ty 0", "Công ty 1"]}
    assert [r["as_stated"] for r in whole(partner, "sources/bai-a/?valid_on=1990-01-01")] == names[2]


def test_a_withdrawn_record_rests_on_nothing_any_more(article, partner):
    (investor,) = cite(article, 1)
    say(article, investor)
    clerk("lan"), leader("hung")
    withdraw(
        [investor],
        proposed_by="lan",
        approved_by="hung",
        at=AT + timedelta(hours=1),
        today=day_of(AT),
        reason="nhầm",
    )
    assert whole(partner, "sources/bai-a/") == []
    assert len(whole(partner, "sources/bai-a/?known_seq=1")) == 1


def test_its_etag_changes_when_a_record_that_cites_it_is_published_and_only_with_news(article, partner):
    say(article, *cite(article, 1))
    before = partner.get("sources/bai-a/")
    assert partner.get("sources/bai-a/", headers={"If-None-Match": before["ETag"]}).status_code == 304
    say(*cite(article, 1, start=1), at=AT + timedelta(hours=1))
    after = partner.get("sources/bai-a/", headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    assert len(after.json()["rests_on_it"]) == 2


def test_a_record_that_cites_it_is_no_news_of_the_document(article, partner):
    say(article)
    say(*cite(article, 2), at=AT + timedelta(hours=1))
    told = Announcement.objects.filter(publication_id=2).values_list("kind", flat=True)
    assert list(told) == ["investor", "investor"]
    assert "rests_on_it" not in partner.read("sources/")["results"][0]


def test_it_asks_as_often_for_a_hundred_records_as_for_two(article, partner):
    say(article, *cite(article, 2))
    few = len(queries(partner, "sources/bai-a/?page_size=1000"))
    say(*cite(article, 98, start=2), at=AT + timedelta(hours=1))
    many = len(queries(partner, "sources/bai-a/?page_size=1000"))
    assert len(whole(partner, "sources/bai-a/")) == 100
    assert many <= few


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("cursor=abc", "cursor_invalid"),
        ("page_size=0", "parameter_out_of_range"),
        ("page_size=1001", "parameter_out_of_range"),
        ("search=x", "parameter_unknown"),
    ],
)
def test_what_it_cannot_read_is_refused(article, partner, query, code):
    say(article)
    assert partner.refused(f"sources/bai-a/?{query}", 400)["code"] == code


def test_a_cursor_is_good_for_its_document_and_its_clocks_only(article, partner):
    with recorded(actor="seed"):
        other = SourceDocument.objects.create(code="bai-b", name="Bài B")
    say(article, other, *cite(article, 3))
    following = partner.read("sources/bai-a/?page_size=1")["next"]
    cursor = following.partition("cursor=")[2]
    assert partner.refused(f"sources/bai-b/?page_size=1&cursor={cursor}", 400)["code"] == "cursor_mismatch"
    assert (
        partner.refused(f"sources/bai-a/?valid_on=2020-01-01&cursor={cursor}", 400)["code"]
        == "cursor_mismatch"
    )


def test_a_record_says_which_of_its_values_nothing_states(article, partner):
    (investor,) = cite(article, 1)
    say(article, investor)
    assert partner.read("investors/cong-ty-0/")["unsourced"] == ["kind"]
    with recorded(actor="seed"):
        investor.enterprise_code = "0100047516"
        investor.save()
        investor.capital_events.create(position=1, measure="registered", amount=5, currency="USD")
        investor.citations.all().delete()
    say(investor, at=datetime(2026, 1, 6, tzinfo=UTC))
    assert partner.read("investors/cong-ty-0/")["unsourced"] == [
        "name",
        "kind",
        "enterprise_code",
        "capital.1.kind",
        "capital.1.measure",
        "capital.1.amount",
    ]


def test_a_document_that_states_something_else_is_no_source(article, partner):
    (investor,) = cite(article, 1)
    with recorded(actor="seed"):
        investor.citations.update(as_stated="Công ty khác hẳn")
    say(article, investor)
    body = partner.read("investors/cong-ty-0/")
    assert [row["agrees"] for row in body["sources"]] == [False]
    assert body["unsourced"] == ["name", "kind"]


def test_a_document_taken_away_is_no_source_and_one_that_comes_back_is(article, partner):
    (investor,) = cite(article, 1)
    say(article, investor)
    assert partner.read("investors/cong-ty-0/")["unsourced"] == ["kind"]
    clerk("lan"), leader("hung")
    withdraw(
        [article],
        proposed_by="lan",
        approved_by="hung",
        at=AT + timedelta(hours=1),
        today=day_of(AT),
        reason="nhầm",
    )
    gone = partner.read("investors/cong-ty-0/")
    assert [row["source"]["id"] for row in gone["sources"]] == [None]
    assert gone["unsourced"] == ["name", "kind"]
    call_command("rebuild_editions", "--check")
    say(article, at=AT + timedelta(days=2))
    assert partner.read("investors/cong-ty-0/")["unsourced"] == ["kind"]
    call_command("rebuild_editions", "--check")


def test_a_zone_shows_what_a_paper_states_of_itself_and_not_of_another_zone(article, partner):
    with recorded(actor="seed"):
        issuer = Authority.objects.create(code="chinh-phu", name="Chính phủ", level="central")
        zones = [
            Zone.objects.create(code=f"khu-{n}", name=f"Khu {n}", zone_kind="industrial_park") for n in (1, 2)
        ]
        paper = Decision.objects.create(issuer=issuer)
        for n, zone in enumerate(zones, start=1):
            paper.effects.create(position=n, zone=zone, as_stated="mở rộng", area_ha=10 * n)
            paper.citations.create(
                source=article,
                locator=f"đoạn {n}",
                field="area_ha",
                row_position=n,
                as_stated=f"{10 * n} ha",
            )
    say(article, issuer, *zones, paper)
    for n in (1, 2):
        sources = partner.read(f"zones/khu-{n}/")["sources"]
        assert [(row["field"], row["as_stated"]) for row in sources] == [("area_ha", f"{10 * n} ha")]
