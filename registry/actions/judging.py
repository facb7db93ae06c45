"""预审 what the rule pack says of a filing, and of the gates after it."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Annotated, Any

import msgspec

from registry.actions.granting import admitted
from registry.actions.matters import judged
from registry.actions.office import Answer, Desk
from registry.actions.reading import one
from registry.actions.rules.exceptions import uses_of
from registry.actions.steps import said
from registry.domain.admission import Verdict
from registry.domain.approval import Ballot, Step, StepAct, StepState
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.filing import Filing
from registry.domain.records import Ident, Record, Wire
from registry.domain.request import Purpose, Request
from registry.domain.vocabulary import Gate, Outcome, Receiver
from registry.policies.judgement import Judgement
from registry.policies.overlay import Governing

GATE = declare(
    "gate.refused",
    RefusalKind.INVALID,
    "规则不允许此时办理",
    "The rules do not allow this now.",
    recorded=True,
)
NO_RECEIVER = declare(
    "receiver.none", RefusalKind.INVALID, "所选范围内没有承接主体 {receiver}",
    "No {receiver} exists in the chosen areas.", recorded=True,
)  # fmt: skip

FILED_AT = {Purpose.LEAVE: Gate.EXIT}
"""The gate at which a filing is judged when it is handed in; absent = as any that enters."""
APPROVED_AT = {Purpose.RENEW: Gate.RENEW, Purpose.LEAVE: Gate.EXIT}
"""The gate that an approval passes; absent = that of an admission."""


class PrecheckCommand(Wire, frozen=True, kw_only=True):
    """预审试算: gives the verdict, records nothing (contract)."""

    filing: Filing
    on: Annotated[date, msgspec.Meta(description="default: today")] | None = None
    request_id: Annotated[
        Ident, msgspec.Meta(description="the request this filing is, which is no repetition of it")
    ] | None = None  # fmt: skip


def precheck(desk: Desk, command: PrecheckCommand) -> Verdict:
    """The verdict on a filing as of a day, without recording anything.

    Raises:
        Refusal: ``access.hidden`` where the request named is not theirs to read;
            ``receiver.none``, ``area.unknown`` as handing in would say.
    """
    on = asked_on(desk, command)
    filing = command.filing
    dates = Governing(applied=on, decided=on, entered=max(filing.starts_on or on, on))
    judgement = judged(desk, filing, Gate.FILE, dates, request_id=command.request_id, on=on)
    return _verdict(desk, judgement, Gate.FILE, dates, id="precheck")


def asked_on(desk: Desk, command: PrecheckCommand) -> date:
    """Let a question on a filing pass, which records nothing; the day that is asked about.

    Raises:
        Refusal: ``access.hidden`` where the request named is not theirs to read;
            ``receiver.none``, ``area.unknown`` as handing in would say.
    """
    desk.authorise("precheck.ask")
    if command.request_id is not None:
        one(desk.office, desk.actor, Request, command.request_id, county=desk.unit.county)
    on = command.on or desk.today
    check_receivers(desk, command.filing, on)
    return on


def check_receivers(desk: Desk, filing: Filing, on: date) -> None:
    """That each receiver named is there somewhere among the places: a village has no 居委会.

    Raises:
        Refusal: ``receiver.none``, ``area.unknown``.
    """
    targets = [desk.places.area(t, on) for t in filing.targets]
    for receiver in filing.receivers:
        if receiver is Receiver.STREET:
            continue
        if not desk.places.communities(targets, receiver, on):
            raise Refusal(NO_RECEIVER, receiver=receiver.value)


def judge_filing(desk: Desk, request: Request, dates: Governing) -> Verdict:
    """The verdict on a submission, kept with its attempt number; who asks to leave is not judged as
    if it entered."""
    gate = FILED_AT.get(request.purpose, Gate.FILE)
    judgement = judged(
        desk, request.filing, gate, dates, request_id=request.id, state=asked_for(request)
    )
    attempts = len(desk.unit.find(Verdict, request_id=request.id, gate=gate.value))
    verdict = msgspec.structs.replace(
        _verdict(desk, judgement, gate, dates, id=desk.id("vdt")),
        request_id=request.id, attempt=attempts + 1,
    )  # fmt: skip
    return kept(desk, verdict)


def asked_for(request: Request) -> dict[str, str]:
    """What a request itself tells a gate besides its filing: why it asks to leave."""
    return {"trigger": request.trigger.value} if request.trigger is not None else {}


def pass_gate(
    desk: Desk,
    gate: Gate,
    request: Request,
    *,
    state: dict[str, str],
    about: Record,
    measured: Mapping[str, int] = MappingProxyType({}),
    filing: Filing | None = None,
) -> Verdict:
    """Let a case through a gate after filing, or refuse it with the rules that stand there.

    The verdict is kept either way. What a person must judge first is not let through.

    Args:
        state: facts that come from the case: money, agreement, decision, consultation.
        about: the presence, voucher or request that stands at the gate.
        measured: the numbers behind the facts, e.g. missing_fen, told with a refusal.
        filing: what is judged; absent = the filing as it was admitted.

    Raises:
        Refusal: ``gate.refused``, with every matching rule.
    """
    verdict = ask_gate(
        desk, gate, request, state=state, about=about, measured=measured, filing=filing
    )
    if verdict.outcome is not Outcome.ALLOWED:
        told: dict[str, Any] = {"gate": gate.value, "object_id": about.id, **measured}
        keep = [verdict, *uses_of(desk, verdict)]
        raise Refusal(GATE, rules=verdict.rules, keep=keep, verdict_id=verdict.id, **told)
    desk.pack = verdict.pack_digest
    return kept(desk, verdict)


def ask_gate(
    desk: Desk,
    gate: Gate,
    request: Request,
    *,
    state: dict[str, str],
    about: Record,
    measured: Mapping[str, int] = MappingProxyType({}),
    filing: Filing | None = None,
) -> Verdict:
    """What the rules say at a gate, as ``pass_gate`` asks them; nothing is kept or refused yet."""
    applied = request.applied_on or desk.today
    dates = Governing(applied=applied, decided=desk.today, entered=desk.today)
    known = {"expert": reviewed(desk, request), **asked_for(request), **state}
    asked = admitted(desk, request) if filing is None else filing
    judgement = judged(desk, asked, gate, dates, state=known, request_id=request.id)
    verdict = _verdict(desk, judgement, gate, dates, id=desk.id("vdt"))
    return msgspec.structs.replace(
        verdict, request_id=request.id, object_id=about.id,
        measured={**verdict.measured, **measured},
    )  # fmt: skip


def kept(desk: Desk, verdict: Verdict) -> Verdict:
    """The verdict and one use of each exception that changed it."""
    for use in uses_of(desk, verdict):
        desk.unit.add(use)
    return desk.unit.add(verdict)


def consulted(desk: Desk, request: Request) -> str:
    """Whether evidence of 听取基层意见 is there: from the filing, or from a step of the case."""
    if request.filing.consultations:
        return "done"
    steps = {
        s.id for s in desk.unit.find(Step, request_id=request.id)
        if s.act is StepAct.CONSULT and s.state is not StepState.LAPSED
    }  # fmt: skip
    given = said(desk, request_id=request.id)
    return "done" if any(o.step_id in steps and o.ballot in Ballot for o in given) else "none"


def reviewed(desk: Desk, request: Request) -> str:
    """Whether an expert review 专家论证 was handed in, which is never without its document."""
    steps = {
        s.id for s in desk.unit.find(Step, request_id=request.id)
        if s.act is StepAct.EXPERT and s.state is not StepState.LAPSED
    }  # fmt: skip
    given = said(desk, request_id=request.id) if steps else []
    return "done" if any(o.step_id in steps for o in given) else "none"


def _verdict(desk: Desk, judgement: Judgement, gate: Gate, dates: Governing, *, id: str) -> Verdict:
    return Verdict(
        county=desk.unit.county, id=id, gate=gate, governing=msgspec.structs.asdict(dates),
        **judgement.fields(),
    )  # fmt: skip


def precheck_answer(desk: Desk, command: PrecheckCommand) -> Answer:
    """The precheck as an answer; the caller throws the transaction away."""
    return Answer(body=precheck(desk, command))
