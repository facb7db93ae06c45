"""进驻 what an admission lays out: one presence for each community and receiver, with its share."""

from collections.abc import Iterable, Sequence
from typing import Any

from registry.actions.counting import working_days
from registry.actions.granting import reached
from registry.actions.ledger.custody import custody_today
from registry.actions.office import Desk
from registry.actions.places import UNKNOWN_ORGANISATION
from registry.domain.admission import Verdict
from registry.domain.areas import Area
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.filing import Filing
from registry.domain.people import Organisation
from registry.domain.presence import Presence
from registry.domain.records import Wire
from registry.domain.request import Request
from registry.domain.shares import first_shares_of, shares_of
from registry.domain.vocabulary import (
    Custody,
    Disclosure,
    OrganisationKind,
    Outcome,
    Receiver,
)
from registry.domain.workload import hours_a_year, times_a_year

GONE = declare(
    "receiver.gone", RefusalKind.CONFLICT,
    "所选范围内已没有承接主体 {receivers}，准予后无处落地；请退回申请单位更正",
    "No {receivers} exists in the chosen areas any more, so nothing would come of an approval; "
    "return the case to those who ask.", recorded=True,
)  # fmt: skip


class Layout(Wire, frozen=True, kw_only=True):
    """展开: what every presence of one admission has in common, read once for all of them."""

    request: Request
    bodies: dict[str, Organisation]
    """The organisation of each community, by the id of its area."""
    custody: Custody
    custodies: dict[str, Custody]
    """Of communities whose custody was changed by a dated act, by organisation."""
    shared: dict[str, Any]

    def presence(
        self, place: tuple[Receiver, Area], *, number: int, owed: tuple[int, int]
    ) -> Presence:
        """The presence of one receiver in one community, not started yet.

        Args:
            owed: its share and, of that, the first instalment, 分.

        Raises:
            Refusal: ``organisation.unknown``.
        """
        (receiver, area), request = place, self.request
        body = self.bodies.get(area.id)
        if body is None:
            raise Refusal(UNKNOWN_ORGANISATION, organisation=area.name)
        return Presence(
            county=request.county,
            id=f"{request.id}.p{number}",
            area_id=area.id,
            area_path=area.path,
            receiver=receiver,
            organisation_id=body.id,
            custody=self.custodies.get(body.id) or body.custody or self.custody,
            share_fen=owed[0],
            first_due_fen=owed[1],
            **self.shared,
        )


def settle_in(desk: Desk, request: Request, filing: Filing, verdict: Verdict | None) -> None:
    """One presence per approved request × receiver: each community's own agreement and money.

    Raises:
        Refusal: ``receiver.gone``.
    """
    places = reached(desk, filing)
    if not places and set(filing.receivers) - {Receiver.STREET}:
        raise Refusal(GONE, receivers="、".join(r.value for r in filing.receivers))
    layout = layout_of(desk, request, filing, verdict, areas=[area for _, area in places])
    owed = parts(filing, [area.id for _, area in places])
    for index, place in enumerate(places):
        desk.unit.add(layout.presence(place, number=index, owed=owed[index]))


def layout_of(
    desk: Desk, request: Request, filing: Filing, verdict: Verdict | None, *,
    areas: Iterable[Area],
) -> Layout:  # fmt: skip
    """What the presences of an admission in these communities share: asked for once."""
    ids = list(dict.fromkeys(area.id for area in areas))
    serving = desk.places.serving(ids, [OrganisationKind.COMMUNITY]) if ids else []
    # Of several that serve one place the first by id is meant, as where one is asked for alone.
    bodies = {body.area_id: body for body in reversed(serving)}
    return Layout(
        request=request, bodies=bodies, custody=_custody(desk),
        custodies=custody_today(desk, [body.id for body in serving]),
        shared={
            "request_id": request.id, "department_id": request.applicant_id,
            "kind": request.kind, "title": request.title,
            "starts_on": filing.starts_on, "ends_on": filing.ends_on,
            "statutory": verdict is not None and verdict.outcome is Outcome.EXEMPT,
            "disclosure": request.disclosure or Disclosure.INTERNAL,
            **load_of(desk, filing),
        },
    )  # fmt: skip


def load_of(desk: Desk, filing: Filing) -> dict[str, Any]:
    """期限类型, 每年工时 and 每年次数 in one community, as a presence keeps them."""
    meeting, days = filing.meeting, working_days(desk, filing)
    times = times_a_year(filing.cycle, days)
    return {
        "duration": filing.duration,
        "hours_year": hours_a_year(filing.hours_per_cycle, filing.cycle, days),
        "times_year": meeting.times if times is None and meeting is not None else times,
        "people": meeting.participants if meeting is not None else None,
    }


def parts(filing: Filing, areas: Sequence[str]) -> list[tuple[int, int]]:
    """What each of the presences is owed of all lines, 分: its share, and of it the first
    instalment.

    Args:
        areas: the area id of each presence, in order.
    """
    lines = [line for line in filing.funding if line.paid_out]
    whole = [shares_of(line, areas) for line in lines]
    first = [first_shares_of(line, areas) for line in lines]
    return [
        (sum(parts[at] for parts in whole), sum(parts[at] for parts in first))
        for at in range(len(areas))
    ]


def sharing(presences: Iterable[Presence]) -> list[Presence]:
    """The presences that share the money, in the order of their numbers: not those whose area fell
    away by a change."""
    return sorted((p for p in presences if not p.dropped), key=number_of)


def number_of(presence: Presence) -> int:
    """The number of a presence within its request."""
    return int(presence.id.rsplit(".p", 1)[1])


def _custody(desk: Desk) -> Custody:
    money = desk.rulebook().overlay.setting(lambda d: d.money)
    return money.custody if money else Custody.STREET_CUSTODY
