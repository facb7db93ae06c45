"""满意度表: a sheet of counts comes in whole or not at all, and each row of it once."""

from typing import Any

import pytest

from registry.actions.evaluating import bringing_in
from registry.actions.evaluating.bringing_in import BroughtIn
from registry.domain.errors import Refusal
from registry.domain.evaluating import Satisfaction
from tests.actions.case import Hands
from tests.actions.rated import CIVIL, COUNTY, HERE, said
from tests.actions.reorganised import carried_out
from tests.actions.weighed import laid as matter

HEAD = "登记单位,对象类别,评价对象,评价主体,期间,方式,很不满意,不满意,一般,满意,很满意,调查人数,外部编号"
ROW = "990102001001,部门,演示县民政局,居民,2026Q1,居民会议,1,2,10,40,27,100,W-1"
ENGLISH = (
    "organisation,rated,subject,rater,period,method,very_dissatisfied,dissatisfied,neither,"
    "satisfied,very_satisfied"
)


def brought(
    hand: Hands, *rows: str, by: str = "street.clerk", head: str = HEAD, code: str = "utf-8"
) -> BroughtIn:
    """A sheet as it comes in."""
    given = bringing_in.read("\n".join((head, *rows)).encode(code))
    told: BroughtIn = hand(by).do(lambda d: bringing_in.bring_in(d, given))
    return told


def held(hand: Hands) -> list[Satisfaction]:
    return hand("county.office").office.store.reader.find(Satisfaction, COUNTY)


def faults(hand: Hands, *rows: str, **how: Any) -> list[tuple[int, str]]:
    """Row and column of every fault; nothing of the sheet is kept."""
    before = held(hand)
    with pytest.raises(Refusal) as info:
        brought(hand, *rows, **how)
    assert info.value.code == "import.cells"
    assert held(hand) == before
    return [(e["row"], e["column"]) for e in info.value.facts["errors"]]


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_sheet_is_read_as_offices_save_it(one_hand: Hands, code: str) -> None:
    assert brought(one_hand, ROW, code=code).added == 1
    (kept,) = held(one_hand)
    assert (kept.subject_id, kept.organisation_id, kept.external_key) == (CIVIL, HERE, "W-1")
    assert (kept.counts, kept.asked) == ([1, 2, 10, 40, 27], 100)


def test_columns_may_go_by_their_english_names(one_hand: Hands) -> None:
    row = f"{HERE},department,{CIVIL},residents,2026,meeting,0,0,1,0,0"
    assert brought(one_hand, row, head=ENGLISH).added == 1


def test_the_same_sheet_twice_makes_no_double_row(hand: Hands) -> None:
    assert brought(hand, ROW) == BroughtIn(rows=1, added=1, changed=0, known=0)
    assert brought(hand, ROW) == BroughtIn(rows=1, added=0, changed=0, known=1)
    (kept,) = held(hand)
    assert kept.version == 1


def test_a_number_that_is_known_and_says_otherwise_takes_the_place_of_its_word(
    one_hand: Hands,
) -> None:
    brought(one_hand, ROW)
    told = brought(one_hand, ROW.replace("1,2,10,40,27", "0,0,0,0,30"))
    assert (told.changed, told.added) == (1, 0)
    (kept,) = held(one_hand)
    assert (kept.version, kept.counts) == (2, [0, 0, 0, 0, 30])


def test_what_was_recorded_by_hand_is_known_to_the_sheet(one_hand: Hands) -> None:
    said(one_hand)
    told = brought(one_hand, ROW)
    assert (told.changed, told.added) == (1, 0)
    (kept,) = held(one_hand)
    assert kept.external_key == "W-1"


def test_every_bad_cell_is_told_at_once_by_its_line(one_hand: Hands) -> None:
    assert faults(
        one_hand,
        ROW.replace("990102001001", "没有的社区"),
        ROW.replace("演示县民政局", "没有的局"),
        ROW.replace("2026Q1", "2026Q4"),
        ROW.replace(",100,", ",7,"),
        ROW.replace("居民会议", "问了李女士13800000000"),
        ROW.replace("990102001001", "990102002001"),
        ROW,
        ROW,
    ) == [
        (2, "登记单位"), (3, "评价对象"), (4, "期间"), (5, "很不满意"), (6, "方式"),
        (7, "登记单位"), (9, "外部编号"),
    ]  # fmt: skip


def test_what_cannot_be_read_is_told_before_anything_is_asked(one_hand: Hands) -> None:
    for bad, at in (
        (ROW.replace("部门", "局"), (2, "对象类别")), (ROW.replace(",40,", ",四十,"), (2, "满意")),
        (ROW.replace("2026Q1", "26年"), (2, "期间")),
    ):  # fmt: skip
        assert faults(one_hand, bad) == [at]


def test_a_number_of_one_survey_is_not_that_of_another(one_hand: Hands) -> None:
    brought(one_hand, ROW)
    assert faults(one_hand, ROW.replace("演示县民政局", "演示县公安局")) == [(2, "外部编号")]
    assert faults(
        one_hand, ROW.replace("990102001001", "990102002001"), by="county.office"
    ) == [(2, "外部编号")]  # fmt: skip


def test_a_matter_goes_by_its_title_in_its_own_community(one_hand: Hands) -> None:
    matter(one_hand, "m1")
    row = ROW.replace("部门,演示县民政局", "事项,演示事项m1")
    assert brought(one_hand, row).added == 1
    (kept,) = held(one_hand)
    assert (kept.rated, kept.subject_id) == ("presence", "m1")
    matter(one_hand, "m2", title="演示事项m1")
    assert faults(one_hand, row.replace("W-1", "W-2")) == [(2, "评价对象")]


def test_nobody_brings_in_what_they_could_not_record(one_hand: Hands) -> None:
    own_name = ROW.replace("居民,", "社区,", 1)
    assert faults(one_hand, own_name) == [(2, "登记单位")]
    assert brought(one_hand, own_name, by="community.head").added == 1
    with pytest.raises(Refusal) as info:
        brought(one_hand, ROW, by="dept.head")
    assert info.value.code == "access.forbidden"
    street = ROW.replace("990102001001", "990102001000").replace("居民,", "街道,", 1)
    assert brought(one_hand, street.replace("W-1", "W-3"), by="street.head").added == 1


def test_after_a_merger_the_same_sheet_is_still_known(one_hand: Hands) -> None:
    brought(one_hand, ROW, by="county.office")
    carried_out(one_hand, kind="merge", object_kind="area", sources=["a-990102001001"],
                successors=[{"id": "a-990102001002"}])  # fmt: skip
    told = brought(one_hand, ROW, by="county.office")
    assert (told.known, told.added) == (1, 0)
