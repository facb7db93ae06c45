"""变动预案 what a reorganisation would come to: the successor of everything that is live, by name.

The plan is made the same way when it is asked for and when it is carried out; its digest says
whether what is carried out is what was seen.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable
from typing import Any

import msgspec

from registry.actions.bodies import asking
from registry.actions.office import Answer, Desk
from registry.actions.succession.inheriting import LIVE, RUNNING, WAYS, Swap, changed
from registry.actions.succession.successors import (
    ASSIGNMENT,
    BOUND,
    SAME,
    SHAPE,
    SOURCE,
    SUCCESSOR,
    BodyCommand,
    Heirs,
    ReorganiseCommand,
    checked,
    choose,
    followers,
    stays,
)
from registry.domain.agreement import Agreement
from registry.domain.approval import Task
from registry.domain.areas import Area, AreaLevel
from registry.domain.catalogue import MatterList
from registry.domain.errors import Refusal
from registry.domain.funds import Voucher, VoucherState
from registry.domain.people import Organisation, Person, Post
from registry.domain.presence import Presence
from registry.domain.records import Record
from registry.domain.request import Request, Target
from registry.domain.succession import ChangeKind, Effect, Inheritance, ReorganisationPlan
from registry.domain.vocabulary import Receiver
from registry.store.naming import naming
from registry.store.tables import BY_RECORD

__all__ = ["SAME", "SHAPE", "SOURCE", "SUCCESSOR", "found", "plan_answer"]

LATER = ["债权债务 debts", "资金结余 balances"]
"""What this county's registers do not keep yet, and a plan therefore cannot name."""


class Found(msgspec.Struct, kw_only=True):
    """预案的底稿: the plan, and what it was made from, so that it can be carried out."""

    plan: ReorganisationPlan
    heirs: Heirs
    sources: list[Any]
    rewritten: list[tuple[Record, dict[str, Any]]]


def plan_answer(desk: Desk, command: ReorganiseCommand) -> Answer:
    """预案: asked for before anything is done; nothing is kept of it."""
    desk.authorise("reorganisation.plan", paths=[desk.places.county().path])
    return Answer(body=found(desk, command).plan)


def found(desk: Desk, command: ReorganiseCommand) -> Found:
    """The plan with its working.

    Raises:
        Refusal: as ``successors.checked``; ``reorganisation.assignment``.
    """
    sources = checked(desk, command)
    heirs = heirs_of(desk, command, sources)
    rewritten: list[tuple[Record, dict[str, Any]]] = []
    items = list(_functions(command, sources, heirs))
    for record in _live(desk, command, heirs):
        swap = Swap(heirs, record)
        fields = changed(record, swap)
        items += [_item(desk, record, pair) for pair in swap.pairs]
        if fields:
            rewritten.append((record, fields))
    items += _following(desk, rewritten, items)
    items += _for_people(desk, command, sources, rewritten)
    strangers = sorted(set(heirs.assigned) - heirs.used)
    if strangers:
        raise Refusal(ASSIGNMENT, named=strangers[0])
    return Found(plan=_plan(command, sources, items), heirs=heirs, sources=sources,
                 rewritten=rewritten)  # fmt: skip


def heirs_of(desk: Desk, command: ReorganiseCommand, sources: list[Any]) -> Heirs:
    """Who has what, as the command says it."""
    heirs = Heirs(assigned=dict(command.assignments))
    if stays(command):
        recoded = any(body.code is not None for body in command.successors)
        places = [s for s in sources if isinstance(s, Area) and recoded]
        heirs.codes = {code: s.id for s in places for code in _codes(s)}
    elif command.object_kind == "organisation":
        heirs.bodies = {s.id: choose(command, s.id) for s in sources}
    else:
        _places(desk, command, sources, heirs)
    return heirs


