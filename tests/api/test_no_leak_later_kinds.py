"""No draft of a later kind shows: not as a record, a row, a name, a filter, a search, an order, a count, a history."""

import json
from string import Formatter

import pytest

from registry.actions.publish import publish_seed, withdraw
from registry.actions.review import submit
from registry.api.filters import PlaceFilter
from registry.api.known_codes import kind_meant
from registry.api.urls import RESOURCES
from registry.ledger.context import recorded
from registry.models import (
    AdministrativeUnit,
    Assignment,
    Authority,
    Citation,
    Cluster,
    Decision,
    Effect,
    Incentive,
    Indicator,
    Investor,
    LegalInstrument,
    Project,
    Sector,
    SourceDocument,
    Zone,
)
from registry.models.base import Subject
from registry.rules.problems import Problem
from registry.rules.resource_names import NAMES
from tests.api.conftest import NOW
from tests.api.records import Records, made
from tests.api.test_filters_later_kinds import CASES
from tests.world import TODAY, clerk, leader

MARK = "Nháp Kín"
FOLDED = "nhap+kin"
NEVER = "khong-he-co"


@pytest.fixture
def records(seeded, at) -> Records:
    return made(at)


def addresses(partner) -> list[str]:
    """Every list in every order, every filter with values that find something, every record and history."""
    found = ["changes/?limit=1000", "changes/?after=3", "ledger/checkpoint/"]
    for resource in RESOURCES:
        name = resource.name
        found += [
            f"{name}/?count=true",
            f"{name}/?search={FOLDED}&count=true",
            f"{name}/?valid_on=2030-01-01",
        ]
        found += [
            f"{name}/?page_size=1&ordering={sign}{order}"
            for order in resource.orderings
            for sign in ("", "-")
        ]
        found += [f"{name}/?{query}&count=true" for query, _ in CASES.get(name, ())]
        for row in partner.results(f"{name}/"):
            code = row.get("code") or row["id"]
            found += [f"{name}/{code}/", f"{name}/{code}/history/"]
    return found


def fetched(partner, wanted):
    answers = {address: partner.get(address) for address in wanted}
    return {a: (answer.status_code, answer.content, answer.get("ETag")) for a, answer in answers.items()}


def drafts(records: Records) -> list:
    """A draft of each later kind that points to what is published, and a draft row in each published record."""
    group = Investor.objects.create(name=f"Tập đoàn {MARK}", investor_kind="group", capital_from="KR")
    sector = Sector.objects.create(name=f"Ngành {MARK}", vsic_code="27", vsic_year=2018)
    zone = Zone.objects.create(name=f"Khu {MARK}", zone_kind="seaport", area_ha=90)
    zone.sectors.add(records.electronics)
    zone.statuses.create(status="existing", as_of_latest=TODAY)
    project = Project.objects.create(name=f"Dự án {MARK}", investor=records.lone, zone=records.port)
    project.sectors.add(records.textiles)
    project.capital_events.create(measure="registered", amount=10**10)
    indicator = Indicator.objects.create(name=f"Chỉ tiêu {MARK}", unit="%")
    value = indicator.values.create(scope="zones", value=5)
    value.zones.add(records.port, through_defaults={"indicator": indicator})
    incentive = Incentive.objects.create(name=f"Ưu đãi {MARK}", incentive_kind="land_rent")
    incentive.sectors.add(records.textiles)
    task = Assignment.objects.create(
        name=f"Việc {MARK}", assignment_kind="task", task=MARK, asked_by=Authority.objects.first()
    )
    task.zones.add(records.port)
    paper = Decision.objects.create(issuer=Authority.objects.first(), abstract=MARK)
    Effect.objects.create(decision=paper, zone=records.port, as_stated=MARK)
    return [group, sector, zone, project, indicator, incentive, task, paper]


