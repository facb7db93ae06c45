"""准入预审 facts, matching rows, and the order in which outcomes win.

Code computes facts; Casbin decides which rows match; this file ranks what matched.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from registry.domain.records import Record, Wire
from registry.domain.vocabulary import Default, Gate, Outcome

FACTS: dict[str, tuple[str, ...]] = {
    "gate": tuple(g.value for g in Gate),
    "kind": (),  # filled below from the vocabulary
    "applicant": (),
    "level": (),
    "receiver": (),
    "community_type": ("urban", "agricultural", "unstated"),
    "role": (),
    "duration": (),
    "standing": ("listed", "other_receiver", "other_role", "unread", "near", "off"),
    "statutory": ("yes", "near", "no"),
    "certificate": (
        "none",
        "negative",
        "negative_near",
        "conflict",
        "retained",
        "discretionary",
        "off",
    ),
    "demander": ("none", "public", "private", "out_of_area"),
    "ground": (
        "none",
        "R1",
        "R2",
        "R3",
        "R4",
        "R5",
        "R6",
        "R7",
        "R8",
        "R9",
        "R10",
        "R11",
        "R12",
        "R13",
        "R14",
        "R15",
        "R16",
    ),
    "match": ("none", "exact", "near"),
    "basis": ("statute", "policy", "none"),
    "interest": ("yes", "no", "unstated"),
    "payer": ("entrusting", "other", "none"),
    "funding": ("none", "pledged", "short", "not_needed"),
    "conditions": ("complete", "missing"),
    "consent": ("government", "street", "none"),
    "consultation": ("done", "none"),
    "origin": ("department", "community_request", "community_agreed"),
    "emergency": ("government_decision", "declared", "no"),
    "technical": ("yes", "no"),
    "lead_time": ("ok", "short", "unset"),
    "money": ("arrived", "short", "none", "not_needed"),
    "agreement": ("signed", "unsigned", "not_needed"),
    "decision": ("approved", "none"),
    "medium": ("unstated", "electronic", "paper", "both"),
    "held": ("none", "part", "whole"),
    "registration": ("not_needed", "filed", "missing"),
    "compulsion": ("no", "yes"),
    "assessment": ("none", "joint", "separate", "veto"),
    "term": ("unset", "ok", "missing", "over"),
    "purposes": ("unset", "complete", "missing"),
    "funding_mode": ("none", "several"),  # filled below
    "payer_kind": ("none", "entrusting", "government", "finance", "community", "other", "several"),
    "statutory_payer": ("unset", "met", "unmet"),
    "mode_fit": ("unset", "fits", "differs"),
    "authority": ("none", "partial", "complete"),
    "basis_state": ("none", "in_force", "not_yet", "lapsed", "unknown"),
    "publicity": ("unset", "met", "short"),
    "trigger": ("none",),  # filled below
    "expert": ("none", "done"),
    "required_by": ("none", "national", "province", "city", "county", "street"),
    "formula": ("unset", "recomputes", "differs", "unproved"),
    "purchase": ("unset", "ok", "barred", "off_directory", "provider_unfit"),
    "use": ("unset", "within", "outside", "blocked"),
    "indicator": ("unset", "covered", "short", "none"),
    "settled": ("unset", "settled", "owing", "held"),
}
"""Columns of the decision table, in order, with every value each may take. ``*`` is "any".

