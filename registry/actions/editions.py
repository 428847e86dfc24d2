"""Keeps the editions equal to what the statements compose to."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

import orjson
from django.db import models, transaction
from django.db.models import Max

from registry.ledger.context import recorded
from registry.models import EDITIONS, Dependency, EditionTerm, Publication, Reference, Statement
from registry.models.editions import OPEN_SEQ, Edition
from registry.models.rows import insert_rows
from registry.queries.published import LABEL_ROLE, PublishedWorld
from registry.rules.composition.subjects import COMPOSER, COMPOSERS, references
from registry.rules.composition.world import Rectangle, Term
from registry.rules.shelves import ORDERED_BY, on_shelf
from registry.rules.text import LONGEST_WORD, search_text, search_words

Key = tuple[str, int]

#: The columns that identify a record to people; not every kind has each.
IDENTIFYING = ("code", "number", "enterprise_code", "project_code", "vsic_code")


#: Who moved what: by key, those published subjects of which the answer to that question changed.
Moved = Mapping[str, Collection[Key]]


@dataclass(frozen=True, slots=True)
class Difference:
    """The first and last day on which the answer about a subject differs from before.

    causes: the published subjects on which that answer rests, before or after; none of one published itself.
    """

    kind: str
    subject_id: int
    first_day: date
    last_day: date
    causes: frozenset[Key] = frozenset()


class Stretch(NamedTuple):
    """The days [valid_from, valid_to) and the answer for them, told from every other by its etag."""

    valid_from: date
    valid_to: date
    etag: str


def refresh(statements: Iterable[Statement], seq: int, *, everything: bool = False) -> list[Difference]:
    """Compose again, as of publication `seq`, exactly the subjects whose noted answers changed.

    statements: those of that publication; they need not be stored yet. everything: the code that composes is another
    one than at the publication before, so every published subject. Returns the differences, one a subject.
    """
    statements = list(statements)
    changed = sorted({(row.kind, row.subject_id) for row in statements})
    world = PublishedWorld(seq, statements)
    # Other code may also find other references in what was said long ago.
    subjects = sorted({*published_subjects(seq), *changed}) if everything else changed
    pointing, labels = _move_references(subjects, world), _moved_labels(changed, world)
    moved: dict[str, set[Key]] = {}
    for key in changed:
        for question in {f"{key[0]}:{key[1]}", *pointing[key], *labels.get(key, ())}:
            moved.setdefault(question, set()).add(key)
    if not everything:
        affected = Dependency.objects.filter(key__in=moved).values_list("kind", "subject_id")
        subjects = sorted({*changed, *affected})
    return _recompose(subjects, world, moved)


def first_of_composer() -> int:
    """Since which number today's code, and no other, has composed; 1 when it always has."""
    others = Publication.objects.exclude(composer=COMPOSER)
    return (others.aggregate(last=Max("seq"))["last"] or 0) + 1


def _recompose(subjects: Collection[Key], world: PublishedWorld, moved: Moved) -> list[Difference]:
    world.warm(f"{kind}:{subject_id}" for kind, subject_id in subjects)
    differences = []
    for kind in sorted({kind for kind, _ in subjects}):
        ids = [subject_id for other, subject_id in subjects if other == kind]
        differences += _reconcile(world, kind, ids, moved)
    return differences


def _move_references(changed: list[Key], world: PublishedWorld) -> dict[Key, set[str]]:
    """Store what the changed subjects point to now; the keys that each gained or lost."""
    moved: dict[Key, set[str]] = {}
    for kind in sorted({kind for kind, _ in changed}):
        ids = [subject_id for other, subject_id in changed if other == kind]
        before: dict[int, set[str]] = {subject_id: set() for subject_id in ids}
        rows = Reference.objects.filter(kind=kind, subject_id__in=ids)
        for subject_id, key in rows.values_list("subject_id", "key"):
            before[subject_id].add(key)
        world.read(f"{kind}:{subject_id}" for subject_id in ids)
        new = []
        for subject_id in ids:
            content = world.content(kind, subject_id)
            now = references(kind, content) if content is not None else set()
            lost = before[subject_id] - now
            if lost:
                Reference.objects.filter(kind=kind, subject_id=subject_id, key__in=lost).delete()
            gained = now - before[subject_id]
            new += [(kind, subject_id, key) for key in gained]
            moved[kind, subject_id] = lost | gained
        insert_rows(Reference, ("kind", "subject_id", "key"), sorted(new))
    return moved


def _moved_labels(changed: list[Key], now: PublishedWorld) -> dict[Key, set[str]]:
    """By subject, the names gained, lost or altered by the publication that made this world."""
    before = PublishedWorld(now.seq - 1)
    before.read(f"{kind}:{subject_id}" for kind, subject_id in changed)
    return {
        (kind, subject_id): {f"{LABEL_ROLE}>{kind}:{subject_id}"}
        for kind, subject_id in changed
        if before.label(kind, subject_id) != now.label(kind, subject_id)
    }


