"""卷内目录 what lies in a volume: as a paper of its own, and as a page whose lines open the files."""

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from registry.actions.papers.book import Book, called, day
from registry.actions.papers.deciding import applicants
from registry.actions.papers.page import policy, style, templates
from registry.domain.paper import Grid, Paper
from registry.domain.request import Request

HEADS = ("序号", "责任者", "文号", "题名", "日期", "页数")
OTHERS = {
    "卷内目录.pdf": "卷内文件的目录，用于打印装卷", "元数据.json": "案卷各项记录的数据（UTF-8）",
    "日志.jsonl": "本案在日志中的条目，逐条一行",
}  # fmt: skip
"""Files beside papers and attachments, and what each is."""


class Item(NamedTuple):
    """卷内文件: one line of the index, and its bytes."""

    name: str
    """Path within the volume."""
    title: str
    number: str
    by: str
    """责任者: who issued it, or handed it in."""
    dated: str
    pages: str
    octets: bytes


class Part(NamedTuple):
    """目录的一部分: one case of the volume."""

    title: str
    items: list[Item]
    none: str
    """What is said where nothing lies in it."""


def sheet(book: Book, request: Request, items: Sequence[Item]) -> Paper:
    """卷内目录, to be printed."""
    on = request.applied_on
    facts = {"title": request.title, "applicant": applicants(book, request.filing, on)}
    rows = [
        [
            str(n),
            item.by,
            item.number,
            item.title,
            item.dated,
            item.pages,
            item.name.partition("-")[0],
        ]
        for n, item in enumerate(items, start=1)
    ]
    return book.paper(
        "volume", facts, on, number=request.number, number_zh="申请编号", seal=False, of=request,
        grids=[Grid(headings=[*HEADS, "备注"], rows=rows, amounts=[5])] if rows else [],
    )  # fmt: skip


def page(
    book: Book, request: Request, parts: Sequence[Part], others: Sequence[tuple[str, str]]
) -> bytes:
    """The same as a page; what was typed anywhere is text."""
    about = [
        ("案卷题名", request.title), ("申请编号", called(request)),
        ("申请单位", applicants(book, request.filing, request.applied_on)),
        ("申请日期", day(request.applied_on)), ("件数", str(sum(len(p.items) for p in parts))),
    ]  # fmt: skip
    told = templates().get_template("volume.html").render(
        title=request.title, about=about, parts=parts, heads=[*HEADS, "字节"], others=others,
        policy=policy(), style=Markup(style()),  # noqa: S704 - our own file
    )  # fmt: skip
    return told.encode("utf-8", "replace")
