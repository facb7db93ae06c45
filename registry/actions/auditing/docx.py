"""可编辑文书 a paper as docx: a title, a table, lines, by the standard library; the same content is
the same bytes. Office Open XML (ECMA-376): three parts are all that a word processor needs.
"""

import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

MEDIA = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
_TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{MEDIA}.main+xml"/></Types>'
)
_RELS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    f'<Relationships xmlns="{_R}"><Relationship Id="rId1" Type="{_OFFICE}" '
    'Target="word/document.xml"/></Relationships>'
)
_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_FONT = '<w:rFonts w:eastAsia="仿宋" w:ascii="仿宋" w:hAnsi="仿宋"/>'
_NO_XML = {0xFFFE: None, 0xFFFF: None}
"""What no XML may hold."""
_TITLE = '<w:pPr><w:jc w:val="center"/></w:pPr>'


def made(title: str, lines: Sequence[str], table: Sequence[Sequence[str]] = ()) -> bytes:
    """A document: a title, a table whose first row is its heading, and lines below."""
    body = [_paragraph(title, title=True)]
    if table:
        rows = "".join(_row(cells) for cells in table)
        body.append(
            f"<w:tbl><w:tblPr><w:tblBorders>{_BORDERS}</w:tblBorders></w:tblPr>{rows}</w:tbl>"
        )
    body += [_paragraph(line) for line in lines]
    page = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<w:document xmlns:w="{_W}"><w:body>{"".join(body)}</w:body></w:document>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in (
            ("[Content_Types].xml", _TYPES), ("_rels/.rels", _RELS), ("word/document.xml", page),
        ):  # fmt: skip
            package.writestr(zipfile.ZipInfo(name), text.encode(), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _paragraph(text: str, *, title: bool = False) -> str:
    runs = "<w:r><w:br/></w:r>".join(_run(line, bold=title) for line in text.split("\n"))
    return f"<w:p>{_TITLE if title else ''}{runs}</w:p>"


def _run(text: str, *, bold: bool) -> str:
    strong = "<w:b/>" if bold else ""
    told = escape(text.translate(_NO_XML))
    return f'<w:r><w:rPr>{_FONT}{strong}</w:rPr><w:t xml:space="preserve">{told}</w:t></w:r>'


def _row(cells: Sequence[str]) -> str:
    return "<w:tr>" + "".join(f"<w:tc>{_paragraph(cell)}</w:tc>" for cell in cells) + "</w:tr>"
