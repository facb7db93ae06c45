"""续期 what is about to run out, or has, is asked for again: the same matter for a longer term (M22).

A renewal is a small case of its own that amends the admitted one; only the term and the money of
the years it adds may differ: anything else is a change 变更.
"""

from datetime import date
from typing import Annotated

import msgspec

from registry.actions.afterwards.amended import running
from registry.actions.afterwards.amending import TERM, check_term, still_running
from registry.actions.afterwards.bounds import check_lasting
from registry.actions.afterwards.settled import check_at_rest
from registry.actions.afterwards.taking_effect import NOT_ADMITTED
from registry.actions.filing import owners, put_down
from registry.actions.granting import admitted
from registry.actions.office import Answer, Desk
from registry.actions.presences import admitted_still
from registry.actions.views import view
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.filing import Filing
from registry.domain.funding import FundingLine
from registry.domain.presence import Presence, admission_of
from registry.domain.records import Wire
from registry.domain.request import Purpose, Request

FUNDING = declare(
    "renewal.funding", RefusalKind.INVALID,
    "续期的经费项不成立：代号与保障条件重复，或者各项合计超过可登记的最大金额",
    "The funding lines of the renewal do not hold: a key is that of a condition, or together they "
    "exceed the greatest amount.",
)  # fmt: skip


class RenewCommand(Wire, frozen=True, kw_only=True):
    """续期: until when, and the money of the years it adds, line by line."""

    ends_on: date
    funding: Annotated[list[FundingLine], msgspec.Meta(max_length=60)] = []
    """Added to the lines that stand; a line of the same key takes its place."""


def renew(desk: Desk, request_id: str, version: int | None, command: RenewCommand) -> Answer:
    """起草续期: a draft beside what was admitted, which stands unchanged meanwhile."""
    request = desk.unit.get(Request, request_id, lock=True)
    desk.about(request)
    desk.authorise("request.renew", owners=owners(request))
    desk.check_version(request, version)
    return _drafted(desk, request, command)


def renew_one(desk: Desk, id: str, version: int | None, command: RenewCommand) -> Answer:
    """起草续期, from one community's matter: of the admission it rests on."""
    presence = desk.unit.get(Presence, id)
    desk.about(presence)
    held = presence.request_id
    request = desk.unit.get(Request, held, lock=True) if held else None
    desk.authorise("request.renew", owners=owners(request) if request else [])
    admission_of(presence)
    desk.check_version(presence, version)
    return _drafted(desk, desk.unit.get(Request, admission_of(presence)), command)


def _drafted(desk: Desk, request: Request, command: RenewCommand) -> Answer:
    drafted = draft_renewal(desk, request, command)
    desk.about(drafted)
    return Answer(body=view(desk, drafted), version=drafted.version)


def draft_renewal(desk: Desk, request: Request, command: RenewCommand) -> Request:
    """The draft beside what was admitted, for whoever may have it drafted.

    Raises:
        Refusal: ``change.not_admitted``, ``change.running``, ``request.pending``, ``change.over``.
    """
    if not admitted_still(desk, request) or request.amends is not None:
        raise Refusal(NOT_ADMITTED)
    check_at_rest(desk, request)
    if under_way := running(desk, request):
        raise still_running(under_way[0])
    filing = _longer(desk, request, command)
    check_term(desk, request, filing)
    check_lasting(desk, filing)
    return put_down(
        desk, filing, request.recorded_by_organisation_id, amends=request, purpose=Purpose.RENEW
    )


def _longer(desk: Desk, request: Request, command: RenewCommand) -> Filing:
    """What was admitted, for longer; refused before it is a filing that contradicts itself.

    Raises:
        Refusal: ``renewal.term``, ``renewal.funding``.
    """
    stands = admitted(desk, request)
    if stands.ends_on is None or command.ends_on <= stands.ends_on:
        raise Refusal(TERM, ends_on=str(stands.ends_on or "—"))
    lines = {line.key: line for line in (*stands.funding, *command.funding)}
    try:
        return msgspec.structs.replace(stands, ends_on=command.ends_on, funding=[*lines.values()])
    except ValueError as error:
        raise Refusal(FUNDING) from error
