"""例外 as tests enter them: proposed by the county office, granted and ended by its head."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import msgspec

from registry.actions import reading
from registry.actions.reading import ListQuery
from registry.actions.rules import exceptions
from registry.actions.rules.exceptions import (
    EndCommand,
    ExceptionCommand,
    ExceptionView,
    GrantCommand,
)
from registry.domain.records import SHANGHAI
from registry.domain.waiver import Waiver
from tests.conftest import MovingClock

Hands = Callable[[str], Any]
COUNTY = "990102"
FIRST, LAST = date(2026, 3, 10), date(2026, 3, 20)
OFF = {"rules": ["DM-OFF"], "kinds": ["task"]}
TERM = {"scope": OFF, "valid_from": FIRST.isoformat(), "valid_to": LAST.isoformat()}
"""An exception to DM-OFF of ``enacting.barring`` for some days."""

PLAIN: dict[str, Any] = {
    "basis": "meeting", "document_number": "演示会纪〔2026〕3号", "issuer": "演示县准入联席会议",
    "dated_on": "2026-03-01", "reason": "汛期排查(演示)",
    "scope": {"rules": ["DM-MONEY-NONE"]}, "valid_from": "2026-03-02", "valid_to": "2026-06-30",
}  # fmt: skip


def proposed(hand: Hands, by: str = "county.office", **changes: Any) -> ExceptionView:
    command = msgspec.convert({**PLAIN, **changes}, ExceptionCommand)
    view: ExceptionView = hand(by).do(lambda d: exceptions.propose(d, command))
    return view


def granted(hand: Hands, by: str = "county.head", **changes: Any) -> ExceptionView:
    made = proposed(hand, **changes)
    view: ExceptionView = hand(by).do(
        lambda d: exceptions.grant(d, made.id, made.version, GrantCommand())
    )
    return view


def ended(hand: Hands, view: ExceptionView, reason: str = "提前结束") -> ExceptionView:
    after: ExceptionView = hand("county.head").do(
        lambda d: exceptions.end(d, view.id, view.version, EndCommand(reason=reason))
    )
    return after


def listed(hand: Hands, by: str = "county.office", **query: Any) -> list[str]:
    person = hand(by)
    page = reading.page(person.office, person.actor, Waiver, ListQuery(**query))
    return [row.id for row in page.items]


def on_day(clock: MovingClock, day: date) -> None:
    """Nine in the morning of a day."""
    clock.at = datetime(day.year, day.month, day.day, 9, tzinfo=SHANGHAI)
