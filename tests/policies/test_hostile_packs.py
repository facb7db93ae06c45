"""A pack written to do harm is refused in words, and soon: it is read while others wait."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from registry.policies.drafting.lint_pack import ROUTE_FACTS
from registry.policies.drafting.lint_rows import check_order
from registry.policies.drafting.possible import Space
from registry.policies.loader import PackError, gather, load_pack, read_folder

FILES = read_folder(Path(__file__).parents[2] / "registry/policies/packs/demo-county")
MONEY = re.compile(r"^late_after_days = ", re.MULTILINE)
OWN = re.compile(r'^id = "demo-county"', re.MULTILINE)
HARMFUL = {
    "nested arrays": ("pack.toml", lambda _: "x = " + "[" * 100_000),
    "nested tables": ("pack.toml", lambda _: "x = " + "{a=" * 50_000),
    "nested arrays in a case": ("cases/filing.toml", lambda _: "x = " + "[" * 100_000),
    "a key of 20,000 parts": ("pack.toml", lambda _: ".".join(["a"] * 20_000) + " = 1"),
    "a heading of 20,000 parts": ("pack.toml", lambda _: "[" + ".".join(["a"] * 20_000) + "]"),
    "a number of 5,000 digits": ("pack.toml", lambda _: "x = " + "9" * 5_000),
    "no days until money is late": ("pack.toml", lambda t: MONEY.sub(r"\g<0>0 #", t)),
    "a million days until money is late": ("pack.toml", lambda t: MONEY.sub(r"\g<0>1000000 #", t)),
    "an id that leads out of its folder": ("pack.toml", lambda t: OWN.sub('id = "../x"', t, 1)),
    "an id with a space": ("pack.toml", lambda t: OWN.sub('id = "a b"', t, 1)),
    "an id of 500 letters": ("pack.toml", lambda t: OWN.sub(f'id = "{"a" * 500}"', t, 1)),
    "a cell of 200,000 letters": ("rules.csv", lambda text: f"{text}\np,{'a' * 200_000}\n"),
    "a quote never closed": ("rules.csv", lambda text: f'{text}\np,"{"a" * 200_000}\n'),
}  # fmt: skip


@pytest.mark.parametrize("name", HARMFUL)
def test_a_pack_that_cannot_be_read_is_refused_by_file(name: str) -> None:
    file, harmed = HARMFUL[name]
    change: Callable[[str], str] = harmed
    with pytest.raises(PackError) as told:
        load_pack({**FILES, file: change(FILES[file])})
    assert told.value.file == file


def test_of_very_many_faults_only_so_many_are_looked_up() -> None:
    wrong = FILES["pack.toml"] + "\n" + "\n".join(f"z{n} = 1" for n in range(1_000))
    _, errors = gather({**FILES, "pack.toml": wrong})
    assert 1 <= len(errors) < 100


def test_of_very_many_bad_cases_only_so_many_are_looked_up() -> None:
    _, errors = gather({**FILES, "cases/more.toml": "[[case]]\n" * 1_000})
    assert 1 <= len(errors) < 100


def test_a_route_that_is_never_taken_is_found_and_a_very_long_table_ends() -> None:
    rows = [(n, ("*",) * len(ROUTE_FACTS)) for n in range(2, 10_002)]
    found = dict(check_order(rows, Space(ROUTE_FACTS)))
    assert found[3] == 2
    assert len(found) < len(rows) - 1
