"""信箱的内容 what a box is asked for, and what it answers."""

from datetime import date
from enum import StrEnum
from typing import Annotated

import msgspec

from registry.domain.approval import Opinion, StepAct, Task
from registry.domain.movement import Movement
from registry.domain.records import Wire
from registry.domain.vocabulary import Kind, Outcome
from registry.store.owed import Owed
from registry.store.owed import OwedKind as OwedKind  # noqa: PLC0414 - part of what is asked


class Box(StrEnum):
    """信箱."""

    TODO = "todo"
    DONE = "done"
    STARTED = "started"
    COPIED = "copied"


class BoxQuery(Wire, frozen=True, kw_only=True):
    """信箱条件."""

    box: Box = Box.TODO
    after: Annotated[str, msgspec.Meta(max_length=140)] | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=500)] = 50
    text: Annotated[str, msgspec.Meta(max_length=200)] = ""
    """Words in the title of the case."""
    act: StepAct | None = None
    """待办: tasks of one kind."""
    owed: OwedKind | None = None
    """待办: one kind of what is no task."""
    kind: Kind | None = None
    """Of the matter."""
    applicant: Annotated[str, msgspec.Meta(max_length=120)] = ""
    """Id of the leading organisation, or words of its name."""
    area: Annotated[str, msgspec.Meta(max_length=120)] = ""
    """A place that the case is meant for: its id, its code, or words of its name; what is meant
    for a place around it, or within it, is found too."""
    late: bool = False
    """待办: past its day, where that is not provisional."""
    due_within: Annotated[int, msgspec.Meta(ge=0, le=250)] | None = None
    """待办: at most so many working days are left; what is late is among it."""
    unread: bool = False
    """抄送: not read yet."""
    detailed: bool = False
    """With ``case``, ``lies_with`` and ``for_person_id`` of each item, and the counts."""

    @property
    def narrowed(self) -> bool:
        """Whether anything is left out."""
        plain = BoxQuery(box=self.box, after=self.after, limit=self.limit, detailed=self.detailed)
        return self != plain


class BoxCase(Wire, frozen=True, kw_only=True):
    """案情 what a reviewer looks at first of the case a row belongs to."""

    kind: Kind
    applicant_id: str
    applied_on: date | None = None
    outcome: Outcome | None = None
    """预审意见 of the rules; absent = not examined yet, or several parts."""
    insisted: bool = False
    places: int
    """How many areas it names."""
    money_fen: int
    """All that it asks, 分."""
    decision_number: str = ""
    """文号 of the decision, where there is one."""


class Lying(Wire, frozen=True, kw_only=True):
    """在谁手里: an open task of a case that one began."""

    organisation_id: str
    person_id: str | None = None
    act: StepAct
    since: date | None = None


class BoxCount(Wire, frozen=True, kw_only=True):
    """件数 of one box, counted no further than a page needs."""

    found: int
    more: bool
    """There are more than were counted."""


class BoxItem(Wire, frozen=True, kw_only=True):
    """信箱一项: the record that put it there, and the case it belongs to."""

    request_id: str | None = None
    """``None`` for a complaint or a resident's report, which tell of no case."""
    request_title: str
    """Of the case; of what belongs to none, its subject or number."""
    request_state: str
    """Of the case; of an objection, a complaint or a report, its own."""
    task: Task | None = None
    """待办: what is to be done."""
    opinion: Opinion | None = None
    """已办: what the person said."""
    copy: Movement | None = None
    """抄送: who sent it and when it was read."""
    days_left: int | None = None
    """Working days until the task is due, below zero once it is late; ``None`` where no clock
    runs."""
    due_provisional: bool = False
    owed: Owed | None = None
    """待办 that is no task: a case returned (补正), a hearing to answer (陈述申辩), an objection,
    a complaint or a resident's report to be answered, work to be accepted, a proposal to
    amend a rule to be answered, what a yearly review asks, a
    finding of an audit to be answered, a draft to be signed."""
    case: BoxCase | None = None
    lies_with: list[Lying] = []
    """我发起的: who has it now, and since when."""
    for_person_id: str | None = None
    """代谁办理: the task is the person's only by a post held for this one; of 已办, in whose place
    they spoke."""


class BoxPage(Wire, frozen=True, kw_only=True):
    """信箱一页: ``next`` is the ``after`` of the following page."""

    items: list[BoxItem]
    next: str | None = None
    counts: dict[Box, BoxCount] | None = None
    """Of every box, whatever the page is narrowed by."""
