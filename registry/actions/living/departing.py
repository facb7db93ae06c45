"""退出之后 a matter has left a community: what it leaves behind, until all of it is in order (M22).

Every way of leaving comes here: run out, withdrawn, ordered out, revoked, fallen away by a change.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, Literal

from registry.actions.ledger.posting import lines_of, unsettled
from registry.actions.living.apart import by_who_asks
from registry.actions.living.suspended import end_suspensions
from registry.actions.numbering import take_paper_number
from registry.actions.office import Answer, Desk
from registry.actions.outbox import Message, heads, tell
from registry.actions.owing.cleared import money_left, reopen
from registry.actions.walls.closing import stay
from registry.actions.walls.profiling import must_go
from registry.domain.approval import Decision
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.living import Departure, DepartureState
from registry.domain.notice import NoticeKind
from registry.domain.posting import Posting
from registry.domain.presence import Presence
from registry.domain.records import Ident, Wire
from registry.domain.serial import Paper
from registry.domain.vocabulary import Disclosure, Kind, Trigger
from registry.domain.walls import Board, Bureau, WallState

STANDING = declare(
    "departure.boards", RefusalKind.CONFLICT, "牌子或者工作机构 {boards} 尚未核实清除",
    "{boards} has not been attested as removed yet.", recorded=True,
)  # fmt: skip
NOTHING = declare(
    "departure.settled", RefusalKind.CONFLICT, "这一项没有需要了结的，或者已经了结",
    "There is nothing of that kind left to settle.", recorded=True,
)  # fmt: skip
MONEY = declare(
    "departure.money", RefusalKind.CONFLICT,
    "账上还有未了结的经费：{left}；请先退回、支出或者清算（E15 撤销、退出后经费须了结）",
    "Money of it is still open in the books: {left}; give it back, spend or clear it first (E15).",
    recorded=True,
)  # fmt: skip
UNPOSTED = declare(
    "departure.posting", RefusalKind.INVALID, "请指明公布退出的那条公示记录",
    "Name the posting by which the leaving was published.", recorded=True,
)  # fmt: skip
_FILLED_IN = frozenset({Kind.REPORT, Kind.LEDGER, Kind.SURVEY})
"""What stops being filled in on the day it leaves."""


class Why(Wire, frozen=True, kw_only=True):
    """退出缘由."""

    trigger: Trigger
    reason: str
    decision_id: str | None = None
    verdict_id: str | None = None
    goes_on: bool = False
    """Only as what was there before the registry: it has been admitted, and is asked by that."""


class SettleCommand(Wire, frozen=True, kw_only=True):
    """了结一项: boards 牌子清除, money 经费结清, posting 公布."""

    what: Literal["boards", "money", "posting"]
    posting_id: Ident | None = None


def depart(desk: Desk, leaving: Sequence[Presence], why: Why) -> list[Departure]:
    """Keep what each presence that has left leaves behind, and tell its community and who asked it;
    whatever was suspended is over. Their states are the caller's."""
    ids = [presence.id for presence in leaving]
    if not ids:
        return []
    hanging = must_go(desk, ids)
    owing = unsettled(lines_of(desk, ids))
    rule = desk.rulebook().overlay.setting(lambda d: d.exit)
    publish = rule is not None and bool(rule.publish_after)
    found = []
    end_suspensions(desk, ids, why.reason)
    for presence in leaving:
        boards = hanging.get(presence.id, [])
        made = _departure(desk, presence, why)
        money_open = presence.id in owing or presence.arrears
        left = desk.unit.change(
            desk.unit.add(made), boards=boards, money_open=money_open,
            publish=publish and presence.disclosure is Disclosure.OPEN,
        )  # fmt: skip
        found.append(_settled(desk, left))
        _tell(desk, presence, found[-1], why)
    for left in {(one.request_id, one.department_id): one for one in reversed(found)}.values():
        _tell_asking(desk, left)
    return found


def _number(desk: Desk, presence: Presence, why: Why, id: str) -> str:
    """文号 of the 退出通知书, in the name of who decided that it leaves, else of the community."""
    decision = desk.unit.get(Decision, why.decision_id) if why.decision_id else None
    body = decision.organisation_id if decision is not None else presence.organisation_id
    return take_paper_number(desk, Paper.DEPARTURE, desk.places.organisation(body), object_id=id)


def _departure(desk: Desk, presence: Presence, why: Why) -> Departure:
    id = desk.id("dep")
    return Departure(
        county=desk.unit.county, id=id, presence_id=presence.id,
        number=_number(desk, presence, why, id),
        title=presence.title, request_id=presence.request_id, area_path=presence.area_path,
        organisation_id=presence.organisation_id, department_id=presence.department_id,
        trigger=why.trigger, reason=why.reason, decision_id=why.decision_id,
        verdict_id=why.verdict_id, person_id=desk.actor.person_id, left_on=desk.today,
        report_stopped_on=(
            desk.today if presence.kind in _FILLED_IN and not why.goes_on else None
        ),
    )  # fmt: skip


def _tell(desk: Desk, presence: Presence, left: Departure, why: Why) -> None:
    """The community is told that it is obliged no more, and what of it is still there; or by what
    it is obliged now."""
    stop = "，即日起停止填报" if left.report_stopped_on else ""
    down = "，相关牌子须由设置单位清除" if left.boards else ""
    words = (
        f"事项已退出，社区不再承担{stop}{down}",
        "It has left, nothing of it is asked any more",
    )
    if why.goes_on:
        words = (
            "存量事项已补办准入，今后按准入决定办理",
            "It is admitted, and goes on by that decision",
        )
    message = Message(
        kind=NoticeKind.AFTERWARDS,
        request_id=presence.request_id,
        text=f"{words[0]}：{presence.title}",
        text_en=f"{words[1]}: {presence.title}",
    )
    tell(desk, heads(desk, presence.organisation_id), message, left)


