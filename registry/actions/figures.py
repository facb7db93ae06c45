"""分社区数量 the figures by which communities share the money, under the ids places have today."""

from collections.abc import Iterable

import msgspec

from registry.actions.counting import communities_of
from registry.actions.office import Desk
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.filing import Filing
from registry.domain.formula import Counted
from registry.domain.funding import FundingLine, differing
from registry.domain.reckoning import reckon, yuan
from registry.domain.shares import figures_of
from registry.domain.succession import Succession

FORMULA = declare(
    "funding.formula", RefusalKind.INVALID,
    "经费项 {line} 写的是 {amount}，按公式测算是 {reckoned}；两数须一致，"
    "两个付款单位的人口和统计日也须一致（E11 测算可复算）",
    "Funding line {line} says {amount}, its formula gives {reckoned}; both must be the same (E11).",
    recorded=True,
)  # fmt: skip
FIGURES = declare(
    "funding.figures", RefusalKind.INVALID,
    "经费项 {line} 的分社区数量与所选社区不一致：{areas}；没有数量的社区写 0（E11 测算可复算）",
    "The figures of funding line {line} are not those of the communities chosen: {areas} (E11).",
    recorded=True,
)  # fmt: skip


def check_formulas(desk: Desk, filing: Filing) -> None:
    """Refuse an amount that its formula does not give, and figures of other communities (E11).

    Raises:
        Refusal: ``funding.formula`` with both figures; ``funding.figures``.
    """
    lines = {line.key: line for line in filing.funding}
    for key, amount_fen, reckoned_fen in differing(filing.funding):
        formula = lines[key].formula
        raise Refusal(
            FORMULA, line=key, amount=yuan(amount_fen), reckoned=yuan(reckoned_fen),
            amount_fen=amount_fen, reckoned_fen=reckoned_fen, invariant="E11",
            formula_words=reckon(formula).words_zh if formula else "",
        )  # fmt: skip
    told = [line for line in as_today(desk, filing).funding if figures_of(line)]
    reached = communities_of(desk, filing) if told else {}
    for line in told:
        if odd := set(figures_of(line)) ^ set(reached):
            names = "、".join(reached[id].name if id in reached else id for id in sorted(odd))
            raise Refusal(FIGURES, line=line.key, areas=names, invariant="E11")


def by_id(desk: Desk, filing: Filing) -> Filing:
    """The filing with its figures under ids of areas, whatever codes they were told by.

    Raises:
        Refusal: ``area.unknown``.
    """
    on = filing.starts_on or desk.today
    named = sorted({key for line in filing.funding for key in figures_of(line)})
    ids = {key: area.id for key, area in zip(named, desk.places.areas(named, on), strict=True)}
    return _renamed(filing, ids)


def as_today(desk: Desk, filing: Filing) -> Filing:
    """The filing with its figures under the ids places have today: what one place had is its
    heir's, of several that one's that acts for it (P15)."""
    named = sorted({key for line in filing.funding for key in figures_of(line)})
    heirs: dict[str, str] = {}
    asked = named
    while asked:
        rows = desk.unit.find(Succession, object_id=asked)
        after = {
            row.object_id: row.successor_id
            for row in sorted(rows, key=lambda row: (row.acts, row.id))
            if row.successor_id != row.object_id and row.object_id not in heirs
        }
        heirs |= after
        asked = sorted(set(after.values()) - set(heirs))
    return _renamed(filing, {key: _last(heirs, key) for key in named})


def _last(heirs: dict[str, str], id: str) -> str:
    met = {id}
    while id in heirs and heirs[id] not in met:
        id = heirs[id]
        met.add(id)
    return id


def _renamed(filing: Filing, ids: dict[str, str]) -> Filing:
    if all(key == id for key, id in ids.items()):
        return filing
    return msgspec.structs.replace(filing, funding=[*_lines(filing.funding, ids)])


def _lines(lines: Iterable[FundingLine], ids: dict[str, str]) -> Iterable[FundingLine]:
    for line in lines:
        if not isinstance(line.formula, Counted):
            yield line
            continue
        figures: dict[str, int] = {}
        for key, count in line.formula.figures.items():
            figures[ids[key]] = figures.get(ids[key], 0) + count
        formula = msgspec.structs.replace(line.formula, figures=figures)
        yield msgspec.structs.replace(line, formula=formula)
