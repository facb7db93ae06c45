"""进驻之后 what befalls a matter that lives in a community: suspended, accepted, leaving (P29)."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from registry.domain.records import Count, Record
from registry.domain.vocabulary import Trigger


class Suspension(Record, frozen=True, kw_only=True):
    """暂停执行: from a day, for a stated reason, until it is resumed."""

    presence_id: str
    title: str = ""
    """What it is called at the time; empty = recorded before this was kept."""
    request_id: str
    area_path: str
    organisation_id: str
    """Who suspended: the community, its street, the department or the deciding body."""
    person_id: str
    on_behalf_of: str | None = None
    reason: str
    verdict_id: str
    """What the rules said of going on: the clause it rests on stands there."""
    document_id: str | None = None
    since: date
    number: str = ""
    """文号 of the 暂停执行通知书, where the packs give it one."""
    resumed_on: date | None = None
    resumed_by: str | None = None
    resumed_why: str = ""
    resumed_number: str = ""
    """文号 of the 恢复执行通知书."""
    over: bool = False
    """Ended without going on: the matter was completed, or it left."""


class AcceptanceState(StrEnum):
    """验收进程."""

    ASKED = "asked"
    GIVEN = "given"
    VOID = "void"
    """Overtaken: the community reported anew. That a matter ran out, left or was renewed ends no
    acceptance: what was done is still to be accepted, and may have to be paid."""


class AcceptanceResult(StrEnum):
    """验收结论."""

    PASSED = "passed"
    PARTLY = "partly"
    FAILED = "failed"


RESULT_ZH: dict[AcceptanceResult, str] = {
    AcceptanceResult.PASSED: "通过",
    AcceptanceResult.PARTLY: "部分通过",
    AcceptanceResult.FAILED: "未通过",
}


class Acceptance(Record, frozen=True, kw_only=True):
    """验收: the department's act on what a community did, within a time (P29); overdue counts
    against the department."""

    presence_id: str
    title: str = ""
    """What it is called at the time; empty = recorded before this was kept."""
    request_id: str
    area_path: str
    organisation_id: str
    """The community whose work it is."""
    department_id: str
    """Who must accept."""
    state: AcceptanceState = AcceptanceState.ASKED
    asked_on: date
    asked_by: str
    reported: str = ""
    """完成情况, in the community's words."""
    reported_quantity: Count | None = None
    unit: str = ""
    final: bool = True
    """全部完成: with it the matter is completed once it has passed; ``False`` = work goes on."""
    documents: list[str] = []
    reported_stages: list[str] = []
    """项目阶段 told as done, by their keys in the formula of the money."""
    due_on: date | None = None
    due_provisional: bool = False
    overdue: bool = False
    result: AcceptanceResult | None = None
    quantity: Count | None = None
    """Accepted: what a payment by quantity rests on."""
    stages: list[str] = []
    """项目阶段 accepted: what a payment by stage rests on (P26)."""
    opinion: str = ""
    given_on: date | None = None
    given_by: str | None = None
    on_behalf_of: str | None = None
    document_id: str | None = None


def completes(reports: Iterable[Acceptance], *, asked_for: bool) -> bool:
    """可以办结 whether a matter may be completed, by the reports of what was done in it: none waits,
    and the last answered one of all the work has passed.

    Args:
        asked_for: whether the packs ask for an acceptance; where they do not, none need be there.
    """
    told = list(reports)
    if any(one.state is AcceptanceState.ASKED for one in told):
        return False
    given = [one for one in told if one.state is AcceptanceState.GIVEN and one.final]
    last = max(given, key=lambda one: one.id, default=None)
    return not asked_for or (last is not None and last.result is AcceptanceResult.PASSED)


class DepartureState(StrEnum):
    """退出进程."""

    OPEN = "open"
    """Out, and something it leaves behind is not settled yet."""
    SETTLED = "settled"


class Departure(Record, frozen=True, kw_only=True):
    """退出: why a matter left a community, and what remains to be put in order after it."""

    presence_id: str
    title: str = ""
    """What it is called at the time; empty = recorded before this was kept."""
    request_id: str | None = None
    area_path: str
    organisation_id: str
    department_id: str | None = None
    trigger: Trigger
    reason: str
    decision_id: str | None = None
    """The decision by which it leaves, where the pack asks for one."""
    verdict_id: str | None = None
    person_id: str
    left_on: date
    state: DepartureState = DepartureState.OPEN
    boards: list[str] = []
    """Boards and offices that must come down, by id."""
    boards_gone_on: date | None = None
    money_open: bool = False
    """Whether money of it is neither spent nor given back, or still owed to the community; the
    ledger knows how much."""
    money_settled_on: date | None = None
    report_stopped_on: date | None = None
    """停止填报: for a report, ledger or survey."""
    publish: bool = False
    """Whether the pack wants the exit published."""
    posting_id: str | None = None
    number: str = ""
    """文号 of the 退出通知书, where the packs give it one."""
    back_on: date | None = None
    """It came back: by a renewal, or because the decision by which it left fell."""
