"""What records were called when an entry of the ledger was written, from the ledger itself, also when they are gone."""

from collections.abc import Iterable, Iterator, Mapping

from django.core.exceptions import ObjectDoesNotExist
from django.db import connection, models

from registry.models.base import Recorded
from registry.queries.facts import GONE, Model, Names, Row, names_in, read, references
from registry.rules.entry_hashes import content_digest
from registry.rules.redactions import ERASED

#: An entry, and a row that it names.
Named = tuple[int, Model, int]
_BATCH = 2000


def names_then(rows: Iterable[tuple[int, Model, Row]], also: Iterable[Named] = ()) -> Mapping[int, Names]:
    """By the number of each entry: what its rows call the records they name (and `also`), as they were called then.

    Beside it what they are called now, where that is something else, or that they are gone. One query for each table
    that is named, and two for the names of then.
    """
    rows, more = list(rows), set(also)
    now = names_in(((model, row) for _, model, row in rows), also={(model, pk) for _, model, pk in more})
    wanted = more | {(seq, *key) for seq, model, row in rows for key in references(model, row)}
    found: dict[int, dict[tuple[Model, int], str]] = {seq: dict(now) for seq, *_ in [*rows, *more]}
    for (seq, model, pk), then in called_then(wanted).items():
        found[seq][model, pk] = _both(then, now.get((model, pk)))
    return found


def called_then(wanted: Iterable[Named]) -> dict[Named, str]:
    """What each was called after that entry. Two queries for each 2 000."""
    then = rows_then(wanted)
    around = rows_then((seq, *key) for (seq, _, _), row in then.items() for key in _above(row))
    found = {}
    for (seq, model, pk), row in then.items():
        for column in row._meta.concrete_fields:
            if isinstance(column, models.ForeignKey):
                above = around.get((seq, column.related_model, getattr(row, column.attname)))
                if above is not None:
                    setattr(row, column.name, above)
        try:
            found[seq, model, pk] = str(row)
        except (ObjectDoesNotExist, TypeError, ValueError):  # half of a row has no name
            continue
    return found


def _both(then: str, now: str | None) -> str:
    if now is None or now == then:
        return then
    return f"{then}{GONE}" if now.endswith(GONE) else f"{then} (nay là {now})"


def rows_then(wanted: Iterable[Named]) -> dict[Named, models.Model]:
    """Rows as they stood after an entry, or last stood before it, not to be saved. One query for each 2 000.

    What is not what its digest says, and bears no mark of an erasure, is none.
    """
    found: dict[Named, models.Model] = {}
    asked = sorted(set(wanted), key=lambda one: (one[0], one[1]._meta.db_table, one[2]))
    tables = {model._meta.db_table: model for _, model, _ in asked}
    for start in range(0, len(asked), _BATCH):
        batch = asked[start : start + _BATCH]
        values = ", ".join(["(CAST(%s AS bigint), CAST(%s AS text), CAST(%s AS text))"] * len(batch))
        with connection.cursor() as cursor:
            cursor.execute(
                f"WITH wanted (seq, table_name, row_id) AS (VALUES {values})"
                " SELECT w.seq, w.table_name, w.row_id, coalesce(p.after, p.before), p.salt,"
                " CASE WHEN p.after IS NULL THEN l.before_digest ELSE l.after_digest END FROM wanted AS w"
                " JOIN registry_ledgerentry AS l ON l.seq = (SELECT max(e.seq) FROM registry_ledgerentry AS e"
                " WHERE e.table_name = w.table_name AND e.row_id = w.row_id AND e.seq <= w.seq)"
                " JOIN registry_ledgerpayload AS p ON p.seq = l.seq",
                [part for seq, model, pk in batch for part in (seq, model._meta.db_table, str(pk))],
            )
            for seq, table, row_id, text, salt, said in cursor.fetchall():
                if text and (ERASED in text or content_digest(salt, text) == said):
                    model = tables[table]
                    found[seq, model, int(row_id)] = instance(model, int(row_id), read(text))
    return found


def instance(model: Model, pk: int, said: Mapping[str, object]) -> models.Model:
    """A row that is not to be saved, with the columns that the ledger tells and that the table still has."""
    recorded = getattr(model, "recorded", None)
    left_out = recorded.exclude if isinstance(recorded, Recorded) else ()
    known = {
        f.column or "": f for f in model._meta.concrete_fields if not f.primary_key and f.name not in left_out
    }
    return model(pk=pk, **{f.attname: f.to_python(said[c]) for c, f in known.items() if c in said})


def _above(row: models.Model) -> Iterator[tuple[Model, int]]:
    for column in row._meta.concrete_fields:
        if isinstance(column, models.ForeignKey) and (pk := getattr(row, column.attname)) is not None:
            yield column.related_model, pk
