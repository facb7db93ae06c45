"""门口一览 what one community carries, in one reading for its worker: for whom, with whose money,
until when, whether it may be declined, what waits, what hangs on the wall, what its seal certifies.

Put together from what each list shows the same person, a statement a kind; in the order of ids.
"""

from collections import defaultdict
from datetime import date

from registry.actions.burden.portions import Portion
from registry.actions.burden.reads import Read
from registry.actions.burden.refusable import Declinable, declinable
from registry.actions.certifying.answering import receivers_of
from registry.actions.office import HIDDEN, Office
from registry.actions.reading import NOT_READABLE
from registry.actions.seeing import scopes
from registry.domain.approval import Task, TaskState
from registry.domain.areas import Area, AreaLevel
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.evaluating import ReportState, ResidentReport
from registry.domain.existing import LegacyReview
from registry.domain.funding import FundingLine
from registry.domain.living import Acceptance, AcceptanceState, completes
from registry.domain.people import Actor
from registry.domain.presence import MOVES, STATE_ZH, Presence, PresenceState
from registry.domain.records import Wire, civil
from registry.domain.redress import Declining, Objection, ObjectionState
from registry.domain.vocabulary import ZH, Kind
from registry.domain.walls import HANGING, Board, Bureau, Origin, Profile, WallState, said_of
from registry.policies.judge import Rulebook
from registry.policies.standing import PERMITTING
from registry.store.counting import THERE

NO_COMMUNITY = declare(
    "door.place", RefusalKind.INVALID, "请写明一个社区（村）：{area}不是",
    "Name one community: {area} is none.",
)  # fmt: skip
ACT = "burden.read"
"""Who reads what a community carries: itself, its street, the county, auditors; no department."""
Wall = Board | Bureau
_CODE = 12


class DoorMatter(Wire, frozen=True, kw_only=True):
    """门口事项: one matter that is here, or is to begin."""

    presence_id: str
    request_id: str | None
    """``None`` = it was there before the registry."""
    title: str
    kind_zh: str
    state: PresenceState
    state_zh: str
    department_id: str | None
    department: str
    """要求单位, by name; empty = nobody is named."""
    payers: list[str]
    """谁出钱, by name."""
    share_fen: int
    """This community's, 分."""
    arrears: bool
    money_due_on: date | None
    """The next day on which an instalment is due; ``None`` = none is to come."""
    ends_on: date | None
    declinable: Declinable
    completable: bool
    """可以办结: it is under way, and what the packs ask to be accepted has been."""


class Waiting(Wire, frozen=True, kw_only=True):
    """待办、待答复 of the community."""

    what: str
    """``task``, ``report`` = the community acts; ``objection``, ``acceptance`` = others answer."""
    what_zh: str
    id: str
    subject: str
    by_us: bool
    due_on: date | None
    overdue: bool


class OnWall(Wire, frozen=True, kw_only=True):
    """墙上: one board or office that is there."""

    id: str
    name: str
    department: str
    origin: Origin
    state: WallState
    profile: Profile | None
    standing_zh: str
    """What it is and what the rules said of it, in one line."""


class Door(Wire, frozen=True, kw_only=True):
    """门口一览 of one community."""

    area_id: str
    code: str
    name: str
    on: date
    matters: list[DoorMatter]
    waiting: list[Waiting]
    walls: list[OnWall]
    papers: int
    """可以出具的证明: how many papers the lists in force here name; each demand is asked of
    ``papers_look_up``."""
    papers_look_up: str
    many: int
    """事项数: of all of them, however many are told here."""
    next: str | None = None
    """Of a part of the matters: the ``after`` of the following one."""


def door(
    office: Office, actor: Actor, named: str, county: str | None, *, read: Read | None = None,
    portion: Portion | None = None,
) -> Door:  # fmt: skip
    """What is at the door of one community.

    Args:
        read: what was read already of the same person, at the same moment.
        portion: of its matters these alone; ``None`` = all of them.

    Raises:
        Refusal: ``access.reading``, ``access.hidden``, ``door.place``.
    """
    code = county or actor.county
    area = area_of(office, actor, named, code)
    read = read or Read(office, actor, code)
    hanging = {"area_id": area.id, "state": sorted(state.value for state in HANGING)}
    walls: list[Wall] = [*read.all(Board, hanging), *read.all(Bureau, hanging)]
    here = {"area_id": area.id, "state": THERE}
    matters = portion.matters if portion else read.all(Presence, here)
    bodies = read.bodies_of(area)
    funding = read.funding(matters)
    names = read.names(
        {one.department_id for one in (*matters, *walls)}
        | {line.payer_id for lines in funding.values() for line in lines}
    )
    today = civil(office.clock())
    book = office.rulebooks.of(code, today)
    ready = _completable(read, matters, book)
    known = Known(funding=funding, names=names, today=today, ready=ready)
    return Door(
        area_id=area.id, code=area.code, name=area.name, on=today,
        matters=_matters(read, matters, known), waiting=_waiting(read, bodies),
        walls=[_on_wall(wall, names) for wall in walls],
        papers=_papers(book, area, today),
        papers_look_up=f"/certificates/answer?area={area.code}&q=",
        many=portion.many if portion else len(matters), next=portion.next if portion else None,
    )  # fmt: skip


