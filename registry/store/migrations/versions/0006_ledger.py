"""The ledger: accounts on every line of a voucher, more that a voucher may do, the budget behind it,
spending, the statements of treasury and banks, payments, clearances and closings; append-only alike.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = depends_on = None

Whole = sa.Integer().with_variant(sa.BigInteger(), "postgresql")
Flag = sa.Integer().with_variant(sa.Boolean(), "postgresql")
Day = sa.Text().with_variant(sa.Date(), "postgresql")
Instant = sa.Text().with_variant(sa.TIMESTAMP(timezone=True), "postgresql")
FIRST = sa.text("version = 1")
VERSIONED = (
    "bank_batch",
    "bank_line",
    "budget_code",
    "claim",
    "clearance",
    "custody_term",
    "expenditure",
    "hold",
    "indicator",
    "opening_balance",
    "other_income",
    "payment",
    "population_count",
    "purchase",
    "year_closing",
    "yearly_review",
)

CHECKS = {
    "voucher": {
        "stage": (
            "stage IN ('pledge', 'increase', 'decrease', 'reallocate', 'allot', "
            "'order', 'dispatch', 'street_arrival', 'community_arrival', "
            "'expenditure', 'advance', 'repayment', 'refund', 'surplus', 'carry_out', "
            "'carry_in', 'opening', 'reversal')"
        ),
        "state": "state IN ('recorded', 'confirmed', 'voided')",
    },
    "voucher_line": {
        "stage": (
            "stage IN ('pledge', 'increase', 'decrease', 'reallocate', 'allot', "
            "'order', 'dispatch', 'street_arrival', 'community_arrival', "
            "'expenditure', 'advance', 'repayment', 'refund', 'surplus', 'carry_out', "
            "'carry_in', 'opening', 'reversal')"
        ),
    },
}
"""What a voucher may do, and what may become of it: more words than before."""
ACCOUNTS = {
    "debit": (
        "debit IN ('source', 'pledged', 'allotted', 'ordered', 'transit', "
        "'street', 'community', 'spent', 'remitted', 'carried', 'opening', "
        "'advanced', 'lender')"
    ),
    "credit": (
        "credit IN ('source', 'pledged', 'allotted', 'ordered', 'transit', "
        "'street', 'community', 'spent', 'remitted', 'carried', 'opening', "
        "'advanced', 'lender')"
    ),
    "accounts": "debit <> credit",
}
LINE = {
    "debit": "TEXT", "credit": "TEXT", "year": "INTEGER", "payer_id": "TEXT", "area_path": "TEXT",
    "indicator_id": "TEXT", "dated_on": "DAY",
}  # fmt: skip
"""New columns of a line; empty in versions from before accounts were kept."""
SUMS = ["county", "year", "presence_id", "funding_key", "stage", "sign", "debit", "credit", "payer_id",
        "request_id", "indicator_id", "amount_fen"]  # fmt: skip
COUNTED: dict[str, Any] = {
    "sqlite_where": sa.text("event_to IS NULL AND counted = 1"),
    "postgresql_where": sa.text("event_to IS NULL AND counted"),
}
"""What confirmed lines come to is read from the index alone."""


def upgrade() -> None:
    for make in TABLES:
        make()
    sqlite = op.get_bind().dialect.name == "sqlite"
    anew = _anew_sqlite if sqlite else _anew_postgresql
    anew("voucher", {})
    anew("voucher_line", LINE)
    for columns in ("payer_id year", "indicator_id", "area_path year"):
        name = f"ix_voucher_line_{columns.replace(' ', '_')}"
        op.create_index(name, "voucher_line", ["county", *columns.split(), "id"])
    op.create_index("ix_satisfaction_period", "satisfaction", ["county", "period", "id"])
    _yearly_review_anew()
    op.create_index("ix_voucher_line_sums", "voucher_line", SUMS, **COUNTED)
    guard = _guard_sqlite if sqlite else _guard_postgresql
    for table in VERSIONED:
        guard(table)


def _yearly_review_anew() -> None:
    """A review may be of what rests on no admission, and propose nothing. Nothing wrote one before
    this migration, so the table is simply made again."""
    if op.get_bind().execute(sa.text("SELECT count(*) FROM yearly_review")).scalar():
        raise RuntimeError("yearly_review holds rows that nothing of this registry wrote")
    op.drop_table("yearly_review")
    _yearly_review()


def downgrade() -> None:
    """The way back is the backup taken before."""
    raise NotImplementedError


def _anew_sqlite(table: str, added: dict[str, str]) -> None:
    """Other CHECKs, new columns and a request that may be absent: SQLite alters none of these, so the
    table is made anew once, its rows copied, its indexes and guards put back."""
    bind = op.get_bind()
    query = "SELECT type, sql FROM sqlite_master WHERE tbl_name = ? AND sql NOT NULL"
    parts = [(kind, sql) for kind, sql in bind.exec_driver_sql(query, (table,))]
    made = next(sql for kind, sql in parts if kind == "table")
    for name, check in CHECKS[table].items():
        made = _with_check(made, f"ck_{table}_{name}", check)
    made = made.replace("request_id TEXT NOT NULL", "request_id TEXT", 1)
    columns = "".join(f"{name} {kind.replace('DAY', 'TEXT')}, \n\t" for name, kind in added.items())
    checks = "".join(
        f"CONSTRAINT ck_{table}_{name} CHECK ({check}), \n\t" for name, check in ACCOUNTS.items()
    ) if added else ""  # fmt: skip
    head, found, rest = made.partition("PRIMARY KEY")
    keys, first, others = rest.partition(f"CONSTRAINT ck_{table}_amount_fen" if added else ")")
    old = ", ".join(f'"{c["name"]}"' for c in sa.inspect(bind).get_columns(table))
    op.execute(f'ALTER TABLE "{table}" RENAME TO "{table}_was"')
    bind.exec_driver_sql(head + columns + found + keys + checks + first + others)
    op.execute(f'INSERT INTO "{table}" ({old}) SELECT {old} FROM "{table}_was"')  # noqa: S608
    op.execute(f'DROP TABLE "{table}_was"')
    for kind, sql in parts:
        if kind == "index":
            bind.exec_driver_sql(sql)
    _guard_sqlite(table)


def _with_check(made: str, name: str, check: str) -> str:
    head, found, rest = made.partition(f"CONSTRAINT {name} CHECK (")
    if not found:
        raise RuntimeError(f"{name} is not there")
    depth = 1
    for at, letter in enumerate(rest):
        depth += (letter == "(") - (letter == ")")
        if depth == 0:
            return f"{head}{found}{check}{rest[at:]}"
    raise RuntimeError(f"{name} has no end")


def _anew_postgresql(table: str, added: dict[str, str]) -> None:
    op.alter_column(table, "request_id", nullable=True)
    types: dict[str, Any] = {"TEXT": sa.Text(), "INTEGER": Whole, "DAY": Day}
    for name, kind in added.items():
        op.add_column(table, sa.Column(name, types[kind], nullable=True))
    for name, check in CHECKS[table].items():
        op.drop_constraint(f"ck_{table}_{name}", table)
        op.create_check_constraint(f"ck_{table}_{name}", table, check)
    for name, check in ACCOUNTS.items() if added else ():
        op.create_check_constraint(f"ck_{table}_{name}", table, check)
    op.execute(f'DROP TRIGGER guard_{table}_update ON "{table}"')
    op.execute(
        f'CREATE TRIGGER guard_{table}_update BEFORE UPDATE OF {_fixed(table)} ON "{table}" '
        f"FOR EACH ROW EXECUTE FUNCTION append_only()"
    )


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


def _bank_batch() -> None:
    _versioned(
        "bank_batch",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("area_path", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "source IN ('treasury', 'bank')",
            name="ck_bank_batch_source",
        ),
    )
    op.create_index(
        "ix_bank_batch_organisation_id", "bank_batch", ["county", "organisation_id", "id"]
    )
    op.create_index("ix_bank_batch_sha256", "bank_batch", ["county", "sha256", "id"])


def _bank_line() -> None:
    _versioned(
        "bank_line",
        sa.Column("batch_id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("external_key", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("area_path", sa.Text(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("amount_fen", Whole, nullable=False),
        sa.Column("dated_on", Day, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("party_id", sa.Text(), nullable=True),
        sa.Column("voucher_id", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "source IN ('treasury', 'bank')",
            name="ck_bank_line_source",
        ),
        sa.CheckConstraint(
            "state IN ('open', 'matched', 'classed', 'finding')",
            name="ck_bank_line_state",
        ),
        sa.CheckConstraint(
            "direction IN ('in', 'out')",
            name="ck_bank_line_direction",
        ),
        sa.CheckConstraint(
            "amount_fen BETWEEN 1 AND 1000000000000000",
            name="ck_bank_line_amount_fen",
        ),
    )
    op.create_index(
        "ix_bank_line_account_id_dated_on", "bank_line", ["county", "account_id", "dated_on", "id"]
    )
    op.create_index("ix_bank_line_amount_fen", "bank_line", ["county", "amount_fen", "id"])
    op.create_index("ix_bank_line_batch_id", "bank_line", ["county", "batch_id", "id"])
    op.create_index("ix_bank_line_party_id", "bank_line", ["county", "party_id", "id"])
    op.create_index(
        "ix_bank_line_state_dated_on", "bank_line", ["county", "state", "dated_on", "id"]
    )
    op.create_index("ix_bank_line_voucher_id", "bank_line", ["county", "voucher_id", "id"])
    op.create_index(
        "ux_bank_line_key", "bank_line", ["county", "source", "account_id", "external_key"], unique=True,
        sqlite_where=FIRST, postgresql_where=FIRST,
    )  # fmt: skip


def _budget_code() -> None:
    _versioned(
        "budget_code",
        sa.Column("year", Whole, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('functional', 'government', 'department', 'directory')",
            name="ck_budget_code_kind",
        ),
    )
    op.create_index(
        "ix_budget_code_year_kind_code", "budget_code", ["county", "year", "kind", "code", "id"]
    )


def _claim() -> None:
    _versioned(
        "claim",
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("area_path", sa.Text(), nullable=False),
        sa.Column("first_on", Day, nullable=False),
        sa.Column("last_on", Day, nullable=False),
        sa.Column("total_fen", Whole, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('drawn', 'returned', 'reviewed', 'reimbursed')",
            name="ck_claim_state",
        ),
        sa.CheckConstraint(
            "total_fen BETWEEN 1 AND 1000000000000000",
            name="ck_claim_total_fen",
        ),
    )
    op.create_index("ix_claim_organisation_id", "claim", ["county", "organisation_id", "id"])
    op.create_index("ix_claim_state", "claim", ["county", "state", "id"])


def _clearance() -> None:
    _versioned(
        "clearance",
        sa.Column("presence_id", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("funding_key", sa.Text(), nullable=False),
        sa.Column("year", Whole, nullable=False),
        sa.Column("area_path", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("payer_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("refund_due_on", Day, nullable=True),
        sa.CheckConstraint(
            "state IN ('drawn', 'agreed', 'settled', 'void')",
            name="ck_clearance_state",
        ),
    )
    op.create_index("ix_clearance_presence_id", "clearance", ["county", "presence_id", "id"])
    op.create_index("ix_clearance_request_id", "clearance", ["county", "request_id", "id"])
    op.create_index(
        "ix_clearance_state_refund_due_on", "clearance", ["county", "state", "refund_due_on", "id"]
    )


def _custody_term() -> None:
    _versioned(
        "custody_term",
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("area_path", sa.Text(), nullable=False),
        sa.Column("custody", sa.Text(), nullable=False),
        sa.Column("since", Day, nullable=False),
        sa.Column("until", Day, nullable=True),
        sa.CheckConstraint(
            "custody IN ('street_custody', 'own_account', 'quota_transfer', 'direct_pay')",
            name="ck_custody_term_custody",
        ),
    )
    op.create_index(
        "ix_custody_term_organisation_id_since",
        "custody_term",
        ["county", "organisation_id", "since", "id"],
    )


def _expenditure() -> None:
    _versioned(
        "expenditure",
        sa.Column("voucher_id", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("presence_id", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("payer_id", sa.Text(), nullable=False),
        sa.Column("funding_key", sa.Text(), nullable=False),
        sa.Column("year", Whole, nullable=False),
        sa.Column("area_path", sa.Text(), nullable=False),
        sa.Column("amount_fen", Whole, nullable=False),
        sa.Column("use", sa.Text(), nullable=False),
        sa.Column("payee_digest", sa.Text(), nullable=True),
        sa.Column("invoice_key", sa.Text(), nullable=True),
        sa.Column("evidence_key", sa.Text(), nullable=True),
        sa.Column("quantity", Whole, nullable=True),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("means", sa.Text(), nullable=False),
        sa.Column("paid_on", Day, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("claim_id", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "stage IN ('pledge', 'increase', 'decrease', 'reallocate', 'allot', "
            "'order', 'dispatch', 'street_arrival', 'community_arrival', "
            "'expenditure', 'advance', 'repayment', 'refund', 'surplus', 'carry_out', "
            "'carry_in', 'opening', 'reversal')",
            name="ck_expenditure_stage",
        ),
        sa.CheckConstraint(
            "means IN ('transfer', 'official_card', 'cheque', 'cash', 'direct')",
            name="ck_expenditure_means",
        ),
        sa.CheckConstraint(
            "state IN ('recorded', 'confirmed', 'voided', 'reversed')",
            name="ck_expenditure_state",
        ),
        sa.CheckConstraint(
            "amount_fen BETWEEN 1 AND 1000000000000000",
            name="ck_expenditure_amount_fen",
        ),
    )
    op.create_index("ix_expenditure_claim_id", "expenditure", ["county", "claim_id", "id"])
    op.create_index(
        "ix_expenditure_organisation_id_paid_on", "expenditure",
        ["county", "organisation_id", "paid_on", "id"],
    )  # fmt: skip
    op.create_index("ix_expenditure_evidence_key", "expenditure", ["county", "evidence_key", "id"])
    op.create_index("ix_expenditure_invoice_key", "expenditure", ["county", "invoice_key", "id"])
    op.create_index("ix_expenditure_payee_digest", "expenditure", ["county", "payee_digest", "id"])
    op.create_index("ix_expenditure_presence_id", "expenditure", ["county", "presence_id", "id"])
    op.create_index("ix_expenditure_request_id", "expenditure", ["county", "request_id", "id"])
    op.create_index("ix_expenditure_voucher_id", "expenditure", ["county", "voucher_id", "id"])


def _hold() -> None:
    _versioned(
        "hold",
        sa.Column("presence_id", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("funding_key", sa.Text(), nullable=False),
        sa.Column("year", Whole, nullable=False),
        sa.Column("area_path", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("amount_fen", Whole, nullable=False),
        sa.Column("released_on", Day, nullable=True),
        sa.CheckConstraint(
            "amount_fen BETWEEN 1 AND 1000000000000000",
            name="ck_hold_amount_fen",
        ),
    )
    op.create_index("ix_hold_organisation_id", "hold", ["county", "organisation_id", "id"])
    op.create_index("ix_hold_presence_id", "hold", ["county", "presence_id", "id"])
    op.create_index("ix_hold_request_id", "hold", ["county", "request_id", "id"])


def _indicator() -> None:
    _versioned(
        "indicator",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("year", Whole, nullable=False),
        sa.Column("payer_id", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("amount_fen", Whole, nullable=False),
        sa.Column("confirmed_by", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "amount_fen BETWEEN 1 AND 1000000000000000",
            name="ck_indicator_amount_fen",
        ),
    )
    op.create_index("ix_indicator_payer_id_year", "indicator", ["county", "payer_id", "year", "id"])
    op.create_index(
        "ux_indicator_number", "indicator", ["county", "organisation_id", "year", "number"], unique=True,
        sqlite_where=FIRST, postgresql_where=FIRST,
    )  # fmt: skip


def _opening_balance() -> None:
    _versioned(
        "opening_balance",
        sa.Column("presence_id", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("area_path", sa.Text(), nullable=False),
        sa.Column("payer_id", sa.Text(), nullable=False),
        sa.Column("year", Whole, nullable=False),
        sa.Column("amount_fen", Whole, nullable=False),
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('imported', 'street_signed', 'signed', 'withdrawn')",
            name="ck_opening_balance_state",
        ),
        sa.CheckConstraint(
            "amount_fen BETWEEN 1 AND 1000000000000000",
            name="ck_opening_balance_amount_fen",
        ),
    )
    op.create_index(
        "ix_opening_balance_organisation_id", "opening_balance", ["county", "organisation_id", "id"]
    )
    op.create_index(
        "ix_opening_balance_presence_id", "opening_balance", ["county", "presence_id", "id"]
    )
    op.create_index("ix_opening_balance_state", "opening_balance", ["county", "state", "id"])
    op.create_index(
        "ux_opening_balance_row_key", "opening_balance", ["county", "row_key"], unique=True,
        sqlite_where=FIRST, postgresql_where=FIRST,
    )  # fmt: skip


def _other_income() -> None:
    _versioned(
        "other_income",
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("area_path", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("year", Whole, nullable=False),
        sa.Column("external_key", sa.Text(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("amount_fen", Whole, nullable=False),
        sa.Column("invoice_key", sa.Text(), nullable=True),
        sa.Column("bank_line_id", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "source IN ('running', 'benefit', 'donation', 'operating', 'award', 'interest', 'other')",
            name="ck_other_income_source",
        ),
        sa.CheckConstraint(
            "direction IN ('in', 'out')",
            name="ck_other_income_direction",
        ),
        sa.CheckConstraint(
            "amount_fen BETWEEN 1 AND 1000000000000000",
            name="ck_other_income_amount_fen",
        ),
    )
    op.create_index(
        "ix_other_income_bank_line_id", "other_income", ["county", "bank_line_id", "id"]
    )
    op.create_index("ix_other_income_invoice_key", "other_income", ["county", "invoice_key", "id"])
    op.create_index(
        "ix_other_income_organisation_id_year",
        "other_income",
        ["county", "organisation_id", "year", "id"],
    )
    op.create_index(
        "ux_other_income_key", "other_income", ["county", "organisation_id", "source", "external_key"], unique=True,
        sqlite_where=FIRST, postgresql_where=FIRST,
    )  # fmt: skip


def _payment() -> None:
    _versioned(
        "payment",
        sa.Column("voucher_id", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("payer_id", sa.Text(), nullable=False),
        sa.Column("area_path", sa.Text(), nullable=False),
        sa.Column("amount_fen", Whole, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("next_at", Instant, nullable=True),
        sa.CheckConstraint(
            "state IN ('queued', 'sent', 'settled', 'voided')",
            name="ck_payment_state",
        ),
        sa.CheckConstraint(
            "amount_fen BETWEEN 1 AND 1000000000000000",
            name="ck_payment_amount_fen",
        ),
    )
    op.create_index("ix_payment_request_id", "payment", ["county", "request_id", "id"])
    op.create_index("ix_payment_state_next_at", "payment", ["county", "state", "next_at", "id"])
    op.create_index("ix_payment_voucher_id", "payment", ["county", "voucher_id", "id"])


def _population_count() -> None:
    _versioned(
        "population_count",
        sa.Column("area_id", sa.Text(), nullable=False),
        sa.Column("area_path", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("counted_on", Day, nullable=False),
    )
    op.create_index(
        "ix_population_count_area_id_what_counted_on",
        "population_count",
        ["county", "area_id", "what", "counted_on", "id"],
    )


def _purchase() -> None:
    _versioned(
        "purchase",
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("funding_key", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("award", sa.Text(), nullable=False),
        sa.Column("provider_key", sa.Text(), nullable=False),
        sa.Column("amount_fen", Whole, nullable=False),
        sa.Column("awarded_on", Day, nullable=False),
        sa.CheckConstraint(
            "method IN ('open_tender', 'invited_tender', 'negotiation', 'consultation', "
            "'inquiry', 'single_source', 'framework', 'own')",
            name="ck_purchase_method",
        ),
        sa.CheckConstraint(
            "amount_fen BETWEEN 1 AND 1000000000000000",
            name="ck_purchase_amount_fen",
        ),
    )
    op.create_index(
        "ix_purchase_organisation_id_award",
        "purchase",
        ["county", "organisation_id", "award", "id"],
    )
    op.create_index(
        "ix_purchase_provider_key_awarded_on",
        "purchase",
        ["county", "provider_key", "awarded_on", "id"],
    )
    op.create_index(
        "ix_purchase_request_id_funding_key",
        "purchase",
        ["county", "request_id", "funding_key", "id"],
    )


def _year_closing() -> None:
    _versioned(
        "year_closing",
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("area_path", sa.Text(), nullable=False),
        sa.Column("year", Whole, nullable=False),
        sa.Column("carried_fen", Whole, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('closed')",
            name="ck_year_closing_state",
        ),
        sa.CheckConstraint(
            "carried_fen BETWEEN 0 AND 1000000000000000",
            name="ck_year_closing_carried_fen",
        ),
    )
    op.create_index("ix_year_closing_year", "year_closing", ["county", "year", "id"])
    op.create_index(
        "ux_year_closing_year", "year_closing", ["county", "organisation_id", "year"], unique=True,
        sqlite_where=FIRST, postgresql_where=FIRST,
    )  # fmt: skip


def _yearly_review() -> None:
    _versioned(
        "yearly_review",
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.Column("presence_id", sa.Text(), nullable=True),
        sa.Column("year", Whole, nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("department_id", sa.Text(), nullable=False),
        sa.Column("proposal", sa.Text(), nullable=True),
        sa.Column("decided", sa.Text(), nullable=True),
        sa.Column("proposed_on", Day, nullable=False),
        sa.CheckConstraint(
            "proposal IN ('renew', 'adjust', 'merge', 'exit')", name="ck_yearly_review_proposal"
        ),
        sa.CheckConstraint(
            "decided IN ('renew', 'adjust', 'merge', 'exit')", name="ck_yearly_review_decided"
        ),
    )
    for column in ("request_id", "presence_id", "department_id", "year"):
        op.create_index(f"ix_yearly_review_{column}", "yearly_review", ["county", column, "id"])


TABLES = (
    _bank_batch,
    _bank_line,
    _budget_code,
    _clearance,
    _custody_term,
    _claim,
    _expenditure,
    _hold,
    _indicator,
    _opening_balance,
    _other_income,
    _payment,
    _population_count,
    _purchase,
    _year_closing,
)
