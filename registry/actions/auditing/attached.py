"""审计附件 papers on an audit project or on a finding: who may hang one, and who is shown it."""

from typing import TypedDict

from registry.actions.auditing.life import asked_of
from registry.actions.auditing.projects import team
from registry.actions.office import Desk
from registry.actions.rules.signing import county_paths
from registry.domain.audit import Finding
from registry.domain.auditing import WORKING, AuditProject, ProjectKind


class Reach(TypedDict):
    """Whose the paper would be, and on what ground."""

    owners: list[str]
    paths: list[str]


def attaching_to(desk: Desk, parent: AuditProject | Finding) -> Reach:
    """In whose name a paper is hung there: of the project's people, of the unit asked, or of who
    recorded the letter of an inspection."""
    if isinstance(parent, AuditProject):
        letter = parent.kind is ProjectKind.INSPECTION
        return Reach(
            owners=[] if letter else team(desk, parent), paths=county_paths(desk) if letter else []
        )
    return Reach(owners=[*_team(desk, parent), *_asked(desk, parent)], paths=[])


def papers_of(desk: Desk, finding: Finding) -> str | None:
    """The unit whose paper it is: the unit asked; ``None`` = the auditors' own, shown to nobody
    before a step that is addressed to somebody names it."""
    return None if _team(desk, finding) else next(iter(_asked(desk, finding)), None)


def _team(desk: Desk, finding: Finding) -> list[str]:
    project = desk.unit.maybe(AuditProject, finding.project_id) if finding.project_id else None
    return team(desk, project)


def _asked(desk: Desk, finding: Finding) -> list[str]:
    asked = asked_of(desk, finding) if finding.stage in WORKING else None
    return [asked] if asked else []
