"""清算、滞留、期初与年终 what is reckoned up: by work accepted, by money held, by the year."""

from datetime import date
from enum import StrEnum

from registry.domain.funds import Chain
from registry.domain.records import Record


class ClearanceState(StrEnum):
    """清算进程."""

    DRAWN = "drawn"
    AGREED = "agreed"
    """Both sides have agreed to the figures; what they come to is still to be paid or given back.
    """
    SETTLED = "settled"
    """Paid and given back: nothing of it is open."""
    VOID = "void"
    """Drawn anew since."""


class Clearance(Record, frozen=True, kw_only=True):
    """清算: what work is worth by the quantity accepted, against what was paid for it, and what is
    still to be paid or given back (P6)."""

    presence_id: str
    request_id: str
    funding_key: str
    year: int
    area_path: str
    organisation_id: str
    payer_id: str
    reason: str
    """accepted 验收, revoked 撤销, exited 退出, year_end 年终."""
    quantity: int | None = None
    formula: str
    """The reckoning in words and figures, that anybody may do again."""
    earned_fen: int
    """应付: what the work done is worth."""
    paid_fen: int
    """已付: what arrived, net of returns."""
    due_fen: int = 0
    """应补付."""
    refund_fen: int = 0
    """应退回."""
    beyond_fen: int = 0
    """已支出而未获认可: paid beyond what was earned and spent already, so that it cannot go back."""
    refund_due_on: date | None = None
    """By which day it is to be given back; ``None`` = the packs give no time."""
    refund_due_provisional: bool = False
    state: ClearanceState = ClearanceState.DRAWN
    drawn_by: str
    drawn_for: str | None = None
    """委托人 of who drew it up."""
    agreed_by: str | None = None
    drawn_on: date
    agreed_on: date | None = None
    settled_on: date | None = None
    document_id: str | None = None
    number: str = ""
    """编号 of the 清算单, where the packs give it one."""
    withdrawn: list[str] = []
    """撤回核定的凭证: vouchers by which the open pledge was taken back."""
    disputed_on: date | None = None
    disputed_by: str | None = None
    disputed_why: str = ""
    """清算异议: why the community does not agree; it waits for the answer of who drew it up."""
    disputed_with: list[str] = []
    """Papers that show it."""
    upheld_on: date | None = None
    upheld_by: str | None = None
    upheld_why: str = ""
    """维持: the figures stand as drawn; the objection went on to who answers such."""
    objection_id: str | None = None


class Hold(Record, frozen=True, kw_only=True):
    """滞留说明: why a street has not passed on what it received, by whom (E6)."""

    presence_id: str
    request_id: str
    funding_key: str
    year: int
    area_path: str
    organisation_id: str
    """The street that holds it."""
    amount_fen: int
    reason: str
    since: date
    until: date | None = None
    """The day by which it says it will pass it on."""
    released_on: date | None = None
    recorded_by: str
    document_id: str | None = None


_OPENING = "opening:"
"""经费项 of what was there before the registry: lines of their own, one a payer, so that no sum mixes
it with what was granted since, nor one payer's money with another's (P11)."""


def opening_key(payer_id: str) -> str:
    """期初经费项 of a payer."""
    return f"{_OPENING}{payer_id}"


def opened_by(funding_key: str) -> str | None:
    """Whose money an opening line is; ``None`` for a line of a filing."""
    return funding_key.removeprefix(_OPENING) if funding_key.startswith(_OPENING) else None


class OpeningState(StrEnum):
    """期初进程: signed by both, or it does not count."""

    IMPORTED = "imported"
    STREET_SIGNED = "street_signed"
    SIGNED = "signed"
    """Signed by street and community: its voucher is posted."""
    WITHDRAWN = "withdrawn"
    """撤下 before both had signed: the row may be brought in again, with other figures."""


class OpeningBalance(Record, frozen=True, kw_only=True):
    """期初余额 of one matter in one community on the day the registry began (P11)."""

    presence_id: str
    organisation_id: str
    area_path: str
    payer_id: str
    year: int
    """来源年度: the year whose money it is."""
    amount_fen: int
    at: str
    """street or community: where it lies."""
    as_on: date
    """The day it lay there; it is opened with in that day's fiscal year."""
    document_number: str
    row_key: str
    """The same row of a sheet twice is found by it."""
    state: OpeningState = OpeningState.IMPORTED
    street_signed_by: str | None = None
    street_signed_for: str | None = None
    """委托人 of who signed for the street."""
    community_signed_by: str | None = None
    voucher_id: str | None = None
    document_id: str | None = None
    """The paper that both signed, where it was scanned."""
    reversing_by: str | None = None
    """冲销申请: who asked for the street to have it taken out again."""
    reversing_for: str | None = None
    reversing_why: str = ""
    reversal_id: str | None = None
    """The voucher that took it out."""
    title: str = ""
    """The matter as it was called then."""
    note: str = ""


class YearState(StrEnum):
    """年终结转进程."""

    CLOSED = "closed"


class YearClosing(Record, frozen=True, kw_only=True):
    """年终结转 of one community: what was carried over, handed in or given up, once (P17)."""

    organisation_id: str
    area_path: str
    year: int
    state: YearState = YearState.CLOSED
    chain: Chain
    """The whole year of the community, as it stood when it was closed."""
    carried_fen: int = 0
    """Into the next year, all told."""
    remitted_fen: int = 0
    """Of it: to be handed in or given back, on vouchers of the new year that wait for the
    confirmation of who receives it."""
    lapsed_fen: int = 0
    """What was never paid out and does not go into the next year."""
    vouchers: list[str] = []
    closed_by: str
    closed_on: date
