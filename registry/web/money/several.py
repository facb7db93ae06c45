"""批量登记页 many vouchers of one stage from a sheet: looked at whole, then recorded, all or none.

The look is the act itself, tried and taken back, so that it tells what the act would.
"""

from functools import partial
from typing import Any

import msgspec
from litestar.datastructures import UploadFile

from registry.actions import sheets
from registry.actions.ledger import books
from registry.actions.ledger.left import LeftQuery, left
from registry.actions.ledger.recording import act_of
from registry.actions.office import Answer
from registry.actions.reconciling import shelf
from registry.actions.rules.publishing import CELLS
from registry.api.acts_sheets import VouchersQuery, vouchers
from registry.api.asking import read_as
from registry.api.serving import aside, perform
from registry.api.sheets import Coming
from registry.domain.accounts import STAGE_ZH, VoucherStage
from registry.domain.errors import Refusal
from registry.domain.request import Request
from registry.domain.sheets import CellError
from registry.domain.voucher_sheets import MOST, SHEETED, VoucherCell, VoucherSheet
from registry.web.money.frame import opened
from registry.web.money.sheet import blank, download, marked
from registry.web.money.voucher import request_of
from registry.web.serving import Kind, Line
from registry.web.shell import may
from registry.web.visit import Visit

PATH = "/money/many"
LIMIT = 8 << 20
ASKS = Kind(parameters=frozenset({"request_id", "stage"}))
SENT = Kind(parameters=frozenset({"request_id"}), limit=LIMIT + (1 << 20))
SHOWN, OK, BAD = 100, 200, 422


async def ask(visit: Visit) -> Any:
    """``GET /money/many``: the stages that one records, their templates, and room for a sheet."""
    return await aside(_page, visit)


def _page(visit: Visit, status: int = OK, **told: Any) -> Any:
    stages = [s for s in SHEETED if may(visit.office, visit.actor(), act_of(s))]
    request = _request(visit)
    given: dict[str, Any] = {
        "errors": [],
        "refusal": None,
        "said": "",
        "at": "",
        "took": None,
        "digest": "",
    }
    given |= told | {"request": request, "stages": stages, "most": MOST}
    stage = visit.field("stage") or visit.query.get("stage", "")
    return opened(visit, "many", status=status, stage=stage, name=visit.field("name"), **given)


def _request(visit: Visit) -> Request | None:
    """The item that the sheet was begun from."""
    return request_of(visit) if visit.query.get("request_id") else None


async def template(visit: Visit) -> Any:
    """``GET /money/many/template.xlsx``: of a stage; of one item with what is left there."""
    return await aside(_template, visit)


def _template(visit: Visit) -> Any:
    stage = VoucherStage(_query(visit.query.get("stage", "")).stage)
    if not visit.query.get("request_id"):
        return download(f"{STAGE_ZH[stage]}凭证表.xlsx", stage, blank(stage, "", ()))
    request = request_of(visit)
    call = visit.call(visit.actor(), books.READ)
    found = left(visit.office, call, LeftQuery(request_id=request.id, stage=stage))
    rows = blank(stage, request.title, found.rows[:MOST])
    return download(f"{STAGE_ZH[stage]}凭证表-{request.title}.xlsx", stage, rows)


def _query(stage: str) -> VouchersQuery:
    """Raises ``query.malformed``."""
    return read_as(VouchersQuery, {"stage": stage})


async def look(visit: Visit) -> Any:
    """``POST /money/many``: what the sheet would record, or what is wrong in which cell."""
    t, file = visit.tongue.t, visit.files.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        return await aside(partial(_page, visit, BAD, said=t("bank.choose"), at="file"))
    if not visit.field("stage"):
        return await aside(partial(_page, visit, BAD, said=t("vouchers.choose"), at="stage"))
    content = await file.read()
    if len(content) > LIMIT:
        return await aside(
            partial(_page, visit, BAD, said=t("bank.large", most=LIMIT >> 20), at="file")
        )
    visit.posted = [*visit.posted, ("name", file.filename[-SHOWN:])]
    return await aside(_looked, visit, content)


def _looked(visit: Visit, content: bytes) -> Any:
    try:
        coming, given = _read(visit, content)
        call = visit.call(visit.actor(), coming.act)
        told = visit.office.ask(call, lambda desk: coming.take(desk, given)).body
    except Refusal as refusal:
        return _wrong(visit, content, refusal)
    papers = _papers(given)
    return opened(
        visit, "many_look", request=_request(visit), told=told, papers=papers[:SHOWN],
        count=len(papers),
        stage=VoucherStage(visit.field("stage")), name=visit.field("name"),
        digest=shelf.lay(visit.office, visit.actor(), content),
        key=visit.office.source.token(16).hex(),
    )  # fmt: skip


def _read(visit: Visit, content: bytes) -> tuple[Coming, VoucherSheet]:
    """Who may record none is refused before the sheet is read."""
    coming = vouchers(_query(visit.field("stage")))
    sheets.may(visit.office, visit.actor(), coming.act)
    return coming, coming.read(content)


def _wrong(visit: Visit, content: bytes, refusal: Refusal) -> Any:
    """What is wrong with the sheet; it waits to be given back with that beside each row."""
    if refusal.code != CELLS:
        return _page(visit, BAD, refusal=refusal)
    errors = refusal.facts["errors"]
    return _page(visit, BAD, errors=errors, found=msgspec.json.encode(errors).decode(),
                 digest=shelf.lay(visit.office, visit.actor(), content))  # fmt: skip


def _papers(given: VoucherSheet) -> list[list[VoucherCell]]:
    made: dict[str, list[VoucherCell]] = {}
    for cell in given.cells:
        made.setdefault(cell.told.number, []).append(cell)
    return list(made.values())


async def bring_in(visit: Visit) -> Any:
    """``POST /money/many/import``: the sheet that was looked at, by the act of the API."""
    digest, content = visit.field("digest"), b""
    try:
        actor = visit.actor()
        content = await aside(shelf.take, visit.office, actor, digest)
        coming, given = await aside(_read, visit, content)
        call = visit.call(actor, coming.act, _query(visit.field("stage")), digest)
        answer = await perform(visit.office, call, lambda desk: coming.take(desk, given))
    except Refusal as refusal:
        return await aside(_wrong, visit, content, refusal)
    return await aside(partial(_page, visit, took=_took(answer)))


def _took(answer: Answer) -> dict[str, int]:
    """How many, and how much; the same sheet sent again tells the same."""
    body: Any = msgspec.to_builtins(answer.body)
    return {"count": len(body["vouchers"]), "rows": body["rows"], "fen": body["total_fen"]}


async def errors(visit: Visit) -> Any:
    """``POST /money/many/errors``: the sheet again, with what is wrong beside each row."""
    stage = VoucherStage(_query(visit.field("stage")).stage)
    try:
        found = msgspec.json.decode(visit.field("found"), type=list[CellError])
        content = await aside(shelf.take, visit.office, visit.actor(), visit.field("digest"))
        rows = await aside(marked, visit.field("name"), content, found)
    except (Refusal, msgspec.DecodeError) as no:
        told = {"refusal": no} if isinstance(no, Refusal) else {}
        return await aside(partial(_page, visit, BAD, **told))
    return await aside(download, f"{STAGE_ZH[stage]}凭证表-错误.xlsx", stage, rows)


PAGES: list[Line] = [
    ("GET", PATH, ask, ASKS),
    ("POST", PATH, look, SENT),
    ("GET", PATH + "/template.xlsx", template, ASKS),
    ("POST", PATH + "/import", bring_in, SENT),
    ("POST", PATH + "/errors", errors, SENT),
]
