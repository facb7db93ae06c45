"""日志与技术表 the event log, its heads, its tree, and the tables that are no version rows."""

from sqlalchemy import CheckConstraint, Column, Index, Table, Text

from registry.domain import audit, auditing, sealing
from registry.store.columns import Blob, Day, Flag, Instant, Whole, one_of
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
    Column("used_on", Day, nullable=True),
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

log_node = Table(
    "log_node",
    metadata,
    Column("county", Text, primary_key=True),
    Column("tree", Text, primary_key=True),
    Column("level", Whole, primary_key=True, autoincrement=False),
    Column("position", Whole, primary_key=True, autoincrement=False),
    Column("hash", Blob, nullable=False),
    CheckConstraint("level >= 8 AND level % 8 = 0 AND position >= 0", name="ck_log_node_place"),
    sqlite_strict=True,
)
"""日志树节点: hashes of complete subtrees of 256, 65,536 … leaves; derived, and never changed."""

checkpoint = Table(
    "checkpoint",
    metadata,
    Column("county", Text, primary_key=True),
    Column("tree", Text, primary_key=True),
    Column("size", Whole, primary_key=True, autoincrement=False),
    Column("root", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("note", Text, nullable=False),
    sqlite_strict=True,
)
"""检查点: what the county's log said of itself, signed (C2SP tlog-checkpoint); append-only."""

cosignature = Table(
    "cosignature",
    metadata,
    Column("county", Text, primary_key=True),
    Column("tree", Text, primary_key=True),
    Column("size", Whole, primary_key=True, autoincrement=False),
    Column("witness", Text, primary_key=True),
    Column("line", Text, nullable=False),
    Column("at", Instant, nullable=False),
    sqlite_strict=True,
)
"""见证签名: a witness's line under a checkpoint (C2SP tlog-cosignature); append-only."""

witnessed = Table(
    "witnessed",
    metadata,
    Column("origin", Text, primary_key=True),
    Column("size", Whole, nullable=False),
    Column("root", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("at", Instant, nullable=False),
    sqlite_strict=True,
)
"""见证: the last checkpoint of another log that this instance has cosigned; only ever grows."""

log_peer = Table(
    "log_peer",
    metadata,
    Column("county", Text, primary_key=True),
    Column("number", Whole, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("vkey", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("standing", Flag, nullable=False),
    Column("at", Instant, nullable=False),
    one_of("kind", sealing.PeerKind, "log_peer"),
    sqlite_strict=True,
)
"""见证各方: whom a log asks to witness it and whose logs are witnessed here; append-only, the last
line of a name is what stands."""

reading = Table(
    "reading",
    metadata,
    Column("county", Text, primary_key=True),
    Column("seq", Whole, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("person_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("entry", Text, nullable=False),
    Column("leaf", Text, nullable=False),
    Index("ix_reading_person_id", "county", "person_id", "seq"),
    Index("ix_reading_at", "county", "at"),
    one_of("kind", auditing.ReadKind, "reading"),
    CheckConstraint("seq >= 1", name="ck_reading_seq"),
    sqlite_strict=True,
)
"""查阅日志: who read what, gathered per sitting; a log of its own; append-only."""
