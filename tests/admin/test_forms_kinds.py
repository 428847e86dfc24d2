"""Entering zones, sectors, projects, capital, indicators, incentives and assignments."""

from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import reverse

from registry.actions.review import submit
from registry.ledger.context import recorded
from registry.models import (
    Assignment,
    CapitalEvent,
    Citation,
    Cluster,
    Effect,
    Incentive,
    IncentiveTerm,
    Indicator,
    IndicatorValue,
    IndicatorValueCluster,
    Investor,
    LedgerEntry,
    Project,
    Sector,
    Zone,
)
from registry.queries.contents import contents
from registry.queries.differences import difference
from registry.queries.facts import facts, names_in
from registry.rules import codes
from registry.rules.problems import Problem
from tests.admin.browsing import fields_of, fill, said, send, text_of
from tests.admin.office import AT, Office, person, signed_in, url


def add(office: Office, model: str, **typed: Any) -> HttpResponse:
    return fill(office.clerk_client, f"/admin/registry/{model}/add/", **typed)


def saved(response: HttpResponse) -> bool:
    assert response.status_code == 302, error_codes(response)
    return True


def error_codes(response: HttpResponse) -> dict[str, list[str]]:
    """The codes of what is refused, by the name of the input they stand at; rows by their prefix."""
    forms = [response.context["adminform"].form]
    forms += [form for inline in response.context["inline_admin_formsets"] for form in inline.formset.forms]
    return {
        f"{form.prefix}-{name}" if form.prefix else name: [error.code for error in errors.as_data()]
        for form in forms
        for name, errors in form.errors.items()
    }


def cited(number: int, field: str, row: str, source: Any, stated: str) -> dict[str, Any]:
    values = {
        "field": field,
        "row_position": row,
        "source": source.pk,
        "locator": "đoạn 6",
        "as_stated": stated,
    }
    return {f"citations__{number}__{name}": value for name, value in values.items()}


@pytest.fixture
def project(office: Office) -> Project:
    return Project.objects.create(name="Nhà máy H3", investor=office.developer)


@pytest.fixture
def indicator(office: Office) -> Indicator:
    return Indicator.objects.create(name="Tỷ lệ lấp đầy", unit="%")


# Zones and sectors


def test_a_zone_is_entered_with_its_standing_by_day(office: Office) -> None:
    typed = {
        "name": "Khu kinh tế ven biển phía Nam",
        "zone_kind": "economic_zone",
        "area": "tối đa 20.000",
        "statuses__TOTAL_FORMS": "1",
        "statuses__0__status": "planned",
        "statuses__0__as_of_stated": "năm 2025",
        "citations__TOTAL_FORMS": "1",
        "citations__0__field": "area_ha",
        "citations__0__source": office.source.pk,
        "citations__0__locator": "đoạn 8",
        "citations__0__as_stated": "lên tới 20.000 ha",
    }
    assert saved(add(office, "zone", **typed))
    zone = Zone.objects.get()
    assert (zone.area_ha, zone.area_qualifier) == (D(20000), "up_to")
    status = zone.statuses.get()
    assert (status.status, status.as_of_earliest, status.as_of_latest) == (
        "planned", date(2025, 1, 1), date(2025, 12, 31),
    )  # fmt: skip
    assert zone.citations.get().as_stated == "lên tới 20.000 ha"


@pytest.mark.parametrize(
    ("typed", "refused"),
    [
        ({"zone_kind": ""}, {"zone_kind": ["required"]}),
        ({"area": "20.000,5.1"}, {"area": ["number_unreadable"]}),
        ({"area": "lên đến 20.000"}, {"area": ["qualifier_ambiguous"]}),
        ({"statuses__0__as_of_stated": ""}, {"statuses-0-as_of": ["required"]}),
        ({"statuses__0__as_of_stated": "khi nào đó"}, {"statuses-0-as_of": ["date_unreadable"]}),
    ],
)
def test_a_zone_that_cannot_be_is_refused_at_its_input_and_nothing_typed_is_lost(
    office: Office, typed: dict[str, str], refused: dict[str, list[str]]
) -> None:
    whole = {
        "name": "KCN Nam Tràng Cát",
        "zone_kind": "industrial_park",
        "area": "200",
        "statuses__TOTAL_FORMS": "1",
        "statuses__0__status": "planned",
        "statuses__0__as_of_stated": "2025",
    }
    page = add(office, "zone", **whole | typed)
    assert error_codes(page) == refused
    kept = fields_of(page)
    assert all(kept[name.replace("__", "-")] == [value] for name, value in (whole | typed).items())
    assert not Zone.objects.exists()


