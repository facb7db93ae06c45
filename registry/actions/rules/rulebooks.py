"""规则册 from what is published in the store to a county's rules, kept until something changes."""

import threading
from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from functools import partial
from typing import Any, Protocol, TypeVar

import msgspec

from registry.actions.places import above
from registry.domain.calendar import CalendarTable, CalendarYear, calendar_of
from registry.domain.catalogue import MatterList
from registry.domain.edition import SIGNED, ListEdition, text_on
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.matching import MatchIndex, Tuning
from registry.domain.pack import PackState, PublishedPack, standing
from registry.domain.records import NATION, Record
from registry.policies.judge import Rulebook
from registry.policies.loader import load_pack
from registry.policies.measuring.gauges import observed
from registry.policies.overlay import Overlay
from registry.policies.pack import Pack
from registry.policies.sentinel import Sentinel
from registry.policies.standing import Lists
from registry.store.reader import Reader
from registry.store.unit import Unit

R = TypeVar("R", bound=Record)

NO_RULES = declare(
    "pack.none", RefusalKind.UNAVAILABLE, "尚未发布任何规则包", "No rule pack is published yet."
)
NO_PARENT = declare(
    "pack.parent", RefusalKind.INVALID, "上级规则包 {parent} 尚未发布",
    "The parent pack {parent} is not published.", recorded=True,
)  # fmt: skip


class Rulebooks:
    """规则册缓存: keyed by the heads of the logs that packs, lists and calendars come from."""

    def __init__(self, reader: Reader, decider: str, tuning: Tuning) -> None:
        self._reader, self.decider, self._tuning = reader, decider, tuning
        self.sentinel = Sentinel()
        self._made: dict[str, _Shelf] = {}
        self._lock = threading.Lock()

    def of(self, county: str, on: date, unit: Unit | None = None) -> Rulebook:
        """The rulebook of a county as published now, by the pack in force on a day.

        Args:
            unit: of the act that asks, whose county and those above are read as the act sees them.

        Raises:
            Refusal: ``pack.none``.
        """
        source = self._reader if unit is None else _Within(unit)
        stamp = source.rules_standing(above(county))
        if unit is not None and unit.unsettled:
            # What may yet be taken back is read for this act alone.
            return self._chosen(source, _shelf_of(source, stamp, county), county, on)
        with self._lock:
            return self._chosen(source, self._shelf(source, stamp, county), county, on)

    def _chosen(self, source: "Source", shelf: "_Shelf", county: str, on: date) -> Rulebook:
        stack = in_force(county, shelf.published, on)
        key = (tuple((p.county, p.id) for p in stack), shelf.turn(on))
        if key not in shelf.books:
            packs = [shelf.pack(p) for p in stack]
            shelf.books[key] = self._make(county, packs, shelf.texts(source, on), source)
        return shelf.books[key]

    def drafted(self, county: str, draft: Pack, on: date) -> Rulebook:
        """The rulebook as it would be with a draft in force, over its parents of that day.

        Raises:
            Refusal: ``pack.parent``.
        """
        with self._lock:
            shelf = self._standing(county)
            higher = parents(county, draft.document.pack.parent, shelf.published, on)
            packs = [draft, *(shelf.pack(p) for p in higher)]
            texts = shelf.texts(self._reader, on)
        # A large draft takes its time; nobody who decides meanwhile waits for it.
        return self._make(county, packs, texts)

    def trial(self, county: str, draft: "Draft", on: date) -> Rulebook:
        """The rulebook of a county as it would be on a day with a draft in force from that day on:
        a pack or a list of its own jurisdiction, or of one above it.

        Raises:
            Refusal: ``pack.none``, ``pack.parent``.
        """
        with self._lock:
            shelf = self._standing(county)
            begun = _begun(draft, on)
            stack = in_force(county, [*_rest(shelf.published, begun, on), *begun], on)
            held = {(p.county, p.id): shelf.pack(p) for p in stack if p not in begun}
            texts = shelf.texts(self._reader, on)
        if isinstance(draft, MatterList):
            texts = [one for one in texts if one.id != draft.id] + [draft]
        packs = [load_pack(p.files) if p in begun else held[p.county, p.id] for p in stack]
        return self._make(county, packs, texts)

    def known(self, county: str) -> dict[str, Pack]:
        """Every published pack among which a pack of this jurisdiction finds its parents."""
        with self._lock:
            shelf = self._standing(county)
            return {p.id: shelf.pack(p) for p in reversed(shelf.published)}

    def lists(self, county: str) -> list[MatterList]:
        """Every list of a jurisdiction and of those above it."""
        return [one for code in above(county) for one in self._reader.find(MatterList, code)]

    def _standing(self, county: str) -> "_Shelf":
        stamp = self._reader.rules_standing(above(county))
        return self._shelf(self._reader, stamp, county)

    def _shelf(self, source: "Source", stamp: object, county: str) -> "_Shelf":
        shelf = self._made.get(county)
        if shelf is None or shelf.stamp != stamp:
            self._made[county] = shelf = _shelf_of(source, stamp, county)
        return shelf

    def _make(
        self, county: str, packs: list[Pack], texts: Iterable[MatterList],
        source: "Source | None" = None,
    ) -> Rulebook:  # fmt: skip
        find = (source or self._reader).find
        overlay = Overlay(packs, self.decider)
        named = overlay.list_ids()
        lists = {one.id: one for one in texts if one.id in named or one.area}
        years = [
            CalendarTable(year=year.year, days=year.days)
            for code in reversed(above(county))
            for year in find(CalendarYear, code)
        ]
        chosen = [lists[name] for name in named if name in lists]
        chosen += [one for one in lists.values() if one.id not in named]
        return Rulebook(
            overlay, Lists(chosen, MatchIndex.build(chosen, self._tuning)),
            observed(packs, calendar_of(years)), partial(self.sentinel.watch, county),
        )  # fmt: skip


