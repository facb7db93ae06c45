"""批量申报 many filings from one sheet: a template; each line with what the rules say of it, or why it
cannot be read; the wrong lines as a sheet again; the right ones as drafts, each an act of its own.
"""

from typing import Any, NamedTuple
from urllib.parse import quote

import msgspec
from litestar.response.base import ASGIResponse

from registry.actions import reading
from registry.actions.office import HIDDEN
from registry.actions.reading import ListQuery
from registry.actions.staff import aside as kept_forms
from registry.api.acting import carried, identity
from registry.api.documents import LIMIT
from registry.api.serving import aside
from registry.domain.areas import Area
from registry.domain.document import DocumentType
from registry.domain.errors import Refusal
from registry.domain.filing import Filing, required_gaps
from registry.domain.people import Organisation
from registry.web.filing.checking import explained
from registry.web.filing.columns import Book, book_of, files_of, read_line
from registry.web.filing.files import Bound, hung, unpacked
from registry.web.filing.together import recorded_for
from registry.web.filing.workbook import Names, Row, Taken, Told, heading_of, taken, written
from registry.web.forms.fields import fields_of
from registry.web.forms.filled import Filled, command_of
from registry.web.offers import BY_NAME
from registry.web.serving import HEADERS, PLAIN, Kind, Line, moved, shown
from registry.web.shell import may
from registry.web.visit import KEY, Visit

PATH = "/file-many"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PICK, SHEET, FILE, ZIP = "pick", "sheet", "file", "zip"
LARGEST = 4 << 20
"""Of a sheet, bytes."""
_PAGE = 500


class Seen(NamedTuple):
    """一行 and what is to be said of it."""

    row: Row
    filing: Filing | None
    why: list[str]
    explained: Any
    gaps: list[str]


class Ground:
    """名册: bodies and places that the person may name."""

    def __init__(self, visit: Visit) -> None:
        self.bodies = _every(visit, Organisation)
        self.areas = sorted(_every(visit, Area), key=lambda one: one.code)

    def book(self) -> Book:
        """What their names stand for."""
        return Book(
            bodies=book_of((one.id, [one.name]) for one in self.bodies),
            areas=book_of((one.id, [one.name, one.code]) for one in self.areas),
        )

    def names(self) -> Names:
        """Their names, to pick from."""
        return Names([b.name for b in self.bodies], [(a.name, a.code) for a in self.areas])


def _every(visit: Visit, kind: Any) -> list[Any]:
    found, after = list[Any](), None
    while True:
        query = ListQuery(limit=_PAGE, county=visit.county, after=after)
        page = reading.page(visit.office, visit.actor(), kind, query)
        found += page.items
        if (after := page.next) is None:
            return found


async def ask(visit: Visit) -> Any:
    """``GET /file-many``: the template, and where the sheet is handed in."""
    return shown(visit, "filing/many.html", told=[])


async def template(visit: Visit) -> Any:
    """``GET /file-many/template.xlsx``."""
    names = (await aside(Ground, visit)).names()
    return _download("申报表.xlsx", await aside(written, names))


async def take(visit: Visit) -> Any:
    """``POST /file-many``: the sheet read and kept aside; nothing comes of it yet."""
    file = visit.files.get(FILE)
    if file is None or not file.filename:
        no_file = Told("请选择文件", "Choose a file")
        return shown(visit, "filing/many.html", status=422, told=[no_file])
    read, told = await aside(taken, file.filename, await file.read())
    if read is None:
        return shown(visit, "filing/many.html", status=422, told=told)
    return moved(f"{PATH}/{await aside(_keep, visit, read)}")


def _keep(visit: Visit, read: Taken, id: str | None = None) -> str:
    title = visit.tongue.t("many.of", name=read.name)[:200]
    fields = [(SHEET, msgspec.json.encode(read).decode())]
    held = kept_forms.Kept(id=id, form=f"{PATH}/{id or ''}", title=title, fields=fields)
    made = kept_forms.put_aside(visit.office, visit.actor(), held)
    return made if id else _keep(visit, read, made)


def _held(visit: Visit) -> Taken:
    for one in kept_forms.of(visit.office, visit.actor()):
        if one.id == visit.id and (said := dict(kept_forms.fields(one)).get(SHEET)):
            return msgspec.json.decode(said, type=Taken)
    raise Refusal(HIDDEN)


async def preview(visit: Visit) -> Any:
    """``GET /file-many/{id}``: every line, its verdict or what is wrong with it."""
    return await aside(_preview, visit)


def _preview(visit: Visit, told: list[Told] | None = None) -> Any:
    held = _held(visit)
    seen = _seen(visit, held)
    return shown(
        visit, "filing/preview.html", status=422 if told else 200, sheet=held, id=visit.id,
        seen=seen, told=told or [], files={r.number: files_of(r.cells) for r in held.rows},
        picked={value for name, value in visit.posted if name == PICK} if told else None,
        right=[one for one in seen if one.filing is not None and not one.row.request_id],
        wrong=[one for one in seen if one.why], done=[o for o in seen if o.row.request_id],
    )  # fmt: skip


def _seen(visit: Visit, held: Taken, *, judged: bool = True) -> list[Seen]:
    book, own = Ground(visit).book(), _own(visit)
    return [_line(visit, row, read_line(row.cells, book, own), judged=judged) for row in held.rows]


