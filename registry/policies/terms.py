"""匹配式 a Casbin model read term by term; what the index cannot answer is refused by its name.

Taken: equality, ``*`` for any, ``g`` with or without domains; the four effects over ``p.eft``.
"""

import re
from collections.abc import Mapping, Sequence

from casbin.effect import Effector
from casbin.effect.default_effectors import (
    AllowAndDenyEffector,
    AllowOverrideEffector,
    DenyOverrideEffector,
    PriorityEffector,
)
from casbin.model import Model

from registry.policies.index import Term

Links = Mapping[tuple[str, str], tuple[str, ...]]

_EQUAL = re.compile(r"r_(\w+) == p_(\w+)|p_(\w+) == r_(\w+)")
_LINK = re.compile(r"(g\d*)\(r_(\w+), ?p_(\w+)(?:, ?r_(\w+))?\)")
_STAR_FIRST = re.compile(r'\(p_(\w+) == "\*" \|\| (.+)\)')
_STAR_LAST = re.compile(r'\((.+) \|\| p_(\w+) == "\*"\)')
_GRAPH = re.compile(r"_, ?_(, ?_)?")
_EFFECTS = (AllowOverrideEffector, DenyOverrideEffector, AllowAndDenyEffector, PriorityEffector)
_SECTIONS = {"r": "r", "p": "p", "e": "e", "m": "m"}


class EngineError(ValueError):
    """A model or table that this engine does not take, named."""


def names_of(model: Model, section: str) -> list[str]:
    """The columns of the request (``r``) or of a row (``p``), without their prefix."""
    return [str(t).removeprefix(f"{section}_") for t in model[section][section].tokens]


def read_model(model: Model, effector: Effector) -> list[Term]:
    """The terms of a model's matcher, its role graphs closed.

    Raises:
        EngineError: a construct that is not taken, by its name.
    """
    for section, only in _SECTIONS.items():
        if others := sorted(set(model[section]) - {only}):
            raise EngineError(f"a second definition is not supported: {', '.join(others)}")
    if type(effector) not in _EFFECTS or "subjectPriority" in str(model["e"]["e"].value):
        raise EngineError(f"effect not supported: {model['e']['e'].value}")
    if "priority" in names_of(model, "p"):
        raise EngineError("column not supported: p.priority reorders the rows")
    drawn = model["g"] if "g" in model.keys() else {}  # noqa: SIM118 - a Model is no dict
    graphs = {name: _closed(name, graph) for name, graph in drawn.items()}
    requested, cells = names_of(model, "r"), names_of(model, "p")
    terms = [
        _term(text.strip(), (requested, cells), graphs)
        for text in str(model["m"]["m"].value).split("&&")
    ]
    read = [t.column for t in terms]
    if len(set(read)) != len(read):
        raise EngineError(f"{len(terms)} terms in the matcher, one fact asked twice")
    domains = {t.domain for t in terms}
    for position, name in enumerate(requested):
        if position not in read and position not in domains:
            raise EngineError(f"fact {name} is read by no term of the matcher")
    return terms


def _term(text: str, columns: tuple[list[str], list[str]], graphs: Mapping[str, Links]) -> Term:
    inner, starred = text, ""
    if found := _STAR_FIRST.fullmatch(text):
        starred, inner = found[1], found[2]
    elif found := _STAR_LAST.fullmatch(text):
        inner, starred = found[1], found[2]
    graph, domain = "", None
    if found := _EQUAL.fullmatch(inner):
        fact, cell = found[1] or found[4], found[2] or found[3]
    elif found := _LINK.fullmatch(inner):
        graph, fact, cell, domain = found[1], found[2], found[3], found[4]
    else:
        raise EngineError(f"matcher construct not supported: {text}")
    known = fact in columns[0] and cell in columns[1] and (not graph or graph in graphs)
    if fact != cell or starred not in ("", cell) or not known:
        raise EngineError(f"matcher construct not supported: {text}")
    if domain is not None and domain not in columns[0]:
        raise EngineError(f"matcher construct not supported: {text}")
    return Term(
        column=columns[0].index(fact), cell=columns[1].index(cell), star=bool(starred),
        links=graphs[graph] if graph else None,
        domain=None if domain is None else columns[0].index(domain),
    )  # fmt: skip


def _closed(name: str, graph: Model) -> Links:
    """Everything that each subject of a role graph holds, however far up."""
    form = _GRAPH.fullmatch(str(graph.value))
    if not form:
        raise EngineError(f"role definition not supported: {name} = {graph.value}")
    wanted = 3 if form[1] else 2
    above: dict[tuple[str, str], list[str]] = {}
    for number, row in enumerate(graph.policy, start=1):
        if len(row) != wanted:
            raise EngineError(f"{name} row {number}: {len(row)} cells where {wanted} are needed")
        domain = row[2] if form[1] else ""
        above.setdefault((row[0], domain), []).append(row[1])
    return {key: _upwards(name, key, above) for key in above}


def _upwards(
    name: str, start: tuple[str, str], above: Mapping[tuple[str, str], Sequence[str]]
) -> tuple[str, ...]:
    """What one subject holds, nearest first.

    Raises:
        EngineError: a chain longer than Casbin follows, which it would deny without a word.
    """
    subject, domain = start
    held: dict[str, None] = {}
    edge, steps = [subject], 0
    while edge:
        edge = [r for one in edge for r in above.get((one, domain), ()) if r not in held]
        edge = [role for role in dict.fromkeys(edge) if role != subject]
        steps += bool(edge)
        held.update(dict.fromkeys(edge))
        if steps >= _DEEPEST:
            raise EngineError(f"{name}: {subject} stands more than {_DEEPEST - 1} roles below")
    return tuple(held)


_DEEPEST = 10
"""Casbin's own limit: it looks at a subject and the roles fewer than ten steps above it."""
