"""加权结果: whole numbers with formula and parts; what is missing is told, nobody is ranked."""

import csv
import io
from datetime import date

import msgspec
import pytest

from registry.actions.evaluating import exporting, scoring
from registry.actions.evaluating.results import SCORED_ZH, Median, Results
from registry.actions.evaluating.scoring import Scored, Subject
from registry.actions.office import Office
from registry.domain.audit import Event
from registry.domain.evaluating import Rated, Rater
from registry.domain.vocabulary import Grade
from registry.policies.loader import read_folder
from registry.policies.measures import Evaluation
from registry.store.reader import Page
from registry.store.satisfaction import Tally
from tests.actions.case import Hands
from tests.actions.flowed import DEMO, in_force
from tests.actions.lived import statutory
from tests.actions.rated import CIVIL, COUNTY, DEPARTMENTS, HERE, laid, of, read, said
from tests.actions.refused import refused
from tests.actions.weighed import laid as matter

STREETS = ["o-990102001", "o-990102002", "o-990102100"]
PACK = 'organised_by = "演示县城乡社区发展治理联席会议"'


def evaluation(hand: Hands, new: str, old: str = PACK) -> None:
    """The demo county with another word in ``[evaluation]``."""
    files = read_folder(DEMO)
    assert old in files["pack.toml"]
    in_force(hand, {**files, "pack.toml": files["pack.toml"].replace(old, new, 1)})


def whole(told: Results) -> dict[str, int | None]:
    return {row.id: row.score.value_tenths for row in told.items}


def median(told: Results, rater: Rater | None = None) -> Median:
    (found,) = [m for m in told.medians if m.kind is Scored.DEPARTMENT and m.rater is rater]
    return found


# ---- the figure --------------------------------------------------------------------------------


def test_residents_and_work_are_weighed_as_the_pack_says(hand: Hands) -> None:
    said(hand)
    said(hand, by="conference.head", rater="work", method="统一考评", counts=[0, 0, 0, 1, 0],
         asked=None)  # fmt: skip
    score = of(read(hand, "county.office")).score
    residents, work = score.parts
    # 40·75 + 27·100 + 10·50 + 2·25 over 80 answers; 781 × 70 + 750 × 30, a half upwards.
    assert (residents.value_tenths, residents.answers, residents.weight) == (781, 80, 70)
    assert (work.value_tenths, work.weight, score.value_tenths) == (750, 30, 772)
    assert score.formula.startswith("居民满意度 78.1×70%＋工作考评 75.0×30%")
    assert score.missing == []


def test_a_group_that_said_nothing_is_named_and_its_weight_moved_to_nobody(
    one_hand: Hands,
) -> None:
    said(one_hand)
    score = of(read(one_hand, "county.office")).score
    assert (score.value_tenths, score.missing) == (None, [Rater.WORK])
    assert [(p.rater, p.value_tenths) for p in score.parts] == [
        (Rater.RESIDENTS, 781), (Rater.WORK, None),
    ]  # fmt: skip
    assert "工作考评 —×30%" in score.formula


def test_a_pack_without_weights_gives_no_whole(one_hand: Hands) -> None:
    evaluation(one_hand, "weights = {}", "weights = { residents = 70, work = 30 }")
    said(one_hand)
    told = read(one_hand, "county.office")
    assert (told.weights, of(told).score.value_tenths, of(told).score.missing) == ({}, None, [])
    assert of(told).score.formula.startswith("规则包没有规定权重")


def test_what_the_pack_gives_no_weight_is_shown_beside_and_changes_nothing(
    one_hand: Hands,
) -> None:
    for rater, answer in ((Rater.RESIDENTS, 4), (Rater.WORK, 2), (Rater.COMMUNITY, 0)):
        laid(one_hand, CIVIL, answer, rater)
    score = of(read(one_hand, "county.office")).score
    assert score.value_tenths == 850
    assert [(p.rater, p.weight) for p in score.parts if p.weight is None] == [
        (Rater.COMMUNITY, None)
    ]


