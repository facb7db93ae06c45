"""审计作业页 a project with its people and samples; a sample drawn by seed, and drawn again by whoever
doubts it (P19)."""

from functools import partial
from typing import Any

from registry.actions import reading
from registry.actions.auditing.sampling import FILTERS, POPULATIONS, SampleCommand, drawn_anew
from registry.actions.querying.askable import Condition, Op
from registry.actions.reading import ListQuery
from registry.api.acting import carried, identity
from registry.api.lists import RESOURCES
from registry.api.serving import aside
from registry.domain.audit import Finding
from registry.domain.auditing import AuditMember, AuditProject, ProjectState, Sample
from registry.domain.errors import Refusal
from registry.domain.sampling import Method
from registry.web.audit import list_named
from registry.web.forms.choices import name_of
from registry.web.forms.fields import fields_of
from registry.web.forms.filled import Filled, Typed, Wrong, command_of, typed
from registry.web.named import Named
from registry.web.offers import BY_NAME, on_record
from registry.web.records import done_of
from registry.web.serving import HEADERS, Kind, Line, moved, shown
from registry.web.sheet import as_csv
from registry.web.shell import may
from registry.web.visit import KEY, Visit

PATH = "/audit"
ONE = Kind(parameters=frozenset({"done"}))
SAMPLE = Kind(parameters=frozenset({"done", "again", "format"}))
ASKS = Kind(parameters=frozenset({"project_id"}))
MOST = 200


def _rows(visit: Visit, kind: Any, **equals: str) -> list[Any]:
    query = ListQuery(limit=MOST, equals=equals, county=visit.county)
    try:
        return list(reading.page(visit.office, visit.actor(), kind, query).items)
    except Refusal:
        return []


async def project(visit: Visit) -> Any:
    """``GET /audit/projects/{id}``: what the paper opened, to whom, and what was drawn."""
    return await aside(_project, visit)


def _project(visit: Visit) -> Any:
    office, actor = visit.office, visit.actor()
    row = reading.one(office, actor, AuditProject, visit.id, county=visit.county)
    members = _rows(visit, AuditMember, project_id=row.id)
    samples = _rows(visit, Sample, project_id=row.id)
    findings = _rows(visit, Finding, project_id=row.id)
    return shown(
        visit, "audit/project.html", row=row, members=members, samples=samples,
        findings=findings, findings_more=len(findings) == MOST,
        named=Named(visit, [row, {"organisation_ids": row.units}, *members, *samples, *findings]),
        done=done_of(visit),
        acts=on_record(office, actor, "audit-projects", row),
        draws=row.state is ProjectState.OPEN and may(office, actor, "sample.draw"),
        called_list=partial(list_named, visit.tongue),
    )  # fmt: skip


async def sample(visit: Visit) -> Any:
    """``GET /audit/samples/{id}``: what was drawn, and by what it is drawn again."""
    return await aside(_sample, visit)


def _sample(visit: Visit) -> Any:
    row = reading.one(visit.office, visit.actor(), Sample, visit.id, county=visit.county)
    if visit.query.get("format") == "csv":
        names = _named(visit, row)
        lines = [[visit.tongue.t("audit.one"), "id"], *([names.get(i, i), i] for i in row.ids)]
        return as_csv(lines, "sample", HEADERS)
    same, refusal = None, None
    if visit.query.get("again"):
        call = visit.call(visit.actor(), "sample.draw")
        try:
            same = drawn_anew(visit.office, call, row) == row.ids
        except Refusal as why:
            refusal = why
    return shown(
        visit, "audit/sample.html", row=row, named=Named(visit, [row]), same=same,
        done=done_of(visit), refusal=refusal, listed=row.resource in RESOURCES,
        how=_how(visit, row.method),
        told=_told(visit, row), called=list_named(visit.tongue, row.resource),
        rows_named=_named(visit, row),
    )  # fmt: skip


def _told(visit: Visit, row: Sample) -> list[tuple[str, str]]:
    """The conditions of a sample, in words."""
    coded = {f.name: f.codes for f in _conditions()["coded"].get(row.resource, [])}
    said = {(n, c.value): visit.tongue.choice(c, n) for n, codes in coded.items() for c in codes}
    return [(visit.tongue.field(n, row.resource), said.get((n, v), str(v)))
            for n, v in row.filters.items()]  # fmt: skip


