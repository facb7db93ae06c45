"""年度评估范围 what is in force in a county and not yet reviewed for a year: one statement for each.

Summed by the database, so that a matter of three thousand communities costs as one of one.
"""

from datetime import date

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    and_,
    case,
    exists,
    func,
    literal,
    or_,
    select,
)

from registry.domain.evaluating import YearlyReview
from registry.domain.existing import LegacyReview, Settlement, Standing
from registry.domain.living import Acceptance, AcceptanceResult
from registry.domain.presence import Presence, PresenceState
from registry.domain.records import Wire
from registry.store import tables
from registry.store.columns import Day
from registry.store.published import IN_FORCE

_NOT_BEGUN = [PresenceState.PLANNED.value, PresenceState.AGREED.value]


class InForce(Wire, frozen=True, kw_only=True):
    """在办事项: one admission in all the communities in which it is in force."""

    request_id: str
    communities: int
    late: int
    """Communities in which it was to have begun and has not."""
    last_day: date | None
    """The latest day on which it ends anywhere."""
    hours: int
    """Hours a year it takes them together, as far as stated."""
    unstated: int
    """Communities for which no hours are stated."""


def admitted_in_force(
    connection: Connection, county: str, year: int, today: date
) -> list[InForce]:  # fmt: skip
    """Admissions in force that have no review of the year, in the order of their ids."""
    p = tables.BY_RECORD[Presence]
    late = and_(p.c.state.in_(_NOT_BEGUN), p.c.starts_on < today)
    query = (
        select(
            p.c.request_id, func.count().label("communities"),
            func.sum(case((late, literal(1)), else_=literal(0))).label("late"),
            func.max(p.c.ends_on, type_=Day()).label("last_day"),
            func.coalesce(func.sum(p.c.hours_year), literal(0)).label("hours"),
            func.sum(case((p.c.hours_year.is_(None), literal(1)), else_=literal(0)))
            .label("unstated"),
        )
        .where(
            p.c.county == county, p.c.event_to.is_(None), p.c.request_id.is_not(None),
            p.c.state.in_(IN_FORCE), ~_reviewed(p, "request_id", year),
        )
        .group_by(p.c.request_id)
        .order_by(p.c.request_id)
    )  # fmt: skip
    return [
        InForce(
            request_id=row["request_id"], last_day=row["last_day"],
            **{name: int(row[name]) for name in ("communities", "late", "hours", "unstated")},
        )
        for row in connection.execute(query).mappings()
    ]  # fmt: skip


def legacy_standing(connection: Connection, county: str, year: int) -> list[str]:
    """Presences of what was there before, judged to stand and not cleared since, that have no
    review of the year."""
    p, r = tables.BY_RECORD[Presence], tables.BY_RECORD[LegacyReview]
    judged = and_(r.c.county == p.c.county, r.c.presence_id == p.c.id, r.c.event_to.is_(None))
    query = (
        select(p.c.id)
        .select_from(p.join(r, judged))
        .where(
            p.c.county == county, p.c.event_to.is_(None),
            p.c.state == PresenceState.LEGACY.value, r.c.standing == Standing.STANDS.value,
            or_(r.c.settlement.is_(None), r.c.settlement == Settlement.KEPT.value),
            ~_reviewed(p, "id", year),
        )
        .order_by(p.c.id)
    )  # fmt: skip
    return list(connection.execute(query).scalars())


def _reviewed(p: Table, by: str, year: int) -> ColumnElement[bool]:
    """Whether a year's review there is, of the admission or of the presence itself."""
    y = tables.BY_RECORD[YearlyReview]
    named = y.c.presence_id if by == "id" else y.c.request_id
    return exists().where(
        y.c.county == p.c.county, named == p.c[by], y.c.year == year,
        y.c.event_to.is_(None),
    )  # fmt: skip


def reviews_of(connection: Connection, county: str, year: int) -> int:
    """How many reviews a year has."""
    y = tables.BY_RECORD[YearlyReview]
    query = select(func.count()).where(
        y.c.county == county, y.c.year == year, y.c.event_to.is_(None)
    )
    return int(connection.execute(query).scalar() or 0)


def acceptances_failed(connection: Connection, county: str, ids: list[str]) -> dict[str, int]:
    """验收不合格: how many reports of each admission were not accepted as done."""
    a = tables.BY_RECORD[Acceptance]
    query = (
        select(a.c.request_id, func.count())
        .where(
            a.c.county == county, a.c.event_to.is_(None), a.c.request_id.in_(ids),
            a.c.result == AcceptanceResult.FAILED.value,
        )
        .group_by(a.c.request_id)
    )  # fmt: skip
    return {str(id): int(many) for id, many in connection.execute(query)}
