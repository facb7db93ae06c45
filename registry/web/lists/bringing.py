"""清单草稿出入 a draft begun, its items brought in from a sheet or taken out as one, and proposed."""

from datetime import date
from typing import Any

import msgspec
from litestar.response.base import ASGIResponse

from registry.actions.office import HIDDEN
from registry.actions.reading import one as read_one
from registry.actions.rules.editions import ProposeListCommand
from registry.actions.staff import aside as kept_forms
from registry.api.acting import carried, identity
from registry.api.documents import LIMIT
from registry.api.serving import aside
from registry.domain.catalogue import MatterList
from registry.domain.edition import EditionState, ListEdition
from registry.domain.errors import Refusal
from registry.domain.records import Wire
from registry.policies.drafting.grids import Grid, read_csv
from registry.policies.drafting.matter_text import MatterText, grid_of, taken
from registry.policies.drafting.problems import Problem, problem
from registry.policies.drafting.sheets import Sheets
from registry.policies.drafting.workbook import choices, read_xlsx, write_xlsx
from registry.web.drafted import overtaken
from registry.web.lists import drafts, editing, pages
from registry.web.lists.drafts import ACT, Work, opened, page
from registry.web.offers import BY_NAME
from registry.web.serving import HEADERS, Kind, Line, moved
from registry.web.shell import may
from registry.web.visit import Visit

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BRINGS = Kind(parameters=frozenset({"draft"}), limit=LIMIT + (2 << 20))
_CLOSED = ("role", "ground", "payer", "receivers")
_BLANK = {"items_read": "true", "statutory": "false", "advisory": "false", "fictional": "false",
          "grade": "全文"}  # fmt: skip
_ERRORS = "错误"


async def begin(visit: Visit) -> Any:
    """``POST /list-drafts/new``: from a list in force, from a proposal, or from nothing."""
    if not may(visit.office, visit.actor(), ACT):
        raise Refusal(HIDDEN)
    work = await aside(_begun, visit)
    try:
        id = await aside(drafts.keep, visit, work)
    except Refusal as refusal:
        told = refusal
        return await aside(lambda: pages.listed(visit, 422, refusal=told))
    return moved(drafts.ONE if work.text.head.get("polarity") else f"{drafts.AT}/head", draft=id)


def _begun(visit: Visit) -> Work:
    actor, office = visit.actor(), visit.office
    if id := visit.field("edition"):
        edition = read_one(office, actor, ListEdition, id, county=visit.county)
        return drafts.begun(visit, edition.text(), edition)
    if id := visit.field("list"):
        held = read_one(office, actor, MatterList, id, county=visit.county)
        return drafts.begun(visit, held, pages.proposed(visit, held.id))
    head = _BLANK | {"title": visit.field("title").strip()}
    return Work(county=visit.county or actor.county, text=MatterText(head=head))


# ---- sheets -------------------------------------------------------------------------------------


async def bring(visit: Visit) -> Any:
    """``POST /list-drafts/file``: a sheet in the place of the items: all, or none, with every
    error told at its cell."""
    work = await aside(opened, visit)
    file = visit.files.get("file")
    if file is None or not file.filename:
        return moved(drafts.ONE, draft=work.id)
    text, grid, wrong = await aside(_read, work, file.filename, await file.read())
    if wrong or overtaken(visit, work):
        return await aside(_wrong, visit, work, (wrong, grid))
    await drafts.saved(visit, work, text)
    return moved(drafts.ONE, draft=work.id, saved="1")


def _wrong(visit: Visit, work: Work, told: tuple[list[Problem], Grid | None]) -> Any:
    wrong, grid = told
    back = "" if grid is None else _json.encode(Back(grid=grid, wrong=wrong)).decode()
    return editing.overview_of(visit, work, problems=wrong, stale=not wrong, back=back)


class Back(Wire, frozen=True, kw_only=True):
    """退回的表: a sheet as it came, and what is wrong with it; kept on the page, nowhere else."""

    grid: Grid
    wrong: list[Problem]


_json = msgspec.json.Encoder()


async def errors(visit: Visit) -> Any:
    """``POST /list-drafts/errors``: the sheet again, with what is wrong beside each row."""
    work = await aside(opened, visit)
    try:
        back = msgspec.json.decode(visit.field("back"), type=Back)
    except msgspec.DecodeError:
        return moved(drafts.ONE, draft=work.id)
    return _file(await aside(_marked, back), f"{_ascii(work)}-errors.xlsx")


def _read(work: Work, name: str, data: bytes) -> tuple[MatterText, Grid | None, list[Problem]]:
    """The text with what was brought in, the sheet itself, and what is wrong with it."""
    if name.lower().endswith(".csv"):
        found, _, wrong = read_csv(name, data)
        grids = [found] if found is not None else []
    else:
        grids, wrong = read_xlsx(name, data)
    grid = next((g for g in grids if g.rows), None)
    if wrong or grid is None:
        return work.text, grid, wrong or [problem("sheet.none", (name, 1, 1))]
    text, wrong = taken(work.text, grid)
    return text, grid, wrong


