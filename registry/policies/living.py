"""进驻之后 what a pack says of what was admitted, and of what was there before. Silence is no rule."""

from typing import Annotated

import msgspec

from registry.domain.calendar import Clock
from registry.domain.records import Count, Line, Wire
from registry.domain.vocabulary import Grade


class AcceptanceRule(Wire, frozen=True, kw_only=True):
    """验收: how long the department has from the day the community reports."""

    within: Clock
    grade: Grade


class RenewalRule(Wire, frozen=True, kw_only=True):
    """续期: by which flow, and how long before the last day it is asked for."""

    flow: str = ""
    """Absent = by the routes, as any filing."""
    ahead: Clock | None = None
    grade: Grade


class ExistingRule(Wire, frozen=True, kw_only=True):
    """存量清理: how long from the judging until a matter must be settled."""

    settle_within: Clock
    grade: Grade


class BoardRule(Wire, frozen=True, kw_only=True):
    """牌子清理: how long from the order until it must be down."""

    remove_within: Clock
    grade: Grade


class AnswerRule(Wire, frozen=True, kw_only=True):
    """答复期限: of objections, of proposals to amend, of residents' reports."""

    body: str = ""
    """Key of the body in ``[bodies]`` that answers; empty = the office of the place."""
    within: Clock | None = None
    """Absent = the text gives no time, and nobody is late."""
    grade: Grade


class OwnReport(Wire, frozen=True, kw_only=True):
    """本系统自身要求 (P9): what the registry itself asks of each community, counted in its burden."""

    key: Annotated[str, msgspec.Meta(max_length=80, pattern=r"^registry\.[a-z0-9_.\-]+$")]
    name: Line
    name_en: str = ""
    times_year: Count
    """每年次数; 0 = it comes of use alone, and nothing is to be filled in for it."""
    hours_year: Count
    """每年工时 in one community, hours."""
    clause: str = ""
    grade: Grade
