"""逾期未处置 what time brings to what was there: late settling is told, guessed days become firm, and
where the request that was to admit it came to nothing it waits to be settled again.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date

from registry.actions.doubting import keeping
from registry.actions.doubting.communities import LEGACY_OVERDUE
from registry.actions.doubting.keeping import Seen
from registry.actions.existing.admitting import PENDING, UNDER_WAY
from registry.actions.existing.judging import due_by
from registry.actions.office import Answer, Desk, Office
from registry.domain.existing import LegacyReview, Settlement, Stocktake
from registry.domain.presence import Presence, PresenceState
from registry.domain.request import Request, State

Effect = Callable[[Desk], Answer]


def lapses(office: Office, county: str, today: date) -> Iterator[tuple[str, Effect]]:
    """What the day brings about in one county: one effect for all of a community."""
    reader = office.store.reader
    late: dict[str, list[str]] = defaultdict(list)
    firm: dict[date, list[str]] = defaultdict(list)
    unsettled = reader.find(LegacyReview, county, settlement=None)
    states = _states(office, county, unsettled)
    for review in unsettled:
        if review.due_provisional:
            firm[counted_from(review)].append(review.id)
        elif states.get(review.request_id or "") in UNDER_WAY:
            continue
        elif review.due_on is not None and review.due_on < today and not review.overdue:
            late[review.organisation_id].append(review.id)
    yield from (("legacy_overdue", _late(ids)) for _, ids in sorted(late.items()))
    for day, ids in sorted(firm.items()):
        rule = office.rulebooks.of(county, day).overlay.setting(lambda d: d.existing)
        calendar = office.rulebooks.of(county, today).calendar
        if rule is not None and not calendar.due(rule.settle_within, day)[1]:
            yield "recomputed", _firmed(ids)
    yield from (
        ("legacy_reopened", _reopened(id)) for id in _came_to_nothing(office, county, unsettled)
    )


def _states(office: Office, county: str, reviews: list[LegacyReview]) -> dict[str, State]:
    """State of each request by which something is being admitted, by id."""
    ids = sorted({review.request_id for review in reviews if review.request_id})
    found = office.store.reader.find(Request, county, id=ids) if ids else []
    return {request.id: request.state for request in found}


def counted_from(review: LegacyReview) -> date:
    """The day its time began, however often it was judged again since."""
    return review.counts_from or review.judged_on


def _late(ids: list[str]) -> Effect:
    """Late is whoever took the stock and does not settle it: never the community."""

    def verb(desk: Desk) -> Answer:
        found = []
        for review in desk.unit.find(LegacyReview, id=ids):
            if review.settlement is None and not review.overdue:
                found.append(desk.unit.change(review, overdue=True))
                # Opened again where it had been settled late, and that came to nothing.
                keeping.tell(desk, _overdue(desk, review))
        return Answer(body=len(found))

    return verb


def _overdue(desk: Desk, review: LegacyReview) -> Seen:
    presence = desk.unit.get(Presence, review.presence_id)
    taken = presence.legacy.stocktake_id if presence.legacy else ""
    stocktake = desk.unit.maybe(Stocktake, taken)
    return Seen(
        LEGACY_OVERDUE, f"{review.id}.overdue", review.id,
        stocktake.organisation_id if stocktake else None, review.area_path,
        {"title": presence.title, "due_on": str(review.due_on)},
    )  # fmt: skip


def _firmed(ids: list[str]) -> Effect:
    def verb(desk: Desk) -> Answer:
        for review in desk.unit.find(LegacyReview, id=ids):
            due, guessed = due_by(desk, counted_from(review))
            desk.unit.change(review, due_on=due, due_provisional=guessed)
        return Answer(body=len(ids))

    return verb


def _came_to_nothing(office: Office, county: str, unsettled: list[LegacyReview]) -> list[str]:
    """Reviews of what is there unadmitted still, though its request may be approved no more: told
    by a few statements, however many were ever admitted."""
    reader = office.store.reader
    settled = reader.find(LegacyReview, county, settlement=Settlement.ADMITTED.value)
    admitting = [review for review in unsettled if review.request_id]
    if not settled and not admitting:
        return []
    there = {p.id for p in reader.find(Presence, county, state=PresenceState.LEGACY.value)}
    waiting = [review for review in (*admitting, *settled) if review.presence_id in there]
    states = _states(office, county, waiting)
    return [r.id for r in waiting if states.get(r.request_id or "") not in PENDING]


def _reopened(id: str) -> Effect:
    """It was not admitted after all, or not here: it waits as before, under the same day."""

    def verb(desk: Desk) -> Answer:
        review = desk.unit.get(LegacyReview, id, lock=True)
        desk.about(review)
        if review.settlement not in (None, Settlement.ADMITTED):
            return Answer(body=None)
        # Who was late before is late still; what was settled meanwhile is late anew.
        opened = desk.unit.change(
            review, settlement=None, settled_on=None, settled_by=None, request_id=None, reason="",
            overdue=review.overdue and review.settlement is None,
        )  # fmt: skip
        return Answer(body=opened.id)

    return verb
