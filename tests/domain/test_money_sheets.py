"""资金表格: whoever filled in a sheet in Chinese is told of its cells by the headings they wrote."""

import pytest

from registry.domain.budget_sheets import read_codes, read_counts
from registry.domain.income_sheets import read_incomes
from registry.domain.sheets import Errors

CODES = "年度,类别,编码,名称\n"
INCOMES = "社区,资金来源,年度,金额(元)\n"


def told(errors: Errors) -> list[tuple[int, str]]:
    return [(one.row, one.column) for one in errors]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_wrong_word_is_told_by_its_heading_with_what_may_stand_there(encoding: str) -> None:
    _, errors = read_codes(f"{CODES}2026,功能科目,2080208,基层\n".encode(encoding))
    assert told(errors) == [(2, "类别")]
    assert errors[0].message.startswith("不能填 '功能科目'，只能填：支出功能分类、")
    _, errors = read_incomes(f"{INCOMES}甲社区,众筹,2026,100\n".encode(encoding), 10)
    assert told(errors) == [(2, "资金来源")]
    assert "捐赠" in errors[0].message


def test_a_missing_column_is_told_in_chinese() -> None:
    _, errors = read_codes("年度,编码,名称\n2026,1,甲\n".encode())
    assert [(one.column, one.message) for one in errors] == [("类别", "缺少列类别")]
    _, errors = read_counts("区划代码,口径,数量\n1,户籍人口,十\n".encode())
    assert told(errors) == [(1, "统计日期"), (1, "来源")]


def test_an_amount_is_told_by_its_heading() -> None:
    _, errors = read_incomes(f"{INCOMES}甲社区,捐赠,2026,14.555\n".encode(), 10)
    assert told(errors) == [(2, "金额")]


def test_a_sheet_with_wire_names_is_told_by_these() -> None:
    _, errors = read_codes(b"year,kind,code,name\n2026,x,1,y\n")
    assert told(errors) == [(2, "kind")]
    assert "只能填" not in errors[0].message
