"""草案出入 a draft begun, brought in from a workbook or a zip, taken out, and proposed."""

from datetime import date
from typing import Any

from litestar.datastructures import UploadFile

from registry.actions.office import HIDDEN
from registry.actions.reading import one as read_one
from registry.actions.rules.publishing import ProposeCommand
from registry.actions.rules.trying import ACT
from registry.actions.staff import aside as kept_forms
from registry.api.acting import carried
from registry.api.documents import LIMIT
from registry.api.serving import aside
from registry.domain.errors import Refusal
from registry.domain.pack import PackState, PublishedPack
from registry.policies.drafting.bundle import NAME, packed, text_of, unpacked
from registry.policies.drafting.grids import read_csv
from registry.policies.drafting.problems import Problem, problem
from registry.policies.drafting.sheets import out, taken
from registry.policies.drafting.skeleton import SkeletonError, Start, skeleton
from registry.policies.drafting.workbook import read_xlsx, write_xlsx
from registry.web.drafted import overtaken
from registry.web.offers import BY_NAME
from registry.web.packs import drafts, pages
from registry.web.packs.drafts import Work, opened, page
from registry.web.packs.editing import TABLES
from registry.web.serving import Kind, Line, moved
from registry.web.shell import may
from registry.web.visit import Visit

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BRINGS = Kind(parameters=frozenset({"draft"}), limit=LIMIT + (2 << 20))
Read = tuple[dict[str, str], list[Problem]]


async def begin(visit: Visit) -> Any:
    """``POST /pack-drafts/new``: from a pack, from the skeleton, or from a zip."""
    if not may(visit.office, visit.actor(), ACT):
        raise Refusal(HIDDEN)
    file = visit.files.get("file")
    if file is not None and file.filename:
        files, wrong = await _unzipped(file)
        if wrong:
            return await aside(lambda: pages.listed(visit, 422, problems=wrong))
        return await _kept(visit, files, "")
    if visit.field("same"):
        held = await aside(_pack, visit, visit.field("from"))
        return await _kept(visit, dict(held.files), held.digest)
    given = {n: visit.field(n).strip() for n in ("from", "id", "name", "effective_from")}
    try:
        files = await aside(_fresh, visit, given)
    except (SkeletonError, ValueError) as error:
        why = [str(error) if isinstance(error, SkeletonError) else visit.tongue.t("packs.bad_day")]
        return await aside(lambda: pages.listed(visit, 422, wrong=why, given=given))
    return await _kept(visit, files, "")


async def _kept(visit: Visit, files: dict[str, str], base: str) -> Any:
    try:
        id = await aside(drafts.keep, visit, files, base)
    except Refusal as refusal:
        told = refusal
        return await aside(lambda: pages.listed(visit, 422, refusal=told))
    return moved(drafts.ONE, draft=id)


def _pack(visit: Visit, id: str) -> PublishedPack:
    """A pack of one's own jurisdiction or of one above it."""
    found = next((p for p in pages.held(visit) if p.id == id), None)
    if found is None:
        raise Refusal(HIDDEN)
    return found


def _fresh(visit: Visit, given: dict[str, str]) -> dict[str, str]:
    county = visit.county or visit.actor().county
    base = _pack(visit, given["from"]) if given["from"] else None
    own = base if base is not None and base.county == county else None
    start = Start(
        id=given["id"], jurisdiction=county, parent=(own.parent or "" if own else _above(base)),
        level=own.level if own else _level(county), name=given["name"],
        effective=date.fromisoformat(given["effective_from"]), redated=True,
    )  # fmt: skip
    return skeleton(start, dict(base.files) if base else None)


def _level(county: str) -> str:
    """Which level a jurisdiction is of, as its code says: 990000, 990100, 990102."""
    return "province" if county.endswith("0000") else "city" if county.endswith("00") else "county"


def _above(base: PublishedPack | None) -> str:
    return base.id if base is not None else "cn-base"


async def _unzipped(file: UploadFile) -> Read:
    data = await file.read()
    return await aside(unpacked, file.filename, data)


async def bring(visit: Visit) -> Any:
    """``POST /pack-drafts/file``: a workbook, table, zip or text into a draft: all or none."""
    work = await aside(opened, visit)
    file = visit.files.get("file")
    if file is None or not file.filename:
        return moved(drafts.ONE, draft=work.id)
    data = await file.read()
    changed, wrong = await aside(_read, work, file.filename, data)
    if wrong or overtaken(visit, work):
        return page(visit, work, "check.html", status=409 if not wrong else 422, problems=wrong,
                    tables=TABLES, stale=not wrong)  # fmt: skip
    await aside(drafts.keep, visit, changed, work.base, work.id)
    return moved(drafts.ONE, draft=work.id, saved="1")


