"""申报内容 what an applicant says: the fields of M8 and of each kind."""

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec

from registry.domain.details import (
    AppDetail,
    CampaignDetail,
    CertificateDetail,
    FormDetail,
    InspectionDetail,
    MeetingDetail,
    OfficeDetail,
    SignboardDetail,
    TargetDetail,
)
from registry.domain.document_number import YEAR
from registry.domain.funding import FundingLine
from registry.domain.records import FEN_MAX, Count, Fen, Ident, Line, Text, Wire
from registry.domain.vocabulary import (
    CommunityType,
    Disclosure,
    Duration,
    Kind,
    Level,
    Receiver,
    Role,
)

_ONE_LINE = r"^[^\x00-\x1f\x7f]*$"


class LegalBasis(Wire, frozen=True, kw_only=True):
    """法律法规政策依据: the clause a request rests on (M8)."""

    level: Literal["statute", "regulation", "policy", "meeting", "contract"]
    """statute 法律; regulation 法规、规章; policy 文件; meeting 会议纪要、批示; contract 协议."""
    title: Annotated[str, msgspec.Meta(max_length=200, pattern=_ONE_LINE)] = ""
    article: Annotated[str, msgspec.Meta(max_length=80)] = ""
    document_number: Annotated[str, msgspec.Meta(max_length=80)] = ""
    """发文字号, e.g. 某民发〔2026〕1号."""
    issued_by: Annotated[str, msgspec.Meta(max_length=80)] = ""
    issuer_level: Level | None = None
    """The level of who issued it: 中央、省级要求 may lift what nothing below them lifts."""
    dated_on: date | None = None
    expires_on: date | None = None
    held_on_paper_at: Annotated[str, msgspec.Meta(max_length=120)] = ""
    """P1: a classified basis carries no title, number or text, only where the paper lies."""

    def __post_init__(self) -> None:
        told = self.title or self.article or self.document_number
        if self.held_on_paper_at and told:
            raise ValueError("a basis held on paper carries no title, article or number")
        if not self.held_on_paper_at and not self.title.strip():
            raise ValueError("a basis needs its title, or where it is held on paper")


class Applicant(Wire, frozen=True, kw_only=True):
    """申请单位: one of those who ask, with its duties and its share of the money."""

    organisation_id: Ident
    leading: bool = False
    duties: Text = ""
    money_fen: Fen = 0


class Power(Wire, frozen=True, kw_only=True):
    """随事下放的权限 (M4, P29): the authority handed over with the responsibility."""

    scope: Line
    term_from: date | None = None
    term_to: date | None = None
    authorisation_document_id: Ident | None = None
    """授权书."""


class Condition(Wire, frozen=True, kw_only=True):
    """保障条件 (P29): staff, training, equipment, goods, data or guidance the asker gives."""

    key: Ident
    what: Literal[
        "staff", "training", "equipment", "goods", "information", "technology", "guidance"
    ]
    description: Line
    quantity: Count = 0
    unit: Annotated[str, msgspec.Meta(max_length=20)] = ""
    due_on: date | None = None


class Consultation(Wire, frozen=True, kw_only=True):
    """征求意见 as shown at filing: whom the applicant asked and what they said."""

    organisation_id: Ident | None = None
    with_whom: Line
    held_on: date
    result: Literal["agree", "disagree", "comment"]
    document_id: Ident | None = None


class Consent(Wire, frozen=True, kw_only=True):
    """同意并统一安排: a consent obtained before filing (old art. 20 family)."""

    by: Literal["government", "street", "community", "community_request"]
    organisation_id: Ident | None = None
    given_on: date
    document_id: Ident | None = None


class LateEntry(Wire, frozen=True, kw_only=True):
    """先办后录 (P40): kept and shown, decides nothing."""

    happened_at: Annotated[datetime, msgspec.Meta(tz=True)]
    reason: Line
    form_number: Annotated[str, msgspec.Meta(max_length=120, pattern=_ONE_LINE)] = ""
    """预留编号 of the paper that was filled in： used once, by one request."""
    scan_document_id: Ident | None = None


class Letter(Wire, frozen=True, kw_only=True):
    """来文 (P2, P12): the letter a request carries."""

    document_number: Annotated[
        str, msgspec.Meta(max_length=60, pattern=rf"^[^\s〔〕]{{1,30}}{YEAR}[0-9]{{1,5}}号$")
    ]
    """发文字号; brackets of any kind around the year, on record as papers print them."""
    dated_on: date
    signed_by: Line
    contact: Line
    telephone: Annotated[str, msgspec.Meta(max_length=30, pattern=r"^[0-9+()\- ]{5,30}$")]
    copied_to: Annotated[list[Line], msgspec.Meta(max_length=50)] = []


