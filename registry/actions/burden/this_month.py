"""本月要做的 what one community is obliged to do in a month, by the day it is due, with money and term.

Read from what each list shows the same person. In the order of days, which is none of merit (P9);
what has no day stands last. What was due before and is not done yet stands first.
"""

from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Annotated, Literal

import msgspec

from registry.actions.burden.at_the_door import area_of
from registry.actions.burden.by_clause import DecliningRule, declining_rule
from registry.actions.burden.portions import Portion, money_rows
from registry.actions.burden.reads import Read
from registry.actions.burden.said_here import SaidHere, said_here
from registry.actions.office import Office
from registry.actions.owing.arrears import Arrear
from registry.actions.telephoning.checking import waiting_of
from registry.domain.approval import Task, TaskState
from registry.domain.evaluating import CodeRound, ReportState, ResidentReport
from registry.domain.filing import Filing
from registry.domain.people import Actor
from registry.domain.presence import Presence, PresenceState
from registry.domain.records import Wire, civil
from registry.domain.walls import CleanupOrder, OrderState
from registry.store.counting import THERE

What = Literal[
    "task", "report", "call", "begin", "work", "finish", "condition", "cleanup", "round", "money"
]
WHAT_ZH: dict[What, str] = {
    "task": "请本社区办理", "report": "居民反映，请核实答复", "call": "电话代录，请核对",
    "begin": "约定开始", "work": "按期完成", "finish": "期满，报告完成情况",
    "condition": "应收到的保障", "cleanup": "牌子清理，请核实", "round": "评价收集截止",
    "money": "应到的经费",
}  # fmt: skip
Cycle = Literal["day", "week", "month", "quarter", "year", "once"]
MonthName = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")]
_QUARTER, _DECEMBER = 3, 12
_RUNS = (PresenceState.ACTIVE, PresenceState.LEGACY)
_COMES = (PresenceState.PLANNED, PresenceState.AGREED)


class Duty(Wire, frozen=True, kw_only=True):
    """一件要做的: what it is, of which matter, by when."""

    what: What
    what_zh: str
    title: str
    resource: str
    """The list in which it is found."""
    id: str
    presence_id: str | None = None
    by_us: bool = True
    """``False`` = others owe it to the community."""
    due_on: date | None = None
    overdue: bool = False
    amount_fen: int = 0
    """Of money, what should have come and has not, 分; of what is still to come nothing is told."""
    note: str = ""
    """What is asked, in the words of the filing."""
    cycle: Cycle | None = None
    hours: int | None = None
    """Each time, hours, as the filing states."""


class MonthMoney(Wire, frozen=True, kw_only=True):
    """经费到本月: of all matters here, 分."""

    promised_fen: int
    due_fen: int
    arrived_fen: int
    missing_fen: int
    """Due and not there."""


class MonthOf(Wire, frozen=True, kw_only=True):
    """本月要做的 of one community."""

    area_id: str
    code: str
    name: str
    month: str
    on: date
    duties: list[Duty]
    money: MonthMoney | None
    """``None`` = the reader sees no money."""
    declining: DecliningRule
    said: list[SaidHere]
    next: str | None = None
    """Of the duties and the money of a part of the matters: the ``after`` of the following one."""


class MonthQuery(Wire, frozen=True, kw_only=True):
    """哪个社区，哪个月."""

    area: str
    """Id or code."""
    county: str | None = None
    month: MonthName | None = None


class _Span(Wire, frozen=True, kw_only=True):
    """The month, and today."""

    first: date
    last: date
    today: date

    def holds(self, day: date | None) -> bool:
        return day is not None and self.first <= day <= self.last

    @property
    def now(self) -> bool:
        """Whether it is the present month: what is late, or has no day, is told of that alone."""
        return self.holds(self.today)

    def keeps(self, day: date | None) -> bool:
        """Whether something open that is due on a day is told of."""
        return self.holds(day) or (self.now and (day is None or day < self.first))


def month_of(
    office: Office, actor: Actor, query: MonthQuery, *, read: Read | None = None,
    portion: Portion | None = None,
) -> MonthOf:  # fmt: skip
    """What a community is to do in a month; without one, in the present month.

    Args:
        read: what was read already of the same person, at the same moment.
        portion: of its matters, and of their money, these alone, beside all that was asked of it
            by name; ``None`` = all of them.

    Raises:
        Refusal: ``access.reading``, ``access.hidden``, ``door.place``.
    """
    code, today = query.county or actor.county, civil(office.clock())
    area = area_of(office, actor, query.area, code)
    span = _span(query.month, today)
    read = read or Read(office, actor, code)
    there = {"area_id": area.id, "state": THERE}
    here = portion.matters if portion else read.all(Presence, there)
    bodies = read.bodies_of(area)
    rows = money_rows(office, actor, (area, code), portion)
    duties = [
        *_asked(read, bodies, span), *_calls(office, (code, bodies), span),
        *_matters(read, here, span), *_owed(rows or [], span),
    ]  # fmt: skip
    return MonthOf(
        area_id=area.id, code=area.code, name=area.name, month=f"{span.first:%Y-%m}", on=today,
        duties=sorted(duties, key=lambda d: (d.due_on or date.max, d.what, d.title, d.id)),
        money=None if rows is None else _sum(rows),
        declining=declining_rule(office.rulebooks.of(code, today), today),
        said=said_here(office, (area, bodies), read, (span.first, span.last)),
        next=portion.next if portion else None,
    )  # fmt: skip