def _places(desk: Desk, command: ReorganiseCommand, sources: list[Area], heirs: Heirs) -> None:
    for body in command.successors:
        heirs.paths[body.id] = _path(desk, body, sources[0])
        heirs.seats[body.id] = body.organisation_id or _seat(desk, body.id) or ""
    for source in sources:
        to = heirs.areas[source.id] = choose(command, source.id)
        heirs.codes |= dict.fromkeys(_codes(source), source.id)
        own = _seat(desk, source.id)
        if own is not None:
            heirs.bodies[own] = own if to == source.id else heirs.seats.get(to, "")
        if source.level is AreaLevel.STREET:
            _below(desk, source, to, heirs)


def _below(desk: Desk, source: Area, to: str, heirs: Heirs) -> None:
    places = desk.unit.find(Area, parent_id=source.id)
    here = [place for place in places if place.in_force(desk.today)]
    heirs.ground[source.id] = [place.id for place in here]
    for place in here:
        told = heirs.assigned.get(place.id, to)
        heirs.used |= {place.id} & set(heirs.assigned)
        if told == source.id:
            continue
        heirs.parents[place.id] = told
        if told:
            heirs.paths[place.id] = f"{heirs.paths[told]}{place.id}/"


def _path(desk: Desk, body: BodyCommand, source: Area) -> str:
    held = desk.unit.maybe(Area, body.id)
    above = source.path.removesuffix(f"{source.id}/")
    return held.path if held is not None else f"{above}{body.id}/"


def _seat(desk: Desk, area_id: str) -> str | None:
    """The office or committee that stands and falls with a place."""
    serving = desk.places.serving([area_id], list(BOUND))
    return serving[0].id if serving else None


def _codes(area: Area) -> list[str]:
    """The forms in which a place may have been named by code."""
    short = area.code.removesuffix("000") if area.level is AreaLevel.STREET else area.code
    return [area.code, short]


def _live(desk: Desk, command: ReorganiseCommand, heirs: Heirs) -> Iterable[Record]:
    """Every live record in which a body, place or code stands that changes."""
    gone = {*heirs.bodies, *heirs.areas}
    words = gone | set(heirs.codes) | set(heirs.parents)
    if not words:
        return
    for kind, way in WAYS.items():
        for record in naming(desk.unit, kind, words):
            own = isinstance(record, Organisation | Area) and record.id in gone
            if own or not way.live(record, command.effective_on):
                continue
            if isinstance(record, Target) and not _open(desk, record.request_id):
                continue
            yield record


def _open(desk: Desk, request_id: str) -> bool:
    request = desk.unit.maybe(Request, request_id)
    return request is not None and request.state in LIVE


def _functions(
    command: ReorganiseCommand, sources: list[Any], heirs: Heirs
) -> Iterable[Inheritance]:
    """职能: each goes to a successor by itself."""
    if stays(command) or command.object_kind != "organisation":
        return
    for source in sources:
        for name in source.functions:
            to = heirs.assigned.get(name, choose(command, source.id))
            heirs.used |= {name} & set(heirs.assigned)
            if to != source.id:
                yield Inheritance(kind="function", id=name, title=name, from_id=source.id,
                                  to_id=to)  # fmt: skip


def _item(desk: Desk, record: Record, pair: tuple[str, str]) -> Inheritance:
    return Inheritance(
        kind=str(BY_RECORD[type(record)].name), id=record.id, title=titled(desk, record),
        from_id=pair[0], to_id=pair[1],
    )  # fmt: skip


def titled(desk: Desk, record: Record) -> str:
    """What a record is called in a list of things that change hands."""
    if isinstance(record, Post):
        person = desk.unit.maybe(Person, record.person_id)
        return f"{person.name if person else record.person_id} {record.role}"
    if isinstance(record, Voucher):
        return record.number
    told = [getattr(record, name, "") for name in ("title", "name", "text", "detail", "basis")]
    if any(told):
        return next(t for t in told if t)
    request = desk.unit.maybe(Request, getattr(record, "request_id", ""))
    return request.title if request else record.id


