"""疑点目录: every finding passes one door, every code is declared once, and the catalogue has it."""

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import registry.actions
from registry.actions.doubting import catalogue, keeping
from registry.actions.doubting.catalogue import CATALOGUE, TABLES
from registry.actions.doubting.keeping import Seen
from registry.actions.office import Answer, Desk, Office
from registry.actions.seeing import ACT
from registry.api.resources import RESOURCES
from registry.domain.audit import Finding
from registry.domain.doubts import ASKED_ZH, Asked, Doubt
from registry.policies.dictionary import field_zh
from tests.actions.case import Hands
from tests.conftest import MovingClock

ROOM = Path(registry.actions.__file__).parent
DOOR = ROOM / "doubting" / "keeping.py"
JUDGING = ("违规", "违法", "挪用", "贪污", "处分", "虚报", "冒领", "截留")


def _calls(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id


def _declared() -> Iterator[Doubt]:
    for found in pkgutil.walk_packages(registry.actions.__path__, "registry.actions."):
        for value in vars(importlib.import_module(found.name)).values():
            if isinstance(value, Doubt):
                yield value


def test_a_finding_is_made_in_one_place_alone() -> None:
    made = [path for path in ROOM.parent.rglob("*.py") if "Finding" in _calls(path)]
    assert made == [DOOR]


def test_every_kind_that_is_declared_stands_in_the_catalogue() -> None:
    assert {doubt.code for doubt in _declared()} == set(CATALOGUE)
    assert all(CATALOGUE[doubt.code] is doubt for doubt in _declared())


def test_a_code_is_declared_once() -> None:
    codes = [doubt.code for table in TABLES for doubt in table]
    assert len(codes) == len(set(codes))


def test_no_room_names_a_code_but_where_it_is_declared() -> None:
    tables = {path for path in ROOM.rglob("*.py") if "Doubt" in _calls(path)}
    for path in set(ROOM.rglob("*.py")) - tables:
        words = {
            node.value for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }  # fmt: skip
        assert not words & set(CATALOGUE), path


@pytest.mark.parametrize("doubt", CATALOGUE.values(), ids=lambda doubt: doubt.code)
def test_it_is_told_in_neutral_words_with_names_for_all_that_it_tells(doubt: Doubt) -> None:
    assert doubt.name and doubt.zh and doubt.en
    assert not [word for word in JUDGING if word in doubt.zh + doubt.name]
    assert [name for name in doubt.facts if not field_zh("findings", name)] == []
    assert set(doubt.evidence) <= set(RESOURCES)
    assert ASKED_ZH[doubt.asked]


@pytest.mark.parametrize("table", TABLES[:6])
def test_of_money_the_amount_and_what_shows_it_are_told(table: tuple[Doubt, ...]) -> None:
    for doubt in table:
        assert "amount_fen" in doubt.facts, doubt.code
        assert doubt.evidence or doubt.code == "work.unregistered", doubt.code


def test_the_catalogue_is_read_with_all_its_fields(office: Office) -> None:
    lines = {line.code: line for line in catalogue.listed(office).items}
    assert list(lines) == sorted(CATALOGUE)
    line = lines["funds.held_over"]
    assert (line.asked, line.asked_zh, line.evidence) == (Asked.STREET, "街道（乡镇）", ["holds"])
    assert {"name": "amount_fen", "zh": "金额"} in [
        {"name": fact.name, "zh": fact.zh} for fact in line.facts
    ]
    assert Finding in ACT


# ---- opened once, brought up to date, closed, opened again --------------------------------------

KIND = CATALOGUE["spending.invoice_twice"]


def _told(hand: Hands, count: int | None) -> Finding | None:
    seen = [] if count is None else [
        Seen(KIND, "f-1", "exp-1", facts={"count": count}, evidence={"vouchers": ["vch-1"]})
    ]  # fmt: skip

    def verb(desk: Desk) -> Answer:
        keeping.set_right(desk, seen, ["f-1"])
        return Answer(body=None)

    person = hand("auditor")
    hand("auditor").do(verb)
    return person.office.store.reader.get(Finding, person.county, "f-1")


def test_the_same_seen_twice_is_one_version_of_one_finding(hand: Hands, clock: MovingClock) -> None:
    first = _told(hand, 2)
    assert first is not None and (first.version, first.detail) == (
        1, "同一发票号码出现在 2 张凭证上，请核对",
    )  # fmt: skip
    assert (first.law, first.facts["evidence"]) == (KIND.law, {"vouchers": ["vch-1"]})
    assert _told(hand, 2) == first
    third = _told(hand, 3)
    assert third is not None and (third.version, third.facts["count"]) == (2, 3)
    assert third.opened_on == first.opened_on


def test_what_holds_no_longer_is_closed_and_may_come_again(hand: Hands, clock: MovingClock) -> None:
    first = _told(hand, 2)
    closed = _told(hand, None)
    assert closed is not None and closed.closed_on is not None
    assert _told(hand, None) == closed, "closed once"
    clock.at = clock.at.replace(day=clock.at.day + 1)
    again = _told(hand, 2)
    assert again is not None and first is not None
    assert again.closed_on is None and again.opened_on > first.opened_on


def test_it_tells_nothing_that_its_kind_does_not_say() -> None:
    with pytest.raises(ValueError, match="payee"):
        _ = Seen(KIND, "f-1", "exp-1", facts={"payee": "x"}).told
    with pytest.raises(ValueError, match="documents"):
        _ = Seen(KIND, "f-1", "exp-1", evidence={"documents": ["x"]}).told
