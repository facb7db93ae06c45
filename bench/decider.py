"""判定 the decider alone: against Casbin's own enforcer and another engine, on the same rows.

What it remembers goes by the set of matching rows and never by the facts; the figure without that
stands beside the one with it. Every answer timed here is first held against the other engine's.
"""

import logging
import random
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import msgspec

from bench import tables
from bench.figures import Board, Figure, median
from bench.verdict import DATES, SEEDS, USUAL, rows_of
from registry.app import settle_memory
from registry.domain.admission import COLUMNS, FACTS, Vector
from registry.policies.examples import packs, rulebook
from registry.policies.judge import decide
from registry.policies.measuring.facts import Rows
from registry.policies.overlay import Overlay
from registry.policies.pack import TableRow

MICRO = 1e6
ROWS, VECTORS, TURNS, BY_STOCK = 60, 12_000, 24, 10
OWN = "demo-county"
SEED = 20260302


def run(board: Board) -> None:
    """Print the decider's figures."""
    logging.getLogger("casbin").setLevel(logging.ERROR)
    settle_memory()  # as the served program does
    small(board)
    tables.run(board)


# ---- a pack of sixty rows ----------------------------------------------------------------------


def cut(rows: int, decider: str) -> Overlay:
    """The demo county's overlay with so many of its rows in force, evenly taken from all of it."""
    whole = rulebook(OWN, packs(), SEEDS).overlay
    standing = whole.active(DATES).rows
    chosen = [standing[at * len(standing) // rows] for at in range(rows)]
    keep = {(row.pack, row.row.line) for row in chosen}
    parts = [
        msgspec.structs.replace(
            pack, rows=[row for row in pack.rows if (pack.id, row.line) in keep]
        )
        for pack in whole.packs
    ]
    return Overlay(parts, decider)


def facts_for(table: Sequence[Sequence[str]], count: int, chance: random.Random) -> list[Vector]:
    """Distinct rows of facts: two in three made to meet a row of the table, the rest as a day's
    filings come."""
    weights = {c: [USUAL.get(c, {}).get(word, 1) for word in words] for c, words in FACTS.items()}
    found: dict[Vector, None] = {}
    while len(found) < count:
        wanted = chance.choice(table) if len(found) % 3 else ("*",) * len(COLUMNS)
        found[tuple(
            cell if cell != "*" else chance.choices(FACTS[column], weights[column])[0]
            for cell, column in zip(wanted, COLUMNS, strict=True)
        )] = None  # fmt: skip
    return list(found)


def small(board: Board) -> None:
    """Facts to full verdict on sixty rows: remembered by rows, not remembered, stock, Cedar."""
    ours, plain, stock = (cut(ROWS, d) for d in ("indexed", "indexed", "stock"))
    plain.remember = False
    rows = ours.active(DATES).rows
    asked = [
        rows_of(v) for v in facts_for([r.row.facts for r in rows], VECTORS, random.Random(SEED))
    ]
    for overlay in (ours, plain, stock):
        _decided(overlay, asked[:1])
    cedar = Cedar.holding(ours, asked)
    turns: dict[str, list[float]] = {"ours": [], "plain": [], "stock": [], "cedar": []}
    share = VECTORS // TURNS
    for turn in range(TURNS):
        part = slice(turn * share, (turn + 1) * share)
        few = asked[part][:BY_STOCK]
        turns["ours"].append(_each(_decided, ours, asked[part]))
        turns["plain"].append(_each(_decided, plain, asked[part]))
        turns["stock"].append(_each(_decided, stock, few))
        if cedar is not None:
            turns["cedar"].append(cedar.seconds(part))
        for one in few:
            right = decide(stock, one, DATES)
            if decide(ours, one, DATES) != right or decide(plain, one, DATES) != right:
                raise AssertionError("the deciders differ")
    _told(board, ours, asked, turns)
    if cedar is None:
        board.note("cedarpy is not installed: no figure against Cedar")


def _told(board: Board, ours: Overlay, asked: list[Rows], turns: dict[str, list[float]]) -> None:
    table = ours.active(DATES)
    matched = sum(table.mask(one.vectors[0][1]).bit_count() for one in asked) / len(asked)
    about = (
        f"{len(table.rows)} rows in force, evenly cut from {OWN} over cn-base; {VECTORS:,} "
        f"distinct fact rows, {matched:.1f} rows match each; stock on {TURNS * BY_STOCK} of them"
    )
    beside = f"cedarpy in batches of {VECTORS // TURNS}, policies parsed before, given only the "
    beside += "facts the rows ask; it names the matching policies, we give the whole verdict"
    for name, key, more in (
        (
            "by set of rows",
            "ours",
            f"{len(table.known):,} sets of matching rows remembered, never facts",
        ),
        ("all anew", "plain", "nothing remembered at all"),
    ):
        for by, goal, scale in (("stock", 300.0, about), ("cedar", 20.0, beside)):
            if not turns[by]:
                continue
            ratios = zip(turns[by], turns[key], strict=True)
            board.add(Figure(
                name=f"verdict {name}, to {by}", value=median(turns[key]) * MICRO, unit="us",
                baseline=median(turns[by]) * MICRO, goal=goal, wants="less",
                scale=f"{scale}; {more}", turns=tuple(theirs / own for theirs, own in ratios),
            ))  # fmt: skip


def _decided(overlay: Overlay, asked: Sequence[Rows]) -> None:
    for rows in asked:
        decide(overlay, rows, DATES)


def _each(work: Callable[..., object], *given: Any) -> float:
    """Seconds for each of the last argument's items."""
    began = time.perf_counter()
    work(*given)
    return (time.perf_counter() - began) / len(given[-1])


class Cedar:
    """The same rows as Cedar policies, each a permit so that every matching one is named."""

    def __init__(self, batch: Callable[..., Any], policies: object, requests: list[Any]) -> None:
        self.batch, self.policies, self.requests = batch, policies, requests

    @classmethod
    def holding(cls, ours: Overlay, asked: list[Rows]) -> "Cedar | None":
        """Cedar with our rows, its answers held against ours; ``None`` where it is not here."""
        try:
            import cedarpy
        except ImportError:
            return None
        table = ours.active(DATES)
        used = sorted({
            column for row in table.rows
            for column, cell in zip(COLUMNS, row.row.facts, strict=True) if cell != "*"
        })  # fmt: skip
        who = {k: {"type": k.title(), "id": "x"} for k in ("principal", "action", "resource")}
        requests = [
            {**who, "context": {c: one.vectors[0][1][COLUMNS.index(c)] for c in used}}
            for one in asked
        ]
        made = cls(
            partial(cedarpy.is_authorized_batch, entities=cedarpy.Entities.from_json_str("[]")),
            cedarpy.PolicySet.from_str("\n".join(_policy(row.row) for row in table.rows)),
            requests,
        )
        for one, answer in zip(asked, made.batch(requests, made.policies), strict=True):
            names = [int(name.removeprefix("policy")) for name in answer.diagnostics.reasons]
            if sum(1 << at for at in names) != table.mask(one.vectors[0][1]):
                raise AssertionError("Cedar finds other rows")
        return made

    def seconds(self, part: slice) -> float:
        """Seconds a decision, in one batch."""
        requests = self.requests[part]
        began = time.perf_counter()
        self.batch(requests, self.policies)
        return (time.perf_counter() - began) / len(requests)


def _policy(row: TableRow) -> str:
    asks = [
        f'context.{column} == "{cell}"'
        for column, cell in zip(COLUMNS, row.facts, strict=True)
        if cell != "*"
    ]
    return f"permit(principal, action, resource) when {{ {' && '.join(asks)} }};"
