"""变动预案 as it is read: how many things of each kind go where, and each of them by name."""

import re
from collections import Counter
from typing import Any

import msgspec

from registry.actions.office import Answer, Desk
from registry.actions.succession.planning import plan_answer
from registry.actions.succession.successors import ReorganiseCommand
from registry.api.lists import RESOURCES
from registry.domain.records import Wire
from registry.domain.succession import ChangeKind, Effect, Inheritance, ReorganisationPlan
from registry.web.acting import Sheet
from registry.web.admin.roles import called
from registry.web.named import Named
from registry.web.shell import may
from registry.web.visit import Visit

_RUN, _PLAN = "reorganisation.run", "reorganisation.plan"
SHOWN = 200
"""Things on one page of a plan."""
_INNER = re.compile(r"(?<=[a-z])(?=[A-Z])")
_LISTS = {_INNER.sub("_", r.record.__name__).lower(): r for r in RESOURCES.values()}
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
    missing, now = set() if transfer else set(survey.unassigned), _names(sheet, command)
    items = sorted(survey.items, key=lambda i: (i.id not in missing, i.kind))
    only = visit.field("_only")
    listed = [i for i in items if only in ("", i.kind) or i.id in missing]
    begin = int(at) if (at := visit.field("_from")).isdecimal() and len(at) < _DIGITS else 0
    page = listed[begin : begin + SHOWN]
    return {
        "plan": plan or survey, "items": page, "missing": missing, "transfer": transfer,
        "counts": _counts(items), "now": now, "names": now | survey.names,
        "heirs": [b.id for b in command.successors], "lists": _LISTS,
        "titles": {i.id: _title(visit, i) for i in page}, "effects": list(Effect),
        "more": begin + SHOWN if len(listed) > begin + SHOWN else 0, "total": len(items),
        "begin": begin, "beyond": max(len(listed) - begin - SHOWN, 0),
        "digest": plan.digest if plan else "", "runs": may(visit.office, sheet.actor, _RUN),
    }  # fmt: skip


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


def _counts(items: list[Inheritance]) -> list[tuple[str, Counter[Effect]]]:
    """Each kind of thing, with how many of it go where."""
    found: dict[str, Counter[Effect]] = {}
    for item in items:
        found.setdefault(item.kind, Counter())[item.effect] += 1
    return sorted(found.items())


def _names(sheet: Sheet, command: ReorganiseCommand) -> dict[str, str]:
    """What bodies and places are called today; one that is new, as it will be."""
    ids = [*command.sources, *(body.id for body in command.successors)]
    named = Named(sheet.visit, [_Bodies(organisation_ids=ids, area_ids=ids)])
    new = {body.id: body.name or body.id for body in command.successors}
    told = {id: named.link(id) for id in ids}
    return {id: link.name if link else new.get(id, id) for id, link in told.items()}


class _Bodies(Wire, frozen=True, kw_only=True):
    """Ids to be looked up, whichever of the two they are."""

    organisation_ids: list[str]
    area_ids: list[str]


def _title(visit: Visit, item: Inheritance) -> str:
    """What a thing is called; of a post the role in words."""
    name, _, role = item.title.rpartition(" ")
    if item.kind != "post" or not name:
        return item.title
    return f"{name} {called(visit.tongue, role)}"
