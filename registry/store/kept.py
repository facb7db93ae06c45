"""记着的数 sums over a whole county, kept as of an event of its log and brought forward by what was
written since: they are at every moment what counting all rows anew would give.

A version is never changed once it is written but for the event that ended it, and what ends one
writes the next. So the rows that stood at an event and stand no more have, at their ids, a row that
was written since: both are found by the index of events. Nothing here is stored; a process that
begins counts once.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from threading import Lock
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, Table, or_, select, union_all

from registry.store import tables

Key = tuple[Any, ...]
Sums = dict[Key, tuple[int, ...]]
"""Values of a group's columns → its measures."""
MOST = 256
"""Sheets that are kept: bounds memory."""
MOST_GROUPS = 500_000
"""Groups of all sheets together, some hundred MiB; the last sheet is kept whatever it has."""
FAR = 20_000
"""After so many events all is counted anew: it takes no longer."""


class Part(NamedTuple):
    """一位读者所见: the rows in some reader's sight. An event may bring a row into it, or take it out,
    that itself stands as it stood."""

    now: ColumnElement[bool]
    then: Callable[[int], ColumnElement[bool]]
    """As it was at an event."""
    moved: Callable[[int], Sequence[Select[Any]]]
    """Ids of the rows that were written since an event, or what their being seen hangs on."""


class Sheet(NamedTuple):
    """一张数: what is added up, of the rows of one county that stand."""

    table: Table
    by: Sequence[ColumnElement[Any]]
    measures: Sequence[ColumnElement[int]]
    """Sums and counts, of which those of two lots of rows may be added."""
    where: Sequence[ColumnElement[bool]] = ()
    part: Part | None = None
    """``None`` = of the whole county."""


class Followed(NamedTuple):
    """逐项推算: groups that are not added up but worked out, each of what its id names; the first of a
    group's values is that id."""

    found: Callable[[Collection[str] | None], Sums]
    """The groups of some ids; ``None`` = of all there are."""
    moved: Callable[[int], Collection[str] | None]
    """Ids of which anything was written since an event that they are worked out from; ``None`` =
    any might be."""


