"""Pages at a million requests: what is read of an index alone, without the row behind it."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = depends_on = None

WIDER = {
    "ix_target_path": ("target", ["county", "path", "id", "request_id", "event_to"]),
    "ix_request_applicant_id": ("request", ["county", "applicant_id", "id", "event_to"]),
}
"""Indexes that stood, and what they hold now."""
LOAD = (
    "county", "area_id", "area_path", "state", "event_to", "event_from", "version", "kind",
    "row_key", "hours_year", "times_year", "people", "since",
)  # fmt: skip


def upgrade() -> None:
    for name, (table, columns) in WIDER.items():
        op.drop_index(name, table)
        op.create_index(name, table, columns)
    op.create_index("ix_presence_load", "presence", list(LOAD))


def downgrade() -> None:
    """The way back is the backup taken before."""
    raise NotImplementedError
