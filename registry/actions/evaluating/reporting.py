"""居民反映 what harms residents or is untrue about them, said without a name, or taken from 12345.

Nobody's name or number is kept: words that look like a number are sent back (P36).
"""

from base64 import b32encode
from datetime import date
from typing import Annotated, Literal

import msgspec

from registry.actions.evaluating.codes import resident
from registry.actions.office import Answer, Call, Desk, Office
from registry.actions.outbox import Message, holders, tell
from registry.actions.places import UNKNOWN_AREA
from registry.actions.redress.handlers import answering, belongs
from registry.actions.seeing import knows
from registry.domain.areas import Area
from registry.domain.calendar import Clock
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.evaluating import REPORT_ZH, ReportState, ResidentReport
from registry.domain.notice import NoticeKind
from registry.domain.people import Organisation
from registry.domain.personal import numbered
from registry.domain.presence import Presence
from registry.domain.records import Ident, Line, Wire
from registry.domain.vocabulary import Disclosure
from registry.policies.judge import Rulebook
from registry.policies.living import AnswerRule

PERSONAL = declare(
    "report.personal", RefusalKind.INVALID,
    "像是写了电话、证件号、账号或者邮箱；请勿写明，日期写成“3月1日”",
    "It looks like a telephone, an identity card, an account or an address: leave it out.",
)  # fmt: skip
SUBJECT = declare(
    "report.subject", RefusalKind.INVALID, "没有所指的单位或者事项",
    "There is no such body or matter.",
)  # fmt: skip
KNOWN = declare(
    "report.known", RefusalKind.CONFLICT, "这件12345工单已经登记，由其他单位办理",
    "This order of 12345 is registered already, and another body handles it.",
)  # fmt: skip
NO_REPORT = declare(
    "report.unknown", RefusalKind.MISSING,
    "没有这个编号的反映，请核对编号：短横线后只有字母和数字 2 至 7，没有数字 0、1、8、9",
    "No report has this number; check it: after the dash stand letters and the digits 2 to 7 only.",
)  # fmt: skip
About = Literal["harm", "publicity", "opinion"]
"""Harm done, untrue publicity, an opinion."""
Told = Annotated[str, msgspec.Meta(min_length=1, max_length=2_000, pattern=r"\S")]
_COUNTY = 6
"""Digits of a county's code, with which a number begins."""
_BYTES = 5
"""40 bits: a number that is short, and that nobody comes upon by trying."""


class ReportCommand(Wire, frozen=True, kw_only=True):
    """居民反映: where, what about, in which words; never who."""

    area: Ident
    """Code of the place."""
    about: About
    wording: Told
    against_id: Ident | None = None
    presence_id: Ident | None = None


class OrderCommand(ReportCommand, frozen=True, kw_only=True):
    """登记居民反映: from 12345 or a meeting."""

    source: Literal["12345", "meeting"]
    external_key: Line | None = None
    """Number of the 12345 order: entered twice it is one report."""


class Followed(Wire, frozen=True, kw_only=True):
    """反映进度 as anybody may read it who has the number: never the words."""

    number: str
    state: ReportState
    state_zh: str
    received_on: date
    due_on: date | None
    overdue: bool
    established: bool | None
    ordered: str
    """What was ordered to be published."""
    answer: str
    answered_on: date | None


def call(office: Office, area: str) -> Call:
    """The act of a resident in the county of a place's code.

    Raises:
        Refusal: ``area.unknown``.
    """
    county = area[:_COUNTY]
    if county not in office.store.reader.partitions():
        raise Refusal(UNKNOWN_AREA, area=area)
    return Call(actor=resident(county), county=county, act="resident_report.tell")


def tell_office(desk: Desk, command: ReportCommand) -> Answer:
    """居民反映, without signing in; answered with a number to ask by.

    Raises:
        Refusal: ``report.personal``, ``report.subject``, ``area.unknown``, ``redress.no_body``.
    """
    desk.authorise("resident_report.tell")
    area = desk.places.area(command.area, desk.today)
    kept = _kept(desk, command, area, ("page", None))
    return Answer(body=followed(kept))


def record(desk: Desk, command: OrderCommand) -> Answer:
    """登记居民反映: the same order of 12345 is one report, however often and wherever it comes.

    Raises:
        Refusal: ``report.known``, and as ``tell_office`` says.
    """
    area = desk.places.area(command.area, desk.today)
    desk.authorise("resident_report.record", paths=[area.path])
    if command.external_key is not None:
        for held in desk.unit.find(ResidentReport, external_key=command.external_key):
            if held.source == command.source:
                if not knows(desk.office, desk.unit, desk.actor, (ResidentReport, held.id)):
                    raise Refusal(KNOWN)
                desk.about(held)
                return Answer(body=held, version=held.version)
    kept = _kept(desk, command, area, (command.source, command.external_key))
    return Answer(body=kept, version=kept.version)