def test_a_zone_named_like_a_cluster_is_pointed_out_with_its_kind(office: Office) -> None:
    Cluster.objects.create(name="Phụ trợ Tràng Duệ")
    response = add(office, "zone", name="KCN Tràng Duệ", zone_kind="industrial_park")
    assert saved(response)
    assert any("Phụ trợ Tràng Duệ</a> (cụm công nghiệp)" in text for text in said(response))
    response = add(office, "cluster", name="CCN Tràng Duệ")
    assert any("KCN Tràng Duệ</a> (khu)" in text for text in said(response))


def test_near_names_of_investors_and_projects_are_pointed_out(office: Office, project: Project) -> None:
    assert any(
        "gần giống" in text
        for text in said(add(office, "investor", name="Tập đoàn A", investor_kind="group"))
    )
    response = add(office, "project", name="Nhà máy H33", investor=office.developer.pk)
    assert any("Nhà máy H3</a>" in text for text in said(response))


def test_the_code_of_a_sector_goes_with_its_year(office: Office) -> None:
    page = add(office, "sector", name="Điện tử", vsic_code="2620")
    assert error_codes(page) == {"vsic_year": ["vsic_incomplete"]}
    assert error_codes(add(office, "sector", name="Điện tử", vsic_code="26a", vsic_year="2018")) == {
        "vsic_code": ["vsic_malformed"]
    }
    assert saved(add(office, "sector", name="Điện tử", vsic_code="2620", vsic_year="2018"))
    assert error_codes(add(office, "sector", name="Máy tính", vsic_code="2620", vsic_year="2018")) == {
        "vsic_code": ["vsic_taken"]
    }


# Capital

#: A new row as the page begins it, and the kind of capital chosen.
ONE_ROW = {
    "capital_events__TOTAL_FORMS": "1",
    "capital_events__0__capital_kind": "reported_total",
    "capital_events__0__measure": "registered",
}


@pytest.mark.parametrize(
    ("amount", "currency", "stored"),
    [
        ("1,224 tỷ", "USD", (1_224_000_000, "USD", "exact")),
        ("900 triệu", "USD", (900_000_000, "USD", "exact")),
        ("28.900.000.000", "USD", (28_900_000_000, "USD", "exact")),
        ("trên 9,24 tỷ USD", "", (9_240_000_000, "USD", "over")),
        ("1.224 tỷ đồng", "", (1_224_000_000_000, "VND", "exact")),
        ("khoảng 7,6 tỷ usd", "USD", (7_600_000_000, "USD", "about")),
    ],
)
def test_money_is_typed_as_people_type_it(
    office: Office, project: Project, amount: str, currency: str, stored: tuple[int, str, str]
) -> None:
    response = fill(
        office.clerk_client, url(project), **ONE_ROW,
        capital_events__0__money=amount, capital_events__0__money_currency=currency,
    )  # fmt: skip
    assert saved(response)
    row = CapitalEvent.objects.get()
    assert (row.amount, row.currency, row.amount_qualifier) == stored


def test_money_is_shown_in_whole_units_and_kept_when_left_alone(office: Office, project: Project) -> None:
    CapitalEvent.objects.create(
        project=project, measure="registered", amount=1_224_000_000, amount_qualifier="over", currency="USD"
    )
    fields = fields_of(office.clerk_client.get(url(project)))
    assert (fields["capital_events-0-money"], fields["capital_events-0-money_currency"]) == (
        ["trên 1.224.000.000"], ["USD"],
    )  # fmt: skip
    assert "trên 1.224.000.000 USD" in text_of(office.leader_client.get(url(project)))
    before = LedgerEntry.objects.count()
    assert saved(send(office.clerk_client, url(project), fields))
    assert LedgerEntry.objects.count() == before


@pytest.mark.parametrize(
    ("amount", "currency", "code"),
    [
        ("900 triệu", "", "currency_unknown"),
        ("900 triệu đồng", "USD", "currency_disagrees"),
        ("900 triệu euro", "USD", "currency_unknown"),
        ("1.224,5.0 tỷ", "USD", "number_unreadable"),
        ("lên đến 4,65 tỷ", "USD", "qualifier_ambiguous"),
        ("9-10 tỷ", "USD", "amount_range"),
        ("0", "USD", "amount_not_whole"),
        ("99999999999 tỷ", "VND", "amount_too_large"),
        ("", "USD", "required"),
        ("900 triệu", "XXX", "invalid_choice"),
    ],
)
def test_money_that_could_be_misread_is_refused_at_its_input(
    office: Office, project: Project, amount: str, currency: str, code: str
) -> None:
    page = fill(
        office.clerk_client, url(project), **ONE_ROW,
        capital_events__0__money=amount, capital_events__0__money_currency=currency,
    )  # fmt: skip
    assert error_codes(page) == {"capital_events-0-money": [code]}
    assert fields_of(page)["capital_events-0-money"] == [amount]
    assert not CapitalEvent.objects.exists()


