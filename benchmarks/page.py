"""The figures, their aims, and docs/performance.md."""

import os
import platform
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from benchmarks.timing import Spread, Times, ratio

LIST = "/api/v1/clusters/"
EXPLAINED = Path(__file__).with_name("explained.md")


@dataclass(frozen=True, slots=True)
class Figure:
    """unit: what stands behind the number. at_most: the aim is a bound from above, else from below."""

    name: str
    spread: Spread
    aim: float
    at_most: bool = True
    unit: str = "×"

    @property
    def met(self) -> bool:
        return self.spread.middle <= self.aim if self.at_most else self.spread.middle >= self.aim


@dataclass(frozen=True, slots=True)
class Publishing:
    """Milliseconds a publication: by the clock, on a processor (PostgreSQL's own too), and of the clock what the
    commit takes: until all that changed is on the disk.
    """

    wall: list[float]
    cpu: list[float]
    commit: list[float]


def figures(
    absolute: dict[int, dict[str, Times]], sized: dict[str, Times], publishing: Publishing
) -> list[Figure]:
    found = []
    for clusters, times in absolute.items():
        for clock in CLOCKS:
            found += _ratios(times, clock, f"{many(clusters)} clusters, {CLOCKS[clock]}")
    for clock, said in CLOCKS.items():
        if sized["larger"].by(clock):
            spread = ratio(sized["larger"].by(clock), sized["smaller"].by(clock))
            found.append(Figure(f"larger ÷ smaller ({said})", spread, 1.15))
    larger = max(absolute)
    for name, times_of in absolute[larger].items():
        if "search" in name:
            about = f"{name} ({many(larger * 10)} decisions)"
            found.append(Figure(about, Spread.of(times_of.wall), 10, unit="ms"))
    about = f"publishing a decision on ten of {many(larger)} clusters"
    for said, spent in (("by the clock", publishing.wall), ("processor", publishing.cpu)):
        found.append(Figure(f"{about} ({said})", Spread.of(spent), 100, unit="ms"))
    return found


def _ratios(times: dict[str, Times], clock: str, of: str) -> list[Figure]:
    if not times["list"].by(clock):
        return []

    def compared(name: str, one: str, other: str, aim: float, at_most: bool = True) -> Figure:
        return Figure(f"{name} ({of})", ratio(times[one].by(clock), times[other].by(clock)), aim, at_most)

    return [
        compared("REST framework ÷ list", "REST framework", "list", 100, False),
        compared("list ÷ bare driver", "list", "bare driver", 0.1),
        compared("last page ÷ first", "last page", "first page", 1.05),
        compared("304 ÷ empty view", "304", "empty view", 2.2),
        compared("key, quota, use ÷ without", "list", "list, no key", 1.1),
        compared("both clocks ÷ the present", "both clocks", "the present, as many bytes", 1.5),
    ]


def many(number: int) -> str:
    """1000 as 1 000."""
    return f"{number:,}".replace(",", " ")


def written(
    sizes: Sequence[int],
    rounds: int,
    runs: Sequence[tuple[str, list[Figure], dict[int, dict[str, Times]], Publishing]],
) -> str:
    text = [
        "# What it costs\n",
        f"Written by `make bench` on {date.today():%d/%m/%Y} at commit {_commit()}; do not edit. {_machine()}\n",
        _HOW.format(
            rounds=rounds,
            sizes=" and ".join(f"{many(n)} clusters with {many(n * 10)} decisions" for n in sizes),
        ),
    ]
    for engine, found, absolute, publishing in runs:
        short = [figure for figure in found if not figure.met]
        text.append(f"## {NAMES[engine]}\n")
        text.append(f"{len(found) - len(short)} of {len(found)} aims are met.\n")
        text.append("| figure | aim | least | middle | greatest | |\n|---|---:|---:|---:|---:|---|")
        text += [_row(figure) for figure in found]
        text.append("")
        for clusters, times in absolute.items():
            text.append(f"{many(clusters)} clusters, milliseconds a request:\n")
            text.append(
                "| request | over HTTP: least | middle | greatest | processor: middle |\n|---|---:|---:|---:|---:|"
            )
            text += [_absolute(name, found_times) for name, found_times in times.items()]
            text.append("")
            text += _parts(times)
        text.append(_committing(publishing))
        if engine == "sqlite" and not all("Datasette" in times for times in absolute.values()):
            text.append("Datasette could not be installed here and is left out.\n")
    text.append(EXPLAINED.read_text(encoding="utf-8").rstrip())
    return "\n".join(text) + "\n"