def _own(visit: Visit) -> str:
    actor = visit.actor()
    drafts = actor.posts and may(visit.office, actor, "request.draft")
    return actor.posts[0].organisation_id if drafts else ""


def _line(visit: Visit, row: Row, read: Any, *, judged: bool) -> Seen:
    pair, (given, wrong) = visit.tongue.pair, read
    filled = Filled(fields_of(Filing), given)
    filing = command_of(Filing, filled)
    strange = {one.path for one in wrong}
    wrong += [one for one in filled.wrong if one.path not in strange]
    why = [pair(one.zh, one.en) for one in row.unread]
    why += [f"{heading_of(one.path)}：{pair(one.zh, one.en)}" for one in wrong]
    if row.refused is not None and not row.request_id:
        why.append(pair(row.refused.zh, row.refused.en))
    if row.request_id or why or filing is None or not judged:
        good = filing if not row.unread and not wrong else None
        return Seen(row, good, [] if row.request_id else why, None, [])
    try:
        told = explained(visit, filing)
    except Refusal as refusal:
        return Seen(row, None, [visit.tongue.refusal(refusal)], None, [])
    return Seen(row, filing, [], told, required_gaps(filing))


async def bring_in(visit: Visit) -> Any:
    """``POST /file-many/{id}``: the lines that were ticked become drafts, each by an act of its
    own; a line is drafted once, however often it is sent."""
    picked = {value for name, value in visit.posted if name == PICK}
    held = await aside(_held, visit)
    seen = await aside(lambda: _seen(visit, held, judged=False))
    wanted = [o for o in seen if str(o.row.number) in picked and o.filing and not o.row.request_id]
    files, told = await _files(visit, [name for o in wanted for name in files_of(o.row.cells)])
    if told:
        return await aside(_preview, visit, told)
    rows, id, posted = [], visit.id, visit.posted
    for one in seen:
        row = await _drafted(visit, id, one) if one in wanted else one.row
        visit.posted = posted
        rows.append(await _with_files(visit, id, row, files) if one in wanted else row)
    visit.id = id
    await aside(_keep, visit, msgspec.structs.replace(held, rows=rows), id)
    return moved(f"{PATH}/{id}")


async def _files(visit: Visit, wanted: list[str]) -> tuple[dict[str, bytes], list[Told]]:
    """The files that the ticked lines name, or why they are not there: before anything is made."""
    if not wanted:
        return {}, []
    file = visit.files.get(ZIP)
    if file is None or not file.filename:
        return {}, [
            Told("所选的行写了附件，请一并选择附件压缩包（zip）", "Choose the zip of attachments")
        ]
    if visit.field("_not_secret") != "true":
        return {}, [Told("请确认附件不涉及国家秘密、工作秘密", "Confirm that no file is secret")]
    held, told = await aside(unpacked, await file.read())
    lacking = "、".join(dict.fromkeys(name for name in wanted if name not in held))
    if not told and lacking:
        told = [Told(f"压缩包里没有：{lacking}", f"Not in the zip: {lacking}")]
    return held, told


async def _with_files(visit: Visit, id: str, row: Row, files: dict[str, bytes]) -> Row:
    odd: list[Told] = []
    for at, name in enumerate(files_of(row.cells) if row.request_id else ()):
        bound = Bound(name, DocumentType.BASIS, files[name])
        try:
            await hung(visit, row.request_id, bound, f"{id}-{row.number}-f{at}")
        except Refusal as no:
            odd.append(Told(f"{name}：{no.detail}", f"{name}: {no.detail_en}"))
    return msgspec.structs.replace(row, unattached=odd)


async def _drafted(visit: Visit, id: str, one: Seen) -> Row:
    act = BY_NAME["request.draft"]
    assert one.filing is not None
    told = {"filing": one.filing, "on_behalf_of": recorded_for(visit, one.filing)}
    visit.posted, visit.id = [(KEY, f"{id}-{one.row.number}")], ""
    try:
        command = msgspec.convert(told, act.command)
        answered = await carried(visit.office, act, (visit, visit.actor()), command)
    except Refusal as refusal:
        why = Told(refusal.detail, refusal.detail_en)
        return msgspec.structs.replace(one.row, refused=why)
    made = identity(answered.body)
    return msgspec.structs.replace(one.row, request_id=made, refused=None)


async def errors(visit: Visit) -> Any:
    """``GET /file-many/{id}/errors.xlsx``: the wrong lines with their reasons, to be put right."""
    held = await aside(_held, visit)
    seen = await aside(lambda: _seen(visit, held))
    names = (await aside(Ground, visit)).names()
    rows = [(one.row, "；".join(one.why)) for one in seen if one.why]
    return _download("申报表-错误.xlsx", await aside(written, names, rows))


def _download(name: str, data: bytes) -> ASGIResponse:
    held = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return ASGIResponse(
        body=data, media_type=XLSX, headers=HEADERS | {"content-disposition": held}
    )  # fmt: skip


PAGES: list[Line] = [
    ("GET", PATH, ask, PLAIN),
    ("POST", PATH, take, Kind(limit=LARGEST)),
    ("GET", PATH + "/template.xlsx", template, PLAIN),
    ("GET", PATH + "/{id:str}", preview, Kind(parameters=frozenset({"draft"}))),
    ("POST", PATH + "/{id:str}", bring_in, Kind(limit=2 * LIMIT, again=True)),
    ("GET", PATH + "/{id:str}/errors.xlsx", errors, PLAIN),
]
