"""The auditor: nodes of the log's tree, signed checkpoints and who witnessed them, the read log, audit
projects, the life of a finding, samples and issued documents; append-only alike.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

revision = "0008"
down_revision = "0007"
branch_labels = depends_on = None

Whole = sa.Integer().with_variant(sa.BigInteger(), "postgresql")
Flag = sa.Integer().with_variant(sa.Boolean(), "postgresql")
Day = sa.Text().with_variant(sa.Date(), "postgresql")
Instant = sa.Text().with_variant(sa.TIMESTAMP(timezone=True), "postgresql")
Blob = sa.LargeBinary()
VERSIONED = ("audit_member", "audit_project", "finding_step", "issued_document", "sample")
WRITTEN_ONCE = ("checkpoint", "cosignature", "log_node", "log_peer", "reading")
STAGES = "'doubt', 'verifying', 'answered', 'evidence', 'qualified', 'rectifying', 'settled', 'dismissed'"


def upgrade() -> None:
    for make in TABLES:
        make()
    _finding()
    _document()
    sqlite = op.get_bind().dialect.name == "sqlite"
    guard = _guard_sqlite if sqlite else _guard_postgresql
    for table in VERSIONED:
        guard(table, reopened=True)
    for table in WRITTEN_ONCE:
        guard(table, reopened=False)
    _only_grows(sqlite=sqlite)
    _queried()
    _text_doc(sqlite=sqlite)


def downgrade() -> None:
    """The way back is the backup taken before."""
    raise NotImplementedError


def _finding() -> None:
    """A finding is taken up, by somebody and for a project; empty in versions from before."""
    op.add_column("finding", sa.Column("stage", sa.Text(), nullable=True))
    op.add_column("finding", sa.Column("project_id", sa.Text(), nullable=True))
    for column in ("organisation_id", "project_id"):
        op.create_index(f"ix_finding_{column}", "finding", ["county", column, "id"])
    _guard_anew("finding")


def _document() -> None:
    """A paper of a finding may be shown to the unit asked; empty in versions from before."""
    op.add_column("document", sa.Column("organisation_id", sa.Text(), nullable=True))
    _guard_anew("document")


def _guard_anew(table: str) -> None:
    """The guard over a table's columns, with those that came to it."""
    guard, columns = f"guard_{table}_update", _fixed(table)
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"DROP TRIGGER {guard}")
        op.execute(
            f"CREATE TRIGGER {guard} BEFORE UPDATE OF {columns} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
    else:
        op.execute(f'DROP TRIGGER {guard} ON "{table}"')
        op.execute(
            f'CREATE TRIGGER {guard} BEFORE UPDATE OF {columns} ON "{table}" '
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


def _guard_sqlite(table: str, *, reopened: bool) -> None:
    guards = {
        "delete": "DELETE ON {0}",
        "update": f"UPDATE OF {_fixed(table)} ON {{0}}",
        "reopen": "UPDATE OF event_to ON {0} WHEN OLD.event_to IS NOT NULL OR NEW.event_to IS NULL",
    }
    for name, when in guards.items():
        if name == "reopen" and not reopened:
            continue
        op.execute(
            f"CREATE TRIGGER guard_{table}_{name} BEFORE {when.format(table)} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def _guard_postgresql(table: str, *, reopened: bool) -> None:
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
        if name == "reopen" and not reopened:
            continue
        op.execute(
            f'CREATE TRIGGER guard_{table}_{name} BEFORE {when} ON "{table}" {which} '
            f"EXECUTE FUNCTION append_only()"
        )


def _only_grows(*, sqlite: bool) -> None:
    """What was witnessed of a log is neither forgotten nor taken back to a smaller size."""
    for name, when in (
        ("delete", "DELETE ON witnessed FOR EACH ROW"),
        ("update", "UPDATE ON witnessed FOR EACH ROW WHEN (NEW.size < OLD.size)"),
    ):
        act = (
            "BEGIN SELECT RAISE(ABORT, 'witnessed is append-only'); END"
            if sqlite
            else "EXECUTE FUNCTION append_only()"
        )
        op.execute(f"CREATE TRIGGER guard_witnessed_{name} BEFORE {when} {act}")


def _fixed(table: str) -> str:
    """Every column but ``event_to``, which alone may be set, once."""
    columns = sa.inspect(op.get_bind()).get_columns(table)
    return ", ".join(f'"{c["name"]}"' for c in columns if c["name"] != "event_to")


def _keyed(table: str, columns: str) -> None:
    name = f"ix_{table}_{columns.replace(' ', '_')}"
    op.create_index(name, table, ["county", *columns.split(), "id"])


def _audit_project() -> None:
    _versioned(
        "audit_project",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("until", Day, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('audit', 'tenure', 'inspection')", name="ck_audit_project_kind"
        ),
        sa.CheckConstraint("state IN ('open', 'closed')", name="ck_audit_project_state"),
    )
    _keyed("audit_project", "organisation_id")
    _keyed("audit_project", "number")


def _audit_member() -> None:
    _versioned(
        "audit_member",
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("until", Day, nullable=False),
        sa.Column("gone_on", Day, nullable=True),
    )
    op.create_index(
        "ix_audit_member_person_id", "audit_member", ["person_id", "county", "project_id"]
    )
    _keyed("audit_member", "project_id")


def _finding_step() -> None:
    _versioned(
        "finding_step",
        sa.Column("finding_id", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=True),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=True),
        sa.Column("taken_on", Day, nullable=False),
        sa.Column("due_on", Day, nullable=True),
        sa.CheckConstraint(f"stage IN ({STAGES})", name="ck_finding_step_stage"),
    )
    for column in ("finding_id", "project_id", "organisation_id"):
        _keyed("finding_step", column)


def _sample() -> None:
    _versioned(
        "sample",
        sa.Column("project_id", sa.Text(), nullable=True),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("resource", sa.Text(), nullable=False),
    )
    _keyed("sample", "project_id")


def _issued_document() -> None:
    _versioned(
        "issued_document",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("issuer_id", sa.Text(), nullable=True),
        sa.Column("issued_on", Day, nullable=False),
        sa.Column("communities", Flag, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'matched', 'outside')", name="ck_issued_document_state"
        ),
    )
    for columns in ("number", "issuer_id", "state issued_on", "request_id"):
        _keyed("issued_document", columns)


def _log_node() -> None:
    op.create_table(
        "log_node",
        sa.Column("county", sa.Text(), primary_key=True),
        sa.Column("tree", sa.Text(), primary_key=True),
        sa.Column("level", Whole, primary_key=True, autoincrement=False),
        sa.Column("position", Whole, primary_key=True, autoincrement=False),
        sa.Column("hash", Blob, nullable=False),
        sa.CheckConstraint(
            "level >= 8 AND level % 8 = 0 AND position >= 0", name="ck_log_node_place"
        ),
        sqlite_strict=True,
    )


def _checkpoint() -> None:
    op.create_table(
        "checkpoint",
        sa.Column("county", sa.Text(), primary_key=True),
        sa.Column("tree", sa.Text(), primary_key=True),
        sa.Column("size", Whole, primary_key=True, autoincrement=False),
        sa.Column("root", sa.Text(), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sqlite_strict=True,
    )


def _cosignature() -> None:
    op.create_table(
        "cosignature",
        sa.Column("county", sa.Text(), primary_key=True),
        sa.Column("tree", sa.Text(), primary_key=True),
        sa.Column("size", Whole, primary_key=True, autoincrement=False),
        sa.Column("witness", sa.Text(), primary_key=True),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sqlite_strict=True,
    )


def _witnessed() -> None:
    op.create_table(
        "witnessed",
        sa.Column("origin", sa.Text(), primary_key=True),
        sa.Column("size", Whole, nullable=False),
        sa.Column("root", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sqlite_strict=True,
    )


def _log_peer() -> None:
    op.create_table(
        "log_peer",
        sa.Column("county", sa.Text(), primary_key=True),
        sa.Column("number", Whole, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("vkey", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("standing", Flag, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.CheckConstraint("kind IN ('witness', 'log', 'at_least')", name="ck_log_peer_kind"),
        sqlite_strict=True,
    )


def _reading() -> None:
    op.create_table(
        "reading",
        sa.Column("county", sa.Text(), primary_key=True),
        sa.Column("seq", Whole, primary_key=True, autoincrement=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("leaf", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('sitting', 'query')", name="ck_reading_kind"),
        sa.CheckConstraint("seq >= 1", name="ck_reading_seq"),
        sqlite_strict=True,
    )
    op.create_index("ix_reading_person_id", "reading", ["county", "person_id", "seq"])
    op.create_index("ix_reading_at", "reading", ["county", "at"])


TABLES = (
    _audit_project, _audit_member, _finding_step, _sample, _issued_document, _log_node, _checkpoint,
    _cosignature, _witnessed, _log_peer, _reading,
)  # fmt: skip

QUERIED = {
    "acceptance": "organisation_id result area_path state",
    "admission_notice": "replaced issued_on area_path",
    "agreement": "state",
    "amendment_proposal": "overdue number state",
    "area": "level kind",
    "attestation": "side superseded area_path",
    "bank_batch": "source area_path",
    "bank_line": "source direction dated_on area_path account_id state",
    "board": "area_id form place origin profile department_id recorded_on",
    "budget_code": "kind code year",
    "bureau": "area_id origin profile department_id meets recorded_on",
    "certificate_demand": "demander answer month recorded_on item_id organisation_id",
    "claim": "area_path",
    "cleanup_order": "number issuer_id overdue state",
    "clearance": "organisation_id payer_id area_path state",
    "code_round": "rated period area_path closed",
    "complaint": "overdue received_on due_on state",
    "conference": "state",
    "conference_vote": "person_id organisation_id",
    "correction": "object_kind",
    "custody_term": "custody area_path organisation_id",
    "decision": "number organisation_id",
    "declining": "request_id ground issued_on area_path",
    "delegation": "kind",
    "departure": "organisation_id department_id trigger area_path",
    "document": "parent_kind type organisation_id",
    "event": "outcome code object_kind",
    "expenditure": "payer_id year use means state paid_on amount_fen area_path organisation_id",
    "finding": "object_kind opened_on closed_on area_path stage",
    "handover": "organisation_id reason",
    "hold": "area_path",
    "indicator": "number year organisation_id amount_fen payer_id",
    "instrument": "issuer",
    "legacy_review": (
        "kind organisation_id department_id standing overdue request_id judged_on settlement"
    ),
    "line_part": "source account_id direction area_path",
    "matter_list": "polarity",
    "movement": "kind organisation_id to_organisation_id to_person_id",
    "notice": "read kind request_id made_on",
    "objection": "request_id overdue raised_on area_path state",
    "opening_balance": "payer_id year area_path",
    "opinion": "task_id organisation_id ballot",
    "organisation": "level",
    "other_income": "source year direction area_path organisation_id",
    "pack": "state level parent",
    "pack_run": "kind",
    "payment": "payer_id area_path state",
    "person": "username",
    "phrase": "act active",
    "population_count": "what area_path area_id",
    "post": "role area_id valid_from",
    "posting": "what posted_on area_path",
    "presence": "kind area_id receiver starts_on share_fen",
    "purchase": (
        "funding_key method award awarded_on amount_fen organisation_id provider_key request_id"
    ),
    "reevaluation": "object_kind outcome organisation_id area_path",
    "reorganisation": "kind object_kind document_number",
    "request": "disclosure applied_on",
    "reservation": "request_id department_id area_path",
    "resident_report": "area_id source overdue received_on area_path state",
    "review": "result organisation_id applicant_id",
    "revocation": "decision_id organisation_id",
    "satisfaction": "rated rater area_path subject_id",
    "seal_count": "month organisation_id",
    "step": "state",
    "stocktake": "sheet organisation_id",
    "street_outcome": "organisation_id outcome area_path",
    "suspension": "area_path",
    "task": "act organisation_id state",
    "verdict": "gate",
    "voucher": "number issuer_id total_fen fiscal_year",
    "voucher_line": "stage year amount_fen area_path payer_id counted",
    "waiver": "document_number",
    "waiver_use": "verdict_id",
    "year_closing": "state area_path organisation_id",
    "yearly_review": "decided proposed_on",
    "audit_project": "kind state",
    "audit_member": "person_id",
    "finding_step": "stage",
    "sample": "person_id resource",
    "issued_document": "communities state",
}
SUMMED = {
    "agreement": "state",
    "board": "state form origin area_path department_id",
    "certificate_demand": "answer demander month item_id area_path times",
    "complaint": "state against_id handler_id received_on",
    "decision": "kind organisation_id issued_on",
    "declining": "ground department_id area_path issued_on",
    "expenditure": "state use means organisation_id payer_id year area_path paid_on amount_fen",
    "finding": "code stage organisation_id area_path opened_on",
    "presence": "state kind receiver department_id area_path starts_on share_fen",
    "request": "state kind outcome applicant_id applied_on",
    "verdict": "outcome gate",
    "voucher": "stage state payer_id dated_on",
    "voucher_line": "counted stage payer_id dated_on area_path year sign amount_fen",
}


def _queried() -> None:
    """Every filter of a list has an index, and what is counted and summed is read from one."""
    for table, columns in QUERIED.items():
        key = "seq" if table == "event" else "id"
        for column in columns.split():
            called = f"ix_{table}_{column}"
            called += "_here" if called == "ix_audit_member_person_id" else ""
            op.create_index(called, table, ["county", column, key])
    for table, columns in SUMMED.items():
        held = ["county", *columns.split(), "event_to", "event_from"]
        op.create_index(f"ix_{table}_summed", table, held)


def _text_doc(*, sqlite: bool) -> None:
    """Words by pairs of characters: what a row says, and the index in which they are found."""
    words = sa.Text().with_variant(TSVECTOR(), "postgresql")
    op.create_table(
        "text_doc",
        sa.Column("doc", Whole, primary_key=True),
        sa.Column("county", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("words", words, nullable=True),
        sqlite_strict=True,
    )
    op.create_index("ux_text_doc_mark", "text_doc", ["county", "kind", "id", "mark"], unique=True)
    if sqlite:
        op.execute(
            "CREATE VIRTUAL TABLE text_gram USING fts5"
            "(words, content='', detail='none', columnsize=0, tokenize='ascii')"
        )
    else:
        op.create_index("ix_text_doc_words", "text_doc", ["words"], postgresql_using="gin")
