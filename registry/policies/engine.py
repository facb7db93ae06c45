"""决策引擎 which rows of a decision table match, by Casbin.

The stock enforcer on the same model and rows is the definition of right; ours is a subclass with an
index derived from the loaded model: one bit mask per column and value, ANDed.
"""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol

import casbin
from casbin.effect import Effector
from casbin.model import Model

from registry.domain.admission import Vector

HERE = Path(__file__).parent
_TERM = re.compile(r'\(p_(\w+) == "\*" \|\| r_(\w+) == p_(\w+)\)')


class EngineError(ValueError):
    """A model or table that this engine does not take, named."""


class Matcher(Protocol):
    """命中: which rows match one row of facts."""

    def matches(self, facts: Vector) -> list[int]:
        """Positions of all matching rows, in table order."""


def model_of(name: str) -> Model:
    """A fresh copy of one of the Casbin models beside this file."""
    model = Model()
    model.load_model(str(HERE / name))
    return model


class _Collect(Effector):  # type: ignore[misc]  # casbin ships no types
    """Never decides early, so that every row is asked."""

    def intermediate_effect(self, effects: set[int]) -> int:
        return int(Effector.INDETERMINATE)

    def final_effect(self, effects: set[int]) -> int:
        return int(Effector.DENY if Effector.DENY in effects else Effector.ALLOW)


def _numbered(rows: Iterable[Sequence[str]]) -> list[list[str]]:
    numbered = [[*row, f"row{index}"] for index, row in enumerate(rows)]
    if not numbered:
        raise EngineError("an empty table would allow everything")
    return numbered


class StockMatcher:
    """Casbin's own enforcer, with a recording function at the end of the matcher."""

    def __init__(self, rows: Iterable[Sequence[str]], model: str = "admission.conf") -> None:
        loaded = model_of(model)
        assertion = loaded["p"]["p"]
        assertion.tokens.append("p_row")
        loaded["m"]["m"].value += " && hit(p_row)"
        self._hits: list[int] = []
        self._enforcer = casbin.Enforcer(loaded)
        self._enforcer.add_function("hit", self._hit)
        self._enforcer.set_effector(_Collect())
        self._enforcer.add_policies(_numbered(rows))

    def _hit(self, row: str) -> bool:
        self._hits.append(int(row.removeprefix("row")))
        return True

    def matches(self, facts: Vector) -> list[int]:
        self._hits.clear()
        self._enforcer.enforce(*facts)
        return sorted(self._hits)


class IndexedMatcher(casbin.Enforcer):  # type: ignore[misc]  # casbin ships no types
    """Equality-and-star tables answered by bit masks read from the loaded model."""

    def __init__(self, rows: Iterable[Sequence[str]], model: str = "admission.conf") -> None:
        loaded = model_of(model)
        loaded["p"]["p"].tokens.append("p_row")
        super().__init__(loaded)
        self.add_policies(_numbered(rows))
        self._masks = self._index()

    def _index(self) -> list[tuple[dict[str, int], int]]:
        tokens = self.model["r"]["r"].tokens
        columns = self.model["p"]["p"].tokens[: len(tokens)]
        if [c.removeprefix("p_") for c in columns] != [t.removeprefix("r_") for t in tokens]:
            raise EngineError("the policy's columns are not the request's, in the same order")
        terms = str(self.model["m"]["m"].value).split(" && ")
        if len(terms) != len(tokens):
            raise EngineError(f"{len(terms)} terms in the matcher, {len(tokens)} facts")
        for term, token in zip(terms, tokens, strict=True):
            found = _TERM.fullmatch(term)
            if not found or {f"r_{name}" for name in found.groups()} != {token}:
                raise EngineError(f"matcher construct not supported: {term}")
        policies = self.model["p"]["p"].policy
        masks: list[tuple[dict[str, int], int]] = []
        for column in range(len(tokens)):
            by_value: dict[str, int] = {}
            any_value = 0
            for position, policy in enumerate(policies):
                if policy[column] == "*":
                    any_value |= 1 << position
                else:
                    by_value[policy[column]] = by_value.get(policy[column], 0) | 1 << position
            if by_value:
                masks.append(({v: m | any_value for v, m in by_value.items()}, any_value))
            else:
                masks.append(({}, -1))
        self._used = [i for i, (values, _) in enumerate(masks) if values]
        self._all = (1 << len(policies)) - 1
        return masks

    def matches(self, facts: Vector) -> list[int]:
        live = self._all
        masks = self._masks
        for column in self._used:
            values, rest = masks[column]
            live &= values.get(facts[column], rest)
            if not live:
                return []
        found = []
        while live:
            low = live & -live
            found.append(low.bit_length() - 1)
            live ^= low
        return found


def matcher(decider: str, rows: Iterable[Sequence[str]]) -> Matcher:
    """The decider named by ``REGISTRY_DECIDER``: ``indexed`` or ``stock``."""
    return StockMatcher(rows) if decider == "stock" else IndexedMatcher(rows)


class RouteTable:
    """审批路径: the first matching row names the flow (stock Casbin, priority by order).

    The table of modes 方式表 (P26) is asked the same way, with ``modes.conf``.
    """

    def __init__(self, rows: list[list[str]], model: str = "routes.conf") -> None:
        self._rows = rows
        self._enforcer: Any = None
        if rows:
            self._enforcer = casbin.Enforcer(model_of(model))
            self._enforcer.add_policies(rows)

    def flow(self, facts: Sequence[str]) -> str | None:
        """The flow id, or ``None`` where no row matches."""
        if self._enforcer is None:
            return None
        allowed, row = self._enforcer.enforce_ex(*facts)
        return str(row[-1]) if allowed else None
