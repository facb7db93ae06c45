"""雷同核对 (R12, P38): earlier requests of the applicant, and others' for the same places.

Read are the titles of one applicant's requests of one kind, and of those aimed at one area, by
index; never the county's. Without ``[similar]`` in a pack nothing is compared.
"""

from collections.abc import Iterator
from datetime import date

import msgspec

from registry.actions.doubting import keeping
from registry.actions.doubting.cases import REFILED
from registry.actions.doubting.keeping import Seen
from registry.actions.granting import admitted
from registry.actions.office import Desk
from registry.domain.admission import Verdict
from registry.domain.audit import Finding
from registry.domain.filing import Filing
from registry.domain.request import STATE_ZH, Request, State, Target
from registry.policies.measures import Similar
from registry.policies.measuring.refiling import back, how_alike, same_substance, surest
from registry.policies.measuring.registered import Ground, similar_rule
from registry.store.counting import TURNED_DOWN, Known, others_there, own_requests


class _Earlier(msgspec.Struct, frozen=True, kw_only=True):
    """比对范围: the rule, the request that asks, and the earlier ones of its applicant."""

    rule: Similar
    since: date
    mine: Request | None
    own: list[Known]


def likeness(
    desk: Desk, filing: Filing, applied: date, request_id: str | None = None
) -> Ground | None:
    """The ground of likeness: ``exact`` for a title of one's own again, else ``near``."""
    earlier = _earlier(desk, filing, applied, request_id)
    if earlier is None:
        return None
    met = [*_own(desk, filing, applied, earlier), *_others(desk, filing, earlier)]
    return (surest(how for how, _ in met), [name for _, name in met]) if met else None


def _earlier(desk: Desk, filing: Filing, applied: date, request_id: str | None) -> _Earlier | None:
    book = desk.rulebook(applied)
    rule = similar_rule(book.overlay)
    if rule is None:
        return None
    since = back(book.calendar, rule.within, applied)
    mine = desk.unit.get(Request, request_id) if request_id else None
    kinds = (filing.kind.value, since)
    found = own_requests(desk.unit.connection, desk.unit.county, filing.leading, kinds)
    own = [k for k in found if _stands_before(k, mine) and _recent(desk, k, since)]
    return _Earlier(rule=rule, since=since, mine=mine, own=own)


def _stands_before(known: Known, mine: Request | None) -> bool:
    """The request that asks, the parts of its own composite, and what it would change are no
    repetition of it; nor is what came after it."""
    if mine is None:
        return True
    family = {mine.id, mine.parent_id, mine.amends} - {None}
    if known.id in family or (known.parent_id is not None and known.parent_id in family):
        return False
    return came_before((known.applied_on, known.id), mine)


def came_before(other: tuple[date | None, str], mine: Request) -> bool:
    """Whether another request was applied for before one; to one still a draft, any was."""
    on, id = other
    return mine.applied_on is None or on is None or (on, id) < (mine.applied_on, mine.id)


def _recent(desk: Desk, known: Known, since: date) -> bool:
    """Whether it lies within the time looked at; a refused draft has the day of its verdict."""
    if known.applied_on is not None:
        return known.applied_on >= since
    request = desk.unit.get(Request, known.id)
    verdict = desk.unit.maybe(Verdict, request.verdict_id) if request.verdict_id else None
    return verdict is not None and verdict.governing["applied"] >= since


def _own(desk: Desk, filing: Filing, applied: date, earlier: _Earlier) -> Iterator[tuple[str, str]]:
    for known in earlier.own:
        how = how_alike(filing.title, known.title, earlier.rule.near)
        if how and not _over(desk, known, applied):
            yield how, f"{known.id} 《{known.title}》{STATE_ZH[State(known.state)]}"


def _over(desk: Desk, known: Known, on: date) -> bool:
    """An admitted matter whose term is over leaves room for the next."""
    if known.state != State.APPROVED.value:
        return False
    ends_on = admitted(desk, desk.unit.get(Request, known.id)).ends_on
    return ends_on is not None and ends_on < on


def _others(desk: Desk, filing: Filing, earlier: _Earlier) -> Iterator[tuple[str, str]]:
    """Other applicants' requests for the same places, as the ground tells them."""
    for known in _beside(desk, filing, earlier):
        name = desk.places.organisation(known.applicant_id).name
        yield "near", f"{known.id} 《{known.title}》{name}"


def _beside(desk: Desk, filing: Filing, earlier: _Earlier) -> Iterator[Known]:
    """Other applicants' running requests of the kind, for the same places (可合并): whoever asks the
    same places asks the first of them."""
    paths = {area.path for area in desk.places.areas(filing.targets, desk.today)}
    unit, kinds = desk.unit, (filing.kind.value, earlier.since)
    for known in others_there(unit.connection, unit.county, min(paths), kinds):
        if known.applicant_id == filing.leading or not _stands_before(known, earlier.mine):
            continue
        if not how_alike(filing.title, known.title, earlier.rule.near):
            continue
        theirs = {t.path for t in unit.find(Target, request_id=known.id) if not t.withdrawn}
        if theirs == paths:
            yield known


def alike(desk: Desk, request: Request) -> dict[str, bool]:
    """Ids of earlier requests that read like one, and whether they are the applicant's own; without
    a rule that compares there are none."""
    filing, applied = request.filing, request.applied_on or desk.today
    earlier = _earlier(desk, filing, applied, request.id)
    if earlier is None:
        return {}
    near = earlier.rule.near
    own = {k.id: True for k in earlier.own if how_alike(filing.title, k.title, near)}
    return own | {known.id: False for known in _beside(desk, filing, earlier)}


def flag_refiled(desk: Desk, request: Request) -> None:
    """A refused request filed again with nothing but its dress changed is told to whoever audits;
    it is refused by nothing for that (P38)."""
    earlier = _earlier(desk, request.filing, desk.today, request.id)
    if earlier is None or request.amends is not None:
        return
    refused = [
        k for k in earlier.own if k.state in (*TURNED_DOWN, State.DRAFT.value)
    ]  # fmt: skip
    for known in refused:
        before = desk.unit.get(Request, known.id)
        id = f"{request.id}.refiled"
        if not same_substance(request.filing, before.filing, earlier.rule.near):
            continue
        if desk.unit.maybe(Finding, id) is None:
            keeping.tell(desk, Seen(
                REFILED, id, request.id, request.applicant_id, None, {"title": before.title},
                {"requests": [before.id]},
            ))  # fmt: skip
        return
