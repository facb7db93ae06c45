"""预审 what the rule pack says of a filing, and of the gates after it."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Annotated, Any

import msgspec

from registry.actions.office import Answer, Desk
from registry.domain.admission import Verdict
from registry.domain.approval import Ballot, Opinion, Step, StepAct, StepState
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.filing import Filing
from registry.domain.people import Organisation
from registry.domain.records import Record, Wire
from registry.domain.request import Request
from registry.domain.vocabulary import Gate, Outcome
from registry.policies.facts import Matter
from registry.policies.judge import Judgement
from registry.policies.overlay import Governing

GATE = declare(
    "gate.refused",
    RefusalKind.INVALID,
    "规则不允许此时办理",
    "The rules do not allow this now.",
    recorded=True,
)


class PrecheckCommand(Wire, frozen=True, kw_only=True):
    """预审试算: gives the verdict, records nothing (contract)."""

    filing: Filing
    on: Annotated[date, msgspec.Meta(description="default: today")] | None = None


def precheck(desk: Desk, command: PrecheckCommand) -> Verdict:
    """The verdict on a filing as of a day, without recording anything."""
    desk.authorise("precheck.ask")
    on = command.on or desk.today
    filing = command.filing
    dates = Governing(applied=on, decided=on, entered=max(filing.starts_on or on, on))
    matter = _matter(desk, filing, Gate.FILE, applied=on, state={})
    judgement = desk.rulebook(on).judge(matter, dates)
    return _verdict(desk, judgement, Gate.FILE, dates, id="precheck")


def judge_filing(desk: Desk, request: Request, dates: Governing) -> Verdict:
    """The verdict on a submission, kept with its attempt number."""
    matter = _matter(desk, request.filing, Gate.FILE, applied=dates.applied, state={})
    judgement = desk.rulebook(dates.applied).judge(matter, dates)
    attempts = len(desk.unit.find(Verdict, request_id=request.id, gate=Gate.FILE.value))
    return desk.unit.add(
        msgspec.structs.replace(
            _verdict(desk, judgement, Gate.FILE, dates, id=desk.id("vdt")),
            request_id=request.id,
            attempt=attempts + 1,
        )
    )


def pass_gate(
    desk: Desk,
    gate: Gate,
    request: Request,
    *,
    state: dict[str, str],
    about: Record,
    measured: Mapping[str, int] = MappingProxyType({}),
) -> Verdict:
    """Let a case through a gate after filing, or refuse it with the rules that stand there.

    The verdict is kept either way. What a person must judge first is not let through.

    Args:
        state: facts that come from the case: money, agreement, decision, consultation.
        about: the presence, voucher or request that stands at the gate.
        measured: the numbers behind the facts, e.g. missing_fen, told with a refusal.

    Raises:
        Refusal: ``gate.refused``, with every matching rule.
    """
    applied = request.applied_on or desk.today
    dates = Governing(applied=applied, decided=desk.today, entered=desk.today)
    known = {"expert": reviewed(desk, request), **state}
    matter = _matter(desk, request.filing, gate, applied=applied, state=known)
    judgement = desk.rulebook(dates.applied).judge(matter, dates)
    verdict = msgspec.structs.replace(
        _verdict(desk, judgement, gate, dates, id=desk.id("vdt")),
        request_id=request.id,
        object_id=about.id,
        measured=dict(measured),
    )
    if verdict.outcome is not Outcome.ALLOWED:
        told: dict[str, Any] = {"gate": gate.value, "object_id": about.id, **measured}
        raise Refusal(GATE, rules=verdict.rules, keep=[verdict], verdict_id=verdict.id, **told)
    desk.pack = verdict.pack_digest
    return desk.unit.add(verdict)


def consulted(desk: Desk, request: Request) -> str:
    """Whether evidence of 听取基层意见 is there: from the filing, or from a step of the case."""
    if request.filing.consultations:
        return "done"
    steps = {
        s.id for s in desk.unit.find(Step, request_id=request.id)
        if s.act is StepAct.CONSULT and s.state is not StepState.LAPSED
    }  # fmt: skip
    given = desk.unit.find(Opinion, request_id=request.id)
    return "done" if any(o.step_id in steps and o.ballot in Ballot for o in given) else "none"


def reviewed(desk: Desk, request: Request) -> str:
    """Whether an expert review 专家论证 was handed in, which is never without its document."""
    steps = {
        s.id for s in desk.unit.find(Step, request_id=request.id)
        if s.act is StepAct.EXPERT and s.state is not StepState.LAPSED
    }  # fmt: skip
    given = desk.unit.find(Opinion, request_id=request.id) if steps else []
    return "done" if any(o.step_id in steps for o in given) else "none"


def _matter(
    desk: Desk, filing: Filing, gate: Gate, *, applied: date, state: dict[str, str]
) -> Matter:
    leading: Organisation = desk.places.organisation(filing.leading)
    return Matter(
        gate=gate, filing=_typed(desk, filing), applicant_kind=leading.kind,
        applicant_level=leading.level, applied=applied, state=state,
    )  # fmt: skip


def _typed(desk: Desk, filing: Filing) -> Filing:
    """A filing that does not say whether its communities are urban learns it from the areas."""
    if filing.community_type is not None:
        return filing
    kinds = {desk.places.area(t, desk.today).community_type for t in filing.targets}
    only = kinds.pop() if len(kinds) == 1 else None
    return msgspec.structs.replace(filing, community_type=only) if only else filing


def _verdict(desk: Desk, judgement: Judgement, gate: Gate, dates: Governing, *, id: str) -> Verdict:
    return Verdict(
        county=desk.unit.county, id=id, gate=gate, governing=msgspec.structs.asdict(dates),
        **judgement.fields(),
    )  # fmt: skip


def precheck_answer(desk: Desk, command: PrecheckCommand) -> Answer:
    """The precheck as an answer; the caller throws the transaction away."""
    return Answer(body=precheck(desk, command))
