"""决定 a decision is issued: numbered, in the body's name, with its clauses; presences are made."""

from typing import Any

from registry.actions.afterwards.settled import tell_asking
from registry.actions.afterwards.taking_effect import take_effect
from registry.actions.granting import merged
from registry.actions.numbering import take_number
from registry.actions.office import Desk
from registry.actions.outcomes import tell_streets
from registry.actions.steps import clear, said, way
from registry.actions.vouching.issuing import vouch
from registry.domain.admission import Verdict
from registry.domain.approval import (
    DECIDING,
    Ballot,
    Decision,
    DecisionKind,
    Opinion,
    StepAct,
    Task,
)
from registry.domain.grant import Grant
from registry.domain.notice import NoticeKind
from registry.domain.people import Organisation
from registry.domain.records import Wire
from registry.domain.request import MOVES, Purpose, Request, State
from registry.domain.vocabulary import Disclosure, Outcome

STATE_OF = {
    DecisionKind.ADMITTED: State.APPROVED,
    DecisionKind.NOT_ADMITTED: State.REJECTED,
    DecisionKind.NOT_ACCEPTED: State.NOT_ACCEPTED,
}

SETTLED = frozenset({
    *STATE_OF.values(), State.WITHDRAWN, State.TERMINATED, State.REVOKED, State.CLOSED,
})  # fmt: skip


class Signer(Wire, frozen=True, kw_only=True):
    """署名: in whose name a decision goes out, and who stands behind it."""

    body: Organisation
    key: str
    person_id: str
    on_behalf_of: str | None = None
    reason: str
    ratified_by: Organisation | None = None
    ratifier_id: str | None = None
    conference_id: str | None = None

    def fields(self) -> dict[str, Any]:
        """What a decision says of them."""
        above = self.ratified_by
        return {
            "organisation_id": self.body.id, "body_name": self.body.name,
            "person_id": self.person_id, "on_behalf_of": self.on_behalf_of, "reason": self.reason,
            "ratified_by": above.id if above else None,
            "ratified_by_name": above.name if above else "", "ratifier_id": self.ratifier_id,
            "conference_id": self.conference_id,
        }  # fmt: skip


def issue(
    desk: Desk, task: Task, kind: DecisionKind, reason: str, *,
    grant: Grant | None = None, **told: Any,
) -> Request:  # fmt: skip
    """Issue the decision in the name of the body whose it is, and close what is still open.

    Args:
        grant, told: what is given where no step of the flow decided; ``replaces``.
    """
    request = desk.unit.get(Request, task.request_id)
    signer = _signer(desk, task, kind, reason)
    verdict = desk.unit.get(Verdict, request.verdict_id) if request.verdict_id else None
    admits = kind is DecisionKind.ADMITTED
    decision = desk.unit.add(
        Decision(
            county=desk.unit.county,
            id=desk.id("dec"),
            request_id=request.id,
            amends=request.amends,
            kind=kind,
            number=take_number(desk, request, signer.body, kind=kind, key=signer.key),
            verdict_id=request.verdict_id,
            clauses=list(dict.fromkeys(h.clause for h in verdict.rules)) if verdict else [],
            review=_review(desk),
            issued_on=desk.today,
            filed_on_record=request.outcome in (Outcome.LISTED, Outcome.EXEMPT),
            grant=merged(desk, request) if admits and task.act in DECIDING else grant,
            **signer.fields(),
            **told,
        )
    )
    clear(desk, request)
    changed = desk.unit.change(
        request, state=STATE_OF[kind], decision_id=decision.id,
        narrowed_by=decision.id if decision.grant is not None else None,
        **_disclosed(desk, request, verdict),
    )  # fmt: skip
    tell_streets(desk, changed, decision)
    if admits:
        changed = _brought_about(desk, changed, decision)
    _tell(desk, changed, decision)
    if changed.parent_id is not None:
        settle_parent(desk, changed.parent_id)
    return changed


