"""决策引擎 which rows of a decision table match, by Casbin.

The stock enforcer on the same model and rows is the definition of right; ours is a subclass with an
index derived from the loaded model. A table in use is never changed: a new one takes its place.
"""

import threading
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, NoReturn, Protocol

import casbin
from casbin.effect import Effector
from casbin.model import Model

from registry.domain.records import Wire
from registry.policies.index import Index
from registry.policies.terms import EngineError, names_of, read_model

__all__ = [
    "HERE",
    "EngineError",
    "Explanation",
    "IndexedEnforcer",
    "IndexedMatcher",
    "Matcher",
    "RouteTable",
    "StockMatcher",
    "enforcer",
    "matcher",
    "model_of",
]

HERE = Path(__file__).parent
Table = Iterable[Sequence[str]]
NO_LINKS: Mapping[str, Table] = MappingProxyType({})


class Matcher(Protocol):
    """命中: which rows match one row of facts."""

    def matches(self, facts: Sequence[str]) -> list[int]:
        """Positions of all matching rows, in table order."""

    def mask(self, facts: Sequence[str]) -> int:
        """The same as bits: bit ``n`` for the row at position ``n``."""


class Explanation(Wire, frozen=True, kw_only=True):
    """说明: never empty, also where no row matched or the question was wrong."""

    allowed: bool
    rows: list[list[str]]
    """Every matching row, in table order."""
    reason: str


def model_of(name: str) -> Model:
    """A fresh copy of one of the Casbin models beside this file."""
    model = Model()
    model.load_model(str(HERE / name))
    return model


def filled(model: Model, rows: Table, links: Mapping[str, Table] = NO_LINKS) -> Model:
    """The model with its rows and role links, each of the length the model asks.

    Raises:
        EngineError: no row, or a short or long one, by its number.
    """
    wanted = len(model["p"]["p"].tokens)
    kept = [list(row) for row in rows]
    if not kept:
        raise EngineError("an empty table would allow everything")
    for number, row in enumerate(kept, start=1):
        if len(row) != wanted:
            raise EngineError(f"row {number}: {len(row)} cells where {wanted} are needed")
        if not all(type(cell) is str for cell in row):
            raise EngineError(f"row {number}: a cell is no text")
    model["p"]["p"].policy = kept
    for name, pairs in links.items():
        model["g"][name].policy = [list(pair) for pair in pairs]
    return model


class _Collect(Effector):  # type: ignore[misc]  # casbin ships no types
    """Never decides early, so that every row is asked."""

    def intermediate_effect(self, effects: set[int]) -> int:
        return int(Effector.INDETERMINATE)

    def final_effect(self, effects: set[int]) -> int:
        return int(Effector.DENY if Effector.DENY in effects else Effector.ALLOW)


class StockMatcher:
    """Casbin's own enforcer, with a recording function at the end of the matcher."""

    def __init__(self, rows: Table, model: str = "admission.conf") -> None:
        loaded = model_of(model)
        loaded["p"]["p"].tokens.append("p_row")
        loaded["m"]["m"].value += " && hit(p_row)"
        numbered = [[*row, f"row{index}"] for index, row in enumerate(rows)]
        self._hits: list[int] = []
        self._asking = threading.Lock()
        self._enforcer = casbin.Enforcer(filled(loaded, numbered))
        self._enforcer.add_function("hit", self._hit)
        self._enforcer.set_effector(_Collect())

    def _hit(self, row: str) -> bool:
        self._hits.append(int(row.removeprefix("row")))
        return True

    def matches(self, facts: Sequence[str]) -> list[int]:
        with self._asking:  # the hits of two questions asked at once must not mix
            self._hits.clear()
            self._enforcer.enforce(*facts)
            return sorted(self._hits)

    def mask(self, facts: Sequence[str]) -> int:
        return sum(1 << position for position in self.matches(facts))


