"""授权委托与A/B角 who may do another's acts, for how long and which: given, ordered, ended (P16).

What was lent is never lent on. How it works on a day is told in ``lending``, what binds in
``ties``.
"""

from datetime import date
from typing import Annotated

import msgspec

from registry.actions.evidence import FOREIGN
from registry.actions.office import Answer, Desk
from registry.actions.outbox import Message, tell
from registry.actions.staff.incompatible import keep_apart
from registry.domain.areas import Relation
from registry.domain.delegation import Delegation, DelegationKind
from registry.domain.document import Document
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.notice import NoticeKind
from registry.domain.people import READS, Organisation, Person, Post, RoleName
from registry.domain.records import Ident, Text, Wire
from registry.policies.access import Access
from registry.policies.apart import lent_term

ONESELF = declare(
    "delegation.self", RefusalKind.INVALID, "不能委托给本人", "Nobody delegates to themself.",
    recorded=True,
)  # fmt: skip
FROZEN = declare(
    "delegation.frozen", RefusalKind.INVALID, "受托人的账号已停用、冻结，或在委托期内不再有效",
    "The account of who would act is disabled, frozen, or not valid in that term.", recorded=True,
)  # fmt: skip
CIRCLE = declare(
    "delegation.circle", RefusalKind.CONFLICT, "受托人同期已将同样的事项委托给委托人，不得循环委托",
    "Who would act has, for the same days and acts, been given them to do by the other: a circle.",
    recorded=True,
)  # fmt: skip
BEYOND = declare(
    "delegation.beyond", RefusalKind.INVALID, "委托人本人的岗位不能委托此项：{act_zh}",
    "The post does not hold this itself, or may not lend it: {act_en}.", recorded=True,
)  # fmt: skip
OUTSIDE = declare(
    "delegation.outside", RefusalKind.INVALID, "受托人须是本单位可以办理业务的在任人员",
    "Who acts for a body holds a post in it, and is none of those who only keep or watch.",
    recorded=True,
)  # fmt: skip
DATES = declare(
    "delegation.dates", RefusalKind.INVALID, "委托期限不对：末日不早于首日，首日不早于今日",
    "The term is wrong: the last day is not before the first, nor the first before today.",
    recorded=True,
)  # fmt: skip
TWICE = declare(
    "delegation.twice", RefusalKind.INVALID, "同一事项写了两次：{act_zh}",
    "An act is named twice: {act_en}.", recorded=True,
)  # fmt: skip
ENDED = declare(
    "delegation.ended", RefusalKind.CONFLICT, "此项委托已经终止", "The delegation has ended.",
    recorded=True,
)  # fmt: skip

ActName = Annotated[
    str, msgspec.Meta(max_length=80, pattern=r"^[a-z_]+(\.[a-z_]+){1,2}$")
]  # fmt: skip
NEVER = ("delegation.", "absence.")
"""What is lent is never lent on: these acts are everybody's own."""


class DeputyCommand(Wire, frozen=True, kw_only=True):
    """设置A/B角: who stands in on the days the holder of the post is away."""

    to_person_id: Ident
    role: RoleName
    organisation_id: Ident
    acts: Annotated[list[ActName], msgspec.Meta(max_length=200)] = []
    """As the access tables name them; none named = whatever the post may do."""
    valid_from: date | None = None
    valid_to: date | None = None
    basis: Text = ""
    document_id: Ident | None = None
    from_person_id: Ident | None = None
    """Whose post it is, where the head of the body orders it for them."""


class DelegationCommand(DeputyCommand, frozen=True, kw_only=True):
    """授权委托: the acts are named, and the term has a last day."""

    acts: Annotated[list[ActName], msgspec.Meta(min_length=1, max_length=200)]
    valid_from: date
    valid_to: date


def give(desk: Desk, command: DelegationCommand) -> Answer:
    """授权委托, by the holder of the post or, for them, by the head of the body."""
    return _lend(desk, command, DelegationKind.DELEGATION)


def name_deputy(desk: Desk, command: DeputyCommand) -> Answer:
    """设置A/B角, likewise; two who stand in for each other are the rule and no circle."""
    return _lend(desk, command, DelegationKind.DEPUTY)


def end(desk: Desk, id: str, version: int | None) -> Answer:
    """终止委托: from this moment it works no more."""
    held = desk.unit.get(Delegation, id, lock=True)
    desk.about(held)
    let(desk, held.organisation_id, held.from_person_id)
    desk.act = "delegation.end"
    if held.ended_on is not None:
        raise Refusal(ENDED)
    desk.check_version(held, version)
    ended = desk.unit.change(held, ended_on=desk.today)
    _tell(desk, ended, ("委托终止", "A delegation has ended"))
    desk.about(ended)
    return Answer(body=ended, version=ended.version)


def _lend(desk: Desk, command: DeputyCommand, kind: DelegationKind) -> Answer:
    giver = command.from_person_id or desk.actor.person_id
    let(desk, command.organisation_id, giver)
    made = Delegation(
        county=desk.unit.county, id=desk.id("dlg"), kind=kind, from_person_id=giver,
        to_person_id=command.to_person_id, organisation_id=command.organisation_id,
        role=command.role, acts=command.acts or lendable(desk.office.access, command.role),
        valid_from=command.valid_from or desk.today, valid_to=command.valid_to,
        basis=command.basis, document_id=command.document_id, given_by=desk.actor.person_id,
        given_at=desk.now,
    )  # fmt: skip
    # One at a time in each body, so that two cannot close a circle between them.
    desk.unit.get(Organisation, made.organisation_id, lock=True)
    _check_term(desk, made)
    _check_giver(desk, made)
    _check_receiver(desk, made)
    kept = desk.unit.add(made)
    _tell(desk, kept, ("受托代办", "You act for a colleague"))
    desk.about(kept)
    return Answer(body=kept, version=kept.version)