def _read(work: Work, name: str, data: bytes) -> Read:
    """The files of the draft with what was brought in."""
    kind = name.lower().rpartition(".")[2]
    if kind == "zip":
        return unpacked(name, data)
    if kind == "toml":
        own = name if name == "pack.toml" else f"cases/{name}"
        text = text_of(data)
        if text is None or not NAME.fullmatch(own):
            return {}, [problem("file.encoding", (name, 1, 1))]
        return work.files | {own: text}, []
    if kind == "csv":
        grid, _, wrong = read_csv(name, data)
        grids = [grid] if grid is not None else []
    else:
        grids, wrong = read_xlsx(name, data)
    if wrong:
        return {}, wrong
    changed, wrong = taken(grids, {n: t.encode() for n, t in work.files.items()})
    return work.files | {n: raw.decode() for n, raw in changed.items()}, wrong


async def as_zip(visit: Visit) -> Any:
    """``GET /pack-drafts/files.zip``: the draft as it is."""
    work = await aside(opened, visit)
    name = f"{work.identity.get('id', 'pack')}.zip"
    return pages.download(packed(work.files), _plain(name), "application/zip")


async def as_xlsx(visit: Visit) -> Any:
    """``GET /pack-drafts/tables.xlsx``: its decision tables, each closed column with its words."""
    work = await aside(opened, visit)
    data = await aside(_workbook, work)
    return pages.download(data, _plain(f"{work.identity.get('id', 'pack')}.xlsx"), XLSX)


def _workbook(work: Work) -> bytes:
    sheets = out({name: text.encode() for name, text in work.files.items()})
    return write_xlsx(sheets.grids, sheets.closed)


def _plain(name: str) -> str:
    return "".join(c for c in name if c.isascii() and (c.isalnum() or c in "-_."))


async def propose(visit: Visit) -> Any:
    """``POST /pack-drafts/propose``: the draft becomes a proposal that others see and try."""
    work = await aside(opened, visit)
    over = await aside(_written_over, visit, work)
    if overtaken(visit, work) or (over is not None and not visit.field("over")):
        return await aside(_refused, visit, work, over, None)
    command = ProposeCommand(files=work.files, document_number=visit.field("document_number")[:80])
    try:
        await carried(visit.office, BY_NAME[ACT], (visit, visit.actor()), command)
    except Refusal as refusal:
        return await aside(_refused, visit, work, None, refusal)
    await aside(kept_forms.drop, visit.office, visit.actor(), work.id)
    return moved(f"/packs/{work.identity['id']}", done=ACT)


def _refused(
    visit: Visit, work: Work, over: PublishedPack | None, refusal: Refusal | None
) -> Any:  # fmt: skip
    return page(visit, work, "propose.html", status=422 if refusal else 409, over=over,
                refusal=refusal, stale=refusal is None and over is None,
                key=visit.office.source.token(16).hex())  # fmt: skip


async def ask(visit: Visit) -> Any:
    """``GET /pack-drafts/propose``: once more what it is, before it goes to others."""
    work = await aside(opened, visit)
    return page(visit, work, "propose.html", over=None, refusal=None,
                key=visit.office.source.token(16).hex())  # fmt: skip


def _written_over(visit: Visit, work: Work) -> PublishedPack | None:
    """A proposal of this id that is not the one the draft began from."""
    id = work.identity.get("id", "")
    try:
        found = read_one(visit.office, visit.actor(), PublishedPack, id, county=visit.county)
    except Refusal:
        return None
    open_still = found.state is PackState.PROPOSED and found.digest != work.base
    return found if open_still else None


PAGES: list[Line] = [
    ("POST", f"{drafts.AT}/new", begin, BRINGS),
    ("POST", f"{drafts.AT}/file", bring, BRINGS),
    ("GET", f"{drafts.AT}/files.zip", as_zip, drafts.DRAFT),
    ("GET", f"{drafts.AT}/tables.xlsx", as_xlsx, drafts.DRAFT),
    ("GET", f"{drafts.AT}/propose", ask, drafts.DRAFT),
    ("POST", f"{drafts.AT}/propose", propose, drafts.SENT),
]
