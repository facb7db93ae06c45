"""报表页 monthly, quarterly, yearly reports for leaders: every figure with its query, the period
before and the same a year before (P30); as a page, as docx and as xlsx.

What is counted is what the reader may read; a figure of records that they may not read is a dash.
"""

import io
from datetime import date, timedelta
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import urlencode

from litestar.response.base import ASGIResponse

from registry.actions.auditing import docx
from registry.actions.exporting.workbook import write_xlsx
from registry.api.asked import bad_query
from registry.api.asking import read_as
from registry.api.detail import DETAIL
from registry.api.serving import aside
from registry.domain.accounts import VoucherStage
from registry.domain.errors import Refusal
from registry.domain.records import Wire, civil
from registry.domain.redress import GROUND_ZH
from registry.domain.request import State
from registry.domain.walls import HANGING
from registry.web.county import STEPS, count
from registry.web.serving import HEADERS, Kind, Line, shown
from registry.web.visit import Visit

PATH = "/county/report"
KINDS = ("month", "quarter", "year")
ASKED = Kind(parameters=frozenset({"kind", "on", "format"}))
_MONTHS, _QUARTER = 12, 3
_DAY = timedelta(days=1)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MONEY = (VoucherStage.PLEDGE, VoucherStage.INCREASE, VoucherStage.DECREASE, VoucherStage.ORDER,
         VoucherStage.DISPATCH, VoucherStage.STREET_ARRIVAL, VoucherStage.COMMUNITY_ARRIVAL,
         VoucherStage.EXPENDITURE, VoucherStage.ADVANCE, VoucherStage.REPAYMENT,
         VoucherStage.REFUND, VoucherStage.SURPLUS)  # fmt: skip
"""What vouchers of the period moved, stage by stage; the chain nets one against the other."""


class Span(NamedTuple):
    """期间, both days within it."""

    first: date
    last: date


class Wanted(NamedTuple):
    """一项指标: what it is called, of which list, under which conditions, by which day."""

    name: str
    resource: str
    where: dict[str, str]
    day: str = ""
    """Empty = as it is now, of no period."""
    money: bool = False


class Told(NamedTuple):
    """一行: each figure as it is written, and where its rows are."""

    name: str
    this: str
    last: str
    year: str
    to: str


class On(Wire, frozen=True, kw_only=True):
    """报表条件."""

    on: date


def span_of(kind: str, on: date) -> Span:
    """The month, quarter or year in which a day lies."""
    months = {"month": 1, "quarter": _QUARTER}.get(kind, _MONTHS)
    begins = (on.month - 1) // months * months + 1
    first = on.replace(month=begins, day=1)
    over = begins + months
    after = date(first.year + (over > _MONTHS), (over - 1) % _MONTHS + 1, 1)
    return Span(first, after - _DAY)


def spans(kind: str, on: date) -> tuple[Span, Span, Span]:
    """The period, the one before (环比) and the same a year before (同比)."""
    this = span_of(kind, on)
    before = this.first.replace(year=this.first.year - 1)
    return this, span_of(kind, this.first - _DAY), span_of(kind, before)


def wanted(visit: Visit) -> list[Wanted]:
    """What a report tells, in its order."""
    t = visit.tongue
    found = [
        Wanted(t.t(f"county.{word}"), "requests",
               {"state.in": ",".join(sorted(s.value for s in of))}, "applied_on")
        for word, of in STEPS
    ]  # fmt: skip
    found += [
        Wanted(t.t(f"county.{state.value}"), "requests", {"state": state.value}, "applied_on")
        for state in (State.NOT_ACCEPTED, State.REJECTED, State.RETURNED)
    ]
    found += [
        Wanted(f"{t.t('county.declined')}：{t.word('ground', ground)}", "declinings",
               {"ground": ground}, "issued_on")
        for ground in GROUND_ZH
    ]  # fmt: skip
    found += [
        Wanted(t.t("county.findings"), "findings", {}, "opened_on"),
        Wanted(t.t("county.complaints"), "complaints", {}, "received_on"),
        Wanted(t.t("county.legacy"), "presences", {"state": "legacy"}),
        Wanted(
            t.t("county.boards"),
            "boards",
            {"state.in": ",".join(sorted(state.value for state in HANGING))},
        ),
    ]
    return found + [
        Wanted(t.t("county.money", stage=t.code(stage)), "ledger-entries", {"stage": stage.value},
               "dated_on", money=True)
        for stage in MONEY
    ]  # fmt: skip