CLOCKS = {"wall": "over HTTP", "cpu": "processor"}
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
_HOW = """\
Two worlds, {sizes}, are built by `benchmarks/worlds.py` and published by the registry's own acts; both engines hold
the same rows. gunicorn serves each with one process; one client on one kept connection reads pages of 100 clusters.
What is compared takes turns, {rounds} of them, so that both meet the same load of the machine. A ratio is taken turn by
turn: its least, middle and greatest are given, and the middle is held against the aim. *Over HTTP* is time by the
clock, as the client sees it; *processor* is time that the server's process spends on a processor, user and system,
without PostgreSQL's own. First and last page are of 100 clusters, or of half of them where there are no more than 100.
*Both clocks* asks for a day two years ago as of a moment when everything had been published once and nothing twice;
less was known then, so it is held against a page of the present of no more bytes. Publishing is no request: a program
calls what the admin calls, its first two times are left out, and its processor's time is PostgreSQL's too.

*REST framework* is a `ModelSerializer` viewset with `select_related` and `prefetch_related`, the same key check and
cursor paging; *bare driver* is SQL without Django's models, dicts and orjson, without a key. Both read tables in which
all that the registry works out (the fold of the decisions, whether a citation agrees, where a place stands today) is
already a column, which no program with one set of working tables would have: they are given the better of it. That
all make the same JSON is checked before anything is measured. *Datasette* shows the stored bodies of the same file.
"""


def _row(figure: Figure) -> str:
    bound = "≤" if figure.at_most else "≥"
    numbers = " | ".join(
        f"{_number(value)} {figure.unit}"
        for value in (figure.spread.least, figure.spread.middle, figure.spread.greatest)
    )
    met = "met" if figure.met else "**not met**"
    return f"| {figure.name} | {bound} {figure.aim:g} {figure.unit} | {numbers} | {met} |"


def _parts(times: dict[str, Times]) -> list[str]:
    """Where the server's time for a list goes: what its parts take alone, and what is left."""
    taken = {name: Spread.of(found.cpu).middle for name, found in times.items() if found.cpu}
    if not taken:
        return []
    empty, whole, no_key = taken["empty view"], taken["list"], taken["list, no key"]
    reading, sending = (
        taken[f"list: {part}"] - empty for part in ("rows read, none sent", "as much sent, none read")
    )
    parts = {
        "server and middleware": empty,
        "reading clocks and rows": reading,
        "sending": sending,
        "key, quota, use": whole - no_key,
        "parameters, ETag, links, putting together": no_key - empty - reading - sending,
    }
    said = ", ".join(f"{name} {_number(value)}" for name, value in parts.items())
    return [f"Of the {_number(whole)} ms of processor that a list takes: {said}.\n"]


def _committing(publishing: Publishing) -> str:
    whole, commit = Spread.of(publishing.wall).middle, Spread.of(publishing.commit)
    return (
        f"Of the {_number(whole)} ms by the clock that publishing takes, the commit, with its wait for the disk, takes"
        f" {_number(commit.middle)} (least {_number(commit.least)}, greatest {_number(commit.greatest)}).\n"
    )


def _absolute(name: str, times: Times) -> str:
    wall = Spread.of(times.wall)
    processor = _number(Spread.of(times.cpu).middle) if times.cpu else "–"
    numbers = " | ".join(_number(value) for value in (wall.least, wall.middle, wall.greatest))
    return f"| {name} | {numbers} | {processor} |"


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def _commit() -> str:
    return _told(["git", "rev-parse", "--short", "HEAD"]) or "unknown"


def _machine() -> str:
    model = ""
    if Path("/proc/cpuinfo").exists():
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    load = _load()
    where = f"{os.cpu_count()} × {model or platform.machine()}, {platform.system()}"
    return f"Machine: {where}, Python {platform.python_version()}.{load}"


def _load() -> str:
    if not hasattr(os, "getloadavg"):
        return ""
    load = os.getloadavg()[0]
    told = f" Load at the end: {load:.1f}."
    if load > (os.cpu_count() or 1):
        told += (
            " **Others used the machine meanwhile: read the ratios, and take them again when it is quiet.**"
        )
    return told


def _told(command: list[str]) -> str:
    try:
        return subprocess.run(
            command, capture_output=True, text=True, cwd=Path(__file__).parent
        ).stdout.strip()
    except OSError:
        return ""
