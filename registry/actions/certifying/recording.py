"""证明和用印登记 what was demanded, by which sort of body, how often; how often the seal was used.

Types and counts alone: words that look like a resident's data are not kept.
"""

import hashlib
from datetime import date
from typing import Annotated, Any, Literal

import msgspec

from registry.actions.certifying.answering import BasisWord, Words, receivers_of
from registry.actions.certifying.proposing import draft
from registry.actions.numbering import take_paper_number
from registry.actions.office import Answer, Desk
from registry.domain.areas import Area
from registry.domain.certifying import CertificateDemand, Demander, Month, SealCount
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.people import Organisation
from registry.domain.personal import personal
from registry.domain.records import Count, Ident, Wire
from registry.domain.serial import Paper
from registry.domain.vocabulary import Kind
from registry.policies.certificates import Reply, Wanted, paper, reply
from registry.policies.judge import Rulebook

_MOST = 10**5
"""Demands that one line may count, lest a slip of the finger swamp the figures: technical."""

PERSONAL = declare(
    "certificate.personal", RefusalKind.INVALID,
    "像是写了姓名、证件号或者电话；只登记证明的种类，请改写",
    "It looks like a name or a number of a person: only the sort of paper is registered.",
)  # fmt: skip
NO_ITEM = declare(
    "certificate.item", RefusalKind.INVALID, "清单上没有这项证明：{item}",
    "No list has such a paper: {item}.",
)  # fmt: skip
AHEAD = declare(
    "certificate.month", RefusalKind.INVALID, "{month}还没有到", "{month} has not come yet."
)


HANDED = declare(
    "certificate.handed", RefusalKind.INVALID,
    "已经交付编号的一次性告知单，所写的证明、索要方和依据不能更正；次数、月份可以更正，其他请另行登记",
    "A numbered slip was handed over: what it says of the paper and of who demands it stays. Times "
    "and month may be corrected; register the rest anew.",
    recorded=True,
)  # fmt: skip


class DemandFields(Wire, frozen=True, kw_only=True):
    """证明需求: a sort of paper and a sort of body; never whose."""

    item: Words = ""
    """The words for the paper, where it is not named by its list item."""
    item_id: Ident | None = None
    demander: Demander
    out_of_area: bool = False
    basis: BasisWord | None = None


class DemandCommand(DemandFields, frozen=True, kw_only=True):
    """证明需求登记."""

    organisation_id: Ident
    """The community that was asked; its street may enter what it was told by telephone."""
    times: Annotated[int, msgspec.Meta(ge=1, le=_MOST)] = 1
    month: Month | None = None
    """Absent = this month."""
    slip: bool = False
    """一次性告知单 was handed over: it is given a number."""
    by_telephone: bool = False


class CorrectCommand(DemandFields, frozen=True, kw_only=True):
    """更正登记: all of it as it really was, and why."""

    times: Annotated[int, msgspec.Meta(ge=0, le=_MOST)]
    """0 = it was registered by mistake."""
    month: Month
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=r"\S")]


class SealCommand(Wire, frozen=True, kw_only=True):
    """用印登记: how many copies of a sort of paper in a month; a later word takes its place."""

    organisation_id: Ident
    month: Month
    use: Literal["certificate", "opinion", "seal"]
    item: Words = ""
    item_id: Ident | None = None
    copies: Count


def record(desk: Desk, command: DemandCommand) -> Answer:
    """登记证明需求, with what is answered today; where a list and a statute are at odds, 提请修改 is
    drafted.

    Raises:
        Refusal: ``certificate.personal``, ``certificate.item``, ``certificate.month``.
    """
    body, area = _place(desk, "certificate_demand.record", command.organisation_id)
    given, (item_id, item) = _replied(desk, command, area, desk.today)
    id = desk.id("cdm")
    slip = take_paper_number(desk, Paper.SLIP, body, object_id=id) if command.slip else ""
    kept = desk.unit.add(CertificateDemand(
        county=desk.unit.county, id=id, organisation_id=body.id, area_path=area.path,
        item_id=item_id, item=item, demander=command.demander, out_of_area=command.out_of_area,
        answer=given.answer, clauses=given.clauses, times=command.times,
        month=_month(desk, command.month), recorded_on=desk.today,
        person_id=desk.actor.person_id, slip_number=slip, basis=command.basis,
        by_telephone=command.by_telephone,
    ))  # fmt: skip
    desk.about(kept)
    desk.pack = desk.rulebook().overlay.digest
    if given.conflict is not None:
        draft(desk, given.conflict)
    return Answer(body=kept, version=kept.version)