async def report(visit: Visit) -> Any:
    """``GET /county/report``: the report, to read or as a file."""
    form = visit.query.get("format", "")
    kind = visit.query.get("kind", "")
    kind = kind if kind in KINDS else KINDS[0]
    given, today = visit.query.get("on", ""), civil(visit.office.clock())
    on = read_as(On, {"on": given}).on if given else today
    try:
        periods = spans(kind, on)
    except ValueError:
        raise bad_query("on") from None
    rows = await aside(_rows, visit, periods)
    t, (this, *_rest) = visit.tongue, periods
    title = t.t("county.report_title", kind=t.t(f"county.{kind}"), first=this.first, last=this.last)
    if form in _FILES:
        return await aside(_file, visit, form, title, rows)
    query = urlencode({"kind": kind, "on": on.isoformat()})
    return await aside(partial(
        shown, visit, "county/report.html", title=title, rows=rows, kinds=KINDS, kind=kind, on=on,
        periods=periods, query=query,
    ))  # fmt: skip


def _rows(visit: Visit, periods: tuple[Span, Span, Span]) -> list[Told]:
    rows = []
    for one in wanted(visit):
        said = [_said(visit, one, span) for span in (periods if one.day else periods[:1])]
        this, last, year = (*said, "—", "—")[:3]
        rows.append(Told(one.name, this, last, year, _to(one, periods[0])))
    return rows


def _asked(one: Wanted, span: Span) -> dict[str, str]:
    if not one.day:
        return dict(one.where)
    return one.where | {f"{one.day}.ge": f"{span.first}", f"{one.day}.le": f"{span.last}"}


def _said(visit: Visit, one: Wanted, span: Span) -> str:
    if one.money:
        fen = _moved(visit, _days(one, span))
        return visit.tongue.t("county.unread") if fen is None else visit.tongue.yuan(fen)
    found = count(visit, {"resource": one.resource} | _asked(one, span))
    if found is None:
        return visit.tongue.t("county.unread")
    return str(sum(group.rows for group in found.items))


def _moved(visit: Visit, asked: dict[str, str]) -> int | None:
    """What the entries of a stage come to, what was taken back taken off, 分; ``None`` = unread."""
    visit.query = asked | {"limit": "1"}
    try:
        return int(DETAIL[0].ask(visit.office, visit).total_fen)
    except Refusal as refusal:
        if refusal.code == "access.reading":
            return None
        raise


def _days(one: Wanted, span: Span) -> dict[str, str]:
    return one.where | {"from": f"{span.first}", "to": f"{span.last}"}


def _to(one: Wanted, span: Span) -> str:
    if one.money:
        return f"/money/entries?{urlencode(_days(one, span))}"
    return f"/records/{one.resource}?{urlencode(_asked(one, span))}"


def _heads(visit: Visit) -> list[str]:
    return [visit.tongue.t(f"county.{word}") for word in ("what", "this", "last", "last_year")]


def _file(visit: Visit, form: str, title: str, rows: list[Told]) -> ASGIResponse:
    table = [_heads(visit), *([r.name, r.this, r.last, r.year] for r in rows)]
    body, media = _FILES[form](visit, title, table)
    held = {"content-disposition": f'attachment; filename="report.{form}"'}
    return ASGIResponse(body=body, media_type=media, headers=HEADERS | held)


def _docx(visit: Visit, title: str, table: list[list[str]]) -> tuple[bytes, str]:
    return docx.made(title, [visit.house.about.banner], table), docx.MEDIA


def _xlsx(visit: Visit, title: str, table: list[list[str]]) -> tuple[bytes, str]:
    out = io.BytesIO()
    write_xlsx(
        out,
        [[title], [visit.house.about.banner]],
        table[0],
        [table[1:]],
        title=visit.tongue.t("county.report"),
    )
    return out.getvalue(), XLSX


_FILES = {"docx": _docx, "xlsx": _xlsx}
PAGES: list[Line] = [("GET", PATH, report, ASKED)]