def _tell_asking(desk: Desk, left: Departure) -> None:
    """要求单位 is told once a day of each matter, in however many communities it ended; what was
    there before the registry is told by who settles it."""
    if left.department_id is None or left.request_id is None:
        return
    title = desk.unit.get(Presence, left.presence_id).title
    message = Message(
        kind=NoticeKind.AFTERWARDS, request_id=left.request_id,
        once=f"{left.request_id}.left{desk.today}",
        text=f"事项已退出社区，为它设的牌子、工作机构由贵单位负责清除，见退出清单：{title}",
        text_en=f"It has left; what was put up for it is yours to take down: {title}",
    )  # fmt: skip
    tell(desk, heads(desk, left.department_id), message, left)


def _settled(desk: Desk, left: Departure) -> Departure:
    """Settled once nothing of it is open."""
    waits = (
        (left.boards and left.boards_gone_on is None)
        or (left.money_open and left.money_settled_on is None)
        or (left.publish and left.posting_id is None)
    )
    return left if waits else desk.unit.change(left, state=DepartureState.SETTLED)


def settle(desk: Desk, id: str, version: int | None, command: SettleCommand) -> Answer:
    """了结退出事宜: by the community, or its street or county for it: never by who asked alone."""
    left = desk.unit.get(Departure, id, lock=True)
    desk.about(left)
    desk.authorise(
        "departure.settle", owners=[left.organisation_id], paths=[left.area_path],
        ties=by_who_asks(desk, desk.unit.get(Presence, left.presence_id)),
    )  # fmt: skip
    desk.check_version(left, version)
    told = _SETTLING[command.what](desk, left, command)
    after = _settled(desk, desk.unit.change(left, **told))
    desk.about(after)
    return Answer(body=after, version=after.version)


def _boards(desk: Desk, left: Departure, _: SettleCommand) -> dict[str, Any]:
    if not left.boards or left.boards_gone_on is not None:
        raise Refusal(NOTHING)
    if there := _there(desk, left):
        raise Refusal(STANDING, boards="、".join(there))
    return {"boards_gone_on": desk.today}


def _there(desk: Desk, left: Departure) -> list[str]:
    held = [desk.unit.maybe(Board, id) or desk.unit.maybe(Bureau, id) for id in left.boards]
    return [
        one.id for one in held
        if one is not None and one.state is not WallState.REMOVED
        and one.presence_id == left.presence_id
    ]  # fmt: skip


def _money(desk: Desk, left: Departure, _: SettleCommand) -> dict[str, Any]:
    if not left.money_open or left.money_settled_on is not None:
        raise Refusal(NOTHING)
    if still := money_left(desk, left.presence_id):
        raise Refusal(MONEY, left="、".join(still), invariant="E15")
    return {"money_settled_on": desk.today}


def _posting(desk: Desk, left: Departure, command: SettleCommand) -> dict[str, Any]:
    if not left.publish or left.posting_id is not None:
        raise Refusal(NOTHING)
    held = desk.unit.maybe(Posting, command.posting_id) if command.posting_id else None
    if held is None or held.what != "exit" or not _tells_of(held, left):
        raise Refusal(UNPOSTED)
    return {"posting_id": held.id}


def _tells_of(posting: Posting, left: Departure) -> bool:
    """Whether a posting is of this leaving: of the presence, or of its whole request, and where
    its community reads it."""
    if posting.presence_id is not None:
        same = posting.presence_id == left.presence_id
    else:
        same = posting.request_id is not None and posting.request_id == left.request_id
    return same and left.area_path.startswith(posting.area_path)


_SETTLING = {"boards": _boards, "money": _money, "posting": _posting}


def published(desk: Desk, posting: Posting) -> None:
    """A leaving was posted: what waited for that waits no more. For whoever posts."""
    same = (
        {"presence_id": posting.presence_id} if posting.presence_id
        else {"request_id": posting.request_id}
    )  # fmt: skip
    if None in same.values():
        return
    for left in desk.unit.find(Departure, state=DepartureState.OPEN.value, **same):
        if left.publish and left.posting_id is None and _tells_of(posting, left):
            _settled(desk, desk.unit.change(left, posting_id=posting.id))


def boards_down(desk: Desk, presence_id: str, on: date) -> None:
    """Something that hung for a presence is gone, or hangs for another that was admitted since:
    where that was the last of what a departure leaves behind, this is in order."""
    for left in desk.unit.find(Departure, presence_id=presence_id, state=DepartureState.OPEN.value):
        if left.boards and left.boards_gone_on is None and not _there(desk, left):
            _settled(desk, desk.unit.change(left, boards_gone_on=on))


def money_down(desk: Desk, left: Departure) -> None:
    """Money of it went back, was spent or cleared: where nothing is open any more, that part of
    the leaving is in order. For whoever lets money move."""
    waits = left.money_open and left.money_settled_on is None
    if waits and not money_left(desk, left.presence_id):
        _settled(desk, desk.unit.change(left, money_settled_on=desk.today))


def come_back(desk: Desk, presence_ids: list[str]) -> None:
    """What had left is there again: nothing of its leaving is to be settled any more."""
    for left in desk.unit.find(Departure, presence_id=presence_ids):
        if left.back_on is None:
            desk.unit.change(left, back_on=desk.today, state=DepartureState.SETTLED)
    reopen(desk, presence_ids)
    stay(desk, presence_ids)
