"""变动预案 as it is read: how many things of each kind go where, and each of them by name."""

import re
from collections import Counter
from typing import Any, NamedTuple

import msgspec

from registry.actions.office import Answer, Desk
from registry.actions.succession.planning import plan_answer
from registry.actions.succession.successors import ReorganiseCommand
from registry.api.lists import RESOURCES
from registry.domain.records import Wire, civil
from registry.domain.succession import ChangeKind, Effect, Inheritance, ReorganisationPlan
from registry.web.acting import Sheet
from registry.web.admin.roles import called
from registry.web.named import OTHERS, Named
from registry.web.shell import may
from registry.web.visit import Visit

_RUN, _PLAN = "reorganisation.run", "reorganisation.plan"
SHOWN = 200
"""Things on one page of a plan."""
_INNER = re.compile(r"(?<=[a-z])(?=[A-Z])")
LISTS = {_INNER.sub("_", r.record.__name__).lower(): r for r in RESOURCES.values()}
"""Kinds of things on a plan → the list in which they are found."""
_DIGITS = 6


def seen(sheet: Sheet, command: ReorganiseCommand) -> dict[str, Any]:
    """What the page of a plan tells.

    Raises:
        Refusal: whatever the plan is refused with.
    """
    visit, transfer = sheet.visit, command.kind is ChangeKind.TRANSFER
    plan = None if transfer and not command.assignments else _asked(sheet, command)
    survey = _asked(sheet, _surveyed(command)) if transfer else plan
    assert survey is not None
    missing = set() if transfer else set(survey.unassigned)
    items = _things(sorted(survey.items, key=lambda i: (i.id not in missing, i.kind)))
    only = visit.field("_only")
    listed = [i for i in items if only in ("", i.kind) or i.id in missing]
    begin = int(at) if (at := visit.field("_from")).isdecimal() and len(at) < _DIGITS else 0
    page = listed[begin : begin + SHOWN]
    now = _names(sheet, command, page)
    names = now | survey.names
    return {
        "plan": plan or survey, "items": [one.told(now, names) for one in page],
        "missing": missing, "transfer": transfer,
        "counts": _counts(items), "now": now, "names": names,
        "heirs": [b.id for b in command.successors], "lists": LISTS, "others": OTHERS,
        "titles": {i.id: _title(visit, i) for i in page}, "effects": list(Effect),
        "more": begin + SHOWN if len(listed) > begin + SHOWN else 0, "total": len(items),
        "begin": begin, "beyond": max(len(listed) - begin - SHOWN, 0),
        "digest": plan.digest if plan else "", "runs": may(visit.office, sheet.actor, _RUN),
        "early": command.effective_on > civil(visit.office.clock()),
    }  # fmt: skip


class Thing(NamedTuple):
    """One record, and from whom to whom it goes, in as many of its fields as name them."""

    kind: str
    id: str
    title: str
    effect: Effect
    ways: list[tuple[str, str]]

    def told(self, now: dict[str, str], then: dict[str, str]) -> "Thing":
        """By name, each way once; a code is read as the place that it is the code of."""
        ways = [(now.get(a, then.get(a, a)), then.get(b, b)) for a, b in self.ways]
        moving = [way for way in ways if way[0] != way[1]] or ways
        return self._replace(ways=list(dict.fromkeys(moving)))


def _things(items: list[Inheritance]) -> list[Thing]:
    found: dict[tuple[str, str, Effect], Thing] = {}
    for one in items:
        key = (one.kind, one.id, one.effect)
        thing = found.setdefault(key, Thing(one.kind, one.id, one.title, one.effect, []))
        thing.ways.append((one.from_id, one.to_id))
    return list(found.values())


def _asked(sheet: Sheet, command: ReorganiseCommand) -> ReorganisationPlan:
    call = msgspec.structs.replace(sheet.visit.call(sheet.actor, _PLAN), key=None)

    def verb(desk: Desk) -> Answer:
        return plan_answer(desk, command)

    plan: ReorganisationPlan = sheet.visit.office.ask(call, verb).body
    return plan


def _surveyed(command: ReorganiseCommand) -> ReorganiseCommand:
    """划转: everything its source has, to pick from, as if all of it went."""
    kind = ChangeKind.SPLIT if len(command.successors) > 1 else ChangeKind.MERGE
    return msgspec.structs.replace(command, kind=kind, assignments={}, heir=None)


def _counts(items: list[Thing]) -> list[tuple[str, Counter[Effect]]]:
    """Each kind of thing, with how many of it go where."""
    found: dict[str, Counter[Effect]] = {}
    for item in items:
        found.setdefault(item.kind, Counter())[item.effect] += 1
    return sorted(found.items())


def _names(sheet: Sheet, command: ReorganiseCommand, things: list[Thing]) -> dict[str, str]:
    """What bodies and places are called today; one that is new, as it will be."""
    ids = [*command.sources, *(body.id for body in command.successors)]
    ids += [id for one in things for way in one.ways for id in way if id]
    named = Named(sheet.visit, [_Bodies(organisation_ids=ids, area_ids=ids)])
    new = {body.id: body.name for body in command.successors if body.name}
    new |= {body.organisation_id: body.organisation_name for body in command.successors
            if body.organisation_id and body.organisation_name}  # fmt: skip
    told = {id: named.link(id) for id in ids}
    return {id: link.name if link else new.get(id, id) for id, link in told.items()}


class _Bodies(Wire, frozen=True, kw_only=True):
    """Ids to be looked up, whichever of the two they are."""

    organisation_ids: list[str]
    area_ids: list[str]


def _title(visit: Visit, item: Thing) -> str:
    """What a thing is called; of a post the role in words."""
    name, _, role = item.title.rpartition(" ")
    if item.kind != "post" or not name:
        return item.title
    return f"{name} {called(visit.tongue, role)}"
