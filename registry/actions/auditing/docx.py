"""可编辑文书 a paper as docx by python-docx: a title, a table, lines; the same content is the same
bytes."""

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import Any

MEDIA = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_FONT = "仿宋"
DATED = datetime.fromisoformat("1980-01-01")
"""The moment every paper's file bears: what it is dated by stands in it."""
_NO_XML = dict.fromkeys({*range(ord(" ")), *map(ord, "\ufffe\uffff")} - set(map(ord, "\t\n\r")))
"""What no XML may hold."""


def made(title: str, lines: Sequence[str], table: Sequence[Sequence[str]] = ()) -> bytes:
    """A document: a title, a table whose first row is its heading, and lines below."""
    from docx import Document
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    paper = Document()
    told = paper.core_properties
    told.author, told.comments, told.title = "", "", _clean(title)
    told.created = told.modified = DATED
    typed(paper.styles["Normal"])
    head = paper.add_paragraph()
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    head.add_run(_clean(title)).bold = True
    if table:
        _tabled(paper, table)
    for line in lines:
        paper.add_paragraph(_clean(line))
    out = io.BytesIO()
    paper.save(out)
    return settled(out.getvalue())


def typed(styled: Any) -> None:
    """The font of official papers for a style or a run, for Chinese characters too."""
    from docx.oxml.ns import qn

    styled.font.name = _FONT
    styled.element.rPr.rFonts.set(qn("w:eastAsia"), _FONT)


def _tabled(paper: Any, table: Sequence[Sequence[str]]) -> None:
    wide = max(len(row) for row in table)
    made = paper.add_table(rows=0, cols=wide, style="Table Grid")
    for row in table:
        cells = made.add_row().cells
        for cell, text in zip(cells, row, strict=False):
            cell.text = _clean(text)


def _clean(text: str) -> str:
    return text.translate(_NO_XML)


def settled(data: bytes) -> bytes:
    """The same parts, none dated by the moment at which it was packed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name), old.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
