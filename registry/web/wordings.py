"""常用意见页 wordings kept, changed and dropped; and those offered where a form asks for words."""

from typing import Any

import msgspec

from registry.actions import reading
from registry.actions.office import Office
from registry.actions.reading import ListQuery
from registry.api.serving import aside
from registry.domain.approval import Ballot
from registry.domain.errors import Refusal
from registry.domain.people import Actor, PostView
from registry.domain.phrase import Phrase
from registry.web.forms.fields import Field, Form
from registry.web.forms.filled import Typed
from registry.web.named import Named
from registry.web.records import done_of
from registry.web.serving import Kind, Line, shown
from registry.web.shell import may
from registry.web.visit import PHRASE, Visit

PATH = "/desk/phrases"
MOST = 500
TEXTS = ("text", "reason")
"""Fields that a wording is for: the first that a form has."""
ACTS = (
    "task.examine", "task.opinion", "task.consult", "request.approve", "request.ratify",
    "request.reject", "request.return", "request.not_accept", "task.reconsider", "review.decide",
)  # fmt: skip
"""What one words again and again; the API takes any act."""


def field_of(fields: tuple[Field, ...]) -> str:
    """The field of a form that a wording is for; empty = there is none."""
    texts = [one.name for one in fields if one.form is Form.TEXT]
    return next((name for name in TEXTS if name in texts), "")


def kept(office: Office, actor: Actor) -> list[Phrase]:
    """Every wording the person may use, their own first."""
    query = ListQuery(limit=MOST, equals={"active": True})
    try:
        found = list(reading.page(office, actor, Phrase, query).items)
    except Refusal:
        return []
    return sorted(found, key=lambda one: (one.person_id is None, one.id))


def for_act(phrases: list[Phrase], act: str) -> list[Phrase]:
    """Those meant for an act, as access names it, and those for any."""
    return [one for one in phrases if one.act in ("", act)]


def worded(given: Typed, fields: tuple[Field, ...]) -> None:
    """What was picked stands after what was typed; once put there it is picked no more."""
    name, picked = field_of(fields), (given.pop(PHRASE, None) or [""])[-1].strip()
    if name and picked:
        typed = given.get(name, [""])[0].rstrip()
        given[name] = [f"{typed}\n{picked}" if typed else picked]


async def ask(visit: Visit) -> Any:
    """``GET /desk/phrases``: what is kept; one more, changed, dropped, by the acts' own forms."""
    return await aside(_page, visit)


def _page(visit: Visit) -> Any:
    actor, office = visit.actor(), visit.office
    phrases = kept(office, actor)
    bodies = _bodies(office, actor, "phrase.keep")
    acts = [act for act in ACTS if may(office, actor, act)]
    return shown(
        visit, "phrases.html", own=[one for one in phrases if one.person_id is not None],
        shared=[one for one in phrases if one.person_id is None], bodies=bodies, acts=acts,
        shares=_bodies(office, actor, "phrase.share"), ballots=list(Ballot), done=done_of(visit),
        named=Named(visit, [{"organisation_ids": bodies}]), key=office.source.token(16).hex(),
    )  # fmt: skip


def _bodies(office: Office, actor: Actor, act: str) -> list[str]:
    """Bodies of the person in whose name, by some post there, they may do an act."""
    held: dict[str, list[PostView]] = {}
    for post in actor.posts:
        held.setdefault(post.organisation_id, []).append(post)
    there = {body: msgspec.structs.replace(actor, posts=posts) for body, posts in held.items()}
    return [body for body, one in there.items() if may(office, one, act)]


PAGES: list[Line] = [("GET", PATH, ask, Kind(parameters=frozenset({"done"})))]
