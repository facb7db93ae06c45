"""草案页 a draft on pages: its tables row by row, its settings, its texts as they are written."""

from typing import Any

from registry.actions.office import HIDDEN
from registry.api.serving import aside
from registry.domain.errors import Refusal
from registry.domain.vocabulary import Outcome
from registry.policies import words
from registry.policies.drafting import lines, settings
from registry.policies.drafting.problems import Problem, from_error
from registry.policies.drafting.tables import ANSWERS, Kind
from registry.policies.loader import ALLOWING, ROUTE_FACTS, RULES, gather, modes_shape
from registry.policies.measures import MODES
from registry.policies.pack import Pack
from registry.policies.words import ANY
from registry.web.drafted import overtaken
from registry.web.packs import drafts
from registry.web.packs.drafts import Work, opened, page, saved
from registry.web.serving import Line, moved
from registry.web.visit import Visit

TABLES: dict[str, Kind] = {"rules.csv": "rules", "routes.csv": "routes", "modes.csv": "modes"}
PER_PAGE = 100
_BEFORE, _NEW = "_before", "new"
_CELL = "c."
_SET = "s."


async def overview(visit: Visit) -> Any:
    """``GET /pack-drafts/one``: what is in the draft, and what can be done with it."""
    work = await aside(opened, visit)
    return await aside(_overview, visit, work)


def _overview(visit: Visit, work: Work) -> Any:
    pack, _ = gather(work.files)
    sizes = {name: len(lines.rows(text)) if name in TABLES else len(text.splitlines())
             for name, text in work.files.items()}  # fmt: skip
    missing = [name for name in TABLES if name not in work.files]
    return page(visit, work, "draft.html", tables=TABLES, sizes=sizes, missing=missing,
                lists=pack.document.pack.lists if pack else [], problems=[], over=None)  # fmt: skip


# ---- tables -------------------------------------------------------------------------------------


def _table(visit: Visit, work: Work) -> str:
    name = visit.query.get("of", "") or visit.field("of")
    if name not in TABLES:
        raise Refusal(HIDDEN)
    return name


def facts_of(name: str, pack: Pack | None) -> dict[str, tuple[str, ...]]:
    """The fact columns of a table, and the words each takes."""
    if name == "rules.csv":
        return dict(RULES.facts)
    if name == "routes.csv":
        return dict(ROUTE_FACTS)
    return dict(modes_shape(pack.document).facts) if pack else {}


def answers_of(name: str, pack: Pack | None) -> dict[str, tuple[str, ...]]:
    """The answer columns of a table that are typed; allow or deny follows from the outcome."""
    document = pack.document if pack else None
    if name == "rules.csv":
        rules = tuple(rule.id for rule in document.rule) if document else ()
        return {"outcome": tuple(Outcome), "rule": rules}
    if name == "routes.csv":
        return {"flow": tuple(flow.id for flow in document.flow) if document else ()}
    return {"mode": tuple(MODES)}


async def table(visit: Visit) -> Any:
    """``GET /pack-drafts/table``: a decision table, the first row that fits is told first."""
    work = await aside(opened, visit)
    return await aside(_show_table, visit, work)


def _show_table(visit: Visit, work: Work, *, stale: bool = False) -> Any:
    name = _table(visit, work)
    found = lines.rows(work.files.get(name, ""))
    asked = visit.query.get("from", "")
    start = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < PER_PAGE else 0
    pack, errors = gather(work.files)
    told = {rule.id: rule for rule in pack.document.rule} if pack else {}
    wrong: dict[int, list[Problem]] = {}
    for error in errors:
        if error.file == name:
            wrong.setdefault(error.line, []).append(from_error(error))
    return page(
        visit, work, "table.html", status=409 if stale else 200, name=name, stale=stale,
        rows=found[start : start + PER_PAGE], total=len(found), start=start, per=PER_PAGE,
        answers=ANSWERS[TABLES[name]], rules=told, wrong=wrong, any=ANY,
    )  # fmt: skip


async def move(visit: Visit) -> Any:
    """``POST /pack-drafts/table``: a row goes up, down, or out."""
    work = await aside(opened, visit)
    name = _table(visit, work)
    if overtaken(visit, work):
        return await aside(_stale_table, visit, work)
    text = work.files.get(name, "")
    for word in ("_up", "_down", "_drop"):
        if (at := visit.field(word)).isascii() and at.isdigit() and len(at) < PER_PAGE:
            line = int(at)
            drops = word == "_drop"
            text = lines.drop(text, line) if drops else lines.swap(text, line, word == "_up")
    await saved(visit, work, name, text)
    start = {"from": at} if (at := visit.field("from")) else {}
    return moved(f"{drafts.AT}/table", draft=work.id, of=name, saved="1", **start)


def _stale_table(visit: Visit, work: Work) -> Any:
    return _show_table(visit, work, stale=True)


async def row(visit: Visit) -> Any:
    """``GET /pack-drafts/row``: one row, each fact with the words it takes."""
    work = await aside(opened, visit)
    name, at = _table(visit, work), visit.query.get("line", "")
    found = lines.row_at(work.files.get(name, ""), _line(at))
    return await aside(_show_row, visit, work, dict(found.cells) if found else {})


def _line(told: str) -> int:
    return int(told) if told.isascii() and told.isdigit() and len(told) < PER_PAGE else 0


def _show_row(
    visit: Visit, work: Work, cells: dict[str, str], wrong: tuple[list[str], bool] = ([], False)
) -> Any:
    name = _table(visit, work)
    pack, _ = gather(work.files)
    status = 409 if wrong[1] else 422 if wrong[0] else 200
    return page(
        visit, work, "row.html", status=status, name=name, cells=cells, any=ANY,
        facts=facts_of(name, pack), answers=answers_of(name, pack), wrong=wrong[0],
        stale=wrong[1], line=visit.query.get("line", "") or visit.field("line"),
    )  # fmt: skip


