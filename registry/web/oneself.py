"""本人页 one's posts and who stands in, browsers and tokens with which one is signed in."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import msgspec

from registry.actions.staff import seats, tokens
from registry.actions.staff.accounts import BAD_SIGN_IN, TokenView
from registry.actions.staff.oneself import oneself
from registry.api.serving import aside
from registry.api.strict import misfit
from registry.domain.errors import Refusal
from registry.web.admin import roles
from registry.web.named import Named
from registry.web.records import done_of
from registry.web.serving import PLAIN, Kind, Line, moved, shown
from registry.web.shell import may
from registry.web.visit import Visit

ME = Kind(parameters=frozenset({"done", "ended"}))
LENDS, AWAY = "delegation.give", "absence.record"
_POOL = ThreadPoolExecutor(2, thread_name_prefix="token")
"""Passwords checked at once, as at the sign-in."""


async def me(visit: Visit) -> Any:
    """``GET /me``."""
    return await aside(_page, visit)


def _page(
    visit: Visit, made: TokenView | None = None, refusal: Refusal | None = None, status: int = 200
) -> Any:
    office, actor = visit.office, visit.actor()
    told, living = oneself(office, actor), seats.mine(office, actor)
    return shown(
        visit, "me.html", status=status, me=told, sessions=living, made=made, refusal=refusal,
        tokens=tokens.mine(office, actor).items, roles=roles.named(visit), done=done_of(visit),
        named=Named(visit, [*told.lent, *told.borrowed]), ended="ended" in visit.query,
        lends=may(office, actor, LENDS), away=may(office, actor, AWAY),
        current=visit.seat.session.id if visit.seat else "",
    )  # fmt: skip


async def end_session(visit: Visit) -> Any:
    """``POST /me/sessions``: one of one's sessions ends."""
    await aside(seats.end, visit.office, visit.actor(), visit.field("session"))
    return moved("/me")


async def issue(visit: Visit) -> Any:
    """``POST /me/tokens``: a token for a program of one's own; told in this answer alone."""
    actor, password = visit.actor(), visit.field("password")
    address = visit.came().address
    try:
        work = partial(tokens.issue, visit.office, actor, password, address)
        made = await aside(work, pool=_POOL)
    except msgspec.ValidationError:
        return await aside(_page, visit, None, Refusal(BAD_SIGN_IN), 422)
    except Refusal as refusal:
        return await aside(_page, visit, None, refusal, 422)
    return await aside(_page, visit, made)


async def end_token(visit: Visit) -> Any:
    """``POST /me/tokens/end``."""
    try:
        given = {"token_id": visit.field("token")}
        command = msgspec.convert(given, tokens.TokenEndCommand)
    except msgspec.ValidationError as error:
        raise misfit(error, tokens.TokenEndCommand) from error
    await aside(tokens.end, visit.office, visit.actor(), command)
    return moved("/me", ended="1")


PAGES: list[Line] = [
    ("GET", "/me", me, ME),
    ("POST", "/me/sessions", end_session, PLAIN),
    ("POST", "/me/tokens", issue, PLAIN),
    ("POST", "/me/tokens/end", end_token, PLAIN),
]
