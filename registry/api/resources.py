"""资源 every resource that is read: its record, its names, the filters of its list."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import msgspec

from registry.actions.budgeting import indicating
from registry.actions.budgeting.indicating import IndicatorView
from registry.actions.evaluating import codes, reviewing_years
from registry.actions.office import Office
from registry.actions.reconciling import masking
from registry.actions.rules import exceptions, packs
from registry.actions.rules.packs import PackView
from registry.actions.spending import payees
from registry.domain.admission import Verdict
from registry.domain.afterwards import Correction, Review, Revocation
from registry.domain.agreement import Agreement
from registry.domain.approval import Decision, Opinion, Step, Task
from registry.domain.areas import Area
from registry.domain.audit import Event, Finding
from registry.domain.auditing import (
    AuditMember,
    AuditProject,
    FindingStep,
    IssuedDocument,
    Sample,
)
from registry.domain.bank import BankBatch, BankLine, LinePart, OtherIncome
from registry.domain.budget import BudgetCode, CustodyTerm, Indicator, PopulationCount
from registry.domain.calendar import CalendarYear
from registry.domain.catalogue import MatterList
from registry.domain.certifying import AmendmentProposal, CertificateDemand, SealCount
from registry.domain.closing import Clearance, Hold, OpeningBalance, YearClosing
from registry.domain.conference import Conference, ConferenceVote
from registry.domain.delegation import Absence, Delegation
from registry.domain.document import Document
from registry.domain.edition import ListEdition
from registry.domain.evaluating import CodeRound, ResidentReport, Satisfaction, YearlyReview
from registry.domain.existing import LegacyReview, Stocktake
from registry.domain.funds import Voucher, VoucherLine
from registry.domain.instrument import Instrument
from registry.domain.living import Acceptance, Departure, Suspension
from registry.domain.movement import Movement
from registry.domain.notice import Notice
from registry.domain.outcome import StreetOutcome
from registry.domain.pack import PackRun, PublishedPack
from registry.domain.paying import Payment
from registry.domain.people import Actor, Organisation, Person, Post
from registry.domain.phrase import Phrase
from registry.domain.posting import Posting
from registry.domain.presence import Presence
from registry.domain.purchase import Purchase
from registry.domain.records import Record, Wire
from registry.domain.redress import Complaint, Declining, Objection, Reservation
from registry.domain.reevaluation import Reevaluation
from registry.domain.request import Request
from registry.domain.spending import Claim, Expenditure
from registry.domain.succession import Handover, Reorganisation, Succession
from registry.domain.vouching import AdmissionNotice, SigningKey
from registry.domain.waiver import Waiver, WaiverUse
from registry.domain.walls import Attestation, Board, Bureau, CleanupOrder


class PersonView(Wire, frozen=True, kw_only=True):
    """人员 as others may see them: never the password's digest."""

    county: str
    id: str
    version: int
    name: str
    username: str
    active: bool
    must_change: bool = False
    """Has not changed its first password yet."""
    valid_from: date | None = None
    valid_to: date | None = None


class Resource(msgspec.Struct, frozen=True, kw_only=True):
    """资源: a record type, what it is called, and the columns a list may be filtered by."""

    name: str
    record: type[Record] | type[Event]
    zh: str
    en: str
    filters: tuple[str, ...] = ()
    shown: type[Any] | None = None
    """Another form in which it leaves: narrower, where the record holds what nobody may see, or
    wider by what ``derive`` adds."""
    derive: Callable[[Office, list[Any]], Sequence[Any]] | None = None
    for_reader: Callable[[Office, Actor, list[Any]], Sequence[Any]] | None = None
    """The same where who reads decides what of it is shown."""
    flags: frozenset[str] = frozenset()
    """Further conditions, true or false, that are no columns."""

    @property
    def answers(self) -> type[Any]:
        """The type that goes over the wire."""
        return self.shown or self.record

    @property
    def plain(self) -> bool:
        """Whether it leaves as it is kept: nothing masked, left out or worked out."""
        return self.shown is None and self.derive is None and self.for_reader is None


