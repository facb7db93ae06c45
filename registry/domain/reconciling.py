"""对账 which line of a statement shows which voucher: exact on both sides, or left to a person (E14).

Between most accounts of the ledger no money moves that a bank would see: only where it leaves the
treasury, reaches or leaves the account of a street or of a community, and where it comes back.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import date
from typing import NamedTuple, TypeVar

from registry.domain.accounts import Account
from registry.domain.bank import Direction, LineSource, MatchWay
from registry.domain.document_number import folded
from registry.domain.vocabulary import Custody

A = Account
_BACK = frozenset({A.PLEDGED, A.ALLOTTED, A.REMITTED})
"""Into which money goes that is given back or handed in."""
_HELD = frozenset({A.STREET, A.COMMUNITY})
ANYWHERE = ""
"""Of a payment to whoever does the work: no street's or community's account shows it."""
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


class Pair(NamedTuple):
    """一对: a line and the voucher it shows."""

    line_id: str
    voucher_id: str
    way: MatchWay


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
        for source, direction in seen_in(one.debit, one.credit, one.custody):
            by_street = one.custody is Custody.STREET_CUSTODY or A.STREET in (one.debit, one.credit)
            path = street_of(one.path) if by_street else one.path
            if one.custody is Custody.DIRECT_PAY:
                path = ANYWHERE
            leg = Leg(one.voucher_id, one.number, one.request_id, one.payer_id, one.dated_on,
                      source, direction, path, 0)  # fmt: skip
            sums[leg] = sums.get(leg, 0) + one.fen
    return [leg._replace(fen=fen) for leg, fen in sums.items()]


def pairs(
    shown: Sequence[Shown], open_legs: Sequence[Leg], references: dict[str, frozenset[str]]
) -> list[Pair]:
    """Every line that shows just one voucher which no other line shows, by the surest sign first.

    Args:
        references: voucher → keys under which its payment is known to the treasury.
    """
    lines = {one.id: one for one in shown}
    left = dict(enumerate(open_legs))
    found: list[Pair] = []
    for way, of_line, of_leg in _ways(references):
        for line_id, at in _alone(lines, left, of_line, of_leg):
            found.append(Pair(line_id, left[at].voucher_id, way))
            del lines[line_id], left[at]
    return found


LineKeys = Callable[[Shown], Iterable[Hashable]]
LegKeys = Callable[[Leg], Iterable[Hashable]]


def _ways(references: dict[str, frozenset[str]]) -> list[tuple[MatchWay, LineKeys, LegKeys]]:
    return [
        (MatchWay.PAYMENT, lambda s: [(s.source, s.direction, s.fen, key) for key in s.keys],
         lambda g: [(g.source, g.direction, g.fen, key)
                    for key in references.get(g.voucher_id, ())]),
        (MatchWay.ADMISSION,
         lambda s: [(*_money(s), where, s.request_id) for where in (s.path, ANYWHERE)]
         if s.request_id else [],
         lambda g: [(*_money(g), g.path, g.request_id)]),
        (MatchWay.NUMBER,
         lambda s: [(*_money(s), where, s.number) for where in (s.path, ANYWHERE)]
         if s.number and not s.admission else [],
         lambda g: [(*_money(g), g.path, folded(g.number))]),
        (MatchWay.AMOUNT,
         lambda s: [(*_money(s), s.path, s.payer)] if s.payer and not s.admission else [],
         lambda g: [(*_money(g), g.path, payer) for payer in _payers(g)]),
    ]  # fmt: skip


def _money(one: Shown | Leg) -> tuple[LineSource, Direction, int]:
    return one.source, one.direction, one.fen


def _payers(leg: Leg) -> tuple[str, ...]:
    """Who may stand as payer on a line that shows the leg."""
    if leg.path == ANYWHERE:
        return ()
    if (leg.source is LineSource.TREASURY) is (leg.direction is Direction.OUT):
        # Money on its way there: of the department, paid by it or by the treasury for it.
        return (leg.payer_id, TREASURY)
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
