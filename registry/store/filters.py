"""条件 what a list is narrowed by: one grammar for every table."""

import operator
from collections.abc import Callable, Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, exists, false, or_, select, true

from registry.domain.areas import Area
from registry.domain.auditing import WORKING, FindingStage
from registry.domain.people import Organisation
from registry.domain.records import Wire
from registry.domain.request import Target
from registry.store import tables
from registry.store.below import below


class Op(StrEnum):
    """比较."""

    EQ = "eq"
    IN = "in"
    GE = "ge"
    GT = "gt"
    LE = "le"
    LT = "lt"


class Condition(Wire, frozen=True, kw_only=True):
    """一个条件: a column, how it is compared, and with what."""

    field: str
    op: Op = Op.EQ
    value: Any

    def values(self) -> list[Any]:
        """The values it may have, where it says which."""
        return list(self.value) if isinstance(self.value, list) else [self.value]

    @property
    def exact(self) -> bool:
        """It says which values there may be."""
        return self.op in (Op.EQ, Op.IN)


class Term(Wire, frozen=True, kw_only=True):
    """一段任期: what a person answered for, and from when to when."""

    organisation_id: str
    path: str | None = None
    """Ground below which it all lay; ``None`` = what the body itself did."""
    first: date | None = None
    last: date | None = None


BODIES = ("department_id", "payer_id", "applicant_id", "organisation_id", "issuer_id")
"""Columns that name the body that answers for a row, the first there is."""
DATED = (
    "applied_on", "issued_on", "dated_on", "paid_on", "opened_on", "received_on", "recorded_on",
    "starts_on", "posted_on", "raised_on", "since", "awarded_on", "proposed_on", "left_on",
)  # fmt: skip
"""Columns that date a row, the first there is."""


def first_of(table: Table, names: Sequence[str]) -> str | None:
    """The first of some columns that a table has."""
    return next((name for name in names if name in table.c), None)


def clause(table: Table, condition: Condition) -> ColumnElement[bool]:
    """One condition as SQL says it."""
    column, value = table.c[condition.field], condition.value
    if condition.exact:
        several = isinstance(value, list)
        return column.in_(value) if several else column == value
    found: ColumnElement[bool] = _COMPARED[condition.op](column, value)
    return found


_COMPARED: dict[Op, Callable[[Any, Any], Any]] = {
    Op.GE: operator.ge, Op.GT: operator.gt, Op.LE: operator.le, Op.LT: operator.lt,
}  # fmt: skip


def holds(condition: Condition, value: Any) -> bool:
    """Whether a value fulfils a condition, as ``clause`` has it; none is neither more nor less."""
    if condition.exact:
        return value is not None and value in condition.values()
    return value is not None and bool(_COMPARED[condition.op](value, condition.value))


def sifted(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """A condition that rows are held against once they are found: no index of it leads, so that
    they come in the order that was asked for. PostgreSQL reads it as if it were bare."""
    return condition.self_group().op("=", is_comparison=True)(true())


def lies(table: Table, county: str, path: str) -> ColumnElement[bool] | None:
    """What lies in an area, or is meant for it; ``None`` where a table knows no areas."""
    if "area_path" in table.c:
        return below(table.c.area_path, path)
    if table.name in ("area", "target"):
        return below(table.c.path, path)
    if "area_id" in table.c:
        return table.c.area_id.in_(_areas(county, path))
    via = table.c.id if table.name == "request" else table.c.get("request_id")
    if via is not None:
        return _meant(county, path, via)
    body = first_of(table, ("against_id", *BODIES))
    return None if body is None else table.c[body].in_(_bodies(county, path))


def _areas(county: str, path: str) -> Any:
    area = tables.BY_RECORD[Area]
    return select(area.c.id).where(
        area.c.county == county, area.c.event_to.is_(None),
        below(area.c.path, path),
    )  # fmt: skip


def _bodies(county: str, path: str) -> Any:
    body = tables.BY_RECORD[Organisation].alias("body")
    return select(body.c.id).where(
        body.c.county == county, body.c.event_to.is_(None),
        body.c.area_id.in_(_areas(county, path)),
    )  # fmt: skip


def _meant(county: str, path: str, via: ColumnElement[Any]) -> ColumnElement[bool]:
    """A request with a target in the area, or in one that the area lies in."""
    target = tables.BY_RECORD[Target].alias("meant")
    parts = path.strip("/").split("/")
    above = ["/" + "/".join(parts[:n]) + "/" for n in range(1, len(parts))]
    return exists().where(
        target.c.county == county, target.c.request_id == via, target.c.event_to.is_(None),
        or_(below(target.c.path, path), target.c.path.in_(above)),
    )  # fmt: skip


def held(table: Table, county: str, terms: Sequence[Term]) -> ColumnElement[bool]:
    """What fell to somebody in any of their terms."""
    return or_(false(), *(_within(table, county, term) for term in terms))


def _within(table: Table, county: str, term: Term) -> ColumnElement[bool]:
    dated, body = first_of(table, DATED), first_of(table, BODIES)
    if dated is None:
        return false()
    theirs: list[ColumnElement[bool]] = []
    if body is not None:
        theirs.append(table.c[body] == term.organisation_id)
    ground = None if term.path is None else lies(table, county, term.path)
    theirs += [] if ground is None else [ground]
    days = [table.c[dated] >= term.first] if term.first else []
    days += [table.c[dated] <= term.last] if term.last else []
    return and_(or_(false(), *theirs), *days)


def stands_open(finding: Table) -> ColumnElement[bool]:
    """Findings nobody has taken up that a comparison still sees, and all that are being worked on,
    whether it sees them still or not."""
    fresh = or_(finding.c.stage.is_(None), finding.c.stage == FindingStage.DOUBT.value)
    return or_(
        finding.c.stage.in_([stage.value for stage in WORKING]),
        and_(fresh, finding.c.closed_on.is_(None)),
    )
