"""尺度归并 what the packs of one county state that facts are measured with, the nearest word for each.

A list such as ``[[duration]]`` is read entry by entry: what a child says of one key takes the place
of all that its parents say of that key; keys it does not name stay as the parents have them.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TypeVar

from registry.domain.calendar import Calendar, Clock, DayKind
from registry.domain.records import Wire
from registry.policies.engine import RouteTable
from registry.policies.measures import Band, DurationRule, Purposes
from registry.policies.overlay import Overlay
from registry.policies.pack import Conditions, Document, Pack
from registry.policies.purse import PurchaseRule

T = TypeVar("T")


class ModeTable:
    """方式表 (P26): one pack's modes.csv, whose first matching line names the mode."""

    def __init__(self, pack: Pack, decider: str) -> None:
        self.pack, self.rows = pack.id, pack.modes
        numbered = [[*r.facts, r.eft, str(at)] for at, r in enumerate(pack.modes)]
        self._table = RouteTable(numbered, "modes.conf", decider=decider)

    def ask(self, facts: Sequence[str]) -> tuple[int, str] | None:
        """(line of modes.csv, mode) of the first line that matches, or ``None``."""
        found = self._table.flow(facts)
        if found is None:
            return None
        row = self.rows[int(found)]
        return row.line, row.mode


class Gauges(Wire, frozen=True, kw_only=True):
    """量具: the numbers and tables that one overlay states; an absent one measures nothing."""

    apply_ahead: Clock | None = None
    conditions: Conditions = Conditions()
    durations: list[DurationRule] = []
    purposes: list[Purposes] = []
    bands: list[Band] = []
    purchase: PurchaseRule | None = None
    modes: list[ModeTable] = []
    """The county's own table first."""


def gauges_of(overlay: Overlay) -> Gauges:
    """What an overlay's packs state; the child's word before the parent's."""
    packs = overlay.packs
    return Gauges(
        apply_ahead=overlay.setting(lambda d: d.clock.apply_ahead),
        conditions=overlay.setting(lambda d: d.conditions) or Conditions(),
        durations=entries(packs, lambda d: d.duration, lambda one: one.of),
        purposes=entries(packs, lambda d: d.purpose, _purpose_key),
        bands=entries(packs, lambda d: d.band, lambda one: one.fact),
        purchase=overlay.setting(lambda d: d.purchase),
        modes=[ModeTable(pack, overlay.decider) for pack in packs if pack.modes],
    )


def entries(
    packs: Iterable[Pack], read: Callable[[Document], list[T]], key: Callable[[T], Hashable]
) -> list[T]:
    """The entries of a list in pack.toml, the nearest pack's for each key (the child is first)."""
    kept: list[T] = []
    spoken: set[Hashable] = set()
    for pack in packs:
        mine = [one for one in read(pack.document) if key(one) not in spoken]
        kept += mine
        spoken |= {key(one) for one in mine}
    return kept


def _purpose_key(one: Purposes) -> Hashable:
    return frozenset(one.durations), frozenset(one.kinds)


def observed(packs: Iterable[Pack], calendar: Calendar) -> Calendar:
    """地方假日 the calendar with the holidays of the packs laid over it, the nearest pack's for each
    day. A year without a published table stays provisional."""
    days = entries(packs, lambda d: d.holiday, lambda one: one.date)
    return calendar.overlaid(
        off=(one.date for one in days if one.kind is DayKind.OFF),
        work=(one.date for one in days if one.kind is DayKind.WORK),
    )
