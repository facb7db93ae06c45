"""比对 what is odd about what was spent: worked out anew from the rows, of a whole county or of a
few that an act has touched; nothing is kept here.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Any, NamedTuple

from registry.actions.doubting.keeping import Seen
from registry.actions.spending import doubts
from registry.domain.budget import PopulationCount
from registry.domain.doubts import Doubt
from registry.domain.filing import Filing
from registry.domain.formula import Counted
from registry.domain.funding import FundingLine
from registry.domain.paying import shared_path
from registry.domain.spending import STANDING, Expenditure, plain
from registry.domain.vocabulary import FundingMode
from registry.policies.judge import Rulebook
from registry.policies.purse import Threshold
from registry.store import spent
from registry.store.engine import Reading
from registry.store.spent import Paid, Served


def finding_id(doubt: Doubt, key: str) -> str:
    """The same for the same kind and key, and nothing of the key in it."""
    return f"{doubt.code}.{hashlib.sha256(key.encode()).hexdigest()[:_LETTERS]}"


_LETTERS = 24
"""Hex digits that tell findings of one code apart."""


class Question(NamedTuple):
    """What is looked at, where, and by which rules."""

    connection: Reading
    county: str
    book: Rulebook
    filing_of: Callable[[str], Filing]
    """The filing of a request, by its id."""
    today: date
    counts: Mapping[tuple[str, str], int]
    """How many there are, by area and unit, where somebody counted: ``counted``."""
    touched: Sequence[Expenditure] | None = None
    """Rows that an act has touched; ``None`` = look at all there are."""
    gone: frozenset[str] = frozenset()
    """Ids of rows that do not stand any more by what the act has not written yet."""


def counted(rows: Iterable[PopulationCount]) -> dict[tuple[str, str], int]:
    """The last count of each area and unit."""
    ordered = sorted(rows, key=lambda row: row.counted_on)
    return {(row.area_id, plain(row.what)): row.count for row in ordered}


def gone(changed: Iterable[Expenditure]) -> frozenset[str]:
    """Ids of those that do not stand any more."""
    return frozenset(row.id for row in changed if row.state not in STANDING)


def odd(asked: Question) -> list[Seen]:
    """Everything odd, each once."""
    found = [
        *_twice(asked, doubts.INVOICE, "invoice_key", spent.invoices),
        *_twice(asked, doubts.EVIDENCE, "evidence_key", spent.papers),
        *_payees(asked),
        *_rounds(asked),
        *_parts(asked),
        *_quantities(asked),
        *_off_purpose(asked),
    ]
    return list({one.id: one for one in found}.values())


def possible(row: Expenditure, book: Rulebook) -> set[str]:
    """Ids of the findings that a row may be part of: those that are not odd any more are closed."""
    found = {(doubts.ROUND, row.id), (doubts.HANDLER, row.id), (doubts.OFF_PURPOSE, row.id)}
    if row.quantity is not None:
        found |= {(doubts.QUANTITY, _of_line(row))}
    if row.invoice_key:
        found |= {(doubts.INVOICE, row.invoice_key)}
    if row.evidence_key:
        found |= {(doubts.EVIDENCE, row.evidence_key)}
    if row.payee_digest:
        found |= {(doubts.PAYEE, f"{row.payee_digest}|{row.amount_fen}")}
        found |= {
            (doubts.SPLIT, f"{row.organisation_id}|{row.payee_digest}|{_mark(rule)}")
            for rule in _thresholds(book)
        }
    return {finding_id(doubt, key) for doubt, key in found}


Asking = Callable[[Reading, str, Sequence[str] | None], list[Paid]]


def _groups(asked: Question, column: str, ask: Asking) -> Iterator[tuple[str, list[Paid]]]:
    """Rows by what they have in common, without those that are gone."""
    keys = None
    if asked.touched is not None:
        keys = [key for row in asked.touched if (key := getattr(row, column))]
    rows = ask(asked.connection, asked.county, keys) if keys is None or keys else []
    rows = [row for row in rows if row.id not in asked.gone]
    for key, group in groupby(rows, key=lambda row: row.key):
        yield key, list(group)


def _twice(asked: Question, doubt: Doubt, column: str, ask: Asking) -> Iterator[Seen]:
    for key, rows in _groups(asked, column, ask):
        if (count := len({row.voucher_id for row in rows})) > 1:
            yield _of(doubt, key, rows, {"count": count})


def _payees(asked: Question) -> Iterator[Seen]:
    for key, rows in _groups(asked, "payee_digest", spent.payees):
        if len({(row.organisation_id, row.request_id, row.year) for row in rows}) > 1:
            yield _of(doubts.PAYEE, key, rows, {"count": len(rows)})


def _of(doubt: Doubt, key: str, rows: Sequence[Paid], facts: dict[str, Any]) -> Seen:
    last = rows[-1]
    bodies = {row.organisation_id for row in rows}
    return Seen(
        doubt, finding_id(doubt, key), last.id, last.organisation_id if len(bodies) == 1 else None,
        shared_path([row.area_path for row in rows]),
        {**facts, "amount_fen": sum(row.amount_fen for row in rows)},
        _rows_of(rows),
    )  # fmt: skip


def _rows_of(rows: Sequence[Paid]) -> dict[str, list[str]]:
    vouchers = sorted({row.voucher_id for row in rows})
    return {"expenditures": [row.id for row in rows], "vouchers": vouchers}


# ---- round sums ---------------------------------------------------------------------------------


def _rounds(asked: Question) -> Iterator[Seen]:
    rule = asked.book.overlay.setting(lambda d: d.round_sums)
    if rule is None:
        return
    years = {asked.today.year, asked.today.year - 1}
    if asked.touched is not None:
        years = {row.paid_on.year for row in asked.touched}
    own = None if asked.touched is None else {row.id for row in asked.touched}
    for year in sorted(years):
        last = date(year + 1, 1, 1) - timedelta(days=1)
        since = last - timedelta(days=rule.last_days - 1)
        rows = spent.rounds(asked.connection, asked.county, (since, last), rule.multiple_fen)
        for row in rows:
            if row.id not in asked.gone and (own is None or row.id in own):
                yield _of(doubts.ROUND, row.id, [row], {"paid_on": str(row.paid_on)})


# ---- a use outside what is allowed --------------------------------------------------------------


def _off_purpose(asked: Question) -> Iterator[Seen]:
    """What a second approver let pass (E18), once it counts."""
    ids = None if asked.touched is None else [row.id for row in asked.touched if row.needs_second]
    for row in spent.seconded(asked.connection, asked.county, ids) if ids != [] else ():
        if row.id not in asked.gone:
            yield _of(doubts.OFF_PURPOSE, row.id, [row], {"use": row.key})


# ---- split under a threshold --------------------------------------------------------------------


def _thresholds(book: Rulebook) -> list[Threshold]:
    return book.overlay.setting(lambda d: d.threshold or None) or []


def _mark(rule: Threshold) -> str:
    return f"{rule.of}|{rule.at_fen}"


def _parts(asked: Question) -> Iterator[Seen]:
    for rule in _thresholds(asked.book):

        def ask(connection: Reading, county: str, keys: Sequence[str] | None) -> list[Paid]:
            return spent.parts(connection, county, rule.at_fen, keys)  # noqa: B023 - asked here

        for key, rows in _groups(asked, "payee_digest", ask):
            counted = [row for row in rows if rule.of == "expenditure" or _bought(asked, row)]
            if near := _near(counted, rule, asked.book):
                told = {"count": len(near), "at_fen": rule.at_fen}
                yield _of(doubts.SPLIT, f"{key}|{_mark(rule)}", near, told)


def _bought(asked: Question, row: Paid) -> bool:
    line = _line(asked, row.request_id, row.funding_key)
    return line is not None and line.mode is FundingMode.PURCHASE


def _near(rows: Sequence[Paid], rule: Threshold, book: Rulebook) -> list[Paid]:
    """The dearest of those that follow one another within the time and together reach the amount;
    none where they do not, or where a day is only guessed."""
    best: list[Paid] = []
    for at, first in enumerate(rows):
        last, provisional = book.calendar.due(rule.within, first.paid_on)
        near = [row for row in rows[at:] if row.paid_on <= last]
        total = sum(row.amount_fen for row in near)
        if not provisional and len(near) > 1 and total >= rule.at_fen:
            best = max(best, near, key=lambda some: sum(row.amount_fen for row in some))
    return best


# ---- quantities ---------------------------------------------------------------------------------


def _of_line(row: Expenditure | Served) -> str:
    return f"{row.presence_id}|{row.funding_key}|{row.year}|{plain(row.unit)}"


def _quantities(asked: Question) -> Iterator[Seen]:
    places = None
    if asked.touched is not None:
        places = [row.presence_id for row in asked.touched if row.quantity is not None]
        if not places:
            return
    back = [row for row in asked.touched or () if row.id in asked.gone]
    for told in spent.served(asked.connection, asked.county, places):
        off = sum(row.quantity or 0 for row in back if _of_line(row) == _of_line(told))
        line = _line(asked, told.request_id, told.funding_key)
        most = None if line is None else _served(asked, line, told)
        quantity = told.quantity - off
        if most is not None and quantity > most:
            yield Seen(
                doubts.QUANTITY, finding_id(doubts.QUANTITY, _of_line(told)), told.presence_id,
                told.organisation_id, told.area_path,
                {"funding_key": told.funding_key, "year": told.year, "unit": told.unit,
                 "quantity": quantity, "served": most, "amount_fen": told.amount_fen},
                _rows_of(spent.of_line(asked.connection, asked.county, told)),
            )  # fmt: skip


def _line(asked: Question, request_id: str, key: str) -> FundingLine | None:
    return next((f for f in asked.filing_of(request_id).funding if f.key == key), None)


def _served(asked: Question, line: FundingLine, told: Served) -> int | None:
    """How many of a unit there are to be served: as many as the line was granted for, in this
    community where it tells them apart, and no more than were counted there; ``None`` = nobody
    says."""
    unit, area = plain(told.unit), told.area_path.strip("/").rpartition("/")[2]
    known = [_granted(line, area, unit), asked.counts.get((area, unit))]
    return min((one for one in known if one is not None), default=None)


def _granted(line: FundingLine, area: str, unit: str) -> int | None:
    if isinstance(line.formula, Counted):
        counts = plain(getattr(line.formula, "unit", "")) == unit
        return line.formula.figures.get(area, line.formula.count) if counts else None
    return line.quantity if line.quantity and plain(line.unit) == unit else None
