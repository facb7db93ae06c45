"""申报事实 what the filing itself says, as one word per column of the decision table.

What it does not say is the word that says nothing; nothing is guessed and nothing decided here.
"""

from registry.domain.details import CertificateDetail
from registry.domain.filing import Filing, Power
from registry.domain.formula import unproved
from registry.domain.funding import FundingLine, differing
from registry.domain.vocabulary import Duration, FundingMode, Kind, Level, Role

_PUBLIC = frozenset({"government", "court"})
_STATUTE = frozenset({"statute", "regulation"})
_TRACES = frozenset({"check_in", "points", "ranking", "duration"})
"""打卡、积分、排名、时长: what an app makes people leave behind (P34)."""

Grounds = dict[str, tuple[str, list[str]]]
"""Ground → (exact or near, why)."""


def facts_of(filing: Filing) -> dict[str, str]:
    """Every column that the filing answers alone."""
    return {
        "kind": filing.kind.value,
        "community_type": filing.community_type.value if filing.community_type else "unstated",
        "role": filing.role.value,
        "duration": filing.duration.value,
        "demander": demander(filing.certificate),
        "basis": basis_of(filing),
        "interest": {True: "yes", False: "no", None: "unstated"}[filing.concerns_residents],
        "payer": payer(filing),
        "funding": funding(filing),
        "funding_mode": funding_mode(filing),
        "formula": formula(filing),
        "consent": consent(filing),
        "consultation": "done" if filing.consultations else "none",
        "origin": origin(filing),
        "emergency": emergency(filing),
        "technical": "yes" if filing.technical else "no",
        "medium": filing.medium or "unstated",
        "registration": registration(filing),
        "compulsion": compulsion(filing),
        "assessment": assessment(filing),
        "authority": authority(filing.powers),
        "required_by": required_by(filing),
    }


def demander(detail: CertificateDetail | None) -> str:
    """Who demands the certificate."""
    if detail is None:
        return "none"
    if detail.demander_out_of_area:
        return "out_of_area"
    return "public" if detail.demander in _PUBLIC else "private"


def basis_of(filing: Filing) -> str:
    """The strongest basis cited."""
    levels = {basis.level for basis in filing.bases}
    if levels & _STATUTE:
        return "statute"
    return "policy" if levels else "none"


def paying(filing: Filing) -> list[FundingLine]:
    """The lines that bring money."""
    return [line for line in filing.funding if line.mode is not FundingMode.NONE]


def payer(filing: Filing) -> str:
    """Who is named as payer."""
    payers = {line.payer_id for line in paying(filing)} - {None}
    if not payers:
        return "none"
    return "entrusting" if payers <= {a.organisation_id for a in filing.applicants} else "other"


def funding(filing: Filing) -> str:
    """Whether the money in the filing is complete."""
    lines = paying(filing)
    if not lines:
        stated = any(line.mode is FundingMode.NONE for line in filing.funding)
        return "not_needed" if stated or filing.role is Role.SELF_GOVERNANCE else "none"
    complete = all(line.payer_id and line.amount_fen for line in lines)
    return "pledged" if complete else "short"


def funding_mode(filing: Filing) -> str:
    """The one mode of all lines that bring money, or that there are several."""
    modes = {line.mode.value for line in paying(filing)}
    if not modes:
        return "none"
    return modes.pop() if len(modes) == 1 else "several"


def formula(filing: Filing) -> str:
    """Whether every line that brings money states how it was reckoned, and comes to that (E11)."""
    lines = paying(filing)
    formulas = [line.formula for line in lines if line.formula is not None]
    if differing(filing.funding):
        return "differs"
    if any(unproved(one) for one in formulas):
        return "unproved"
    return "recomputes" if formulas and len(formulas) == len(lines) else "unset"


def consent(filing: Filing) -> str:
    """The strongest consent obtained before filing."""
    given = {consent.by for consent in filing.consents}
    return next((by for by in ("government", "street") if by in given), "none")


def origin(filing: Filing) -> str:
    """Whether the community asked for it, or agreed."""
    given = {consent.by for consent in filing.consents}
    if "community_request" in given:
        return "community_request"
    return "community_agreed" if "community" in given else "department"


def emergency(filing: Filing) -> str:
    """Whether a government decision stands behind an emergency."""
    if filing.duration is not Duration.EMERGENCY:
        return "no"
    return "government_decision" if filing.government_emergency_decision else "declared"


def registration(filing: Filing) -> str:
    """备案、批准 whether the number under which such a matter must be on file is given (P34).

    Kinds that have no such number need none; a detail that is not filled in says nothing.
    """
    number = _number(filing)
    if number is None:
        return "not_needed"
    return "filed" if number.strip() else "missing"


def _number(filing: Filing) -> str | None:
    """备案编号, 年度计划, 批准文件, 批准文号: empty = none given, ``None`` = not asked or not filled in."""
    kind = filing.kind
    if kind is Kind.APP and filing.app:
        return filing.app.registration_number
    if kind is Kind.INSPECTION and filing.inspection:
        return filing.inspection.plan_number
    if kind is Kind.CAMPAIGN and filing.campaign:
        return filing.campaign.approval_document
    if kind in (Kind.SURVEY, Kind.REPORT) and filing.form:
        return filing.form.approval_number
    if kind is Kind.MEETING and filing.meeting:
        return filing.meeting.plan_number
    return None


def compulsion(filing: Filing) -> str:
    """强制留痕、摊派 whether people are made to check in, collect points, be ranked or timed, upload
    photos or follow, or a community is made to take part; whatever kind the app came with (P34)."""
    app, campaign = filing.app, filing.campaign
    made = app is not None and (
        bool(_TRACES & set(app.features)) or app.photos_compulsory or app.follow_compulsory
    )
    return "yes" if made or (campaign is not None and campaign.compulsory) else "no"


def assessment(filing: Filing) -> str:
    """考核 what the matter makes of carrying out other matters: a veto before an assessment of its
    own, that before a part in the unified one."""
    judging = filing.inspection
    if any(d is not None and d.veto for d in (judging, filing.campaign, filing.target)):
        return "veto"
    if judging is None:
        return "none"
    if judging.separate:
        return "separate"
    return "joint" if judging.assesses else "none"


def authority(powers: list[Power]) -> str:
    """权随责走 whether every power handed over has its scope, its last day and its 授权书 (M4, P29)."""
    if not powers:
        return "none"
    whole = all(p.scope.strip() and p.term_to and p.authorisation_document_id for p in powers)
    return "complete" if whole else "partial"


def required_by(filing: Filing) -> str:
    """要求层级 the highest level whose requirement it is, as the bases and the detail state it."""
    target, campaign, inspection = filing.target, filing.campaign, filing.inspection
    stated = {
        target.required_by_level if target else None,
        campaign.approved_by_level if campaign else None,
        inspection.plan_level if inspection else None,
        *(basis.issuer_level for basis in filing.bases),
    }
    return next((level.value for level in Level if level in stated), "none")


def grounds_said(filing: Filing) -> Grounds:
    """Grounds that a detail states outright, however the text is worded.

    A letter of responsibility is near to R8: the texts that were read forbid it in some places
    only, and what a higher level requires is for a person to see.
    """
    target = filing.target
    if target is None or not target.letter_of_responsibility:
        return {}
    return {"R8": ("near", ["责任状"])}
