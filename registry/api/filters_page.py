"""The page docs/api/filters.md: what every list is filtered and ordered by, from the code.

`manage.py shell -c "from registry.api.filters_page import as_markdown; print(as_markdown(), end='')"` prints it.
"""

from registry.api.filters import EditionFilters
from registry.api.orderings import no_orders
from registry.api.parameters import Parameter
from registry.api.urls import RESOURCES
from registry.rules.text import LONGEST_WORD

_HEAD = f"""\
# What lists are filtered and ordered by

Every filter of every list, in both languages. They combine: a record must pass all of them. Several codes, parted by
commas, mean any of them. A bound includes itself; a record whose value is not known is on neither side of a bound and
is found by the `…_unknown` filter. Bounds that cross, and codes of no record that was ever published, are refused:
nothing found would read as an answer. `code=` alone is no condition but the list of records wanted: what there is of
them is answered, also nothing. Both clocks apply to all. How to read answers: [README.md](README.md).

A quantity that is no exact number is found by what is surely so: “over 50 ha” is at least 50 and at most nothing,
“up to 50 ha” and “nearly 50 ha” at most 50 and at least nothing, “50 to 60 ha” at least 50 and at most 60. “About 50
ha” counts as 50. Of capital it is the largest figure that is surely reached, or not surpassed. Orders go by the figure
itself.

`ordering=` takes any column of a list under its name in a [file](exports.md): `area_ha`, `issuer.name`; with a leading
`-` it is turned round. A neighbour's own name orders by its code (`developer` is `developer.code`), `developer.name` by
the Vietnamese alphabet. Numbers go by size, days by time, codes by their letters. What is not known comes first, with
`-` last. Long texts go by their beginning, up to {LONGEST_WORD} characters (a number takes two more than its digits);
equals stand in the order in which they were first entered, so that pages neither repeat nor drop a record. `changed`
is the publication that made the answer what it is. Members that are lists of rows have no order of their own, but
`effects.cluster.name` of a paper is the first cluster it names. What else is no order is told with each list, and why.
The day before which a date lies (`issued_latest`, `due.latest` …) goes by the name of the date: `issued_on`, `due`.
`search/` orders by how well it fits, `changes/` and `history/` by number.

Printed by `registry/api/filters_page.py`; a test compares.
"""


def as_markdown() -> str:
    common = [found.parameter(name) for name, found in EditionFilters.base_filters.items()]
    parts = [_HEAD, "\n## Every list\n", _table(common)]
    for resource in RESOURCES:
        own = [
            found.parameter(name)
            for name, found in resource.filters.known().items()
            if name not in EditionFilters.base_filters
        ]
        missing = [
            f"`{name}`" for name in EditionFilters.base_filters if name not in resource.filters.base_filters
        ]
        parts += [f"\n## {resource.name}/\n", _table(own)]
        if missing:
            parts.append(f"\nWithout {', '.join(missing)}.\n")
        orders = " ".join(f"`{name}`" for name in resource.orderings)
        parts.append(f"\nOrder: {orders}; by default `{resource.default_order}`.\n")
        rest = (
            f"{', '.join(f'`{column}`' for column in columns)} ({why})"
            for why, columns in no_orders(resource.serializer, resource.orderings).items()
        )
        parts.append(f"\nNo order: {'; '.join(rest)}.\n")
    return "".join(parts)


def _table(parameters: list[Parameter]) -> str:
    rows = (f"| `{p.name}` | {_form(p)} | {p.vi} | {p.en} |\n" for p in parameters)
    return "\n| parameter | form | Tiếng Việt | English |\n|---|---|---|---|\n" + "".join(rows)


def _form(parameter: Parameter) -> str:
    schema = parameter.schema
    one = schema.get("items", schema)
    if "enum" in one:
        form = "code"
    elif "oneOf" in one:
        form = "date or moment"
    else:
        form = one.get("format", {"string": "text"}.get(one["type"], one["type"]))
    return f"{form}, …" if schema.get("type") == "array" else form
