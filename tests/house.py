"""Reads the imports of a package called `registry` and says where it breaks the house.

The house (docs/house.md): a module imports only from lower floors or its own folder, in functions too; no
circle of modules; rules know no framework; only doors read the clock. Nothing is imported, only parsed.
"""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

FLOORS = {
    "rules": 0,
    "clock": 0,
    "models": 1,
    "queries": 2,
    "ledger": 2,
    "migrations": 2,
    "actions": 3,
    "exchange": 4,
    "reports": 4,
    "webhooks": 4,
    "api": 5,
    "admin": 5,
    "management": 5,
    # Django's entry point: it wires the signals of the ledger when everything is loaded.
    "apps": 6,
}
DOORS = {"api", "admin", "management"}
RULES_MAY_IMPORT = {*sys.stdlib_module_names, "stdnum"}
FORBIDDEN_NAMES = {"utils", "helpers", "common", "misc"}
LONGEST_FILE = 400
#: Handed to auditors as it is, without the rest of the house: all it knows has to stand in one file.
HANDED_OUT = {"registry/ledger/verify_export.py": 540}
# `now` and its sisters, by the names of what they are read from.
CLOCKS = {
    "datetime": {"now", "today", "utcnow"},
    "date": {"today"},
    "timezone": {"now", "localtime", "localdate"},
    "time": {"time", "time_ns", "localtime", "gmtime"},
    "functions": {"Now"},
}
CLOCK_IMPORTS = {
    ("django.utils.timezone", "now"),
    ("django.utils.timezone", "localtime"),
    ("django.utils.timezone", "localdate"),
    ("django.db.models.functions", "Now"),
    ("time", "time"),
}


@dataclass(frozen=True, slots=True)
class Import:
    target: str
    line: int
    deferred: bool


class Module:
    """One file: its dotted name, its room (the folder or file right under registry/) and its imports."""

    def __init__(self, path: Path, root: Path) -> None:
        parts = path.relative_to(root).with_suffix("").parts
        self.path = path.relative_to(root).as_posix()
        self.is_package = parts[-1] == "__init__"
        self.name = ".".join(parts[:-1] if self.is_package else parts)
        self.room = parts[1] if len(parts) > 2 or not self.is_package else ""
        self.text = path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    def imports(self, known: set[str]) -> Iterator[Import]:
        """What it imports when it runs: `if TYPE_CHECKING:` is left out, the inside of functions is not."""
        for node, deferred in _running(self.tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield Import(alias.name, node.lineno, deferred)
            elif isinstance(node, ast.ImportFrom):
                base = self._absolute(node)
                for alias in node.names:
                    deeper = f"{base}.{alias.name}"
                    yield Import(deeper if deeper in known else base, node.lineno, deferred)
            elif isinstance(node, ast.Call) and _is_import_call(node):
                yield Import(node.args[0].value, node.lineno, True)  # type: ignore[attr-defined]

    def _absolute(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        package = self.name.split(".")
        package = package[: len(package) - node.level + self.is_package]
        return ".".join([*package, *([node.module] if node.module else [])])

    def clock_readings(self) -> Iterator[int]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Attribute):
                owner = node.value
                name = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
                if node.attr in CLOCKS.get(name, ()):
                    yield node.lineno
            elif isinstance(node, ast.ImportFrom):
                if any((node.module, alias.name) in CLOCK_IMPORTS for alias in node.names):
                    yield node.lineno
            elif isinstance(node, ast.keyword) and node.arg in {"auto_now", "auto_now_add"}:
                yield node.value.lineno


def _running(tree: ast.AST, deferred: bool = False) -> Iterator[tuple[ast.AST, bool]]:
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.If) and ast.unparse(child.test).endswith("TYPE_CHECKING"):
            for other in child.orelse:
                yield other, deferred
                yield from _running(other, deferred)
            continue
        yield child, deferred
        inside = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        yield from _running(child, deferred or inside)


