"""文件 each instrument a pack, list or request rests on: number, issuer, dates, proof of 公布 (P35)."""

from datetime import date
from enum import StrEnum
from typing import Annotated

import msgspec

from registry.domain.records import Ident, Line, Record, Wire


class InstrumentStatus(StrEnum):
    """效力状态 on a day."""

    NOT_YET = "not_yet"
    IN_FORCE = "in_force"
    LAPSED = "lapsed"


class Instrument(Record, frozen=True, kw_only=True):
    """规范性文件."""

    document_number: str
    """发文字号, the key by which bases and packs name it."""
    title: str
    issuer: str
    issued_on: date
    """成文日期."""
    effective_on: date
    """施行日期."""
    lapses_on: date | None = None
    """失效日期: the first day on which it stands no more."""
    repealed_by: str = ""
    published_at: str = ""
    """公布: where, or the proof of it."""
    document_id: str | None = None

    def status(self, on: date) -> InstrumentStatus:
        """Where it stands on a day."""
        if on < self.effective_on:
            return InstrumentStatus.NOT_YET
        if self.lapses_on is not None and on >= self.lapses_on:
            return InstrumentStatus.LAPSED
        return InstrumentStatus.IN_FORCE


class InstrumentCommand(Wire, frozen=True, kw_only=True):
    """登记文件: an instrument as it is entered or put right."""

    document_number: Annotated[
        str, msgspec.Meta(min_length=1, max_length=80, pattern=r"^[^\s\x00-\x1f\x7f]+$")
    ]
    title: Line
    issuer: Line
    issued_on: date
    effective_on: date
    lapses_on: date | None = None
    repealed_by: Annotated[str, msgspec.Meta(max_length=200)] = ""
    published_at: Annotated[str, msgspec.Meta(max_length=400)] = ""
    document_id: Ident | None = None

    def __post_init__(self) -> None:
        if self.lapses_on is not None and self.lapses_on <= self.effective_on:
            raise ValueError("lapses_on must come after effective_on")
