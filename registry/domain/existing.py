"""存量事项 what was there before the registry: neither illegal nor admitted until judged (P11)."""

from datetime import date
from enum import StrEnum

from registry.domain.records import Count, Fen, Record, Wire
from registry.domain.vocabulary import Kind


class Sheet(StrEnum):
    """存量登记表: which sheet brought it in."""

    ITEMS = "items"
    AGREEMENTS = "agreements"
    REPORTS = "reports"
    BOARDS = "boards"
    OFFICES = "offices"
    CERTIFICATES = "certificates"
    MEETINGS = "meetings"
    GROUPS = "groups"


class Legacy(Wire, frozen=True, kw_only=True):
    """存量来历: what the sheet says of a matter that no request brought."""

    sheet: Sheet
    row_key: str
    """Digest of what makes the row the same row again: the second import finds it."""
    stocktake_id: str
    demanded_by: str = ""
    """要求单位, as written; ``department_id`` of the presence where the registry knows it."""
    basis: str = ""
    document_number: str = ""
    since: date | None = None
    review_on: date | None = None
    fields: Count | None = None
    """Of a report: how many indicators."""
    times_a_year: Count | None = None
    """Of a report or meeting: how often a year."""
    amount_fen: Fen | None = None
    """Of an agreement: what it promises, 分 a year."""
    ends_on: date | None = None
    platform: str = ""
    """Of a group: what it is 微信群、公众号 …, one of the platforms of a filing."""
    note: str = ""


class Standing(StrEnum):
    """存量研判: what the rules say should become of it."""

    STANDS = "stands"
    NEEDS_ADMISSION = "needs_admission"
    MERGE = "merge"
    MUST_GO = "must_go"
    ASK = "ask"
    """转人工研判."""


class Settlement(StrEnum):
    """存量处置: what became of it (P11)."""

    KEPT = "kept"
    """保留(备案)."""
    ADMITTED = "admitted"
    """补办准入."""
    MERGED = "merged"
    """合并."""
    CLEARED = "cleared"
    """清退."""


class Stocktake(Record, frozen=True, kw_only=True):
    """存量登记: one import of what exists, with its sheet and its figures."""

    sheet: Sheet
    organisation_id: str
    person_id: str
    file_name: str
    sha256: str
    taken_on: date
    rows: Count
    added: Count
    known: Count
    """Rows that an earlier import brought in already: no double row."""


class LegacyReview(Record, frozen=True, kw_only=True):
    """存量研判与处置: judged by the rules, then settled by a person, with a deadline."""

    presence_id: str
    title: str = ""
    """What it is called at the time; empty = recorded before this was kept."""
    kind: Kind
    area_path: str
    organisation_id: str
    department_id: str | None = None
    verdict_id: str
    standing: Standing
    clauses: list[str] = []
    """The clauses that this rests on."""
    why: list[str] = []
    """What they say, and what can be done, in words."""
    like_id: str | None = None
    """可合并: the matter of the same community that asks the same."""
    judged_on: date
    counts_from: date | None = None
    """处置期限起算日: the day it was first judged; ``None`` = that is ``judged_on``."""
    due_on: date | None = None
    """The day by which it must be settled, by the pack."""
    due_provisional: bool = False
    overdue: bool = False
    settlement: Settlement | None = None
    settled_on: date | None = None
    settled_by: str | None = None
    reason: str = ""
    number: str = ""
    """备案号, where it is kept."""
    request_id: str | None = None
    """The request by which it is admitted after all; without a settlement, it is being admitted:
    not settled before the request is approved."""
    into_id: str | None = None
    """The presence it is merged into."""
    document_id: str | None = None


KIND: dict[Sheet, Kind] = {
    Sheet.ITEMS: Kind.TASK,
    Sheet.AGREEMENTS: Kind.TASK,
    Sheet.REPORTS: Kind.REPORT,
    Sheet.BOARDS: Kind.SIGNBOARD,
    Sheet.OFFICES: Kind.OFFICE,
    Sheet.CERTIFICATES: Kind.CERTIFICATE,
    Sheet.MEETINGS: Kind.MEETING,
    Sheet.GROUPS: Kind.APP,
}
"""What kind of matter each sheet brings; a board may also be a rule on the wall."""
SHEET_ZH: dict[Sheet, str] = {
    Sheet.ITEMS: "工作事项",
    Sheet.AGREEMENTS: "协议、责任书",
    Sheet.REPORTS: "报表、台账",
    Sheet.BOARDS: "牌子、上墙制度",
    Sheet.OFFICES: "工作机构",
    Sheet.CERTIFICATES: "证明",
    Sheet.MEETINGS: "会议",
    Sheet.GROUPS: "工作群组、应用程序",
}
