"""电话代录 who of a community telephoned, asked in a form of its street; and the page on which the
community checks what was entered in its name (P9)."""

from typing import Any

from registry.actions.telephoning import checking
from registry.actions.telephoning.checking import CHECK, LONGEST, CheckCommand
from registry.actions.telephoning.taking import TAKE
from registry.api.acting import carried
from registry.api.resources import RESOURCES
from registry.api.serving import aside
from registry.domain.errors import Refusal
from registry.domain.records import SHANGHAI
from registry.domain.telephone import CallState
from registry.policies.telephoned import shipped
from registry.web.admin.roles import called
from registry.web.offers import BY_NAME
from registry.web.records import done_of
from registry.web.serving import Kind, Line, moved, shown
from registry.web.shell import may
from registry.web.visit import CALLED, CALLER, Visit

PATH = "/community/{id:str}/telephone"
CALLS = Kind(parameters=frozenset({"done"}), again=True)
_ENTRY = "entry_id"


def takes(visit: Visit) -> bool:
    """Whether the person may take calls at all."""
    return may(visit.office, visit.actor(), TAKE)


def told_in(visit: Visit, act: str) -> dict[str, Any]:
    """What the part of a form shows; without callers it is not shown.

    Args:
        visit: names the community it is done for, by ``told``.
        act: of the form.
    """
    place, rules = visit.query.get("told", ""), shipped()
    if not place or not rules.offers(act) or not takes(visit):
        return {"callers": []}
    try:
        page = checking.entries(visit.office, visit.actor(), place, visit.county)
    except Refusal:
        return {"callers": []}
    now = visit.office.clock().astimezone(SHANGHAI)
    return {
        "callers": page.callers, "told_days": rules.days, "told_by": visit.field(CALLER),
        "told_at": visit.field(CALLED) or now.strftime("%Y-%m-%dT%H:%M"),
        "role_called": lambda role: called(visit.tongue, role),
    }  # fmt: skip


async def calls(visit: Visit) -> Any:
    """``GET /community/{id}/telephone``: what was entered by telephone, what is to be checked."""
    return await aside(_calls, visit)


def _calls(visit: Visit, refusal: Refusal | None = None) -> Any:
    actor = visit.actor()
    page = checking.entries(visit.office, actor, visit.id, visit.county)
    resources = {r.record.__name__.lower(): name for name, r in RESOURCES.items()}
    return shown(
        visit, "community/calls.html", status=200 if refusal is None else 422, page=page,
        resources=resources, refusal=refusal, done=done_of(visit), waits=CallState.WAITING,
        checks=may(visit.office, actor, CHECK), entry=visit.field(_ENTRY),
        reason=visit.field("reason"), place=visit.id, called=visit.tongue.act_named,
        key=visit.office.source.token(16).hex(), tone=_TONE,
    )  # fmt: skip


_TONE = {CallState.WAITING: "soft", CallState.CONFIRMED: "good", CallState.CONTRADICTED: "late"}


async def checked(visit: Visit) -> Any:
    """``POST /community/{id}/telephone``: one entry is confirmed, or is not so, and why."""
    place, visit.id = visit.id, ""
    try:
        command = CheckCommand(
            entry_id=visit.field(_ENTRY), right=visit.field("right") == "true",
            reason=visit.field("reason")[:LONGEST],
        )  # fmt: skip
        await carried(visit.office, BY_NAME[CHECK], (visit, visit.actor()), command)
    except Refusal as refusal:
        visit.id = place
        return await aside(_calls, visit, refusal)
    return moved(f"/community/{place}/telephone", done=CHECK)


PAGES: list[Line] = [("GET", PATH, calls, CALLS), ("POST", PATH, checked, CALLS)]
