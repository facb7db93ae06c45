"""Sizes: what fits on a screen can be read."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.house.source import modules, name, tracked

FUNCTION, FILE, LINE, POSITIONAL = 40, 300, 100, 4
Function = ast.FunctionDef | ast.AsyncFunctionDef


def _functions() -> Iterator[tuple[Path, Function]]:
    for path, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, Function):
                yield path, node


def _lines(function: Function) -> int:
    """Docstring and body; a long signature is the wire's, not the reader's."""
    return (function.end_lineno or 0) - function.body[0].lineno + 1


def _positional(function: Function) -> int:
    names = [a.arg for a in (*function.args.posonlyargs, *function.args.args)]
    return len(names) - (names[:1] in (["self"], ["cls"]))


def test_no_function_is_longer_than_forty_lines() -> None:
    long = [f"{name(p)}:{f.lineno} {f.name}" for p, f in _functions() if _lines(f) > FUNCTION]
    assert long == []


def test_no_function_takes_more_than_four_positional_parameters() -> None:
    wide = [
        f"{name(p)}:{f.lineno} {f.name}" for p, f in _functions() if _positional(f) > POSITIONAL
    ]
    assert wide == []


def test_no_file_of_the_program_is_longer_than_three_hundred_lines() -> None:
    long = [name(p) for p, _ in modules() if len(p.read_text("utf-8").splitlines()) > FILE]
    assert long == []


def test_no_line_of_python_is_longer_than_a_hundred_characters() -> None:
    long = [
        f"{name(path)}:{number}"
        for path in tracked()
        if path.suffix == ".py" and "migrations/versions" not in path.as_posix()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if len(line) > LINE
    ]
    assert long == []


def test_the_counting_itself_counts() -> None:
    tree = ast.parse("class A:\n def f(self, a, b, c, d, e, *, g):\n  x = 1\n  return x\n")
    function = tree.body[0].body[0]  # type: ignore[attr-defined]
    assert (_lines(function), _positional(function)) == (2, 5)
