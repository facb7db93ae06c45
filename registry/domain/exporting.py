"""导出 what leaves as files: flat fields of a record, the forms there are, and what was made."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from registry.domain.audit import Event
from registry.domain.records import Record, Wire


class Holds(StrEnum):
    """内容类型 of a column."""

    TEXT = "text"
    WHOLE = "integer"
    FLAG = "boolean"
    DAY = "date"
    INSTANT = "instant"
    CODE = "code"
    JSON = "json"
    """A list or a record within the record, as JSON."""


class Column(NamedTuple):
    """列: one flat field."""

    name: str
    zh: str
    holds: Holds
    path: tuple[str, ...]
    """Where it stands in the record."""
    codes: Mapping[str, str] = {}
    """Code → what it is called."""
    unit: str = ""
    default: str | int | None = None
    """What a row from before the field says."""


class Sheet(NamedTuple):
    """表: what leaves of one kind of record."""

    name: str
    zh: str
    en: str
    record: type[Record] | type[Event]
    columns: tuple[Column, ...]


class Form(StrEnum):
    """格式."""

    CSV = "csv"
    CSV_GB18030 = "csv-gb18030"
    JSONL = "jsonl"
    XLSX = "xlsx"
    PARQUET = "parquet"
    AUDIT_DB = "audit-db"
    PACKAGE = "package"
    GIVING = "360giving"
    BEANCOUNT = "beancount"
    HLEDGER = "hledger"
    ACCOUNTING = "gbt24589-subset"


FORM_ZH: dict[Form, str] = {
    Form.CSV: "CSV（UTF-8，带 BOM）", Form.CSV_GB18030: "CSV（GB18030）", Form.JSONL: "JSONL，一行一条",
    Form.XLSX: "Excel 工作簿", Form.PARQUET: "Parquet", Form.AUDIT_DB: "审计数据库（SQLite）",
    Form.PACKAGE: "审计包", Form.GIVING: "360Giving（资金流向）", Form.BEANCOUNT: "beancount 账",
    Form.HLEDGER: "hledger 账", Form.ACCOUNTING: "GB/T 24589 部分内容（子集）",
}  # fmt: skip
OF_ONE = (Form.CSV, Form.CSV_GB18030, Form.JSONL, Form.XLSX, Form.PARQUET)
"""Forms that hold one kind of record."""
ENDING: dict[Form, str] = {
    Form.CSV: "csv", Form.CSV_GB18030: "csv", Form.JSONL: "jsonl", Form.XLSX: "xlsx",
    Form.PARQUET: "parquet", Form.AUDIT_DB: "db", Form.PACKAGE: "zip", Form.GIVING: "json",
    Form.BEANCOUNT: "beancount", Form.HLEDGER: "journal", Form.ACCOUNTING: "xml",
}  # fmt: skip


class Made(Wire, frozen=True, kw_only=True):
    """导出结果: what was written, and of which moment."""

    form: Form
    resource: str = ""
    county: str
    snapshot: int
    """快照号: the last entry of the log that it tells of."""
    rows: int
    octets: int
    sha256: str
    release: str = ""
    filters: dict[str, Any] = {}

    @property
    def name(self) -> str:
        """What the file is called."""
        what = self.resource or self.form.value
        return f"{what}-{self.county}-{self.snapshot}.{ENDING[self.form]}"