def test_rows_are_numbered_by_themselves_and_a_citation_names_one(office: Office, project: Project) -> None:
    typed: dict[str, Any] = {"capital_events__TOTAL_FORMS": "2", "citations__TOTAL_FORMS": "2"}
    for number, (amount, when) in enumerate(
        (("900 triệu USD", "đến hết năm 2023"), ("1 tỷ USD", "2023-2025"))
    ):
        typed |= {
            f"capital_events__{number}__capital_kind": "reported_total",
            f"capital_events__{number}__measure": "announced",
            f"capital_events__{number}__money": amount,
            f"capital_events__{number}__as_of_stated"
            if number == 0
            else "capital_events__1__programme_stated": when,
        }
    typed |= cited(0, "amount", "2", office.source, "1 tỷ USD") | cited(1, "name", "", office.source, "H3")
    assert saved(fill(office.clerk_client, url(project), **typed))
    first, second = project.capital_events.all()
    assert [(row.position, row.amount) for row in (first, second)] == [(1, 900_000_000), (2, 1_000_000_000)]
    assert (first.as_of_earliest, first.as_of_latest) == (None, date(2023, 12, 31))
    assert (second.programme_earliest, second.programme_latest) == (date(2023, 1, 1), date(2025, 12, 31))
    assert sorted(Citation.objects.values_list("field", "row_position")) == [("amount", 2), ("name", None)]


def test_the_number_of_a_deleted_row_is_not_given_to_the_one_that_comes_with_it(
    office: Office, project: Project
) -> None:
    for position in (1, 2):
        CapitalEvent.objects.create(project=project, position=position, measure="registered", amount=position)
    cite = {"field": "amount", "source": office.source, "locator": "đoạn 1", "as_stated": "2 USD"}
    Citation.objects.create(project=project, row_position=2, **cite)
    page = fill(
        office.clerk_client, url(project), capital_events__TOTAL_FORMS="3", capital_events__1__DELETE="on",
        capital_events__2__capital_kind="increase", capital_events__2__measure="registered",
        capital_events__2__money="3 USD",
    )  # fmt: skip
    # What was cited of the row that goes would hang in the air.
    assert error_codes(page) == {"citations-0-row_position": ["citation_row_missing"]}
    fields = fields_of(page)
    assert (fields["capital_events-1-DELETE"], fields["capital_events-2-money"]) == (["on"], ["3 USD"])
    assert saved(send(office.clerk_client, url(project), fields, citations__0__DELETE="on"))
    assert [(row.position, row.amount) for row in project.capital_events.all()] == [(1, 1), (3, 3)]
    assert not project.citations.exists()


def test_the_rows_of_every_kind_are_cited_by_their_words(office: Office, project: Project) -> None:
    CapitalEvent.objects.create(
        project=project, position=2, capital_kind="increase", measure="registered", amount=10**9,
        as_of_stated_as="2023", as_of_latest=date(2023, 12, 31), as_of_earliest=date(2023, 1, 1),
    )  # fmt: skip
    tax = Incentive.objects.create(name="Thuế", incentive_kind="corporate_income_tax", status="in_force")
    IncentiveTerm.objects.create(incentive=tax, term_kind="reduction", rate_percent=50, years=9)
    share = Indicator.objects.create(name="Tỷ lệ lấp đầy", unit="%")
    share.values.create(value=86, value_qualifier="over", period_stated_as="2023")
    for record, words in (
        (project, "2 – Tăng vốn: 1.000.000.000 USD, 2023"),
        (tax, "1 – Giảm 50% trong 9 năm"),
        (share, f"1 – 2023: trên 86 ({codes.VALUE_KIND.vi('actual').lower()})"),
    ):
        page = office.clerk_client.get(url(record)).content.decode()
        assert f">{words}</option>" in page, words


