"""结转凭证 what the closing of a year posts: out of the old year, into the new, and what may not stay
on its way back at once, for whoever receives it to confirm (E9)."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from registry.actions.ledger.custody import custody_on
from registry.actions.office import Desk
from registry.actions.years.numbering import free_numbers
from registry.domain.accounts import Account, Move, Told, VoucherStage, moves
from registry.domain.funds import Voucher, VoucherLine, VoucherState
from registry.domain.people import Organisation
from registry.domain.presence import Presence
from registry.domain.records import FEN_MAX
from registry.domain.vocabulary import Custody
from registry.domain.year_end import STAGE_OF, Fate, Left, entering, leaving

_OUT, _IN = "结转出", "结转入"
_TITLE = {Fate.HAND_IN: "结余上缴", Fate.REFUND: "年终退回"}
_CHUNK = 1024
"""Amounts of one voucher at most."""


class Book(NamedTuple):
    """账 of one community as far as a closing asks: its matters, their lines, who pays."""

    body: Organisation
    presences: dict[str, Presence]
    lines: list[VoucherLine]


def total_of(left: Iterable[Left]) -> int:
    """分."""
    return sum(one.amount_fen for one in left)


def is_money(one: Left) -> bool:
    """What is owed goes on as well, and is no money."""
    return one.slot.account is not Account.ADVANCED


class _Batch(NamedTuple):
    """One voucher to be made: what it does, in which year, of which amounts."""

    stage: VoucherStage
    year: int
    title: str
    left: list[Left]


def carried(
    desk: Desk, book: Book, left: Sequence[Left], year: int
) -> tuple[list[Voucher], list[VoucherLine]]:
    """Out of the old year and into the new one; what may not stay is on its way back at once, for
    whoever receives it to confirm."""
    payers = {(x.presence_id, x.funding_key): x.payer_id for x in book.lines if x.payer_id}
    batches: list[tuple[tuple[str, str], _Batch]] = []
    for of, on in _grouped(book, left, payers).items():
        for part in _parts(on):
            batches.append((of, _Batch(VoucherStage.CARRY_OUT, year, _OUT, part)))
            batches.append((of, _Batch(VoucherStage.CARRY_IN, year + 1, _IN, part)))
        for fate, stage in STAGE_OF.items():
            if back := [one for one in on if one.fate is fate]:
                batches.append((of, _Batch(stage, year + 1, _TITLE[fate], back)))
    numbers = _numbers(desk, book.body.id, [batch for _, batch in batches])
    vouchers: list[Voucher] = []
    lines: list[VoucherLine] = []
    for (of, batch), number in zip(batches, numbers, strict=True):
        made = _voucher(desk, book, (of[1], number), batch)
        vouchers.append(made)
        lines += _lines(desk, made, batch, book)
    return vouchers, lines


def _parts(on: Sequence[Left]) -> Iterator[list[Left]]:
    """As many amounts together as one voucher may hold, by number and by total (E1)."""
    part: list[Left] = []
    for one in on:
        if part and (len(part) == _CHUNK or total_of(part) + one.amount_fen > FEN_MAX):
            yield part
            part = []
        part.append(one)
    if part:
        yield part


def _grouped(
    book: Book, left: Sequence[Left], payers: dict[tuple[str, str], str]
) -> dict[tuple[str, str], list[Left]]:
    """By admission, or by matter where there is none, and by payer: a voucher has one of each."""
    found: dict[tuple[str, str], list[Left]] = {}
    for one in left:
        if one.fate is Fate.LAPSE:
            continue
        presence = book.presences[one.slot.presence_id]
        payer = payers.get((one.slot.presence_id, one.slot.funding_key), "")
        found.setdefault((presence.request_id or presence.id, payer), []).append(one)
    return found


def _numbers(desk: Desk, issuer_id: str, batches: Sequence[_Batch]) -> list[str]:
    """A free number for each, series by series."""
    wanted: dict[tuple[int, str], int] = {}
    for batch in batches:
        series = (batch.year, batch.title)
        wanted[series] = wanted.get(series, 0) + 1
    free = {
        (year, title): iter(free_numbers(desk, issuer_id, year, (title, many)))
        for (year, title), many in wanted.items()
    }
    return [next(free[batch.year, batch.title]) for batch in batches]


def _voucher(desk: Desk, book: Book, told: tuple[str, str], batch: _Batch) -> Voucher:
    payer, number = told
    carried = batch.stage in (VoucherStage.CARRY_OUT, VoucherStage.CARRY_IN)
    first = date.min.replace(year=batch.year)
    last = date.max.replace(year=batch.year)
    day = last if batch.stage is VoucherStage.CARRY_OUT else first
    return Voucher(
        county=desk.unit.county, id=desk.id("vch"),
        request_id=book.presences[batch.left[0].slot.presence_id].request_id, stage=batch.stage,
        number=number, payer_id=payer, issuer_id=book.body.id, fiscal_year=batch.year,
        dated_on=day if carried else desk.today,
        total_fen=total_of(batch.left),
        state=VoucherState.CONFIRMED if carried else VoucherState.RECORDED,
        recorded_by=desk.actor.person_id, recorded_for=desk.on_behalf_of,
        confirmed_on=desk.today if carried else None,
    )  # fmt: skip


def _lines(desk: Desk, voucher: Voucher, batch: _Batch, book: Book) -> list[VoucherLine]:
    custody = _custody(desk, batch, book)
    made: list[VoucherLine] = []
    for at, one in enumerate(batch.left):
        presence = book.presences[one.slot.presence_id]
        for n, move in enumerate(_moves(batch, one, custody[presence.id])):
            split = one.slot.indicator_id if batch.stage is VoucherStage.CARRY_OUT else ""
            made.append(VoucherLine(
                county=voucher.county, id=f"{voucher.id}.l{at}" + (f".{n}" if n else ""),
                voucher_id=voucher.id, request_id=presence.request_id, presence_id=presence.id,
                funding_key=one.slot.funding_key, stage=batch.stage, debit=move.debit,
                credit=move.credit, amount_fen=one.amount_fen, year=batch.year,
                counted=voucher.state is VoucherState.CONFIRMED, payer_id=voucher.payer_id,
                area_path=presence.area_path, indicator_id=split or None,
                dated_on=voucher.dated_on, source_year=one.source_year,
            ))  # fmt: skip
    return made


def _custody(desk: Desk, batch: _Batch, book: Book) -> dict[str, Custody]:
    """Of each matter today, by which money that goes back goes."""
    named = {one.slot.presence_id for one in batch.left}
    return {id: custody_on(desk, book.presences[id], desk.today) for id in sorted(named)}


def _moves(batch: _Batch, one: Left, custody: Custody) -> tuple[Move, ...]:
    if batch.stage is VoucherStage.CARRY_OUT:
        return (leaving(one),)
    if batch.stage is VoucherStage.CARRY_IN:
        return (entering(one),)
    return moves(batch.stage, custody, Told(at=one.slot.account))
