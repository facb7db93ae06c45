"""案件 the tables of a request on its way to a decision."""

from datetime import date

from sqlalchemy import Index, text
from sqlmodel import Field

from registry.domain import admission, approval
from registry.domain import request as request_
from registry.domain.serial import Serial
from registry.domain.vocabulary import Disclosure, Kind, Outcome
from registry.store.columns import Day, Flag, Whole, one_of
from registry.store.tables.rows import Row, args, maybe, text_

_RETURNED = "event_to IS NULL AND state = 'returned'"
_DRAFT = "event_to IS NULL AND state = 'draft'"


class RequestRow(Row, table=True):
    __tablename__ = "request"
    record = request_.Request
    state: str = text_()
    kind: str = text_()
    title: str = text_()
    applicant_id: str = text_()
    beside: str | None = maybe()
    letter_number: str | None = maybe()
    parent_id: str | None = maybe()
    outcome: str | None = maybe()
    applied_on: date | None = maybe(Day)
    due_on: date | None = maybe(Day)
    overdue: bool = Field(sa_type=Flag)
    disclosure: str | None = maybe()
    verdict_id: str | None = maybe()
    holder_id: str | None = maybe()
    amends: str | None = maybe()
    drafted_by: str | None = maybe()
    narrowed_by: str | None = maybe()
    derived = ("verdict_id", "drafted_by", "narrowed_by")
    __table_args__ = (
        # Few requests change another: the index holds those alone.
        Index(
            "ix_request_amends",
            "county",
            "amends",
            "id",
            sqlite_where=text("amends IS NOT NULL"),
            postgresql_where=text("amends IS NOT NULL"),
        ),
        Index(
            "ix_request_beside",
            "county",
            "beside",
            "id",
            sqlite_where=text("beside IS NOT NULL"),
            postgresql_where=text("beside IS NOT NULL"),
        ),
        # 补正 that waits for who asks: those returned now, and no other row.
        *(
            Index(
                f"ix_request_returned_{whose}",
                "county",
                whose,
                "id",
                sqlite_where=text(_RETURNED),
                postgresql_where=text(_RETURNED),
            )
            for whose in ("applicant_id", "holder_id")
        ),
        # 签发 that waits for the head of who asks: drafts, and no other row.
        Index(
            "ix_request_draft_applicant_id",
            "county",
            "applicant_id",
            "id",
            sqlite_where=text(_DRAFT),
            postgresql_where=text(_DRAFT),
        ),
        # Whose requests are read through them is read from this index alone.
        Index("ix_request_applicant_id", "county", "applicant_id", "id", "event_to"),
        # Who drafted what nobody was named to hold: rows of before there were holders.
        Index(
            "ix_request_drafted_by",
            "county",
            "drafted_by",
            "id",
            sqlite_where=text("holder_id IS NULL"),
            postgresql_where=text("holder_id IS NULL"),
        ),
        *args(
            "request",
            "state",
            "kind",
            "parent_id",
            "outcome",
            "due_on",
            "holder_id",
            checks=(
                one_of("state", request_.State, "request"),
                one_of("kind", Kind, "request"),
                one_of("outcome", Outcome, "request"),
                one_of("disclosure", Disclosure, "request"),
            ),
        ),
    )


class TargetRow(Row, table=True):
    __tablename__ = "target"
    record = request_.Target
    request_id: str = text_()
    area_id: str = text_()
    path: str = text_()
    __table_args__ = (
        # Which requests are meant for an area is read from this index alone.
        Index("ix_target_path", "county", "path", "id", "request_id", "event_to"),
        *args("target", "request_id"),
    )  # fmt: skip


class VerdictRow(Row, table=True):
    __tablename__ = "verdict"
    record = admission.Verdict
    request_id: str | None = maybe()
    object_id: str | None = maybe()
    gate: str = text_()
    outcome: str = text_()
    footing: str | None = maybe()
    derived = ("footing",)
    __table_args__ = args(
        "verdict",
        "request_id",
        "outcome",
        "object_id",
        checks=(one_of("outcome", Outcome, "verdict"),),
    )


class StepRow(Row, table=True):
    __tablename__ = "step"
    record = approval.Step
    request_id: str = text_()
    state: str = text_()
    due_on: date | None = maybe(Day)
    __table_args__ = args(
        "step", "request_id", checks=(one_of("state", approval.StepState, "step"),)
    )


_TODO = "event_to IS NULL AND state = 'open'"


class TaskRow(Row, table=True):
    __tablename__ = "task"
    record = approval.Task
    request_id: str = text_()
    step_id: str = text_()
    organisation_id: str = text_()
    family: str = text_()
    act: str = text_()
    state: str = text_()
    due_on: date | None = maybe(Day)
    person_id: str | None = maybe()
    handed_on: date | None = maybe(Day)
    asked_by: str | None = maybe()
    __table_args__ = (
        # 待办 in the order in which it is shown: a page of it reads no other row.
        Index(
            "ix_task_todo",
            "county",
            "organisation_id",
            "person_id",
            "due_on",
            "id",
            sqlite_where=text(_TODO),
            postgresql_where=text(_TODO),
        ),
        Index(
            "ix_task_asked",
            "county",
            "organisation_id",
            "request_id",
            sqlite_where=text("asked_by IS NOT NULL"),
            postgresql_where=text("asked_by IS NOT NULL"),
        ),
        *args(
            "task",
            "request_id",
            "step_id",
            "organisation_id state",
            "person_id state",
            "state handed_on",
            "state due_on",
            checks=(one_of("state", approval.TaskState, "task"),),
        ),
    )


class OpinionRow(Row, table=True):
    __tablename__ = "opinion"
    record = approval.Opinion
    request_id: str = text_()
    step_id: str = text_()
    task_id: str = text_()
    organisation_id: str = text_()
    person_id: str = text_()
    ballot: str = text_()
    __table_args__ = args(
        "opinion",
        "request_id",
        "step_id",
        "person_id",
        checks=(one_of("ballot", approval.Ballot, "opinion"),),
    )


class DecisionRow(Row, table=True):
    __tablename__ = "decision"
    record = approval.Decision
    request_id: str = text_()
    kind: str = text_()
    number: str = text_()
    organisation_id: str = text_()
    issued_on: date = Field(sa_type=Day)
    __table_args__ = (
        *args(
            "decision",
            "request_id",
            "kind",
            "issued_on",
            checks=(one_of("kind", approval.DecisionKind, "decision"),),
        ),
    )


class SerialRow(Row, table=True):
    __tablename__ = "serial"
    record = Serial
    series: str = text_()
    year: int = Field(sa_type=Whole)
    serial: int = Field(sa_type=Whole)
    __table_args__ = (
        Index("ux_serial_number", "county", "series", "year", "serial", unique=True),
        *args("serial"),
    )
