"""规则册 from what is published in the store to a county's rules, kept until something changes."""

import threading

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
        self._made: dict[str, tuple[tuple[object, ...], Rulebook]] = {}
        self._lock = threading.Lock()

    def of(self, county: str) -> Rulebook:
        """The rulebook of a county as published now.

        Raises:
            Refusal: ``pack.none``.
        """
        key = self._reader.stamp(above(county))
        with self._lock:
            held = self._made.get(county)
            if held is None or held[0] != key:
                self._made[county] = held = (key, self._make(county, self._packs(county)))
        return held[1]

    def _packs(self, county: str) -> list[PublishedPack]:
        return [
            pack
            for code in above(county)
            for pack in self._reader.find(PublishedPack, code, state=PackState.PUBLISHED.value)
        ]

    def _make(self, county: str, published: list[PublishedPack]) -> Rulebook:
        packs: dict[str, Pack] = {p.id: load_pack(p.files) for p in published}
        if not packs:
            raise Refusal(NO_RULES)
        nearest = next(code for code in above(county) if any(p.county == code for p in published))
        own = [p for p in published if p.county == nearest]
        overlay = Overlay(chain(packs, _latest(own).id), self._decider)
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


def _latest(packs: list[PublishedPack]) -> PublishedPack:
    """Of several packs of one jurisdiction the one that takes effect last; its rows, and not the
    others', hold from their own dates on."""
    return max(packs, key=lambda p: (p.effective_from, p.id))