def test_a_year_has_its_quarters_in_it_and_a_quarter_itself_alone(one_hand: Hands) -> None:
    laid(one_hand, CIVIL, 4, Rater.RESIDENTS)
    laid(one_hand, CIVIL, 0, Rater.RESIDENTS, id="sat-year", period="2026")
    laid(one_hand, CIVIL, 0, Rater.RESIDENTS, id="sat-before", period="2025Q4")
    year, quarter = (
        of(read(one_hand, "county.office", period=p)).score.parts[0] for p in ("2026", "2026Q1")
    )
    assert (year.value_tenths, year.answers) == (500, 2)
    assert (quarter.value_tenths, quarter.answers) == (1000, 1)


def test_a_matter_has_a_result_of_its_own_and_one_of_all_its_communities(
    hand: Hands, office: Office
) -> None:
    for number, answer in ((1, 4), (2, 0)):
        held = matter(hand, f"m{number}", request_id="req-m")
        laid(hand, held.id, answer, Rater.RESIDENTS, rated=Rated.PRESENCE)
    found = scoring.scores(office.store.reader, COUNTY, "2026Q1", None)
    parts = {(s.kind, s.id): score.parts[0].value_tenths for s, score in found.items()}
    assert parts == {
        (Scored.ITEM, "req-m"): 500, (Scored.PRESENCE, "m1"): 1000, (Scored.PRESENCE, "m2"): 0,
    }  # fmt: skip
    assert list(found) == sorted(found)


@pytest.mark.parametrize(("period", "last"), [
    ("2026", date(2026, 12, 31)), ("2026Q1", date(2026, 3, 31)), ("2024Q2", date(2024, 6, 30)),
    ("2026Q3", date(2026, 9, 30)), ("2026Q4", date(2026, 12, 31)),
])  # fmt: skip
def test_a_period_is_weighed_by_the_rules_of_its_last_day(period: str, last: date) -> None:
    assert scoring.last_day(period) == last


@pytest.mark.parametrize(
    "counts", [[1, 0, 0, 0, 0], [0, 0, 0, 0, 7], [3, 1, 4, 1, 5], [0, 1, 1, 0, 0]]
)
def test_a_figure_lies_between_nothing_and_a_hundred_and_is_a_whole_number_of_tenths(
    counts: list[int],
) -> None:
    rule = Evaluation(weights={Rater.RESIDENTS: 70, Rater.WORK: 30}, grade=Grade("configured"))
    told = [
        _said(rater, counts) for rater in (Rater.RESIDENTS, Rater.WORK)
    ]  # fmt: skip
    score = scoring.weighed(told, rule)
    exact = sum(25 * place * times for place, times in enumerate(counts)) * 10 / sum(counts)
    assert score.value_tenths is not None
    assert 0 <= score.value_tenths <= 1000
    assert abs(score.value_tenths - exact) <= 0.5
    assert msgspec.json.decode(msgspec.json.encode(score), type=scoring.Score) == score


def _said(rater: Rater, counts: list[int]) -> Tally:
    return Tally(rater=rater, counts=counts, bodies=1, name="演示", told_on="2026-03-02")


# ---- who reads what ----------------------------------------------------------------------------


def test_the_office_reads_all_in_the_order_of_codes_and_never_of_results(hand: Hands) -> None:
    for id, answer in zip(reversed(DEPARTMENTS), (4, 3, 2, 1), strict=True):
        laid(hand, id, answer, Rater.RESIDENTS)
        laid(hand, id, answer, Rater.WORK)
    told = read(hand, "county.office")
    assert [row.id for row in told.items] == sorted(DEPARTMENTS)
    assert whole(told)["o-990102-urban"] == 1000
    first = read(hand, "county.office", limit=3)
    rest = read(hand, "county.office", limit=3, after=first.next)
    assert [r.id for r in (*first.items, *rest.items)] == sorted(DEPARTMENTS)
    assert (first.medians, rest.next) == (told.medians, None)
    assert median(told).value_tenths == 625


def test_a_department_reads_its_own_and_the_median_and_nobody_elses(hand: Hands) -> None:
    for id, answer in zip(DEPARTMENTS, (4, 3, 2, 0), strict=True):
        laid(hand, id, answer, Rater.RESIDENTS)
        laid(hand, id, answer, Rater.WORK)
    told = read(hand, "dept.clerk")
    assert whole(told) == {CIVIL: 1000}
    assert median(told).value_tenths == 625
    assert read(hand, "finance.head").items == []


