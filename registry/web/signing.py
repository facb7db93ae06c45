"""登录 signing in and out, one's sessions, one's password; what was typed before is not lost."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import msgspec

from registry.actions.staff import passwords, seats
from registry.actions.staff.accounts import BAD_SIGN_IN, SignInCommand
from registry.api.serving import aside
from registry.domain.errors import Refusal
from registry.domain.people import Person
from registry.web.house import House
from registry.web.serving import Kind, Work, give, inside, moved, shown
from registry.web.visit import SESSION, Visit

HOME = "/desk"
KEPT, WHOSE = "kept.", "_whose"
"""Before the names of fields that were typed into another form; whose form that was."""
_HASHERS = 2
"""Passwords checked at once: each costs a core for tens of milliseconds."""
ASKS = Kind(open=True, parameters=frozenset({"then"}))
CHANGES = Kind(changing=True)


async def ask(visit: Visit) -> Any:
    """``GET /login``."""
    if visit.seat is not None:
        return moved(inside(visit.query.get("then", ""), HOME))
    return shown(visit, "login.html", then=visit.query.get("then", ""), kept=[], error="",
                 username="", files=False, whose="")  # fmt: skip


def sign_in(_house: House) -> Work:
    """``POST /login``."""
    pool = ThreadPoolExecutor(_HASHERS, thread_name_prefix="sign-in")

    async def work(visit: Visit) -> Any:
        typed = {"username": visit.field("username").strip(), "password": visit.field("password")}
        kept = [(n.removeprefix(KEPT), v) for n, v in visit.posted if n.startswith(KEPT)]
        try:
            command = msgspec.convert(typed, SignInCommand)
            begun = await aside(seats.begin, visit.office, command, visit.came(), pool=pool)
        except msgspec.ValidationError:
            return _again(visit, Refusal(BAD_SIGN_IN), kept)
        except Refusal as refusal:
            return _again(visit, refusal, kept)
        visit.seat = await aside(seats.seated, visit.office, begun.secret)
        then = inside(visit.field("then"), HOME)
        if kept and not visit.own(visit.field(WHOSE)):
            kept, then = [], HOME
        if kept and not begun.must_change:
            answer = shown(visit, "resumed.html", then=then, kept=kept, files=False)
        else:
            answer = moved("/me/password" if begun.must_change else then)
        give(visit, answer, SESSION, begun.secret)
        return answer

    return work


def _again(visit: Visit, refusal: Refusal, kept: list[tuple[str, str]]) -> Any:
    return shown(visit, "login.html", status=401, then=visit.field("then"), kept=kept, files=False,
                 error=visit.tongue.refusal(refusal), username=visit.field("username"),
                 whose=visit.field(WHOSE))  # fmt: skip


async def sign_out(visit: Visit) -> Any:
    """``POST /logout``."""
    if visit.seat is not None:
        await aside(seats.end, visit.office, visit.seat.actor, visit.seat.session.id)
    visit.seat = None
    answer = moved("/login")
    give(visit, answer, SESSION, "")
    return answer


async def ask_password(visit: Visit) -> Any:
    """``GET /me/password``."""
    return shown(visit, "password.html", error="")


def change_password(_house: House) -> Work:
    """``POST /me/password``: every session ends but a fresh one, which begins at once."""
    pool = ThreadPoolExecutor(_HASHERS, thread_name_prefix="password")

    async def work(visit: Visit) -> Any:
        actor = visit.actor(changing=True)
        old, new, again = (visit.field(name) for name in ("old", "new", "again"))
        if new != again:
            return shown(visit, "password.html", status=422, error=visit.tongue.t("password.apart"))
        try:
            command = msgspec.convert({"old": old, "new": new}, passwords.PasswordCommand)
            await aside(passwords.change, visit.office, actor, command, pool=pool)
        except msgspec.ValidationError:
            empty = visit.tongue.t("password.empty")
            return shown(visit, "password.html", status=422, error=empty)
        except Refusal as refusal:
            said = visit.tongue.refusal(refusal)
            return shown(visit, "password.html", status=422, error=said)
        person = visit.office.store.reader.get(Person, actor.county, actor.person_id)
        assert person is not None
        begun = await aside(partial(seats.seat, visit.office, person, visit.came()))
        answer = moved(HOME)
        give(visit, answer, SESSION, begun.secret)
        return answer

    return work