def _kept(
    desk: Desk, command: ReportCommand, area: Area,
    origin: tuple[Literal["page", "meeting", "12345"], str | None],
) -> ResidentReport:  # fmt: skip
    if numbered(command.wording):
        raise Refusal(PERSONAL)
    against = _against(desk, command, area, public=origin[0] == "page")
    rule = _rule(desk.rulebook())
    handler = answering(desk, area, [against] if against else [], rule.body if rule else "")
    due, provisional = due_of(desk, desk.today)
    code = b32encode(desk.office.source.token(_BYTES)).decode()
    number = f"{desk.unit.county}-{code}"
    kept = desk.unit.add(ResidentReport(
        county=desk.unit.county, id=number, number=number, source=origin[0],
        external_key=origin[1], about=command.about, against_id=against,
        presence_id=command.presence_id, area_id=area.id, area_path=area.path,
        wording=command.wording, handler_id=handler.id, received_on=desk.today, due_on=due,
        due_provisional=provisional,
    ))  # fmt: skip
    _tell_handler(desk, kept)
    desk.about(kept)
    return kept


def rerouted(desk: Desk, held: ResidentReport) -> ResidentReport:
    """The report with a body that it is not about, to be examined anew; its clock runs on.

    Raises:
        Refusal: ``redress.no_body``.
    """
    passed = desk.unit.change(
        held, handler_id=next_for(desk, held).id, state=ReportState.REGISTERED, established=None
    )
    _tell_handler(desk, passed)
    return passed


def next_for(desk: Desk, held: ResidentReport) -> Organisation:
    """The body that would handle it today.

    Raises:
        Refusal: ``redress.no_body``.
    """
    rule, about = _rule(desk.rulebook(held.received_on)), [held.against_id or ""]
    place = desk.places.area(held.area_id, desk.today)
    return answering(desk, place, about, rule.body if rule else "")


def _against(desk: Desk, command: ReportCommand, area: Area, *, public: bool) -> str | None:
    """The body it is about: as named, else who asks the matter of the community. What the public
    may not know of is not there for it."""
    found = command.against_id
    if command.presence_id is not None:
        held = desk.unit.maybe(Presence, command.presence_id)
        if held is None or not held.area_path.startswith(area.path):
            raise Refusal(SUBJECT)
        if public and held.disclosure is not Disclosure.OPEN:
            raise Refusal(SUBJECT)
        found = found or held.department_id
    if found is None:
        return None
    try:
        return desk.places.organisation(found).id
    except Refusal:
        raise Refusal(SUBJECT) from None


def _tell_handler(desk: Desk, kept: ResidentReport) -> None:
    message = Message(
        kind=NoticeKind.HANDED, text=f"居民反映 {kept.number}，请核实并答复",
        text_en=f"A resident reports, {kept.number}: examine and answer",
    )  # fmt: skip
    able = holders(desk, kept.handler_id, "resident_report.examine")
    told = [one for one in able if not belongs(desk, one, kept.against_id)]
    tell(desk, told, message, kept)


def _rule(book: Rulebook) -> AnswerRule | None:
    return book.overlay.setting(lambda d: d.resident_report)


def clock_in(book: Rulebook) -> Clock | None:
    """How long there is to answer; ``None`` = the packs give no time."""
    rule = _rule(book)
    return rule.within if rule is not None else None


def due_of(desk: Desk, received_on: date) -> tuple[date | None, bool]:
    """The last day to answer, by the packs of the day it was received, and whether it is a guess;
    none where they give no time."""
    clock = clock_in(desk.rulebook(received_on))
    return (None, False) if clock is None else desk.rulebook().calendar.due(clock, received_on)


def follow(office: Office, number: str) -> Followed:
    """反映进度 by its number, for anybody.

    Raises:
        Refusal: ``report.unknown``.
    """
    number = number.upper()
    held = office.store.reader.get(ResidentReport, number[:_COUNTY], number)
    if held is None:
        raise Refusal(NO_REPORT)
    return followed(held)


def followed(held: ResidentReport) -> Followed:
    """How far a report is."""
    return Followed(
        number=held.number, state=held.state, state_zh=REPORT_ZH[held.state],
        received_on=held.received_on, due_on=held.due_on, overdue=held.overdue,
        established=held.established, ordered=held.ordered, answer=held.answer,
        answered_on=held.answered_on,
    )  # fmt: skip
