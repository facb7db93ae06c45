"""回避与职责分离 what binds whoever acts to a case already: by person and not by post (P13, P37).

Where one person acts for another, both are looked at: what binds either of them binds the act.
Each question is asked of the post that would be used, for only the post tells whose acts they are.
"""

from collections.abc import Callable, Collection
from datetime import date

from registry.actions.bodies import asking
from registry.actions.office import Desk
from registry.domain.afterwards import Review, ReviewResult, Revocation
from registry.domain.approval import (
    DECIDING,
    Decision,
    DecisionKind,
    Opinion,
    Step,
    StepAct,
    StepState,
    Task,
)
from registry.domain.conference import ConferenceVote
from registry.domain.people import Post, PostView
from registry.domain.request import Request

Found = Callable[[PostView], list[str]]
"""Which ties hold, were the act done by this post."""
Asked = Callable[[Collection[str], Collection[str]], list[str]]
"""The same by the people who act, and the bodies as one of which they do."""


def acting(desk: Desk, post: PostView) -> set[str]:
    """Whoever acts, and in whose place."""
    return {desk.actor.person_id, *([post.on_behalf_of] if post.on_behalf_of else [])}


def ties(desk: Desk, request: Request, step: Step) -> Found:
    """What binds in a step: ``filed``, ``applicant``, ``elsewhere``, ``voted``; and ``decided``
    where a review annulled the decision they took part in."""
    asked = _in_step(desk, request, step)
    return lambda post: asked(acting(desk, post), _same(post))


def of_case(desk: Desk, request: Request) -> Found:
    """What binds outside any step: ``filed``, ``applicant``, ``elsewhere``."""
    asked = _outside(desk, request)
    return lambda post: asked(acting(desk, post), _same(post))


def of_review(desk: Desk, request: Request) -> Found:
    """What binds in a review: ``filed``, ``applicant``, ``elsewhere``, and ``decided``: whoever
    took part in the decision, though what they said has lapsed since; what a change brought was
    decided in that."""
    asked = _in_review(desk, request)
    return lambda post: asked(acting(desk, post), _same(post))


def of_receiver(desk: Desk, request: Request, task: Task, person_id: str) -> list[str]:
    """What would bind a person who is given a task (转办, 委派, 交接), as if they did it now by a
    post of the body that has it."""
    step = desk.unit.maybe(Step, task.step_id)
    if step is None:
        asked = _outside(desk, request)
    elif step.act is StepAct.REVIEW:
        asked = _in_review(desk, request)
    else:
        asked = _in_step(desk, request, step)
    return asked({person_id}, desk.places.before(task.organisation_id))


def of_member(desk: Desk, request: Request, step: Step, person_id: str) -> list[str]:
    """What binds who votes on a case in a meeting, whose own word it is and no body's: as in the
    step that the meeting decides, ``elsewhere`` apart."""
    return [*bonds(desk, request, [person_id]), *_spoken(desk, request, step)({person_id})]


def of_recorder(desk: Desk, request: Request) -> Found:
    """What binds who enters the word of others in a case: ``filed``, ``applicant``."""
    return lambda post: bonds(desk, request, acting(desk, post))


def _same(post: PostView) -> set[str]:
    """For whom a post speaks: its body, and those it took over."""
    return {post.organisation_id, *post.formerly}


def _in_step(desk: Desk, request: Request, step: Step) -> Asked:
    spoken = _spoken(desk, request, step)

    def asked(people: Collection[str], same: Collection[str]) -> list[str]:
        return [*_outside(desk, request)(people, same), *spoken(people)]

    return asked


def _spoken(desk: Desk, request: Request, step: Step) -> Callable[[Collection[str]], list[str]]:
    """``voted`` in a step, ``decided`` what a review annulled."""
    bound = {step.id}
    if step.act is StepAct.RATIFY:
        # Nobody ratifies what they decided themselves, in whatever post.
        steps = desk.unit.find(Step, request_id=request.id)
        bound |= {
            s.id for s in steps if s.act is StepAct.DECIDE and s.state is not StepState.LAPSED
        }

    def asked(people: Collection[str]) -> list[str]:
        voices = _voices(desk, request, people)
        voted = ["voted"] if any(o.step_id in bound for o in voices) else []
        before = request.reopened and _annulled(desk, request, people)
        return [*voted, *(["decided"] if before else [])]

    return asked


