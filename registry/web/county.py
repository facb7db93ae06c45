"""全县页 the load of communities, the admission of matters, reports: each figure leads to its rows.

Communities stand in the order of their codes and in no other; no figure makes a rank of them (P9).
"""

from enum import Enum
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import urlencode

from registry.actions.burden.formulas import FORMULAS, Formula
from registry.actions.burden.weighing import Burden
from registry.actions.querying.grouping import Counts
from registry.api.lists import RESOURCES
from registry.api.publicity import PUBLICITY
from registry.api.queries import QUERIES
from registry.api.serving import aside
from registry.domain.errors import Refusal
from registry.domain.redress import GROUND_ZH
from registry.domain.request import State
from registry.domain.vocabulary import Outcome
from registry.web.charts import Bar, Caption, Pair, bars, funnel, line, multiple
from registry.web.serving import HEADERS, Kind, Line, shown
from registry.web.sheet import as_csv
from registry.web.shell import may
from registry.web.tongue import Tongue
from registry.web.visit import Visit

PATH = "/county"
_BURDEN = next(q for q in PUBLICITY if q.id == "burden")
_COUNTS = next(q for q in QUERIES if q.id == "counts")
FIGURE, DEFAULT = "figure", "items"
BY_KEY: dict[str, Formula] = {formula.key: formula for formula in FORMULAS}
LOAD = Kind(parameters=frozenset({FIGURE, "area", "on", "before", "trend", "after"}))
FLOW = Kind(parameters=frozenset({"from", "to"}))
STEPS: tuple[tuple[str, frozenset[State]], ...] = (
    ("filed", frozenset(State) - {State.DRAFT}),
    ("accepted", frozenset({State.ACCEPTED, State.IN_REVIEW, State.APPROVED, State.REJECTED,
                            State.TERMINATED, State.REVOKED, State.CLOSED})),
    ("admitted", frozenset({State.APPROVED, State.CLOSED, State.REVOKED})),
)  # fmt: skip
"""How far requests came; each step holds the one after it."""


class Small(NamedTuple):
    """一个社区: its small chart and the row that says the same."""

    name: str
    code: str
    area_id: str
    now: int
    before: int | None
    picture: Any
    to: str


def told_to(text: str) -> str:
    """Where on the pages the rows behind a figure are read; empty = they are no list."""
    path, _, query = text.removeprefix("/").partition("?")
    return f"/records/{path}?{query}" if path in RESOURCES else ""


async def load(visit: Visit) -> Any:
    """``GET /county``: one figure of every community, then and now, and over the last months."""
    found, formula = await aside(_weighed, visit)
    return await aside(partial(_load, visit, found, formula))


def _weighed(visit: Visit) -> tuple[Burden, Formula]:
    given = {n: v for n, v in visit.query.items() if v}
    formula = BY_KEY.get(given.pop(FIGURE, DEFAULT), BY_KEY[DEFAULT])
    visit.query = {"trend": "month"} | given
    return _BURDEN.ask(visit.office, visit), formula


def _load(visit: Visit, found: Burden, formula: Formula) -> Any:
    t, key = visit.tongue, formula.key
    name = f"{t.pair(formula.name, formula.name_en)}（{formula.unit}）"
    told = next(one for one in found.figures if one.formula.key == key)
    points = [Bar(p.period, p.items, str(p.items)) for p in found.trend]
    words = "；".join(f"{p.name} {p.said}" for p in points)
    query = {n: v for n, v in visit.query.items() if n != "after"} | {FIGURE: key}
    return shown(
        visit, "county/load.html", found=found, formula=formula, name=name, told=told,
        smalls=_smalls(visit, found, formula), formulas=FORMULAS, given=visit.query,
        trend=line(Caption("trend", t.t("county.trend"), words), points), points=points,
        query=urlencode(query), more=urlencode(query | {"after": found.next}) if found.next else "",
        flows=may(visit.office, visit.actor(), "request.read"),
    )  # fmt: skip


def _smalls(visit: Visit, found: Burden, formula: Formula) -> list[Small]:
    key, rows = formula.key, found.items
    most = max((max(one.values[key], (one.before or {}).get(key, 0)) for one in rows), default=0)
    made = []
    for one in rows:
        pair = Pair(one.before[key] if one.before else None, one.values[key])
        said = visit.tongue.t("county.now", value=pair.now)
        caption = Caption(f"c-{one.code}", f"{one.name} {said}")
        to = formula.query.format(area_id=one.area_id, organisation_id=one.organisation_id or "")
        made.append(Small(one.name, one.code, one.area_id, pair.now, pair.before,
                          multiple(caption, pair, most), told_to(to)))  # fmt: skip
    return made


