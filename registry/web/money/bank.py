"""对账页 statements of treasury and banks: looked at, brought in, and matched line by line."""

from functools import partial
from typing import Any

from litestar.datastructures import UploadFile

from registry.actions import reading, sheets
from registry.actions.querying.many import many_at_once
from registry.actions.reading import ListQuery
from registry.actions.reconciling import shelf, taking
from registry.api.acts_sheets import STATEMENT_LIMIT, TakeQuery
from registry.api.asking import read_as
from registry.api.reconciling import RECONCILING_QUESTIONS
from registry.api.serving import aside, perform
from registry.domain.bank import BankLine, Direction, LineSource, LineState
from registry.domain.bank_sheets import Statement
from registry.domain.errors import Refusal
from registry.web.money.frame import opened
from registry.web.named import Named
from registry.web.offers import on_record
from registry.web.records import done_of
from registry.web.serving import Kind, Line
from registry.web.shell import may
from registry.web.visit import KEY, Visit

PATH = "/money/bank"
READ = Kind(parameters=frozenset({"done"}))
LOOKS = Kind(limit=STATEMENT_LIMIT + (1 << 20))
"""The file and what is typed beside it: what the API takes is taken here."""
SHOWN, _MOST, OK = 20, 200, 200
_OFFERS = next(q for q in RECONCILING_QUESTIONS if q.id == "bank-lines.offers")


async def lines(visit: Visit) -> Any:
    """``GET /money/bank``: what no voucher was found for yet, and room for a file."""
    return await aside(_lines, visit)


def _lines(visit: Visit, told: str = "", status: int = 200, refusal: Any = None) -> Any:
    query = ListQuery(limit=_MOST, equals={"state": LineState.OPEN}, county=visit.county)
    page = reading.page(visit.office, visit.actor(), BankLine, query)
    rows = list(page.items)
    count = many_at_once(visit.office, visit.actor(), BankLine, query) if page.next else len(rows)
    return opened(
        visit, "bank", rows=rows, named=Named(visit, rows), status=status,
        over=count is None, many=_MOST if count is None else count,
        told=told or done_of(visit),
        bad=status != OK, refusal=refusal, largest=STATEMENT_LIMIT >> 20,
        sources=[s for s in LineSource if _brings(visit, s)],
        typed={n: visit.field(n) for n in ("source", "account")},
    )  # fmt: skip


def _brings(visit: Visit, source: LineSource) -> bool:
    return may(visit.office, visit.actor(), taking.ACT[source])


async def preview(visit: Visit) -> Any:
    """``POST /money/bank``: what the file says, before any of it is kept."""
    t = visit.tongue.t
    file: UploadFile | None = visit.files.get("file")
    if file is None or not file.filename:
        return await aside(_lines, visit, t("bank.choose"), 422)
    content = await file.read()
    if len(content) > STATEMENT_LIMIT:
        return await aside(_lines, visit, t("bank.large", most=STATEMENT_LIMIT >> 20), 422)
    try:
        query = _particulars(visit, file.filename)
        sheets.may(visit.office, visit.actor(), taking.ACT[query.source])
        found = await aside(taking.read, query.source, query.name, content)
        held = await aside(_holders, visit, query, found)
        digest = await aside(shelf.lay, visit.office, visit.actor(), content)
    except Refusal as refusal:
        return await aside(partial(_lines, visit, status=422, refusal=refusal))
    return await aside(partial(
        opened, visit, "preview", found=found, holders=held,
        named=Named(visit, [held]), query=query, most=SHOWN,
        coming=_sum(found.lines, Direction.IN), going=_sum(found.lines, Direction.OUT),
        digest=digest, key=visit.office.source.token(16).hex(),
    ))  # fmt: skip


def _holders(visit: Visit, query: TakeQuery, given: Statement) -> taking.Holders:
    call = visit.call(visit.actor(), taking.ACT[query.source])
    found: taking.Holders = visit.office.ask(
        call, lambda desk: taking.holders(desk, given, query.account)
    ).body
    return found


def _particulars(visit: Visit, name: str) -> TakeQuery:
    """Raises ``query.malformed`` for what is no source or no name."""
    said = {"source": visit.field("source"), "account": visit.field("account").strip()}
    return read_as(TakeQuery, said | {"name": name[-100:]})


def _sum(rows: Any, way: Direction) -> int:
    return sum(one.amount_fen for one in rows if one.direction == way)


async def bring_in(visit: Visit) -> Any:
    """``POST /money/bank/import``: the file that was looked at, kept by the act of the API."""
    digest = visit.field("digest")
    try:
        query, actor = _particulars(visit, visit.field("name")), visit.actor()
        act = taking.ACT[query.source]
        sheets.may(visit.office, actor, act)
        content = await aside(shelf.take, visit.office, actor, digest)
        given = await aside(taking.read, query.source, query.name, content)
        call = visit.call(actor, act, query, digest)
        answer = await perform(
            visit.office, call, lambda desk: taking.bring_in(desk, given, query.account)
        )
    except Refusal as refusal:
        return await aside(partial(_lines, visit, status=422, refusal=refusal))
    return await aside(partial(_lines, visit, _brought(visit, answer.body)))


def _brought(visit: Visit, body: Any) -> str:
    """What became of the file; the same file again tells the same."""
    t = visit.tongue.t
    said = body if isinstance(body, dict) else {
        "known": body.known, "otherwise": [{"row": o.row} for o in body.otherwise],
        "batch": {"added": body.batch.added, "matched": body.batch.matched},
    }  # fmt: skip
    batch = said["batch"]
    told = t("bank.done", added=batch["added"], matched=batch["matched"], known=said["known"])
    if rows := "、".join(str(one["row"]) for one in said["otherwise"]):
        told += "；" + t("bank.otherwise", rows=rows)
    return told


async def line(visit: Visit) -> Any:
    """``GET /money/bank/{id}``: one line, and beside it the vouchers that it might show."""
    return await aside(_line, visit)


def _line(visit: Visit) -> Any:
    office, actor = visit.office, visit.actor()
    row: Any = reading.one(office, actor, BankLine, visit.id, county=visit.county)
    found = _OFFERS.ask(office, visit)
    beside = {"bank.match"} if row.answered else {"bank.match", "bank.unmatch"}
    acts = [a for a in on_record(office, actor, "bank-lines", row) if a.act not in beside]
    return opened(
        visit, "line", row=row, offers=found, named=Named(visit, [row, *found.offers]), acts=acts,
        matches=may(office, actor, "bank.match"), next=PATH,
        keys=[office.source.token(16).hex() for _ in found.offers], key_name=KEY,
        signs=("same_amount", "same_number", "same_admission", "same_place"),
    )  # fmt: skip


PAGES: list[Line] = [
    ("GET", PATH, lines, READ),
    ("POST", PATH, preview, LOOKS),
    ("POST", PATH + "/import", bring_in, READ),
    ("GET", PATH + "/{id:str}", line, READ),
]