def _r(
    name: str, record: type[Any], words: tuple[str, str], *filters: str, **more: Any
) -> Resource:
    return Resource(name=name, record=record, zh=words[0], en=words[1], filters=filters, **more)


RESOURCES: dict[str, Resource] = {
    r.name: r
    for r in (
        _r("requests", Request, ("申请", "requests"), "state", "kind", "applicant_id",
           "parent_id", "outcome", "disclosure", "amends"),
        _r("verdicts", Verdict, ("预审意见", "verdicts"), "request_id", "object_id", "gate",
           "outcome"),
        _r("decisions", Decision, ("决定", "decisions"), "request_id", "kind", "number",
           "organisation_id"),
        _r("corrections", Correction, ("更正", "corrections"), "request_id", "object_kind",
           "object_id"),
        _r("revocations", Revocation, ("撤销准入", "revocations"), "request_id", "decision_id",
           "state", "organisation_id"),
        _r("reviews", Review, ("复核", "reviews"), "request_id", "decision_id", "state", "result",
           "organisation_id", "applicant_id"),
        _r("street-outcomes", StreetOutcome, ("分街道结果", "outcomes by street"), "request_id",
           "decision_id", "area_id", "organisation_id", "outcome"),
        _r("tasks", Task, ("待办", "tasks"), "request_id", "step_id", "organisation_id", "act",
           "state"),
        _r("steps", Step, ("审批环节", "steps of cases"), "request_id", "state"),
        _r("opinions", Opinion, ("审核意见", "opinions"), "request_id", "step_id", "task_id",
           "organisation_id", "person_id", "ballot"),
        _r("agreements", Agreement, ("协议", "agreements"), "request_id", "state"),
        _r("presences", Presence, ("进驻事项", "presences"), "request_id", "kind", "area_id",
           "receiver", "organisation_id", "department_id", "state"),
        _r("suspensions", Suspension, ("暂停", "suspensions"), "presence_id", "request_id"),
        _r("acceptances", Acceptance, ("验收", "acceptances"), "presence_id", "request_id",
           "organisation_id", "department_id", "state", "result"),
        _r("departures", Departure, ("退出", "departures"), "presence_id", "request_id",
           "organisation_id", "department_id", "trigger", "state"),
        _r("clearances", Clearance, ("清算", "clearances"), "presence_id", "request_id",
           "organisation_id", "payer_id", "state"),
        _r("holds", Hold, ("滞留说明", "reasons for money held"), "presence_id", "request_id",
           "organisation_id"),
        _r("vouchers", Voucher, ("凭证", "vouchers"), "request_id", "stage", "number",
           "payer_id", "issuer_id", "state"),
        _r("voucher-lines", VoucherLine, ("凭证分录", "lines of vouchers"), "voucher_id",
           "request_id", "presence_id", "stage", "payer_id", "year", "indicator_id", "counted"),
        _r("custody-terms", CustodyTerm, ("资金管理模式", "custody of communities by date"),
           "organisation_id", "custody"),
        _r("indicators", Indicator, ("指标", "budget indicators"), "number", "year", "payer_id",
           "organisation_id", shown=IndicatorView, derive=indicating.views),
        _r("budget-codes", BudgetCode, ("预算科目", "budget codes"), "year", "kind", "code"),
        _r("population-counts", PopulationCount, ("人口户数", "counts of people"), "area_id",
           "what"),
        _r("purchases", Purchase, ("购买服务成交", "purchases of services"), "request_id",
           "funding_key", "organisation_id", "method", "award", "provider_key"),
        _r("payments", Payment, ("国库支付", "payments by the treasury"), "voucher_id",
           "request_id", "payer_id", "state"),
        _r("opening-balances", OpeningBalance, ("期初余额", "opening balances"), "presence_id",
           "organisation_id", "payer_id", "year", "state"),
        _r("year-closings", YearClosing, ("年终结转", "closings of a year"), "organisation_id",
           "year", "state"),
        _r("expenditures", Expenditure, ("支出", "expenditures"), "voucher_id", "request_id",
           "presence_id", "organisation_id", "payer_id", "year", "use", "means", "state",
           "claim_id", shown=payees.ExpenditureView, for_reader=payees.shown_to),
        _r("claims", Claim, ("报账单", "claims"), "organisation_id", "state"),
        _r("bank-batches", BankBatch, ("流水批次", "statements brought in"), "source",
           "organisation_id", "sha256"),
        _r("bank-lines", BankLine, ("流水", "lines of statements"), "batch_id", "source",
           "account_id", "party_id", "direction", "state", "voucher_id", for_reader=masking.shown),
        _r("line-parts", LinePart, ("核对明细", "parts of lines and their vouchers"), "line_id",
           "voucher_id", "source", "account_id", "direction"),
        _r("other-incomes", OtherIncome, ("其他来源资金", "money from other sources"),
           "organisation_id", "source", "year", "direction", "bank_line_id"),
        _r("documents", Document, ("附件", "documents"), "parent_kind", "parent_id", "type",
           "sha256"),
        _r("areas", Area, ("区划", "areas"), "code", "level", "kind", "parent_id"),
        _r("organisations", Organisation, ("单位", "organisations"), "kind", "level", "area_id"),
        _r("people", Person, ("人员", "people"), "username", shown=PersonView),
        _r("posts", Post, ("任职", "posts of people"), "person_id", "organisation_id", "area_id",
           "role"),
        _r("lists", MatterList, ("清单", "lists of matters"), "polarity"),
        _r("list-editions", ListEdition, ("清单版本", "editions of lists"), "list_id", "state",
           "effective_from", "document_number"),
        _r("packs", PublishedPack, ("规则包", "rule packs"), "state", "level", "parent",
           shown=PackView, derive=lambda office, rows: packs.views(office.store.reader, rows)),
        _r("pack-runs", PackRun, ("规则包运行记录", "runs of packs"), "pack_id", "kind", "state"),
        _r("reevaluations", Reevaluation, ("再评估", "what was judged anew"), "object_kind",
           "object_id", "request_id", "outcome", "organisation_id"),
        _r("exceptions", Waiver, ("例外", "exceptions"), "document_number",
           shown=exceptions.ExceptionView, derive=exceptions.views,
           flags=frozenset({"honoured", "used"})),
        _r("exception-uses", WaiverUse, ("例外使用", "uses of exceptions"), "waiver_id",
           "verdict_id", "request_id"),
        _r("conferences", Conference, ("联席会议", "joint conferences"), "organisation_id", "state"),
        _r("conference-votes", ConferenceVote, ("会议表决", "votes in conferences"),
           "conference_id", "request_id", "person_id", "organisation_id"),
        _r("delegations", Delegation, ("授权委托", "delegations"), "kind", "from_person_id",
           "to_person_id", "organisation_id"),
        _r("absences", Absence, ("外出", "absences"), "person_id", "organisation_id"),
        _r("calendars", CalendarYear, ("放假安排", "calendars")),
        _r("instruments", Instrument, ("文件", "instruments"), "document_number", "issuer"),
        _r("findings", Finding, ("疑点", "findings"), "code", "object_kind", "object_id",
           "organisation_id", "opened_on", "closed_on", "stage", "project_id",
           flags=frozenset({"open"})),
        _r("notices", Notice, ("提醒", "notices of one's own"), "read", "kind", "request_id",
           "task_id", "made_on"),
        _r("movements", Movement, ("流转记录", "movements of cases"), "request_id", "kind",
           "task_id", "person_id", "organisation_id", "to_person_id", "to_organisation_id"),
        _r("phrases", Phrase, ("常用意见", "wordings"), "organisation_id", "act", "active"),
        _r("handovers", Handover, ("交接", "handovers"), "person_id", "organisation_id", "reason"),
        _r("reorganisations", Reorganisation, ("机构变动", "reorganisations"), "kind",
           "object_kind", "document_number"),
        _r("successions", Succession, ("承继", "successions"), "reorganisation_id", "object_id",
           "successor_id"),
        _r("certificate-demands", CertificateDemand, ("证明需求登记", "demands for papers"),
           "organisation_id", "item_id", "demander", "answer", "month"),
        _r("seal-counts", SealCount, ("用印登记", "uses of the seal"), "organisation_id", "month"),
        _r("amendment-proposals", AmendmentProposal, ("提请修改", "proposals to amend a rule"),
           "item_id", "department_id", "state", "overdue", "number"),
        _r("admission-notices", AdmissionNotice, ("准入通知书", "admission notices"), "number",
           "decision_id", "request_id", "presence_id", "organisation_id", "replaced", "key_id"),
        _r("objections", Objection, ("异议", "objections"), "presence_id", "request_id",
           "organisation_id", "handler_id", "department_id", "state", "overdue"),
        _r("declinings", Declining, ("不予承接", "refusals by communities"), "number",
           "presence_id", "request_id", "organisation_id", "department_id", "ground"),
        _r("reservations", Reservation, ("保留意见", "reservations"), "presence_id", "request_id",
           "organisation_id", "department_id"),
        _r("postings", Posting, ("公示", "postings"), "request_id", "presence_id",
           "organisation_id", "what"),
        _r("complaints", Complaint, ("投诉", "complaints"), "number", "against_id", "handler_id",
           "state", "overdue"),
        _r("signing-keys", SigningKey, ("签名密钥", "signing keys"), "state"),
        _r("boards", Board, ("牌子", "boards"), "organisation_id", "area_id", "form", "place",
           "state", "origin", "profile", "department_id", "presence_id", "order_id"),
        _r("bureaus", Bureau, ("工作机构", "offices in communities"), "organisation_id", "area_id",
           "state", "origin", "profile", "department_id", "presence_id", "order_id", "meets"),
        _r("cleanup-orders", CleanupOrder, ("牌子清理通知单", "clean-up orders"), "number",
           "organisation_id", "department_id", "issuer_id", "state", "overdue"),
        _r("attestations", Attestation, ("清理核实", "attestations"), "object_id", "order_id",
           "side", "superseded"),
        _r("stocktakes", Stocktake, ("存量登记", "stocktakes"), "sheet", "organisation_id"),
        _r("legacy-reviews", LegacyReview, ("存量研判和处置", "reviews of what was there before"),
           "presence_id", "kind", "organisation_id", "department_id", "standing", "settlement",
           "overdue", "request_id"),
        _r("satisfactions", Satisfaction, ("满意度", "satisfaction, as counts"), "rated",
           "subject_id", "organisation_id", "rater", "period", "round_id"),
        _r("code-rounds", CodeRound, ("评价码批次", "rounds of one-time codes"), "rated",
           "subject_id", "organisation_id", "period", "closed", shown=codes.RoundView,
           derive=lambda _, rows: [codes.shown(row) for row in rows]),
        _r("resident-reports", ResidentReport, ("居民反映", "residents' reports"), "handler_id",
           "against_id", "area_id", "source", "state", "overdue"),
        _r("yearly-reviews", YearlyReview, ("年度评估", "yearly reviews"), "request_id", "year",
           "department_id", "decided", shown=reviewing_years.ReviewView,
           derive=reviewing_years.views),
        _r("audit-projects", AuditProject, ("审计项目", "audit projects"), "kind", "number",
           "organisation_id", "state"),
        _r("audit-members", AuditMember, ("审计组成员", "people of audit projects"), "project_id",
           "person_id"),
        _r("finding-steps", FindingStep, ("疑点办理记录", "steps of findings"), "finding_id",
           "project_id", "organisation_id", "stage"),
        _r("samples", Sample, ("抽样", "samples"), "project_id", "person_id", "resource"),
        _r("issued-documents", IssuedDocument, ("发文目录", "issued documents"), "number",
           "issuer_id", "state", "communities", "request_id"),
        _r("events", Event, ("日志事件", "events of the log"), "actor", "act", "outcome", "code",
           "object_kind", "object_id"),
    )
}  # fmt: skip
"""Every resource of the contract; a filter is a column of its table."""
