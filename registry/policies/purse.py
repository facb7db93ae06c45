"""经费规则 what a pack says of money once it is granted. Silence is no rule: no ratio, day or amount
is read into it."""

from typing import Annotated, Literal

import msgspec

from registry.domain.accounts import VoucherStage
from registry.domain.calendar import Clock
from registry.domain.purchase import ProviderKind
from registry.domain.records import Fen, Ident, Line, PositiveFen, Wire
from registry.domain.spending import Signatory
from registry.domain.vocabulary import FundingMode, Grade, Kind, Level


class VoucherRule(Wire, frozen=True, kw_only=True):
    """凭证要求 (E13): at which stages a voucher must carry its original document."""

    documented: list[VoucherStage]
    grade: Grade


class IndicatorRule(Wire, frozen=True, kw_only=True):
    """指标要求 (P6): whether money is asked for only out of an indicator split before."""

    required: bool
    grade: Grade


class UseRule(Wire, frozen=True, kw_only=True):
    """用途 (E18): the words by which spending is told, and which of them are blocked.

    A blocked use is refused, or passes with a second approver where the rule's row says so.
    """

    modes: list[FundingMode] = []
    """Funds of these modes; empty = all."""
    kinds: list[Kind] = []
    allowed: dict[Ident, Line] = {}
    """Word → its name; empty = every word that is not blocked."""
    blocked: dict[Ident, Line] = {}
    grade: Grade


class SpendingRule(Wire, frozen=True, kw_only=True):
    """支出明细要求 (P20): what is told of everything that is spent, and who signs it."""

    modes: list[FundingMode] = []
    """Funds of these modes; empty = all."""
    particulars: bool
    """Payee, means, use and the rest stand on every voucher that spends, advances or repays."""
    invoice: bool = False
    """An invoice number besides."""
    evidence: bool = False
    """Where a quantity is told, papers that show it."""
    signatures: list[Signatory] = []
    """Each by another person."""
    grade: Grade


class RoundSums(Wire, frozen=True, kw_only=True):
    """年末整数支出: which sums at the end of a year are looked at again."""

    multiple_fen: PositiveFen
    """Whole multiples of so much."""
    last_days: Annotated[int, msgspec.Meta(ge=1, le=366)]
    """Paid on one of so many last days of a year."""
    grade: Grade


class AdvanceRule(Wire, frozen=True, kw_only=True):
    """垫付: within how long it is to be repaid (P6)."""

    repaid_within: Clock
    grade: Grade


class HoldingRule(Wire, frozen=True, kw_only=True):
    """滞留: within how long a street passes on what it received (E6)."""

    passed_on_within: Clock
    grade: Grade


class OneSidedRule(Wire, frozen=True, kw_only=True):
    """单边账 (E14): within how long of its dispatch money is confirmed where it goes."""

    arrives_within: Clock
    grade: Grade


class ClearanceRule(Wire, frozen=True, kw_only=True):
    """清算: within how long what a clearance says is given back (E15)."""

    refund_within: Clock
    grade: Grade


class LateMoney(Wire, frozen=True, kw_only=True):
    """迟付: within how long of the day it is due, and what late money brings about (P4)."""

    within: Clock | None = None
    """Counted from the day after it was due; absent = late from that day."""
    brings: Literal["suspend", "owe", "tell"] = "tell"
    """suspend: the community may suspend; owe: 应付未付 is opened and work goes on."""
    grade: Grade


class YearEnd(Wire, frozen=True, kw_only=True):
    """年终 (P17): what becomes of what is left."""

    unspent: Literal["carry", "hand_in", "refund"]
    """Of money that arrived: carried over, handed in, or given back to the payer."""
    unsent: Literal["carry", "lapse"]
    """Of money granted and not sent."""
    years: Annotated[int, msgspec.Meta(ge=1, le=100)] | None = None
    """Carried over at most so many times; what is left then is handed in (预算法 art. 42)."""
    grade: Grade


class Provision(Wire, frozen=True, kw_only=True):
    """人均标准 (P28): so much a head and year that a level must have in its budget."""

    level: Level
    rate_fen: Fen
    unit: str = "人"
    population: str
    """Which population the text means, e.g. 城市居民人口: the word its counts are kept under."""
    functional: list[str] = []
    """Functional codes of the indicators that count towards it; empty = all of that level."""
    clause: str = ""
    grade: Grade


class Threshold(Wire, frozen=True, kw_only=True):
    """限额标准: from which amount a purchase needs more, so that splitting under it is seen."""

    of: Literal["purchase", "expenditure"]
    at_fen: PositiveFen
    within: Clock
    """Purchases from one provider within this time are added up."""
    grade: Grade


class PurchaseRule(Wire, frozen=True, kw_only=True):
    """政府购买服务 (P27): what may not be bought, and what must be told of a purchase."""

    barred: dict[Ident, Line] = {}
    """Word → what may not be bought, as the text has it."""
    providers: list[ProviderKind] = []
    """Who may provide it; empty = everybody."""
    ties: Literal["declare", "bar"] | None = None
    """Of the provider to the community's officers: declare: they are to be declared; bar: whoever
    has one does not provide it."""
    open_tender_from_fen: Fen | None = None
    grade: Grade
