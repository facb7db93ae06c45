"""日志树节点 the hashes of a county's log tree, read a block of 256 at a time and kept when a checkpoint
is made: level 0 stands in the log itself, every eighth level in ``log_node``.

A node is worked out of the log alone, so whoever fills in what is missing writes the same.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Insert, func, select
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from registry.domain.hashing import SHA256, Hashing, hashing
from registry.domain.merkle import KEPT_EVERY, Reader, from_kept, root
from registry.store import tables
from registry.store.unit import Unit

BLOCK = 1 << KEPT_EVERY
"""Neighbours under one kept node."""
ABREAST = 256
"""Nodes made and written at once: 65,536 entries."""
HIGHEST = 56
Node = tuple[int, int, bytes]
"""(level, position, hash)."""


class Leaves:
    """日志树读法 of one county as one connection sees it; each block is read once."""

    def __init__(self, connection: Connection, county: str, tree: str = SHA256) -> None:
        self.connection, self.county, self.tree = connection, county, tree
        self._hashing: Hashing = hashing(tree)
        self._blocks: dict[tuple[int, int], list[bytes]] = {}

    @property
    def read(self) -> Reader:
        """(level, position) → hash of that complete subtree."""
        return from_kept(self.kept, self.tree)

    def root(self, size: int) -> bytes:
        """Tree hash of the first ``size`` entries."""
        return root(size, self.read, self.tree)

    def kept(self, level: int, first: int, many: int) -> Sequence[bytes]:
        """The hashes at a kept level, in order; they lie in one block."""
        block, at = divmod(first, BLOCK)
        found = self._blocks.get((level, block))
        if found is None or len(found) < at + many:
            found = self._blocks[level, block] = self._block(level, block, at + many)
        return found[at : at + many]

    def forget(self) -> None:
        """Let go of what was read."""
        self._blocks.clear()

    def _block(self, level: int, block: int, wanted: int) -> list[bytes]:
        first = block * BLOCK
        if level == 0:
            return self._leaves(first)
        table = tables.log_node
        query = select(table.c.position, table.c.hash).where(
            table.c.county == self.county, table.c.tree == self.tree, table.c.level == level,
            table.c.position.between(first, first + BLOCK - 1),
        )  # fmt: skip
        held = {int(at): bytes(node) for at, node in self.connection.execute(query).all()}
        many = max(wanted, len(held))
        return [held.get(at) or self.made(level, at) for at in range(first, first + many)]

    def made(self, level: int, position: int) -> bytes:
        """A kept node worked out of the level below."""
        below = self.kept(level - KEPT_EVERY, position * BLOCK, BLOCK)
        if len(below) != BLOCK:
            raise LookupError(f"no such node: {level} {position}")
        return self._hashing.folded(below)

    def _leaves(self, first: int) -> list[bytes]:
        table = tables.event
        column = table.c.leaf if self.tree == SHA256 else table.c.entry
        query = (
            select(column)
            .where(table.c.county == self.county, table.c.seq > first)
            .where(table.c.seq <= first + BLOCK)
            .order_by(table.c.seq)
        )
        told = self.connection.execute(query).scalars()
        if self.tree == SHA256:
            return [bytes.fromhex(leaf) for leaf in told]
        return [self._hashing.leaf(entry.encode()) for entry in told]


def highest(connection: Connection, county: str, tree: str, level: int) -> int:
    """How many nodes of a level are kept: they are written in order, from the first on."""
    table = tables.log_node
    last = connection.execute(
        select(func.max(table.c.position)).where(
            table.c.county == county, table.c.tree == tree, table.c.level == level
        )
    ).scalar()
    return 0 if last is None else int(last) + 1


def wanting(leaves: Leaves, size: int) -> list[Node]:
    """The next nodes to keep of a tree of ``size`` leaves, lowest level first; none when all are
    kept. Asked again after they were written, it goes on."""
    for level in range(KEPT_EVERY, HIGHEST + 1, KEPT_EVERY):
        if size >> level == 0:
            return []
        first = highest(leaves.connection, leaves.county, leaves.tree, level)
        last = min(size >> level, first + ABREAST)
        if first < last:
            made = []
            for at in range(first, last):
                made.append((level, at, leaves.made(level, at)))
                leaves.forget()
            return made
    return []


def keep(unit: Unit, tree: str, nodes: Iterable[Node]) -> None:
    """Write nodes; what is there already stays."""
    rows = [
        {"county": unit.county, "tree": tree, "level": level, "position": at, "hash": node}
        for level, at, node in nodes
    ]
    if rows:
        unit.connection.execute(added(unit.connection, tables.log_node), rows)


def added(connection: Connection, table: Any) -> Insert:
    """An insert that leaves alone what is there already."""
    make = pg_insert if connection.dialect.name == "postgresql" else sqlite_insert
    return make(table).on_conflict_do_nothing()


def put(connection: Connection, table: Any, row: dict[str, Any]) -> bool:
    """Write a row unless it is there already; returns whether it was written."""
    first = next(iter(table.primary_key))
    return connection.execute(added(connection, table).returning(first), row).first() is not None