def test_a_citation_of_a_row_that_is_not_there_is_not_published(office: Office, project: Project) -> None:
    cite = {"field": "amount", "source": office.source, "locator": "đoạn 1", "as_stated": "2 USD"}
    Citation.objects.create(project=project, row_position=2, **cite)
    with pytest.raises(Problem) as refused:
        submit(project, by="van-thu", at=AT)
    assert refused.value.code == "citation_row_missing"


def test_an_investor_shows_its_members_and_projects(office: Office, project: Project) -> None:
    group = Investor.objects.create(name="Tập đoàn X", investor_kind="group")
    assert saved(fill(office.clerk_client, url(office.developer), group=group.pk, capital_from="KR"))
    page = office.clerk_client.get(url(group)).content.decode()
    assert f'<a href="{url(office.developer)}">Công ty A</a>' in page
    assert (
        f'<a href="{url(project)}">Nhà máy H3</a>'
        in office.clerk_client.get(url(office.developer)).content.decode()
    )


def test_a_circle_of_groups_is_refused_in_words(office: Office) -> None:
    group = Investor.objects.create(name="Tập đoàn X", investor_kind="group", group=office.developer)
    page = fill(office.clerk_client, url(office.developer), group=group.pk)
    assert page.status_code == 200
    assert list(error_codes(page)) == ["group"]
    page = fill(office.clerk_client, url(group), group=group.pk)
    assert page.status_code == 200
    assert list(error_codes(page)) == ["group"]


# Projects


def test_a_project_stands_in_a_zone_or_in_a_cluster(office: Office) -> None:
    zone = Zone.objects.create(name="Tràng Duệ", zone_kind="industrial_park")
    typed = {
        "name": "Nhà máy H3",
        "investor": office.developer.pk,
        "zone": zone.pk,
        "cluster": office.cluster.pk,
        "land_area": "trên 4",
        "products": "Màn hình\n\n  Linh kiện ",
    }
    page = add(office, "project", **typed)
    assert error_codes(page) == {"cluster": ["project_location"]}
    assert error_codes(add(office, "project", **typed | {"cluster": "", "project_code": "12"})) == {
        "project_code": ["project_code_malformed"]
    }
    assert saved(add(office, "project", **typed | {"cluster": "", "project_code": "0212345678"}))
    row = Project.objects.get()
    assert (row.land_area_ha, row.land_area_qualifier, row.products) == (D(4), "over", "Màn hình\nLinh kiện")
    assert error_codes(add(office, "project", **typed | {"cluster": "", "project_code": "0212345678"})) == {
        "project_code": ["project_code_taken"]
    }


# Indicators


def value_of(office: Office, indicator: Indicator, **typed: Any) -> HttpResponse:
    row = {"value_kind": "actual", "scope": "city", "figure": "86", "period_stated": "2023"} | typed
    return fill(
        office.clerk_client, url(indicator), values__TOTAL_FORMS="1",
        **{f"values__0__{name}": value for name, value in row.items()},
    )  # fmt: skip


def test_a_value_is_about_a_set_of_clusters(office: Office, indicator: Indicator) -> None:
    other = Cluster.objects.create(name="An Thọ")
    chosen = [office.cluster.pk, other.pk]
    assert saved(value_of(office, indicator, scope="clusters", figure="khoảng 86%", cluster_list=chosen))
    row = IndicatorValue.objects.get()
    assert (row.position, row.value, row.value_qualifier) == (1, D(86), "about")
    assert sorted(IndicatorValueCluster.objects.values_list("indicator", "cluster")) == sorted(
        (indicator.pk, pk) for pk in chosen
    )
    assert "An Thọ, Giang Biên" in text_of(office.leader_client.get(url(indicator)))
    kept = IndicatorValueCluster.objects.get(cluster=other)
    assert saved(fill(office.clerk_client, url(indicator), values__0__cluster_list=[other.pk]))
    assert list(IndicatorValueCluster.objects.all()) == [kept]


@pytest.mark.parametrize(
    ("unit", "typed", "stored"),
    [
        ("%", "20-22", (D(20), "range", D(22))),
        ("sản phẩm/tháng", "9,6-10 triệu", (D(9_600_000), "range", D(10_000_000))),
        ("triệu USD", "6,5 tỷ USD", (D(6500), "exact", None)),
        ("%", "trên 70 %", (D(70), "over", None)),
    ],
)
def test_a_figure_is_kept_in_the_unit_of_its_indicator(
    office: Office, unit: str, typed: str, stored: tuple[Any, ...]
) -> None:
    indicator = Indicator.objects.create(name="Chỉ tiêu", unit=unit)
    assert saved(value_of(office, indicator, figure=typed, value_kind="target", period_stated="đến năm 2030"))
    row = IndicatorValue.objects.get()
    assert (row.value, row.value_qualifier, row.value_high) == stored
    assert (row.period_earliest, row.period_latest) == (None, date(2030, 12, 31))


