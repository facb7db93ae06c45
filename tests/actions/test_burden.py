"""负担: each community's own figures, beside the county's median; no order but that of codes (P9)."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from random import Random
from typing import Any

import msgspec
import pytest

from registry.actions.burden.beside import carried
from registry.actions.burden.formulas import FORMULAS
from registry.actions.burden.weighing import KEYS
from registry.actions.office import Answer
from registry.api.resources import RESOURCES
from registry.domain.areas import Area
from registry.domain.presence import Presence, PresenceState
from registry.domain.vocabulary import Duration, Kind
from registry.domain.walls import Board, Form, Origin
from registry.store.counting import THERE
from registry.store.kept import Kept
from tests.actions import case
from tests.actions.lived import put
from tests.actions.refused import refused
from tests.actions.test_certifying import demanded
from tests.actions.weighed import laid, legacy, of, stocktake, weighed

Hands = Callable[[str], Any]
NEXT, ELSEWHERE = "a-990102001002", "a-990102002001"
OWN_HOURS = 2
"""What the demo pack says the registry itself asks."""


def noon(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 4, 0, tzinfo=UTC)


def test_what_is_admitted_counts_with_the_hours_and_times_its_filing_states(office, hand):
    work = {"hours_per_cycle": 3, "cycle": "month"}
    form = {"form": {"fields": [{"name": "服务次数"}]}}
    case.admitted(hand, **work)
    case.admitted(hand, title="楼院花草名录", content="登记花草")
    case.admitted(hand, kind="ledger", title="楼院花草台账", content="登记花草", **work, **form)
    meeting = {"meeting": {"participants": 4, "times": 6}}
    case.admitted(hand, kind="meeting", title="花草认养推进会", content="推进花草认养", **meeting)
    values = of(weighed(hand, "community.head"))
    assert values["items"] == 4 and values["items_legacy"] == 0
    assert values["hours_year"] == 3 * 12 * 2 + OWN_HOURS and values["hours_unstated"] == 2
    assert (values["reports"], values["reports_year"]) == (2, 12 + 1)
    assert (values["meetings"], values["meetings_year"], values["meeting_people_year"]) == (
        1,
        6,
        24,
    )


def test_every_figure_is_the_one_recounted_by_hand(office, hand):
    chance = Random(7)
    areas = (case.HERE, NEXT, ELSEWHERE)
    for n in range(40):
        fields: dict[str, Any] = {
            "area": chance.choice(areas), "kind": chance.choice(list(Kind)),
            "hours_year": chance.choice([None, 0, 12, 300]),
            "duration": chance.choice([None, *Duration]), "people": chance.choice([None, 5]),
        }  # fmt: skip
        if chance.random() < 0.4:
            times = {"times_a_year": t} if (t := chance.choice([None, 2, 12])) else {}
            legacy(hand, f"p{n:02}", since=date(2020, 1, 1), **times, **fields)
        else:
            state = chance.choice(list(PresenceState))
            laid(hand, f"p{n:02}", state=state, times_year=chance.choice([None, 4]), **fields)
    told = weighed(hand, "county.office")
    rows = office.store.reader.find(Presence, "990102")
    for area in areas:
        mine = [p for p in rows if p.area_id == area and p.state in THERE]
        by_hand = recounted(mine)
        assert {k: of(told, area)[k] for k in by_hand} == by_hand
        (item,) = [i for i in told.items if i.area_id == area]
        for parts in (item.by_kind, item.by_duration, item.by_department):
            assert sum(p.items for p in parts) == len(mine)
            assert sum(p.items_legacy for p in parts) == by_hand["items_legacy"]


def test_figures_brought_forward_are_those_counted_anew(office: Any, hand: Hands) -> None:
    chance = Random(11)
    ids = [f"p{n:02}" for n in range(12)]
    for id in ids:
        laid(hand, id, chance.choice((case.HERE, NEXT)), hours_year=chance.choice([None, 12, 300]))
    weighed(hand, "county.office", trend="month")
    for turn in range(8):
        for id in chance.sample(ids, 3):
            held = office.store.reader.get(Presence, "990102", id)
            state = chance.choice(list(PresenceState))
            put(hand, held, state=state, hours_year=chance.randrange(99))
        laid(hand, f"q{turn}", chance.choice((case.HERE, NEXT, ELSEWHERE)), hours_year=turn)
        told = weighed(hand, "county.office", trend="month")
        office.store.reader.kept = Kept()
        assert weighed(hand, "county.office", trend="month") == told


def test_what_a_case_is_told_of_its_communities_is_what_the_burden_tells_of_each(
    office: Any, hand: Hands
) -> None:
    for n, area in enumerate((case.HERE, case.HERE, NEXT, ELSEWHERE)):
        legacy(hand, f"p{n}", area, hours_year=10 * (n + 1))
    laid(hand, "gone", state=PresenceState.EXITED, hours_year=500)
    person, named = hand("county.office"), [ELSEWHERE, NEXT.removeprefix("a-"), case.HERE]
    told = carried(office, person.actor, named, "990102")
    assert [one.area_id for one in told] == [case.HERE, NEXT, ELSEWHERE]
    for one in told:
        values = of(weighed(hand, "county.office", area=one.area_id), one.area_id)
        assert (one.items, one.hours_year) == (values["items"], values["hours_year"])
    street = carried(office, person.actor, ["a-990102001000"], "990102")
    every = weighed(hand, "county.office", area="a-990102001000")
    assert [(s.area_id, s.items) for s in street] == [
        (one.area_id, one.values["items"]) for one in every.items
    ]
    assert carried(office, person.actor, [], "990102") == []


def test_a_case_tells_nobody_of_communities_that_are_not_theirs_to_see(
    office: Any, hand: Hands
) -> None:
    laid(hand, "p1")
    laid(hand, "p2", ELSEWHERE)
    theirs = carried(office, hand("street.head").actor, [case.HERE, ELSEWHERE], "990102")
    assert [one.area_id for one in theirs] == [case.HERE]
    with refused("access.reading"):
        carried(office, hand("dept.head").actor, [case.HERE], "990102")


def recounted(mine: list[Presence]) -> dict[str, int]:
    def times(p: Presence) -> int | None:
        return p.times_year if p.times_year is not None or not p.legacy else p.legacy.times_a_year

    filled = [p for p in mine if p.kind in (Kind.REPORT, Kind.LEDGER, Kind.SURVEY)]
    sat = [p for p in mine if p.kind is Kind.MEETING]
    return {
        "items": len(mine), "items_legacy": sum(p.legacy is not None for p in mine),
        "hours_year": sum(p.hours_year or 0 for p in mine) + OWN_HOURS,
        "hours_legacy": sum(p.hours_year or 0 for p in mine if p.legacy),
        "hours_unstated": sum(p.hours_year is None for p in mine),
        "reports": len(filled) + 1, "reports_year": sum(times(p) or 0 for p in filled) + 1,
        "reports_unstated": sum(times(p) is None for p in filled),
        "meetings": len(sat), "meetings_year": sum(times(p) or 0 for p in sat),
        "meeting_people_year": sum((times(p) or 0) * (p.people or 0) for p in sat),
        "meetings_unstated": sum(times(p) is None or p.people is None for p in sat),
    }  # fmt: skip


def test_a_community_reads_its_own_figures_beside_the_median_and_nobody_elses(one_hand):
    for n in range(3):
        laid(one_hand, f"next{n}", NEXT)
    laid(one_hand, "mine")
    told = weighed(one_hand, "community.worker")
    assert [item.area_id for item in told.items] == [case.HERE]
    (items,) = [f for f in told.figures if f.formula.key == "items"]
    assert (items.total, items.median) == (1, 0)
    with refused("access.hidden"):
        weighed(one_hand, "community.worker", area=NEXT)


def test_a_street_reads_its_communities_and_the_county_all_in_code_order_whatever_they_carry(
    one_hand,
):
    laid(one_hand, "far", ELSEWHERE)
    for n in range(5):
        laid(one_hand, f"p{n}", NEXT)
    street = [item.code for item in weighed(one_hand, "street.clerk", limit=500).items]
    assert street == sorted(street) and {code[:9] for code in street} == {"990102001"}
    county = weighed(one_hand, "county.office", limit=500)
    assert [item.code for item in county.items] == sorted(item.code for item in county.items)
    first = weighed(one_hand, "county.office", limit=7)
    second = weighed(one_hand, "county.office", limit=7, after=first.next)
    assert [*first.items, *second.items] == county.items[:14]
    assert (
        weighed(one_hand, "auditor", area="990102002", limit=500).items[0].code[:9] == "990102002"
    )


@pytest.mark.parametrize("by", ["dept.clerk", "finance.clerk", "inspector"])
def test_a_department_reads_no_communitys_burden(one_hand, by):
    with refused("access.reading"):
        weighed(one_hand, by)


def test_of_two_communities_no_median_tells_the_others_figure(one_office, one_hand):
    every = one_office.store.reader.find(Area, "990102", level="community")
    for area in every[2:]:
        one_hand("county.head").do(
            lambda d, a=area: Answer(body=d.unit.change(a, valid_to=date(2026, 1, 1)))
        )
    told = weighed(one_hand, "county.office")
    assert told.communities == 2
    assert [f.median for f in told.figures] == [None] * len(FORMULAS)


def test_a_day_of_the_past_is_told_as_it_stood_and_with_what_is_known_since(office, hand, clock):
    laid(hand, "kept", hours_year=10)
    gone = laid(hand, "gone", hours_year=5)
    clock.at = noon(2026, 5, 4)
    hand("county.head").do(
        lambda d: Answer(body=d.unit.change(d.unit.get(Presence, gone.id), state="exited"))
    )
    legacy(hand, "old", since=date(2025, 7, 1), hours_year=100)
    legacy(hand, "unknown", hours_year=1000)
    march = of(weighed(hand, "community.head", on=date(2026, 3, 31)))
    assert (march["items"], march["items_legacy"]) == (3, 1)
    assert march["hours_year"] == 115 + OWN_HOURS
    before = of(weighed(hand, "community.head", on=date(2025, 6, 30)))
    assert before["items"] == 0
    assert of(weighed(hand, "community.head"))["hours_year"] == 1110 + OWN_HOURS


def test_figures_are_told_before_and_after_the_day_of_the_first_stocktake(one_hand, clock):
    stocktake(one_hand, date(2026, 3, 2))
    was = legacy(one_hand, "old", since=date(2019, 7, 1))
    legacy(one_hand, "older", since=date(2018, 7, 1))
    clock.at = noon(2026, 9, 1)
    one_hand("county.head").do(
        lambda d: Answer(body=d.unit.change(d.unit.get(Presence, was.id), state="exited"))
    )
    laid(one_hand, "new")
    told = weighed(one_hand, "community.head")
    assert told.before_on == date(2026, 3, 2)
    (item,) = told.items
    assert item.before is not None
    pair = [(v["items"], v["items_legacy"]) for v in (item.before, item.values)]
    assert pair == [(2, 2), (2, 1)]
    (items,) = [f for f in told.figures if f.formula.key == "items"]
    assert (items.total_before, items.total) == (2, 2)
    any_day = weighed(one_hand, "community.head", before=date(2026, 1, 1)).items[0].before
    assert any_day is not None and any_day["items"] == 2


def test_the_trend_tells_the_end_of_each_month_and_year(office, hand, clock):
    clock.at = noon(2025, 11, 3)
    laid(hand, "a", hours_year=10)
    clock.at = noon(2026, 1, 15)
    legacy(hand, "b", since=date(2025, 6, 1), hours_year=7)
    clock.at = noon(2026, 2, 2)
    hand("county.head").do(
        lambda d: Answer(body=d.unit.change(d.unit.get(Presence, "a"), state="exited"))
    )
    clock.at = noon(2026, 3, 9)
    points = weighed(hand, "community.head", trend="month").trend
    told = {p.period: (p.items, p.items_legacy, p.hours_year) for p in points}
    assert len(points) == 12 and points[-1].on == date(2026, 3, 9)
    assert told["2025-05"] == (0, 0, 0) and told["2025-06"] == (1, 1, 7)
    assert told["2025-11"] == told["2026-01"] == (2, 1, 17)
    assert told["2026-02"] == told["2026-03"] == (1, 1, 7)
    years = weighed(hand, "street.head", trend="year").trend
    assert [(p.period, p.items) for p in years][-2:] == [("2025", 2), ("2026", 1)]
    for point in points:
        day = of(weighed(hand, "community.head", on=point.on))
        assert (day["items"], day["hours_year"] - OWN_HOURS) == (point.items, point.hours_year)


def test_a_community_that_came_to_another_street_keeps_its_past(office, hand, clock):
    demanded(hand)
    held = laid(hand, "a", hours_year=10)
    clock.at = noon(2026, 4, 2)
    path = held.area_path.replace("/a-990102001000/", "/a-990102002000/")
    assert path != held.area_path
    put(hand, held, area_path=path)
    put(hand, office.store.reader.get(Area, "990102", case.HERE), path=path)
    told = weighed(hand, "county.office", area=case.HERE, trend="month")
    assert [(p.period, p.items) for p in told.trend][-2:] == [("2026-03", 1), ("2026-04", 1)]
    assert of(told)["certificates"] == 1


def test_boards_count_from_the_day_they_hang_to_the_day_they_are_gone(office, hand):
    path = office.store.reader.get(Area, "990102", case.HERE).path
    for n, (since, gone) in enumerate([(date(2025, 2, 1), date(2026, 2, 1)), (None, None)]):
        board = Board(
            county="990102", id=f"b{n}", organisation_id="o-990102001001", area_id=case.HERE,
            area_path=path, form=Form.SIGNBOARD, wording="演示站", place="wall", since=since,
            removed_on=gone, origin=Origin.LEGACY if since else Origin.ADMITTED,
            recorded_on=None if since else date(2026, 3, 1),
        )  # fmt: skip
        hand("county.head").do(lambda d, b=board: Answer(body=d.unit.add(b)))
    on = {day: of(weighed(hand, "community.head", on=day)) for day in (
        date(2025, 1, 31), date(2026, 1, 31), date(2026, 2, 1), date(2026, 3, 2))}  # fmt: skip
    told = [(v["boards"], v["boards_legacy"]) for v in on.values()]
    assert told == [(0, 0), (1, 1), (0, 0), (1, 0)]


def test_what_the_registry_itself_asks_is_counted_and_named(one_hand):
    told = weighed(one_hand, "community.head")
    asked = {one.key: (one.times_year, one.hours_year) for one in told.registry}
    assert asked == {"registry.inbox": (0, 0), "registry.boards": (1, 2)}
    values = of(told)
    assert (values["hours_year"], values["registry_hours"]) == (OWN_HOURS, OWN_HOURS)
    assert (values["reports"], values["reports_year"], values["registry_times"]) == (1, 1, 1)


def test_each_figure_stands_with_its_formula_in_both_tongues_and_where_its_rows_are(one_hand):
    told = weighed(one_hand, "community.head")
    assert [f.formula.key for f in told.figures] == list(KEYS) == list(of(told))
    for one in FORMULAS:
        assert one.formula and one.formula_en and one.name and one.name_en and one.unit
        path, _, query = one.query.partition("?")
        if path.startswith("/burden"):
            continue
        filters = {pair.partition("=")[0] for pair in query.split("&")}
        assert filters <= set(RESOURCES[path.strip("/")].filters), one.key


def test_nothing_of_the_answer_is_a_place_in_an_order(one_hand):
    words = msgspec.json.encode(weighed(one_hand, "county.office")).decode().lower()
    assert not [w for w in ("rank", "score", "排名", "名次", "得分") if w in words]
