"""Every constraint of a table that staff write is proved: the database refuses, and `full_clean` says why.

test_constraints.py holds those of free texts, codes and numbers; here are the later kinds, and all the others.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction

from registry.ledger.context import recorded
from registry.models import (
    AdministrativeUnit,
    Authority,
    CapitalEvent,
    Citation,
    Effect,
    IndicatorValue,
    Investor,
    LegalInstrument,
    PlaceSuccession,
    Project,
    Sector,
    SourceDocument,
    ZoneStatus,
)
from tests.models.sound_rows import (
    Maker,
    alias,
    another_investor,
    api_key,
    assignment,
    capital_of_investor,
    capital_of_project,
    cited_decision,
    effect_place,
    follower,
    incentive,
    indicator,
    made,
    partner,
    project,
    relation,
    sector,
    succession,
    term,
    value,
    value_cluster,
    value_zone,
    webhook,
    webhook_secret,
    zone,
    zone_link,
    zone_status,
)
from tests.models.test_constraints import (
    ITSELF,
    REFUSALS,
    Refusal,
    a,
    developer,
    numbered,
    official_code,
    report,
    said,
)
from tests.world import World

FAR = date(9000, 1, 1)
LATER_KINDS: tuple[tuple[str, Maker], ...] = (
    ("assignment", assignment),
    ("incentive", incentive),
    ("indicator", indicator),
    ("project", project),
    ("sector", sector),
    ("zone", zone),
)
EARLY, LATE = date(2020, 1, 1), date(2020, 1, 2)
#: Tested where their rule is: overlaps in test_places, the open submission in tests/admin.
ELSEWHERE = {"place_code_of_one_unit", "place_code_one_at_once", "submission_open_once"}


def unknown(constraint: str, row: Maker, *fields: str, nothing: bool = True) -> list[Refusal]:
    """A code that no list has is refused, and so is the empty text."""
    values = ("khac", "") if nothing else ("khac",)
    return [Refusal(constraint, row, "code_unknown", {field: code}) for field in fields for code in values]


def reversed_dates(constraint: str, row: Maker, prefix: str) -> Refusal:
    return Refusal(
        constraint,
        row,
        "date_range_reversed",
        {f"{prefix}_earliest": LATE, f"{prefix}_latest": EARLY},
    )


def too_far(constraint: str, row: Maker, *fields: str) -> list[Refusal]:
    return [Refusal(constraint, row, "date_out_of_range", {field: FAR}) for field in fields]


def ended_before(constraint: str, row: Maker) -> list[Refusal]:
    """A period that ends on its first day is empty."""
    return [
        Refusal(constraint, row, "period_out_of_order", {"valid_from": LATE, "valid_to": day})
        for day in (EARLY, LATE)
    ]


def broken_range(
    constraint: str, row: Maker, low: str, high: str, qualifier: str, code: str
) -> list[Refusal]:
    return [
        Refusal(constraint, row, code, change)
        for change in (
            {qualifier: "range", high: None},
            {qualifier: "range", low: 5, high: 5},
            {qualifier: "about", high: 10**6},
        )
    ]


CHANGES = [
    # every record
    *(
        Refusal(f"{name}_code_form", row, "code_malformed", {"code": code})
        for code in ("A B", "", "-a")
        for name, row in LATER_KINDS
    ),
    *(
        Refusal(f"{name}_named", row, "text_missing", {"name": text})
        for text in ("", " \t")
        for name, row in LATER_KINDS
    ),
    # zones and sectors
    *unknown("zone_kind_known", zone, "zone_kind"),
    *unknown("zone_qualifier_known", zone, "area_qualifier"),
    Refusal("zone_area_positive", zone, "area_not_positive", {"area_ha": 0}),
    *broken_range("zone_area_range", zone, "area_ha", "area_high_ha", "area_qualifier", "range_incomplete"),
    *unknown("zone_status_known", zone_status, "status"),
    reversed_dates("zone_status_order", zone_status, "as_of"),
    Refusal("zone_status_counted", zone_status, "status_position_out_of_range", {"position": 0}),
    Refusal("zone_status_counted", zone_status, "status_position_out_of_range", {"position": 10_000}),
    *too_far("zone_status_dates", zone_status, "as_of_latest"),
    *(
        Refusal("sector_vsic_form", sector, "vsic_malformed", {"vsic_code": code})
        for code in ("W", "c", "2", "261000", "26a", "2 ", "CC")
    ),
    Refusal("sector_vsic_whole", sector, "vsic_incomplete", {"vsic_year": None}),
    Refusal("sector_vsic_whole", sector, "vsic_incomplete", {"vsic_year": 1992}),
    Refusal("sector_vsic_whole", sector, "vsic_incomplete", {"vsic_code": ""}),
    # projects and capital
    *(
        Refusal("project_code_digits", project, "project_code_malformed", {"project_code": code})
        for code in ("123456789", "012345678a", "012345678 ")
    ),
    Refusal("project_products_said", project, "text_blank", {"products": " \n"}),
    Refusal("project_in_one_location", project, "project_location", {"cluster_id": 1}),
    *unknown("project_qualifier_known", project, "land_area_qualifier"),
    Refusal("project_land_positive", project, "area_not_positive", {"land_area_ha": 0}),
    *broken_range(
        "project_land_range",
        project,
        "land_area_ha",
        "land_area_high_ha",
        "land_area_qualifier",
        "range_incomplete",
    ),
    *(
        Refusal("capital_amount_positive", capital_of_project, "amount_not_positive", {"amount": amount})
        for amount in (0, -1)
    ),
    Refusal("capital_amount_single", capital_of_project, "amount_range", {"amount_qualifier": "range"}),
    Refusal(
        "capital_group_total_of_investor",
        capital_of_project,
        "group_total_of_project",
        {"measure": "group_total"},
    ),
    Refusal("capital_position_counted", capital_of_project, "capital_position_out_of_range", {"position": 0}),
    Refusal(
        "capital_position_counted", capital_of_project, "capital_position_out_of_range", {"position": 10_000}
    ),
    *unknown("capital_kind_known", capital_of_project, "capital_kind"),
    *unknown("capital_measure_known", capital_of_project, "measure"),
    Refusal("capital_currency_known", capital_of_project, "code_unknown", {"currency": "XXX"}),
    *unknown("capital_qualifier_known", capital_of_project, "amount_qualifier"),
    reversed_dates("capital_as_of_order", capital_of_project, "as_of"),
    reversed_dates("capital_programme_order", capital_of_investor, "programme"),
    *too_far("capital_dates", capital_of_project, "as_of_latest", "programme_latest"),
    # investors
    *unknown("investor_kind_known", developer, "investor_kind"),
    Refusal("investor_registered_in_known", developer, "code_unknown", {"registered_in": "XX"}),
    Refusal("investor_registered_in_known", developer, "code_unknown", {"registered_in": ""}),
    Refusal("investor_capital_from_known", developer, "code_unknown", {"capital_from": "XX"}),
    Refusal("investor_capital_from_known", developer, "code_unknown", {"capital_from": ""}),
    Refusal("investor_group_another", developer, "group_of_itself", {"group": ITSELF}),
    # indicators
    Refusal("indicator_unit_stated", indicator, "text_missing", {"unit": " "}),
    Refusal("indicator_definition_said", indicator, "text_blank", {"definition": "\t"}),
    Refusal("indicator_value_counted", value, "value_position_out_of_range", {"position": 0}),
    Refusal("indicator_value_counted", value, "value_position_out_of_range", {"position": 10_000}),
    *unknown("indicator_scope_known", value, "scope"),
    *unknown("indicator_value_kind_known", value, "value_kind"),
    *unknown("indicator_qualifier_known", value, "value_qualifier"),
    *broken_range(
        "indicator_value_range", value, "value", "value_high", "value_qualifier", "range_incomplete"
    ),
    reversed_dates("indicator_period_order", value, "period"),
    *too_far("indicator_dates", value, "period_latest"),
    *(
        Refusal("indicator_scope_whole", value, "scope_incomplete", change)
        for change in ({"scope": "investor"}, {"scope": "project"}, {"investor_id": 1}, {"project_id": 1})
    ),
    # incentives
    *unknown("incentive_kind_known", incentive, "incentive_kind"),
    *unknown("incentive_status_known", incentive, "status"),
    *ended_before("incentive_period", incentive),
    *too_far("incentive_dates", incentive, "valid_from", "valid_to"),
    Refusal("incentive_term_counted", term, "term_position_out_of_range", {"position": 0}),
    Refusal("incentive_term_counted", term, "term_position_out_of_range", {"position": 10_000}),
    *(
        Refusal("incentive_term_known", term, "code_unknown", {"term_kind": code, "rate_percent": None})
        for code in ("khac", "")
    ),
    Refusal("incentive_rate", term, "percentage_out_of_range", {"rate_percent": 101}),
    *(
        Refusal("incentive_term_whole", term, "term_rate_disagrees", change)
        for change in (
            {"rate_percent": None},
            {"term_kind": "exemption"},
            {"term_kind": "support"},
            {"term_kind": "reduction", "rate_percent": 0},
        )
    ),
    *(Refusal("incentive_years", term, "years_out_of_range", {"years": years}) for years in (0, 100)),
    # assignments
    Refusal("assignment_told", assignment, "text_missing", {"task": " \n"}),
    Refusal("assignment_others_said", assignment, "text_blank", {"others": " "}),
    *unknown("assignment_kind_known", assignment, "assignment_kind"),
    reversed_dates("assignment_asked_order", assignment, "asked"),
    Refusal("assignment_due_order", assignment, "date_range_reversed", {"due_earliest": date(2024, 1, 1)}),
    Refusal(
        "assignment_due_after_asked",
        assignment,
        "due_before_asked",
        {"due_earliest": None, "due_latest": date(2023, 8, 31)},
    ),
    *too_far("assignment_dates", assignment, "due_latest", "asked_latest"),
    # citations
    Refusal("citation_row_counted", cited_decision, "citation_position_out_of_range", {"row_position": 0}),
    Refusal(
        "citation_row_counted", cited_decision, "citation_position_out_of_range", {"row_position": 10_000}
    ),
    # partners and their keys
    *(
        Refusal(name, partner, "text_missing", {column: text})
        for name, column in (
            ("partner_named", "name"),
            ("partner_contact_said", "contact"),
            ("partner_purpose_said", "purpose"),
        )
        for text in ("", " \n")
    ),
    *(
        Refusal("partner_rate", partner, "rate_out_of_range", {"requests_per_minute": rate})
        for rate in (0, 1_000_001)
    ),
    *unknown("api_key_scopes_known", api_key, "scopes"),
    Refusal("api_key_scopes_known", api_key, "code_unknown", {"scopes": "investors clusters"}),
    Refusal("api_key_name_said", api_key, "text_blank", {"name": " \t"}),
    *(
        Refusal("api_key_expires_later", api_key, "expiry_passed", {"expires_at": at})
        for at in (datetime(2026, 1, 5, 2, tzinfo=UTC), datetime(2026, 1, 5, 1, tzinfo=UTC))
    ),
    # webhooks
    *unknown("webhook_scopes_known", webhook, "scopes"),
    Refusal("webhook_name_said", webhook, "text_blank", {"name": " \t"}),
    *(
        Refusal("webhook_stop_whole", webhook, "webhook_stop_incomplete", change)
        for change in (
            {"stopped_because": "gone"},
            {"stopped_at": datetime(2026, 1, 5, 2, tzinfo=UTC)},
            {"stopped_at": datetime(2026, 1, 5, 2, tzinfo=UTC), "stopped_because": "khac"},
        )
    ),
    *(Refusal("webhook_two_secrets", webhook_secret, "webhook_secrets_full", {"slot": n}) for n in (0, 3)),
    # the kinds of the first release
    *unknown("authority_level_known", a(Authority), "level"),
    *ended_before("authority_period", a(Authority)),
    *too_far("authority_dates", a(Authority), "valid_from"),
    *unknown("instrument_kind_known", a(LegalInstrument), "instrument_kind"),
    *ended_before("instrument_period", a(LegalInstrument)),
    *too_far("instrument_dates", a(LegalInstrument), "issued_on"),
    *unknown("place_kind_known", a(AdministrativeUnit), "unit_kind"),
    *ended_before("place_period", a(AdministrativeUnit)),
    *too_far("place_dates", a(AdministrativeUnit), "valid_from"),
    *ended_before("place_code_period", official_code),
    *too_far("place_code_dates", official_code, "valid_from"),
    *unknown("succession_extent_known", succession, "extent"),
    reversed_dates("source_published_order", a(SourceDocument), "published"),
    *too_far("source_dates", a(SourceDocument), "published_latest"),
    *unknown("report_status_known", report, "status"),
    reversed_dates("report_as_of_order", report, "as_of"),
    *too_far("report_dates", report, "as_of_latest"),
    *(
        Refusal(name, report, "percentage_out_of_range", {name.removeprefix("report_"): share})
        for name in ("report_occupancy_leased", "report_occupancy_approved")
        for share in (-1, 101)
    ),
    Refusal("report_leased", report, "area_mismatch", {"leased_ha": 41, "approved_ha": None}),
    Refusal("report_approved", report, "area_mismatch", {"approved_ha": 41}),
    Refusal(
        "report_industrial_land",
        report,
        "area_not_positive",
        {"industrial_land_ha": 0, "leased_ha": None, "approved_ha": None},
    ),
    *unknown("decision_kind_known", numbered, "paper_kind"),
    *unknown("decision_verification_known", numbered, "verification"),
    Refusal("decision_issued_order", numbered, "date_range_reversed", {"issued_earliest": date(2022, 1, 19)}),
    Refusal(
        "decision_effective_order",
        numbered,
        "date_range_reversed",
        {"effective_earliest": date(2022, 3, 2), "effective_latest": date(2022, 3, 1)},
    ),
    *too_far("decision_dates", numbered, "received_on"),
    *unknown("decision_relation_known", relation, "relation"),
    *unknown("effect_verification_known", a(Effect), "verification"),
    *unknown("effect_qualifier_known", a(Effect), "area_qualifier"),
    Refusal("effect_area_positive", a(Effect), "area_not_positive", {"area_ha": 0}),
    *broken_range(
        "effect_area_range",
        a(Effect),
        "area_ha",
        "area_high_ha",
        "area_qualifier",
        "area_range_incomplete",
    ),
    Refusal("effect_on_one", a(Effect), "effect_object", {"cluster_id": None}),
    Refusal("effect_on_one", a(Effect), "effect_object", {"zone_id": 1}),
    *unknown("effect_relation_known", follower, "target_relation"),
    Refusal("effect_target_whole", a(Effect), "effect_target_incomplete", {"target_relation": "amends"}),
    Refusal(
        "effect_correction_whole", a(Effect), "effect_correction_incomplete", {"effect_code": "corrected"}
    ),
    Refusal(
        "effect_target_another",
        a(Effect),
        "effect_target_itself",
        {"target": ITSELF, "target_relation": "amends"},
    ),
]


@pytest.mark.parametrize("case", CHANGES, ids=lambda case: f"{case.constraint} {case.change}")
def test_the_database_and_the_form_refuse(case: Refusal, shared_world: World) -> None:
    row = case.row(shared_world)
    rows = type(row)._default_manager.filter(pk=row.pk)
    row.full_clean()
    with pytest.raises(IntegrityError, match=case.constraint), transaction.atomic(), recorded():
        rows.update(**case.change)
    assert rows.get() == row
    if case.change == {"code": ""}:  # `save` makes one
        return
    for name, new in case.change.items():
        setattr(row, name, row if new is ITSELF else new)
    with pytest.raises(ValidationError) as caught:
        row.validate_constraints()
    assert not said(caught.value)[case.code].isascii()


@dataclass(frozen=True, slots=True)
class Taken:
    """A row that would be the second of its kind, once `change` (made from the first) is done to it."""

    constraint: str
    code: str
    first: Maker
    second: Callable[[World, Any], models.Model]


def beside(first: Any, **values: Any) -> models.Model:
    """A copy of the first row that was never saved."""
    copied = {
        field.attname: getattr(first, field.attname)
        for field in first._meta.concrete_fields
        if not field.primary_key and field.name not in ("code", "search_text", "sort_key")
    }
    return type(first)(**copied | values)


TAKEN = [
    Taken(
        "zone_status_once_a_day",
        "zone_status_taken",
        zone_status,
        lambda w, f: beside(f, status="planned", position=2),
    ),
    Taken(
        "zone_status_position_once",
        "status_position_taken",
        zone_status,
        lambda w, f: beside(f, as_of_latest=date(2024, 12, 31)),
    ),
    Taken("zone_link_once", "zone_link_taken", zone_link, lambda w, f: beside(f)),
    Taken("sector_vsic_once", "vsic_taken", sector, lambda w, f: beside(f, name="Ngành khác")),
    Taken("project_code_once", "project_code_taken", project, lambda w, f: beside(f, name="Dự án khác")),
    Taken(
        "capital_position_of_investor",
        "capital_position_taken",
        capital_of_investor,
        lambda w, f: beside(f, amount=1),
    ),
    Taken(
        "capital_position_of_project",
        "capital_position_taken",
        capital_of_project,
        lambda w, f: beside(f, amount=1),
    ),
    Taken("indicator_value_position_once", "value_position_taken", value, lambda w, f: beside(f, value=1)),
    Taken("indicator_cluster_once", "value_cluster_taken", value_cluster, lambda w, f: beside(f)),
    Taken("indicator_zone_once", "value_zone_taken", value_zone, lambda w, f: beside(f)),
    Taken("incentive_term_position_once", "term_position_taken", term, lambda w, f: beside(f, years=1)),
    Taken(
        "enterprise_code_once", "enterprise_code_taken", another_investor, lambda w, f: beside(f, name="Khác")
    ),
    Taken("partner_once", "partner_taken", partner, lambda w, f: beside(f, contact="Khác")),
    Taken("webhook_secret_slot", "webhook_secret_taken", webhook_secret, lambda w, f: beside(f, nonce="m")),
    Taken("alias_once", "alias_taken", alias, lambda w, f: beside(f)),
    Taken("decision_number_once", "decision_number_taken", numbered, lambda w, f: beside(f, abstract="Khác")),
    Taken("decision_relation_once", "relation_taken", relation, lambda w, f: beside(f)),
    Taken("effect_position_once", "effect_position_taken", a(Effect), lambda w, f: beside(f, area_ha=1)),
    Taken("effect_place_once", "effect_place_taken", effect_place, lambda w, f: beside(f)),
    Taken("succession_once", "succession_taken", succession, lambda w, f: beside(f, extent="part")),
    Taken(
        "instrument_number_once",
        "instrument_number_taken",
        a(LegalInstrument),
        lambda w, f: beside(f, title="Khác"),
    ),
]


@pytest.mark.parametrize("case", TAKEN, ids=lambda case: case.constraint)
def test_what_there_may_be_once_is_refused_twice(case: Taken, shared_world: World) -> None:
    second = case.second(shared_world, case.first(shared_world))
    named = case.constraint if connection.vendor == "postgresql" else "UNIQUE constraint failed"
    with pytest.raises(ValidationError) as caught:
        second.validate_constraints()
    assert not said(caught.value)[case.code].isascii()
    with pytest.raises(IntegrityError, match=named), transaction.atomic(), recorded():
        second.save()


@pytest.mark.parametrize(
    ("constraint", "code", "row", "column"),
    [
        ("decision_relation_another", "relation_with_itself", relation, "target_id"),
        ("succession_of_another", "succession_of_itself", succession, "successor_id"),
        ("zone_link_another", "link_with_itself", zone_link, "other_id"),
    ],
)
def test_nothing_stands_to_itself(
    constraint: str, code: str, row: Maker, column: str, shared_world: World
) -> None:
    found: Any = row(shared_world)
    named = {"decision": "decision_id", "succession": "unit_id", "zone": "zone_id"}
    owner = getattr(found, named[constraint.partition("_")[0]])
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic(), recorded():
        type(found)._default_manager.filter(pk=found.pk).update(**{column: owner})
    setattr(found, column, owner)
    with pytest.raises(ValidationError) as caught:
        found.validate_constraints()
    assert code in said(caught.value)


@pytest.mark.parametrize(
    ("row", "constraint", "code", "owners"),
    [
        (capital_of_project, "capital_of_one_record", "capital_owner", {"project_id": None}),
        (capital_of_project, "capital_of_one_record", "capital_owner", {"investor_id": 1}),
        (a(Citation), "citation_of_one_record", "citation_owner", {"zone_id": 1}),
    ],
)
def test_a_row_belongs_to_one_record(
    row: Maker, constraint: str, code: str, owners: dict[str, Any], shared_world: World
) -> None:
    """New rows: the ledger lets none move to another record."""
    new = beside(row(shared_world), **owners)
    if "position" in (field.name for field in new._meta.concrete_fields):
        new.position = 9  # type: ignore[attr-defined]
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic(), recorded():
        new.save()
    with pytest.raises(ValidationError) as caught:
        new.validate_constraints()
    assert not said(caught.value)[code].isascii()


def test_only_records_with_numbered_rows_are_cited_by_row(shared_world: World) -> None:
    cited = made(
        Citation,
        sector=sector(shared_world),
        field="name",
        source=SourceDocument.objects.order_by("pk")[0],
        locator="đoạn 9",
        as_stated="linh kiện điện tử",
    )
    with pytest.raises(IntegrityError, match="citation_of_numbered_row"), transaction.atomic(), recorded():
        Citation.objects.filter(pk=cited.pk).update(row_position=1)
    cited.row_position = 1
    with pytest.raises(ValidationError) as caught:
        cited.validate_constraints()
    assert "citation_position" in said(caught.value)


@pytest.mark.parametrize("length", [2, 3, 5])
def test_groups_never_stand_in_a_circle_however_long(length: int, shared_world: World) -> None:
    chain = [made(Investor, name=f"Tập đoàn {n}", investor_kind="group") for n in range(length)]
    with recorded():
        for member, group in pairwise(chain):
            member.group = group
            member.full_clean()
            member.save()
    chain[-1].group = chain[0]
    with pytest.raises(ValidationError) as caught:
        chain[-1].full_clean()
    assert "group_circle" in said(caught.value)


@pytest.mark.parametrize("length", [2, 3, 5])
def test_places_never_stand_in_a_circle_however_long(length: int, shared_world: World) -> None:
    chain = [made(AdministrativeUnit, name=f"Đơn vị {n}", unit_kind="district") for n in range(length)]
    with recorded():
        for part, whole in pairwise(chain):
            part.within = whole
            part.full_clean()
            part.save()
    chain[-1].within = chain[0]
    with pytest.raises(ValidationError) as caught:
        chain[-1].full_clean()
    assert "place_within_circle" in said(caught.value)


@pytest.mark.parametrize("length", [2, 3, 5])
def test_successions_never_stand_in_a_circle_however_long(length: int, shared_world: World) -> None:
    places = [made(AdministrativeUnit, name=f"Đơn vị {n}", unit_kind="district") for n in range(length)]
    with recorded():
        for unit, successor in pairwise(places):
            row = PlaceSuccession(unit=unit, successor=successor)
            row.full_clean()
            row.save()
    row.full_clean()
    last = PlaceSuccession(unit=places[-1], successor=places[0])
    with pytest.raises(ValidationError) as caught:
        last.full_clean()
    assert "succession_circle" in said(caught.value)


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        (Authority, {"level": "ministry"}),
        (LegalInstrument, {"instrument_kind": "decree"}),
    ],
)
def test_what_replaces_another_is_never_replaced_by_it(
    model: Any, fields: dict[str, str], shared_world: World
) -> None:
    named = "title" if model is LegalInstrument else "name"
    first, second, third = (made(model, **{named: f"Thứ {n}"}, **fields) for n in range(3))
    with recorded():
        for before, after in ((first, second), (second, third)):
            before.successor = after
            before.full_clean()
            before.save()
    third.successor = first
    with pytest.raises(ValidationError) as caught:
        third.full_clean()
    assert "succession_circle" in said(caught.value)


@pytest.mark.parametrize("code", ["C", "V", "26", "2610", "26100"])
def test_codes_of_every_level_of_vsic_are_taken(code: str, shared_world: World) -> None:
    made(Sector, name="Ngành", vsic_code=code, vsic_year=2025).full_clean()


def test_what_a_source_leaves_open_may_stay_open(shared_world: World) -> None:
    """An exemption of which nobody says how long, figures without a day, a project without a place."""
    terms = made(type(incentive(shared_world)), name="Miễn tiền thuê đất", incentive_kind="land_rent").terms
    for position, kind in enumerate(("exemption", "reduction", "support"), start=1):
        row = terms.model(incentive=terms.instance, position=position, term_kind=kind)
        row.full_clean()
        with recorded():
            row.save()
    made(CapitalEvent, investor=shared_world.mda, measure="announced", amount=1).full_clean()
    made(Project, name="Dự án", investor=shared_world.mda).full_clean()
    made(IndicatorValue, indicator=indicator(shared_world), value=-1).full_clean()
    status = made(ZoneStatus, zone=zone(shared_world), status="planned", as_of_latest=EARLY)
    status.full_clean()


def test_every_constraint_has_a_test() -> None:
    proved = {case.constraint for case in [*REFUSALS, *CHANGES, *TAKEN]} | ELSEWHERE
    proved |= {
        "capital_of_one_record",
        "citation_of_one_record",
        "decision_relation_another",
        "succession_of_another",
        "zone_link_another",
        "citation_of_numbered_row",
    }
    kept = {
        constraint.name
        for model in apps.get_app_config("registry").get_models()
        if (recording := getattr(model, "recorded", None)) and not recording.append_only
        for constraint in model._meta.constraints
    }
    assert kept - proved == set()
    assert proved - kept == set()
