"""订单 what somebody orders: whose rows, which of them, and whether they are few."""

from collections.abc import Sequence
from pathlib import Path

from registry.actions import reading
from registry.actions.exporting import ground, making
from registry.actions.exporting.clearing import folder_of
from registry.actions.exporting.ground import Ground, Shown
from registry.actions.exporting.making import Narrowed, Order
from registry.actions.office import Office
from registry.actions.querying import narrowing
from registry.domain.errors import Refusal
from registry.domain.exporting import Made, Sheet
from registry.domain.people import Actor
from registry.store.exported import table_of
from registry.store.filters import Condition, clause, lies
from registry.store.scan import steady


def ground_for(
    office: Office, actor: Actor, county: str, *, as_of: str | None, sheets: dict[str, Sheet],
    shown: dict[str, Shown],
) -> Ground:  # fmt: skip
    """What a person may take away of a county at a moment.

    Raises:
        Refusal: ``access.forbidden``, ``export.snapshot``.
    """
    of = ground.ground(office, county, reading.moment(office, county, as_of), sheets)
    of = of._replace(actor=actor, shown=shown)
    making.allowed(of, actor)
    return of


def sheet_of(of: Ground, resource: str) -> Sheet:
    """The sheet of a resource that the person may read.

    Raises:
        Refusal: ``export.resource``, ``access.reading``.
    """
    if resource not in of.sheets:
        raise Refusal(making.NO_RESOURCE, resource=resource)
    ground.readable(of, of.sheets[resource])
    return of.sheets[resource]


def narrowed(
    of: Ground, sheet: Sheet, conditions: Sequence[Condition], area: str | None
) -> Narrowed:
    """Which rows are meant, as SQL says it.

    Raises:
        Refusal: ``query.area``.
    """
    table = table_of(sheet)
    found = [clause(table, one) for one in conditions]
    if area is not None:
        _, path = narrowing.place(of.office, [of.county], table, area)
        lying = lies(table, of.county, path)
        found += [] if lying is None else [lying]
    return tuple(found)


def small(of: Ground, order: Order, most: int) -> bool:
    """Whether there are at most so many rows."""
    with steady(of.office.store.reader) as moment:
        rows = of.rows(moment, of.sheets[order.resource], history=order.history,
                       narrowed=order.narrowed)  # fmt: skip
        return rows is None or rows.many() <= most


def at_once(of: Ground, actor: Actor, order: Order) -> tuple[Made, Path]:
    """Make a file that is kept nowhere; whoever sends it takes it away."""
    office = of.office
    folder = folder_of(office)
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / office.source.identifier("once", office.clock())
    made = making.make(of, order, file)
    try:
        making.record(of, actor, made)
    except BaseException:
        file.unlink()
        raise
    return made, file
