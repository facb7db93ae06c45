"""进驻之后 the tables of what befalls an admitted matter, and of what was there before."""

from datetime import date

from sqlmodel import Field

from registry.domain import existing, living, posting, vouching
from registry.domain.vocabulary import Kind, Trigger
from registry.store.columns import Day, Flag, Whole, one_of
from registry.store.tables.rows import Row, args, maybe, text_


class SuspensionRow(Row, table=True):
    __tablename__ = "suspension"
    record = living.Suspension
    presence_id: str = text_()
    request_id: str = text_()
    area_path: str = text_()
    since: date = Field(sa_type=Day)
    resumed_on: date | None = maybe(Day)
    __table_args__ = args(
        "suspension",
        "presence_id",
        "request_id",
    )


class AcceptanceRow(Row, table=True):
    __tablename__ = "acceptance"
    record = living.Acceptance
    presence_id: str = text_()
    request_id: str = text_()
    area_path: str = text_()
    organisation_id: str = text_()
    department_id: str = text_()
    state: str = text_()
    due_on: date | None = maybe(Day)
    overdue: bool = Field(sa_type=Flag)
    result: str | None = maybe()
    __table_args__ = args(
        "acceptance",
        "presence_id",
        "request_id",
        "department_id",
        "state due_on",
        checks=(
            one_of("state", living.AcceptanceState, "acceptance"),
            one_of("result", living.AcceptanceResult, "acceptance"),
        ),
    )


class DepartureRow(Row, table=True):
    __tablename__ = "departure"
    record = living.Departure
    presence_id: str = text_()
    request_id: str | None = maybe()
    area_path: str = text_()
    organisation_id: str = text_()
    department_id: str | None = maybe()
    trigger: str = text_()
    left_on: date = Field(sa_type=Day)
    state: str = text_()
    __table_args__ = args(
        "departure",
        "presence_id",
        "request_id",
        "state",
        checks=(
            one_of("trigger", Trigger, "departure"),
            one_of("state", living.DepartureState, "departure"),
        ),
    )


class StocktakeRow(Row, table=True):
    __tablename__ = "stocktake"
    record = existing.Stocktake
    sheet: str = text_()
    organisation_id: str = text_()
    taken_on: date = Field(sa_type=Day)
    sha256: str = text_()
    __table_args__ = args(
        "stocktake",
        "taken_on",
        checks=(one_of("sheet", existing.Sheet, "stocktake"),),
    )


class LegacyReviewRow(Row, table=True):
    __tablename__ = "legacy_review"
    record = existing.LegacyReview
    presence_id: str = text_()
    kind: str = text_()
    area_path: str = text_()
    organisation_id: str = text_()
    department_id: str | None = maybe()
    standing: str = text_()
    judged_on: date = Field(sa_type=Day)
    due_on: date | None = maybe(Day)
    overdue: bool = Field(sa_type=Flag)
    settlement: str | None = maybe()
    settled_on: date | None = maybe(Day)
    number: str = text_()
    request_id: str | None = maybe()
    __table_args__ = args(
        "legacy_review",
        "presence_id",
        "area_path",
        "settlement due_on",
        checks=(
            one_of("kind", Kind, "legacy_review"),
            one_of("standing", existing.Standing, "legacy_review"),
            one_of("settlement", existing.Settlement, "legacy_review"),
        ),
    )


class AdmissionNoticeRow(Row, table=True):
    __tablename__ = "admission_notice"
    record = vouching.AdmissionNotice
    number: str = text_()
    decision_id: str = text_()
    request_id: str = text_()
    presence_id: str = text_()
    organisation_id: str = text_()
    area_path: str = text_()
    ends_on: date | None = maybe(Day)
    issued_on: date = Field(sa_type=Day)
    edition: int = Field(sa_type=Whole)
    key_id: str = text_()
    replaced: bool = Field(sa_type=Flag)
    __table_args__ = args(
        "admission_notice",
        "number",
        "decision_id",
        "request_id",
        "presence_id",
        "organisation_id",
        "key_id",
    )


class SigningKeyRow(Row, table=True):
    __tablename__ = "signing_key"
    record = vouching.SigningKey
    state: str = text_()
    __table_args__ = args(
        "signing_key",
        "state",
        checks=(one_of("state", vouching.KeyState, "signing_key"),),
    )


class PostingRow(Row, table=True):
    __tablename__ = "posting"
    record = posting.Posting
    request_id: str | None = maybe()
    presence_id: str | None = maybe()
    organisation_id: str = text_()
    area_path: str = text_()
    what: str = text_()
    posted_on: date = Field(sa_type=Day)
    taken_down_on: date | None = maybe(Day)
    __table_args__ = args(
        "posting",
        "request_id",
        "presence_id",
        "organisation_id",
    )