def edit_what_is_published(records: Records, draft: list) -> None:
    """New rows and changed values in published records, none of them approved."""
    group, sector, zone = draft[:3]
    records.lone.group = group
    records.lone.registered_in = "JP"
    records.lone.save()
    records.lone.capital_events.create(position=9, measure="announced", amount=10**11)
    records.second.capital_events.create(position=9, measure="announced", amount=10**11)
    records.second.sectors.add(sector)
    records.first.capital_events.filter(position=2).update(amount=10**11)
    records.first.zone = zone
    records.first.save()
    records.port.area_ha = 70
    records.port.save()
    records.port.statuses.create(position=2, status="existing", as_of_latest=TODAY)
    records.port.linked_with.add(zone)
    records.port.sectors.add(sector)
    records.share.unit = MARK
    records.share.save()
    records.share.values.create(position=9, scope="city", value=99, value_kind="expected")
    records.workers.values.filter(position=3).update(investor=records.lone)
    records.credit.status = "in_force"
    records.credit.save()
    records.credit.terms.create(position=9, term_kind="exemption", years=99)
    records.credit.legal_basis.add(LegalInstrument.objects.first())
    records.proposal.due_latest = TODAY
    records.proposal.save()
    records.proposal.clusters.add(Cluster.objects.first())
    records.textiles.name = f"Dệt {MARK}"
    records.textiles.save()
    source = SourceDocument.objects.first()
    for kind in ("investor", "project", "zone", "indicator", "incentive", "assignment", "sector"):
        owner = {
            "investor": records.lone,
            "project": records.second,
            "zone": records.port,
            "indicator": records.share,
            "incentive": records.credit,
            "assignment": records.proposal,
            "sector": records.textiles,
        }[kind]
        Citation.objects.create(
            **{kind: owner}, source=source, locator="đoạn 6", field="name", as_stated=MARK
        )


def test_no_draft_and_no_draft_row_changes_a_byte_of_any_answer(records, partner):
    wanted = addresses(partner)
    assert len(wanted) > 300
    before = fetched(partner, wanted)
    assert {status for status, _, _ in before.values()} == {200}
    with recorded(actor="lan", reason=MARK):
        made_now = drafts(records)
        edit_what_is_published(records, made_now)
        submit(made_now[0], by="lan", at=NOW)
    after = fetched(partner, wanted)
    assert [address for address in wanted if after[address] != before[address]] == []
    assert not any(MARK.encode() in content for _, content, _ in after.values())
    assert fetched(partner, addresses(partner)).keys() == before.keys()
    for record in made_now:
        name = NAMES[record.kind]
        for part in ("", "history/"):
            draft = partner.get(f"{name}/{record.code}/{part}")
            never = partner.get(f"{name}/{NEVER}/{part}")
            assert (draft.status_code, never.status_code) == (404, 404)
            assert draft.content.replace(record.code.encode(), b"") == never.content.replace(
                NEVER.encode(), b""
            )


POINTING = [
    "investors/?group={group}",
    "projects/?group={group}",
    "projects/?zone={zone}",
    "projects/?sector={sector}",
    "investors/?zone={zone}",
    "investors/?sector={sector}",
    "zones/?sector={sector}",
    "indicators/?zone={zone}",
    "indicators/?sector={sector}",
    "indicators/?project={project}",
    "incentives/?sector={sector}",
    "assignments/?zone={zone}",
    "assignments/?sector={sector}",
    "decisions/?zone={zone}",
]


def point_to(records: Records, draft: list) -> list:
    """Let published records name drafts; the records changed."""
    group, sector, zone, project = draft[:4]
    records.lone.group = group
    records.lone.save()
    records.second.zone, records.second.cluster = zone, None
    records.second.save()
    records.second.sectors.add(sector)
    records.port.sectors.add(sector)
    value = records.share.values.create(position=9, scope="zones", value=99)
    value.zones.add(zone, through_defaults={"indicator": records.share})
    records.share.values.create(position=10, scope="project", value=98, project=project)
    records.share.sectors.add(sector)
    records.credit.sectors.add(sector)
    records.proposal.zones.add(zone)
    records.proposal.sectors.add(sector)
    Effect.objects.create(decision=records.paper, zone=zone, as_stated="chấp thuận", position=2)
    return [
        records.lone,
        records.second,
        records.port,
        records.share,
        records.credit,
        records.proposal,
        records.paper,
    ]


