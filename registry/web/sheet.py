"""页上表格 the table of a page as a file: CSV that a spreadsheet opens, no text becomes a formula."""

import csv
import io
from collections.abc import Mapping, Sequence

from litestar.response.base import ASGIResponse

from registry.actions.statements.sheeting import safe


def as_csv(rows: Sequence[Sequence[str]], name: str, headers: Mapping[str, str]) -> ASGIResponse:
    """The rows, the first of them the heading, under a name without its ending."""
    held = {"content-disposition": f'attachment; filename="{name}.csv"'}
    return ASGIResponse(body=written(rows), media_type="text/csv", headers={**headers, **held})


def written(rows: Sequence[Sequence[str]]) -> bytes:
    """The same as octets, UTF-8 with a byte order mark."""
    out = io.StringIO()
    csv.writer(out).writerows([[safe(cell) for cell in row] for row in rows])
    return out.getvalue().encode("utf-8-sig")
