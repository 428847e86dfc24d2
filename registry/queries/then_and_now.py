"""A record as it was, beside the record as it is: row by row, fact by fact, and what restoring each would write."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from registry.models import SUBJECTS
from registry.queries.as_it_was import Past, Rows, content, names_then, stored
from registry.queries.contents import children_of
from registry.queries.facts import Model, Names, columns_told, fact, names_in, plain_rows, title
from registry.rules.redactions import ERASED

#: Headings of a form and the columns under each, in the order of the form, for each table.
Layout: TypeAlias = Mapping[Model, Sequence[tuple[str, Sequence[str]]]]

#: renamed: the same record, which is called otherwise by now. absent, lost: a column that did not exist then, that
#: is no longer. later: a kind of rows that did not exist then. unreadable: taken out of the ledger by law.
State = Literal[
    "same", "changed", "then_only", "now_only", "renamed", "absent", "lost", "later", "unreadable"
]

_SAID: dict[State, str] = {
    "same": "",
    "changed": "khác",
    "then_only": "nay không còn",
    "now_only": "khi đó chưa có",
    "renamed": "nay gọi khác",
    "absent": "khi đó sổ chưa có ô này",
    "lost": "nay sổ không còn ô này",
    "later": "khi đó sổ chưa có loại dòng này",
    "unreadable": "nội dung khi đó đã được bỏ khỏi sổ cái",
}
#: What is told of other columns and follows them.
_ALONG = {"number": ("number_year",)}


@dataclass(frozen=True, slots=True)
class Line:
    """One fact. `key`: by what it is chosen to be restored; "" where there is nothing to restore."""

    label: str
    then: str
    now: str
    state: State
    key: str = ""

    @property
    def said(self) -> str:
        return _SAID[self.state]

    @property
    def differs(self) -> bool:
        return self.state not in ("same", "renamed")


@dataclass(frozen=True, slots=True)
class Part:
    """One row. The record's own has no title; `rows` is what rows of its kind are called."""

    model: Model
    pk: int
    title: str
    state: State
    groups: tuple[tuple[str, tuple[Line, ...]], ...]
    key: str = ""

    @property
    def said(self) -> str:
        return _SAID[self.state]

    @property
    def rows(self) -> str:
        return str(self.model._meta.verbose_name_plural)

    @property
    def lines(self) -> tuple[Line, ...]:
        return tuple(line for _, lines in self.groups for line in lines)

    @property
    def differs(self) -> bool:
        return self.state != "same"


@dataclass(slots=True)
class _Sides:
    """Both sides, by what they are called then, today, and what the rows of then would be called today."""

    past: Past
    then: Names
    now: Names
    layout: Layout = field(default_factory=dict)


def compare(past: Past, now: Rows, layout: Layout | None = None) -> list[Part]:
    """Every row of the record then and now: its own first, then those under it in the order of their kinds."""
    model = SUBJECTS[past.kind]
    before = past.content if past.there else None
    after = content(past.kind, past.pk, now) if past.pk in now.get(model, {}) else None
    rows = [row for side in (before, after) if side for row in plain_rows(model, side)]
    sides = _Sides(past, names_then(past), names_in(rows), layout or {})
    return list(_parts(sides, model, past.pk, "", before, after, above=True))


def keys_of(parts: Sequence[Part]) -> list[str]:
    """All that can be restored."""
    return [key for part in parts for key in (part.key, *(line.key for line in part.lines)) if key]


def choose(past: Past, now: Rows, parts: Sequence[Part], keys: Collection[str]) -> Rows:
    """The rows of today with those facts and rows as they were."""
    target: Rows = {model: dict(rows) for model, rows in now.items()}
    for part in parts:
        if part.key and part.key in keys:
            if part.state == "then_only":
                for model, pk in _with_below(past.rows, part.model, part.pk):
                    target[model][pk] = past.rows[model][pk]
            else:
                for model, pk in _with_below(now, part.model, part.pk):
                    target[model].pop(pk, None)
            continue
        for line in part.lines:
            if line.key and line.key in keys:
                _set(past, target, part, line.key.rpartition(":")[2])
    return target


def _set(past: Past, target: Rows, part: Part, name: str) -> None:
    many = {field.name: field for field in part.model._meta.local_many_to_many}.get(name)
    if many is None:
        label_columns = next(c for c in columns_told(part.model).values() if c[0] == name)
        row, was = dict(target[part.model][part.pk]), past.rows[part.model][part.pk]
        for column in [*label_columns, *_ALONG.get(name, ())]:
            name = stored(part.model, column)
            if name in was:
                row[name] = was[name]
        target[part.model][part.pk] = row
        return
    # A link says nothing but which two it joins: one that stands stays, whatever its number.
    through: Any = many.remote_field.through
    mine, other = many.m2m_column_name(), many.m2m_reverse_name()
    wanted = {row[other]: pk for pk, row in past.rows[through].items() if row[mine] == part.pk}
    held = {row[other]: pk for pk, row in target[through].items() if row[mine] == part.pk}
    for gone in held.keys() - wanted.keys():
        del target[through][held[gone]]
    for come in wanted.keys() - held.keys():
        target[through][wanted[come]] = past.rows[through][wanted[come]]


