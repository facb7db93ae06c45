"""结果 the tables of what a decision comes to, and of what becomes of it later."""

from datetime import date

from sqlmodel import Field

from registry.domain import afterwards, approval, conference
from registry.domain.outcome import AreaOutcome, StreetOutcome
from registry.store.columns import Day, one_of
from registry.store.tables.rows import Row, args, maybe, text_


class StreetOutcomeRow(Row, table=True):
    __tablename__ = "street_outcome"
    record = StreetOutcome
    request_id: str = text_()
    decision_id: str = text_()
    area_id: str = text_()
    area_path: str = text_()
    organisation_id: str | None = maybe()
    outcome: str = text_()
    __table_args__ = args(
        "street_outcome",
        "request_id",
        "decision_id",
        "area_id",
        checks=(one_of("outcome", AreaOutcome, "street_outcome"),),
    )


class ConferenceRow(Row, table=True):
    __tablename__ = "conference"
    record = conference.Conference
    organisation_id: str = text_()
    held_on: date = Field(sa_type=Day)
    seated: str = text_()
    state: str = text_()
    __table_args__ = args(
        "conference",
        "organisation_id",
        "held_on",
        checks=(one_of("state", conference.ConferenceState, "conference"),),
    )


class ConferenceVoteRow(Row, table=True):
    __tablename__ = "conference_vote"
    record = conference.ConferenceVote
    conference_id: str = text_()
    request_id: str = text_()
    person_id: str = text_()
    organisation_id: str = text_()
    ballot: str = text_()
    __table_args__ = args(
        "conference_vote",
        "conference_id",
        "request_id",
        checks=(one_of("ballot", approval.Ballot, "conference_vote"),),
    )


class CorrectionRow(Row, table=True):
    __tablename__ = "correction"
    record = afterwards.Correction
    request_id: str = text_()
    object_kind: str = text_()
    object_id: str = text_()
    organisation_id: str = text_()
    made_on: date = Field(sa_type=Day)
    __table_args__ = args("correction", "request_id", "object_id")


class RevocationRow(Row, table=True):
    __tablename__ = "revocation"
    record = afterwards.Revocation
    request_id: str = text_()
    decision_id: str = text_()
    organisation_id: str = text_()
    state: str = text_()
    money_effect: str = text_()
    answer_by: date | None = maybe(Day)
    __table_args__ = args(
        "revocation",
        "request_id",
        "state",
        checks=(
            one_of("money_effect", afterwards.MoneyEffect, "revocation"),
            one_of("state", afterwards.RevocationState, "revocation"),
        ),
    )


class ReviewRow(Row, table=True):
    __tablename__ = "review"
    record = afterwards.Review
    request_id: str = text_()
    decision_id: str = text_()
    organisation_id: str = text_()
    applicant_id: str = text_()
    state: str = text_()
    result: str | None = maybe()
    due_on: date | None = maybe(Day)
    __table_args__ = args(
        "review",
        "request_id",
        "decision_id",
        "state",
        checks=(
            one_of("result", afterwards.ReviewResult, "review"),
            one_of("state", afterwards.ReviewState, "review"),
        ),
    )
