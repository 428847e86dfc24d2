"""Nothing that is not published shows anywhere: not in a body, an order, a count, a filter, a tag."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, models, transaction

from registry.actions import webhooks
from registry.actions.publish import publish_seed
from registry.actions.review import submit
from registry.api.known_codes import kind_meant
from registry.api.urls import RESOURCES
from registry.ledger.context import recorded
from registry.models import (
    AdministrativeUnit,
    ApiKey,
    Assignment,
    Cluster,
    Decision,
    DecisionRelation,
    Effect,
    EffectPlace,
    Incentive,
    Indicator,
    Investor,
    OperatingReport,
    Partner,
    PlaceCode,
    PlaceSuccession,
    Project,
    Sector,
    SourceDocument,
    Webhook,
    Zone,
)
from tests.api.conftest import NOW
from tests.keys import new_key, partner_named
from tests.world import AT

MARK = "RÒ RỈ"
NEVER = "khong-he-co"


def tables() -> list[type[models.Model]]:
    """Every table that staff write, found by itself: a new one needs no line here."""
    every = apps.get_app_config("registry").get_models(include_auto_created=True)
    declared = [m for m in every if (r := getattr(m, "recorded", None)) and not r.append_only]
    through = {f.remote_field.through for m in declared for f in m._meta.local_many_to_many}
    return [*declared, *(through - set(declared))]


@pytest.fixture
def world(seeded, at):
    """The seed, with something published in every table."""
    source = SourceDocument.objects.get()
    with recorded(actor="seed"):
        unit = AdministrativeUnit.objects.create(name="Xã cũ", unit_kind="commune", valid_to=date(2025, 7, 1))
        today = AdministrativeUnit.objects.create(
            name="Xã mới", unit_kind="commune", valid_from=date(2025, 7, 1)
        )
        PlaceCode.objects.create(unit=unit, official_code="11842")
        PlaceSuccession.objects.create(unit=unit, successor=today)
        cluster = seeded.an_tho
        cluster.aliases.create(name="An Thọ cũ")
        cluster.places.add(unit)
        OperatingReport.objects.create(
            cluster=cluster,
            as_of_latest=date(2025, 12, 31),
            status="building",
            source=source,
            locator="đoạn 9",
        )
        first, second = seeded.decision(202), seeded.decision(607)
        DecisionRelation.objects.create(decision=second, relation="based_on", target=first)
        first.legal_basis.add(*apps.get_model("registry", "LegalInstrument").objects.all()[:1])
        EffectPlace.objects.create(effect=second.effects.first(), decision=second, place=unit)
        later = of_the_later_kinds(unit, cluster, source)
    publish_seed([unit, today, cluster, first, second, *later], at=at(2026, 2, 1), today=AT.date())
    at(2026, 2, 2)
    return seeded


def of_the_later_kinds(unit, cluster, source) -> list[Any]:
    """One record of each, with a row in each of its tables."""
    instrument = apps.get_model("registry", "LegalInstrument").objects.first()
    authority = apps.get_model("registry", "Authority").objects.first()
    sector = Sector.objects.create(name="Dệt may")
    zone = Zone.objects.create(name="Khu A", zone_kind="industrial_park")
    zone.places.add(unit)
    zone.sectors.add(sector)
    zone.statuses.create(status="existing", as_of_latest=date(2025, 12, 31))
    # Two more, that a link can be made another.
    port, airport = (Zone.objects.create(name=kind, zone_kind=kind) for kind in ("seaport", "airport"))
    zone.linked_with.add(port)
    project = Project.objects.create(name="Nhà máy A", investor=Investor.objects.first(), zone=zone)
    project.sectors.add(sector)
    project.capital_events.create(measure="registered", amount=10**9)
    indicator = Indicator.objects.create(name="Lao động", unit="người")
    indicator.sectors.add(sector)
    value = indicator.values.create(scope="clusters", value=7)
    value.clusters.add(cluster, through_defaults={"indicator": indicator})
    value = indicator.values.create(position=2, scope="zones", value=7)
    value.zones.add(zone, through_defaults={"indicator": indicator})
    incentive = Incentive.objects.create(name="Miễn thuế", incentive_kind="import_duty")
    incentive.sectors.add(sector)
    incentive.legal_basis.add(instrument)
    incentive.terms.create(term_kind="exemption", years=4)
    task = Assignment.objects.create(name="Việc A", assignment_kind="task", task="A", asked_by=authority)
    task.cooperating.add(authority)
    task.clusters.add(cluster)
    task.zones.add(zone)
    task.sectors.add(sector)
    task.legal_basis.add(instrument)
    return [sector, zone, port, airport, project, indicator, incentive, task]


def routes(partner) -> list[str]:
    codes = {r.kind: (row := partner.results(f"{r.name}/")[0]).get("code") or row["id"] for r in RESOURCES}
    found = [
        "ledger/checkpoint/",
        "ledger/checkpoint/?known_seq=1",
        "schema/",
        "docs/",
        "changes/",
        "changes/?after=5",
    ]
    for resource in RESOURCES:
        name = resource.name
        found += [f"{name}/", f"{name}/?count=true&known_seq=1", f"{name}/?search=an", f"{name}/?page_size=2"]
        found += [f"{name}/?search=ro+ri", f"{name}/?valid_on=2022-02-23", f"{name}/?valid_on=2030-01-01"]
        found += [f"{name}/?ordering={sign}{order}" for order in resource.orderings for sign in ("", "-")]
        for filtered, taken in resource.filters.known().items():
            kind = kind_meant(filtered, resource.kind) if taken.names_records else None
            values = [codes[kind], NEVER] if kind else tried(taken.parameter(filtered))
            found += [f"{name}/?{filtered}={value}&count=true" for value in values]
        for row in partner.results(f"{name}/"):
            code = row.get("code") or row["id"]
            found += [f"{name}/{code}/", f"{name}/{code}/history/", f"{name}/{code}/?valid_on=2022-02-23"]
    return found


def tried(parameter) -> list[str]:
    """Values of a filter of no records: each of its codes, both answers, or its example."""
    schema = parameter.schema.get("items", parameter.schema)
    if schema.get("type") == "boolean":
        return ["true", "false"]
    example = parameter.example if parameter.example is not None else NEVER
    return schema.get("enum") or [",".join(example) if isinstance(example, list) else str(example)]


def fetched(partner, addresses: list[str]) -> dict[str, tuple[Any, ...]]:
    return {
        address: (response.status_code, response.content, response.get("ETag"))
        for address in addresses
        if (response := partner.get(address))
    }


def edit(rows: models.QuerySet, *, but: frozenset[str] = frozenset()) -> list[str]:
    """Change every column that the database lets change, but for these, in every row; the columns that were."""
    changed = set()
    for row in rows:
        for field in rows.model._meta.concrete_fields:
            try:
                with transaction.atomic():
                    if not field.primary_key and field.name not in but:
                        rows.filter(pk=row.pk).update(**{field.attname: other(field, row)})
                        changed.add(field.name)
            except DatabaseError:
                continue  # a constraint, or a column that never changes
    return sorted(changed)


def other(field: models.Field, row: models.Model) -> Any:
    value = getattr(row, field.attname)
    match field:
        case models.ForeignKey():
            others = field.related_model._base_manager.exclude(pk=value).order_by("-pk")
            return others.values_list("pk", flat=True).first() or value
        case _ if field.choices:
            return next(code for code, _ in field.flatchoices if code != value)
        case models.BooleanField():
            return not value
        case models.DateTimeField():
            return (value or NOW) + timedelta(days=1)
        case models.DateField():
            return (value or date(2024, 1, 1)) + timedelta(days=1)
        case models.DecimalField() | models.IntegerField():
            return (value or 1) + 1
        case models.SlugField():
            return f"ro-ri-{row.pk}"
        case _:
            return f"{MARK} {row.pk} {value}"[: field.max_length or None]


def test_a_draft_in_any_table_changes_no_byte_of_any_answer(world, partner):
    with recorded(actor="lan"):
        submit(Investor.objects.create(name="Bản nháp"), by="lan", at=NOW)
    new_key("Khóa khác", at=NOW)
    told = Webhook(partner=partner_named("Ngân hàng khác"), url="https://nghe.example/tin", scopes="clusters")
    webhooks.subscribe(told, at=NOW, by="lan")
    addresses = routes(partner)
    assert len(addresses) > 200
    before = fetched(partner, addresses)
    # A filter that names no record is refused; of what a draft then has for a code, see the later kinds.
    refused = {address for address in addresses if f"={NEVER}&" in address and "?code=" not in address}
    assert {address for address, (status, _, _) in before.items() if status != 200} == refused
    assert {before[address][0] for address in refused} == {400}
    untouched, issuer = {}, world.decision(202).issuer
    with recorded(actor="lan", reason=MARK):
        for model in tables():
            rows = model._base_manager.all()
            if model in (ApiKey, Partner):  # not the reader's own
                rows = rows.exclude(**{"name" if model is Partner else "partner__name": "Ngân hàng thử"})
            assert rows.exists(), f"{model.__name__} has no row to edit"
            untouched[model.__name__] = edit(rows)
        decision = Decision.objects.create(issuer=issuer, abstract=MARK)
        Effect.objects.create(
            decision=decision, cluster=world.giang_bien, effect_code="revoked", as_stated=MARK
        )
        Cluster.objects.create(name=f"A {MARK}")
        world.an_tho.aliases.all().delete()
    assert [name for name, columns in untouched.items() if not columns] == []
    after = fetched(partner, addresses)
    assert [address for address in addresses if after[address] != before[address]] == []
    assert fetched(partner, routes(partner)).keys() == before.keys()
    assert not any(MARK.encode() in content for _, content, _ in after.values())


def test_a_record_never_published_is_as_unknown_as_one_that_never_was(world, partner):
    with recorded(actor="lan"):
        hidden = Cluster.objects.create(name="Bản nháp")
    known, unknown = (partner.get(f"clusters/{code}/") for code in (hidden.code, NEVER))
    assert known.status_code == unknown.status_code == 404
    assert known.content.replace(hidden.code.encode(), b"") == unknown.content.replace(NEVER.encode(), b"")
