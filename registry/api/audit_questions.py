"""审计询问入口 papers of an audit, the log of what was read, what a letter may name."""

from collections.abc import Callable

from registry.actions.auditing import docx, papers, topics
from registry.actions.office import Office
from registry.actions.readlog import reading_back
from registry.actions.statements import printing
from registry.api.asked import Asked
from registry.api.asking import FORMAT, Ask, Form, Question, read_as
from registry.api.serving import COUNTY
from registry.domain.people import Actor

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMS = {
    "docx": Form(docx.MEDIA, papers.as_docx, "docx"),
    "xlsx": Form(_XLSX, papers.as_xlsx, "xlsx"),
    "csv": Form("text/csv; charset=utf-8", papers.as_csv, "csv"),
    "html": Form(
        "text/html; charset=utf-8", papers.as_page,
        headers=(("content-security-policy", printing.POLICY),),
    ),
}  # fmt: skip
_READ = frozenset(reading_back.ReadQuery.__struct_fields__)


def _paper(make: Callable[[Office, Actor, str, str], papers.Paper]) -> Ask:
    def ask(office: Office, asked: Asked) -> papers.Paper:
        actor = asked.actor()
        return make(office, actor, asked.call(actor, "finding_step.read").county, asked.id)

    return ask


def _reads(office: Office, asked: Asked) -> reading_back.ReadPage:
    actor = asked.actor()
    given = {name: value for name, value in asked.query.items() if name in _READ}
    query = read_as(reading_back.ReadQuery, given)
    return reading_back.page(office, actor, asked.county or actor.county, query)


def _topics(_office: Office, asked: Asked) -> topics.Topics:
    asked.actor()
    return topics.topics()


AUDIT_QUESTIONS: tuple[Question, ...] = (
    Question(path="/findings/{id}/evidence-sheet", id="findings.evidence_sheet",
             zh="取证单（JSON、docx、xlsx、CSV 或可打印页面）", en="What was established of a finding",
             ask=_paper(papers.evidence), answers=papers.Paper, module=papers,
             query=COUNTY | {FORMAT}, forms=_FORMS),
    Question(path="/audit-projects/{id}/problem-list", id="audit_projects.problem_list",
             zh="问题清单（JSON、docx、xlsx、CSV 或可打印页面）", en="The findings of a project",
             ask=_paper(papers.problems), answers=papers.Paper, module=papers,
             query=COUNTY | {FORMAT}, forms=_FORMS),
    Question(path="/readings", id="readings.list", zh="查阅日志",
             en="The log of what was read, with size and tree hash", ask=_reads,
             answers=reading_back.ReadPage, module=reading_back, query=COUNTY | _READ),
    Question(path="/inspection-topics", id="inspection.topics", zh="调阅主题",
             en="What a letter may name, and what each lets read", ask=_topics,
             answers=topics.Topics, module=reading_back),
)  # fmt: skip
