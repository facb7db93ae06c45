"""空白表 an application to fill in by hand, on a number reserved for it that is used once (P40)."""

from itertools import product
from typing import Annotated

import msgspec

from registry.actions.numbering import take_paper_number
from registry.actions.office import Answer, Call, Desk, Office
from registry.actions.papers.book import asked
from registry.domain.areas import Area
from registry.domain.document_number import folded
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.filing import Filing
from registry.domain.paper import Grid, Paper
from registry.domain.people import Organisation
from registry.domain.records import Ident, Wire
from registry.domain.request import Request
from registry.domain.serial import Paper as Numbered
from registry.domain.serial import Serial
from registry.policies.numbering import series_of
from registry.store.former import called

ACT = "form.reserve"
NO_SERIES = declare(
    "form.numbering", RefusalKind.INVALID, "规则包没有规定空白申请表的编号",
    "The rule packs give no numbers for blank applications.", recorded=True,
)  # fmt: skip
UNKNOWN = declare(
    "form.number", RefusalKind.INVALID, "没有为申请单位预留编号 {number}",
    "No number {number} was reserved for the applicant.", recorded=True,
)  # fmt: skip
USED = declare(
    "form.used", RefusalKind.CONFLICT, "预留编号 {number} 已经用过，一个编号只能用一次",
    "The reserved number {number} was used; a number serves once.", recorded=True,
)  # fmt: skip
COUNT = declare(
    "form.count",
    RefusalKind.INVALID,
    "份数应为 1 至 50 的整数",
    "How many: a whole number, 1 to 50.",
)
_USED = "used:"
"""Before the series and id of a number once a request has taken it."""
FIELDS = (
    "事项名称", "事项类别", "社区角色", "申请单位（牵头、联合）", "来文字号和日期", "联系人和电话", "承接主体",
    "责任主体", "涉及的社区（村）", "工作内容", "工作标准", "必要性", "依据（名称、条款、文号）",
    "时限性质、起止日期", "每次工时和频次", "随事下放的权限", "保障条件",
    "经费（付款单位、方式、测算、金额、年度、拨付时间）", "征求意见情况", "先办后录（实际时间、理由）",
)  # fmt: skip
_BLANK = "\u3000"
_ROOM, _HIGH = _BLANK + "\n", 5
"""A line that nobody has written on yet, and how many of them where much is to be said."""
_TALL = frozenset({"工作内容", "必要性", FIELDS[17]})
_SHORT = frozenset({"事项类别", "社区角色", "承接主体", "责任主体"})
"""What a word or two answer: two of them share a row."""


class ReserveCommand(Wire, frozen=True, kw_only=True):
    """预留编号 for blank applications of one organisation."""

    organisation_id: Ident
    count: Annotated[int, msgspec.Meta(ge=1, le=50)] = 1


class Reserved(Wire, frozen=True, kw_only=True):
    """预留的编号."""

    organisation_id: str
    numbers: list[str]


def reserve(desk: Desk, command: ReserveCommand) -> Answer:
    """预留: each number is taken for good, whether its form ever comes back or not."""
    body = desk.places.standing(command.organisation_id)
    desk.authorise(ACT, owners=[body.id])
    numbers = [
        take_paper_number(desk, Numbered.APPLICATION, body, object_id=body.id)
        for _ in range(command.count)
    ]
    if not all(numbers):
        raise Refusal(NO_SERIES)
    return Answer(body=Reserved(organisation_id=body.id, numbers=numbers))


def free(office: Office, call: Call, organisation_id: str) -> Reserved:
    """Numbers reserved for an organisation that no request has taken yet, in their order."""

    def verb(desk: Desk) -> Answer:
        body = desk.places.organisation(organisation_id)
        desk.authorise(ACT, owners=[body.id])
        series = _series(desk, body)
        used = {one.id for one in _series(desk, body, _USED)}
        held = [one for one in series if _USED + one.id not in used]
        return Answer(body=Reserved(organisation_id=body.id, numbers=[s.number for s in held]))

    found: Reserved = office.ask(call, verb).body
    return found


def form(office: Office, call: Call, organisation_id: str, number: str) -> Paper:
    """准入申请表, empty but for its number and who asks.

    Raises:
        Refusal: ``form.number``, ``form.used``, ``access.forbidden``.
    """
    if number not in free(office, call, organisation_id).numbers:
        raise Refusal(UNKNOWN, number=number)
    rows = [[name, _room(name)] for name in FIELDS]
    return asked(
        office, call,
        lambda book: book.paper(
            "application", {"applicant": book.name(organisation_id, None)}, book.desk.today,
            number=number, grids=[Grid(rows=rows)], seal=False,
        ),
    )  # fmt: skip


def _room(name: str) -> str:
    """Lines to write on."""
    lines = 0 if name in _SHORT else _HIGH if name in _TALL else 1
    return _ROOM * lines + _BLANK


def take(desk: Desk, request: Request, filing: Filing) -> None:
    """编号用于本案: the number on the paper that was filled in, once and by one request.

    Raises:
        Refusal: ``form.number``, ``form.used``.
    """
    number = filing.late.form_number if filing.late is not None else ""
    if not number:
        return
    series = _series(desk, desk.places.organisation(filing.leading))
    held = next((one for one in series if folded(one.number) == folded(number)), None)
    if held is None:
        raise Refusal(UNKNOWN, number=number)
    used = desk.unit.maybe(Serial, _USED + held.id, lock=True)
    if used is None:
        # A row of its own under the same count: the table lets none be taken twice.
        desk.unit.add(
            msgspec.structs.replace(
                held, id=_USED + held.id, series=_USED + held.series, object_id=request.id
            )
        )
    elif used.object_id != request.id:
        raise Refusal(USED, number=number)


def _series(desk: Desk, body: Organisation, mark: str = "") -> list[Serial]:
    """Every number reserved for a body or for one that it took over, by whatever template, under
    whatever name: a printed form stays good. With the mark, those of its series that were used."""
    held = [desk.places.organisation(id) for id in sorted(desk.places.before(body.id))]
    series = [
        mark + series_of(template, area=area, body=name)
        for template, one in product(_templates(desk), held)
        for area, name in product(*(_names(desk, named) for named in (desk.places.home(one), one)))
    ]
    series, owners = list(dict.fromkeys(series)), {one.id for one in held}
    found = desk.unit.find(Serial, series=series) if series else []
    mine = [one for one in found if mark or one.object_id in owners]
    return sorted(mine, key=lambda s: (s.year, series.index(s.series), s.serial))


def _templates(desk: Desk) -> list[str]:
    """Every template that the packs ever gave blank applications, the oldest first."""
    packs = desk.office.rulebooks.known(desk.unit.county).values()
    dated = sorted((pack.document for pack in packs), key=lambda d: d.pack.effective_from)
    found = (d.numbering.of.get(Numbered.APPLICATION.value, "") for d in dated if d.numbering)
    return [one for one in dict.fromkeys(found) if one]


def _names(desk: Desk, named: Organisation | Area) -> list[str]:
    return called(desk.unit.reading, desk.unit.county, named)
