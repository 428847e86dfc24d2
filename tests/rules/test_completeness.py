"""What a record as a whole must say before it is published."""

from typing import Any

import pytest

from registry.rules.completeness import refuse_incomplete
from registry.rules.problems import Problem


def indicator(scope: str, clusters: list[int], zones: list[int]) -> dict[str, Any]:
    return {"values": [{"position": 2, "scope": scope, "clusters": clusters, "zones": zones}]}


@pytest.mark.parametrize(
    ("scope", "clusters", "zones", "code"),
    [
        ("clusters", [], [], "scope_unlisted"),
        ("clusters", [1], [2], "scope_not_listed"),
        ("city", [1], [], "scope_not_listed"),
        ("city", [], [1], "scope_not_listed"),
        ("zones", [1], [], "scope_not_listed"),
        ("investor", [], [1], "scope_not_listed"),
        ("project", [1], [], "scope_not_listed"),
    ],
)
def test_a_value_names_what_its_scope_says_and_nothing_else(
    scope: str, clusters: list[int], zones: list[int], code: str
) -> None:
    with pytest.raises(Problem, match="Số liệu thứ 2") as refused:
        refuse_incomplete("indicator", indicator(scope, clusters, zones))
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("scope", "clusters", "zones"),
    [("clusters", [1], []), ("zones", [], [1]), ("zones", [], []), ("city", [], []), ("project", [], [])],
)
def test_a_whole_record_passes(scope: str, clusters: list[int], zones: list[int]) -> None:
    refuse_incomplete("indicator", indicator(scope, clusters, zones))
    refuse_incomplete("cluster", {})
