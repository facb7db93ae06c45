"""交接页 everything a person holds on one list, each thing to a named hand, done in one act (P16)."""

from functools import partial
from typing import Any

import msgspec

from registry.actions.staff import directory
from registry.actions.succession import handing_over
from registry.actions.succession.handover_page import KIND_ZH
from registry.api.acting import carried, identity
from registry.api.serving import aside
from registry.api.strict import misfit
from registry.domain.errors import Refusal
from registry.domain.succession import HANDING_ZH, LEAVING_ZH, Handing, HandoverPlan, Leaving
from registry.web.admin import roles
from registry.web.admin.people import FINDING
from registry.web.forms.choices import options, sought
from registry.web.named import Named
from registry.web.offers import BY_NAME
from registry.web.serving import Kind, Line, moved, shown
from registry.web.visit import Visit

WHOSE = Kind(parameters=FINDING)
ONE = Kind(again=True)
_ACT = "handover.run"
_ITEM = "to."


async def whose(visit: Visit) -> Any:
    """``GET /admin/handover``: whose things are handed over, by organisation."""
    return await aside(_whose, visit)


def _whose(visit: Visit) -> Any:
    actor = visit.actor()
    bodies = options(visit.office, actor, {"organisations"}, visit.county)["organisations"]
    own = [post.organisation_id for post in actor.posts]
    body = visit.query.get("organisation") or (own[0] if own else "")
    held = directory.listed(visit.office, actor, body) if body else None
    return shown(visit, "admin/whose.html", bodies=bodies, body=body, held=held,
                 roles=roles.named(visit), given=sought(visit.query.items()),
                 why={})  # fmt: skip


async def ask(visit: Visit) -> Any:
    """``GET /admin/handover/{id}``: what the person holds, and who could have it."""
    return await aside(_page, visit)


def _page(visit: Visit, refusal: Refusal | None = None, status: int = 200) -> Any:
    plan = _plan(visit)
    colleagues = _colleagues(visit, plan)
    everybody = {c.person_id: c.name for held in colleagues.values() for c in held}
    everybody.pop(plan.person_id, None)
    return shown(
        visit, "admin/handing.html", status=status, plan=plan, refusal=refusal,
        named=Named(visit, [*plan.posts, *plan.items]), colleagues=colleagues,
        everybody=everybody, given=dict(visit.posted), kept=_kept(visit, plan),
        reasons=[(r, _reason(visit, r)) for r in Leaving], roles=roles.named(visit),
        how={h: visit.tongue.pair(HANDING_ZH[h], h.value) for h in Handing},
        kinds={i.kind: _kind(visit, i.kind) for i in plan.items},
        key=visit.key_on(refusal),
    )  # fmt: skip


def _plan(visit: Visit) -> HandoverPlan:
    call = visit.call(visit.actor(), "handover.read")
    call = msgspec.structs.replace(call, key=None)
    return handing_over.asked(visit.office, call, visit.id)


def _reason(visit: Visit, reason: Leaving) -> str:
    return visit.tongue.pair(LEAVING_ZH[reason], reason.value.replace("_", " "))


def _kind(visit: Visit, kind: str) -> str:
    return visit.tongue.pair(KIND_ZH.get(kind, kind), kind)


def _kept(visit: Visit, plan: HandoverPlan) -> set[str]:
    """The posts that are ticked: all, before anything was sent."""
    sent = {value for name, value in visit.posted if name == "posts"}
    return sent if visit.posted else {post.id for post in plan.posts}


def _colleagues(visit: Visit, plan: HandoverPlan) -> dict[str, list[Any]]:
    """Who holds a post in each organisation whose things are on the list."""
    bodies = {i.organisation_id for i in (*plan.posts, *plan.items) if i.organisation_id}
    actor = visit.actor()
    return {
        body: [c for c in directory.listed(visit.office, actor, body).people
               if c.person_id != plan.person_id]
        for body in sorted(bodies)
    }  # fmt: skip


async def hand_over(visit: Visit) -> Any:
    """``POST /admin/handover/{id}``."""
    try:
        answer = await aside(_command, visit)
        done = await carried(visit.office, BY_NAME[_ACT], (_unnamed(visit), visit.actor()), answer)
    except Refusal as refusal:
        return await aside(partial(_page, visit, refusal, 422))
    return moved(f"/records/handovers/{identity(done.body)}", done=_ACT)


def _unnamed(visit: Visit) -> Visit:
    """The act makes a handover: the person in the path is named by its command."""
    visit.id = ""
    return visit


def _command(visit: Visit) -> handing_over.HandoverCommand:
    plan = _plan(visit)
    posts = [value for name, value in visit.posted if name == "posts"]
    frozen = visit.field("freeze")
    items = [
        {"kind": i.kind, "id": i.id, "to_person_id": to}
        for i in plan.items if (to := visit.field(f"{_ITEM}{i.kind}.{i.id}"))
    ]  # fmt: skip
    told = {
        "person_id": plan.person_id, "reason": visit.field("reason"),
        "to": visit.field("to") or None, "items": items,
        "posts": None if {p.id for p in plan.posts} == set(posts) else posts,
        "freeze": {"yes": True, "no": False}.get(frozen),
    }  # fmt: skip
    try:
        return msgspec.convert(told, handing_over.HandoverCommand)
    except msgspec.ValidationError as error:
        raise misfit(error, handing_over.HandoverCommand) from error


PAGES: list[Line] = [
    ("GET", "/admin/handover", whose, WHOSE),
    ("GET", "/admin/handover/{id:str}", ask, ONE),
    ("POST", "/admin/handover/{id:str}", hand_over, ONE),
]
