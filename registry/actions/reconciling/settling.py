"""人工对账 what a person says of a line: which voucher it shows, what else it is, or that somebody
should be asked."""

from typing import Any

from registry.actions.office import Answer, Desk
from registry.actions.reconciling import doubts, masking
from registry.actions.reconciling.doubling import double_funding
from registry.actions.reconciling.pairing import leg_of, shown_fen
from registry.actions.reconciling.parting import Share, Word, join, left, release
from registry.domain.bank import (
    WAITING,
    BankLine,
    ClassifyCommand,
    Direction,
    IncomeSource,
    LineClass,
    LineSource,
    LineState,
    MatchCommand,
    MatchWay,
    OtherIncome,
    ReasonCommand,
)
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.funds import Voucher
from registry.domain.presence import Presence
from registry.domain.reconciling import legs
from registry.domain.spending import plain
from registry.store import banking, parted

SETTLED = declare(
    "bank.settled", RefusalKind.CONFLICT, "这笔流水已经核对或者归类，须先撤回",
    "The line is matched or classed already; take that back first.", recorded=True,
)  # fmt: skip
NOT_SETTLED = declare(
    "bank.open", RefusalKind.CONFLICT, "这笔流水尚未核对", "The line is not matched or classed.",
    recorded=True,
)  # fmt: skip
ELSEWHERE = declare(
    "bank.elsewhere", RefusalKind.INVALID,
    "凭证 {number} 在这个账户、这个方向上没有款项（E14 双方确认且金额一致才算对上）",
    "Voucher {number} moves no money of this account that way (E14).", recorded=True,
)  # fmt: skip
EXCEEDS = declare(
    "bank.exceeds", RefusalKind.INVALID,
    "凭证 {number} 在这个账户的金额是 {voucher_fen:元}，已核对 {matched_fen:元}，"
    "这笔流水 {line_fen:元}超出（E14 金额须一致）",
    "Voucher {number} has {voucher_fen:yuan} in this account, {matched_fen:yuan} of it matched; "
    "the line of {line_fen:yuan} is more (E14).", recorded=True,
)  # fmt: skip
LINE_EXCEEDS = declare(
    "bank.line_exceeds", RefusalKind.INVALID,
    "这笔流水还剩 {line_fen:元}没有核对，所列凭证共 {given_fen:元}，超出（E14 金额须一致）",
    "Of this line {line_fen:yuan} is left to match; the vouchers named come to {given_fen:yuan} "
    "(E14).", recorded=True,
)  # fmt: skip
WHICH = declare(
    "bank.which", RefusalKind.INVALID,
    "请写明一张凭证（voucher_id），或者分笔写明几张不同的凭证（parts），二者取一",
    "Name one voucher (voucher_id), or several different ones with their parts (parts), not both.",
    recorded=True,
)  # fmt: skip
ONLY_OUT = declare(
    "bank.money_of", RefusalKind.INVALID, "只有付出的款项才能写明用的是哪一事项的经费",
    "Only of money that went out is it told whose it was.", recorded=True,
)  # fmt: skip
_SOURCES = {source.value for source in IncomeSource}
_HARMLESS = frozenset({LineClass.REFUND, LineClass.TRANSFER})
"""Of money of a matter, these are no other use."""


def match(desk: Desk, id: str, version: int | None, command: MatchCommand) -> Answer:
    """人工核对: what is left of the line shows this voucher, or its parts show these (一笔总拨多凭证);
    both amounts stand beside each other (E14).

    Raises:
        Refusal: ``bank.settled``, ``bank.elsewhere``, ``bank.exceeds``, ``bank.line_exceeds``,
            ``bank.which``.
    """
    line = _waiting(desk, id, version, "bank.match")
    if (command.voucher_id is None) is not bool(command.parts):
        raise Refusal(WHICH)
    if command.voucher_id is not None:
        shares = _shares(desk, line, command.voucher_id, left(line))
    else:
        ids = [part.voucher_id for part in command.parts]
        if len(set(ids)) < len(ids):
            raise Refusal(WHICH)
        shares = [share for one in command.parts
                  for share in _shares(desk, line, one.voucher_id, one.amount_fen)]  # fmt: skip
    given = sum(share.fen for share in shares)
    if given > left(line):
        raise Refusal(LINE_EXCEEDS, line_fen=left(line), given_fen=given)
    if given == left(line):
        doubts.closed(desk, doubts.UNREGISTERED_PAYMENT, line.id)
    word = Word(MatchWay.PERSON, desk.actor.person_id, command.note)
    return _told(desk, join(desk, line, shares, word))


def _shares(desk: Desk, line: BankLine, voucher_id: str, fen: int | None) -> list[Share]:
    """What of a voucher the line shows.

    Args:
        fen: this much; ``None`` = whatever no line shows of it yet.
    """
    voucher = desk.unit.get(Voucher, voucher_id, lock=True)
    sides = _sides(desk, line, voucher)
    waiting = sum(side.fen for side in sides)
    given = waiting if fen is None else fen
    whole = given == waiting or len(sides) == 1
    if given <= 0 or given > waiting or not whole:
        moved_fen, matched_fen = (
            sum(s.leg.fen for s in sides),
            sum(s.leg.fen - s.fen for s in sides),
        )
        raise Refusal(EXCEEDS, number=voucher.number, voucher_fen=moved_fen,
                      matched_fen=matched_fen, line_fen=given)  # fmt: skip
    return [Share(s.leg, given if len(sides) == 1 else s.fen) for s in sides if s.fen]


