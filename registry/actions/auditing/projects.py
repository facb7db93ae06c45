"""审计项目 a paper opens the books: to these people, of these units, until that day (P19, P30).

An audit body opens its own projects on its 审计通知书; whoever looks on a 调阅函 is let in by the head
of the office that keeps the books, and never by themselves.
"""

from collections.abc import Sequence
from datetime import date
from typing import Annotated

import msgspec

from registry.actions.office import HIDDEN, Answer, Desk
from registry.domain.areas import Relation
from registry.domain.auditing import AuditMember, AuditProject, ProjectKind, ProjectState
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.people import CountyCode, Organisation, Person, Post
from registry.domain.records import Ident, Line, Wire
from registry.domain.vocabulary import OrganisationKind
from registry.policies.topics import TOPICS

DATES = declare(
    "audit.dates", RefusalKind.INVALID, "审计期间的起止、查阅截止日前后不对",
    "The days of the project are not in order.",
)  # fmt: skip
TWICE = declare(
    "audit.number_twice", RefusalKind.CONFLICT, "文号 {number} 已经立项",
    "A project stands on number {number} already.",
)  # fmt: skip
TOPIC = declare(
    "audit.topic", RefusalKind.INVALID, "没有这个调阅主题：{topic}", "No such topic: {topic}."
)
MEMBER = declare(
    "audit.member", RefusalKind.INVALID, "没有可以参加本项目的这名人员：{member}",
    "Nobody of this id may take part in the project: {member}.",
)  # fmt: skip
ENDED = declare(
    "audit.ended", RefusalKind.CONFLICT, "项目已结束，或者已过查阅截止日",
    "The project is closed, or past its day.", recorded=True,
)  # fmt: skip

GROUND = {
    OrganisationKind.STREET, OrganisationKind.TOWNSHIP, OrganisationKind.COMMUNITY,
    OrganisationKind.GOVERNMENT,
}  # fmt: skip
"""Units that stand for a piece of ground; of any other only what names it is read."""
JOIN = {
    ProjectKind.AUDIT: "audit_project.join", ProjectKind.TENURE: "audit_project.join",
    ProjectKind.INSPECTION: "inspection.join",
}  # fmt: skip
"""What a person's post must let them do who takes part."""


class MemberCommand(Wire, frozen=True, kw_only=True):
    """审计组成员, by id or by user name: of another county where that is named (交叉审计)."""

    person_id: Ident | None = None
    username: Line | None = None
    home: CountyCode | None = None


class ProjectCommand(Wire, frozen=True, kw_only=True):
    """立项: what the paper says."""

    number: Line
    title: Line
    units: Annotated[list[Ident], msgspec.Meta(min_length=1, max_length=500)]
    first_on: date
    last_on: date
    until: date
    members: Annotated[list[MemberCommand], msgspec.Meta(max_length=200)] = []
    holder_id: Ident | None = None
    """经济责任(离任)审计: the person whose time in post it is."""


class LetterCommand(ProjectCommand, frozen=True, kw_only=True):
    """调阅函: who looks, and what at."""

    organisation_id: Ident
    """纪检监察、巡察、督查机构."""
    topic: Annotated[str, msgspec.Meta(max_length=60)] = ""


class ProjectView(Wire, frozen=True, kw_only=True):
    """审计项目 with its people."""

    project: AuditProject
    members: list[AuditMember]


def open_project(desk: Desk, command: ProjectCommand) -> Answer:
    """立项 by the audit body itself; who opens it takes part.

    Raises:
        Refusal: ``audit.dates``, ``audit.number_twice``, ``audit.member``,
            ``organisation.unknown``.
    """
    post = desk.authorise("audit_project.open", owners=_bodies(desk))
    kind = ProjectKind.TENURE if command.holder_id else ProjectKind.AUDIT
    project = _opened(desk, command, (kind, post.organisation_id))
    first = MemberCommand(person_id=desk.actor.person_id, home=desk.actor.county)
    rest = [_named(desk, one) for one in command.members]
    named = [first, *(one for one in rest if one.person_id != first.person_id)]
    return _told(desk, project, [_joined(desk, project, one) for one in named])


def open_inspection(desk: Desk, command: LetterCommand) -> Answer:
    """登记调阅函: the books are opened to those whom the letter names, by topic.

    Raises:
        Refusal: ``audit.topic`` besides those of a project.
    """
    desk.authorise("inspection.open", paths=[desk.places.county().path])
    if command.topic and command.topic not in TOPICS:
        raise Refusal(TOPIC, topic=command.topic)
    body = desk.places.standing(command.organisation_id)
    project = _opened(
        desk, command, (ProjectKind.INSPECTION, body.id), topic=command.topic
    )  # fmt: skip
    named = [_named(desk, one) for one in command.members]
    return _told(desk, project, [_joined(desk, project, one) for one in named])


def join(desk: Desk, id: str, version: int | None, command: MemberCommand) -> Answer:
    """增加成员."""
    project, command = _leading(desk, id, version, "add"), _named(desk, command)
    if any(m.person_id == command.person_id for m in members(desk, project)):
        raise Refusal(MEMBER, member=_called(command))
    _joined(desk, project, command)
    after = desk.unit.change(project)
    return _told(desk, after, members(desk, project))