def _replied(
    desk: Desk, told: DemandFields, area: Area, on: date
) -> tuple[Reply, tuple[str | None, str]]:
    """What is answered by the rules and lists of a day, and which paper it is."""
    book = desk.rulebook(on)
    words = _named(book, told.item_id, told.item, on)
    given = reply(book, Wanted(
        words=words, on=on, receivers=receivers_of(area), paths=[area.path],
        demander=told.demander, out_of_area=told.out_of_area, basis=told.basis,
    ))  # fmt: skip
    return given, _item(book, given, words)


def correct(desk: Desk, id: str, version: int | None, command: CorrectCommand) -> Answer:
    """更正证明需求登记, answered by the rules of the day it was registered; the version before stays.

    Raises:
        Refusal: ``certificate.handed``, and as ``record`` says.
    """
    held = desk.unit.get(CertificateDemand, id, lock=True)
    desk.about(held)
    desk.authorise(
        "certificate_demand.correct", owners=[held.organisation_id], paths=[held.area_path]
    )
    desk.check_version(held, version)
    if personal(command.reason):
        raise Refusal(PERSONAL)
    area = desk.places.home(desk.places.organisation(held.organisation_id))
    given, (item_id, item) = _replied(desk, command, area, held.recorded_on)
    told = {
        "item_id": item_id, "item": item, "demander": command.demander,
        "out_of_area": command.out_of_area, "basis": command.basis,
    }  # fmt: skip
    if held.slip_number and any(getattr(held, name) != value for name, value in told.items()):
        raise Refusal(HANDED)
    kept = desk.unit.change(
        held, **told, answer=given.answer, clauses=given.clauses, times=command.times,
        month=_month(desk, command.month), corrected_on=desk.today, corrected_why=command.reason,
    )  # fmt: skip
    desk.note = {"reason": command.reason}
    desk.about(kept)
    return Answer(body=kept, version=kept.version)


def count(desk: Desk, command: SealCommand) -> Answer:
    """登记用印次数: what is told later of the same month, use and paper takes its place; what was
    told before stays as the version before.

    Raises:
        Refusal: ``certificate.personal``, ``certificate.item``, ``certificate.month``.
    """
    body, area = _place(desk, "seal_count.record", command.organisation_id)
    item = _named(desk.rulebook(), command.item_id, command.item, desk.today)
    if command.item_id is None:
        _check_words(desk.rulebook(), item)
    month = _month(desk, command.month)
    what = f"{body.id}|{month}|{command.use}|{item}"
    id = f"slc-{hashlib.sha256(what.encode()).hexdigest()}"
    held = desk.unit.maybe(SealCount, id, lock=True)
    now: dict[str, Any] = {"copies": command.copies, "recorded_on": desk.today,
           "person_id": desk.actor.person_id}  # fmt: skip
    if held is not None:
        kept = desk.unit.change(held, **now)
    else:
        kept = desk.unit.add(SealCount(
            county=desk.unit.county, id=id, organisation_id=body.id, area_path=area.path,
            month=month, use=command.use, item_id=command.item_id, item=item, **now,
        ))  # fmt: skip
    desk.about(kept)
    return Answer(body=kept, version=kept.version)


def _place(desk: Desk, act: str, organisation_id: str) -> tuple[Organisation, Area]:
    """The community whose seal it is, and where it lies, if the act may be done for it."""
    body = desk.places.standing(organisation_id)
    area = desk.places.home(body)
    desk.authorise(act, owners=[body.id], paths=[area.path])
    return body, area


def _named(book: Rulebook, item_id: str | None, words: str, on: date) -> str:
    """The title of the list item where one is named, else the words."""
    title = paper(book, item_id, on) if item_id else words.strip()
    if not title or not any(sign.isalnum() for sign in title):
        raise Refusal(NO_ITEM, item=item_id or words or "未写明")
    return title


def _item(book: Rulebook, given: Reply, words: str) -> tuple[str | None, str]:
    """The list item that the words surely are; else the words, which name no resident."""
    barred = given.conflict
    if barred is not None:
        return barred.item_id, barred.item
    sure = next((one for one in given.papers if one.sure), None)
    if sure is not None:
        return sure.item_id, sure.title
    _check_words(book, words)
    return None, words


def _check_words(book: Rulebook, words: str) -> None:
    lists = book.lists.lists.values()
    papers = (
        name for of in lists if Kind.CERTIFICATE in of.kinds
        for item in of.items for name in (item.title, *item.aliases)
    )  # fmt: skip
    if personal(words, papers):
        raise Refusal(PERSONAL)


def _month(desk: Desk, month: str | None) -> str:
    """The civil month, ``YYYY-MM``; one to come is refused."""
    now = f"{desk.today:%Y-%m}"
    if month is not None and month > now:
        raise Refusal(AHEAD, month=month)
    return month or now
