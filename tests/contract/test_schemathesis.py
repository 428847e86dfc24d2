"""What docs/openapi.json promises and what a server does, by schemathesis: every check, every phase, every reader.

`make contract` makes many requests, for a long time; here few requests are made of each kind, the same ones every time.
"""

import json
import os
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import pytest

from registry.rules.scopes import SCOPE
from tests.served import Served

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "openapi.json"
#: How many requests to make up for each operation; with it, every phase for every reader.
MANY = os.environ.get("CONTRACT_EXAMPLES")
#: The phase of all corner cases takes hundreds of requests of one list: here only of what is no list of records.
SHAPES = r"/(changes|explain|checkpoint)/"
#: What a senseless value may be refused with. By itself schemathesis knows of no address that is too long (414).
REFUSALS = """
[checks.negative_data_rejection]
expected-statuses = [400, 401, 403, 404, 405, 406, 410, 414, 429]
"""
#: Any two of these are asked together of a list that then has records; in order.
TOGETHER = ("fields", "filter", "format", "known_at", "ordering", "valid_on")


def seen(
    address: str, key: str | None, folder: Path, *chosen: str, asked: bool = False
) -> set[tuple[str, ...]]:
    """Run schemathesis; fails with its report. `asked`: it is to make up keys, and to see that none is taken.

    Returns what was asked for together, two by two, and answered with records.
    """
    document = DOCUMENT if asked else silent_on_keys(folder)
    (folder / "schemathesis.toml").write_text(REFUSALS, encoding="utf-8")
    met = folder / "met"
    met.touch()
    done = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "run", str(document)),
            *("--url", address, "--checks", "all", "--continue-on-failure", "--seed", "1", "--no-color"),
            *("--generation-database", "none", "--workers", "2"),
            *(() if key is None else ("--header", f"Authorization: Bearer {key}")),
            *chosen,
        ],
        cwd=folder,
        env=os.environ
        | {"SCHEMATHESIS_HOOKS": "tests.contract.hooks", "PYTHONPATH": str(ROOT), "no_proxy": "*"}
        | {"READER_ADDRESS": address, "READER_KEY": key or "", "READER_SEEN": str(met)},
        capture_output=True,
        text=True,
        timeout=36_000 if MANY else 600,
    )
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-5_000:]
    assert " 44 selected / 44 total" in done.stdout or "--include-path-regex" in chosen, done.stdout
    answers = {*met.read_text(encoding="utf-8").splitlines()}
    return {two for answer in answers for two in combinations(answer.split(), 2)}


def silent_on_keys(folder: Path) -> Path:
    """The document without what it says of keys: else keys are made up in place of the reader's own, or of none."""
    described = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    for methods in described["paths"].values():
        for operation in methods.values():
            operation.pop("security", None)
    written = folder / "openapi.json"
    written.write_text(json.dumps(described), encoding="utf-8")
    return written


def phases(few: str, examples: str, *, linked: bool = True) -> tuple[str, ...]:
    """linked: whether operations lead to one another; from what is chosen of them nothing may."""
    if MANY:
        every = "examples,coverage,fuzzing" + (",stateful" if linked else "")
        return ("--phases", every, "--max-examples", MANY)
    return ("--phases", few, "--max-examples", examples, "--no-shrink")


def test_with_every_scope(registry: Served, tmp_path):
    seen(registry.closed, registry.keys["every"], tmp_path, *phases("examples,fuzzing,stateful", "2"))


def test_parts_of_records_and_second_pages(registry: Served, tmp_path):
    chosen = (*phases("fuzzing", "25", linked=False), "--mode", "positive")
    lists = ("--include-path-regex", r"/(sources|authorities)/$")
    together = seen(registry.closed, registry.keys["every"], tmp_path, *chosen, *lists)
    assert {*combinations(TOGETHER, 2), ("cursor", "fields"), ("cursor", "filter")} <= together


def test_every_corner_of_what_is_no_list(registry: Served, tmp_path):
    chosen = phases("coverage", "1", linked=False)
    seen(registry.closed, registry.keys["every"], tmp_path, *chosen, "--include-path-regex", SHAPES)


@pytest.mark.parametrize("scope", SCOPE)
def test_with_one_scope(registry: Served, tmp_path, scope):
    seen(registry.closed, registry.keys[scope], tmp_path, *phases("fuzzing", "1"))


def test_without_a_key_where_everybody_is_asked_for_one(registry: Served, tmp_path):
    seen(registry.closed, None, tmp_path, *phases("fuzzing", "1"), asked=True)


def test_without_a_key_where_everybody_may_read(registry: Served, tmp_path):
    seen(registry.open, None, tmp_path, *phases("examples,fuzzing,stateful", "1"))