def test_a_year_is_written_without_dots_wherever_it_is_shown(office: Office) -> None:
    indicator = Indicator.objects.create(name="Giai đoạn", unit="năm")
    assert saved(value_of(office, indicator, figure="2025"))
    before = contents("indicator", [indicator.pk])[indicator.pk]
    page = office.clerk_client.get(url(indicator))
    assert fields_of(page)["values-0-figure"] == ["2025"]
    assert saved(send(office.clerk_client, url(indicator), fields_of(page), values__0__figure="khoảng 2030"))
    after = contents("indicator", [indicator.pk])[indicator.pk]
    told = [
        text_of(client.get(page))
        for client in (office.clerk_client, office.leader_client)
        for page in (
            url(indicator),
            url(indicator, "history"),
            reverse("admin:registry_indicator_changelist"),
        )
    ]
    told.append(str(difference("indicator", before, after)))
    assert saved(fill(office.clerk_client, url(indicator), values__0__DELETE="on"))
    told.append(text_of(office.clerk_client.get(url(indicator, "history"))))
    assert not [text for text in told if "2.025" in text or "2.030" in text]
    assert all("2030" in text for text in told[1:])
    assert all("2025" in told[n] for n in (1, -2, -1))


def test_a_year_has_no_dots_when_its_row_or_its_whole_indicator_is_gone(office: Office) -> None:
    with recorded(actor="lan"):
        indicator = Indicator.objects.create(name="Mốc", unit="năm")
        value = indicator.values.create(scope="clusters", value=2025)
        value.clusters.add(office.cluster, through_defaults={"indicator": indicator})
    with recorded(actor="lan"):
        value.delete()
    told = text_of(office.clerk_client.get(url(indicator, "history")))
    assert "2025" in told
    assert "2.025" not in told
    other = indicator.values.create(scope="city", value=2026)
    row = {"id": other.pk, "indicator_id": indicator.pk, "value": "2026", "value_qualifier": "exact"}
    indicator.delete()
    assert facts(IndicatorValue, row, names_in([(IndicatorValue, row)]))["Giá trị"] == "2026"


def test_the_year_of_a_code_of_vsic_has_no_dots_for_those_who_only_read(office: Office) -> None:
    sector = Sector.objects.create(name="Điện tử", vsic_code="26", vsic_year=2018)
    for client in (office.clerk_client, office.leader_client):
        assert "2018" in client.get(url(sector)).content.decode()
        assert "2.018" not in client.get(url(sector)).content.decode()


@pytest.mark.parametrize(
    ("typed", "refused"),
    [
        ({"figure": "86 ha"}, {"values-0-figure": ["unit_disagrees"]}),
        ({"figure": "86.5"}, {"values-0-figure": ["number_unreadable"]}),
        ({"figure": ""}, {"values-0-figure": ["required"]}),
        ({"period_stated": "sắp tới"}, {"values-0-period": ["date_unreadable"]}),
        ({"scope": "clusters"}, {"values-0-cluster_list": ["scope_incomplete"]}),
        ({"scope": "investor"}, {"values-0-investor": ["scope_incomplete"]}),
        ({"scope": "project"}, {"values-0-project": ["scope_incomplete"]}),
        ({"scope": "city", "cluster": True}, {"values-0-cluster_list": ["scope_incomplete"]}),
        ({"scope": "zones", "investor": True}, {"values-0-investor": ["scope_incomplete"]}),
    ],
)
def test_a_value_that_does_not_say_what_it_is_about_is_refused_there(
    office: Office, indicator: Indicator, typed: dict[str, Any], refused: dict[str, list[str]]
) -> None:
    typed = dict(typed)
    if typed.pop("cluster", None):
        typed["cluster_list"] = [office.cluster.pk]
    if typed.get("investor"):
        typed["investor"] = office.developer.pk
    page = value_of(office, indicator, **typed)
    assert error_codes(page) == refused
    assert fields_of(page)["values-0-period_stated"] == [typed.get("period_stated", "2023")]
    assert not IndicatorValue.objects.exists()


# Incentives and assignments


