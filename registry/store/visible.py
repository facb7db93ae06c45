"""可见范围 which rows a post may see: its own organisation's, and those of its area, as SQL says it."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Table, and_, exists, false, or_, select, true

from registry.domain.doubts import AUDITORS
from registry.domain.evaluating import Rater
from registry.domain.records import Wire
from registry.domain.redress import ComplaintSource
from registry.domain.walls import Board, Bureau
from registry.store import tables
from registry.store.below import below
from registry.store.visible_papers import DIRECTORIES, WITH_RECORD, may_read, of_projects, sat_in
from registry.store.visible_through import (
    among,
    asked_by,
    filed,
    handling,
    lying_in,
    paid_to,
    shown,
    targeted,
)


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
    on: str = ""
    """附件: papers on records of this kind alone, of those records that the scope sees."""
    audits: bool = False
    """Looks on for an audit body: reads what has become of findings that were taken up."""


_KEPT = 512
"""Scopes of tables whose words are kept."""


def visible(table: Table, scope: Scope, *, each: bool = False) -> ColumnElement[bool]:
    """The rows of a table that one scope may see.

    Args:
        each: said so that one row after another is held against it, by keys; else so that the
            rows are found by it, each way by its own index. Either way they are the same rows.
    """
    return _laid(table, msgspec.json.encode(scope), each=each)


@lru_cache(_KEPT)
def _laid(table: Table, told: bytes, *, each: bool) -> ColumnElement[bool]:
    """Words made of the scope and the tables alone: made once, every page asks for them."""
    scope = msgspec.json.decode(told, type=Scope)
    found = _hanging(table, scope) if scope.on else _visible(table, scope, each=each)
    return found if scope.within is None else and_(found, _touched(table, scope.within))


def paid_by(line: Any, scopes: Iterable[Scope]) -> list[ColumnElement[bool]]:
    """Lines of money that is a scope's own, whoever has the matter: of its period alone, where a
    letter says one; none, where no scope has a body."""
    own = [scope for scope in scopes if scope.organisations]
    free = sorted({id for scope in own if scope.within is None for id in scope.organisations})
    ways = [line.c.payer_id.in_(free)] if free else []
    return ways + [
        and_(line.c.payer_id.in_(scope.organisations), _touched(line, scope.within))
        for scope in own if scope.within is not None
    ]  # fmt: skip


def _touched(table: Table, within: tuple[int, int]) -> ColumnElement[bool]:
    """Records of which a version was written between two numbers of the log."""
    other = table.alias("touched")
    same = (other.c.county == table.c.county, other.c.id == table.c.id)
    return exists().where(*same, other.c.event_from.between(*within))


def _visible(table: Table, scope: Scope, *, each: bool) -> ColumnElement[bool]:
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
    ways = [*_owned(table, scope, each=each), *_through(table, scope, each=each)]
    return and_(mine, or_(*ways)) if ways else false()


def _hanging(table: Table, scope: Scope) -> ColumnElement[bool]:
    """Papers on the records of a kind that the scope sees."""
    t = tables.BY_RECORD[WITH_RECORD[scope.on]]
    read = t.c.county == scope.county
    if scope.on not in DIRECTORIES:
        read = visible(t, msgspec.structs.replace(scope, on=""))
    held = select(t.c.id).where(t.c.event_to.is_(None), read)
    on = (table.c.parent_kind == scope.on, table.c.parent_id.in_(held))
    return and_(table.c.county == scope.county, *on)


def _owned(table: Table, scope: Scope, *, each: bool) -> list[ColumnElement[bool]]:
    """Rows that name a body of the scope, or lie in its area."""
    ways: list[ColumnElement[bool]] = []
    if scope.organisations:
        ways += [
            table.c[name].in_(scope.organisations)
            for name in ("organisation_id", "payer_id", *_ADDRESSED.get(table.name, ()))
            if name in table.c
        ]
    if scope.path and "area_path" in table.c:
        ways.append(below(table.c.area_path, scope.path))
    if table.name in ("conference", "document"):
        ways += [sat_in(table, scope.county, o) for o in scope.organisations]
    if table.name == "document" and scope.projects:
        ways.append(of_projects(table, (scope.county, scope.projects), audits=scope.audits))
    if table.name in _OF_WALLS:
        ways += _on_walls(table, scope)
    if table.name == "movement":
        handled = handling(scope.county, scope.organisations)
        ways += [_sent_to(table, scope), among((table, table.c.request_id), handled, each=each)]
    return ways


def _through(table: Table, scope: Scope, *, each: bool) -> list[ColumnElement[bool]]:
    """Rows that hang on a request which the scope reads."""
    ways: list[ColumnElement[bool]] = []
    county, own = scope.county, scope.organisations
    # Who asked, or is meant, does not read how each member voted: their own bodies do.
    via = None if table.name in _INTERNAL else table.c.get("request_id")
    via = table.c.id if table.name == "request" else via
    if table.name == "yearly_review" and scope.path:
        lying = lying_in(county, scope.path)
        ways.append(among((table, table.c.presence_id), lying, each=each))
    if table.name == "voucher" and scope.path:
        ways.append(among((table, table.c.id), paid_to(county, scope.path), each=each))
    elif via is not None and scope.path and "area_path" not in table.c:
        meant = among((table, via), targeted(county, scope.path), each=each)
        ways.append(and_(meant, filed(county, via)))
    if via is not None and own:
        ways.append(among((table, via), asked_by(county, own), each=each))
    if via is not None and table.name in _SHOWN:
        ways.append(among((table, via), shown(county, own, scope.person), each=each))
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
        lying = below(t.c.area_path, scope.path) if scope.path else false()
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
