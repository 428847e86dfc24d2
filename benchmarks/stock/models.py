# ruff: noqa: DJ008 - nobody reads these rows by name
"""Today's answers about clusters as plain tables: what a program without editions would read.

Everything that the registry works out (the fold of the decisions, whether a citation agrees, where a place stands
today) is a column here, ready to be read: all that is left to REST framework, or to a driver, is to select related
rows and to write JSON. There is one clock only. Members that the tables do not know are kept as JSON in `others`.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

import orjson
from django.apps import apps
from django.db import connection, models, transaction

from registry.queries.editions import editions

BATCH = 500


class Developer(models.Model):
    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=300)


class Paper(models.Model):
    code = models.CharField(max_length=60, unique=True)
    number = models.CharField(max_length=80, null=True)  # noqa: DJ001 - as the answers say it


class Document(models.Model):
    code = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=300)


class Place(models.Model):
    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=300)
    kind = models.CharField(max_length=30)
    within = models.ForeignKey("self", null=True, on_delete=models.CASCADE)


class Today(models.Model):
    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="today")
    unit = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="+")
    extent = models.CharField(max_length=20)

    class Meta:
        ordering = ["id"]


class Cluster(models.Model):
    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=300)
    sort_key = models.TextField()
    aliases = models.TextField()
    legal_stage = models.CharField(max_length=30)
    legal_stage_decision = models.ForeignKey(Paper, null=True, on_delete=models.CASCADE, related_name="+")
    operating_status = models.CharField(max_length=30)
    operating_status_as_of = models.DateField(null=True)
    area_ha = models.FloatField(null=True)
    area_high_ha = models.FloatField(null=True)
    area_qualifier = models.CharField(max_length=20, null=True)  # noqa: DJ001
    area_decision = models.ForeignKey(Paper, null=True, on_delete=models.CASCADE, related_name="+")
    developer = models.ForeignKey(Developer, null=True, on_delete=models.CASCADE)
    developer_decision = models.ForeignKey(Paper, null=True, on_delete=models.CASCADE, related_name="+")
    places = models.ManyToManyField(Place)
    sectors = models.TextField()
    unsourced = models.TextField()
    others = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["sort_key", "id"], name="stock_order")]


class Occupancy(models.Model):
    cluster = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="occupancy")
    basis = models.CharField(max_length=30)
    value = models.FloatField()
    qualifier = models.CharField(max_length=20)
    as_of = models.DateField()

    class Meta:
        ordering = ["id"]


class Entry(models.Model):
    cluster = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="timeline")
    effect = models.CharField(max_length=30, null=True)  # noqa: DJ001
    as_stated = models.TextField()
    on = models.DateField(null=True)
    earliest = models.DateField(null=True)
    verification = models.CharField(max_length=20)
    decision = models.ForeignKey(Paper, on_delete=models.CASCADE)

    class Meta:
        ordering = ["id"]


class Cited(models.Model):
    cluster = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="sources")
    source = models.ForeignKey(Document, on_delete=models.CASCADE)
    locator = models.CharField(max_length=60)
    field = models.CharField(max_length=60)
    as_stated = models.TextField()
    agrees = models.BooleanField(null=True)
    decision = models.ForeignKey(Paper, on_delete=models.CASCADE, null=True)
    shown = models.BooleanField()

    class Meta:
        ordering = ["id"]


#: Members that have a table or a column here, or are labels of codes.
KNOWN = frozenset(
    "code name aliases legal_stage legal_stage_label legal_stage_decision operating_status operating_status_label "
    "operating_status_as_of area_ha area_high_ha area_qualifier area_decision developer developer_decision places "
    "sectors occupancy timeline sources unsourced".split()
)


def fill(*, known_seq: int, valid_on: date) -> None:
    """Make the tables and copy into them what the registry answers about every cluster on that day."""
    with connection.schema_editor() as editor:
        for model in apps.get_app_config("stock").get_models():
            editor.create_model(model)
    with transaction.atomic():
        _Filling().all(known_seq, valid_on)


class _Filling:
    def __init__(self) -> None:
        self.made: dict[tuple[type[models.Model], str], Any] = {}

    def all(self, known_seq: int, valid_on: date) -> None:
        rows = editions("cluster", known_seq=known_seq, valid_on=valid_on).order_by("sort_key", "subject_id")
        waiting: list[tuple[dict[str, Any], str]] = []
        for row in rows.iterator(chunk_size=BATCH):
            waiting.append((orjson.loads(bytes(row.body)), row.sort_key))
            if len(waiting) == BATCH:
                self.some(waiting)
                waiting = []
        self.some(waiting)

    def one(self, model: type[models.Model], code: str | None, **columns: Any) -> Any:
        """The row of that code, made when it is first named."""
        if code is None:
            return None
        if (model, code) not in self.made:
            self.made[model, code] = model._default_manager.create(code=code, **columns)
        return self.made[model, code]

    def paper(self, found: dict[str, Any] | None) -> Paper | None:
        return self.one(Paper, found["id"], number=found["number"]) if found else None

    def place(self, found: dict[str, Any]) -> Place:
        if (Place, found["id"]) in self.made:
            return self.made[Place, found["id"]]
        within = found.get("within")
        place = self.one(
            Place,
            found["id"],
            name=found["name"],
            kind=found["kind"],
            within=self.place(within) if within else None,
        )
        for unit in found.get("today", ()):
            Today.objects.create(place=place, unit=self.place(unit), extent=unit["extent"])
        return place

    def some(self, bodies: list[tuple[dict[str, Any], str]]) -> None:
        clusters = Cluster.objects.bulk_create(self._cluster(body, key) for body, key in bodies)
        both = [(cluster, body) for cluster, (body, _) in zip(clusters, bodies, strict=True)]
        through = Cluster.places.through
        through.objects.bulk_create(
            through(cluster=cluster, place=self.place(place))
            for cluster, body in both
            for place in body["places"]
        )
        Occupancy.objects.bulk_create(
            Occupancy(cluster=cluster, **row) for cluster, body in both for row in body["occupancy"]
        )
        Entry.objects.bulk_create(
            Entry(cluster=cluster, **_without(row, "effect_label", decision=self.paper(row["decision"])))
            for cluster, body in both
            for row in body["timeline"]
        )
        Cited.objects.bulk_create(self._cited(both))

    def _cited(self, both: list[tuple[Cluster, dict[str, Any]]]) -> Iterator[Cited]:
        for cluster, body in both:
            for row in body["sources"]:
                source = self.one(Document, row["source"]["id"], title=row["source"]["title"])
                paper = self.paper(row["decision"])
                yield Cited(cluster=cluster, **_without(row, source=source, decision=paper))

    def _cluster(self, body: dict[str, Any], sort_key: str) -> Cluster:
        developer = body["developer"]
        return Cluster(
            sort_key=sort_key,
            aliases="\n".join(body["aliases"]),
            legal_stage_decision=self.paper(body["legal_stage_decision"]),
            area_decision=self.paper(body["area_decision"]),
            developer=developer and self.one(Developer, developer["code"], name=developer["name"]),
            developer_decision=self.paper(body["developer_decision"]),
            sectors="\n".join(body["sectors"]),
            unsourced="\n".join(body["unsourced"]),
            others={name: value for name, value in body.items() if name not in KNOWN},
            **{
                name: body[name]
                for name in (
                    "code",
                    "name",
                    "legal_stage",
                    "operating_status",
                    "operating_status_as_of",
                    "area_ha",
                    "area_high_ha",
                    "area_qualifier",
                )
            },
        )


def _without(row: dict[str, Any], *left_out: str, **instead: Any) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in left_out} | instead
