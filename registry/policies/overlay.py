"""规则叠加 national → province → city → county: which rows are in force, and whose setting counts.

A child's row replaces its parent's row of the same ground at the same gate; a setting the child
does not state is its parent's; one that nobody states is nobody's.
"""

import hashlib
from collections.abc import Callable, Iterable
from datetime import date
from functools import cached_property, lru_cache
from typing import TypeVar

import msgspec

from registry.domain.admission import default_outcome
from registry.domain.approval import Flow
from registry.domain.records import Wire
from registry.domain.vocabulary import Default, Stage
from registry.policies.active import Active, ActiveRow
from registry.policies.engine import RouteTable
from registry.policies.pack import Document, Pack, Rule

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


class Overlay:
    """规则叠加: the packs of one county, the county's own first."""

    def __init__(self, packs: list[Pack], decider: str) -> None:
        if not packs:
            raise ValueError("a county without any rule pack decides nothing")
        self.packs = packs
        self.decider = decider
        self.digest = hashlib.sha256("".join(p.digest for p in packs).encode()).hexdigest()
        self.named = [f"{p.id}@{p.digest}" for p in packs]
        self.remember = True
        """Whether answers are kept by set of matching rows; measurements say no."""
        self._tables: dict[tuple[int, ...], Active] = {}
        self._candidates = [
            ActiveRow(pack=pack.id, rule=rule, row=row)
            for pack in packs
            for row in pack.rows
            for rule in pack.document.rule
            if rule.id == row.rule
        ]
        self._depth = {pack.id: depth for depth, pack in enumerate(packs)}
        self._in_force = lru_cache(maxsize=4096)(self._table)
        self.default = lru_cache(maxsize=256)(self._default)
        self.effects = {answered: self._effects(answered) for answered in (None, *Default)}
        """What follows off the list, by the default that answered."""
        self._routes = {
            p.id: RouteTable([[*r.facts, r.eft, r.flow] for r in p.routes], decider=decider)
            for p in packs
        }

    @cached_property
    def rehearsal(self) -> "Overlay | None":
        """试运行: the overlay as if every rule tried out (dry_run) were enforced; ``None`` where
        none is. A rule whose text was not read decides nothing here either."""
        if not any(map(_tried, (rule for pack in self.packs for rule in pack.document.rule))):
            return None
        made = Overlay([_enforced(pack) for pack in self.packs], self.decider)
        made.remember = self.remember
        return made

    def _effects(self, answered: Default | None) -> tuple[bool | None, bool | None]:
        """(whether the community may refuse, whether the department is in breach): as stated,
        else as the default that answered says."""
        _, refusal, breach = default_outcome(answered)
        stated = self.setting(lambda d: d.effects.refusal_right)
        blamed = self.setting(lambda d: d.effects.department_in_breach)
        return refusal if stated is None else stated, breach if blamed is None else blamed

    def active(self, dates: Governing) -> Active:
        """The rows in force for these dates."""
        return self._in_force(dates.applied, dates.decided, dates.entered)

    def _table(self, applied: date, decided: date, entered: date) -> Active:
        key = self._key(applied, decided, entered)
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

    def _default(self, kind: str) -> Default | None:
        """清单外默认规则 for a kind; ``None`` = stated nowhere. What a pack froze stays frozen below
        it, whatever a child states."""
        stated = [pack.document.default(kind) for pack in self.packs]
        return Default.FROZEN if Default.FROZEN in stated else next(filter(None, stated), None)

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


def _tried(rule: Rule) -> bool:
    return rule.on and rule.stage is Stage.DRY_RUN


def _enforced(pack: Pack) -> Pack:
    """The pack with every rule that is tried out in force."""
    rules = [
        msgspec.structs.replace(rule, stage=Stage.ENFORCE) if _tried(rule) else rule
        for rule in pack.document.rule
    ]
    return msgspec.structs.replace(
        pack, document=msgspec.structs.replace(pack.document, rule=rules)
    )


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
            if rule.ground and not rule.adds:
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
