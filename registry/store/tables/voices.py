"""异议、投诉与评价 the tables of what communities and residents say of what is asked of them."""

from datetime import date

from sqlmodel import Field

from registry.domain import evaluating, redress
from registry.store.columns import Day, Flag, Whole, one_of
from registry.store.tables.rows import Row, args, maybe, text_


class ObjectionRow(Row, table=True):
    __tablename__ = "objection"
    record = redress.Objection
    presence_id: str | None = maybe()
    request_id: str | None = maybe()
    organisation_id: str = text_()
    area_path: str = text_()
    department_id: str | None = maybe()
    handler_id: str = text_()
    raised_on: date = Field(sa_type=Day)
    due_on: date | None = maybe(Day)
    overdue: bool = Field(sa_type=Flag)
    state: str = text_()
    __table_args__ = args(
        "objection",
        "presence_id",
        "organisation_id",
        "handler_id",
        "department_id",
        "state due_on",
        checks=(one_of("state", redress.ObjectionState, "objection"),),
    )


class DecliningRow(Row, table=True):
    __tablename__ = "declining"
    record = redress.Declining
    number: str = text_()
    presence_id: str | None = maybe()
    request_id: str | None = maybe()
    organisation_id: str = text_()
    area_path: str = text_()
    department_id: str | None = maybe()
    ground: str = text_()
    issued_on: date = Field(sa_type=Day)
    __table_args__ = args(
        "declining",
        "number",
        "presence_id",
        "organisation_id",
        "department_id",
    )


class ReservationRow(Row, table=True):
    __tablename__ = "reservation"
    record = redress.Reservation
    presence_id: str | None = maybe()
    request_id: str | None = maybe()
    organisation_id: str = text_()
    area_path: str = text_()
    department_id: str | None = maybe()
    made_on: date = Field(sa_type=Day)
    __table_args__ = args(
        "reservation",
        "presence_id",
        "organisation_id",
    )


class ComplaintRow(Row, table=True):
    __tablename__ = "complaint"
    record = redress.Complaint
    number: str = text_()
    against_id: str = text_()
    handler_id: str = text_()
    received_on: date = Field(sa_type=Day)
    due_on: date | None = maybe(Day)
    overdue: bool = Field(sa_type=Flag)
    state: str = text_()
    __table_args__ = args(
        "complaint",
        "number",
        "against_id",
        "handler_id",
        "state due_on",
        checks=(one_of("state", redress.ComplaintState, "complaint"),),
    )


class ComplaintSourceRow(Row, table=True):
    __tablename__ = "complaint_source"
    record = redress.ComplaintSource
    complaint_id: str = text_()
    organisation_id: str | None = maybe()
    person_id: str | None = maybe()
    received_on: date = Field(sa_type=Day)
    __table_args__ = args(
        "complaint_source",
        "complaint_id",
        "organisation_id",
        "person_id",
    )


class SatisfactionRow(Row, table=True):
    __tablename__ = "satisfaction"
    record = evaluating.Satisfaction
    rated: str = text_()
    subject_id: str = text_()
    organisation_id: str = text_()
    area_path: str = text_()
    rater: str = text_()
    period: str = text_()
    round_id: str | None = maybe()
    recorded_on: date = Field(sa_type=Day)
    __table_args__ = args(
        "satisfaction",
        "subject_id period",
        "period",
        "organisation_id",
        "round_id",
        checks=(
            one_of("rated", evaluating.Rated, "satisfaction"),
            one_of("rater", evaluating.Rater, "satisfaction"),
        ),
    )


class CodeRoundRow(Row, table=True):
    __tablename__ = "code_round"
    record = evaluating.CodeRound
    organisation_id: str = text_()
    area_path: str = text_()
    rated: str = text_()
    subject_id: str = text_()
    period: str = text_()
    opens_on: date = Field(sa_type=Day)
    closes_on: date = Field(sa_type=Day)
    closed: bool = Field(sa_type=Flag)
    __table_args__ = args(
        "code_round",
        "organisation_id",
        "subject_id",
        "closed closes_on",
        checks=(one_of("rated", evaluating.Rated, "code_round"),),
    )


class OneTimeCodeRow(Row, table=True):
    __tablename__ = "one_time_code"
    record = evaluating.OneTimeCode
    round_id: str = text_()
    used: bool = Field(sa_type=Flag)
    __table_args__ = args(
        "one_time_code",
        "round_id",
    )


class YearlyReviewRow(Row, table=True):
    __tablename__ = "yearly_review"
    record = evaluating.YearlyReview
    request_id: str | None = maybe()
    presence_id: str | None = maybe()
    year: int = Field(sa_type=Whole)
    organisation_id: str = text_()
    department_id: str = text_()
    proposal: str | None = maybe()
    decided: str | None = maybe()
    proposed_on: date = Field(sa_type=Day)
    __table_args__ = args(
        "yearly_review",
        "request_id",
        "presence_id",
        "department_id",
        "year",
        checks=(
            one_of("proposal", evaluating.Proposal, "yearly_review"),
            one_of("decided", evaluating.Proposal, "yearly_review"),
        ),
    )


class ResidentReportRow(Row, table=True):
    __tablename__ = "resident_report"
    record = evaluating.ResidentReport
    number: str = text_()
    source: str = text_()
    external_key: str | None = maybe()
    against_id: str | None = maybe()
    presence_id: str | None = maybe()
    area_id: str = text_()
    area_path: str = text_()
    handler_id: str = text_()
    received_on: date = Field(sa_type=Day)
    due_on: date | None = maybe(Day)
    overdue: bool = Field(sa_type=Flag)
    state: str = text_()
    __table_args__ = args(
        "resident_report",
        "handler_id",
        "against_id",
        "external_key",
        "state due_on",
        checks=(one_of("state", evaluating.ReportState, "resident_report"),),
    )
