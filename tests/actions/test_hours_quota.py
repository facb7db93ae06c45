"""工时限额 (R15): hours a year are counted like matters, and never passed, whoever approves at once."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from registry.actions import approving
from registry.actions.office import Answer, Call
from registry.domain.existing import LegacyReview, Settlement, Standing
from registry.domain.presence import Presence
from registry.domain.vocabulary import Outcome
from tests.actions import case
from tests.actions.measuring import asked, behind, grounds, in_force
from tests.actions.refused import refused
from tests.actions.test_quotas import ROWS, quota, ready
from tests.actions.weighed import laid, legacy

Hands = Callable[[str], Any]
MONTHLY = {"hours_per_cycle": 5, "cycle": "month"}
"""60 hours a year."""


def capped(cap: int, **fields: Any) -> str:
    return quota(of="hours", cap=cap, key="HOURS", **fields)


def test_hours_there_and_hours_asked_together_meet_the_cap(office, hand):
    in_force(office, capped(120), *ROWS)
    case.admitted(hand, **MONTHLY)
    assert grounds(asked(hand, **MONTHLY)) == {}
    case.admitted(hand, **MONTHLY)
    verdict = asked(hand, **MONTHLY)
    assert (grounds(verdict), verdict.outcome) == ({"R15": "exact"}, Outcome.HUMAN_REVIEW)
    (told,) = behind(verdict, "CAP")
    assert "每年工时 120+60/120 小时" in told
    (figures,) = [q for q in verdict.measured["quotas"] if q["quota"] == "HOURS"]
    assert (figures["of"], figures["most"], figures["adds"]) == ("hours", 120, 60)


def test_a_filing_for_two_receivers_takes_the_hours_twice(one_office, one_hand):
    in_force(one_office, capped(119), *ROWS)
    both = {"receivers": ["residents_committee", "service_station"]}
    assert grounds(asked(one_hand, **MONTHLY)) == {}
    assert grounds(asked(one_hand, **MONTHLY, **both)) == {"R15": "exact"}


def test_what_was_there_before_the_registry_takes_its_hours_too(office, hand):
    in_force(office, capped(100), *ROWS)
    request = ready(hand, **MONTHLY)
    assert grounds(asked(hand, **MONTHLY)) == {}
    legacy(hand, "old", hours_year=50)
    assert grounds(asked(hand, **MONTHLY)) == {"R15": "exact"}
    with refused("gate.refused"):
        case.approved(hand, request)
    laid(hand, "left", hours_year=500, state="exited")
    small = {"hours_per_cycle": 1, "cycle": "month"}
    assert grounds(asked(hand, **small)) == {}


def test_what_states_no_hours_adds_none_and_is_told_so(one_office, one_hand):
    in_force(one_office, capped(10), *ROWS)
    laid(one_hand, "full", hours_year=10)
    verdict = asked(one_hand)
    assert grounds(verdict) == {}
    (figures,) = verdict.measured["quotas"]
    assert (figures["unstated"], figures["adds"]) == (True, 0)


def test_what_ends_by_the_admission_does_not_stand_in_its_way(office, hand):
    in_force(office, capped(100), *ROWS)
    request = ready(hand, **MONTHLY)
    old = legacy(hand, "old", hours_year=90)
    review = LegacyReview(
        county="990102", id="rev", presence_id=old.id, kind=old.kind, area_path=old.area_path,
        organisation_id=old.organisation_id, verdict_id="v", standing=Standing.NEEDS_ADMISSION,
        judged_on=date(2026, 3, 2), settlement=Settlement.ADMITTED, request_id=request.id,
    )  # fmt: skip
    hand("county.head").do(lambda d: Answer(body=d.unit.add(review)))
    assert case.approved(hand, request).state.value == "approved"


@pytest.mark.parametrize(("per", "met"), [("county", True), ("applicant", True),
                                          ("community", False)])  # fmt: skip
def test_hours_of_a_county_are_those_of_every_community_asked(one_office, one_hand, per, met):
    in_force(one_office, capped(119, per=per), *ROWS)
    two = {"targets": [case.HERE, "a-990102001002"]}
    assert bool(grounds(asked(one_hand, **MONTHLY, **two))) is met


def test_many_hands_approving_at_once_never_pass_a_ceiling_of_hours(office, hand):
    at_once, fit = 12, 4
    in_force(office, capped(60 * fit), *ROWS)
    waiting = [ready(hand, **MONTHLY) for _ in range(at_once)]
    person = hand("street.head")
    futures = [
        office.submit(
            Call(actor=person.actor, county=person.county, act="request.approve"),
            lambda d, r=request: approving.approve(
                d, r.id, r.version, approving.DecideCommand(reason="同意")
            ),
        )
        for request in waiting
    ]  # fmt: skip
    refusals = [a.refused["code"] for f in futures if (a := f.result()).refused is not None]
    assert refusals == ["gate.refused"] * (at_once - fit)
    there = office.store.reader.find(Presence, "990102", area_id=case.HERE)
    assert sum(p.hours_year or 0 for p in there) == 60 * fit


def test_the_demo_county_has_a_ceiling_for_what_is_filled_in(one_hand):
    report = {"kind": "report", "title": "花草认养报表", "content": "登记花草认养",
              "form": {"fields": [{"name": "认养次数"}]}}  # fmt: skip
    light = asked(one_hand, **report, hours_per_cycle=50, cycle="month")
    assert "DM-HOURS-CAP" not in [hit.rule for hit in light.rules]
    heavy = asked(one_hand, **report, hours_per_cycle=51, cycle="month")
    assert heavy.outcome is Outcome.REFUSED
    assert "DM-HOURS-CAP" in heavy.deciding
