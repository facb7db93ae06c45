"""社区 the tables of walls, offices, certificates and seals."""

from datetime import date

from sqlmodel import Field

from registry.domain import certifying, walls
from registry.store.columns import Day, Flag, Whole, one_of
from registry.store.tables.rows import Row, args, maybe, text_


class BoardRow(Row, table=True):
    __tablename__ = "board"
    record = walls.Board
    organisation_id: str = text_()
    area_id: str = text_()
    area_path: str = text_()
    form: str = text_()
    wording: str = text_()
    place: str = text_()
    department_id: str | None = maybe()
    since: date | None = maybe(Day)
    removed_on: date | None = maybe(Day)
    origin: str = text_()
    presence_id: str | None = maybe()
    state: str = text_()
    order_id: str | None = maybe()
    profile: str | None = maybe()
    recorded_on: date | None = maybe(Day)
    row_key: str | None = maybe()
    __table_args__ = args(
        "board",
        "organisation_id",
        "area_path",
        "presence_id",
        "order_id",
        "row_key",
        "state",
        checks=(
            one_of("form", walls.Form, "board"),
            one_of("origin", walls.Origin, "board"),
            one_of("state", walls.WallState, "board"),
            one_of("profile", walls.Profile, "board"),
        ),
    )


class BureauRow(Row, table=True):
    __tablename__ = "bureau"
    record = walls.Bureau
    organisation_id: str = text_()
    area_id: str = text_()
    area_path: str = text_()
    name: str = text_()
    department_id: str | None = maybe()
    meets: bool | None = maybe(Flag)
    since: date | None = maybe(Day)
    removed_on: date | None = maybe(Day)
    origin: str = text_()
    presence_id: str | None = maybe()
    state: str = text_()
    order_id: str | None = maybe()
    profile: str | None = maybe()
    recorded_on: date | None = maybe(Day)
    row_key: str | None = maybe()
    __table_args__ = args(
        "bureau",
        "organisation_id",
        "area_path",
        "presence_id",
        "order_id",
        "row_key",
        "state",
        checks=(
            one_of("origin", walls.Origin, "bureau"),
            one_of("state", walls.WallState, "bureau"),
            one_of("profile", walls.Profile, "bureau"),
        ),
    )


class CleanupOrderRow(Row, table=True):
    __tablename__ = "cleanup_order"
    record = walls.CleanupOrder
    number: str = text_()
    issuer_id: str = text_()
    organisation_id: str = text_()
    area_path: str = text_()
    department_id: str | None = maybe()
    issued_on: date = Field(sa_type=Day)
    due_on: date | None = maybe(Day)
    overdue: bool = Field(sa_type=Flag)
    state: str = text_()
    __table_args__ = args(
        "cleanup_order",
        "organisation_id",
        "area_path",
        "department_id",
        "state due_on",
        checks=(one_of("state", walls.OrderState, "cleanup_order"),),
    )


class AttestationRow(Row, table=True):
    __tablename__ = "attestation"
    record = walls.Attestation
    object_kind: str = text_()
    object_id: str = text_()
    order_id: str | None = maybe()
    organisation_id: str = text_()
    area_path: str = text_()
    side: str = text_()
    removed: bool = Field(sa_type=Flag)
    seen_on: date = Field(sa_type=Day)
    superseded: bool = Field(sa_type=Flag)
    __table_args__ = args(
        "attestation",
        "object_id",
        "order_id",
        checks=(one_of("side", walls.WitnessSide, "attestation"),),
    )


class CertificateDemandRow(Row, table=True):
    __tablename__ = "certificate_demand"
    record = certifying.CertificateDemand
    organisation_id: str = text_()
    area_path: str = text_()
    item_id: str | None = maybe()
    item: str = text_()
    demander: str = text_()
    answer: str = text_()
    month: str = text_()
    times: int = Field(sa_type=Whole)
    recorded_on: date = Field(sa_type=Day)
    __table_args__ = args(
        "certificate_demand",
        "organisation_id month",
        "item_id month",
        "area_path",
        checks=(
            one_of("demander", certifying.Demander, "certificate_demand"),
            one_of("answer", certifying.Certifying, "certificate_demand"),
        ),
    )


class SealCountRow(Row, table=True):
    __tablename__ = "seal_count"
    record = certifying.SealCount
    organisation_id: str = text_()
    area_path: str = text_()
    month: str = text_()
    use: str = text_()
    item_id: str | None = maybe()
    item: str = text_()
    copies: int = Field(sa_type=Whole)
    recorded_on: date = Field(sa_type=Day)
    __table_args__ = args(
        "seal_count",
        "organisation_id month",
        "area_path",
    )


class AmendmentProposalRow(Row, table=True):
    __tablename__ = "amendment_proposal"
    record = certifying.AmendmentProposal
    number: str = text_()
    item_id: str = text_()
    organisation_id: str = text_()
    department_id: str | None = maybe()
    state: str = text_()
    due_on: date | None = maybe(Day)
    overdue: bool = Field(sa_type=Flag)
    __table_args__ = args(
        "amendment_proposal",
        "item_id",
        "department_id",
        "state due_on",
        checks=(one_of("state", certifying.ProposalState, "amendment_proposal"),),
    )
