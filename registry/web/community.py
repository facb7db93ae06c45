"""社区页 what one community carries, on a phone at the door; which papers it issues, what it declines.

Nothing here is put in an order of merit, and nothing is compulsory (P9).
"""

from functools import partial
from typing import Any, NamedTuple

import msgspec

from registry.actions.burden import at_the_door
from registry.actions.burden.at_the_door import DoorMatter
from registry.actions.certifying import answering
from registry.actions.certifying.answering import AskCommand
from registry.api.acting import Act
from registry.api.serving import aside
from registry.domain.areas import Area, AreaLevel
from registry.domain.certifying import Demander
from registry.domain.errors import Refusal
from registry.web.offers import BY_NAME, MOVES
from registry.web.records import done_of
from registry.web.serving import Kind, Line, moved, shown
from registry.web.shell import may
from registry.web.visit import Visit

PATH = "/community"
HERE = Kind(parameters=frozenset({"done"}))
PAPERS = Kind(parameters=frozenset({"q", "area", "demander", "out_of_area"}))
OF_PRESENCE = ("presence.start", "presence.resume", "presence.refuse", "presence.report",
               "objection.raise", "reservation.make", "presence.suspend")  # fmt: skip
"""What a community does with a matter, in the order in which it is offered."""
ANEW = ("declining.issue", "unregistered.note", "board.record", "certificate_demand.record",
        "complaint.register")  # fmt: skip
"""What it begins without a matter."""
NAMES = "presence_id"


class Matter(NamedTuple):
    """一件事项: what is told of it, and what may be done."""

    told: DoorMatter
    acts: list[tuple[Act, str]]
    """With the address of each form."""


async def mine(visit: Visit) -> Any:
    """``GET /community``: one's own community; who has several, or a street, chooses."""
    places = await aside(_places, visit)
    if len(places) == 1:
        return moved(f"{PATH}/{places[0].id}")
    return shown(visit, "community/choose.html", places=places)


def _places(visit: Visit) -> list[Area]:
    """Communities of one's posts, else those below them, in the order of codes."""
    actor, find = visit.actor(), visit.office.store.reader.find
    own = {post.area_id for post in actor.posts}
    areas = [a for a in find(Area, actor.county) if a.level is AreaLevel.COMMUNITY]
    here = [a for a in areas if a.id in own]
    below = [a for a in areas if any(a.path.startswith(p.area_path) for p in actor.posts)]
    return sorted(here or below, key=lambda a: a.code)


async def door(visit: Visit) -> Any:
    """``GET /community/{id}``: what it carries, what waits, what hangs on its walls."""
    return await aside(_door, visit)


def _door(visit: Visit) -> Any:
    actor = visit.actor()
    told = at_the_door.door(visit.office, actor, visit.id, visit.county)
    matters = [Matter(one, _acts(visit, one)) for one in told.matters]
    begin = [BY_NAME[name] for name in ANEW if may(visit.office, actor, name)]
    return shown(visit, "community/door.html", door=told, matters=matters, begin=begin,
                 done=done_of(visit), back=f"{PATH}/{visit.id}")  # fmt: skip


def _acts(visit: Visit, one: DoorMatter) -> list[tuple[Act, str]]:
    found, actor = [], visit.actor()
    for name in OF_PRESENCE:
        act = BY_NAME[name]
        if not may(visit.office, actor, name) or not _lets(act, one):
            continue
        by = "id" if "{id}" in act.path else NAMES
        found.append((act, f"/do/{name}?{by}={one.presence_id}&next={PATH}/{visit.id}"))
    return found


def _lets(act: Act, one: DoorMatter) -> bool:
    if act.act == "presence.refuse" and one.declinable.may != "on_ground":
        return False
    moves = next(m for kind, m in MOVES.items() if kind.__name__ == "Presence")
    word = act.path.rpartition("/")[2]
    return word not in moves or one.state in moves[word]


async def papers(visit: Visit) -> Any:
    """``GET /community/certificates``: may it issue this paper, and who verifies it instead."""
    return await aside(_papers, visit)


def _papers(visit: Visit) -> Any:
    actor = visit.actor()
    given = {n: v for n, v in visit.query.items() if v}
    return papers_page(visit, partial(_asked, visit, actor), given)


def _asked(visit: Visit, actor: Any, command: AskCommand) -> Any:
    return answering.answer(visit.office, actor, visit.county or actor.county, command)


def papers_page(visit: Visit, ask: Any, given: dict[str, str]) -> Any:
    """The look-up and its answer, whoever asks."""
    answer, refusal = None, None
    if given.get("q"):
        try:
            flagged = given | {"out_of_area": given.get("out_of_area") == "true"}
            answer = ask(msgspec.convert(flagged, AskCommand))
        except msgspec.ValidationError:
            refusal = visit.tongue.t("community.bad_words")
        except Refusal as raised:
            refusal = visit.tongue.refusal(raised)
    records = visit.who is not None and may(visit.office, visit.who, "certificate_demand.record")
    return shown(visit, "community/papers.html", given=given, answer=answer, refusal=refusal,
                 demanders=list(Demander), records=records)  # fmt: skip


PAGES: list[Line] = [
    ("GET", PATH, mine, HERE),
    ("GET", PATH + "/certificates", papers, PAPERS),
    ("GET", PATH + "/{id:str}", door, HERE),
]
