"""尺度 the numbers of a pack: what is counted, how long, for what, from when.

Code compares what it counts with these and yields one of a few words; the table decides on it.
"""

from datetime import date
from typing import Annotated, Literal

import msgspec

from registry.domain.calendar import Clock, DayKind
from registry.domain.details import Purpose
from registry.domain.evaluating import Rater
from registry.domain.records import Wire
from registry.domain.vocabulary import (
    Duration,
    FundingMode,
    Grade,
    Kind,
    Level,
    Receiver,
    Trigger,
)

_WHOLE = 100
"""Per cent."""
AGREEMENT = "agreement"
"""协议: in modes.csv, every mode that is neither a purchase nor a project (P26)."""
MODES = (AGREEMENT, *(mode.value for mode in FundingMode if mode is not FundingMode.NONE))
"""What a line of modes.csv may name."""


class Quota(Wire, frozen=True, kw_only=True):
    """限额 (R15): at most ``cap`` of these kinds, for one community, applicant or whole county."""

    key: str
    rule: str
    """The rule of this pack that speaks when the cap is met: its rows name ground R15."""
    kinds: list[Kind]
    receivers: list[Receiver] = []
    places: list[str] = []
    """For boards: where they hang (``outside_door`` …); empty = anywhere."""
    levels: list[Level] = []
    """Counted apart for applicants of these levels; empty = all together."""
    of: Literal["matters", "hours"] = "matters"
    """What is capped: how many there are, or the hours a year they take (M26)."""
    per: Literal["community", "applicant", "applicant_community", "county"]
    period: Literal["standing", "week", "month", "quarter", "year"]
    """``standing`` counts what is there now; the others what was admitted in the civil period."""
    cap: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
    grade: Grade


class DurationRule(Wire, frozen=True, kw_only=True):
    """期限种类: what a duration must state."""

    of: Duration
    kinds: list[Kind] = []
    receivers: list[Receiver] = []
    end_required: bool = False
    at_most: Clock | None = None
    """The longest term allowed, from the first day."""


class Purposes(Wire, frozen=True, kw_only=True):
    """经费用途要求: every group needs one of its purposes among the funding lines (F4)."""

    durations: list[Duration] = []
    kinds: list[Kind] = []
    needs: list[list[Purpose]]


class Band(Wire, frozen=True, kw_only=True):
    """分档 (P26): a measure at or above ``least`` and below the next band bears this name."""

    fact: Literal["workload", "headcount"]
    name: str
    least: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
    """workload: hours a month 每月工时; headcount: persons."""


class Publicity(Wire, frozen=True, kw_only=True):
    """公示: where, and for how long at least."""

    where: str
    at_least: Clock
    grade: Grade


class Evaluation(Wire, frozen=True, kw_only=True):
    """考评: weights in percent, which together make the whole."""

    weights: dict[Rater, Annotated[int, msgspec.Meta(ge=0, le=100)]]
    """E.g. residents, work; their sum is 100. Empty = the text states none."""
    reverse: bool = False
    """反向评价: communities and streets evaluate the departments too."""
    exit_below: Annotated[int, msgspec.Meta(ge=0, le=100)] | None = None
    """Weighted result, in a hundred, below which leaving is proposed; absent = the text is silent.
    """
    adjust_below: Annotated[int, msgspec.Meta(ge=0, le=100)] | None = None
    """The same, below which a change is proposed; never lower than the line for leaving."""
    organised_by: str = ""
    """The only body that may assess, as the text names it."""
    median_from: Annotated[int, msgspec.Meta(ge=1, le=10_000)] | None = None
    """Of how many other bodies at least the median is told to one of them; absent = of as many as
    it takes for it to be nobody's."""
    grade: Grade

    def __post_init__(self) -> None:
        if self.weights and sum(self.weights.values()) != _WHOLE:
            raise ValueError("the weights of [evaluation] must sum to 100")
        lines = (self.exit_below, self.adjust_below)
        if None not in lines and (self.exit_below or 0) > (self.adjust_below or 0):
            raise ValueError("exit_below of [evaluation] must not lie above adjust_below")


class Exit(Wire, frozen=True, kw_only=True):
    """退出: what brings it about, and by which procedure."""

    triggers: list[Trigger] = []
    """Empty = every trigger of the vocabulary may be stated."""
    same_procedure: bool | None = None
    """Leaving takes the flow by which such a matter enters; absent = the text is silent."""
    flow: str = ""
    """A flow of its own for leaving."""
    publish_after: bool | None = None


class Holiday(Wire, frozen=True, kw_only=True):
    """地方假日: a regional day off, or a day worked for it, laid over the national calendar."""

    date: date
    kind: DayKind
    name: str
    source: str


class Similar(Wire, frozen=True, kw_only=True):
    """雷同 (R12): how alike two filings of one applicant are, and how far back one looks."""

    near: Annotated[int, msgspec.Meta(ge=1, le=100)]
    """Likeness of the titles from which a person is asked, on the matcher's scale of 0 to 100."""
    within: Clock


class InstrumentRule(Wire, frozen=True, kw_only=True):
    """文件管理 (P35): how long before an instrument lapses those who rest on it are told."""

    notice: Clock


class ExceptionRule(Wire, frozen=True, kw_only=True):
    """例外管理 (P12): how long before an exception ends its county is told."""

    notice: Clock
