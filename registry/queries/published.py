"""What has been published, read from the statements alone."""

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

import orjson
from django.db import connection
from django.db.models import OuterRef, Subquery

from registry.models import Dependency, Publication, Reference, Statement
from registry.models.editions import OPEN_SEQ
from registry.rules.canonical import CONTENT_VERSION, canonical, upcast
from registry.rules.composition.world import own_label

_CONTENT = "s.subject_id, s.content_version, s.content"

#: Stands in a noted question for the name of a subject, where a reverse look-up has its role.
LABEL_ROLE = "label"


def head() -> int:
    """The number of the last publication; 0 before the first."""
    return Publication.objects.order_by("-seq").values_list("seq", flat=True).first() or 0


def seq_at(moment: datetime) -> int:
    """The number of the last publication made by that moment; 0 when there was none."""
    return (
        Publication.objects.filter(at__lte=moment).order_by("-at").values_list("seq", flat=True).first() or 0
    )


def latest_statements(kind: str, ids: Iterable[int], seq: int | None = None) -> dict[int, Statement]:
    """The last statement of each subject, made by publication `seq` (default: ever)."""
    made = Statement.objects.filter(kind=kind).order_by("-publication_id")
    if seq is not None:
        made = made.filter(publication_id__lte=seq)
    newest = made.filter(subject_id=OuterRef("subject_id")).values("publication_id")[:1]
    rows = made.filter(subject_id__in=list(ids), publication_id=Subquery(newest))
    return {row.subject_id: row for row in rows}


def public_among(kind: str, ids: Collection[int]) -> set[int]:
    """Those of the subjects that readers see today. One query."""
    return {subject_id for (subject_id,) in _latest("s.subject_id", kind, ids, OPEN_SEQ)}


def _latest(columns: str, kind: str, ids: Collection[int], seq: int) -> list[tuple[Any, ...]]:
    """Columns of those of `latest_statements` that are not withdrawn.

    In plain SQL: to publish is to ask this for every kind, and making it from the models takes longer.
    """
    if not ids:
        return []
    table = connection.ops.quote_name(Statement._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {columns} FROM {table} s WHERE s.kind = %s"
            f" AND s.subject_id IN ({', '.join(['%s'] * len(ids))}) AND NOT s.withdrawn AND s.publication_id ="
            f" (SELECT MAX(n.publication_id) FROM {table} n WHERE n.kind = s.kind AND n.subject_id = s.subject_id"
            " AND n.publication_id <= %s)",
            [kind, *ids, seq],
        )
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def said_text(statement: Statement) -> str:
    """The canonical text of what the statement says, in today's shape: comparable with a working content."""
    if statement.content_version == CONTENT_VERSION:
        return statement.content
    content = json.loads(statement.content)
    return canonical(upcast(statement.kind, statement.content_version, content))


def resolve(kind: str, code: str, seq: int) -> Statement | None:
    """The last statement, by publication `seq`, of the subject that has that code."""
    return (
        Statement.objects.filter(kind=kind, code=code, publication_id__lte=seq)
        .order_by("-publication_id")
        .first()
    )


class PublishedWorld:
    """The published contents as of a publication, by default the last one, and a note of every question asked.

    statements: what that publication says, where it is yet to be stored.

    `asked` holds the keys of all contents, names and reverse look-ups, found or not: what an answer rests on. An author
    of a composer cannot forget a dependency, because what was not asked for could not be used.
    """

    def __init__(self, seq: int = OPEN_SEQ, statements: Iterable[Statement] = ()) -> None:
        self.seq = seq
        self.asked: set[str] = set()
        self._contents: dict[str, Mapping[str, Any] | None] = {
            f"{row.kind}:{row.subject_id}": None
            if row.withdrawn
            else upcast(row.kind, row.content_version, orjson.loads(row.content))
            for row in statements
        }
        self._labels: dict[str, Mapping[str, Any] | None] = {}
        self._pointing: dict[str, list[int]] = {}
        self._warmed: dict[str, set[int]] = {}

    def content(self, kind: str, subject_id: int) -> Mapping[str, Any] | None:
        self.asked.add(f"{kind}:{subject_id}")
        return self._content(kind, subject_id)

    def label(self, kind: str, subject_id: int) -> Mapping[str, Any] | None:
        key = f"{kind}:{subject_id}"
        self.asked.add(f"{LABEL_ROLE}>{key}")
        if key not in self._labels:
            content = self._content(kind, subject_id)
            self._labels[key] = None if content is None else own_label(content)
        return self._labels[key]

    def _content(self, kind: str, subject_id: int) -> Mapping[str, Any] | None:
        key = f"{kind}:{subject_id}"
        if key not in self._contents:
            self._load_contents({key})
        return self._contents[key]

    def pointing(self, role: str, kind: str, subject_id: int) -> list[int]:
        key = f"{role}>{kind}:{subject_id}"
        self.asked.add(key)
        if key not in self._pointing:
            # What one new record asks its like will ask too.
            alike = self._warmed.get(kind, set())
            self._load_pointing({key, *(f"{role}>{kind}:{pk}" for pk in alike)} - self._pointing.keys())
        return self._pointing[key]

    def read(self, subjects: Iterable[str]) -> None:
        """Load these contents at once."""
        self._load_contents(set(subjects) - self._contents.keys())

    def warm(self, subjects: Iterable[str]) -> None:
        """Load at once what the subjects' last compositions asked for."""
        wanted = set(subjects)
        by_kind: dict[str, list[int]] = {}
        for key in wanted:
            kind, _, subject_id = key.partition(":")
            by_kind.setdefault(kind, []).append(int(subject_id))
        for kind, ids in by_kind.items():
            self._warmed.setdefault(kind, set()).update(ids)
            wanted |= set(
                Dependency.objects.filter(kind=kind, subject_id__in=ids).values_list("key", flat=True)
            )
        looked_up = {key for key in wanted if ">" in key}
        labels = {key for key in looked_up if key.startswith(f"{LABEL_ROLE}>")}
        named = {key.partition(">")[2] for key in labels}
        self._load_contents((wanted - looked_up | named) - self._contents.keys())
        self._load_pointing(looked_up - labels - self._pointing.keys())

    def _load_contents(self, keys: set[str]) -> None:
        by_kind: dict[str, list[int]] = {}
        for key in keys:
            kind, _, subject_id = key.partition(":")
            by_kind.setdefault(kind, []).append(int(subject_id))
            self._contents[key] = None
        for kind, ids in by_kind.items():
            for found, version, text in _latest(_CONTENT, kind, ids, self.seq):
                self._contents[f"{kind}:{found}"] = upcast(kind, version, orjson.loads(text))

    def _load_pointing(self, keys: set[str]) -> None:
        for key in keys:
            self._pointing[key] = []
        rows = Reference.objects.filter(key__in=keys).order_by("key", "subject_id")
        for key, pointer in rows.values_list("key", "subject_id"):
            self._pointing[key].append(pointer)