def area_of(office: Office, actor: Actor, named: str, county: str) -> Area:
    """The community that is meant, if what it carries may be read.

    Raises:
        Refusal: ``access.reading``, ``access.hidden``, ``door.place``.
    """
    seen = [s.path for s in scopes(office, actor, ACT, county) if s.path is not None]
    if not seen:
        raise Refusal(NOT_READABLE)
    find, today = office.store.reader.find, civil(office.clock())
    found = find(Area, county, id=named) or find(Area, county, code=named.ljust(_CODE, "0"))
    held = [area for area in found if area.path.startswith(tuple(seen)) and area.in_force(today)]
    if not held:
        raise Refusal(HIDDEN)
    if held[0].level is not AreaLevel.COMMUNITY:
        raise Refusal(NO_COMMUNITY, area=held[0].name)
    return held[0]


class Known(Wire, frozen=True, kw_only=True):
    """已知: what is read once for all matters."""

    funding: dict[str, list[FundingLine]]
    """By admission."""
    names: dict[str, str]
    today: date
    ready: set[str]
    """Ids of matters that may be completed as they stand."""


def _completable(read: Read, matters: list[Presence], book: Rulebook) -> set[str]:
    """可以办结: ids of those that may be completed as they stand."""
    under_way = [one.id for one in matters if one.state in MOVES["complete"]]
    asked_for = book.overlay.setting(lambda d: d.acceptance) is not None
    reports = defaultdict[str, list[Acceptance]](list)
    for one in read.all(Acceptance, {"presence_id": under_way}) if under_way else ():
        reports[one.presence_id].append(one)
    return {id for id in under_way if completes(reports[id], asked_for=asked_for)}


def _matters(read: Read, matters: list[Presence], known: Known) -> list[DoorMatter]:
    old = [p.id for p in matters if p.state is PresenceState.LEGACY]
    reviews = {r.presence_id: r for r in read.all(LegacyReview, {"presence_id": old})}
    papers = defaultdict[str, list[str]](list)
    for paper in read.all(Declining, {"presence_id": [p.id for p in matters]}):
        if paper.resumed_on is None:
            papers[paper.presence_id or ""].append(paper.number)
    return [_matter(p, known, declinable(p, reviews.get(p.id), papers[p.id])) for p in matters]


def _matter(held: Presence, known: Known, may: Declinable) -> DoorMatter:
    lines, names = known.funding.get(held.request_id or "", []), known.names
    due = [i.due_on for line in lines for i in line.schedule if i.due_on >= known.today]
    payers = (names.get(line.payer_id or "", "") for line in lines)
    was = held.legacy
    return DoorMatter(
        presence_id=held.id, request_id=held.request_id, title=held.title,
        kind_zh=ZH[held.kind], state=held.state, state_zh=STATE_ZH[held.state],
        department_id=held.department_id,
        department=names.get(held.department_id or "", was.demanded_by if was else ""),
        payers=list(dict.fromkeys(name for name in payers if name)), share_fen=held.share_fen,
        arrears=held.arrears, money_due_on=min(due, default=None),
        ends_on=held.ends_on or (was.ends_on if was else None), declinable=may,
        completable=held.id in known.ready,
    )  # fmt: skip


_WAITING_ZH = {
    "task": "请本社区办理", "report": "居民反映，请本社区核实答复", "objection": "本社区的异议，等候答复",
    "acceptance": "本社区报告完成，等候验收",
}  # fmt: skip


def _waiting(read: Read, bodies: list[str]) -> list[Waiting]:
    """By kind, then by id: what the community is to do, then what it waits for."""
    open_reports = sorted(s.value for s in ReportState if s is not ReportState.ANSWERED)
    reports = read.all(ResidentReport, {"handler_id": bodies, "state": open_reports})
    raised, asked = ObjectionState.RAISED.value, AcceptanceState.ASKED.value
    return [
        *(_waits("task", t, t.title)
          for t in read.all(Task, {"organisation_id": bodies, "state": TaskState.OPEN.value})),
        *(_waits("report", r, r.number) for r in reports),
        *(_waits("objection", o, o.subject)
          for o in read.all(Objection, {"organisation_id": bodies, "state": raised})),
        *(_waits("acceptance", a, a.title)
          for a in read.all(Acceptance, {"organisation_id": bodies, "state": asked})),
    ]  # fmt: skip


def _waits(
    what: str, held: Task | ResidentReport | Objection | Acceptance, subject: str
) -> Waiting:
    return Waiting(
        what=what, what_zh=_WAITING_ZH[what], id=held.id, subject=subject,
        by_us=isinstance(held, Task | ResidentReport), due_on=held.due_on, overdue=held.overdue,
    )  # fmt: skip


def _on_wall(wall: Wall, names: dict[str, str]) -> OnWall:
    written = wall.required_by if isinstance(wall, Bureau) else ""
    return OnWall(
        id=wall.id, name=wall.wording if isinstance(wall, Board) else wall.name,
        department=names.get(wall.department_id or "", written), origin=wall.origin,
        state=wall.state, profile=wall.profile, standing_zh=said_of(wall.origin, wall.profile),
    )  # fmt: skip


def _papers(book: Rulebook, area: Area, on: date) -> int:
    """Papers that a list in force lets the committee of the place issue, each title once."""
    ours = set(receivers_of(area))
    lists = book.lists
    return len({
        item.title for (list_id, _), item in lists.items.items()
        if (of := lists.lists[list_id]).polarity in PERMITTING and Kind.CERTIFICATE in of.kinds
        and of.in_force(on) and item.in_force(on) and item.on and not of.advisory
        and area.path.startswith(of.area)
        and not ours.isdisjoint(item.receivers or of.receivers or ours)
    })  # fmt: skip
