"""授权委托 one person acts for another, for a time, in the acts that were named; and A/B角 (P16)."""

from datetime import date, datetime
from enum import StrEnum

from registry.domain.people import RoleName
from registry.domain.records import Record


class DelegationKind(StrEnum):
    """委托种类."""

    DELEGATION = "delegation"
    """授权委托: from a day to a day."""
    DEPUTY = "deputy"
    """A/B角: stands in on the days the person of the post is away, and on no others."""


class Delegation(Record, frozen=True, kw_only=True):
    """授权委托、A/B角: a post's acts in another person's hands. It is never passed on."""

    kind: DelegationKind
    from_person_id: str
    to_person_id: str
    organisation_id: str
    role: RoleName
    """The post whose acts are meant."""
    acts: list[str]
    """As the access tables name them; nothing else passes."""
    valid_from: date
    valid_to: date | None = None
    """A delegation has a last day; a deputy stands until it is ended."""
    basis: str = ""
    document_id: str | None = None
    given_by: str
    given_at: datetime
    ended_on: date | None = None
    """Ended before its last day: it does not work on this day any more."""

    def in_force(self, on: date) -> bool:
        """Whether it stands on that day; a deputy besides needs the other to be away."""
        if self.ended_on is not None and on >= self.ended_on:
            return False
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


class Absence(Record, frozen=True, kw_only=True):
    """外出: the days a person is away, on which A/B角 step in."""

    person_id: str
    organisation_id: str
    """单位 in which it is recorded; the person is away from every post of theirs."""
    valid_from: date
    valid_to: date
    reason: str = ""
    recorded_by: str
    ended_on: date | None = None
    """Back before the last day: from this day on no longer away."""

    def in_force(self, on: date) -> bool:
        """Whether the person is away on that day."""
        if self.ended_on is not None and on >= self.ended_on:
            return False
        return self.valid_from <= on <= self.valid_to
