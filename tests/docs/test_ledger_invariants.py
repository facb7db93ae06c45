"""账簿不变量: every function, constraint and test that the page names is there."""

import re
from pathlib import Path

import pytest
from sqlalchemy import Constraint, Index

from registry.store import tables
from tests.actions.ledger_invariants import INVARIANTS

ROOT = Path(__file__).parents[2]
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (ROOT / "docs/ledger-invariants.md").read_text("utf-8").splitlines()
    if line.startswith("|") and not line.startswith(("|---", "| | "))
]
NAMED = re.compile(r"`([a-z_/0-9]+\.py)(?:::([a-z_0-9]+))?`")
IN_DATABASE = re.compile(r"DB `([a-z_]+)`")


def _constraints() -> set[str]:
    every = tables.BY_RECORD.values()
    made: list[Constraint | Index] = [
        one for table in every for one in (*table.constraints, *table.indexes)
    ]  # fmt: skip
    return {str(one.name) for one in made}


def test_every_invariant_has_a_line_of_its_own() -> None:
    told = [row[0] for row in ROWS]
    assert told[: len(INVARIANTS)] == [f"E{number}" for number in sorted(INVARIANTS)]
    assert len(set(told)) == len(told)


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_what_keeps_it_and_what_tries_it_are_there(row: list[str]) -> None:
    _, words, kept, tried = row
    assert any("\u4e00" <= sign <= "\u9fff" for sign in words)
    for cell, folder in ((kept, "registry"), (tried, "tests")):
        named = NAMED.findall(cell)
        assert named, f"nothing is named: {cell}"
        for path, function in named:
            text = (ROOT / folder / path).read_text("utf-8")
            assert f"\ndef {function}(" in text if function else text, f"{path}::{function}"


def test_every_constraint_that_is_named_is_there() -> None:
    named = {name for row in ROWS for name in IN_DATABASE.findall(row[2])}
    assert named and named <= _constraints(), named - _constraints()
