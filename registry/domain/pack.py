"""规则包 as the database holds it: exact bytes, digest, two signatures, dates."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from registry.domain.records import Ident, Line, Record, Wire


class PackState(StrEnum):
    """规则包状态."""

    PROPOSED = "proposed"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"


class Ratification(Wire, frozen=True, kw_only=True):
    """上级审定: the document by which a higher body ratified a pack."""

    issuer: Line
    level: str
    document_number: Line
    dated_on: date
    document_id: Ident


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
    document_id: str | None = None
    """The file of the instrument itself (红头文件), an attachment."""
    ratification: Ratification | None = None
    superseded_by: str | None = None


class RunKind(StrEnum):
    """运行种类: what was done with the exact bytes of a pack."""

    CHECK = "check"
    TEST = "test"
    SIMULATE = "simulate"
    REEVALUATE = "reevaluate"


class RunState(StrEnum):
    """运行状态."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    BROKEN = "broken"
    """The process ended before the run did."""


class PackRun(Record, frozen=True, kw_only=True):
    """规则包运行记录: checked, tested or simulated, on the bytes with this digest; kept for good."""

    pack_id: str
    kind: RunKind
    state: RunState
    digest: str
    """Digest of the pack's bytes; a draft changed since is draft again."""
    passed: bool = False
    by: str
    began_at: datetime
    ended_at: datetime | None = None
    done: int = 0
    total: int = 0
    """Rows judged, of how many: progress."""
    summary: dict[str, Any] = {}
    rows_sha256: str | None = None
    """The file of detail rows under the data directory, where there is one."""
