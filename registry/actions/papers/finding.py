"""查文书 a paper by what is read out from it: its number, or the 查询号 at its foot.

Whoever asks finds what they may read, and nothing else: a number of somebody else's is as unknown
as one that was never given.
"""

import re
from collections.abc import Iterator
from datetime import date
from string import Formatter
from typing import Any

from registry.actions.office import Answer, Call, Office
from registry.actions.papers.book import Book
from registry.actions.papers.kinds import KINDS, papers_of
from registry.actions.papers.reference import Reference, digits_of, span, typed
from registry.actions.reading import ListQuery, page
from registry.domain.afterwards import Review
from registry.domain.agreement import Agreement
from registry.domain.approval import Decision
from registry.domain.certifying import CertificateDemand
from registry.domain.closing import Clearance
from registry.domain.document_number import folded
from registry.domain.errors import Refusal
from registry.domain.funds import Voucher
from registry.domain.living import Departure, Suspension
from registry.domain.movement import Movement
from registry.domain.presence import Presence
from registry.domain.records import Record, Wire
from registry.domain.redress import Declining, Objection
from registry.domain.request import Request
from registry.domain.serial import Serial
from registry.domain.succession import Handover
from registry.domain.vouching import AdmissionNotice
from registry.domain.walls import CleanupOrder
from registry.policies.numbering import series_of

_MOST = 4_096
"""Records of one day and kind that are looked through."""
_AT_ONCE = 256
_FIRST = "decision"
"""The series in which decisions count on from before templates had their own."""
RESOURCE = {kind.record: kind.resource for kind in KINDS}
PREFIX: dict[str, type[Record]] = {
    "req": Request, "dec": Decision, "rev": Review, "agr": Agreement, "mov": Movement,
    "sus": Suspension, "dep": Departure, "obj": Objection, "dcl": Declining,
    "cdm": CertificateDemand, "cln": CleanupOrder, "vch": Voucher, "psn": Presence,
    "clr": Clearance, "hov": Handover,
}  # fmt: skip
"""What the ids of each kind of record begin with; those of 准入通知书 go by their presence."""
_NAMED = ("title", "subject", "person_name", "item")


class PaperWord(Wire, frozen=True, kw_only=True):
    """文书种类."""

    word: str
    zh: str
    en: str


class FoundRecord(Wire, frozen=True, kw_only=True):
    """查到的记录, with the papers that it has."""

    resource: str
    id: str
    title: str
    number: str
    papers: list[PaperWord]


class FoundPapers(Wire, frozen=True, kw_only=True):
    """查文书的结果: empty = nothing of that number that the asker may read."""

    asked: str
    items: list[FoundRecord]


def find(office: Office, call: Call, text: str) -> FoundPapers:
    """What bears a number, or a 查询号, of what the asker may read."""
    asked = folded(text)
    if not asked:
        return FoundPapers(asked="", items=[])

    def verb(desk: Any) -> Answer:
        book = Book(desk)
        at = typed(asked)
        found = _of_day(book, at) if at is not None else _numbered(book, asked)
        return Answer(body=[_told(one, asked) for one in found])

    return FoundPapers(asked=text.strip(), items=office.ask(call, verb).body)


def _told(record: Any, asked: str) -> FoundRecord:
    names = (getattr(record, name, "") for name in _NAMED)
    said = [PaperWord(word=k.word, zh=k.zh, en=k.en) for k in papers_of(record)]
    return FoundRecord(
        resource=RESOURCE[type(record)], id=record.id, title=next(filter(None, names), ""),
        number=next((n for n in _numbers(record) if folded(n) == asked), ""), papers=said,
    )  # fmt: skip


def _numbers(record: Any) -> Iterator[str]:
    """Every number that a record bears."""
    for name in record.__struct_fields__:
        if name == "number" or name.endswith("_number"):
            yield getattr(record, name) or ""