def leave(desk: Desk, id: str, version: int | None, command: MemberCommand) -> Answer:
    """减少成员: from this day on the person reads nothing by it."""
    project, command = _leading(desk, id, version, "remove"), _named(desk, command)
    held = [m for m in members(desk, project) if m.person_id == command.person_id]
    if not held:
        raise Refusal(MEMBER, member=_called(command))
    desk.unit.change(held[0], gone_on=desk.today)
    after = desk.unit.change(project)
    return _told(desk, after, members(desk, project))


def close(desk: Desk, id: str, version: int | None) -> Answer:
    """结束项目: nobody reads anything by it any more; what was found stays."""
    project = _leading(desk, id, version, "close")
    for member in members(desk, project):
        desk.unit.change(member, gone_on=desk.today)
    after = desk.unit.change(project, state=ProjectState.CLOSED, closed_on=desk.today)
    return _told(desk, after, [])


def members(desk: Desk, project: AuditProject) -> list[AuditMember]:
    """Those who take part today."""
    return desk.unit.find(AuditMember, project_id=project.id, gone_on=None)


def running(desk: Desk, id: str) -> AuditProject:
    """The project, where the person takes part in it and it is not over.

    Raises:
        Refusal: ``access.hidden``, ``audit.ended``.
    """
    project = desk.unit.maybe(AuditProject, id)
    here = project and [m for m in members(desk, project) if m.person_id == desk.actor.person_id]
    if project is None or not here:
        raise Refusal(HIDDEN)
    if project.state is not ProjectState.OPEN or project.until < desk.today:
        raise Refusal(ENDED)
    return project


def team(desk: Desk, project: AuditProject | None) -> list[str]:
    """Bodies in whose name the person acts in a project: their own, where they take part."""
    if project is None or project.state is not ProjectState.OPEN or project.until < desk.today:
        return []
    here = {m.person_id for m in members(desk, project)}
    return _bodies(desk) if desk.actor.person_id in here else []


def reaches(project: AuditProject, organisation_id: str | None, path: str | None) -> bool:
    """Whether something is one of the project's units', or lies on their ground."""
    return organisation_id in project.units or any(
        (path or "").startswith(p) for p in project.paths
    )


def _bodies(desk: Desk) -> list[str]:
    return sorted({post.organisation_id for post in desk.actor.posts})


def _opened(
    desk: Desk, command: ProjectCommand, of: tuple[ProjectKind, str], *, topic: str = ""
) -> AuditProject:
    if not (command.first_on <= command.last_on and command.first_on <= desk.today) or (
        command.until < desk.today
    ):
        raise Refusal(DATES)
    if desk.unit.find(AuditProject, number=command.number, organisation_id=of[1]):
        raise Refusal(TWICE, number=command.number)
    units = [desk.places.organisation(id) for id in dict.fromkeys(command.units)]
    if command.holder_id is not None:
        desk.unit.get(Person, command.holder_id)
    return desk.unit.add(
        AuditProject(
            county=desk.unit.county, id=desk.id("prj"), kind=of[0], number=command.number,
            title=command.title, topic=topic, organisation_id=of[1],
            units=[unit.id for unit in units], paths=_ground(desk, units),
            first_on=command.first_on, last_on=command.last_on, until=command.until,
            holder_id=command.holder_id,
        )
    )  # fmt: skip


def _ground(desk: Desk, units: Sequence[Organisation]) -> list[str]:
    return sorted({desk.places.home(unit).path for unit in units if unit.kind in GROUND})


def _named(desk: Desk, command: MemberCommand) -> MemberCommand:
    """The command with the id of whom it names: letters name people, and not what they are here."""
    if command.person_id is not None:
        return command
    unit = desk.unit.beside(command.home or desk.unit.county)
    found = unit.find(Person, username=command.username) if command.username else []
    if not found:
        raise Refusal(MEMBER, member=_called(command))
    return msgspec.structs.replace(command, person_id=found[0].id)


def _called(command: MemberCommand) -> str:
    return command.username or command.person_id or ""


def _joined(desk: Desk, project: AuditProject, command: MemberCommand) -> AuditMember:
    home = command.home or desk.unit.county
    unit = desk.unit.beside(home)
    person = unit.maybe(Person, command.person_id or "")
    posts = [
        post for post in unit.find(Post, person_id=command.person_id)
        if post.in_force(desk.today) and Relation.PROJECT
        in desk.office.access.relations(post.role, JOIN[project.kind])
    ]  # fmt: skip
    if person is None or not person.in_force(desk.today) or not posts:
        raise Refusal(MEMBER, member=_called(command))
    return desk.unit.add(
        AuditMember(
            county=desk.unit.county, id=desk.id("prm"), project_id=project.id,
            person_id=person.id, home=home, until=project.until,
        )
    )  # fmt: skip


def _leading(desk: Desk, id: str, version: int | None, word: str) -> AuditProject:
    """The project, to be changed by who may open one like it."""
    project = desk.unit.get(AuditProject, id, lock=True)
    desk.about(project)
    if project.kind is ProjectKind.INSPECTION:
        desk.authorise(f"inspection.{word}", paths=[desk.places.county().path])
    else:
        desk.authorise(f"audit_project.{word}", owners=[project.organisation_id])
    desk.check_version(project, version)
    if project.state is not ProjectState.OPEN:
        raise Refusal(ENDED)
    return project


def _told(desk: Desk, project: AuditProject, team: list[AuditMember]) -> Answer:
    desk.about(project)
    return Answer(body=ProjectView(project=project, members=team), version=project.version)