class Kept:
    """记数本 of one database, shared by all who read."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._held: dict[Key, tuple[int, Sums]] = {}

    @property
    def sheets(self) -> int:
        """How many are kept."""
        return len(self._held)

    def standing(
        self, connection: Connection, key: Key, sheet: Sheet, *, least: int = 0
    ) -> Sums:  # fmt: skip
        """A sheet as the connection's moment has it.

        Args:
            key: begins with the county, and tells the sheet from all others.
            least: rows from which on it is kept, of a sheet whose first measure counts them.
        """
        county, head = key[0], _head(connection, key[0])
        with self._lock:
            at, held = self._held.get(key, (-1, {}))
        if at == head:
            return held
        if 0 <= at < head and head - at <= FAR:
            now = _forward(connection, county, sheet, (at, held))
        else:
            within = [] if sheet.part is None else [sheet.part.now]
            here = [sheet.table.c.county == county, _stands(sheet), *within]
            now = counted(connection, sheet, here)
        if at < 0 and least and sum(told[0] for told in now.values()) < least:
            return now
        if at < head:  # Whoever reads an older moment leaves what is newer in its place.
            self._put(key, (head, now))
        return now

    def grown(self, connection: Connection, key: Key, sheet: Sheet) -> Sums:
        """A sheet of first versions: there come more, and none goes."""
        county, head = key[0], _head(connection, key[0])
        with self._lock:
            at, held = self._held.get(key, (-1, {}))
        if at == head:
            return held
        t = sheet.table
        begun = [] if at < 0 or at > head else [t.c.event_from > at]
        more = counted(connection, sheet, [t.c.county == county, t.c.version == 1, *begun])
        now = folded([*(held.items() if begun else ()), *more.items()], lambda group: group)
        if at < head:
            self._put(key, (head, now))
        return now

    def followed(self, connection: Connection, key: Key, of: Followed) -> Sums:
        """Groups that are worked out, as the connection's moment has them: again of those alone of
        which something was written since."""
        head = _head(connection, key[0])
        with self._lock:
            at, held = self._held.get(key, (-1, {}))
        if at == head:
            return held
        ids = of.moved(at) if 0 <= at < head and head - at <= FAR else None
        if ids is not None and len(ids) > FAR:
            ids = None  # A few acts may touch more than one statement can name.
        now = of.found(ids)
        if ids is not None:
            now = {group: told for group, told in held.items() if group[0] not in ids} | now
        if at < head:
            self._put(key, (head, now))
        return now

    def settled(self, key: Key, count: Callable[[], Sums]) -> Sums:
        """What no later event changes, counted once."""
        with self._lock:
            held = self._held.get(key)
        if held is None:
            held = (0, count())
            self._put(key, held)
        return held[1]

    def _put(self, key: Key, told: tuple[int, Sums]) -> None:
        with self._lock:
            self._held.pop(key, None)
            self._held[key] = told
            groups = sum(len(sums) for _, sums in self._held.values())
            while len(self._held) > 1 and (len(self._held) > MOST or groups > MOST_GROUPS):
                groups -= len(self._held.pop(next(iter(self._held)))[1])


def _head(connection: Connection, county: str) -> int:
    head = tables.log_head
    return int(connection.execute(select(head.c.seq).where(head.c.county == county)).scalar() or 0)


def _stands(sheet: Sheet) -> ColumnElement[bool]:
    found: ColumnElement[bool] = sheet.table.c.event_to.is_(None)
    return found


def _forward(
    connection: Connection, county: str, sheet: Sheet, since: tuple[int, Sums]
) -> Sums:  # fmt: skip
    """What was written since came; what stood then at the same ids went."""
    (at, held), t, part = since, sheet.table, sheet.part
    newer = t.alias("newer")
    ids = select(newer.c.id).where(newer.c.county == county, newer.c.event_from > at)
    came = [t.c.county == county, t.c.event_from > at, _stands(sheet)]
    went = [t.c.county == county, t.c.id.in_(ids), t.c.event_from <= at, t.c.event_to > at]
    if part is not None:
        moved = t.c.id.in_(union_all(*part.moved(at)))
        stood = or_(t.c.event_to.is_(None), t.c.event_to > at)
        came = [t.c.county == county, moved, _stands(sheet), part.now]
        went = [t.c.county == county, moved, t.c.event_from <= at, stood, part.then(at)]
    found = dict(held)
    for way, where in ((1, came), (-1, went)):
        for key, values in counted(connection, sheet, where).items():
            before = found.get(key, (0,) * len(values))
            found[key] = tuple(b + way * v for b, v in zip(before, values, strict=True))
    return {key: values for key, values in found.items() if any(values)}


def counted(
    connection: Connection, sheet: Sheet, where: Sequence[ColumnElement[bool]]
) -> Sums:  # fmt: skip
    """A sheet of some rows."""
    query = select(*sheet.by, *sheet.measures).where(*where, *sheet.where).group_by(*sheet.by)
    width = len(sheet.by)
    return {
        tuple(row[:width]): tuple(int(value or 0) for value in row[width:])
        for row in connection.execute(query)
    }


def folded(
    found: Iterable[tuple[Key, tuple[int, ...]]], name: Callable[[Key], Any]
) -> dict[Any, tuple[int, ...]]:  # fmt: skip
    """Groups put together by what each is called; ``None`` leaves one out."""
    told: dict[Any, tuple[int, ...]] = {}
    for key, values in found:
        called = name(key)
        if called is not None:
            before = told.get(called, (0,) * len(values))
            told[called] = tuple(b + v for b, v in zip(before, values, strict=True))
    return told
