"""GB/T 24589 部分内容（子集） for readers of accounting data: 电子账簿, 会计期间, 部门, 会计科目, 记账凭证,
with the matter as 辅助核算. A subset and called so: the registry is no accounting software and its
files claim no conformity with the standard.
"""

from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

from registry.actions.exporting.ground import Ground
from registry.actions.exporting.money import Line, Names, lines, names, yuan
from registry.actions.exporting.writing import Progress
from registry.domain.accounts import ACCOUNT_ZH, STAGE_ZH, Account, VoucherStage
from registry.store.scan import steady

NOTE = "GB/T 24589 部分内容（子集），不声明符合该标准 a subset; no conformity is claimed"


def write_accounting(of: Ground, file: Path, on_progress: Progress) -> int:
    """Write the file as XML, element by element; returns how many lines there are."""
    rows, periods = 0, set[str]()
    with steady(of.office.store.reader) as moment, file.open("w", encoding="utf-8") as out:
        called = names(of, moment)
        out.write('<?xml version="1.0" encoding="UTF-8"?>\n<部分内容>\n')
        out.writelines(_head(of))
        out.writelines(_directories(called))
        out.write("<记账凭证>\n")
        for line in lines(of, moment):
            out.writelines(_entry(called, line))
            periods.add(line.dated_on[:7].replace("-", ""))
            rows += 1
        out.write("</记账凭证>\n<会计期间>\n")
        out.writelines(_element("期间", {"会计期间号": period}) for period in sorted(periods))
        out.write("</会计期间>\n</部分内容>\n")
    on_progress(rows)
    return rows


def _head(of: Ground) -> Iterator[str]:
    yield _element("说明", {"内容": NOTE, "快照号": f"{of.county}-{of.as_of}"})
    yield _element("电子账簿", {"电子账簿编号": of.county, "电子账簿名称": "费随事转资金账",
                                "本位币": "人民币元"})  # fmt: skip


def _directories(called: Names) -> Iterator[str]:
    yield "<部门档案>\n"
    yield from (_element("部门", {"部门编码": id, "部门名称": name})
                for id, name in sorted(called.bodies.items()))  # fmt: skip
    yield "</部门档案>\n<会计科目>\n"
    yield from (_element("科目", {"科目编号": a.value, "科目名称": zh})
                for a, zh in ACCOUNT_ZH.items())  # fmt: skip
    yield "</会计科目>\n"


def _entry(called: Names, line: Line) -> Iterator[str]:
    """One line, its debit and its credit."""
    told = {
        "记账凭证日期": line.dated_on, "会计年度": str(line.year), "记账凭证编号": line.voucher_id,
        "记账凭证行号": line.id, "摘要": STAGE_ZH[VoucherStage(line.stage)],
        "部门编码": line.payer_id, "辅助项编号": line.presence_id,
        "辅助项名称": called.titles.get(line.presence_id, ""), "经费项": line.funding_key,
    }  # fmt: skip
    nothing, amount = yuan(0), yuan(line.amount_fen)
    for account, debit, credit in (
        (Account(line.debit), amount, nothing), (Account(line.credit), nothing, amount),
    ):  # fmt: skip
        yield _element("分录", told | {
            "科目编号": account.value, "借方金额": debit, "贷方金额": credit,
        })  # fmt: skip


def _element(name: str, told: dict[str, str]) -> str:
    parts = "".join(f"<{key}>{escape(value)}</{key}>" for key, value in told.items())
    return f"<{name}>{parts}</{name}>\n"
