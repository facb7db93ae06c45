"""工作簿 rows as an xlsx workbook by XlsxWriter: no row is held, no text becomes a formula, the
same rows give the same bytes. What exceeds a sheet goes on in the next."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import IO, Any

from registry.domain.exporting import Holds
from registry.domain.records import FEN_MAX, SHANGHAI

SHEET_ROWS = 1 << 20
"""Rows of a sheet, headings among them."""
CELL_CHARACTERS = (1 << 15) - 1
"""UTF-16 units of a cell, as Excel counts."""
DAY_FORM = 'yyyy"年"mm"月"dd"日"'
"""How a day is shown."""
FIRST_DAY = "1901-01-01"
"""Before it spreadsheets do not agree on what day it is."""
CUT = "…（超过单元格上限，全文见 CSV）"
_DATED = datetime.fromisoformat("1980-01-01")
"""The moment every workbook bears, as its parts do: a zip knows none before it."""
_DROPPED = dict.fromkeys([*range(9), 11, 12, *range(14, 32), *map(ord, "\ufffe\uffff")])
_WIDEST = 1 << 5
"""Letters of a column; what is longer is read in its cell."""
_EXACT = FEN_MAX
"""Whole numbers beyond this lose figures in a spreadsheet, and are written as text."""
Lines = Iterable[Sequence[Sequence[Any]]]


def write_xlsx(
    out: IO[bytes], told: Sequence[Sequence[Any]], heads: Sequence[str], lines: Lines, *,
    title: str, most: int = SHEET_ROWS, holds: Sequence[Holds] = (), widths: Sequence[int] = (),
) -> int:  # fmt: skip
    """Write a workbook; returns how many rows there were.

    Args:
        told: rows of the sheet 说明.
        most: rows of a sheet.
        holds: what each column holds: days and instants become dates that can be reckoned with.
        widths: how wide each column is, where its rows were there to be looked at (``fitting``).
    """
    from xlsxwriter import Workbook

    # What waits to be packed lies beside the file, where there is room for it.
    name = getattr(out, "name", None)
    beside = {"tmpdir": str(Path(name).parent)} if isinstance(name, str) else {}
    with Workbook(out, {"constant_memory": True, "use_zip64": True, **beside}) as book:
        book.set_properties({"created": _DATED})
        dated = _dated(book, holds)
        _fill(_sheet(book, "说明"), iter([list(row) for row in told]))
        waiting = (row for batch in lines for row in batch)
        sheets, rows, ahead = 0, 0, next(waiting, None)
        while ahead is not None or not sheets:
            sheets += 1
            sheet = _sheet(book, title if sheets == 1 else f"{title}({sheets})")
            sheet.freeze_panes(1, 0)
            for place, width in enumerate(widths):
                sheet.set_column(place, place, width)
            for place, (_, width, _form) in dated.items():
                sheet.set_column(place, place, width)
            if sheets == 1:
                sheet.activate()  # Who opens the file sees the rows; 说明 lies before them.
            here = chain([] if ahead is None else [ahead], waiting)
            rows += _fill(sheet, _some(heads, here, most), dated) - 1
            ahead = next(waiting, None)
    return rows


def fitting(rows: Sequence[Sequence[Any]]) -> list[int]:
    """How wide columns are for what stands in them, a Chinese character as two letters."""
    wide = max(map(len, rows), default=0)
    told = [[str(row[at]) for row in rows if at < len(row) and row[at] is not None]
            for at in range(wide)]  # fmt: skip
    return [min(max((len(one) + len(one.encode()) >> 1 for one in cells), default=0) + 2, _WIDEST)
            for cells in told]  # fmt: skip


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


_Dated = dict[int, tuple[Callable[[str], date], int, Any]]
"""By column: what makes a date of its text, how wide it is shown, and how."""


def _dated(book: Any, holds: Sequence[Holds]) -> _Dated:
    forms = {
        kind: (make, width, book.add_format({"num_format": form}))
        for kind, (make, width, form) in _DATES.items()
        if kind in holds
    }
    return {place: forms[kind] for place, kind in enumerate(holds) if kind in forms}


def _here(text: str) -> datetime:
    """An instant by the clock on the wall."""
    return datetime.fromisoformat(text).astimezone(SHANGHAI).replace(tzinfo=None, microsecond=0)


_DATES: dict[Holds, tuple[Callable[[str], date], int, str]] = {
    Holds.DAY: (date.fromisoformat, 14, DAY_FORM),
    Holds.INSTANT: (_here, 22, f"{DAY_FORM} hh:mm:ss"),
}


def _fill(sheet: Any, rows: Iterator[Sequence[Any]], dated: _Dated | None = None) -> int:
    written = 0
    for row in rows:
        for place, value in enumerate(row):
            if isinstance(value, int | Decimal) and -_EXACT < value < _EXACT:
                sheet.write_number(written, place, value)
            elif value is None or value == "":
                continue
            elif not (dated and place in dated and _date(sheet, (written, place), value, dated)):
                sheet.write_string(written, place, _text(str(value)))
        written += 1
    return written


def _date(sheet: Any, at: tuple[int, int], value: str, dated: _Dated) -> bool:
    """Whether a text was a day or an instant that a spreadsheet knows, and stands there now."""
    make, _, form = dated[at[1]]
    try:
        made = make(value)
    except ValueError:
        return False
    if made.isoformat() < FIRST_DAY:
        return False
    sheet.write_datetime(*at, made, form)
    return True


def _text(value: str) -> str:
    """A text that a cell can hold."""
    text = value.translate(_DROPPED)
    if len(text) > CELL_CHARACTERS // 2:
        units = text.encode("utf-16-le")
        if len(units) > 2 * CELL_CHARACTERS:
            kept = units[: 2 * (CELL_CHARACTERS - len(CUT))].decode("utf-16-le", "ignore")
            return kept + CUT
    return text
