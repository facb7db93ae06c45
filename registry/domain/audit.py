"""审计 the event log: the entry whose bytes never change form, and the digest of a row."""

import hashlib
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

import msgspec

from registry.domain.auditing import FindingStage
from registry.domain.records import Record, Wire

FORMAT = 1
"""Entry format version; a new form gets a new number, old entries keep theirs."""


def _plain(value: Any) -> Any:
    raise TypeError(f"not canonical: {type(value).__name__}")


_encoder = msgspec.json.Encoder(order="sorted", enc_hook=_plain)


class EventOutcome(StrEnum):
    """办理结果: done, or a named act that was refused."""

    DONE = "done"
    REFUSED = "refused"


class RowSeal(Wire, frozen=True, kw_only=True):
    """行摘要: which row version an event wrote, and its digest."""

    t: str
    id: str
    v: int
    d: str


class Event(Wire, frozen=True, kw_only=True):
    """日志事件: one act in one county."""

    county: str
    seq: int
    at: datetime
    actor: str
    act: str
    outcome: EventOutcome
    code: str = ""
    object_kind: str
    object_id: str
    object_version: int
    business_date: date
    entry: str
    """Canonical JSON (RFC 8785), the very bytes under the leaf."""
    leaf: str
    """SHA-256(0x00 ‖ entry), hex (RFC 9162 2.1.1)."""


class Finding(Record, frozen=True, kw_only=True):
    """疑点: what the passing of time or a comparison turned up; a person judges it."""

    code: str
    name: str = ""
    """疑点名称 of its kind, short and neutral."""
    object_kind: str
    object_id: str
    organisation_id: str | None = None
    """被问单位: who is asked about it and reads it beside the auditor and the office."""
    area_path: str | None = None
    opened_on: date
    closed_on: date | None = None
    """It is there no more, as a comparison says; who has taken it up decides by ``stage``."""
    stage: FindingStage = FindingStage.DOUBT
    project_id: str | None = None
    due_on: date | None = None
    """By when the unit that was asked answers, or has it put right."""
    detail: str
    detail_en: str = ""
    law: str = ""
    """依据: the clause it is seen in the light of; empty = none that was read speaks of it."""
    facts: dict[str, Any] = {}


def canonical(value: Any) -> bytes:
    """Canonical JSON 规范化 of strings, whole numbers below 2⁵³, booleans, lists and objects with
    ASCII keys, as RFC 8785 gives it (tests compare with the public vectors and another library)."""
    return _encoder.encode(value)


def wire(value: Any) -> Any:
    """A column's value as it enters a digest: ISO dates, UTC instants to the microsecond."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    return value


_OF_THE_LOG = ("event_from", "event_to", "digest")


def seal(table: str, row: dict[str, Any]) -> str:
    """SHA-256, hex, of one stored row version."""
    return hashlib.sha256(sealed(table, row)).hexdigest()


def sealed(table: str, row: dict[str, Any]) -> bytes:
    """The octets under the digest of one stored row version. Absent values are left out, so that a
    column added by a later release changes no old digest; the log's own columns are no part of it.
    """
    kept = {k: v for k, v in row.items() if v is not None}
    for name in _OF_THE_LOG:
        kept.pop(name, None)
    for name, value in kept.items():
        if isinstance(value, datetime):
            kept[name] = wire(value)
    return canonical({"row": kept, "table": table})


def leaf(entry: bytes) -> str:
    """Leaf hash of an entry, hex (RFC 9162 2.1.1)."""
    return hashlib.sha256(b"\x00" + entry).hexdigest()