def _is_import_call(node: ast.Call) -> bool:
    name = ast.unparse(node.func)
    return (
        name in {"import_module", "importlib.import_module", "import_string", "__import__"}
        and bool(node.args)
        and isinstance(node.args[0], ast.Constant)
    )


def complaints(root: Path, clock_readers: frozenset[str] = frozenset()) -> list[str]:
    """Every breach under root/registry, as `path:line: what`. clock_readers may read the time anywhere."""
    modules = {m.name: m for p in sorted((root / "registry").rglob("*.py")) if (m := Module(p, root))}
    known = set(modules)
    edges: dict[str, set[str]] = {name: set() for name in modules}
    found: list[str] = []
    for module in modules.values():
        found += _complaints_about_shape(module)
        for imported in module.imports(known):
            target = _nearest(imported.target, known)
            if target and target != module.name:
                edges[module.name].add(target)
            if problem := _problem_with(module, imported, target and modules[target]):
                found.append(f"{module.path}:{imported.line}: {problem}")
        if FLOORS.get(module.room, 6) < 5 and module.name not in {"registry.clock", *clock_readers}:
            found += [f"{module.path}:{line}: reads the clock" for line in module.clock_readings()]
    return found + [f"circle: {' → '.join(circle)}" for circle in circles(edges)]


def _complaints_about_shape(module: Module) -> Iterator[str]:
    if module.room and module.room not in FLOORS:
        yield f"{module.path}: registry/{module.room} is on no floor of the house"
    if FORBIDDEN_NAMES & set(module.name.split(".")):
        yield f"{module.path}: the name says nothing: which concept is it?"
    longest = HANDED_OUT.get(str(module.path), LONGEST_FILE)
    if module.room != "migrations" and (lines := module.text.count("\n")) > longest:
        yield f"{module.path}: {lines} lines hide a concept: name it"


def _nearest(target: str, known: set[str]) -> str | None:
    """The module of ours that holds the imported name: registry.models for registry.models.Cluster."""
    while target and target not in known:
        target = target.rpartition(".")[0]
    return target or None


def _problem_with(module: Module, imported: Import, target: Module | None) -> str | None:
    if target is None:
        top = imported.target.split(".")[0]
        if top in {"config", "tests"}:
            return f"imports {imported.target}: the registry does not know what configures or tests it"
        if FLOORS.get(module.room) == 0 and top not in RULES_MAY_IMPORT:
            return f"imports {imported.target}: floor 0 knows the standard library only"
        return None
    if module.room in ("", target.room) or target.room == "":
        return None
    if (module.room, target.room) == ("clock", "rules"):
        return None  # the clock is downstairs too, and says the time in a zone that rules also know
    if target.room == "clock":
        doors_only = FLOORS.get(module.room, 6) < 5
        return "imports registry.clock: time is an argument below the doors" if doors_only else None
    if module.room in DOORS and target.room in DOORS:
        return f"imports {imported.target}: doors do not import each other"
    if FLOORS.get(target.room, 9) >= FLOORS.get(module.room, 9):
        inside = " inside a function" if imported.deferred else ""
        return f"imports {imported.target}{inside}: it is not on a lower floor"
    return None


def circles(edges: dict[str, set[str]]) -> list[list[str]]:
    """One way round for each knot of modules that import one another, functions included."""
    reach = {name: _reachable(name, edges) for name in edges}
    knots = {frozenset(o for o in reach[n] if n in reach[o]) for n in edges if n in reach[n]}
    return [_way_round(min(knot), knot, edges) for knot in sorted(knots, key=min)]


def _reachable(start: str, edges: dict[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    todo = list(edges[start])
    while todo:
        if (name := todo.pop()) not in seen:
            seen.add(name)
            todo += edges[name]
    return seen


def _way_round(start: str, knot: frozenset[str], edges: dict[str, set[str]]) -> list[str]:
    ways = [[start]]
    while True:
        way = ways.pop(0)
        for following in sorted(edges[way[-1]] & knot):
            if following == start:
                return [*way, start]
            ways.append([*way, following])
