"""验收 the community reports what is done; the department accepts it within a time, or says what is
to be mended; its silence accepts nothing and is held against it (P29).
"""

from typing import Annotated

import msgspec

from registry.actions import evidence
from registry.actions.afterwards.amended import running
from registry.actions.doubting import keeping
from registry.actions.doubting.communities import ACCEPTANCE_OVERDUE
from registry.actions.doubting.keeping import Seen
from registry.actions.granting import admitted
from registry.actions.judging import pass_gate
from registry.actions.living.apart import by_who_asks
from registry.actions.living.sides import asking_side
from registry.actions.living.suspended import end_suspensions
from registry.actions.office import Answer, Desk
from registry.actions.outbox import Message, heads, tell
from registry.actions.owing.lateness import standing_at
from registry.actions.presences import misplaced, move
from registry.actions.ties import acting
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.formula import ProjectFormula
from registry.domain.living import (
    RESULT_ZH,
    Acceptance,
    AcceptanceResult,
    AcceptanceState,
    completes,
)
from registry.domain.notice import NoticeKind
from registry.domain.people import PostView
from registry.domain.presence import MOVES, Presence, PresenceState, admission_of
from registry.domain.records import Count, Ident, Text, Wire
from registry.domain.request import Request
from registry.domain.vocabulary import Gate

GIVEN = declare(
    "acceptance.given", RefusalKind.CONFLICT, "该次验收{became_zh}",
    "This report {became}.", recorded=True,
)  # fmt: skip
OPINION = declare(
    "acceptance.opinion", RefusalKind.INVALID, "没有全部通过的，须写明哪些要补做、怎样补做",
    "Where not all passes, state what is to be mended and how.",
)  # fmt: skip
UNACCEPTED = declare(
    "presence.unaccepted", RefusalKind.CONFLICT,
    "全部工作尚未验收通过，不能办结；请先报告完成情况，由要求单位验收",
    "Not all of it has been accepted yet: report what is done, and who asked for it accepts.",
    recorded=True,
)  # fmt: skip

STAGE = declare(
    "acceptance.stage", RefusalKind.INVALID, "经费的项目公式中没有这个阶段：{stage}",
    "No formula of the money has this stage: {stage}.", recorded=True,
)  # fmt: skip


class ReportCommand(Wire, frozen=True, kw_only=True):
    """完成情况: what was done, in the community's words; nothing but this may be asked for."""

    reported: Annotated[str, msgspec.Meta(min_length=1, max_length=20_000, pattern=r"\S")]
    quantity: Count | None = None
    unit: Annotated[str, msgspec.Meta(max_length=40)] = ""
    final: bool = True
    """Whether this is all of it; ``False`` = of what goes on, e.g. one quarter's work."""
    documents: Annotated[list[Ident], msgspec.Meta(max_length=50)] = []
    stages: Annotated[list[Ident], msgspec.Meta(max_length=60)] = []
    """项目阶段 that are done, where the money comes by stages."""


class GiveCommand(Wire, frozen=True, kw_only=True):
    """验收意见."""

    result: AcceptanceResult
    quantity: Count | None = None
    opinion: Text = ""
    document_id: Ident | None = None
    stages: Annotated[list[Ident], msgspec.Meta(max_length=60)] = []
    """项目阶段 accepted; where all passes and none is named, those that were reported."""


def report(desk: Desk, id: str, version: int | None, command: ReportCommand) -> Answer:
    """报告完成情况: begins the department's time; a later report takes the place of one that was
    not answered. What has run out or left since may still be reported: it was done."""
    presence = desk.unit.get(Presence, id, lock=True)
    desk.about(presence)
    desk.authorise(
        "presence.report", owners=[presence.organisation_id], paths=[presence.area_path],
        ties=by_who_asks(desk, presence),
    )  # fmt: skip
    desk.check_version(presence, version)
    request = desk.unit.get(Request, admission_of(presence))
    if presence.started_on is None or presence.state is PresenceState.COMPLETED:
        raise misplaced(presence, "report")
    evidence.check(desk, command.documents, id, request.id)
    _check_stages(desk, request, command.stages)
    for before in asked_of(desk, presence):
        close_overdue(desk, desk.unit.change(before, state=AcceptanceState.VOID))
    asked = desk.unit.add(_asked(desk, presence, request, command))
    _tell(desk, asked, asked.department_id, (
        f"请验收：{presence.title}", f"To be accepted: {presence.title}"))  # fmt: skip
    desk.about(asked)
    return Answer(body=asked, version=asked.version)


def _asked(desk: Desk, presence: Presence, request: Request, command: ReportCommand) -> Acceptance:
    rule = desk.rulebook().overlay.setting(lambda d: d.acceptance)
    due = desk.rulebook().calendar.due(rule.within, desk.today) if rule else (None, False)
    return Acceptance(
        county=desk.unit.county,
        id=desk.id("acc"),
        presence_id=presence.id,
        title=presence.title,
        request_id=request.id,
        area_path=presence.area_path,
        organisation_id=presence.organisation_id,
        department_id=presence.department_id or request.applicant_id,
        asked_on=desk.today,
        asked_by=desk.actor.person_id,
        reported=command.reported,
        reported_quantity=command.quantity,
        unit=command.unit,
        final=command.final,
        documents=command.documents,
        reported_stages=command.stages,
        due_on=due[0],
        due_provisional=due[1],
    )


def asked_of(desk: Desk, presence: Presence) -> list[Acceptance]:
    """Reports of a presence that the department has not answered."""
    asked = AcceptanceState.ASKED.value
    return desk.unit.find(Acceptance, presence_id=presence.id, state=asked)


