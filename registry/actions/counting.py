"""限额核对 (R15): what is there already, against the packs' caps, for the communities a filing names.

Asked at filing, to warn early, and again when it is approved: then under a lock of each quota, so
that whoever approves second counts what the first admitted.
"""

from collections.abc import Sequence
from datetime import date

from registry.actions.office import Desk
from registry.actions.places import above
from registry.domain.areas import Area
from registry.domain.existing import LegacyReview, Settlement
from registry.domain.filing import Filing
from registry.domain.people import Organisation
from registry.domain.vocabulary import Gate
from registry.domain.workload import hours_a_year
from registry.policies.measures import Quota
from registry.policies.measuring.registered import Count, added, concerns, period, quotas
from registry.store.counting import Tally, counted, hold

COUNTED_AT = frozenset({Gate.FILE, Gate.APPROVE, Gate.RENEW})
"""Gates at which something would be added."""


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
    found = [_count(desk, q, filing, areas=list(areas), without=without) for q in asked]
    return found, areas


def _replaced(desk: Desk, request_id: str) -> list[str]:
    """补办准入: what was there before and ends by this admission does not stand in its way."""
    admitted = Settlement.ADMITTED.value
    named = desk.unit.find(LegacyReview, request_id=request_id, settlement=admitted)
    return [review.presence_id for review in named]


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
    desk: Desk, quota: Quota, filing: Filing, *, areas: Sequence[str],
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
    places = areas if local else [""]
    asked = added(quota, filing) * (1 if local else len(areas))
    hours = hours_a_year(filing.hours_per_cycle, filing.cycle, working_days(desk, filing))
    more = asked * (hours or 0) if what.hours else asked if local else 1
    return Count(
        quota=quota, more=more, unstated=what.hours and hours is None,
        counts={place: counts.get(place, 0) for place in places},
    )  # fmt: skip
