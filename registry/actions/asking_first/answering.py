"""事前答复 one question, or several, answered by the precheck or by the tables that serve it.

Nothing is recorded and nobody is told. Yes means that it may enter by being put on record; whatever
needs a person's decision first is no, with the reasons and with the way to ask for it.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import msgspec

from registry.actions.asking_first.denials import asked_for, standing
from registry.actions.asking_first.questions import filing_of
from registry.actions.figures import by_id
from registry.actions.granting import inherited
from registry.actions.judging import PrecheckCommand, precheck
from registry.actions.office import Desk
from registry.actions.places import upwards
from registry.actions.reading import one
from registry.domain.admission import Hit, Verdict
from registry.domain.approval import Decision
from registry.domain.authzen import Decided, Question, Semantic
from registry.domain.errors import Refusal
from registry.domain.filing import Filing
from registry.domain.grant import narrowed
from registry.domain.presence import Presence, PresenceState
from registry.domain.request import Request, State
from registry.domain.vocabulary import Outcome
from registry.policies.points import Point

ACT = "precheck.ask"
GOING = frozenset({PresenceState.PLANNED, PresenceState.AGREED, PresenceState.ACTIVE})
"""States of what may be done in a community, or begun there."""
ENTERS = frozenset({Outcome.LISTED, Outcome.EXEMPT, Outcome.ALLOWED})
"""预审结论 by which a matter enters without a person's decision first (备案)."""
OUTCOME_SAID = {
    Outcome.LISTED: ("清单内事项，备案后进入", "On the list: it enters by being put on record."),
    Outcome.EXEMPT: ("法定事项免审，备案后进入", "By statute: it enters by being put on record."),
    Outcome.ALLOWED: ("可以办理", "It may be done."),
    Outcome.NEEDS_APPROVAL: (
        "清单外事项，须先申报准入",
        "Off the list: it must be admitted first.",
    ),
    Outcome.PURCHASE: ("建议转政府购买服务", "It should be bought as a service instead."),
    Outcome.DISCRETIONARY: ("可酌情出具，不得要求", "It may be given, never demanded."),
    Outcome.REFUSED: ("预审不通过", "Refused on precheck."),
    Outcome.HUMAN_REVIEW: ("须由人研判", "A person must judge it."),
    Outcome.OUT_OF_SCOPE: ("不属本级受理", "It is not for this level to accept."),
}


def serving(desk: Desk, subject: str, resource: str) -> Point | None:
    """The tables that answer for a type of subject and of resource; none = the precheck does."""
    return next((p for p in desk.office.points if p.serves(subject, resource)), None)


def answer(desk: Desk, question: Question, base: str) -> Decided:
    """The answer to one question; what cannot be judged is no, and says why.

    Args:
        base: where this registry is found, for the way to ask.
    """
    point = serving(desk, question.subject.type, question.resource.type)
    if point is not None:
        allowed, row = point.decide(question)
        return Decided(decision=allowed, context={"reason": point.id, "row": row})
    try:
        filing = filing_of(desk, question)
        verdict = precheck(desk, PrecheckCommand(filing=filing))
    except Refusal as refusal:
        return failed(desk.told(refusal))
    if verdict.outcome in ENTERS:
        return Decided(decision=True, context=told(desk, verdict))
    approval = _approval(question)
    if approval and (found := _approved(desk, filing, approval)) is not None:
        return Decided(decision=True, context=told(desk, verdict) | found)
    hint = asked_for(desk, question, verdict, base)
    after = {"next_action": "request" if hint else "none"} if approval else {}
    return Decided(decision=False, context=told(desk, verdict) | hint | after)


def answer_all(
    desk: Desk, asked: Sequence[Question | Refusal], semantic: Semantic, base: str
) -> Iterator[Decided]:
    """Answers in order, cut short where the way of answering says so."""
    for one_asked in asked:
        if isinstance(one_asked, Refusal):
            decided = failed(one_asked)
        else:
            decided = answer(desk, one_asked, base)
        yield decided
        if semantic is Semantic.DENY_ON_FIRST_DENY and not decided.decision:
            return
        if semantic is Semantic.PERMIT_ON_FIRST_PERMIT and decided.decision:
            return


