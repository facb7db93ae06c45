"""After admission: what befalls a matter in a community, what was there before, boards, certificates,
redress, notices with a code and evaluation; append-only alike."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = depends_on = None

Whole = sa.Integer().with_variant(sa.BigInteger(), "postgresql")
Flag = sa.Integer().with_variant(sa.Boolean(), "postgresql")
Day = sa.Text().with_variant(sa.Date(), "postgresql")
VERSIONED = (
    "acceptance",
    "admission_notice",
    "amendment_proposal",
    "attestation",
    "board",
    "bureau",
    "certificate_demand",
    "cleanup_order",
    "code_round",
    "complaint",
    "complaint_source",
    "declining",
    "departure",
    "legacy_review",
    "objection",
    "one_time_code",
    "posting",
    "reservation",
    "resident_report",
    "satisfaction",
    "seal_count",
    "signing_key",
    "stocktake",
    "suspension",
    "yearly_review",
)


def upgrade() -> None:
    for make in TABLES:
        make()
    sqlite = op.get_bind().dialect.name == "sqlite"
    if sqlite:
        _presence_sqlite()
    else:
        _presence_postgresql()
    op.add_column("request", sa.Column("narrowed_by", sa.Text(), nullable=True))
    _guard_anew("request", sqlite)
    _returned()
    guard = _guard_sqlite if sqlite else _guard_postgresql
    for table in VERSIONED:
        guard(table)


def downgrade() -> None:
    """The way back is the backup taken before."""
    raise NotImplementedError


def _returned() -> None:
    """补正 that waits for who asks: found among the requests returned now, and no other row."""
    now = sa.text("event_to IS NULL AND state = 'returned'")
    for whose in ("applicant_id", "holder_id"):
        op.create_index(f"ix_request_returned_{whose}", "request", ["county", whose, "id"],
                        sqlite_where=now, postgresql_where=now)  # fmt: skip


PRESENCE = {
    "department_id": "TEXT", "hours_year": "INTEGER", "row_key": "TEXT", "duration": "TEXT",
    "times_year": "INTEGER", "people": "INTEGER", "since": "TEXT",
}  # fmt: skip


def _presence_sqlite() -> None:
    """Let a presence have no request, and give it its new columns: SQLite loosens no NOT NULL, so the
    table is made anew once, its rows copied, its indexes and guards put back."""
    bind = op.get_bind()
    query = "SELECT type, sql FROM sqlite_master WHERE tbl_name = 'presence' AND sql NOT NULL"
    parts = [(kind, sql) for kind, sql in bind.exec_driver_sql(query)]
    made = next(sql for kind, sql in parts if kind == "table")
    loosened = made.replace("request_id TEXT NOT NULL", "request_id TEXT", 1)
    if loosened == made:
        raise RuntimeError("presence.request_id is not what the first form made it")
    columns = "".join(f"{name} {kind}, \n\t" for name, kind in PRESENCE.items())
    head, found, rest = loosened.partition("PRIMARY KEY")
    old = ", ".join(f'"{c["name"]}"' for c in sa.inspect(bind).get_columns("presence"))
    op.execute('ALTER TABLE "presence" RENAME TO "presence_was"')
    bind.exec_driver_sql(head + columns + found + rest)
    op.execute(f'INSERT INTO "presence" ({old}) SELECT {old} FROM "presence_was"')  # noqa: S608
    op.execute('DROP TABLE "presence_was"')
    for kind, sql in parts:
        if kind == "index":
            bind.exec_driver_sql(sql)
    _indexes()
    _guard_sqlite("presence")


def _presence_postgresql() -> None:
    op.alter_column("presence", "request_id", nullable=True)
    for name, kind in PRESENCE.items():
        op.add_column(
            "presence", sa.Column(name, Whole if kind == "INTEGER" else sa.Text(), nullable=True)
        )
    _indexes()
    op.execute('DROP TRIGGER guard_presence_update ON "presence"')
    op.execute(
        f'CREATE TRIGGER guard_presence_update BEFORE UPDATE OF {_fixed("presence")} ON "presence" '
        f"FOR EACH ROW EXECUTE FUNCTION append_only()"
    )


def _indexes() -> None:
    kept = sa.text("row_key IS NOT NULL")
    op.create_index("ix_presence_row_key", "presence", ["county", "row_key"],
                    sqlite_where=kept, postgresql_where=kept)  # fmt: skip
    op.create_index("ix_presence_department_id", "presence", ["county", "department_id", "id"])


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


def _guard_anew(table: str, sqlite: bool) -> None:
    on = "" if sqlite else f' ON "{table}"'
    op.execute(f"DROP TRIGGER guard_{table}_update{on}")
    if sqlite:
        op.execute(
            f"CREATE TRIGGER guard_{table}_update BEFORE UPDATE OF {_fixed(table)} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
    else:
        op.execute(
            f'CREATE TRIGGER guard_{table}_update BEFORE UPDATE OF {_fixed(table)} ON "{table}" '
            f"FOR EACH ROW EXECUTE FUNCTION append_only()"
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


def _acceptance() -> None:
    _versioned(
        "acceptance",
        sa.Column("presence_id", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("area_path", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("department_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due_on", Day, nullable=True),
        sa.Column("overdue", Flag, nullable=False),
        sa.Column("result", sa.Text(), nullable=True),
        sa.CheckConstraint("state IN ('asked', 'given', 'void')", name="ck_acceptance_state"),
        sa.CheckConstraint("result IN ('passed', 'partly', 'failed')", name="ck_acceptance_result"),
    )
    op.create_index("ix_acceptance_department_id", "acceptance", ["county", "department_id", "id"])
    op.create_index("ix_acceptance_presence_id", "acceptance", ["county", "presence_id", "id"])
    op.create_index("ix_acceptance_request_id", "acceptance", ["county", "request_id", "id"])
    op.create_index("ix_acceptance_state_due_on", "acceptance", ["county", "state", "due_on", "id"])


def _admission_notice() -> None:
    _versioned(
        "admission_notice",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("decision_id", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("presence_id", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("area_path", sa.Text(), nullable=False),
        sa.Column("ends_on", Day, nullable=True),
        sa.Column("issued_on", Day, nullable=False),
        sa.Column("edition", Whole, nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("replaced", Flag, nullable=False),
    )
    op.create_index(
        "ix_admission_notice_decision_id", "admission_notice", ["county", "decision_id", "id"]
    )
    op.create_index("ix_admission_notice_key_id", "admission_notice", ["county", "key_id", "id"])
    op.create_index("ix_admission_notice_number", "admission_notice", ["county", "number", "id"])
    op.create_index(
        "ix_admission_notice_organisation_id",
        "admission_notice",
        ["county", "organisation_id", "id"],
    )
    op.create_index(
        "ix_admission_notice_presence_id", "admission_notice", ["county", "presence_id", "id"]
    )
    op.create_index(
        "ix_admission_notice_request_id", "admission_notice", ["county", "request_id", "id"]
    )


def _amendment_proposal() -> None:
    _versioned(
        "amendment_proposal",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("department_id", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due_on", Day, nullable=True),
        sa.Column("overdue", Flag, nullable=False),
        sa.CheckConstraint(
            "state IN ('drafted', 'sent', 'answered')", name="ck_amendment_proposal_state"
        ),
    )
    op.create_index(
        "ix_amendment_proposal_department_id",
        "amendment_proposal",
        ["county", "department_id", "id"],
    )
    op.create_index(
        "ix_amendment_proposal_item_id", "amendment_proposal", ["county", "item_id", "id"]
    )
    op.create_index(
        "ix_amendment_proposal_state_due_on",
        "amendment_proposal",
        ["county", "state", "due_on", "id"],
    )


def _attestation() -> None:
    _versioned(
        "attestation",
        sa.Column("object_kind", sa.Text(), nullable=False),
        sa.Column("object_id", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=True),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("area_path", sa.Text(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("removed", Flag, nullable=False),
        sa.Column("seen_on", Day, nullable=False),
        sa.Column("superseded", Flag, nullable=False),
        sa.CheckConstraint("side IN ('community', 'street')", name="ck_attestation_side"),
    )
    op.create_index("ix_attestation_object_id", "attestation", ["county", "object_id", "id"])
    op.create_index("ix_attestation_order_id", "attestation", ["county", "order_id", "id"])


def _board() -> None:
    _versioned(
        "board",
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("area_id", sa.Text(), nullable=False),
        sa.Column("area_path", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("department_id", sa.Text(), nullable=True),
        sa.Column("since", Day, nullable=True),
        sa.Column("removed_on", Day, nullable=True),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("presence_id", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=True),
        sa.Column("profile", sa.Text(), nullable=True),
        sa.Column("recorded_on", Day, nullable=True),
        sa.Column("row_key", sa.Text(), nullable=True),
        sa.CheckConstraint("form IN ('signboard', 'wall_notice')", name="ck_board_form"),
        sa.CheckConstraint(
            "origin IN ('admitted', 'legacy', 'unadmitted')", name="ck_board_origin"
        ),
        sa.CheckConstraint(
            "state IN ('standing', 'ordered', 'disputed', 'removed')", name="ck_board_state"
        ),
        sa.CheckConstraint(
            "profile IN ('stands', 'needs_admission', 'must_go', 'ask')", name="ck_board_profile"
        ),
    )
    op.create_index("ix_board_area_path", "board", ["county", "area_path", "id"])
    op.create_index("ix_board_order_id", "board", ["county", "order_id", "id"])
    op.create_index("ix_board_organisation_id", "board", ["county", "organisation_id", "id"])
    op.create_index("ix_board_presence_id", "board", ["county", "presence_id", "id"])
    op.create_index("ix_board_row_key", "board", ["county", "row_key", "id"])
    op.create_index("ix_board_state", "board", ["county", "state", "id"])


def _bureau() -> None:
    _versioned(
        "bureau",
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("area_id", sa.Text(), nullable=False),
        sa.Column("area_path", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("department_id", sa.Text(), nullable=True),
        sa.Column("meets", Flag, nullable=True),
        sa.Column("since", Day, nullable=True),
        sa.Column("removed_on", Day, nullable=True),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("presence_id", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=True),
        sa.Column("profile", sa.Text(), nullable=True),
        sa.Column("recorded_on", Day, nullable=True),
        sa.Column("row_key", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "origin IN ('admitted', 'legacy', 'unadmitted')", name="ck_bureau_origin"
        ),
        sa.CheckConstraint(
            "state IN ('standing', 'ordered', 'disputed', 'removed')", name="ck_bureau_state"
        ),
        sa.CheckConstraint(
            "profile IN ('stands', 'needs_admission', 'must_go', 'ask')", name="ck_bureau_profile"
        ),
    )
    op.create_index("ix_bureau_area_path", "bureau", ["county", "area_path", "id"])
    op.create_index("ix_bureau_order_id", "bureau", ["county", "order_id", "id"])
    op.create_index("ix_bureau_organisation_id", "bureau", ["county", "organisation_id", "id"])
    op.create_index("ix_bureau_presence_id", "bureau", ["county", "presence_id", "id"])
    op.create_index("ix_bureau_row_key", "bureau", ["county", "row_key", "id"])
    op.create_index("ix_bureau_state", "bureau", ["county", "state", "id"])


def _certificate_demand() -> None:
    _versioned(
        "certificate_demand",
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("area_path", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=True),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("demander", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("times", Whole, nullable=False),
        sa.Column("recorded_on", Day, nullable=False),
        sa.CheckConstraint(
            "demander IN ('government', 'court', 'enterprise', 'bank', 'school', 'employer', 'resident', 'other')",
            name="ck_certificate_demand_demander",
        ),
        sa.CheckConstraint(
            "answer IN ('must', 'must_not', 'discretion', 'ask')",
            name="ck_certificate_demand_answer",
        ),
    )
    op.create_index(
        "ix_certificate_demand_area_path", "certificate_demand", ["county", "area_path", "id"]
    )
    op.create_index(
        "ix_certificate_demand_item_id_month",
        "certificate_demand",
        ["county", "item_id", "month", "id"],
    )
    op.create_index(
        "ix_certificate_demand_organisation_id_month",
        "certificate_demand",
        ["county", "organisation_id", "month", "id"],
    )


def _cleanup_order() -> None:
    _versioned(
        "cleanup_order",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("issuer_id", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("area_path", sa.Text(), nullable=False),
        sa.Column("department_id", sa.Text(), nullable=True),
        sa.Column("issued_on", Day, nullable=False),
        sa.Column("due_on", Day, nullable=True),
        sa.Column("overdue", Flag, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'done', 'cancelled')", name="ck_cleanup_order_state"),
    )
    op.create_index("ix_cleanup_order_area_path", "cleanup_order", ["county", "area_path", "id"])
    op.create_index(
        "ix_cleanup_order_department_id", "cleanup_order", ["county", "department_id", "id"]
    )
    op.create_index(
        "ix_cleanup_order_organisation_id", "cleanup_order", ["county", "organisation_id", "id"]
    )
    op.create_index(
        "ix_cleanup_order_state_due_on", "cleanup_order", ["county", "state", "due_on", "id"]
    )


def _code_round() -> None:
    _versioned(
        "code_round",
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("area_path", sa.Text(), nullable=False),
        sa.Column("rated", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("opens_on", Day, nullable=False),
        sa.Column("closes_on", Day, nullable=False),
        sa.Column("closed", Flag, nullable=False),
        sa.CheckConstraint(
            "rated IN ('presence', 'department', 'utility')", name="ck_code_round_rated"
        ),
    )
    op.create_index(
        "ix_code_round_closed_closes_on", "code_round", ["county", "closed", "closes_on", "id"]
    )
    op.create_index(
        "ix_code_round_organisation_id", "code_round", ["county", "organisation_id", "id"]
    )
    op.create_index("ix_code_round_subject_id", "code_round", ["county", "subject_id", "id"])


def _complaint() -> None:
    _versioned(
        "complaint",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("against_id", sa.Text(), nullable=False),
        sa.Column("handler_id", sa.Text(), nullable=False),
        sa.Column("received_on", Day, nullable=False),
        sa.Column("due_on", Day, nullable=True),
        sa.Column("overdue", Flag, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('registered', 'verifying', 'handled', 'dismissed')",
            name="ck_complaint_state",
        ),
    )
    op.create_index("ix_complaint_against_id", "complaint", ["county", "against_id", "id"])
    op.create_index("ix_complaint_handler_id", "complaint", ["county", "handler_id", "id"])
    op.create_index("ix_complaint_number", "complaint", ["county", "number", "id"])
    op.create_index("ix_complaint_state_due_on", "complaint", ["county", "state", "due_on", "id"])


def _complaint_source() -> None:
    _versioned(
        "complaint_source",
        sa.Column("complaint_id", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=True),
        sa.Column("person_id", sa.Text(), nullable=True),
        sa.Column("received_on", Day, nullable=False),
    )
    op.create_index(
        "ix_complaint_source_complaint_id", "complaint_source", ["county", "complaint_id", "id"]
    )
    op.create_index(
        "ix_complaint_source_organisation_id",
        "complaint_source",
        ["county", "organisation_id", "id"],
    )
    op.create_index(
        "ix_complaint_source_person_id", "complaint_source", ["county", "person_id", "id"]
    )


def _declining() -> None:
    _versioned(
        "declining",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("presence_id", sa.Text(), nullable=True),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("area_path", sa.Text(), nullable=False),
        sa.Column("department_id", sa.Text(), nullable=True),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("issued_on", Day, nullable=False),
    )
    op.create_index("ix_declining_department_id", "declining", ["county", "department_id", "id"])
    op.create_index("ix_declining_number", "declining", ["county", "number", "id"])
    op.create_index(
        "ix_declining_organisation_id", "declining", ["county", "organisation_id", "id"]
    )
    op.create_index("ix_declining_presence_id", "declining", ["county", "presence_id", "id"])


def _departure() -> None:
    _versioned(
        "departure",
        sa.Column("presence_id", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.Column("area_path", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("department_id", sa.Text(), nullable=True),
        sa.Column("trigger", sa.Text(), nullable=False),
        sa.Column("left_on", Day, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "trigger IN ('expired', 'law_changed', 'evaluation', 'annual_list', 'withdrawn', 'abolished_above', 'revoked')",
            name="ck_departure_trigger",
        ),
        sa.CheckConstraint("state IN ('open', 'settled')", name="ck_departure_state"),
    )
    op.create_index("ix_departure_presence_id", "departure", ["county", "presence_id", "id"])
    op.create_index("ix_departure_request_id", "departure", ["county", "request_id", "id"])
    op.create_index("ix_departure_state", "departure", ["county", "state", "id"])


def _legacy_review() -> None:
    _versioned(
        "legacy_review",
        sa.Column("presence_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("area_path", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("department_id", sa.Text(), nullable=True),
        sa.Column("standing", sa.Text(), nullable=False),
        sa.Column("judged_on", Day, nullable=False),
        sa.Column("due_on", Day, nullable=True),
        sa.Column("overdue", Flag, nullable=False),
        sa.Column("settlement", sa.Text(), nullable=True),
        sa.Column("settled_on", Day, nullable=True),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('task', 'office', 'signboard', 'wall_notice', 'certificate', 'inspection', 'campaign', 'report', 'ledger', 'meeting', 'app', 'survey', 'target')",
            name="ck_legacy_review_kind",
        ),
        sa.CheckConstraint(
            "standing IN ('stands', 'needs_admission', 'merge', 'must_go', 'ask')",
            name="ck_legacy_review_standing",
        ),
        sa.CheckConstraint(
            "settlement IN ('kept', 'admitted', 'merged', 'cleared')",
            name="ck_legacy_review_settlement",
        ),
    )
    op.create_index("ix_legacy_review_area_path", "legacy_review", ["county", "area_path", "id"])
    op.create_index(
        "ix_legacy_review_presence_id", "legacy_review", ["county", "presence_id", "id"]
    )
    op.create_index(
        "ix_legacy_review_settlement_due_on",
        "legacy_review",
        ["county", "settlement", "due_on", "id"],
    )


def _objection() -> None:
    _versioned(
        "objection",
        sa.Column("presence_id", sa.Text(), nullable=True),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("area_path", sa.Text(), nullable=False),
        sa.Column("department_id", sa.Text(), nullable=True),
        sa.Column("handler_id", sa.Text(), nullable=False),
        sa.Column("raised_on", Day, nullable=False),
        sa.Column("due_on", Day, nullable=True),
        sa.Column("overdue", Flag, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('raised', 'answered', 'withdrawn')", name="ck_objection_state"
        ),
    )
    op.create_index("ix_objection_department_id", "objection", ["county", "department_id", "id"])
    op.create_index("ix_objection_handler_id", "objection", ["county", "handler_id", "id"])
    op.create_index(
        "ix_objection_organisation_id", "objection", ["county", "organisation_id", "id"]
    )
    op.create_index("ix_objection_presence_id", "objection", ["county", "presence_id", "id"])
    op.create_index("ix_objection_state_due_on", "objection", ["county", "state", "due_on", "id"])


def _one_time_code() -> None:
    _versioned(
        "one_time_code",
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("used", Flag, nullable=False),
    )
    op.create_index("ix_one_time_code_round_id", "one_time_code", ["county", "round_id", "id"])


def _posting() -> None:
    _versioned(
        "posting",
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.Column("presence_id", sa.Text(), nullable=True),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("area_path", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("posted_on", Day, nullable=False),
        sa.Column("taken_down_on", Day, nullable=True),
    )
    op.create_index("ix_posting_organisation_id", "posting", ["county", "organisation_id", "id"])
    op.create_index("ix_posting_presence_id", "posting", ["county", "presence_id", "id"])
    op.create_index("ix_posting_request_id", "posting", ["county", "request_id", "id"])


def _reservation() -> None:
    _versioned(
        "reservation",
        sa.Column("presence_id", sa.Text(), nullable=True),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("area_path", sa.Text(), nullable=False),
        sa.Column("department_id", sa.Text(), nullable=True),
        sa.Column("made_on", Day, nullable=False),
    )
    op.create_index(
        "ix_reservation_organisation_id", "reservation", ["county", "organisation_id", "id"]
    )
    op.create_index("ix_reservation_presence_id", "reservation", ["county", "presence_id", "id"])


def _resident_report() -> None:
    _versioned(
        "resident_report",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("external_key", sa.Text(), nullable=True),
        sa.Column("against_id", sa.Text(), nullable=True),
        sa.Column("presence_id", sa.Text(), nullable=True),
        sa.Column("area_id", sa.Text(), nullable=False),
        sa.Column("area_path", sa.Text(), nullable=False),
        sa.Column("handler_id", sa.Text(), nullable=False),
        sa.Column("received_on", Day, nullable=False),
        sa.Column("due_on", Day, nullable=True),
        sa.Column("overdue", Flag, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('registered', 'examined', 'answered')", name="ck_resident_report_state"
        ),
    )
    op.create_index(
        "ix_resident_report_against_id", "resident_report", ["county", "against_id", "id"]
    )
    op.create_index(
        "ix_resident_report_external_key", "resident_report", ["county", "external_key", "id"]
    )
    op.create_index(
        "ix_resident_report_handler_id", "resident_report", ["county", "handler_id", "id"]
    )
    op.create_index(
        "ix_resident_report_state_due_on", "resident_report", ["county", "state", "due_on", "id"]
    )


def _satisfaction() -> None:
    _versioned(
        "satisfaction",
        sa.Column("rated", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("area_path", sa.Text(), nullable=False),
        sa.Column("rater", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("round_id", sa.Text(), nullable=True),
        sa.Column("recorded_on", Day, nullable=False),
        sa.CheckConstraint(
            "rated IN ('presence', 'department', 'utility')", name="ck_satisfaction_rated"
        ),
        sa.CheckConstraint(
            "rater IN ('residents', 'community', 'street', 'work')", name="ck_satisfaction_rater"
        ),
    )
    op.create_index(
        "ix_satisfaction_organisation_id", "satisfaction", ["county", "organisation_id", "id"]
    )
    op.create_index("ix_satisfaction_round_id", "satisfaction", ["county", "round_id", "id"])
    op.create_index(
        "ix_satisfaction_subject_id_period",
        "satisfaction",
        ["county", "subject_id", "period", "id"],
    )


def _seal_count() -> None:
    _versioned(
        "seal_count",
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("area_path", sa.Text(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("use", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=True),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("copies", Whole, nullable=False),
        sa.Column("recorded_on", Day, nullable=False),
    )
    op.create_index("ix_seal_count_area_path", "seal_count", ["county", "area_path", "id"])
    op.create_index(
        "ix_seal_count_organisation_id_month",
        "seal_count",
        ["county", "organisation_id", "month", "id"],
    )


def _signing_key() -> None:
    _versioned(
        "signing_key",
        sa.Column("state", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('active', 'retired', 'revoked')", name="ck_signing_key_state"
        ),
    )
    op.create_index("ix_signing_key_state", "signing_key", ["county", "state", "id"])


def _stocktake() -> None:
    _versioned(
        "stocktake",
        sa.Column("sheet", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("taken_on", Day, nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "sheet IN ('items', 'agreements', 'reports', 'boards', 'offices', 'certificates', 'meetings', 'groups')",
            name="ck_stocktake_sheet",
        ),
    )
    op.create_index("ix_stocktake_taken_on", "stocktake", ["county", "taken_on", "id"])


def _suspension() -> None:
    _versioned(
        "suspension",
        sa.Column("presence_id", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("area_path", sa.Text(), nullable=False),
        sa.Column("since", Day, nullable=False),
        sa.Column("resumed_on", Day, nullable=True),
    )
    op.create_index("ix_suspension_presence_id", "suspension", ["county", "presence_id", "id"])
    op.create_index("ix_suspension_request_id", "suspension", ["county", "request_id", "id"])


def _yearly_review() -> None:
    _versioned(
        "yearly_review",
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("year", Whole, nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("department_id", sa.Text(), nullable=False),
        sa.Column("proposal", sa.Text(), nullable=False),
        sa.Column("decided", sa.Text(), nullable=True),
        sa.Column("proposed_on", Day, nullable=False),
        sa.CheckConstraint(
            "proposal IN ('renew', 'adjust', 'merge', 'exit')", name="ck_yearly_review_proposal"
        ),
        sa.CheckConstraint(
            "decided IN ('renew', 'adjust', 'merge', 'exit')", name="ck_yearly_review_decided"
        ),
    )
    op.create_index("ix_yearly_review_request_id", "yearly_review", ["county", "request_id", "id"])
    op.create_index("ix_yearly_review_year", "yearly_review", ["county", "year", "id"])


TABLES = (
    _acceptance,
    _admission_notice,
    _amendment_proposal,
    _attestation,
    _board,
    _bureau,
    _certificate_demand,
    _cleanup_order,
    _code_round,
    _complaint,
    _complaint_source,
    _declining,
    _departure,
    _legacy_review,
    _objection,
    _one_time_code,
    _posting,
    _reservation,
    _resident_report,
    _satisfaction,
    _seal_count,
    _signing_key,
    _stocktake,
    _suspension,
    _yearly_review,
)
