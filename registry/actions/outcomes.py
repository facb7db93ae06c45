"""分街道结果 what one decision comes to, street by street (P13)."""

from registry.actions.bodies import STREETS
from registry.actions.granting import admitted, reach
from registry.actions.office import Desk
from registry.actions.places import upwards
from registry.actions.steps import said, way
from registry.domain.approval import DECIDING, Decision, DecisionKind, Opinion
from registry.domain.areas import Area
from registry.domain.outcome import AreaOutcome, StreetOutcome
from registry.domain.request import Purpose, Request

TOLD = (DecisionKind.ADMITTED, DecisionKind.NOT_ADMITTED)


def tell_streets(desk: Desk, request: Request, decision: Decision) -> None:
    """Keep one row for every street the case touches, whichever body decided."""
    if decision.kind not in TOLD or request.purpose is Purpose.LEAVE:
        return
    targets = desk.places.areas(request.filing.targets, desk.today)
    asked, given = reach(desk, request.filing), reach(desk, admitted(desk, request))
    within, wanting = _Touched(given), _Touched(asked)
    for id in desk.places.streets(targets):
        street = desk.places.area(id, desk.today)
        inside, wanted = within.by(street), wanting.by(street)
        kept = inside if decision.kind is DecisionKind.ADMITTED else []
        outcome = _outcome(decision, whole=len(kept) == len(wanted)) if kept else NONE
        _keep(desk, decision, street, outcome=outcome,
              areas=kept if len(kept) < len(wanted) else [])  # fmt: skip


NONE = AreaOutcome.NOT_ADMITTED


class _Touched:
    """The areas that lie in a street, or in which it lies: sorted by place once for all streets."""

    def __init__(self, areas: dict[str, Area]) -> None:
        self._at: dict[str, list[str]] = {}
        self._in: dict[str, list[str]] = {}
        for id, area in areas.items():
            self._at.setdefault(area.path, []).append(id)
            for path in upwards(area.path):
                self._in.setdefault(path, []).append(id)

    def by(self, street: Area) -> list[str]:
        """Ids in the order in which they were named."""
        around = [id for path in upwards(street.path)[:-1] for id in self._at.get(path, [])]
        return [*around, *self._in.get(street.path, [])]


def _outcome(decision: Decision, *, whole: bool) -> AreaOutcome:
    grant = decision.grant
    less = grant is not None and (grant.starts_on or grant.ends_on or _less(decision))
    return AreaOutcome.ADMITTED if whole and not less else AreaOutcome.PARTIAL


def _less(decision: Decision) -> bool:
    """Whether money was cut for itself, and not only because other areas fell away."""
    grant = decision.grant
    return grant is not None and bool(grant.funding) and not grant.areas


def _keep(
    desk: Desk, decision: Decision, street: Area, *, outcome: AreaOutcome, areas: list[str]
) -> None:
    serving = desk.places.serving([street.id], STREETS)
    body = serving[0].id if serving else None
    opinion = _opinion(desk, decision.request_id, body) if body else None
    desk.unit.add(
        StreetOutcome(
            county=desk.unit.county,
            id=f"{decision.id}.{street.id}",
            request_id=decision.request_id,
            decision_id=decision.id,
            area_id=street.id,
            area_path=street.path,
            organisation_id=body,
            opinion_id=opinion.id if opinion else None,
            ballot=opinion.ballot if opinion else None,
            outcome=outcome,
            areas=areas,
        )
    )


def _opinion(desk: Desk, request_id: str, body: str) -> Opinion | None:
    """What the street said last, in a step that decides before one that advises."""
    request = desk.unit.get(Request, request_id)
    acts = {step.id: step.act for step in way(desk, request)}
    given = [
        o for o in said(desk, request_id=request_id)
        if o.organisation_id == body and o.step_id in acts
    ]  # fmt: skip
    return max(
        given, key=lambda o: (acts[o.step_id] in DECIDING, o.given_at, o.id), default=None
    )  # fmt: skip
