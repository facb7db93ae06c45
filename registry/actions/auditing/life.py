"""疑点办理 what becomes of a finding: 核实, 反馈, 取证, 定性, 整改, 销号 or 排除 (P19).

Each step is a record with its day, its words and its papers. The people of the project take them;
the unit that is asked answers, and reads what was addressed to it, and nobody else does.
"""

from datetime import date
from typing import Annotated

import msgspec

from registry.actions.auditing.projects import reaches, running, team
from registry.actions.office import Answer, Desk
from registry.domain.audit import Finding
from registry.domain.auditing import STAGE_MOVES, AuditProject, FindingStage, FindingStep
from registry.domain.document import Document
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.records import Fen, Ident, Line, Text, Wire
from registry.policies.neutral import judging

STAGE = declare(
    "finding.stage", RefusalKind.CONFLICT, "疑点现处「{stage_zh}」阶段，不能办理这一步",
    "The finding stands at {stage}: this step cannot follow.", recorded=True,
)  # fmt: skip
OUTSIDE = declare(
    "finding.outside", RefusalKind.INVALID, "该疑点或者被问单位不在本项目的被审计单位范围内",
    "The finding, or the unit asked, is not among the units of this project.", recorded=True,
)  # fmt: skip
OTHER = declare(
    "finding.other_project", RefusalKind.CONFLICT, "该疑点已由另一项目办理",
    "Another project has taken up this finding.",
)  # fmt: skip
ASKED = declare("finding.asked", RefusalKind.INVALID, "须写明被问单位", "Say which unit is asked.")
DUE = declare(
    "finding.due", RefusalKind.INVALID, "期限不得早于今日", "The day by which cannot have passed."
)
PAPER = declare(
    "finding.paper", RefusalKind.INVALID, "所列附件不在该疑点或者该项目名下：{document}",
    "A document named hangs neither on this finding nor on the project: {document}.",
)  # fmt: skip
WORDS = declare(
    "finding.words", RefusalKind.INVALID,
    "定性之前的文书不使用结论性用语：{said}；请写事实", "Before it is judged, say facts and no verdict.",
)  # fmt: skip
_ZH: dict[FindingStage, str] = {
    FindingStage.DOUBT: "疑点", FindingStage.VERIFYING: "核实", FindingStage.ANSWERED: "反馈",
    FindingStage.EVIDENCE: "取证", FindingStage.QUALIFIED: "定性",
    FindingStage.RECTIFYING: "整改", FindingStage.SETTLED: "销号", FindingStage.DISMISSED: "排除",
}  # fmt: skip
_Words = Annotated[Text, msgspec.Meta(min_length=1)]
_Papers = Annotated[list[Ident], msgspec.Meta(max_length=100)]


class VerifyCommand(Wire, frozen=True, kw_only=True):
    """核实: the unit is asked, by when."""

    project_id: Ident
    text: _Words
    organisation_id: Ident | None = None
    """被问单位; absent = the one that the finding names."""
    due_on: date
    document_ids: _Papers = []


class StepCommand(Wire, frozen=True, kw_only=True):
    """取证、销号、排除: what was established."""

    text: _Words
    amount_fen: Fen | None = None
    document_ids: _Papers = []


class QualifyCommand(StepCommand, frozen=True, kw_only=True):
    """定性: with the clause it rests on."""

    law: Line


class RectifyCommand(QualifyCommand, frozen=True, kw_only=True):
    """整改: what the unit has to put right, by when."""

    due_on: date


class StepView(Wire, frozen=True, kw_only=True):
    """疑点 as a step leaves it."""

    finding: Finding
    step: FindingStep


def verify(desk: Desk, id: str, version: int | None, command: VerifyCommand) -> Answer:
    """核实: take a finding into a project, or back into it, and ask the unit.

    Raises:
        Refusal: ``finding.stage``, ``finding.outside``, ``finding.other_project``,
            ``finding.asked``, ``finding.due``, ``finding.paper``, ``audit.ended``.
    """
    finding = _held(desk, id)
    project = desk.unit.maybe(AuditProject, command.project_id)
    desk.authorise("finding.verify", owners=team(desk, project))
    project = running(desk, command.project_id)
    desk.check_version(finding, version)
    if finding.project_id not in (None, project.id) and finding.stage not in _OVER:
        raise Refusal(OTHER)
    asked = command.organisation_id or finding.organisation_id
    if asked is None:
        raise Refusal(ASKED)
    desk.places.organisation(asked)
    mine = asked in project.units or reaches(project, None, _home(desk, asked))
    if not mine or not reaches(project, finding.organisation_id or asked, finding.area_path):
        raise Refusal(OUTSIDE)
    if command.due_on < desk.today:
        raise Refusal(DUE)
    taken = msgspec.structs.replace(finding, project_id=project.id, organisation_id=asked)
    return _moved(
        desk, taken, _Step(FindingStage.VERIFYING, asked, command.due_on, command.text,
                           papers=command.document_ids),
    )  # fmt: skip


def answer(desk: Desk, id: str, version: int | None, command: StepCommand) -> Answer:
    """反馈: the unit that was asked answers; while it puts something right it says how far it is.

    Raises:
        Refusal: ``finding.stage``, ``finding.paper``.
    """
    finding = _held(desk, id)
    asked = asked_of(desk, finding)
    desk.authorise("finding.answer", owners=[asked] if asked else [])
    desk.check_version(finding, version)
    if asked is None or finding.stage not in _WAITING:
        raise _misplaced(finding)
    putting_right = finding.stage is FindingStage.RECTIFYING
    stage = FindingStage.RECTIFYING if putting_right else FindingStage.ANSWERED
    due = finding.due_on if putting_right else None
    return _moved(
        desk, finding, _Step(stage, asked, due, command.text, amount_fen=command.amount_fen,
                             papers=command.document_ids, answers=True),
    )  # fmt: skip