class IndexedEnforcer(casbin.Enforcer):  # type: ignore[misc]  # casbin ships no types
    """Casbin's enforcer, answering from an index of its own loaded model and rows.

    Raises:
        EngineError: a construct other than equality, ``*`` and ``g``, by name; a short row.
    """

    def __init__(self, model: Model, rows: Table, links: Mapping[str, Table] = NO_LINKS) -> None:
        super().__init__(filled(model, rows, links))
        self.build_role_links()
        policy = self.model["p"]["p"].policy
        self._facts = names_of(self.model, "r")
        index = Index(policy, read_model(self.model, self.eft))
        self.mask, self.matches = index.mask, index.matches
        self._effects = [_effect(row, names_of(self.model, "p")) for row in policy]

    def enforce(self, *facts: Any) -> bool:
        """Whether the matching rows allow it; a question that is wrong is refused."""
        return not self._wrong(facts) and self._decided(self.matches(facts))[0]

    def enforce_ex(self, *facts: Any) -> tuple[bool, list[str]]:
        """As Casbin: the answer and the row that decided; where none did, the reason."""
        if wrong := self._wrong(facts):
            return False, [wrong]
        found = self.matches(facts)
        allowed, last = self._decided(found)
        if last < 0:
            return allowed, [self._silence(facts)]
        return allowed, self.model["p"]["p"].policy[last]

    def explain(self, *facts: Any) -> Explanation:
        """The answer with every matching row."""
        allowed, told = self.enforce_ex(*facts)
        found = [] if self._wrong(facts) else self.matches(facts)
        rows = [self.model["p"]["p"].policy[position] for position in found]
        reason = ", ".join(told) if rows else told[0]
        return Explanation(allowed=allowed, rows=rows, reason=reason)

    def _decided(self, found: list[int]) -> tuple[bool, int]:
        """The effect of the matching rows, and the row at which it was settled (-1 = none)."""
        effects: set[int] = set()
        last = -1
        for last in found:
            effects.add(self._effects[last])
            if self.eft.intermediate_effect(effects) != Effector.INDETERMINATE:
                break
        return self.eft.final_effect(effects) == Effector.ALLOW, last

    def _wrong(self, facts: Sequence[Any]) -> str:
        """What is wrong with a question, or ``""``."""
        if len(facts) != len(self._facts):
            return f"{len(facts)} facts where {len(self._facts)} are asked"
        for name, value in zip(self._facts, facts, strict=True):
            if type(value) is not str:
                return f"{name} is no text: {value!r}"
        return ""

    def _silence(self, facts: Sequence[str]) -> str:
        asked = ", ".join(f"{n}={v}" for n, v in zip(self._facts, facts, strict=True))
        return f"no row matches {asked}"


def _refused(*_: object, **__: object) -> NoReturn:
    raise EngineError("a table in use is replaced whole, never changed")


# Whatever Casbin's own ways to change a loaded table are, they would leave the index behind.
_CHANGES = """
_add_policy _add_policies _add_policies_ex _update_policy _update_policies
_update_filtered_policies _remove_policy _remove_policies _remove_filtered_policy
_remove_filtered_policy_returns_effects clear_policy load_policy load_filtered_policy
load_increment_filtered_policy set_model enable_enforce set_effector add_function
add_named_matching_func add_named_domain_matching_func
"""
for _change in _CHANGES.split():
    setattr(IndexedEnforcer, _change, _refused)


def _effect(row: Sequence[str], columns: Sequence[str]) -> int:
    if "eft" not in columns:
        return int(Effector.ALLOW)
    known = {"allow": Effector.ALLOW, "deny": Effector.DENY}
    written = row[list(columns).index("eft")]
    if written not in known:
        raise EngineError(f"effect {written!r} is neither allow nor deny")
    return int(known[written])


class IndexedMatcher(IndexedEnforcer):
    """The index over the rows of one decision table."""

    def __init__(self, rows: Table, model: str = "admission.conf") -> None:
        super().__init__(model_of(model), rows)


def matcher(decider: str, rows: Table, model: str = "admission.conf") -> Matcher:
    """The decider named by ``REGISTRY_DECIDER``: ``indexed`` or ``stock``. Counties under the same
    packs share one, for a table in use is never changed."""
    return _matcher(decider, tuple(tuple(row) for row in rows), model)


@lru_cache(maxsize=16)
def _matcher(decider: str, rows: tuple[tuple[str, ...], ...], model: str) -> Matcher:
    return StockMatcher(rows, model) if decider == "stock" else IndexedMatcher(rows, model)


def enforcer(decider: str, model: str, rows: Table, links: Mapping[str, Table]) -> Any:
    """An enforcer over rows and role links: ``indexed``, or Casbin's own as it comes."""
    if decider == "indexed":
        return IndexedEnforcer(model_of(model), rows, links)
    stock = casbin.Enforcer(filled(model_of(model), rows, links))
    stock.build_role_links()
    return stock


class RouteTable:
    """审批路径: the first matching row names the flow.

    The table of modes 方式表 (P26) is asked the same way, with ``modes.conf``.
    """

    def __init__(
        self, rows: list[list[str]], model: str = "routes.conf", *, decider: str = "indexed"
    ) -> None:
        self._rows = rows
        self._matcher = matcher(decider, rows, model) if rows else None

    def flow(self, facts: Sequence[str]) -> str | None:
        """The flow id, or ``None`` where no row matches."""
        if self._matcher is None:
            return None
        found = self._matcher.matches(facts)
        return str(self._rows[found[0]][-1]) if found else None
