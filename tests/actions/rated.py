"""评价 builders: what was said of whom, laid in or recorded, and what somebody reads of it."""

from typing import Any

import msgspec

from registry.actions.evaluating import results, satisfying
from registry.actions.evaluating.results import Result, ResultQuery, Results
from registry.actions.evaluating.satisfying import SatisfactionCommand
from registry.actions.office import Answer
from registry.domain.evaluating import Rated, Rater, Satisfaction
from tests.actions.case import Hands
from tests.conftest import NOON

COUNTY, HERE, CIVIL = "990102", "o-990102001001", "o-990102-civil"
DEPARTMENTS = [f"o-990102-{name}" for name in ("civil", "health", "justice", "urban")]


def said(hand: Hands, by: str = "community.worker", **fields: Any) -> Satisfaction:
    """Counts of a survey on the department of civil affairs, unless told otherwise."""
    whole = {
        "organisation_id": HERE, "rated": "department", "subject_id": CIVIL,
        "rater": "residents", "period": "2026Q1", "method": "居民会议",
        "counts": [1, 2, 10, 40, 27], "asked": 100, **fields,
    }  # fmt: skip
    command = msgspec.convert(whole, SatisfactionCommand)
    made: Satisfaction = hand(by).do(lambda d: satisfying.record(d, command))
    return made


def laid(hand: Hands, subject: str, answer: int, rater: Rater, **fields: Any) -> Satisfaction:
    """One answer, 0 to 4, of one body, as it would have been recorded."""
    at = fields.get("organisation_id", HERE)
    made = Satisfaction(**{
        "county": COUNTY, "id": f"sat-{subject}-{rater}-{at}", "rated": Rated.DEPARTMENT,
        "subject_id": subject, "subject": subject, "organisation_id": at, "area_path": "/",
        "rater": rater, "period": "2026Q1", "method": "演示",
        "counts": [int(answer == n) for n in range(5)], "recorded_on": NOON.date(), **fields,
    })  # fmt: skip
    kept: Satisfaction = hand("county.head").do(lambda d: Answer(body=d.unit.add(made)))
    return kept


def read(hand: Hands, by: str, **query: Any) -> Results:
    """What a person reads of the first quarter."""
    person = hand(by)
    asked = ResultQuery(**{"period": "2026Q1", **query})
    return results.results(person.office, person.actor, asked)


def of(told: Results, id: str = CIVIL) -> Result:
    """The result of one body or matter."""
    (found,) = [row for row in told.items if row.id == id]
    return found