def _of_day(book: Book, at: Reference) -> list[Record]:
    """Records made on a day whose ids end in these digits."""
    found: list[Record] = []
    for prefix, kind in PREFIX.items():
        first, last = span(prefix, at.on)
        found += [r for r in _between(book, kind, first, last) if digits_of(r.id) == at.digits]
    return [one for one in found if papers_of(one)]


def _between(book: Book, kind: type[Record], first: str, last: str) -> Iterator[Record]:
    after: str | None = f"{book.county}|{first}"
    seen = 0
    while after is not None and seen < _MOST:
        query = ListQuery(after=after, limit=_AT_ONCE, county=book.county)
        try:
            some = page(book.office, book.actor, kind, query)
        except Refusal:
            return
        yield from (one for one in some.items if first <= one.id < last)
        seen += len(some.items)
        past = some.items and some.items[-1].id >= last
        after = None if past else some.next


def _numbered(book: Book, asked: str) -> list[Record]:
    """Records for which the number was taken, or whose notice counts on in it."""
    ids = {one.object_id for one in _serials(book, asked)}
    found: list[Record] = []
    for id in sorted(ids):
        kind = PREFIX.get(id.partition("-")[0])
        if kind is None:
            continue
        found += book.mine(kind, id=id)
        if kind is Request:
            found += _of_case(book, id, asked)
    if not found:
        found += _doors(book, asked)
    return [one for one in found if asked in map(folded, _numbers(one)) or type(one) is Review]


def _of_case(book: Book, id: str, asked: str) -> list[Record]:
    """Decisions of a case that bear the number, and the reviews that came to them."""
    decisions = [d for d in book.mine(Decision, request_id=id) if folded(d.number) == asked]
    ids = {one.id for one in decisions}
    reviews = [r for r in book.mine(Review, request_id=id) if r.result_id in ids]
    return [*decisions, *reviews]


def _doors(book: Book, asked: str) -> list[Record]:
    """准入通知书: the decision's number, with the door's behind it."""
    decided, dash, _ = asked.rpartition("-")
    ids = {one.object_id for one in _serials(book, decided)} if dash else set()
    return [n for id in sorted(ids) for n in book.mine(AdmissionNotice, request_id=id)]


def _serials(book: Book, asked: str) -> Iterator[Serial]:
    """Numbers taken that read like this, in the series of the packs in force."""
    for template in _templates(book, asked):
        read = re.fullmatch(_pattern(template), asked)
        if read is None:
            continue
        told = read.groupdict()
        series = series_of(template, area=told.get("area") or "", body=told.get("body") or "")
        for name in (series, _FIRST):
            year, serial = int(told.get("year") or 0), int(told["serial"])
            held = book.unit.maybe(Serial, f"{name}.{year}.{serial}")
            if held is not None and folded(held.number) == asked:
                yield held


def _templates(book: Book, asked: str) -> list[str]:
    """Of the packs in force today, and at the end of the year that the number names."""
    today = book.desk.today
    years = [int(year) for year in re.findall(r"(?<!\d)20\d\d(?!\d)", asked)]
    days = [today, *(date(y, 12, 31) for y in years if y < today.year)]
    found: list[str] = []
    for on in days:
        numbering = book.desk.rulebook(on).overlay.setting(lambda d: d.numbering)
        if numbering is not None:
            found += [numbering.decision, *numbering.of.values()]
    return list(dict.fromkeys(found))


def _pattern(template: str) -> str:
    """A template as what reads its numbers."""
    groups = {"year": r"(?P<year>\d{4})", "serial": r"0*(?P<serial>\d+)",
              "area": "(?P<area>.+?)", "body": "(?P<body>.+?)"}  # fmt: skip
    told: list[str] = []
    for text, name, _, _ in Formatter().parse(template):
        told.append(re.escape(folded(text)))
        if name is not None:
            told.append(groups.pop(name, f"(?P={name})"))
    return "".join(told)
