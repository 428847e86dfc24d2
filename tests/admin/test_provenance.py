"""Where values come from: beside each of them, on the page of a document, in lists and on the front page."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry.actions.publish import publish_seed
from registry.ledger.context import recorded
from registry.models import Citation, Indicator, Investor, SourceDocument
from registry.queries.provenance import Provenance
from tests.admin.browsing import fields_of, send, text_of
from tests.admin.office import AT, TODAY, Office, signed_in, url
from tests.world import clerk

RESTING = "/admin/registry/sourcedocument/{}/resting/"


def page(office: Office, source: SourceDocument | None = None, query: str = "", client: Any = None) -> str:
    address = RESTING.format((source or office.source).pk) + query
    response = (client or office.clerk_client).get(address)
    assert response.status_code == 200
    return text_of(response)


def cite(row: Any, field: str, as_stated: str, locator: str = "đoạn 1", **more: Any) -> Citation:
    with recorded(actor="van-thu"):
        source = more.pop("source", None) or SourceDocument.objects.get(code="bao-a")
        return row.citations.create(source=source, field=field, as_stated=as_stated, locator=locator, **more)


def total(investor: Investor, position: int, amount: int, **said: Any) -> Any:
    with recorded(actor="van-thu"):
        return investor.capital_events.create(
            position=position, measure="group_total", amount=amount, currency="USD", **said
        )


@pytest.fixture
def pegatron(office: Office) -> Investor:
    """900 million by the end of 2023 says one document, one billion says another."""
    with recorded(actor="van-thu"):
        investor = Investor.objects.create(code="pegatron", name="Pegatron")
        other = SourceDocument.objects.create(code="bao-b", name="Bài báo B")
    total(investor, 1, 900_000_000, as_of_latest=date(2023, 12, 31))
    total(investor, 2, 1_000_000_000, as_of_latest=date(2025, 12, 31))
    cite(investor, "amount", "900 triệu USD", "đoạn 6", row_position=1)
    cite(investor, "amount", "1 tỷ USD", "đoạn 3", row_position=2, source=other)
    return investor


@pytest.mark.parametrize("who", ["clerk_client", "leader_client"])
def test_beside_a_figure_stand_its_source_and_the_figure_that_disagrees(office, pegatron, who):
    text = text_of(getattr(office, who).get(url(pegatron)))
    first = "Bài báo A , đoạn 6: “900 triệu USD” Số liệu khác về cùng việc này: 1.000.000.000 USD , đến 31/12/2025"
    assert first in text
    assert (
        "Bài báo B , đoạn 3: “1 tỷ USD” Số liệu khác về cùng việc này: 900.000.000 USD , đến 31/12/2023"
        in text
    )


@pytest.mark.parametrize("who", ["clerk_client", "leader_client"])
def test_a_value_that_nothing_states_says_so_in_words_and_an_empty_one_says_nothing(office, pegatron, who):
    client = getattr(office, who)
    response = client.get(url(pegatron))
    notes = response.content.decode().count("Chưa có nguồn</strong>")
    # Its name and kind, and of each figure kind, measure and since when it is known. It has no code, group or country.
    assert notes == 8
    assert 'aria-label="Nguồn của tên"' in response.content.decode()
    cite(pegatron, "name", "Pegatron")
    assert client.get(url(pegatron)).content.decode().count("Chưa có nguồn</strong>") == 7


def test_a_document_that_states_something_else_stands_out(office):
    cite(office.developer, "name", "Công ty B")
    text = text_of(office.leader_client.get(url(office.developer)))
    assert "“Công ty B” ghi khác" in text


def test_the_values_of_a_checked_paper_rest_on_the_paper(office):
    text = text_of(office.clerk_client.get(url(office.decision)))
    assert "Theo chính văn bản, đã xác minh" in text
    assert "Chưa có nguồn" not in text
    with recorded(actor="van-thu"):
        office.decision.verification = "to_be_verified"
        office.decision.save()
    text = text_of(office.clerk_client.get(url(office.decision)))
    assert "Theo chính văn bản" not in text
    assert "Chưa có nguồn" in text


def test_a_form_with_sources_beside_its_values_is_saved_as_it_stands(office, pegatron):
    address = url(pegatron)
    before = fields_of(office.clerk_client.get(address))
    assert send(office.clerk_client, address, before).status_code == 302
    pegatron.refresh_from_db()
    assert [row.amount for row in pegatron.capital_events.all()] == [900_000_000, 1_000_000_000]
    # What is refused is shown again with the same notes.
    refused = send(office.clerk_client, address, fields_of(office.clerk_client.get(address)), name="")
    assert refused.status_code == 200
    assert "“900 triệu USD”" in refused.content.decode()


def test_a_cluster_shows_the_decision_that_set_each_value_and_where_that_is_stated(seeded):
    text = text_of(signed_in(clerk()).get(url(seeded.tien_cuong_ii)))
    assert "Diện tích 47,8 ha theo 607/QĐ-UBND" in text
    assert "đoạn 6: “47,8 ha”" in text
    assert (
        "Chủ đầu tư hạ tầng Công ty cổ phần Đầu tư hạ tầng khu công nghiệp Tiến Phát theo 607/QĐ-UBND" in text
    )


# The page of a document


def test_a_document_lists_what_rests_on_it_in_its_order_with_the_verdict(office, pegatron):
    cite(office.developer, "name", "Công ty A", "đoạn 10")
    cite(office.developer, "name", "Công ty X", "đoạn 9")
    cite(office.cluster, "sectors", "cơ khí", "đoạn 2")
    text = page(office)
    places = [text.index(f"đoạn {n} ") for n in (2, 6, 9, 10)]
    assert places == sorted(places)
    assert "đoạn 10 Công ty A Nhà đầu tư chưa công bố Tên Công ty A “Công ty A” khớp" in text
    assert "Công ty A “Công ty X” khác (số liệu cạnh tranh)" in text
    assert "“cơ khí” chỉ dẫn" in text
    assert "900.000.000 USD số liệu khác: 1.000.000.000 USD “900 triệu USD” khác (số liệu cạnh tranh)" in text
    assert "4 giá trị của 3 bản ghi Khớp 1 Khác (số liệu cạnh tranh) 2 Chỉ dẫn 1 Chưa công bố 4" in text


def test_it_is_filtered_by_verdict_and_by_kind(office, pegatron):
    cite(office.developer, "name", "Công ty A", "đoạn 10")
    cite(office.cluster, "name", "Giang Biên", "đoạn 2")
    assert "“Giang Biên”" not in page(office, query="?verdict=differs")
    assert "“900 triệu USD”" in page(office, query="?verdict=differs")
    text = page(office, query="?kind=cluster&verdict=agrees")
    assert "“Giang Biên”" in text
    assert "“Công ty A”" not in text
    assert "Không có giá trị nào khớp bộ lọc." in page(office, query="?kind=cluster&verdict=differs")
    # What is no choice chooses nothing.
    assert "“Giang Biên”" in page(office, query="?kind=x&verdict=y")


def test_a_draft_is_marked_until_it_is_published_and_so_is_a_change(office):
    citation = cite(office.developer, "name", "Công ty A")
    assert "chưa công bố" in page(office)
    publish_seed([office.developer, office.source], at=AT, today=TODAY)
    assert "chưa công bố" not in page(office)
    with recorded(actor="van-thu"):
        citation.as_stated = "Cty A"
        citation.save()
    assert "chưa công bố" in page(office)


def test_a_document_nothing_rests_on_says_what_to_do(office):
    assert "Chưa có giá trị nào dựa vào tài liệu này." in page(office)
    assert "Những gì dựa vào tài liệu này" in text_of(office.clerk_client.get(url(office.source)))
    assert office.clerk_client.get(RESTING.format(999)).status_code == 404


def many(office: Office, count: int, start: int) -> None:
    with recorded(actor="van-thu"):
        for n in range(start, start + count):
            investor = Investor.objects.create(name=f"Công ty số {n}")
            investor.citations.create(
                source=office.source, field="name", as_stated=investor.name, locator=f"đoạn {n + 1}"
            )


def questions(office: Office, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert office.clerk_client.get(address).status_code == 200
    return len(captured)


def test_a_page_of_a_document_asks_as_often_for_a_hundred_values_as_for_two_and_is_paged(office):
    many(office, 2, 0)
    address = RESTING.format(office.source.pk)
    few = questions(office, address)
    many(office, 118, 2)
    assert questions(office, address) <= few
    first, second = page(office), page(office, query="?page=2")
    assert "Trang 1 trên 2" in first
    assert "“Công ty số 99”" in first
    assert "“Công ty số 100”" not in first
    assert "“Công ty số 119”" in second
    assert "“Công ty số 119”" in page(office, query="?all=1")


def test_what_stands_beside_the_values_is_asked_as_often_for_a_hundred_citations_as_for_two(office, pegatron):
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            provenance = Provenance(pegatron)
            assert provenance.of_record(("name",)) is not None
            for row in provenance.content["capital_events"]:
                assert provenance.of_row("capital_events", row["id"], ("amount", "currency")) is not None
        return len(captured)

    few = asked()
    for n in range(98):
        cite(pegatron, "name", f"Pegatron {n}")
    total(pegatron, 3, 5)
    assert asked() <= few


def test_nobody_without_the_right_to_see_documents_sees_the_page(office):
    office.leader.groups.clear()
    assert office.leader_client.get(RESTING.format(office.source.pk)).status_code == 403


# Lists and the front page


def test_lists_and_the_front_page_find_what_is_published_and_stated_nowhere(office, pegatron):
    publish_seed([office.source, SourceDocument.objects.get(code="bao-b"), pegatron, office.developer],
                 at=AT, today=TODAY)  # fmt: skip
    address = "/admin/registry/investor/"

    def found(term: str) -> list[str]:
        response = office.clerk_client.get(address, {"provenance": term})
        return [str(row) for row in response.context["cl"].result_list]

    assert found("unsourced") == ["Công ty A", "Pegatron"]
    assert found("rival") == ["Pegatron"]
    front = office.clerk_client.get("/admin/")
    assert "Giá trị đang công bố chưa có nguồn Nhà đầu tư : 10" in text_of(front)
    assert 'href="/admin/registry/investor/?provenance=unsourced"' in front.content.decode()
    cite(office.developer, "name", "Công ty A")
    cite(office.developer, "kind", "công ty")
    publish_seed([office.developer], at=AT + timedelta(hours=1), today=TODAY)
    assert found("unsourced") == ["Pegatron"]


def test_where_a_scope_comes_from_stands_at_what_is_filled_and_not_at_inputs_left_empty(
    office: Office,
) -> None:
    with recorded(actor="van-thu"):
        indicator = Indicator.objects.create(name="Tỷ lệ lấp đầy", unit="%")
        value = indicator.values.create(position=1, scope="clusters", value=86)
        value.clusters.add(office.cluster, through_defaults={"indicator": indicator})
    cite(indicator, "scope", "5 cụm công nghiệp", row_position=1)
    for who in (office.clerk_client, office.leader_client):
        # At the scope and at its clusters, not at zones, investor and project.
        assert text_of(who.get(url(indicator))).count("“5 cụm công nghiệp”") == 2


def test_a_classification_asks_for_a_source_as_every_value_and_shows_the_words_that_speak_of_it(
    office, pegatron
):
    for who in (office.clerk_client, office.leader_client):
        page = who.get(url(pegatron)).content.decode()
        assert page.count('aria-label="Nguồn của loại"') == 3
        assert page.count('aria-label="Nguồn của loại vốn"') == 2
    cite(pegatron, "kind", "nhà đầu tư Đài Loan")
    cite(pegatron, "kind", "tổng vốn", row_position=1)
    cite(pegatron, "measure", "đã đăng ký", row_position=2)
    for who in (office.clerk_client, office.leader_client):
        text = text_of(who.get(url(pegatron)))
        assert all(text.count(f"đoạn 1: “{words}”") == 1 for words in ("nhà đầu tư Đài Loan", "tổng vốn"))
        assert text.count("đoạn 1: “đã đăng ký”") == 1


def test_a_figure_of_capital_is_headed_by_how_exactly_it_is_stated(office, pegatron):
    total(pegatron, 3, 9_240_000_000, amount_qualifier="over")
    heading = str(pegatron.capital_events.last())
    assert heading == "Tổng vốn được nêu: trên 9.240.000.000 USD"
    assert heading in text_of(office.clerk_client.get(url(pegatron)))
