"""代办 whose acts a person may do on a day: their own posts', and those that others lent them (P16).

Asked twice: when a bearer is made out, and again inside the act itself, so that no act stands in
the log after the end of the post, the account or the delegation it was done by.
"""

from collections.abc import Iterable
from datetime import date
from typing import TypeVar

from registry.domain.delegation import Absence, Delegation, DelegationKind
from registry.domain.people import Person, Post, PostView
from registry.store.unit import Unit

T = TypeVar("T", Post, Absence)


def held_by(unit: Unit, person_id: str, on: date) -> list[Post]:
    """The posts that are a person's own on a day."""
    return [p for p in unit.find(Post, person_id=person_id) if p.in_force(on)]


def lent_to(unit: Unit, person_id: str, on: date) -> list[tuple[Delegation, Post]]:
    """Delegations that work for a person on a day, each with the post that is lent."""
    given = unit.find(Delegation, to_person_id=person_id)
    return [(d, post) for d in given if (post := lent(unit, d, on)) is not None]


def lent(unit: Unit, given: Delegation, on: date) -> Post | None:
    """The post a delegation lends on a day; ``None`` where it is over, where who gave it has left
    or is there themself (A/B角), or where who has it no longer belongs to the body."""
    if not given.in_force(on) or not active(unit, given.from_person_id, on):
        return None
    if given.kind is DelegationKind.DEPUTY:
        away = unit.find(Absence, person_id=given.from_person_id)
        if _standing(unit, away, on) is None:
            return None
    here = {"organisation_id": given.organisation_id}
    if _standing(unit, unit.find(Post, person_id=given.to_person_id, **here), on) is None:
        return None
    posts = unit.find(Post, person_id=given.from_person_id, **here)
    return _standing(unit, [p for p in posts if p.role == given.role], on)


def stands(unit: Unit, person_id: str, post: PostView, on: date) -> bool:
    """Whether a person may use a post at this moment, whatever was remembered of them.

    Args:
        unit: of the partition the person belongs to.
    """
    if post.post_id is None:
        return True
    if not active(unit, person_id, on):
        return False
    if post.delegation_id is not None:
        given = unit.standing(Delegation, post.delegation_id)
        return given is not None and lent(unit, given, on) is not None
    held = unit.standing(Post, post.post_id)
    return held is not None and held.in_force(on)


def active(unit: Unit, person_id: str, on: date) -> bool:
    """Whether an account may be used on a day."""
    person = unit.standing(Person, person_id)
    return person is not None and person.in_force(on)


def _standing(unit: Unit, rows: Iterable[T], on: date) -> T | None:
    """The first that is in force on a day, and stays so until the act is recorded."""
    for row in rows:
        if row.in_force(on):
            now = unit.standing(type(row), row.id)
            if now is not None and now.in_force(on):
                return now
    return None
