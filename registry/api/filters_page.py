"""The page docs/api/filters.md: what every list is filtered and ordered by, from the code.

`manage.py shell -c "from registry.api.filters_page import as_markdown; print(as_markdown(), end='')"` prints it.
"""

from registry.api.filters import EditionFilters
from registry.api.parameters import Parameter
from registry.api.urls import RESOURCES

_HEAD = """\
# What lists are filtered and ordered by

Every filter of every list, in both languages. They combine: a record must pass all of them. Several codes, parted by
commas, mean any of them. A bound includes itself; a record whose value is not known is on neither side of a bound and
is found by the `…_unknown` filter. In an order what is not known comes first, with a leading `-` last. Bounds that
cross, and codes of no record that was ever published, are refused: nothing found would read as an answer. Both clocks
apply to all. How to read answers: [README.md](README.md).

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
