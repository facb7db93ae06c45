"""公文 a paper as data: what is printed, edited and archived is made from this one thing.

No form adds a word: the page, the docx and the PDF say what stands here, and no more.
"""

from datetime import date

from registry.domain.records import Wire


class Grid(Wire, frozen=True, kw_only=True):
    """表格: a list with headings, or, without headings, a form of pairs 栏目 and 内容; a third
    text of a pair is who signed it, and when."""

    caption: str = ""
    headings: list[str] = []
    """Empty = every row is a pair: what is asked, what is said."""
    rows: list[list[str]]
    amounts: list[int] = []
    """Columns set flush right, from 0."""


class Paper(Wire, frozen=True, kw_only=True):
    """公文."""

    kind: str
    """Word of the table of kinds, e.g. ``decision``."""
    title: str
    number: str = ""
    """发文字号 or 编号; empty = the packs give this paper none."""
    number_zh: str = "编号"
    red_head: str = ""
    """发文机关标志; empty = none is printed."""
    to: str = ""
    """主送."""
    paragraphs: list[str] = []
    grids: list[Grid] = []
    sheet: bool = False
    """表式: the grids are one office table, such as 审批表."""
    clauses: list[str] = []
    """依据, each a line."""
    closing: list[str] = []
    """What follows tables and clauses: 救济途径, 联系."""
    signed_by: str = ""
    """落款: the body in whose name it stands."""
    signed_on: date | None = None
    seal: bool = True
    """Whether room is left for a seal: a paper that one body issues."""
    signing: list[str] = []
    """签字栏: lines signed by hand; a tab sets two side by side."""
    copies: str = ""
    """抄送."""
    notes: list[str] = []
    """What became of it: 更正, 作废, 已由后一版代替."""
    qr: list[str] = []
    """Pieces of a QR code that checks it; empty = none."""
    qr_note: str = ""
    banner: str = ""
    """Line on every page (P1, P39)."""
    reference: str = ""
    """查询号 of the record it was made from: by it a paper without a number is found."""
    record: str = ""
    """编号 of the record in the registry, with its version."""


def chinese_day(on: date) -> str:
    """成文日期: 2026年3月2日, as GB/T 9704 has it in Arabic figures."""
    return f"{on.year}年{on.month}月{on.day}日"


def words_of(paper: Paper) -> list[str]:
    """Every text of a paper, in order."""
    told = [paper.banner, paper.red_head, paper.title, paper.number, paper.to, *paper.paragraphs]
    for grid in paper.grids:
        told += [grid.caption, *grid.headings, *(cell for row in grid.rows for cell in row)]
    told += [*paper.clauses, *paper.closing, paper.signed_by, *paper.signing, paper.copies]
    return [*told, *paper.notes, paper.qr_note, paper.reference, paper.record]
