"""核定 what a decision grants each community, posted as a voucher of the deciding body (E2, E5).

Whatever changes what is granted, a change, a narrower grant, a reorganisation, comes here: the
books take the difference, up or down, on a voucher of its own.
"""

from collections.abc import Iterable, Sequence

from registry.actions.entering import sharing
from registry.actions.granting import admitted
from registry.actions.ledger.closed import check_open
from registry.actions.ledger.posting import post
from registry.actions.ledger.truing import lay_over
from registry.actions.office import Desk
from registry.domain.accounts import Account, Move, VoucherStage, balances, room
from registry.domain.approval import Decision
from registry.domain.filing import Filing
from registry.domain.funding import FundingLine
from registry.domain.funds import Voucher, VoucherLine, VoucherState, flows
from registry.domain.presence import Presence
from registry.domain.request import Request
from registry.domain.shares import shares_of

Granted = dict[tuple[str, str, int], int]
"""(presence, funding line, year) → 分."""
UP, DOWN = Move(Account.PLEDGED, Account.SOURCE), Move(Account.SOURCE, Account.PLEDGED)


def granted(filing: Filing, presences: Iterable[Presence]) -> Granted:
    """核定数 of each presence that shares in the money, by funding line and year, 分."""
    ordered = sharing(presences)
    areas = [presence.area_id for presence in ordered]
    return {
        (presence.id, line.key, line.fiscal_year): part
        for line in paying(filing)
        for presence, part in zip(ordered, shares_of(line, areas), strict=True)
    }


def paying(filing: Filing) -> list[FundingLine]:
    """The funding lines that bring communities money."""
    return [line for line in filing.funding if line.paid_out]


def pledge(desk: Desk, request: Request, decision: Decision) -> None:
    """Bring the books to what is granted now: one voucher for each payer and year that differs.

    Raises:
        Refusal: ``voucher.exceeds`` where less would be left than was asked for already,
            ``voucher.year_closed`` where a year that is closed would be granted more or less (E9).
    """
    presences = desk.unit.find(Presence, request_id=request.id)
    lines = desk.unit.find(VoucherLine, request_id=request.id)
    wanted, held = granted(admitted(desk, request), presences), pledged(lines)
    payers = {line.key: line.payer_id or "" for line in request.filing.funding}
    known = {p.id: p for p in presences}
    differs: dict[tuple[str, int], Granted] = {}
    for key in sorted({*wanted, *held}):
        if change := wanted.get(key, 0) - held.get(key, 0):
            differs.setdefault((payers.get(key[1], ""), key[2]), {})[key] = change
    for number, ((payer, year), changes) in enumerate(differs.items()):
        voucher = _voucher(desk, (request, decision), (payer, year, number), changes)
        fresh = _lines(voucher, changes, known)
        check_open(desk, fresh, year)
        lines += post(desk, voucher, fresh, lines)
    lay_over(desk, admitted(desk, request), presences, lines)


def pledged(lines: Iterable[VoucherLine]) -> Granted:
    """What the books hold as granted by decisions, without 追加, 追减 and 调剂, 分."""
    held: Granted = {}
    for line in lines:
        if line.stage is VoucherStage.PLEDGE:
            up = line.debit is Account.PLEDGED
            held[line.key] = held.get(line.key, 0) + (1 if up else -1) * line.amount_fen
    return held


def committed(lines: Sequence[VoucherLine]) -> Granted:
    """The least that decisions must go on granting, 分: what was asked for, sent or spent already,
    what waits included, less what 追加 and 调剂 brought."""
    every, free = flows(lines), room(flows(lines))
    held, granted = balances(every), pledged(lines)
    used: Granted = {}
    for slot in held:
        if slot.account is Account.SOURCE:
            key = (slot.presence_id, slot.funding_key, slot.year)
            left = free.get(slot._replace(account=Account.PLEDGED), 0)
            used[key] = granted.get(key, 0) - left
    return used


def _voucher(
    desk: Desk, by: tuple[Request, Decision], of: tuple[str, int, int], changes: Granted
) -> Voucher:
    (request, decision), (payer, year, number) = by, of
    # One decision may grant money of several payers and years; each voucher has its own number.
    label = decision.number or decision.id
    return Voucher(
        county=desk.unit.county, id=desk.id("vch"), request_id=request.id,
        stage=VoucherStage.PLEDGE,
        number=label if number == 0 else f"{label}-{number + 1}", payer_id=payer,
        issuer_id=decision.organisation_id, fiscal_year=year, dated_on=desk.today,
        total_fen=sum(abs(change) for change in changes.values()), decision_id=decision.id,
        state=VoucherState.CONFIRMED, recorded_by=desk.actor.person_id,
        recorded_for=desk.on_behalf_of, confirmed_on=desk.today,
    )  # fmt: skip


def _lines(voucher: Voucher, changes: Granted, known: dict[str, Presence]) -> list[VoucherLine]:
    return [
        VoucherLine(
            county=voucher.county, id=f"{voucher.id}.l{at}", voucher_id=voucher.id,
            request_id=voucher.request_id, presence_id=id, funding_key=key,
            stage=VoucherStage.PLEDGE,
            debit=(UP if change > 0 else DOWN).debit, credit=(UP if change > 0 else DOWN).credit,
            amount_fen=abs(change), counted=True, year=year, payer_id=voucher.payer_id,
            area_path=known[id].area_path, dated_on=voucher.dated_on,
        )
        for at, ((id, key, year), change) in enumerate(changes.items())
    ]  # fmt: skip
