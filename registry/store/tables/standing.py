"""进驻 the tables of what was admitted: agreements, presences, documents, findings."""

from datetime import date

from sqlalchemy import Index, text
from sqlmodel import Field

from registry.domain import agreement, audit, document, presence
from registry.domain.vocabulary import Kind, Receiver
from registry.store.columns import Day, Flag, Whole, money, one_of
from registry.store.tables.rows import Row, args, maybe, text_


class AgreementRow(Row, table=True):
    __tablename__ = "agreement"
    record = agreement.Agreement
    request_id: str = text_()
    state: str = text_()
    __table_args__ = args(
        "agreement", "request_id", checks=(one_of("state", agreement.AgreementState, "agreement"),)
    )


class SignatureRow(Row, table=True):
    __tablename__ = "signature"
    record = agreement.Signature
    agreement_id: str = text_()
    request_id: str = text_()
    presence_id: str = text_()
    side: str = text_()
    __table_args__ = args(
        "signature",
        "agreement_id",
        "presence_id",
        checks=(one_of("side", agreement.Side, "signature"),),
    )


class PresenceRow(Row, table=True):
    __tablename__ = "presence"
    record = presence.Presence
    request_id: str | None = maybe()
    kind: str = text_()
    title: str = text_()
    area_id: str = text_()
    area_path: str = text_()
    receiver: str = text_()
    organisation_id: str = text_()
    state: str = text_()
    starts_on: date | None = maybe(Day)
    ends_on: date | None = maybe(Day)
    share_fen: int = Field(sa_type=Whole)
    arrears: bool = Field(sa_type=Flag)
    department_id: str | None = maybe()
    hours_year: int | None = maybe(Whole)
    row_key: str | None = maybe()
    duration: str | None = maybe()
    times_year: int | None = maybe(Whole)
    people: int | None = maybe(Whole)
    since: str | None = maybe()
    derived = ("row_key", "duration", "times_year", "people", "since")
    __table_args__ = (
        # What is there is counted by kind and community without reading a row (quotas).
        Index("ix_presence_there", "county", "kind", "area_id", "state", "receiver", "request_id",
              sqlite_where=text("event_to IS NULL"), postgresql_where=text("event_to IS NULL")),
        # What each community carries, now or at an event, is added up from this index alone.
        Index("ix_presence_load", "county", "area_id", "area_path", "state", "event_to",
              "event_from", "version", "kind", "row_key", "hours_year", "times_year", "people",
              "since"),
        # 存量: the second import finds the row again.
        Index("ix_presence_row_key", "county", "row_key",
              sqlite_where=text("row_key IS NOT NULL"),
              postgresql_where=text("row_key IS NOT NULL")),
        *args("presence", "request_id", "area_path", "organisation_id", "state", "ends_on",
              "department_id",
              checks=(
            one_of("state", presence.PresenceState, "presence"),
            one_of("kind", Kind, "presence"),
            one_of("receiver", Receiver, "presence"),
            money("share_fen", "presence"))),
    )  # fmt: skip


class ReceiptRow(Row, table=True):
    __tablename__ = "receipt"
    record = presence.Receipt
    presence_id: str = text_()
    request_id: str = text_()
    quantity: int = Field(sa_type=Whole)
    __table_args__ = args("receipt", "presence_id")


class DocumentRow(Row, table=True):
    __tablename__ = "document"
    record = document.Document
    parent_kind: str = text_()
    parent_id: str = text_()
    request_id: str = text_()
    type: str = text_()
    sha256: str = text_()
    size: int = Field(sa_type=Whole)
    organisation_id: str | None = maybe()
    __table_args__ = args(
        "document",
        "parent_id",
        "request_id",
        "sha256",
        checks=(one_of("type", document.DocumentType, "document"),),
    )


class FindingRow(Row, table=True):
    __tablename__ = "finding"
    record = audit.Finding
    code: str = text_()
    object_kind: str = text_()
    object_id: str = text_()
    organisation_id: str | None = maybe()
    area_path: str | None = maybe()
    opened_on: date = Field(sa_type=Day)
    closed_on: date | None = maybe(Day)
    stage: str | None = maybe()
    project_id: str | None = maybe()
    __table_args__ = args("finding", "code", "object_id", "organisation_id", "project_id")
