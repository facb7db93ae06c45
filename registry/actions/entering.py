"""进驻 what an admission lays out: one presence for each community and receiver, with its share."""

from collections.abc import Iterable

from registry.actions.granting import admitted, reached
from registry.actions.office import Desk
from registry.actions.places import UNKNOWN_ORGANISATION
from registry.domain.admission import Verdict
from registry.domain.areas import Area
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.filing import Filing
from registry.domain.funds import share
from registry.domain.people import Organisation
from registry.domain.presence import Presence
from registry.domain.request import Request
from registry.domain.vocabulary import (
    Custody,
    Disclosure,
    FundingMode,
    OrganisationKind,
    Outcome,
    Receiver,
)

GONE = declare(
    "receiver.gone", RefusalKind.CONFLICT,
    "所选范围内已没有承接主体 {receivers}，准予后无处落地；请退回申请单位更正",
    "No {receivers} exists in the chosen areas any more, so nothing would come of an approval; "
    "return the case to those who ask.", recorded=True,
)  # fmt: skip


def settle_in(desk: Desk, request: Request, filing: Filing, verdict: Verdict | None) -> None:
    """One presence per approved request × receiver: each community's own agreement and money.

    Raises:
        Refusal: ``receiver.gone``.
    """
    places = reached(desk, filing)
    if not places and set(filing.receivers) - {Receiver.STREET}:
        raise Refusal(GONE, receivers="、".join(r.value for r in filing.receivers))
    for index, place in enumerate(places):
        owed = parts(filing, len(places), index)
        made = laid_out(desk, request, filing, verdict, place=place, number=index, owed=owed)
        desk.unit.add(made)


def laid_out(
    desk: Desk, request: Request, filing: Filing, verdict: Verdict | None, *,
    place: tuple[Receiver, Area], number: int, owed: tuple[int, int],
) -> Presence:  # fmt: skip
    """The presence of one receiver in one community, not started yet."""
    receiver, area = place
    body = _community(desk, area)
    return Presence(
        county=desk.unit.county,
        id=f"{request.id}.p{number}",
        request_id=request.id,
        department_id=request.applicant_id,
        duration=filing.duration,
        kind=request.kind,
        title=request.title,
        area_id=area.id,
        area_path=area.path,
        receiver=receiver,
        organisation_id=body.id,
        custody=body.custody or _custody(desk),
        starts_on=filing.starts_on,
        ends_on=filing.ends_on,
        statutory=verdict is not None and verdict.outcome is Outcome.EXEMPT,
        disclosure=request.disclosure or Disclosure.INTERNAL,
        share_fen=owed[0],
        first_due_fen=owed[1],
    )


def parts(filing: Filing, count: int, index: int) -> tuple[int, int]:
    """What the ``index``-th of ``count`` presences is owed of all lines, 分: its share, and of it
    the first instalment."""
    lines = [line for line in filing.funding if line.mode is not FundingMode.NONE]
    owed = [(share(line.amount_fen, count, index), line) for line in lines]
    first = sum(
        share(line.first_fen, count, index) if line.schedule else part for part, line in owed
    )
    return sum(part for part, _ in owed), first


def sharing(presences: Iterable[Presence]) -> list[Presence]:
    """The presences that share the money, in the order of their numbers: not those whose area fell
    away by a change."""
    return sorted((p for p in presences if not p.dropped), key=number_of)


def number_of(presence: Presence) -> int:
    """The number of a presence within its request."""
    return int(presence.id.rsplit(".p", 1)[1])


def shares(desk: Desk, request: Request) -> dict[tuple[str, str], int]:
    """核定数 by (presence, funding line), 分."""
    ordered = sharing(desk.unit.find(Presence, request_id=request.id))
    funding = admitted(desk, request).funding
    return {
        (presence.id, line.key): share(line.amount_fen, len(ordered), index)
        for index, presence in enumerate(ordered)
        for line in funding
        if line.mode is not FundingMode.NONE
    }


def _community(desk: Desk, area: Area) -> Organisation:
    serving = desk.places.serving([area.id], [OrganisationKind.COMMUNITY])
    if not serving:
        raise Refusal(UNKNOWN_ORGANISATION, organisation=area.name)
    return serving[0]


def _custody(desk: Desk) -> Custody:
    money = desk.rulebook().overlay.setting(lambda d: d.money)
    return money.custody if money else Custody.STREET_CUSTODY
