"""回避与职责分离 what binds whoever acts to a case already: by person and not by post (P13, P37).

Where one person acts for another, both are looked at: what binds either of them binds the act.
Each question is asked of the post that would be used, for only the post tells whose acts they are.
"""

from collections.abc import Callable, Collection
from datetime import date

from registry.actions.bodies import asking
from registry.actions.office import Desk
from registry.domain.approval import (
    DECIDING,
    Decision,
    DecisionKind,
    Opinion,
    Step,
    StepAct,
    StepState,
)
from registry.domain.conference import ConferenceVote
from registry.domain.people import Post, PostView
from registry.domain.request import Request

Found = Callable[[PostView], list[str]]
"""Which ties hold, were the act done by this post."""


def acting(desk: Desk, post: PostView) -> set[str]:
    """Whoever acts, and in whose place."""
    return {desk.actor.person_id, *([post.on_behalf_of] if post.on_behalf_of else [])}


def ties(desk: Desk, request: Request, step: Step) -> Found:
    """What binds in a step: ``filed``, ``applicant``, ``elsewhere``, ``voted``; and ``decided``
    where a review annulled the decision they took part in."""
    bound = {step.id}
    if step.act is StepAct.RATIFY:
        # Nobody ratifies what they decided themselves, in whatever post.
        steps = desk.unit.find(Step, request_id=request.id)
        bound |= {
            s.id for s in steps if s.act is StepAct.DECIDE and s.state is not StepState.LAPSED
        }

    def found(post: PostView) -> list[str]:
        people = acting(desk, post)
        voices = _voices(desk, request, people)
        voted = ["voted"] if any(o.step_id in bound for o in voices) else []
        before = request.reopened and _annulled(desk, request, people)
        again = ["decided"] if before else []
        return [*bonds(desk, request, people), *_elsewhere(voices, post), *voted, *again]

    return found


def of_case(desk: Desk, request: Request) -> Found:
    """What binds outside any step: ``filed``, ``applicant``, ``elsewhere``."""

    def found(post: PostView) -> list[str]:
        people = acting(desk, post)
        voices = _voices(desk, request, people)
        return [*bonds(desk, request, people), *_elsewhere(voices, post)]

    return found


def of_review(desk: Desk, request: Request) -> Found:
    """What binds in a review: ``filed``, ``applicant``, and ``decided``: whoever took part in the
    decision, though what they said has lapsed since; what a change brought was decided in that."""
    issued = desk.unit.maybe(Decision, request.decision_id) if request.decision_id else None
    cases = sorted({request.id, *([issued.request_id] if issued else [])})

    def found(post: PostView) -> list[str]:
        people = acting(desk, post)
        decided = ["decided"] if _decided(desk, cases, people) else []
        return [*bonds(desk, request, people), *decided]

    return found


def bonds(desk: Desk, request: Request, people: Collection[str]) -> list[str]:
    """What binds people to a case whoever acts: they worked on the filing, or belong to those who
    ask, or did so at any time since it was filed."""
    worked = {request.drafted_by, request.submitted_by, request.holder_id, *request.worked_on_by}
    found = ["filed"] if worked & set(people) else []
    return [*found, *(["applicant"] if _asks(desk, request, people) else [])]


def _asks(desk: Desk, request: Request, people: Collection[str]) -> bool:
    whose = asking(request)
    if desk.actor.person_id in people and any(p.organisation_id in whose for p in desk.actor.posts):
        return True
    since, until = request.applied_on or desk.today, desk.today
    # A body's people are kept in its own partition; who acts may belong to another.
    kept = {desk.actor.county, *(desk.places.organisation(o).county for o in whose)}
    held = [
        p for county in sorted(kept)
        for p in desk.unit.beside(county).find(Post, person_id=sorted(people))
        if _held(p, since, until)
    ]  # fmt: skip
    if any(p.organisation_id in whose for p in held):
        return True
    # Who belonged to a body that has since become one of those who ask is bound as they are.
    past = {p.organisation_id for p in held if p.valid_to is not None}
    return bool(past) and not whose.isdisjoint(desk.places.heirs(past, acting=False))


def _held(post: Post, since: date, until: date) -> bool:
    """Whether a post was held on any day from one to another."""
    return (post.valid_from is None or post.valid_from <= until) and (
        post.valid_to is None or since <= post.valid_to
    )


def _voices(desk: Desk, request: Request, people: Collection[str]) -> list[Opinion]:
    """The standing opinions that these people gave in a case, or had given for them."""
    every = desk.unit.find(Opinion, request_id=request.id)
    return [o for o in every if not o.lapsed and {o.person_id, o.on_behalf_of} & set(people)]


def _elsewhere(voices: Collection[Opinion], post: PostView) -> list[str]:
    """Nobody speaks in one case for two bodies: by two posts, or by a new one in mid-case."""
    same = {post.organisation_id, *post.formerly}
    return ["elsewhere"] if any(o.organisation_id not in same for o in voices) else []


def _decided(desk: Desk, cases: list[str], people: Collection[str]) -> bool:
    who = set(people)
    issued = desk.unit.find(Decision, request_id=cases)
    if any({d.person_id, d.ratifier_id, d.on_behalf_of} & who for d in issued):
        return True
    votes = desk.unit.find(ConferenceVote, request_id=cases)
    if any(v.person_id in who for v in votes):
        return True
    deciding = {s.id for s in desk.unit.find(Step, request_id=cases) if s.act in DECIDING}
    said = desk.unit.find(Opinion, request_id=cases)
    return any(o.step_id in deciding and {o.person_id, o.on_behalf_of} & who for o in said)


def _annulled(desk: Desk, request: Request, people: Collection[str]) -> bool:
    """Whether any of these people took part in a decision that a review annulled."""
    issued = {d.id: d for d in desk.unit.find(Decision, request_id=request.id)}
    fallen = [issued[d.replaces] for d in issued.values()
              if d.kind is DecisionKind.ANNULLED and d.replaces in issued]  # fmt: skip
    who = set(people)
    if any({d.person_id, d.ratifier_id, d.on_behalf_of} & who for d in fallen):
        return True
    deciding = {s.id for s in desk.unit.find(Step, request_id=request.id) if s.act in DECIDING}
    lapsed = [o for o in desk.unit.find(Opinion, request_id=request.id) if o.lapsed]
    return any(o.step_id in deciding and {o.person_id, o.on_behalf_of} & who for o in lapsed)
