"""表头 how banks and treasuries call what the registry reads of a statement, and where it stands.

Columns are found by their headings, in whatever order; a file whose headings contradict each other
is refused with the reason.
"""

import re
import unicodedata
from collections import Counter
from typing import NamedTuple

from registry.domain.amounts import MoneyUnit, unit_of
from registry.domain.bank import LineSource
from registry.domain.sheets import CellError, Errors

HEADINGS: dict[str, tuple[str, ...]] = {
    "key": ("流水号", "交易流水号", "银行流水号", "支付流水号", "核心流水号", "日志号", "业务编号",
            "业务流水号", "交易号", "账户明细编号-交易流水号", "key"),
    "part": ("明细序号", "明细号", "子序号", "分笔序号", "part"),
    "account": ("账户单位", "本方户名", "本方单位", "开户单位", "户名", "账户名称", "account"),
    "payee": ("收款单位", "收款人", "收款人名称", "收款人全称", "收款方", "payee"),
    "payer": ("付款单位", "预算单位", "付款人", "付款人名称", "付款人全称", "付款方", "申请单位",
              "payer"),
    "party": ("对方户名", "对方单位", "对方名称", "交易对手", "对方", "对手方",
              "对方单位名称", "对方账户名称", "对方账户名", "counterparty"),
    "dated": ("交易日期", "支付日期", "日期", "记账日期", "入账日期", "拨付日期", "交易时间",
              "记账时间", "date"),
    "amount": ("金额", "支付金额", "交易金额", "发生额", "amount"),
    "income": ("收入金额", "收入", "贷方金额", "贷方发生额", "转入金额", "存入金额", "in"),
    "expense": ("支出金额", "支出", "借方金额", "借方发生额", "转出金额", "支取金额", "out"),
    "way": ("收支方向", "收支标志", "借贷标志", "收支", "借贷", "借贷方向", "借/贷",
            "收/支", "收支类型", "借贷类型", "direction"),
    "memo": ("摘要", "用途", "附言", "备注", "交易摘要", "资金用途", "memo"),
    "admission": ("准入批准号", "准入号", "准入编号", "事项准入批准号", "admission_number"),
    "voucher": ("凭证号", "支付凭证号", "支付令号", "支付令编号", "凭证编号",
                "voucher_number"),
}  # fmt: skip
"""What is read of a line → the headings under which it stands."""
_KNOWN = {heading: column for column, many in HEADINGS.items() for heading in many}
_UNIT = re.compile(r"[(（](?:单位[:：])?(?:人民币)?(元|万元|亿元)[)）]$")
_ENGLISH = re.compile(r"\[[^\]]*\]$")
_MOST_COLUMNS = 256
_TITLES = 16
"""Lines above the headings: name of the bank, account, period."""


class Columns(NamedTuple):
    """列: what is read → where it stands, and the unit of its amounts."""

    at: dict[str, int]
    unit: dict[str, MoneyUnit]
    headings: list[str]
    memos: list[int]
    """Everything that is said of a line is kept, in whatever columns it stands."""


def bad(row: int, column: str, zh: str, en: str) -> CellError:
    """One fault of a cell; without a column, of the whole row."""
    return CellError(row=row, column=column, message=zh, message_en=en)


def plain(text: str) -> str:
    """A cell in narrow letters and digits."""
    return unicodedata.normalize("NFKC", text).strip()


def column_of(heading: str) -> str | None:
    """What a heading stands for here; ``None`` = nothing that is read."""
    return _KNOWN.get(_bare(heading))


def _bare(heading: str) -> str:
    """A heading without its unit, its English beside it, or what stands behind a stroke."""
    told = _UNIT.sub("", _ENGLISH.sub("", plain(heading))).replace(" ", "")
    return told if told in _KNOWN else told.partition("/")[0]


def header(rows: list[list[str]]) -> int | None:
    """The first line that names a day and an amount."""
    for index, cells in enumerate(rows[:_TITLES]):
        found = {column_of(cell) for cell in cells[:_MOST_COLUMNS]}
        if "dated" in found and found & {"amount", "income", "expense"}:
            return index
    return None


def columns_of(source: LineSource, headings: list[str], row: int) -> tuple[Columns, Errors]:
    """Which column says what, and in which unit its amounts are; or what is wrong with them."""
    if len(headings) > _MOST_COLUMNS:
        told = (f"列数超过上限{_MOST_COLUMNS}列", f"more than {_MOST_COLUMNS} columns")
        return Columns({}, {}, [], []), [bad(row, "", *told)]
    at: dict[str, int] = {}
    unit: dict[str, MoneyUnit] = {}
    errors = [
        bad(row, heading, f"列{heading}出现了两次", f"column {heading} appears twice")
        for heading, many in Counter(h.strip() for h in headings if h.strip()).items() if many > 1
    ]  # fmt: skip
    for index, heading in enumerate(headings):
        column = column_of(heading)
        if column is None:
            continue
        if column in _ONE and column in at and not errors:
            other = headings[at[column]]
            said = (f"列{heading}与列{other}是同一项", f"{heading} and {other} are the same")
            errors.append(bad(row, heading, *said))
        if column not in at or _rank(heading) < _rank(headings[at[column]]):
            at[column], unit[column] = index, unit_of(heading)
    named = [h.strip() for h in headings]
    memos = [i for i, heading in enumerate(named) if column_of(heading) == "memo"]
    return Columns(at, unit, named, memos), errors + _missing(source, at, row)


_ONE = frozenset({"amount", "income", "expense", "way", "account"})
"""What may stand in one column only: of two there is no telling which is meant."""


def _rank(heading: str) -> int:
    """Of several columns that say the same, the one whose heading stands first here is read."""
    bare = _bare(heading)
    return HEADINGS[_KNOWN[bare]].index(bare)


def _missing(source: LineSource, at: dict[str, int], row: int) -> Errors:
    if source is LineSource.TREASURY and "payee" not in at:
        return [bad(row, "收款单位", "缺少列收款单位", "no column of who was paid")]
    if source is LineSource.BANK and not ({"income", "expense"} & set(at) or "way" in at):
        return [
            bad(row, "收支方向", "缺少列收支方向，或收入金额、支出金额", "no column of direction")
        ]
    return []
