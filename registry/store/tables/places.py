"""区划、单位、人员、清单、规则包 the tables of what stands still while cases move."""

from datetime import date

from sqlalchemy import Index, text
from sqlmodel import Field

from registry.domain import areas as areas_
from registry.domain import calendar, catalogue, pack
from registry.domain import people as people_
from registry.domain.vocabulary import Polarity
from registry.store.columns import Day, Flag, Whole, one_of
from registry.store.tables.rows import Row, args, maybe, text_


class AreaRow(Row, table=True):
    __tablename__ = "area"
    record = areas_.Area
    code: str = text_()
    name: str = text_()
    level: str = text_()
    kind: str = text_()
    parent_id: str | None = maybe()
    path: str = text_()
    valid_from: date | None = maybe(Day)
    valid_to: date | None = maybe(Day)
    __table_args__ = args(
        "area",
        "code",
        "path",
        "parent_id",
        checks=(one_of("level", areas_.AreaLevel, "area"), one_of("kind", areas_.AreaKind, "area")),
    )


class OrganisationRow(Row, table=True):
    __tablename__ = "organisation"
    record = people_.Organisation
    name: str = text_()
    kind: str = text_()
    level: str = text_()
    area_id: str = text_()
    valid_from: date | None = maybe(Day)
    valid_to: date | None = maybe(Day)
    __table_args__ = args("organisation", "kind", "area_id")


class PersonRow(Row, table=True):
    __tablename__ = "person"
    record = people_.Person
    name: str = text_()
    username: str = text_()
    active: bool = Field(sa_type=Flag)
    __table_args__ = (
        Index("ux_person_username", "username", unique=True,
              sqlite_where=text("event_to IS NULL"), postgresql_where=text("event_to IS NULL")),
        *args("person"),
    )  # fmt: skip


class PostRow(Row, table=True):
    __tablename__ = "post"
    record = people_.Post
    person_id: str = text_()
    organisation_id: str = text_()
    area_id: str = text_()
    role: str = text_()
    valid_from: date | None = maybe(Day)
    valid_to: date | None = maybe(Day)
    __table_args__ = args("post", "person_id", "organisation_id")


class ListRow(Row, table=True):
    __tablename__ = "matter_list"
    record = catalogue.MatterList
    polarity: str = text_()
    title: str = text_()
    valid_from: date | None = maybe(Day)
    valid_to: date | None = maybe(Day)
    __table_args__ = args("matter_list", checks=(one_of("polarity", Polarity, "matter_list"),))


class PackRow(Row, table=True):
    __tablename__ = "pack"
    record = pack.PublishedPack
    state: str = text_()
    level: str = text_()
    parent: str | None = maybe()
    effective_from: date = Field(sa_type=Day)
    effective_to: date | None = maybe(Day)
    __table_args__ = args("pack", checks=(one_of("state", pack.PackState, "pack"),))


class CalendarRow(Row, table=True):
    __tablename__ = "calendar_year"
    record = calendar.CalendarYear
    year: int = Field(sa_type=Whole)
    __table_args__ = args("calendar_year", "year")
