"""`make bench` on a world of ten clusters: that it measures everything and writes its page, not what it finds."""

import contextlib
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
AIMS = (
    "REST framework ÷ list",
    "list ÷ bare driver",
    "last page ÷ first",
    "304 ÷ empty view",
    "key, quota, use ÷ without",
    "both clocks ÷ the present",
    "larger ÷ smaller",
    "decisions/?search=",
    "publishing a decision on ten of 10 clusters (by the clock)",
    "publishing a decision on ten of 10 clusters (processor)",
)


def test_the_benchmark_measures_every_aim_and_writes_its_page(tmp_path):
    page = tmp_path / "performance.md"
    small = "--clusters 10 10 --rounds 1 --seconds 0.001 --engines sqlite".split()
    run = subprocess.run(
        [sys.executable, "-m", "benchmarks.api", *small, "--page", str(page)],
        cwd=ROOT,
        env={**os.environ, "VAR_DIR": str(tmp_path), "BENCH_DATASETTE": "0", "LOCAL": "1"},
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert run.returncode == 0, run.stderr
    written = page.read_text(encoding="utf-8")
    assert [aim for aim in AIMS if f"| {aim}" not in written] == []
    assert "rebuilding the editions must change nothing" in run.stderr
    assert "the same JSON of 10 clusters" in run.stderr
    assert "ms of processor that a list takes:" in written
    # What was built stays as it was built: the next run compares the same.
    kept = [file for file in (tmp_path / "bench").glob("10-*.sqlite3") if "security" not in file.name]
    with contextlib.closing(sqlite3.connect(kept[0])) as world:
        published = "SELECT count(*), sum(code LIKE 'do-%') FROM registry_decision"
        assert world.execute(published).fetchone() == (100, 0)
    assert list((tmp_path / "bench").glob("run-*")) == []
