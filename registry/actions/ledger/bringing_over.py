"""补建账户 an installation from before accounts were kept: each old line gets its accounts, each
standing admission its pledge, once, as acts of the registry itself.

Nothing is judged anew: what was recorded happened. Should an account come out overdrawn, the doctor
says so.
"""

from collections.abc import Iterable, Mapping
from functools import partial

from registry.actions.granting import admitted
from registry.actions.ledger.pledging import Granted, granted, pledged
from registry.actions.office import Answer, Call, Desk, Office
from registry.actions.presences import admitted_still
from registry.actions.ticking import system_actor
from registry.domain.accounts import Account, Told, VoucherStage, moves, room
from registry.domain.approval import Decision, DecisionKind
from registry.domain.funds import Voucher, VoucherLine, VoucherState, flows
from registry.domain.presence import Presence
from registry.domain.request import Request
from registry.domain.vocabulary import Custody
from registry.store.unbooked import unbooked, unposted

ACT = "ledger.bring_over"
_TOGETHER = 20
"""Acts handed to the writer at once."""


def bring_over(office: Office) -> int:
    """Bring over whatever is left; returns how many requests. Again, it finds nothing."""
    done = 0
    for county in office.store.reader.partitions():
        with office.store.reader.connect() as connection:
            waiting = unbooked(connection, county)
        call = Call(actor=system_actor(county), county=county, act=ACT)
        for first in range(0, len(waiting), _TOGETHER):
            some = waiting[first : first + _TOGETHER]
            asked = [office.submit(call, partial(one, request_id=id)) for id in some]
            done += sum(bool(future.result().body) for future in asked)
    return done


def unfinished(office: Office) -> bool:
    """Whether lines without accounts are left: a start that was broken off is taken up again."""
    reader = office.store.reader
    with reader.connect() as connection:
        return any(unposted(connection, county) for county in reader.partitions())


def one(desk: Desk, request_id: str) -> Answer:
    """One request: its lines with accounts, its pledge posted."""
    desk.authorise(ACT)
    request = desk.unit.get(Request, request_id, lock=True)
    desk.about(request)
    presences = {p.id: p for p in desk.unit.find(Presence, request_id=request.id)}
    years = {line.key: line.fiscal_year for line in request.filing.funding}
    lines = [
        _posted(desk, line, presences[line.presence_id], years)
        for line in desk.unit.find(VoucherLine, request_id=request.id)
    ]
    made = _pledge(desk, request, presences, lines)
    desk.note = {"lines": len(lines), "pledged": made}
    return Answer(body={"lines": len(lines), "pledged": made})


def _posted(
    desk: Desk, line: VoucherLine, presence: Presence, years: Mapping[str, int]
) -> VoucherLine:
    """A line with the accounts that its stage moves under the custody it was admitted with."""
    if line.debit is not None:
        return line
    voucher = desk.unit.get(Voucher, line.voucher_id)
    found = moves(line.stage, presence.custody, Told())
    (move,) = found or moves(line.stage, Custody.STREET_CUSTODY, Told())
    if line.sign < 0:
        move = move.back
    return desk.unit.change(
        line, debit=move.debit, credit=move.credit,
        year=years.get(line.funding_key, voucher.fiscal_year), payer_id=voucher.payer_id,
        area_path=presence.area_path, dated_on=voucher.dated_on,
        voided=voucher.state is VoucherState.VOIDED,
        reverses=_taken_back(desk, voucher, line) if line.sign < 0 else "",
    )  # fmt: skip


def _taken_back(desk: Desk, voucher: Voucher, line: VoucherLine) -> str:
    """The line that a reversal took back: of its original, the first for the same money."""
    own = desk.unit.find(VoucherLine, voucher_id=voucher.reverses_id or "")
    key = (line.presence_id, line.funding_key)
    return next((x.id for x in own if (x.presence_id, x.funding_key) == key), "")


def _pledge(
    desk: Desk, request: Request, presences: Mapping[str, Presence], lines: list[VoucherLine]
) -> int:
    """核定 as the decision granted it; where the admission stands no more, what was asked for."""
    decisions = [
        d for d in desk.unit.find(Decision, request_id=request.id)
        if d.kind is DecisionKind.ADMITTED
    ]  # fmt: skip
    if request.decision_id:
        held = desk.unit.get(Decision, request.decision_id)
        decisions += [held] if held.kind is DecisionKind.ADMITTED else []
    if not decisions:
        return 0
    wanted: Granted = {}
    if admitted_still(desk, request):
        wanted = granted(admitted(desk, request), presences.values())
    had = pledged(lines)
    for slot, free in room(flows(lines)).items():
        if slot.account is Account.PLEDGED:
            key = (slot.presence_id, slot.funding_key, slot.year)
            wanted[key] = max(wanted.get(key, 0), had.get(key, 0) - free)
    differs = {key: fen - had.get(key, 0) for key, fen in wanted.items() if fen > had.get(key, 0)}
    _post(desk, (request, decisions[-1]), presences, differs)
    return len(differs)


def _post(
    desk: Desk, by: tuple[Request, Decision], presences: Mapping[str, Presence], differs: Granted
) -> None:
    request, decision = by
    payers = {line.key: line.payer_id or "" for line in request.filing.funding}
    for payer, year in sorted({(payers.get(key[1], ""), key[2]) for key in differs}):
        own = {k: v for k, v in differs.items() if (payers.get(k[1], ""), k[2]) == (payer, year)}
        voucher = desk.unit.add(Voucher(
            county=desk.unit.county, id=desk.id("vch"), request_id=request.id,
            stage=VoucherStage.PLEDGE, number=_number(desk, decision, year), payer_id=payer,
            issuer_id=decision.organisation_id, fiscal_year=year, dated_on=decision.issued_on,
            total_fen=sum(own.values()), decision_id=decision.id, state=VoucherState.CONFIRMED,
            recorded_by=desk.actor.person_id, confirmed_on=desk.today, note="补建账户",
        ))  # fmt: skip
        for line in _granting(voucher, own, presences):
            desk.unit.add(line)


def _number(desk: Desk, decision: Decision, year: int) -> str:
    """The decision's number, with an ordinal where that body has used it in the year."""
    label, at = decision.number or decision.id, 1
    while desk.unit.find(
        Voucher, issuer_id=decision.organisation_id, fiscal_year=year,
        number=label if at == 1 else f"{label}-{at}",
    ):  # fmt: skip
        at += 1
    return label if at == 1 else f"{label}-{at}"


def _granting(
    voucher: Voucher, own: Granted, presences: Mapping[str, Presence]
) -> Iterable[VoucherLine]:
    for at, ((id, key, year), fen) in enumerate(sorted(own.items())):
        yield VoucherLine(
            county=voucher.county, id=f"{voucher.id}.l{at}", voucher_id=voucher.id,
            request_id=voucher.request_id, presence_id=id, funding_key=key,
            stage=VoucherStage.PLEDGE, debit=Account.PLEDGED, credit=Account.SOURCE,
            amount_fen=fen, counted=True, year=year, payer_id=voucher.payer_id,
            area_path=presences[id].area_path, dated_on=voucher.dated_on,
        )  # fmt: skip
