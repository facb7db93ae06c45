"""The life of a rule pack: its runs, exceptions, re-evaluations and instruments, append-only alike."""

import re
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = depends_on = None

Whole = sa.Integer().with_variant(sa.BigInteger(), "postgresql")
Flag = sa.Integer().with_variant(sa.Boolean(), "postgresql")
Day = sa.Text().with_variant(sa.Date(), "postgresql")

VERSIONED = ("instrument", "pack_run", "reevaluation", "waiver", "waiver_use")


def upgrade() -> None:
    for make in (_instrument, _pack_run, _reevaluation, _waiver, _waiver_use):
        make()
    op.create_index(
        "ix_presence_there",
        "presence",
        ["county", "kind", "area_id", "state", "receiver", "request_id"],
        sqlite_where=sa.text("event_to IS NULL"),
        postgresql_where=sa.text("event_to IS NULL"),
    )
    sqlite = op.get_bind().dialect.name == "sqlite"
    guard = _guard_sqlite if sqlite else _guard_postgresql
    for table in VERSIONED:
        guard(table)
    widen = _widen_sqlite if sqlite else _widen_postgresql
    widen("matter_list", "polarity", ("'own_duty'", "'own_duty', 'cancelled', 'guidance'"))


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


def _widen_sqlite(table: str, column: str, words: tuple[str, str]) -> None:
    """Let a CHECK know more words. SQLite changes no constraint: the table is made anew, its rows
    copied, its indexes and guards put back as they were written."""
    bind = op.get_bind()
    query = "SELECT type, sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL"
    parts = [(kind, sql) for kind, sql in bind.exec_driver_sql(query, (table,))]
    made = next(sql for kind, sql in parts if kind == "table")
    op.execute(f'ALTER TABLE "{table}" RENAME TO "{table}_was"')
    bind.exec_driver_sql(_widened(made, column, words))
    op.execute(f'INSERT INTO "{table}" SELECT * FROM "{table}_was"')  # noqa: S608 - own names
    op.execute(f'DROP TABLE "{table}_was"')
    for kind, sql in parts:
        if kind != "table":
            bind.exec_driver_sql(sql)


def _widen_postgresql(table: str, column: str, words: tuple[str, str]) -> None:
    name = f"ck_{table}_{column}"
    checks = sa.inspect(op.get_bind()).get_check_constraints(table)
    stated = next(c["sqltext"] for c in checks if c["name"] == name)
    named = re.findall(r"'[^']*'", stated)
    wanted = _widened(f"{column} IN ({', '.join(named)})", column, words)
    op.drop_constraint(name, table)
    op.create_check_constraint(name, table, wanted)


def _widened(sql: str, column: str, words: tuple[str, str]) -> str:
    head, found, rest = sql.partition(f"{column} IN (")
    if not found or words[0] not in rest:
        raise RuntimeError(f"no CHECK on {column} that ends in {words[0]}")
    return head + found + rest.replace(words[0], words[1], 1)


def _fixed(table: str) -> str:
    """Every column but ``event_to``, which alone may be set, once."""
    columns = sa.inspect(op.get_bind()).get_columns(table)
    return ", ".join(f'"{c["name"]}"' for c in columns if c["name"] != "event_to")


def _instrument() -> None:
    _versioned(
        "instrument",
        sa.Column("document_number", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("effective_on", Day, nullable=False),
        sa.Column("lapses_on", Day, nullable=True),
    )
    op.create_index(
        "ix_instrument_document_number", "instrument", ["county", "document_number", "id"]
    )
    op.create_index("ix_instrument_lapses_on", "instrument", ["county", "lapses_on", "id"])


def _pack_run() -> None:
    _versioned(
        "pack_run",
        sa.Column("pack_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('check', 'test', 'simulate', 'reevaluate')", name="ck_pack_run_kind"
        ),
        sa.CheckConstraint(
            "state IN ('running', 'done', 'failed', 'broken')", name="ck_pack_run_state"
        ),
    )
    op.create_index("ix_pack_run_pack_id", "pack_run", ["county", "pack_id", "id"])
    op.create_index("ix_pack_run_state", "pack_run", ["county", "state", "id"])


def _reevaluation() -> None:
    _versioned(
        "reevaluation",
        sa.Column("object_kind", sa.Text(), nullable=False),
        sa.Column("object_id", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("area_path", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("stands", Flag, nullable=False),
        sa.Column("holds_until", Day, nullable=True),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('listed', 'exempt', 'needs_approval', 'purchase', 'discretionary', 'refused', 'human_review', 'out_of_scope', 'allowed')",
            name="ck_reevaluation_outcome",
        ),
    )
    op.create_index("ix_reevaluation_holds_until", "reevaluation", ["county", "holds_until", "id"])
    op.create_index("ix_reevaluation_object_id", "reevaluation", ["county", "object_id", "id"])
    op.create_index("ix_reevaluation_request_id", "reevaluation", ["county", "request_id", "id"])
    op.create_index("ix_reevaluation_stands", "reevaluation", ["county", "stands", "id"])


def _waiver() -> None:
    _versioned(
        "waiver",
        sa.Column("document_number", sa.Text(), nullable=False),
        sa.Column("valid_from", Day, nullable=False),
        sa.Column("valid_to", Day, nullable=False),
        sa.Column("granted_on", Day, nullable=True),
        sa.Column("ended_on", Day, nullable=True),
    )
    op.create_index("ix_waiver_valid_to", "waiver", ["county", "valid_to", "id"])


def _waiver_use() -> None:
    _versioned(
        "waiver_use",
        sa.Column("waiver_id", sa.Text(), nullable=False),
        sa.Column("verdict_id", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=True),
    )
    op.create_index("ix_waiver_use_request_id", "waiver_use", ["county", "request_id", "id"])
    op.create_index("ix_waiver_use_waiver_id", "waiver_use", ["county", "waiver_id", "id"])