def failed(refusal: Refusal) -> Decided:
    """A question that could not be judged: no."""
    error = {"code": refusal.code, "message": refusal.detail, "message_en": refusal.detail_en}
    said = {"zh": refusal.detail, "en": refusal.detail_en}
    context = {"reason": refusal.code, "reason_user": said, "error": error}
    return Decided(decision=False, context=context)


def told(desk: Desk, verdict: Verdict) -> dict[str, Any]:
    """What the verdict says: outcome, and every rule that matched, the deciding ones first."""
    zh, en = OUTCOME_SAID[verdict.outcome]
    return {
        "evaluation_id": desk.id("evl"),
        "evaluated_at": desk.now.isoformat(),
        "reason": verdict.outcome.value,
        "reason_user": {"zh": zh, "en": en},
        "absolute": verdict.absolute,
        "reasons": [_reason(hit, hit.rule in verdict.deciding) for hit in verdict.rules],
        "packs": verdict.packs,
    } | ({} if verdict.defaulted is None else {"defaulted": verdict.defaulted})


def _reason(hit: Hit, deciding: bool) -> dict[str, Any]:
    """One rule, with the ``id`` and ``reason_user`` that the standard's example has."""
    kept = msgspec.to_builtins(hit)
    fields = ("rule", "outcome", "clause", "grade", "sentence", "sentence_en", "remedy",
              "remedy_en", "items", "receivers")  # fmt: skip
    said = {"zh": hit.sentence, "en": hit.sentence_en or hit.sentence}
    shown = {name: kept[name] for name in fields}
    return {"id": hit.rule, "deciding": deciding, "reason_user": said, **shown}


def _approval(question: Question) -> str:
    """Id of the request under which is asked again; empty = none is named."""
    named = (question.context or {}).get("approval")
    found = named.get("id") if isinstance(named, dict) else None
    return found if isinstance(found, str) else ""


def _approved(desk: Desk, filing: Filing, id: str) -> dict[str, Any] | None:
    """The approval that covers what is asked: the same matter, no more places, nobody else, and
    neither at its term nor paused, left or refused in any of those places."""
    try:
        request = one(desk.office, desk.actor, Request, id, county=desk.unit.county)
    except Refusal:
        return None
    given, filing = _granted(desk, request), by_id(desk, filing)
    stands = request.state is State.APPROVED and _places(desk, filing) <= _places(desk, given)
    if not stands or not set(filing.receivers) <= set(given.receivers):
        return None
    same = msgspec.structs.replace(filing, targets=given.targets, receivers=given.receivers)
    if same != given or _over(desk, request, given.ends_on, filing):
        return None
    said = {"zh": "已获准予准入", "en": "It has been admitted."}
    return {"reason": "approved", "reason_user": said, "approval": standing(request, desk.today)}


def _granted(desk: Desk, request: Request) -> Filing:
    """What was admitted: as asked, or the part that was given (部分准予)."""
    made = desk.unit.maybe(Decision, request.narrowed_by) if request.narrowed_by else None
    if made is None or made.grant is None:
        return request.filing
    return by_id(desk, narrowed(request.filing, inherited(desk, made.grant)))


def _over(desk: Desk, request: Request, ends: date | None, asked: Filing) -> bool:
    """Whether the term given is past, or one of the places asked about has the matter no more."""
    if ends is not None and ends < desk.today:
        return True
    places = {area.path for area in desk.places.areas(asked.targets, desk.today)}
    going: dict[tuple[str, str], bool] = {}
    for one_there in desk.unit.find(Presence, request_id=request.amends or request.id):
        if not one_there.dropped and not places.isdisjoint(upwards(one_there.area_path)):
            key = (one_there.area_id, one_there.receiver)
            going[key] = going.get(key, False) or one_there.state in GOING
    return not all(going.values())


def _places(desk: Desk, filing: Filing) -> set[str]:
    return {area.id for area in desk.places.areas(filing.targets, desk.today)}