A request is asked as several rows of facts: one for each receiver, times one with ``ground`` =
``none`` and one more for each ground (R1–R16) that its text met. New grounds add no column.
"""


def _fill() -> None:
    from registry.domain import vocabulary as v

    for column, words in {
        "kind": v.Kind,
        "applicant": v.OrganisationKind,
        "level": v.Level,
        "receiver": v.Receiver,
        "role": v.Role,
        "duration": v.Duration,
    }.items():
        FACTS[column] = tuple(w.value for w in words)
    modes = (m.value for m in v.FundingMode if m is not v.FundingMode.NONE)
    FACTS["funding_mode"] = ("none", *modes, "several")
    FACTS["trigger"] = ("none", *(t.value for t in v.Trigger))


_fill()
COLUMNS: tuple[str, ...] = tuple(FACTS)

FIRST_FORM = COLUMNS[: COLUMNS.index("decision") + 1]
"""The columns that the first form of the table had; a header may name any of the columns."""

QUIET: dict[str, str] = {c: FACTS[c][0] for c in COLUMNS[len(FIRST_FORM) :]}
"""Column added later → its value that says nothing. A verdict's facts leave these out, so that a
verdict kept before the column was thought of reads the same as one kept after."""

Vector = tuple[str, ...]
"""One row of facts in the order of ``COLUMNS``."""


class Hit(Wire, frozen=True, kw_only=True):
    """命中规则: one row of the table that matched, with what an official must be told."""

    rule: str
    outcome: Outcome
    clause: str
    grade: str
    sentence: str
    sentence_en: str = ""
    remedy: str = ""
    remedy_en: str = ""
    ground: str = ""
    absolute: bool = False
    stage: str = "enforce"
    pack: str = ""
    to_be_confirmed: str = ""
    lifted_by: str = ""
    """The statutory exception that lifts this row: shown, not deciding."""
    waived_by: str = ""
    """例外: id of the granted exception under which this row does not decide."""
    governed_by: str = "applied"
    receivers: list[str] = []
    """The receivers for which the row matched; empty = all asked."""
    items: list[str] = []
    """List items behind the fact, e.g. ``CN-NEG-17 居民财产证明``."""


class Verdict(Record, frozen=True, kw_only=True):
    """预审意见: no number, no decision (P3). Replayable from ``facts`` and ``pack_digest``."""

    gate: Gate
    outcome: Outcome
    absolute: bool = False
    deciding: list[str]
    """Rule ids that carry the outcome."""
    rules: list[Hit]
    """Every matching rule, the deciding ones first."""
    defaulted: Default | None = None
    """Set where no row matched and the pack's stated default answered."""
    refusal_right: bool | None = None
    """Whether the community may refuse; ``None`` = the text is silent."""
    department_in_breach: bool | None = None
    facts: list[dict[str, str]]
    suggestions: list[str] = []
    """Similar list items: they suggest, they do not decide."""
    packs: list[str]
    """``id@digest`` of every pack in the overlay, county first."""
    pack_digest: str
    governing: dict[str, date]
    """applied / decided / entered → the date used."""
    request_id: str | None = None
    object_id: str | None = None
    """The presence or voucher, for a gate after filing."""
    attempt: int = 1
    reading: str = ""
    """Digest of the lists, calendar and numbers that the facts were read from, on that day."""
    measured: dict[str, Any] = {}
    """Numbers behind the facts, e.g. missing_fen, and the table and row behind the mode (P26)."""
    waivers: list[str] = []
    """例外: ids of the exceptions that changed the answer."""
    would_be: Outcome | None = None
    """The outcome if rules in ``dry_run`` were enforced, where it would differ."""


FILE_ORDER = (
    Outcome.OUT_OF_SCOPE,
    Outcome.REFUSED,  # absolute only, see ``rank``
    Outcome.HUMAN_REVIEW,
    Outcome.REFUSED,
    Outcome.DISCRETIONARY,
    Outcome.PURCHASE,
    Outcome.NEEDS_APPROVAL,
    Outcome.EXEMPT,
    Outcome.LISTED,
    Outcome.ALLOWED,
)


def rank(outcome: Outcome, absolute: bool) -> int:
    """Position in the contract's precedence, strongest 0."""
    if outcome is Outcome.REFUSED:
        return 1 if absolute else 3
    return FILE_ORDER.index(outcome)


def strongest(hits: Iterable[Hit]) -> list[Hit]:
    """The deciding rows among ``hits``: enforced, not lifted, of the strongest rank."""
    live = [
        h for h in hits if h.stage == "enforce" and not h.lifted_by and not h.waived_by
    ]  # fmt: skip
    best = min((rank(h.outcome, h.absolute) for h in live), default=None)
    return [h for h in live if rank(h.outcome, h.absolute) == best]


def default_outcome(default: Default | None) -> tuple[Outcome, bool | None, bool | None]:
    """What the pack's stated default answers where no row matched (contract, Verdicts).

    Returns (outcome, whether the community may refuse, whether the department is in breach).
    ``None`` (stated nowhere up to the top) → a person.
    """
    match default:
        case Default.DENY | Default.FROZEN:
            return Outcome.REFUSED, True, True
        case Default.ADMISSION:
            return Outcome.NEEDS_APPROVAL, True, None
        case Default.NEGATIVE_ONLY:
            return Outcome.HUMAN_REVIEW, False, True
        case None:
            return Outcome.HUMAN_REVIEW, None, None
