"""可见范围 which rows a post may see: its own organisation's, and those of its area, as SQL says it."""

from typing import Any

from sqlalchemy import ColumnElement, Table, and_, exists, false, or_, select, text, true

from registry.domain.approval import Task
from registry.domain.doubts import AUDITORS
from registry.domain.evaluating import Rater
from registry.domain.funds import VoucherLine
from registry.domain.movement import Movement, MovementKind
from registry.domain.presence import Presence
from registry.domain.records import Wire
from registry.domain.redress import ComplaintSource
from registry.domain.request import Request, Target
from registry.domain.walls import Board, Bureau
from registry.store import tables
from registry.store.visible_papers import may_read, of_projects, sat_in


class Scope(Wire, frozen=True, kw_only=True):
    """可见范围: what one post may see: its own organisation's rows, and its area's."""

    county: str
    organisations: list[str] = []
    path: str | None = None
    """Path of the area below which rows may be seen."""
    whole: bool = False
    """The area is the whole county: nothing further to filter."""
    person: str | None = None
    """Whose post it is: what was copied to them, and what is theirs alone."""
    bodies: list[str] = []
    """Every body the person belongs to, by whatever post: what is about one of them is kept from
    them, whichever post they look from."""
    projects: list[str] = []
    """凭项目: these projects opened what may be seen."""
    within: tuple[int, int] | None = None
    """Only what was written of between two numbers of the log, both among them."""
    audits: bool = False
    """Looks on for an audit body: reads what has become of findings that were taken up."""


def visible(table: Table, scope: Scope) -> ColumnElement[bool]:
    """The rows of a table that one scope may see."""
    found = _visible(table, scope)
    return found if scope.within is None else and_(found, _touched(table, scope.within))


def _touched(table: Table, within: tuple[int, int]) -> ColumnElement[bool]:
    """Records of which a version was written between two numbers of the log."""
    other = table.alias("touched")
    same = (other.c.county == table.c.county, other.c.id == table.c.id)
    return exists().where(*same, other.c.event_from.between(*within))


def _visible(table: Table, scope: Scope) -> ColumnElement[bool]:
    mine: ColumnElement[bool] = table.c.county == scope.county
    if scope.projects and table.name in _OF_PROJECTS:
        return and_(mine, table.c[_OF_PROJECTS[table.name]].in_(scope.projects))
    if table.name == "finding" and not scope.audits:
        # 办理中的疑点 is read by the auditor and the unit asked, and nobody beside them (P19).
        asked = table.c.organisation_id.in_(scope.organisations)
        free = and_(table.c.project_id.is_(None), table.c.code.not_in(sorted(AUDITORS)))
        mine = and_(mine, or_(free, asked))
    if table.name == "event" and scope.person and not scope.audits:
        mine = and_(mine, table.c.object_kind.not_in(_AUDITED))
    if table.name == "phrase":
        own = or_(table.c.person_id.is_(None), table.c.person_id == scope.person)
        return and_(mine, own, table.c.organisation_id.in_(scope.organisations))
    if table.name == "complaint":
        return and_(mine, _heard(table, scope))
    if table.name == "resident_report":
        # Whom it is about does not read it, for whatever they read besides.
        about = table.c.against_id
        mine = and_(mine, or_(about.is_(None), about.not_in(_belonging(scope))))
    if table.name == "document":
        of = (scope.county, scope.organisations, scope.projects)
        mine = and_(mine, may_read(table, of, whole=scope.whole, audits=scope.audits))
    if scope.whole:
        return mine
    if table.name == "satisfaction":
        # 反向评价: what a community says of others its street does not read one by one.
        own = table.c.organisation_id.in_(scope.organisations)
        mine = and_(mine, or_(table.c.rater != Rater.COMMUNITY.value, own))
    ways = [*_owned(table, scope), *_through(table, scope)]
    return and_(mine, or_(*ways)) if ways else text("1 = 0")  # type: ignore[return-value]


def _owned(table: Table, scope: Scope) -> list[ColumnElement[bool]]:
    """Rows that name a body of the scope, or lie in its area."""
    ways: list[ColumnElement[bool]] = []
    if scope.organisations:
        ways += [
            table.c[name].in_(scope.organisations)
            for name in ("organisation_id", "payer_id", *_ADDRESSED.get(table.name, ()))
            if name in table.c
        ]
    if scope.path and "area_path" in table.c:
        ways.append(table.c.area_path.startswith(scope.path, autoescape=True))
    if table.name in ("conference", "document"):
        ways += [sat_in(table, scope.county, o) for o in scope.organisations]
    if table.name == "document" and scope.projects:
        ways.append(of_projects(table, (scope.county, scope.projects), audits=scope.audits))
    if table.name in _OF_WALLS:
        ways += _on_walls(table, scope)
    if table.name == "movement":
        ways += [_sent_to(table, scope), table.c.request_id.in_(_handled(scope))]
    return ways


def _through(table: Table, scope: Scope) -> list[ColumnElement[bool]]:
    """Rows that hang on a request which the scope reads."""
    ways: list[ColumnElement[bool]] = []
    # Who asked, or is meant, does not read how each member voted: their own bodies do.
    via = None if table.name in _INTERNAL else table.c.get("request_id")
    via = table.c.id if table.name == "request" else via
    if table.name == "yearly_review" and scope.path:
        ways.append(table.c.presence_id.in_(_lying(scope)))
    if table.name == "voucher" and scope.path:
        ways.append(table.c.id.in_(_paid_to(scope)))
    elif via is not None and scope.path and "area_path" not in table.c:
        ways.append(and_(via.in_(_targeted(scope)), _filed(scope, via)))
    if via is not None and scope.organisations:
        ways.append(via.in_(_asked_by(scope)))
    if via is not None and table.name in _SHOWN:
        ways.append(via.in_(_shown(scope)))
    return ways


