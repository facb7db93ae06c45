"""证明需求统计 what papers are demanded, by whom, when and where, each unit in its own area.

In the order of codes and lists, never by how much (P9).
"""

from typing import Annotated

import msgspec

from registry.actions.office import Office
from registry.actions.reading import NOT_READABLE
from registry.actions.seeing import scopes
from registry.domain.areas import Area
from registry.domain.certifying import CERTIFYING_ZH, DEMANDER_ZH, Certifying, Demander
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.people import Actor
from registry.domain.records import Wire
from registry.store.demands import By, Tallied, tallied

REVERSED = declare(
    "query.months", RefusalKind.MALFORMED, "起始月 {first} 晚于截止月 {last}",
    "The first month {first} is after the last month {last}.",
)  # fmt: skip
_Month = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")]


class FigureQuery(Wire, frozen=True, kw_only=True):
    """统计条件: months, both counted."""

    by: By = "item"
    first: _Month | None = None
    last: _Month | None = None


class Figure(Wire, frozen=True, kw_only=True):
    """一行: how often, and what was answered."""

    key: str
    """List item, demander, answer, month, or code of the area; empty = on no list."""
    name: str
    times: int
    answers: dict[Certifying, int]


class CertificateFigures(Wire, frozen=True, kw_only=True):
    """证明需求统计."""

    by: By
    first: str | None
    last: str | None
    times: int
    lines: list[Figure]
    barred: list[Figure]
    """Papers asked for although not to be issued, in the order of the lists: the very ones that a
    word with who demands them would spare the residents."""
    formula: str = "times = Σ 登记次数 of the demands registered in the reader's own area"


def figures(office: Office, actor: Actor, county: str, query: FigureQuery) -> CertificateFigures:
    """The sums of what the reader may see.

    Raises:
        Refusal: ``access.reading``, ``query.months``.
    """
    if query.first and query.last and query.last < query.first:
        raise Refusal(REVERSED, first=query.first, last=query.last)
    seen = scopes(office, actor, "certificate_demand.read", county)
    if not seen:
        raise Refusal(NOT_READABLE)
    months = (query.first, query.last)
    with office.store.reader.connect() as connection:
        lines = tallied(connection, seen, query.by, months)
        papers = lines if query.by == "item" else tallied(connection, seen, "item", months)
    places = _places(office, county, lines) if query.by == "area" else {}
    barred = [one for one in papers if one.answer == Certifying.MUST_NOT.value]
    return CertificateFigures(
        by=query.by, first=query.first, last=query.last, times=sum(one.times for one in lines),
        lines=_summed(lines, query.by, places), barred=_summed(barred, "item", {}),
    )  # fmt: skip


def _places(office: Office, county: str, lines: list[Tallied]) -> dict[str, Area]:
    """The place of each path."""
    ids = sorted({one.name.strip("/").rpartition("/")[2] for one in lines})
    found = office.store.reader.find(Area, county, id=ids) if ids else []
    held = {area.id: area for area in found}
    return {p: held[id] for p in {one.name for one in lines}
            if (id := p.strip("/").rpartition("/")[2]) in held}  # fmt: skip


def _summed(lines: list[Tallied], by: By, places: dict[str, Area]) -> list[Figure]:
    """One line for each value, in the order of codes."""
    found: dict[tuple[str, str], dict[Certifying, int]] = {}
    for one in lines:
        answers = found.setdefault(_called(one, by, places), {})
        answer = Certifying(one.answer)
        answers[answer] = answers.get(answer, 0) + one.times
    return [
        Figure(key=key, name=name, times=sum(answers.values()), answers=answers)
        for (key, name), answers in sorted(found.items())
    ]


def _called(one: Tallied, by: By, places: dict[str, Area]) -> tuple[str, str]:
    """The code and the Chinese name of a value."""
    if by == "area" and one.name in places:
        return places[one.name].code, places[one.name].name
    if by == "demander":
        return one.name, DEMANDER_ZH[Demander(one.name)]
    if by == "answer":
        return one.name, CERTIFYING_ZH[Certifying(one.name)]
    return one.key or "", one.name
