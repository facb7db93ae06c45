"""存量登记: eight sheets of what exists already, each row once, every bad cell told."""

import io

import openpyxl
import pytest

from registry.domain.areas import Area
from registry.domain.errors import Refusal
from registry.domain.existing import KIND, Sheet, Stocktake
from registry.domain.presence import Presence, PresenceState
from registry.domain.walls import Board, Bureau, Origin
from tests.actions import walled
from tests.actions.stocktaken import (
    CODE,
    HOME,
    NEXT,
    OTHER_STREET,
    ROWS,
    brought,
    taken,
    text_of,
)
from tests.conftest import NOON


def _cells(act):
    with pytest.raises(Refusal) as found:
        act()
    assert found.value.code == "import.cells"
    return [(e["row"], e["column"]) for e in found.value.facts["errors"]]


def _book(text):
    book = openpyxl.Workbook()
    for line in text.strip().splitlines():
        book.active.append(line.split(","))
    page = io.BytesIO()
    book.save(page)
    return page.getvalue()


def _all(hand, kind, **equals):
    return hand("county.office").office.store.reader.find(kind, "990102", **equals)


@pytest.mark.parametrize("sheet", [s.value for s in Sheet])
def test_a_row_of_each_sheet_is_a_matter_that_waits_to_be_judged(one_hand, sheet):
    (held,) = brought(one_hand, sheet)
    assert (held.state, held.kind, held.request_id) == (
        PresenceState.LEGACY, KIND[Sheet(sheet)], None,
    )  # fmt: skip
    assert held.organisation_id == HOME and held.legacy.sheet.value == sheet


def test_what_a_row_says_is_kept(one_hand):
    (item,) = brought(one_hand, "items")
    assert (item.department_id, item.hours_year) == ("o-990102-civil", 40)
    assert str(item.legacy.since) == "2019-05-01" and item.legacy.document_number.endswith("7号")
    (report,) = brought(one_hand, "reports")
    assert (report.legacy.fields, report.times_year, report.hours_year) == (12, 12, 36)
    (agreed,) = brought(one_hand, "agreements")
    assert agreed.legacy.amount_fen == 1200050 and str(agreed.legacy.ends_on) == "2026-12-31"
    assert (agreed.department_id, agreed.legacy.demanded_by) == (None, "县疾控中心(演示)")
    (meeting,) = brought(one_hand, "meetings")
    assert (meeting.people, meeting.times_year, meeting.hours_year) == (3, 12, 24)


def test_the_same_sheet_again_makes_no_double_row(hand):
    for sheet in Sheet:
        assert taken(hand, sheet.value).stocktake.added == 1
    for sheet in Sheet:
        told = taken(hand, sheet.value)
        assert (told.stocktake.added, told.stocktake.known, told.otherwise) == (0, 1, [])
    assert len(_all(hand, Presence, state="legacy")) == len(Sheet)
    assert (len(_all(hand, Board)), len(_all(hand, Bureau))) == (1, 1)
    assert len(_all(hand, Stocktake)) == 2 * len(Sheet)


def test_what_a_known_row_says_otherwise_is_told_and_not_taken(one_hand):
    (held,) = brought(one_hand, "reports")
    told = taken(one_hand, "reports", ROWS["reports"].replace("12,12,3", "15,4,"))
    (other,) = told.otherwise
    assert (other.row, other.presence_id) == (2, held.id)
    assert other.columns == ["每年次数", "指标数"]
    assert _all(one_hand, Presence, id=held.id)[0].legacy.fields == 12


@pytest.mark.parametrize("form", [str.encode, _book, lambda t: t.encode("gb18030")])
def test_a_sheet_comes_as_csv_in_either_code_or_as_a_workbook(one_hand, form):
    assert taken(one_hand, "items", data=form(text_of("items"))).stocktake.added == 1


def test_columns_and_values_go_by_their_english_names_too(one_hand):
    text = "community,title,form,place\n990102001001,民情墙,wall_notice,wall\n"
    told = taken(one_hand, "boards", data=b"\xef\xbb\xbf" + text.encode())
    (board,) = _all(one_hand, Board)
    assert told.stocktake.added == 1 and board.form.value == "wall_notice"


@pytest.mark.parametrize("name", [
    "a-990102001001", "o-990102001001", "霜舟演示社区居民委员会", "霜舟演示社区", "霜舟演示社区居委会",
])  # fmt: skip
def test_a_community_goes_by_code_id_or_name(one_hand, name):
    (held,) = brought(one_hand, "items", ROWS["items"].replace(CODE, name))
    assert held.organisation_id == HOME


def test_every_bad_cell_is_told_and_nothing_of_the_sheet_is_kept(one_hand):
    rows = [
        ROWS["items"], "无此社区,甲事,,,,,", f"{CODE},乙事,,2099-01-01,,,", ROWS["items"],
        f"{CODE},,,,,,",
    ]  # fmt: skip
    found = _cells(lambda: taken(one_hand, "items", *rows[:4]))
    assert found == [(3, "社区"), (4, "起始日期"), (5, "事项名称")]
    assert _cells(lambda: taken(one_hand, "items", *rows)) == [(6, "事项名称")]
    assert _all(one_hand, Presence, state="legacy") == []
    assert _all(one_hand, Stocktake) == []


@pytest.mark.parametrize(
    ("sheet", "swap", "column"),
    [
        ("agreements", ("12000.50", "一万二"), "金额(元)"),
        ("agreements", ("12000.50", "12000.505"), "金额(元)"),
        ("boards", ("门外", "屋顶"), "位置"),
        ("groups", ("工作群", "传呼"), "平台"),
        ("offices", ("否", "也许"), "是否开会"),
        ("reports", (",12,3", ",-1,3"), "每年次数"),
    ],
)
def test_a_cell_that_is_not_what_it_should_be_is_named(one_hand, sheet, swap, column):
    bad = ROWS[sheet].replace(*swap)
    assert _cells(lambda: taken(one_hand, sheet, bad)) == [(2, column)]


