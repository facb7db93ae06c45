"""查阅日志 the log of what was read: entries in a chain and under a tree of their own, never changed.

Each entry names the leaf before it; over the leaves stands the tree of RFC 9162 by SHA-256, whose
kept nodes lie beside those of the county's log under the name ``reads``.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, func, insert, select

from registry.domain.audit import canonical, leaf, wire
from registry.domain.auditing import TAKEN, ReadEntry, ReadKind, Taken
from registry.domain.hashing import SHA256
from registry.domain.merkle import Reader, from_kept, root
from registry.store import tables
from registry.store.nodes import BLOCK, Leaves, keep, wanting
from registry.store.unit import Unit

TREE = "reads"
FORMAT = 1
AT_ONCE = BLOCK
"""Entries followed between two looks at the clock."""


class Readings(Leaves):
    """查阅日志树读法 of one county."""

    def __init__(self, connection: Connection, county: str) -> None:
        super().__init__(connection, county, SHA256)
        self.tree = TREE

    @property
    def read(self) -> Reader:
        """(level, position) → hash of that complete subtree."""
        return from_kept(self.kept, SHA256)

    def root(self, size: int) -> bytes:
        """Tree hash of the first ``size`` entries."""
        return root(size, self.read, SHA256)

    def _leaves(self, first: int) -> list[bytes]:
        table = tables.reading
        query = (
            select(table.c.leaf)
            .where(table.c.county == self.county, table.c.seq > first)
            .where(table.c.seq <= first + BLOCK)
            .order_by(table.c.seq)
        )
        return [bytes.fromhex(told) for told in self.connection.execute(query).scalars()]


def append(unit: Unit, at: datetime, of: tuple[str, ReadKind], told: dict[str, Any]) -> int:
    """Write one entry; its number.

    Args:
        of: the person who read, and what kind of reading it was.
        told: what was read, with a salt: nobody can guess an entry from its leaf.
    """
    connection, county = unit.connection, unit.county
    table = tables.reading
    last = connection.execute(
        select(table.c.seq, table.c.leaf)
        .where(table.c.county == county)
        .order_by(table.c.seq.desc())
        .limit(1)
    ).first()
    seq = 1 if last is None else int(last.seq) + 1
    entry = canonical({
        **told, "format": FORMAT, "county": county, "seq": seq, "at": wire(at),
        "person": of[0], "kind": of[1].value, "before": "" if last is None else last.leaf,
    })  # fmt: skip
    connection.execute(
        insert(table).values(
            county=county, seq=seq, at=at, person_id=of[0], kind=of[1].value,
            entry=entry.decode(), leaf=leaf(entry),
        )
    )  # fmt: skip
    leaves = Readings(connection, county)
    while nodes := wanting(leaves, seq):
        keep(unit, TREE, nodes)
    return seq


def size_of(connection: Connection, county: str) -> int:
    """How many entries the log has."""
    table = tables.reading
    found = connection.execute(select(func.max(table.c.seq)).where(table.c.county == county))
    return int(found.scalar() or 0)


def entries(
    connection: Connection, county: str, *, after: int, limit: int, person: str | None = None
) -> Sequence[ReadEntry]:
    """Entries in their order, of one person where that is named."""
    table = tables.reading
    query = select(table).where(table.c.county == county, table.c.seq > after)
    if person is not None:
        query = query.where(table.c.person_id == person)
    rows = connection.execute(query.order_by(table.c.seq).limit(limit)).mappings()
    return [
        ReadEntry(
            county=row["county"], seq=row["seq"], at=wire(row["at"]), person_id=row["person_id"],
            kind=ReadKind(row["kind"]), entry=row["entry"], leaf=row["leaf"],
        )
        for row in rows
    ]  # fmt: skip


def taken(
    connection: Connection, county: str, person: str, times: tuple[datetime, datetime]
) -> list[Taken]:
    """What the person opened and took away between two instants, as the county's log has it."""
    event = tables.event
    query = (
        select(event.c.seq, event.c.at, event.c.act, event.c.object_id)
        .where(event.c.county == county, event.c.actor == person, event.c.act.in_(TAKEN))
        .where(event.c.at.between(*times))
        .order_by(event.c.seq)
    )
    return [
        Taken(seq=row.seq, at=wire(row.at), act=row.act, object_id=row.object_id)
        for row in connection.execute(query)
    ]


class Followed(NamedTuple):
    """核对结果 of the chain from one entry on."""

    to: int
    """The last entry that was followed."""
    broken: int | None = None
    """The first that does not follow from the one before, or whose leaf is not its own."""


def follow(
    connection: Connection, county: str, after: int = 0, within: Callable[[], bool] = lambda: True
) -> Followed:
    """Follow the chain from an entry on, as far as there is time."""
    last = entries(connection, county, after=after - 1, limit=1) if after else ()
    if after and (not last or last[0].seq != after):
        return Followed(after, after)
    before, done = last[0].leaf if last else "", after
    while within() and (found := entries(connection, county, after=done, limit=AT_ONCE)):
        for one in found:
            if not _follows(one, before, done + 1):
                return Followed(done, done + 1)
            before, done = one.leaf, done + 1
    return Followed(done)


def _follows(one: ReadEntry, before: str, seq: int) -> bool:
    said = msgspec.json.decode(one.entry)
    follows = (said["before"], said["seq"], said["person"]) == (before, one.seq, one.person_id)
    return one.seq == seq and leaf(one.entry.encode()) == one.leaf and follows
