"""A document of the seed and all that rests on it: whole, in its order, page by page."""

import pytest

from registry.models import Citation, OperatingReport
from tests.api.test_sources import whole

ARTICLE = "sources/vneconomy-2023-10/"


def test_it_lists_every_citation_of_every_kind_in_the_order_of_the_document(seeded, partner):
    rows = whole(partner, ARTICLE)
    cited = Citation.objects.filter(source__code="vneconomy-2023-10").count()
    reported = OperatingReport.objects.filter(source__code="vneconomy-2023-10").count()
    assert len(rows) == cited + reported
    numbers = [int(row["locator"].removeprefix("đoạn ")) for row in rows]
    assert numbers == sorted(numbers)
    assert {row["record"]["kind"] for row in rows} >= {"decision", "investor", "authority", "place"}
    (row,) = [r for r in rows if r["as_stated"] == "607/QĐ-UBND"]
    assert row == {
        "locator": "đoạn 6",
        "record": {"kind": "decision", "code": "qd-jthdsjfd", "name": "607/QĐ-UBND"},
        "field": "number",
        "as_stated": "607/QĐ-UBND",
        "agrees": True,
    }


@pytest.mark.parametrize("size", [1, 7, 50])
def test_pages_of_any_size_put_together_are_the_whole(seeded, partner, size):
    assert whole(partner, ARTICLE, size) == whole(partner, ARTICLE)


def test_previous_leads_back_over_the_same_pages(seeded, partner):
    pages = [partner.read(f"{ARTICLE}?page_size=30")]
    while pages[-1]["next"]:
        pages.append(partner.read(pages[-1]["next"]))
    assert len(pages) > 2
    back = [pages[-1]]
    while back[-1]["previous"]:
        back.append(partner.read(back[-1]["previous"]))
    assert [page["rests_on_it"] for page in reversed(back)] == [page["rests_on_it"] for page in pages]
