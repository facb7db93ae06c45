"""负担与公开的询问入口 the burden of communities, what waits to be posted, what the public may read."""

from datetime import date
from typing import Any

from registry.actions.burden import weighing
from registry.actions.burden.weighing import Burden, BurdenQuery
from registry.actions.office import Office
from registry.actions.publicity import listing, waiting
from registry.actions.publicity.listing import PublicMatters, PublicPostings, PublicQuery
from registry.actions.publicity.waiting import WaitingList
from registry.api.asked import Asked, bad_query
from registry.api.asking import FORMAT, Question, day, read_as
from registry.api.serving import COUNTY
from registry.domain.records import civil

_WEIGHED = frozenset({"area", "on", "valid_on", "before", "trend", "after", "limit"})
_PUBLIC = frozenset({"valid_on", "after", "limit"})


def _burden(office: Office, asked: Asked) -> Burden:
    return weighed(office, asked)


def weighed(office: Office, asked: Asked, *, parts: bool = True) -> Burden:
    """负担, as it is asked for in an address; with its parts by kind, duration and department."""
    actor, given = asked.actor(), dict[str, Any](asked.query)
    _past(office, asked, "on", "valid_on", "before")
    if "valid_on" in given:
        if "on" in given:
            raise bad_query("valid_on")
        given["on"] = given.pop("valid_on")
    query = read_as(BurdenQuery, given | ({"county": asked.county} if asked.county else {}))
    return weighing.burden(office, actor, query, parts=parts)


def _past(office: Office, asked: Asked, *names: str) -> None:
    """What is to come is on no record yet."""
    today: date = civil(office.clock())
    for name in names:
        asked_for = day(asked, name)
        if asked_for is not None and asked_for > today:
            raise bad_query(name, f"只能是 {today} 或者更早", f"no later than {today}")


def _waiting(office: Office, asked: Asked) -> WaitingList:
    return waiting.waiting(office, asked.actor(), asked.county)


def _matters(office: Office, asked: Asked) -> PublicMatters:
    return listing.matters(office, _public(office, asked))


def _postings(office: Office, asked: Asked) -> PublicPostings:
    return listing.postings(office, _public(office, asked))


def _public(office: Office, asked: Asked) -> PublicQuery:
    _past(office, asked, "valid_on")
    return read_as(PublicQuery, {"code": asked.id, **asked.query})


PUBLICITY: tuple[Question, ...] = (
    Question(path="/burden", id="burden", zh="负担：各社区事项、工时、牌子、证明、报表、会议",
             en="What each community carries, beside the county's median", ask=_burden,
             answers=Burden, module=weighing, query=COUNTY | _WEIGHED),
    Question(path="/postings/due", id="postings.due", zh="待公布：规则包要求公布的退出",
             en="Leavings that wait to be posted", ask=_waiting, answers=WaitingList,
             module=waiting, query=COUNTY),
    Question(path="/public/areas/{id}/matters", id="public.matters",
             zh="公开清单：本地社区的准入事项（JSON 或 CSV）",
             en="What is in force in the communities of a place, for anybody: JSON or CSV",
             ask=_matters, answers=PublicMatters, module=listing, query=_PUBLIC | {FORMAT},
             open=True, sheet=listing.sheet),
    Question(path="/public/areas/{id}/postings", id="public.postings", zh="公示记录（公众）",
             en="What was posted in a place, for anybody", ask=_postings, answers=PublicPostings,
             module=listing, query=_PUBLIC, open=True),
)  # fmt: skip
