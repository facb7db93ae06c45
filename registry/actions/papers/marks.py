"""docx 标记 what Word knows and its library does not write: fields, rules, the grid of lines."""

from typing import Any

_PITCH, _SPACE = 580, -5
"""22 lines to a page; and how far 三号 is drawn together so that 28 characters fit a line, both in
twentieths of a point."""
_WIDE = 156
"""Millimetres of a line."""
_THICK, _THIN = 8, 6
"""0.35 mm and 0.25 mm in eighths of a point, as nearly as they go."""


def _element(name: str, **values: str) -> Any:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made = OxmlElement(name)
    for key, value in values.items():
        made.set(qn(f"w:{key}"), value)
    return made


def page_number(run: Any) -> None:
    """A field that Word counts itself."""
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        part = _element("w:fldChar", fldCharType=kind) if kind else _element("w:instrText")
        if not kind:
            part.text = text
        run._r.append(part)


def grid_of_text(section: Any) -> None:
    """每面二十二行."""
    found = section._sectPr.find(_named("w:docGrid"))
    if found is not None:
        section._sectPr.remove(found)
    section._sectPr.append(_element("w:docGrid", type="lines", linePitch=str(_PITCH)))


def close_set(run: Any) -> None:
    """每行二十八字: 28 times 三号 is a hair wider than the line."""
    run._r.get_or_add_rPr().append(_element("w:spacing", val=str(_SPACE)))


def unspaced(style: Any) -> None:
    """No gap of Word's own between figures and characters: 〔2026〕1号 is one word."""
    format = style.element.get_or_add_pPr()
    for name in ("w:autoSpaceDE", "w:autoSpaceDN"):
        format.insert_element_before(
            _element(name, val="0"), "w:bidi", "w:adjustRightInd", "w:snapToGrid", "w:spacing",
            "w:ind", "w:jc", "w:rPr",
        )  # fmt: skip


def unsnapped(paragraph: Any) -> Any:
    """A paragraph that keeps its own measure: only the text stands on the grid."""
    format = paragraph._p.get_or_add_pPr()
    mark = _element("w:snapToGrid", val="0")
    format.insert_element_before(
        mark, "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:outlineLvl", "w:rPr"
    )
    return paragraph


def _named(name: str) -> str:
    from docx.oxml.ns import qn

    return str(qn(name))


def edged(paragraph: Any, *sides: str, color: str = "000000", eighths: int = _THICK) -> None:
    """A rule at the top or the bottom of a paragraph, as wide as the text."""
    format = paragraph._p.get_or_add_pPr()
    frame = format.find(_named("w:pBdr"))
    if frame is None:
        frame = _element("w:pBdr")
        format.insert_element_before(
            frame, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
        )
    for side in sides:
        told = {"val": "single", "sz": str(eighths), "space": "4", "color": color}
        frame.append(_element(f"w:{side}", **told))


def ruled(paragraph: Any, *, first: bool, last: bool) -> None:
    """版记的分隔线: thick at its ends, thin between."""
    edged(paragraph, "top", eighths=_THICK if first else _THIN)
    if last:
        edged(paragraph, "bottom")


def tabbed(paragraph: Any, columns: int) -> None:
    """Stops that set the parts of a line side by side."""
    from docx.shared import Mm

    for n in range(1, columns):
        paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(_WIDE * n // columns))
