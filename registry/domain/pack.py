"""规则包 as the database holds it: exact bytes, digest, two signatures, dates."""

from collections.abc import Collection, Iterable
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
    proposed_for: str | None = None
    """委托人 of who proposed it."""
    published_by: str | None = None
    document_id: str | None = None
    """The file of the instrument itself (红头文件), an attachment."""
    ratification: Ratification | None = None
    superseded_by: str | None = None
    confirmed: list[str] = []
    """Rules that rest on a report only (报道), as the publisher confirmed them by name."""


def standing(packs: Collection[PublishedPack], on: date) -> PublishedPack | None:
    """Of the packs of one jurisdiction, the one in force on a day: whichever took effect last; it
    ends the earlier ones the day before, also where it ends itself sooner than they would have."""
    begun = [p for p in packs if p.effective_from <= on]
    last = max(begun, key=lambda p: (p.effective_from, p.id), default=None)
    if last is None or (last.effective_to is not None and last.effective_to < on):
        return None
    return last


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
    """Of the pack; of the list, where the next text of one was simulated."""
    edition_id: str | None = None
    """清单版本 that was simulated; absent: a pack."""
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


class PackStage(StrEnum):
    """规则包阶段: how far a pack has come; the first four are derived from its runs."""

    DRAFT = "draft"
    CHECKED = "checked"
    TESTED = "tested"
    SIMULATED = "simulated"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"


STEPS: tuple[tuple[RunKind, PackStage], ...] = (
    (RunKind.CHECK, PackStage.CHECKED),
    (RunKind.TEST, PackStage.TESTED),
    (RunKind.SIMULATE, PackStage.SIMULATED),
)
"""What must have passed on the exact bytes before a pack is published, in order."""


def missing_runs(pack: PublishedPack, runs: Iterable[PackRun]) -> list[RunKind]:
    """Kinds of run whose last one on these very bytes did not pass, in order: a list or a parent
    may have changed since an earlier one did."""
    ended = [
        r for r in runs
        if (r.pack_id, r.digest) == (pack.id, pack.digest)
        and r.state in (RunState.DONE, RunState.FAILED)
    ]  # fmt: skip
    last = {r.kind: r.passed for r in sorted(ended, key=lambda r: (r.began_at, r.id))}
    return [kind for kind, _ in STEPS if not last.get(kind)]


def stage_of(pack: PublishedPack, runs: Iterable[PackRun]) -> PackStage:
    """How far a pack has come; a draft whose bytes changed since its runs is a draft again."""
    if pack.state is not PackState.PROPOSED:
        return PackStage(pack.state.value)
    missing, reached = missing_runs(pack, runs), PackStage.DRAFT
    for kind, stage in STEPS:
        if kind in missing:
            break
        reached = stage
    return reached
