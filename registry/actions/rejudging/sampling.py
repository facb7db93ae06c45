"""抽样试算 what a draft would change, asked at a desk: within a few seconds, nothing kept.

Cases spread over all that was ever filed are judged until there are no more, or their number or the
time is used up; the answer says how many of how many they were.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from threading import Lock
from time import monotonic
from typing import Any

from registry.actions.office import Answer, Desk, Office
from registry.actions.rejudging.county_walk import HEADER, CountyWalk, Order
from registry.actions.rejudging.simulating import governed
from registry.actions.rules.signing import county_paths
from registry.domain.catalogue import MatterList
from registry.domain.edition import ListEdition
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.pack import PublishedPack
from registry.domain.records import Wire
from registry.policies.simulation import Summary, joined
from registry.store.scan import Range, count, ranges, steady

BUSY = declare(
    "simulation.busy", RefusalKind.CONFLICT, "有人正在试算，请稍候再试",
    "Somebody is trying another draft: try again in a moment.",
)  # fmt: skip
MOST = 20_000
"""Cases judged at most: beyond, the recorded simulation goes over them all."""
LASTS = timedelta(seconds=6)
"""Time at most: whoever waits for another page meanwhile waits longer."""
PARTS = 16
"""Places of a large county from which cases are taken, evenly over all that was filed."""
ROWS = 100
"""Changed cases named; all are counted."""
ACT = "list.simulate"
_BATCH = 32
"""Cases judged between two looks at the clock."""
_one = Lock()


class Sampled(Wire, frozen=True, kw_only=True):
    """抽样试算结果."""

    summary: Summary
    of: int
    """Cases on record; ``summary.total`` were judged."""
    columns: list[str]
    rows: list[list[str]] = []
    """Some of the cases that changed, as the recorded simulation lists them."""

    @property
    def whole(self) -> bool:
        """Whether every case was judged."""
        return self.summary.total >= self.of


def tried(desk: Desk, draft: PublishedPack | MatterList, first: date, act: str) -> Sampled:
    """A draft tried on the cases on record, as if it were in force on its first day.

    Args:
        act: what the person must be allowed to do.

    Raises:
        Refusal: ``access.forbidden``, ``pack.none``, ``pack.parent``, ``simulation.busy`` while
            another is reckoned.
    """
    desk.authorise(act, paths=county_paths(desk))
    order = Order(
        counties=governed(desk.office, draft.county), on=max(first, desk.today),
        draft=draft if isinstance(draft, PublishedPack) else None,
        matters=draft if isinstance(draft, MatterList) else None,
    )  # fmt: skip
    if not _one.acquire(blocking=False):
        raise Refusal(BUSY)
    try:
        return _Sample(desk.office, order).taken()
    finally:
        _one.release()


def try_edition(desk: Desk, id: str) -> Answer:
    """The next text of a list tried as it was proposed."""
    held = desk.unit.get(ListEdition, id)
    desk.about(held)
    return Answer(body=tried(desk, held.text(), held.effective_from, ACT))


class _Rows:
    """明细 the first changed cases; a writer of CSV that writes to memory, and little of it."""

    def __init__(self) -> None:
        self.kept: list[list[str]] = []

    def writerow(self, row: Sequence[str], /) -> Any:
        if len(self.kept) < ROWS:
            self.kept.append(list(row))


class _Sample:
    """一次抽样: counties one after another, each with its share of the cases and of the time."""

    def __init__(self, office: Office, order: Order) -> None:
        self._office, self._order, self._rows = office, order, _Rows()

    def taken(self) -> Sampled:
        with steady(self._office.store.reader) as connection:
            sizes = {c: count(connection, c) for c in self._order.counties}
        total, sums = sum(sizes.values()), [Summary(on=self._order.on)]
        for county, size in sizes.items():
            if size:
                share = MOST * size // total if total > MOST else size
                sums.append(self._county(county, (size, share), LASTS * size / total))
        summary = joined(sums)
        return Sampled(summary=summary, of=total, columns=list(HEADER), rows=self._rows.kept)

    def _county(self, county: str, sizes: tuple[int, int], lasts: timedelta) -> Summary:
        """So many cases of a county, from as many places as it takes to be fair."""
        size, share = sizes
        ends = monotonic() + lasts.total_seconds()
        with steady(self._office.store.reader) as connection:
            few = size <= _BATCH * PARTS
            parts = [Range()] if few else ranges(connection, county, PARTS)
            walking = CountyWalk(self._office, connection, self._order, county)
            for left, within in zip(range(len(parts), 0, -1), parts, strict=True):
                now = monotonic()
                # What one place did not need is left for the others.
                until = ends if few else now + (ends - now) / left
                self._part(walking, within, (-(-share // len(parts)), until))
            return walking.tally.summary()

    def _part(self, walking: CountyWalk, within: Range, most: tuple[int, float]) -> None:
        """Cases of one place, until there are no more, or enough, or the time is used up."""
        cases, until = most
        for judged in walking.run(within, self._rows, _BATCH):
            cases -= judged
            if cases <= 0 or monotonic() > until:
                return
