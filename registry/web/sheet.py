"""页上表格 the table of a page as a file: CSV that a spreadsheet opens, no text becomes a formula."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import quote

from litestar.response.base import ASGIResponse

from registry.actions.exporting.workbook import fitting, write_xlsx
from registry.actions.statements.sheeting import safe

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Cell = str | int
"""A text, or a figure that a spreadsheet reckons with."""
Page = tuple[str, Sequence[Sequence[str]]]
"""一张表: what it is called, its rows."""
_DATED = datetime.fromisoformat("1980-01-01")
_WIDE = 18
_UNDER, _TYPED = 1_000, 255
"""Lines under which a choice is offered, and letters that all its words may have."""


def as_csv(rows: Sequence[Sequence[Cell]], name: str, headers: Mapping[str, str]) -> ASGIResponse:
    """The rows, the first of them the heading, under a name without its ending."""
    held = {"content-disposition": f'attachment; filename="{name}.csv"'}
    return ASGIResponse(body=written(rows), media_type="text/csv", headers={**headers, **held})


def as_xlsx(
    rows: Sequence[Sequence[Cell]], told: Sequence[Sequence[str]], name: str,
    headers: Mapping[str, str],
) -> ASGIResponse:  # fmt: skip
    """The rows as a workbook.

    Args:
        told: rows of the sheet 说明.
    """
    out = io.BytesIO()
    write_xlsx(out, told, [str(name) for name in rows[0]], [rows[1:]], title=name,
               widths=fitting(rows))  # fmt: skip
    held = {"content-disposition": f'attachment; filename="{name}.xlsx"'}
    return ASGIResponse(body=out.getvalue(), media_type=XLSX, headers={**headers, **held})


def as_book(
    pages: Sequence[Page], name: str, headers: Mapping[str, str],
    choices: Mapping[int, Sequence[str]] | None = None,
) -> ASGIResponse:  # fmt: skip
    """A workbook to be filled in, every cell of it text: the same pages give the same octets.

    Args:
        choices: words that a column of the first page takes, offered in its cells.
    """
    from xlsxwriter import Workbook

    out = io.BytesIO()
    with Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"created": _DATED})
        plain = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        bold = book.add_format({"num_format": "@", "bold": True, "text_wrap": True})
        for title, lines in pages:
            page = book.add_worksheet(title)
            page.freeze_panes(1, 0)
            page.set_column(0, max(len(lines[0]) - 1, 0), _WIDE, plain)
            for at, line in enumerate(lines):
                for column, cell in enumerate(line):
                    page.write_string(at, column, cell, plain if at else bold)
        for column, words in (choices or {}).items():
            if len(",".join(words)) <= _TYPED:
                offered = {"validate": "list", "source": list(words), "error_type": "warning"}
                book.worksheets()[0].data_validation(1, column, _UNDER, column, offered)
    held = {"content-disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
    return ASGIResponse(body=out.getvalue(), media_type=XLSX, headers={**headers, **held})


def written(rows: Sequence[Sequence[Cell]]) -> bytes:
    """The same as octets, UTF-8 with a byte order mark."""
    out = io.StringIO()
    csv.writer(out).writerows([[safe(c) if isinstance(c, str) else c for c in row] for row in rows])
    return out.getvalue().encode("utf-8-sig")
