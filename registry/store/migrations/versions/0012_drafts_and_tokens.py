"""Drafts of a body from an index that holds drafts alone; the last day on which a token was used."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = depends_on = None

Day = sa.Text().with_variant(sa.Date(), "postgresql")


def upgrade() -> None:
    drafts = sa.text("event_to IS NULL AND state = 'draft'")
    op.create_index(
        "ix_request_draft_applicant_id",
        "request",
        ["county", "applicant_id", "id"],
        sqlite_where=drafts,
        postgresql_where=drafts,
    )
    op.add_column("token", sa.Column("used_on", Day, nullable=True))


def downgrade() -> None:
    """The way back is the backup taken before."""
    raise NotImplementedError
