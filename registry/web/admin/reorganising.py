"""机构变动页 what a document changes, the plan of it with every successor by name, then the act (P15).

What is carried out is what was seen: the plan's digest goes with the form.
"""

import re
from collections import Counter
from typing import Any

import msgspec

from registry.actions.office import Answer, Desk
from registry.actions.succession.planning import plan_answer
from registry.actions.succession.successors import ReorganiseCommand
from registry.api.acting import carried, identity
from registry.api.lists import RESOURCES
from registry.api.serving import aside
from registry.domain.errors import Refusal
from registry.domain.records import Wire
from registry.domain.succession import Inheritance, ReorganisationPlan
from registry.web.acting import ADD, DROP, Sheet, grow, rows
from registry.web.admin.roles import called
from registry.web.forms.choices import OF, options
from registry.web.forms.filled import Filled, command_of, typed
from registry.web.named import Named
from registry.web.offers import BY_NAME
from registry.web.records import done_of
from registry.web.serving import Kind, Line, moved, shown
from registry.web.shell import may
from registry.web.visit import Visit

ASK, SEND = Kind(parameters=frozenset({"done"})), Kind(again=True)
_ACT, _PLAN = "reorganisation.run", "reorganisation.plan"
_TO = "_to."
_SHOWN = 300
"""Things listed one by one; the counts tell of the rest."""
_OWN = frozenset({"_token", "_key", "_digest", "_run", "_edit", "_add", "_drop"})
_ELSEWHERE = ("plan_digest", "document_id", "assignments")
"""Fields of the command that the page itself fills in."""


async def ask(visit: Visit) -> Any:
    """``GET /admin/reorganise``."""
    return await aside(_form, _sheet(visit))


def _sheet(visit: Visit) -> Sheet:
    sheet = Sheet(visit, BY_NAME[_ACT])
    sheet.fields = tuple(f for f in sheet.fields if f.name not in _ELSEWHERE)
    sheet.given = typed((n, v) for n, v in visit.posted if n not in _OWN and not n.startswith(_TO))
    return sheet


def _form(sheet: Sheet, status: int = 200) -> Any:
    visit, pair = sheet.visit, sheet.visit.tongue.pair
    county = visit.county or sheet.actor.county
    picked = options(visit.office, sheet.actor, {"organisations", "areas"}, county)
    return shown(
        visit, "admin/reorganise.html", status=status, done=done_of(visit), bodies=picked,
        fields=sheet.fields, given=sheet.given, wrong=sheet.wrong, refusal=sheet.refusal,
        why={one.path: pair(one.zh, one.en) for one in sheet.wrong}, rows=rows(sheet.given),
        options={}, of=OF, picked={n: v for n, v in visit.posted if n.startswith(_TO)},
    )  # fmt: skip


async def send(visit: Visit) -> Any:
    """``POST /admin/reorganise``: one more successor, the plan, or, once it was seen, the act."""
    sheet = _sheet(visit)
    if visit.field(ADD) or visit.field(DROP):
        grow(sheet.given, visit.field(ADD), visit.field(DROP))
        return await aside(_form, sheet)
    filled = Filled(sheet.fields, sheet.given)
    command = command_of(ReorganiseCommand, filled)
    sheet.wrong = filled.wrong
    if sheet.wrong or visit.field("_edit"):
        return await aside(_form, sheet, 422 if sheet.wrong else 200)
    command = _assigned(visit, command)
    if not visit.field("_run"):
        return await aside(_plan, sheet, command)
    return await _run(sheet, command)


async def _run(sheet: Sheet, command: ReorganiseCommand) -> Any:
    visit = sheet.visit
    seen = msgspec.structs.replace(command, plan_digest=visit.field("_digest")[:64])
    try:
        done = await carried(visit.office, sheet.act, (visit, sheet.actor), seen)
    except Refusal as refusal:
        sheet.refusal = refusal
        return await aside(_plan, sheet, command)
    return moved(f"/records/reorganisations/{identity(done.body)}", done=_ACT)


def _assigned(visit: Visit, command: ReorganiseCommand) -> ReorganiseCommand:
    """With what was picked on the plan for each thing that had nobody."""
    picked = {n.removeprefix(_TO): v for n, v in visit.posted if n.startswith(_TO) and v}
    told = {**command.assignments, **picked}
    return msgspec.structs.replace(command, assignments=told)


def _plan(sheet: Sheet, command: ReorganiseCommand) -> Any:
    visit = sheet.visit
    call = msgspec.structs.replace(visit.call(sheet.actor, _PLAN), key=None)

    def verb(desk: Desk) -> Answer:
        return plan_answer(desk, command)

    try:
        plan: ReorganisationPlan = visit.office.ask(call, verb).body
    except Refusal as refusal:
        sheet.refusal = sheet.refusal or refusal
        return _form(sheet, 422)
    missing, now = set(plan.unassigned), _names(sheet, command)
    items = sorted(plan.items, key=lambda i: (i.id not in missing, i.kind))
    return shown(
        visit, "admin/plan.html", status=422 if sheet.refusal else 200, plan=plan,
        command=command, items=items[:_SHOWN], beyond=max(len(items) - _SHOWN, 0),
        missing=missing, refusal=sheet.refusal, sent=_sent(visit),
        effects=Counter(i.effect for i in plan.items), now=now, names=now | plan.names,
        heirs=[b.id for b in command.successors], lists=_LISTS,
        titles={i.id: _title(visit, i) for i in items},
        runs=may(visit.office, sheet.actor, _ACT), key=visit.office.source.token(16).hex(),
    )  # fmt: skip


_INNER = re.compile(r"(?<=[a-z])(?=[A-Z])")
_LISTS = {_INNER.sub("_", r.record.__name__).lower(): r for r in RESOURCES.values()}
"""Kinds of things on a plan → the list in which they are found."""


def _names(sheet: Sheet, command: ReorganiseCommand) -> dict[str, str]:
    """What bodies and places are called today; one that is new, by its id."""
    ids = [*command.sources, *(body.id for body in command.successors)]
    named = Named(sheet.visit, [_Bodies(organisation_ids=ids, area_ids=ids)])
    told = {id: named.link(id) for id in ids}
    return {id: link.name if link else id for id, link in told.items()}


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


def _sent(visit: Visit) -> list[tuple[str, str]]:
    """The form as it was filled in, to be sent again with what is picked on the plan."""
    return [(n, v) for n, v in visit.posted if n not in _OWN and not n.startswith(_TO)]


PAGES: list[Line] = [
    ("GET", "/admin/reorganise", ask, ASK),
    ("POST", "/admin/reorganise", send, SEND),
]
