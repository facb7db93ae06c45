"""进驻 what an admission lays out: one presence for each community and receiver, with its share."""

from registry.actions.office import Desk
from registry.actions.places import UNKNOWN_ORGANISATION
from registry.domain.admission import Verdict
from registry.domain.areas import Area
from registry.domain.errors import Refusal
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
)


def settle_in(desk: Desk, request: Request, filing: Filing, verdict: Verdict | None) -> None:
    """One presence per approved request × receiver: each community's own agreement and money."""
    targets = [desk.places.area(t, desk.today) for t in filing.targets]
    places = [
        (receiver, area) for receiver in filing.receivers
        for area in desk.places.communities(targets, receiver, desk.today)
    ]  # fmt: skip
    lines = [line for line in filing.funding if line.mode is not FundingMode.NONE]
    statutory = verdict is not None and verdict.outcome is Outcome.EXEMPT
    for index, (receiver, area) in enumerate(places):
        owed = [(share(line.amount_fen, len(places), index), line) for line in lines]
        first = sum(
            share(line.first_fen, len(places), index) if line.schedule else part
            for part, line in owed
        )
        body = _community(desk, area)
        desk.unit.add(
            Presence(
                county=desk.unit.county,
                id=f"{request.id}.p{index}",
                request_id=request.id,
                kind=request.kind,
                title=request.title,
                area_id=area.id,
                area_path=area.path,
                receiver=receiver,
                organisation_id=body.id,
                custody=body.custody or _custody(desk),
                starts_on=filing.starts_on,
                ends_on=filing.ends_on,
                statutory=statutory,
                disclosure=request.disclosure or Disclosure.INTERNAL,
                share_fen=sum(part for part, _ in owed),
                first_due_fen=first,
            )
        )


def shares(desk: Desk, request: Request) -> dict[tuple[str, str], int]:
    """核定数 by (presence, funding line), 分."""
    presences = desk.unit.find(Presence, request_id=request.id)
    ordered = sorted(presences, key=lambda p: int(p.id.rsplit(".p", 1)[1]))
    return {
        (presence.id, line.key): share(line.amount_fen, len(ordered), index)
        for index, presence in enumerate(ordered)
        for line in request.filing.funding
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
