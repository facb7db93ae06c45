"""verify.py: one file, short enough to be read, and nothing but Python's own library."""

import ast
import sys

import pytest

from tests.house.source import ROOT, imported

PROGRAM = ROOT / "verify.py"
MOST = 500
TEXT = PROGRAM.read_text("utf-8")
TREE = ast.parse(TEXT)


def test_it_has_at_most_five_hundred_lines() -> None:
    assert len(TEXT.splitlines()) <= MOST


def test_it_imports_pythons_own_library_alone_and_none_of_ours() -> None:
    found = {module.split(".")[0] for _, module in imported(TREE)}
    assert found <= sys.stdlib_module_names
    assert "registry" not in found


@pytest.mark.parametrize("module", ["socket", "urllib", "http", "ssl", "subprocess", "importlib"])
def test_it_asks_nobody_and_starts_nothing(module: str) -> None:
    assert module not in {found.split(".")[0] for _, found in imported(TREE)}
    called = {n.func.id for n in ast.walk(TREE) if isinstance(n, ast.Call)
              if isinstance(n.func, ast.Name)}  # fmt: skip
    assert called.isdisjoint({"eval", "exec", "compile", "__import__"})


def test_it_writes_no_file() -> None:
    named = {n.attr for n in ast.walk(TREE) if isinstance(n, ast.Attribute)}
    assert named.isdisjoint({"write", "write_text", "write_bytes", "unlink", "mkdir", "extractall"})
    calls = [n for n in ast.walk(TREE) if isinstance(n, ast.Call)]
    opened = [n.args for n in calls if isinstance(n.func, ast.Attribute) and n.func.attr == "open"]
    modes = {a.value for args in opened for a in args if isinstance(a, ast.Constant)}
    assert "w" not in "".join(str(mode) for mode in modes if len(str(mode)) <= 2)


def test_it_is_read_by_every_python_that_the_registry_supports() -> None:
    spec = (ROOT / "pyproject.toml").read_text("utf-8")
    assert 'requires-python = ">=3.11,<3.14"' in spec
    ast.parse(TEXT, feature_version=(3, 11))
