"""案卷 what the makers of papers are given: records around the one asked for, names of their day."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple, TypeVar

import msgspec

from registry.actions.office import Answer, Call, Desk, Office
from registry.actions.papers.reference import reference
from registry.actions.reading import ListQuery, page
from registry.domain.amounts import told_yuan
from registry.domain.errors import Refusal
from registry.domain.paper import Paper, chinese_day
from registry.domain.people import Actor, Person
from registry.domain.records import NATION, Record
from registry.domain.request import Request
from registry.policies.papers import said
from registry.store.written import written

R = TypeVar("R", bound=Record)
_AT_ONCE, _MOST = 256, 4_096
NUMERALS = "一二三四五六七八九十"


class Letterhead(NamedTuple):
    """版头: what this installation puts on every paper."""

    banner: str = ""
    link: Callable[[str], tuple[str, str]] | None = None
    """Where the code of a notice leads, in the pieces of its QR."""


class Book:
    """案卷: one reading connection, and who reads."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.unit = desk, desk.unit
        self.office: Office = desk.office
        self.actor: Actor = desk.actor
        self.county = desk.unit.county
        self.head: Letterhead = desk.office.letterhead or Letterhead()

    @property
    def call(self) -> Call:
        """For those who ask again in the reader's name."""
        return self.desk.call

    def name(self, id: str | None, on: date | None) -> str:
        """当日名称 of a body; empty where none is named."""
        if not id:
            return ""
        body = self.desk.places.organisation(id)
        return self.desk.places.name_on(body, on or self.desk.today)

    def names(self, ids: Iterable[str], on: date | None) -> str:
        """Several of them, each once."""
        return "、".join(dict.fromkeys(self.name(id, on) for id in ids if id))

    def telephone(self, id: str | None) -> str:
        """Of a body; empty where none is kept."""
        return self.desk.places.organisation(id).telephone if id else ""

    def person(self, id: str | None) -> str:
        """Name of who signed, decided, drew up; empty where nobody is named."""
        if not id:
            return ""
        found = self.unit.maybe(Person, id)
        if found is None and self.county != NATION:
            found = self.unit.beside(self.county[:4] + "00").maybe(Person, id)
        return found.name if found is not None else ""

    def since(self, record: Record, version: int = 1) -> tuple[int, datetime]:
        """The entry of the log, and the instant, at which a version was written."""
        return written(self.unit.connection, record, version)

    def then(self, kind: type[R], id: str, beside: Record) -> R | None:
        """A record as it stood when another was first written."""
        at, _ = self.since(beside)
        return self.office.store.reader.get(kind, self.county, id, as_of=at)

    def case(self, id: str, beside: Record) -> Request:
        """The request as it stood when a paper of it was made."""
        return self.then(Request, id, beside) or self.unit.get(Request, id)

    def mine(self, kind: type[R], **equals: Any) -> list[R]:
        """Records that the reader may read; none where their posts read no such thing."""
        found: list[R] = []
        after = None
        while len(found) < _MOST:
            query = ListQuery(after=after, limit=_AT_ONCE, county=self.county, equals=equals)
            try:
                some = page(self.office, self.actor, kind, query)
            except Refusal:
                return []
            found += some.items
            after = some.next
            if after is None:
                break
        return found

    def paper(self, kind: str, facts: Mapping[str, str], on: date | None, **more: Any) -> Paper:
        """A paper with its words: those of the pack in force on its day.

        Args:
            more: fields of the paper; ``of`` = the record it is made from, ``before`` and
                ``after`` = lines around the words.
        """
        overlay = self.desk.rulebook(on).overlay
        told = said([p.document.papers for p in overlay.packs], kind, facts)
        parts = {
            "title": told.title, "to": told.to, "paragraphs": told.body, "closing": told.closing,
            "signing": told.signing, "copies": told.copies, "red_head": told.red_head,
        }  # fmt: skip
        first, last = more.pop("before", []), more.pop("after", [])
        more["closing"] = [*told.closing, *more.pop("closing", [])]
        given = more.pop("of", None)
        if given is not None:
            more |= {"record": stamp(given), "reference": reference(given.id)}
        made = Paper(kind=kind, banner=self.head.banner, **parts | more)
        return msgspec.structs.replace(made, paragraphs=[*first, *made.paragraphs, *last])


def asked(office: Office, call: Call, verb: Callable[[Book], Paper]) -> Paper:
    """A paper made on a reading connection; nothing is recorded."""
    found: Paper = office.ask(call, lambda desk: Answer(body=verb(Book(desk)))).body
    return found


def day(on: date | None) -> str:
    """成文日期; empty where there is none."""
    return chinese_day(on) if on is not None else ""


def term(first: date | None, last: date | None) -> str:
    """期限 in words."""
    if first is None and last is None:
        return "未写明"
    return f"{day(first) or '未写明'}至{day(last) or '长期'}"


def yuan(fen: int | None) -> str:
    """分 as 元; empty where it is not stated."""
    return told_yuan(fen) if fen is not None else ""


def pairs(told: Mapping[str, str]) -> list[list[str]]:
    """栏目与内容: what says nothing is left out."""
    return [[name, text] for name, text in told.items() if text]


def called(request: Request) -> str:
    """申请编号; where the packs give none, the 查询号."""
    return request.number or reference(request.id)


def stamp(record: Record) -> str:
    """系统编号 of what a paper was made from."""
    return f"{record.county}/{record.id}/第{record.version}版"
