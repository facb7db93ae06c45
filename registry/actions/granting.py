"""准予范围 what the deciding bodies give of what was asked, and the filing as it was admitted (P13)."""

from datetime import date

import msgspec

from registry.actions.bodies import asking
from registry.actions.counting import communities_of
from registry.actions.figures import as_today
from registry.actions.office import Desk
from registry.actions.steps import said, uncalled, way
from registry.domain.approval import (
    DECIDING,
    Ballot,
    Decision,
    DecisionKind,
    Opinion,
    Quorum,
    Step,
    Task,
    TaskState,
)
from registry.domain.areas import Area
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.filing import Filing
from registry.domain.funding import FundingLine
from registry.domain.grant import Grant, common, narrowed
from registry.domain.request import Request
from registry.domain.shares import shares_of
from registry.domain.succession import Succession
from registry.domain.vocabulary import FundingMode, Receiver

BEYOND = declare(
    "grant.beyond", RefusalKind.INVALID, "准予范围超出申请或者不是所申请的：{what}",
    "The grant goes beyond what was asked, or is not of it: {what}.", recorded=True,
)  # fmt: skip
NOTHING = declare(
    "grant.nothing", RefusalKind.CONFLICT, "各单位准予的范围没有共同部分；请协商一致，或者不予准入",
    "What the bodies grant has nothing in common; settle it among them, or reject.",
    recorded=True,
)  # fmt: skip
SHARED = declare(
    "grant.shared", RefusalKind.INVALID,
    "期限和经费涉及各街道（乡镇），一个街道只能核减本街道的区域，或者不同意",
    "Term and money are of all the streets asked; one of them narrows its own areas, or disagrees.",
    recorded=True,
)  # fmt: skip


def admitted(desk: Desk, request: Request) -> Filing:
    """The filing as it was admitted: narrowed by the grant of its decision, if one was issued."""
    held = desk.unit.maybe(Decision, request.decision_id) if request.decision_id else None
    filing = as_today(desk, request.filing)
    if held is None or held.kind is not DecisionKind.ADMITTED or held.grant is None:
        return filing
    return narrowed(filing, inherited(desk, held.grant))


def inherited(desk: Desk, grant: Grant) -> Grant:
    """A grant with its areas under the ids they have today: the paper keeps the old ones (P15)."""
    areas, met = list(grant.areas), set[str]()
    while gone := set(areas) - met:
        met |= gone
        heirs: dict[str, list[str]] = {}
        for row in desk.unit.find(Succession, object_id=sorted(gone)):
            if row.successor_id != row.object_id:
                heirs.setdefault(row.object_id, []).append(row.successor_id)
        areas = list(dict.fromkeys(new for id in areas for new in heirs.get(id, [id])))
    return msgspec.structs.replace(grant, areas=areas)


def checked(desk: Desk, request: Request, task: Task, grant: Grant | None) -> Grant | None:
    """What a body would give, its areas as ids of communities; ``None`` where that is everything.

    Raises:
        Refusal: ``grant.beyond``, ``grant.shared``.
    """
    if grant is None or grant.whole:
        return None
    step = desk.unit.get(Step, task.step_id)
    asked = reach(desk, request.filing)
    areas = _areas(desk, request.filing, grant, asked)
    if step.quorum is Quorum.EACH and step.act in DECIDING:
        own = answered_for(desk, request, task)
        alone = len(_asked(desk, step)) == 1 and not uncalled(desk, request, step)
        if not alone and (grant.starts_on or grant.ends_on or grant.funding):
            raise Refusal(SHARED)
        foreign = [asked[a].name for a in areas if a not in own]
        if foreign:
            raise Refusal(BEYOND, what="、".join(foreign))
    first, last = _dates(request.filing, grant)
    found = Grant(
        areas=[] if set(areas) == set(asked) else areas, starts_on=first, ends_on=last,
        funding=_money(request.filing, grant),
    )  # fmt: skip
    return None if found.whole else found


def reach(desk: Desk, filing: Filing) -> dict[str, Area]:
    """The communities a filing asks for, by id; where it asks for none, the areas it names."""
    found = communities_of(desk, filing)
    return found or {a.id: a for a in desk.places.areas(filing.targets, desk.today)}


def reached(desk: Desk, filing: Filing) -> list[tuple[Receiver, Area]]:
    """Every receiver in every community a filing asks for, in the order of their presences."""
    targets = desk.places.areas(filing.targets, desk.today)
    return [
        (receiver, area) for receiver in filing.receivers
        for area in desk.places.communities(targets, receiver, desk.today)
    ]  # fmt: skip


def _areas(desk: Desk, filing: Filing, grant: Grant, asked: dict[str, Area]) -> list[str]:
    named = desk.places.areas(filing.targets, desk.today)
    found: list[str] = []
    for area in desk.places.areas(grant.areas, desk.today):
        below = [id for id, one in asked.items() if one.path.startswith(area.path)]
        if not below or not any(area.path.startswith(n.path) for n in named):
            raise Refusal(BEYOND, what=area.name)
        found += below
    return list(dict.fromkeys(found))


