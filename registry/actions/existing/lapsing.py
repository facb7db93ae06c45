"""逾期未处置 what time brings to what was there: late settling is told, guessed days become firm, and
where the request that was to admit it came to nothing it waits to be settled again.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date

from registry.actions.existing.admitting import OVERDUE, PENDING, UNDER_WAY
from registry.actions.existing.judging import due_by
from registry.actions.office import Answer, Desk, Office
from registry.domain.audit import Finding
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
                _open_finding(desk, review)
        return Answer(body=len(found))

    return verb


def _open_finding(desk: Desk, review: LegacyReview) -> None:
    """Opened again where it had been settled late, and that came to nothing."""
    held = desk.unit.maybe(Finding, f"{review.id}.overdue")
    if held is None:
        desk.unit.add(_finding(desk, review))
    else:
        desk.unit.change(held, opened_on=desk.today, closed_on=None)


def _finding(desk: Desk, review: LegacyReview) -> Finding:
    presence = desk.unit.get(Presence, review.presence_id)
    taken = presence.legacy.stocktake_id if presence.legacy else ""
    stocktake = desk.unit.maybe(Stocktake, taken)
    return Finding(
        county=desk.unit.county, id=f"{review.id}.overdue", code=OVERDUE,
        object_kind="legacy_review", object_id=review.id,
        organisation_id=stocktake.organisation_id if stocktake else None,
        area_path=review.area_path, opened_on=desk.today,
        detail="存量事项处置期限已过，尚未处置",
        detail_en="What was there before is past its day and not settled.",
        facts={"title": presence.title, "due_on": str(review.due_on)},
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