def _brought_about(desk: Desk, request: Request, decision: Decision) -> Request:
    """What an admission comes to, and the papers by which it is shown at the door."""
    changed = take_effect(desk, request, decision)
    vouch(desk, changed)
    return changed


_WORDS = {
    DecisionKind.ADMITTED: ("准予准入", "Admitted"),
    DecisionKind.NOT_ADMITTED: ("不予准入", "Not admitted"),
    DecisionKind.NOT_ACCEPTED: ("不予受理", "Not accepted"),
}

_AMENDING = {
    (Purpose.RENEW, DecisionKind.ADMITTED): ("准予续期", "Renewed"),
    (Purpose.RENEW, DecisionKind.NOT_ADMITTED): ("不予续期", "Not renewed"),
    (Purpose.LEAVE, DecisionKind.ADMITTED): ("准予退出", "It leaves"),
    (Purpose.LEAVE, DecisionKind.NOT_ADMITTED): ("不予退出", "It does not leave"),
}


def _tell(desk: Desk, request: Request, decision: Decision) -> None:
    told = request.amends is not None and _AMENDING.get((request.purpose, decision.kind))
    zh, en = told or _WORDS[decision.kind]
    said = (f"{zh}，{decision.number}", f"{en}, {decision.number}")
    tell_asking(desk, request, said, decision, kind=NoticeKind.DECIDED)


def _signer(desk: Desk, task: Task, kind: DecisionKind, reason: str) -> Signer:
    """What is ratified goes out as the decision of the body that took it, naming who ratified it.
    A refusal to ratify is the ratifying body's own: the body below had agreed, and no name may
    stand under a refusal it did not give."""
    body, spoke = desk.places.organisation(task.organisation_id), _spoken(desk, task, kind)
    person = spoke.person_id if spoke else desk.actor.person_id
    given = _agreed(desk, task) if task.act is StepAct.RATIFY else None
    if given is None or kind is not DecisionKind.ADMITTED:
        return Signer(
            body=body, key=task.body, person_id=person, reason=spoke.text if spoke else reason,
            on_behalf_of=spoke.on_behalf_of if spoke else desk.on_behalf_of,
            conference_id=spoke.conference_id if spoke else None,
        )  # fmt: skip
    return Signer(
        body=desk.places.organisation(given.organisation_id),
        key=desk.unit.get(Task, given.task_id).body, person_id=given.person_id,
        on_behalf_of=given.on_behalf_of, reason=given.text or reason,
        ratified_by=body, ratifier_id=person,
        conference_id=(spoke.conference_id if spoke else None) or given.conference_id,
    )  # fmt: skip


def _spoken(desk: Desk, task: Task, kind: DecisionKind) -> Opinion | None:
    """What the body said in its task, where that is what the decision rests on: the last to speak
    may have been one who was only heard."""
    if task.act not in DECIDING or kind not in (DecisionKind.ADMITTED, DecisionKind.NOT_ADMITTED):
        return None
    given = [o for o in said(desk, request_id=task.request_id) if o.task_id == task.id]
    return max(given, key=lambda o: (o.given_at, o.id), default=None)


def _agreed(desk: Desk, task: Task) -> Opinion | None:
    """The agreement by which the deciding step below was carried."""
    request = desk.unit.get(Request, task.request_id)
    deciding = [s.id for s in way(desk, request) if s.act is StepAct.DECIDE]
    agreed = said(desk, request_id=request.id, ballot=Ballot.AGREE.value)
    given = [o for o in agreed if o.step_id in deciding]
    return max(given, key=lambda o: (o.given_at, o.id), default=None)


def settle_parent(desk: Desk, parent_id: str) -> None:
    """A composite is archived when its last child is settled; it holds no decision of its own."""
    # Held before the parts are looked at: of two that end at once, the second sees the first.
    parent = desk.unit.get(Request, parent_id, lock=True)
    children = desk.unit.find(Request, parent_id=parent_id)
    open_ones = [c for c in children if c.state not in SETTLED]
    if not open_ones and parent.state in MOVES["settle"]:
        desk.unit.change(parent, state=MOVES["settle"][parent.state])


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
