"""规则册 from what is published in the store to a county's rules, kept until something changes."""

import threading
from datetime import date

from registry.actions.places import above
from registry.domain.calendar import CalendarTable, CalendarYear, calendar_of
from registry.domain.catalogue import MatterList
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.matching import MatchIndex, Tuning
from registry.domain.pack import PackState, PublishedPack
from registry.domain.records import NATION
from registry.policies.judge import Rulebook
from registry.policies.loader import load_pack
from registry.policies.overlay import Overlay, chain
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
            own = _in_force(county, shelf.published, on)
            if own not in shelf.books:
                shelf.books[own] = self._make(county, shelf.packs, own)
        return shelf.books[own]

    def _packs(self, county: str) -> list[PublishedPack]:
        return [
            pack
            for code in above(county)
            for pack in self._reader.find(PublishedPack, code, state=PackState.PUBLISHED.value)
        ]

    def _make(self, county: str, packs: dict[str, Pack], own: str) -> Rulebook:
        overlay = Overlay(chain(packs, own), self._decider)
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
        self.packs: dict[str, Pack] = {p.id: load_pack(p.files) for p in published}
        self.books: dict[str, Rulebook] = {}


def _in_force(county: str, published: list[PublishedPack], on: date) -> str:
    """The pack that governs a county on a day: of the nearest jurisdiction that has one in force,
    the one that took effect last."""
    for code in above(county):
        standing = [
            p
            for p in published
            if p.county == code
            and p.effective_from <= on
            and (p.effective_to is None or on <= p.effective_to)
        ]
        if standing:
            return max(standing, key=lambda p: (p.effective_from, p.id)).id
    raise Refusal(NO_RULES)
