"""机构变动页 what a document changes, the plan of it with every successor by name, then the act (P15).

What is carried out is what was seen: the plan's digest goes with the form.
"""

from typing import Any

import msgspec

from registry.actions.succession.successors import ReorganiseCommand
from registry.api.acting import carried, identity
from registry.api.serving import aside
from registry.domain.errors import Refusal
from registry.web.acting import ADD, DROP, Sheet, grow, rows
from registry.web.admin import heirs, planned
from registry.web.admin.heirs import AREA, BODY
from registry.web.forms.choices import FIND, OF, Options, options
from registry.web.forms.fields import Field, Form
from registry.web.forms.filled import Filled, command_of, typed
from registry.web.offers import BY_NAME
from registry.web.records import done_of
from registry.web.serving import Kind, Line, moved, shown
from registry.web.visit import AGAIN, Visit

ASK, SEND = Kind(parameters=frozenset({"done", "of"})), Kind(again=True)
_ACT = "reorganisation.run"
_TO = "_to."
_OWN = frozenset({"_token", "_key", "_digest", "_run", "_edit", "_add", "_drop", "_only", "_from"})
_ELSEWHERE = ("plan_digest", "document_id", "assignments", "object_kind", "sources", "heir")
"""Fields of the command that the page itself fills in or draws."""
_OF_PLACES = frozenset({"code", "community_type", "organisation_name"})
_OF_BODIES = frozenset({"kind", "functions"})
_BY_NAME = frozenset({"id", "organisation_id", "names"})
"""Fields of a successor that nobody types: it is picked by name, or made of its name."""


async def ask(visit: Visit) -> Any:
    """``GET /admin/reorganise``: of bodies, or of places."""
    return await aside(_form, _sheet(visit))


def _sheet(visit: Visit) -> Sheet:
    sheet = Sheet(visit, BY_NAME[_ACT])
    sheet.given = typed((n, v) for n, v in visit.posted if n not in _OWN and not n.startswith(_TO))
    if not heirs.first(sheet.given, "object_kind"):
        sheet.given["object_kind"] = [AREA if visit.query.get("of") == AREA else BODY]
    return sheet


def _drawn(sheet: Sheet, *, places: bool) -> tuple[tuple[Field, ...], tuple[Field, ...]]:
    """What the page asks for: of the change, then of each successor."""
    left = _BY_NAME | (_OF_BODIES if places else _OF_PLACES)
    whole = [f for f in sheet.fields if f.name not in _ELSEWHERE]
    each = next(f.fields for f in whole if f.form is Form.GROUPS)
    about = tuple(f for f in whole if f.form is not Form.GROUPS)
    return about, tuple(f for f in each if f.name not in left)


def _form(sheet: Sheet, status: int = 200) -> Any:
    visit, pair = sheet.visit, sheet.visit.tongue.pair
    places = heirs.first(sheet.given, "object_kind") == AREA
    name = "areas" if places else "organisations"
    county = visit.county or sheet.actor.county
    about, each = _drawn(sheet, places=places)
    listed: Options = options(visit.office, sheet.actor, {name}, county)[name]
    return shown(
        visit, "admin/reorganise.html", status=status, done=done_of(visit), listed=listed,
        change=about, each=each, given=sheet.given, wrong=sheet.wrong, refusal=sheet.refusal,
        why={one.path: pair(one.zh, one.en) for one in sheet.wrong},
        rows=rows(sheet.given), count=max(rows(sheet.given).get("successors", 0), 1), options={},
        of=OF, picked={n: v for n, v in visit.posted if n.startswith(_TO)}, places=places,
        followers=heirs.followers(visit, sheet.given), area=AREA, body=BODY,
    )  # fmt: skip


async def send(visit: Visit) -> Any:
    """``POST /admin/reorganise``: one more successor, the plan, or, once it was seen, the act."""
    sheet = _sheet(visit)
    if visit.field(ADD) or visit.field(DROP) or visit.field(AGAIN):
        grow(sheet.given, visit.field(ADD), visit.field(DROP))
        return await aside(_form, sheet)
    county = visit.county or sheet.actor.county
    filled = Filled(sheet.fields, heirs.told(sheet.given, county))
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
    return msgspec.structs.replace(command, assignments={**command.assignments, **picked})


def _plan(sheet: Sheet, command: ReorganiseCommand) -> Any:
    try:
        told = planned.seen(sheet, command)
    except Refusal as refusal:
        sheet.refusal = sheet.refusal or refusal
        return _form(sheet, 422)
    visit = sheet.visit
    return shown(
        visit, "admin/plan.html", status=422 if sheet.refusal else 200, command=command,
        refusal=sheet.refusal, sent=_sent(visit), key=visit.office.source.token(16).hex(),
        only=visit.field("_only"), **told,
    )  # fmt: skip


def _sent(visit: Visit) -> list[tuple[str, str]]:
    """The form as it was filled in, to be sent again with what is picked on the plan."""
    return [
        (n, v) for n, v in visit.posted
        if n not in _OWN and not n.startswith((_TO, FIND)) and n != AGAIN
    ]  # fmt: skip


PAGES: list[Line] = [
    ("GET", "/admin/reorganise", ask, ASK),
    ("POST", "/admin/reorganise", send, SEND),
]
