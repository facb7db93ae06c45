"""购买服务 what is told of a purchase: what is bought, by what method, of whom (P27)."""

from enum import StrEnum
from typing import Annotated

import msgspec

from registry.domain.budget import Code
from registry.domain.records import Ident, Line, PositiveFen, Wire


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
