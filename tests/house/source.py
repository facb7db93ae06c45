"""Reads the checkout's own files: shared by the tests of this folder."""

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOM = ROOT / "registry"
MIGRATIONS = ROOM / "store" / "migrations"
NOT_OURS = {".git", ".venv", "var", "dist", "wheels", "__pycache__"}


def tracked() -> list[Path]:
    """Every file git knows, or, in an unpacked bundle, every file that make did not make."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return [p for p in ROOT.rglob("*") if p.is_file() and _ours(p)]
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def modules(*rooms: str) -> Iterator[tuple[Path, ast.Module]]:
    """Every Python file under the named rooms of registry/ (all of it without a name), parsed."""
    for folder in [ROOM / room for room in rooms] or [ROOM]:
        for path in sorted(folder.rglob("*.py")):
            if MIGRATIONS not in path.parents:
                yield path, ast.parse(path.read_text("utf-8"))


def name(path: Path) -> str:
    """The path as it is written in reports."""
    return path.relative_to(ROOT).as_posix()


def dotted(node: ast.AST) -> str:
    """``a.b.c`` for such an expression, else the empty string."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return ""


def imported(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """(line, module) of every import, wherever it stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.lineno, node.module
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def _ours(path: Path) -> bool:
    return not NOT_OURS & set(path.relative_to(ROOT).parts)