async def load_file(visit: Visit) -> Any:
    """``GET /county/load.csv``: every figure of every community, as CSV."""
    visit.query["limit"] = "500"
    found, _ = await aside(_weighed, visit)
    pair = visit.tongue.pair
    rows = [[visit.tongue.t("money.code"), visit.tongue.t("money.community"),
             *(f"{pair(f.name, f.name_en)}（{f.unit}）" for f in FORMULAS)]]  # fmt: skip
    for one in found.items:
        rows.append([one.code, one.name, *(str(one.values[f.key]) for f in FORMULAS)])
    return as_csv(rows, "burden", HEADERS)


async def flow(visit: Visit) -> Any:
    """``GET /county/flow``: 准入漏斗 how many were filed, taken up, admitted; and on what grounds."""
    span = {n: v for n, v in visit.query.items() if v}
    asked = {f"applied_on.{o}": span[n] for n, o in (("from", "ge"), ("to", "le")) if n in span}
    states = await aside(count, visit, {"resource": "requests", "by": "state"} | asked)
    outcomes = await aside(count, visit, {"resource": "requests", "by": "outcome"} | asked)
    issued = {k.replace("applied_on", "issued_on"): v for k, v in asked.items()}
    grounds = await aside(count, visit, {"resource": "declinings", "by": "ground"} | issued)
    return await aside(partial(_flow, visit, span, (states, outcomes, grounds), (asked, issued)))


def count(visit: Visit, asked: dict[str, str]) -> Counts | None:
    """Counts that the person may read; ``None`` = they may read none of these records."""
    visit.query = dict(asked)
    try:
        found: Counts = _COUNTS.ask(visit.office, visit)
    except Refusal as refusal:
        if refusal.code == "access.reading":
            return None
        raise
    return found


def _flow(
    visit: Visit, span: dict[str, str], found: tuple[Counts | None, ...],
    asked: tuple[dict[str, str], dict[str, str]],
) -> Any:  # fmt: skip
    t, (states, outcomes, grounds) = visit.tongue, found
    many = {group.by[0]: group.rows for group in states.items} if states else {}
    steps = []
    for word, of in STEPS:
        value = sum(many.get(state.value, 0) for state in of)
        of_states = ",".join(sorted(state.value for state in of))
        to = f"/records/requests?{urlencode(asked[0] | {'state.in': of_states})}"
        steps.append(Bar(t.t(f"county.{word}"), value, str(value), to))
    told = "；".join(f"{one.name} {one.said}" for one in steps)
    tables = [
        ("states", groups(states, ("requests", "state"), coded(t, State), asked[0])),
        ("outcomes", groups(outcomes, ("requests", "outcome"), coded(t, Outcome), asked[0])),
        ("grounds", groups(grounds, ("declinings", "ground"),
                           {one: t.word("ground", one) for one in GROUND_ZH}, asked[1])),
    ]  # fmt: skip
    drawn = [(word, rows, bars(Caption(word, t.t(f"county.{word}")), rows))
             for word, rows in tables if rows]  # fmt: skip
    return shown(visit, "county/flow.html", given=span, steps=steps, tables=drawn,
                 picture=funnel(Caption("funnel", t.t("county.funnel"), told), steps))  # fmt: skip


def groups(
    found: Counts | None, of: tuple[str, str], names: dict[str, str], asked: dict[str, str]
) -> list[Bar]:
    """Groups in the order in which their codes are written down, each with its list."""
    resource, name = of
    many = {group.by[0]: group.rows for group in found.items} if found else {}
    return [
        Bar(said, many[code], str(many[code]),
            f"/records/{resource}?{urlencode(asked | {name: code})}")
        for code, said in names.items() if code in many
    ]  # fmt: skip


def coded(tongue: Tongue, kind: type[Enum]) -> dict[str, str]:
    """What the codes of a kind are called, in their order."""
    return {str(one.value): tongue.code(one) for one in kind}


PAGES: list[Line] = [
    ("GET", PATH, load, LOAD),
    ("GET", PATH + "/load.csv", load_file, LOAD),
    ("GET", PATH + "/flow", flow, FLOW),
]
