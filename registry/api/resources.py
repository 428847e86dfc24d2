"""What a resource of the API is: a kind of record under a name, with its filters, its order and its shape."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from rest_framework.serializers import Serializer

from registry.api.filters import EditionFilters
from registry.rules.resource_names import NAMES


@dataclass(frozen=True)
class Resource:
    """orderings: what a reader may order by, and the column that holds it; the first one is the default.

    `vi` and `en` name several and one of its records in a sentence; `example` is the code of one.
    """

    kind: str
    vi: tuple[str, str]
    en: tuple[str, str]
    filters: type[EditionFilters]
    orderings: Mapping[str, str]
    default_order: str
    serializer: type[Serializer[Any]]
    example: str
    example_body: Mapping[str, Any]

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """The members of a record, in the order of its body."""
        return tuple(self.serializer().fields)

    @property
    def name(self) -> str:
        return NAMES[self.kind]
