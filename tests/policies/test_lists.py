"""Reference lists: what each holds, where it was read; a wrong file is refused by place."""

import tomllib
from pathlib import Path

import pytest

from registry.domain.catalogue import MatterList
from registry.domain.vocabulary import GRADES_OFF, Grade, Polarity, Receiver, Role
from registry.policies.lists import SeedError, load_lists, load_tuning, parse_lists

SEEDS = Path(__file__).parents[2] / "seeds"
LISTS: dict[str, MatterList] = {one.id: one for one in load_lists(SEEDS / "lists")}
GROUNDS = {f"R{n}" for n in range(1, 17)}

NATIONAL_TWENTY = [
    "亲属关系证明", "居民身份信息证明", "户口登记项目内容变更申请证明", "居民养犬证明", "无犯罪记录证明",
    "社区戒毒社区康复人员情况证明", "人员失踪证明", "婚姻状况证明", "出生证明", "健在证明", "死亡证明",
    "疾病状况证明", "残疾状况证明", "婚育状况证明", "居民就业状况证明", "居民个人档案证明", "居民财产证明",
    "遗产继承权证明", "市场主体住所证明", "证件遗失证明",
]  # fmt: skip


def titles(name: str) -> list[str]:
    return [item.title for item in LISTS[name].items]


def test_the_statutory_duties_are_forty_six_each_with_its_article_and_source() -> None:
    duties = LISTS["CN-ASSIST"]
    assert duties.statutory and duties.polarity is Polarity.ASSIST
    assert len(duties.items) == 46
    for item in duties.items:
        assert "第" in item.basis and "条" in item.basis, item.id
        assert item.source and item.role is Role.ASSIST and item.receivers, item.id


def test_no_inferred_department_is_held_as_law() -> None:
    assert {i.department_grade for i in LISTS["CN-ASSIST"].items} == {Grade.INFERRED}
    for one in LISTS.values():
        for item in one.items:
            if item.department and not one.fictional:
                assert item.department_grade in GRADES_OFF, item.id


def test_a_duty_of_villages_alone_does_not_fall_on_residents_committees() -> None:
    alone = {i.id for i in LISTS["CN-ASSIST"].items if i.receivers == [Receiver.VILLAGE_COMMITTEE]}
    assert alone == {"CN-AST-19", "CN-AST-28", "CN-AST-32", "CN-AST-35"}


def test_the_national_list_holds_the_twenty_certificates_by_name() -> None:
    assert titles("CN-CERT-NEG") == NATIONAL_TWENTY


def test_each_of_the_twenty_says_who_verifies_instead() -> None:
    for item in LISTS["CN-CERT-NEG"].items:
        assert item.verifier and item.verifier_grade in {Grade.SEEN, Grade.STATUTE, Grade.MEMORY}


def test_hubei_differs_from_the_nation_by_exactly_the_named_rows() -> None:
    ours, national = set(titles("HB-CERT-NEG")), set(NATIONAL_TWENTY)
    assert len(ours) == 21
    assert ours - national == {
        "生育状况证明", "户口登记项目内容变更更正证明", "缴费票据遗失证明", "转学证明",
    }  # fmt: skip
    assert national - ours == {"健在证明", "婚育状况证明", "户口登记项目内容变更申请证明"}


def test_zhejiang_states_twenty_eight_and_adds_the_health_certificate() -> None:
    one = LISTS["ZJ-CERT-NEG"]
    assert (one.count_stated, one.items_read, titles(one.id)) == (28, False, ["健康证明"])


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("TJ-SELF", 16), ("TJ-ASSIST", 35), ("TJ-CERT-NEG", 75), ("TJ-CAMPAIGN", 10),
        ("XC-RC", 56), ("XC-SS", 47), ("EQ-URBAN", 12), ("EQ-RURAL", 14), ("EQ-ASSIST", 46),
    ],
)  # fmt: skip
def test_a_list_whose_items_were_not_all_read_states_its_count(name: str, count: int) -> None:
    assert (LISTS[name].count_stated, LISTS[name].items_read) == (count, False)
    assert len(LISTS[name].items) < count


