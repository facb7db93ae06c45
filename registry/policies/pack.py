"""规则包 what a pack says, parsed: pure structs, built only by ``loader``."""

from datetime import date
from typing import Annotated, Literal

import msgspec

from registry.domain.admission import Vector
from registry.domain.approval import Flow, OnExpiry
from registry.domain.calendar import Clock
from registry.domain.records import Ident, Wire
from registry.domain.vocabulary import (
    GRADES_OFF,
    Custody,
    Default,
    Disclosure,
    Grade,
    OrganisationKind,
    Stage,
)
from registry.policies import purse
from registry.policies.living import (
    AcceptanceRule,
    AnswerRule,
    BoardRule,
    ExistingRule,
    OwnReport,
    RenewalRule,
)
from registry.policies.measures import (
    Band,
    DurationRule,
    Evaluation,
    ExceptionRule,
    Exit,
    Holiday,
    InstrumentRule,
    Publicity,
    Purposes,
    Quota,
    Similar,
)
from registry.policies.numbering import Numbering
from registry.policies.papers import PaperRule
from registry.policies.procedure import (
    ChangeRule,
    ConferenceRule,
    ReminderRule,
    ReviewRule,
    RevocationRule,
)
from registry.policies.redress import Complaints, Effects


class Identity(Wire, frozen=True, kw_only=True):
    """规则包身份."""

    id: Ident
    jurisdiction: str
    level: Literal["national", "province", "city", "county"]
    name: str
    name_en: str
    parent: str | None = None
    instrument: str
    grade: Grade
    effective_from: date
    effective_to: date | None = None
    fixture: bool = False
    fictional: bool = False
    lists: list[str] = []
    default: Default | None = None
    applicants: list[OrganisationKind] = []
    frozen: bool = False
    ratified_by: Literal["national", "province", "city"] | None = None
    """上级审定: the level that must ratify this pack; its own level: the packs below it."""
    review_on: date | None = None
    """复审日: told as past its review from this day on; nothing lapses by it."""


class Body(Wire, frozen=True, kw_only=True):
    """审批主体: a local name for organisations that carry a function."""

    name: str
    function: str
    family: str


class DecideIn(Clock, frozen=True, kw_only=True):
    """办理时限."""

    start: Literal["accepted", "applied"] = msgspec.field(default="accepted", name="from")
    stops_while_supplementing: bool = False
    on_expiry: OnExpiry | None = None
    """What follows for the steps without a word of their own; absent = ``alert``."""


class Clocks(Wire, frozen=True, kw_only=True):
    """期限."""

    apply_ahead: Clock | None = None
    decide_in: DecideIn | None = None


class Conditions(Wire, frozen=True, kw_only=True):
    """须落实的保障条件."""

    required: list[str] = []


class Money(Wire, frozen=True, kw_only=True):
    """经费条件: what must have arrived, and when."""

    required_at: Literal["start"] | None = None
    required: Literal["full", "first_instalment", "percent"] = "full"
    percent: Annotated[int, msgspec.Meta(ge=0, le=100)] | None = None
    arrived_at: Literal["street", "community"] = "community"
    custody: Custody = Custody.STREET_CUSTODY
    late_after_days: Annotated[int, msgspec.Meta(ge=1, le=10_000)] | None = None


class AgreementRule(Wire, frozen=True, kw_only=True):
    """协议要求."""

    required: bool


class DisclosureRule(Wire, frozen=True, kw_only=True):
    """公开属性默认值."""

    default: Disclosure
    of: dict[str, Disclosure] = {}


class Rule(Wire, frozen=True, kw_only=True):
    """规则: the clause behind rows of the table, with what an official is told."""

    id: Ident
    ground: str = ""
    clause: str
    grade: Grade
    sentence: str
    sentence_en: str
    remedy: str = ""
    remedy_en: str = ""
    governed_by: Literal["applied", "decided", "entered"] = "applied"
    valid_from: date | None = None
    valid_to: date | None = None
    absolute: bool = False
    liftable: bool = False
    stage: Stage = Stage.ENFORCE
    lifts: list[str] = []
    replaces: list[str] = []
    adds: bool = False
    """Stands beside the parent's rules of its ground, e.g. one cap more, and replaces none."""
    to_be_confirmed: str = ""
    forbidden_in: list[str] = []

    @property
    def on(self) -> bool:
        """Whether the text behind it was read far enough to decide."""
        return self.grade not in GRADES_OFF

    @property
    def decides(self) -> bool:
        """Whether it carries weight: one that is off, tried out or only warns changes nothing."""
        return self.on and self.stage is Stage.ENFORCE

    def in_force(self, on: date) -> bool:
        """Whether the rule stands on that day (both ends inclusive)."""
        return (self.valid_from is None or self.valid_from <= on) and (
            self.valid_to is None or on <= self.valid_to
        )


