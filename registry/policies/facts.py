"""事实计算 code computes facts: a filing, the lists and the pack's numbers become rows of named values.

Nothing is decided here. Each function answers one column of the decision table.
"""

from collections.abc import Mapping
from datetime import date

from registry.domain.admission import COLUMNS, QUIET, Vector
from registry.domain.calendar import Calendar
from registry.domain.catalogue import ListItem
from registry.domain.details import CertificateDetail
from registry.domain.filing import Filing, FundingLine
from registry.domain.records import Wire
from registry.domain.vocabulary import (
    GRADES_OFF,
    Duration,
    FundingMode,
    Gate,
    Kind,
    Level,
    OrganisationKind,
    Receiver,
    Role,
)
from registry.policies.pack import Clocks, Conditions
from registry.policies.standing import (
    Found,
    Lists,
    certificate,
    grounds_met,
    joined,
    standing_of,
    statutory_of,
)

_PUBLIC = frozenset({"government", "court"})
_STATUTE = frozenset({"statute", "regulation"})


class Matter(Wire, frozen=True, kw_only=True):
    """待判事项: everything the facts are computed from, for one gate."""

    gate: Gate
    filing: Filing
    applicant_kind: OrganisationKind
    applicant_level: Level
    applied: date
    state: dict[str, str] = {}
    """Facts that come from the case and not from the filing: money, agreement, decision …"""
    paths: list[str] = []
    """Area paths of the targets: a list of one street is met only there."""
    grounds: dict[str, tuple[str, list[str]]] = {}
    """Grounds the register itself tells (R12 likeness, R15 quotas): exact or near, and why."""
    behind: dict[str, list[str]] = {}
    """Column of ``state`` → what in the register stands behind it."""
    payers: dict[str, OrganisationKind] = {}
    """Payer's organisation id → its kind."""


class Rows(Wire, frozen=True, kw_only=True):
    """事实行: one per receiver and ground, with the items behind them."""

    vectors: list[tuple[Receiver, Vector]]
    behind: dict[str, list[str]]
    """Fact column, or ground → ``id title`` of the list items behind it."""
    suggestions: list[str]
    basis: dict[str, str]
    """Fact column → the clause of the list item behind it (法定事项 cites its own statute)."""
    verifier: str = ""
    """核验单位 who verifies instead of the community, where the filing meets a certificate list."""


def compute(
    matter: Matter, lists: Lists, calendar: Calendar, settings: tuple[Clocks, Conditions]
) -> Rows:
    """Every row of facts of a matter: per receiver, and once more per ground its text met."""
    filing = matter.filing
    found = lists.meet(filing, matter.applied, matter.paths)
    common = _common(matter, found) | {
        "lead_time": lead_time(filing, matter.applied, calendar, settings[0]),
        "conditions": conditions(filing, settings[1]),
    }
    grounds = joined(grounds_met(found, filing.kind), matter.grounds)
    behind: dict[str, list[str]] = {g: list(names) for g, (_, names) in grounds.items()}
    behind |= {column: list(names) for column, names in matter.behind.items()}
    basis: dict[str, str] = {}
    vectors: list[tuple[Receiver, Vector]] = []
    for receiver in filing.receivers:
        standing, items = standing_of(found, filing, receiver)
        if standing == "off" and lists.unread(filing, receiver, matter.applied):
            standing = "unread"
        statutory, statutes = statutory_of(found, filing, receiver)
        _note(behind, basis, {"standing": items, "statutory": statutes})
        own = common | {"receiver": receiver.value, "standing": standing, "statutory": statutory}
        for ground, match in [("none", "none"), *((g, m) for g, (m, _) in grounds.items())]:
            row = own | {"ground": ground, "match": match} | matter.state
            vectors.append((receiver, tuple(row[c] for c in COLUMNS)))
    _note(behind, basis, {"certificate": [f for f in found if filing.kind is Kind.CERTIFICATE]})
    near = [f"{f.item.id} {f.item.title}" for f in found if f.how == "near"]
    verifiers = [_verifier(f.item) for f in found if f.item.verifier]
    return Rows(
        vectors=vectors,
        behind=behind,
        suggestions=list(dict.fromkeys(near)),
        basis=basis,
        verifier=next(iter(verifiers), ""),
    )


def _verifier(item: ListItem) -> str:
    """Who verifies instead, marked where the text behind it was not read."""
    return item.verifier + ("（待核实）" if item.verifier_grade in GRADES_OFF else "")


def _note(
    behind: dict[str, list[str]], basis: dict[str, str], by_column: Mapping[str, list[Found]]
) -> None:
    for column, items in by_column.items():
        names = behind.setdefault(column, [])
        names.extend(n for f in items if (n := f"{f.item.id} {f.item.title}") not in names)
        if items:
            basis.setdefault(column, items[0].item.basis)


def _common(matter: Matter, found: list[Found]) -> dict[str, str]:
    filing = matter.filing
    return QUIET | {
        "gate": matter.gate.value,
        "kind": filing.kind.value,
        "applicant": matter.applicant_kind.value,
        "level": matter.applicant_level.value,
        "community_type": filing.community_type.value if filing.community_type else "unstated",
        "role": filing.role.value,
        "duration": filing.duration.value,
        "certificate": certificate(filing, found),
        "demander": demander(filing.certificate),
        "basis": basis_of(filing),
        "interest": {True: "yes", False: "no", None: "unstated"}[filing.concerns_residents],
        "payer": payer(filing),
        "funding": funding(filing),
        "consent": consent(filing),
        "consultation": "done" if filing.consultations else "none",
        "origin": origin(filing),
        "emergency": emergency(filing),
        "technical": "yes" if filing.technical else "no",
        "money": "none",
        "agreement": "unsigned",
        "decision": "none",
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


def payer(filing: Filing) -> str:
    """Who is named as payer."""
    payers = {line.payer_id for line in _paying(filing)} - {None}
    if not payers:
        return "none"
    return "entrusting" if payers <= {a.organisation_id for a in filing.applicants} else "other"


def funding(filing: Filing) -> str:
    """Whether the money in the filing is complete."""
    lines = _paying(filing)
    if not lines:
        stated = any(line.mode is FundingMode.NONE for line in filing.funding)
        return "not_needed" if stated or filing.role is Role.SELF_GOVERNANCE else "none"
    complete = all(line.payer_id and line.amount_fen for line in lines)
    return "pledged" if complete else "short"


def _paying(filing: Filing) -> list[FundingLine]:
    return [line for line in filing.funding if line.mode is not FundingMode.NONE]


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


def lead_time(filing: Filing, applied: date, calendar: Calendar, clocks: Clocks) -> str:
    """Days before entry against the pack's number; a provisional count makes nothing late."""
    ahead = clocks.apply_ahead
    if ahead is None or filing.starts_on is None:
        return "unset"
    days, provisional = calendar.days_ahead(ahead, applied, filing.starts_on)
    return "ok" if days >= ahead.days or provisional else "short"


def conditions(filing: Filing, required: Conditions) -> str:
    """Whether every condition the pack names is offered."""
    offered = {condition.what for condition in filing.conditions}
    return "complete" if offered >= set(required.required) else "missing"