async def put_row(visit: Visit) -> Any:
    """``POST /pack-drafts/row``: the row as it was typed, in its place or before another."""
    work = await aside(opened, visit)
    name, at = _table(visit, work), _line(visit.field("line"))
    cells = {n.removeprefix(_CELL): v for n, v in visit.posted if n.startswith(_CELL) and v}
    outcome = cells.get("outcome", "")
    cells["eft"] = "deny" if outcome and outcome not in ALLOWING else "allow"
    wrong = [n for n in ANSWERS[TABLES[name]] if not cells.get(n)]
    stale = overtaken(visit, work)
    if wrong or stale:
        return await aside(_show_row, visit, work, cells, (wrong, stale))
    pack = gather(work.files)[0]
    answers = ANSWERS[TABLES[name]]
    text = work.files.get(name) or lines.HEAD + ",".join((*facts_of(name, pack), *answers)) + "\n"
    change = lines.insert if visit.field(_BEFORE) else lines.put
    await saved(visit, work, name, change(text, at, cells, answers))
    return moved(f"{drafts.AT}/table", draft=work.id, of=name, saved="1")


# ---- settings -----------------------------------------------------------------------------------


async def sections(visit: Visit) -> Any:
    """``GET /pack-drafts/settings``: the sections of pack.toml, or one of them as a form."""
    work = await aside(opened, visit)
    return await aside(_show_section, visit, work, {})


def _show_section(
    visit: Visit, work: Work, given: dict[int, str], wrong: tuple[list[int], bool] = ([], False)
) -> Any:
    found = settings.sections(work.files.get("pack.toml", ""))
    at = _line(visit.query.get("section", "") or visit.field("section"))
    held = next((one for one in found if one.line == at), None)
    _, errors = gather(work.files)
    told = [from_error(e) for e in errors if e.file == "pack.toml"]
    if held is not None:
        told = [p for p in told if held.line <= p.line <= held.until]
    status = 409 if wrong[1] else 422 if wrong[0] else 200
    return page(visit, work, "settings.html", status=status, sections=found, held=held,
                closed={s.name: words.values(s.name) for s in held.plain} if held else {},
                given=given, wrong=wrong[0], stale=wrong[1], problems=told)  # fmt: skip


async def put_section(visit: Visit) -> Any:
    """``POST /pack-drafts/settings``: the settings of one section as they were typed."""
    work = await aside(opened, visit)
    text = work.files.get("pack.toml", "")
    given = {_line(n.removeprefix(_SET)): v for n, v in visit.posted if n.startswith(_SET)}
    held = {s.line: s for one in settings.sections(text) for s in one.plain}
    wrong = [n for n, v in given.items() if n in held and not settings.fits(held[n].kind, v)]
    stale = overtaken(visit, work)
    if wrong or stale:
        return await aside(_show_section, visit, work, given, (wrong, stale))
    await saved(visit, work, "pack.toml", settings.changed(text, given))
    at = visit.field("section")
    return moved(f"{drafts.AT}/settings", draft=work.id, section=at, saved="1")


# ---- texts --------------------------------------------------------------------------------------


async def text(visit: Visit) -> Any:
    """``GET /pack-drafts/text``: a file as it is written, with what cannot be read of it."""
    work = await aside(opened, visit)
    name = visit.query.get("file", "")
    if name not in work.files:
        raise Refusal(HIDDEN)
    return await aside(_show_text, visit, work, (name, work.files[name]))


def _show_text(
    visit: Visit, work: Work, told: tuple[str, str], *, stale: bool = False
) -> Any:  # fmt: skip
    name, typed = told
    _, errors = gather(work.files | {name: typed})
    problems = [from_error(e) for e in errors if e.file == name]
    status = 409 if stale else 200
    return page(visit, work, "text.html", status=status, name=name, typed=typed, stale=stale,
                problems=problems, numbered=typed.splitlines())  # fmt: skip


async def put_text(visit: Visit) -> Any:
    """``POST /pack-drafts/text``: kept as it was typed, whatever is still wrong with it."""
    work = await aside(opened, visit)
    name, typed = visit.field("file"), visit.field("text").replace("\r\n", "\n")
    if name not in work.files:
        raise Refusal(HIDDEN)
    if overtaken(visit, work):
        return await aside(_stale_text, visit, work, (name, typed))
    await saved(visit, work, name, typed)
    return moved(f"{drafts.AT}/text", draft=work.id, file=name, saved="1")


def _stale_text(visit: Visit, work: Work, told: tuple[str, str]) -> Any:
    return _show_text(visit, work, told, stale=True)


PAGES: list[Line] = [
    ("GET", drafts.ONE, overview, drafts.DRAFT),
    ("POST", f"{drafts.AT}/drop", drafts.dropped, drafts.DRAFT),
    ("GET", f"{drafts.AT}/table", table, drafts.DRAFT),
    ("POST", f"{drafts.AT}/table", move, drafts.DRAFT),
    ("GET", f"{drafts.AT}/row", row, drafts.DRAFT),
    ("POST", f"{drafts.AT}/row", put_row, drafts.SENT),
    ("GET", f"{drafts.AT}/settings", sections, drafts.DRAFT),
    ("POST", f"{drafts.AT}/settings", put_section, drafts.SENT),
    ("GET", f"{drafts.AT}/text", text, drafts.DRAFT),
    ("POST", f"{drafts.AT}/text", put_text, drafts.SENT),
]