def _outside(desk: Desk, request: Request) -> Asked:
    def asked(people: Collection[str], same: Collection[str]) -> list[str]:
        voices = _voices(desk, request, people)
        return [*bonds(desk, request, people), *_elsewhere(voices, same)]

    return asked


def _in_review(desk: Desk, request: Request) -> Asked:
    issued = desk.unit.maybe(Decision, request.decision_id) if request.decision_id else None
    cases = sorted({request.id, *([issued.request_id] if issued else [])})

    def asked(people: Collection[str], same: Collection[str]) -> list[str]:
        decided = ["decided"] if _decided(desk, cases, people) else []
        return [*_outside(desk, request)(people, same), *decided]

    return asked


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


def _elsewhere(voices: Collection[Opinion], same: Collection[str]) -> list[str]:
    """Nobody speaks in one case for two bodies: by two posts, or by a new one in mid-case."""
    return ["elsewhere"] if any(o.organisation_id not in same for o in voices) else []


def _decided(desk: Desk, cases: list[str], people: Collection[str]) -> bool:
    who = set(people)
    issued = desk.unit.find(Decision, request_id=cases)
    if any({d.person_id, d.ratifier_id, d.on_behalf_of} & who for d in issued):
        return True
    # To tell the grounds of a revocation is to take part in it.
    revoked = desk.unit.find(Revocation, request_id=cases)
    if any(r.proposed_by in who for r in revoked if r.result_id is not None):
        return True
    votes = desk.unit.find(ConferenceVote, request_id=cases)
    if any(v.person_id in who for v in votes):
        return True
    deciding = {s.id for s in desk.unit.find(Step, request_id=cases) if s.act in DECIDING}
    said = desk.unit.find(Opinion, request_id=cases)
    return any(o.step_id in deciding and {o.person_id, o.on_behalf_of} & who for o in said)


def _annulled(desk: Desk, request: Request, people: Collection[str]) -> bool:
    """Whether any of these people took part in a decision that a review annulled."""
    who = set(people)
    issued = {d.id: d for d in desk.unit.find(Decision, request_id=request.id)}
    fallen = [issued[d.replaces] for d in issued.values()
              if d.kind is DecisionKind.ANNULLED and d.replaces in issued]  # fmt: skip
    # An annulment under another number stands for itself: who reviewed it decided nothing.
    fallen = [d for d in fallen if d.kind is not DecisionKind.ANNULLED]
    if any({d.person_id, d.ratifier_id, d.on_behalf_of} & who for d in fallen):
        return True
    given = _before_review(desk, request)
    if any({o.person_id, o.on_behalf_of} & who for o in given):
        return True
    met = {m for m in (*(d.conference_id for d in fallen), *(o.conference_id for o in given)) if m}
    votes = desk.unit.find(ConferenceVote, request_id=request.id)
    return any(v.conference_id in met and v.person_id in who for v in votes)


def _before_review(desk: Desk, request: Request) -> list[Opinion]:
    """What was said in steps that decide before the last review annulled what came of it; what
    lapsed since then binds nobody."""
    annulled = desk.unit.find(
        Review, request_id=request.id, result=ReviewResult.ANNULLED.value
    )  # fmt: skip
    reviewed = [desk.unit.get(Task, r.task_id).step_id for r in annulled if r.task_id]
    last = max((_laid(id) for id in reviewed), default=0)
    before = {
        s.id for s in desk.unit.find(Step, request_id=request.id)
        if s.act in DECIDING and _laid(s.id) < last
    }  # fmt: skip
    said = desk.unit.find(Opinion, request_id=request.id)
    return [o for o in said if o.lapsed and o.step_id in before]


def _laid(step_id: str) -> int:
    """In which order a step of a case was laid out."""
    return int(step_id.rpartition(".s")[2])
