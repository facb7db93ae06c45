"""清单草稿页 a text of a list on pages: row by row, and what is told of the whole."""

from enum import Enum
from typing import Any, get_args
from urllib.parse import urlencode

import msgspec

from registry.actions.office import HIDDEN
from registry.api.serving import aside
from registry.domain.catalogue import ListItem, MatterList
from registry.domain.errors import Refusal
from registry.domain.vocabulary import CommunityType, Grade, Kind, Polarity, Receiver, Role
from registry.policies import words
from registry.policies.drafting.matter_text import HEAD, MANY, parts, read
from registry.policies.drafting.problems import Problem
from registry.policies.lists import COLUMNS, SEPARATOR
from registry.web.drafted import overtaken
from registry.web.lists import drafts
from registry.web.lists.drafts import Work, opened, page, saved
from registry.web.serving import Line, moved
from registry.web.visit import Visit

PER_PAGE = 100
_NEW, _BEFORE, _CELL = "new", "_before", "c."
_DIGITS = 6
_CODES: dict[str, Any] = {
    "role": Role, "receivers": Receiver, "grade": Grade, "department_grade": Grade,
    "verifier_grade": Grade, "polarity": Polarity, "kinds": Kind, "community_type": CommunityType,
}  # fmt: skip
"""Columns whose words are codes."""
_FLAGS = frozenset({"items_read", "statutory", "advisory", "fictional"})
_DAYS = frozenset({"valid_from", "valid_to", "published_on"})
_LONG = frozenset({"title", "basis", "process", "note", "payer_note", "source", "aliases", "hints"})
_MANY_CELLS = frozenset({"receivers"})
_GROUPS = {
    "core": ("id", "title", "section", "ground", "role", "receivers", "basis", "department"),
    "duty": ("payer", "payer_note", "cycle", "evidence", "valid_from", "valid_to"),
    "proof": ("grade", "source", "aliases", "hints", "note"),
    "certificate": ("verifier", "purpose", "process", "form", "time_limit"),
    "rest": ("title_en", "department_grade", "verifier_grade"),
}
"""The columns of an item as they are asked: what every list has first."""
SHORTLY = ("ground", "role", "receivers", "basis", "department", "payer", "valid_from", "valid_to")
"""What the table shows of an item besides its number and name, where it is filled in."""


def choices(column: str) -> dict[str, Any]:
    """The words a column takes, by what is kept: codes, or the words of a plain column."""
    if column in _CODES:
        return {code.value: code for code in _CODES[column]}
    if column == "ground":
        return {w: words.value_zh("ground", w) for w in words.values("ground") if w != "none"}
    if column == "payer":
        kinds = next(f.type for f in msgspec.structs.fields(ListItem) if f.name == "payer")
        return {w: words.value_zh("payer_kind", w) for w in get_args(kinds) if w}
    return {}


def form_of(column: str) -> str:
    """How a column is asked."""
    if column in _MANY_CELLS or column in MANY:
        return "many"
    if column in _FLAGS:
        return "flag"
    if choices(column):
        return "one"
    return "day" if column in _DAYS else "long" if column in _LONG else "line"


def told_of(visit: Visit) -> dict[str, Any]:
    """How columns and their words are called, for the templates."""

    def said(column: str, word: str) -> str:
        code = choices(column).get(word, word)
        if isinstance(code, Enum):
            return visit.tongue.code(code)
        return visit.tongue.pair(code, word.replace("_", " "))

    def shown(column: str, cell: str) -> str:
        return "、".join(said(column, one) for one in parts(cell)) if choices(column) else cell

    return {
        "said": said, "shown_as": shown, "form_of": form_of, "choices": choices, "parts": parts,
        "item_of": lambda c: visit.tongue.pair(words.item_zh(c), c.replace("_", " ")),
        "head_of": lambda c: visit.tongue.pair(words.head_zh(c), c.replace("_", " ")),
    }  # fmt: skip


async def overview(visit: Visit) -> Any:
    """``GET /list-drafts/one``: the list as a table, its words to filter by, what comes next."""
    work = await aside(opened, visit)
    return await aside(overview_of, visit, work)


def overview_of(
    visit: Visit, work: Work, *, stale: bool = False, problems: Any = (), back: str = ""
) -> Any:  # fmt: skip
    """The page of a draft, perhaps with what is wrong with a sheet that was brought in."""
    asked = (visit.query.get("q", "") or visit.field("q"))[:PER_PAGE]
    start = _number(visit.query.get("from", "") or visit.field("from"))
    found = work.text.like(asked)
    wrong: dict[int, list[Problem]] = {}
    for one in read(work.text, work.county)[1]:
        wrong.setdefault(one.line, []).append(one)
    status = 409 if stale else 422 if problems else 200
    return page(
        visit, work, "draft.html", status=status, stale=stale, q=asked, start=start, wrong=wrong,
        rows=found[start : start + PER_PAGE], found=len(found), per=PER_PAGE, shortly=SHORTLY,
        problems=problems, back=back, **told_of(visit),
    )  # fmt: skip


def _number(told: str) -> int:
    fits = told.isascii() and told.isdigit() and len(told) <= _DIGITS
    return int(told) if fits else 0


