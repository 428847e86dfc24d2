"""The editions after a redaction: made again from what the publications still say, and told to who keeps copies."""

import hashlib
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import orjson
from django.db import models

from registry.actions.announce import tell
from registry.actions.editions import (
    Key,
    Stretch,
    days_that_differ,
    first_of_composer,
    make_editions_again,
    open_stretches,
    words_kept,
)
from registry.models import EDITIONS, Announcement, Dependency, EditionTerm, Statement
from registry.models.editions import Edition
from registry.queries.occurrences import bodies_with
from registry.rules.composition.orders import IN_COLUMNS, order_terms, order_values
from registry.rules.redactions import SHORTEST, without
from registry.rules.text import LONGEST_WORD, search_text, sort_key

#: Terms that are words of the answer, folded and maybe cut. All others are codes, days and figures, which stay.
_SAID = ("exact", "name", "publisher", "reference", "sector_name")


def remake_editions(
    changed: Collection[Key], instead: Mapping[str, str], at: datetime, *, told_of: Collection[Key] = ()
) -> None:
    """Make the editions say what the statements say now, and announce every record whose answers changed.

    changed: the subjects of which a statement lost something. told_of: those in whose history something was taken out
    that no edition says; they are announced too. What a former composer's code made cannot be made again: there the
    words are taken out of what it made.
    """
    before, open_before = _digests(), _open_stretches(_may_change(changed))
    first = first_of_composer()
    for model, ids in bodies_with(instead).items():
        for row in model._default_manager.filter(pk__in=ids, known_from__lt=first):
            _empty(row, instead)
    make_editions_again()
    after = _digests()
    differing = {key for key in {*before, *after} if before.get(key) != after.get(key)}
    differing |= {*changed, *told_of}
    open_after = _open_stretches(differing & open_before.keys())
    days = {key: days_that_differ(open_before[key], open_after[key]) for key in open_after}
    codes = _codes(differing)
    rows = []
    for kind, subject_id in sorted(differing):
        first_day, last_day = days.get((kind, subject_id)) or (None, None)
        rows.append(
            Announcement(
                kind=kind,
                subject_id=subject_id,
                code=codes[kind, subject_id],
                news="redacted",
                first_day=first_day,
                last_day=last_day,
            )
        )
    tell(rows, at)


def _digests() -> dict[Key, bytes]:
    """A hash of all editions of each subject."""
    found: dict[Key, Any] = {}
    columns = ("subject_id", "known_from", "valid_from", "known_to", "valid_to", "etag")
    for kind, model in EDITIONS.items():
        for subject_id, *row in (
            model._default_manager.order_by(*columns[:3]).values_list(*columns).iterator()
        ):
            found.setdefault((kind, subject_id), hashlib.sha256()).update(repr(row).encode())
    return {key: sha.digest() for key, sha in found.items()}


def _may_change(changed: Collection[Key]) -> set[Key]:
    """The subjects whose answers of today rest on what these say."""
    keys = [f"{prefix}{kind}:{pk}" for kind, pk in changed for prefix in ("", "label>")]
    return {*changed, *Dependency.objects.filter(key__in=keys).values_list("kind", "subject_id")}


def _open_stretches(subjects: Collection[Key]) -> dict[Key, dict[Stretch, int]]:
    found: dict[Key, dict[Stretch, int]] = {}
    for kind in EDITIONS:
        ids = [subject_id for other, subject_id in subjects if other == kind]
        found |= {(kind, subject_id): held for subject_id, held in open_stretches(kind, ids).items()}
    return found


def _empty(row: Edition, instead: Mapping[str, str]) -> None:
    """Take the words out of an edition: its answer, its columns, what it is found by."""
    body = without(bytes(row.body).decode(), instead).encode()
    new: dict[str, Any] = {"body": body, "etag": hashlib.sha256(row.etag.encode() + body).hexdigest()}
    folded = {search_text(words): search_text(mark) for words, mark in instead.items()}
    ordered = {sort_key(words): sort_key(mark) for words, mark in instead.items()}
    for field in row._meta.concrete_fields:
        said = getattr(row, field.attname)
        if isinstance(said, str) and field.attname not in ("etag", "code"):
            marks = {"search_text": folded, "sort_key": ordered}.get(field.attname, instead)
            new[field.attname] = without(said, marks)
    kind = next(kind for kind, model in EDITIONS.items() if isinstance(row, model))
    answer = orjson.loads(body)
    orders = order_values(kind, answer)
    if kind in IN_COLUMNS:
        new |= orders
    type(row)._default_manager.filter(pk=row.pk).update(**new)
    words = set(words_kept(kind, row, row.search_text)) - set(words_kept(kind, row, new["search_text"]))
    terms = EditionTerm.objects.filter(kind=kind, edition_id=row.pk)
    terms.filter(
        models.Q(term="word", value__in=words)
        | models.Q(term__in=orders)
        | models.Q(pk__in=[term.pk for term in terms.filter(term__in=_SAID) if _says(term.value, folded)])
    ).delete()
    EditionTerm.objects.bulk_create(
        EditionTerm(kind=kind, edition_id=row.pk, term=name, value=value)
        for name, value in order_terms(kind, answer)
    )


def _says(value: str, folded: Collection[str]) -> bool:
    """Whether a term holds the words, or, cut where it is longest, the beginning of them."""
    cut = len(value) == LONGEST_WORD
    return any(
        words in value or (cut and any(value.endswith(words[:n]) for n in range(SHORTEST, len(words))))
        for words in folded
    )


def _codes(keys: Collection[Key]) -> dict[Key, str]:
    found: dict[Key, str] = {}
    # One publication may have told of everything: so many numbers are more than a query takes.
    rows = Statement.objects.filter(kind__in={kind for kind, _ in keys}).order_by("publication_id")
    for kind, subject_id, code in rows.values_list("kind", "subject_id", "code").iterator():
        if (kind, subject_id) in keys:
            found[kind, subject_id] = code
    return found
