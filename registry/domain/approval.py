"""审批 steps, tasks, opinions and decisions: an act is a row, so a new act adds no column."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from itertools import takewhile
from typing import Annotated

import msgspec

from registry.domain.calendar import Unit
from registry.domain.grant import Grant
from registry.domain.records import Record, Wire


class StepAct(StrEnum):
    """环节性质."""

    EXAMINE = "examine"
    OPINION = "opinion"
    CONSULT = "consult"
    EXPERT = "expert"
    """专家论证: answered with the document of the review."""
    DECIDE = "decide"
    RATIFY = "ratify"
    """上级审定 of what was decided below; only then is the decision issued."""
    RECONSIDER = "reconsider"
    """重新审视: what was admitted no longer stands under today's rules; no flow names it."""
    REVIEW = "review"
    """复核 of a decision by another person of the body the pack names; no flow names it."""


DECIDING = frozenset({StepAct.DECIDE, StepAct.RATIFY})
"""Acts that settle a case; the others advise."""


class OnExpiry(StrEnum):
    """逾期后果: no text read here makes silence a yes or a no, so neither is offered."""

    ALERT = "alert"
    ESCALATE = "escalate"


class Quorum(StrEnum):
    """或签 any one suffices; 会签 every body must agree; 票签 a share of the bodies must agree;
    各自 every body answers for its own area and binds no other (P13)."""

    ANY = "any"
    ALL = "all"
    RATIO = "ratio"
    EACH = "each"


class StepState(StrEnum):
    """环节状态."""

    WAITING = "waiting"
    OPEN = "open"
    DONE = "done"
    SKIPPED = "skipped"
    LAPSED = "lapsed"


class TaskState(StrEnum):
    """待办状态."""

    OPEN = "open"
    DONE = "done"
    CANCELLED = "cancelled"


class Ballot(StrEnum):
    """表态."""

    AGREE = "agree"
    DISAGREE = "disagree"
    COMMENT = "comment"


class DecisionKind(StrEnum):
    """决定种类 (P3, P14): admission and its refusals, 撤销准入, and 维持、撤销 on a review."""

    ADMITTED = "admitted"
    NOT_ADMITTED = "not_admitted"
    NOT_ACCEPTED = "not_accepted"
    REVOKED = "revoked"
    UPHELD = "upheld"
    ANNULLED = "annulled"


class FlowStep(Wire, frozen=True, kw_only=True):
    """流程环节 as a pack writes it."""

    key: str
    name: str
    act: StepAct
    bodies: list[str]
    quorum: Quorum = Quorum.ANY
    percent: Annotated[int, msgspec.Meta(ge=1, le=100)] | None = None
    """Of the bodies asked, how many in a hundred must agree (票签 only)."""
    in_order: bool = False
    """依次: the bodies are asked one after another, in the order they are named."""
    instead: str = ""
    """Key of the body above that answers in the place of one whose own request it is (P13);
    empty = who asks is left out and the others answer."""
    required: bool = True
    """A step that is not required opens and is heard, and holds nothing up."""
    beside: bool = False
    """并行: opens together with the step before it; the case goes on when both are done."""
    days: Annotated[int, msgspec.Meta(ge=1, le=10_000)] | None = None
    """In ``unit``, the day of opening not counted; absent = no clock of its own."""
    unit: Unit = Unit.WORKING
    on_expiry: OnExpiry | None = None
    """Absent = as ``[clock.decide_in]`` says; at the top ``alert``."""


class Flow(Wire, frozen=True, kw_only=True):
    """审批流程 as a pack writes it."""

    id: str
    name: str
    step: list[FlowStep]
    escalate_to: str = ""
    """The body a late step also goes to, where its ``on_expiry`` is ``escalate``."""

    def groups(self) -> list[list[FlowStep]]:
        """The steps in order, those that open together in one list."""
        found: list[list[FlowStep]] = []
        for step in self.step:
            if step.beside and found:
                found[-1].append(step)
            else:
                found.append([step])
        return found


class Step(Record, frozen=True, kw_only=True):
    """环节: one step of one case."""

    request_id: str
    ordinal: int
    key: str
    name: str
    act: StepAct
    quorum: Quorum
    required: bool
    state: StepState
    percent: int | None = None
    in_order: bool = False
    instead: str = ""
    bodies: list[str] = []
    """Body keys as the pack of the day of filing wrote them; empty = laid out before they were
    kept with the step."""
    beside: bool = False
    days: int | None = None
    unit: Unit = Unit.WORKING
    escalate_to: str = ""
    """Body key that gets the task too once the step is late; empty = it is only marked."""
    opened_on: date | None = None
    due_on: date | None = None
    due_provisional: bool = False
    overdue: bool = False


