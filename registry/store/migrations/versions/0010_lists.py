"""Editions of lists: proposed by one person, published by another; append-only alike."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = depends_on = None

Whole = sa.Integer().with_variant(sa.BigInteger(), "postgresql")
Day = sa.Text().with_variant(sa.Date(), "postgresql")
TABLE = "list_edition"
STATES = "'proposed', 'published', 'in_force', 'superseded', 'withdrawn'"
INDEXED = ("list_id", "state", "effective_from", "document_number")


def upgrade() -> None:
    _list_edition()
    for column in INDEXED:
        op.create_index(f"ix_{TABLE}_{column}", TABLE, ["county", column, "id"])
    sqlite = op.get_bind().dialect.name == "sqlite"
    (_guard_sqlite if sqlite else _guard_postgresql)()


def downgrade() -> None:
    """The way back is the backup taken before."""
    raise NotImplementedError


def _list_edition() -> None:
    op.create_table(
        TABLE,
        sa.Column("county", sa.Text(), primary_key=True),
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("version", Whole, primary_key=True),
        sa.Column("event_from", Whole, nullable=False),
        sa.Column("event_to", Whole, nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("list_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("effective_from", Day, nullable=False),
        sa.Column("document_number", sa.Text(), nullable=False),
        *_checks(),
        sa.ForeignKeyConstraint(
            ["county", "event_from"],
            ["event.county", "event.seq"],
            deferrable=True,
            initially="DEFERRED",
            name=f"fk_{TABLE}_event",
        ),
        sqlite_strict=True,
    )
    op.create_index(f"ix_{TABLE}_event", TABLE, ["county", "event_from"])
    current = sa.text("event_to IS NULL")
    op.create_index(
        f"ux_{TABLE}_current",
        TABLE,
        ["county", "id"],
        unique=True,
        sqlite_where=current,
        postgresql_where=current,
    )


def _checks() -> list[Any]:
    return [
        sa.CheckConstraint(f"state IN ({STATES})", name=f"ck_{TABLE}_state"),
        sa.CheckConstraint("version >= 1", name=f"ck_{TABLE}_version"),
        sa.CheckConstraint(
            "event_to IS NULL OR event_to > event_from", name=f"ck_{TABLE}_event_to"
        ),
    ]


def _guard_sqlite() -> None:
    guards = {
        "delete": f"DELETE ON {TABLE}",
        "update": f"UPDATE OF {_fixed()} ON {TABLE}",
        "reopen": f"UPDATE OF event_to ON {TABLE} "
        "WHEN OLD.event_to IS NOT NULL OR NEW.event_to IS NULL",
    }
    for name, when in guards.items():
        op.execute(
            f"CREATE TRIGGER guard_{TABLE}_{name} BEFORE {when} "
            f"BEGIN SELECT RAISE(ABORT, '{TABLE} is append-only'); END"
        )


def _guard_postgresql() -> None:
    guards = {
        "delete": ("DELETE", "FOR EACH ROW"),
        "truncate": ("TRUNCATE", "FOR EACH STATEMENT"),
        "update": (f"UPDATE OF {_fixed()}", "FOR EACH ROW"),
        "reopen": (
            "UPDATE OF event_to",
            "FOR EACH ROW WHEN (OLD.event_to IS NOT NULL OR NEW.event_to IS NULL)",
        ),
    }
    for name, (when, which) in guards.items():
        op.execute(
            f'CREATE TRIGGER guard_{TABLE}_{name} BEFORE {when} ON "{TABLE}" {which} '
            f"EXECUTE FUNCTION append_only()"
        )


def _fixed() -> str:
    """Every column but ``event_to``, which alone may be set, once."""
    columns = sa.inspect(op.get_bind()).get_columns(TABLE)
    return ", ".join(f'"{c["name"]}"' for c in columns if c["name"] != "event_to")
