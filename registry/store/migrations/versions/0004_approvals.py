"""Approvals as offices do them, and bodies that change: movements, delegations, what becomes of a
decision, conferences, notices, handovers and reorganisations; append-only alike."""

import re
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = depends_on = None

Whole = sa.Integer().with_variant(sa.BigInteger(), "postgresql")
Flag = sa.Integer().with_variant(sa.Boolean(), "postgresql")
Day = sa.Text().with_variant(sa.Date(), "postgresql")

VERSIONED = (
    "absence",
    "conference",
    "conference_vote",
    "correction",
    "delegation",
    "handover",
    "movement",
    "notice",
    "phrase",
    "reorganisation",
    "review",
    "revocation",
    "street_outcome",
    "succession",
)


def upgrade() -> None:
    for make in TABLES:
        make()
    op.add_column("request", sa.Column("holder_id", sa.Text(), nullable=True))
    op.add_column("request", sa.Column("amends", sa.Text(), nullable=True))
    op.add_column("task", sa.Column("person_id", sa.Text(), nullable=True))
    op.add_column("task", sa.Column("handed_on", Day, nullable=True))
    op.add_column("task", sa.Column("asked_by", sa.Text(), nullable=True))
    _drafted_by()
    _boxes()
    op.create_index("ix_request_holder_id", "request", ["county", "holder_id", "id"])
    op.create_index(
        "ix_request_amends",
        "request",
        ["county", "amends", "id"],
        sqlite_where=sa.text("amends IS NOT NULL"),
        postgresql_where=sa.text("amends IS NOT NULL"),
    )
    op.create_index("ix_task_person_id_state", "task", ["county", "person_id", "state", "id"])
    # What is due and what lies untouched is found by state and day; the state alone with it.
    op.drop_index("ix_task_state", "task")
    op.create_index("ix_task_state_due_on", "task", ["county", "state", "due_on", "id"])
    op.create_index("ix_task_state_handed_on", "task", ["county", "state", "handed_on", "id"])
    op.create_index("ix_opinion_person_id", "opinion", ["county", "person_id", "id"])
    sqlite = op.get_bind().dialect.name == "sqlite"
    guard = _guard_sqlite if sqlite else _guard_postgresql
    for table in VERSIONED:
        guard(table)
    # The guard names every column: the new ones are fixed like the others.
    for table in ("request", "task"):
        _guard_anew(table, sqlite)
    widen = _widen_sqlite if sqlite else _widen_postgresql
    words = "'not_accepted'", "'not_accepted', 'revoked', 'upheld', 'annulled'"
    widen("decision", "kind", words)


def _drafted_by() -> None:
    """Who drafted each version kept so far, worked out of its body: no record, no seal changes."""
    op.add_column("request", sa.Column("drafted_by", sa.Text(), nullable=True))
    sqlite = op.get_bind().dialect.name == "sqlite"
    told = "json_extract(body, '$.drafted_by')" if sqlite else "body::json ->> 'drafted_by'"
    op.execute(f"UPDATE request SET drafted_by = {told}")  # noqa: S608 - own words
    if not sqlite:
        # Rows that an earlier migration changed in this transaction are asked for their event
        # once more; no index is made before that is answered.
        op.execute("SET CONSTRAINTS ALL IMMEDIATE")
        op.execute("SET CONSTRAINTS ALL DEFERRED")
    unheld = sa.text("holder_id IS NULL")
    op.create_index("ix_request_drafted_by", "request", ["county", "drafted_by", "id"],
                    sqlite_where=unheld, postgresql_where=unheld)  # fmt: skip


def _boxes() -> None:
    todo, asked = "event_to IS NULL AND state = 'open'", "asked_by IS NOT NULL"
    for name, columns, where in (
        ("ix_task_todo", ["organisation_id", "person_id", "due_on", "id"], sa.text(todo)),
        ("ix_task_asked", ["organisation_id", "request_id"], sa.text(asked)),
    ):
        op.create_index(name, "task", ["county", *columns], sqlite_where=where,
                        postgresql_where=where)  # fmt: skip


