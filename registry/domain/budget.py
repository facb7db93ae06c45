"""预算指标 the budget behind the money: indicators, the code tables of a year, custody by date."""

from datetime import date
from enum import StrEnum
from typing import Annotated

import msgspec

from registry.domain.funds import Year
from registry.domain.records import Ident, Line, PositiveFen, Record, Text, Wire
from registry.domain.vocabulary import Custody


class CodeKind(StrEnum):
    """科目类别: which table of the year a code stands in."""

    FUNCTIONAL = "functional"
    """支出功能分类."""
    GOVERNMENT = "government"
    """政府预算支出经济分类."""
    DEPARTMENT = "department"
    """部门预算支出经济分类."""
    DIRECTORY = "directory"
    """政府购买服务指导性目录 (P27)."""


Code = Annotated[str, msgspec.Meta(min_length=1, max_length=20, pattern=r"^[0-9A-Z]+$")]


class BudgetCode(Record, frozen=True, kw_only=True):
    """预算科目 of one fiscal year: an entry keeps the code and the name of its own year (E19)."""

    year: int
    kind: CodeKind
    code: str
    name: str


class Indicator(Record, frozen=True, kw_only=True):
    """指标: money a budget gives to one paying body for one year, split over items and communities
    (P6)."""

    number: str
    """指标文号."""
    year: int
    payer_id: str
    """Whose budget it stands in."""
    organisation_id: str
    """The finance body that recorded it."""
    amount_fen: int
    functional_code: str
    functional_name: str
    """The name as the year's table has it."""
    economic_kind: CodeKind | None = None
    economic_code: str = ""
    economic_name: str = ""
    purpose: str = ""
    document_id: str | None = None
    dated_on: date
    recorded_by: str
    recorded_for: str | None = None
    """委托人 of who recorded it."""
    confirmed_by: str | None = None
    """Nothing is split from it before another person has confirmed it."""
    adjusted_why: str = ""
    """追加、追减: why its amount is another than before."""
    adjusted_number: str = ""
    """By which document."""


class IndicatorCommand(Wire, frozen=True, kw_only=True):
    """指标登记."""

    number: Line
    year: Year
    payer_id: Ident
    amount_fen: PositiveFen
    functional_code: Code
    economic_kind: CodeKind | None = None
    economic_code: Code | None = None
    purpose: Text = ""
    dated_on: date


class PopulationCount(Record, frozen=True, kw_only=True):
    """人口户数 of an area on a day, as counted by whom: what a standard a head is multiplied with
    (P28), and what a quantity served cannot exceed (P20)."""

    area_id: str
    area_path: str
    what: str
    """Whose count it is in the text's own word, e.g. 城市居民人口, 户."""
    count: int
    counted_on: date
    source: str
    """Which count: 统计年鉴, 社区台账 …"""
    recorded_by: str


class CustodyTerm(Record, frozen=True, kw_only=True):
    """资金管理模式 of a community from a day on (P5): what came before stays under the old one."""

    organisation_id: str
    area_path: str
    custody: Custody
    since: date
    until: date | None = None
    instrument_id: str
    """文件 that changed it."""
    recorded_by: str
