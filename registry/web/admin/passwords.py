"""初始口令页 who waits for a first password, and the slips with those that are given: shown once.

What is shown stands in this one answer and nowhere else: sent again, the form tells that it was
done.
"""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import msgspec

from registry.actions import reading
from registry.actions.office import Answer, Call, Desk
from registry.actions.querying.askable import Condition, Op
from registry.actions.staff import giving, sign_ins
from registry.api.acting import carried
from registry.api.serving import aside, perform
from registry.api.strict import misfit
from registry.domain.errors import Refusal
from registry.domain.people import Post
from registry.domain.records import civil
from registry.web.admin import roles
from registry.web.named import Named
from registry.web.offers import BY_NAME
from registry.web.serving import PLAIN, Kind, Line, moved, shown
from registry.web.visit import Visit

MOST = 500
"""Posts looked up on one page."""
LIST = Kind(parameters=frozenset({"after"}))
_POOL = ThreadPoolExecutor(1, thread_name_prefix="slips")
"""Passwords are hashed one after another: two hundred of them leave the other cores to all."""


async def waiting(visit: Visit) -> Any:
    """``GET /admin/passwords``: accounts that nobody signs in to yet."""
    return await aside(_page, visit)


def _page(visit: Visit, refusal: Refusal | None = None, status: int = 200) -> Any:
    call = visit.call(visit.actor(), giving.ACT)
    call = msgspec.structs.replace(call, key=None)
    found = giving.waiting(visit.office, call, visit.query.get("after", ""))
    listed = found[: giving.MOST]
    posts = posts_of(visit, [one.person_id for one in listed])
    held = [post for several in posts.values() for post in several]
    return shown(
        visit, "admin/passwords.html", status=status, people=listed, posts=posts,
        named=Named(visit, held), roles=roles.named(visit), refusal=refusal,
        more=listed[-1].username if len(found) > giving.MOST else "",
        today=civil(visit.office.clock()), key=visit.office.source.token(16).hex(),
        ticked={value for name, value in visit.posted if name == "person"},
    )  # fmt: skip


def posts_of(visit: Visit, people: Iterable[str]) -> dict[str, list[Post]]:
    """The posts of some people, by person."""
    where = [Condition(field="person_id", op=Op.IN, value=sorted(people))]
    found: dict[str, list[Post]] = {}
    if not where[0].value:
        return found
    query = reading.ListQuery(limit=MOST, county=visit.county, where=where)
    for post in reading.page(visit.office, visit.actor(), Post, query).items:
        found.setdefault(post.person_id, []).append(post)
    return found


async def give(visit: Visit) -> Any:
    """``POST /admin/passwords``: one for each who is ticked."""
    ticked = [value for name, value in visit.posted if name == "person"]
    slips: list[giving.Slip] = []
    try:
        command = _command(ticked)
        call = visit.call(visit.actor(), giving.ACT, command)
        done = await aside(partial(_made, visit, call, command), pool=_POOL)

        def verb(desk: Desk) -> Answer:
            slips[:] = giving.give(desk, done).body.items
            return Answer(body={"given": len(slips)})

        await perform(visit.office, call, verb)
    except Refusal as refusal:
        return await aside(_page, visit, refusal, 422)
    return await aside(_slips, visit, slips)


def _made(visit: Visit, call: Call, command: giving.PasswordsCommand) -> giving.Made:
    return giving.made(visit.office, call, command)


def _command(ticked: list[str]) -> giving.PasswordsCommand:
    try:
        return msgspec.convert({"person_ids": ticked}, giving.PasswordsCommand)
    except msgspec.ValidationError as error:
        raise misfit(error, giving.PasswordsCommand) from error


def _slips(visit: Visit, slips: list[giving.Slip]) -> Any:
    posts = posts_of(visit, [slip.person_id for slip in slips])
    named = Named(visit, [post for several in posts.values() for post in several])
    where = {id: named.link(several[0].organisation_id) for id, several in posts.items() if several}
    return shown(visit, "admin/slips.html", slips=slips, where=where)


async def unlock(visit: Visit) -> Any:
    """``POST /admin/people/{id}/unlock``."""
    await carried(visit.office, BY_NAME[giving.UNLOCK], (visit, visit.actor()), None)
    return moved(f"/admin/people/{visit.id}", done=giving.UNLOCK)


def locked(visit: Visit, username: str) -> bool:
    """Whether an account must wait after too many failures, for who reads the log of sign-ins."""
    hour = visit.office.clock().replace(minute=0, second=0, microsecond=0)
    query = sign_ins.SignInQuery(username=username, first=hour, limit=1)
    actor = visit.actor()
    told = sign_ins.read(visit.office, actor, visit.county or actor.county, query)
    return any(one.locked for one in told.failures)


async def away(_visit: Visit) -> Any:
    """``/do/password.give``: its page is another one, since what it tells is told once."""
    return moved("/admin/passwords")


async def out(_visit: Visit) -> Any:
    """``/do/session.end``, likewise."""
    return moved("/admin/sessions")


PAGES: list[Line] = [
    ("GET", "/admin/passwords", waiting, LIST),
    ("POST", "/admin/passwords", give, PLAIN),
    ("POST", "/admin/people/{id:str}/unlock", unlock, PLAIN),
    ("GET", "/do/password.give", away, PLAIN),
    ("POST", "/do/password.give", away, PLAIN),
    ("GET", "/do/session.end", out, PLAIN),
    ("POST", "/do/session.end", out, PLAIN),
]
