"""What part of a statement's line shows one voucher of several: kept beside the lines, append-only.
Indexes of the ledger as its acts ask it: sums without a look at the rows, what waits by itself.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = depends_on = None

Whole = sa.Integer().with_variant(sa.BigInteger(), "postgresql")


def upgrade() -> None:
    for make in TABLES:
        make()
    sqlite = op.get_bind().dialect.name == "sqlite"
    guard = _guard_sqlite if sqlite else _guard_postgresql
    for table in VERSIONED:
        guard(table)
    for name in GONE:
        op.drop_index(name, table_name="voucher_line")
    for name, columns, (on_sqlite, on_postgresql) in LINES:
        op.create_index(
            name,
            "voucher_line",
            ["county", *columns],
            sqlite_where=sa.text(on_sqlite),
            postgresql_where=sa.text(on_postgresql),
        )
    op.create_index(
        "ix_year_closing_organisation_id_year",
        "year_closing",
        ["county", "organisation_id", "year", "id"],
    )


def downgrade() -> None:
    """The way back is the backup taken before."""
    raise NotImplementedError


def _versioned(table: str, *parts: sa.Column[Any] | sa.CheckConstraint) -> None:
    """A version table with the columns, index and foreign key that each has."""
    op.create_table(
        table,
        sa.Column("county", sa.Text(), primary_key=True),
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("version", Whole, primary_key=True),
        sa.Column("event_from", Whole, nullable=False),
        sa.Column("event_to", Whole, nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        *parts,
        sa.CheckConstraint("version >= 1", name=f"ck_{table}_version"),
        sa.CheckConstraint(
            "event_to IS NULL OR event_to > event_from", name=f"ck_{table}_event_to"
        ),
        sa.ForeignKeyConstraint(
            ["county", "event_from"],
            ["event.county", "event.seq"],
            deferrable=True,
            initially="DEFERRED",
            name=f"fk_{table}_event",
        ),
        sqlite_strict=True,
    )
    op.create_index(f"ix_{table}_event", table, ["county", "event_from"])
    current = sa.text("event_to IS NULL")
    op.create_index(
        f"ux_{table}_current",
        table,
        ["county", "id"],
        unique=True,
        sqlite_where=current,
        postgresql_where=current,
    )


def _guard_sqlite(table: str) -> None:
    guards = {
        "delete": "DELETE ON {0}",
        "update": f"UPDATE OF {_fixed(table)} ON {{0}}",
        "reopen": "UPDATE OF event_to ON {0} WHEN OLD.event_to IS NOT NULL OR NEW.event_to IS NULL",
    }
    for name, when in guards.items():
        op.execute(
            f"CREATE TRIGGER guard_{table}_{name} BEFORE {when.format(table)} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def _guard_postgresql(table: str) -> None:
    guards = {
        "delete": ("DELETE", "FOR EACH ROW"),
        "truncate": ("TRUNCATE", "FOR EACH STATEMENT"),
        "update": (f"UPDATE OF {_fixed(table)}", "FOR EACH ROW"),
        "reopen": (
            "UPDATE OF event_to",
            "FOR EACH ROW WHEN (OLD.event_to IS NOT NULL OR NEW.event_to IS NULL)",
        ),
    }
    for name, (when, which) in guards.items():
        op.execute(
            f'CREATE TRIGGER guard_{table}_{name} BEFORE {when} ON "{table}" {which} '
            f"EXECUTE FUNCTION append_only()"
        )


def _fixed(table: str) -> str:
    """Every column but ``event_to``, which alone may be set, once."""
    columns = sa.inspect(op.get_bind()).get_columns(table)
    return ", ".join(f'"{c["name"]}"' for c in columns if c["name"] != "event_to")


def _line_part() -> None:
    _versioned(
        "line_part",
        sa.Column("line_id", sa.Text(), nullable=False),
        sa.Column("voucher_id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("area_path", sa.Text(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("amount_fen", Whole, nullable=False),
        sa.Column("withdrawn", sa.Text(), nullable=False),
        sa.CheckConstraint("source IN ('treasury', 'bank')", name="ck_line_part_source"),
        sa.CheckConstraint("direction IN ('in', 'out')", name="ck_line_part_direction"),
        sa.CheckConstraint(
            "amount_fen BETWEEN 1 AND 1000000000000000", name="ck_line_part_amount_fen"
        ),
    )
    op.create_index("ix_line_part_line_id", "line_part", ["county", "line_id", "id"])
    op.create_index("ix_line_part_voucher_id", "line_part", ["county", "voucher_id", "id"])


TABLES = (_line_part,)
VERSIONED = ("line_part",)
GONE = (
    "ix_voucher_line_sums",
    "ix_voucher_line_indicator_id",
    "ix_voucher_line_area_path_year",
)
"""Indexes of 0006 that are made anew, and one that nothing asked."""
LINES: tuple[tuple[str, tuple[str, ...], tuple[str, str]], ...] = (
    (
        "ix_voucher_line_sums",
        (
            "year",
            "presence_id",
            "funding_key",
            "debit",
            "credit",
            "indicator_id",
            "stage",
            "sign",
            "payer_id",
            "request_id",
            "amount_fen",
            "event_to",
        ),
        ("event_to IS NULL AND counted = 1", "event_to IS NULL AND counted"),
    ),
    (
        "ix_voucher_line_waiting",
        ("presence_id", "funding_key"),
        ("event_to IS NULL AND counted = 0", "event_to IS NULL AND NOT counted"),
    ),
    (
        "ix_voucher_line_indicator_id",
        ("indicator_id", "id"),
        ("indicator_id IS NOT NULL", "indicator_id IS NOT NULL"),
    ),
)