class Filing(Wire, frozen=True, kw_only=True):
    """申报内容: everything the applicant says. Required fields of M8 are checked at submission,
    so that a draft may be saved half done."""

    kind: Kind
    title: Line
    applicants: Annotated[list[Applicant], msgspec.Meta(min_length=1, max_length=20)]
    receivers: Annotated[list[Receiver], msgspec.Meta(min_length=1, max_length=9)]
    community_type: CommunityType | None = None
    targets: Annotated[list[Ident], msgspec.Meta(min_length=1, max_length=2000)]
    """Area ids or codes: communities, or a street or county for all below it."""
    role: Role = Role.ASSIST
    content: Text = ""
    standard: Text = ""
    process: Text = ""
    responsible_party: Text = ""
    """责任主体."""
    necessity: Text = ""
    """必要性, and why the department does not do it itself."""
    concerns_residents: bool | None = None
    """与居民利益有关 (居委会组织法 10(8)); ``None`` = not stated."""
    required_forms: Annotated[list[Line], msgspec.Meta(max_length=50)] = []
    list_item_id: Ident | None = None
    """The list item the applicant says this is."""
    powers: Annotated[list[Power], msgspec.Meta(max_length=20)] = []
    bases: Annotated[list[LegalBasis], msgspec.Meta(max_length=20)] = []
    letter: Letter | None = None
    duration: Duration = Duration.TEMPORARY
    starts_on: date | None = None
    ends_on: date | None = None
    hours_per_cycle: Annotated[int, msgspec.Meta(ge=0, le=10_000)] | None = None
    cycle: Literal["day", "week", "month", "quarter", "year", "once"] | None = None
    difficulty: Literal["low", "middle", "high"] | None = None
    technical: bool = False
    """专业性、技术性强."""
    headcount: Annotated[int, msgspec.Meta(ge=0, le=10_000)] | None = None
    conditions: Annotated[list[Condition], msgspec.Meta(max_length=60)] = []
    funding: Annotated[list[FundingLine], msgspec.Meta(max_length=60)] = []
    consents: Annotated[list[Consent], msgspec.Meta(max_length=20)] = []
    consultations: Annotated[list[Consultation], msgspec.Meta(max_length=50)] = []
    government_emergency_decision: Annotated[str, msgspec.Meta(max_length=120)] = ""
    """所在地人民政府的决定: its number or where it stands; empty = none."""
    disclosure: Disclosure | None = None
    disclosure_reason: Text = ""
    medium: Literal["electronic", "paper", "both"] | None = None
    """载体 (P25): how what is asked for is to be handed in or kept; ``None`` = not stated."""
    medium_reason: Text = ""
    signboard: SignboardDetail | None = None
    certificate: CertificateDetail | None = None
    form: FormDetail | None = None
    app: AppDetail | None = None
    inspection: InspectionDetail | None = None
    campaign: CampaignDetail | None = None
    meeting: MeetingDetail | None = None
    office: OfficeDetail | None = None
    target: TargetDetail | None = None
    late: LateEntry | None = None
    documents: Annotated[list[Ident], msgspec.Meta(max_length=100)] = []

    def __post_init__(self) -> None:
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValueError("ends_on is before starts_on")
        if len(self.applicants) > 1 and sum(a.leading for a in self.applicants) != 1:
            raise ValueError("exactly one applicant leads")
        keys = [line.key for line in self.funding] + [c.key for c in self.conditions]
        if len(keys) != len(set(keys)):
            raise ValueError("keys of funding and conditions must differ")
        if sum(line.amount_fen for line in self.funding) > FEN_MAX:
            raise ValueError("the funding lines together exceed the greatest amount")

    @property
    def leading(self) -> str:
        """Organisation id of the leading applicant 牵头单位."""
        return next((a for a in self.applicants if a.leading), self.applicants[0]).organisation_id

    @property
    def text(self) -> str:
        """Everything the matcher reads besides the title."""
        detail = self.certificate.demand if self.certificate else ""
        board = self.signboard.wording if self.signboard else ""
        return "\n".join(
            [
                self.content,
                self.standard,
                self.process,
                self.responsible_party,
                detail,
                board,
                *self.required_forms,
                *(self.form.words if self.form else ()),
                self.office.wording if self.office else "",
            ]
        )


DETAIL_OF = {
    Kind.SIGNBOARD: "signboard",
    Kind.WALL_NOTICE: "signboard",
    Kind.CERTIFICATE: "certificate",
    Kind.REPORT: "form",
    Kind.LEDGER: "form",
    Kind.SURVEY: "form",
    Kind.APP: "app",
    Kind.INSPECTION: "inspection",
    Kind.CAMPAIGN: "campaign",
    Kind.MEETING: "meeting",
    Kind.OFFICE: "office",
    Kind.TARGET: "target",
}
"""Kind → the field of the filing that holds what only this kind states (M8)."""


def required_gaps(filing: Filing) -> list[str]:
    """Fields of M8 that a submission still lacks, by wire name, in form order."""
    gaps = [name for name in ("content", "responsible_party") if not getattr(filing, name).strip()]
    if filing.kind is Kind.TASK and not filing.standard.strip():
        gaps.append("standard")
    if filing.starts_on is None:
        gaps.append("starts_on")
    if filing.duration is not Duration.LONG_TERM and filing.ends_on is None:
        gaps.append("ends_on")
    detail = DETAIL_OF.get(filing.kind)
    if detail is not None and getattr(filing, detail) is None:
        gaps.append(detail)
    return gaps
