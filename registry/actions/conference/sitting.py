"""与会 who sits in a conference, who votes on a case there, and who must stand aside."""

from collections.abc import Sequence

from registry.actions.office import Desk
from registry.actions.ties import of_member
from registry.domain.approval import Step, Task
from registry.domain.areas import Relation
from registry.domain.conference import AgendaItem, Conference, Member
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.people import Person, Post
from registry.domain.request import Request

VOTING = "conference.vote"
NO_MEMBER = declare(
    "conference.member", RefusalKind.INVALID,
    "{person} 不能代表 {organisation} 出席：没有该人，或其在该单位没有可以表决的岗位",
    "{person} cannot sit for {organisation}: no such person, or no post there that may vote.",
)  # fmt: skip
ASIDE = declare(
    "conference.stands_aside", RefusalKind.FORBIDDEN,
    "{person} 申报了本案、属于申请单位，或者参与过本案的决定，应当回避",
    "{person} filed the case, belongs to who asks, or took part in deciding it before, and stands "
    "aside.", recorded=True,
)  # fmt: skip


def check_members(desk: Desk, members: Sequence[Member]) -> None:
    """Everybody named holds an account and a post in their organisation that lets them vote.

    Raises:
        Refusal: ``conference.member``; ``organisation.unknown``.
    """
    for member in members:
        desk.places.standing(member.organisation_id)
        if not _may(desk, member):
            raise no_member(member.person_id, member.organisation_id)


def no_member(person_id: str, organisation_id: str = "") -> Refusal:
    """The refusal of somebody who does not sit."""
    return Refusal(NO_MEMBER, person=person_id, organisation=organisation_id or "-")


def member_of(held: Conference, person_id: str) -> Member | None:
    """The seat of a person."""
    return next((m for m in held.members if m.person_id == person_id), None)


def may_vote(desk: Desk, request: Request, item: AgendaItem, member: Member) -> bool:
    """Whether a member still sits for their organisation and need not stand aside in a case."""
    step = desk.unit.get(Step, desk.unit.get(Task, item.task_id).step_id)
    return _may(desk, member, of_member(desk, request, step, member.person_id))


def check_may_vote(desk: Desk, request: Request, item: AgendaItem, member: Member) -> None:
    """Refuse the vote of who no longer sits, or stands aside, whoever enters it.

    Raises:
        Refusal: ``conference.member``, ``conference.stands_aside``.
    """
    if not _may(desk, member):
        raise no_member(member.person_id, member.organisation_id)
    if not may_vote(desk, request, item, member):
        raise Refusal(ASIDE, person=member.person_id)


def _may(desk: Desk, member: Member, ties: Sequence[str] = ()) -> bool:
    """Whether access lets a member vote today, by the posts they hold where they sit for."""
    person = desk.unit.maybe(Person, member.person_id)
    if person is None or not person.in_force(desk.today):
        return False
    posts = desk.unit.find(
        Post, person_id=member.person_id, organisation_id=member.organisation_id
    )  # fmt: skip
    held = [(p.role, Relation.OWN) for p in posts if p.in_force(desk.today)]
    return desk.office.access.may(held, VOTING, ties) is not None