_ADDRESSED = {
    "presence": ("department_id",), "legacy_review": ("department_id",),
    "departure": ("department_id",),
    "amendment_proposal": ("department_id",), "objection": ("department_id", "handler_id"),
    "resident_report": ("handler_id",),
    "declining": ("department_id",), "reservation": ("department_id",),
    "yearly_review": ("department_id",),
    "bank_line": ("account_id",), "line_part": ("account_id",),
}  # fmt: skip
"""Columns that name whom a paper of theirs is for."""
_OF_PROJECTS = {
    "audit_project": "id", "audit_member": "project_id", "finding_step": "project_id",
    "sample": "project_id",
}  # fmt: skip
"""Columns that say whose project a row is."""
_AUDITED = ("auditproject", "finding", "findingstep", "sample")
"""Whose acts only auditors, and who administers the log, read in it."""
_OF_WALLS = ("board", "bureau", "cleanup_order", "document")


def _on_walls(table: Table, scope: Scope) -> list[ColumnElement[bool]]:
    """Whose boards and offices they are reads them, and the orders they stand under; whoever reads
    one reads the photographs that hang on it."""
    found: list[ColumnElement[bool]] = []
    if "department_id" in table.c and scope.organisations:
        found.append(table.c.department_id.in_(scope.organisations))
    for kind in (Board, Bureau):
        t = tables.BY_RECORD[kind]
        here = (t.c.county == scope.county, t.c.event_to.is_(None))
        own = t.c.department_id.in_(scope.organisations)
        lying = t.c.area_path.startswith(scope.path, autoescape=True) if scope.path else false()
        if table.name == "cleanup_order" and scope.organisations:
            found.append(table.c.id.in_(select(t.c.order_id).where(*here, own)))
        if table.name == "document":
            on = and_(
                table.c.parent_kind == t.name,
                table.c.parent_id.in_(select(t.c.id).where(*here, or_(own, lying))),
            )
            found.append(on)
    return found


_INTERNAL = ("conference_vote", "movement")
"""What those who ask for a case, or are meant by it, do not read of how it was handled."""
_SHOWN = ("request", "verdict", "document", "decision")
"""What is read of a case by those it was copied to, or who were asked for a word in it."""


def _heard(table: Table, scope: Scope) -> ColumnElement[bool]:
    """投诉: read by who complained, by the body that handles it, and by who reads the whole county;
    never by those complained of, for whatever they read besides."""
    source, own = tables.BY_RECORD[ComplaintSource], scope.organisations
    now = (source.c.county == scope.county, source.c.event_to.is_(None))
    said = select(source.c.complaint_id).where(*now)
    theirs = table.c.id.in_(said.where(source.c.organisation_id.in_(own)))
    apart = table.c.against_id.not_in(_belonging(scope))
    ways = or_(theirs, table.c.handler_id.in_(own), true() if scope.whole else false())
    if not scope.person:
        return and_(apart, ways)
    return or_(table.c.id.in_(said.where(source.c.person_id == scope.person)), and_(apart, ways))


def _belonging(scope: Scope) -> list[str]:
    """Bodies of which the person is one."""
    return sorted({*scope.organisations, *scope.bodies})


def _sent_to(table: Table, scope: Scope) -> ColumnElement[bool]:
    """What was moved to a body of the scope, or to the person."""
    return or_(table.c.to_organisation_id.in_(scope.organisations), _to_them(table, scope))


def _to_them(table: Table, scope: Scope) -> ColumnElement[bool]:
    """What was moved to the person. A scope of nobody's own is sent nothing: asked for no person,
    it would have all that was sent to no person in particular."""
    return table.c.to_person_id == scope.person if scope.person else false()


def _handled(scope: Scope) -> Any:
    """Requests in which a task lies, or lay, with a body of the scope."""
    task = tables.BY_RECORD[Task]
    return select(task.c.request_id).where(
        task.c.county == scope.county,
        task.c.event_to.is_(None),
        task.c.organisation_id.in_(scope.organisations),
    )


def _shown(scope: Scope) -> Any:
    """Requests that were copied to the person or a body of the scope, or in which such a body was
    asked for a word (加签): each found by its own index."""
    task, movement = tables.BY_RECORD[Task], tables.BY_RECORD[Movement]
    copied = (
        movement.c.county == scope.county,
        movement.c.event_to.is_(None),
        movement.c.kind == MovementKind.COPY.value,
    )
    own = scope.organisations
    asked = select(task.c.request_id).where(
        task.c.county == scope.county,
        task.c.event_to.is_(None),
        task.c.asked_by.is_not(None),
        task.c.organisation_id.in_(own),
    )
    return asked.union_all(
        select(movement.c.request_id).where(*copied, movement.c.to_organisation_id.in_(own)),
        select(movement.c.request_id).where(*copied, _to_them(movement, scope)),
    )


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


def _lying(scope: Scope) -> Any:
    """What was there before in the area, of which a review names the presence itself."""
    presence = tables.BY_RECORD[Presence]
    return select(presence.c.id).where(
        presence.c.county == scope.county,
        presence.c.event_to.is_(None),
        presence.c.request_id.is_(None),
        presence.c.area_path.startswith(scope.path or "/", autoescape=True),
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
