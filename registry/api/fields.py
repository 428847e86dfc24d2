"""`fields=`: only some of the members of a record."""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson

from registry.api.parameters import Parameter, problem
from registry.api.values import Refused

FIELDS = "fields"


def fields_parameter(known: Sequence[str]) -> Parameter:
    """known: the members of a record."""
    return Parameter(
        FIELDS,
        "Chỉ các trường này của mỗi bản ghi, cách nhau bằng dấu phẩy; mặc định là tất cả. Chỉ trường ngoài cùng.",
        "Only these members of each record, parted by commas; by default all. Top-level members only.",
        # As many as there are, and more: a name said twice asks for no more than said once.
        {"type": "array", "items": {"type": "string", "enum": list(known)}, "minItems": 1},
    )


def fields_asked(given: Mapping[str, str], known: Iterable[str]) -> frozenset[str] | None:
    """The members asked for; None when all are. Raises ApiProblem for one that records do not have."""
    if FIELDS not in given:
        return None
    names = list(known)
    asked = [part.strip() for part in given[FIELDS].split(",")]
    for name in asked:
        if name not in names:
            near = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
            hint, hint_en = (f" Có phải là “{near[0]}”?", f" Did you mean '{near[0]}'?") if near else ("", "")
            listed = ", ".join(names)
            raise problem(
                FIELDS,
                Refused(
                    "field_unknown",
                    f"không có trường “{name}”.{hint} Các trường: {listed}.",
                    f"names a member '{name}' that there is not.{hint_en} The members: {listed}.",
                ),
            )
    return frozenset(asked)


def with_fields(body: bytes, fields: frozenset[str] | None) -> bytes:
    """A stored body with those members only, in its own order."""
    if fields is None:
        return body
    return orjson.dumps(some(orjson.loads(body), fields))


def some(row: dict[str, Any], fields: frozenset[str] | None) -> dict[str, Any]:
    """The row with those members only, in its own order."""
    return row if fields is None else {name: value for name, value in row.items() if name in fields}
