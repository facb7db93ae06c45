"""The pages: sessions of browsers, and forms put aside half filled."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = depends_on = None

Instant = sa.Text().with_variant(sa.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    _session()
    _form_draft()


def downgrade() -> None:
    """The way back is the backup taken before."""
    raise NotImplementedError


def _session() -> None:
    op.create_table(
        "session",
        sa.Column("county", sa.Text(), primary_key=True),
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("former", sa.Text(), nullable=True),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("begun_at", Instant, nullable=False),
        sa.Column("turned_at", Instant, nullable=False),
        sa.Column("seen_at", Instant, nullable=False),
        sa.Column("expires_at", Instant, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("browser", sa.Text(), nullable=False),
        sqlite_strict=True,
    )
    op.create_index("ux_session_digest", "session", ["digest"], unique=True)
    op.create_index("ix_session_former", "session", ["former"])
    op.create_index("ix_session_person_id", "session", ["county", "person_id"])


def _form_draft() -> None:
    op.create_table(
        "form_draft",
        sa.Column("county", sa.Text(), primary_key=True),
        sa.Column("person_id", sa.Text(), primary_key=True),
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("saved_at", Instant, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sqlite_strict=True,
    )