def _faults(act):
    with pytest.raises(Refusal) as found:
        act()
    return {(e["row"], e["column"]): e["message"] for e in found.value.facts["errors"]}


def test_every_bad_cell_of_one_row_is_told_with_what_it_takes(one_hand):
    bad = f"{CODE},消防工作站,,牌匾,大门外,斜,-1,很高,,"
    assert _faults(lambda: taken(one_hand, "boards", bad)) == {
        (2, "形式"): "只能填：牌子、上墙制度",
        (2, "位置"): "只能填：门外、门上方、室内、墙上、其他",
        (2, "方向"): "只能填：竖、横",
        (2, "宽（厘米）"): "不得小于 1",
        (2, "高（厘米）"): "只能填整数",
    }
    told = _faults(lambda: taken(one_hand, "items", f"{CODE},甲事,,2026-02-30,,,二十"))
    assert told == {
        (2, "起始日期"): "没有这一天或者写法不对，日期写成 2026-03-01", (2, "每年工时"): "只能填整数",
    }  # fmt: skip


def test_a_missing_column_goes_by_its_chinese_name_and_an_empty_sheet_is_told(one_hand):
    told = _faults(lambda: taken(one_hand, "items", data="甲,乙\n1,2\n".encode()))
    assert told[1, "community"] == "缺少列社区(community)"
    told = _faults(lambda: taken(one_hand, "items", data="社区,备注\n1,2\n".encode()))
    assert told == {(1, "事项名称"): "缺少列事项名称"}
    told = _faults(lambda: taken(one_hand, "items", data="社区,事项名称\n".encode()))
    assert told == {(2, ""): "表中没有一行内容"}


@pytest.mark.parametrize("day", ["2019/5/1", "2019.05.01", "2019年5月1日", "2019-5-1"])
def test_a_day_is_read_as_it_stands_in_sheets(one_hand, day):
    (held,) = brought(one_hand, "items", ROWS["items"].replace("2019-05-01", day))
    assert str(held.legacy.since) == "2019-05-01"


def test_a_street_is_told_which_communities_nobody_knows(one_hand):
    row = ROWS["items"].replace(CODE, "无此社区")
    assert _cells(lambda: taken(one_hand, "items", row, by="street.clerk")) == [(2, "社区")]


def test_two_that_ask_the_same_are_two_matters(one_hand):
    rows = [f"{CODE},灯具月报,o-990102-civil,3,12,1", f"{CODE},灯具月报,o-990102-urban,3,12,1"]
    assert taken(one_hand, "reports", *rows).stocktake.added == 2


def test_a_board_that_a_sheet_tells_of_hangs_as_old_stock(one_hand):
    (held,) = brought(one_hand, "boards")
    (board,) = _all(one_hand, Board)
    assert (board.origin, board.presence_id) == (Origin.LEGACY, held.id)
    assert (board.width_cm, board.height_cm, board.place) == (40, 60, "outside_door")
    assert board.recorded_on is None
    brought(one_hand, "offices")
    (bureau,) = _all(one_hand, Bureau)
    assert (bureau.people, bureau.meets, bureau.origin) == (5, False, Origin.LEGACY)


def test_a_board_that_the_community_had_told_of_is_that_board_and_no_second(one_hand):
    told = walled.hung(one_hand)
    (held,) = brought(one_hand, "boards")
    (board,) = _all(one_hand, Board)
    assert (board.id, board.presence_id, board.origin) == (told.id, held.id, Origin.LEGACY)


def test_a_street_brings_in_what_lies_in_it_and_nothing_else(one_hand):
    assert taken(one_hand, "items", by="street.clerk").stocktake.added == 1
    rows = [ROWS["items"].replace(CODE, c) for c in (NEXT, OTHER_STREET)]
    assert _cells(lambda: taken(one_hand, "items", *rows, by="street.clerk")) == [(3, "社区")]
    with pytest.raises(Refusal) as found:
        taken(one_hand, "items", rows[1], by="street.clerk")
    assert found.value.code == "access.forbidden"


@pytest.mark.parametrize("username", ["community.worker", "dept.clerk"])
def test_no_community_or_department_fills_in_a_stocktake(one_hand, username):
    with pytest.raises(Refusal) as found:
        taken(one_hand, "items", by=username)
    assert found.value.code == "access.forbidden"


def test_ten_thousand_rows_are_one_act_and_one_entry(one_hand):
    seats = _all(one_hand, Area, level="community")
    rows = [f"{a.code},第{n}项旧事,演示县民政局,,,," for a in seats for n in range(60)]
    log = one_hand("county.office").office.store.reader.snapshot
    before = log("990102", NOON)
    told = taken(one_hand, "items", *rows)
    assert told.stocktake.added == len(rows)
    assert log("990102", NOON) == before + 1


def test_who_asks_is_the_same_by_name_and_by_id(one_hand):
    row = f"{CODE},楼道灯具编号拍照,{{}},,,,"
    brought(one_hand, "items", row.format("演示县民政局"))
    told = taken(one_hand, "items", row.format("o-990102-civil")).stocktake
    assert (told.added, told.known) == (0, 1)


def test_a_paper_is_told_by_its_sort_and_never_by_whose_it_is(one_hand):
    for title in ("王小明的收入证明", "收入证明 13800138000"):
        with pytest.raises(Refusal) as found:
            taken(one_hand, "certificates", f"{CODE},{title},演示银行,30")
        assert found.value.code == "import.cells"
