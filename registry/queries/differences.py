"""What differs between two contents of one subject, in words."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.db import models

from registry.models import SUBJECTS
from registry.queries.contents import children_of
from registry.queries.facts import QUANTITIES, Names, facts, names_in, plain_rows, title
from registry.rules.word_differences import Stretch, word_difference

Content = Mapping[str, Any]
State = Literal["added", "changed", "removed"]
_NUMBER = re.compile(r"([\d.,]+) (\D.*)")


@dataclass(frozen=True, slots=True)
class Change:
    """One fact before and after; an empty text says that there was nothing."""

    label: str
    before: str
    after: str

    @property
    def words(self) -> tuple[Stretch, ...]:
        """Which words went and which came, where both texts are long and much alike; else nothing."""
        return word_difference(self.before, self.after)

    @property
    def before_number(self) -> str:
        """The text before, of a quantity without its unit where that after has the same: `từ 47,8 thành 48,1 ha`.

        What a document or a name says is told word for word.
        """
        if self.label not in QUANTITIES:
            return self.before
        old, new = _NUMBER.fullmatch(self.before), _NUMBER.fullmatch(self.after)
        return old[1] if old and new and old[2] == new[2] else self.before

    @property
    def opens_with_from(self) -> bool:
        """Whether the text before begins as the sentence about it would: nobody reads `từ từ 50 đến 60 ha`."""
        return self.before.startswith("từ ")


@dataclass(frozen=True, slots=True)
class Section:
    """The changes of one row. The subject's own row has no title. seq: the entry of the ledger that tells it."""

    title: str
    state: State
    changes: tuple[Change, ...]
    seq: int | None = None

    @property
    def state_label(self) -> str:
        return {"added": "thêm", "changed": "sửa", "removed": "bỏ"}[self.state]


def difference(kind: str, before: Content | None, after: Content | None) -> list[Section]:
    """What differs; None: there is no such content. Nothing differs: an empty list."""
    return differences([(kind, before, after)])[0]


def differences(pairs: Sequence[tuple[str, Content | None, Content | None]]) -> list[list[Section]]:
    """The differences of many pairs, with one look-up of names for all."""
    rows = [
        row
        for kind, *both in pairs
        for content in both
        if content
        for row in plain_rows(SUBJECTS[kind], content)
    ]
    names = names_in(rows)
    return [list(_sections(SUBJECTS[kind], "", before, after, names)) for kind, before, after in pairs]


def changes_between(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Change, ...]:
    """The facts that differ, in the order of the later row."""
    labels = dict.fromkeys([*after, *before])
    pairs = ((label, before.get(label, ""), after.get(label, "")) for label in labels)
    return tuple(Change(*pair) for pair in pairs if pair[1] != pair[2])


def _sections(
    model: type[models.Model], path: str, before: Content | None, after: Content | None, names: Names
) -> Iterator[Section]:
    said = [facts(model, content, names) if content else {} for content in (before, after)]
    changes = changes_between(*said)
    state: State = "added" if before is None else "removed" if after is None else "changed"
    if changes or (path and state != "changed"):
        yield Section(path, state, changes)
    # Where it is stated comes after what is stated, as in the form.
    for relation in sorted(children_of(model), key=lambda one: one.get_accessor_name() == "citations"):
        accessor, child = relation.get_accessor_name() or "", relation.related_model
        for old, new in _matched((before or {}).get(accessor, ()), (after or {}).get(accessor, ())):
            called = title(child, new or old or {}, names)
            yield from _sections(child, f"{path} › {called}" if path else called, old, new, names)


def _matched(
    before: Iterable[Content], after: Iterable[Content]
) -> Iterator[tuple[Content | None, Content | None]]:
    """Rows of both sides by id: those of today in their order, then those that are gone."""
    old = {row["id"]: row for row in before}
    for row in after:
        yield old.pop(row["id"], None), row
    for row in old.values():
        yield row, None
