"""进驻 what lives in one community after approval: one per approved request × receiver."""

from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.existing import Legacy
from registry.domain.records import Record
from registry.domain.vocabulary import Custody, Disclosure, Duration, Kind, Receiver

LEGACY = declare(
    "presence.legacy", RefusalKind.CONFLICT,
    "这是存量待核事项，尚未准入，不能这样办理；请先研判：保留备案、补办准入、合并或者清退",
    "This was here before the registry and is not admitted; settle it first: keep, admit, merge or "
    "clear.",
    recorded=True,
)  # fmt: skip


class PresenceState(StrEnum):
    """进驻状态 (contract, States)."""

    PLANNED = "planned"
    AGREED = "agreed"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    COMPLETED = "completed"
    EXITED = "exited"
    EXPIRED = "expired"
    REFUSED = "refused"
    LEGACY = "legacy"


P = PresenceState
STATE_ZH: dict[PresenceState, str] = {
    P.PLANNED: "待启动",
    P.AGREED: "已签订协议",
    P.ACTIVE: "执行中",
    P.SUSPENDED: "暂停执行",
    P.COMPLETED: "已办结（验收）",
    P.EXITED: "退出",
    P.EXPIRED: "到期失效",
    P.REFUSED: "不予承接",
    P.LEGACY: "存量待核",
}
MOVES: dict[str, dict[PresenceState, PresenceState]] = {
    "sign": {P.PLANNED: P.AGREED},
    "lapse": {P.AGREED: P.PLANNED},
    "start": {P.PLANNED: P.ACTIVE, P.AGREED: P.ACTIVE},
    "suspend": {P.ACTIVE: P.SUSPENDED},
    "resume": {P.SUSPENDED: P.ACTIVE},
    "complete": {P.ACTIVE: P.COMPLETED, P.SUSPENDED: P.COMPLETED},
    "renew": {P.ACTIVE: P.ACTIVE, P.EXPIRED: P.ACTIVE},
    # What ran out before it began waits for its start again; the start asks everything anew.
    "reopen": {P.EXPIRED: P.PLANNED},
    "exit": {
        P.PLANNED: P.EXITED, P.AGREED: P.EXITED, P.ACTIVE: P.EXITED,
        P.SUSPENDED: P.EXITED, P.LEGACY: P.EXITED,
    },
    "expire": {P.ACTIVE: P.EXPIRED, P.SUSPENDED: P.EXPIRED, P.AGREED: P.EXPIRED,
               P.PLANNED: P.EXPIRED},
    "refuse": {P.PLANNED: P.REFUSED, P.AGREED: P.REFUSED},
    # 恢复承接: signatures stay where they are, and the start asks everything anew.
    "take-up": {P.REFUSED: P.PLANNED},
}  # fmt: skip
"""The only table of moves: act → {state before: state after}."""

MOVE_ZH: dict[str, str] = {
    "sign": "签署协议", "lapse": "协议失效", "start": "启动", "suspend": "暂停执行", "resume": "恢复执行",
    "complete": "办结", "renew": "续期", "reopen": "延期恢复", "exit": "退出", "expire": "到期",
    "refuse": "不予承接", "take-up": "恢复承接", "report": "报告完成情况", "receive": "登记保障条件交接",
}  # fmt: skip
"""What a refused act is called, also where it moves nothing."""


class Presence(Record, frozen=True, kw_only=True):
    """进驻事项: admitted work in one community, with its own agreement, money and term."""

    request_id: str | None = None
    """The admission it rests on; ``None`` for what was there before the registry (存量)."""
    kind: Kind
    title: str
    area_id: str
    area_path: str
    receiver: Receiver
    organisation_id: str
    """The community's organisation."""
    custody: Custody
    state: PresenceState = PresenceState.PLANNED
    starts_on: date | None = None
    ends_on: date | None = None
    started_on: date | None = None
    disclosure: Disclosure
    statutory: bool = False
    share_fen: int = 0
    """What the approved funding lines owe this community, 分."""
    first_due_fen: int = 0
    """Of it, the first instalment, 分."""
    arrears: bool = False
    """应付未付: open arrear; work goes on (P4)."""
    department_id: str | None = None
    """要求单位: who asks it of the community."""
    duration: Duration | None = None
    hours_year: int | None = None
    """每年工时 in one community, hours; ``None`` = not stated, and counted as such."""
    times_year: int | None = None
    """每年次数: how often a year it is filled in, held or done; ``None`` = not stated."""
    people: int | None = None
    """Of a meeting: how many people of the community sit in it."""
    legacy: Legacy | None = None
    dropped: bool = False
    """变更后不再涉及: its area fell away by a change; it has no share in the money any more."""
    ended_by: str | None = None
    """The decision by which it ended: 变更 or 撤销准入."""
    ended_from: PresenceState | None = None
    """Its state before that, which comes back if that decision falls."""
    ended_why: str = ""


def admission_of(presence: Presence) -> str:
    """The request that a presence rests on.

    Raises:
        Refusal: ``presence.legacy``: what was there before the registry rests on none.
    """
    if presence.request_id is None:
        raise Refusal(LEGACY)
    return presence.request_id


class Receipt(Record, frozen=True, kw_only=True):
    """保障条件交接 (P29): delivery of a condition and its receipt; goods keep quantities in and out."""

    presence_id: str
    request_id: str
    key: str
    direction: Literal["in", "out"] = "in"
    quantity: int
    document_id: str | None = None
    recorded_by: str
    happened_on: date
    recorded_at: datetime
