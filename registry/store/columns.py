"""列类型 column types, one variant per engine: SQLite STRICT knows only INTEGER, TEXT and BLOB."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    ColumnElement,
    Date,
    FromClause,
    Integer,
    LargeBinary,
    Text,
    cast,
    func,
    literal_column,
)
from sqlalchemy.dialects.postgresql import BYTEA, JSON, TIMESTAMP
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

Blob = LargeBinary().with_variant(BYTEA(), "postgresql")
Whole = Integer().with_variant(BigInteger(), "postgresql")
"""64-bit integer: versions, sequence numbers, 分."""


class Flag(TypeDecorator[bool]):
    """是否: INTEGER 0/1 on SQLite, BOOLEAN on PostgreSQL."""

    impl = Integer
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Boolean() if dialect.name == "postgresql" else Integer())

    def process_bind_param(self, value: bool | None, dialect: Dialect) -> Any:
        if value is None or dialect.name == "postgresql":
            return value
        return int(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        return None if dialect.name == "postgresql" else _flag


class Day(TypeDecorator[date]):
    """民用日期 in Asia/Shanghai: ISO text on SQLite, DATE on PostgreSQL."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Date() if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: date | None, dialect: Dialect) -> Any:
        return value if value is None or dialect.name == "postgresql" else value.isoformat()

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        return None if dialect.name == "postgresql" else _day


class Instant(TypeDecorator[datetime]):
    """时刻 in UTC: fixed-width ISO text on SQLite (sorts as time), TIMESTAMPTZ on PostgreSQL."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        kind = TIMESTAMP(timezone=True) if dialect.name == "postgresql" else Text()
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        at = value.astimezone(UTC)
        return at if dialect.name == "postgresql" else at.isoformat(timespec="microseconds")

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        return _instant


# Of every row of every page: plain functions, without the decorator's own between.
def _flag(value: int | None) -> bool | None:
    return None if value is None else bool(value)


def _day(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)


def _instant(value: Any) -> datetime | None:
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    return None if at is None else at.astimezone(UTC)


def one_of(column: str, words: type[StrEnum], table: str) -> CheckConstraint:
    """A CHECK that names the same words as the enum (a test compares them)."""
    values = ", ".join(f"'{w.value}'" for w in words)
    return CheckConstraint(f"{column} IN ({values})", name=f"ck_{table}_{column}")


def money(column: str, table: str) -> CheckConstraint:
    """A CHECK that keeps an amount within 0 … 10¹⁵ 分."""
    return CheckConstraint(f"{column} BETWEEN 0 AND 1000000000000000", name=f"ck_{table}_{column}")


def said(dialect: Dialect, table: FromClause, name: str) -> ColumnElement[str]:
    """A word that stands in the body of a row; its name is written out, so that a statement may be
    prepared with it."""
    if dialect.name == "sqlite":
        return cast(func.json_extract(table.c.body, literal_column(f"'$.{name}'")), Text)
    return cast(table.c.body, JSON).op("->>", return_type=Text())(literal_column(f"'{name}'"))
