"""规则册 from what is published in the store to a county's rules, kept until something changes."""

import threading
from collections.abc import Collection
from datetime import date

from registry.actions.places import above
from registry.domain.calendar import CalendarTable, CalendarYear, calendar_of
from registry.domain.catalogue import MatterList
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.matching import MatchIndex, Tuning
from registry.domain.pack import PackState, PublishedPack, standing
from registry.domain.records import NATION
from registry.policies.judge import Rulebook
from registry.policies.loader import load_pack
from registry.policies.overlay import Overlay
from registry.policies.pack import Pack
from registry.policies.standing import Lists
from registry.store.reader import Reader

NO_RULES = declare(
    "pack.none", RefusalKind.UNAVAILABLE, "尚未发布任何规则包", "No rule pack is published yet."
)


class Rulebooks:
    """规则册缓存: keyed by the heads of the logs that packs, lists and calendars come from."""

    def __init__(self, reader: Reader, decider: str, tuning: Tuning) -> None:
        self._reader, self._decider, self._tuning = reader, decider, tuning
        self._made: dict[str, _Shelf] = {}
        self._lock = threading.Lock()

    def of(self, county: str, on: date) -> Rulebook:
        """The rulebook of a county as published now, by the pack in force on a day.

        Raises:
            Refusal: ``pack.none``.
        """
        stamp = self._reader.stamp(above(county))
        with self._lock:
            shelf = self._made.get(county)
            if shelf is None or shelf.stamp != stamp:
                self._made[county] = shelf = _Shelf(stamp, self._packs(county))
            stack = in_force(county, shelf.published, on)
            key = tuple((p.county, p.id) for p in stack)
            if key not in shelf.books:
                shelf.books[key] = self._make(county, [shelf.pack(p) for p in stack])
        return shelf.books[key]

    def _packs(self, county: str) -> list[PublishedPack]:
        """What is published, and what once was: a day before today is judged by its own rules."""
        states = [PackState.PUBLISHED.value, PackState.SUPERSEDED.value]
        return [
            pack
            for code in above(county)
            for pack in self._reader.find(PublishedPack, code, state=states)
        ]

    def _make(self, county: str, packs: list[Pack]) -> Rulebook:
        overlay = Overlay(packs, self._decider)
        named = overlay.list_ids()
        lists = {
            one.id: one
            for code in {*above(county), NATION}
            for one in self._reader.find(MatterList, code)
            if one.id in named
        }
        years = [
            CalendarTable(year=year.year, days=year.days)
            for code in reversed(above(county))
            for year in self._reader.find(CalendarYear, code)
        ]
        chosen = [lists[name] for name in named if name in lists]
        return Rulebook(
            overlay, Lists(chosen, MatchIndex.build(chosen, self._tuning)), calendar_of(years)
        )


class _Shelf:
    """What stands for one county, until a pack, list or calendar changes."""

    def __init__(self, stamp: tuple[object, ...], published: list[PublishedPack]) -> None:
        self.stamp, self.published = stamp, published
        self.books: dict[tuple[tuple[str, str], ...], Rulebook] = {}
        self._packs: dict[tuple[str, str], Pack] = {}

    def pack(self, held: PublishedPack) -> Pack:
        """A published pack, read once."""
        key = (held.county, held.id)
        if key not in self._packs:
            self._packs[key] = load_pack(held.files)
        return self._packs[key]


def in_force(county: str, published: Collection[PublishedPack], on: date) -> list[PublishedPack]:
    """The packs that govern a county on a day, its own first: of the nearest jurisdiction that has
    one in force, then its parents, each as its own jurisdiction holds it that day.

    A parent that was superseded hands its children to the pack that took its place.

    Raises:
        Refusal: ``pack.none``.
    """
    of: dict[str, list[PublishedPack]] = {code: [] for code in above(county)}
    for pack in published:
        of[pack.county].append(pack)
    own = next((p for code in of if (p := standing(of[code], on)) is not None), None)
    if own is None:
        raise Refusal(NO_RULES)
    stack = [own]
    while (name := stack[-1].parent) is not None:
        higher = above(stack[-1].county)[1:]
        named = next((p for code in higher for p in of[code] if p.id == name), None)
        if named is None:
            raise ValueError(f"pack {name} is not published")
        stack.append(standing(of[named.county], on) or named)
    return stack
