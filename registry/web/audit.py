"""审计页 findings with their life, for the auditor and, its own, for each unit that is asked; papers,
projects, samples. Nothing here judges before a person has (P19)."""

from functools import partial
from typing import Any

from registry.actions import reading
from registry.actions.reading import ListQuery
from registry.api.asking import Question, answered
from registry.api.audit_questions import AUDIT_QUESTIONS
from registry.api.lists import RESOURCES
from registry.api.serving import aside
from registry.domain.audit import Finding
from registry.domain.auditing import (
    STAGE_MOVES,
    AuditProject,
    FindingStage,
    FindingStep,
    Sample,
)
from registry.domain.errors import Refusal
from registry.domain.records import Record
from registry.web.charts import Bar, Caption, bars
from registry.web.county import coded, count, groups
from registry.web.named import Named
from registry.web.offers import BY_NAME, on_record, word_of
from registry.web.records import done_of
from registry.web.serving import HEADERS, Kind, Line, shown
from registry.web.sheet import as_csv
from registry.web.shell import may
from registry.web.tongue import Tongue
from registry.web.visit import Visit

PATH = "/audit"
_BY_ID = {q.id: q for q in AUDIT_QUESTIONS}
PAPERS: dict[str, Question] = {
    "evidence": _BY_ID["findings.evidence_sheet"],
    "problems": _BY_ID["audit_projects.problem_list"],
}
LIST = Kind(parameters=frozenset({"stage", "code", "organisation_id", "after", "done"}))
ONE, FILE = Kind(parameters=frozenset({"done"})), Kind(parameters=frozenset({"format"}))
MOST, _FILE = 50, 10_000
"""Rows of the page; of its file."""
TAKEN = {
    "verify": FindingStage.VERIFYING, "answer": FindingStage.ANSWERED,
    "collect": FindingStage.EVIDENCE, "qualify": FindingStage.QUALIFIED,
    "rectify": FindingStage.RECTIFYING, "settle": FindingStage.SETTLED,
    "dismiss": FindingStage.DISMISSED,
}  # fmt: skip
"""The stage to which each act takes a finding."""
BEGINS = ("audit_project.open", "inspection.open", "sample.draw")


async def findings(visit: Visit) -> Any:
    """``GET /audit``: what was found, how far each is, the newest steps first to be taken."""
    given = {n: v for n, v in visit.query.items() if v and n != "done"}
    done = done_of(visit)
    by_stage = await aside(count, visit, {"resource": "findings", "by": "stage"})
    by_code = await aside(count, visit, {"resource": "findings", "by": "code"})
    return await aside(partial(_findings, visit, given, (by_stage, by_code), done))


def _findings(visit: Visit, given: dict[str, str], found: Any, done: str) -> Any:
    t, (by_stage, by_code) = visit.tongue, found
    equals = {n: v for n, v in given.items() if n != "after"}
    query = ListQuery(limit=MOST, equals=equals, after=given.get("after"), county=visit.county)
    page = reading.page(visit.office, visit.actor(), Finding, query)
    rows: list[Finding] = list(page.items)
    codes = {g.by[0]: _called(visit, g.by[0]) for g in by_code.items} if by_code else {}
    stages = groups(by_stage, ("findings", "stage"), coded(t, FindingStage), {})
    stages = [one._replace(to=one.to.replace("/records/findings", PATH)) for one in stages]
    kinds = groups(by_code, ("findings", "code"), codes, {})
    return shown(
        visit, "audit/findings.html", rows=rows, named=Named(visit, rows), given=given, done=done,
        stages=stages, kinds=[one._replace(to=one.to.replace("/records/findings", PATH))
                              for one in kinds],
        picture=bars(Caption("stages", t.t("audit.by_stage"), _words(stages)), stages),
        stage_codes=list(FindingStage), next=page.next or "", projects=_some(visit, AuditProject),
        samples=_some(visit, Sample), begin=_begin(visit),
        called_list=partial(list_named, visit.tongue),
    )  # fmt: skip