def _how(visit: Visit, told: str) -> str:
    """How it was drawn, in words; a way that is known no longer, as it was kept."""
    way, _, size = told.partition(":")
    method, _, layers = way.partition("+")
    words = [visit.tongue.t(f"audit.{m.value}") for m in Method if m == method]
    if not words:
        return told
    many = visit.tongue.t("audit.wanted_each" if layers else "audit.wanted", count=size)
    return " · ".join([*words, many])


def _named(visit: Visit, row: Sample) -> dict[str, str]:
    """What the records that were drawn are called, as far as they may be read; of what is drawn
    from no longer, nothing: a sample outlives the table of populations."""
    found: dict[str, str] = {}
    if row.resource not in POPULATIONS:
        return found
    for at in range(0, len(row.ids), MOST):
        where = [Condition(field="id", op=Op.IN, value=row.ids[at : at + MOST])]
        query = ListQuery(limit=MOST, where=where, county=visit.county)
        kind = POPULATIONS[row.resource][0]
        try:
            page = reading.page(visit.office, visit.actor(), kind, query)
        except Refusal:
            return found
        found |= {one.id: name_of(one) for one in page.items}
    return found


async def ask(visit: Visit) -> Any:
    """``GET /audit/draw``: of which project, from what, how many."""
    return await aside(_asked, visit, {n: [v] for n, v in visit.query.items()})


def _asked(
    visit: Visit, given: Typed, wrong: list[Wrong] | None = None, refusal: Refusal | None = None
) -> Any:
    mine = [p for p in _rows(visit, AuditProject) if p.state is ProjectState.OPEN]
    return shown(
        visit, "audit/draw.html", status=422 if wrong or refusal else 200, given=given,
        projects=mine, populations=[(n, list_named(visit.tongue, n), bool(by))
                                    for n, (_, by) in POPULATIONS.items()],
        wrong=wrong or [], refusal=refusal, **_conditions(),
        narrowed=any(v and v[0] for n, v in given.items() if n.startswith("filters.")),
        why={w.path: visit.tongue.pair(w.zh, w.en) for w in wrong or []},
        key=visit.office.source.token(16).hex(), key_name=KEY,
    )  # fmt: skip


def _conditions() -> dict[str, Any]:
    """条件 of each kind of record: what has words is picked, the rest is typed."""
    fields = {name: {f.name: f for f in fields_of(kind)}
              for name, (kind, _) in POPULATIONS.items()}  # fmt: skip
    coded = {name: [of[n] for n in FILTERS if n in of and of[n].codes]
             for name, of in fields.items()}  # fmt: skip
    typed_in = [n for n in FILTERS if any(n in of and not of[n].codes for of in fields.values())]
    return {"coded": coded, "typed_in": typed_in}


def _narrowed(given: Typed) -> list[str]:
    """The conditions that were given, of the records that are drawn from."""
    resource = "".join(given.get("resource", [])[:1])
    told = {n: given.get(f"filters.{resource}.{n}") or given.get(f"filters.{n}") for n in FILTERS}
    return [f"{n}={v[0].strip()}" for n, v in told.items() if v and v[0].strip()]


async def draw(visit: Visit) -> Any:
    """``POST /audit/draw``: drawn by the act of the API; the page of the sample."""
    given = typed(visit.posted)
    told = {n: v for n, v in given.items() if n[:1] != "_" and not n.startswith("filters.")}
    filled = Filled(fields_of(SampleCommand), told | {"filters": ["\n".join(_narrowed(given))]})
    if "filters" in filled.data:
        filled.data["filters"] = {n: str(v) for n, v in filled.data["filters"].items()}
    if not told.get("resource"):
        filled.wrong.append(Wrong("resource", "请选一类记录", "Choose which records"))
    elif (
        told.get("method") == [Method.AMOUNT]
        and not POPULATIONS.get(told["resource"][0], ("", "-"))[1]
    ):
        filled.wrong.append(
            Wrong("method", "这类记录没有金额，只能让每件机会相同", "No amounts here")
        )
    command = command_of(SampleCommand, filled)
    if command is None:
        return await aside(_asked, visit, given, filled.wrong)
    act = BY_NAME["sample.draw"]
    try:
        answer = await carried(visit.office, act, (visit, visit.actor()), command)
    except Refusal as refusal:
        return await aside(_asked, visit, given, None, refusal)
    return moved(f"{PATH}/samples/{identity(answer.body)}", done=act.act)


PAGES: list[Line] = [
    ("GET", PATH + "/projects/{id:str}", project, ONE),
    ("GET", PATH + "/samples/{id:str}", sample, SAMPLE),
    ("GET", PATH + "/draw", ask, ASKS),
    ("POST", PATH + "/draw", draw, ASKS),
]