def _dates(filing: Filing, grant: Grant) -> tuple[date | None, date | None]:
    first, last = grant.starts_on or filing.starts_on, grant.ends_on or filing.ends_on
    early = first and filing.starts_on and first < filing.starts_on
    late = last and filing.ends_on and last > filing.ends_on
    if early or late or (first and last and last < first):
        raise Refusal(BEYOND, what=f"{first}—{last}")
    return (
        None if first == filing.starts_on else first,
        None if last == filing.ends_on else last,
    )  # fmt: skip


def _money(filing: Filing, grant: Grant) -> dict[str, int]:
    asked = {line.key: line.amount_fen for line in filing.funding}
    for key, amount_fen in grant.funding.items():
        if amount_fen > asked.get(key, -1):
            raise Refusal(BEYOND, what=key)
    return {key: fen for key, fen in grant.funding.items() if fen != asked[key]}


def merged(desk: Desk, request: Request) -> Grant | None:
    """What the agreements that stand come to, its money told line by line; ``None`` = as asked.

    Raises:
        Refusal: ``grant.nothing``.
    """
    steps = [s for s in way(desk, request) if s.act in DECIDING]
    met = common(_of_step(desk, request, step) for step in steps)
    if met is None:
        raise Refusal(NOTHING)
    return None if met.whole else told_in_full(desk, request.filing, met)


def _of_step(desk: Desk, request: Request, step: Step) -> Grant:
    tasks = {t.id: t for t in _asked(desk, step)}
    given = [
        o for o in said(desk, step_id=step.id)
        if o.ballot is Ballot.AGREE and o.task_id in tasks
    ]  # fmt: skip
    if step.quorum is Quorum.EACH:
        return _joined(desk, request, given)
    met = common(inherited(desk, o.grant) for o in given if o.grant is not None)
    if met is None:
        raise Refusal(NOTHING)
    return met


def _asked(desk: Desk, step: Step) -> list[Task]:
    """The tasks of those who decide: whoever is heard besides (加签) grants nothing."""
    tasks = desk.unit.find(Task, step_id=step.id)
    return [t for t in tasks if t.asked_by is None and t.state is not TaskState.CANCELLED]


def _joined(desk: Desk, request: Request, given: list[Opinion]) -> Grant:
    """各自: the areas of those who agree, each narrowed by its own grant; one that was asked alone
    narrows term and money too."""
    if not given:
        return Grant()
    asked, found = reach(desk, request.filing), set[str]()
    for opinion in given:
        own = answered_for(desk, request, desk.unit.get(Task, opinion.task_id))
        named = inherited(desk, opinion.grant).areas if opinion.grant else []
        found |= set(named) & own if named else own
    only = given[0].grant if len(given) == 1 else None
    areas = [] if found >= set(asked) else [a for a in asked if a in found]
    told = only or Grant()
    return Grant(
        areas=areas, starts_on=told.starts_on, ends_on=told.ends_on, funding=told.funding
    )  # fmt: skip


def answered_for(desk: Desk, request: Request, task: Task) -> set[str]:
    """各自: the areas asked for that a body answers for: its own; who stands in for a street that
    asks, that street's; who was called because others were late, those nobody answered for."""
    asked = reach(desk, request.filing)
    if task.escalated:
        step = desk.unit.get(Step, task.step_id)
        spoken = {o.task_id for o in said(desk, step_id=step.id)}
        others = [t for t in _asked(desk, step) if not t.escalated and t.id in spoken]
        return set(asked).difference(*(answered_for(desk, request, t) for t in others))
    homes = [task.organisation_id]
    if task.body == desk.unit.get(Step, task.step_id).instead:
        homes = sorted(asking(request))
    paths = [desk.places.home(desk.places.organisation(id)).path for id in homes]
    return {id for id, one in asked.items() if any(one.path.startswith(p) for p in paths)}


def told_in_full(desk: Desk, filing: Filing, met: Grant) -> Grant:
    """The money of every line as granted: a line that nobody named keeps, of fewer areas, what was
    asked for those."""
    if not met.areas:
        return met
    doors, kept = [area.id for _, area in reached(desk, filing)], set(met.areas)
    funding = {
        line.key: met.funding.get(line.key, _part(line, doors, kept))
        for line in as_today(desk, filing).funding
        if line.mode is not FundingMode.NONE and doors
    }
    return Grant(
        areas=met.areas, starts_on=met.starts_on, ends_on=met.ends_on,
        funding={**met.funding, **funding},
    )  # fmt: skip


def _part(line: FundingLine, doors: list[str], kept: set[str]) -> int:
    parts = zip(doors, shares_of(line, doors), strict=True)
    return sum(part for area, part in parts if area in kept)
