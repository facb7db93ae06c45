"""页上表格 the table of a page as a file: CSV that a spreadsheet opens, no text becomes a formula."""

import csv
import io
from collections.abc import Mapping, Sequence

from litestar.response.base import ASGIResponse

from registry.actions.statements.sheeting import safe


def as_csv(rows: Sequence[Sequence[str]], name: str, headers: Mapping[str, str]) -> ASGIResponse:
    """The rows, the first of them the heading, under a name without its ending."""
    out = io.StringIO()
    csv.writer(out).writerows([[safe(cell) for cell in row] for row in rows])
    held = {"content-disposition": f'attachment; filename="{name}.csv"'}
    return ASGIResponse(
        body=out.getvalue().encode("utf-8-sig"), media_type="text/csv", headers={**headers, **held}
    )
