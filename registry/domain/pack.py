"""规则包 as the database holds it: exact bytes, digest, two signatures, dates."""

from datetime import date
from enum import StrEnum

from registry.domain.records import Record


class PackState(StrEnum):
    """规则包状态."""

    PROPOSED = "proposed"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"


class PublishedPack(Record, frozen=True, kw_only=True):
    """已发布规则包; ``county`` is the jurisdiction, ``id`` the pack's."""

    name: str
    level: str
    state: PackState
    parent: str | None = None
    digest: str
    effective_from: date
    effective_to: date | None = None
    document_number: str = ""
    files: dict[str, str]
    """Relative path → text, as published."""
    proposed_by: str
    published_by: str | None = None