def test_an_incentive_has_terms_in_their_order(office: Office) -> None:
    sector = Sector.objects.create(name="Điện tử")
    terms = [("exemption", "4", ""), ("reduction", "9", "50"), ("rate", "15", "10,5")]
    typed: dict[str, Any] = {
        "name": "Thuế thu nhập doanh nghiệp",
        "incentive_kind": "corporate_income_tax",
        "sectors": [sector.pk],
        "terms__TOTAL_FORMS": "3",
        "citations__TOTAL_FORMS": "1",
    }
    for number, (kind, years, rate) in enumerate(terms):
        typed |= {
            f"terms__{number}__term_kind": kind,
            f"terms__{number}__years": years,
            f"terms__{number}__rate_percent": rate,
        }
    typed |= cited(0, "years", "2", office.source, "09 năm")
    assert saved(add(office, "incentive", **typed))
    incentive = Incentive.objects.get()
    assert [(t.position, t.years, t.rate_percent) for t in incentive.terms.all()] == [
        (1, 4, None), (2, 9, D(50)), (3, 15, D("10.5")),
    ]  # fmt: skip
    page = fill(office.clerk_client, url(incentive), terms__1__rate_percent="101", terms__0__years="0")
    assert "phải từ 0 đến 100" in text_of(page)
    assert "Số năm phải từ 1 đến 99" in text_of(page)
    page = fill(office.clerk_client, url(incentive), valid_from="01/01/2025", valid_to="31/12/2024")
    assert error_codes(page) == {"__all__": ["period_out_of_order"]}


def test_terms_are_typed_with_their_units_as_papers_write_them(office: Office) -> None:
    typed: dict[str, Any] = {
        "name": "Thuế thu nhập doanh nghiệp",
        "incentive_kind": "corporate_income_tax",
        "terms__TOTAL_FORMS": "1",
        "terms__0__term_kind": "rate",
        "terms__0__years": "04 năm",
        "terms__0__rate_percent": "10,5%",
    }
    assert saved(add(office, "incentive", **typed))
    incentive = Incentive.objects.get()
    assert [(t.years, t.rate_percent) for t in incentive.terms.all()] == [(4, D("10.5"))]
    page = fill(
        office.clerk_client, url(incentive), terms__0__years="4 tháng", terms__0__rate_percent="9-10%"
    )
    assert "Đơn vị “tháng” khác đơn vị tính “năm”." in text_of(page)
    assert "Hãy chỉ ghi một số, không ghi “9-10%”." in text_of(page)


def test_an_assignment_says_who_told_whom_what_about_which_clusters(office: Office) -> None:
    typed = {
        "name": "Triển khai hai cụm",
        "assignment_kind": "task",
        "task": "Lập quy hoạch chi tiết\nChọn chủ đầu tư",
        "asked_by": office.ubnd.pk,
        "lead": office.ubnd.pk,
        "cooperating": [office.ubnd.pk],
        "clusters": [office.cluster.pk],
        "decision": office.decision.pk,
        "due_stated": "quý II/2024",
    }
    assert saved(add(office, "assignment", **typed))
    row = Assignment.objects.get()
    assert (row.due_earliest, row.due_latest) == (date(2024, 4, 1), date(2024, 6, 30))
    assert list(row.clusters.all()) == [office.cluster]
    page = add(office, "assignment", **typed | {"asked_by": "", "due_stated": "bao giờ"})
    assert error_codes(page) == {"asked_by": ["required"], "due": ["date_unreadable"]}


# An effect on a zone


def test_an_effect_is_on_a_cluster_or_on_a_zone(office: Office) -> None:
    zone = Zone.objects.create(name="KKT ven biển", zone_kind="economic_zone")
    typed = {
        "issuer": office.ubnd.pk,
        "issued_stated": "2025",
        "effects__0__effect_code": "planned",
        "effects__0__area": "tối đa 20.000",
    }
    for objects in ({}, {"effects__0__cluster": office.cluster.pk, "effects__0__zone": zone.pk}):
        page = add(office, "decision", **typed | objects)
        assert error_codes(page) == {"effects-0-cluster": ["effect_object"]}
    assert saved(add(office, "decision", **typed | {"effects__0__zone": zone.pk}))
    effect = Effect.objects.get(zone=zone)
    assert (effect.cluster, effect.position) == (None, 1)
    assert "KKT ven biển: " in text_of(office.clerk_client.get("/admin/registry/decision/?q=kkt+ven+bien"))
    assert "chưa rõ số" in text_of(office.clerk_client.get(url(zone)))


# Two people at once, history, approval