def test_the_median_is_not_told_where_it_would_be_somebodys(one_hand: Hands) -> None:
    for id, answer in zip(DEPARTMENTS[:3], (4, 3, 2), strict=True):
        laid(one_hand, id, answer, Rater.RESIDENTS)
        laid(one_hand, id, answer, Rater.WORK)
    assert median(read(one_hand, "dept.head")).value_tenths is None
    assert median(read(one_hand, "county.office")).value_tenths == 750
    laid(one_hand, DEPARTMENTS[3], 0, Rater.RESIDENTS)
    # The fourth is rated by residents alone: of them there are enough, of the whole there are not.
    told = read(one_hand, "dept.head")
    assert (median(told).value_tenths, median(told, Rater.RESIDENTS).value_tenths) == (None, 625)


def test_a_pack_may_ask_for_more_others_and_never_for_fewer(one_hand: Hands) -> None:
    for id, answer in zip(DEPARTMENTS, (4, 3, 2, 0), strict=True):
        laid(one_hand, id, answer, Rater.RESIDENTS)
    evaluation(one_hand, f"{PACK}\nmedian_from = 4")
    assert median(read(one_hand, "dept.head"), Rater.RESIDENTS).value_tenths is None


def test_a_pack_that_asks_for_one_other_does_not_make_the_median_tell_whose(
    one_hand: Hands,
) -> None:
    for id in DEPARTMENTS[:2]:
        laid(one_hand, id, 3, Rater.RESIDENTS)
    evaluation(one_hand, f"{PACK}\nmedian_from = 1")
    assert median(read(one_hand, "dept.head"), Rater.RESIDENTS).value_tenths is None


@pytest.mark.parametrize(
    "who", ["community.head", "community.worker", "station.worker", "inspector", "sys.admin"]
)
def test_who_is_neither_rated_nor_the_office_reads_no_results(one_hand: Hands, who: str) -> None:
    laid(one_hand, CIVIL, 4, Rater.RESIDENTS)
    with refused("access.reading"):
        read(one_hand, who)


# ---- reverse evaluation ------------------------------------------------------------------------


def test_what_streets_say_in_their_own_name_is_told_once_there_are_three(one_hand: Hands) -> None:
    for street in STREETS[:2]:
        laid(one_hand, CIVIL, 1, Rater.STREET, organisation_id=street)
    score = of(read(one_hand, "dept.head")).score
    assert score.withheld == [Rater.STREET]
    (part,) = [p for p in score.parts if p.rater is Rater.STREET]
    assert (part.value_tenths, part.answers, part.bodies) == (None, 0, 2)
    assert of(read(one_hand, "county.office")).score.withheld == []
    laid(one_hand, CIVIL, 1, Rater.STREET, organisation_id=STREETS[2])
    score = of(read(one_hand, "dept.head")).score
    (part,) = [p for p in score.parts if p.rater is Rater.STREET]
    assert (score.withheld, part.value_tenths) == ([], 250)


def test_a_whole_from_which_a_withheld_word_could_be_worked_out_is_withheld_too(
    one_hand: Hands,
) -> None:
    evaluation(one_hand, "weights = { residents = 70, community = 30 }",
               "weights = { residents = 70, work = 30 }")  # fmt: skip
    laid(one_hand, CIVIL, 4, Rater.RESIDENTS)
    laid(one_hand, CIVIL, 0, Rater.COMMUNITY)
    score = of(read(one_hand, "dept.head")).score
    assert (score.value_tenths, score.missing, score.withheld) == (None, [], [Rater.COMMUNITY])
    assert of(read(one_hand, "county.office")).score.value_tenths == 700


def test_communities_and_streets_rate_departments_and_utilities_and_no_community(
    one_hand: Hands,
) -> None:
    assert said(one_hand, rater="community", by="community.head").rater is Rater.COMMUNITY
    assert said(one_hand, rater="street", by="street.head", organisation_id=STREETS[0]).version == 1
    utility = {"rated": "utility", "subject_id": None, "subject": "演示自来水公司"}
    said(one_hand, rater="community", **utility)
    told = read(one_hand, "county.office")
    assert [row.kind for row in told.items] == [Scored.DEPARTMENT, Scored.UTILITY]
    with refused("satisfaction.subject"):
        said(one_hand, rater="street", by="street.head", organisation_id=STREETS[0],
             subject_id=HERE)  # fmt: skip