@pytest.mark.parametrize(
    ("name", "count"),
    [("TJ-CERT-OK", 5), ("BJ-CERT-OK", 4), ("NB-CAMPAIGN", 10), ("QN-BOARD", 4), ("NX-BOARD", 6)],
)
def test_a_list_that_was_read_holds_every_item(name: str, count: int) -> None:
    assert len(LISTS[name].items) == count


def test_xichengs_lists_are_of_their_year_and_of_their_receiver() -> None:
    committee, station = LISTS["XC-RC"], LISTS["XC-SS"]
    assert (committee.year, station.year) == (2018, 2018)
    assert committee.receivers != station.receivers


def test_every_id_is_unique() -> None:
    ids = [name for one in LISTS.values() for name in (one.id, *(i.id for i in one.items))]
    assert len(ids) == len(set(ids))


def test_a_refusing_item_names_its_ground_and_no_other_does() -> None:
    refusing = {Polarity.BARRED, Polarity.NEGATIVE, Polarity.OWN_DUTY}
    for one in LISTS.values():
        for item in one.items:
            assert (item.ground in GROUNDS) == (one.polarity in refusing), item.id


def test_the_nation_bars_only_what_its_own_text_names() -> None:
    assert {i.ground for i in LISTS["CN-BARRED"].items} == {"R2", "R3", "R8"}
    assert all("禁止的地方" in i.note for i in LISTS["ELSEWHERE-BARRED"].items)


def test_a_ground_is_on_nationally_only_where_the_nation_has_a_text() -> None:
    grounds = {g["id"]: g for g in _grounds()}
    assert set(grounds) == GROUNDS
    on = {name for name, g in grounds.items() if g["on_nationally"]}
    assert on == {"R1", "R2", "R3", "R5", "R8", "R10", "R14", "R16"}
    assert grounds["R2"]["liftable"] and grounds["R3"]["liftable"]
    assert all(g["forbidden_in"] for g in grounds.values() if not g["on_nationally"])


def _grounds() -> list[dict[str, object]]:
    with (SEEDS / "grounds.toml").open("rb") as file:
        found: list[dict[str, object]] = tomllib.load(file)["ground"]
    return found


def test_demo_lists_say_that_they_are_fictional_and_others_do_not() -> None:
    for one in LISTS.values():
        assert one.fictional == one.id.startswith("DEMO-") == (one.grade is Grade.FICTIONAL)
        assert one.fictional == (one.county == "990102")


HEAD = (
    "id,title,title_en,aliases,hints,section,ground,basis,department,department_grade,role,"
    "receivers,verifier,verifier_grade,valid_from,valid_to,grade,source,note"
)
ROW = "X-1,示例,,,,,,某法 第1条,,,,,,,,,全文,某处,"
TABLE = """[[list]]
id = "X"
jurisdiction = "000000"
title = "示例"
polarity = "assist"
kinds = ["task"]
instrument = "某法"
grade = "全文"
source = "某处"
file = "X.csv"
"""


def parse(table: str = TABLE, head: str = HEAD, row: str = ROW) -> list[MatterList]:
    return parse_lists(table.encode(), {"X.csv": f"{head}\n{row}\n".encode()})


def test_a_right_file_is_read_whole() -> None:
    (one,) = parse()
    assert (one.county, one.version, one.items[0].title) == ("000000", 1, "示例")


def test_an_unknown_column_is_refused_with_file_line_and_column() -> None:
    with pytest.raises(SeedError) as caught:
        parse(head=HEAD.replace("note", "remark"))
    error = caught.value
    assert (error.file, error.line, error.column) == ("X.csv", 1, "remark")


