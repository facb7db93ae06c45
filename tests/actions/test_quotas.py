"""限额 (R15): what is there is counted, told early, and never passed, whoever approves at once."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest

from registry.actions import approving
from registry.actions.office import Call
from registry.domain.presence import Presence
from registry.domain.vocabulary import Outcome
from registry.policies.measures import Quota
from registry.policies.measuring.registered import period
from registry.store.counting import Tally, counted, standing_requests
from tests.actions import case
from tests.actions.measuring import asked, behind, grounds, in_force, plans, row, rule
from tests.actions.refused import refused
from tests.actions.stocktaken import brought, judged
from tests.actions.walled import ADMITTED as BOARD
from tests.actions.walled import gone, hung
from tests.actions.weighed import legacy

Hands = Callable[[str], Any]
ROWS = (
    row("CAP", "human_review", ground="R15", match="exact"),
    row("CAP", "refused", ground="R15", match="exact", gate="approve"),
)


def quota(**fields: Any) -> str:
    told = {
        "key": "CAP-1", "rule": "CAP", "kinds": ["task"], "per": "community",
        "period": "standing", "cap": 1, "grade": "fictional", **fields,
    }  # fmt: skip
    lines = [f"{k} = {msgspec.json.encode(v).decode()}" for k, v in told.items()]
    return "[[quota]]\n" + "\n".join(lines) + "\n" + rule("CAP", "R15")


def ready(hand: Hands, **changes: Any) -> Any:
    """A request that waits for its approval."""
    request = case.accepted(hand, case.submitted(hand, case.drafted(hand, **changes)))
    return case.examined(hand, request)


def test_a_cap_that_is_met_is_told_at_filing_with_its_numbers(office, hand):
    in_force(office, quota(), *ROWS)
    assert grounds(asked(hand)) == {}
    case.admitted(hand)
    verdict = asked(hand)
    assert grounds(verdict) == {"R15": "exact"}
    assert verdict.outcome is Outcome.HUMAN_REVIEW
    (told,) = behind(verdict, "CAP")
    assert told.startswith("CAP-1 工作事项 1/1 ")
    (figures,) = verdict.measured["quotas"]
    assert (figures["cap"], figures["most"], figures["adds"], figures["over"]) == (1, 1, 1, 1)


def test_a_cap_met_in_one_community_leaves_another_free(one_office, one_hand):
    in_force(one_office, quota(), *ROWS)
    case.admitted(one_hand)
    village = {"targets": [case.VILLAGE], "receivers": ["village_committee"]}
    assert grounds(asked(one_hand, **village)) == {}
    both = {"targets": [case.HERE, case.VILLAGE],
            "receivers": ["residents_committee", "village_committee"]}  # fmt: skip
    assert grounds(asked(one_hand, **both)) == {"R15": "exact"}


def test_what_does_not_concern_a_cap_is_not_counted_against_it(one_office, one_hand):
    in_force(one_office, quota(kinds=["meeting"], receivers=["village_committee"]), *ROWS)
    case.admitted(one_hand)
    verdict = asked(one_hand)
    assert grounds(verdict) == {}
    assert "quotas" not in verdict.measured


def test_a_filing_for_two_receivers_counts_twice_in_one_community(one_office, one_hand):
    in_force(one_office, quota(cap=2), *ROWS)
    both = {"receivers": ["residents_committee", "service_station"]}
    assert grounds(asked(one_hand, **both)) == {}
    case.admitted(one_hand)
    assert grounds(asked(one_hand)) == {}
    assert grounds(asked(one_hand, **both)) == {"R15": "exact"}


def test_what_has_left_makes_room(one_office, one_hand, clock):
    from registry.actions.ticking import tick

    in_force(one_office, quota(), *ROWS)
    case.admitted(one_hand)
    clock.at = datetime(2026, 7, 1, 4, 0, tzinfo=UTC)
    tick(one_office)
    later = {"starts_on": "2026-08-01", "ends_on": "2026-09-01"}
    assert grounds(asked(one_hand, **later)) == {}


def test_a_cap_of_the_week_counts_what_was_admitted_since_monday(office, hand, clock):
    in_force(office, quota(period="week"), *ROWS)
    case.admitted(hand)
    clock.at = datetime(2026, 3, 8, 15, 59, tzinfo=UTC)
    assert grounds(asked(hand)) == {"R15": "exact"}
    clock.at = datetime(2026, 3, 8, 16, 1, tzinfo=UTC)  # Monday has begun in Shanghai
    assert grounds(asked(hand)) == {}


@pytest.mark.parametrize(
    ("word", "first", "last"),
    [
        ("week", date(2026, 2, 23), date(2026, 3, 1)),
        ("month", date(2026, 3, 1), date(2026, 3, 31)),
        ("quarter", date(2026, 1, 1), date(2026, 3, 31)),
        ("year", date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_civil_period_holds_the_day_it_is_asked_for(word, first, last):
    one = msgspec.convert(
        {"key": "Q", "rule": "Q", "kinds": ["task"], "per": "county", "period": word, "cap": 1,
         "grade": "fictional"},
        Quota,
    )  # fmt: skip
    day = date(2026, 3, 1)
    assert period(one, day) == (first, last)
    assert first <= day <= last


def test_a_cap_for_one_applicant_leaves_others_free(office, hand):
    in_force(office, quota(per="applicant"), *ROWS)
    case.admitted(hand)
    assert grounds(asked(hand)) == {"R15": "exact"}
    other = [{"organisation_id": "o-990102-health"}]
    assert grounds(asked(hand, applicants=other)) == {}


@pytest.mark.parametrize(("level", "met"), [("city", {}), ("county", {"R15": "exact"})])
def test_a_cap_for_applicants_of_a_level_counts_only_those(office, hand, level, met):
    in_force(office, quota(levels=[level]), *ROWS)
    case.admitted(hand)
    assert grounds(asked(hand)) == met


def test_a_cap_on_boards_by_place_counts_only_boards_that_hang_there(office, hand):
    in_force(office, quota(places=["outside_door"]), *ROWS)
    board = {"signboard": {"wording": "拍照点", "place": "inside"}}
    outside = {"signboard": {"wording": "拍照点", "place": "outside_door"}}
    case.admitted(hand, **board)
    assert grounds(asked(hand, **outside)) == {}
    case.admitted(hand, **outside)
    assert grounds(asked(hand, **outside)) == {"R15": "exact"}
    assert grounds(asked(hand, **board)) == {}


def test_boards_that_hang_by_right_take_places_that_a_cap_gives(office, hand):
    in_force(office, quota(kinds=["signboard"], places=["outside_door"], cap=2), *ROWS)
    door = {**BOARD, "signboard": {"wording": "反诈宣传站", "place": "outside_door"}}
    hung(hand, wording="社区党委")
    assert grounds(asked(hand, **door)) == {}
    hung(hand, wording="某地占位牌")  # not of the list: it takes nobody's place
    hung(hand, wording="社区服务站", place="inside")
    assert grounds(asked(hand, **door)) == {}
    last = hung(hand, wording="居民委员会")
    verdict = asked(hand, **door)
    assert grounds(verdict) == {"R15": "exact"}
    (figures,) = [q for q in verdict.measured["quotas"] if q["quota"] == "CAP-1"]
    assert (figures["most"], figures["cap"]) == (2, 2)
    gone(hand, last)
    assert grounds(asked(hand, **door)) == {}


def test_a_board_that_hangs_does_not_stand_in_the_way_of_its_own_admission(one_office, one_hand):
    in_force(one_office, quota(kinds=["signboard"], places=["outside_door"]), *ROWS)
    hung(one_hand, wording="社区党委")
    same = {**BOARD, "signboard": {"wording": "社区党委", "place": "outside_door"}}
    assert grounds(asked(one_hand, **same)) == {}
    other = {**BOARD, "signboard": {"wording": "反诈宣传站", "place": "outside_door"}}
    assert grounds(asked(one_hand, **other)) == {"R15": "exact"}


def test_old_stock_boards_count_once_and_by_what_the_rules_say_of_them(office, hand):
    in_force(office, quota(kinds=["signboard"], places=["outside_door"]), *ROWS)
    door = {**BOARD, "signboard": {"wording": "反诈宣传站", "place": "outside_door"}}
    row_ = "990102001001,{},o-990102-urban,牌子,门外,竖,40,60,演示标牌厂,县城管局(演示)"
    barred = brought(hand, "boards", row_.format("垃圾分类工作站"))
    judged(hand, *barred)
    assert grounds(asked(hand, **door)) == {}
    judged(hand, *brought(hand, "boards", row_.format("社区党委")))
    assert grounds(asked(hand, **door)) == {"R15": "exact"}


def test_a_cap_without_places_counts_an_old_board_once(one_office, one_hand):
    in_force(one_office, quota(kinds=["signboard"], cap=2), *ROWS)
    row_ = "990102001001,社区党委,o-990102-urban,牌子,门外,竖,40,60,演示标牌厂,县城管局(演示)"
    judged(one_hand, *brought(one_hand, "boards", row_))
    assert grounds(asked(one_hand, **BOARD)) == {}
    hung(one_hand, wording="居民委员会")
    assert grounds(asked(one_hand, **BOARD)) == {"R15": "exact"}


@pytest.mark.parametrize(
    ("whose", "met"),
    [
        ({"per": "applicant"}, True),
        ({"per": "applicant_community"}, True),
        ({"per": "county"}, True),
        ({"per": "county", "levels": ["county"]}, True),
        ({"per": "community", "levels": ["county"]}, True),
        ({"per": "county", "levels": ["city"]}, False),
    ],
)
def test_what_was_there_before_counts_for_who_asks_it(office, hand, whose, met):
    in_force(office, quota(**whose), *ROWS)
    legacy(hand, "old")
    assert bool(grounds(asked(hand))) is met
    other = [{"organisation_id": "o-990102-health"}]
    others = met and not whose["per"].startswith("applicant")
    assert bool(grounds(asked(hand, applicants=other))) is others


def test_what_nobody_is_known_to_ask_counts_for_no_applicant(one_office, one_hand):
    in_force(one_office, quota(per="applicant"), *ROWS)
    legacy(one_hand, "old", department_id=None)
    assert grounds(asked(one_hand)) == {}


def test_one_matter_that_was_there_in_many_communities_is_one_of_the_county(office, hand):
    in_force(office, quota(per="county", cap=2), *ROWS)
    legacy(hand, "one", title="灯具登记")
    legacy(hand, "two", "a-990102001002", title="灯具登记")
    assert grounds(asked(hand)) == {}
    legacy(hand, "three", title="另一件")
    assert grounds(asked(hand)) == {"R15": "exact"}


def test_a_cap_whose_text_was_not_read_is_shown_and_decides_nothing(one_office, one_hand):
    in_force(one_office, quota(grade="背景"), *ROWS)
    case.admitted(one_hand)
    verdict = asked(one_hand)
    assert grounds(verdict) == {}
    (figures,) = verdict.measured["quotas"]
    assert (figures["over"], figures["decides"]) == (1, False)


def test_a_request_does_not_stand_in_its_own_way(one_office, one_hand):
    in_force(one_office, quota(), *ROWS)
    request = case.admitted(one_hand)
    assert request.state.value == "approved"


def test_what_was_free_at_filing_is_refused_when_the_cap_is_met_at_approval(office, hand):
    in_force(office, quota(), *ROWS)
    first, second = ready(hand), ready(hand)
    case.approved(hand, first)
    with refused("gate.refused") as info:
        case.approved(hand, second)
    assert info.value.rules[0]["rule"] == "CAP"


def test_many_hands_approving_at_once_never_pass_a_cap(office, hand):
    cap, at_once = 4, 20
    in_force(office, quota(cap=cap), *ROWS)
    waiting = [ready(hand) for _ in range(at_once)]
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
    answers = [future.result() for future in futures]
    refusals = [a.refused["code"] for a in answers if a.refused is not None]
    assert refusals == ["gate.refused"] * (at_once - cap)
    there = office.store.reader.find(Presence, "990102", area_id=case.HERE)
    assert len(there) == cap


def test_a_cap_for_one_applicant_in_one_community_counts_both(one_office, one_hand):
    in_force(one_office, quota(per="applicant_community"), *ROWS)
    case.admitted(one_hand)
    assert grounds(asked(one_hand)) == {"R15": "exact"}
    village = {"targets": [case.VILLAGE], "receivers": ["village_committee"]}
    assert grounds(asked(one_hand, **village)) == {}


def test_a_cap_of_the_county_counts_requests_and_not_places(one_office, one_hand):
    in_force(one_office, quota(per="county", cap=2), *ROWS)
    case.admitted(one_hand, receivers=["residents_committee", "service_station"])
    assert grounds(asked(one_hand)) == {}
    case.admitted(one_hand)
    assert grounds(asked(one_hand)) == {"R15": "exact"}


WEEK = (date(2026, 3, 2), date(2026, 3, 8))


@pytest.mark.parametrize(
    ("tally", "by"),
    [
        ({}, "ix_presence_there"),
        ({"areas": None}, "ix_presence_summed"),
        ({"admitted": WEEK}, "ix_decision_issued_on"),
        ({"applicant": "o-990102-civil"}, "ix_request_applicant_id"),
        ({"places": ["inside"]}, "ix_request_kind"),
    ],
)
def test_counting_reads_by_place_day_or_applicant_and_never_a_whole_county(office, tally, by):
    what = Tally(**{"kinds": ["task"], "areas": [case.HERE], **tally})
    with office.store.reader.connect() as connection:
        plan = plans(connection, lambda: counted(connection, "990102", what))
    wide = {"ix_decision_kind", "ix_request_state", "ix_presence_state"}
    assert not any(name in plan for name in wide)
    if office.store.engine.dialect.name == "sqlite":  # PostgreSQL weighs figures, and has few here
        assert by in plan


def test_reports_that_are_there_are_found_by_kind_and_community(one_office):
    with one_office.store.reader.connect() as connection:
        plan = plans(
            connection, lambda: standing_requests(connection, "990102", ["ledger"], [case.HERE])
        )
    assert "ix_presence_there" in plan
