"""人员、会话页 who has an account and which posts, where they are signed in, who failed to sign in."""

from datetime import timedelta
from typing import Any

import msgspec

from registry.actions import reading
from registry.actions.office import Answer
from registry.actions.querying.askable import Condition, Op
from registry.actions.reading import ListQuery
from registry.actions.staff import ending, giving, sign_ins, tokens
from registry.api.asking import day, read_as
from registry.api.serving import aside, perform
from registry.api.strict import misfit
from registry.domain.errors import Refusal
from registry.domain.people import Person, Post
from registry.domain.records import civil
from registry.web.admin import passwords, roles
from registry.web.forms.choices import FIND, options, sought
from registry.web.named import Named
from registry.web.records import done_of
from registry.web.serving import PLAIN, Kind, Line, moved, shown
from registry.web.shell import may
from registry.web.visit import AGAIN, Visit

MOST, PER_PAGE = 500, 50
RECENT = timedelta(days=7)
"""What the log of sign-ins shows first, where no day was asked for."""
FINDING = frozenset({"organisation", f"{FIND}organisation", AGAIN})
"""What is asked for where an organisation is found by a word."""
LIST = Kind(parameters=FINDING | {"username", "after"})
LOG = Kind(parameters=frozenset({"username", "from", "to", "after"}))
DONE = Kind(parameters=frozenset({"ended", "done"}))


async def many(visit: Visit) -> Any:
    """``GET /admin/people``: accounts, narrowed to a user name or to one organisation."""
    return await aside(_many, visit)


def _many(visit: Visit) -> Any:
    office, actor, asked = visit.office, visit.actor(), visit.query
    equals: dict[str, Any] = (
        {"username": asked["username"].strip()} if asked.get("username") else {}
    )
    if body := asked.get("organisation"):
        equals["id"] = sorted({p.person_id for p in _posts(visit, organisation_id=body)})
    query = ListQuery(limit=PER_PAGE, county=visit.county, after=asked.get("after") or None)
    page: Any = reading.page(office, actor, Person, _narrowed(query, equals))
    ids = [p.id for p in page.items]
    posts = _posts(visit, person_id=ids) if ids else []
    return shown(
        visit, "admin/people.html", people=page.items, posts=_by_person(posts), asked=asked,
        more=page.next, named=Named(visit, posts), roles=roles.named(visit),
        bodies=options(office, actor, {"organisations"}, visit.county)["organisations"],
        today=civil(office.clock()), given=sought(asked.items()), why={},
    )  # fmt: skip


def _narrowed(query: ListQuery, equals: dict[str, Any]) -> ListQuery:
    where = [
        Condition(field=name, op=Op.IN, value=value if isinstance(value, list) else [value])
        for name, value in equals.items()
    ]
    return msgspec.structs.replace(query, where=where)


def _posts(visit: Visit, **equals: Any) -> list[Post]:
    query = _narrowed(ListQuery(limit=MOST, county=visit.county), equals)
    found: list[Post] = list(reading.page(visit.office, visit.actor(), Post, query).items)
    return found


def _by_person(posts: list[Post]) -> dict[str, list[Post]]:
    found: dict[str, list[Post]] = {}
    for post in posts:
        found.setdefault(post.person_id, []).append(post)
    return found


async def one(visit: Visit) -> Any:
    """``GET /admin/people/{id}``: the account, its posts, the browsers it is signed in with."""
    return await aside(_one, visit)


def _one(visit: Visit) -> Any:
    office, actor = visit.office, visit.actor()
    person: Any = reading.one(office, actor, Person, visit.id, county=visit.county)
    posts = _posts(visit, person_id=person.id)
    watches = may(office, actor, "sign_in.read")
    living = _sessions(visit) if watches else []
    held = tokens.everybodys(office, actor, visit.county or actor.county).items if watches else []
    return shown(
        visit, "admin/person.html", person=person, posts=posts, named=Named(visit, posts),
        roles=roles.named(visit), today=civil(office.clock()), key=_key(visit),
        sessions=[s for s in living if s.person_id == person.id],
        ends=may(office, actor, ending.ACT), hands=may(office, actor, "handover.run"),
        watches=watches, ended="ended" in visit.query, done=done_of(visit),
        tokens=[t for t in held if t.person_id == person.id],
        locked=watches and passwords.locked(visit, person.username),
        gives=may(office, actor, giving.ACT) and person.id != actor.person_id,
        unlocks=may(office, actor, giving.UNLOCK), grants=may(office, actor, "post.grant"),
    )  # fmt: skip


def _sessions(visit: Visit) -> list[Any]:
    actor = visit.actor()
    return ending.everybodys(visit.office, actor, visit.county or actor.county)


def _key(visit: Visit) -> str:
    return visit.office.source.token(16).hex()


async def sessions(visit: Visit) -> Any:
    """``GET /admin/sessions``: who is signed in now, and where from."""
    return await aside(_living, visit)


def _living(visit: Visit) -> Any:
    living, actor = _sessions(visit), visit.actor()
    held = tokens.everybodys(visit.office, actor, visit.county or actor.county).items
    return shown(
        visit, "admin/sessions.html", sessions=living, named=Named(visit, [*living, *held]),
        key=_key(visit), tokens=held,
        ends=may(visit.office, visit.actor(), ending.ACT), ended="ended" in visit.query,
        current=visit.seat.session.id if visit.seat else "",
    )  # fmt: skip


async def end(visit: Visit) -> Any:
    """``POST /admin/sessions``: a browser of somebody is signed out, or all that they have."""
    given = {
        "person_id": visit.field("person"), "session_id": visit.field("session") or None,
        "token_id": visit.field("token") or None,
    }  # fmt: skip
    try:
        command = msgspec.convert(given, ending.SessionEndCommand)
    except msgspec.ValidationError as error:
        raise misfit(error, ending.SessionEndCommand) from error
    call = visit.call(visit.actor(), ending.ACT, command)

    def verb(desk: Any) -> Answer:
        return ending.end(desk, command)

    await perform(visit.office, call, verb)
    back = f"/admin/people/{command.person_id}" if visit.field("back") else "/admin/sessions"
    return moved(back, ended="1")


async def log(visit: Visit) -> Any:
    """``GET /admin/sign-ins``: who signed in, and which accounts failed how often."""
    if not visit.query:
        visit.query["from"] = (civil(visit.office.clock()) - RECENT).isoformat()
    try:
        told = await aside(_signed, visit)
    except Refusal as refusal:
        if not refusal.code.startswith("query."):
            raise
        return shown(visit, "admin/sign_ins.html", status=422, told=None, asked=visit.query,
                     refusal=refusal)  # fmt: skip
    return shown(visit, "admin/sign_ins.html", told=told, asked=visit.query, refusal=None)


def _signed(visit: Visit) -> sign_ins.SignIns:
    actor = visit.actor()
    visit.query = {n: v.strip() for n, v in visit.query.items() if v.strip()}
    first, last = day(visit, "from"), day(visit, "to")
    query = read_as(sign_ins.SignInQuery, {
        "username": visit.query.get("username"), "after": visit.query.get("after"),
        "first": sign_ins.first_instant(first) if first else None,
        "last": sign_ins.last_instant(last) if last else None,
    })  # fmt: skip
    return sign_ins.read(visit.office, actor, visit.county or actor.county, query)


PAGES: list[Line] = [
    ("GET", "/admin/people", many, LIST),
    ("GET", "/admin/people/{id:str}", one, DONE),
    ("GET", "/admin/sessions", sessions, DONE),
    ("POST", "/admin/sessions", end, PLAIN),
    ("GET", "/admin/sign-ins", log, LOG),
]