def downgrade() -> None:
    """The way back is the backup taken before."""
    raise NotImplementedError


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


def _absence() -> None:
    _versioned(
        "absence",
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("valid_from", Day, nullable=False),
        sa.Column("valid_to", Day, nullable=False),
    )
    op.create_index("ix_absence_organisation_id", "absence", ["county", "organisation_id", "id"])
    op.create_index("ix_absence_person_id", "absence", ["county", "person_id", "id"])


def _conference() -> None:
    _versioned(
        "conference",
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("held_on", Day, nullable=False),
        sa.Column("seated", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('convened', 'closed', 'cancelled')",
            name="ck_conference_state",
        ),
    )
    op.create_index("ix_conference_held_on", "conference", ["county", "held_on", "id"])
    op.create_index(
        "ix_conference_organisation_id", "conference", ["county", "organisation_id", "id"]
    )


def _conference_vote() -> None:
    _versioned(
        "conference_vote",
        sa.Column("conference_id", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("ballot", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "ballot IN ('agree', 'disagree', 'comment')",
            name="ck_conference_vote_ballot",
        ),
    )
    op.create_index(
        "ix_conference_vote_conference_id", "conference_vote", ["county", "conference_id", "id"]
    )
    op.create_index(
        "ix_conference_vote_request_id", "conference_vote", ["county", "request_id", "id"]
    )


def _correction() -> None:
    _versioned(
        "correction",
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("object_kind", sa.Text(), nullable=False),
        sa.Column("object_id", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("made_on", Day, nullable=False),
    )
    op.create_index("ix_correction_object_id", "correction", ["county", "object_id", "id"])
    op.create_index("ix_correction_request_id", "correction", ["county", "request_id", "id"])


def _delegation() -> None:
    _versioned(
        "delegation",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("from_person_id", sa.Text(), nullable=False),
        sa.Column("to_person_id", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("valid_from", Day, nullable=False),
        sa.Column("valid_to", Day, nullable=True),
        sa.CheckConstraint("kind IN ('delegation', 'deputy')", name="ck_delegation_kind"),
    )
    op.create_index(
        "ix_delegation_from_person_id", "delegation", ["county", "from_person_id", "id"]
    )
    op.create_index(
        "ix_delegation_organisation_id", "delegation", ["county", "organisation_id", "id"]
    )
    op.create_index("ix_delegation_to_person_id", "delegation", ["county", "to_person_id", "id"])


def _handover() -> None:
    _versioned(
        "handover",
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("done_on", Day, nullable=False),
        sa.CheckConstraint(
            "reason IN ('left', 'moved', 'election', 'long_leave')",
            name="ck_handover_reason",
        ),
    )
    op.create_index("ix_handover_person_id", "handover", ["county", "person_id", "id"])


def _movement() -> None:
    _versioned(
        "movement",
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("task_id", sa.Text(), nullable=True),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("to_person_id", sa.Text(), nullable=True),
        sa.Column("to_organisation_id", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('transfer', 'entrust', 'add', 'drop', 'send_back', 'take_back', 'urge', 'copy', 'reflow', 'hand_over', 'to_head')",
            name="ck_movement_kind",
        ),
    )
    op.create_index("ix_movement_person_id", "movement", ["county", "person_id", "id"])
    op.create_index("ix_movement_request_id", "movement", ["county", "request_id", "id"])
    op.create_index("ix_movement_task_id", "movement", ["county", "task_id", "id"])
    op.create_index(
        "ix_movement_to_organisation_id_kind",
        "movement",
        ["county", "to_organisation_id", "kind", "id"],
    )
    op.create_index(
        "ix_movement_to_person_id_kind", "movement", ["county", "to_person_id", "kind", "id"]
    )


def _notice() -> None:
    _versioned(
        "notice",
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.Column("task_id", sa.Text(), nullable=True),
        sa.Column("made_on", Day, nullable=False),
        sa.Column("read", Flag, nullable=False),
        sa.CheckConstraint(
            "kind IN ('due', 'due_today', 'overdue', 'untouched', 'handed', 'urged', 'copied', 'returned', 'decided', 'afterwards', 'delegated', 'conference', 'handover', 'reorganised')",
            name="ck_notice_kind",
        ),
    )
    op.create_index(
        "ix_notice_person_id_made_on", "notice", ["county", "person_id", "made_on", "id"]
    )
    op.create_index("ix_notice_person_id_read", "notice", ["county", "person_id", "read", "id"])
    op.create_index("ix_notice_task_id", "notice", ["county", "task_id", "id"])


def _phrase() -> None:
    _versioned(
        "phrase",
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=True),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("active", Flag, nullable=False),
    )
    op.create_index("ix_phrase_organisation_id", "phrase", ["county", "organisation_id", "id"])


def _reorganisation() -> None:
    _versioned(
        "reorganisation",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("object_kind", sa.Text(), nullable=False),
        sa.Column("document_number", sa.Text(), nullable=False),
        sa.Column("effective_on", Day, nullable=False),
        sa.CheckConstraint(
            "kind IN ('rename', 'merge', 'split', 'transfer', 'village_to_community')",
            name="ck_reorganisation_kind",
        ),
    )
    op.create_index(
        "ix_reorganisation_effective_on", "reorganisation", ["county", "effective_on", "id"]
    )


def _review() -> None:
    _versioned(
        "review",
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("decision_id", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("applicant_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("due_on", Day, nullable=True),
        sa.CheckConstraint("result IN ('upheld', 'replaced', 'annulled')", name="ck_review_result"),
        sa.CheckConstraint("state IN ('filed', 'decided', 'withdrawn')", name="ck_review_state"),
    )
    op.create_index("ix_review_decision_id", "review", ["county", "decision_id", "id"])
    op.create_index("ix_review_request_id", "review", ["county", "request_id", "id"])
    op.create_index("ix_review_state", "review", ["county", "state", "id"])


def _revocation() -> None:
    _versioned(
        "revocation",
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("decision_id", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("money_effect", sa.Text(), nullable=False),
        sa.Column("answer_by", Day, nullable=True),
        sa.CheckConstraint(
            "money_effect IN ('none', 'stop', 'settle', 'refund')",
            name="ck_revocation_money_effect",
        ),
        sa.CheckConstraint(
            "state IN ('proposed', 'heard', 'decided', 'dropped')",
            name="ck_revocation_state",
        ),
    )
    op.create_index("ix_revocation_request_id", "revocation", ["county", "request_id", "id"])
    op.create_index("ix_revocation_state", "revocation", ["county", "state", "id"])


def _street_outcome() -> None:
    _versioned(
        "street_outcome",
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("decision_id", sa.Text(), nullable=False),
        sa.Column("area_id", sa.Text(), nullable=False),
        sa.Column("area_path", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('admitted', 'partial', 'not_admitted')",
            name="ck_street_outcome_outcome",
        ),
    )
    op.create_index("ix_street_outcome_area_id", "street_outcome", ["county", "area_id", "id"])
    op.create_index(
        "ix_street_outcome_decision_id", "street_outcome", ["county", "decision_id", "id"]
    )
    op.create_index(
        "ix_street_outcome_request_id", "street_outcome", ["county", "request_id", "id"]
    )


def _succession() -> None:
    _versioned(
        "succession",
        sa.Column("reorganisation_id", sa.Text(), nullable=False),
        sa.Column("object_kind", sa.Text(), nullable=False),
        sa.Column("object_id", sa.Text(), nullable=False),
        sa.Column("successor_id", sa.Text(), nullable=False),
        sa.Column("effective_on", Day, nullable=False),
    )
    op.create_index("ix_succession_object_id", "succession", ["county", "object_id", "id"])
    op.create_index(
        "ix_succession_reorganisation_id", "succession", ["county", "reorganisation_id", "id"]
    )
    op.create_index("ix_succession_successor_id", "succession", ["county", "successor_id", "id"])


TABLES = (
    _absence,
    _conference,
    _conference_vote,
    _correction,
    _delegation,
    _handover,
    _movement,
    _notice,
    _phrase,
    _reorganisation,
    _review,
    _revocation,
    _street_outcome,
    _succession,
)
