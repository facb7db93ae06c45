"""流水表: banks and treasuries call their columns otherwise; what a line says is read exactly."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.domain.bank import Direction, LineSource
from registry.domain.bank_sheets import Statement, StatementLine, read_statement

MOST = 1000
TREASURY = "支付日期,收款单位,付款单位,支付金额(元),支付凭证号,流水号,摘要,准入批准号\n"


def read(text: str | bytes, source: str = "bank") -> tuple[Statement | None, Any]:
    data = text if isinstance(text, bytes) else text.encode()
    return read_statement(LineSource(source), "流水.csv", data, MOST)


def lines(text: str | bytes, source: str = "bank") -> list[StatementLine]:
    statement, errors = read(text, source)
    assert not errors, errors
    assert statement is not None
    return statement.lines


def faults(text: str | bytes, source: str = "bank") -> list[tuple[int, str]]:
    statement, errors = read(text, source)
    assert statement is None
    return [(e.row, e.column) for e in errors]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_payment_list_of_the_treasury_is_read(encoding: str) -> None:
    text = (
        TREASURY + '2026-03-02,甲街道办事处,县民政局,"3,000.00",支1,T1,工作经费,演准〔2026〕1号\n'
    )
    (line,) = lines(text.encode(encoding), "treasury")
    assert line == StatementLine(
        row=2, key="T1", direction=Direction.OUT, amount_fen=300_000, dated_on=date(2026, 3, 2),
        account="", party="甲街道办事处", payer="县民政局", memo="工作经费",
        admission="演准〔2026〕1号", voucher="支1",
    )  # fmt: skip


def test_a_bank_statement_with_its_titles_its_two_amounts_and_its_sum_is_read() -> None:
    text = (
        "某银行对账单\n账户：甲社区,,,\n序号,交易日期,贷方发生额,借方发生额,对方户名,摘要,用途,余额\n"
        "1,20260302,100.00,,县财政局,拨款,工作经费,100.00\n2,2026/3/3,0.00,40,乙公司,购物,,60.00\n"
        "合计,,100.00,40.00,,,,\n,,,,,,,\n"
    )
    first, second = lines(text)
    assert (first.row, first.direction, first.amount_fen) == (4, Direction.IN, 10_000)
    assert (first.memo, first.party) == ("拨款；工作经费", "县财政局")
    assert (second.direction, second.amount_fen, second.party) == (Direction.OUT, 4_000, "乙公司")
    statement, _ = read(text)
    assert statement is not None
    assert statement.ignored == ["序号", "余额"]


@pytest.mark.parametrize(
    ("cell", "fen"),
    [("14.5万元", 14_500_000), ("１００", 10_000), ("1,000.5", 100_050), ("0.01", 1)],
)
def test_amounts_are_exact(cell: str, fen: int) -> None:
    (line,) = lines(f'日期,金额,收支方向\n2026-03-02,"{cell}",收\n')
    assert line.amount_fen == fen


def test_the_unit_of_a_heading_is_that_of_its_column() -> None:
    (line,) = lines("日期,金额（万元）,收支方向\n2026年3月2日,14.5,收\n")
    assert line.amount_fen == 14_500_000


def test_what_a_bank_writes_in_red_went_the_other_way() -> None:
    (line,) = lines("日期,金额,借贷标志\n2026-03-02,-30.00,借\n")
    assert (line.direction, line.amount_fen) == (Direction.IN, 3_000)


def test_of_two_dates_the_one_of_the_transaction_is_read() -> None:
    (line,) = lines("记账日期,交易日期,收入金额\n2026-03-05,2026-03-02 10:11:12,1\n")
    assert line.dated_on == date(2026, 3, 2)


def test_a_payment_in_parts_has_a_key_for_each() -> None:
    text = "日期,收款单位,金额,流水号,明细序号\n2026-03-02,甲,1,T1,1\n2026-03-02,乙,2,T1,2\n"
    assert [line.key for line in lines(text, "treasury")] == ["T1#1", "T1#2"]


def test_a_line_without_a_key_is_known_by_what_it_says_and_which_of_its_like_it_is() -> None:
    head, same = "日期,收入金额,摘要\n", "2026-03-02,1.00,甲\n"
    other = "2026-03-03,1.00,甲\n"
    first, second, third = lines(head + same + same + other)
    assert first.key.startswith("=")
    assert first.key.endswith(".1")
    assert second.key == first.key[:-1] + "2"
    # The same line elsewhere, among others, under other headings, is the same line.
    again = lines("备注,交易日期,收入金额(元)\n乙,2026-03-01,9\n甲,20260302,1\n")[1]
    assert again.key == first.key
    assert third.key != first.key


@pytest.mark.parametrize(
    ("text", "source", "where"),
    [
        ("", "bank", [(1, "")]),
        ("甲,乙\n1,2\n", "bank", [(1, "")]),
        ("日期,金额\n2026-03-02,1\n", "bank", [(1, "收支方向")]),
        ("日期,金额\n2026-03-02,1\n", "treasury", [(1, "收款单位")]),
        ("日期,金额,金额,收支\n", "bank", [(1, "金额")]),
        ("日期,金额,交易金额,收支\n", "bank", [(1, "交易金额")]),
        ("日期,收入,支出\n2026-03-02,1,2\n", "bank", [(2, "收入")]),
        ("日期,收入,支出\n2026-03-02,,\n", "bank", [(2, "收入"), (2, "收入")]),
        ("日期,支出\n2026-03-02,=1+1\n", "bank", [(2, "支出"), (2, "支出")]),
        ("日期,金额,收支\n2026-02-30,1e3,收\n三月,0.001,平\n", "bank",
         [(2, "日期"), (2, "金额"), (3, "日期"), (3, "收支"), (3, "金额")]),
        ("日期,支出,流水号\n2026-03-02,1,1.23457E+15\n", "bank", [(2, "流水号")]),
        ("日期,支出,摘要\n2026-03-02,1,a\x07b\n", "bank", [(2, "摘要")]),
        ("日期,支出\n2026-03-02,1,,多出\n", "bank", [(2, "")]),
        (b"\xff\xfe\x00" * 9, "bank", [(1, "")]),
        ("日期,支出\x00\n", "bank", [(1, "")]),
        ("日期,支出\n" + "2026-03-02,1\n" * (MOST + 1), "bank", [(MOST, "")]),
        ("日期,支出" + ",多" * 300 + "\n", "bank", [(1, "")]),
        ('日期,支出\n"2026-03-02,1\n', "bank", [(1 + 1, "")]),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_whole_with_every_cell(
    text: str | bytes, source: str, where: list[tuple[int, str]]
) -> None:
    assert faults(text, source) == where


def test_a_million_columns_are_refused_at_once() -> None:
    assert faults("日期,支出" + "," * 1_000_000 + "\n2026-03-02,1\n") == [(1, "")]


@given(st.binary(max_size=200))
def test_no_file_does_more_than_be_refused(data: bytes) -> None:
    for source in LineSource:
        statement, errors = read_statement(source, "甲", b"\xe6\x97\xa5\xe6\x9c\x9f," + data, MOST)
        assert (statement is None) == bool(errors)


AS_BANKS_WRITE = {
    "one word for both sides": (
        "[HISTORYDETAIL]\n凭证号,本方账号,交易时间,借/贷,借方发生额,贷方发生额,摘要,用途,对方单位名称,余额\n"
        ',1,2026-03-02 10:11:12,贷,0.00,"3,000.00",转账,拨款,县民政局,5000.00\n'
    ),
    "a sum at the end": (
        "账户明细\n交易时间,收入金额,支出金额,账户余额,对方账号,对方户名,交易渠道\n"
        "2026-03-02,3000.00,,5000.00,6228,县民政局,网银\n总收入,3000.00,,,,,\n期末余额,,,5000.00,,,\n"
    ),
    "a unit behind a stroke": (
        "账号,账户名称,交易时间,借方发生额/元(支取),贷方发生额/元(收入),余额,对方户名,记账日期,"
        "账户明细编号-交易流水号\n1,甲街道,20260302 10:11:12,0,3000,5000,县民政局,20260302,101-33\n"
    ),
    "a time for a day": (
        "记账时间,收支类型,发生额,账户余额,对方单位,备注\n2026-03-02 09:00:00,收入,3000.00,5000,县民政局,\n"
    ),
    "English beside it": (
        "查询账号[ Inquirer account number ],1\n交易日期[ Transaction Date ],借贷标志[ Sign ],"
        "交易金额[ Trade Amount ],对方名称[ Name ]\n20260302,贷,3000.00,县民政局\n"
    ),
}


@pytest.mark.parametrize("text", AS_BANKS_WRITE.values(), ids=AS_BANKS_WRITE)
def test_a_statement_is_read_as_its_bank_writes_it(text: str) -> None:
    (line,) = lines(text.encode("gb18030"))
    told = (line.direction, line.amount_fen, line.dated_on, line.party)
    assert told == (Direction.IN, 300_000, date(2026, 3, 2), "县民政局")


def test_a_minus_that_repeats_the_word_for_going_out_is_no_red_entry() -> None:
    head = "交易日期,交易金额,收支标志,对方名称\n"
    both = "2026/3/2,3000.00,收,县民政局\n2026/3/2,-100.00,支,乙公司\n"
    assert [line.direction for line in lines(head + both)] == [Direction.IN, Direction.OUT]
    outs = "2026/3/2,-100.00,支,乙公司\n2026/3/3,-40.00,支,丙公司\n"
    assert [line.direction for line in lines(head + outs)] == [Direction.OUT] * 2
    # Where another that goes out has none, the one with a minus is written in red: it came back.
    red = both + "2026/3/3,40.00,支,丙公司\n"
    assert [line.direction for line in lines(head + red)] == [
        Direction.IN, Direction.IN, Direction.OUT,
    ]  # fmt: skip
