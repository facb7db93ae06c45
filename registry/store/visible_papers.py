"""附件可见范围 papers that hang on no case: of a meeting, of an audit project, of a finding.

What hangs on a finding is the auditor's; the unit asked reads what it handed in and what a step
that was addressed to it shows (P19). Of an inspection its letter is read, and nothing of findings.
"""

from sqlalchemy import ColumnElement, Table, and_, or_, select

from registry.domain.audit import Finding
from registry.domain.auditing import AuditProject, ProjectKind
from registry.domain.conference import Conference
from registry.domain.delegation import Delegation
from registry.domain.document import DocumentType
from registry.domain.records import Record
from registry.domain.succession import Handover, Reorganisation
from registry.store import tables

AUDITS = ("audit_project", "finding")
"""Kinds of parent of which not everybody reads who reads the ground they lie on."""
WITH_RECORD: dict[str, type[Record]] = {
    "reorganisation": Reorganisation, "handover": Handover, "delegation": Delegation,
}  # fmt: skip
"""Kinds of parent whose papers are read by who reads the record itself, and by nobody else."""
DIRECTORIES = ("reorganisation",)
"""Of these everybody of the county reads the record, whichever post they hold."""


def apart(table: Table, of: tuple[str, list[str]], *, whole: bool) -> ColumnElement[bool]:
    """Papers of no audit; of audits what was shown to the bodies, and to who reads the whole county
    the letters on which somebody inspects.

    Args:
        of: the county, and the bodies.
    """
    county, organisations = of
    shown = table.c.organisation_id.in_(organisations)
    ways: list[ColumnElement[bool]] = [table.c.parent_kind.not_in(AUDITS), shown]
    if whole:
        t = tables.BY_RECORD[AuditProject]
        letters = select(t.c.id).where(
            t.c.county == county, t.c.event_to.is_(None), t.c.kind == ProjectKind.INSPECTION.value
        )
        ways.append(and_(table.c.parent_kind == t.name, table.c.parent_id.in_(letters)))
    return or_(*ways)


def of_projects(
    table: Table, of: tuple[str, list[str]], *, audits: bool
) -> ColumnElement[bool]:  # fmt: skip
    """Papers of these projects, and for an audit those of the findings they have taken up."""
    county, projects = of
    own = and_(table.c.parent_kind == "audit_project", table.c.parent_id.in_(projects))
    if not audits:
        return own
    t = tables.BY_RECORD[Finding]
    taken = select(t.c.id).where(
        t.c.county == county, t.c.event_to.is_(None), t.c.project_id.in_(projects)
    )
    return or_(own, and_(table.c.parent_kind == t.name, table.c.parent_id.in_(taken)))


def may_read(
    table: Table, of: tuple[str, list[str], list[str]], *, whole: bool, audits: bool
) -> ColumnElement[bool]:
    """Papers that are of no audit, or are read by who looks; none that is read with its record.

    Args:
        of: the county, the bodies, the projects that opened it.
    """
    county, organisations, projects = of
    others = table.c.parent_kind.not_in(sorted(WITH_RECORD))
    if projects:
        theirs = of_projects(table, (county, projects), audits=audits)
        return and_(others, or_(table.c.parent_kind.not_in(AUDITS), theirs))
    if audits and whole:
        return others
    return and_(others, apart(table, (county, organisations), whole=whole))


def sat_in(table: Table, county: str, organisation_id: str) -> ColumnElement[bool]:
    """A meeting in which somebody of the organisation sits, and its minutes: not the ballots on
    paper that hang on it as well."""
    seat = f"|{organisation_id}|"
    if table.name == "conference":
        return table.c.seated.contains(seat, autoescape=True)
    sat = tables.BY_RECORD[Conference].alias("sat")
    now = (sat.c.county == county, sat.c.event_to.is_(None))
    held = select(sat.c.id).where(*now, sat.c.seated.contains(seat, autoescape=True))
    return and_(table.c.type == DocumentType.MINUTES.value, table.c.parent_id.in_(held))