def _following(
    desk: Desk, rewritten: list[tuple[Record, dict[str, Any]]], items: list[Inheritance]
) -> Iterable[Inheritance]:
    """协议、未结凭证: papers that stay as they are and go with the case they belong to."""
    by_id = {item.id: item for item in items}
    cases: dict[str, Inheritance] = {}
    for record, _ in rewritten:
        if isinstance(record, Request | Presence) and record.id in by_id:
            id = record.id if isinstance(record, Request) else record.request_id
            if id is not None:
                cases.setdefault(id, by_id[record.id])
    papers: list[Record] = [*desk.unit.find(Agreement, request_id=sorted(cases))]
    papers += desk.unit.find(
        Voucher, request_id=sorted(cases), state=VoucherState.RECORDED.value
    )  # fmt: skip
    for paper in papers:
        case = cases[str(getattr(paper, "request_id", ""))]
        item = _item(desk, paper, (case.from_id, case.to_id))
        yield msgspec.structs.replace(item, effect=Effect.FOLLOWS)


def _for_people(
    desk: Desk, command: ReorganiseCommand, sources: list[Any],
    rewritten: list[tuple[Record, dict[str, Any]]],
) -> list[Inheritance]:  # fmt: skip
    """What no rule settles: a body that would judge its own case, a case aimed at a committee that
    is no more, a body of the place whose new name the document does not tell, a list that names a
    department by its old name."""
    people = [
        _item(desk, record, (record.organisation_id, fields["organisation_id"]))
        for record, fields in rewritten
        if isinstance(record, Task) and "organisation_id" in fields
        and fields["organisation_id"] in asking(desk.unit.get(Request, record.request_id))
    ]  # fmt: skip
    if command.kind is ChangeKind.VILLAGE_TO_COMMUNITY:
        people += [
            _item(desk, request, (sources[0].id, sources[0].id))
            for request in aimed(desk, sources[0])
        ]
    people += [
        _item(desk, body, (sources[0].id, sources[0].id))
        for body in followers(desk, command, sources[0])
        if body.id not in command.successors[0].names
    ]
    found = [msgspec.structs.replace(item, effect=Effect.PERSON) for item in people]
    return found + _lists(desk, command, sources)


def aimed(desk: Desk, village: Area) -> list[Request]:
    """Cases not decided yet that are meant for the village committee of a place."""
    targets = naming(desk.unit, Target, [village.id, village.parent_id or village.id])
    ids = sorted({t.request_id for t in targets if not t.withdrawn
                  and village.path.startswith(t.path)})  # fmt: skip
    return [
        request for request in desk.unit.find(Request, id=ids)
        if request.state in RUNNING and Receiver.VILLAGE_COMMITTEE in request.filing.receivers
    ]  # fmt: skip


def _lists(desk: Desk, command: ReorganiseCommand, sources: list[Any]) -> list[Inheritance]:
    names = {source.name: source.id for source in sources}
    return [
        Inheritance(kind="list_item", id=item.id, title=item.title, from_id=names[name],
                    to_id=choose(command, names[name]), effect=Effect.KEPT)
        for matters in naming(desk.unit, MatterList, names)
        if matters.in_force(desk.today)
        for item in matters.items for name in names if name in item.department
    ]  # fmt: skip


def _plan(
    command: ReorganiseCommand, sources: list[Any], items: list[Inheritance]
) -> ReorganisationPlan:
    asked = msgspec.structs.replace(command, plan_digest="")
    digest = hashlib.sha256(msgspec.json.encode([asked, items], order="sorted")).hexdigest()
    names = {s.id: s.name for s in sources}
    names |= {b.id: b.name for b in command.successors if b.name is not None}
    # What follows its case is not assigned itself.
    own = (Effect.KEPT, Effect.FOLLOWS)
    missing = {i.id for i in items if not i.to_id and i.effect not in own}
    return ReorganisationPlan(
        kind=command.kind, object_kind=command.object_kind, effective_on=command.effective_on,
        names=names, items=items, counts=dict(sorted(Counter(i.kind for i in items).items())),
        unassigned=sorted(missing), later=LATER, digest=digest,
    )  # fmt: skip
