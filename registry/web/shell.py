"""外框 what stands around every page: the banner, who is signed in, where they may go."""

from typing import Any
from urllib.parse import parse_qsl, urlencode

from registry.actions.office import Office
from registry.actions.seeing import scopes
from registry.domain.areas import Relation
from registry.domain.people import Actor
from registry.web import keys
from registry.web.house import House
from registry.web.tongue import LANGUAGES, Tongue
from registry.web.visit import Visit

ROOMS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("/desk", "nav.desk", ()),
    ("/community", "nav.community", ("burden.read",)),
    ("/papers/blank", "blanks.title", ("form.reserve",)),
    ("/money", "nav.money", ("voucher.read",)),
    ("/county", "nav.county", ("burden.read",)),
    ("/audit", "nav.audit", ("finding_step.read", "finding.answer")),
    ("/lists", "nav.lists", ("list.propose", "list.publish")),
    ("/packs", "nav.packs", ("pack.propose", "pack.publish")),
    ("/records", "nav.records", ()),
    (
        "/admin",
        "admin.title",
        (
            "person.create",
            "post.grant",
            "sign_in.read",
            "handover.run",
            "reorganisation.plan",
            "year.rehearse",
        ),
    ),
    ("/me", "nav.me", ()),
)
"""Where a signed-in person may go: path, word, acts of which one suffices (none = everybody)."""
_DRAFTS = {"list-drafts": "/lists", "pack-drafts": "/packs"}


def shell(house: House, visit: Visit | None) -> dict[str, Any]:
    """What every template is given."""
    tongue = visit.tongue if visit is not None else Tongue(LANGUAGES[0])
    actor = visit.seat.actor if visit is not None and visit.seat is not None else None
    path = visit.request.scope["path"] if visit is not None else "/"
    return {
        "about": house.about, "tongue": tongue, "t": tongue.t, "here": _here(path), "who": actor,
        "rooms": _rooms(house.office, actor),
        "takes": actor is not None and may(house.office, actor, "export.made"),
        "token": visit.token() if visit is not None else "", "other": _other(visit),
        "keys": keys.TABLE, "keys_on": keys.on(visit),
    }  # fmt: skip


def _here(path: str) -> str:
    """The address as the menu knows it: drafts are written in the room of what they become."""
    first, _, rest = path.removeprefix("/").partition("/")
    return f"{_DRAFTS[first]}/{rest}" if first in _DRAFTS else path


def _rooms(office: Office, actor: Actor | None) -> list[tuple[str, str]]:
    if actor is None or actor.must_change:
        return []
    return entered(office, actor, ROOMS)


def entered(
    office: Office, actor: Actor, rooms: tuple[tuple[str, str, tuple[str, ...]], ...]
) -> list[tuple[str, str]]:
    """Address and word of those rooms that the person may enter today."""
    return [(to, word) for to, word, acts in rooms if not acts or opens(office, actor, *acts)]


def opens(office: Office, actor: Actor, *acts: str) -> bool:
    """The same as ``may``; but what only an audit's project opens (凭项目), while one does."""
    lasting, invited = set[str](), set[str]()
    for act in acts:
        for post in actor.posts:
            if found := office.access.relations(post.role, act) if post.serves(act) else set():
                (lasting if found - {Relation.PROJECT} else invited).add(act)
    return bool(lasting) or any(scopes(office, actor, act, None) for act in invited)


def may(office: Office, actor: Actor, *acts: str) -> bool:
    """Whether some post of the person may do one of the acts anywhere."""
    return any(
        office.access.relations(post.role, act)
        for post in actor.posts for act in acts if post.serves(act)
    )  # fmt: skip


def _other(visit: Visit | None) -> str:
    """The same page in the other language; a form that was sent is not sent again."""
    if visit is None:
        return "/?lang=en"
    wanted = next(one for one in LANGUAGES if one != visit.tongue.language)
    if visit.request.method != "GET":
        return f"/?lang={wanted}"
    asked = parse_qsl(visit.request.scope["query_string"].decode("ascii", "replace"))
    return "?" + urlencode([one for one in asked if one[0] != "lang"] + [("lang", wanted)])
