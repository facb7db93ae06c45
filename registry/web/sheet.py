"""页上表格 the table of a page as a file: CSV that a spreadsheet opens, no text becomes a formula."""

import csv
import io
from collections.abc import Mapping, Sequence

from litestar.response.base import ASGIResponse

from registry.actions.exporting.workbook import write_xlsx
from registry.actions.statements.sheeting import safe

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def as_csv(rows: Sequence[Sequence[str]], name: str, headers: Mapping[str, str]) -> ASGIResponse:
    """The rows, the first of them the heading, under a name without its ending."""
    held = {"content-disposition": f'attachment; filename="{name}.csv"'}
    return ASGIResponse(body=written(rows), media_type="text/csv", headers={**headers, **held})


def as_xlsx(
    rows: Sequence[Sequence[str]], told: Sequence[Sequence[str]], name: str,
    headers: Mapping[str, str],
) -> ASGIResponse:  # fmt: skip
    """The rows as a workbook.

    Args:
        told: rows of the sheet 说明.
    """
    out = io.BytesIO()
    write_xlsx(out, told, rows[0], [rows[1:]], title=name)
    held = {"content-disposition": f'attachment; filename="{name}.xlsx"'}
    return ASGIResponse(body=out.getvalue(), media_type=XLSX, headers={**headers, **held})


def written(rows: Sequence[Sequence[str]]) -> bytes:
    """The same as octets, UTF-8 with a byte order mark."""
    out = io.StringIO()
    csv.writer(out).writerows([[safe(cell) for cell in row] for row in rows])
    return out.getvalue().encode("utf-8-sig")
