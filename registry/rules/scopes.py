"""What a partner's key may read: a few groups of kinds of records, each named by a scope.

A scope opens the addresses of its kinds. What an answer says of its neighbours (a cluster names its decisions) is
part of that answer. Catalogues, which every other answer points to, are read with any scope.
"""

from collections.abc import Iterable
from itertools import combinations

from registry.rules.code_lists import CodeList

SCOPE = CodeList(
    "scope",
    "What a key may read. Every key also reads places, authorities, sectors and legal instruments.",
    (
        ("clusters", "Cụm và khu công nghiệp", "Clusters and zones"),
        ("decisions", "Quyết định, nhiệm vụ và kiến nghị", "Decisions and assignments"),
        ("investors", "Nhà đầu tư, dự án, số liệu, ưu đãi", "Investors, projects, indicators, incentives"),
        (
            "sources",
            "Tư liệu, kèm mọi giá trị dựa trên tư liệu",
            "Sources, with every value that rests on them",
        ),
    ),
)

#: Every set of scopes as it is stored: in the order of the list, parted by single spaces.
SCOPE_SETS = [" ".join(chosen) for many in range(1, len(SCOPE) + 1) for chosen in combinations(SCOPE, many)]

_KINDS = {
    "clusters": ("cluster", "zone"),
    "decisions": ("decision", "assignment"),
    "investors": ("investor", "project", "indicator", "incentive"),
    "sources": ("source",),
}
CATALOGUES = ("place", "authority", "sector", "legal_instrument")

EVERY_KIND = frozenset({*CATALOGUES, *(kind for kinds in _KINDS.values() for kind in kinds)})


def kinds_of(scopes: Iterable[str]) -> frozenset[str]:
    """The kinds of records that these scopes open together; none without a scope, or with unknown ones only."""
    own = kinds_needing(scopes)
    return own.union(CATALOGUES) if own else frozenset()


def kinds_needing(scopes: Iterable[str]) -> frozenset[str]:
    """The kinds of records that are read with one of these scopes and with no other: catalogues are not among them."""
    return frozenset(kind for scope in scopes for kind in _KINDS.get(scope, ()))


def scopes_for(kind: str) -> tuple[str, ...]:
    """The scopes of which a key needs one to read records of the kind."""
    return tuple(scope for scope, kinds in _KINDS.items() if kind in kinds or kind in CATALOGUES)