def _reconcile(world: PublishedWorld, kind: str, ids: list[int], moved: Moved) -> list[Difference]:
    model = EDITIONS[kind]
    before = open_stretches(kind, ids)
    closed: list[int] = []
    new: list[tuple[Edition, tuple[Term, ...]]] = []
    asked: dict[int, set[str]] = {}
    days: dict[int, tuple[date, date] | None] = {}
    for subject_id in ids:
        world.asked = set()
        old, now = before[subject_id], _composed(world, kind, subject_id)
        asked[subject_id] = world.asked
        closed += [pk for stretch, pk in old.items() if stretch not in now]
        new += [
            (_edition(world, kind, subject_id, stretch, *made), made[0].terms)
            for stretch, made in now.items()
            if stretch not in old
        ]
        days[subject_id] = days_that_differ(old, now)
    if closed:
        model.objects.filter(pk__in=closed).update(known_to=world.seq)
    model.objects.bulk_create([row for row, _ in new])
    _add_terms(kind, new)
    noted = _note(kind, asked)
    return [
        Difference(kind, pk, *differing, causes=_causes((kind, pk), asked[pk] | noted[pk], moved))
        for pk, differing in days.items()
        if differing is not None
    ]


def _causes(subject: Key, asked: set[str], moved: Moved) -> frozenset[Key]:
    """asked: what its answer rests on, and rested on before."""
    if f"{subject[0]}:{subject[1]}" in moved:
        return frozenset()
    return frozenset(key for question in asked & moved.keys() for key in moved[question])


def open_stretches(kind: str, ids: Iterable[int]) -> dict[int, dict[Stretch, int]]:
    """What each subject's open editions answer, in the order of days, with the id of the edition. One query."""
    found: dict[int, dict[Stretch, int]] = {subject_id: {} for subject_id in ids}
    rows = EDITIONS[kind]._default_manager.filter(subject_id__in=list(found), known_to=OPEN_SEQ)
    for subject_id, pk, *stretch in rows.order_by("valid_from").values_list(
        "subject_id", "pk", *Stretch._fields
    ):
        found[subject_id][Stretch(*stretch)] = pk
    return found


def _composed(world: PublishedWorld, kind: str, subject_id: int) -> dict[Stretch, tuple[Rectangle, bytes]]:
    """What the subject's answers are now, in the order of days, with the body as it is stored."""
    found = {}
    for rectangle in COMPOSERS[kind](world, subject_id):
        body = orjson.dumps(rectangle.body)
        stretch = Stretch(rectangle.valid_from, rectangle.valid_to, _etag(rectangle, body))
        found[stretch] = rectangle, body
    return found


def _edition(
    world: PublishedWorld, kind: str, subject_id: int, stretch: Stretch, rectangle: Rectangle, body: bytes
) -> Edition:
    model, content = EDITIONS[kind], world.content(kind, subject_id)
    columns = {name: _field(model, name).to_python(value) for name, value in rectangle.columns.items()}
    return model(
        subject_id=subject_id,
        code=content["code"] if content else "",
        known_from=world.seq,
        body=body,
        **stretch._asdict(),
        **columns,
    )


def _field(model: type[Edition], name: str) -> "models.Field[Any, Any]":
    field = model._meta.get_field(name)
    assert isinstance(field, models.Field)
    return field


