"""外出 the days a person is away, told by themself or their head: then their deputies act."""

from datetime import date, timedelta

from registry.actions.office import Answer, Desk
from registry.actions.outbox import Message, tell
from registry.domain.delegation import Absence, Delegation, DelegationKind
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.notice import NoticeKind
from registry.domain.people import Person, Post
from registry.domain.records import Ident, Text, Wire

DATES = declare(
    "absence.dates", RefusalKind.INVALID, "外出末日早于首日", "The last day is before the first.",
    recorded=True,
)  # fmt: skip
PAST = declare(
    "absence.past", RefusalKind.INVALID, "外出期间 {valid_from} 至 {valid_to} 已经过去，无须登记",
    "The days {valid_from} to {valid_to} are over; there is nothing to record.", recorded=True,
)  # fmt: skip
OVERLAPS = declare(
    "absence.overlaps", RefusalKind.CONFLICT, "已登记 {valid_from} 至 {valid_to} 外出，日期重叠",
    "An absence from {valid_from} to {valid_to} is recorded already.", recorded=True,
)  # fmt: skip
ENDED = declare(
    "absence.ended", RefusalKind.CONFLICT, "此次外出已经销假", "The absence has ended.",
    recorded=True,
)  # fmt: skip


class AbsenceCommand(Wire, frozen=True, kw_only=True):
    """外出登记."""

    valid_from: date
    valid_to: date
    reason: Text = ""
    person_id: Ident | None = None
    """Who is away, where their head records it."""


def record(desk: Desk, command: AbsenceCommand) -> Answer:
    """外出登记: whoever is named as the person's deputy acts for them on these days."""
    person = desk.unit.get(Person, command.person_id or desk.actor.person_id)
    organisation = _let(desk, person.id)
    _check_days(desk, person.id, command)
    kept = desk.unit.add(
        Absence(
            county=desk.unit.county,
            id=desk.id("abs"),
            person_id=person.id,
            organisation_id=organisation,
            valid_from=command.valid_from,
            valid_to=command.valid_to,
            reason=command.reason,
            recorded_by=desk.actor.person_id,
        )
    )
    days = f"{kept.valid_from} – {kept.valid_to}"
    _tell(desk, kept, (f"{person.name}外出，由您代办：{days}", f"{person.name} is away: {days}"))
    desk.about(kept)
    return Answer(body=kept, version=kept.version)


def _check_days(desk: Desk, person_id: str, command: AbsenceCommand) -> None:
    """Refuse days the wrong way round, days that are over, and days that are recorded already.

    Raises:
        Refusal: ``absence.dates``, ``absence.past``, ``absence.overlaps``.
    """
    first, last = command.valid_from, command.valid_to
    if last < first:
        raise Refusal(DATES)
    if last < desk.today:
        raise Refusal(PAST, valid_from=first, valid_to=last)
    # One at a time for each person, so that two do not record the same days.
    desk.unit.get(Person, person_id, lock=True)
    for held in desk.unit.find(Absence, person_id=person_id):
        back = held.ended_on
        until = held.valid_to if back is None else min(held.valid_to, back - timedelta(days=1))
        if first <= until and held.valid_from <= min(last, until):
            raise Refusal(OVERLAPS, valid_from=held.valid_from, valid_to=held.valid_to)


def end(desk: Desk, id: str, version: int | None) -> Answer:
    """销假: back before the last day; deputies act no more from this moment."""
    held = desk.unit.get(Absence, id, lock=True)
    desk.about(held)
    _let(desk, held.person_id)
    desk.act = "absence.end"
    if held.ended_on is not None:
        raise Refusal(ENDED)
    desk.check_version(held, version)
    ended = desk.unit.change(held, ended_on=desk.today)
    name = desk.unit.get(Person, held.person_id).name
    _tell(desk, ended, (f"{name}已销假", f"{name} is back"))
    desk.about(ended)
    return Answer(body=ended, version=ended.version)


def _let(desk: Desk, person_id: str) -> str:
    """Let the person themself, or the head of a body they serve in; returns that body."""
    posts = desk.unit.find(Post, person_id=person_id)
    bodies = [p.organisation_id for p in posts if p.in_force(desk.today)]
    own = person_id == desk.actor.person_id
    post = desk.authorise("absence.record" if own else "absence.order", owners=bodies)
    return post.organisation_id


def _tell(desk: Desk, away: Absence, said: tuple[str, str]) -> None:
    """Tell those who stand in for the person, and the person where another recorded it."""
    given = desk.unit.find(Delegation, from_person_id=away.person_id)
    deputies = [
        d.to_person_id for d in given
        if d.kind is DelegationKind.DEPUTY and d.in_force(max(desk.today, away.valid_from))
    ]  # fmt: skip
    message = Message(kind=NoticeKind.DELEGATED, text=said[0], text_en=said[1])
    tell(desk, (away.person_id, *deputies), message, away)
