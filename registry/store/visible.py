"""可见范围 which rows a post may see: its own organisation's, and those of its area, as SQL says it."""

from typing import Any

from sqlalchemy import ColumnElement, Table, and_, exists, or_, select, text

from registry.domain.conference import Conference
from registry.domain.document import DocumentType
from registry.domain.funds import VoucherLine
from registry.domain.presence import Presence
from registry.domain.records import Wire
from registry.domain.request import Request, Target
from registry.store import tables


class Scope(Wire, frozen=True, kw_only=True):
    """可见范围: what one post may see: its own organisation's rows, and its area's."""

    county: str
    organisations: list[str] = []
    path: str | None = None
    """Path of the area below which rows may be seen."""
    whole: bool = False
    """The area is the whole county: nothing further to filter."""


def visible(table: Table, scope: Scope) -> ColumnElement[bool]:
    """The rows of a table that one scope may see."""
    mine = table.c.county == scope.county
    if scope.whole:
        return mine
    ways: list[ColumnElement[bool]] = []
    if scope.organisations:
        ways += [
            table.c[name].in_(scope.organisations)
            for name in ("organisation_id", "payer_id")
            if name in table.c
        ]
    if scope.path and "area_path" in table.c:
        ways.append(table.c.area_path.startswith(scope.path, autoescape=True))
    if table.name in ("conference", "document"):
        ways += [_sat_in(table, scope.county, o) for o in scope.organisations]
    # Who asked, or is meant, does not read how each member voted: their own bodies do.
    via = None if table.name == "conference_vote" else table.c.get("request_id")
    via = table.c.id if table.name == "request" else via
    if table.name == "voucher" and scope.path:
        ways.append(table.c.id.in_(_paid_to(scope)))
    elif via is not None and scope.path and "area_path" not in table.c:
        ways.append(and_(via.in_(_targeted(scope)), _filed(scope, via)))
    if via is not None and scope.organisations:
        ways.append(via.in_(_asked_by(scope)))
    return and_(mine, or_(*ways)) if ways else text("1 = 0")  # type: ignore[return-value]


def _sat_in(table: Table, county: str, organisation_id: str) -> ColumnElement[bool]:
    """A meeting in which somebody of the organisation sits, and its minutes: not the ballots on
    paper that hang on it as well."""
    seat = f"|{organisation_id}|"
    if table.name == "conference":
        return table.c.seated.contains(seat, autoescape=True)
    sat = tables.BY_RECORD[Conference].alias("sat")
    now = (sat.c.county == county, sat.c.event_to.is_(None))
    held = select(sat.c.id).where(*now, sat.c.seated.contains(seat, autoescape=True))
    return and_(table.c.type == DocumentType.MINUTES.value, table.c.parent_id.in_(held))


def _asked_by(scope: Scope) -> Any:
    """Ids of the requests that an organisation of the scope files, leading or beside another: each
    looked up by its own index, so that a department's list does not read the whole county."""
    request = tables.BY_RECORD[Request].alias("asked")
    named = [request.c.beside.contains(f"|{o}|", autoescape=True) for o in scope.organisations]
    now = (request.c.county == scope.county, request.c.event_to.is_(None))
    leading = select(request.c.id).where(*now, request.c.applicant_id.in_(scope.organisations))
    beside = select(request.c.id).where(*now, request.c.beside.is_not(None), or_(*named))
    return leading.union_all(beside)


def _paid_to(scope: Scope) -> Any:
    """Vouchers with a line for a presence of the area: a neighbour's money is not one's own."""
    line, presence = tables.BY_RECORD[VoucherLine], tables.BY_RECORD[Presence]
    here = select(presence.c.id).where(
        presence.c.county == scope.county,
        presence.c.event_to.is_(None),
        presence.c.area_path.startswith(scope.path or "/", autoescape=True),
    )
    return select(line.c.voucher_id).where(
        line.c.county == scope.county, line.c.event_to.is_(None), line.c.presence_id.in_(here)
    )


def _filed(scope: Scope, via: ColumnElement[Any]) -> ColumnElement[bool]:
    """A draft, with all that hangs on it, is the asking side's own paper, withdrawn or not: those
    it is meant for see it once it has been submitted. Asked of each row by its key: a list of all
    that was ever filed would grow with the county."""
    filed = tables.BY_RECORD[Request].alias("filed")
    return exists().where(
        filed.c.county == scope.county,
        filed.c.id == via,
        filed.c.event_to.is_(None),
        filed.c.applied_on.is_not(None),
    )


def _targeted(scope: Scope) -> Any:
    target = tables.BY_RECORD[Target]
    path = scope.path or "/"
    parts = path.strip("/").split("/")
    above = ["/" + "/".join(parts[:n]) + "/" for n in range(1, len(parts))]
    return select(target.c.request_id).where(
        target.c.county == scope.county,
        target.c.event_to.is_(None),
        or_(target.c.path.startswith(path, autoescape=True), target.c.path.in_(above)),
    )
