"""可编辑文书 a paper as docx by python-docx: a title, a table, lines; the same content is the same
bytes."""

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

MEDIA = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_FONT = "仿宋"
DATED = datetime.fromisoformat("1980-01-01")
"""The moment every paper's file bears: what it is dated by stands in it."""
_NO_XML = dict.fromkeys({*range(ord(" ")), *map(ord, "\ufffe\uffff")} - set(map(ord, "\t\n\r")))
"""What no XML may hold."""


class Figure(NamedTuple):
    """数字 in a table: it stands at the right, and leads to the rows behind it; empty = to none."""

    said: str
    to: str = ""


Cell = str | Figure


def made(title: str, lines: Sequence[str], table: Sequence[Sequence[Cell]] = ()) -> bytes:
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


def _tabled(paper: Any, table: Sequence[Sequence[Cell]]) -> None:
    """The heading stands on every page again; no row is torn apart between two."""
    wide = max(len(row) for row in table)
    made = paper.add_table(rows=0, cols=wide, style="Table Grid")
    for number, row in enumerate(table):
        line = made.add_row()
        _marked(line, "cantSplit", *(["tblHeader"] if not number else []))
        for cell, told in zip(line.cells, row, strict=False):
            if isinstance(told, Figure):
                _figure(cell.paragraphs[0], told)
            else:
                cell.text = _clean(told)


def _marked(line: Any, *words: str) -> None:
    from docx.oxml import OxmlElement

    for word in words:
        line._tr.get_or_add_trPr().append(OxmlElement(f"w:{word}"))


def _figure(place: Any, told: Figure) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    place.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    run = place.add_run(_clean(told.said))
    if told.to:
        led = OxmlElement("w:hyperlink")
        leads = place.part.relate_to(told.to, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        led.set(qn("r:id"), leads)
        led.append(run._r)
        place._p.append(led)


def _clean(text: str) -> str:
    return text.translate(_NO_XML)


def settled(data: bytes) -> bytes:
    """The same parts, none dated by the moment at which it was packed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name), old.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
