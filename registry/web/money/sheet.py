"""凭证表 the workbook of many vouchers: to be filled in, and given back with what is wrong."""

import csv
import io
from collections.abc import Iterable, Sequence
from itertools import zip_longest

from litestar.response.base import ASGIResponse

from registry.actions import sheets
from registry.actions.ledger.left import LeftRow
from registry.domain.accounts import VoucherStage
from registry.domain.amounts import told_yuan
from registry.domain.labelled_sheets import WRONG
from registry.domain.sheets import CellError
from registry.domain.spending import MEANS_ZH
from registry.domain.voucher_sheets import LABELS, LEFT, MOST, columns_of, needed_of
from registry.web.serving import HEADERS
from registry.web.sheet import as_book

_HOW: dict[str, str] = {
    "number": "每张凭证一个号；同号的行是同一张凭证的分录",
    "item": "准入时的事项名称；同一社区有几件同名的，填事项编号",
    "community": "社区（村）的名称或者代码",
    "funding_key": "如 F1；该事项在该社区只有一个经费项的，可以不填",
    "year": "哪一年的钱；只有一个年度的，可以不填",
    "amount": "精确到分；表头改为「金额（万元）」则按万元读",
    "dated_on": "写成 2026-03-01；同一张凭证各行相同",
    "fiscal_year": "不填则为日期所在的年度",
    "at": "填「街道代管」或者「社区账面」",
    "indicator": "分解的，或者从中用款、退回的指标",
    "agent": "由别的单位先行代付的，填该单位全称",
    "total": "填了就与各行合计核对",
    "note": "同一张凭证各行相同；追加、追减、冲销写明理由",
    "document": "已上传到该事项的文件名，如「批复.pdf」；追加、追减填批准文件",
    "reverses": "要冲销的凭证号，须已确认",
    "use": "本地规则列明的用途名称",
    "payee": "收款单位或者个人的全称",
    "payee_kind": "填「单位」或者「个人」",
    "account": "只用于核对同一收款人，不保存全号",
    "means": "填「" + "」「".join(MEANS_ZH.values()) + "」之一",
    "paid_on": "写成 2026-03-01；不填则为凭证日期",
    "served_on": "事项已结束的，填所付工作的最后一天",
    "invoice": "发票或者收据号码",
    "quantity": "按数量列支的填整数",
    "unit": "如 户、件、人次",
    "evidence": "已上传到该事项的文件名，几个的用顿号分开",
    "handled": "用户名或者姓名",
    "witnessed": "用户名或者姓名",
    "approved": "用户名或者姓名，不能是登记人",
    "supervised": "用户名或者姓名",
    "text": "不写证件号、电话、账号",
}
"""How each column is filled in."""


def blank(stage: VoucherStage, item: str, rows: Iterable[LeftRow]) -> list[list[str]]:
    """The sheet of a stage to be filled in; where an item is named, a line for each of its rows
    with what is left there."""
    columns, lines = columns_of(stage), list(rows)
    heads = [LABELS[name] for name in columns] + ([LEFT] if lines else [])
    made = []
    for row in lines:
        known = {"item": item, "community": row.name, "funding_key": row.funding_key,
                 "year": str(row.year), "indicator": row.indicator}  # fmt: skip
        known["at"] = {"street": "街道代管", "community": "社区账面"}.get(row.at or "", "")
        left = "" if row.left_fen is None else told_yuan(row.left_fen)
        made.append([*(known.get(name, "") for name in columns), left])
    return [heads, *made]


def marked(name: str, data: bytes, found: Sequence[CellError]) -> list[list[str]]:
    """A sheet as it came, and beside each row what is wrong in it."""
    text = sheets.as_csv(name, data)
    try:
        read = text.decode("utf-8-sig")
    except UnicodeDecodeError:
        read = text.decode("gb18030", "replace")
    told: dict[int, list[str]] = {}
    for one in found:
        told.setdefault(one.row, []).append(f"{one.column} {one.message}".strip())
    lines = [line for line in csv.reader(io.StringIO(read))][: MOST + 1]
    heads = lines[0] if lines else []
    kept = [at for at, head in enumerate(heads) if head.strip() != WRONG]
    made = [[line[at] if at < len(line) else "" for at in kept] for line in lines]
    rest = [WRONG, *("；".join(told.get(row, [])) for row in range(2, len(made) + 1))]
    return [[*line, why] for line, why in zip_longest(made, rest, fillvalue="")]


def download(name: str, stage: VoucherStage, rows: Sequence[Sequence[str]]) -> ASGIResponse:
    """The rows as a workbook, and how its columns are filled in on a second sheet."""
    how = [["列", "是否必填", "怎么填"]]
    must = needed_of(stage)
    how += [[LABELS[n], "必填" if n in must else "", _HOW[n]] for n in columns_of(stage)]
    return as_book([("凭证表", rows), ("填写说明", how)], name, HEADERS)
