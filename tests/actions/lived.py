"""进驻之后 builders: a matter that has begun in a community, and the acts on it, one function each."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from registry.actions.living import accepting, departing, leaving, renewing, suspending
from registry.actions.living.leaving import LeaveCommand, Leaving
from registry.actions.office import Answer
from registry.domain.living import Acceptance, Departure
from registry.domain.presence import Presence, PresenceState
from registry.domain.request import Request
from registry.domain.vocabulary import Trigger
from tests.actions.case import (
    Hands,
    accepted,
    admitted,
    agreed,
    drafted,
    funded,
    started,
    submitted,
)
from tests.actions.case import approved as decided
from tests.actions.decided import now, presences

STATUTORY: dict[str, Any] = {
    "title": "协助消防宣传教育", "content": "协助开展消防宣传教育", "standard": "每季度一次",
    "bases": [{"level": "statute", "title": "消防法", "article": "第6条"}],
}  # fmt: skip


def at(day: date) -> datetime:
    """Noon in Shanghai."""
    return datetime(day.year, day.month, day.day, 4, 0, tzinfo=UTC)


def begun(hand: Hands, **changes: Any) -> Presence:
    """Admitted, agreed, paid and started, by the acts of those whose they are."""
    presence = agreed(hand, admitted(hand, **changes))
    funded(hand, presence, 300000)
    return started(hand, now(hand, presence))


def unpaid(hand: Hands, **changes: Any) -> Presence:
    """At work without its money: as if what had come was taken back since."""
    request = admitted(hand, **changes)
    (held,) = presences(hand, request)
    return put(hand, held, state=PresenceState.ACTIVE, started_on=date(2026, 3, 2))


def statutory(hand: Hands, **changes: Any) -> Presence:
    """法定协助 begins without agreement and money; what is owed is recorded."""
    request = accepted(hand, submitted(hand, drafted(hand, **STATUTORY, **changes)))
    (held,) = presences(hand, decided(hand, request))
    return started(hand, held)


def put(hand: Hands, record: Any, **fields: Any) -> Any:
    """A record as it would be after acts that are not tried here."""
    held = now(hand, record)
    return hand("county.head").do(lambda d: Answer(body=d.unit.change(held, **fields)))


def _do(hand: Hands, by: str, record: Any, act: Callable[..., Answer], *command: Any) -> Any:
    held = now(hand, record)
    return hand(by).do(lambda d: act(d, held.id, held.version, *command))


def suspended(hand: Hands, presence: Presence, by: str = "community.head") -> Presence:
    command = suspending.SuspendCommand(reason="到期经费未到")
    found: Presence = _do(hand, by, presence, suspending.suspend, command)
    return found


def resumed(hand: Hands, presence: Presence, by: str = "community.head") -> Presence:
    command = suspending.ResumeCommand(reason="继续")
    found: Presence = _do(hand, by, presence, suspending.resume, command)
    return found


def reported(
    hand: Hands, presence: Presence, by: str = "community.worker", **fields: Any
) -> Acceptance:
    command = accepting.ReportCommand(**{"reported": "全部登记完毕", "quantity": 1000, **fields})
    found: Acceptance = _do(hand, by, presence, accepting.report, command)
    return found


def given(
    hand: Hands, asked: Acceptance, result: str, by: str = "dept.head", **fields: Any
) -> Acceptance:
    told = {"result": accepting.AcceptanceResult(result), "opinion": "抽查", **fields}
    command = accepting.GiveCommand(**told)
    found: Acceptance = _do(hand, by, asked, accepting.give, command)
    return found


def completed(hand: Hands, presence: Presence, by: str = "community.head") -> Presence:
    found: Presence = _do(hand, by, presence, accepting.complete)
    return found


def left(
    hand: Hands, record: Presence | Request, by: str = "dept.head",
    trigger: Trigger = Trigger.WITHDRAWN,
) -> Leaving:  # fmt: skip
    act = leaving.leave_one if isinstance(record, Presence) else leaving.leave_all
    command = LeaveCommand(trigger=trigger, reason="不再需要")
    found: Leaving = _do(hand, by, record, act, command)
    return found


def renewed(
    hand: Hands, record: Presence | Request, ends_on: date, by: str = "dept.clerk", **fields: Any
) -> Request:
    act = renewing.renew_one if isinstance(record, Presence) else renewing.renew
    command = renewing.RenewCommand(ends_on=ends_on, **fields)
    found: Request = _do(hand, by, record, act, command).request
    return found


def settled(hand: Hands, departure: Departure, what: str, by: str = "community.head",
            **fields: Any) -> Departure:  # fmt: skip
    command = departing.SettleCommand(what=what, **fields)  # type: ignore[arg-type]
    found: Departure = _do(hand, by, departure, departing.settle, command)
    return found
