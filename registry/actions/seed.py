"""Loading what the documents state, once: never over what staff have typed, corrected or withdrawn."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Q

from registry.actions.fixtures import FixtureProblem, Record, file_of, read_fixtures, values_of
from registry.actions.publish import publish_seed
from registry.ledger.context import recorded
from registry.models import (
    SUBJECTS,
    AdministrativeUnit,
    Citation,
    LedgerEntry,
    PlaceCode,
    Publication,
    SeedMark,
)
from registry.models.base import Subject
from registry.queries.contents import children_of
from registry.queries.references import unpublished_references
from registry.queries.reviews import BY_MIGRATION, reviews
from registry.rules.canonical import canonical, digest
from registry.rules.moments import Clock


@dataclass(slots=True)
class SeedReport:
    """What a run did. All records by key `kind:code`; nothing loaded: there was nothing new."""

    loaded: list[str] = field(default_factory=list)
    #: staff had the record already, under its code or its number
    left_alone: list[str] = field(default_factory=list)
    #: loaded as drafts, because they name a record that is not published
    unpublished: list[str] = field(default_factory=list)
    #: loaded by an earlier release, of which the fixtures now say something else: staff compare and enter it
    told_otherwise: list[str] = field(default_factory=list)
    #: loaded by an earlier release: their citations are now those of the fixtures
    cited_anew: list[str] = field(default_factory=list)
    publication: Publication | None = None


def seed(directory: Path, *, at: datetime | Clock, today: date, renew_citations: bool = False) -> SeedReport:
    """Load and publish, in one transaction, every record of the fixtures that was never loaded before.

    A record that staff had already is left as it is. renew_citations: the records of an earlier release that nobody
    touched and whose values the fixtures still state get the citations of the fixtures, and are published with them.
    Raises FixtureProblem, and what publishing raises.
    """
    records = {
        f"{kind}:{code}": record
        for kind, found in read_fixtures(directory).items()
        for code, record in found.items()
    }
    digests = {key: digest(canonical(record)) for key, record in records.items()}
    with recorded(actor="seed", reason="Nạp dữ liệu từ tài liệu"):
        marked = dict(SeedMark.objects.values_list("key", "digest"))
        new = {key: record for key, record in records.items() if key not in marked}
        otherwise = sorted(key for key in records.keys() & marked.keys() if marked[key] != digests[key])
        loading = _Loading(records, new)
        loading.run()
        SeedMark.objects.bulk_create(SeedMark(key=key, digest=digests[key]) for key in new)
        cited = loading.renew_citations(otherwise) if renew_citations else {}
        for key in cited:
            SeedMark.objects.filter(key=key).update(digest=digests[key])
        report = SeedReport(
            loaded=list(loading.loaded),
            left_alone=loading.left_alone,
            told_otherwise=[key for key in otherwise if key not in cited],
            cited_anew=list(cited),
        )
        ready = _publishable(loading.loaded | cited)
        report.unpublished = [key for key in loading.loaded | cited if key not in ready]
        if ready:
            report.publication = publish_seed(list(ready.values()), at=at, today=today)
        return report


def _untouched(subjects: Iterable[Subject]) -> set[str]:
    """The keys of those that are published as they stand and that the ledger knows from seeds and migrations alone."""
    by_kind: dict[str, list[int]] = {}
    for subject in subjects:
        by_kind.setdefault(subject.kind, []).append(subject.pk)
    published = {
        f"{kind}:{pk}"
        for kind, ids in by_kind.items()
        for pk, review in reviews(kind, ids).items()
        if review.state == "published"
    }
    others = LedgerEntry.objects.filter(~BY_MIGRATION, ~Q(actor="seed"), subject__in=published)
    return published - set(others.values_list("subject", flat=True))


def _publishable(loaded: Mapping[str, Subject]) -> dict[str, Subject]:
    """Those that name nothing a reader could not see, once they are published together."""
    ready = dict(loaded)
    while unpublished_references(ready.values()):
        together = {subject.key for subject in ready.values()}
        alone = {
            key: subject
            for key, subject in ready.items()
            if {other.key for other in unpublished_references([subject])} <= together
        }
        ready = alone
    return ready


class _Loading:
    """One run over the new records. What a row refers to is loaded before it."""

    def __init__(self, records: Mapping[str, Record], new: Mapping[str, Record]) -> None:
        self.records, self.new = records, new
        self.loaded: dict[str, Subject] = {}
        self.left_alone: list[str] = []
        self._subjects: dict[str, Subject] = {}
        self._under_way: set[str] = set()
        self._with_rows: set[str] = set()

    def run(self) -> None:
        for key in self.new:
            self.subject(*_parts(key), _where(key))
        for key in list(self.loaded):
            self.rows_of(key)

    def subject(self, kind: str, code: str, where: str) -> Subject:
        """The record of that code: loaded before, loaded now, or staff's own."""
        key = f"{kind}:{code}"
        if key not in self._subjects:
            found: Subject | None = SUBJECTS[kind]._default_manager.filter(code=code).first()
            if found is None and key not in self.records:
                raise FixtureProblem(where, f"không có bản ghi “{key}”.")
            if found is None:
                found = self._load(key)
            elif key in self.new:
                self.left_alone.append(key)
            self._subjects[key] = found
        return self._subjects[key]

    def _load(self, key: str) -> Subject:
        if key in self._under_way:
            raise FixtureProblem(_where(key), "các bản ghi chỉ tới nhau thành vòng.")
        self._under_way.add(key)
        kind, code = _parts(key)
        row: Subject = SUBJECTS[kind](code=code)
        self._fill(row, self.records[key], _where(key))
        twin = _twin(row, _where(key)) or self._place_of_same_code(kind, key)
        if twin is not None:
            self.left_alone += [key] if key in self.new else []
            return twin
        if key not in self.new:
            raise FixtureProblem(
                _where(key), "bản ghi đã nạp trước đây và đã bị xóa, nhưng bản ghi mới còn chỉ tới."
            )
        _save(row, _where(key))
        self.loaded[key] = row
        return row

    def _place_of_same_code(self, kind: str, key: str) -> Subject | None:
        """Staff's place that has, on a day of the fixture's, the official code that it has there."""
        if kind != AdministrativeUnit.kind:
            return None
        for place, item in enumerate(_items(self.records[key], "codes", _where(key)), start=1):
            code = PlaceCode()
            self._fill(code, item, f"{_where(key)}, codes {place}")
            theirs = PlaceCode.objects.filter(official_code=code.official_code)
            if code.valid_to is not None:
                theirs = theirs.filter(Q(valid_from=None) | Q(valid_from__lt=code.valid_to))
            if code.valid_from is not None:
                theirs = theirs.filter(Q(valid_to=None) | Q(valid_to__gt=code.valid_from))
            # Those of this run are the fixtures' own: two that clash are a mistake, and refused as one.
            loaded = [row.pk for row in self.loaded.values() if row.kind == kind]
            if (found := theirs.exclude(unit__in=loaded).first()) is not None:
                return found.unit
        return None

    def rows_of(self, key: str) -> None:
        """Load what belongs to a record: lists of references, and the rows of its child tables."""
        if key in self.loaded and key not in self._with_rows:
            self._with_rows.add(key)
            self._belongings(self.loaded[key], self.records[key], _where(key))

    def _belongings(self, row: models.Model, record: Record, where: str) -> None:
        for many in row._meta.local_many_to_many:
            if many.name in record:
                self._list(row, many, _items(record, many.name, where), where)
        for relation in children_of(type(row)):
            accessor = relation.get_accessor_name() or ""
            for place, item in enumerate(_items(record, accessor, where), start=1):
                here = f"{where}, {accessor} {place}"
                if not isinstance(item, Mapping):
                    raise FixtureProblem(here, "phải ghi từng trường của dòng này.")
                child = relation.related_model(**{relation.field.name: row})
                self._fill(child, item, here)
                _save(child, here)
                self._belongings(child, item, here)

    def renew_citations(self, keys: Iterable[str]) -> dict[str, Subject]:
        """Give the records loaded before the citations of the fixtures, where nothing else differs and nobody but
        seeds had a hand in them; those that have other citations now, by key.
        """
        subjects = {key: row for key in keys if (row := _loaded_before(key)) is not None}
        untouched, renewed = _untouched(subjects.values()), {}
        for key, row in subjects.items():
            try:
                same = row.key in untouched and self._says(row, self.records[key], _where(key))
                told = self._citations(row, self.records[key], _where(key)) if same else {}
            except FixtureProblem:
                continue  # It names a record that staff have removed since: theirs to settle.
            there = {_columns(citation): citation for citation in row.citations.all()}  # type: ignore[attr-defined]
            if not same or told.keys() == there.keys():
                continue
            for columns in there.keys() - told.keys():
                there[columns].delete()
            for columns, citation in told.items():
                if columns not in there:
                    _save(citation, _where(key))
            renewed[key] = row
        return renewed

    def _citations(self, row: Subject, record: Record, where: str) -> dict[tuple[Any, ...], Citation]:
        found = {}
        for place, item in enumerate(_items(record, "citations", where), start=1):
            citation = Citation(**{row.kind: row})
            self._fill(citation, item, f"{where}, citations {place}")
            found[_columns(citation)] = citation
        return found

    def _says(self, row: models.Model, record: Record, where: str, **owner: models.Model) -> bool:
        """Whether the row and all that belongs to it, citations aside, are what would be loaded today."""
        told = type(row)(pk=row.pk, **({"code": row.code} if isinstance(row, Subject) else owner))
        self._fill(told, record, where)
        _clean(partial(told.full_clean, validate_unique=False, validate_constraints=False), where)
        if _columns(told) != _columns(row):
            return False
        for many in row._meta.local_many_to_many:
            codes = _items(record, many.name, where)
            named = {self._referred(many.related_model, code, where).pk for code in codes}
            if named != {other.pk for other in getattr(row, many.name).all()}:
                return False
        for relation in children_of(type(row)):
            accessor = relation.get_accessor_name() or ""
            if relation.related_model is Citation:
                continue
            items, rows = _items(record, accessor, where), list(getattr(row, accessor).all())
            for item in items:
                child = next(
                    (child for child in rows if self._says(child, item, where, **{relation.field.name: row})),
                    None,
                )
                if child is None:
                    return False
                rows.remove(child)
            if rows:
                return False
        return True

    def _list(
        self, row: models.Model, many: "models.ManyToManyField[Any, Any]", codes: Iterable[Any], where: str
    ) -> None:
        others = [self._referred(many.related_model, code, where) for code in codes]
        through: Any = many.remote_field.through
        if through._meta.auto_created:
            getattr(row, many.name).set(others)
            return
        ends = {many.m2m_field_name(), many.m2m_reverse_field_name()}
        # A join that repeats a column of its owner (the decision of an effect) takes it from there.
        repeated = {
            column.name: getattr(row, column.name)
            for column in through._meta.concrete_fields
            if column.is_relation and column.name not in ends
        }
        for other in others:
            joined = through(**{many.m2m_field_name(): row, many.m2m_reverse_field_name(): other}, **repeated)
            _save(joined, where)

    def _fill(self, row: models.Model, record: Record, where: str) -> None:
        belongings = {many.name for many in row._meta.local_many_to_many}
        belongings |= {relation.get_accessor_name() or "" for relation in children_of(type(row))}
        for key, value in record.items():
            if key in belongings:
                continue
            values = values_of(type(row), key, value, where)
            if values is None:
                values = {key: self._referred(_target(row, key, where), value, f"{where}, {key}")}
            for name, found in values.items():
                setattr(row, name, found)

    def _referred(self, model: Any, value: Any, where: str) -> models.Model:
        """The row that a reference names: a record by its code, a row of a record by {decision, position}."""
        if isinstance(value, str) and issubclass(model, Subject):
            return self.subject(model.kind, value, where)
        if not isinstance(value, Mapping):
            raise FixtureProblem(where, f"không chỉ tới bản ghi nào: “{value}”.")
        named: dict[str, Any] = {}
        for key, part in value.items():
            values = values_of(model, key, part, where)
            if values is None:
                owner = self._referred(_target(model(), key, where), part, where)
                if isinstance(owner, Subject):
                    self.rows_of(f"{owner.kind}:{owner.code}")
                values = {key: owner}
            named |= values
        found: models.Model | None = model._default_manager.filter(**named).first()
        if found is None:
            raise FixtureProblem(where, f"không có dòng nào như {dict(value)}.")
        return found


