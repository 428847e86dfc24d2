"""What a row may not hold is refused twice: by the database whoever writes, and in Vietnamese by `full_clean`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import F

from registry.ledger.context import recorded
from registry.models import (
    AdministrativeUnit,
    Authority,
    Citation,
    Cluster,
    ClusterAlias,
    Decision,
    Effect,
    Investor,
    LegalInstrument,
    OperatingReport,
    PlaceCode,
    SourceDocument,
)
from tests.world import World

ITSELF = F("pk")


@dataclass(frozen=True, slots=True)
class Refusal:
    """A change of a sound row, the constraint that refuses it, and the error code that staff and programs get."""

    constraint: str
    row: Callable[[World], models.Model]
    code: str
    change: dict[str, Any]


def a(model: type[models.Model]) -> Callable[[World], models.Model]:
    return lambda world: model._default_manager.order_by("pk")[0]


def numbered(world: World) -> Decision:
    """202/QĐ-UBND of 18/01/2022."""
    return world.decision(202)


def cluster(world: World) -> models.Model:
    return Cluster.objects.get(pk=world.giang_bien.pk)


def developer(world: World) -> models.Model:
    return Investor.objects.get(pk=world.mda.pk)


def alias(world: World) -> models.Model:
    with recorded():
        return ClusterAlias.objects.create(cluster=world.giang_bien, name="Giang Biên I")


def official_code(world: World) -> models.Model:
    with recorded():
        return PlaceCode.objects.create(unit=AdministrativeUnit.objects.all()[0], official_code="11824")


def code_of_before(world: World) -> models.Model:
    """11791 until 01/07/2025; another unit has it since."""
    first, second = AdministrativeUnit.objects.order_by("pk")[:2]
    with recorded():
        PlaceCode.objects.create(unit=second, official_code="11791", valid_from=date(2025, 7, 1))
        return PlaceCode.objects.create(unit=first, official_code="11791", valid_to=date(2025, 7, 1))


def code_of_another(world: World) -> models.Model:
    """11779 since 01/07/2025, when another unit has 11791 until then."""
    code_of_before(world)
    with recorded():
        unit = AdministrativeUnit.objects.order_by("pk")[2]
        return PlaceCode.objects.create(unit=unit, official_code="11779", valid_from=date(2025, 7, 1))


def earlier_code(world: World) -> models.Model:
    """11791 until 01/07/2025; the same unit has 11779 since."""
    unit = AdministrativeUnit.objects.order_by("pk")[0]
    with recorded():
        PlaceCode.objects.create(unit=unit, official_code="11779", valid_from=date(2025, 7, 1))
        return PlaceCode.objects.create(unit=unit, official_code="11791", valid_to=date(2025, 7, 1))


def report(world: World) -> models.Model:
    with recorded():
        return OperatingReport.objects.create(
            cluster=world.giang_bien,
            as_of_latest=date(2023, 6, 30),
            source=SourceDocument.objects.all()[0],
            locator="đoạn 6",
            industrial_land_ha=40,
            leased_ha=20,
            approved_ha=30,
        )


BLANK = {"name": " \t"}
REFUSALS = [
    # every record
    *(
        Refusal(f"{name}_code_form", row, "code_malformed", {"code": code})
        for code in ("A B", "", "cụm", "-a", "a\nb")
        for name, row in (
            ("authority", a(Authority)),
            ("cluster", cluster),
            ("decision", numbered),
            ("instrument", a(LegalInstrument)),
            ("investor", developer),
            ("place", a(AdministrativeUnit)),
            ("source", a(SourceDocument)),
        )
    ),
    *(
        Refusal(f"{name}_named", row, "text_missing", {"name": value})
        for value in ("", " \t")
        for name, row in (
            ("authority", a(Authority)),
            ("cluster", cluster),
            ("alias", alias),
            ("investor", developer),
            ("place", a(AdministrativeUnit)),
            ("source", a(SourceDocument)),
        )
    ),
    # pointing to oneself
    Refusal("authority_successor_another", a(Authority), "successor_of_itself", {"successor": ITSELF}),
    Refusal("instrument_successor_another", a(LegalInstrument), "successor_of_itself", {"successor": ITSELF}),
    Refusal("place_within_another", a(AdministrativeUnit), "place_within_itself", {"within": ITSELF}),
    # decisions
    Refusal("decision_number_year", numbered, "number_year_disagrees", {"number_year": 2023}),
    Refusal("decision_number_year", numbered, "number_year_disagrees", {"number_year": None}),
    Refusal("decision_number_year", numbered, "number_year_disagrees", {"issued_latest": date(2023, 1, 1)}),
    Refusal(
        "decision_number_year",
        numbered,
        "number_year_disagrees",
        {"issued_earliest": None, "issued_latest": None},
    ),
    Refusal(
        "decision_number_dated",
        numbered,
        "number_year_disagrees",
        {
            "number_family": "normative",
            "number_year": None,
            "issued_earliest": None,
            "issued_latest": None,
        },
    ),
    Refusal("decision_family_known", numbered, "code_unknown", {"number_family": "khác"}),
    Refusal("decision_signed_for_known", numbered, "code_unknown", {"signed_for": "khác"}),
    Refusal("decision_number_whole", numbered, "decision_number_incomplete", {"symbol": "  "}),
    Refusal(
        "decision_effective_after_signing",
        numbered,
        "effective_before_signed",
        {"effective_latest": date(2022, 1, 1), "effective_reason": "  "},
    ),
    Refusal("instrument_named", a(LegalInstrument), "instrument_unnamed", {"number": " ", "title": " "}),
    # effects
    Refusal("effect_stated", a(Effect), "effect_unstated", {"effect_code": None, "as_stated": ""}),
    Refusal("effect_stated", a(Effect), "effect_unstated", {"effect_code": None, "as_stated": " \n"}),
    Refusal("effect_code_known", a(Effect), "code_unknown", {"effect_code": ""}),
    Refusal("effect_position_counted", a(Effect), "effect_position_out_of_range", {"position": 0}),
    Refusal("effect_position_counted", a(Effect), "effect_position_out_of_range", {"position": 10_000}),
    # sources
    Refusal("citation_stated", a(Citation), "text_missing", {"as_stated": ""}),
    Refusal("citation_located", a(Citation), "text_missing", {"locator": " "}),
    Refusal("citation_field_known", a(Citation), "code_unknown", {"field": "khac"}),
    # the rest
    *(
        Refusal("enterprise_code_form", developer, "enterprise_code_malformed", {"enterprise_code": code})
        for code in ("123", "0100233488-1", "0100233488 ", "010023348a")
    ),
    Refusal("place_code_of_one_unit", code_of_another, "place_code_taken", {"official_code": "11791"}),
    Refusal(
        "place_code_of_one_unit",
        code_of_another,
        "place_code_taken",
        {"official_code": "11791", "valid_from": date(2025, 6, 30)},
    ),
    Refusal("place_code_of_one_unit", code_of_before, "place_code_taken", {"valid_to": date(2025, 7, 2)}),
    Refusal("place_code_of_one_unit", code_of_before, "place_code_taken", {"valid_to": None}),
    Refusal("place_code_one_at_once", earlier_code, "place_code_twice", {"valid_to": None}),
    Refusal("place_code_one_at_once", earlier_code, "place_code_twice", {"valid_to": date(2025, 7, 2)}),
    Refusal("place_code_filled", official_code, "text_missing", {"official_code": " "}),
    Refusal("report_located", report, "text_missing", {"locator": ""}),
    Refusal("report_qualifier_known", report, "code_unknown", {"occupancy_qualifier": "range"}),
    Refusal("report_leased_within_approved", report, "area_mismatch", {"leased_ha": 31}),
]


def said(error: ValidationError) -> dict[str, str]:
    """Code and sentence of each refusal."""
    return {e.code: str(e.messages[0]) for errors in error.error_dict.values() for e in errors}


@pytest.mark.parametrize("case", REFUSALS, ids=lambda case: f"{case.constraint} {case.change}")
def test_the_database_and_the_form_refuse(case: Refusal, shared_world: World) -> None:
    row = case.row(shared_world)
    rows = type(row)._default_manager.filter(pk=row.pk)
    row.full_clean()
    with pytest.raises(IntegrityError, match=case.constraint), transaction.atomic(), recorded():
        rows.update(**case.change)
    assert rows.get() == row

    for name, value in case.change.items():
        setattr(row, name, row if value is ITSELF else value)
    if case.change != {"code": ""}:  # `save` makes one
        with pytest.raises(ValidationError) as caught:
            row.validate_constraints()
        sentence = said(caught.value)[case.code]
        assert not sentence.isascii()


@pytest.mark.parametrize(
    ("row", "change", "code"),
    [
        (cluster, {"name": "\u200b"}, "blank"),
        (cluster, {"name": " \u00ad "}, "blank"),
        (cluster, {"code": "A B"}, "code_malformed"),
        (a(Authority), {"successor": ITSELF}, "successor_of_itself"),
        (a(Citation), {"as_stated": "\u200b"}, "blank"),
        (a(Effect), {"effect_code": "", "as_stated": "\u200b"}, "effect_unstated"),
        (a(Effect), {"position": 0}, "effect_position_out_of_range"),
        (
            numbered,
            {"effective_latest": date(2022, 1, 1), "effective_reason": " "},
            "effective_before_signed",
        ),
        (report, {"leased_ha": 31}, "area_mismatch"),
    ],
)
def test_what_staff_type_is_refused_in_words(
    row: Callable[[World], Any], change: dict[str, Any], code: str, shared_world: World
) -> None:
    typed = row(shared_world)
    for name, value in change.items():
        setattr(typed, name, typed if value is ITSELF else value)
    with pytest.raises(ValidationError) as caught:
        typed.full_clean()
    assert not said(caught.value)[code].isascii()


def test_a_new_record_needs_no_code(shared_world: World) -> None:
    new = Investor(name="Công ty Cổ phần Shinec")
    new.full_clean()
    with recorded():
        new.save()
    assert new.code == "cong-ty-co-phan-shinec"


def test_what_a_draft_was_called_does_not_become_a_code(shared_world: World) -> None:
    first, draft = (Investor(name="Samsung dự án mật") for _ in range(2))
    with recorded():
        first.save()
        draft.save()
        assert draft.code == "samsung-du-an-mat-2"
        draft.name = "Công ty Bình Minh"
        draft.save(update_fields=["name", "search_text", "sort_key"])
    draft = Investor.objects.get(pk=draft.pk)
    assert draft.code == "cong-ty-binh-minh"
    assert "samsung" not in draft.search_text
    with recorded():
        draft.name = "CÔNG TY BÌNH MINH"
        draft.investor_kind = "group"
        draft.save()
        first.name = "Công ty Bình Minh"
        first.save()
    assert (draft.code, first.code) == ("cong-ty-binh-minh", "cong-ty-binh-minh-2")


def test_the_code_of_a_nameless_draft_follows_its_words(shared_world: World) -> None:
    draft = LegalInstrument(instrument_kind="decree", title="Nghị định mật")
    with recorded():
        draft.save()
        made = draft.code
        draft.number = "9999/2024/NĐ-CP"
        draft.save()
    assert (made, draft.code) == ("nghi-dinh-mat", "9999-2024-nd-cp")


def test_a_code_that_was_published_chosen_or_tells_nothing_stays(shared_world: World) -> None:
    published, decision = shared_world.mda, Decision.objects.all()[0]
    chosen = Investor(name="Dự án mật", code="binh-minh")
    with recorded():
        chosen.save()
        kept = [row.code for row in (published, chosen, decision)]
        for row in (published, chosen):
            row.name = "Tên khác"
            row.save()
        decision.abstract = "Khác"
        decision.save()
        chosen.name, chosen.code = "Dự án mật", "chon-lai"
        chosen.save()
    assert [row.code for row in (published, decision)] == [kept[0], kept[2]]
    assert (kept[1], chosen.code) == ("binh-minh", "chon-lai")


@pytest.mark.parametrize("field", [(Effect, "as_stated"), (Citation, "as_stated")])
def test_the_words_of_a_paper_are_kept_however_long(
    field: tuple[type[models.Model], str], shared_world: World
) -> None:
    model, name = field
    row = model._default_manager.all()[0]
    words = "Điều 1. " + "a" * 5_000
    setattr(row, name, words)
    row.full_clean()
    with recorded():
        row.save()
    row.refresh_from_db()
    assert getattr(row, name) == words
