"""信箱里看什么 what a reviewer wants to see of each row before it is opened: the case in a line, in
whose hands it is, for whom one would do it.

Cases, tasks and decisions are read as the person may read them; where one may not, nothing is said.
"""

from collections.abc import Iterable
from typing import TypeVar

import msgspec

from registry.actions import reading
from registry.actions.between.hearing import SPEAKING
from registry.actions.boxed import BoxCase, BoxItem, Lying
from registry.actions.office import Office
from registry.actions.reading import ListQuery
from registry.domain.approval import Decision, StepAct, Task, TaskState
from registry.domain.areas import Relation
from registry.domain.errors import Refusal
from registry.domain.people import Actor, PostView
from registry.domain.records import Record
from registry.domain.request import Request
from registry.store.filters import Condition, Op

R = TypeVar("R", bound=Record)
Reader = tuple[Office, Actor]
_MOST = 500


def told(office: Office, actor: Actor, items: list[BoxItem]) -> list[BoxItem]:
    """The rows with their cases, who has what one began, and for whom one would act."""
    reader = (office, actor)
    ids = sorted({one.request_id for one in items if one.request_id})
    cases = {one.id: one for one in _read(reader, Request, ids)}
    numbers = _numbers(reader, cases.values(), items)
    lying = _lying(reader, [one.request_id for one in items if _begun(one)])
    return [
        msgspec.structs.replace(
            one, case=_case(cases.get(one.request_id or ""), numbers),
            lies_with=lying.get(one.request_id or "", []),
            for_person_id=_for_whom(office, actor, one),
        )
        for one in items
    ]  # fmt: skip


def _begun(item: BoxItem) -> bool:
    """我发起的: neither a task nor a word nor a copy put it there."""
    return not (item.task or item.owed or item.opinion or item.copy)


def _read(reader: Reader, kind: type[R], ids: list[str], field: str = "id") -> list[R]:
    if not ids:
        return []
    query = ListQuery(limit=_MOST, where=[Condition(field=field, op=Op.IN, value=ids)])
    try:
        return list(reading.page(*reader, kind, query).items)
    except Refusal:
        return []


def _numbers(reader: Reader, cases: Iterable[Request], items: list[BoxItem]) -> dict[str, str]:
    """文号 by id, where what became of a case is what one looks for."""
    wanted = {one.request_id for one in items if one.opinion is not None or _begun(one)}
    ids = sorted({c.decision_id for c in cases if c.decision_id and c.id in wanted})
    return {one.id: one.number for one in _read(reader, Decision, ids)}


def _case(request: Request | None, numbers: dict[str, str]) -> BoxCase | None:
    if request is None:
        return None
    filing = request.filing
    return BoxCase(
        kind=request.kind, applicant_id=request.applicant_id, applied_on=request.applied_on,
        outcome=request.outcome, insisted=request.insisted, places=len(filing.targets),
        money_fen=sum(line.amount_fen for line in filing.funding),
        decision_number=numbers.get(request.decision_id or "", ""),
    )  # fmt: skip


def _lying(reader: Reader, ids: list[str | None]) -> dict[str, list[Lying]]:
    """By case the open tasks of it."""
    found: dict[str, list[Lying]] = {}
    for task in _read(reader, Task, sorted({id for id in ids if id}), "request_id"):
        if task.state is TaskState.OPEN:
            one = Lying(organisation_id=task.organisation_id, person_id=task.person_id,
                        act=task.act, since=task.handed_on)  # fmt: skip
            found.setdefault(task.request_id, []).append(one)
    return found


def _for_whom(office: Office, actor: Actor, item: BoxItem) -> str | None:
    if item.opinion is not None:
        return item.opinion.on_behalf_of
    return None if item.task is None else for_whom(office, actor, item.task)


def for_whom(office: Office, actor: Actor, task: Task) -> str | None:
    """代谁办理: whose post a task would be finished by; ``None`` = the person's own."""
    speaking = SPEAKING[task.act]
    there = [p for p in actor.posts if p.organisation_id == task.organisation_id]
    posts = [p for p in there if _may(office, p, speaking)]
    if task.person_id not in (None, actor.person_id):
        return next((p.on_behalf_of for p in posts if p.on_behalf_of == task.person_id), None)
    if not posts or any(p.on_behalf_of is None for p in posts):
        return None
    return posts[0].on_behalf_of


def acts_of(office: Office, post: PostView) -> set[str]:
    """The kinds of task a post may finish."""
    return {act.value for act in StepAct if _may(office, post, SPEAKING[act])}


def accepts(office: Office, post: PostView) -> bool:
    """Whether a post accepts cases: it has any task of one that is not accepted yet."""
    return _may(office, post, "request.accept")


def _may(office: Office, post: PostView, act: str) -> bool:
    return post.serves(act) and Relation.OWN in office.access.relations(post.role, act)
