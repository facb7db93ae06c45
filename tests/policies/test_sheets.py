"""表格: what goes out comes back byte for byte; what an officer writes in either language is read."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from registry.policies.drafting.grids import Grid, cell, letters, read_csv, write_csv
from registry.policies.drafting.problems import Problem
from registry.policies.drafting.sheets import out, taken
from registry.policies.drafting.tables import canonical
from registry.policies.drafting.workbook import read_xlsx
from tests.policies.rulebooks import SEEDS, loaded
from tests.policies.workbooks import edited, exported, folder

PACK_NAMES = sorted(loaded())
SMALL = "zhengzhou-erqi"


def lists() -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in sorted((SEEDS / "lists").iterdir())
            if p.suffix in {".csv", ".toml"}}  # fmt: skip


def grids_of(data: bytes) -> list[Grid]:
    grids, problems = read_xlsx("x.xlsx", data)
    assert problems == []
    return grids


def took(data: bytes, into: dict[str, bytes]) -> tuple[dict[str, bytes], list[Problem]]:
    grids, problems = read_xlsx("x.xlsx", data)
    return ({}, problems) if problems else taken(grids, into)


# ---- out and back -------------------------------------------------------------------------------


@pytest.mark.parametrize("own", PACK_NAMES)
def test_the_tables_of_a_pack_come_back_byte_for_byte_from_xlsx(own: str) -> None:
    files = folder(own)
    changed, problems = took(exported(files), files)
    assert problems == []
    assert changed == {name: files[name] for name in files if name.endswith(".csv")}


@pytest.mark.parametrize("own", PACK_NAMES)
def test_the_tables_of_a_pack_come_back_byte_for_byte_from_csv(own: str) -> None:
    files = folder(own)
    grids = [read_csv(f"{grid.name}.csv", write_csv(grid))[0] for grid in out(files).grids]
    changed, problems = taken([g for g in grids if g is not None], files)
    assert problems == []
    assert changed == {name: files[name] for name in files if name.endswith(".csv")}


def test_every_list_comes_back_byte_for_byte_from_xlsx_and_from_csv() -> None:
    files = lists()
    items = {name: raw for name, raw in files.items() if name.endswith(".csv")}
    assert took(exported(files), files) == (items, [])
    grids = [read_csv(f"{grid.name}.csv", write_csv(grid))[0] for grid in out(files).grids]
    assert taken([g for g in grids if g is not None], files) == (items, [])


def test_remarks_come_back_where_they_stood() -> None:
    files = folder(SMALL)
    lines = files["rules.csv"].decode().splitlines()
    lines.insert(2, "# 说明: 城市社区, 涉农社区")
    files["rules.csv"] = ("\n".join(lines) + "\n").encode()
    assert took(exported(files), files)[0]["rules.csv"] == files["rules.csv"]


def test_a_sheet_has_a_chinese_header_a_wire_header_and_chinese_words() -> None:
    rules = grids_of(exported(folder()))[0]
    assert rules.name == "规则"
    assert rules.rows[0][1][:3] == ["行", "关口", "事项类别"]
    assert rules.rows[1][1][:3] == ["p", "gate", "kind"]
    assert rules.rows[2][1][:2] == ["p", "申报"]


def test_every_closed_column_has_a_drop_down_of_its_words() -> None:
    book = load_workbook(io.BytesIO(exported(folder())))
    rules, words = book["规则"], book["词表"]
    head = [c.value for c in rules[2]]
    ranges = {str(v.sqref).split(":")[0]: v.formula1 for v in rules.data_validations.dataValidation}
    for column, name in enumerate(head, start=1):
        if name in {"p", "rule"}:
            continue
        formula = ranges[f"{letters(column)}3"]
        first, last = (part.replace("$", "") for part in formula.split("!")[1].split(":"))
        offered = [row[0].value for row in words[first:last]]
        assert offered[0] in {"任意", "允许", "清单内"}, name
        assert None not in offered
    assert words.sheet_state == "hidden"


def test_nothing_in_a_workbook_is_reckoned_by_a_spreadsheet() -> None:
    book = load_workbook(io.BytesIO(exported(lists())))
    kinds = {c.data_type for sheet in book for row in sheet.iter_rows() for c in row if c.value}
    assert kinds == {"s"}


# ---- written by an officer ----------------------------------------------------------------------


def test_a_row_added_in_chinese_words_becomes_a_row_in_wire_words() -> None:
    files = folder(SMALL)

    def add(book: Any) -> None:
        sheet = book["规则"]
        head = [c.value for c in sheet[1]]
        given = {"行": "p", "关口": "申报", "清单地位": "角色不符", "证明清单": "不是证明",
                 "禁止情形": "无", "允许或拒绝": "拒绝", "预审意见": "转人工",
                 "规则编号": "EQ-ROLE"}  # fmt: skip
        sheet.append([given.get(name, "") for name in head])

    changed, problems = took(edited(exported(files), add), files)
    assert problems == []
    last = changed["rules.csv"].decode().splitlines()[-1].split(",")
    assert last[:2] == ["p", "file"]
    assert last[-3:] == ["deny", "human_review", "EQ-ROLE"]
    assert "other_role" in last
    assert "" not in last


@pytest.mark.parametrize("left", ["chinese", "wire"])
def test_either_header_row_suffices(left: str) -> None:
    files = folder(SMALL)
    data = edited(
        exported(files),
        lambda book: [sheet.delete_rows(2 if left == "chinese" else 1)
                      for sheet in book if sheet.title != "词表"],
    )  # fmt: skip
    assert took(data, files)[0]["rules.csv"] == files["rules.csv"]


def test_the_canonical_file_itself_is_taken_too() -> None:
    files = folder()
    grid, told, _ = read_csv("rules.csv", files["rules.csv"])
    assert grid is not None
    assert told == "UTF-8"
    assert taken([grid], files)[0] == {"rules.csv": files["rules.csv"]}


@pytest.mark.parametrize(
    ("encoding", "told"),
    [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8 (BOM)"), ("gb18030", "GB18030")],
)
def test_csv_is_read_in_three_encodings_and_told_which(encoding: str, told: str) -> None:
    files = folder()
    text = write_csv(out(files).grids[0]).decode("utf-8-sig")
    grid, said, problems = read_csv("规则.csv", text.encode(encoding))
    assert (said, problems) == (told, [])
    assert grid is not None
    assert taken([grid], files)[0]["rules.csv"] == files["rules.csv"]


def test_columns_may_stand_in_another_order() -> None:
    files = folder(SMALL)
    rows = [[c for c in line] for line in csv.reader(
        io.StringIO(write_csv(out(files).grids[0]).decode("utf-8-sig")))]  # fmt: skip
    turned = Grid(name="规则", rows=[(n, line[::-1]) for n, line in enumerate(rows, start=1)])
    table, problems = canonical(turned)
    assert problems == []
    assert table is not None
    assert table.text.splitlines()[0].endswith(",eft,outcome,rule")
    changed, problems = taken([turned], files)
    assert problems == []
    assert set(changed) == {"rules.csv"}


def test_a_list_takes_its_words_in_chinese_too() -> None:
    files = lists()

    def write(book: Any) -> None:
        sheet = book["DEMO-LIST"]
        head = [c.value for c in sheet[2]]
        given = {"id": "DEMO-LST-99", "title": "新事项", "role": "协助", "grade": "fictional",
                 "receivers": "居委会；村委会", "basis": "虚构", "source": "虚构",
                 "department_grade": "fictional", "verifier_grade": "fictional"}  # fmt: skip
        sheet.append([given.get(name, "") for name in head])

    changed, problems = took(edited(exported(files), write), files)
    assert problems == []
    last = changed["DEMO-LIST.csv"].decode().splitlines()[-1]
    assert ",assist,residents_committee；village_committee," in last


def test_numbers_and_dates_typed_into_cells_are_read_as_written() -> None:
    from datetime import datetime

    files = lists()

    def write(book: Any) -> None:
        sheet = book["DEMO-LIST"]
        head = [c.value for c in sheet[2]]
        at = {name: index for index, name in enumerate(head, start=1)}
        sheet.cell(row=3, column=at["valid_from"]).value = datetime(2026, 1, 1)  # noqa: DTZ001
        sheet.cell(row=3, column=at["section"]).value = 7.0

    changed, problems = took(edited(exported(files), write), files)
    assert problems == []
    assert ",7," in changed["DEMO-LIST.csv"].decode().splitlines()[1]
    assert ",2026-01-01," in changed["DEMO-LIST.csv"].decode().splitlines()[1]


def test_a_text_that_a_spreadsheet_would_reckon_with_is_written_behind_a_quote() -> None:
    grid = Grid(name="x", rows=[(1, ["+86", "-1", "@me", "plain"])])
    raw = write_csv(grid)
    assert raw.decode("utf-8-sig").startswith("'+86,'-1,'@me,plain")
    back, _, problems = read_csv("x.csv", raw)
    assert (back, problems) == (grid, [])


def test_a_cell_is_named_as_a_spreadsheet_names_it() -> None:
    assert [letters(n) for n in (1, 26, 27, 52, 53, 256)] == ["A", "Z", "AA", "AZ", "BA", "IV"]
    files = folder(SMALL)

    def spoil(book: Any) -> None:
        book["规则"]["B4"] = "大门"

    _, (problem,) = took(edited(exported(files), spoil), files)
    assert cell(problem) == "规则!B4"
    assert "大门" in problem.zh


def test_sheets_are_no_business_of_the_disk(tmp_path: Path) -> None:
    """Files in, files out: what is there stays as it was until the caller writes."""
    before = folder()
    took(exported(before), before)
    assert folder() == before
    assert list(tmp_path.iterdir()) == []
