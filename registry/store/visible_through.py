"""凭何可见 the requests, vouchers and presences through which somebody sees what hangs on them.

Each way is one statement, or several beside one another, that gives ids. Where few rows are to be
found they are found by these ids; where many are read in some order, or one alone, each row is held
against each way by its key, so that nothing grows with all that the reader might see.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, exists, false, or_, select, union_all

from registry.domain.approval import Task
from registry.domain.funds import VoucherLine
from registry.domain.movement import Movement, MovementKind
from registry.domain.presence import Presence
from registry.domain.request import Request, Target
from registry.store import tables
from registry.store.below import below

Ways = Sequence[Select[Any]]
"""Statements of one column, the id."""


def among(
    of: tuple[Table, ColumnElement[Any]], ways: Ways, *, each: bool
) -> ColumnElement[bool]:  # fmt: skip
    """Rows of which a column is one of the ids.

    Args:
        of: the table, and its column.
        each: each row by itself, see ``visible``.
    """
    table, column = of
    if not ways:
        return false()
    if not each:
        return column.in_(union_all(*ways) if len(ways) > 1 else ways[0])
    ids = (way.selected_columns[0] for way in ways)
    held = (
        way.where(id == column).correlate(table).exists() for way, id in zip(ways, ids, strict=True)
    )
    return or_(*held)


def handling(county: str, bodies: list[str]) -> Ways:
    """Requests in which a task lies, or lay, with one of the bodies."""
    task = tables.BY_RECORD[Task].alias("handled")
    now = (task.c.county == county, task.c.event_to.is_(None))
    return [select(task.c.request_id).where(*now, task.c.organisation_id.in_(bodies))]


def shown(county: str, bodies: list[str], person: str | None) -> Ways:
    """Requests that were copied to the person or a body, or in which such a body was asked for a
    word (加签): each found by its own index."""
    task, movement = tables.BY_RECORD[Task].alias("word"), tables.BY_RECORD[Movement].alias("copy")
    copied = select(movement.c.request_id).where(
        movement.c.county == county, movement.c.event_to.is_(None),
        movement.c.kind == MovementKind.COPY.value,
    )  # fmt: skip
    asked = select(task.c.request_id).where(
        task.c.county == county, task.c.event_to.is_(None), task.c.asked_by.is_not(None),
        task.c.organisation_id.in_(bodies),
    )  # fmt: skip
    found = [asked, copied.where(movement.c.to_organisation_id.in_(bodies))]
    # Asked for no person, it would have all that was sent to no person in particular.
    return [*found, copied.where(movement.c.to_person_id == person)] if person else found


def asked_by(county: str, bodies: list[str]) -> Ways:
    """Requests that one of the bodies files, leading or beside another: each looked up by its own
    index, so that a department's list does not read the whole county."""
    request = tables.BY_RECORD[Request].alias("asked")
    named = [request.c.beside.contains(f"|{body}|", autoescape=True) for body in bodies]
    now = (request.c.county == county, request.c.event_to.is_(None))
    return [
        select(request.c.id).where(*now, request.c.applicant_id.in_(bodies)),
        select(request.c.id).where(*now, request.c.beside.is_not(None), or_(*named)),
    ]


def paid_to(county: str, path: str) -> Ways:
    """Vouchers with a line for a presence of the area: a neighbour's money is not one's own."""
    line = tables.BY_RECORD[VoucherLine].alias("paid")
    presence = tables.BY_RECORD[Presence].alias("payee")
    joined = line.join(
        presence, (presence.c.county == line.c.county) & (presence.c.id == line.c.presence_id)
    )
    return [
        select(line.c.voucher_id).select_from(joined).where(
            line.c.county == county, line.c.event_to.is_(None), presence.c.event_to.is_(None),
            below(presence.c.area_path, path),
        )
    ]  # fmt: skip


def lying_in(county: str, path: str) -> Ways:
    """What was there before in the area, of which a review names the presence itself."""
    presence = tables.BY_RECORD[Presence].alias("lying")
    return [
        select(presence.c.id).where(
            presence.c.county == county, presence.c.event_to.is_(None),
            presence.c.request_id.is_(None), below(presence.c.area_path, path),
        )
    ]  # fmt: skip


def targeted(county: str, path: str) -> Ways:
    """Requests with a target in the area, or in one that the area lies in."""
    target = tables.BY_RECORD[Target].alias("meant")
    parts = path.strip("/").split("/")
    above = ["/" + "/".join(parts[:n]) + "/" for n in range(1, len(parts))]
    now = (target.c.county == county, target.c.event_to.is_(None))
    return [
        select(target.c.request_id).where(*now, below(target.c.path, path)),
        *([select(target.c.request_id).where(*now, target.c.path.in_(above))] if above else []),
    ]


def filed(county: str, via: ColumnElement[Any]) -> ColumnElement[bool]:
    """A draft, with all that hangs on it, is the asking side's own paper, withdrawn or not: those
    it is meant for see it once it has been submitted. Asked of each row by its key: a list of all
    that was ever filed would grow with the county."""
    request = tables.BY_RECORD[Request].alias("filed")
    return exists().where(
        request.c.county == county, request.c.id == via, request.c.event_to.is_(None),
        request.c.applied_on.is_not(None),
    )  # fmt: skip