def test_rows_that_two_people_change_at_once_are_brought_together(
    office: Office, indicator: Indicator
) -> None:
    assert saved(value_of(office, indicator, scope="clusters", cluster_list=[office.cluster.pk]))
    project = Project.objects.create(name="H3", investor=office.developer)
    CapitalEvent.objects.create(project=project, measure="registered", amount=900)
    other_cluster = Cluster.objects.create(name="An Thọ")
    other = signed_in(person("van-thu-2", "Nhập liệu"))
    mine = [fields_of(office.clerk_client.get(url(row))) for row in (indicator, project)]
    assert saved(fill(other, url(indicator), values__0__cluster_list=[office.cluster.pk, other_cluster.pk]))
    assert saved(fill(other, url(project), capital_events__0__money="1.000"))

    page = send(office.clerk_client, url(indicator), mine[0], values__0__figure="87")
    assert page.status_code == 200
    assert saved(send(office.clerk_client, url(indicator), fields_of(page)))
    row = IndicatorValue.objects.get()
    assert (row.value, row.clusters.count()) == (87, 2)

    page = send(office.clerk_client, url(project), mine[1], capital_events__0__money="1.100")
    assert fields_of(page)["capital_events-0-money"] == ["1.100"]
    assert "Số tiền : 1.000, USD Những gì" in text_of(page)
    page = send(office.clerk_client, url(project), mine[1], note="Tôi ghi")
    assert fields_of(page)["capital_events-0-money_currency"] == ["USD"]
    assert saved(send(office.clerk_client, url(project), fields_of(page)))
    assert CapitalEvent.objects.get().amount == 1000


def test_history_and_differences_of_rows_are_said_with_labels(office: Office, indicator: Indicator) -> None:
    assert saved(value_of(office, indicator, scope="clusters", cluster_list=[office.cluster.pk]))
    told = text_of(office.clerk_client.get(url(indicator, "history")))
    assert "Số liệu 1" in told
    assert "Giang Biên" in told
    project = Project.objects.create(name="H3", investor=office.developer)
    CapitalEvent.objects.create(project=project, measure="registered", amount=900)
    assert saved(fill(office.clerk_client, url(project), capital_events__0__money="1.000"))
    told = text_of(office.clerk_client.get(url(project, "history")))
    assert "sửa Số tiền từ 900 thành 1.000 USD ở Biến động vốn 1" in told
    draft = text_of(office.clerk_client.get(url(project, "submit")))
    assert "Biến động vốn 1" in draft
    assert "Vốn đăng ký" in draft
    assert " số 1 " not in told + draft  # an id instead of a name


def test_a_leader_approves_each_kind_and_takes_it_back(office: Office, indicator: Indicator) -> None:
    zone = Zone.objects.create(name="Tràng Duệ", zone_kind="industrial_park")
    project = Project.objects.create(name="H3", investor=office.developer, zone=zone)
    sector = Sector.objects.create(name="Điện tử")
    incentive = Incentive.objects.create(name="Tín dụng", incentive_kind="credit")
    incentive.sectors.add(sector)
    assignment = Assignment.objects.create(
        name="Việc", assignment_kind="task", task="Làm", asked_by=office.ubnd
    )
    assignment.zones.add(zone)
    for subject in (project, incentive, assignment, indicator):
        assert saved(fill(office.clerk_client, url(subject, "submit"), note="Nhờ duyệt"))
        page = office.leader_client.get(url(subject, "approve"))
        assert page.status_code == 200
        response = send(office.leader_client, url(subject, "approve"), fields_of(page))
        assert saved(response)
        assert any(text.startswith("Đã công bố") for text in said(response)), said(response)
    for published in (zone, sector, project):
        assert "Người đọc đang thấy đúng nội dung này" in text_of(office.leader_client.get(url(published)))
    page = office.leader_client.get(url(zone, "withdraw"))
    assert "bản ghi đang công bố nhắc tới bản ghi này" in text_of(page)
    assert saved(send(office.leader_client, url(zone, "withdraw"), fields_of(page), reason="Nhập nhầm"))
    assert "Người đọc không còn thấy bản ghi này" in text_of(office.leader_client.get(url(zone)))


