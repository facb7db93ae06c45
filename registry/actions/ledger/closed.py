"""已结转 a year that is closed for its community takes no more entries (E9), nor does its heir's."""

from collections.abc import Collection, Sequence

from registry.actions.office import Desk
from registry.domain.closing import YearClosing
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.funds import VoucherLine
from registry.store.former import belonged

CLOSED = declare(
    "voucher.year_closed", RefusalKind.CONFLICT,
    "{year} 年度已年终结转，不能再记账（E9）；请在新年度冲正或者登记",
    "{year} is closed (E9); enter or correct it in the new year.", recorded=True,
)  # fmt: skip


def check_open(desk: Desk, lines: Sequence[VoucherLine], book_year: int) -> None:
    """Refuse an entry in a year that is closed for its community: the year of the money, or that
    of the voucher's own book.

    Raises:
        Refusal: ``voucher.year_closed``.
    """
    wanted = {(line.presence_id, year) for line in lines for year in (line.year, book_year)}
    closed = closed_of(desk, wanted)
    for id, year in sorted(wanted):
        if (id, year) in closed:
            raise Refusal(CLOSED, year=year, presence_id=id)


def closed_of(desk: Desk, wanted: Collection[tuple[str, int]]) -> set[tuple[str, int]]:
    """Of presences and years those that are closed: by the community a presence lies in, or by one
    that it was in when that year was closed, whose heir does not open it again (E9, P15)."""
    years = sorted({year for _, year in wanted})
    closings = {(c.organisation_id, c.year) for c in desk.unit.find(YearClosing, year=years)}
    if not closings:
        return set()
    bodies = belonged(desk.unit.connection, desk.unit.county, sorted({id for id, _ in wanted}))
    return {
        (id, year) for id, year in wanted
        if any((body, year) in closings for body in bodies.get(id, ()))
    }  # fmt: skip
