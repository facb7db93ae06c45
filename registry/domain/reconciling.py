"""对账 which line of a statement shows which voucher: exact on both sides, or left to a person (E14).

Between most accounts of the ledger no money moves that a bank would see: only where it leaves the
treasury, reaches or leaves the account of a street or of a community, and where it comes back.
"""

import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import date
from typing import NamedTuple, TypeVar

from registry.domain.accounts import Account
from registry.domain.bank import Direction, LineSource, MatchWay
from registry.domain.document_number import folded
from registry.domain.summing import Weighed, summed
from registry.domain.vocabulary import Custody

A = Account
_BACK = frozenset({A.PLEDGED, A.ALLOTTED, A.REMITTED})
"""Into which money goes that is given back or handed in."""
_HELD = frozenset({A.STREET, A.COMMUNITY})
ANYWHERE = ""
"""Of a payment to whoever does the work: no street's or community's account shows it."""
_BETWEEN = re.compile("[、,;]")
"""What stands between numbers, in one writing."""
TREASURY = "*"
"""Paid by the treasury, in whose name soever."""


class Moved(NamedTuple):
    """What a confirmed voucher moved between two accounts in one community, 分."""

    voucher_id: str
    number: str
    request_id: str | None
    payer_id: str
    dated_on: date
    custody: Custody
    path: str
    debit: Account
    credit: Account
    fen: int
    agent_id: str | None = None
    """代付单位."""
    agent_path: str = ""
    """Where its account is, of an agent that has one of its own: a street."""


class Leg(NamedTuple):
    """一方: what one statement should show of a voucher."""

    voucher_id: str
    number: str
    request_id: str | None
    payer_id: str
    dated_on: date
    source: LineSource
    direction: Direction
    path: str
    """Where the account's holder lies, or, of a payment by the treasury, who is paid."""
    fen: int
    agent_id: str | None = None
    """代付单位: who stands as payer on a line that shows it, as well as who owes it."""


class Shown(NamedTuple):
    """What one line of a statement shows."""

    id: str
    source: LineSource
    direction: Direction
    path: str
    fen: int
    keys: frozenset[str]
    """流水号 and 凭证号, under which a payment may be known."""
    request_id: str | None
    """Whose 准入批准号 it names."""
    admission: bool
    """It names one, known or not."""
    number: str
    payer: str | None
    """Body that paid: ``TREASURY`` for the treasury itself."""
    dated_on: date | None = None


class Pair(NamedTuple):
    """一对: a line, the side of a voucher that it shows, and how much of both that is."""

    line_id: str
    leg: Leg
    way: MatchWay
    fen: int


def street_of(path: str) -> str:
    """The path of the place in which another lies: of a community, its street."""
    return path.rstrip("/").rpartition("/")[0] + "/"


def seen_in(
    debit: Account, credit: Account, custody: Custody
) -> list[tuple[LineSource, Direction]]:
    """In which statements a movement shows, and which way; under 指标划转 no money moves at all."""
    if custody is Custody.QUOTA_TRANSFER:
        return []
    if credit is A.ORDERED and debit in (A.TRANSIT, A.SPENT):
        return [(LineSource.TREASURY, Direction.OUT)]
    if credit is A.TRANSIT and debit in _HELD:
        return [(LineSource.BANK, Direction.IN)]
    if credit in _HELD and debit is A.SPENT:
        return [(LineSource.BANK, Direction.OUT)]
    if credit in _HELD and debit in _BACK:
        return [(LineSource.BANK, Direction.OUT), (LineSource.TREASURY, Direction.IN)]
    return []


def legs(moved: Iterable[Moved]) -> list[Leg]:
    """What statements should show of vouchers: the lines of one voucher that go to one account are
    one payment."""
    sums: dict[Leg, int] = {}
    for one in moved:
        for books, direction in seen_in(one.debit, one.credit, one.custody):
            by_street = one.custody is Custody.STREET_CUSTODY or A.STREET in (one.debit, one.credit)
            path = street_of(one.path) if by_street else one.path
            if one.custody is Custody.DIRECT_PAY:
                path = ANYWHERE
            by_agent = bool(one.agent_path) and one.credit is A.ORDERED
            source, path = (LineSource.BANK, one.agent_path) if by_agent else (books, path)
            leg = Leg(one.voucher_id, one.number, one.request_id, one.payer_id, one.dated_on,
                      source, direction, path, 0, one.agent_id)  # fmt: skip
            sums[leg] = sums.get(leg, 0) + one.fen
    return [leg._replace(fen=fen) for leg, fen in sums.items()]


