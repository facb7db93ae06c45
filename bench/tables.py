"""大表 large tables: ten thousand rows, many matches, role graphs with two hundred domains."""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import casbin
import msgspec
from casbin.model import Model

from bench.figures import Board, Figure, at_share, median
from bench.verdict import DATES, SEEDS, rows_of
from registry.domain.admission import COLUMNS, FACTS, Vector
from registry.policies.engine import IndexedEnforcer
from registry.policies.examples import packs, rulebook
from registry.policies.judge import decide
from registry.policies.overlay import Overlay
from registry.policies.pack import TableRow

MICRO = 1e6
OWN, VECTORS, SEED = "demo-county", 12_000, 20260302


def run(board: Board) -> None:
    """Print the figures of large tables."""
    large(board)
    further(board)
    verdict_at_size(board)
    offices(board)


# ---- ten thousand rows -------------------------------------------------------------------------

EXACT = """[request_definition]
r = sub, obj, act
[policy_definition]
p = sub, obj, act, eft
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
[matchers]
m = r.sub == p.sub && r.obj == p.obj && r.act == p.act
"""
MANY = 10_000


def _model(text: str) -> Model:
    model = Model()
    model.load_model_from_text(text)
    return model


def _exact_rows(chance: random.Random) -> tuple[list[list[str]], list[tuple[str, str, str]]]:
    """Ten thousand exact-match rows, one to three for a question, and the questions."""
    asked: dict[tuple[str, str, str], None] = {}
    rows: list[list[str]] = []
    while len(rows) < MANY:
        one = (f"u{chance.randrange(1_000)}", f"o{chance.randrange(200)}",
               chance.choice(("read", "write", "sign")))  # fmt: skip
        if one in asked:
            continue
        asked[one] = None
        for _ in range(min(chance.randrange(1, 4), MANY - len(rows))):
            rows.append([*one, chance.choice(("allow", "allow", "allow", "deny"))])
    chance.shuffle(rows)
    return rows, list(asked)


