"""审计数据库 made: every sheet as a flat table and as every version there was, the dictionary, and the
common questions as views whose SQL stands in the file."""

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from registry.actions.exporting.ground import Ground
from registry.actions.exporting.writing import Asked, Progress, batches, columns
from registry.domain.exporting import Form, Sheet
from registry.store.audit_file import AuditFile, View
from registry.store.exported import HISTORY, Rows
from registry.store.scan import Moment, steady

_PAGE = Path(__file__).with_name("questions.toml")
FORMAT = "registry-audit-db/1"
VERSIONS, VERSIONS_ZH = "_versions", "_历次版本"


@cache
def views() -> tuple[View, ...]:
    """The common questions, each with its SQL."""
    return tuple(View(**told) for told in tomllib.loads(_PAGE.read_text("utf-8"))["view"])


def table_name(sheet: Sheet) -> str:
    """What a sheet's table is called."""
    return sheet.name.replace("-", "_")


def write_database(of: Ground, file: Path, on_progress: Progress, release: str = "") -> int:
    """Write the file whole; returns how many rows its tables have."""
    made = AuditFile(file)
    try:
        with steady(of.office.store.reader) as moment:
            rows = _tables(of, moment, made, on_progress)
        _words(of, made, release)
        made.finish()
    except BaseException:
        made.drop()
        raise
    return rows


def _tables(of: Ground, moment: Moment, made: AuditFile, on_progress: Progress) -> int:
    written = 0
    for sheet in of.sheets.values():
        for history in (False, True) if sheet.name != "events" else (False,):
            rows = of.rows(moment, sheet, history=history)
            written += _table(of, made, sheet, rows, history=history)
            on_progress(written)
    return written


def _table(
    of: Ground, made: AuditFile, sheet: Sheet, rows: Rows | None, *, history: bool
) -> int:  # fmt: skip
    name, zh = table_name(sheet), sheet.zh
    if history:
        name, zh = name + VERSIONS, zh + VERSIONS_ZH
    told = [*sheet.columns, *(HISTORY if history else ())] if rows is None else columns(rows)
    made.table((name, zh), told)
    written = 0
    if rows is not None:
        for batch in batches(rows, Asked(Form.AUDIT_DB, veil=of.veil(sheet))):
            made.insert(name, batch, len(told))
            written += len(batch)
    made.index(name, told)
    return written


def _words(of: Ground, made: AuditFile, release: str) -> None:
    """What the file is, the dictionary, the codes, the questions."""
    whole = "全县" if of.actor is None else "本人可查阅的范围"
    made.notes("说明", ("项目", "内容"), [
        ("格式", FORMAT), ("县（市、区）代码", of.county), ("快照号", f"{of.county}-{of.as_of}"),
        ("发布版本", release), ("范围", whole), ("金额单位", "分"),
        ("时间", "时刻按 UTC；日期按东八区"),
    ])  # fmt: skip
    made.notes("数据字典", ("表", "table", "列", "column", "类型", "单位"), _dictionary(of))
    made.notes("代码值", ("table", "column", "代码", "含义"), _codes(of))
    for view in views():
        made.view(view)
    told = ((v.name, v.zh, v.question, v.sql.strip()) for v in views())
    made.notes("常见问题", ("view", "视图", "问题", "sql"), told)


def _dictionary(of: Ground) -> Iterator[tuple[str, ...]]:
    for sheet in of.sheets.values():
        for column in sheet.columns:
            yield (sheet.zh, table_name(sheet), column.zh, column.name, column.holds.value,
                   column.unit)  # fmt: skip


def _codes(of: Ground) -> Iterator[tuple[str, ...]]:
    for sheet in of.sheets.values():
        for column in sheet.columns:
            for code, zh in column.codes.items():
                yield table_name(sheet), column.name, code, zh
