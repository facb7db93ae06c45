"""年终预演 what closing a year would do, community by community, and what else is open at its turn; it
records nothing (P17).

Communities stand in the order of their codes and are not compared (P9).
"""

from collections import Counter
from datetime import date
from typing import Annotated

import msgspec

from registry.actions.office import Answer, Desk
from registry.actions.years.carrying import is_money, total_of
from registry.actions.years.closing import check_ready, rule_of, standing
from registry.domain.areas import Area, AreaLevel
from registry.domain.budget import BudgetCode, CodeKind
from registry.domain.calendar import CalendarYear
from registry.domain.errors import Refusal
from registry.domain.funds import VoucherLine, Year
from registry.domain.people import Organisation
from registry.domain.presence import Presence, PresenceState
from registry.domain.records import NATION, Count, Fen, Ident, Wire
from registry.domain.request import State
from registry.domain.vocabulary import OrganisationKind
from registry.domain.year_end import STAGE_OF, Fate, Rule, left_over
from registry.policies.numbering import yearly
from registry.store.states import by_state
from registry.store.year_books import added_up, ending

Many = Annotated[int, msgspec.Meta(ge=1, le=512)]
ENOUGH = 1 << 11
"""Entries that were looked through before an answer ends, at the end of a community."""
_REHEARSE = "year.rehearse"
_LIVE = frozenset({
    PresenceState.PLANNED, PresenceState.AGREED, PresenceState.ACTIVE, PresenceState.SUSPENDED,
})  # fmt: skip
_OPEN = (State.DRAFT, State.SUBMITTED, State.ACCEPTED, State.RETURNED, State.IN_REVIEW)


class RehearseCommand(Wire, frozen=True, kw_only=True):
    """年终预演 of one community, or of the next ones of the county."""

    year: Year
    organisation_id: Ident | None = None
    after: str = ""
    """The ``next`` of the answer before."""
    limit: Many = 20


class Ending(Wire, frozen=True, kw_only=True):
    """到期事项: it ends by the last day of the year; renew it, change it, or let it leave."""

    presence_id: str
    title: str
    ends_on: date


class Rehearsed(Wire, frozen=True, kw_only=True):
    """一个社区的预演."""

    organisation_id: str
    code: str
    name: str
    closed: bool
    obstacle: str = ""
    """Why it could not be closed today; the code and the sentence follow."""
    obstacle_zh: str = ""
    obstacle_en: str = ""
    carried_fen: Fen = 0
    remitted_fen: Fen = 0
    """Of it, to be handed in or given back in the new year."""
    expired_fen: Fen = 0
    """Of that, because it was carried over as often as the pack allows (预算法 art. 42)."""
    lapsed_fen: Fen = 0
    ending: list[Ending] = []


class Turning(Wire, frozen=True, kw_only=True):
    """新年度准备: what else is to be there when the year turns."""

    over: bool
    """The year is over: it may be closed."""
    rule: Rule
    series: list[str]
    """Number templates that begin anew."""
    codes: dict[CodeKind, Count]
    """Codes of the new year's tables that are there already."""
    calendar: bool
    """The new year's days off are published here."""
    open_requests: dict[State, Count]


class Rehearsal(Wire, frozen=True, kw_only=True):
    """年终预演: fewer communities than asked for where their books are large; ``next`` leads on."""

    year: int
    turning: Turning
    communities: list[Rehearsed]
    next: str | None = None


def rehearse(desk: Desk, command: RehearseCommand) -> Answer:
    """年终预演.

    Raises:
        Refusal: ``year.unruled``.
    """
    places = communities(desk)
    if command.organisation_id is not None:
        places = [one for one in places if one[1].id == command.organisation_id]
    paths = [area.path for area, _ in places] if command.organisation_id else []
    post = desk.authorise(_REHEARSE, paths=paths or [_ground(desk)])
    rule = rule_of(desk, command.year)
    there = [(a, o) for a, o in places if a.path.startswith(post.area_path)]
    rest = [(a, o) for a, o in there if a.code > command.after]
    found, looked = list[Rehearsed](), 0
    for area, body in rest:
        full = len(found) >= command.limit or looked >= ENOUGH
        if full and area.code != found[-1].code:  # Bodies of one place stand together.
            break
        lines = added_up(desk.unit.connection, desk.unit.county, body.id)
        found.append(_rehearsed(desk, (area, body, lines), command.year, rule))
        looked += len(lines)
    told = Rehearsal(
        year=command.year, turning=_turning(desk, command.year, rule, post.area_path),
        communities=found, next=found[-1].code if len(rest) > len(found) else None,
    )  # fmt: skip
    return Answer(body=told)


