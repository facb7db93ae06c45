"""规则叠加 national → province → city → county: which rows are in force, and whose setting counts.

A child's row replaces its parent's row of the same ground at the same gate; a setting the child
does not state is its parent's; one that nobody states is nobody's.
"""

import hashlib
from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache
from typing import TypeVar

from registry.domain.approval import Flow
from registry.domain.records import Wire
from registry.domain.vocabulary import Default
from registry.policies.engine import Matcher, RouteTable, matcher
from registry.policies.pack import Document, Pack, Rule, TableRow

T = TypeVar("T")


class Governing(Wire, frozen=True, kw_only=True):
    """适用日期: a rule says which of the three governs it."""

    applied: date
    decided: date
    entered: date

    def of(self, rule: Rule) -> date:
        """The date that governs ``rule``."""
        return {"applied": self.applied, "decided": self.decided, "entered": self.entered}[
            rule.governed_by
        ]


class ActiveRow(Wire, frozen=True, kw_only=True):
    """在用规则行."""

    pack: str
    rule: Rule
    row: TableRow


class Active:
    """在用决策表: the rows in force for one set of dates, ready to be asked."""

    def __init__(self, rows: list[ActiveRow], decider: str) -> None:
        self.rows = rows
        self.matcher: Matcher | None = None
        if rows:
            self.matcher = matcher(
                decider,
                ([*r.row.facts, r.row.eft, r.row.outcome, r.row.rule] for r in rows),
            )


class Overlay:
    """规则叠加: the packs of one county, the county's own first."""

    def __init__(self, packs: list[Pack], decider: str) -> None:
        if not packs:
            raise ValueError("a county without any rule pack decides nothing")
        self.packs = packs
        self.decider = decider
        self.digest = hashlib.sha256("".join(p.digest for p in packs).encode()).hexdigest()
        self._tables: dict[tuple[int, ...], Active] = {}
        self._candidates = [
            ActiveRow(pack=pack.id, rule=rule, row=row)
            for pack in packs
            for row in pack.rows
            for rule in pack.document.rule
            if rule.id == row.rule
        ]
        self._depth = {pack.id: depth for depth, pack in enumerate(packs)}
        self._keys = lru_cache(maxsize=4096)(self._key)
        self._routes = {p.id: RouteTable([[*r.facts, r.eft, r.flow] for r in p.routes])
                        for p in packs}  # fmt: skip

    def active(self, dates: Governing) -> Active:
        """The rows in force for these dates."""
        key = self._keys(dates.applied, dates.decided, dates.entered)
        if key not in self._tables:
            self._tables[key] = Active([self._candidates[i] for i in key], self.decider)
        return self._tables[key]

    def _key(self, applied: date, decided: date, entered: date) -> tuple[int, ...]:
        dates = Governing(applied=applied, decided=decided, entered=entered)
        in_force = {p.id for p in self.packs if p.in_force(applied)}
        standing = [
            (i, c)
            for i, c in enumerate(self._candidates)
            if c.pack in in_force and c.rule.in_force(dates.of(c.rule))
        ]
        replaced = _Replaced(c for _, c in standing)
        return tuple(i for i, c in standing if not replaced.covers(c, self._depth))

    def setting(self, read: Callable[[Document], T | None]) -> T | None:
        """The nearest pack's answer to ``read``, or ``None`` where nobody states it."""
        for pack in self.packs:
            found = read(pack.document)
            if found is not None:
                return found
        return None

    def default(self, kind: str) -> Default | None:
        """清单外默认规则 for a kind; ``None`` = stated nowhere."""
        return self.setting(lambda d: d.default(kind))

    def list_ids(self) -> list[str]:
        """Every list the packs name, the county's first; what stands below a pack that froze
        its list is not heard."""
        top_down = reversed(self.packs)
        heard: list[Pack] = []
        for pack in top_down:
            heard.insert(0, pack)
            if pack.document.frozen:
                break
        return [name for pack in heard for name in pack.document.pack.lists]

    def flow(self, facts: tuple[str, ...]) -> Flow | None:
        """审批流程 for (kind, applicant, level, outcome, spread, receiver): the child's lines are
        asked before the parent's."""
        for pack in self.packs:
            name = self._routes[pack.id].flow(facts)
            if name is not None:
                return next(f for f in pack.document.flow if f.id == name)
        return None


class _Replaced:
    """Which parents' rules the rules in force replace, by ground and gate or by name."""

    def __init__(self, standing: Iterable[ActiveRow]) -> None:
        self.by_ground: dict[tuple[str, str], list[str]] = {}
        self.by_name: dict[str, list[str]] = {}
        for candidate in standing:
            rule = candidate.rule
            # What is only tried out or warned of leaves the parent's rule where it is.
            if not rule.decides:
                continue
            if rule.ground:
                key = (rule.ground, candidate.row.facts[0])
                self.by_ground.setdefault(key, []).append(candidate.pack)
            for name in rule.replaces:
                self.by_name.setdefault(name, []).append(candidate.pack)

    def covers(self, candidate: ActiveRow, depth: dict[str, int]) -> bool:
        packs = self.by_name.get(candidate.rule.id, []) + self.by_ground.get(
            (candidate.rule.ground, candidate.row.facts[0]), []
        )
        return any(depth[pack] < depth[candidate.pack] for pack in packs)


def chain(packs: dict[str, Pack], own: str) -> list[Pack]:
    """The overlay order from the pack ``own`` up to the top.

    Raises:
        ValueError: a parent that is not there, or a circle.
    """
    order: list[Pack] = []
    name: str | None = own
    while name is not None:
        if name not in packs:
            raise ValueError(f"pack {name} is not loaded")
        pack = packs[name]
        if pack in order:
            raise ValueError(f"pack {name} is its own ancestor")
        order.append(pack)
        name = pack.document.pack.parent
    return order