def list_named(tongue: Tongue, name: str) -> str:
    """What a list of records is called."""
    found = RESOURCES.get(name)
    return tongue.pair(found.zh, found.en) if found else name


def _called(visit: Visit, code: str) -> str:
    """What a kind of finding is called, as the findings of it say."""
    query = ListQuery(limit=1, equals={"code": code}, county=visit.county)
    found = reading.page(visit.office, visit.actor(), Finding, query).items
    return found[0].name or code if found else code


def _words(rows: list[Bar]) -> str:
    return "；".join(f"{one.name} {one.said}" for one in rows)


def _begin(visit: Visit) -> list[Any]:
    return [BY_NAME[n] for n in BEGINS if may(visit.office, visit.actor(), n)]


def _some(visit: Visit, kind: type[Record]) -> list[Any]:
    """Records of a kind; none for who may read none."""
    try:
        query = ListQuery(limit=MOST, county=visit.county)
        return list(reading.page(visit.office, visit.actor(), kind, query).items)
    except Refusal:
        return []


async def findings_file(visit: Visit) -> Any:
    """``GET /audit/findings.csv``: the table of the page, whole."""
    return await aside(_file, visit)


def _file(visit: Visit) -> Any:
    t, office, actor = visit.tongue, visit.office, visit.actor()
    equals = {n: v for n, v in visit.query.items() if v and n not in ("after", "done")}
    rows, after = list[Finding](), None
    while len(rows) < _FILE:
        query = ListQuery(limit=500, equals=equals, after=after, county=visit.county)
        page = reading.page(office, actor, Finding, query)
        rows, after = rows + list(page.items), page.next
        if after is None:
            break
    named = Named(visit, rows)
    heads = [t.t(f"audit.{w}") for w in ("kind", "unit", "opened", "stage", "due", "detail")]
    told = []
    for one in rows:
        unit = named.link(one.organisation_id)
        told.append([
            one.name or one.code, unit.name if unit else one.organisation_id or "",
            t.day(one.opened_on), t.code(one.stage), t.day(one.due_on),
            t.pair(one.detail, one.detail_en),
        ])  # fmt: skip
    return as_csv([heads, *told], "findings", HEADERS)


async def finding(visit: Visit) -> Any:
    """``GET /audit/findings/{id}``: one finding: what is seen, what became of it, what is next."""
    return await aside(_finding, visit)


def _finding(visit: Visit) -> Any:
    office, actor = visit.office, visit.actor()
    row = reading.one(office, actor, Finding, visit.id, county=visit.county)
    query = ListQuery(limit=200, equals={"finding_id": row.id}, county=visit.county)
    try:
        found: list[FindingStep] = list(reading.page(office, actor, FindingStep, query).items)
    except Refusal:
        found = []
    taken = sorted(found, key=lambda s: (s.taken_on, s.id))
    return shown(
        visit, "audit/finding.html", row=row, taken=taken, named=Named(visit, [row, *taken]),
        acts=[a for a in on_record(office, actor, "findings", row) if _follows(row, word_of(a))],
        done=done_of(visit),
        sheet=may(office, actor, "finding_step.read"),
    )  # fmt: skip


def _follows(row: Finding, word: str) -> bool:
    """Whether a step may come next; what is being put right is answered where it stands."""
    if word == "answer" and row.stage is FindingStage.RECTIFYING:
        return True
    return word not in TAKEN or TAKEN[word] in STAGE_MOVES[row.stage]


async def paper(visit: Visit) -> Any:
    """``GET /audit/papers/{kind}/{id}``: 取证单 or 问题清单 as docx, xlsx, CSV or a page to print."""
    kind = visit.request.scope["path_params"]["kind"]
    question = PAPERS.get(kind, PAPERS["evidence"])
    visit.query = {"format": visit.query.get("format", "html")}
    return await answered(visit.office, question)(visit)


PAGES: list[Line] = [
    ("GET", PATH, findings, LIST),
    ("GET", PATH + "/findings.csv", findings_file, LIST),
    ("GET", PATH + "/findings/{id:str}", finding, ONE),
    ("GET", PATH + "/papers/{kind:str}/{id:str}", paper, FILE),
]
