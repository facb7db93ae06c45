"""异议、不予承接与投诉 the community's and the residents' ways against what should not be (M23, P10)."""

from datetime import date
from enum import StrEnum
from typing import Literal

from registry.domain.records import Record

Ground = Literal[
    "unadmitted", "unfunded", "off_list", "barred", "wrong_receiver", "beyond", "other"
]
"""未经准入, 经费未到位, 清单外, 禁止事项, 承接主体不符, 超出准入范围, 其他."""
GROUND_ZH: dict[Ground, str] = {
    "unadmitted": "未经准入", "unfunded": "经费未到位", "off_list": "清单外", "barred": "禁止事项",
    "wrong_receiver": "承接主体不符", "beyond": "超出准入范围", "other": "其他",
}  # fmt: skip


class ObjectionState(StrEnum):
    """异议进程."""

    RAISED = "raised"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


OBJECTION_MOVES: dict[str, dict[ObjectionState, ObjectionState]] = {
    "answer": {ObjectionState.RAISED: ObjectionState.ANSWERED},
    "withdraw": {ObjectionState.RAISED: ObjectionState.WITHDRAWN},
}
"""The only table of moves: act → {state before: state after}."""
OBJECTION_ZH: dict[ObjectionState, str] = {
    ObjectionState.RAISED: "待答复",
    ObjectionState.ANSWERED: "已答复",
    ObjectionState.WITHDRAWN: "已撤回",
}


class Objection(Record, frozen=True, kw_only=True):
    """提出异议: before a quarrel, the office examines and answers in its own name."""

    presence_id: str | None = None
    request_id: str | None = None
    clearance_id: str | None = None
    """清算 whose figures are disputed, where it is about one."""
    subject: str
    """The matter in one line; of one that was never filed, all that is known (P22)."""
    organisation_id: str
    area_path: str
    department_id: str | None = None
    handler_id: str
    text: str
    clauses: list[str] = []
    documents: list[str] = []
    raised_on: date
    number: str = ""
    """编号 of the 异议单, where the packs give it one."""
    person_id: str
    recorded_by: str | None = None
    """Taken by telephone and entered by the street (P9)."""
    due_on: date | None = None
    due_provisional: bool = False
    overdue: bool = False
    state: ObjectionState = ObjectionState.RAISED
    upheld: bool | None = None
    answer: str = ""
    answer_clauses: list[str] = []
    answer_number: str = ""
    answered_on: date | None = None
    answered_by: str | None = None


class Declining(Record, frozen=True, kw_only=True):
    """不予承接告知书: numbered, in the community's name, with its clause; nobody else can delete it."""

    number: str
    presence_id: str | None = None
    request_id: str | None = None
    subject: str
    organisation_id: str
    body_name: str
    area_path: str
    department_id: str | None = None
    asked_by: str = ""
    """Who asked, as written, where the registry does not know the body."""
    ground: Ground
    text: str
    clauses: list[str] = []
    verdict_id: str | None = None
    whole: bool = False
    """整项: the presence itself is refused, and not what was asked beyond it."""
    issued_on: date
    person_id: str
    recorded_by: str | None = None
    resumed_on: date | None = None
    """恢复承接: a later word of the community itself; nobody else has one, and the paper stays."""
    resumed_by: str | None = None
    resumed_why: str = ""


class Reservation(Record, frozen=True, kw_only=True):
    """先行承接、保留意见: the work goes on and the opinion stays on record."""

    presence_id: str | None = None
    request_id: str | None = None
    subject: str
    organisation_id: str
    area_path: str
    department_id: str | None = None
    text: str
    clauses: list[str] = []
    made_on: date
    person_id: str
    recorded_by: str | None = None


class ComplaintState(StrEnum):
    """投诉进程."""

    REGISTERED = "registered"
    """登记."""
    VERIFYING = "verifying"
    """核实."""
    HANDLED = "handled"
    """处理."""
    DISMISSED = "dismissed"
    """核实不成立."""


COMPLAINT_MOVES: dict[str, dict[ComplaintState, ComplaintState]] = {
    "verify": {ComplaintState.REGISTERED: ComplaintState.VERIFYING},
    "pass-on": {
        ComplaintState.REGISTERED: ComplaintState.REGISTERED,
        ComplaintState.VERIFYING: ComplaintState.REGISTERED,
    },
    "handle": {ComplaintState.VERIFYING: ComplaintState.HANDLED},
    "dismiss": {ComplaintState.VERIFYING: ComplaintState.DISMISSED},
}
"""The only table of moves: act → {state before: state after}."""
COMPLAINT_ZH: dict[ComplaintState, str] = {
    ComplaintState.REGISTERED: "已登记",
    ComplaintState.VERIFYING: "核实中",
    ComplaintState.HANDLED: "已处理",
    ComplaintState.DISMISSED: "核实不成立",
}


class Measure(StrEnum):
    """处理方式."""

    CORRECTION = "correction"
    """责令改正."""
    CIRCULAR = "circular"
    """通报."""
    REMINDER = "reminder"
    """提醒函."""
    REFERRAL = "referral"
    """移送."""


NUMBERED = frozenset({Measure.CIRCULAR, Measure.REFERRAL})
"""Which need the head of the body and a document number (P10)."""
MEASURE_ZH: dict[Measure, str] = {
    Measure.CORRECTION: "责令改正",
    Measure.CIRCULAR: "通报",
    Measure.REMINDER: "提醒函",
    Measure.REFERRAL: "移送",
}


class Complaint(Record, frozen=True, kw_only=True):
    """投诉: registered, verified, handled. Who complained stands in ``ComplaintSource`` alone."""

    number: str
    against_id: str
    subject: str
    """What it is about, in the register's words: nothing that tells who complained."""
    handler_id: str
    """The body that handles it: never one that it is against."""
    passed_over: list[str] = []
    """Bodies that it would have gone to and that are concerned themselves."""
    state: ComplaintState = ComplaintState.REGISTERED
    received_on: date
    due_on: date | None = None
    due_provisional: bool = False
    overdue: bool = False
    unanswered_is_breach: bool = False
    verified_on: date | None = None
    verified_by: str | None = None
    established: bool | None = None
    findings: str = ""
    measures: list[Measure] = []
    unmeasured: str = ""
    """Why no measure is taken, where none is."""
    measure_number: str = ""
    """Of the circular or the referral, which need the head and a document (P10)."""
    handled_on: date | None = None
    handled_by: str | None = None
    answer: str = ""
    """What the complainant is told."""


class ComplaintSource(Record, frozen=True, kw_only=True):
    """投诉来源 (protected): name, place and wording; each reading of it is an act in the log."""

    complaint_id: str
    organisation_id: str | None = None
    """In whose name it was made; ``None`` = in the person's own."""
    area_path: str = "/"
    person_id: str | None = None
    resident: bool = False
    """A resident's, or from 12345: without name or number."""
    presence_id: str | None = None
    """What it is about tells the place, and so stands here alone."""
    request_id: str | None = None
    recorded_by: str | None = None
    """Taken by telephone, or from 12345, and entered by the street or the county's office."""
    wording: str
    received_on: date
