"""证明和用印登记 what was demanded, by which sort of body, how often; how often the seal was used.

Types and counts alone: words that look like a resident's data are not kept.
"""

import hashlib
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


class DemandCommand(Wire, frozen=True, kw_only=True):
    """证明需求登记: a sort of paper and a sort of body; never whose."""

    organisation_id: Ident
    """The community that was asked; its street may enter what it was told by telephone."""
    item: Words = ""
    """The words for the paper, where it is not named by its list item."""
    item_id: Ident | None = None
    demander: Demander
    out_of_area: bool = False
    basis: BasisWord | None = None
    times: Annotated[int, msgspec.Meta(ge=1, le=100_000)] = 1
    month: Month | None = None
    """Absent = this month."""
    slip: bool = False
    """一次性告知单 was handed over: it is given a number."""
    by_telephone: bool = False


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
    words = _named(desk, command.item_id, command.item)
    given = reply(desk.rulebook(), Wanted(
        words=words, on=desk.today, receivers=receivers_of(area), paths=[area.path],
        demander=command.demander, out_of_area=command.out_of_area, basis=command.basis,
    ))  # fmt: skip
    item_id, item = _item(desk, given, words)
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


def count(desk: Desk, command: SealCommand) -> Answer:
    """登记用印次数: what is told later of the same month, use and paper takes its place; what was
    told before stays as the version before.

    Raises:
        Refusal: ``certificate.personal``, ``certificate.item``, ``certificate.month``.
    """
    body, area = _place(desk, "seal_count.record", command.organisation_id)
    item = _named(desk, command.item_id, command.item)
    if command.item_id is None:
        _check_words(desk, item)
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


def _named(desk: Desk, item_id: str | None, words: str) -> str:
    """The title of the list item where one is named, else the words."""
    title = paper(desk.rulebook(), item_id, desk.today) if item_id else words.strip()
    if not title:
        raise Refusal(NO_ITEM, item=item_id or words)
    return title


def _item(desk: Desk, given: Reply, words: str) -> tuple[str | None, str]:
    """The list item that the words surely are; else the words, which name no resident."""
    barred = given.conflict
    if barred is not None:
        return barred.item_id, barred.item
    sure = next((one for one in given.papers if one.sure), None)
    if sure is not None:
        return sure.item_id, sure.title
    _check_words(desk, words)
    return None, words


def _check_words(desk: Desk, words: str) -> None:
    lists = desk.rulebook().lists.lists.values()
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
