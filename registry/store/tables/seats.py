"""席位 what a browser holds: sessions, and forms put aside half filled; no business rows."""

from sqlalchemy import Column, Index, Table, Text

from registry.store.columns import Instant
from registry.store.tables.rows import metadata

session = Table(
    "session",
    metadata,
    Column("county", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("digest", Text, nullable=False),
    Column("former", Text, nullable=True),
    Column("person_id", Text, nullable=False),
    Column("begun_at", Instant, nullable=False),
    Column("turned_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("address", Text, nullable=False),
    Column("browser", Text, nullable=False),
    Index("ux_session_digest", "digest", unique=True),
    Index("ix_session_former", "former"),
    Index("ix_session_person_id", "county", "person_id"),
    sqlite_strict=True,
)
"""登录会话 by SHA-256 of its secret; ``former`` = the secret before it was last turned."""

form_draft = Table(
    "form_draft",
    metadata,
    Column("county", Text, primary_key=True),
    Column("person_id", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("form", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("saved_at", Instant, nullable=False),
    Column("body", Text, nullable=False),
    sqlite_strict=True,
)
"""暂存表单: what somebody has typed and not handed in; nobody else reads it."""