def pairs(
    shown: Sequence[Shown], open_legs: Sequence[Leg], references: dict[str, frozenset[str]]
) -> list[Pair]:
    """Every line that shows just one voucher which no other line shows, by the surest sign first;
    then, by the same sign, a line that several vouchers sum to and lines that sum to one voucher.

    Args:
        references: voucher → keys under which its payment is known to the treasury.
    """
    lines = {one.id: one for one in shown}
    left = dict(enumerate(open_legs))
    found: list[Pair] = []
    ways = zip(_ways(references, whole=True), _ways(references, whole=False), strict=True)
    for (way, of_line, of_leg), (_, under_line, under_leg) in ways:
        for line_id, at in _alone(lines, left, of_line, of_leg):
            leg = left.pop(at)
            found.append(Pair(line_id, leg, way, leg.fen))
            del lines[line_id]
        by_day = way is MatchWay.AMOUNT
        shows = {id: Weighed(keys, s.fen, s.dated_on) for id, s in lines.items()
                 if (keys := tuple(under_line(s)))}  # fmt: skip
        paid = {at: Weighed(keys, g.fen, g.dated_on) for at, g in left.items()
                if (keys := tuple(under_leg(g)))}  # fmt: skip
        for line_id, parts in summed(shows, paid, by_day=by_day):
            found += [Pair(line_id, g, way, g.fen) for g in map(left.pop, parts)]
            del lines[line_id], shows[line_id]
        paid = {at: weighed for at, weighed in paid.items() if at in left}
        for at, some in summed(paid, shows, by_day=by_day):
            leg = left.pop(at)
            found += [Pair(id, leg, way, lines.pop(id).fen) for id in some]
    return found


LineKeys = Callable[[Shown], Iterable[Hashable]]
LegKeys = Callable[[Leg], Iterable[Hashable]]


def _ways(
    references: dict[str, frozenset[str]], *, whole: bool
) -> list[tuple[MatchWay, LineKeys, LegKeys]]:
    """By what a line and a voucher are found, the surest first.

    Args:
        whole: one line and one voucher, of one amount; else they may be parts of each other.
    """
    money = _money if whole else _side
    return [
        (MatchWay.PAYMENT, lambda s: [(*money(s), key) for key in s.keys],
         lambda g: [(*money(g), key) for key in references.get(g.voucher_id, ())]),
        (MatchWay.ADMISSION,
         lambda s: [(*money(s), where, s.request_id) for where in (s.path, ANYWHERE)]
         if s.request_id else [],
         lambda g: [(*money(g), g.path, g.request_id)]),
        (MatchWay.NUMBER,
         lambda s: [(*money(s), where, one) for where in (s.path, ANYWHERE)
                    for one in ([s.number] if whole else numbers(s.number)) if one]
         if not s.admission else [],
         lambda g: [(*money(g), g.path, folded(g.number))]),
        (MatchWay.AMOUNT,
         lambda s: [(*money(s), s.path, s.payer)] if s.payer and not s.admission else [],
         lambda g: [(*money(g), g.path, payer) for payer in _payers(g)]),
    ]  # fmt: skip


def _money(one: Shown | Leg) -> tuple[Hashable, ...]:
    return one.source, one.direction, one.fen


def _side(one: Shown | Leg) -> tuple[Hashable, ...]:
    return one.source, one.direction


def numbers(told: str) -> list[str]:
    """Every 凭证号 that a line names, in one writing: 拨1、拨2 are two."""
    return [one for one in _BETWEEN.split(folded(told)) if one]


def _payers(leg: Leg) -> tuple[str, ...]:
    """Who may stand as payer on a line that shows the leg."""
    if leg.path == ANYWHERE:
        return ()
    if (leg.source is LineSource.TREASURY) is (leg.direction is Direction.OUT):
        # Money on its way there: of the department, paid by it or by the treasury for it.
        return (leg.payer_id, leg.agent_id or TREASURY)
    return (leg.path,)


def _alone(
    lines: dict[str, Shown], left: dict[int, Leg], of_line: LineKeys, of_leg: LegKeys
) -> list[tuple[str, int]]:
    """Lines and legs that have just each other."""
    keys_of = {id: list(of_line(one)) for id, one in lines.items()}
    keys_at = {at: list(of_leg(leg)) for at, leg in left.items()}
    by_line, by_leg = _turned(keys_of), _turned(keys_at)
    found = []
    for id, keys in keys_of.items():
        at = _only(keys, by_leg)
        if at is not None and _only(keys_at[at], by_line) == id:
            found.append((id, at))
    return found


T = TypeVar("T", str, int)


def _turned(keys: dict[T, list[Hashable]]) -> dict[Hashable, list[T]]:
    found: dict[Hashable, list[T]] = {}
    for one, its in keys.items():
        for key in dict.fromkeys(its):
            found.setdefault(key, []).append(one)
    return found


def _only(keys: Iterable[Hashable], table: dict[Hashable, list[T]]) -> T | None:
    """The one thing that stands under any of the keys; ``None`` = nothing, or several."""
    found: set[T] = set()
    for key in keys:
        there = table.get(key, ())
        if len(there) > 1:
            return None
        found.update(there)
    return found.pop() if len(found) == 1 else None
