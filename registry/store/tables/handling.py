"""流转与提醒 the tables of what happens between steps: movements, delegations, notices, phrases."""

from datetime import date

from sqlmodel import Field

from registry.domain import delegation, movement, notice, phrase
from registry.store.columns import Day, Flag, one_of
from registry.store.tables.rows import Row, args, maybe, text_


class MovementRow(Row, table=True):
    __tablename__ = "movement"
    record = movement.Movement
    request_id: str = text_()
    kind: str = text_()
    task_id: str | None = maybe()
    person_id: str = text_()
    organisation_id: str = text_()
    to_person_id: str | None = maybe()
    to_organisation_id: str | None = maybe()
    __table_args__ = args(
        "movement",
        "request_id",
        "task_id",
        "person_id",
        "to_person_id kind",
        "to_organisation_id kind",
        checks=(one_of("kind", movement.MovementKind, "movement"),),
    )


class DelegationRow(Row, table=True):
    __tablename__ = "delegation"
    record = delegation.Delegation
    kind: str = text_()
    from_person_id: str = text_()
    to_person_id: str = text_()
    organisation_id: str = text_()
    valid_from: date = Field(sa_type=Day)
    valid_to: date | None = maybe(Day)
    __table_args__ = args(
        "delegation",
        "from_person_id",
        "to_person_id",
        "organisation_id",
        checks=(one_of("kind", delegation.DelegationKind, "delegation"),),
    )


class AbsenceRow(Row, table=True):
    __tablename__ = "absence"
    record = delegation.Absence
    person_id: str = text_()
    organisation_id: str = text_()
    valid_from: date = Field(sa_type=Day)
    valid_to: date = Field(sa_type=Day)
    __table_args__ = args("absence", "person_id", "organisation_id")


class NoticeRow(Row, table=True):
    __tablename__ = "notice"
    record = notice.Notice
    person_id: str = text_()
    kind: str = text_()
    request_id: str | None = maybe()
    task_id: str | None = maybe()
    made_on: date = Field(sa_type=Day)
    read: bool = Field(sa_type=Flag)
    __table_args__ = args(
        "notice",
        "person_id read",
        "person_id made_on",
        "task_id",
        checks=(one_of("kind", notice.NoticeKind, "notice"),),
    )


class PhraseRow(Row, table=True):
    __tablename__ = "phrase"
    record = phrase.Phrase
    organisation_id: str = text_()
    person_id: str | None = maybe()
    act: str = text_()
    active: bool = Field(sa_type=Flag)
    __table_args__ = args("phrase", "organisation_id")
