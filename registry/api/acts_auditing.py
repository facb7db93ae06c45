"""审计办理入口 projects, letters, what becomes of findings, samples, issued documents."""

from typing import Any

from registry.actions.auditing import issued, life, projects, sampling
from registry.actions.office import Call, Office, Verb
from registry.api.acting import Act, bare, new, on
from registry.api.asked import Asked
from registry.domain.auditing import IssuedDocument, Sample


def _project(word: str, act: str, words: tuple[str, str], **more: Any) -> Act:
    return Act(path=f"/audit-projects/{{id}}/{word}", act=act, zh=words[0], en=words[1],
               answers=projects.ProjectView, module=projects, **more)  # fmt: skip


def _step(word: str, words: tuple[str, str], **more: Any) -> Act:
    return Act(path=f"/findings/{{id}}/{word}", act=f"finding.{word}", zh=words[0], en=words[1],
               answers=life.StepView, module=life, **more)  # fmt: skip


def _population(office: Office, call: Call, _id: str, command: sampling.SampleCommand) -> Any:
    """The population is read before the act, which then only draws from it."""
    return command, sampling.population(office, call, command)


def _drawn(_asked: Asked, told: Any) -> Verb:
    command, of = told
    return lambda desk: sampling.sample(desk, command, of)


AUDITING: tuple[Act, ...] = (
    Act(path="/audit-projects", act="audit_project.open", zh="审计立项", en="Open an audit project",
        make=new(projects.open_project), command=projects.ProjectCommand,
        answers=projects.ProjectView, module=projects, creates="audit-projects", versioned=False),
    Act(path="/inspection-letters", act="inspection.open", zh="登记调阅函",
        en="Record a letter that lets inspectors read", make=new(projects.open_inspection),
        command=projects.LetterCommand, answers=projects.ProjectView, module=projects,
        creates="audit-projects", versioned=False),
    _project("join", "audit_project.add", ("增加审计组成员", "Add somebody to a project"),
             make=on(projects.join), command=projects.MemberCommand),
    _project("leave", "audit_project.remove", ("减少审计组成员", "Take somebody out of a project"),
             make=on(projects.leave), command=projects.MemberCommand),
    _project("close", "audit_project.close", ("结束审计项目", "Close a project"),
             make=bare(projects.close)),
    _step("verify", ("核实疑点：问被审计单位", "Ask the unit about a finding"),
          make=on(life.verify), command=life.VerifyCommand),
    _step("answer", ("被审计单位反馈", "Answer a finding"), make=on(life.answer),
          command=life.StepCommand),
    _step("collect", ("取证", "Establish what was found"), make=on(life.collect),
          command=life.StepCommand),
    _step("qualify", ("定性", "Judge a finding, on a clause"), make=on(life.qualify),
          command=life.QualifyCommand),
    _step("rectify", ("要求整改", "Say what is to be put right, by when"), make=on(life.rectify),
          command=life.RectifyCommand),
    _step("settle", ("销号", "Settle a finding"), make=on(life.settle), command=life.StepCommand),
    _step("dismiss", ("排除疑点", "Dismiss a finding"), make=on(life.dismiss),
          command=life.StepCommand),
    Act(path="/samples", act="sample.draw", zh="抽样", en="Draw a sample by seed",
        make=_drawn, command=sampling.SampleCommand, answers=Sample, module=sampling,
        creates="samples", names=("project_id",), versioned=False, ahead=_population),
    Act(path="/issued-documents/{id}/classify", act="issued_document.classify", zh="发文归类",
        en="Say what an issued document is", make=on(issued.classify),
        command=issued.IssuedCommand, answers=IssuedDocument, module=issued),
)  # fmt: skip
