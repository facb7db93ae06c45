"""筛选 what a box is narrowed by: what its rows are, when they are due, what their cases say.

Each row that the box holds is held against its case by the case's key: the rows still come in the
order of the box, from the index of the box, and a page never leaves out what came after its cut.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Dialect,
    FromClause,
    Integer,
    Text,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy import case as case_
from sqlalchemy import literal_column as literal
from sqlalchemy import tuple_ as both

from registry.domain.areas import Area
from registry.domain.people import Organisation
from registry.domain.records import Wire
from registry.domain.request import Request, Target
from registry.domain.vocabulary import Kind
from registry.store import tables
from registry.store.columns import Day, said

Term = tuple[str, str, tuple[Any, ...]]
"""One condition: column, how it is asked, the values."""
CASE = "case."
"""Before a column that is the case's and not the row's own."""
_ESCAPE = "/"


class Sieve(Wire, frozen=True, kw_only=True):
    """筛选条件; what says nothing lets everything through."""

    text: str = ""
    """Words in the title of the case."""
    kind: Kind | None = None
    applicant: str = ""
    """Id of the leading organisation, or words of its name."""
    above: list[str] = []
    """Jurisdictions in which an organisation that asks may stand."""
    area: str = ""
    """Id, code or words of the name of a place that the case is meant for."""
    acts: list[str] | None = None
    """Kinds of task; ``None`` = every kind."""
    owed: list[str] | None = None
    """Kinds of what is no task; ``None`` = every kind."""
    until: dict[str, date] = {}
    """By county the last day on which it is due; empty = whenever."""
    before: date | None = None
    """Due before this day by a date that is not provisional."""
    unread: bool = False

    @property
    def timely(self) -> bool:
        """Whether the day something is due matters."""
        return bool(self.until) or self.before is not None

    def of_case(self, counties: Sequence[str]) -> list[Term]:
        """What is asked of the case, in these counties."""
        found: list[Term] = []
        if self.text:
            found.append((CASE + "title", "like", (like(self.text),)))
        if self.kind is not None:
            found.append((CASE + "kind", "=", (self.kind.value,)))
        if self.applicant:
            asked = (self.applicant, like(self.applicant), *self.above)
            found.append((CASE + "applicant_id", "named", asked))
        if self.area:
            found.append((CASE + "id", "about", (self.area, like(self.area), *counties)))
        return found

    def of_day(self, county: str) -> list[Term]:
        """What is asked of the day it is due."""
        found: list[Term] = []
        if self.until:
            found.append(("due_on", "<=", (self.until[county],)))
        if self.before is not None:
            found += [("due_on", "<", (self.before,)), ("due_provisional", "unset", ())]
        return found


def like(words: str) -> str:
    """Words as a pattern that finds them anywhere, in whichever case."""
    kept = words.lower().replace(_ESCAPE, _ESCAPE * 2)
    return f"%{kept.replace('%', _ESCAPE + '%').replace('_', _ESCAPE + '_')}%"


def within(column: Any, pattern: Any) -> ColumnElement[bool]:
    """Whether a text holds what a pattern of ``like`` says."""
    told: ColumnElement[bool] = func.lower(column).like(pattern, escape=_ESCAPE)
    return told


def unset(dialect: Dialect, table: FromClause, name: str) -> ColumnElement[bool]:
    """A flag in the body of a row is not set."""
    return func.coalesce(said(dialect, table, name), literal("''", Text())).not_in(_SET)


_SET = [literal(f"'{word}'", Text()) for word in ("1", "true")]
"""How the engines say that a flag is set."""
_ONE: ColumnElement[int] = literal("1", Integer())
_NOWHERE: ColumnElement[str] = literal("'/'", Text())
"""The path of a place that an edit took out of the request."""


def cased(
    at: tuple[ColumnElement[Any], ColumnElement[Any]], terms: Sequence[tuple[str, str, list[Any]]]
) -> ColumnElement[bool]:
    """The case of (county, id) is as its terms ask, each with what its values are bound to."""
    case = tables.BY_RECORD[Request].alias("sieved")
    asked = [_asked(case, term) for term in terms]
    return exists().where(
        case.c.county == at[0], case.c.id == at[1], case.c.event_to.is_(None), *asked
    )


def _asked(case: Any, term: tuple[str, str, list[Any]]) -> ColumnElement[bool]:
    name, how, values = term
    column = case.c[name.removeprefix(CASE)]
    if how == "like":
        return within(column, values[0])
    if how == "named":
        return _named(case, values)
    if how == "about":
        return _about(case, values)
    same: ColumnElement[bool] = column == values[0]
    return same


def _named(case: Any, values: Sequence[Any]) -> ColumnElement[bool]:
    """The leading organisation has this id, or these words in its name."""
    body = tables.BY_RECORD[Organisation].alias("asking")
    called = exists().where(
        body.c.county.in_(values[2:]), body.c.id == case.c.applicant_id,
        body.c.event_to.is_(None), within(body.c.name, values[1]),
    )  # fmt: skip
    return or_(case.c.applicant_id == values[0], called)


def _about(case: Any, values: Sequence[Any]) -> ColumnElement[bool]:
    """It is meant for a place of this id, code or name, for one within it or for one around it."""
    area = tables.BY_RECORD[Area]
    asked, near = area.alias("asked_for"), area.alias("near")
    target = tables.BY_RECORD[Target].alias("meant")
    id, pattern, counties = values[0], values[1], values[2:]
    inside = func.substr(near.c.path, _ONE, func.length(asked.c.path)) == asked.c.path
    around = func.substr(asked.c.path, _ONE, func.length(near.c.path)) == near.c.path
    places = select(near.c.county, near.c.id).where(
        asked.c.county.in_(counties), asked.c.event_to.is_(None),
        or_(asked.c.id == id, asked.c.code == id, within(asked.c.name, pattern)),
        near.c.county == asked.c.county, near.c.event_to.is_(None), or_(inside, around),
    )  # fmt: skip
    return exists().where(
        target.c.county == case.c.county, target.c.request_id == case.c.id,
        target.c.event_to.is_(None), target.c.path != _NOWHERE,
        both(target.c.county, target.c.area_id).in_(places),
    )  # fmt: skip


Asks = tuple[tuple[str, int], ...]
"""What rows of several counties are asked, and of how many values each."""


def narrowing(sieve: Sieve, counties: Sequence[str]) -> tuple[Asks, dict[str, Any]]:
    """What rows of several counties, each with its case, are asked; and the values."""
    given: dict[str, tuple[Any, ...]] = {}
    if sieve.owed is not None:
        given["owed"] = tuple(sieve.owed)
    given |= {name: values for name, _, values in sieve.of_case(counties)}
    if sieve.until:
        given["until"] = tuple(sieve.until[county] for county in counties)
    if sieve.before is not None:
        given["before"] = (sieve.before,)
    told = {_bound(name, n): one for name, values in given.items() for n, one in enumerate(values)}
    return tuple((name, len(values)) for name, values in given.items()), told


def _bound(name: str, number: int) -> str:
    return f"{name.replace('.', '_')}{number}"


def narrowed(found: Any, asks: Asks) -> list[ColumnElement[bool]]:
    """The same as conditions on rows with kind, county, request_id, due_on, provisional, title."""
    asked: list[ColumnElement[bool]] = []
    terms: list[tuple[str, str, list[Any]]] = []
    for name, count in asks:
        kind = Day() if name in ("until", "before") else Text()
        bound: list[Any] = [bindparam(_bound(name, n), type_=kind) for n in range(count)]
        if name == CASE + "title":
            asked.append(within(found.c.title, bound[0]))
        elif name.startswith(CASE):
            terms.append((name, _HOW[name], bound))
        else:
            asked += _on_row(found, name, bound)
    return [*asked, cased((found.c.county, found.c.request_id), terms)] if terms else asked


_HOW = {CASE + "kind": "=", CASE + "applicant_id": "named", CASE + "id": "about"}


def _on_row(found: Any, name: str, bound: Sequence[Any]) -> list[ColumnElement[bool]]:
    if name == "owed":
        return [found.c.kind.in_(bound)]
    if name == "before":
        return [found.c.due_on < bound[0], found.c.provisional == literal("0", Integer())]
    each = [
        and_(found.c.county == bindparam(f"county{n}", type_=Text()), found.c.due_on <= day)
        for n, day in enumerate(bound)
    ]
    return [or_(*each)]


def guessed(dialect: Dialect, table: FromClause, name: str) -> Any:
    """Whether a day is reckoned by a calendar that is not told yet, as 1 or 0."""
    sure = (unset(dialect, table, name), literal("0", Integer()))
    return case_(sure, else_=literal("1", Integer())).label("provisional")
