"""提醒 what is told of tasks as their last day comes near, and of those that nobody touches (P16).

All in the one outbox; each stage of a task is told once, to whoever has it then.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from registry.actions.between.hearing import SPEAKING
from registry.actions.office import Answer, Desk, Office
from registry.actions.outbox import Message, heads, holders, tell
from registry.domain.approval import Task, TaskState
from registry.domain.calendar import Calendar
from registry.domain.movement import Movement, MovementKind
from registry.domain.notice import Notice, NoticeKind
from registry.domain.records import Wire
from registry.domain.request import Request, State
from registry.policies.procedure import ReminderRule

_TOGETHER = 100
"""Tasks told of in one act."""
_SAID = {
    NoticeKind.DUE: ("{title}：将于 {due} 到期", "{title}: due on {due}"),
    NoticeKind.DUE_TODAY: ("{title}：今日到期", "{title}: due today"),
    NoticeKind.OVERDUE: ("{title}：已于 {due} 到期，请尽快办理", "{title}: was due on {due}"),
    NoticeKind.UNTOUCHED: (
        "{title}：自 {handed} 起无人办理，请安排", "{title}: untouched since {handed}; assign it"
    ),
}  # fmt: skip


class Due(NamedTuple):
    """到点的提醒: one task at one stage."""

    task: Task
    kind: NoticeKind
    stage: str


class Stage(Wire, frozen=True, kw_only=True):
    """提醒阶段 of a task on a day."""

    kind: NoticeKind
    key: str


def reminders(office: Office, county: str, today: date) -> Iterator[Sequence[Due]]:
    """What is to be told in a county today and was not yet, in handfuls; nothing where its packs
    name no reminders."""
    book = office.rulebooks.of(county, today)
    rule = book.overlay.setting(lambda d: d.reminders)
    if rule is None:
        return
    reader = office.store.reader
    # What was sent back lies with the asking side: nobody else is reminded of it.
    away = {r.id for r in reader.find(Request, county, state=State.RETURNED.value)}
    found = [
        due for due in (*_near(office, county, rule, today), *_idle(office, county, rule, today))
        if due.task.request_id not in away
    ]  # fmt: skip
    told = _told(office, county, found)
    fresh = [due for due in found if _id(due) not in told]
    for first in range(0, len(fresh), _TOGETHER):
        yield fresh[first : first + _TOGETHER]


def _near(office: Office, county: str, rule: ReminderRule, today: date) -> Iterator[Due]:
    calendar = office.rulebooks.of(county, today).calendar
    horizon = today + timedelta(days=1)
    if rule.before:
        last, _ = calendar.add_working_days(today, max(rule.before), count_first_day=False)
        horizon = last + timedelta(days=1)
    open_ = TaskState.OPEN.value
    for task in office.store.reader.find(Task, county, before=("due_on", horizon), state=open_):
        stage = stage_of(task, rule, today, calendar)
        if stage is not None:
            yield Due(task, stage.kind, stage.key)


def stage_of(task: Task, rule: ReminderRule, today: date, calendar: Calendar) -> Stage | None:
    """The stage a task has reached, the nearest to its last day; ``None`` = nothing to say.

    A guessed date is told of beforehand and never makes anything late.
    """
    if task.due_on is None:
        return None
    return stage_on((task.due_on, task.due_provisional), rule, today, calendar)


def stage_on(
    due: tuple[date, bool], rule: ReminderRule, today: date, calendar: Calendar
) -> Stage | None:
    """The stage of anything due on a day.

    Args:
        due: the day, and whether it is a guess.
    """
    due_on, provisional = due
    if due_on < today:
        late = rule.overdue and not provisional
        return Stage(kind=NoticeKind.OVERDUE, key="overdue") if late else None
    if due_on == today:
        return Stage(kind=NoticeKind.DUE_TODAY, key="today") if rule.on_the_day else None
    left, _ = calendar.working_days_between(today + timedelta(days=1), due_on)
    reached = [days for days in rule.before if left <= days]
    return Stage(kind=NoticeKind.DUE, key=f"before{min(reached)}") if reached else None


def _idle(office: Office, county: str, rule: ReminderRule, today: date) -> Iterator[Due]:
    """Tasks that nobody has done anything with for the pack's working days."""
    if rule.untouched is None:
        return
    reader, calendar = office.store.reader, office.rulebooks.of(county, today).calendar
    open_ = TaskState.OPEN.value
    lying = [
        task for task in reader.find(Task, county, before=("handed_on", today), state=open_)
        if task.handed_on is not None and _past(calendar, task.handed_on, today, rule.untouched)
    ]  # fmt: skip
    ids = [task.id for task in lying]
    touched = {m.task_id for m in reader.find(Movement, county, task_id=ids)} if ids else set()
    for task in lying:
        if task.id not in touched:
            yield Due(task, NoticeKind.UNTOUCHED, f"untouched{task.handed_on}")


def _past(calendar: Calendar, handed: date, today: date, days: int) -> bool:
    gone, guessed = calendar.working_days_between(handed + timedelta(days=1), today)
    return gone >= days and not guessed


def _id(due: Due) -> str:
    return f"{due.task.id}.{due.stage}"


def _told(office: Office, county: str, found: Sequence[Due]) -> set[str]:
    """Stages told already to somebody who still has the task: a new holder is told afresh."""
    ids = sorted({due.task.id for due in found})
    held = office.store.reader.find(Notice, county, task_id=ids) if ids else []
    moved = {due.task.id: due.task.person_id for due in found}
    return {
        notice.id.removesuffix(f".{notice.person_id}") for notice in held
        if notice.kind is NoticeKind.UNTOUCHED
        or moved.get(notice.task_id or "") in (None, notice.person_id)
    }  # fmt: skip


def remind(desk: Desk, batch: Sequence[Due]) -> Answer:
    """Tell those who have the tasks, or the heads of the bodies where nobody touched them."""
    told = 0
    for due in batch:
        task = desk.unit.get(Task, due.task.id)
        if task.state is not TaskState.OPEN or task.handed_on != due.task.handed_on:
            continue
        people = _to_whom(desk, task, due.kind)
        told += len(tell(desk, people, _message(task, due), task))
        if due.kind is NoticeKind.UNTOUCHED and people:
            _show_head(desk, task, people[0])
    return Answer(body=told)


def _to_whom(desk: Desk, task: Task, kind: NoticeKind) -> list[str]:
    if kind is NoticeKind.UNTOUCHED:
        return heads(desk, task.organisation_id)
    if task.person_id is not None:
        return [task.person_id]
    return holders(desk, task.organisation_id, SPEAKING[task.act])


def _message(task: Task, due: Due) -> Message:
    zh, en = _SAID[due.kind]
    words = {"title": task.title, "due": task.due_on, "handed": task.handed_on}
    return Message(
        kind=due.kind, text=zh.format(**words), text_en=en.format(**words),
        request_id=task.request_id, task_id=task.id, once=_id(due),
    )  # fmt: skip


def _show_head(desk: Desk, task: Task, head: str) -> None:
    desk.unit.add(
        Movement(
            county=desk.unit.county, id=f"{task.id}.head{task.handed_on}",
            request_id=task.request_id, kind=MovementKind.TO_HEAD, step_id=task.step_id,
            task_id=task.id, person_id=desk.actor.person_id, organisation_id=task.organisation_id,
            to_person_id=head, to_organisation_id=task.organisation_id, at=desk.now,
        )
    )  # fmt: skip
