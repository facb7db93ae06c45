"""行 what every version row carries, and the arguments every table shares."""

from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, MetaData, Text, text
from sqlmodel import Field, SQLModel
from sqlmodel._compat import SQLModelConfig

from registry.domain.records import Record
from registry.store.columns import Whole

metadata: MetaData = SQLModel.metadata


class Row(SQLModel):
    """What every version row carries."""

    model_config = SQLModelConfig(defer_build=True)
    """Rows are described by these classes and never made of them: no validator is built at the
    start."""
    record: ClassVar[type[Record]]
    derived: ClassVar[tuple[str, ...]] = ()
    """Columns worked out of ``body`` (``store/footing``): for joins alone, under no seal of theirs.
    """
    county: str = Field(primary_key=True, sa_type=Text)
    id: str = Field(primary_key=True, sa_type=Text)
    version: int = Field(primary_key=True, sa_type=Whole)
    event_from: int = Field(sa_type=Whole)
    event_to: int | None = Field(default=None, sa_type=Whole, nullable=True)
    digest: str = Field(sa_type=Text)
    body: str = Field(sa_type=Text)


def positive(table: str, column: str = "amount_fen") -> CheckConstraint:
    """A CHECK that keeps an amount within 1 … 10¹⁵ 分."""
    return CheckConstraint(f"{column} BETWEEN 1 AND 1000000000000000", name=f"ck_{table}_{column}")


def text_(**options: Any) -> Any:
    return Field(sa_type=Text, **options)


def maybe(kind: Any = Text) -> Any:
    return Field(default=None, sa_type=kind, nullable=True)


def args(table: str, *indexes: str, checks: tuple[CheckConstraint, ...] = ()) -> tuple[Any, ...]:
    """Table arguments: the current-row index, one index per named column list, the event it rests
    on, STRICT."""
    made = [
        Index(f"ix_{table}_{spec.replace(' ', '_')}", "county", *spec.split(), "id")
        for spec in indexes
    ]
    current = text("event_to IS NULL")
    return (
        Index(f"ux_{table}_current", "county", "id", unique=True,
              sqlite_where=current, postgresql_where=current),
        Index(f"ix_{table}_event", "county", "event_from"),
        *made,
        *checks,
        CheckConstraint("version >= 1", name=f"ck_{table}_version"),
        CheckConstraint("event_to IS NULL OR event_to > event_from", name=f"ck_{table}_event_to"),
        ForeignKeyConstraint(["county", "event_from"], ["event.county", "event.seq"],
                             deferrable=True, initially="DEFERRED", name=f"fk_{table}_event"),
        {"sqlite_strict": True, "sqlite_with_rowid": True},
    )  # fmt: skip
