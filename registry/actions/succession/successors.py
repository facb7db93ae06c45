"""承继者 what a reorganisation says comes after what, checked before anything is looked up."""

from datetime import date
from typing import Annotated, Any, Literal

import msgspec

from registry.actions.bodies import STREETS
from registry.actions.office import Desk
from registry.domain.areas import Area, AreaCode, AreaKind, AreaLevel, kind_of, level_of
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.people import FunctionName, Organisation
from registry.domain.records import Ident, Line, Wire
from registry.domain.succession import ChangeKind
from registry.domain.vocabulary import CommunityType, OrganisationKind

SHAPE = declare(
    "reorganisation.shape", RefusalKind.INVALID, "此类变动不能这样填写：{why}",
    "A change of this kind is not told so: {why_en}.", recorded=True,
)  # fmt: skip
SAME = declare(
    "reorganisation.same", RefusalKind.INVALID, "{body} 不能由自己承继，也不能列两次",
    "{body} cannot come after itself, nor be named twice.", recorded=True,
)  # fmt: skip
SOURCE = declare(
    "reorganisation.source", RefusalKind.INVALID, "{body} 当日不在本县（市、区）存续",
    "{body} is not in force in this county on that day.", recorded=True,
)  # fmt: skip
SUCCESSOR = declare(
    "reorganisation.successor", RefusalKind.INVALID,
    "{body} 不能作为承继者：须在本县（市、区）存续且与原单位（区划）同级同类，或为编号未用过的新设者",
    "{body} cannot come after: it is of this county, in force and of the same level and class, or "
    "new under an id never used.",
    recorded=True,
)  # fmt: skip
ASSIGNMENT = declare(
    "reorganisation.assignment", RefusalKind.INVALID, "分配表中的 {named} 不是本次变动的对象或承继者",
    "{named} in the assignments is no object or successor of this change.", recorded=True,
)  # fmt: skip

BOUND = (*STREETS, OrganisationKind.COMMUNITY)
"""Bodies that stand and fall with their place: they are merged and split as places are."""


class BodyCommand(Wire, frozen=True, kw_only=True):
    """承继者: one that is there, by its id alone, or a new one with its name."""

    id: Ident
    name: Line | None = None
    code: AreaCode | None = None
    """Of a new place, or of one that gets another."""
    kind: OrganisationKind | None = None
    """Of a new organisation; absent = as the first of the old ones."""
    functions: Annotated[list[FunctionName], msgspec.Meta(max_length=20)] = []
    """职能 it gets besides those it takes over."""
    community_type: CommunityType | None = None
    organisation_id: Ident | None = None
    """Of a new place: the id of the organisation that serves it."""
    organisation_name: Line | None = None
    """Of a place that is new or renamed: what its organisation is called; absent = the same."""
    names: Annotated[dict[Ident, Line], msgspec.Meta(max_length=50)] = {}
    """Of a place that is renamed: what other bodies of it are called from then on (服务站), by id."""


class ReorganiseCommand(Wire, frozen=True, kw_only=True):
    """机构变动: what an approving document says."""

    kind: ChangeKind
    object_kind: Literal["organisation", "area"]
    sources: Annotated[list[Ident], msgspec.Meta(min_length=1, max_length=100)]
    successors: Annotated[list[BodyCommand], msgspec.Meta(min_length=1, max_length=50)]
    heir: Ident | None = None
    """Who has what nobody else is named for, of several successors."""
    assignments: dict[Ident, Ident] = {}
    """Id of a case, task, place, function, post or person → the successor that has it."""
    document_number: Line
    document_title: Line
    document_id: Ident | None = None
    effective_on: date
    plan_digest: Annotated[str, msgspec.Meta(max_length=64)] = ""
    """Of the plan that was seen; a plan itself is asked for without."""


class Heirs(msgspec.Struct, kw_only=True):
    """承继关系: who has what of whom; empty = a successor must be named for each thing."""

    bodies: dict[str, str] = {}
    """Organisation → its successor."""
    areas: dict[str, str] = {}
    paths: dict[str, str] = {}
    """Place → its path from then on, of every place that lies elsewhere."""
    parents: dict[str, str] = {}
    """Place below a street that changes → the street it lies in from then on."""
    ground: dict[str, list[str]] = {}
    """Street that changes → the places that lay in it."""
    codes: dict[str, str] = {}
    """Code, long or short → place, of those named by it."""
    seats: dict[str, str] = {}
    """Successor place → the organisation that serves it."""
    assigned: dict[str, str] = {}
    used: set[str] = set()
    """Assignments that met something."""


def checked(desk: Desk, command: ReorganiseCommand) -> list[Any]:
    """The sources, once everything told of them and of their successors holds together.

    Raises:
        Refusal: ``reorganisation.shape``, ``.same``, ``.source``, ``.successor``.
    """
    named = [body.id for body in command.successors]
    _check_shape(command, named)
    twice = [id for id in command.sources if command.sources.count(id) > 1]
    twice += [id for id in named if named.count(id) > 1]
    if not stays(command):
        twice += sorted(set(named) & set(command.sources))
    if twice:
        raise Refusal(SAME, body=twice[0])
    record: type[Any] = Organisation if command.object_kind == "organisation" else Area
    sources = [_source(desk, record, id, command.effective_on) for id in command.sources]
    if record is Organisation:
        _check_bound(command, sources)
    others = followers(desk, command, sources[0]) if stays(command) else []
    strangers = [id for b in command.successors for id in b.names.keys() - {o.id for o in others}]
    if strangers:
        raise Refusal(ASSIGNMENT, named=min(strangers))
    for body in command.successors:
        _check_successor(desk, command, sources[0], body)
    return sources