class TableRow(Wire, frozen=True, kw_only=True):
    """决策表一行."""

    line: int
    facts: Vector
    eft: str
    outcome: str
    rule: str


class RouteRow(Wire, frozen=True, kw_only=True):
    """路径表一行."""

    line: int
    facts: Vector
    eft: str
    flow: str


class ModeRow(Wire, frozen=True, kw_only=True):
    """方式表一行 (P26): workload, difficulty, headcount, duration → the mode of carrying it."""

    line: int
    facts: tuple[str, ...]
    eft: str
    mode: str


class Document(Wire, frozen=True, kw_only=True):
    """pack.toml as written."""

    pack: Identity
    effects: Effects = Effects()
    default_of: dict[str, Default] = {}
    bodies: dict[str, Body] = {}
    flow: list[Flow] = []
    clock: Clocks = Clocks()
    conditions: Conditions | None = None
    money: Money | None = None
    agreement: AgreementRule | None = None
    numbering: Numbering | None = None
    disclosure: DisclosureRule | None = None
    quota: list[Quota] = []
    duration: list[DurationRule] = []
    purpose: list[Purposes] = []
    band: list[Band] = []
    publicity: Publicity | None = None
    evaluation: Evaluation | None = None
    exit: Exit | None = None
    complaints: Complaints | None = None
    holiday: list[Holiday] = []
    similar: Similar | None = None
    instruments: InstrumentRule | None = None
    exceptions: ExceptionRule | None = None
    conference: ConferenceRule | None = None
    change: ChangeRule | None = None
    revocation: RevocationRule | None = None
    reconsideration: ReviewRule | None = None
    reminders: ReminderRule | None = None
    acceptance: AcceptanceRule | None = None
    renewal: RenewalRule | None = None
    existing: ExistingRule | None = None
    boards: BoardRule | None = None
    objection: AnswerRule | None = None
    proposal: AnswerRule | None = None
    resident_report: AnswerRule | None = None
    own_report: list[OwnReport] = []
    vouchers: purse.VoucherRule | None = None
    indicator: purse.IndicatorRule | None = None
    one_sided: purse.OneSidedRule | None = None
    use: list[purse.UseRule] = []
    spending: purse.SpendingRule | None = None
    round_sums: purse.RoundSums | None = None
    advance: purse.AdvanceRule | None = None
    holding: purse.HoldingRule | None = None
    clearance: purse.ClearanceRule | None = None
    late_money: purse.LateMoney | None = None
    year_end: purse.YearEnd | None = None
    provision: list[purse.Provision] = []
    threshold: list[purse.Threshold] = []
    purchase: purse.PurchaseRule | None = None
    papers: PaperRule | None = None
    review: str | None = None
    """救济途径: the sentence every decision ends with."""
    rule: list[Rule] = []

    def default(self, kind: str) -> Default | None:
        """清单外默认规则 that this pack itself states for a kind of matter."""
        return self.default_of.get(kind) or self.pack.default

    @property
    def frozen(self) -> bool:
        """Whether no pack below may add to the list."""
        return self.pack.frozen or self.pack.default is Default.FROZEN


class Pack(Wire, frozen=True, kw_only=True):
    """规则包: one jurisdiction's rules, ready to be asked."""

    document: Document
    rows: list[TableRow]
    routes: list[RouteRow]
    modes: list[ModeRow] = []
    cases: list[dict[str, object]]
    digest: str

    @property
    def id(self) -> str:
        return self.document.pack.id

    def in_force(self, on: date) -> bool:
        """Whether the pack is effective on that day (both ends inclusive)."""
        identity = self.document.pack
        return identity.effective_from <= on and (
            identity.effective_to is None or on <= identity.effective_to
        )
