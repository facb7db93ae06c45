"""分区结果 what one decision comes to, street by street (P13)."""

from enum import StrEnum

from registry.domain.approval import Ballot
from registry.domain.records import Record


class AreaOutcome(StrEnum):
    """分区结果."""

    ADMITTED = "admitted"
    PARTIAL = "partial"
    NOT_ADMITTED = "not_admitted"


class StreetOutcome(Record, frozen=True, kw_only=True):
    """分街道结果: what one decision comes to in one street or township, beside its opinion (P13)."""

    request_id: str
    decision_id: str
    area_id: str
    area_path: str
    organisation_id: str | None = None
    opinion_id: str | None = None
    ballot: Ballot | None = None
    outcome: AreaOutcome
    areas: list[str] = []
    """Areas of the street admitted, where only a part is."""
