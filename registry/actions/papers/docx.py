"""可编辑文书 a paper as docx: 仿宋 and 小标宋 by name, A4 with the margins of GB/T 9704; the same paper,
the same bytes."""

import io
from typing import Any

from registry.actions.auditing.docx import DATED, MEDIA, settled, typed
from registry.actions.papers.drawing import cleaned, picture
from registry.domain.paper import Grid, Paper, chinese_day

__all__ = ["MEDIA", "made"]
_MARGINS = {"top_margin": 37, "bottom_margin": 35, "left_margin": 28, "right_margin": 26}
"""Millimetres."""
_BODY, _TITLE, _SMALL, _CELL, _FINE = 16, 22, 14, 12, 9
"""三号, 二号, 四号, 小四, 小五, in points."""
_LINE = 29
_INDENT = 2 * _BODY
_QR = 42


def made(paper: Paper) -> bytes:
    """The docx of a paper."""
    from docx import Document

    told = cleaned(paper)
    page = Document()
    _framed(page, told)
    _headed(page, told)
    for text in told.paragraphs:
        _para(page, text, indent=True)
    for grid in told.grids:
        _tabled(page, grid)
    if told.clauses:
        _para(page, "依据：", indent=True)
        for n, clause in enumerate(told.clauses, start=1):
            _para(page, f"{n}. {clause}", indent=True)
    for text in told.closing:
        _para(page, text, indent=True)
    _ended(page, told)
    out = io.BytesIO()
    page.save(out)
    return settled(out.getvalue())


def _framed(page: Any, paper: Paper) -> None:
    from docx.shared import Mm

    typed(page.styles["Normal"])
    told = page.core_properties
    told.author, told.comments, told.title = "", "", paper.title
    told.created = told.modified = DATED
    section = page.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    for name, wide in _MARGINS.items():
        setattr(section, name, Mm(wide))
    _run(_centred(section.header.paragraphs[0]), paper.banner, _FINE)
    foot = _centred(section.footer.paragraphs[0])
    _run(foot, "— ", _SMALL)
    _page_number(foot)
    _run(foot, " —", _SMALL)


def _page_number(paragraph: Any) -> None:
    """A field that Word counts itself."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    run = paragraph.add_run()
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = text
        run._r.append(part)


def _headed(page: Any, paper: Paper) -> None:
    from docx.shared import RGBColor

    if paper.red_head:
        run = _run(_centred(page.add_paragraph()), paper.red_head, _TITLE + _CELL)
        run.font.color.rgb = RGBColor(0xC0, 0, 0)
    title = _centred(page.add_heading(level=1))
    run = _run(title, paper.title, _TITLE)
    run.font.color.rgb, run.bold = RGBColor(0, 0, 0), True
    if paper.number:
        _run(_centred(page.add_paragraph()), f"{paper.number_zh}：{paper.number}", _SMALL)
    if paper.to:
        _para(page, f"{paper.to}：")


def _tabled(page: Any, grid: Grid) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    if grid.caption:
        held = page.add_paragraph()
        held.paragraph_format.keep_with_next = True
        _run(held, grid.caption, _SMALL).bold = True
    wide = len(grid.headings) or 2
    table = page.add_table(rows=0, cols=wide, style="Table Grid")
    for at, row in enumerate([grid.headings, *grid.rows] if grid.headings else grid.rows):
        cells = table.add_row().cells
        for column, (cell, text) in enumerate(zip(cells, row, strict=False)):
            paragraph = cell.paragraphs[0]
            _run(paragraph, text, _CELL).bold = bool(grid.headings) and at == 0
            if column in grid.amounts and at:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    if grid.headings:
        _repeat(table.rows[0])
    else:
        _narrow(table)
    page.add_paragraph()


def _repeat(row: Any) -> None:
    """The heading stands again on every page."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def _narrow(table: Any) -> None:
    from docx.shared import Mm

    table.autofit = False
    for row in table.rows:
        row.cells[0].width, row.cells[1].width = Mm(38), Mm(118)


def _ended(page: Any, paper: Paper) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm

    if paper.qr:
        page.add_picture(io.BytesIO(picture(paper.qr, "png")), width=Mm(_QR))
        _run(page.add_paragraph(), paper.qr_note, _CELL)
    seal = "（盖章）" if paper.seal and paper.signed_by else ""
    day = chinese_day(paper.signed_on) if paper.signed_on else ""
    for text in (paper.signed_by, seal, day):
        if text:
            held = _para(page, text)
            held.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for text in paper.signing:
        _para(page, text)
    if paper.copies:
        _run(page.add_paragraph(), f"抄送：{paper.copies}。", _SMALL)
    for text in paper.notes:
        _run(page.add_paragraph(), f"注：{text}", _CELL)
    _run(page.add_paragraph(), f"记录编号：{paper.record}", _FINE)


def _para(page: Any, text: str, *, indent: bool = False) -> Any:
    from docx.shared import Pt

    held = page.add_paragraph()
    held.paragraph_format.line_spacing = Pt(_LINE)
    held.paragraph_format.space_after = Pt(0)
    if indent:
        held.paragraph_format.first_line_indent = Pt(_INDENT)
    _run(held, text, _BODY)
    return held


def _run(paragraph: Any, text: str, size: float) -> Any:
    from docx.shared import Pt

    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    typed(run)
    return run


def _centred(paragraph: Any) -> Any:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    return paragraph
