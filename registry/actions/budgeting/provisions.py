"""人均经费核对 what a standard a head wants in the budgets of a year, and what is there (M16, P28).

Population × standard stands beside the indicators of the level that must provide it. A check on
budgets: it owes no community anything, and no presence rests on it.
"""

from datetime import date

from registry.actions.office import Answer, Call, Desk, Office
from registry.domain.budget import Indicator, PopulationCount
from registry.domain.people import Organisation
from registry.domain.records import Wire
from registry.domain.vocabulary import GRADES_OFF, Level
from registry.policies.purse import Provision


class ProvisionFigure(Wire, frozen=True, kw_only=True):
    """一项核对, 分."""

    level: Level
    clause: str
    population: str
    count: int | None = None
    """``None`` = no count of this population is on record, and nothing is worked out."""
    counted_on: date | None = None
    source: str = ""
    rate_fen: int
    required_fen: int | None = None
    provided_fen: int
    """指标 of that level for the year, confirmed."""
    short_fen: int | None = None
    formula: str
    formula_en: str
    indicators: list[str]


class Provisions(Wire, frozen=True, kw_only=True):
    """人均经费核对 of a county for a year."""

    county: str
    year: int
    items: list[ProvisionFigure]
    """Empty = the packs state no standard."""


def asked(office: Office, call: Call, year: int | None) -> Provisions:
    """The check of a year; absent = this one."""

    def verb(desk: Desk) -> Answer:
        return Answer(body=checked(desk, year or desk.today.year))

    found: Provisions = office.ask(call, verb).body
    return found


def checked(desk: Desk, year: int) -> Provisions:
    """Every standard of the packs in force against the indicators of a year."""
    county = desk.places.county()
    desk.authorise("provision.read", paths=[county.path])
    counts = desk.unit.find(PopulationCount, area_id=county.id)
    standing = [one for one in desk.unit.find(Indicator, year=year) if one.confirmed_by]
    levels = {
        body.id: body.level
        for body in desk.unit.find(Organisation, id=sorted({one.payer_id for one in standing}))
    }
    stated = [
        one for pack in desk.rulebook().overlay.packs for one in pack.document.provision
        if one.grade not in GRADES_OFF
    ]  # fmt: skip
    items = []
    for one in stated:
        theirs = [
            i for i in standing
            if levels.get(i.payer_id) is one.level
            and (not one.functional or i.functional_code in one.functional)
        ]  # fmt: skip
        items.append(_figure(one, counts, theirs, date(year, 12, 31)))
    return Provisions(county=desk.unit.county, year=year, items=items)


def _figure(
    one: Provision, counts: list[PopulationCount], theirs: list[Indicator], until: date
) -> ProvisionFigure:
    known = [c for c in counts if c.what == one.population and c.counted_on <= until]
    count = max(known, key=lambda c: c.counted_on, default=None)
    provided = sum(i.amount_fen for i in theirs)
    required = one.rate_fen * count.count if count else None
    told = f"{count.count}（{count.counted_on}）" if count else "—"
    told_en = f"{count.count} (on {count.counted_on})" if count else "—"
    wanted = "—" if required is None else str(required)
    return ProvisionFigure(
        level=one.level, clause=one.clause, population=one.population,
        count=count.count if count else None, counted_on=count.counted_on if count else None,
        source=count.source if count else "", rate_fen=one.rate_fen, required_fen=required,
        provided_fen=provided,
        short_fen=None if required is None else max(required - provided, 0),
        formula=f"{one.population} {told} × {one.rate_fen} 分 = {wanted} 分",
        formula_en=f"{told_en} × {one.rate_fen} 分 = {wanted} 分",
        indicators=[i.number for i in theirs],
    )  # fmt: skip
