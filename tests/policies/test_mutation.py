"""变异: to take out or turn round one line of the demo county's tables breaks one of its cases."""

from collections.abc import Sequence
from typing import TypeVar

import msgspec
import pytest

from registry.policies.cases import run_case
from registry.policies.judge import Rulebook
from registry.policies.overlay import Overlay
from registry.policies.pack import Pack, RouteRow, TableRow
from tests.policies.rulebooks import DEMO, book, cases, loaded

T = TypeVar("T")
OWN = loaded()[DEMO]
RUN = [case for case in cases(DEMO) if case.expect is not None]


def _broken(
    rows: Sequence[TableRow] | None = None, routes: Sequence[RouteRow] | None = None
) -> str:
    """The first case that fails with these tables in place of the demo county's, or ``""``."""
    mutant: Pack = msgspec.structs.replace(
        OWN, rows=list(OWN.rows if rows is None else rows),
        routes=list(OWN.routes if routes is None else routes),
    )  # fmt: skip
    sound = book(DEMO)
    overlay = Overlay([mutant, *sound.overlay.packs[1:]], "indexed")
    rules = Rulebook(overlay, sound.lists, sound.calendar)
    return next((case.id for case in RUN if run_case(case, rules).failures), "")


def _turned(row: TableRow) -> TableRow:
    """The line with the opposite answer, one that fits its gate."""
    if row.eft == "deny":
        outcome = "listed" if row.facts[0] == "file" else "allowed"
        return msgspec.structs.replace(row, eft="allow", outcome=outcome)
    return msgspec.structs.replace(row, eft="deny", outcome="refused")


def _without(rows: Sequence[T], at: int) -> list[T]:
    return [*rows[:at], *rows[at + 1 :]]


def _named(rows: Sequence[TableRow]) -> list[str]:
    return [f"{row.line}:{row.rule}" for row in rows]


def test_as_it_stands_no_case_fails() -> None:
    assert _broken() == ""


@pytest.mark.parametrize("at", range(len(OWN.rows)), ids=_named(OWN.rows))
def test_a_line_taken_out_breaks_a_case(at: int) -> None:
    assert _broken(_without(OWN.rows, at)), "no case needs this line"


@pytest.mark.parametrize("at", range(len(OWN.rows)), ids=_named(OWN.rows))
def test_a_line_turned_round_breaks_a_case(at: int) -> None:
    turned = [*OWN.rows[:at], _turned(OWN.rows[at]), *OWN.rows[at + 1 :]]
    assert _broken(turned), "no case tells this line from its opposite"


@pytest.mark.parametrize("at", range(len(OWN.routes)), ids=[str(r.line) for r in OWN.routes])
def test_a_route_taken_out_breaks_a_case(at: int) -> None:
    assert _broken(routes=_without(OWN.routes, at)), "no case takes this route"


def test_a_line_that_says_nothing_new_would_be_noticed_as_idle() -> None:
    """The check can fail: a line no case needs is one it does not miss."""
    never = msgspec.structs.replace(
        OWN.rows[0], facts=("file", "app", "treasury", *OWN.rows[0].facts[3:])
    )
    assert _broken([*OWN.rows, never]) == ""
    assert _broken(_without([*OWN.rows, never], len(OWN.rows))) == ""