def let(desk: Desk, organisation_id: str, giver: str) -> None:
    """Refuse whoever is neither who lends their own post nor the head of the body."""
    own = giver == desk.actor.person_id
    desk.authorise("delegation.give" if own else "delegation.order", owners=[organisation_id])


def lendable(access: Access, role: str) -> list[str]:
    """Every act of a role that changes something and may be lent."""
    return [a for a in access.acts if _lendable(access, role, a) and not a.endswith(READS)]


def _lendable(access: Access, role: str, act: str) -> bool:
    return bool(access.relations(role, act)) and not act.startswith(NEVER)


def _check_term(desk: Desk, made: Delegation) -> None:
    last = made.valid_to or made.valid_from
    if made.valid_from < desk.today or last < made.valid_from:
        raise Refusal(DATES)
    if made.document_id is not None:
        paper = desk.unit.maybe(Document, made.document_id)
        if paper is None or paper.uploaded_by not in (made.given_by, made.from_person_id):
            raise Refusal(FOREIGN, document=made.document_id)


def _check_giver(desk: Desk, made: Delegation) -> None:
    """Refuse a post that is not the giver's own, or an act it does not hold itself."""
    posts = desk.unit.find(
        Post, person_id=made.from_person_id, organisation_id=made.organisation_id
    )
    held = [p for p in posts if p.role == made.role and p.in_force(made.valid_from)]
    may_lend = Relation.OWN in desk.office.access.relations(made.role, "delegation.give")
    if not held or not may_lend or not made.acts:
        raise Refusal(BEYOND, act_zh=made.role, act_en=made.role)
    for act in made.acts:
        if made.acts.count(act) > 1:
            zh, en = desk.office.access.named(act)
            raise Refusal(TWICE, act=act, act_zh=zh, act_en=en)
        if not _lendable(desk.office.access, made.role, act):
            zh, en = desk.office.access.named(act)
            raise Refusal(BEYOND, act=act, act_zh=zh, act_en=en)


def _check_receiver(desk: Desk, made: Delegation) -> None:
    """Refuse whoever could not act: the giver, a frozen account, a stranger; or closes a circle."""
    if made.to_person_id == made.from_person_id:
        raise Refusal(ONESELF)
    person = desk.unit.maybe(Person, made.to_person_id)
    days = (made.valid_from, made.valid_to or made.valid_from)
    if person is None or not all(person.in_force(day) for day in days):
        raise Refusal(FROZEN)
    posts = desk.unit.find(Post, person_id=made.to_person_id)
    held = [p for p in posts if p.in_force(made.valid_from)]
    able = all(desk.office.access.relations(p.role, "delegation.take") for p in held)
    if not able or made.organisation_id not in {p.organisation_id for p in held}:
        raise Refusal(OUTSIDE)
    # Also what begins later in the term, or is in their hands by another delegation.
    keep_apart(desk, made.to_person_id, lent_term(made))
    if made.kind is DelegationKind.DELEGATION and _closes_circle(desk, made):
        raise Refusal(CIRCLE)


def _closes_circle(desk: Desk, made: Delegation) -> bool:
    """Whether the acts come back to the giver by what stands already, over however many hands."""
    seen, ahead = set[str](), [made.to_person_id]
    while ahead:
        for given in desk.unit.find(Delegation, from_person_id=ahead.pop()):
            if not _overlaps(given, made):
                continue
            if given.to_person_id == made.from_person_id:
                return True
            if given.to_person_id not in seen:
                seen.add(given.to_person_id)
                ahead.append(given.to_person_id)
    return False


def _overlaps(one: Delegation, other: Delegation) -> bool:
    """Whether two delegations stand for the same body and act on some common day."""
    first = max(one.valid_from, other.valid_from)
    return (
        one.kind is other.kind
        and one.organisation_id == other.organisation_id
        and not set(one.acts).isdisjoint(other.acts)
        and (one.valid_to is None or first <= one.valid_to)
        and (other.valid_to is None or first <= other.valid_to)
        and (one.ended_on is None or first < one.ended_on)
    )


def _tell(desk: Desk, given: Delegation, said: tuple[str, str]) -> None:
    """Tell both sides; who did it is not told of it."""
    of = desk.unit.get(Person, given.from_person_id).name
    to = desk.unit.get(Person, given.to_person_id).name
    first, last = given.valid_from, given.valid_to
    until = (
        (f"{first} 至 {last}", f"{first} to {last}") if last else (f"{first} 起", f"from {first}")
    )
    message = Message(
        kind=NoticeKind.DELEGATED, text=f"{said[0]}：{of} → {to}，{until[0]}",
        text_en=f"{said[1]}: {of} → {to}, {until[1]}",
    )  # fmt: skip
    tell(desk, (given.from_person_id, given.to_person_id), message, given)
