"""台账表格 lists of money as CSV: a page of them, as a spreadsheet reads it.

Amounts are 元 with two places. Where the list goes on, the last line says so: what stands there is
then not the whole.
"""

import csv
import io
from collections.abc import Iterable, Sequence

from registry.actions.owing.arrears import Arrears
from registry.actions.statements.detail import Detail
from registry.actions.statements.sheeting import safe
from registry.domain.amounts import told_yuan

UTF8 = "utf-8-sig"
_DETAIL = ("业务日期", "凭证号", "环节", "冲销", "社区代码", "社区", "事项", "付款单位", "经费项",
           "年度", "借", "贷", "金额(元)")  # fmt: skip
_ARREARS = ("社区代码", "社区", "事项", "经费项", "年度", "核定(元)", "今日应到(元)", "拨付(元)",
            "到账(元)", "街道代管(元)", "转拨(元)", "支出(元)", "欠付(元)", "执行率", "应到日",
            "已过天数", "逾期")  # fmt: skip


def detail_csv(found: Detail, encoding: str = UTF8) -> bytes:
    """明细账, and what all of it comes to, on whichever page."""
    rows: list[Sequence[str | int]] = [
        (
            str(one.dated_on), one.number, one.stage_zh, "冲销" if one.reversal else "", one.code,
            one.name, one.title, one.payer_name, one.funding_key, str(one.year), one.debit_zh,
            one.credit_zh, -one.amount_fen if one.reversal else one.amount_fen,
        )
        for one in found.items
    ]  # fmt: skip
    blank = [""] * (len(_DETAIL) - 3)
    rows.append(["合计", f"{found.many}笔", *blank, found.total_fen])
    return _written(_DETAIL, rows, found.next, encoding)


def arrears_csv(found: Arrears, encoding: str = UTF8) -> bytes:
    """应付台账."""
    rows = [
        (
            one.code, one.name, one.title, one.funding_key, str(one.year), one.promised_fen,
            one.due_fen, one.sent_fen, one.arrived_fen, one.held_fen, one.passed_on_fen,
            one.spent_fen, one.missing_fen, one.execution_rate, str(one.due_on or ""),
            "" if one.days is None else str(one.days), "是" if one.late else "",
        )
        for one in found.items
    ]  # fmt: skip
    return _written(_ARREARS, rows, found.next, encoding)


def _written(
    titles: Sequence[str], rows: Iterable[Sequence[str | int]], more: str | None, encoding: str
) -> bytes:
    """Whole numbers are 分; all else is text."""
    page = io.StringIO(newline="")
    writer = csv.writer(page)
    writer.writerow(titles)
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    if more is not None:
        writer.writerow([f"未完，下一页 after={more}"])
    return page.getvalue().encode(encoding)


def _cell(told: str | int) -> str:
    return safe(told) if isinstance(told, str) else told_yuan(told).replace(",", "")
