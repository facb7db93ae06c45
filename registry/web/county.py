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
from registry.api.publicity import weighed
from registry.api.queries import QUERIES
from registry.api.serving import aside
from registry.domain.areas import Area, full_code
from registry.domain.errors import Refusal
from registry.domain.redress import GROUND_ZH
from registry.domain.request import State
from registry.domain.vocabulary import Outcome
from registry.web.charts import Bar, Caption, Pair, bars, funnel, line, multiple
from registry.web.county_frame import opened
from registry.web.places import named_places, placed
from registry.web.serving import HEADERS, Kind, Line
from registry.web.sheet import as_csv, as_xlsx
from registry.web.tongue import Tongue
from registry.web.visit import Visit

PATH = "/county"
_COUNTS = next(q for q in QUERIES if q.id == "counts")
FIGURE, DEFAULT = "figure", "items"
BY_KEY: dict[str, Formula] = {formula.key: formula for formula in FORMULAS}
LOAD = Kind(parameters=frozenset({FIGURE, "area", "on", "before", "trend", "after"}))
FLOW = Kind(parameters=frozenset({"from", "to"}))
_MOST, _STREET = 500, 9
"""Communities on one page; digits of a street's code."""
_TRENDED = ("items", "items_legacy", "hours_year")
"""Figures that are told of the past months."""
_BODY = ("居民委员会", "村民委员会")
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
    short: str
    """Without what every name there ends with."""
    now: int
    before: int | None
    picture: Any
    to: str


class Street(NamedTuple):
    """一个街道、乡镇: its communities in the order of codes."""

    name: str
    smalls: list[Small]


def told_to(text: str) -> str:
    """Where on the pages the rows behind a figure are read; empty = they are no list."""
    path, _, query = text.removeprefix("/").partition("?")
    return f"/records/{path}?{query}" if path in RESOURCES else ""


async def load(visit: Visit) -> Any:
    """``GET /county``: one figure of every community, then and now, and over the last months."""
    typed = visit.query.get("area", "")
    found, formula = await _asked(visit)
    return await aside(partial(_load, visit, (found, formula), typed))


async def _asked(visit: Visit) -> tuple[Burden, Formula]:
    await placed(visit)
    return await aside(_weighed, visit)


def _weighed(visit: Visit) -> tuple[Burden, Formula]:
    given = {n: v for n, v in visit.query.items() if v}
    formula = BY_KEY.get(given.pop(FIGURE, DEFAULT), BY_KEY[DEFAULT])
    visit.query = {"trend": "month", "limit": str(_MOST)} | given
    return weighed(visit.office, visit, parts=False), formula


def _load(visit: Visit, weighed_by: tuple[Burden, Formula], typed: str) -> Any:
    found, formula = weighed_by
    t, key = visit.tongue, formula.key
    name = f"{t.pair(formula.name, formula.name_en)}（{formula.unit}）"
    told = next(one for one in found.figures if one.formula.key == key)
    trended = key if key in _TRENDED else DEFAULT
    points = [Bar(p.period, getattr(p, trended), str(getattr(p, trended))) for p in found.trend]
    words = "；".join(f"{p.name} {p.said}" for p in points)
    of = next(f for f in FORMULAS if f.key == trended)
    of_name = f"{t.pair(of.name, of.name_en)}（{of.unit}）"
    heading = t.t("county.trend", of=of_name)
    query = {n: v for n, v in visit.query.items() if n not in ("after", "limit", "trend")}
    query |= {FIGURE: key}
    smalls = _smalls(visit, found, formula)
    return opened(
        visit, "load", found=found, formula=formula, name=name, told=told, heading=heading,
        of=of_name, smalls=smalls, streets=_streets(visit, smalls), formulas=FORMULAS,
        given=visit.query | {"area": typed}, areas=named_places(visit),
        trend=line(Caption("trend", heading, words), points), points=points,
        query=urlencode(query), more=urlencode(query | {"after": found.next}) if found.next else "",
    )  # fmt: skip


def _streets(visit: Visit, smalls: list[Small]) -> list[Street]:
    """The communities by the street or township that stands above them, in the order of codes."""
    by: dict[str, list[Small]] = {}
    for one in smalls:
        by.setdefault(one.code[:_STREET], []).append(one)
    codes = sorted(full_code(code) for code in by)
    county = visit.county or visit.actor().county
    held = {a.code: a.name for a in visit.office.store.reader.find(Area, county, code=codes)}
    return [Street(held.get(full_code(code), code), some) for code, some in by.items()]


def _smalls(visit: Visit, found: Burden, formula: Formula) -> list[Small]:
    key, rows = formula.key, found.items
    most = max((max(one.values[key], (one.before or {}).get(key, 0)) for one in rows), default=0)
    made = []
    for one in rows:
        pair = Pair(one.before[key] if one.before else None, one.values[key])
        said = visit.tongue.t("county.now", value=pair.now)
        caption = Caption(f"c-{one.code}", f"{one.name} {said}")
        to = formula.query.format(area_id=one.area_id, organisation_id=one.organisation_id or "")
        short = one.name.removesuffix(_BODY[0]).removesuffix(_BODY[1])
        made.append(Small(one.name, one.code, one.area_id, short, pair.now, pair.before,
                          multiple(caption, pair, most), told_to(to)))  # fmt: skip
    return made


async def load_file(visit: Visit) -> Any:
    """``GET /county/load.csv``: every figure of every community, then and now, as CSV."""
    return as_csv(await _table(visit), "burden", HEADERS)


async def load_book(visit: Visit) -> Any:
    """``GET /county/load.xlsx``: the same as a workbook."""
    t = visit.tongue.t
    told = [[t("county.load")], [t("county.order")]]
    return await aside(as_xlsx, await _table(visit), told, "burden", HEADERS)


async def _table(visit: Visit) -> list[list[str | int]]:
    found, _ = await _asked(visit)
    pair, t, then = visit.tongue.pair, visit.tongue.t, found.before_on
    names = [f"{pair(f.name, f.name_en)}（{f.unit}）" for f in FORMULAS]
    heads = [name for one in names for name in ([one, f"{one} {then}"] if then else [one])]
    rows: list[list[str | int]] = [[t("money.code"), t("money.community"), *heads]]
    for one in found.items:
        was = one.before or {}
        told = [[one.values[f.key], *([was.get(f.key, "")] if then else [])] for f in FORMULAS]
        rows.append([one.code, one.name, *(cell for some in told for cell in some)])
    return rows


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
    if visit.request.scope["path"].endswith(".csv"):
        lines = [(t.t("county.funnel"), steps), *((t.t(f"county.{w}"), r) for w, r, _ in drawn)]
        rows = [[name, one.name, one.said, one.to] for name, some in lines for one in some]
        heads = [t.t(f"county.{word}") for word in ("group", "what", "many", "query")]
        return as_csv([heads, *rows], "admission", HEADERS)
    return opened(visit, "flow", given=span, steps=steps, tables=drawn, query=urlencode(span),
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
    ("GET", PATH + "/load.xlsx", load_book, LOAD),
    ("GET", PATH + "/flow", flow, FLOW),
    ("GET", PATH + "/flow.csv", flow, FLOW),
]