def _with_below(rows: Rows, model: Model, pk: int) -> Iterator[tuple[Model, int]]:
    """A row and all that belongs to it."""
    yield model, pk
    if model in SUBJECTS.values():
        yield from ((table, one) for table in rows if table is not model for one in rows[table])
        return
    for many in model._meta.local_many_to_many:
        through: Any = many.remote_field.through
        column = many.m2m_column_name()
        yield from ((through, one) for one, row in rows[through].items() if row[column] == pk)
    for relation in children_of(model):
        column = relation.field.column
        for one, row in rows[relation.related_model].items():
            if row.get(column) == pk:
                yield from _with_below(rows, relation.related_model, one)


def _parts(
    sides: _Sides, model: Model, pk: int, path: str, then: Any, now: Any, *, above: bool
) -> Iterator[Part]:
    """`above`: whether both sides have the row above; what comes or goes with it is not chosen by itself."""
    if then is None and now is None:
        return
    unreadable = (model, pk) in sides.past.unreadable
    lines = list(_lines(sides, model, pk, then, now))
    state: State = "same"
    if unreadable:
        state = "unreadable"
    elif then is None:
        state = "later" if model in sides.past.later else "now_only"
    elif now is None:
        # Rows inside come back with it.
        state = "unreadable" if ERASED in repr(then) else "then_only"
    elif any(line.differs for line in lines):
        state = "changed"
    chosen = above and (state == "then_only" or (state == "now_only" and bool(path)))
    key = f"{model._meta.db_table}:{pk}" if chosen else ""
    yield Part(model, pk, path, state, _grouped(sides, model, lines), key)
    both = then is not None and now is not None
    for relation in _ordered(sides, model):
        child, accessor = relation.related_model, relation.get_accessor_name() or ""
        old = {row["id"]: row for row in (then or {}).get(accessor, ())}
        new = {row["id"]: row for row in (now or {}).get(accessor, ())}
        for one in sorted(old.keys() | new.keys(), key=lambda one: _place(new.get(one) or old[one])):
            row, names = (new[one], sides.now) if one in new else (old[one], sides.then)
            called = title(child, row, names)
            inner = f"{path} › {called}" if path else called
            yield from _parts(sides, child, one, inner, old.get(one), new.get(one), above=both)


def _place(row: Mapping[str, Any]) -> tuple[int, int]:
    return row.get("position") or 0, row["id"]


def _ordered(sides: _Sides, model: Model) -> list[Any]:
    """The kinds of rows under a record, those of the form in its order."""
    order = {table: number for number, table in enumerate(sides.layout)}
    return sorted(children_of(model), key=lambda relation: order.get(relation.related_model, len(order)))


def _lines(sides: _Sides, model: Model, pk: int, then: Any, now: Any) -> Iterator[Line]:
    key = f"{model._meta.db_table}:{pk}"
    unreadable = (model, pk) in sides.past.unreadable
    named = {label: columns for label, columns in columns_told(model).items()}
    for many in model._meta.local_many_to_many:
        named[_capital(many.verbose_name)] = (many.name,)
    for label, columns in named.items():
        was, isnow = (
            fact(model, columns[0], row, names)[1] if row is not None else ""
            for row, names in ((then, sides.then), (now, sides.now))
        )
        state: State = "same"
        if then is None or now is None:
            pass
        elif unreadable:
            state = "unreadable"
        elif not any(_known(model, column, then) for column in columns):
            state = "absent"
        elif _differ(model, columns, then, now):
            state = "unreadable" if ERASED in was else "changed"
        elif was != isnow:
            state = "renamed"
        if was or isnow or state != "same":
            chosen = state == "changed" and then is not None and now is not None
            yield Line(label, was, isnow, state, f"{key}:{columns[0]}" if chosen else "")
    for column, value in sides.past.lost.get((model, pk), {}).items():
        if value not in (None, ""):
            yield Line(column, str(value), "", "lost")


def _known(model: Model, name: str, row: Mapping[str, Any]) -> bool:
    return name in row or stored(model, name) in row


def _differ(model: Model, columns: Sequence[str], then: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    for name in columns:
        if name in then and name in now:
            if then[name] != now[name]:
                return True
            continue
        column = stored(model, name)
        if column in then and then[column] != now.get(column):
            return True
    return False


def _grouped(sides: _Sides, model: Model, lines: Sequence[Line]) -> tuple[tuple[str, tuple[Line, ...]], ...]:
    """The lines under the headings of the form; what the form does not have comes last."""
    named = {column: label for label, columns in columns_told(model).items() for column in columns}
    named |= {many.name: _capital(many.verbose_name) for many in model._meta.local_many_to_many}
    left = {line.label: line for line in lines}
    found = []
    for heading, columns in sides.layout.get(model, ()):
        labels = dict.fromkeys(named[column] for column in columns if column in named)
        under = tuple(left.pop(label) for label in labels if label in left)
        if under:
            found.append((heading, under))
    if left:
        found.append(("", tuple(left.values())))
    return tuple(found)


def _capital(text: Any) -> str:
    return str(text)[:1].upper() + str(text)[1:]
