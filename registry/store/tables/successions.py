"""承继 the tables of who comes after whom: handovers, reorganisations, successors."""

from datetime import date

from sqlmodel import Field

from registry.domain import succession
from registry.store.columns import Day, one_of
from registry.store.tables.rows import Row, args, maybe, text_


class HandoverRow(Row, table=True):
    __tablename__ = "handover"
    record = succession.Handover
    person_id: str = text_()
    organisation_id: str | None = maybe()
    reason: str = text_()
    done_on: date = Field(sa_type=Day)
    __table_args__ = args(
        "handover", "person_id", checks=(one_of("reason", succession.Leaving, "handover"),)
    )


class ReorganisationRow(Row, table=True):
    __tablename__ = "reorganisation"
    record = succession.Reorganisation
    kind: str = text_()
    object_kind: str = text_()
    document_number: str = text_()
    effective_on: date = Field(sa_type=Day)
    __table_args__ = args(
        "reorganisation",
        "effective_on",
        checks=(one_of("kind", succession.ChangeKind, "reorganisation"),),
    )


class SuccessionRow(Row, table=True):
    __tablename__ = "succession"
    record = succession.Succession
    reorganisation_id: str = text_()
    object_kind: str = text_()
    object_id: str = text_()
    successor_id: str = text_()
    effective_on: date = Field(sa_type=Day)
    __table_args__ = args("succession", "reorganisation_id", "object_id", "successor_id")
