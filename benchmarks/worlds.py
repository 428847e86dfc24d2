"""A plausible registry of any size, entered in bulk and published by the registry's own acts.

Ten decisions for each cluster: in every ten clusters one paper that plans all ten, nine that adjust two neighbours,
and nine of each cluster alone, from the approval of its policy to its extensions. Everybody has citations, places
that were merged in 2025, a developer and two reports of operation. Working rows are written by `bulk_create` (their
derived columns, constraints and ledger entries as always); the publications are `publish_seed`, so statements,
editions, references and announcements are the composers' own. Each cluster is published twice, so there is a
past to ask for: first with the papers signed before 2023, then with all of them. The same size is always the same
world, and every hundred clusters in the order of names have the same shape, so that pages can be compared.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count

from registry.actions.publish import publish_seed
from registry.ledger.context import recorded
from registry.models import (
    AdministrativeUnit,
    Authority,
    Citation,
    Cluster,
    Decision,
    Effect,
    EffectPlace,
    Investor,
    OperatingReport,
    PlaceSuccession,
    Publication,
    SourceDocument,
)

#: In one publication, so that memory stays flat.
CLUSTERS_AN_ACT = 200
FIRST_ACT, LAST_ACT = datetime(2026, 1, 5, 3, tzinfo=UTC), datetime(2026, 8, 31, 2, tzinfo=UTC)
MERGED = date(2025, 7, 1)
DISTRICTS, COMMUNES = 12, 10
OWN_PAPERS = (
    ("policy_approved", "chấp thuận chủ trương đầu tư"),
    ("investor_approved", "chấp thuận nhà đầu tư"),
    ("established", "thành lập cụm công nghiệp"),
    *[("adjusted", "điều chỉnh quy hoạch chi tiết")] * 5,
    ("expanded", "mở rộng cụm công nghiệp"),
)
WORDS = (
    "Tiên Cường Thủy Nguyên Đại Bản Lê Thiện Hồng Phong Quyết Tiến An Thọ Tân Trào Kiến Thụy Vĩnh Bảo".split()
)


def build(clusters: int) -> None:
    """Fill an empty, migrated database with that many clusters (a multiple of 10) and ten times as many decisions."""
    if clusters % 10 or clusters <= 0:
        raise ValueError("the number of clusters is a multiple of 10")
    shared = _Shared()
    acts = -(-clusters // CLUSTERS_AN_ACT)
    step = (LAST_ACT - FIRST_ACT) / (2 * acts + 1)
    moments = (FIRST_ACT + n * step for n in count(1))
    _publish(shared.subjects(), FIRST_ACT)
    batches = [range(n, min(n + CLUSTERS_AN_ACT, clusters)) for n in range(0, clusters, CLUSTERS_AN_ACT)]
    late: list[list[int]] = []
    for batch in batches:
        made, early, waiting = shared.enter(batch)
        _publish([*made, *early], next(moments))
        late.append([paper.pk for paper in waiting])
    for ids in late:
        _publish(list(Decision.objects.filter(pk__in=ids)), next(moments))


def _publish(subjects: list, at: datetime) -> Publication:
    return publish_seed(subjects, at=at, today=date(2026, 9, 1))


def name_of(n: int) -> str:
    return f"{WORDS[n % 20]} {WORDS[n // 20 % 20]} {n:06}"


class _Shared:
    """What all clusters share, and the numbers given out so far."""

    def __init__(self) -> None:
        with recorded(actor="seed"):
            city = AdministrativeUnit.objects.create(code="hai-phong", name="Hải Phòng", unit_kind="city")
            self.districts = [
                AdministrativeUnit.objects.create(
                    code=f"huyen-{n}", name=f"Huyện {n}", unit_kind="district", within=city, valid_to=MERGED
                )
                for n in range(DISTRICTS)
            ]
            self.wards = [
                AdministrativeUnit.objects.create(
                    code=f"phuong-{n}", name=f"Phường {n}", unit_kind="ward", within=city, valid_from=MERGED
                )
                for n in range(DISTRICTS)
            ]
            self.communes = [
                AdministrativeUnit.objects.create(
                    code=f"xa-{n}",
                    name=f"Xã {n}",
                    unit_kind="commune",
                    within=self.districts[n // COMMUNES],
                    valid_to=MERGED,
                )
                for n in range(DISTRICTS * COMMUNES)
            ]
            for n, commune in enumerate(self.communes):
                PlaceSuccession.objects.create(unit=commune, successor=self.wards[n // COMMUNES])
            self.city = city
            self.authorities = [
                Authority.objects.create(code=code, name=name, level="city", number_symbol=symbol, place=city)
                for code, name, symbol in (
                    ("ubnd-tp", "Ủy ban nhân dân thành phố", "UBND"),
                    ("hdnd-tp", "Hội đồng nhân dân thành phố", "HĐND"),
                )
            ]
            self.sources = [
                SourceDocument.objects.create(code=f"tai-lieu-{n}", name=f"Báo cáo số {n} về cụm công nghiệp")
                for n in range(50)
            ]
            self.developers = [
                Investor.objects.create(code=f"cong-ty-{n}", name=f"Công ty cổ phần hạ tầng {n}")
                for n in range(40)
            ]
        self.numbers = count(1)

    def subjects(self) -> list:
        places = [self.city, *self.districts, *self.wards, *self.communes]
        return [*places, *self.authorities, *self.sources, *self.developers]

    def enter(self, batch: range) -> tuple[list[Cluster], list[Decision], list[Decision]]:
        """Write these clusters and their papers: the clusters, the papers before 2023, the later ones."""
        with recorded(actor="seed"):
            clusters = Cluster.objects.bulk_create(
                Cluster(code=f"ccn-{n}", name=f"Cụm công nghiệp {name_of(n)}") for n in batch
            )
            by_number = dict(zip(batch, clusters, strict=True))
            through = Cluster.places.through
            through.objects.bulk_create(
                through(cluster=cluster, administrativeunit=self.commune(n))
                for n, cluster in by_number.items()
            )
            OperatingReport.objects.bulk_create(
                report for n, cluster in by_number.items() for report in self._reports(n, cluster)
            )
            drafts = [draft for n in batch if n % 10 == 0 for draft in self._papers(n, by_number)]
            papers = Decision.objects.bulk_create(paper for paper, _ in drafts)
            effects = Effect.objects.bulk_create(effect for _, rows in drafts for effect in rows)
            EffectPlace.objects.bulk_create(
                EffectPlace(effect=e, decision=e.decision, place=self.commune(int(e.cluster.code[4:])))
                for e in effects
                if e.effect_code == "established"
            )
            Citation.objects.bulk_create(self._cited(by_number, papers, effects))
        early = [paper for paper in papers if paper.issued_latest.year < 2023]
        return clusters, early, [paper for paper in papers if paper.issued_latest.year >= 2023]

    def commune(self, n: int) -> AdministrativeUnit:
        return self.communes[n % len(self.communes)]

    def _reports(self, n: int, cluster: Cluster) -> Iterator[OperatingReport]:
        for year in (2022, 2024):
            yield OperatingReport(
                cluster=cluster,
                as_of_latest=date(year, 12, 31),
                as_of_stated_as=f"đến hết năm {year}",
                status=("building", "operating")[year > 2022],
                industrial_land_ha=Decimal(30 + n % 20),
                leased_ha=Decimal(10 + n % 15),
                source=self.sources[n % 50],
                locator=f"đoạn {n % 40 + 1}",
            )

    def _papers(self, first: int, clusters: dict[int, Cluster]) -> Iterator[tuple[Decision, list[Effect]]]:
        """The hundred papers of ten clusters."""
        ten = range(first, first + 10)
        yield self._paper([clusters[n] for n in ten], date(2012, 3, 1), "planned", "đưa vào quy hoạch")
        for n in ten[:-1]:
            pair = [clusters[n], clusters[n + 1]]
            yield self._paper(pair, date(2021, 2, 1) + timedelta(n % 10), "adjusted", "điều chỉnh ranh giới")
        for n in ten:
            for place, (code, words) in enumerate(OWN_PAPERS):
                day = date(2013 + place * 3 // 2, 1 + n % 12, 1 + place * 3)
                yield self._paper([clusters[n]], day, code, words, place)

    def _paper(
        self, clusters: list[Cluster], day: date, code: str, words: str, place: int = 0
    ) -> tuple[Decision, list[Effect]]:
        number = next(self.numbers)
        paper = Decision(
            code=f"qd-{number}",
            number=number,
            number_year=day.year,
            symbol="QĐ-UBND",
            issuer=self.authorities[0],
            abstract=f"Về việc {words} {clusters[0].name[16:]}",
            issued_earliest=day,
            issued_latest=day,
            issued_stated_as=f"{day:%d/%m/%Y}",
        )
        effects = [
            Effect(
                decision=paper,
                position=position,
                cluster=cluster,
                effect_code=code,
                as_stated=words,
                area_ha=Decimal(40 + place) if code in ("established", "expanded") else None,
                developer=self.developers[number % 40] if code == "investor_approved" else None,
                sectors="Cơ khí chế tạo\nĐiện tử" if code == "established" else "",
            )
            for position, cluster in enumerate(clusters, start=1)
        ]
        return paper, effects

    def _cited(
        self, clusters: dict[int, Cluster], papers: list[Decision], effects: list[Effect]
    ) -> Iterable[Citation]:
        def at(n: int) -> dict:
            return {"source": self.sources[n % 50], "locator": f"đoạn {n % 40 + 1}"}

        for n, cluster in clusters.items():
            yield Citation(cluster=cluster, field="name", as_stated=cluster.name, **at(n))
        for paper in papers:
            yield Citation(decision=paper, field="number", as_stated=paper.number_label, **at(paper.number))
        for effect in effects:
            yield Citation(
                decision=effect.decision,
                row_position=effect.position,
                field="effect" if effect.area_ha is None else "area_ha",
                as_stated=effect.as_stated if effect.area_ha is None else f"{effect.area_ha} ha",
                **at(effect.decision.number),
            )