def _etag(rectangle: Rectangle, body: bytes) -> str:
    columns = orjson.dumps([dict(rectangle.columns), rectangle.terms], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(columns + b"\n" + body).hexdigest()


def _add_terms(kind: str, new: list[tuple[Edition, tuple[Term, ...]]]) -> None:
    """In the order in which they are looked up, so that an index is walked and not searched for each."""
    rows = [
        (kind, term, value, row.pk, position[0] if position else 0)
        for row, terms in new
        for term, value, *position in (*terms, *words_of(kind, row))
    ]
    insert_rows(EditionTerm, ("kind", "term", "value", "edition_id", "row"), sorted(rows))


def _note(kind: str, asked: dict[int, set[str]]) -> dict[int, set[str]]:
    """Note what each subject's composition asked for; what had been noted before."""
    noted: dict[int, set[str]] = {subject_id: set() for subject_id in asked}
    rows = Dependency.objects.filter(kind=kind, subject_id__in=list(asked))
    for subject_id, key in rows.values_list("subject_id", "key"):
        noted[subject_id].add(key)
    new = []
    for subject_id, keys in asked.items():
        if gone := noted[subject_id] - keys:
            Dependency.objects.filter(kind=kind, subject_id=subject_id, key__in=gone).delete()
        new += [(kind, subject_id, key) for key in keys - noted[subject_id]]
    insert_rows(Dependency, ("kind", "subject_id", "key"), sorted(new))
    return noted


def words_of(kind: str, row: Edition) -> Iterator[Term]:
    """What a search finds an edition by: its words, and its code and number as a whole."""
    yield from (("word", word) for word in words_kept(kind, row, row.search_text))
    numbers = {search_text(value)[:LONGEST_WORD] for name in IDENTIFYING if (value := getattr(row, name, ""))}
    yield from (("exact", number) for number in sorted(numbers))


def words_kept(kind: str, row: Edition, text: str) -> list[str]:
    """The words of a text of the edition, as they are kept."""
    words = search_words(text)
    if kind not in ORDERED_BY:
        return words
    day = getattr(row, ORDERED_BY[kind])
    return list(dict.fromkeys(on_shelf(word, day) for word in words))


def days_that_differ(before: Iterable[Stretch], after: Iterable[Stretch]) -> tuple[date, date] | None:
    """The first and last day on which two answers over the same axis of days differ."""
    before, after = list(before), list(after)
    cuts = sorted({day for row in [*before, *after] for day in (row.valid_from, row.valid_to)})
    first = last = None
    for start, end in pairwise(cuts):
        if _etag_on(before, start) != _etag_on(after, start):
            first, last = first or start, end - timedelta(days=1)
    return None if first is None or last is None else (first, last)


def _etag_on(rows: list[Stretch], day: date) -> str | None:
    return next((row.etag for row in rows if row.valid_from <= day < row.valid_to), None)


def rebuild_editions(*, check: bool = False) -> list[str]:
    """Make the editions again from the publications; the differences found, none when all was right.

    Editions that a former composer's code made stay as they are: the rebuild begins at the first publication
    of today's code. With `check` nothing is changed.
    """
    with recorded(reason="rebuild_editions"):
        before = editions_digest()
        make_editions_again()
        after = editions_digest()
        if check:
            transaction.set_rollback(True)
    return [kind for kind in before if before[kind] != after[kind]]


def make_editions_again() -> None:
    """From the first publication of today's composer on. Needs `recorded`."""
    first = first_of_composer()
    if not Publication.objects.filter(seq__gte=first).exists():
        return
    for kind, model in EDITIONS.items():
        stale = model.objects.filter(known_from__gte=first)
        EditionTerm.objects.filter(kind=kind, edition_id__in=stale.values("pk")).delete()
        stale.delete()
        model.objects.filter(known_to__gte=first).update(known_to=OPEN_SEQ)
    Reference.objects.all().delete()
    Dependency.objects.all().delete()
    _recall_before(first)
    seqs = Publication.objects.filter(seq__gte=first).order_by("seq").values_list("seq", flat=True)
    for place, seq in enumerate(seqs):
        refresh(Statement.objects.filter(publication_id=seq), seq, everything=place == 0)


def _recall_before(first: int) -> None:
    """References and noted questions as they stood before publication `first`."""
    earlier = published_subjects(first - 1)
    if not earlier:
        return
    world = PublishedWorld(first - 1)
    _move_references(earlier, world)
    for kind, subject_id in earlier:
        world.asked = set()
        COMPOSERS[kind](world, subject_id)
        _note(kind, {subject_id: world.asked})


def published_subjects(seq: int) -> list[Key]:
    """Every subject of which a statement was made by publication `seq`."""
    rows = Statement.objects.filter(publication_id__lte=seq).order_by()
    return sorted(set(rows.values_list("kind", "subject_id")))


def editions_digest() -> dict[str, str]:
    """A hash of all editions of each kind, the same whatever the ids and the order of rows."""
    result = {}
    for kind, model in sorted(EDITIONS.items()):
        sha = hashlib.sha256()
        columns = [field.attname for field in model._meta.concrete_fields if field.name not in ("id", "body")]
        rows = model.objects.order_by("subject_id", "known_from", "valid_from").values_list(
            *columns, "body", "pk"
        )
        terms: dict[int, list[Any]] = {}
        for edition_id, *term in EditionTerm.objects.filter(kind=kind).values_list(
            "edition_id", "term", "value", "row"
        ):
            terms.setdefault(edition_id, []).append(tuple(term))
        for *values, body, pk in rows.iterator():
            sha.update(repr([*map(str, values), sorted(terms.get(pk, []))]).encode() + bytes(body))
        result[kind] = sha.hexdigest()
    noted: tuple[tuple[str, type[Reference] | type[Dependency]], ...] = (
        ("references", Reference),
        ("dependencies", Dependency),
    )
    for name, table in noted:
        keys = table.objects.order_by("kind", "subject_id", "key").values_list("kind", "subject_id", "key")
        result[name] = hashlib.sha256(repr(list(keys)).encode()).hexdigest()
    return result