def collect(desk: Desk, id: str, version: int | None, command: StepCommand) -> Answer:
    """取证: what was established, with its papers, as the 取证单 will say it."""
    return _by_the_team(desk, id, version, (command, FindingStage.EVIDENCE, "finding.collect"))


def qualify(desk: Desk, id: str, version: int | None, command: QualifyCommand) -> Answer:
    """定性: the auditor's judgement, on a clause; from here on, and not before, it is one."""
    return _by_the_team(desk, id, version, (command, FindingStage.QUALIFIED, "finding.qualify"))


def rectify(desk: Desk, id: str, version: int | None, command: RectifyCommand) -> Answer:
    """整改: the unit is told what to put right, and by when.

    Raises:
        Refusal: ``finding.due``.
    """
    if command.due_on < desk.today:
        raise Refusal(DUE)
    return _by_the_team(desk, id, version, (command, FindingStage.RECTIFYING, "finding.rectify"))


def settle(desk: Desk, id: str, version: int | None, command: StepCommand) -> Answer:
    """销号: it is put right, or needs no more."""
    return _by_the_team(desk, id, version, (command, FindingStage.SETTLED, "finding.settle"))


def dismiss(desk: Desk, id: str, version: int | None, command: StepCommand) -> Answer:
    """排除: it was nothing, and why."""
    return _by_the_team(desk, id, version, (command, FindingStage.DISMISSED, "finding.dismiss"))


class _Step(msgspec.Struct, frozen=True):
    """One step before it is kept."""

    stage: FindingStage
    asked: str | None
    due_on: date | None
    text: str
    law: str = ""
    amount_fen: int | None = None
    papers: list[str] = []
    answers: bool = False
    """By the unit asked: of papers it shows its own alone."""


_WAITING = (FindingStage.VERIFYING, FindingStage.RECTIFYING)
NEUTRAL = (FindingStage.VERIFYING, FindingStage.EVIDENCE)
"""Steps in which the auditors write, and nothing has been judged."""
_OVER = (FindingStage.SETTLED, FindingStage.DISMISSED)
_INWARD = (FindingStage.EVIDENCE, FindingStage.DISMISSED)
"""Steps among the auditors: addressed to no unit."""


def _by_the_team(
    desk: Desk, id: str, version: int | None, what: tuple[StepCommand, FindingStage, str]
) -> Answer:
    command, stage, act = what
    finding = _held(desk, id)
    project = desk.unit.maybe(AuditProject, finding.project_id) if finding.project_id else None
    desk.authorise(act, owners=team(desk, project))
    desk.check_version(finding, version)
    if project is None:
        raise _misplaced(finding)
    running(desk, project.id)
    asked = None if stage in _INWARD else asked_of(desk, finding)
    step = _Step(
        stage, asked, getattr(command, "due_on", None), command.text,
        getattr(command, "law", ""), command.amount_fen, command.document_ids,
    )  # fmt: skip
    return _moved(desk, finding, step)


def _held(desk: Desk, id: str) -> Finding:
    finding = desk.unit.get(Finding, id, lock=True)
    desk.about(finding)
    return finding


def _home(desk: Desk, organisation_id: str) -> str:
    return desk.places.home(desk.places.organisation(organisation_id)).path


def steps_of(desk: Desk, finding_id: str) -> list[FindingStep]:
    """The steps of a finding, in the order in which they were taken."""
    return desk.unit.find(FindingStep, finding_id=finding_id)


def asked_of(desk: Desk, finding: Finding) -> str | None:
    """The unit that was asked last."""
    asked = [s.organisation_id for s in steps_of(desk, finding.id) if s.organisation_id]
    return asked[-1] if asked else None


def _moved(desk: Desk, finding: Finding, step: _Step) -> Answer:
    if step.stage not in STAGE_MOVES[finding.stage]:
        raise _misplaced(finding)
    if step.stage in NEUTRAL and (met := judging(step.text)):
        raise Refusal(WORDS, said="、".join(met))
    for paper in step.papers:
        held = desk.unit.maybe(Document, paper)
        if (
            held is None
            or held.parent_id not in (finding.id, finding.project_id)
            or (step.answers and held.organisation_id != step.asked)
        ):
            raise Refusal(PAPER, document=paper)
        if step.asked is not None and held.organisation_id is None:
            desk.unit.change(held, organisation_id=step.asked)
    number = len(steps_of(desk, finding.id)) + 1
    kept = desk.unit.add(
        FindingStep(
            county=desk.unit.county, id=f"{finding.id}.s{number:04}", finding_id=finding.id,
            project_id=finding.project_id, stage=step.stage, taken_on=desk.today,
            person_id=desk.actor.person_id, organisation_id=step.asked, text=step.text,
            law=step.law, amount_fen=step.amount_fen, due_on=step.due_on,
            document_ids=step.papers,
        )
    )  # fmt: skip
    after = desk.unit.change(finding, stage=step.stage, due_on=step.due_on)
    desk.about(after)
    return Answer(body=StepView(finding=after, step=kept), version=after.version)


def stage_zh(stage: FindingStage) -> str:
    """What a stage is called."""
    return _ZH[stage]


def _misplaced(finding: Finding) -> Refusal:
    return Refusal(STAGE, stage=finding.stage.value, stage_zh=_ZH[finding.stage])