async def move(visit: Visit) -> Any:
    """``POST /list-drafts/one``: an item goes up, down, or out."""
    work = await aside(opened, visit)
    if overtaken(visit, work):
        return await aside(_stale, visit, work)
    text = work.text
    if at := _number(visit.field("_drop")):
        text = text.drop(at)
    for word in ("_up", "_down"):
        if at := _number(visit.field(word)):
            text = text.swap(at, word == "_up")
    await saved(visit, work, text)
    told = {n: v for n in ("q", "from") if (v := visit.field(n))}
    return moved(drafts.ONE, draft=work.id, saved="1", **told)


def _stale(visit: Visit, work: Work) -> Any:
    return overview_of(visit, work, stale=True)


# ---- one item -----------------------------------------------------------------------------------


async def row(visit: Visit) -> Any:
    """``GET /list-drafts/row``: one item as a form, or an empty one."""
    work = await aside(opened, visit)
    at = visit.query.get("row", "")
    held = work.text.rows[_number(at) - 1] if 1 <= _number(at) <= len(work.text.rows) else None
    if held is None and at != _NEW:
        raise Refusal(HIDDEN)
    return await aside(_show_row, visit, work, held if held is not None else {"grade": "全文"})


def _show_row(
    visit: Visit, work: Work, cells: dict[str, str], wrong: tuple[list[Problem], bool] = ([], False)
) -> Any:
    at = visit.query.get("row", "") or visit.field("row")
    found, stale = wrong
    if not found and not stale and at != _NEW:
        found = [p for p in read(work.text, work.county)[1] if p.line == _number(at)]
    why = {p.facts.get("column", "id"): p for p in found}
    status = 409 if stale else 422 if wrong[0] else 200
    return page(visit, work, "row.html", status=status, at=at, cells=cells, why=why, stale=stale,
                groups=_GROUPS, **told_of(visit))  # fmt: skip


async def put_row(visit: Visit) -> Any:
    """``POST /list-drafts/row``: the item as it was typed; kept however unfinished where asked."""
    work = await aside(opened, visit)
    cells, at = _typed(visit, COLUMNS), visit.field("row")
    text = (
        work.text.insert(_number(at), cells) if visit.field(_BEFORE)
        else work.text.put(_number(at) if at != _NEW else 0, cells)
    )  # fmt: skip
    stale = overtaken(visit, work)
    place = len(text.rows) if at == _NEW else _number(at)
    wrong = [p for p in read(text, work.county)[1] if p.line == place]
    if stale or (wrong and not visit.field("_anyway")):
        return await aside(_show_row, visit, work, cells, (wrong, stale))
    await saved(visit, work, text)
    if visit.field("_more"):
        return moved(f"{drafts.AT}/row", draft=work.id, row=_NEW, saved="1")
    start = (place - 1) // PER_PAGE * PER_PAGE
    told = {"draft": work.id, "saved": "1"} | ({"from": str(start)} if start else {})
    return moved(f"{drafts.ONE}?{urlencode(told)}#r{place}")


def _typed(visit: Visit, columns: tuple[str, ...]) -> dict[str, str]:
    """The cells of a form; several words of one column are one cell."""
    told: dict[str, str] = {}
    for column in columns:
        given = [v for n, v in visit.posted if n == f"{_CELL}{column}" and v.strip()]
        if form_of(column) == "flag":
            given = given or ["false"]
        told[column] = SEPARATOR.join(given) if form_of(column) == "many" else "".join(given[:1])
    return told


# ---- the whole ----------------------------------------------------------------------------------


async def head(visit: Visit) -> Any:
    """``GET /list-drafts/head``: what is told of the list as a whole."""
    work = await aside(opened, visit)
    return await aside(_show_head, visit, work, dict(work.text.head))


def _show_head(visit: Visit, work: Work, cells: dict[str, str], stale: bool = False) -> Any:
    text = msgspec.structs.replace(work.text, head=cells, rows=[])
    sent = visit.request.method == "POST"
    # What is not begun yet is not wrong.
    wrong = read(text, work.county)[1] if sent or cells.get("id") else []
    why = {p.facts["column"]: p for p in wrong if "column" in p.facts}
    status = 409 if stale else 422 if why and sent else 200
    needed = {f.name for f in msgspec.structs.fields(MatterList) if f.required}
    return page(visit, work, "head.html", status=status, cells=cells, why=why, stale=stale,
                columns=HEAD, needed=needed, **told_of(visit))  # fmt: skip


async def put_head(visit: Visit) -> Any:
    """``POST /list-drafts/head``: as it was typed; the number of a list that is there stays."""
    work = await aside(opened, visit)
    cells = _typed(visit, HEAD)
    if work.base is not None:
        cells["id"] = work.text.head.get("id", "")
    text = msgspec.structs.replace(work.text, head=cells)
    bare = msgspec.structs.replace(text, rows=[])
    stale = overtaken(visit, work)
    if stale or (read(bare, work.county)[1] and not visit.field("_anyway")):
        return await aside(_show_head, visit, work, cells, stale)
    await saved(visit, work, text)
    return moved(drafts.ONE, draft=work.id, saved="1")


PAGES: list[Line] = [
    ("GET", drafts.ONE, overview, drafts.DRAFT),
    ("POST", drafts.ONE, move, drafts.DRAFT),
    ("POST", f"{drafts.AT}/drop", drafts.dropped, drafts.DRAFT),
    ("GET", f"{drafts.AT}/row", row, drafts.DRAFT),
    ("POST", f"{drafts.AT}/row", put_row, drafts.SENT),
    ("GET", f"{drafts.AT}/head", head, drafts.DRAFT),
    ("POST", f"{drafts.AT}/head", put_head, drafts.SENT),
]
