"""日志与技术表 the event log, its heads, and the tables that are no version rows."""

from sqlalchemy import CheckConstraint, Column, Index, Table, Text

from registry.domain import audit
from registry.store.columns import Blob, Day, Instant, Whole, one_of
from registry.store.tables.rows import metadata

event = Table(
    "event",
    metadata,
    Column("county", Text, primary_key=True),
    Column("seq", Whole, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("actor", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("object_kind", Text, nullable=False),
    Column("object_id", Text, nullable=False),
    Column("object_version", Whole, nullable=False),
    Column("business_date", Day, nullable=False),
    Column("entry", Text, nullable=False),
    Column("leaf", Text, nullable=False),
    Index("ix_event_object", "county", "object_id", "seq"),
    Index("ix_event_act", "county", "act", "seq"),
    Index("ix_event_actor", "county", "actor", "seq"),
    Index("ix_event_at", "county", "at"),
    one_of("outcome", audit.EventOutcome, "event"),
    CheckConstraint("seq >= 1", name="ck_event_seq"),
    sqlite_strict=True,
)
"""日志: append-only, one per county."""

log_head = Table(
    "log_head",
    metadata,
    Column("county", Text, primary_key=True),
    Column("seq", Whole, nullable=False),
    sqlite_strict=True,
)
"""The last sequence number per county: locked last before COMMIT."""

token = Table(
    "token",
    metadata,
    Column("county", Text, primary_key=True),
    Column("digest", Text, primary_key=True),
    Column("person_id", Text, nullable=False),
    Column("issued_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    sqlite_strict=True,
)
"""登录令牌 by SHA-256; technical, no business row."""

sign_in = Table(
    "sign_in",
    metadata,
    Column("username", Text, primary_key=True),
    Column("hour", Instant, primary_key=True),
    Column("failures", Whole, nullable=False),
    sqlite_strict=True,
)
"""登录失败 counted per account and hour."""

idempotency = Table(
    "idempotency",
    metadata,
    Column("county", Text, primary_key=True),
    Column("person_id", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("fingerprint", Text, nullable=False),
    Column("reply", Blob, nullable=False),
    Column("at", Instant, nullable=False),
    sqlite_strict=True,
)
"""Idempotency-Key → the answer given."""