def as_if_it_never_was(partner, address: str, codes: dict[str, str]) -> bool:
    """Whether a filter by a code is refused as it is by a code of nothing: in all but that code.

    address: with the kind of record in braces in place of the code.
    """
    (kind,) = (field for _, field, _, _ in Formatter().parse(address) if field)
    ours, never = partner.get(address.format(**codes)), partner.get(address.format(**{kind: NEVER}))
    alike = ours.content.replace(codes[kind].encode(), b"") == never.content.replace(NEVER.encode(), b"")
    return (ours.status_code, never.status_code, alike) == (400, 400, True)


def of_every_kind(records: Records) -> dict[str, Subject]:
    """Drafts of all kinds, by kind."""
    rows = [
        *drafts(records),
        Authority.objects.create(name=f"Sở {MARK}", level="city"),
        Cluster.objects.create(name=f"Cụm {MARK}"),
        AdministrativeUnit.objects.create(name=f"Xã {MARK}", unit_kind="commune"),
        LegalInstrument.objects.create(number="999/2020/NĐ-CP", instrument_kind="decree"),
        SourceDocument.objects.create(name=f"Bài {MARK}"),
    ]
    return {row.kind: row for row in rows}


def test_a_filter_by_the_code_of_a_draft_is_refused_as_by_one_that_never_was(records, partner, at):
    with recorded(actor="lan"):
        rows = of_every_kind(records)
        submit(rows["investor"], by="lan", at=NOW)
    codes = {kind: row.code for kind, row in rows.items()}
    filters = [
        f"{resource.name}/?{name}={{{kind}}}&count=true{moment}"
        for resource in RESOURCES
        for name, found in resource.filters.known().items()
        if (found.names_records or isinstance(found, PlaceFilter))
        and (kind := kind_meant(name, resource.kind))
        for moment in ("", "&known_seq=1", "&valid_on=2030-01-01")
    ]
    assert {kind for address in filters for kind in rows if f"{{{kind}}}" in address} == {*rows} - {
        "assignment",
        "incentive",
        "indicator",
    }
    assert [address for address in filters if not as_if_it_never_was(partner, address, codes)] == []
    publish_seed(list(rows.values()), at=at(2026, 2, 3), today=TODAY)
    assert {partner.get(address.format(**codes)).status_code for address in filters} == {200}


def test_what_names_a_draft_is_published_with_it_or_not_at_all(records, partner, at):
    with recorded(actor="seed"):
        draft = drafts(records)
        changed = point_to(records, draft)
    named = {record.kind: record.code for record in draft} | {"group": draft[0].code}
    wanted = addresses(partner) + [address.format(**named) for address in POINTING]
    before = fetched(partner, wanted)
    for record in changed:
        with pytest.raises(Problem) as refused:
            publish_seed([record], at=at(2026, 2, 2, 4), today=TODAY)
        assert refused.value.code == "reference_unpublished"
    assert fetched(partner, wanted) == before
    assert [a for a in POINTING if not as_if_it_never_was(partner, a, named)] == []
    publish_seed([*changed, *draft], at=at(2026, 2, 3), today=TODAY)
    assert [a for a in POINTING if not partner.results(a.format(**named))] == []
    assert [a for a in POINTING if partner.results(f"{a.format(**named)}&known_seq=2")] == []


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("park", "projects/?zone=khu-cong-nghiep-dong"),
        ("park", "investors/?zone=khu-cong-nghiep-dong"),
        ("first", "indicators/?project=nha-may-mot"),
        ("group", "projects/?group=tap-doan-a"),
        ("electronics", "zones/?sector=dien-tu"),
        ("dong_a", "indicators/?investor=cong-ty-dong-a"),
    ],
)
def test_a_withdrawn_record_is_no_longer_named_or_found_by(records, partner, at, name, address):
    record = getattr(records, name)
    holders = [f"{address.partition('/')[0]}/{row['code']}/" for row in partner.results(address)]
    assert holders
    withdraw(
        [record],
        proposed_by=clerk().username,
        approved_by=leader().username,
        at=at(2026, 2, 3),
        today=TODAY,
        reason="Nhầm",
    )
    assert partner.results(address) == []
    for then in ("known_seq=2", "known_at=2026-02-02"):
        assert len(partner.results(f"{address}&{then}")) == len(holders)
    for holder in holders:
        shown = json.dumps(partner.read(holder), ensure_ascii=False)
        assert f'"{record.code}"' not in shown
        assert record.name not in shown
