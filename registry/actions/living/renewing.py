"""续期 what is about to run out, or has, is asked for again: the same matter for a longer term (M22).

A renewal is a small case of its own that amends the admitted one; only the term and the money of
the years it adds may differ: anything else is a change 变更.
"""

from datetime import date
from typing import Annotated

import msgspec

from registry.actions.afterwards.amended import running
from registry.actions.afterwards.amending import RUNNING, check_term
from registry.actions.afterwards.settled import check_at_rest
from registry.actions.afterwards.taking_effect import NOT_ADMITTED
from registry.actions.filing import owners, put_down
from registry.actions.granting import admitted
from registry.actions.office import Answer, Desk
from registry.actions.presences import admitted_still
from registry.actions.views import view
from registry.domain.errors import Refusal
from registry.domain.filing import Filing
from registry.domain.funding import FundingLine
from registry.domain.presence import Presence, admission_of
from registry.domain.records import Wire
from registry.domain.request import Purpose, Request


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
    if not admitted_still(desk, request) or request.amends is not None:
        raise Refusal(NOT_ADMITTED)
    check_at_rest(desk, request)
    if under_way := running(desk, request):
        raise Refusal(RUNNING, change=under_way[0].id)
    filing = _longer(admitted(desk, request), command)
    check_term(desk, request, filing)
    drafted = put_down(
        desk, filing, request.recorded_by_organisation_id, amends=request, purpose=Purpose.RENEW
    )
    desk.about(drafted)
    return Answer(body=view(desk, drafted), version=drafted.version)


def _longer(filing: Filing, command: RenewCommand) -> Filing:
    lines = {line.key: line for line in (*filing.funding, *command.funding)}
    return msgspec.structs.replace(filing, ends_on=command.ends_on, funding=[*lines.values()])
