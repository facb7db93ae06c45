"""报表页 monthly, quarterly, yearly reports for leaders: every figure with its query, the period
before and the same a year before (P30); as a page, as docx and as xlsx.

What is counted is what the reader may read; a figure of records that they may not read is a dash.
"""

import io
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from functools import partial
from itertools import groupby
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from litestar.response.base import ASGIResponse

from registry.actions.auditing import docx
from registry.actions.exporting.workbook import fitting, write_xlsx
from registry.api.asked import bad_query
from registry.api.asking import read_as
from registry.api.serving import aside
from registry.domain.records import Wire, civil
from registry.web.county_frame import opened
from registry.web.reported import Cell, Reported, Row, Span
from registry.web.serving import HEADERS, Kind, Line
from registry.web.sheet import XLSX, written
from registry.web.visit import Visit

PATH = "/county/report"
KINDS = ("month", "quarter", "year")
ASKED = Kind(parameters=frozenset({"kind", "on", "format"}))
_MONTHS, _QUARTER = 12, 3
_DAY = timedelta(days=1)


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
        opened, visit, "report", title=title, groups=_groups(rows), kinds=KINDS, kind=kind, on=on,
        periods=periods, query=query,
    ))  # fmt: skip


def _rows(visit: Visit, periods: tuple[Span, Span, Span]) -> list[Row]:
    return Reported(visit, periods).rows()


class Group(NamedTuple):
    """一组指标 under one heading."""

    name: str
    rows: list[Row]


def _groups(rows: list[Row]) -> list[Group]:
    return [Group(name, list(some)) for name, some in groupby(rows, key=lambda row: row.group)]


def _heads(visit: Visit) -> list[str]:
    words = ("group", "what", "this", "last", "by_last", "last_year", "by_year", "query")
    return [visit.tongue.t(f"county.{word}") for word in words]


def _line(visit: Visit, row: Row) -> list[str]:
    this, last, year = row.cells
    return [row.group, row.name, this.said, last.said, row.change(1), year.said, row.change(2),
            _at(visit, this)]  # fmt: skip


def _at(visit: Visit, cell: Cell) -> str:
    """Where the rows of a figure are read, whole: a file is opened anywhere."""
    return visit.house.about.public_url.rstrip("/") + cell.to if cell.to else ""


def _table(visit: Visit, rows: list[Row]) -> list[list[str]]:
    return [_heads(visit), *(_line(visit, row) for row in rows)]


def _file(visit: Visit, form: str, title: str, rows: list[Row]) -> ASGIResponse:
    body, media = _FILES[form](visit, title, rows)
    named = quote(f"{title}.{form}", safe="")
    held = {"content-disposition": f"attachment; filename*=UTF-8''{named}"}
    return ASGIResponse(body=body, media_type=media, headers=HEADERS | held)


def _docx(visit: Visit, title: str, rows: list[Row]) -> tuple[bytes, str]:
    """For a reader: each heading once, and each figure leads to its rows by itself."""
    table: list[list[docx.Cell]] = [list(_heads(visit)[:-1])]
    for group in _groups(rows):
        for number, row in enumerate(group.rows):
            this, last, year = (docx.Figure(c.said, _at(visit, c)) for c in row.cells)
            table.append([
                "" if number else group.name, row.name, this, last,
                docx.Figure(row.change(1)), year, docx.Figure(row.change(2)),
            ])  # fmt: skip
    return docx.made(title, [visit.house.about.banner], table), docx.MEDIA


def _xlsx(visit: Visit, title: str, rows: list[Row]) -> tuple[bytes, str]:
    out, table = io.BytesIO(), _table(visit, rows)
    figures = [[_figure(cell) if at in _FIGURES else cell for at, cell in enumerate(line)]
               for line in table[1:]]  # fmt: skip
    write_xlsx(out, [[title], [visit.house.about.banner]], table[0], [figures],
               title=visit.tongue.t("county.report"), widths=fitting(table))  # fmt: skip
    return out.getvalue(), XLSX


_FIGURES = (2, 3, 5)
"""Columns that hold figures: a spreadsheet reckons with them."""


def _figure(cell: str) -> str | int | Decimal:
    """A figure as the number it is; what was not told stays a word."""
    try:
        told = Decimal(cell.replace(",", ""))
    except InvalidOperation:
        return cell
    return int(told) if told == told.to_integral_value() else told


def _csv(visit: Visit, _title: str, rows: list[Row]) -> tuple[bytes, str]:
    return written(_table(visit, rows)), "text/csv"


_FILES = {"docx": _docx, "xlsx": _xlsx, "csv": _csv}
PAGES: list[Line] = [("GET", PATH, report, ASKED)]
