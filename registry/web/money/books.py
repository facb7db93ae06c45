"""经费查阅 the chain of amounts, its entries, what is owed, statements: each figure has its rows."""

from functools import partial
from typing import Any
from urllib.parse import urlencode

import msgspec

from registry.actions import reading
from registry.actions.ledger.confirming import act_of
from registry.actions.querying.many import many_at_once
from registry.actions.reading import ListQuery
from registry.actions.statements.sheeting import AMOUNTS
from registry.api.asking import Question, answered
from registry.api.detail import DETAIL
from registry.api.funds import FUNDS
from registry.api.owing import OWING_QUESTIONS
from registry.api.serving import aside
from registry.api.statements import STATEMENTS
from registry.domain.accounts import VoucherStage
from registry.domain.funds import Chain, Voucher, VoucherState
from registry.domain.request import Request
from registry.domain.statement import By
from registry.web.charts import Bar, Caption, chain
from registry.web.money.frame import RECORDS, SHEETS, opened
from registry.web.named import Named
from registry.web.places import named_places, placed
from registry.web.records import done_of
from registry.web.serving import Kind, Line
from registry.web.shell import may, opens
from registry.web.visit import Visit

PATH = "/money"
_OF_REQUEST = next(q for q in FUNDS if q.id == "funds.of_request")
_ARREARS = next(q for q in OWING_QUESTIONS if q.id == "arrears")
_FILES: dict[str, Question] = {
    "statement": STATEMENTS[0], "arrears": _ARREARS, "entries": DETAIL[0],
}  # fmt: skip
"""What may be taken away as a file, by the word of its address."""
STEPS: tuple[tuple[str, VoucherStage], ...] = (
    ("approved_fen", VoucherStage.PLEDGE), ("allotted_fen", VoucherStage.ALLOT),
    ("ordered_fen", VoucherStage.ORDER), ("dispatched_fen", VoucherStage.DISPATCH),
    ("street_fen", VoucherStage.STREET_ARRIVAL),
    ("community_fen", VoucherStage.COMMUNITY_ARRIVAL), ("spent_fen", VoucherStage.EXPENDITURE),
)  # fmt: skip
"""The chain as it is drawn: the figure, and the stage whose entries it leads to."""
ASKED = Kind(parameters=frozenset({"done", "format"}).union(*(q.query for q in _FILES.values())))
_MOST, _SHOWN = 200, 50
"""Waiting vouchers that are looked at, and that one page shows."""
_CONFIRM, _READ = "voucher.confirm.", "voucher.read"
PART = {"limit": "50"}
"""Rows of one page, where the address says nothing else."""


def cleaned(visit: Visit, question: Question) -> dict[str, str]:
    """What was asked, without what was left empty; kept in the visit for the question."""
    known = question.query - {"county", "format"}
    visit.query = {n: v for n, v in visit.query.items() if v and n in known}
    return dict(visit.query)


async def asked_of(visit: Visit, question: Question) -> dict[str, str]:
    """The same; a place that was typed by its name is asked for by its id."""
    given = cleaned(visit, question)
    await placed(visit)
    return given


async def items(visit: Visit) -> Any:
    """``GET /money``: what waits, the chain of all, one row an item."""
    done, given = done_of(visit), await asked_of(visit, STATEMENTS[0])
    visit.query = PART | visit.query | {"by": By.ITEM.value}
    told = await aside(STATEMENTS[0].ask, visit.office, visit)
    visit.query = given
    return await aside(partial(_items, visit, told, given, done))


def _items(visit: Visit, told: Any, given: dict[str, str], done: str) -> Any:
    narrowed = {n: v for n, v in given.items() if n in ("year", "area", "payer_id", "request_id")}
    return opened(visit, "items", told=told, done=done,
                  picture=_picture(visit, told.total, narrowed), **_waiting(visit),
                  begin=_begin(visit), years=_years(visit), more=_more(given, told),
                  areas=named_places(visit))  # fmt: skip


def _more(given: dict[str, str], found: Any) -> str:
    """Where the following rows are; empty = there are none."""
    more = getattr(found, "next", None)
    return urlencode(given | {"after": more}) if more else ""


def _waiting(visit: Visit, **of: str) -> dict[str, Any]:
    """Vouchers that a second person has yet to confirm, of those one may read, first those that the
    reader may confirm; how many there are."""
    query = ListQuery(
        limit=_MOST, equals={"state": VoucherState.RECORDED, **of}, county=visit.county
    )
    rows, mine, more = _recorded(visit, query)
    shown = sorted(rows, key=lambda row: row.id not in mine)[:_SHOWN]
    count = many_at_once(visit.office, visit.actor(), Voucher, query) if more else len(rows)
    every = urlencode({"state": VoucherState.RECORDED.value, **of})
    return {
        "waiting": shown,
        "mine": mine,
        "named": Named(visit, shown),
        "over": count is None,
        "many": _MOST if count is None else count,
        "every": f"/records/vouchers?{every}",
    }


def _recorded(visit: Visit, query: ListQuery) -> tuple[list[Voucher], set[str], bool]:
    """Vouchers, which of them the reader may confirm, and whether there are more."""
    office, actor = visit.office, visit.actor()
    told = reading.page(office, actor, Voucher, query)
    rows = list(told.items)
    mine = {
        row.id for row in rows
        if row.recorded_by != actor.person_id and may(office, actor, act_of(row))
    }  # fmt: skip
    return rows, mine, told.next is not None


