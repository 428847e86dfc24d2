"""The oracle stands alone, and knows the cases that people worked out by hand (domain of the registry)."""

import ast
from datetime import date
from pathlib import Path

import pytest

from tests.publication.oracle import Oracle, Plain

ORACLE = Path(__file__).with_name("oracle.py")


def test_the_oracle_imports_nothing_of_the_registry() -> None:
    imported = set()
    for node in ast.walk(ast.parse(ORACLE.read_text())):
        if isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add((node.module or ".").split(".")[0])
    assert imported == {"collections", "dataclasses", "datetime", "typing"}
    assert "__import__" not in ORACLE.read_text()


def paper(number: int | None, on: date | None, *effects: Plain, **more: object) -> Plain:
    return {
        "code": f"qd-{number}", "number": number, "symbol": "QĐ-UBND", "issuer": 1, "issued": on, "effective": None,
        "effects": list(effects), "relations": [], **more,
    }  # fmt: skip


def effect(id: int, code: str | None, **more: object) -> Plain:
    return {
        "id": id, "position": 1, "cluster": 1, "effect": code, "as_stated": "", "verified": True, "target": None,
        "relation": None, "area": None, "name": "", "developer": None, "sectors": (), "places": (), **more,
    }  # fmt: skip


def stage(oracle: Oracle, day: date) -> str:
    answer = oracle.answer(("cluster", 1), day, len(oracle.acts))
    assert answer is not None
    return str(answer["stage"])


def published(*papers: Plain) -> Oracle:
    cluster: Plain = {"code": "c", "name": "Cụm", "places": [], "reports": []}
    return Oracle(
        [{("cluster", 1): cluster} | {("decision", n): content for n, content in enumerate(papers, start=1)}]
    )


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2022, 1, 17), "unknown"),
        (date(2022, 1, 18), "policy_approved"),
        (date(2022, 2, 22), "policy_approved"),
        (date(2022, 2, 23), "established"),
    ],
)
def test_tien_cuong_ii_climbs_on_the_days_of_202_and_607(day: date, expected: str) -> None:
    oracle = published(
        paper(607, date(2022, 2, 23), effect(2, "established")),
        paper(202, date(2022, 1, 18), effect(1, "policy_approved")),
    )
    assert stage(oracle, day) == expected


def test_giang_bien_is_not_established_by_the_paper_that_is_still_to_be_verified() -> None:
    oracle = published(
        paper(790, date(2022, 3, 14), effect(1, None, as_stated="thành lập", verified=False)),
        paper(1013, date(2022, 3, 31), effect(2, "established")),
    )
    assert stage(oracle, date(2022, 3, 20)) == "unknown"
    assert stage(oracle, date(2022, 3, 30)) == "unknown"
    assert stage(oracle, date(2022, 3, 31)) == "established"


def test_quang_phuc_is_established_on_the_last_day_its_papers_allow() -> None:
    oracle = published(
        paper(None, date(2023, 6, 30), effect(2, "established")),
        paper(None, date(2023, 6, 30), effect(1, "policy_approved")),
    )
    assert stage(oracle, date(2023, 6, 29)) == "unknown"
    assert stage(oracle, date(2023, 6, 30)) == "established"


def test_a_paper_revoked_before_its_day_never_acts_and_ends_nothing() -> None:
    first = paper(1, date(2022, 1, 18), effect(1, "established"))
    second = paper(2, date(2022, 3, 14), relations=[{"relation": "revokes", "target": 1}])
    third = paper(3, date(2022, 2, 23), relations=[{"relation": "revokes", "target": 2}])
    assert stage(published(first, second), date(2022, 3, 14)) == "unknown"
    assert stage(published(first, second), date(2022, 3, 13)) == "established"
    assert stage(published(first, second, third), date(2022, 3, 14)) == "established"


def test_a_withdrawn_subject_has_no_answer_but_still_has_its_former_ones() -> None:
    oracle = published()
    oracle.acts.append({("cluster", 1): None})
    assert [oracle.existence(("cluster", 1), seq) for seq in (0, 1, 2)] == ["unknown", "exists", "withdrawn"]
    assert oracle.answer(("cluster", 1), date(2022, 1, 1), 2) is None
    assert oracle.answer(("cluster", 1), date(2022, 1, 1), 1) is not None
