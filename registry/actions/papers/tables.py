"""docx 表格 the grids of a paper as tables of Word: lists with headings, and forms of pairs."""

from typing import Any

from registry.actions.auditing.docx import typed
from registry.actions.papers.drawing import arranged, breadth, weights
from registry.actions.papers.marks import unsnapped
from registry.domain.paper import Grid

_SMALL, _CELL = 14, 12
_NAMES, _SAID = 27, 51
"""Millimetres of a column of names and of what is said."""
_WIDE, _PER, _EDGE = 1560, 43, 60
"""Of a line, of a character, of what a cell keeps free: in tenths of a millimetre."""
_TENTHS = 10
_FOUR, _LOW = 4, 8
_WHOLE = 400
"""Characters up to which a row stays on one page."""


def drawn(page: Any, grid: Grid, *, joined: bool) -> None:
    """A grid with its caption; joined = the grids of a paper are one table to the eye."""
    if grid.caption and not joined:
        held = page.add_paragraph()
        held.paragraph_format.keep_with_next = True
        _text(held, grid.caption, _SMALL).bold = True
    table = _listed(page, grid) if grid.headings else _form(page, grid, joined=joined)
    if grid.headings and joined and grid.caption:
        _captioned(table, grid.caption)
    _thin(page.add_paragraph(), 1 if joined else _CELL)


def _listed(page: Any, grid: Grid) -> Any:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    table = page.add_table(rows=0, cols=len(grid.headings), style="Table Grid")
    for at, row in enumerate([grid.headings, *grid.rows]):
        held = table.add_row()
        _kept(held, "".join(row))
        for column, (cell, text) in enumerate(zip(held.cells, row, strict=False)):
            paragraph = cell.paragraphs[0]
            _text(paragraph, text).bold = at == 0
            if at == 0:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            elif column in grid.amounts:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _repeat(table.rows[0])
    _set(table, _columns(grid))
    return table


def _columns(grid: Grid) -> list[int]:
    """Tenths of a millimetre of each: as wide as what stands in it, or its share of the rest."""
    shares = weights(grid)
    told = [
        0 if share else _PER * max(breadth(row[n]) for row in [grid.headings, *grid.rows]) + _EDGE
        for n, share in enumerate(shares)
    ]
    left = max(_WIDE - sum(told), _TENTHS * _NAMES * sum(map(bool, shares)))
    return [wide or left * share // sum(shares) for wide, share in zip(told, shares, strict=True)]


def _set(table: Any, wide: list[int]) -> None:
    from docx.shared import Mm

    table.autofit = False
    for column, tenths in zip(table.columns, wide, strict=True):
        column.width = Mm(tenths / _TENTHS)
    for row in table.rows:
        for cell, tenths in zip(row.cells, wide, strict=True):
            cell.width = Mm(tenths / _TENTHS)


def _form(page: Any, grid: Grid, *, joined: bool) -> Any:
    """Names in the first and the third column, what is said beside them."""
    from docx.shared import Mm

    table = page.add_table(rows=0, cols=_FOUR, style="Table Grid")
    table.autofit = False
    if joined and grid.caption:
        cells = table.add_row().cells
        _centred(cells[0].merge(cells[-1]).paragraphs[0], grid.caption).bold = True
    for row in arranged(grid):
        held = table.add_row()
        _kept(held, "".join(row))
        cells = held.cells
        _named(cells[0], row[0])
        if len(row) == _FOUR:
            _text(cells[1].paragraphs[0], row[1])
            _named(cells[2], row[2])
            _text(cells[3].paragraphs[0], row[3])
        else:
            _said(cells[1].merge(cells[3]), row)
    for column, wide in zip(table.columns, (_NAMES, _SAID) * 2, strict=True):
        column.width = Mm(wide)
        for cell in column.cells:
            cell.width = Mm(wide)
    return table


def _said(cell: Any, row: list[str]) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    _text(cell.paragraphs[0], row[1])
    for signed in row[2:]:
        held = cell.add_paragraph()
        held.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        _text(held, signed)


def _named(cell: Any, text: str) -> None:
    _centred(cell.paragraphs[0], text)


def _centred(paragraph: Any, text: str) -> Any:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.keep_with_next = True
    return _text(paragraph, text)


def _captioned(table: Any, caption: str) -> None:
    """A row over the headings, as wide as the table."""
    row = table.add_row()
    table._tbl.remove(row._tr)
    table.rows[0]._tr.addprevious(row._tr)
    _centred(row.cells[0].merge(row.cells[-1]).paragraphs[0], caption).bold = True


def _thin(paragraph: Any, points: int) -> None:
    """The paragraph that Word wants between two tables, as low as this."""
    from docx.shared import Pt

    paragraph.paragraph_format.line_spacing = Pt(points)
    _text(paragraph, "", 1)


def _repeat(row: Any) -> None:
    """The heading stands again on every page."""
    _marked(row, "w:tblHeader")


def _kept(row: Any, text: str) -> None:
    """What fits on a page stays on one; no row is lower than a line to write on."""
    from docx.enum.table import WD_ALIGN_VERTICAL, WD_ROW_HEIGHT_RULE
    from docx.shared import Mm

    row.height, row.height_rule = Mm(_LOW), WD_ROW_HEIGHT_RULE.AT_LEAST
    for cell in row.cells:
        cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
    if len(text) <= _WHOLE:
        _marked(row, "w:cantSplit")


def _marked(row: Any, name: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    mark = OxmlElement(name)
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def named(run: Any, font: str) -> None:
    """Another font than that of the text, for Chinese characters too."""
    from docx.oxml.ns import qn

    run.font.name = font
    run.element.rPr.rFonts.set(qn("w:eastAsia"), font)


def _text(paragraph: Any, text: str, size: float = _CELL) -> Any:
    from docx.shared import Pt

    if not paragraph.runs:
        unsnapped(paragraph)
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    typed(run)
    return run
