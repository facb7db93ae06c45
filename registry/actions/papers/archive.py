"""归档包 one closed case as one zip (一事一卷): index, metadata, papers as PDF, files, digests.

Whoever may read the case gets of it what they may read, and nothing else; the same records give the
same bytes.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from registry.actions import reading
from registry.actions.office import Answer, Call, Office
from registry.actions.papers import pdf
from registry.actions.papers.book import Book, day
from registry.actions.papers.deciding import applicants
from registry.actions.papers.drawing import plain
from registry.actions.papers.kinds import KINDS
from registry.actions.reading import ListQuery
from registry.actions.seeing import ACT
from registry.domain.document import Document
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.funds import VoucherLine
from registry.domain.notice import Notice
from registry.domain.paper import Grid, Paper
from registry.domain.presence import Presence
from registry.domain.records import Record
from registry.domain.request import Request, State
from registry.domain.spending import Expenditure
from registry.policies.dictionary import code_zh

NOT_CLOSED = declare(
    "archive.open", RefusalKind.CONFLICT, "本案尚未归档，不能生成归档包",
    "The case is not closed yet; there is no volume of it.", recorded=True,
)  # fmt: skip
MEDIA = "application/zip"
INDEX, METADATA, ENTRIES, DIGESTS = "卷内目录.pdf", "元数据.json", "日志.jsonl", "SHA256SUMS"
_LEFT_OUT = (Request, Notice, Expenditure, VoucherLine, Document)
"""Told elsewhere in the volume, one's own alone, or shown to each reader in a form of its own."""
_TODAY = (Presence,)
"""Whose paper is of the day it is asked for, and would differ tomorrow."""
_BARRED = dict.fromkeys(map(ord, '\\/:*?"<>|\n\t'), "_")
_NAMED = 64
"""Letters of a file's name."""


class Item(NamedTuple):
    """卷内文件: one line of the index, and its bytes."""

    name: str
    """Path within the volume."""
    title: str
    number: str
    dated: str
    pages: str
    octets: bytes


def volume(office: Office, call: Call, id: str) -> tuple[str, bytes]:
    """The volume of a case: its file's name, and the zip.

    Raises:
        Refusal: ``access.hidden``, ``access.reading``, ``archive.open``.
    """
    request = reading.one(office, call.actor, Request, id, county=call.county)
    if request.state is not State.CLOSED:
        raise Refusal(NOT_CLOSED)
    made: bytes = office.ask(call, lambda desk: Answer(body=_packed(Book(desk), request))).body
    name = plain(f"归档包-{request.title}").translate(_BARRED)[:_NAMED]
    return f"{name}.zip", made


def _packed(book: Book, request: Request) -> bytes:
    records = {kind.__name__: found for kind in _kinds() if (found := _of(book, kind, request))}
    items = [*_papers(book, request, records), *_files(book, request)]
    index = _index(book, request, items)
    files = {INDEX: pdf.made(index), METADATA: _metadata(request, records)}
    files |= {item.name: item.octets for item in items}
    if entries := _entries(book, request):
        files[ENTRIES] = entries
    sums = [f"{hashlib.sha256(files[name]).hexdigest()}  {name}" for name in sorted(files)]
    files[DIGESTS] = ("\n".join(sums) + "\n").encode()
    return _zipped(files)


def _kinds() -> list[type[Record]]:
    """Every kind of record that belongs to a case, by name."""
    found = [k for k in ACT if "request_id" in k.__struct_fields__ and k not in _LEFT_OUT]
    return sorted(found, key=lambda kind: kind.__name__)


def _of(book: Book, kind: type[Record], request: Request) -> list[Any]:
    return sorted(book.mine(kind, request_id=request.id), key=lambda record: record.id)


def _papers(book: Book, request: Request, records: dict[str, list[Any]]) -> Iterator[Item]:
    """Every paper of the case, in the order of the kinds."""
    at = 0
    for kind in KINDS:
        if kind.record in _TODAY:
            continue
        held = [request] if kind.record is Request else records.get(kind.record.__name__, [])
        for record in held:
            if not kind.there(record):
                continue
            at += 1
            paper = kind.make(book, record)
            octets, pages = pdf.counted(paper)
            yield Item(
                f"文书/{at:03}-{kind.zh}.pdf", paper.title, paper.number, day(paper.signed_on),
                str(pages), octets,
            )  # fmt: skip


def _files(book: Book, request: Request) -> Iterator[Item]:
    """附件, as they were handed in; one that was replaced says so."""
    found = sorted(book.mine(Document, request_id=request.id), key=lambda one: one.id)
    for at, one in enumerate(found, start=1):
        octets = book.office.store.files.read(one.sha256)
        name = plain(one.name).translate(_BARRED)[-_NAMED:]
        title = f"{code_zh(one.type)}：{one.name}" + ("（已被替换）" if one.replaced_by else "")
        yield Item(f"附件/{at:03}-{name}", title, "", "", "—", octets)


def _index(book: Book, request: Request, items: list[Item]) -> Paper:
    """卷内目录."""
    on = request.applied_on
    facts = {"title": request.title, "applicant": applicants(book, request.filing, on)}
    rows = [
        [str(n), item.title, item.number, item.dated, item.pages, str(len(item.octets)), item.name]
        for n, item in enumerate(items, start=1)
    ]
    heads = ["序号", "题名", "文号", "日期", "页数", "字节", "文件"]
    return book.paper(
        "volume", facts, on, number=request.number, number_zh="申请编号", seal=False,
        grids=[Grid(headings=heads, rows=rows, amounts=[4, 5])] if rows else [],
        of=request,
    )  # fmt: skip


def _metadata(request: Request, records: dict[str, list[Any]]) -> bytes:
    """Every record of the case as it stands, in the order of kinds and ids."""
    told = {"Request": [request], **records}
    plain_ = {name: [msgspec.to_builtins(r) for r in held] for name, held in sorted(told.items())}
    return (json.dumps(plain_, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode(
        "utf-8", "replace"
    )


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
