"""程序 what a pack says of meetings, changes, hearings, reviews and reminders. Silence is no rule."""

from typing import Annotated

import msgspec

from registry.domain.calendar import Clock
from registry.domain.records import Wire
from registry.domain.vocabulary import Grade

Percent = Annotated[int, msgspec.Meta(ge=1, le=100)]
WorkingDays = Annotated[int, msgspec.Meta(ge=1, le=10_000)]


class ConferenceRule(Wire, frozen=True, kw_only=True):
    """联席会议: which body meets, how many must sit, how many must agree."""

    body: str
    """Key of the body in ``[bodies]``."""
    quorum: Percent
    """Of all members, in a hundred, rounded up."""
    carried: Percent
    """Of the members present who may vote on the case, in a hundred, rounded up."""
    grade: Grade


class ChangeRule(Wire, frozen=True, kw_only=True):
    """变更: by which flow, where no fact differs from those the admission was decided by."""

    flow: str = ""
    """Absent = by the routes, as any filing."""
    grade: Grade


class RevocationRule(Wire, frozen=True, kw_only=True):
    """撤销准入: how long the department has to be heard."""

    answer_in: Clock | None = None
    """Absent = only its answer, or its word that it has none, ends the hearing."""
    grade: Grade


class ReviewRule(Wire, frozen=True, kw_only=True):
    """申请复核: by which body, asked and answered within which time."""

    body: str = ""
    """Key of the body that reviews; empty = the one that decided, by another person."""
    asked_within: Clock | None = None
    """From the day of the decision; absent = the text gives no time and nobody is late."""
    decide_in: Clock | None = None
    grade: Grade


class ReminderRule(Wire, frozen=True, kw_only=True):
    """提醒: in working days before the last day; and when the head of a body is told."""

    before: list[WorkingDays] = []
    on_the_day: bool = False
    overdue: bool = False
    untouched: WorkingDays | None = None
    """Working days a task may lie untouched before the head of the body has it shown (P16)."""