class Task(Record, frozen=True, kw_only=True):
    """待办: what one organisation is asked to do in one step."""

    request_id: str
    step_id: str
    organisation_id: str
    family: str
    """Role family that acts: street, township, county, city, community …"""
    body: str = ""
    """The pack's key of the body, by which a number of its own may be given."""
    escalated: bool = False
    """逾期提级: came to this body because those before it were late; it speaks in their place."""
    person_id: str | None = None
    """承办人: the one person of the body who has it; absent = whoever of it may do the act."""
    handed_on: date | None = None
    """The day its holder got it; a task that is moved begins anew."""
    asked_by: str | None = None
    """加签、委派: the task whose holder asked for this one."""
    awaited: bool = False
    """Who asked for it says nothing before it has been answered, or dropped."""
    act: StepAct
    state: TaskState
    title: str
    due_on: date | None = None
    due_provisional: bool = False
    overdue: bool = False


class Opinion(Record, frozen=True, kw_only=True):
    """审核意见: what one person said for one organisation in one step."""

    request_id: str
    step_id: str
    task_id: str
    organisation_id: str
    person_id: str
    ballot: Ballot
    text: str = ""
    documents: list[str] = []
    grant: Grant | None = None
    """What the body would give, where that is less than was asked."""
    on_behalf_of: str | None = None
    """委托人: in whose place the person spoke, by a delegation."""
    conference_id: str | None = None
    """联席会议 whose word it is: who closed the meeting only entered it."""
    lapsed: bool = False
    """失效: the case was sent back, taken back or changed; it counts no more and stays on record."""
    given_at: datetime


class Decision(Record, frozen=True, kw_only=True):
    """决定: numbered, in the body's name, with clause and way of review (P3, P14)."""

    request_id: str
    kind: DecisionKind
    number: str
    organisation_id: str
    body_name: str
    person_id: str
    verdict_id: str | None = None
    reason: str = ""
    clauses: list[str] = []
    review: str = ""
    """救济途径 how and by when a 复核 may be asked."""
    issued_on: date
    """The day it was made: another number (作废) makes no other day, and no clock run anew."""
    reissued_on: date | None = None
    """重发: the day it went out again under this number, where the one before it was void."""
    ratified_by: str | None = None
    """审定单位: the organisation above that ratified it, where the flow asks for that."""
    ratified_by_name: str = ""
    ratifier_id: str | None = None
    filed_on_record: bool = False
    """备案: a listed or exempt matter, accepted and approved in one step."""
    grant: Grant | None = None
    """准予范围, where less than was asked is admitted."""
    on_behalf_of: str | None = None
    """委托人 of the person who decided."""
    amends: str | None = None
    """变更: id of the request that it changes, where what was decided is a change."""
    replaces: str | None = None
    """The decision this one stands in the place of: 变更, 复核, or a number that was void."""
    conference_id: str | None = None
    """联席会议 it was taken in."""
    voided_on: date | None = None
    """作废: the number is dead from this day and is never given again."""
    void_reason: str = ""


def outcome_of(
    quorum: Quorum, ballots: Sequence[Ballot | None], percent: int | None = None
) -> Ballot | None:
    """The result of a step from the ballots of all bodies asked, ``None`` while open.

    或签: the first agreement carries; all disagreeing refuses. 会签: one disagreement refuses,
    all agreeing carries. A bare comment counts as given. 票签: carried once the agreements reach
    the share, refused once they no longer can; a comment is asked and does not agree. 各自: done
    when all have spoken; one agreement admits, for its own area.

    Args:
        percent: of 票签, in a hundred bodies asked.
    """
    given = [b for b in ballots if b is not None]
    if quorum is Quorum.RATIO:
        return _by_share(ballots, percent)
    if quorum is Quorum.EACH:
        told = Ballot.AGREE if Ballot.AGREE in given else Ballot.DISAGREE
        return told if len(given) == len(ballots) else None
    if quorum is Quorum.ANY:
        settled = next((b for b in given if b is not Ballot.DISAGREE), None)
        return settled or (Ballot.DISAGREE if given and len(given) == len(ballots) else None)
    if Ballot.DISAGREE in given:
        return Ballot.DISAGREE
    return Ballot.AGREE if len(given) == len(ballots) else None


def _by_share(ballots: Sequence[Ballot | None], percent: int | None) -> Ballot | None:
    """票签 in whole numbers: ``agreeing * 100`` against ``percent * asked``."""
    hundred = 100
    needed = (percent or hundred) * len(ballots)
    agreeing, waiting = ballots.count(Ballot.AGREE), ballots.count(None)
    if agreeing * hundred >= needed:
        return Ballot.AGREE
    return Ballot.DISAGREE if (agreeing + waiting) * hundred < needed else None


def together(steps: Sequence[Step], ordinal: int) -> list[Step]:
    """The step at ``ordinal`` and those that open beside it, from steps in order."""
    ordered = sorted((s for s in steps if s.ordinal >= ordinal), key=lambda s: s.ordinal)
    return [*ordered[:1], *takewhile(lambda s: s.beside, ordered[1:])]
