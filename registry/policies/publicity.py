"""公示期限 whether what had to be posted stood as long as the pack says."""

from datetime import date, timedelta

from registry.domain.calendar import Calendar, Unit
from registry.domain.vocabulary import GRADES_OFF
from registry.policies.measures import Publicity


def publicity(rule: Publicity | None, calendar: Calendar, posted: date | None, last: date) -> str:
    """The fact ``publicity``: met, short, or unset where no text or no posting is known, or the
    text was not read far enough to decide.

    Args:
        rule: ``[publicity]`` of the nearest pack that has one.
        posted: the day it was put up.
        last: the last day it hung: of taking down, or today where it still hangs.

    Whether the day of posting counts is the pack's to say; where it does not, it counts, so that
    silence puts nobody in breach. A count over a year without a calendar makes nothing short.
    """
    if rule is None or posted is None or rule.grade in GRADES_OFF:
        return "unset"
    first = posted + timedelta(days=rule.at_least.count_first_day is False)
    if rule.at_least.unit is Unit.WORKING:
        days, provisional = calendar.working_days_between(first, last)
    else:
        days, provisional = (last - first).days + 1, False
    return "met" if days >= rule.at_least.days or provisional else "short"
