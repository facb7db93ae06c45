"""例外 a granted exception: which rules do not decide, for whom, on what basis, until when (P12).

A 会议纪要 or 批示 is no silent pass: it is entered with issuer, number, date, scope and end, and
shown on every verdict it changed. An absolute rule is never waived.
"""

from collections.abc import Collection
from datetime import date
from typing import Annotated, Literal

import msgspec

from registry.domain.filing import Filing
from registry.domain.records import Ident, Line, Record, Text, Wire
from registry.domain.vocabulary import Kind, Receiver

AreaName = Annotated[
    str, msgspec.Meta(min_length=1, max_length=400, pattern=r"^[0-9A-Za-z._:\-/]+$")
]


class WaiverScope(Wire, frozen=True, kw_only=True):
    """例外范围: every part that is not empty must fit."""

    rules: Annotated[list[Ident], msgspec.Meta(min_length=1, max_length=20)]
    """Ids of rules, or the pseudo rules ``default.deny`` and so on."""
    kinds: list[Kind] = []
    applicants: Annotated[list[Ident], msgspec.Meta(max_length=50)] = []
    receivers: list[Receiver] = []
    areas: Annotated[list[AreaName], msgspec.Meta(max_length=500)] = []
    """Area paths, entered by id or code: every target must lie in one of them."""
    requests: Annotated[list[Ident], msgspec.Meta(max_length=50)] = []


class Waiver(Record, frozen=True, kw_only=True):
    """例外."""

    basis: Literal["meeting", "instruction", "document"]
    """会议纪要, 批示, 文件."""
    document_number: Line
    issuer: Line
    dated_on: date
    basis_valid_to: date | None = None
    """The last day of the basis itself, where it names one: no exception outlives it."""
    document_id: str | None = None
    reason: Text
    scope: WaiverScope
    valid_from: date
    valid_to: date
    """The last day; an exception without an end is not granted."""
    proposed_by: str
    proposed_for: str | None = None
    """委托人 of who proposed it."""
    granted_by: str | None = None
    granted_on: date | None = None
    ended_on: date | None = None
    """Ended before its time: from this day on it is honoured no more."""
    end_reason: str = ""

    def stands(self, on: date) -> bool:
        """Whether it stands on a day: the one answer for verdict, list, scan and simulation."""
        return (
            self.granted_on is not None
            and self.granted_on <= on
            and self.valid_from <= on <= self.valid_to
            and (self.ended_on is None or on < self.ended_on)
        )

    def covers(self, filing: Filing, paths: Collection[str], request_id: str | None) -> bool:
        """Whether a filing lies wholly in its scope.

        Args:
            filing: what is asked.
            paths: area paths of its targets.
            request_id: of the request, where there is one already.
        """
        scope = self.scope
        return (
            (not scope.kinds or filing.kind in scope.kinds)
            and (not scope.applicants or filing.leading in scope.applicants)
            and (not scope.receivers or set(filing.receivers) <= set(scope.receivers))
            and (not scope.requests or request_id in scope.requests)
            and (
                not scope.areas
                or (bool(paths) and all(any(p.startswith(a) for a in scope.areas) for p in paths))
            )
        )  # fmt: skip


class WaiverUse(Record, frozen=True, kw_only=True):
    """例外使用: one verdict that an exception changed; the rows are the use count."""

    waiver_id: str
    verdict_id: str
    request_id: str | None = None
    used_on: date
    issuer: Line
    document_number: Line
    """Issuer and number of its basis, for whoever may read the verdict and not the exception."""


def waived(
    waivers: Collection[Waiver], matter: tuple[Filing, Collection[str], str | None], on: date
) -> dict[str, str]:
    """Rule id → id of the exception under which it does not decide, on a day."""
    filing, paths, request_id = matter
    standing = [w for w in waivers if w.stands(on) and w.covers(filing, paths, request_id)]
    return {
        rule: w.id for w in sorted(standing, key=lambda w: w.id, reverse=True)
        for rule in w.scope.rules
    }  # fmt: skip
