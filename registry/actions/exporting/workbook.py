"""工作簿 rows as an xlsx workbook by XlsxWriter: no row is held, no text becomes a formula, the
same rows give the same bytes. What exceeds a sheet goes on in the next."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import IO, Any

from registry.domain.records import FEN_MAX

SHEET_ROWS = 1 << 20
"""Rows of a sheet, headings among them."""
CELL_CHARACTERS = (1 << 15) - 1
"""UTF-16 units of a cell, as Excel counts."""
CUT = "…（超过单元格上限，全文见 CSV）"
_DATED = datetime.fromisoformat("1980-01-01")
"""The moment every workbook bears, as its parts do: a zip knows none before it."""
_DROPPED = dict.fromkeys([*range(9), 11, 12, *range(14, 32), *map(ord, "\ufffe\uffff")])
_EXACT = FEN_MAX
"""Whole numbers beyond this lose figures in a spreadsheet, and are written as text."""
Lines = Iterable[Sequence[Sequence[Any]]]


def write_xlsx(
    out: IO[bytes], told: Sequence[Sequence[Any]], heads: Sequence[str], lines: Lines, *,
    title: str, most: int = SHEET_ROWS,
) -> int:  # fmt: skip
    """Write a workbook; returns how many rows there were.

    Args:
        told: rows of the sheet 说明.
        most: rows of a sheet.
    """
    from xlsxwriter import Workbook

    # What waits to be packed lies beside the file, where there is room for it.
    name = getattr(out, "name", None)
    beside = {"tmpdir": str(Path(name).parent)} if isinstance(name, str) else {}
    with Workbook(out, {"constant_memory": True, "use_zip64": True, **beside}) as book:
        book.set_properties({"created": _DATED})
        _fill(_sheet(book, "说明"), iter([list(row) for row in told]))
        waiting = (row for batch in lines for row in batch)
        sheets, rows, ahead = 0, 0, next(waiting, None)
        while ahead is not None or not sheets:
            sheets += 1
            sheet = _sheet(book, title if sheets == 1 else f"{title}({sheets})")
            sheet.freeze_panes(1, 0)
            if sheets == 1:
                sheet.activate()  # Who opens the file sees the rows; 说明 lies before them.
            here = chain([] if ahead is None else [ahead], waiting)
            rows += _fill(sheet, _some(heads, here, most)) - 1
            ahead = next(waiting, None)
    return rows


def _sheet(book: Any, name: str) -> Any:
    from xlsxwriter.worksheet import Worksheet

    class Sheet(Worksheet):  # type: ignore[misc, unused-ignore]
        """In constant memory a text that looks like marked-up runs would go out as markup."""

        def _xml_rich_inline_string(self, string: str, attributes: Any = None) -> None:
            self._xml_inline_string(string, False, attributes or [])

    return book.add_worksheet(name, worksheet_class=Sheet)


def _some(heads: Sequence[str], rows: Iterator[Sequence[Any]], most: int) -> Iterator[Any]:
    yield heads
    for _, row in zip(range(most - 1), rows, strict=False):
        yield row


def _fill(sheet: Any, rows: Iterator[Sequence[Any]]) -> int:
    written = 0
    for row in rows:
        for place, value in enumerate(row):
            if isinstance(value, int) and abs(value) < _EXACT:
                sheet.write_number(written, place, value)
            elif value is not None and value != "":
                sheet.write_string(written, place, _text(str(value)))
        written += 1
    return written


def _text(value: str) -> str:
    """A text that a cell can hold."""
    text = value.translate(_DROPPED)
    if len(text) > CELL_CHARACTERS // 2:
        units = text.encode("utf-16-le")
        if len(units) > 2 * CELL_CHARACTERS:
            kept = units[: 2 * (CELL_CHARACTERS - len(CUT))].decode("utf-16-le", "ignore")
            return kept + CUT
    return text