def test_a_department_is_told_of_a_matter_by_item_and_not_by_community(one_hand: Hands) -> None:
    held = statutory(one_hand)
    laid(one_hand, held.id, 2, Rater.RESIDENTS, rated=Rated.PRESENCE)
    assert [(r.kind, r.id) for r in read(one_hand, "dept.head").items] == [
        (Scored.ITEM, held.request_id)
    ]
    assert read(one_hand, "dept2.head").items == []
    kinds = [r.kind for r in read(one_hand, "county.office").items]
    assert kinds == [Scored.ITEM, Scored.PRESENCE]


# ---- who assesses, and the sheet for them ------------------------------------------------------


def test_the_body_that_the_pack_names_assesses_and_no_other_department(one_hand: Hands) -> None:
    work = {"rater": "work", "method": "统一考评", "counts": [0, 0, 0, 1, 0], "asked": None}
    with refused("access.forbidden"):
        said(one_hand, by="dept2.head", **work)
    evaluation(one_hand, 'organised_by = "演示县城市管理局"')
    assert said(one_hand, by="dept2.head", **work).rater is Rater.WORK
    with refused("satisfaction.subject"):
        said(one_hand, by="dept2.head", subject_id="o-990102-urban", **work)
    with refused("access.forbidden"):
        said(one_hand, by="dept.head", subject_id="o-990102-urban", **work)


def sheet(hand: Hands, by: str, period: str = "2026Q1") -> list[dict[str, str]]:
    """The sheet as a spreadsheet opens it."""
    person = hand(by)
    person.do(lambda d: exporting.take(d, period))
    body = exporting.sheet(person.office, COUNTY, period)
    assert body.startswith("﻿".encode())
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))


def test_the_sheet_is_for_the_office_and_the_body_that_assesses(hand: Hands) -> None:
    said(hand)
    (row,) = sheet(hand, "county.office")
    assert (row["类别"], row["名称"], row["加权结果"]) == ("部门", "演示县民政局", "—")
    assert (row["居民满意度"], row["居民满意度权重(%)"], row["居民满意度人数"]) == (
        "78.1",
        "70",
        "80",
    )
    assert (row["工作考评"], row["工作考评权重(%)"], row["缺少"]) == ("—", "30", "工作考评")
    for other in ("dept.head", "dept2.head", "street.head", "auditor"):
        with refused("access.forbidden"):
            sheet(hand, other)
    evaluation(hand, 'organised_by = "演示县城市管理局"')
    assert len(sheet(hand, "dept2.head")) == 1


def test_a_body_may_be_named_by_its_key_among_the_bodies(one_hand: Hands) -> None:
    evaluation(one_hand, 'organised_by = "joint_conference"')
    assert sheet(one_hand, "conference.head") == []


def test_who_took_the_sheet_is_in_the_log(one_hand: Hands, one_office: Office) -> None:
    sheet(one_hand, "county.office")
    with refused("access.forbidden"):
        sheet(one_hand, "dept.head")
    events: list[Event] = one_office.store.reader.events(
        [COUNTY], {"act": exporting.ACT}, Page(limit=9)
    )
    assert [(e.actor, e.outcome) for e in events] == [
        ("person-county.office", "done"), ("person-dept.head", "refused"),
    ]  # fmt: skip
    assert "2026Q1" in events[0].entry


def test_no_cell_of_the_sheet_is_taken_for_a_formula(one_hand: Hands) -> None:
    said(one_hand, rated="utility", subject_id=None, subject="=1+1 演示水务")
    (row,) = sheet(one_hand, "county.office")
    assert row["名称"] == "'=1+1 演示水务"


def test_every_kind_has_its_chinese_word() -> None:
    assert set(SCORED_ZH) == set(Scored)
    assert Subject(kind=Scored.ITEM, id="a") < Subject(kind=Scored.PRESENCE, id="a")
