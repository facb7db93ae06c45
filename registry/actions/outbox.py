"""发件箱 everything a person is told goes through here, once; channels outside read the same rows."""

from collections.abc import Iterable

from registry.actions.office import Desk
from registry.actions.places import above
from registry.actions.staff.lending import lent
from registry.domain.delegation import Delegation
from registry.domain.notice import Notice, NoticeKind
from registry.domain.people import Person, Post
from registry.domain.records import Record, Wire


class Message(Wire, frozen=True, kw_only=True):
    """一条提醒: what is said, in both languages, and of what."""

    kind: NoticeKind
    text: str
    text_en: str
    request_id: str | None = None
    task_id: str | None = None
    once: str = ""
    """What it is told of and at which stage, e.g. ``<task>.before3``: said once, however often
    asked. Empty = each act tells anew."""


def tell(
    desk: Desk, people: Iterable[str], message: Message, about: Record | None = None
) -> list[Notice]:
    """Put a notice in the inbox of each person; who acts is not told of their own act."""
    found = []
    for person in dict.fromkeys(people):
        if person == desk.actor.person_id:
            continue
        id = f"{message.once}.{person}" if message.once else desk.id("ntc")
        if message.once and desk.unit.maybe(Notice, id) is not None:
            continue
        told = Notice(
            county=desk.unit.county, id=id, person_id=person, kind=message.kind,
            request_id=message.request_id, task_id=message.task_id,
            object_kind=type(about).__name__.lower() if about is not None else "",
            object_id=about.id if about is not None else "",
            text=message.text, text_en=message.text_en, made_on=desk.today, made_at=desk.now,
        )  # fmt: skip
        found.append(desk.unit.add(told))
    return found


def holders(desk: Desk, organisation_id: str, act: str) -> list[str]:
    """People whose posts in an organisation let them do an act there, today, and those whom such
    posts are lent to for it."""
    able = [
        p for p in posts_in(desk, organisation_id)
        if desk.office.access.relations(p.role, act)
    ]  # fmt: skip
    own = {p.person_id for p in able if _active(desk, p)}
    given = desk.unit.find(Delegation, organisation_id=organisation_id)
    meant = [d for d in given if act in d.acts and d.from_person_id in own]
    return sorted(own | {
        d.to_person_id for d in meant if lent(desk.unit, d, desk.today) is not None
    })  # fmt: skip


def heads(desk: Desk, organisation_id: str) -> list[str]:
    """负责人 of an organisation today: who holds a head's post there."""
    held = [p for p in posts_in(desk, organisation_id) if p.role.endswith(_HEAD)]
    return sorted({p.person_id for p in held if _active(desk, p)})


_HEAD = ".head"


def posts_in(desk: Desk, organisation_id: str) -> list[Post]:
    """Posts held today in an organisation of the county or above it: a body's people belong to
    its own partition."""
    held = [
        post for county in above(desk.unit.county)
        for post in desk.unit.beside(county).find(Post, organisation_id=organisation_id)
    ]  # fmt: skip
    return [p for p in held if p.in_force(desk.today)]


def _active(desk: Desk, post: Post) -> bool:
    person = desk.unit.beside(post.county).maybe(Person, post.person_id)
    return person is not None and person.in_force(desk.today)
