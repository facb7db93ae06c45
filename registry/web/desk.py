"""工作台 待办, 已办, 我发起的, 抄送: what a person finds when they sign in; forms put aside."""

from functools import partial
from typing import Any

import msgspec

from registry.actions import boxes
from registry.actions.boxes import Box, BoxQuery
from registry.actions.staff import aside as kept_forms
from registry.api.serving import aside
from registry.web.offers import anew
from registry.web.records import done_of
from registry.web.serving import Kind, moved, shown
from registry.web.shell import may
from registry.web.visit import Visit

BOX = Kind(parameters=frozenset({"box", "after", "done"}))
PER_PAGE = 50


async def desk(visit: Visit) -> Any:
    """``GET /desk``: one page of one box."""
    actor = visit.actor()
    asked = {n: v for n, v in visit.query.items() if n in ("box", "after")}
    try:
        query = msgspec.convert(asked | {"limit": PER_PAGE}, BoxQuery)
    except msgspec.ValidationError:
        query = BoxQuery(limit=PER_PAGE)
    page = await aside(boxes.page, visit.office, actor, query)
    return await aside(partial(
        shown, visit, "desk.html", boxes=list(Box), box=query.box, page=page, done=done_of(visit),
        files=may(visit.office, actor, "request.draft", "request.record"),
        batch=may(visit.office, actor, "request.approve"),
        begin=[act for act in anew(visit.office, actor) if act.act in BEGINS],
    ))  # fmt: skip


BEGINS = ("declining.issue", "unregistered.note", "certificate_demand.record")
"""What is begun from the desk, by those who may."""


async def kept(visit: Visit) -> Any:
    """``GET /desk/kept``: forms that were put aside."""
    found = await aside(kept_forms.of, visit.office, visit.actor())
    return shown(visit, "kept.html", drafts=found)


async def drop(visit: Visit) -> Any:
    """``POST /desk/kept``: one of them is not wanted any more."""
    await aside(kept_forms.drop, visit.office, visit.actor(), visit.field("draft"))
    return moved("/desk/kept")
