"""Bounds of quantities that are no exact number: the minimum is held against the sure lower end, the maximum against
the sure upper one."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from registry.actions.editions import rebuild_editions
from registry.actions.publish import publish_seed
from registry.ledger.context import recorded
from registry.models import EditionTerm, Effect, Investor, Project, SourceDocument, Zone
from registry.rules.composition.bounds import LEAST, MOST, bound_terms
from tests.api.records import day
from tests.api.test_filters_later_kinds import found
from tests.world import TODAY

#: How 50 is stated, and whether it is surely at least 40, 50 and 51, and at most 49, 50, 55 and 60.
STATED = {
    "exact": ({40, 50}, {50, 55, 60}),
    "about": ({40, 50}, {50, 55, 60}),
    "over": ({40, 50}, set()),
    "up_to": (set(), {50, 55, 60}),
    "nearly": (set(), {50, 55, 60}),
    "range": ({40, 50}, {60}),
}
LOWER, UPPER = (40, 50, 51), (49, 50, 55, 60)


def code_of(record: str, said: str) -> str:
    return f"{record}-{said.replace('_', '-')}"


@pytest.fixture
def stated(seeded, at):
    """A zone and a project for each way to state 50, the project with 50 of capital, too; one cluster of each."""
    investor = Investor.objects.create(name="Công ty Lẻ")
    every = [investor]
    with recorded(actor="seed"):
        for said in STATED:
            size = {"area_qualifier": said, "area_high_ha": 60 if said == "range" else None}
            zone = Zone.objects.create(
                name=f"Khu {said}", code=code_of("khu", said), area_ha=50, zone_kind="seaport", **size
            )
            project = Project.objects.create(
                name=f"Dự án {said}",
                code=code_of("du-an", said),
                investor=investor,
                land_area_ha=50,
                **{f"land_{name}": value for name, value in size.items()},
            )
            if said != "range":
                project.capital_events.create(measure="registered", amount=50, amount_qualifier=said)
                project.capital_events.create(position=2, measure="announced", amount=30)
                project.capital_events.create(
                    position=3,
                    measure="registered",
                    amount=50 * 10**17,
                    currency="VND",
                    amount_qualifier=said,
                )
            every += [zone, project]
    publish_seed(every, at=at(2026, 2, 1), today=TODAY)
    at(2026, 2, 2)


@pytest.fixture
def ends(partner):
    def asked(address: str, name: str, code: str, scale: int = 1) -> tuple[set[int], set[int]]:
        return (
            {bound for bound in LOWER if code in found(partner, f"{address}?{name}_min={bound * scale}")},
            {bound for bound in UPPER if code in found(partner, f"{address}?{name}_max={bound * scale}")},
        )

    return asked


def test_zones_and_projects_are_found_by_what_is_surely_so(stated, ends):
    for said, expected in STATED.items():
        assert ends("zones/", "area_ha", code_of("khu", said)) == expected, said
        assert ends("projects/", "land_area_ha", code_of("du-an", said)) == expected, said


def test_capital_is_found_by_what_is_surely_so_also_beyond_what_a_float_holds(stated, ends):
    for said, (least, most) in STATED.items():
        if said == "range":
            continue
        # Another figure says 30: that much it surely is.
        assert ends("projects/", "capital_usd", code_of("du-an", said)) == (least, most), said
        assert ends("projects/", "capital_vnd", code_of("du-an", said), 10**17) == (least, most), said


def test_the_largest_figure_is_at_least_what_the_largest_sure_one_is(stated, partner):
    assert "du-an-nearly" in found(partner, "projects/?capital_usd_min=30")
    assert "du-an-nearly" not in found(partner, "projects/?capital_usd_min=31")
    # All its projects together: one is over 50.
    assert "cong-ty-le" in found(partner, "investors/?capital_usd_min=50")
    assert "cong-ty-le" not in found(partner, "investors/?capital_usd_max=60")


@pytest.mark.parametrize("said", STATED)
def test_clusters_are_found_by_what_is_surely_so(seeded, partner, at, ends, said):
    with recorded(actor="seed"):
        setting = Effect.objects.get(cluster=seeded.giang_bien, area_ha__isnull=False)
        setting.area_ha, setting.area_qualifier = 50, said
        setting.area_high_ha = 60 if said == "range" else None
        setting.save()
        if said != "range":
            seeded.giang_bien.operating_reports.create(
                as_of_latest=day("2025-01-31"),
                occupancy_leased=50,
                occupancy_approved=50,
                occupancy_qualifier=said,
                source=SourceDocument.objects.first(),
                locator="đoạn 3",
            )
    publish_seed([seeded.giang_bien, setting.decision], at=at(2026, 2, 1), today=TODAY)
    at(2026, 2, 2)
    assert ends("clusters/", "area_ha", "giang-bien") == STATED[said]
    if said != "range":
        assert ends("clusters/", "occupancy_leased", "giang-bien") == STATED[said]
        assert ends("clusters/", "occupancy_approved", "giang-bien") == STATED[said]


def test_the_ends_are_made_again_from_the_answers_of_former_releases(stated):
    names = [
        term + end
        for term in ("area_ha", "land_area_ha", "leased", "leased_or_approved", "capital_usd", "capital_vnd")
        for end in (LEAST, MOST)
    ]
    terms = EditionTerm.objects.filter(term__in=names)

    def kept():
        return set(terms.values_list("kind", "edition_id", "term", "value", "row"))

    before = kept()
    assert {kind for kind, *_ in before} >= {"zone", "project", "investor"}
    migration = import_module("registry.migrations.0020_sure_ends")
    migration.empty(apps, SimpleNamespace(connection=connection))
    assert kept() == set()
    migration.fill(apps, SimpleNamespace(connection=connection))
    assert kept() == before
    assert rebuild_editions(check=True) == []


def test_an_answer_of_the_first_release_has_what_it_has():
    assert bound_terms("cluster", {"area_ha": 75, "area_qualifier": "up_to"}) == {
        ("area_ha_least", "0000000000000.0000")
    }
    assert bound_terms("investor", {}) == set()


@pytest.mark.django_db
def test_what_a_bound_has_beyond_four_decimals_counts(stated, partner):
    """50.00004 is more than 50: no bound is rounded."""
    for address, name in (("zones/", "area_ha"), ("projects/", "land_area_ha")):
        for bound in ("min=50.00004", "max=49.99996"):
            assert found(partner, f"{address}?{name}_{bound}") == set(), (address, bound)
        assert code_of("khu" if "zones" in address else "du-an", "range") not in found(
            partner, f"{address}?{name}_max=59.99996"
        )
