"""The first form: every table as a version store, one log per county, and the guard that keeps
both append-only whoever speaks SQL.

Types stand here, not in the program, so that a later release cannot change what this one did.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = depends_on = None

Whole = sa.Integer().with_variant(sa.BigInteger(), "postgresql")
Flag = sa.Integer().with_variant(sa.Boolean(), "postgresql")
Day = sa.Text().with_variant(sa.Date(), "postgresql")
Instant = sa.Text().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")
Blob = sa.LargeBinary().with_variant(postgresql.BYTEA(), "postgresql")

VERSIONED = (
    "agreement",
    "area",
    "calendar_year",
    "decision",
    "document",
    "finding",
    "matter_list",
    "opinion",
    "organisation",
    "pack",
    "person",
    "post",
    "presence",
    "receipt",
    "request",
    "serial",
    "signature",
    "step",
    "target",
    "task",
    "verdict",
    "voucher",
    "voucher_line",
)


def upgrade() -> None:
    for make in TABLES:
        make()
    guard = _guard_sqlite if op.get_bind().dialect.name == "sqlite" else _guard_postgresql
    guard()


def downgrade() -> None:
    """The way back is the backup taken before."""
    raise NotImplementedError


def _guard_sqlite() -> None:
    _refuse_sqlite("event", "update", "UPDATE")
    for table in ("event", *VERSIONED):
        _refuse_sqlite(table, "delete", "DELETE")
    for table in VERSIONED:
        _refuse_sqlite(table, "update", f"UPDATE OF {_fixed(table)}")
        _refuse_sqlite(
            table,
            "reopen",
            "UPDATE OF event_to",
            "WHEN OLD.event_to IS NOT NULL OR NEW.event_to IS NULL",
        )


def _refuse_sqlite(table: str, name: str, when: str, which: str = "") -> None:
    op.execute(
        f"CREATE TRIGGER guard_{table}_{name} BEFORE {when} ON {table} {which} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    )


def _guard_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = '23001'; END $$"
    )
    for table in ("event", *VERSIONED):
        _refuse_postgresql(table, "delete", "DELETE")
        _refuse_postgresql(table, "truncate", "TRUNCATE", "FOR EACH STATEMENT")
    _refuse_postgresql("event", "update", "UPDATE")
    for table in VERSIONED:
        _refuse_postgresql(table, "update", f"UPDATE OF {_fixed(table)}")
        _refuse_postgresql(
            table,
            "reopen",
            "UPDATE OF event_to",
            "FOR EACH ROW WHEN (OLD.event_to IS NOT NULL OR NEW.event_to IS NULL)",
        )


def _refuse_postgresql(table: str, name: str, when: str, which: str = "FOR EACH ROW") -> None:
    op.execute(
        f'CREATE TRIGGER guard_{table}_{name} BEFORE {when} ON "{table}" {which} '
        f"EXECUTE FUNCTION append_only()"
    )


def _fixed(table: str) -> str:
    """Every column but ``event_to``, which alone may be set, once."""
    columns = sa.inspect(op.get_bind()).get_columns(table)
    return ", ".join(f'"{c["name"]}"' for c in columns if c["name"] != "event_to")


def _event() -> None:
    op.create_table(
        "event",
        sa.Column("county", sa.Text(), primary_key=True),
        sa.Column("seq", Whole, primary_key=True, autoincrement=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("object_kind", sa.Text(), nullable=False),
        sa.Column("object_id", sa.Text(), nullable=False),
        sa.Column("object_version", Whole, nullable=False),
        sa.Column("business_date", Day, nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("leaf", sa.Text(), nullable=False),
        sa.CheckConstraint("outcome IN ('done', 'refused')", name="ck_event_outcome"),
        sa.CheckConstraint("seq >= 1", name="ck_event_seq"),
        sqlite_strict=True,
    )
    op.create_index("ix_event_act", "event", ["county", "act", "seq"])
    op.create_index("ix_event_actor", "event", ["county", "actor", "seq"])
    op.create_index("ix_event_at", "event", ["county", "at"])
    op.create_index("ix_event_object", "event", ["county", "object_id", "seq"])


def _idempotency() -> None:
    op.create_table(
        "idempotency",
        sa.Column("county", sa.Text(), primary_key=True),
        sa.Column("person_id", sa.Text(), primary_key=True),
        sa.Column("key", sa.Text(), primary_key=True),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("reply", Blob, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sqlite_strict=True,
    )


def _log_head() -> None:
    op.create_table(
        "log_head",
        sa.Column("county", sa.Text(), primary_key=True),
        sa.Column("seq", Whole, nullable=False),
        sqlite_strict=True,
    )


def _sign_in() -> None:
    op.create_table(
        "sign_in",
        sa.Column("username", sa.Text(), primary_key=True),
        sa.Column("hour", Instant, primary_key=True),
        sa.Column("failures", Whole, nullable=False),
        sqlite_strict=True,
    )


def _token() -> None:
    op.create_table(
        "token",
        sa.Column("county", sa.Text(), primary_key=True),
        sa.Column("digest", sa.Text(), primary_key=True),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("issued_at", Instant, nullable=False),
        sa.Column("expires_at", Instant, nullable=False),
        sqlite_strict=True,
    )


def _agreement() -> None:
    op.create_table(
        "agreement",
        sa.Column("county", sa.Text(), primary_key=True),
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("version", Whole, primary_key=True),
        sa.Column("event_from", Whole, nullable=False),
        sa.Column("event_to", Whole, nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.CheckConstraint("state IN ('offered', 'superseded')", name="ck_agreement_state"),
        sa.CheckConstraint("version >= 1", name="ck_agreement_version"),
        sa.CheckConstraint(
            "event_to IS NULL OR event_to > event_from", name="ck_agreement_event_to"
        ),
        sa.ForeignKeyConstraint(
            ["county", "event_from"],
            ["event.county", "event.seq"],
            deferrable=True,
            initially="DEFERRED",
            name="fk_agreement_event",
        ),
        sqlite_strict=True,
    )
    op.create_index("ix_agreement_event", "agreement", ["county", "event_from"])
    op.create_index("ix_agreement_request_id", "agreement", ["county", "request_id", "id"])
    op.create_index(
        "ux_agreement_current",
        "agreement",
        ["county", "id"],
        unique=True,
        sqlite_where=sa.text("event_to IS NULL"),
        postgresql_where=sa.text("event_to IS NULL"),
    )


def _area() -> None:
    op.create_table(
        "area",
        sa.Column("county", sa.Text(), primary_key=True),
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("version", Whole, primary_key=True),
        sa.Column("event_from", Whole, nullable=False),
        sa.Column("event_to", Whole, nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.Text(), nullable=True),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("valid_from", Day, nullable=True),
        sa.Column("valid_to", Day, nullable=True),
        sa.CheckConstraint(
            "level IN ('province', 'city', 'county', 'street', 'community')", name="ck_area_level"
        ),
        sa.CheckConstraint(
            (
                "kind IN ('province', 'city', 'county', 'street', 'town', 'township', "
                "'other_street', 'residents_committee', 'village_committee', "
                "'other_committee')"
            ),
            name="ck_area_kind",
        ),
        sa.CheckConstraint("version >= 1", name="ck_area_version"),
        sa.CheckConstraint("event_to IS NULL OR event_to > event_from", name="ck_area_event_to"),
        sa.ForeignKeyConstraint(
            ["county", "event_from"],
            ["event.county", "event.seq"],
            deferrable=True,
            initially="DEFERRED",
            name="fk_area_event",
        ),
        sqlite_strict=True,
    )
    op.create_index("ix_area_code", "area", ["county", "code", "id"])
    op.create_index("ix_area_event", "area", ["county", "event_from"])
    op.create_index("ix_area_parent_id", "area", ["county", "parent_id", "id"])
    op.create_index("ix_area_path", "area", ["county", "path", "id"])
    op.create_index(
        "ux_area_current",
        "area",
        ["county", "id"],
        unique=True,
        sqlite_where=sa.text("event_to IS NULL"),
        postgresql_where=sa.text("event_to IS NULL"),
    )


def _calendar_year() -> None:
    op.create_table(
        "calendar_year",
        sa.Column("county", sa.Text(), primary_key=True),
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("version", Whole, primary_key=True),
        sa.Column("event_from", Whole, nullable=False),
        sa.Column("event_to", Whole, nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("year", Whole, nullable=False),
        sa.CheckConstraint("version >= 1", name="ck_calendar_year_version"),
        sa.CheckConstraint(
            "event_to IS NULL OR event_to > event_from", name="ck_calendar_year_event_to"
        ),
        sa.ForeignKeyConstraint(
            ["county", "event_from"],
            ["event.county", "event.seq"],
            deferrable=True,
            initially="DEFERRED",
            name="fk_calendar_year_event",
        ),
        sqlite_strict=True,
    )
    op.create_index("ix_calendar_year_event", "calendar_year", ["county", "event_from"])
    op.create_index("ix_calendar_year_year", "calendar_year", ["county", "year", "id"])
    op.create_index(
        "ux_calendar_year_current",
        "calendar_year",
        ["county", "id"],
        unique=True,
        sqlite_where=sa.text("event_to IS NULL"),
        postgresql_where=sa.text("event_to IS NULL"),
    )


def _decision() -> None:
    op.create_table(
        "decision",
        sa.Column("county", sa.Text(), primary_key=True),
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("version", Whole, primary_key=True),
        sa.Column("event_from", Whole, nullable=False),
        sa.Column("event_to", Whole, nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("issued_on", Day, nullable=False),
        sa.CheckConstraint(
            "kind IN ('admitted', 'not_admitted', 'not_accepted')", name="ck_decision_kind"
        ),
        sa.CheckConstraint("version >= 1", name="ck_decision_version"),
        sa.CheckConstraint(
            "event_to IS NULL OR event_to > event_from", name="ck_decision_event_to"
        ),
        sa.ForeignKeyConstraint(
            ["county", "event_from"],
            ["event.county", "event.seq"],
            deferrable=True,
            initially="DEFERRED",
            name="fk_decision_event",
        ),
        sqlite_strict=True,
    )
    op.create_index("ix_decision_event", "decision", ["county", "event_from"])
    op.create_index("ix_decision_issued_on", "decision", ["county", "issued_on", "id"])
    op.create_index("ix_decision_kind", "decision", ["county", "kind", "id"])
    op.create_index("ix_decision_request_id", "decision", ["county", "request_id", "id"])
    op.create_index(
        "ux_decision_current",
        "decision",
        ["county", "id"],
        unique=True,
        sqlite_where=sa.text("event_to IS NULL"),
        postgresql_where=sa.text("event_to IS NULL"),
    )


def _document() -> None:
    op.create_table(
        "document",
        sa.Column("county", sa.Text(), primary_key=True),
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("version", Whole, primary_key=True),
        sa.Column("event_from", Whole, nullable=False),
        sa.Column("event_to", Whole, nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("parent_kind", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", Whole, nullable=False),
        sa.CheckConstraint(
            (
                "type IN ('basis', 'letter', 'minutes', 'reply', 'agreement', 'authorisation', "
                "'receipt', 'acceptance', 'photo', 'other')"
            ),
            name="ck_document_type",
        ),
        sa.CheckConstraint("version >= 1", name="ck_document_version"),
        sa.CheckConstraint(
            "event_to IS NULL OR event_to > event_from", name="ck_document_event_to"
        ),
        sa.ForeignKeyConstraint(
            ["county", "event_from"],
            ["event.county", "event.seq"],
            deferrable=True,
            initially="DEFERRED",
            name="fk_document_event",
        ),
        sqlite_strict=True,
    )
    op.create_index("ix_document_event", "document", ["county", "event_from"])
    op.create_index("ix_document_parent_id", "document", ["county", "parent_id", "id"])
    op.create_index("ix_document_request_id", "document", ["county", "request_id", "id"])
    op.create_index("ix_document_sha256", "document", ["county", "sha256", "id"])
    op.create_index(
        "ux_document_current",
        "document",
        ["county", "id"],
        unique=True,
        sqlite_where=sa.text("event_to IS NULL"),
        postgresql_where=sa.text("event_to IS NULL"),
    )


def _finding() -> None:
    op.create_table(
        "finding",
        sa.Column("county", sa.Text(), primary_key=True),
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("version", Whole, primary_key=True),
        sa.Column("event_from", Whole, nullable=False),
        sa.Column("event_to", Whole, nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("object_kind", sa.Text(), nullable=False),
        sa.Column("object_id", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=True),
        sa.Column("area_path", sa.Text(), nullable=True),
        sa.Column("opened_on", Day, nullable=False),
        sa.Column("closed_on", Day, nullable=True),
        sa.CheckConstraint("version >= 1", name="ck_finding_version"),
        sa.CheckConstraint("event_to IS NULL OR event_to > event_from", name="ck_finding_event_to"),
        sa.ForeignKeyConstraint(
            ["county", "event_from"],
            ["event.county", "event.seq"],
            deferrable=True,
            initially="DEFERRED",
            name="fk_finding_event",
        ),
        sqlite_strict=True,
    )
    op.create_index("ix_finding_code", "finding", ["county", "code", "id"])
    op.create_index("ix_finding_event", "finding", ["county", "event_from"])
    op.create_index("ix_finding_object_id", "finding", ["county", "object_id", "id"])
    op.create_index(
        "ux_finding_current",
        "finding",
        ["county", "id"],
        unique=True,
        sqlite_where=sa.text("event_to IS NULL"),
        postgresql_where=sa.text("event_to IS NULL"),
    )


def _matter_list() -> None:
    op.create_table(
        "matter_list",
        sa.Column("county", sa.Text(), primary_key=True),
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("version", Whole, primary_key=True),
        sa.Column("event_from", Whole, nullable=False),
        sa.Column("event_to", Whole, nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("polarity", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("valid_from", Day, nullable=True),
        sa.Column("valid_to", Day, nullable=True),
        sa.CheckConstraint(
            (
                "polarity IN ('assist', 'self_governance', 'permitted', 'discretionary', "
                "'negative', 'barred', 'own_duty')"
            ),
            name="ck_matter_list_polarity",
        ),
        sa.CheckConstraint("version >= 1", name="ck_matter_list_version"),
        sa.CheckConstraint(
            "event_to IS NULL OR event_to > event_from", name="ck_matter_list_event_to"
        ),
        sa.ForeignKeyConstraint(
            ["county", "event_from"],
            ["event.county", "event.seq"],
            deferrable=True,
            initially="DEFERRED",
            name="fk_matter_list_event",
        ),
        sqlite_strict=True,
    )
    op.create_index("ix_matter_list_event", "matter_list", ["county", "event_from"])
    op.create_index(
        "ux_matter_list_current",
        "matter_list",
        ["county", "id"],
        unique=True,
        sqlite_where=sa.text("event_to IS NULL"),
        postgresql_where=sa.text("event_to IS NULL"),
    )


def _opinion() -> None:
    op.create_table(
        "opinion",
        sa.Column("county", sa.Text(), primary_key=True),
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("version", Whole, primary_key=True),
        sa.Column("event_from", Whole, nullable=False),
        sa.Column("event_to", Whole, nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("step_id", sa.Text(), nullable=False),
        sa.Column("task_id", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("ballot", sa.Text(), nullable=False),
        sa.CheckConstraint("ballot IN ('agree', 'disagree', 'comment')", name="ck_opinion_ballot"),
        sa.CheckConstraint("version >= 1", name="ck_opinion_version"),
        sa.CheckConstraint("event_to IS NULL OR event_to > event_from", name="ck_opinion_event_to"),
        sa.ForeignKeyConstraint(
            ["county", "event_from"],
            ["event.county", "event.seq"],
            deferrable=True,
            initially="DEFERRED",
            name="fk_opinion_event",
        ),
        sqlite_strict=True,
    )
    op.create_index("ix_opinion_event", "opinion", ["county", "event_from"])
    op.create_index("ix_opinion_request_id", "opinion", ["county", "request_id", "id"])
    op.create_index("ix_opinion_step_id", "opinion", ["county", "step_id", "id"])
    op.create_index(
        "ux_opinion_current",
        "opinion",
        ["county", "id"],
        unique=True,
        sqlite_where=sa.text("event_to IS NULL"),
        postgresql_where=sa.text("event_to IS NULL"),
    )


def _organisation() -> None:
    op.create_table(
        "organisation",
        sa.Column("county", sa.Text(), primary_key=True),
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("version", Whole, primary_key=True),
        sa.Column("event_from", Whole, nullable=False),
        sa.Column("event_to", Whole, nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("area_id", sa.Text(), nullable=False),
        sa.Column("valid_from", Day, nullable=True),
        sa.Column("valid_to", Day, nullable=True),
        sa.CheckConstraint("version >= 1", name="ck_organisation_version"),
        sa.CheckConstraint(
            "event_to IS NULL OR event_to > event_from", name="ck_organisation_event_to"
        ),
        sa.ForeignKeyConstraint(
            ["county", "event_from"],
            ["event.county", "event.seq"],
            deferrable=True,
            initially="DEFERRED",
            name="fk_organisation_event",
        ),
        sqlite_strict=True,
    )
    op.create_index("ix_organisation_area_id", "organisation", ["county", "area_id", "id"])
    op.create_index("ix_organisation_event", "organisation", ["county", "event_from"])
    op.create_index("ix_organisation_kind", "organisation", ["county", "kind", "id"])
    op.create_index(
        "ux_organisation_current",
        "organisation",
        ["county", "id"],
        unique=True,
        sqlite_where=sa.text("event_to IS NULL"),
        postgresql_where=sa.text("event_to IS NULL"),
    )


def _pack() -> None:
    op.create_table(
        "pack",
        sa.Column("county", sa.Text(), primary_key=True),
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("version", Whole, primary_key=True),
        sa.Column("event_from", Whole, nullable=False),
        sa.Column("event_to", Whole, nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("parent", sa.Text(), nullable=True),
        sa.Column("effective_from", Day, nullable=False),
        sa.Column("effective_to", Day, nullable=True),
        sa.CheckConstraint(
            "state IN ('proposed', 'published', 'superseded')", name="ck_pack_state"
        ),
        sa.CheckConstraint("version >= 1", name="ck_pack_version"),
        sa.CheckConstraint("event_to IS NULL OR event_to > event_from", name="ck_pack_event_to"),
        sa.ForeignKeyConstraint(
            ["county", "event_from"],
            ["event.county", "event.seq"],
            deferrable=True,
            initially="DEFERRED",
            name="fk_pack_event",
        ),
        sqlite_strict=True,
    )
    op.create_index("ix_pack_event", "pack", ["county", "event_from"])
    op.create_index(
        "ux_pack_current",
        "pack",
        ["county", "id"],
        unique=True,
        sqlite_where=sa.text("event_to IS NULL"),
        postgresql_where=sa.text("event_to IS NULL"),
    )


def _person() -> None:
    op.create_table(
        "person",
        sa.Column("county", sa.Text(), primary_key=True),
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("version", Whole, primary_key=True),
        sa.Column("event_from", Whole, nullable=False),
        sa.Column("event_to", Whole, nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("active", Flag, nullable=False),
        sa.CheckConstraint("version >= 1", name="ck_person_version"),
        sa.CheckConstraint("event_to IS NULL OR event_to > event_from", name="ck_person_event_to"),
        sa.ForeignKeyConstraint(
            ["county", "event_from"],
            ["event.county", "event.seq"],
            deferrable=True,
            initially="DEFERRED",
            name="fk_person_event",
        ),
        sqlite_strict=True,
    )
    op.create_index("ix_person_event", "person", ["county", "event_from"])
    op.create_index(
        "ux_person_current",
        "person",
        ["county", "id"],
        unique=True,
        sqlite_where=sa.text("event_to IS NULL"),
        postgresql_where=sa.text("event_to IS NULL"),
    )
    op.create_index(
        "ux_person_username",
        "person",
        ["username"],
        unique=True,
        sqlite_where=sa.text("event_to IS NULL"),
        postgresql_where=sa.text("event_to IS NULL"),
    )


def _post() -> None:
    op.create_table(
        "post",
        sa.Column("county", sa.Text(), primary_key=True),
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("version", Whole, primary_key=True),
        sa.Column("event_from", Whole, nullable=False),
        sa.Column("event_to", Whole, nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("area_id", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("valid_from", Day, nullable=True),
        sa.Column("valid_to", Day, nullable=True),
        sa.CheckConstraint("version >= 1", name="ck_post_version"),
        sa.CheckConstraint("event_to IS NULL OR event_to > event_from", name="ck_post_event_to"),
        sa.ForeignKeyConstraint(
            ["county", "event_from"],
            ["event.county", "event.seq"],
            deferrable=True,
            initially="DEFERRED",
            name="fk_post_event",
        ),
        sqlite_strict=True,
    )
    op.create_index("ix_post_event", "post", ["county", "event_from"])
    op.create_index("ix_post_organisation_id", "post", ["county", "organisation_id", "id"])
    op.create_index("ix_post_person_id", "post", ["county", "person_id", "id"])
    op.create_index(
        "ux_post_current",
        "post",
        ["county", "id"],
        unique=True,
        sqlite_where=sa.text("event_to IS NULL"),
        postgresql_where=sa.text("event_to IS NULL"),
    )


def _presence() -> None:
    op.create_table(
        "presence",
        sa.Column("county", sa.Text(), primary_key=True),
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("version", Whole, primary_key=True),
        sa.Column("event_from", Whole, nullable=False),
        sa.Column("event_to", Whole, nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("area_id", sa.Text(), nullable=False),
        sa.Column("area_path", sa.Text(), nullable=False),
        sa.Column("receiver", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("starts_on", Day, nullable=True),
        sa.Column("ends_on", Day, nullable=True),
        sa.Column("share_fen", Whole, nullable=False),
        sa.Column("arrears", Flag, nullable=False),
        sa.CheckConstraint(
            (
                "state IN ('planned', 'agreed', 'active', 'suspended', 'completed', 'exited', "
                "'expired', 'refused', 'legacy')"
            ),
            name="ck_presence_state",
        ),
        sa.CheckConstraint(
            (
                "kind IN ('task', 'office', 'signboard', 'wall_notice', 'certificate', "
                "'inspection', 'campaign', 'report', 'ledger', 'meeting', 'app', 'survey', "
                "'target')"
            ),
            name="ck_presence_kind",
        ),
        sa.CheckConstraint(
            (
                "receiver IN ('residents_committee', 'village_committee', 'service_station', "
                "'party_organisation', 'supervision_committee', 'collective_economic', 'grid', "
                "'special_grid', 'street')"
            ),
            name="ck_presence_receiver",
        ),
        sa.CheckConstraint(
            "share_fen BETWEEN 0 AND 1000000000000000", name="ck_presence_share_fen"
        ),
        sa.CheckConstraint("version >= 1", name="ck_presence_version"),
        sa.CheckConstraint(
            "event_to IS NULL OR event_to > event_from", name="ck_presence_event_to"
        ),
        sa.ForeignKeyConstraint(
            ["county", "event_from"],
            ["event.county", "event.seq"],
            deferrable=True,
            initially="DEFERRED",
            name="fk_presence_event",
        ),
        sqlite_strict=True,
    )
    op.create_index("ix_presence_area_path", "presence", ["county", "area_path", "id"])
    op.create_index("ix_presence_ends_on", "presence", ["county", "ends_on", "id"])
    op.create_index("ix_presence_event", "presence", ["county", "event_from"])
    op.create_index("ix_presence_organisation_id", "presence", ["county", "organisation_id", "id"])
    op.create_index("ix_presence_request_id", "presence", ["county", "request_id", "id"])
    op.create_index("ix_presence_state", "presence", ["county", "state", "id"])
    op.create_index(
        "ux_presence_current",
        "presence",
        ["county", "id"],
        unique=True,
        sqlite_where=sa.text("event_to IS NULL"),
        postgresql_where=sa.text("event_to IS NULL"),
    )


def _receipt() -> None:
    op.create_table(
        "receipt",
        sa.Column("county", sa.Text(), primary_key=True),
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("version", Whole, primary_key=True),
        sa.Column("event_from", Whole, nullable=False),
        sa.Column("event_to", Whole, nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("presence_id", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("quantity", Whole, nullable=False),
        sa.CheckConstraint("version >= 1", name="ck_receipt_version"),
        sa.CheckConstraint("event_to IS NULL OR event_to > event_from", name="ck_receipt_event_to"),
        sa.ForeignKeyConstraint(
            ["county", "event_from"],
            ["event.county", "event.seq"],
            deferrable=True,
            initially="DEFERRED",
            name="fk_receipt_event",
        ),
        sqlite_strict=True,
    )
    op.create_index("ix_receipt_event", "receipt", ["county", "event_from"])
    op.create_index("ix_receipt_presence_id", "receipt", ["county", "presence_id", "id"])
    op.create_index(
        "ux_receipt_current",
        "receipt",
        ["county", "id"],
        unique=True,
        sqlite_where=sa.text("event_to IS NULL"),
        postgresql_where=sa.text("event_to IS NULL"),
    )


def _request() -> None:
    op.create_table(
        "request",
        sa.Column("county", sa.Text(), primary_key=True),
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("version", Whole, primary_key=True),
        sa.Column("event_from", Whole, nullable=False),
        sa.Column("event_to", Whole, nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("applicant_id", sa.Text(), nullable=False),
        sa.Column("beside", sa.Text(), nullable=True),
        sa.Column("letter_number", sa.Text(), nullable=True),
        sa.Column("parent_id", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("applied_on", Day, nullable=True),
        sa.Column("due_on", Day, nullable=True),
        sa.Column("overdue", Flag, nullable=False),
        sa.Column("disclosure", sa.Text(), nullable=True),
        sa.CheckConstraint(
            (
                "state IN ('draft', 'submitted', 'accepted', 'not_accepted', 'returned', "
                "'in_review', 'approved', 'rejected', 'withdrawn', 'terminated', 'revoked', "
                "'closed')"
            ),
            name="ck_request_state",
        ),
        sa.CheckConstraint(
            (
                "kind IN ('task', 'office', 'signboard', 'wall_notice', 'certificate', "
                "'inspection', 'campaign', 'report', 'ledger', 'meeting', 'app', 'survey', "
                "'target')"
            ),
            name="ck_request_kind",
        ),
        sa.CheckConstraint(
            (
                "outcome IN ('listed', 'exempt', 'needs_approval', 'purchase', "
                "'discretionary', 'refused', 'human_review', 'out_of_scope', 'allowed')"
            ),
            name="ck_request_outcome",
        ),
        sa.CheckConstraint(
            "disclosure IN ('open', 'residents', 'internal')", name="ck_request_disclosure"
        ),
        sa.CheckConstraint("version >= 1", name="ck_request_version"),
        sa.CheckConstraint("event_to IS NULL OR event_to > event_from", name="ck_request_event_to"),
        sa.ForeignKeyConstraint(
            ["county", "event_from"],
            ["event.county", "event.seq"],
            deferrable=True,
            initially="DEFERRED",
            name="fk_request_event",
        ),
        sqlite_strict=True,
    )
    op.create_index("ix_request_applicant_id", "request", ["county", "applicant_id", "id"])
    op.create_index(
        "ix_request_beside",
        "request",
        ["county", "beside", "id"],
        sqlite_where=sa.text("beside IS NOT NULL"),
        postgresql_where=sa.text("beside IS NOT NULL"),
    )
    op.create_index("ix_request_due_on", "request", ["county", "due_on", "id"])
    op.create_index("ix_request_event", "request", ["county", "event_from"])
    op.create_index("ix_request_kind", "request", ["county", "kind", "id"])
    op.create_index("ix_request_outcome", "request", ["county", "outcome", "id"])
    op.create_index("ix_request_parent_id", "request", ["county", "parent_id", "id"])
    op.create_index("ix_request_state", "request", ["county", "state", "id"])
    op.create_index(
        "ux_request_current",
        "request",
        ["county", "id"],
        unique=True,
        sqlite_where=sa.text("event_to IS NULL"),
        postgresql_where=sa.text("event_to IS NULL"),
    )


def _serial() -> None:
    op.create_table(
        "serial",
        sa.Column("county", sa.Text(), primary_key=True),
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("version", Whole, primary_key=True),
        sa.Column("event_from", Whole, nullable=False),
        sa.Column("event_to", Whole, nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("year", Whole, nullable=False),
        sa.Column("serial", Whole, nullable=False),
        sa.CheckConstraint("version >= 1", name="ck_serial_version"),
        sa.CheckConstraint("event_to IS NULL OR event_to > event_from", name="ck_serial_event_to"),
        sa.ForeignKeyConstraint(
            ["county", "event_from"],
            ["event.county", "event.seq"],
            deferrable=True,
            initially="DEFERRED",
            name="fk_serial_event",
        ),
        sqlite_strict=True,
    )
    op.create_index("ix_serial_event", "serial", ["county", "event_from"])
    op.create_index(
        "ux_serial_current",
        "serial",
        ["county", "id"],
        unique=True,
        sqlite_where=sa.text("event_to IS NULL"),
        postgresql_where=sa.text("event_to IS NULL"),
    )
    op.create_index(
        "ux_serial_number", "serial", ["county", "series", "year", "serial"], unique=True
    )


def _signature() -> None:
    op.create_table(
        "signature",
        sa.Column("county", sa.Text(), primary_key=True),
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("version", Whole, primary_key=True),
        sa.Column("event_from", Whole, nullable=False),
        sa.Column("event_to", Whole, nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("agreement_id", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("presence_id", sa.Text(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.CheckConstraint("side IN ('department', 'community')", name="ck_signature_side"),
        sa.CheckConstraint("version >= 1", name="ck_signature_version"),
        sa.CheckConstraint(
            "event_to IS NULL OR event_to > event_from", name="ck_signature_event_to"
        ),
        sa.ForeignKeyConstraint(
            ["county", "event_from"],
            ["event.county", "event.seq"],
            deferrable=True,
            initially="DEFERRED",
            name="fk_signature_event",
        ),
        sqlite_strict=True,
    )
    op.create_index("ix_signature_agreement_id", "signature", ["county", "agreement_id", "id"])
    op.create_index("ix_signature_event", "signature", ["county", "event_from"])
    op.create_index("ix_signature_presence_id", "signature", ["county", "presence_id", "id"])
    op.create_index(
        "ux_signature_current",
        "signature",
        ["county", "id"],
        unique=True,
        sqlite_where=sa.text("event_to IS NULL"),
        postgresql_where=sa.text("event_to IS NULL"),
    )


def _step() -> None:
    op.create_table(
        "step",
        sa.Column("county", sa.Text(), primary_key=True),
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("version", Whole, primary_key=True),
        sa.Column("event_from", Whole, nullable=False),
        sa.Column("event_to", Whole, nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due_on", Day, nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'open', 'done', 'skipped', 'lapsed')", name="ck_step_state"
        ),
        sa.CheckConstraint("version >= 1", name="ck_step_version"),
        sa.CheckConstraint("event_to IS NULL OR event_to > event_from", name="ck_step_event_to"),
        sa.ForeignKeyConstraint(
            ["county", "event_from"],
            ["event.county", "event.seq"],
            deferrable=True,
            initially="DEFERRED",
            name="fk_step_event",
        ),
        sqlite_strict=True,
    )
    op.create_index("ix_step_event", "step", ["county", "event_from"])
    op.create_index("ix_step_request_id", "step", ["county", "request_id", "id"])
    op.create_index(
        "ux_step_current",
        "step",
        ["county", "id"],
        unique=True,
        sqlite_where=sa.text("event_to IS NULL"),
        postgresql_where=sa.text("event_to IS NULL"),
    )


def _target() -> None:
    op.create_table(
        "target",
        sa.Column("county", sa.Text(), primary_key=True),
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("version", Whole, primary_key=True),
        sa.Column("event_from", Whole, nullable=False),
        sa.Column("event_to", Whole, nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("area_id", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.CheckConstraint("version >= 1", name="ck_target_version"),
        sa.CheckConstraint("event_to IS NULL OR event_to > event_from", name="ck_target_event_to"),
        sa.ForeignKeyConstraint(
            ["county", "event_from"],
            ["event.county", "event.seq"],
            deferrable=True,
            initially="DEFERRED",
            name="fk_target_event",
        ),
        sqlite_strict=True,
    )
    op.create_index("ix_target_event", "target", ["county", "event_from"])
    op.create_index("ix_target_path", "target", ["county", "path", "id"])
    op.create_index("ix_target_request_id", "target", ["county", "request_id", "id"])
    op.create_index(
        "ux_target_current",
        "target",
        ["county", "id"],
        unique=True,
        sqlite_where=sa.text("event_to IS NULL"),
        postgresql_where=sa.text("event_to IS NULL"),
    )


def _task() -> None:
    op.create_table(
        "task",
        sa.Column("county", sa.Text(), primary_key=True),
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("version", Whole, primary_key=True),
        sa.Column("event_from", Whole, nullable=False),
        sa.Column("event_to", Whole, nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("step_id", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("family", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due_on", Day, nullable=True),
        sa.CheckConstraint("state IN ('open', 'done', 'cancelled')", name="ck_task_state"),
        sa.CheckConstraint("version >= 1", name="ck_task_version"),
        sa.CheckConstraint("event_to IS NULL OR event_to > event_from", name="ck_task_event_to"),
        sa.ForeignKeyConstraint(
            ["county", "event_from"],
            ["event.county", "event.seq"],
            deferrable=True,
            initially="DEFERRED",
            name="fk_task_event",
        ),
        sqlite_strict=True,
    )
    op.create_index("ix_task_event", "task", ["county", "event_from"])
    op.create_index(
        "ix_task_organisation_id_state", "task", ["county", "organisation_id", "state", "id"]
    )
    op.create_index("ix_task_request_id", "task", ["county", "request_id", "id"])
    op.create_index("ix_task_state", "task", ["county", "state", "id"])
    op.create_index("ix_task_step_id", "task", ["county", "step_id", "id"])
    op.create_index(
        "ux_task_current",
        "task",
        ["county", "id"],
        unique=True,
        sqlite_where=sa.text("event_to IS NULL"),
        postgresql_where=sa.text("event_to IS NULL"),
    )


def _verdict() -> None:
    op.create_table(
        "verdict",
        sa.Column("county", sa.Text(), primary_key=True),
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("version", Whole, primary_key=True),
        sa.Column("event_from", Whole, nullable=False),
        sa.Column("event_to", Whole, nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.Column("object_id", sa.Text(), nullable=True),
        sa.Column("gate", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.CheckConstraint(
            (
                "outcome IN ('listed', 'exempt', 'needs_approval', 'purchase', "
                "'discretionary', 'refused', 'human_review', 'out_of_scope', 'allowed')"
            ),
            name="ck_verdict_outcome",
        ),
        sa.CheckConstraint("version >= 1", name="ck_verdict_version"),
        sa.CheckConstraint("event_to IS NULL OR event_to > event_from", name="ck_verdict_event_to"),
        sa.ForeignKeyConstraint(
            ["county", "event_from"],
            ["event.county", "event.seq"],
            deferrable=True,
            initially="DEFERRED",
            name="fk_verdict_event",
        ),
        sqlite_strict=True,
    )
    op.create_index("ix_verdict_event", "verdict", ["county", "event_from"])
    op.create_index("ix_verdict_object_id", "verdict", ["county", "object_id", "id"])
    op.create_index("ix_verdict_outcome", "verdict", ["county", "outcome", "id"])
    op.create_index("ix_verdict_request_id", "verdict", ["county", "request_id", "id"])
    op.create_index(
        "ux_verdict_current",
        "verdict",
        ["county", "id"],
        unique=True,
        sqlite_where=sa.text("event_to IS NULL"),
        postgresql_where=sa.text("event_to IS NULL"),
    )


def _voucher() -> None:
    op.create_table(
        "voucher",
        sa.Column("county", sa.Text(), primary_key=True),
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("version", Whole, primary_key=True),
        sa.Column("event_from", Whole, nullable=False),
        sa.Column("event_to", Whole, nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("payer_id", sa.Text(), nullable=False),
        sa.Column("issuer_id", sa.Text(), nullable=False),
        sa.Column("fiscal_year", Whole, nullable=False),
        sa.Column("dated_on", Day, nullable=False),
        sa.Column("total_fen", Whole, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.CheckConstraint(
            ("stage IN ('order', 'dispatch', 'street_arrival', 'community_arrival', 'reversal')"),
            name="ck_voucher_stage",
        ),
        sa.CheckConstraint("state IN ('recorded', 'confirmed')", name="ck_voucher_state"),
        sa.CheckConstraint("total_fen BETWEEN 1 AND 1000000000000000", name="ck_voucher_total_fen"),
        sa.CheckConstraint("version >= 1", name="ck_voucher_version"),
        sa.CheckConstraint("event_to IS NULL OR event_to > event_from", name="ck_voucher_event_to"),
        sa.ForeignKeyConstraint(
            ["county", "event_from"],
            ["event.county", "event.seq"],
            deferrable=True,
            initially="DEFERRED",
            name="fk_voucher_event",
        ),
        sqlite_strict=True,
    )
    op.create_index("ix_voucher_dated_on", "voucher", ["county", "dated_on", "id"])
    op.create_index("ix_voucher_event", "voucher", ["county", "event_from"])
    op.create_index("ix_voucher_payer_id", "voucher", ["county", "payer_id", "id"])
    op.create_index("ix_voucher_request_id", "voucher", ["county", "request_id", "id"])
    op.create_index("ix_voucher_stage", "voucher", ["county", "stage", "id"])
    op.create_index("ix_voucher_state", "voucher", ["county", "state", "id"])
    op.create_index(
        "ux_voucher_current",
        "voucher",
        ["county", "id"],
        unique=True,
        sqlite_where=sa.text("event_to IS NULL"),
        postgresql_where=sa.text("event_to IS NULL"),
    )
    op.create_index(
        "ux_voucher_number",
        "voucher",
        ["county", "issuer_id", "fiscal_year", "number"],
        unique=True,
        sqlite_where=sa.text("version = 1"),
        postgresql_where=sa.text("version = 1"),
    )


def _voucher_line() -> None:
    op.create_table(
        "voucher_line",
        sa.Column("county", sa.Text(), primary_key=True),
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("version", Whole, primary_key=True),
        sa.Column("event_from", Whole, nullable=False),
        sa.Column("event_to", Whole, nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("voucher_id", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("presence_id", sa.Text(), nullable=False),
        sa.Column("funding_key", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("amount_fen", Whole, nullable=False),
        sa.Column("sign", Whole, nullable=False),
        sa.Column("counted", Flag, nullable=False),
        sa.CheckConstraint(
            ("stage IN ('order', 'dispatch', 'street_arrival', 'community_arrival', 'reversal')"),
            name="ck_voucher_line_stage",
        ),
        sa.CheckConstraint(
            "amount_fen BETWEEN 1 AND 1000000000000000", name="ck_voucher_line_amount_fen"
        ),
        sa.CheckConstraint("sign IN (1, -1)", name="ck_voucher_line_sign"),
        sa.CheckConstraint("version >= 1", name="ck_voucher_line_version"),
        sa.CheckConstraint(
            "event_to IS NULL OR event_to > event_from", name="ck_voucher_line_event_to"
        ),
        sa.ForeignKeyConstraint(
            ["county", "event_from"],
            ["event.county", "event.seq"],
            deferrable=True,
            initially="DEFERRED",
            name="fk_voucher_line_event",
        ),
        sqlite_strict=True,
    )
    op.create_index("ix_voucher_line_event", "voucher_line", ["county", "event_from"])
    op.create_index("ix_voucher_line_presence_id", "voucher_line", ["county", "presence_id", "id"])
    op.create_index("ix_voucher_line_request_id", "voucher_line", ["county", "request_id", "id"])
    op.create_index("ix_voucher_line_voucher_id", "voucher_line", ["county", "voucher_id", "id"])
    op.create_index(
        "ux_voucher_line_current",
        "voucher_line",
        ["county", "id"],
        unique=True,
        sqlite_where=sa.text("event_to IS NULL"),
        postgresql_where=sa.text("event_to IS NULL"),
    )


TABLES = (
    _event,
    _idempotency,
    _log_head,
    _sign_in,
    _token,
    _agreement,
    _area,
    _calendar_year,
    _decision,
    _document,
    _finding,
    _matter_list,
    _opinion,
    _organisation,
    _pack,
    _person,
    _post,
    _presence,
    _receipt,
    _request,
    _serial,
    _signature,
    _step,
    _target,
    _task,
    _verdict,
    _voucher,
    _voucher_line,
)