def test_saving_what_was_not_touched_changes_nothing(
    office: Office, indicator: Indicator, project: Project
) -> None:
    zone = Zone.objects.create(name="Tràng Duệ", zone_kind="industrial_park", area_ha="9.6")
    assert saved(value_of(office, indicator, scope="clusters", cluster_list=[office.cluster.pk]))
    incentive = Incentive.objects.create(name="Tín dụng", incentive_kind="credit")
    assignment = Assignment.objects.create(
        name="Việc", assignment_kind="task", task="Làm\nXong", asked_by=office.ubnd, due_stated_as="năm 2025"
    )
    before = LedgerEntry.objects.count()
    for subject in (zone, indicator, project, incentive, assignment, office.developer):
        assert saved(fill(office.clerk_client, url(subject)))
    assert LedgerEntry.objects.count() == before


def test_the_second_click_makes_no_second_project(office: Office) -> None:
    page = office.clerk_client.get("/admin/registry/project/add/")
    typed = fields_of(page) | {"name": "H3", "investor": office.developer.pk}
    for _ in range(2):
        assert saved(send(office.clerk_client, "/admin/registry/project/add/", typed))
    assert Project.objects.count() == 1


def test_a_zone_is_planned_one_year_and_there_another(office: Office) -> None:
    row = "statuses__{}__{}".format
    both = {
        row(0, "status"): "planned", row(0, "as_of_stated"): "năm 2023",
        row(1, "status"): "existing", row(1, "as_of_stated"): "năm 2025",
    }  # fmt: skip
    typed = {"name": "KCN Nam Tràng Cát", "zone_kind": "industrial_park", "statuses__TOTAL_FORMS": "2"}
    assert saved(add(office, "zone", **typed, **both))
    assert [status.status for status in Zone.objects.get().statuses.all()] == ["planned", "existing"]


def test_what_a_zone_was_is_numbered_and_a_citation_names_the_row(office: Office) -> None:
    row = "statuses__{}__{}".format
    typed = {
        "name": "KCN Nam Tràng Cát", "zone_kind": "industrial_park", "statuses__TOTAL_FORMS": "2",
        row(0, "status"): "planned", row(0, "as_of_stated"): "năm 2023",
        row(1, "status"): "existing", row(1, "as_of_stated"): "năm 2025",
    } | cited(0, "status", "2", office.source, "đã đi vào hoạt động")  # fmt: skip
    assert saved(add(office, "zone", **typed, citations__TOTAL_FORMS="1"))
    zone = Zone.objects.get()
    assert [(one.position, one.status) for one in zone.statuses.all()] == [(1, "planned"), (2, "existing")]
    assert zone.citations.get().row_position == 2
    page = send(
        office.clerk_client,
        url(zone),
        fields_of(office.clerk_client.get(url(zone))) | {"citations-0-row_position": "3"},
    )
    assert "Bản ghi không có tình trạng của khu số 3." in text_of(page)


def test_zones_are_linked_from_one_end_and_both_pages_show_it(office: Office) -> None:
    port = Zone.objects.create(name="Cảng Nam Đồ Sơn", zone_kind="seaport")
    typed = {"name": "Khu kinh tế ven biển", "zone_kind": "economic_zone", "link_list": [port.pk]}
    assert saved(add(office, "zone", **typed))
    south = Zone.objects.exclude(pk=port.pk).get()
    assert [str(one) for one in south.linked_with.all()] == ["Cảng Nam Đồ Sơn"]
    assert "Cảng Nam Đồ Sơn" in text_of(office.clerk_client.get(url(south)))
    shown = text_of(office.clerk_client.get(url(port)))
    assert "khu khác ghi là liên kết với khu này: Khu kinh tế ven biển" in shown.replace(
        "Khu khác", "khu khác"
    )
    # Whoever may only look sees both too.
    assert "Cảng Nam Đồ Sơn" in text_of(office.leader_client.get(url(south)))


def test_a_zone_is_not_linked_with_itself(office: Office) -> None:
    zone = Zone.objects.create(name="Khu kinh tế ven biển", zone_kind="economic_zone")
    page = fill(office.clerk_client, url(zone), link_list=[zone.pk])
    assert error_codes(page) == {"link_list": ["link_with_itself"]}
    assert not zone.linked_with.exists()


def test_of_two_standings_of_one_day_one_must_go(office: Office) -> None:
    typed = {"name": "KCN Nam Tràng Cát", "zone_kind": "industrial_park", "statuses__TOTAL_FORMS": "2"}
    for n, status in enumerate(("planned", "existing")):
        typed |= {f"statuses__{n}__status": status, f"statuses__{n}__as_of_stated": "năm 2023"}
    page = add(office, "zone", **typed)
    assert "Hai dòng tình trạng tính đến cùng một ngày" in text_of(page)
    assert "as_of_latest" not in text_of(page)
    assert not Zone.objects.exists()
