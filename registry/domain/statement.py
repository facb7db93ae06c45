"""资金报表 what went through the accounts, row by row, as of one entry of the log (E8, E10).

What was there before the registry (期初) stands in rows and sums of its own.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from registry.domain.funds import Chain
from registry.domain.records import Count, Wire
from registry.domain.vocabulary import Custody


class By(StrEnum):
    """报表口径: what one row is."""

    ITEM = "item"
    """事项: one admission, in all its communities."""
    COMMUNITY = "community"
    DEPARTMENT = "department"
    """付款单位."""
    YEAR = "year"
    PRESENCE = "presence"
    """事项 × 社区."""


BY_ZH: dict[By, str] = {
    By.ITEM: "事项", By.COMMUNITY: "社区", By.DEPARTMENT: "付款单位", By.YEAR: "会计年度",
    By.PRESENCE: "事项与社区",
}  # fmt: skip
NONE_APPROVED = "—"
"""执行率 where nothing was approved (E10)."""


class StatementRow(Wire, frozen=True, kw_only=True):
    """报表一行."""

    key: str
    """Id of what the row is of; empty = what no admission stands behind, taken together."""
    code: str = ""
    """Admission number, or code of the area."""
    name: str = ""
    place: str = ""
    """Of 事项 × 社区: the community."""
    existing: bool = False
    """存量期初: what was there before the registry; never added to what is new."""
    custody: Custody | None = None
    """资金管理模式 of the community on the day of the snapshot (P5)."""
    chain: Chain
    execution: str
    """执行率: spent ÷ approved."""


class Statement(Wire, frozen=True, kw_only=True):
    """资金报表."""

    title: str
    title_en: str
    issuer: str
    """编制范围: the county, or the area asked for."""
    county: str
    by: By
    year: int | None
    snapshot: int
    """快照号: the last entry of the county's log that it tells of."""
    snapshot_at: datetime | None
    custody: dict[Custody, Count]
    """Communities by 资金管理模式."""
    rows: list[StatementRow]
    total: Chain
    """合计 of what was granted since the registry began."""
    execution: str
    total_existing: Chain
    """存量期初合计."""
    next: str | None = None
    """Of a part of the rows: the ``after`` of the following one. Sums are always of all rows."""


def execution_of(chain: Chain) -> str:
    """执行率: spent ÷ approved in per cent with one place, half up; — where nothing was approved."""
    if chain.approved_fen <= 0:
        return NONE_APPROVED
    tenths = (2 * _TENTHS * chain.spent_fen + chain.approved_fen) // (2 * chain.approved_fen)
    return f"{tenths // _WHOLE}.{tenths % _WHOLE}%"


_WHOLE = 10
_TENTHS = _WHOLE**3
"""Tenths of a per cent in the whole."""


def added(chains: Iterable[Chain]) -> Chain:
    """Chains summed, field by field."""
    sums = dict.fromkeys(Chain.__struct_fields__, 0)
    for chain in chains:
        for name in sums:
            sums[name] += getattr(chain, name)
    return Chain(**sums)