def _tell(desk: Desk, asked: Acceptance, whom: str, words: tuple[str, str]) -> None:
    message = Message(
        kind=NoticeKind.AFTERWARDS, text=words[0], text_en=words[1], request_id=asked.request_id
    )
    tell(desk, heads(desk, whom), message, asked)


def give(desk: Desk, id: str, version: int | None, command: GiveCommand) -> Answer:
    """作出验收结论: by the department; what passed completes the matter where it was all of it."""
    presence = desk.unit.get(
        Presence, desk.unit.get(Acceptance, id).presence_id, lock=True
    )  # fmt: skip
    asked = desk.unit.get(Acceptance, id, lock=True)
    desk.about(asked)
    request = desk.unit.get(Request, asked.request_id)
    desk.authorise(
        "acceptance.give", owners=[asked.department_id, *asking_side(request, presence)],
        ties=lambda post: _reported(desk, asked, post),
    )  # fmt: skip
    if asked.state is not AcceptanceState.ASKED:
        raise _over(asked)
    desk.check_version(asked, version)
    passed = command.result is AcceptanceResult.PASSED
    if not passed and not command.opinion.strip():
        raise Refusal(OPINION)
    evidence.check(desk, [command.document_id], presence.id, request.id, id)
    _check_stages(desk, request, command.stages)
    state, measured = standing_at(desk, Gate.ACCEPT, request, presence)
    pass_gate(desk, Gate.ACCEPT, request, state=state, about=asked, measured=measured)
    given = desk.unit.change(
        asked, state=AcceptanceState.GIVEN, result=command.result, quantity=command.quantity,
        opinion=command.opinion, document_id=command.document_id, given_on=desk.today,
        stages=command.stages or (asked.reported_stages if passed else []),
        given_by=desk.actor.person_id, on_behalf_of=desk.on_behalf_of,
    )  # fmt: skip
    close_overdue(desk, given)
    if passed and given.final and presence.state in MOVES["complete"] and at_rest(desk, request):
        _completed(desk, presence, "验收通过")
    words = ("验收已有结论", "Accepted, or not") if passed else ("请补做", "To be mended")
    _tell(desk, given, given.organisation_id, (
        f"{words[0]}：{presence.title}", f"{words[1]}: {presence.title}"))  # fmt: skip
    desk.about(given)
    return Answer(body=given, version=given.version)


def _over(asked: Acceptance) -> Refusal:
    """Who comes second is told what became of it."""
    if asked.state is AcceptanceState.VOID or asked.result is None or asked.given_on is None:
        return Refusal(
            GIVEN, became="was overtaken by a later one", became_zh="已被新的完成情况取代"
        )
    zh = f"已于{asked.given_on}作出结论：{RESULT_ZH[asked.result]}"
    return Refusal(
        GIVEN, became=f"was answered on {asked.given_on}: {asked.result.value}", became_zh=zh
    )


def _check_stages(desk: Desk, request: Request, keys: list[str]) -> None:
    """Refuse a stage that no formula of the money knows."""
    if not keys:
        return
    formulas = [line.formula for line in admitted(desk, request).funding]
    known = {s.key for f in formulas if isinstance(f, ProjectFormula) for s in f.stages}
    if odd := [key for key in keys if key not in known]:
        raise Refusal(STAGE, stage="、".join(odd))


def _reported(desk: Desk, asked: Acceptance, post: PostView) -> list[str]:
    """Nobody accepts what they reported themselves, by whatever post or in whosever place."""
    return ["recorded"] if asked.asked_by in acting(desk, post) else []


def at_rest(desk: Desk, request: Request) -> bool:
    """Nothing else of it is open: no change, renewal or leaving is under way."""
    return not running(desk, request)


def complete(desk: Desk, id: str, version: int | None) -> Answer:
    """办结: by the community or who asked for it; after acceptance, where the packs ask for one or
    one is under way."""
    presence = desk.unit.get(Presence, id, lock=True)
    desk.about(presence)
    held = desk.unit.get(Request, presence.request_id) if presence.request_id else None
    desk.authorise(
        "presence.complete", owners=[presence.organisation_id, *asking_side(held, presence)]
    )
    move(presence, "complete")
    desk.check_version(presence, version)
    admission_of(presence)
    asked_for = desk.rulebook().overlay.setting(lambda d: d.acceptance) is not None
    reports = desk.unit.find(Acceptance, presence_id=presence.id)
    if not completes(reports, asked_for=asked_for):
        raise Refusal(UNACCEPTED)
    changed = _completed(desk, presence, "办结")
    desk.about(changed)
    return Answer(body=changed, version=changed.version)


def _completed(desk: Desk, presence: Presence, why: str) -> Presence:
    end_suspensions(desk, [presence.id], why)
    return desk.unit.change(presence, state=move(presence, "complete"))


def overdue_of(asked: Acceptance) -> Seen:
    """逾期未验收: it counts against the department, and passes nothing (P29)."""
    due = asked.due_on.isoformat() if asked.due_on else ""
    return Seen(
        ACCEPTANCE_OVERDUE, f"{asked.id}.overdue", asked.id, asked.department_id, asked.area_path,
        {"asked_on": asked.asked_on.isoformat(), "due_on": due},
    )  # fmt: skip


def close_overdue(desk: Desk, given: Acceptance) -> None:
    """Answered after all, or overtaken by a later report: the finding is closed, and stays to be
    read."""
    keeping.close(desk, f"{given.id}.overdue")
