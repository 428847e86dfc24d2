"""Codes of other records in filters: one that the registry never published is a slip, and no empty answer."""

from collections.abc import Iterable, Mapping

from registry.api.parameters import problem
from registry.api.values import Refused
from registry.queries.editions import ever_published
from registry.rules.resource_names import NAMES

#: The kind of record that a filter of that name means, where it is not called like the kind.
_MEANT = {
    "asked_by": "authority",
    "authority": "authority",
    "cooperating": "authority",
    "developer": "investor",
    "group": "investor",
    "issuer": "authority",
    "lead": "authority",
    "linked_with": "zone",
    "predecessor": "place",
    "within": "place",
}


def kind_meant(name: str, own: str) -> str | None:
    """The kind of record whose codes a filter takes; None where it takes something else. own: the list's kind."""
    kind = own if name == "successor" else _MEANT.get(name, name)
    return kind if kind in NAMES else None


def refuse_unknown(codes: Mapping[str, Iterable[str]], own: str, kinds: frozenset[str]) -> None:
    """codes: by the filter's name. Raises ApiProblem for a code of no record that was ever published.

    Whoever may not read a kind (it is not among `kinds`) does not learn so whether there is a record of it.
    One query, where a filter takes such codes.
    """
    by_kind: dict[str, set[str]] = {}
    for name, wanted in codes.items():
        if (kind := kind_meant(name, own)) in kinds and kind:
            by_kind.setdefault(kind, set()).update(wanted)
    if not by_kind:
        return
    known = ever_published(by_kind)
    for name, wanted in codes.items():
        kind = kind_meant(name, own)
        missing = next((code for code in wanted if kind in by_kind and (kind, code) not in known), None)
        if kind and missing:
            where = f"/api/v1/{NAMES[kind]}/?search="
            raise problem(
                name,
                Refused(
                    "place_unknown" if kind == "place" else "record_not_found",
                    f"không có bản ghi mã “{missing}”. Hãy tìm mã ở {where}.",
                    f"names no record '{missing}'. Find its code at {where}.",
                ),
            )
