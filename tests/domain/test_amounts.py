"""金额: what officials write is read exactly to the 分, or refused with a reason (E1)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.domain.amounts import (
    MoneyUnit,
    NoAmount,
    fen_of_cell,
    parse_fen,
    told_capital,
    told_yuan,
    unit_of,
)
from registry.domain.records import FEN_MAX


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("14.5万元", 14_500_000), ("14.5万", 14_500_000), ("１４．５万元", 14_500_000),
        ("0.01", 1), ("1", 100), ("1.10", 110), ("1.1", 110), ("1.100", 110), ("145000", 14500000),
        ("145,000.00", 14_500_000), ("145，000元", 14_500_000), ("￥ 8.07", 807),
        ("¥1,234,567.89元整", 123_456_789), ("+3", 300), ("0.000001万元", 1),
        ("310516.50", 31_051_650), ("0.07", 7), ("1.15", 115), ("4.35", 435),
        ("1.2亿元", 12_000_000_000), ("10000000000000.00", FEN_MAX),
    ],
)  # fmt: skip
def test_an_amount_is_read_exactly(text: str, fen: int) -> None:
    assert parse_fen(text) == fen


@pytest.mark.parametrize(
    "text",
    [
        "", "-1", "－1", "0", "0.00", "0.001", "1.455元", "14.5000001万元", "1.45e5", "1.45E+05",
        "1,45", "1,2345", "12 34", "一万元", "1.2.3", ".5", "5.", "(5)", "NaN", "Infinity", "0x10",
        "10000000000000.01", "9" * 30, "1" * 5000, "5美元", "٣", "1 元 2",
        "100²", "5①", "⑤", "1½",
    ],
)  # fmt: skip
def test_what_is_no_amount_is_refused_in_two_languages(text: str) -> None:
    with pytest.raises(NoAmount) as told:
        parse_fen(text)
    assert told.value.zh and told.value.en


def test_nothing_counts_as_an_amount_only_where_it_may() -> None:
    assert parse_fen("0", zero=True) == 0
    with pytest.raises(NoAmount):
        parse_fen("-1", zero=True)


def test_a_bare_figure_counts_what_its_column_says_and_a_unit_of_its_own_goes_before() -> None:
    unit = unit_of("金额（万元）")
    assert unit is MoneyUnit.TEN_THOUSAND
    assert parse_fen("14.5", unit) == parse_fen("145000元", unit) == 14_500_000
    assert unit_of("金额") is unit_of("金额(元)") is MoneyUnit.YUAN


@given(st.integers(min_value=1, max_value=FEN_MAX))
def test_what_is_told_is_read_back(fen: int) -> None:
    assert parse_fen(told_yuan(fen)) == fen
    assert fen_of_cell(told_yuan(fen), 2, "金额(元)") == (fen, [])


def test_a_bad_cell_is_told_with_its_place() -> None:
    fen, errors = fen_of_cell("1.455", 7, "金额(元)")
    assert (fen, errors[0].row, errors[0].column) == (0, 7, "金额(元)")


@pytest.mark.parametrize(
    ("yuan", "said"),
    [
        ("1409.50", "壹仟肆佰零玖元伍角整"), ("6007.14", "陆仟零柒元壹角肆分"),
        ("1680.32", "壹仟陆佰捌拾元叁角贰分"), ("107000.53", "壹拾万柒仟元伍角叁分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"), ("325.04", "叁佰贰拾伍元零肆分"),
        ("0.05", "伍分"), ("0.50", "伍角整"), ("0", "零元整"), ("10", "壹拾元整"),
        ("100000000", "壹亿元整"), ("100010000.01", "壹亿零壹万元零壹分"),
        ("1001000.10", "壹佰万壹仟元壹角整"), ("10000000000000", "壹拾万亿元整"),
        ("1100101010000", "壹万壹仟零壹亿零壹佰零壹万元整"),
    ],
)  # fmt: skip
def test_an_amount_in_capitals_is_written_as_a_cheque_bears_it(yuan: str, said: str) -> None:
    """The first five are those of the rules on filling in bills (正确填写票据的基本规定)."""
    assert told_capital(parse_fen(yuan, zero=True)) == said


@given(st.integers(min_value=0, max_value=FEN_MAX))
def test_what_is_told_in_capitals_is_read_back(fen: int) -> None:
    assert read_capital(told_capital(fen)) == fen


def read_capital(told: str) -> int:
    """Capitals as a teller reads them, from the left, by another way than they are written."""
    digits, places = "零壹贰叁肆伍陆柒捌玖", {"拾": 10, "佰": 100, "仟": 1000}
    whole = group = digit = 0
    for sign in told.removesuffix("整"):
        if sign in digits:
            digit = digits.index(sign)
            continue
        if sign in places:
            group, digit = group + digit * places[sign], 0
        elif sign == "万":
            whole, group, digit = whole + (group + digit) * 10_000, 0, 0
        elif sign == "亿":
            whole, group, digit = (whole + group + digit) * 100_000_000, 0, 0
        elif sign == "元":
            whole, group, digit = (whole + group + digit) * 100, 0, 0
        else:
            whole, digit = whole + digit * {"角": 10, "分": 1}[sign], 0
    return whole


def test_nothing_below_nothing_is_told_in_capitals() -> None:
    with pytest.raises(ValueError, match="-1"):
        told_capital(-1)
