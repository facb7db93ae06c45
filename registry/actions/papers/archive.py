"""归档包 one closed case as one zip (一事一卷): index, metadata, papers as PDF, files, digests.

Whoever may read the case gets of it what they may read, and nothing else; the same records give the
same bytes, and nothing but a browser and a reader of PDF is needed to read them.
"""

import hashlib
import io
import zipfile
from typing import NamedTuple

from registry.actions import reading
from registry.actions.office import Answer, Call, Office
from registry.actions.papers import listing, pdf
from registry.actions.papers.book import Book, day
from registry.actions.papers.drawing import plain
from registry.actions.papers.gathering import Gathered, gathered
from registry.actions.papers.kinds import KINDS
from registry.actions.papers.listing import Item, Part
from registry.actions.reading import ListQuery
from registry.domain.document import Document
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.presence import Presence
from registry.domain.records import Record
from registry.domain.request import Request, State
from registry.policies.dictionary import code_zh

NOT_CLOSED = declare(
    "archive.open", RefusalKind.CONFLICT, "本案尚未归档，不能生成归档包",
    "The case is not closed yet; there is no volume of it.", recorded=True,
)  # fmt: skip
MEDIA = "application/zip"
INDEX, PAGE, METADATA, ENTRIES = "卷内目录.pdf", "index.html", "元数据.json", "日志.jsonl"
DIGESTS = "SHA256SUMS"
_TODAY = (Presence,)
"""Whose paper is of the day it is asked for, and would differ tomorrow."""
_BARRED = dict.fromkeys(map(ord, '\\/:*?"<>|\n\t'), "_")
_NAMED = 64
"""Letters of a file's name."""


class Volume(NamedTuple):
    """一卷: the files of a case by their names, and its parts as the index tells of them."""

    files: dict[str, bytes]
    parts: list[Part]


def volume(office: Office, call: Call, id: str) -> tuple[str, bytes]:
    """The volume of a case: its file's name, and the zip.

    Raises:
        Refusal: ``access.hidden``, ``access.reading``, ``archive.open``.
    """
    request = reading.one(office, call.actor, Request, id, county=call.county)
    if request.state is not State.CLOSED:
        raise Refusal(NOT_CLOSED)
    made: bytes = office.ask(call, lambda desk: Answer(body=_packed(Book(desk), request))).body
    return f"{_safe(f'归档包-{request.title}')}.zip", made


def _safe(name: str) -> str:
    """A name that every file system takes; no dot of its own leads anywhere."""
    return plain(name).translate(_BARRED).strip(". ")[:_NAMED] or "_"


def _packed(book: Book, request: Request) -> bytes:
    made = _whole(book, request)
    others = [(name, what) for name, what in listing.OTHERS.items() if name in made.files]
    made.files[PAGE] = listing.page(book, request, made.parts, others)
    sums = [
        f"{hashlib.sha256(made.files[name]).hexdigest()}  {name}" for name in sorted(made.files)
    ]
    made.files[DIGESTS] = ("\n".join(sums) + "\n").encode()
    return _zipped(made.files)


def _whole(book: Book, request: Request) -> Volume:
    """A case with, of a composite, each part that is closed in a folder of its own."""
    files, own = _case(book, request)
    parts = [own]
    found = book.mine(Request, parent_id=request.id) if request.composite else []
    for at, part in enumerate(sorted(found, key=lambda one: one.id), start=1):
        title = f"分件{at}：{part.title}"
        if part.state is not State.CLOSED:
            parts.append(Part(title, [], f"该件现为“{code_zh(part.state)}”，尚未归档。"))
            continue
        held, told = _case(book, part, f"分件/{at:02}-{_safe(part.title)}/")
        files |= held
        parts.append(told._replace(title=title))
    return Volume(files, parts)


def _case(book: Book, request: Request, folder: str = "") -> tuple[dict[str, bytes], Part]:
    """The files of one case, below a folder, and its part of the index."""
    held = gathered(book, request)
    items = [*_papers(book, request, held, folder), *_files(book, held, folder)]
    files = {item.name: item.octets for item in items}
    files[folder + INDEX] = pdf.made(listing.sheet(book, request, items))
    files[folder + METADATA] = held.metadata()
    if entries := _entries(book, request):
        files[folder + ENTRIES] = entries
    return files, Part("本卷文件", items, "没有可以查阅的文件。")


def _papers(book: Book, request: Request, held: Gathered, folder: str) -> list[Item]:
    """Every paper of the case, in the order of the kinds."""
    found: list[Item] = []
    for kind in KINDS:
        if kind.record in _TODAY:
            continue
        records: list[Record] = [request] if kind.record is Request else held.of(kind.record)
        for record in filter(kind.there, records):
            try:
                paper = kind.make(book, record)
            except Refusal:
                if kind.needs:
                    continue
                raise
            octets, pages = pdf.counted(paper)
            name = f"{folder}文书/{len(found) + 1:03}-{kind.zh}.pdf"
            by = paper.signed_by or held.applicant
            dated = day(paper.signed_on)
            found.append(Item(name, paper.title, paper.number, by, dated, str(pages), octets))
    return found


def _files(book: Book, held: Gathered, folder: str) -> list[Item]:
    """附件, as they were handed in; one that was replaced says so."""
    found = []
    for at, one in enumerate(held.of(Document), start=1):
        octets = book.office.store.files.read(one.sha256)
        name = f"{folder}附件/{at:03}-{plain(one.name).translate(_BARRED)[-_NAMED:]}"
        title = f"{code_zh(one.type)}：{one.name}" + ("（已被替换）" if one.replaced_by else "")
        by = book.person(one.uploaded_by)
        found.append(Item(name, title, "", by, "", "—", octets))
    return found


def _entries(book: Book, request: Request) -> bytes:
    """Entries of the log about the request itself, for who reads the log; empty = nobody else."""
    told, after = [], None
    while True:
        query = ListQuery(after=after, limit=256, county=book.county,
                          equals={"object_id": request.id})  # fmt: skip
        try:
            page = reading.events(book.office, book.actor, query)
        except Refusal:
            return b""
        told += [event.entry for event in page.items]
        after = page.next
        if after is None:
            return "".join(entry + "\n" for entry in told).encode()


def _zipped(files: dict[str, bytes]) -> bytes:
    """The same files, the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name in sorted(files):
            package.writestr(zipfile.ZipInfo(name), files[name], zipfile.ZIP_DEFLATED)
    return out.getvalue()
