"""Rooms: what each is for, whom it may import, and what is banned in it."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

from tests.house.source import ROOM, ROOT, dotted, imported, modules, name

BARRED_NAMES = {"utils", "helpers", "common", "core", "base", "manager", "service"}
HEADINGS = ("For:", "Not for:", "May import:", "Start reading at:")
# The one owner of the wall clock and of chance.
CLOCK = ROOM / "clock.py"
WRITER = ROOM / "store" / "writer.py"
CHANCE = ("random", "secrets")
MOMENTS = ("datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time")
CONTRACTS = {
    c["id"]: c
    for c in tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
}
ROOMS = sorted(p.parent for p in ROOM.glob("*/__init__.py"))


def _layers() -> list[list[str]]:
    """Rooms by layer, highest first, as the import contract orders them."""
    layers = CONTRACTS["one-direction"]["layers"]
    return [[part.strip(" ()") for part in layer.split("|")] for layer in layers]


def _below(room: str) -> set[str]:
    """Rooms that ``room`` may import: every existing room of a lower layer."""
    layers = _layers()
    depth = next(i for i, layer in enumerate(layers) if room in layer)
    return {lower for layer in layers[depth + 1 :] for lower in layer if _exists(lower)}


def _exists(room: str) -> bool:
    return (ROOM / room / "__init__.py").exists() or (ROOM / f"{room}.py").exists()


def _docstring(room: Path) -> str:
    return ast.get_docstring(ast.parse((room / "__init__.py").read_text("utf-8"))) or ""


def _may_import(text: str) -> set[str]:
    stated = re.search(r"^May import:(.*?)^Start reading at:", text, re.M | re.S)
    return set(re.findall(r"registry\.(\w+)", stated[1])) if stated else set()


@pytest.mark.parametrize("room", ROOMS, ids=lambda r: r.name)
def test_a_room_says_what_it_is_for(room: Path) -> None:
    lines = _docstring(room).splitlines()
    assert [h for h in HEADINGS if not any(line.startswith(h) for line in lines)] == []


@pytest.mark.parametrize("room", ROOMS, ids=lambda r: r.name)
def test_a_room_states_the_imports_that_the_contract_allows(room: Path) -> None:
    # A room may promise less than the contract allows, never more; the domain promises nothing.
    stated = {r for r in _may_import(_docstring(room)) if _exists(r)}
    front = {"settings"} if room.name == "cli" else set()
    assert stated <= _below(room.name) | front
    used = {
        module.split(".")[1]
        for _, tree in modules(room.name)
        for _, module in imported(tree)
        if module.startswith("registry.")
    }
    assert used - {room.name} <= stated | {"clock"} | front


def test_every_room_and_module_has_its_layer() -> None:
    layered = {room for layer in _layers() for room in layer}
    ignored = set(CONTRACTS["one-direction"]["exhaustive_ignores"])
    found = {p.stem for p in ROOM.glob("*.py")} | {p.name for p in ROOMS}
    assert found - {"__init__"} <= layered | ignored


def test_no_room_or_module_has_a_name_that_says_nothing() -> None:
    everything = [p for p in ROOM.rglob("*") if p.is_dir() or p.suffix == ".py"]
    vague = [name(p) for p in everything if BARRED_NAMES & set(re.split(r"[_.]", p.stem))]
    assert vague == []


def test_only_the_clock_knows_the_time_and_chance() -> None:
    found = []
    for path, tree in modules():
        if path == CLOCK:
            continue
        found += [f"{name(path)}:{n} {m}" for n, m in imported(tree) if m.split(".")[0] in CHANCE]
        for node in ast.walk(tree):
            said = dotted(node)
            if said.endswith(MOMENTS) or re.search(r"(^|\.)(uuid[14]|urandom)$", said):
                found.append(f"{name(path)}:{node.lineno} {said}")  # type: ignore[attr-defined]
    assert found == []


def test_only_the_writer_commits() -> None:
    found = [where for where in _calls("commit") if not where.startswith(name(WRITER))]
    # A connection that only reads has nothing to keep or undo; it ends so that plans stay made.
    assert [where.partition(":")[0] for where in found] == ["registry/store/engine.py"]


def test_a_backup_is_never_taken_in_steps() -> None:
    # Under load a stepped SQLite backup starts again on every write and never ends.
    stepped = [
        f"{name(path)}:{node.lineno}"
        for path, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and dotted(node.func).endswith(".backup")
        for keyword in node.keywords
        if keyword.arg == "pages" and ast.unparse(keyword.value) != "-1"
    ]
    assert stepped == []


@pytest.mark.parametrize("call", ["enable_enforce", "keyMatch", "key_match", "regex_match"])
def test_casbin_is_never_switched_off_nor_given_patterns(call: str) -> None:
    assert _calls(call) == []


def test_the_casbin_tables_match_by_equality_only() -> None:
    patterns = [
        name(path)
        for path in ROOM.rglob("*.conf")
        if re.search(r"(keyMatch|regexMatch|globMatch|eval\()", path.read_text("utf-8"))
    ]
    assert patterns == []


@pytest.mark.parametrize("module", ["litestar.contrib", "urllib.request", "http.client", "pickle"])
def test_a_banned_module_is_imported_nowhere(module: str) -> None:
    found = [
        f"{name(path)}:{line}"
        for path, tree in modules()
        for line, said in imported(tree)
        if said == module or said.startswith(f"{module}.")
    ]
    assert found == []


def _calls(last: str) -> list[str]:
    """Where a name or attribute ``last`` is used, as ``file:line``."""
    return [
        f"{name(path)}:{node.lineno}"
        for path, tree in modules()
        for node in ast.walk(tree)
        if (isinstance(node, ast.Attribute) and node.attr == last)
        or (isinstance(node, ast.Name) and node.id == last)
    ]