def _ground(desk: Desk) -> str:
    """Whose communities are meant where none is named: those of the asker's own ground."""
    may = desk.office.access.relations
    posts = [p for p in desk.actor.posts if p.serves(_REHEARSE) and may(p.role, _REHEARSE)]
    within = [p.area_path for p in posts if p.area_path.startswith(desk.places.county().path)]
    return within[0] if within else desk.places.county().path


def communities(desk: Desk) -> list[tuple[Area, Organisation]]:
    """Every community that has books, in code order; one that is no more stays as long as it has
    matters of its own."""
    areas = {a.id: a for a in desk.unit.find(Area, level=AreaLevel.COMMUNITY.value)}
    bodies = [
        (areas[o.area_id], o)
        for o in desk.unit.find(Organisation)
        if o.kind is OrganisationKind.COMMUNITY and o.area_id in areas
    ]
    return sorted(bodies, key=lambda one: (one[0].code, one[1].id))


def _rehearsed(
    desk: Desk, one: tuple[Area, Organisation, list[VoucherLine]], year: int, rule: Rule
) -> Rehearsed:  # fmt: skip
    area, body, lines = one
    left = left_over(lines, year, rule)
    held = standing(desk, body.id, year)
    told: dict[str, str] = {}
    # As the closing asks it: of a year closed already, only where something is to be carried again.
    if held is None or any(x.fate is not Fate.LAPSE for x in left):
        try:
            check_ready(desk, body, lines, year)
        except Refusal as refusal:
            told = {
                "obstacle": refusal.code, "obstacle_zh": refusal.detail,
                "obstacle_en": refusal.detail_en,
            }  # fmt: skip
    last, county = date.max.replace(year=year), desk.unit.county
    ends = ending(desk.unit.connection, county, (body.id, _LIVE), last)
    return Rehearsed(
        organisation_id=body.id, code=area.code, name=body.name, closed=held is not None, **told,
        carried_fen=total_of(x for x in left if x.fate is not Fate.LAPSE and is_money(x)),
        remitted_fen=total_of(x for x in left if x.fate in STAGE_OF),
        expired_fen=total_of(x for x in left if x.expired and x.fate in STAGE_OF),
        lapsed_fen=total_of(x for x in left if x.fate is Fate.LAPSE),
        ending=[_ending(presence) for presence in ends],
    )  # fmt: skip


def _ending(presence: Presence) -> Ending:
    return Ending(
        presence_id=presence.id, title=presence.title, ends_on=presence.ends_on or date.max
    )


def _turning(desk: Desk, year: int, rule: Rule, ground: str) -> Turning:
    numbering = desk.rulebook().overlay.setting(lambda d: d.numbering)
    templates = [numbering.decision, *numbering.of.values()] if numbering else []
    codes = Counter(c.kind for c in desk.unit.find(BudgetCode, year=year + 1))
    county = desk.unit.county
    calendars = [desk.unit, desk.unit.beside(NATION)]
    published = any(c.year == year + 1 for u in calendars for c in u.find(CalendarYear))
    whole = desk.places.county().path.startswith(ground)
    states = [state.value for state in _OPEN]
    kept = desk.office.store.reader.kept
    waiting = by_state(desk.unit.connection, county, states, None if whole else ground, kept=kept)
    return Turning(
        over=desk.today.year > year, rule=rule,
        series=sorted({t for t in templates if yearly(t)}),
        codes=dict(sorted(codes.items())), calendar=published,
        open_requests={State(state): many for state, many in sorted(waiting.items())},
    )  # fmt: skip
