"""前后版本 row versions beside the one before and after, for the walk that names what is wrong."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Table, select


def linked(table: Table) -> Any:
    """Row versions with where the next one begins and whether the one before is there."""
    after, before = table.alias("after"), table.alias("before")

    def beside(other: Any, step: int) -> Any:
        return (
            (other.c.county == table.c.county)
            & (other.c.id == table.c.id)
            & (other.c.version == table.c.version + step)
        )

    joined = table.outerjoin(after, beside(after, 1)).outerjoin(before, beside(before, -1))
    return (
        select(table, after.c.event_from.label("next_from"), before.c.version.label("before"))
        .select_from(joined)
        .order_by(table.c.event_from, table.c.id)
    )


@contextmanager
def uncollected() -> Iterator[None]:
    """What comes and goes in a walk forms no circle: the collector would only go over it."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
