"""工作簿 rows as an xlsx workbook, written cell by cell: no row is held, no text becomes a formula,
the same rows give the same bytes. What exceeds a sheet goes on in the next."""

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any
from xml.sax.saxutils import escape

from registry.domain.records import FEN_MAX

SHEET_ROWS = 1 << 20
"""Rows of a sheet, headings among them."""
CELL_CHARACTERS = (1 << 15) - 1
CUT = "…（超过单元格上限，全文见 CSV）"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DOC = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
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
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        _sheet(book, 1, iter([list(row) for row in told]))
        sheets, rows = 1, 0
        waiting = (row for batch in lines for row in batch)
        more = True
        while more:
            sheets += 1
            written = _sheet(book, sheets, _some(heads, waiting, most))
            rows += written - 1
            more = written == most
        names = ["说明", *(title if n == 1 else f"{title}({n})" for n in range(1, sheets))]
        _frame(book, names)
    return rows


def _some(heads: Sequence[str], rows: Iterator[Sequence[Any]], most: int) -> Iterator[Any]:
    yield heads
    for _, row in zip(range(most - 1), rows, strict=False):
        yield row


def _sheet(book: zipfile.ZipFile, number: int, rows: Iterator[Sequence[Any]]) -> int:
    written = 0
    name = f"xl/worksheets/sheet{number}.xml"
    with book.open(_info(name), "w", force_zip64=True) as out:
        out.write(f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
        for row in rows:
            written += 1
            out.write(("<row>" + "".join(map(_cell, row)) + "</row>").encode())
        out.write(b"</sheetData></worksheet>")
    return written


def _cell(value: Any) -> str:
    if value is None or value == "":
        return "<c/>"
    if isinstance(value, int) and abs(value) < _EXACT:
        return f"<c><v>{value}</v></c>"
    text = str(value).translate(_DROPPED)
    if len(text) > CELL_CHARACTERS:
        text = text[: CELL_CHARACTERS - len(CUT)] + CUT
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def _frame(book: zipfile.ZipFile, names: Sequence[str]) -> None:
    """What makes sheets a workbook."""
    sheets = "".join(
        f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"/>'
        for n, name in enumerate(names, 1)
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{_DOC}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n, _ in enumerate(names, 1)
    )
    kinds = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="application/vnd.openxml'
        'formats-officedocument.spreadsheetml.worksheet+xml"/>' for n, _ in enumerate(names, 1)
    )  # fmt: skip
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default'
        ' Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml"'
        ' ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"'
        f"/>{kinds}</Types>",
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1"'
        f' Type="{_DOC}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{links}'
        "</Relationships>",
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_DOC}"><sheets>{sheets}</sheets>'
        "</workbook>",
    }  # fmt: skip
    for name, text in parts.items():
        book.writestr(_info(name), (_HEAD + text).encode())


def _info(name: str) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    made.compress_type = zipfile.ZIP_DEFLATED
    return made