class Source(Protocol):
    """出处: where packs, lists and calendars are read, and which of them stand."""

    def find(self, kind: type[R], county: str, **equals: Any) -> list[R]:
        """Current rows of a partition by column."""

    def rules_standing(self, counties: Sequence[str]) -> object:
        """A stamp that changes when any of them does."""


class _Within:
    """What an act sees of them."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    def find(self, kind: type[R], county: str, **equals: Any) -> list[R]:
        return self._unit.beside(county).find(kind, **equals)

    def rules_standing(self, counties: Sequence[str]) -> object:
        return self._unit.rules_standing(counties)


def _packs(source: Source, county: str) -> list[PublishedPack]:
    """What is published, and what once was: a day before today is judged by its own rules."""
    states = [PackState.PUBLISHED.value, PackState.SUPERSEDED.value]
    return [
        pack for code in above(county) for pack in source.find(PublishedPack, code, state=states)
    ]


Draft = PublishedPack | MatterList
"""What is tried before it is in force."""


def _begun(draft: Draft, on: date) -> list[PublishedPack]:
    """The pack that is tried, as if it began that day; none where a list is."""
    if isinstance(draft, MatterList):
        return []
    return [msgspec.structs.replace(draft, effective_from=on)]


def _rest(
    published: Collection[PublishedPack], begun: Sequence[PublishedPack], on: date
) -> list[PublishedPack]:
    """The packs that stay beside the one that is tried."""
    return [
        p for p in published
        if all(p.county != b.county or (p.id != b.id and p.effective_from < on) for b in begun)
    ]  # fmt: skip


def _shelf_of(source: Source, stamp: object, county: str) -> "_Shelf":
    states = [state.value for state in SIGNED]
    editions = [e for code in above(county) for e in source.find(ListEdition, code, state=states)]
    return _Shelf(stamp, county, _packs(source, county), editions)


class _Shelf:
    """What stands for one county, until a pack, list or calendar changes."""

    def __init__(
        self, stamp: object, county: str, published: list[PublishedPack],
        editions: Sequence[ListEdition],
    ) -> None:  # fmt: skip
        self.stamp, self.published, self._county = stamp, published, county
        self.books: dict[tuple[tuple[tuple[str, str], ...], int], Rulebook] = {}
        self._packs: dict[tuple[str, str], Pack] = {}
        self._editions: dict[tuple[str, str], list[ListEdition]] = {}
        for one in editions:
            self._editions.setdefault((one.county, one.list_id), []).append(one)
        self._turns = sorted({one.effective_from for one in editions})

    def turn(self, on: date) -> int:
        """How many first days of lists lie behind a day: the same number, the same texts."""
        return bisect_right(self._turns, on)

    def texts(self, source: Source, on: date) -> list[MatterList]:
        """Every list of the county and of those above it, as it governs a day."""
        found: list[MatterList] = []
        for code in {*above(self._county), NATION}:
            current = {one.id: one for one in source.find(MatterList, code)}
            turned = {id: some for (county, id), some in self._editions.items() if county == code}
            dated = (text_on(current.get(id), some, on) for id, some in turned.items())
            found += [one for id, one in current.items() if id not in turned]
            found += [one for one in dated if one is not None]
        return found

    def pack(self, held: PublishedPack) -> Pack:
        """A published pack, read once."""
        key = (held.county, held.id)
        if key not in self._packs:
            self._packs[key] = load_pack(held.files)
        return self._packs[key]


def in_force(county: str, published: Collection[PublishedPack], on: date) -> list[PublishedPack]:
    """The packs that govern a county on a day, its own first: of the nearest jurisdiction that has
    one in force, then its parents.

    Raises:
        Refusal: ``pack.none``, ``pack.parent``.
    """
    for code in above(county):
        own = standing([p for p in published if p.county == code], on)
        if own is not None:
            return [own, *parents(code, own.parent, published, on)]
    raise Refusal(NO_RULES)


def parents(
    county: str, name: str | None, published: Collection[PublishedPack], on: date
) -> list[PublishedPack]:
    """The packs above one of ``county`` whose parent is ``name``, nearest first, each as its own
    jurisdiction holds it that day: what was superseded hands its children to its successor, what
    ended without one or has not begun says nothing, and its own parent is heard in its place.

    Raises:
        Refusal: ``pack.parent``.
    """
    found: list[PublishedPack] = []
    below = county
    while name is not None:
        higher = above(below)[1:]
        named = next((p for c in higher for p in published if p.county == c and p.id == name), None)
        if named is None:
            raise Refusal(NO_PARENT, parent=name)
        held = standing([p for p in published if p.county == named.county], on)
        found += [held] if held is not None else []
        below, name = named.county, (held or named).parent
    return found
