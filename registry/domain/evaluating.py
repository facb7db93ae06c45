"""评价与清退 whether residents are satisfied, what departments are like, what should leave (M7, M21).

Aggregates and anonymous one-time codes alone; never telephone, never ID, no ranking (P9, P36).
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

import msgspec

from registry.domain.records import Count, Record

Percent = Annotated[int, msgspec.Meta(ge=0, le=100)]
Counts = Annotated[list[Count], msgspec.Meta(min_length=5, max_length=5)]
"""How many said each of five answers, from very dissatisfied to very satisfied."""

LARGEST_ROUND = 10**3
"""Codes of one round, all written by one act: a technical limit, more are a second round."""


class Rated(StrEnum):
    """评价对象."""

    PRESENCE = "presence"
    DEPARTMENT = "department"
    UTILITY = "utility"
    """水电气暖等公共服务单位, beside the departments (P36)."""


class Rater(StrEnum):
    """评价主体."""

    RESIDENTS = "residents"
    COMMUNITY = "community"
    STREET = "street"
    WORK = "work"
    """The unified assessment of the work done."""


RATER_ZH: dict[Rater, str] = {
    Rater.RESIDENTS: "居民满意度", Rater.COMMUNITY: "社区评价", Rater.STREET: "街道（乡镇）评价",
    Rater.WORK: "工作考评",
}  # fmt: skip


class Satisfaction(Record, frozen=True, kw_only=True):
    """满意度: the answers of one group on one subject in one period, as counts."""

    rated: Rated
    subject_id: str
    """Presence or organisation."""
    subject: str
    """Its name on that day; of a utility that is no organisation here, all there is."""
    organisation_id: str
    """The community, or street, in which it was asked."""
    area_path: str
    rater: Rater
    period: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{4}(Q[1-4])?$")]
    method: str
    """How it was asked: meeting, house calls, codes …"""
    counts: Counts
    asked: Count | None = None
    """How many were asked; ``None`` = not stated."""
    round_id: str | None = None
    external_key: str | None = None
    """Number of the row where it was taken from: the same one twice has one effect."""
    recorded_on: date
    person_id: str | None = None
    document_id: str | None = None


class CodeRound(Record, frozen=True, kw_only=True):
    """一次性评价码: codes that a community hands out, each good for one answer."""

    organisation_id: str
    area_path: str
    rated: Rated
    subject_id: str
    subject: str
    period: str
    opens_on: date
    closes_on: date
    issued: Count
    used: Count = 0
    tally: list[Count] = []
    """What was said so far, shown to nobody before the round is closed: whoever saw it grow would
    know who said what."""
    salt: str = ""
    """Chance, anew with each answer: the log holds a digest of this row, and whoever tried the five
    answers against it would know which was given."""
    closed: bool = False
    """The answers stand as a ``Satisfaction`` from then on."""
    person_id: str


class OneTimeCode(Record, frozen=True, kw_only=True):
    """评价码: its id is the salted digest of the code; whose hand it came into nobody knows."""

    round_id: str
    used: bool = False


class Proposal(StrEnum):
    """年度评估建议."""

    RENEW = "renew"
    ADJUST = "adjust"
    MERGE = "merge"
    EXIT = "exit"


PROPOSAL_ZH: dict[Proposal | None, str] = {
    Proposal.RENEW: "续期", Proposal.ADJUST: "调整", Proposal.MERGE: "合并", Proposal.EXIT: "退出",
    None: "待定",
}  # fmt: skip


class YearlyReview(Record, frozen=True, kw_only=True):
    """年度评估: what should become of one matter, proposed by the rules and decided by the office."""

    request_id: str | None = None
    """The admission that is reviewed; ``None`` = what was there before the registry."""
    year: int
    organisation_id: str
    """The body that reviews."""
    department_id: str
    """要求单位; empty = an old matter of which nobody here is known to ask it."""
    title: str = ""
    presence_id: str | None = None
    """存量: the presence, which rests on no admission."""
    proposal: Proposal | None = None
    """What the packs say should become of it; ``None`` = 待定, a person weighs it."""
    reasons: list[str]
    reasons_en: list[str] = []
    clauses: list[str] = []
    """Of the rules that spoke."""
    verdict_id: str | None = None
    """What the rules said; ``None`` = they were asked nothing."""
    figures: dict[str, int] = {}
    """What it rests on: weighted score in tenths, communities, acceptances failed, hours a year."""
    formula: str = ""
    """How the score is worked out."""
    formula_en: str = ""
    proposed_on: date
    proposed_by: str
    decided: Proposal | None = None
    decided_on: date | None = None
    decided_by: str | None = None
    opinion: str = ""
    document_id: str | None = None
    into_id: str | None = None
    """合并: into which other admission, or which other matter of the same community."""
    draft_id: str | None = None
    """The request drafted for the department by this decision: to be signed like any other."""
    departures: list[str] = []
    """What left by this decision, at once."""


class ReportState(StrEnum):
    """居民反映的进程."""

    REGISTERED = "registered"
    EXAMINED = "examined"
    ANSWERED = "answered"


REPORT_MOVES: dict[str, dict[ReportState, ReportState]] = {
    "examine": {ReportState.REGISTERED: ReportState.EXAMINED},
    "answer": {ReportState.EXAMINED: ReportState.ANSWERED},
}
"""The only table of moves: act → {state before: state after}."""
REPORT_ZH: dict[ReportState, str] = {
    ReportState.REGISTERED: "已登记",
    ReportState.EXAMINED: "已核实",
    ReportState.ANSWERED: "已答复",
}


class ResidentReport(Record, frozen=True, kw_only=True):
    """居民反映 (P36): a breach that harms them, or untrue publicity;
    examined, ordered published, answered. Nobody's name or number."""

    number: str
    source: Literal["page", "meeting", "12345"]
    external_key: str | None = None
    """Number of the 12345 order: the same one twice has one effect."""
    about: Literal["harm", "publicity", "opinion"]
    against_id: str | None = None
    presence_id: str | None = None
    area_id: str
    area_path: str
    wording: str
    handler_id: str
    received_on: date
    due_on: date | None = None
    due_provisional: bool = False
    overdue: bool = False
    state: ReportState = ReportState.REGISTERED
    established: bool | None = None
    ordered: str = ""
    """责令公布: what must be published."""
    answer: str = ""
    answered_on: date | None = None
    answered_by: str | None = None