def _marked(back: Back) -> bytes:
    """The sheet as it came, with one more column that says what is wrong in each row."""
    grid, told = back.grid, dict[int, list[str]]()
    for one in back.wrong:
        told.setdefault(one.line, []).append(one.zh)
    width = max(len(cells) for _, cells in grid.rows)
    first = grid.rows[0][0]
    rows = [
        (number, [*cells, *[""] * (width - len(cells)),
                  _ERRORS if number == first else "；".join(told.get(number, []))])
        for number, cells in grid.rows
    ]  # fmt: skip
    return write_xlsx([Grid(name=grid.name, rows=rows)], {})


async def as_xlsx(visit: Visit) -> Any:
    """``GET /list-drafts/items.xlsx``: the items as a sheet, closed columns with their words."""
    work = await aside(opened, visit)
    return _file(await aside(_workbook, work), f"{_ascii(work)}.xlsx")


def _workbook(work: Work) -> bytes:
    grid = grid_of(work.text)
    words = {c: tuple(editing.choices(c)) for c in _CLOSED if c != "receivers"}
    sheets = Sheets(grids=[grid], closed={grid.name: choices(words, any_word=False)})
    return write_xlsx(sheets.grids, sheets.closed)


def _ascii(work: Work) -> str:
    name = work.text.head.get("id", "")
    return "".join(c for c in name if c.isascii() and (c.isalnum() or c in "-_.")) or "list"


def _file(data: bytes, name: str) -> ASGIResponse:
    told = {"content-disposition": f'attachment; filename="{name}"'}
    return ASGIResponse(body=data, media_type=XLSX, headers=HEADERS | told)


# ---- proposed -----------------------------------------------------------------------------------


async def ask(visit: Visit) -> Any:
    """``GET /list-drafts/propose``: once more what it is, its first day and its number."""
    work = await aside(opened, visit)
    return await aside(_asked, visit, work, {})


def _asked(visit: Visit, work: Work, told: dict[str, Any]) -> Any:
    text, problems = work.read()
    given = {"refusal": None, "over": None, "wrong": "", "first": work.first, "number": ""} | told
    status = given.pop("status", 200)
    return page(visit, work, "propose.html", status=status, readable=text is not None,
                problems=problems, key=visit.office.source.token(16).hex(), **given)  # fmt: skip


async def propose(visit: Visit) -> Any:
    """``POST /list-drafts/propose``: the draft becomes a proposal that others see and try."""
    work = await aside(opened, visit)
    first, number = visit.field("effective_from").strip(), visit.field("document_number")[:80]
    told: dict[str, Any] = {"first": first, "number": number}
    over = await aside(_written_over, visit, work)
    text, _ = work.read()
    day = _day(first)
    if day is None or text is None:
        wrong = "lists.bad_day" if day is None else "lists.unreadable"
        return await aside(_asked, visit, work, told | {"wrong": wrong, "status": 422})
    stale = overtaken(visit, work)
    if stale or (over is not None and not visit.field("over")):
        told |= {"over": None if stale else over, "stale": stale, "status": 409}
        return await aside(_asked, visit, work, told)
    command = ProposeListCommand(
        matters=text, effective_from=day, begun_from=work.base, document_number=number
    )
    try:
        answer = await carried(visit.office, BY_NAME[ACT], (visit, visit.actor()), command)
    except Refusal as refusal:
        return await aside(_asked, visit, work, told | {"refusal": refusal, "status": 422})
    await aside(kept_forms.drop, visit.office, visit.actor(), work.id)
    return moved(f"/lists/{identity(answer.body)}", done=ACT)


def _day(typed: str) -> date | None:
    try:
        return msgspec.convert(typed, date)
    except msgspec.ValidationError:
        return None


def _written_over(visit: Visit, work: Work) -> ListEdition | None:
    """A proposal of this list that is not the one the draft began from."""
    found = pages.proposed(visit, work.text.head.get("id", ""))
    if found is None or found.state is not EditionState.PROPOSED:
        return None
    return found if drafts.mark(found) != work.edition else None


PAGES: list[Line] = [
    ("POST", f"{drafts.AT}/new", begin, BRINGS),
    ("POST", f"{drafts.AT}/file", bring, BRINGS),
    ("POST", f"{drafts.AT}/errors", errors, BRINGS),
    ("GET", f"{drafts.AT}/items.xlsx", as_xlsx, drafts.DRAFT),
    ("GET", f"{drafts.AT}/propose", ask, drafts.DRAFT),
    ("POST", f"{drafts.AT}/propose", propose, drafts.SENT),
]