def large(board: Board) -> None:
    """Exact-match allow and deny rows, at most three for a question."""
    chance = random.Random(SEED)
    rows, asked = _exact_rows(chance)
    strangers = [(f"u{n}", "nothing", "read") for n in range(1_000)]
    began = time.perf_counter()
    ours = IndexedEnforcer(_model(EXACT), rows)
    made = time.perf_counter() - began
    stock = _stock(EXACT, rows)
    seconds = [_one(ours.enforce, one) for one in [*asked, *strangers]]
    by_stock = [_one(stock.enforce, one) for one in asked[:: len(asked) // 20]]
    for one in asked[:: len(asked) // 20]:
        if ours.enforce(*one) != stock.enforce(*one):
            raise AssertionError("the deciders differ")
    board.add(Figure(
        name="decision at 10,000 rows", value=median(seconds) * MICRO, unit="us", goal=15.0,
        wants="less",
        scale=f"{MANY:,} exact-match rows, {len(seconds):,} questions with at most 3 matches; "
        f"p99 {at_share(seconds, 0.99) * MICRO:.1f} us; index made in {made * 1000:.0f} ms; "
        f"stock {median(by_stock) * MICRO:,.0f} us",
    ))  # fmt: skip


def _stock(text: str, rows: list[list[str]], links: Sequence[list[str]] = ()) -> casbin.Enforcer:
    model = _model(text)
    model["p"]["p"].policy = rows
    if links:
        model["g"]["g"].policy = list(links)
    stock = casbin.Enforcer(model)
    stock.build_role_links()
    return stock


def _one(work: Callable[..., object], given: Sequence[Any]) -> float:
    began = time.perf_counter()
    work(*given)
    return time.perf_counter() - began


def further(board: Board) -> None:
    """What each further matching row costs: questions with one to fifty of them."""
    rows = [[f"u{n}", "o", "read", "allow"] for n in range(MANY - 50 * 51 // 2)]
    most = 50
    for many in range(1, most + 1):
        rows += [[f"k{many}", "o", "read", "allow"]] * many
    random.Random(SEED).shuffle(rows)
    ours = IndexedEnforcer(_model(EXACT), rows)
    cost = {}
    for many in (1, most):
        one = (f"k{many}", "o", "read")
        if len(ours.matches(one)) != many:
            raise AssertionError("not so many matches")
        cost[many] = median([_one(ours.matches, (one,)) for _ in range(2_000)])
    board.add(Figure(
        name="each further match", value=(cost[most] - cost[1]) / (most - 1) * MICRO, unit="us",
        goal=1.0, wants="less", scale=f"{len(rows):,} rows; a question with {most} matches against "
        f"one with 1, every match reported: {cost[most] * MICRO:.1f} and {cost[1] * MICRO:.1f} us",
    ))  # fmt: skip


def verdict_at_size(board: Board) -> None:
    """The whole verdict where the pack itself has ten thousand rows."""
    chance = random.Random(SEED)
    whole = rulebook(OWN, packs(), SEEDS).overlay.packs[-1]
    rules = [rule.id for rule in whole.document.rule if rule.decides]
    varied = ("kind", "applicant", "level", "receiver", "role", "duration", "demander", "payer")
    cells: dict[Vector, None] = {}
    while len(cells) < MANY:
        drawn = {c: chance.choice(FACTS[c]) for c in varied} | {"gate": "file"}
        cells[tuple(drawn.get(c, "*") for c in COLUMNS)] = None
    rows = [
        TableRow(line=at + 2, facts=facts, eft="deny", outcome="refused", rule=chance.choice(rules))
        for at, facts in enumerate(cells)
    ]
    overlay = Overlay([msgspec.structs.replace(whole, rows=rows)], "indexed")
    overlay.remember = False
    asked = [rows_of(v) for v in _meeting(list(cells), chance)]
    standing = len(overlay.active(DATES).rows)
    seconds = [_one(decide, (overlay, one, DATES)) for one in asked]
    board.add(Figure(
        name="verdict at 10,000 rows", value=median(seconds) * MICRO, unit="us", wants="less",
        goal=15.0, scale=f"{standing:,} rows of a made-up pack in force, {len(asked):,} distinct "
        f"fact rows each meeting one; nothing remembered; "
        f"p99 {at_share(seconds, 0.99) * MICRO:.1f} us",
    ))  # fmt: skip


def _meeting(table: list[Vector], chance: random.Random) -> Iterator[Vector]:
    for wanted in table[:VECTORS]:
        yield tuple(
            cell if cell != "*" else chance.choice(FACTS[column])
            for cell, column in zip(wanted, COLUMNS, strict=True)
        )


# ---- access with domains -----------------------------------------------------------------------

DOMAINS = """[request_definition]
r = sub, dom, obj, act
[policy_definition]
p = sub, dom, obj, act
[role_definition]
g = _, _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = g(r.sub, p.sub, r.dom) && r.dom == p.dom && r.obj == p.obj && r.act == p.act
"""
OFFICES, ROLES, PEOPLE = 200, 4, 5


def offices(board: Board) -> None:
    """Access with domains: 200 street offices, 2,400 policy rows, 1,000 role rows."""
    chance = random.Random(SEED)
    held = {"clerk": ("read", "accept", "examine"), "head": ("read", "decide", "sign"),
            "cashier": ("read", "confirm", "pay"), "guest": ("read", "list", "print")}  # fmt: skip
    rows = [
        [role, f"street{n}", "request", act]
        for n in range(OFFICES) for role, acts in held.items() for act in acts
    ]  # fmt: skip
    links = [
        [f"person{n}-{one}", chance.choice(list(held)), f"street{n}"]
        for n in range(OFFICES) for one in range(PEOPLE)
    ]  # fmt: skip
    ours = IndexedEnforcer(_model(DOMAINS), rows, {"g": links})
    stock = _stock(DOMAINS, rows, links)
    acts = sorted({act for names in held.values() for act in names})
    asked = [
        (link[0], link[2] if chance.random() < 0.9 else f"street{chance.randrange(OFFICES)}",
         "request", chance.choice(acts))
        for link in links for _ in range(5)
    ]  # fmt: skip
    seconds = [_one(ours.enforce, one) for one in asked]
    sample = asked[:: len(asked) // 30]
    by_stock = [_one(stock.enforce, one) for one in sample]
    answers = {ours.enforce(*one) for one in asked}
    if [ours.enforce(*one) for one in sample] != [stock.enforce(*one) for one in sample]:
        raise AssertionError("the deciders differ")
    if answers != {True, False}:
        raise AssertionError("the questions try nothing")
    board.add(Figure(
        name="access at 200 offices", value=median(seconds) * MICRO, unit="us", goal=50.0,
        wants="less",
        scale=f"{len(rows):,} policy rows, {len(links):,} role rows, {len(asked):,} questions; p99 "
        f"{at_share(seconds, 0.99) * MICRO:.1f} us; stock {median(by_stock) * MICRO:,.0f} us",
    ))  # fmt: skip