def _span(month: str | None, today: date) -> _Span:
    year, number = (int(part) for part in (month or f"{today:%Y-%m}").split("-"))
    last = monthrange(year, number)[1]
    return _Span(first=date(year, number, 1), last=date(year, number, last), today=today)


def _asked(read: Read, bodies: list[str], span: _Span) -> Iterator[Duty]:
    """What others asked of the community by name."""
    opened = {"organisation_id": bodies, "state": TaskState.OPEN.value}
    for task in read.all(Task, opened):
        if span.keeps(task.due_on):
            yield _duty("task", task.title, "tasks", task, due_on=task.due_on)
    waits = sorted(s.value for s in ReportState if s is not ReportState.ANSWERED)
    for report in read.all(ResidentReport, {"handler_id": bodies, "state": waits}):
        if span.keeps(report.due_on):
            yield _duty("report", report.number, "resident-reports", report, due_on=report.due_on)
    orders = {"organisation_id": bodies, "state": OrderState.OPEN.value}
    for order in read.all(CleanupOrder, orders):
        if span.keeps(order.due_on):
            yield _duty("cleanup", order.number, "cleanup-orders", order, due_on=order.due_on,
                        note=order.reason)  # fmt: skip
    for one in read.all(CodeRound, {"organisation_id": bodies, "closed": False}):
        if span.keeps(one.closes_on):
            yield _duty("round", one.subject, "code-rounds", one, due_on=one.closes_on)


def _duty(
    what: What, title: str, resource: str,
    held: Task | ResidentReport | CleanupOrder | CodeRound, *, due_on: date | None, note: str = "",
) -> Duty:  # fmt: skip
    return Duty(
        what=what, what_zh=WHAT_ZH[what], title=title, resource=resource, id=held.id,
        due_on=due_on, overdue=bool(getattr(held, "overdue", False)), note=note,
    )  # fmt: skip


def _calls(office: Office, of: tuple[str, list[str]], span: _Span) -> Iterator[Duty]:
    for held in waiting_of(office, *of) if span.now else ():
        yield Duty(what="call", what_zh=WHAT_ZH["call"], title=held.text, resource="notices",
                   id=held.id)  # fmt: skip


def _matters(read: Read, here: list[Presence], span: _Span) -> Iterator[Duty]:
    """What the matters that are here ask in the month."""
    filings = read.filings(here)
    for held in here:
        filing = filings.get(held.request_id or "")
        if held.state in _COMES and span.keeps(held.starts_on):
            yield _of(held, "begin", held.starts_on, span)
        if held.state in _RUNS:
            yield from _work(held, filing, span)
        if held.state in _RUNS and span.keeps(held.ends_on) and held.ends_on is not None:
            yield _of(held, "finish", held.ends_on, span)
        for day in _instalments(filing):
            if span.holds(day) and day > span.today:
                due = _of(held, "money", day, span)
                yield msgspec.structs.replace(due, by_us=False)
        for one in filing.conditions if filing else ():
            if one.due_on is not None and span.holds(one.due_on):
                due = _of(held, "condition", one.due_on, span, note=one.description)
                yield msgspec.structs.replace(due, by_us=False)


def _instalments(filing: Filing | None) -> list[date]:
    """The days on which money is due, each once."""
    lines = filing.funding if filing else []
    return sorted({one.due_on for line in lines for one in line.schedule})


def _work(held: Presence, filing: Filing | None, span: _Span) -> Iterator[Duty]:
    """Its work by its cycle: the last day by which this month's is to be done."""
    if filing is None or filing.cycle is None:
        return
    if held.starts_on is not None and held.starts_on > span.last:
        return
    day = _last_of(filing.cycle, held.ends_on, span)
    if day is not None:
        yield _of(held, "work", day, span, filing=filing, note=filing.standard or filing.content)


def _last_of(cycle: Cycle, ends_on: date | None, span: _Span) -> date | None:
    """By when the work of a cycle is to be done, if that falls into the month."""
    number = span.first.month
    if cycle == "once":
        return ends_on if span.holds(ends_on) else None
    comes = {"quarter": number % _QUARTER == 0, "year": number == _DECEMBER}.get(cycle, True)
    last = min(span.last, ends_on or span.last)
    return last if comes and last >= span.first else None


def _of(
    held: Presence, what: What, due_on: date | None, span: _Span, *, filing: Filing | None = None,
    note: str = "",
) -> Duty:  # fmt: skip
    return Duty(
        what=what, what_zh=WHAT_ZH[what], title=held.title, resource="presences", id=held.id,
        presence_id=held.id, due_on=due_on, note=note,
        overdue=due_on is not None and due_on < span.today and what != "work",
        cycle=filing.cycle if filing else None, hours=filing.hours_per_cycle if filing else None,
    )  # fmt: skip


def _owed(rows: Iterable[Arrear], span: _Span) -> Iterator[Duty]:
    """Money that should have come and has not."""
    for row in rows if span.now else ():
        if row.missing_fen > 0:
            yield Duty(
                what="money", what_zh=WHAT_ZH["money"], title=row.title, resource="presences",
                id=row.presence_id, presence_id=row.presence_id, by_us=False, due_on=row.due_on,
                overdue=row.late, amount_fen=row.missing_fen,
            )  # fmt: skip


def _sum(rows: list[Arrear]) -> MonthMoney:
    return MonthMoney(
        promised_fen=sum(r.promised_fen for r in rows), due_fen=sum(r.due_fen for r in rows),
        arrived_fen=sum(r.passed_on_fen for r in rows),
        missing_fen=sum(r.missing_fen for r in rows),
    )  # fmt: skip
