"""购买服务 what is told of a purchase (P27): what is bought, by what method, of whom, and what came of
it.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated

import msgspec

from registry.domain.budget import Code
from registry.domain.records import Count, Ident, Line, PositiveFen, Record, Text, Wire


class PurchaseMethod(StrEnum):
    """采购方式."""

    OPEN_TENDER = "open_tender"
    INVITED_TENDER = "invited_tender"
    NEGOTIATION = "negotiation"
    CONSULTATION = "consultation"
    INQUIRY = "inquiry"
    SINGLE_SOURCE = "single_source"
    FRAMEWORK = "framework"
    OWN = "own"
    """限额标准以下自行采购."""


class ProviderKind(StrEnum):
    """承接主体类别, as 政府购买服务管理办法 art. 6 and 8 tell them apart."""

    ENTERPRISE = "enterprise"
    SOCIAL_ORGANISATION = "social_organisation"
    PUBLIC_WELFARE_ONE = "public_welfare_one"
    """公益一类事业单位."""
    PUBLIC_WELFARE_TWO = "public_welfare_two"
    OPERATING_INSTITUTION = "operating_institution"
    """生产经营类事业单位."""
    COLLECTIVE = "collective"
    """农村集体经济组织."""
    SELF_GOVERNING = "self_governing"
    """基层群众性自治组织."""
    PERSON = "person"
    MASS_ORGANISATION = "mass_organisation"
    """使用编制、由财政保障的群团组织."""
    OTHER = "other"


class Tie(Wire, frozen=True, kw_only=True):
    """利益关系 of the provider to somebody who holds a post in the community (P27)."""

    post: Line
    """Which post, in which community; never a resident."""
    relation: Line


class Provider(Wire, frozen=True, kw_only=True):
    """承接服务的单位或者个人."""

    name: Line
    kind: ProviderKind
    organisation_id: Ident | None = None
    ties: Annotated[list[Tie], msgspec.Meta(max_length=20)] | None = None
    """``None`` = nothing was declared; empty = it was declared that there are none."""


class PurchaseTerms(Wire, frozen=True, kw_only=True):
    """购买要素 as they are known when the money is applied for."""

    service: Line
    """What is bought."""
    falls_under: Annotated[list[Ident], msgspec.Meta(max_length=20)] = []
    """Words of the pack's list of what may not be bought that the applicant says it falls under."""
    directory_code: Code | None = None
    """Code in the 政府购买服务指导性目录 of the fiscal year."""
    budget_line: Annotated[str, msgspec.Meta(max_length=120)] = ""
    """预算项目 from which it is paid."""
    method: PurchaseMethod | None = None
    limit_fen: PositiveFen | None = None
    """最高限价, 分: no award goes beyond it."""
    provider: Provider | None = None
    """Who provides it, where that is known already."""


BasisPoints = Annotated[int, msgspec.Meta(ge=0, le=10_000)]
"""万分比: 9500 = 95%."""
Reference = Annotated[str, msgspec.Meta(max_length=120)]


class PurchaseResults(Wire, frozen=True, kw_only=True):
    """履约验收和效果 of a purchase, as counts; never who was asked."""

    accepted_on: date
    accepted: bool
    """Whether what was delivered passed."""
    acceptance: Annotated[str, msgspec.Meta(min_length=1, max_length=2000, pattern=r"\S")]
    """How it was accepted, and what was found."""
    used: BasisPoints | None = None
    """使用率."""
    satisfied: BasisPoints | None = None
    """满意度."""
    asked: Count | None = None
    """How many were asked for it."""
    method: Text = ""
    """How 使用率 and 满意度 were found."""
    document_id: Ident | None = None


class AwardCommand(Wire, frozen=True, kw_only=True):
    """成交登记: who provides it, for how much, by which announcement, award and contract."""

    request_id: Ident
    funding_key: Ident
    service: Line
    directory_code: Code | None = None
    method: PurchaseMethod
    announcement: Reference = ""
    """采购公告: number or address."""
    award: Line
    """成交(中标)通知书编号, unique for who buys."""
    provider: Provider
    amount_fen: PositiveFen
    awarded_on: date
    contract_number: Reference = ""
    contract_on: date | None = None
    document_id: Ident | None = None


class Purchase(Record, frozen=True, kw_only=True):
    """购买服务成交: one award under a funding line that buys."""

    request_id: str
    funding_key: str
    organisation_id: str
    """Who buys."""
    service: str
    directory_code: str | None = None
    method: PurchaseMethod
    limit_fen: int | None = None
    """最高限价 that stood when it was awarded, 分."""
    announcement: str = ""
    award: str
    provider: Provider
    provider_key: str
    """By which the same provider is found again: its organisation, else its name as compared."""
    amount_fen: int
    awarded_on: date
    contract_number: str = ""
    contract_on: date | None = None
    document_id: str | None = None
    recorded_by: str
    verdict_id: str
    """What the rules said of it at the gate of signing."""
    results: PurchaseResults | None = None
    results_by: str | None = None
