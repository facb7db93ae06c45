"""已知 what an act with vouchers knows before it writes: doors, and what was granted there."""

from typing import NamedTuple

from registry.actions.granting import admitted
from registry.actions.office import Desk
from registry.actions.years.handing_on import opened_lines
from registry.domain.accounts import VoucherStage
from registry.domain.approval import Decision, Step
from registry.domain.closing import opened_by
from registry.domain.funding import FundingLine
from registry.domain.funds import VoucherCommand
from registry.domain.presence import Presence
from registry.domain.request import Request
from registry.domain.vocabulary import FundingMode


class Known(NamedTuple):
    """What an act with vouchers knows before it writes: by presence and by (presence, line)."""

    presences: dict[str, Presence]
    funding: dict[tuple[str, str], FundingLine]
    cases: dict[str, Request]
    """By id: the request, and of 调剂 the others whose presences it names."""


def known_of(desk: Desk, request: Request, command: VoucherCommand) -> Known:
    """The presences named, of this request or, for 调剂, of another, and their funding lines."""
    named = {entry.presence_id for entry in command.lines}
    presences = {p.id: p for p in desk.unit.find(Presence, id=sorted(named))}
    cases = {request.id: request}
    if command.stage is VoucherStage.REALLOCATE:
        for id in sorted({p.request_id for p in presences.values() if p.request_id}):
            cases.setdefault(id, desk.unit.get(Request, id, lock=True))
    presences = {id: p for id, p in presences.items() if p.request_id in cases}
    filed = {
        id: [x for x in admitted(desk, case).funding if x.mode is not FundingMode.NONE]
        for id, case in cases.items()
    }  # fmt: skip
    opened = {e.presence_id for e in command.lines if opened_by(e.funding_key) is not None}
    funding = {
        (p.id, line.key): line
        for p in presences.values()
        for line in (
            *filed[p.request_id or ""], *(opened_lines(desk, p) if p.id in opened else ())
        )
    }  # fmt: skip
    return Known(presences, funding, cases)


def read_ahead(desk: Desk, command: VoucherCommand) -> None:
    """Ask once for what every check asks for: the case, the doors named, what was decided, and its
    steps."""
    named = sorted({entry.presence_id for entry in command.lines})
    case = {"request_id": command.request_id}
    gated = {Step: case} if command.stage is VoucherStage.ORDER else {}
    desk.unit.read_ahead({
        Request: {"id": command.request_id}, Presence: {"id": named}, Decision: case, **gated,
    })  # fmt: skip