def stays(command: ReorganiseCommand) -> bool:
    """Whether a body keeps its id and changes only what it is called or is."""
    return command.kind in (ChangeKind.RENAME, ChangeKind.VILLAGE_TO_COMMUNITY)


def followers(
    desk: Desk, command: ReorganiseCommand, source: Organisation | Area
) -> list[Organisation]:
    """随名单位: of a place that takes another name, the other bodies that stand there (服务站)."""
    if not stays(command) or not isinstance(source, Area):
        return []
    there = desk.unit.find(Organisation, area_id=source.id)
    return [o for o in there if o.kind not in BOUND and o.in_force(command.effective_on)]


def _check_shape(command: ReorganiseCommand, named: list[str]) -> None:
    one, several = len(named) == 1, len(named) > 1
    alone = len(command.sources) == 1
    told = all(body.name for body in command.successors)
    why = {
        ChangeKind.RENAME: ("须写明一个单位（区划）及其新名称", "one body, and its new name",
                            alone and named == command.sources and told),
        ChangeKind.MERGE: ("合并须有一个承继者", "a merger has one successor", one),
        ChangeKind.SPLIT: ("拆分须有一个原单位和至少两个承继者",
                           "a split has one source and two successors or more", alone and several),
        ChangeKind.TRANSFER: ("划转须有一个原单位并逐项写明去向",
                              "a transfer has one source, and says of each thing where it goes",
                              alone and bool(command.assignments)),
        ChangeKind.VILLAGE_TO_COMMUNITY: (
            "撤村改居须写明一个村及其新名称", "one village, and its new name",
            alone and named == command.sources and told and command.object_kind == "area"),
    }  # fmt: skip
    zh, en, holds = why[command.kind]
    if not holds:
        raise Refusal(SHAPE, why=zh, why_en=en)
    if command.heir is not None and command.heir not in named:
        raise Refusal(ASSIGNMENT, named=command.heir)
    strangers = sorted(set(command.assignments.values()) - set(named))
    if strangers:
        raise Refusal(ASSIGNMENT, named=strangers[0])


def _source(desk: Desk, record: type[Any], id: str, on: date) -> Any:
    found = desk.unit.maybe(record, id)
    if found is None or not found.in_force(on):
        raise Refusal(SOURCE, body=id)
    if isinstance(found, Area) and found.level not in (AreaLevel.STREET, AreaLevel.COMMUNITY):
        raise Refusal(SOURCE, body=id)
    return found


def _check_bound(command: ReorganiseCommand, sources: list[Organisation]) -> None:
    """A street's office is not merged past its street."""
    if command.kind is not ChangeKind.RENAME and any(s.kind in BOUND for s in sources):
        raise Refusal(SHAPE, why="街道、乡镇、社区（村）随其区划变动",
                      why_en="streets, townships and communities change as places")  # fmt: skip


def _check_successor(
    desk: Desk, command: ReorganiseCommand, source: Organisation | Area, body: BodyCommand
) -> None:
    held = desk.unit.maybe(type(source), body.id)
    if stays(command):
        fits = not isinstance(source, Area) or _village(command, source, body)
    elif body.name is None:
        fits = held is not None and held.in_force(command.effective_on) and _alike(source, held)
    else:
        fits = held is None and (isinstance(source, Organisation) or _new_place(source, body))
    if body.code is not None:
        taken = desk.unit.find(Area, code=body.code)
        fits = fits and not any(a.id != body.id and a.in_force(command.effective_on) for a in taken)
    if not fits:
        raise Refusal(SUCCESSOR, body=body.id)


def _alike(source: Organisation | Area, held: Organisation | Area) -> bool:
    """Streets, towns and townships may come after one another; a village is no residents'
    committee, and no community is a street."""
    if source.level is not held.level:
        return False
    if isinstance(source, Organisation):
        return isinstance(held, Organisation) and held.kind not in BOUND
    return source.level is AreaLevel.STREET or source.kind is held.kind


def _village(command: ReorganiseCommand, source: Area, body: BodyCommand) -> bool:
    if command.kind is not ChangeKind.VILLAGE_TO_COMMUNITY:
        return body.code is None or _level_of(body) is source.level
    return source.kind is AreaKind.VILLAGE_COMMITTEE and (
        body.code is None or _level_of(body) is AreaLevel.COMMUNITY
    )


def _new_place(source: Area, body: BodyCommand) -> bool:
    return (
        body.code is not None
        and body.organisation_id is not None
        and _level_of(body) is source.level
        and _kind(body) is not None
        and (source.level is AreaLevel.STREET or _kind(body) is source.kind)
    )


def _level_of(body: BodyCommand) -> AreaLevel | None:
    try:
        return level_of(body.code or "")
    except ValueError:
        return None


def _kind(body: BodyCommand) -> AreaKind | None:
    try:
        return kind_of(body.code or "", body.name or "")
    except ValueError:
        return None


def choose(command: ReorganiseCommand, source: str) -> str:
    """The successor of a source where nothing else is said of a thing; empty = it must be."""
    if command.kind is ChangeKind.TRANSFER:
        return source
    if command.heir is not None:
        return command.heir
    return command.successors[0].id if len(command.successors) == 1 else ""
