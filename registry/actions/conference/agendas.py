"""议程 the body that meets by the county's packs, and which case lies before one of its meetings."""

from datetime import date

from registry.actions.office import Desk
from registry.domain.approval import Task
from registry.domain.conference import Conference, ConferenceState
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.people import Organisation
from registry.policies.procedure import ConferenceRule

NO_RULE = declare(
    "conference.no_rule", RefusalKind.CONFLICT, "规则包没有规定联席会议",
    "The rule packs provide for no joint conference.",
)  # fmt: skip
ON_AGENDA = declare(
    "conference.on_agenda", RefusalKind.CONFLICT,
    "本案已列入「{title}」议程，由会议表决；须先移出议程或取消会议",
    "The case is on the agenda of {title}, which votes on it; take it off or cancel the meeting.",
    recorded=True,
)  # fmt: skip


def rule_of(desk: Desk, on: date | None = None) -> ConferenceRule:
    """How the conference meets, by the packs in force on a day (today).

    Raises:
        Refusal: ``conference.no_rule``.
    """
    found = _rule(desk, on)
    if found is None:
        raise Refusal(NO_RULE)
    return found


def houses(desk: Desk) -> list[Organisation]:
    """The organisations that are the conference.

    Raises:
        Refusal: ``conference.no_rule``, also where its body is not defined.
    """
    key = rule_of(desk).body
    body = desk.rulebook().overlay.setting(lambda d: d.bodies.get(key))
    if body is None:
        raise Refusal(NO_RULE)
    return desk.places.carrying(body.function)


def convened(desk: Desk, task: Task) -> Conference | None:
    """The meeting that has a task before it."""
    meetings = desk.unit.find(
        Conference, organisation_id=task.organisation_id, state=ConferenceState.CONVENED.value
    )
    return next((m for m in meetings if task.id in {i.task_id for i in m.agenda}), None)


def check_free(desk: Desk, task: Task) -> None:
    """Refuse to decide at the desk what a meeting is to vote on.

    Raises:
        Refusal: ``conference.on_agenda``.
    """
    rule = _rule(desk)
    if rule is None or task.body not in (rule.body, ""):
        return
    held = convened(desk, task)
    if held is not None:
        raise Refusal(ON_AGENDA, conference=held.id, title=held.title)


def _rule(desk: Desk, on: date | None = None) -> ConferenceRule | None:
    return desk.rulebook(on).overlay.setting(lambda d: d.conference)
