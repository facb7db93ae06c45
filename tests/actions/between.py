"""环节之间: what the tests of acts between steps ask again and again, one function a question."""

from typing import Any

from registry.actions import approving
from registry.actions.approving import DecideCommand, OpinionCommand
from registry.actions.between import adding, passing, sending_back
from registry.actions.office import Call
from registry.domain.approval import Opinion, Step, StepState, Task
from registry.domain.movement import Movement
from registry.domain.notice import Notice
from registry.domain.request import Request
from tests.actions.case import Hands

COUNTY = "990102"
DECIDE = DecideCommand(reason="同意")


def rows(hand: Hands, kind: type[Any], **equals: Any) -> list[Any]:
    """Rows as they stand now."""
    return list(hand("auditor").office.store.reader.find(kind, COUNTY, **equals))


def now(hand: Hands, request: Request) -> Request:
    """The case as it stands now."""
    found: Request = hand("auditor").office.store.reader.get(Request, COUNTY, request.id)
    return found


def standing(hand: Hands, request: Request) -> dict[str, Step]:
    """The steps of the way as it stands, by key."""
    steps = rows(hand, Step, request_id=request.id)
    return {s.key: s for s in steps if s.state is not StepState.LAPSED}


def states(hand: Hands, request: Request) -> dict[str, str]:
    """How each standing step stands."""
    return {k: s.state.value for k, s in standing(hand, request).items()}


def tasks(hand: Hands, request: Request, key: str) -> list[Task]:
    """Every task of a standing step, in the order they were handed out."""
    return rows(hand, Task, step_id=standing(hand, request)[key].id)


def task(hand: Hands, request: Request, key: str, by: str) -> Task:
    """The task that the body of a person has in a step: the latest one."""
    own = {p.organisation_id for p in hand(by).actor.posts}
    return [t for t in tasks(hand, request, key) if t.organisation_id in own][-1]


def says(hand: Hands, by: str, given: Task, **fields: Any) -> Request:
    """What a person answers to one task, in the version that stands."""
    held = rows(hand, Task, id=given.id)[0]
    command = OpinionCommand(**{"ballot": "agree", "text": "意见", **fields})
    after: Request = hand(by).do(
        lambda d: approving.opine(d, held.id, held.version, command)
    ).request  # fmt: skip
    return after


def speaks(hand: Hands, by: str, request: Request, key: str, **fields: Any) -> Request:
    """What a person's body answers in a step."""
    return says(hand, by, task(hand, request, key, by), **fields)


def decides(hand: Hands, by: str, request: Request, verb: Any = approving.approve) -> Request:
    """What a body decides now, whichever version stands."""
    held = now(hand, request)
    after: Request = hand(by).do(lambda d: verb(d, held.id, held.version, DECIDE)).request
    return after


def adds(hand: Hands, by: str, given: Task, body: str, **fields: Any) -> Task:
    """加签 of a body by who has a task."""
    told = {"organisation_id": body, "act": "opinion", "reason": "请提出意见", **fields}
    command = adding.AddCommand(**told)
    made: Task = hand(by).do(lambda d: adding.add(d, given.id, given.version, command))
    return made


def drops(hand: Hands, by: str, given: Task) -> Task:
    """减签."""
    command = adding.DropCommand(reason="不必再等")
    made: Task = hand(by).do(lambda d: adding.drop(d, given.id, given.version, command))
    return made


def passes(hand: Hands, by: str, given: Task, to: str, *, verb: Any = passing.transfer) -> Task:
    """转办 or 委派 to a person by user name."""
    command = passing.PassCommand(person_id=hand(to).actor.person_id, reason="分工调整")
    made: Task = hand(by).do(lambda d: verb(d, given.id, given.version, command))
    return made


def sends_back(hand: Hands, by: str, request: Request, step: str) -> Request:
    """驳回 to a step."""
    held = now(hand, request)
    command = sending_back.SendBackCommand(step=step, reason="户数不符，重新审查")
    after: Request = hand(by).do(
        lambda d: sending_back.send_back(d, held.id, held.version, command)
    ).request  # fmt: skip
    return after


def takes_back(hand: Hands, by: str, given: Task) -> Request:
    """拿回 of what was said to a task."""
    held = rows(hand, Task, id=given.id)[0]
    command = sending_back.TakeBackCommand(reason="附件有误")
    after: Request = hand(by).do(
        lambda d: sending_back.take_back(d, held.id, held.version, command)
    ).request  # fmt: skip
    return after


def told(hand: Hands, by: str) -> list[str]:
    """Of what kind a person's notices are."""
    mine = rows(hand, Notice, person_id=hand(by).actor.person_id)
    return sorted(n.kind.value for n in mine)


def opinions(hand: Hands, request: Request, *, lapsed: bool) -> list[Opinion]:
    """What was said in a case, and still counts or does not."""
    given = rows(hand, Opinion, request_id=request.id)
    return [o for o in given if o.lapsed is lapsed]


def moves(hand: Hands, request: Request) -> list[str]:
    """What happened between the steps, by kind."""
    found: list[Movement] = rows(hand, Movement, request_id=request.id)
    return sorted(m.kind.value for m in found)


def call(hand: Hands, by: str, key: str | None = None) -> Call:
    """A call as the door makes it."""
    return Call(actor=hand(by).actor, county=COUNTY, act="batch.approve", key=key)