def awaiting(visit: Visit) -> tuple[int, bool]:
    """How many vouchers wait for this very person to confirm them, and whether there are more. Of
    very many, all of the stages that they confirm are counted."""
    office, actor = visit.office, visit.actor()
    stages = [stage for stage in VoucherStage if may(office, actor, _CONFIRM + stage.value)]
    if not stages or not opens(office, actor, _READ):
        return 0, False
    query = ListQuery(limit=_MOST, equals={"state": VoucherState.RECORDED}, county=visit.county)
    _, mine, more = _recorded(visit, query)
    if not more:
        return len(mine), False
    theirs = msgspec.structs.replace(query, equals=query.equals | {"stage": stages})
    count = many_at_once(office, actor, Voucher, theirs)
    return (len(mine), True) if count is None else (count, False)


def _years(visit: Visit) -> bool:
    return may(visit.office, visit.actor(), "year.close", "year_closing.read")


def _picture(visit: Visit, whole: Chain, narrowed: dict[str, str]) -> Any:
    t = visit.tongue
    steps = [
        Bar(told(visit, name), getattr(whole, name), t.yuan(getattr(whole, name)),
            f"{PATH}/entries?{urlencode(narrowed | {'stage': stage.value})}")
        for name, stage in STEPS
    ]  # fmt: skip
    words = "；".join(f"{one.name} {one.said}" for one in steps)
    return chain(Caption("chain", t.t("money.chain"), words), steps)


def told(visit: Visit, name: str) -> str:
    """What a figure of the chain is called."""
    return visit.tongue.pair(AMOUNTS[name], visit.tongue.t(f"money.{name}"))


async def item(visit: Visit) -> Any:
    """``GET /money/items/{id}``: one item as one picture, the table of its communities beside."""
    request: Any = await aside(
        partial(reading.one, visit.office, visit.actor(), Request, visit.id, county=visit.county)
    )
    visit.opens = request.id
    id, visit.query = visit.id, {"request_id": visit.id}
    found = await aside(_OF_REQUEST.ask, visit.office, visit)
    return await aside(partial(_item, visit, request, (id, found)))


def _item(visit: Visit, request: Request, of: tuple[str, Any]) -> Any:
    id, found = of
    return opened(
        visit, "item", request=request, title=request.filing.title, found=found,
        acts=_begin(visit), sheets=may(visit.office, visit.actor(), *SHEETS),
        **_waiting(visit, request_id=id),
        picture=_picture(visit, found.total, {"request_id": id}),
        steps=[(name, stage, told(visit, name)) for name, stage in STEPS],
        changes=[VoucherStage.INCREASE, VoucherStage.DECREASE, VoucherStage.REALLOCATE],
    )  # fmt: skip


def _begin(visit: Visit) -> bool:
    return may(visit.office, visit.actor(), *RECORDS)


async def entries(visit: Visit) -> Any:
    """``GET /money/entries``: the entries behind a figure, with their sum."""
    return await _asked(visit, DETAIL[0], "entries")


async def arrears(visit: Visit) -> Any:
    """``GET /money/arrears``: 应付未付 with its clocks, community by community in code order."""
    return await _asked(visit, _ARREARS, "arrears")


async def statement(visit: Visit) -> Any:
    """``GET /money/statement``: 对账单, to print or to take away."""
    return await _asked(visit, STATEMENTS[0], "statement")


async def _asked(visit: Visit, question: Question, word: str) -> Any:
    given = await asked_of(visit, question)
    visit.query = PART | visit.query
    found = await aside(question.ask, visit.office, visit)
    visit.query = given
    rows = getattr(found, "items", None) or []
    return await aside(partial(
        opened, visit, word, found=found, named=Named(visit, rows),
        more=_more(given, found), amounts=_amounts(visit, found),
        query=urlencode({n: v for n, v in given.items() if n not in ("after", "limit")}),
        kinds=list(By), begin=_begin(visit), steps=dict(STEPS), areas=named_places(visit),
    ))  # fmt: skip


def _amounts(visit: Visit, found: Any) -> list[tuple[str, str]]:
    """Columns in which some row, or the sum, says something; the whole width is in the files."""
    if not hasattr(found, "rows"):
        return []
    chains = [found.total, found.total_existing, *(row.chain for row in found.rows)]
    return [(name, told(visit, name)) for name in AMOUNTS if any(getattr(c, name) for c in chains)]


async def file(visit: Visit) -> Any:
    """``GET /money/files/{id}``: the same answer as CSV, workbook or page to print."""
    question = _FILES[visit.id] if visit.id in _FILES else STATEMENTS[0]
    form = visit.query.get("format", "csv")
    await asked_of(visit, question)
    visit.query["format"] = form
    return await answered(visit.office, question)(visit)


PAGES: list[Line] = [
    ("GET", PATH, items, ASKED),
    ("GET", PATH + "/items/{id:str}", item, ASKED),
    ("GET", PATH + "/entries", entries, ASKED),
    ("GET", PATH + "/arrears", arrears, ASKED),
    ("GET", PATH + "/statement", statement, ASKED),
    ("GET", PATH + "/files/{id:str}", file, ASKED),
]
