"""规则 the tables of the life of rules: runs, editions of lists, exceptions and their use,
re-evaluations, instruments.
"""

from datetime import date

from sqlmodel import Field

from registry.domain import edition, instrument, pack, reevaluation, waiver
from registry.domain.vocabulary import Outcome
from registry.store.columns import Day, Flag, one_of
from registry.store.tables.rows import Row, args, maybe, text_


class PackRunRow(Row, table=True):
    __tablename__ = "pack_run"
    record = pack.PackRun
    pack_id: str = text_()
    kind: str = text_()
    state: str = text_()
    __table_args__ = args(
        "pack_run",
        "pack_id",
        "state",
        checks=(
            one_of("kind", pack.RunKind, "pack_run"),
            one_of("state", pack.RunState, "pack_run"),
        ),
    )


class EditionRow(Row, table=True):
    __tablename__ = "list_edition"
    record = edition.ListEdition
    list_id: str = text_()
    state: str = text_()
    effective_from: date = Field(sa_type=Day)
    document_number: str = text_()
    __table_args__ = args(
        "list_edition",
        "list_id",
        "state",
        "effective_from",
        "document_number",
        checks=(one_of("state", edition.EditionState, "list_edition"),),
    )


class WaiverRow(Row, table=True):
    __tablename__ = "waiver"
    record = waiver.Waiver
    document_number: str = text_()
    valid_from: date = Field(sa_type=Day)
    valid_to: date = Field(sa_type=Day)
    granted_on: date | None = maybe(Day)
    ended_on: date | None = maybe(Day)
    __table_args__ = args("waiver", "valid_to")


class WaiverUseRow(Row, table=True):
    __tablename__ = "waiver_use"
    record = waiver.WaiverUse
    waiver_id: str = text_()
    verdict_id: str = text_()
    request_id: str | None = maybe()
    __table_args__ = args("waiver_use", "waiver_id", "request_id")


class ReevaluationRow(Row, table=True):
    __tablename__ = "reevaluation"
    record = reevaluation.Reevaluation
    object_kind: str = text_()
    object_id: str = text_()
    request_id: str = text_()
    organisation_id: str = text_()
    area_path: str = text_()
    outcome: str = text_()
    stands: bool = Field(sa_type=Flag)
    holds_until: date | None = maybe(Day)
    run_id: str = text_()
    __table_args__ = args(
        "reevaluation",
        "object_id",
        "stands",
        "request_id",
        "holds_until",
        checks=(one_of("outcome", Outcome, "reevaluation"),),
    )


class InstrumentRow(Row, table=True):
    __tablename__ = "instrument"
    record = instrument.Instrument
    document_number: str = text_()
    issuer: str = text_()
    effective_on: date = Field(sa_type=Day)
    lapses_on: date | None = maybe(Day)
    __table_args__ = args("instrument", "document_number", "lapses_on")
