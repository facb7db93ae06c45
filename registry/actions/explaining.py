"""说明 why a filing is answered as it is and what would let it pass; nothing is recorded."""

from datetime import date

import msgspec

from registry.actions import reading
from registry.actions.granting import admitted
from registry.actions.judging import NO_RECEIVER as NO_RECEIVER  # noqa: PLC0414 - an answer
from registry.actions.judging import PrecheckCommand, asked_on
from registry.actions.matters import matter_of
from registry.actions.office import Answer, Call, Desk, Office
from registry.actions.rules.exceptions import waived_for
from registry.domain.admission import Verdict
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.filing import Filing
from registry.domain.people import Organisation
from registry.domain.request import Request
from registry.domain.vocabulary import Gate, OrganisationKind
from registry.policies.explaining.explain import Explanation, explain
from registry.policies.explaining.remedy import Question
from registry.policies.explaining.substance import Payer
from registry.policies.judge import Rulebook
from registry.policies.overlay import Governing

__all__ = ["ExplainCommand", "Explanation", "explain_answer", "of_request", "of_verdict"]

COMPOSITE = declare(
    "explanation.composite", RefusalKind.CONFLICT, "组合申报没有自己的预审意见，请查看各子事项的说明",
    "A composite holds no verdict of its own; look at its parts.",
)  # fmt: skip

_PURSES = (OrganisationKind.GOVERNMENT, OrganisationKind.FINANCE)
"""Who else a text may make the payer; a payer is proposed only where a list item fixes its kind."""
_OF_THE_CASE = (
    "money",
    "agreement",
    "decision",
    "consultation",
    "publicity",
    "expert",
    "trigger",
    "use",
)
"""Facts that a kept verdict of a later gate took from the case."""


class ExplainCommand(PrecheckCommand, frozen=True, kw_only=True):
    """说明试算: explains the verdict on a filing, records nothing."""


def explain_answer(desk: Desk, command: ExplainCommand) -> Answer:
    """Why a filing would be answered so, and the way to yes; the caller throws all away.

    Raises:
        Refusal: ``access.hidden`` where the request named is not theirs to read.
    """
    on = asked_on(desk, command)
    return Answer(body=_of_filing(desk, command.filing, on, command.request_id))


def of_request(office: Office, call: Call, id: str) -> Explanation:
    """The explanation of a request as it now stands: a draft as if it were submitted today.

    Raises:
        Refusal: ``access.hidden``; ``explanation.composite``.
    """
    request = reading.one(office, call.actor, Request, id, county=_named(call))
    if request.composite:
        raise Refusal(COMPOSITE)
    if request.verdict_id is None:
        return _asked(office, call, request, None)
    kept = reading.one(office, call.actor, Verdict, request.verdict_id, county=request.county)
    return _asked(office, call, request, kept)


def of_verdict(office: Office, call: Call, id: str) -> Explanation:
    """The explanation of a kept verdict, at filing or at a later gate.

    Raises:
        Refusal: ``access.hidden``.
    """
    kept = reading.one(office, call.actor, Verdict, id, county=_named(call))
    request = reading.one(
        office, call.actor, Request, kept.request_id or "", county=kept.county
    )  # fmt: skip
    return _asked(office, call, request, kept)


def _named(call: Call) -> str | None:
    """The county that was asked for; ``None`` = wherever the person may look."""
    return None if call.county == call.actor.county else call.county


def _asked(office: Office, call: Call, request: Request, kept: Verdict | None) -> Explanation:
    def verb(desk: Desk) -> Answer:
        if kept is None:
            desk.authorise("precheck.ask")
        if kept is None or kept.gate is Gate.FILE:
            day = request.applied_on or desk.today
            told = _of_filing(desk, request.filing, day, request.id)
        else:
            told = _of_gate(desk, request, kept)
        if kept is not None and kept.pack_digest != told.pack_digest:
            told = msgspec.structs.replace(told, changed_since=True)
        return Answer(body=told)

    found: Explanation = office.ask(msgspec.structs.replace(call, county=request.county), verb).body
    return found


def _of_filing(desk: Desk, filing: Filing, on: date, request_id: str | None) -> Explanation:
    dates = Governing(applied=on, decided=on, entered=max(filing.starts_on or on, on))
    matter = matter_of(desk, filing, Gate.FILE, applied=on, request_id=request_id)
    rulebook = desk.rulebook(on)
    question = Question(
        matter=matter, dates=dates, payers=_payers(desk, rulebook),
        waived=waived_for(desk, filing, request_id, on),
    )  # fmt: skip
    return explain(rulebook, question)


def _of_gate(desk: Desk, request: Request, kept: Verdict) -> Explanation:
    """A gate after filing: what the case then said, under the rules of its day of applying."""
    dates = Governing(**kept.governing)
    said = {c: kept.facts[0][c] for c in _OF_THE_CASE if c in kept.facts[0]}
    filing = admitted(desk, request)
    matter = matter_of(
        desk, filing, kept.gate, applied=dates.applied, state=said, request_id=request.id
    )  # fmt: skip
    waived = waived_for(desk, filing, request.id, desk.today)
    question = Question(matter=matter, dates=dates, waived=waived)
    return explain(desk.rulebook(dates.applied), question)


def _payers(desk: Desk, rulebook: Rulebook) -> dict[str, Payer]:
    """Government and finance bodies of the county, where the text of some item fixes who pays."""
    if not any(item.payer for item in rulebook.lists.items.values()):
        return {}
    found = [one for one in desk.unit.find(Organisation) if one.kind in _PURSES]
    return {one.id: Payer(name=one.name, kind=one.kind) for one in found}
