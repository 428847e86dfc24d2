"""What a reader knows of this registry and OpenAPI cannot say, told to schemathesis (SCHEMATHESIS_HOOKS).

Only requests that are meant to be answered are changed; those meant to be refused are sent as they were made.
"""

from typing import Any

import schemathesis
from schemathesis import GenerationMode

#: Lists of codes of places: an unknown place is refused, since nothing found would read as an answer.
OF_PLACES = ("place", "within", "cluster_place")


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:
    if case.meta is None or case.meta.generation.mode != GenerationMode.POSITIVE or not case.query:
        return
    query = case.query
    # A cursor is taken from an answer, never made up.
    query.pop("cursor", None)
    # A file holds the whole list.
    if query.get("format", "json") != "json":
        for name in ("page_size", "count", "limit"):
            query.pop(name, None)
    # One of the two; and neither may lie ahead of what was published.
    if "known_at" in query:
        query["known_at"] = "2026-01-31"
        query.pop("known_seq", None)
    if "known_seq" in query:
        query["known_seq"] = 1
    if "after" in query and query["after"] != "latest":
        query["after"] = 1
    for name in OF_PLACES:
        if name in query:
            query[name] = ["thanh-pho-hai-phong"]
    # In any spelling: more than a pattern can say.
    if "number" in query:
        query["number"] = "202/qd-ubnd"
    # At most eight words.
    for name in ("q", "search"):
        if name in query:
            query[name] = query[name].strip().split(" ")[0][:8]
    # Answers then lack members that the schema promises otherwise.
    query.pop("fields", None)