def _sides(desk: Desk, line: BankLine, voucher: Voucher) -> list[Share]:
    """The side of the voucher that the line shows, and what waits of it; of a payment whose payee
    is no place that it went to, every place it went to."""
    connection, county = desk.unit.connection, desk.unit.county
    there = [
        leg for leg in legs(banking.moved(connection, county, [voucher.id]))
        if leg_of(leg)[1:] == (line.source, line.direction)
    ]  # fmt: skip
    own = [leg for leg in there if leg.path == line.area_path]
    if not own and line.source is LineSource.TREASURY:
        own = there  # Whoever the list names as payee, this is where the voucher went.
    if not own:
        raise Refusal(ELSEWHERE, number=voucher.number)
    done = parted.matched(connection, county, [voucher.id])
    return [Share(leg, leg.fen - shown_fen(leg, done)) for leg in own]


def unmatch(desk: Desk, id: str, version: int | None, command: ReasonCommand) -> Answer:
    """撤回核对: the line waits again; what was said of it stays in its history.

    Raises:
        Refusal: ``bank.open``.
    """
    line = _line(desk, id, "bank.unmatch")
    if not line.answered:
        raise Refusal(NOT_SETTLED)
    desk.check_version(line, version)
    return _told(desk, release(desk, line, command.reason, by_hand=True))


def classify(desk: Desk, id: str, version: int | None, command: ClassifyCommand) -> Answer:
    """归类: what a line is that no admission stands behind (P21, P22).

    Raises:
        Refusal: ``bank.settled``, ``bank.money_of``.
    """
    line = _waiting(desk, id, version, "bank.classify")
    place = _money_of(desk, line, command)
    doubts.closed(desk, doubts.UNREGISTERED_PAYMENT, line.id)
    if command.classed_as.value in _SOURCES:
        income = _income(desk, line, command)
        double_funding(desk, [income])
    if place is not None and command.classed_as not in _HARMLESS:
        doubts.opened(
            desk, doubts.DIVERTED, line, (line.account_id, place.area_path),
            evidence={"bank-lines": [line.id]}, amount_fen=left(line), presence_id=place.id,
            title=place.title, classed_as=command.classed_as.value, dated_on=line.dated_on,
        )  # fmt: skip
    return _changed(
        desk, line, state=LineState.CLASSED, classed_as=command.classed_as.value,
        classed_by=desk.actor.person_id, money_of=command.money_of, note=command.note,
    )  # fmt: skip


def flag(desk: Desk, id: str, version: int | None, command: ReasonCommand) -> Answer:
    """列为疑点: no admission was found behind it; who got or paid it is asked (P22).

    Raises:
        Refusal: ``bank.settled``.
    """
    line = _waiting(desk, id, version, "bank.flag")
    if line.state is LineState.FINDING:
        raise Refusal(SETTLED)
    asked = line.party_id if line.source is LineSource.TREASURY else line.account_id
    doubts.opened(
        desk, doubts.UNREGISTERED_PAYMENT, line, (asked, line.area_path),
        evidence={"bank-lines": [line.id]}, amount_fen=left(line),
        direction=line.direction.value,
        dated_on=line.dated_on, source=line.source.value,
    )  # fmt: skip
    return _changed(desk, line, state=LineState.FINDING, note=command.reason)


def _line(desk: Desk, id: str, act: str) -> BankLine:
    line = desk.unit.get(BankLine, id, lock=True)
    desk.about(line)
    desk.authorise(act, owners=[line.account_id], paths=[line.area_path])
    return line


def _waiting(desk: Desk, id: str, version: int | None, act: str) -> BankLine:
    line = _line(desk, id, act)
    if line.state not in WAITING:
        raise Refusal(SETTLED)
    desk.check_version(line, version)
    return line


def _money_of(desk: Desk, line: BankLine, command: ClassifyCommand) -> Presence | None:
    if command.money_of is None:
        return None
    if line.direction is not Direction.OUT:
        raise Refusal(ONLY_OUT)
    return desk.unit.get(Presence, command.money_of)


def _income(desk: Desk, line: BankLine, command: ClassifyCommand) -> OtherIncome:
    """其他来源资金 that the line shows: of whose account it is; of a payment, of who was paid."""
    treasury = line.source is LineSource.TREASURY
    whose = (line.party_id or line.account_id) if treasury else line.account_id
    way = line.direction
    if treasury:
        way = Direction.IN if line.direction is Direction.OUT else Direction.OUT
    return desk.unit.add(
        OtherIncome(
            county=desk.unit.county, id=desk.id("inc"), organisation_id=whose,
            area_path=line.area_path, source=IncomeSource(command.classed_as.value),
            year=command.year or line.dated_on.year, external_key=f"{line.id}.{line.version + 1}",
            direction=way, amount_fen=left(line), dated_on=line.dated_on,
            counterparty="" if line.personal else line.counterparty,
            purpose=command.purpose or ("" if line.personal else line.memo),
            invoice_key=plain(command.invoice_number) or None, bank_line_id=line.id,
            note=command.note,
        )
    )  # fmt: skip


def _changed(desk: Desk, line: BankLine, **fields: Any) -> Answer:
    return _told(desk, desk.unit.change(line, **fields))


def _told(desk: Desk, after: BankLine) -> Answer:
    desk.about(after)
    return Answer(body=masking.one(desk, after), version=after.version)
