"""准予范围 an approval that gives less than was asked: fewer areas, shorter, less money (P13)."""

from collections.abc import Iterable
from datetime import date
from itertools import pairwise
from typing import Annotated

import msgspec

from registry.domain.filing import Filing
from registry.domain.formula import cut
from registry.domain.funding import FundingLine, Instalment
from registry.domain.records import Fen, Ident, Wire


class Grant(Wire, frozen=True, kw_only=True):
    """准予范围 of an approval that gives less than was asked (P13); empty = as asked."""

    areas: list[Ident] = []
    """Ids or codes of the areas admitted, each asked for or below one that was."""
    starts_on: date | None = None
    ends_on: date | None = None
    funding: dict[Ident, Fen] = {}
    """分 by funding line; a line not named keeps what was asked for the areas admitted."""

    @property
    def whole(self) -> bool:
        """Whether everything asked for is given."""
        return not (self.areas or self.starts_on or self.ends_on or self.funding)


class GrantCommand(Grant, frozen=True, kw_only=True):
    """准予范围 as it is ordered: an area is named, or the word is left out; none at all would read
    as nothing and mean everything."""

    areas: Annotated[list[Ident], msgspec.Meta(min_length=1)] = []


def narrowed(filing: Filing, grant: Grant | None) -> Filing:
    """The filing as far as it is granted: its areas, its term, its money; the rest as asked."""
    if grant is None or grant.whole:
        return filing
    return msgspec.structs.replace(
        filing,
        targets=grant.areas or filing.targets,
        starts_on=grant.starts_on or filing.starts_on,
        ends_on=grant.ends_on or filing.ends_on,
        funding=[_cut(line, grant) for line in filing.funding],
    )


def common(grants: Iterable[Grant]) -> Grant | None:
    """What several bodies that each had to agree give together: of each part the least; ``None``
    where nothing is left. Areas are compared as ids; none stands for all that was asked."""
    met = Grant()
    for one in grants:
        areas = met.areas or one.areas
        if met.areas and one.areas:
            areas = [a for a in met.areas if a in one.areas]
            if not areas:
                return None
        first = max((d for d in (met.starts_on, one.starts_on) if d), default=None)
        last = min((d for d in (met.ends_on, one.ends_on) if d), default=None)
        if first and last and last < first:
            return None
        met = Grant(
            areas=areas, starts_on=first, ends_on=last, funding=_least(met.funding, one.funding)
        )
    return met


def _least(some: dict[str, int], others: dict[str, int]) -> dict[str, int]:
    return {
        key: min(held[key] for held in (some, others) if key in held) for key in {**some, **others}
    }


def _cut(line: FundingLine, grant: Grant) -> FundingLine:
    """A line with the amount granted, 分, and a formula that gives it. A rate stays where a whole
    number of units is left."""
    granted_fen = grant.funding.get(line.key)
    if granted_fen is None or granted_fen == line.amount_fen:
        return line
    units, rest = divmod(granted_fen, line.rate_fen) if line.rate_fen else (0, 1)
    return msgspec.structs.replace(
        line,
        amount_fen=granted_fen,
        rate_fen=0 if rest else line.rate_fen,
        quantity=0 if rest else units,
        formula=None if line.formula is None else cut(line.formula, granted_fen, grant.areas),
        schedule=_paid_in(line, granted_fen),
    )


def _paid_in(line: FundingLine, granted_fen: int) -> list[Instalment]:
    """The instalments in the proportion asked, in order of their days, to the 分 in sum."""
    ordered = sorted(line.schedule, key=lambda i: i.due_on)
    reached, sums = 0, [0]
    for one in ordered:
        reached += one.amount_fen
        sums.append(reached * granted_fen // line.amount_fen)
    parts = [after - before for before, after in pairwise(sums)]
    return [
        Instalment(due_on=one.due_on, amount_fen=part)
        for one, part in zip(ordered, parts, strict=True)
        if part
    ]