@pytest.mark.parametrize(
    ("cell", "becomes", "column"),
    [
        ("全文", "大概", "grade"), ("全文", "", "grade"), ("某法 第1条", "", "basis"),
        ("某处", "", "source"), ("示例", "", "title"),
    ],
)  # fmt: skip
def test_a_wrong_or_missing_value_is_refused_by_its_place(
    cell: str, becomes: str, column: str
) -> None:
    with pytest.raises(SeedError) as caught:
        parse(row=ROW.replace(cell, becomes))
    error = caught.value
    assert (error.file, error.line, error.column) == ("X.csv", 2, column)


def test_a_file_names_only_the_columns_it_uses_in_any_order() -> None:
    (one,) = parse(head="title,id,basis,grade,source,payer", row="示例,X-1,某法,全文,某处,finance")
    assert (one.items[0].payer, one.items[0].cycle, one.items[0].note) == ("finance", "", "")


@pytest.mark.parametrize(
    ("head", "column"),
    [("id,title,basis,grade", "source"), ("id,title,basis,grade,source,title", "title")],
)
def test_a_column_left_out_that_is_needed_or_named_twice_is_refused(head: str, column: str) -> None:
    with pytest.raises(SeedError) as caught:
        parse(head=head, row=",".join("x" for _ in head.split(",")))
    assert (caught.value.line, caught.value.column) == (1, column)


def test_a_short_row_is_refused() -> None:
    with pytest.raises(SeedError, match=r"X\.csv:2"):
        parse(row=ROW.rpartition(",")[0])


@pytest.mark.parametrize(
    "change",
    [
        ('grade = "全文"', 'grade = "也许"'),
        ('grade = "全文"', ""),
        ('title = "示例"', 'title = "示例"\nnotice = "?"'),
        ('jurisdiction = "000000"', 'jurisdiction = "0"'),
        ('file = "X.csv"', 'file = "Y.csv"'),
        ('file = "X.csv"', ""),
        ('file = "X.csv"', 'file = "X.csv"\ncount_stated = 2'),
        ('title = "示例"', 'title = "示例'),
    ],
)
def test_a_wrong_catalogue_is_refused(change: tuple[str, str]) -> None:
    with pytest.raises(SeedError, match=r"lists\.toml"):
        parse(table=TABLE.replace(*change))


def test_an_id_used_twice_is_refused() -> None:
    with pytest.raises(SeedError, match="twice: X-1"):
        parse(row=f"{ROW}\n{ROW}")


def test_a_file_no_list_names_is_refused() -> None:
    with pytest.raises(SeedError, match="no list names this file"):
        parse_lists(TABLE.encode(), {"X.csv": f"{HEAD}\n{ROW}\n".encode(), "Z.csv": b""})


def test_a_tuning_file_with_an_unknown_key_is_refused(tmp_path: Path) -> None:
    wrong = tmp_path / "matching.toml"
    wrong.write_text("guess = 1\n", encoding="utf-8")
    with pytest.raises(SeedError):
        load_tuning(wrong)


def test_a_list_saved_by_a_spreadsheet_is_read_or_refused_with_the_way_to_save_it() -> None:
    page = (
        '[[list]]\nid = "L"\njurisdiction = "990102"\ntitle = "甲"\npolarity = "permitted"\n'
        'kinds = ["campaign"]\ninstrument = "办法（虚构）"\ngrade = "fictional"\nsource = "虚构"\n'
        'file = "l.csv"\n'
    ).encode()
    text = "id,title,basis,grade,source\nL-1,书香楼道,办法（虚构）,fictional,虚构\n"
    (found,) = parse_lists(page, {"l.csv": text.encode("utf-8-sig")})
    assert [item.id for item in found.items] == ["L-1"]
    with pytest.raises(SeedError, match="另存为“CSV UTF-8”"):
        parse_lists(page, {"l.csv": text.encode("gb18030")})