def _loaded_before(key: str) -> Subject | None:
    kind, code = _parts(key)
    found: Subject | None = SUBJECTS[kind]._default_manager.filter(code=code).first()
    return found


def _columns(row: models.Model) -> tuple[Any, ...]:
    """What its columns say, but for its number and what is made from the others."""
    made = row.recorded.exclude  # type: ignore[attr-defined]
    fields = (
        field for field in row._meta.concrete_fields if not field.primary_key and field.name not in made
    )
    return tuple(getattr(row, field.attname) for field in fields)


def _target(row: models.Model, key: str, where: str) -> Any:
    """The table a reference points to."""
    column = row._meta.get_field(key)
    if not isinstance(column, models.ForeignKey):
        raise FixtureProblem(where, f"không có trường “{key}”.")
    return column.related_model


def _items(record: Record, key: str, where: str) -> Sequence[Any]:
    items = record.get(key, [])
    if not isinstance(items, list):
        raise FixtureProblem(where, f"“{key}” phải là một danh sách.")
    return items


def _twin(row: Subject, where: str) -> Subject | None:
    """Staff's record of the same paper or enterprise, typed under another code."""
    _clean(row.clean, where)
    for constraint in row._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and constraint.fields:
            named = {name: getattr(row, name) for name in constraint.fields}
            if not any(value in (None, "") for value in named.values()):
                found: Subject | None = type(row)._default_manager.filter(**named).first()
                if found is not None:
                    return found
    return None


def _save(row: models.Model, where: str) -> None:
    """The database holds the constraints; only a row that it refuses is asked which, for the words."""
    _clean(partial(row.full_clean, validate_constraints=False), where)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        _clean(row.full_clean, where)
        raise


def _clean(check: Callable[[], None], where: str) -> None:
    try:
        check()
    except ValidationError as error:
        raise FixtureProblem(where, " ".join(error.messages)) from None


def _parts(key: str) -> tuple[str, str]:
    kind, _, code = key.partition(":")
    return kind, code


def _where(key: str) -> str:
    kind, code = _parts(key)
    return f"{file_of(kind)}, “{code}”"
