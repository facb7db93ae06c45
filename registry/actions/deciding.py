"""决定 a decision is issued: numbered, in the body's name, with its clauses; presences are made."""

from registry.actions.office import Desk
from registry.actions.places import UNKNOWN_ORGANISATION
from registry.domain.admission import Verdict
from registry.domain.approval import Decision, DecisionKind, Serial, Task, TaskState
from registry.domain.areas import Area
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.funds import share
from registry.domain.people import Organisation
from registry.domain.presence import Presence
from registry.domain.request import MOVES, Request, State
from registry.domain.vocabulary import (
    Custody,
    Disclosure,
    FundingMode,
    OrganisationKind,
    Outcome,
)

NO_NUMBERING = declare(
    "numbering.none", RefusalKind.INVALID, "规则包没有规定决定文号的编排",
    "The rule packs give no numbering for decisions.", recorded=True,
)  # fmt: skip

STATE_OF = {
    DecisionKind.ADMITTED: State.APPROVED,
    DecisionKind.NOT_ADMITTED: State.REJECTED,
    DecisionKind.NOT_ACCEPTED: State.NOT_ACCEPTED,
}

SETTLED = frozenset({*STATE_OF.values(), State.WITHDRAWN, State.TERMINATED, State.CLOSED})


def issue(desk: Desk, task: Task, kind: DecisionKind, reason: str) -> Request:
    """Issue the decision in the name of the body whose task it is, and close the open tasks."""
    request = desk.unit.get(Request, task.request_id)
    body = desk.places.organisation(task.organisation_id)
    verdict = desk.unit.get(Verdict, request.verdict_id) if request.verdict_id else None
    decision = desk.unit.add(
        Decision(
            county=desk.unit.county,
            id=desk.id("dec"),
            request_id=request.id,
            kind=kind,
            number=take_number(desk, request),
            organisation_id=body.id,
            body_name=body.name,
            person_id=desk.actor.person_id,
            verdict_id=request.verdict_id,
            reason=reason,
            clauses=list(dict.fromkeys(h.clause for h in verdict.rules)) if verdict else [],
            review=_review(desk),
            issued_on=desk.today,
            filed_on_record=request.outcome in (Outcome.LISTED, Outcome.EXEMPT),
        )
    )
    for left in desk.unit.find(Task, request_id=request.id, state=TaskState.OPEN.value):
        desk.unit.change(left, state=TaskState.CANCELLED)
    changed = desk.unit.change(
        request, state=STATE_OF[kind], decision_id=decision.id, **_disclosed(desk, request, verdict)
    )
    if kind is DecisionKind.ADMITTED:
        _settle_in(desk, changed, verdict)
    if changed.parent_id is not None:
        settle_parent(desk, changed.parent_id)
    return changed


def settle_parent(desk: Desk, parent_id: str) -> None:
    """A composite is archived when its last child is settled; it holds no decision of its own."""
    children = desk.unit.find(Request, parent_id=parent_id)
    open_ones = [c for c in children if c.state not in SETTLED]
    parent = desk.unit.get(Request, parent_id)
    if not open_ones and parent.state in MOVES["settle"]:
        desk.unit.change(parent, state=MOVES["settle"][parent.state])


def take_number(desk: Desk, request: Request) -> str:
    """The next number of the county's series; once taken it is never given again."""
    numbering = desk.rulebook().overlay.setting(lambda d: d.numbering)
    if numbering is None:
        raise Refusal(NO_NUMBERING)
    year = desk.today.year
    # Whoever takes a number waits at the year's first one, so that none is fought over.
    desk.unit.maybe(Serial, f"decision.{year}.1", lock=True)
    serial = desk.unit.largest(Serial, "serial", series="decision", year=year) + 1
    number = numbering.decision.format(year=year, serial=serial)
    desk.unit.add(
        Serial(county=desk.unit.county, id=f"decision.{year}.{serial}", series="decision",
               year=year, serial=serial, number=number, object_id=request.id)
    )  # fmt: skip
    return number


def _review(desk: Desk) -> str:
    return desk.rulebook().overlay.setting(lambda d: d.review) or ""


def _disclosed(
    desk: Desk, request: Request, verdict: Verdict | None
) -> dict[str, Disclosure | str]:
    """The disclosure class: as asked for, else the pack's default for section or kind (P8)."""
    if request.disclosure is not None:
        return {"disclosure": request.disclosure}
    rule = desk.rulebook().overlay.setting(lambda d: d.disclosure)
    if rule is None:
        return {"disclosure": Disclosure.INTERNAL, "disclosure_reason": "规则包未规定，暂不公开"}
    lists = desk.rulebook().lists
    named = {n.split(" ")[0] for h in (verdict.rules if verdict else []) for n in h.items}
    sections = [item.section for (_, id), item in lists.items.items() if id in named]
    keys = [*sections, request.kind.value]
    found = next((rule.of[key] for key in keys if key in rule.of), rule.default)
    return {"disclosure": found, "disclosure_reason": "按规则包默认"}


def _settle_in(desk: Desk, request: Request, verdict: Verdict | None) -> None:
    """One presence per approved request × receiver: each community's own agreement and money."""
    filing = request.filing
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
