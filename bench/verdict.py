"""预审 one verdict with all its reasons: facts in, full verdict out, nothing remembered between two.

The demo county's rules over the national ones, asked by the index and by Casbin's own enforcer in
the same run, turn by turn; both must say the same.
"""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from bench.figures import Board, Figure, at_share, median
from bench.forms import typed
from registry.domain.admission import FACTS, Vector
from registry.domain.vocabulary import Gate, Level, OrganisationKind, Receiver
from registry.policies.examples import packs, rulebook
from registry.policies.judge import Judgement, Rulebook, decide
from registry.policies.measuring.facts import Matter, Rows
from registry.policies.overlay import Governing

SEEDS = Path(__file__).parents[1] / "seeds"
PACK = "demo-county"
VECTORS = 12_000
STOCK_SAMPLE = 400
FILINGS = 3_000
SEED = 20260302
GOAL = 20.0
DAY = date(2026, 3, 2)
DATES = Governing(applied=DAY, decided=DAY, entered=DAY)
MICRO = 1e6

# What a day's filings look like: most are tasks and papers asked by departments at filing, off the
# list, with money; what is not named here is drawn evenly.
USUAL: dict[str, dict[str, int]] = {
    "gate": {"file": 40, "start": 2, "pay": 1},
    "kind": {"task": 20, "certificate": 8, "ledger": 6, "report": 6, "inspection": 4},
    "applicant": {"department": 40, "party_department": 8, "institution": 6},
    "level": {"county": 40, "street": 6, "city": 6},
    "receiver": {"residents_committee": 40, "village_committee": 15, "service_station": 6},
    "ground": {"none": 60},
    "match": {"none": 6},
    "standing": {"off": 10, "listed": 5},
    "statutory": {"no": 10},
    "emergency": {"no": 20},
    "technical": {"no": 6},
}


@dataclass(frozen=True)
class Turn:
    """一回: how long each asked verdict took, seconds."""

    indexed: list[float]
    stock: list[float]
    both: list[float]
    """The index on the very vectors that the stock decider was asked."""


def vectors(count: int, chance: random.Random) -> list[Vector]:
    """``count`` distinct rows of facts, the same for the same seed."""
    columns = [(values, _weights(name, values)) for name, values in FACTS.items()]
    found: dict[Vector, None] = {}
    while len(found) < count:
        row = tuple(chance.choices(values, weights)[0] for values, weights in columns)
        found[row] = None
    return list(found)


def _weights(column: str, values: tuple[str, ...]) -> list[int]:
    usual = USUAL.get(column, {})
    return [usual.get(value, 1) for value in values]


def rows_of(vector: Vector) -> Rows:
    """One row of facts as a whole matter, with nothing behind it."""
    receiver = Receiver(vector[list(FACTS).index("receiver")])
    return Rows(vectors=[(receiver, vector)], behind={}, suggestions=[], basis={})


def run(board: Board) -> None:
    """Print the verdict's figures."""
    loaded = packs()
    ours, stock = (rulebook(PACK, loaded, SEEDS, decider) for decider in ("indexed", "stock"))
    asked = [rows_of(v) for v in vectors(VECTORS, random.Random(SEED))]
    table = len(ours.overlay.active(DATES).rows)
    turn = _turns(ours, stock, asked)
    board.add(Figure(
        name="verdict, facts to reasons", value=median(turn.both) * MICRO, unit="us",
        baseline=median(turn.stock) * MICRO, goal=GOAL, wants="less",
        scale=f"{table} rows in force; medians over the same {len(turn.stock)} of {VECTORS:,} "
        "distinct fact rows, stock Casbin enforcer as baseline; nothing kept by facts",
    ))  # fmt: skip
    board.add(Figure(
        name="verdict p99", value=at_share(turn.indexed, 0.99) * MICRO, unit="us",
        scale=f"{VECTORS:,} distinct fact rows",
    ))  # fmt: skip
    board.add(Figure(
        name="verdicts per second", value=len(turn.indexed) / sum(turn.indexed), unit="1/s",
        scale=f"one thread, {VECTORS:,} distinct fact rows",
    ))  # fmt: skip
    _filings(board, ours)


def _turns(ours: Rulebook, stock: Rulebook, asked: list[Rows]) -> Turn:
    """Every vector by the index, every so many by the stock decider too, turn by turn."""
    turn = Turn([], [], [])
    every = len(asked) // STOCK_SAMPLE
    for rulebook_, rows in ((ours, asked[0]), (stock, asked[0])):
        decide(rulebook_.overlay, rows, DATES)  # the tables of the day are made on first asking
    for number, rows in enumerate(asked):
        seconds, answer = _timed(partial(decide, ours.overlay, rows, DATES))
        turn.indexed.append(seconds)
        if number % every == 0:
            again, right = _timed(partial(decide, stock.overlay, rows, DATES))
            if answer != right:
                raise AssertionError(f"the deciders differ on {rows.vectors}")
            turn.stock.append(again)
            turn.both.append(seconds)
    return turn


def _filings(board: Board, ours: Rulebook) -> None:
    """From a filing's words: text matched against every list, facts computed, verdict given."""
    seconds = []
    for number in range(FILINGS):
        matter = Matter(
            gate=Gate.FILE, filing=typed(number), applied=DAY,
            applicant_kind=OrganisationKind.DEPARTMENT, applicant_level=Level.COUNTY,
        )  # fmt: skip
        seconds.append(_timed(partial(ours.judge, matter, DATES))[0])
    items = len(ours_items := ours.lists.items)
    board.add(Figure(
        name="verdict, filing to reasons", value=median(seconds) * MICRO, unit="us",
        scale=f"{FILINGS:,} distinct filings against {items:,} list items in "
        f"{len({one for one, _ in ours_items})} lists; "
        f"p99 {at_share(seconds, 0.99) * MICRO:,.0f} us",
    ))  # fmt: skip


def _timed(work: Callable[[], Judgement]) -> tuple[float, Judgement]:
    began = time.perf_counter()
    answer = work()
    return time.perf_counter() - began, answer
