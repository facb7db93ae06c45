"""委托、A/B角页 who acts for whom: chosen by name, the acts ticked, the days told (P16).

One's own post first; a head names stand-ins for the posts of the body too.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

from litestar.types import Method

from registry.actions.staff import delegating, directory
from registry.api.acting import carried
from registry.api.serving import aside
from registry.domain.delegation import DelegationKind
from registry.domain.errors import Refusal
from registry.domain.records import civil
from registry.web.admin import roles
from registry.web.forms.fields import fields_of
from registry.web.forms.filled import Filled, Typed, Wrong, command_of, typed
from registry.web.offers import BY_NAME
from registry.web.serving import Kind, Line, moved, shown
from registry.web.visit import Visit

ASK, SEND = Kind(parameters=frozenset({"post"})), Kind(again=True, parameters=frozenset({"post"}))
_GIVE, _DEPUTY, _ORDER, _TAKE = (
    "delegation.give", "delegation.deputy", "delegation.order", "delegation.take",
)  # fmt: skip


_METHODS: tuple[Method, ...] = ("GET", "POST")


class Lent(NamedTuple):
    """可委托岗位: whose, in which body, which role."""

    person_id: str
    name: str
    organisation_id: str
    body: str
    role: str

    @property
    def key(self) -> str:
        """As a link and a form name it."""
        return "|".join((self.person_id, self.organisation_id, self.role))


async def ask(visit: Visit) -> Any:
    """``GET /me/stand-in``: which post, then who, for what, how long."""
    return await aside(_page, visit)


def _page(
    visit: Visit, *, refusal: Refusal | None = None, wrong: Sequence[Wrong] = (), status: int = 200
) -> Any:
    pair = visit.tongue.pair
    posts = _posts(visit)
    wanted = visit.field("post") or visit.query.get("post", "")
    post = next((p for p in posts if p.key == wanted), posts[0] if posts else None)
    told = {"acts": [], "people": []} if post is None else _about(visit, post)
    return shown(
        visit, "standing_in.html", status=status, posts=posts, post=post, refusal=refusal,
        wrong=wrong, why={one.path: pair(one.zh, one.en) for one in wrong},
        roles=roles.named(visit), given=_typed(visit), kinds=list(DelegationKind),
        key=visit.key_on(refusal),
        today=civil(visit.office.clock()), **told,
    )  # fmt: skip


def _typed(visit: Visit) -> Typed:
    return typed((name, value) for name, value in visit.posted if name[:1] != "_")


def _posts(visit: Visit) -> list[Lent]:
    """One's own posts that can be lent, then those of the bodies one heads."""
    actor, access = visit.actor(), visit.office.access
    own = [p for p in actor.posts if p.on_behalf_of is None]
    bodies = {p.organisation_id: _directory(visit, p.organisation_id) for p in own}
    found = [
        Lent(actor.person_id, actor.name, p.organisation_id,
             bodies[p.organisation_id].organisation_name, p.role)
        for p in own if access.relations(p.role, _GIVE)
    ]  # fmt: skip
    for post in own:
        if access.relations(post.role, _ORDER):
            held = bodies[post.organisation_id]
            found += [
                Lent(c.person_id, c.name, post.organisation_id, held.organisation_name, role)
                for c in held.people if c.person_id != actor.person_id
                for role in c.roles if access.relations(role, _GIVE)
            ]  # fmt: skip
    return list(dict.fromkeys(found))


def _directory(visit: Visit, body: str) -> directory.Directory:
    return directory.listed(visit.office, visit.actor(), body)


def _about(visit: Visit, post: Lent) -> dict[str, Any]:
    """Acts of the post that may be lent, in words; colleagues who may take them."""
    access = visit.office.access
    names = [(act, visit.tongue.act_named(act)) for act in delegating.lendable(access, post.role)]
    people = [
        c for c in _directory(visit, post.organisation_id).people
        if c.person_id != post.person_id and all(access.relations(r, _TAKE) for r in c.roles)
    ]  # fmt: skip
    return {"acts": names, "people": people}


async def lend(visit: Visit) -> Any:
    """``POST /me/stand-in``."""
    deputy = visit.field("kind") == DelegationKind.DEPUTY.value
    form = delegating.DeputyCommand if deputy else delegating.DelegationCommand
    filled = Filled(fields_of(form), _given(visit))
    command = command_of(form, filled)
    if filled.wrong:
        return await aside(partial(_page, visit, wrong=filled.wrong, status=422))
    act = _DEPUTY if deputy else _GIVE
    try:
        await carried(visit.office, BY_NAME[act], (visit, visit.actor()), command)
    except Refusal as refusal:
        return await aside(partial(_page, visit, refusal=refusal, status=422))
    return moved("/me", done=act)


def _given(visit: Visit) -> Typed:
    """What was typed, with the post taken apart into what the act asks for."""
    person, body, role = [*visit.field("post").split("|"), "", "", ""][:3]
    given = _typed(visit) | {"organisation_id": [body], "role": [role]}
    return given | ({"from_person_id": [person]} if person != visit.actor().person_id else {})


async def away(_visit: Visit) -> Any:
    """``/do/delegation.give`` and ``…deputy``: people and acts are picked by name on this page."""
    return moved("/me/stand-in")


PAGES: list[Line] = [
    *((method, f"/do/{act}", away, Kind()) for method in _METHODS for act in (_GIVE, _DEPUTY)),
    ("GET", "/me/stand-in", ask, ASK),
    ("POST", "/me/stand-in", lend, SEND),
]
