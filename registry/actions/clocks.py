"""期限 when a case and its steps are due: started, handed to the steps, and run on after a pause."""

from datetime import date

from registry.actions.bodies import book_of
from registry.actions.office import Desk
from registry.actions.steps import open_steps
from registry.domain.approval import Step, Task, TaskState
from registry.domain.calendar import Clock, Unit
from registry.domain.request import Request
from registry.policies.pack import DecideIn

Due = tuple[date | None, bool]
"""A last day, if any clock runs, and whether it is provisional."""


def decide_in(desk: Desk, request: Request) -> DecideIn | None:
    """办理时限 of the county's packs; ``None`` = the texts are silent: no clock."""
    return book_of(desk, request).overlay.setting(lambda d: d.clock.decide_in)


def start_clock(desk: Desk, request: Request, event: str) -> Request:
    """Start the clock of the whole case, if the packs start it at ``event`` (accepted, applied);
    the open steps that have none of their own are given it too."""
    clock = decide_in(desk, request)
    if clock is None or clock.start != event:
        return request
    due = desk.rulebook().calendar.due(clock, desk.today)
    for step in open_steps(desk, request):
        if step.due_on is None:
            give(desk, step, due)
    return desk.unit.change(
        request, due_on=due[0], due_provisional=due[1], clock_from=desk.today, clock_days=None
    )


def of_step(desk: Desk, step: Step, request: Request) -> Due:
    """The last day of a step: its own clock's from the day it opened (today), else the case's."""
    if step.days is None:
        return request.due_on, request.due_provisional
    clock = Clock(days=step.days, unit=step.unit, count_first_day=False)
    return desk.rulebook().calendar.due(clock, step.opened_on or desk.today)


def give(desk: Desk, step: Step, due: Due) -> None:
    """Set the last day of a step and of what still lies on desks for it."""
    desk.unit.change(step, due_on=due[0], due_provisional=due[1])
    for task in desk.unit.find(Task, step_id=step.id, state=TaskState.OPEN.value):
        if not task.escalated:
            desk.unit.change(task, due_on=due[0], due_provisional=due[1])


def left_of(desk: Desk, request: Request) -> int | None:
    """Days left of a case sent back today, in its clock's unit, where the packs stop it."""
    clock = decide_in(desk, request)
    if clock is None or not clock.stops_while_supplementing or request.due_on is None:
        return None
    if clock.unit is Unit.CALENDAR:
        return (request.due_on - desk.today).days + 1
    return desk.rulebook().calendar.working_days_between(desk.today, request.due_on)[0]


def run_on(desk: Desk, request: Request) -> Due:
    """The last day of a case that has been supplemented, given to its open steps as well.

    Where the clock stood still, a step with a clock of its own begins it again: how much of it had
    run is not kept, and nobody is made late by silence.
    """
    due: Due = (request.due_on, request.due_provisional)
    stood = request.clock_left is not None
    if request.clock_left is not None and request.due_on is not None:
        clock = decide_in(desk, request)
        unit = clock.unit if clock is not None else Unit.WORKING
        left = Clock(days=max(request.clock_left, 1), unit=unit, count_first_day=False)
        due = desk.rulebook().calendar.due(left, desk.today)
    for step in open_steps(desk, request):
        if step.days is None:
            give(desk, step, due)
        elif stood:
            again = desk.unit.change(step, opened_on=desk.today)
            give(desk, again, of_step(desk, again, request))
    return due


def make_firm(desk: Desk, request: Request, due: date) -> Request:
    """A guessed last day is known now: of the case, and of its open steps that were guessed."""
    for step in open_steps(desk, request):
        if step.days is None:
            give(desk, step, (due, False))
        elif step.due_provisional:
            give(desk, step, of_step(desk, step, request))
    return desk.unit.change(request, due_on=due, due_provisional=False)
