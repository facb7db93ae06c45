"""限额核对 (R15): what is there already, against the packs' caps, for the communities a filing names.

Asked at filing, to warn early, and again when it is approved: then under a lock of each quota, so
that whoever approves second counts what the first admitted.
"""

from collections.abc import Mapping
from datetime import date

from registry.actions.office import Desk
from registry.actions.places import COMMITTEES, above
from registry.domain.areas import Area
from registry.domain.existing import LegacyReview, Settlement
from registry.domain.filing import Filing
from registry.domain.people import Organisation
from registry.domain.vocabulary import Gate, Receiver
from registry.domain.wording import normalise
from registry.domain.workload import hours_a_year
from registry.policies.measures import Quota
from registry.policies.measuring.registered import Count, added, concerns, period, quotas
from registry.store.counting import Tally, counted, hold
from registry.store.hanging import hanging

COUNTED_AT = frozenset({Gate.FILE, Gate.APPROVE, Gate.RENEW})
"""Gates at which something would be added."""


_BY_ITSELF = frozenset({Receiver.RESIDENTS_COMMITTEE, Receiver.VILLAGE_COMMITTEE})
"""At whose door a board hangs."""


def count_quotas(
    desk: Desk, filing: Filing, gate: Gate, *, leading: Organisation, applied: date,
    request_id: str | None = None,
) -> tuple[list[Count], dict[str, Area]]:  # fmt: skip
    """Every quota that concerns the filing, counted as of now; and the communities by id."""
    if gate not in COUNTED_AT:
        return [], {}
    overlay = desk.rulebook(applied).overlay
    asked = [q for q in quotas(overlay, applied) if concerns(q, filing, leading.level)]
    if not asked:
        return [], {}
    if gate is not Gate.FILE:
        for key in sorted(q.key for q in asked):
            hold(desk.unit.connection, desk.unit.county, key)
    areas = communities_of(desk, filing)
    without = (request_id, _replaced(desk, request_id) if request_id else [])
    found = [_count(desk, q, filing, areas=areas, without=without) for q in asked]
    return found, areas


def _replaced(desk: Desk, request_id: str) -> list[str]:
    """补办准入: what was there before and ends by this admission does not stand in its way."""
    named = desk.unit.find(LegacyReview, request_id=request_id)
    admitting = (None, Settlement.ADMITTED)
    return [review.presence_id for review in named if review.settlement in admitting]


def communities_of(desk: Desk, filing: Filing) -> dict[str, Area]:
    """The communities in which any of its receivers would get it, by id."""
    targets = desk.places.areas(filing.targets, desk.today)
    return {
        area.id: area
        for receiver in filing.receivers
        for area in desk.places.communities(targets, receiver, desk.today)
    }


def working_days(desk: Desk, filing: Filing) -> int:
    """工作日 of the civil year in which the work begins: a day's work comes on each of them."""
    year = (filing.starts_on or desk.today).year
    first, last = date(year, 1, 1), date(year, 12, 31)
    return desk.rulebook().calendar.working_days_between(first, last)[0]


def _count(
    desk: Desk, quota: Quota, filing: Filing, *, areas: Mapping[str, Area],
    without: tuple[str | None, list[str]],
) -> Count:  # fmt: skip
    local = quota.per in ("community", "applicant_community")
    own = quota.per in ("applicant", "applicant_community")
    what = Tally(
        kinds=[k.value for k in quota.kinds], areas=list(areas) if local else None,
        receivers=[r.value for r in quota.receivers], places=list(quota.places),
        levels=[v.value for v in quota.levels], above=list(above(desk.unit.county)),
        applicant=filing.leading if own else None,
        without=without[0], replaced=without[1],
        admitted=period(quota, desk.today), hours=quota.of == "hours",
    )  # fmt: skip
    counts = counted(desk.unit.connection, desk.unit.county, what)
    if local and not what.hours and what.admitted is None:
        for area in _on_walls(desk, what, filing, areas):
            counts[area] = counts.get(area, 0) + 1
    places = areas if local else [""]
    asked = added(quota, filing) * (1 if local else len(areas))
    hours = hours_a_year(filing.hours_per_cycle, filing.cycle, working_days(desk, filing))
    more = asked * (hours or 0) if what.hours else asked if local else 1
    return Count(
        quota=quota, more=more, unstated=what.hours and hours is None,
        counts={place: counts.get(place, 0) for place in places},
    )  # fmt: skip


def _on_walls(desk: Desk, what: Tally, filing: Filing, areas: Mapping[str, Area]) -> list[str]:
    """The community of each board that hangs by right without an admission: it takes a place too.
    One under the very words that are asked would become the board that is admitted."""
    board = filing.signboard
    if board is None:
        return []
    own = {Receiver(r) for r in what.receivers} & _BY_ITSELF if what.receivers else _BY_ITSELF
    paths = {
        id: area.path for id, area in areas.items()
        if COMMITTEES.get(area.kind, frozenset()) & own
    }  # fmt: skip
    asked = (filing.kind.value, board.place, normalise(board.wording))
    return [
        hung.area_id
        for hung in hanging(desk.unit.connection, desk.unit.county, what, paths)
        if (hung.form, hung.place, normalise(hung.wording)) != asked
    ]
