"""可编辑文书 a paper as docx: 仿宋 and 小标宋 by name, A4 with the measures of GB/T 9704; the same paper,
the same bytes."""

import io
from typing import Any

from registry.actions.auditing.docx import DATED, MEDIA, settled, typed
from registry.actions.papers import tables
from registry.actions.papers.drawing import breadth, cleaned, picture
from registry.actions.papers.marks import (
    close_set,
    edged,
    grid_of_text,
    page_number,
    ruled,
    tabbed,
    unsnapped,
    unspaced,
)
from registry.domain.paper import Paper, chinese_day

__all__ = ["MEDIA", "made"]
_MARGINS = {"top_margin": 37, "bottom_margin": 35, "left_margin": 28, "right_margin": 26,
            "footer_distance": 22}  # fmt: skip
"""Millimetres; the number of the page stands 7 mm below the text."""
_BODY, _TITLE, _SMALL, _CELL, _FINE = 16, 22, 14, 12, 9
"""三号, 二号, 四号, 小四, 小五, in points."""
_HEAD, _TINY = 34, 8
_LINE = 29
_INDENT = 2 * _BODY
_QR = 34
_SIGNED = {True: 2, False: 4}
"""Characters that name and day stand in from the edge: 2 where the name is the longer, else 4."""
_TITLES = "方正小标宋简体"


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
        tables.drawn(page, grid, joined=told.sheet)
    if told.clauses:
        _para(page, "依据：", indent=True)
        for n, clause in enumerate(told.clauses, start=1):
            _para(page, f"{n}. {clause}", indent=True)
    for text in told.closing:
        held = _para(page, text, indent=True)
        held.paragraph_format.keep_with_next = bool(told.signed_by) and text is told.closing[-1]
    _ended(page, told)
    out = io.BytesIO()
    page.save(out)
    return settled(out.getvalue())


def _framed(page: Any, paper: Paper) -> None:
    from docx.shared import Mm, Pt

    normal = page.styles["Normal"]
    typed(normal)
    unspaced(normal)
    normal.font.size, normal.paragraph_format.space_after = Pt(_BODY), Pt(0)
    told = page.core_properties
    told.author, told.comments, told.title = "", "", paper.title
    told.created = told.modified = DATED
    section = page.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    for name, wide in _MARGINS.items():
        setattr(section, name, Mm(wide))
    grid_of_text(section)
    page.settings.odd_and_even_pages_header_footer = True
    for head in (section.header, section.even_page_header):
        _run(unsnapped(_centred(head.paragraphs[0])), paper.banner, _FINE)
    _footed(section, paper)


def _footed(section: Any, paper: Paper) -> None:
    """页码 outside: of an odd page at the right, of an even one at the left, one character in."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    found = f"查询号 {paper.reference}　" if paper.reference else ""
    sides = (WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.LEFT)
    for footer, side in zip((section.footer, section.even_page_footer), sides, strict=True):
        foot = footer.paragraphs[0]
        foot.alignment = side
        foot.paragraph_format.left_indent = foot.paragraph_format.right_indent = Pt(_SMALL)
        _run(foot, "— ", _SMALL)
        page_number(_run(foot, "", _SMALL))
        _run(foot, " —", _SMALL)
        if paper.record:
            _run(unsnapped(footer.add_paragraph()), f"{found}记录编号：{paper.record}", _TINY)


def _headed(page: Any, paper: Paper) -> None:
    from docx.shared import Pt, RGBColor

    number = f"{paper.number_zh}：{paper.number}" if paper.number else ""
    if paper.red_head:
        run = _run(unsnapped(_centred(page.add_paragraph())), paper.red_head, _HEAD, _TITLES)
        run.font.color.rgb = RGBColor(0xC0, 0, 0)
        number = paper.number
        held = _centred(page.add_paragraph())
        _run(held, number, _BODY)
        edged(held, "bottom", color="C00000", eighths=12)
        page.add_paragraph()
    title = unsnapped(_centred(page.add_heading(level=1)))
    title.paragraph_format.space_before = Pt(0)
    run = _run(title, paper.title, _TITLE, _TITLES)
    run.font.color.rgb, run.bold = RGBColor(0, 0, 0), False
    if number and not paper.red_head:
        _run(unsnapped(_centred(page.add_paragraph())), number, _SMALL)
    page.add_paragraph()
    if paper.to:
        _para(page, f"{paper.to}：")


def _ended(page: Any, paper: Paper) -> None:
    from docx.shared import Mm, Pt

    if paper.qr:
        page.add_picture(io.BytesIO(picture(paper.qr, "png")), width=Mm(_QR))
        _run(unsnapped(page.add_paragraph()), paper.qr_note, _CELL)
    _signed(page, paper)
    for text in paper.signing:
        held = _para(page, text)
        held.paragraph_format.space_before = Pt(_SMALL)
        tabbed(held, text.count("\t") + 1)
    for text in paper.notes:
        _run(unsnapped(page.add_paragraph()), f"注：{text}", _CELL)
    _printed(page, paper)


def _signed(page: Any, paper: Paper) -> None:
    """署名和成文日期, one over the other, kept with what stands before; room for the seal."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    day = chinese_day(paper.signed_on) if paper.signed_on else ""
    told = [text for text in (paper.signed_by, day) if text]
    if told and paper.seal:
        for held in (page.add_paragraph(), page.add_paragraph()):
            held.paragraph_format.keep_with_next = True
    inwards = _SIGNED[breadth(paper.signed_by) > breadth(day)] * _BODY
    widest = max((breadth(text) for text in told), default=0)
    for text in told:
        held = _para(page, text)
        held.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        # The shorter one is set in by half of what it lacks, so that one is centred on the other.
        held.paragraph_format.right_indent = Pt(inwards + (widest - breadth(text)) * _BODY // 2)
        held.paragraph_format.keep_with_next = text != told[-1]


def _printed(page: Any, paper: Paper) -> None:
    """版记: to whom it is copied, and, under a red head, who had it printed when."""
    from docx.shared import Pt

    lines = [f"抄送：{paper.copies}。"] if paper.copies else []
    if paper.red_head:
        day = chinese_day(paper.signed_on) if paper.signed_on else ""
        lines.append(f"{paper.signed_by}　{day}印发" if day else paper.signed_by)
    for at, text in enumerate(lines):
        held = unsnapped(page.add_paragraph())
        held.paragraph_format.keep_with_next = at < len(lines) - 1
        held.paragraph_format.space_before = Pt(_LINE if at == 0 else 0)
        _run(held, text, _SMALL)
        ruled(held, first=at == 0, last=at == len(lines) - 1)


def _para(page: Any, text: str, *, indent: bool = False) -> Any:
    from docx.shared import Pt

    held = page.add_paragraph()
    held.paragraph_format.line_spacing = Pt(_LINE)
    held.paragraph_format.space_after = Pt(0)
    if indent:
        held.paragraph_format.first_line_indent = Pt(_INDENT)
    close_set(_run(held, text, _BODY))
    return held


def _run(paragraph: Any, text: str, size: float, font: str = "") -> Any:
    from docx.shared import Pt

    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    typed(run)
    if font:
        tables.named(run, font)
    return run


def _centred(paragraph: Any) -> Any:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    return paragraph
