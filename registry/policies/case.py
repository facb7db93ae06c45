"""用例 what a worked case of a pack states: who asks for what on which day, and what must come."""

from datetime import date
from enum import Enum
from typing import Annotated, Any, Literal

import msgspec

from registry.domain.existing import Standing
from registry.domain.records import Wire
from registry.domain.redress import Ground
from registry.domain.vocabulary import Gate, Level, OrganisationKind
from registry.policies.dictionary import code_zh
from registry.policies.redress import Handling

Year = Annotated[str, msgspec.Meta(pattern="^[12][0-9]{3}$")]
"""A key of a TOML table is text."""


class CaseApplicant(Wire, frozen=True, kw_only=True):
    """用例申请单位."""

    kind: OrganisationKind
    level: Level


class Expectation(Wire, frozen=True, kw_only=True):
    """用例期望; ``listed``: 件数 of the lists for this receiver and type of community."""

    outcome: str | None = None
    rules: list[str] = []
    not_rules: list[str] = []
    clause: str = ""
    """Text that the deciding rules' clauses must contain; ``remedy`` likewise."""
    remedy: str = ""
    route: list[str] = []
    flow: str = ""
    exit_flow: str = ""
    """Ids of the flows by which the matter comes in and leaves; ``none`` = the packs give none."""
    revoked_by: list[str] = []
    """撤销主体: body keys; what is admitted is revoked by the body that admitted it, by no other."""
    answer_by: date | None = None
    """陈述申辩 until this day, where a revocation is proposed on ``decided`` (default ``on``)."""
    answer_untimed: bool = False
    """The packs give no time: only the department's answer ends the hearing."""
    quorum: str | None = None
    lead_time: str | None = None
    due: date | None = None
    refusal_right: bool | None = None
    department_in_breach: bool | None = None
    may_decline: list[Ground] = []
    """不予承接: grounds on which the community may decline it, where nothing was admitted unless the
    case's facts say so; ``may_not_decline`` likewise."""
    may_not_decline: list[Ground] = []
    handled_by: list[str] = []
    """投诉: body keys in order; the first that is not concerned itself handles it."""
    handling: list[Handling] = []
    """处理方式 that the text names, no more and no fewer."""
    complaint_by: date | None = None
    """答复 until this day, where it is received on ``on``."""
    complaint_untimed: bool = False
    """The text gives no time: nobody is late."""
    listed: int | None = None
    existing: Standing | None = None
    """存量研判, where it is there already and nobody has admitted it."""


class Failure(Wire, frozen=True, kw_only=True):
    """用例不符: in which point the rules answer otherwise than a case expects."""

    zh: str
    en: str

    def __str__(self) -> str:
        return f"{self.zh} / {self.en}"


def differs(what: tuple[str, str], came: Any, due: Any) -> Failure:
    """What came, and what should have.

    Args:
        what: its Chinese and its English name.
    """
    zh = f"{what[0]}为{_zh(came)}，应为{_zh(due)}"
    return Failure(zh=zh, en=f"{what[1]}: {_en(came)}, not {_en(due)}")


def _zh(value: Any) -> str:
    if isinstance(value, list):
        return "、".join(map(_zh, value)) or "无"
    if isinstance(value, Enum):
        return code_zh(value) or f"{value.value}"
    return (
        ("是" if value else "否")
        if isinstance(value, bool)
        else f"{'无' if value is None else value}"
    )


def _en(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_en, value)) or "none"
    return (
        ("yes" if value else "no")
        if isinstance(value, bool)
        else f"{'none' if value is None else value}"
    )


class Case(Wire, frozen=True, kw_only=True):
    """用例."""

    id: str
    source: str
    mark: Literal["T", "C", "X"]
    says: str
    on: date
    decided: date | None = None
    entered: date | None = None
    accepted: date | None = None
    posted: date | None = None
    removed: date | None = None
    gate: Gate = Gate.FILE
    spread: str = "one_street"
    applicant: CaseApplicant
    payers: dict[str, OrganisationKind] = {}
    """Kind of each body that the request names as payer, by the id it names."""
    directories: dict[Year, list[str]] = {}
    """Codes of the 政府购买服务指导性目录 by year, where one was imported."""
    request: dict[str, Any]
    facts: dict[str, str] = {}
    expect: Expectation | None = None
    pending: str = ""
