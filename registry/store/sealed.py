"""封存核验 a walk's own tree beside what is kept: every checkpoint signed and of the very root,
every kept
node what the log makes it, no entry dated before a checkpoint that it came after.
"""

from base64 import urlsafe_b64decode
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, func, select

from registry.domain.checkpoint import (
    PROOF_HEAD,
    Checkpoint,
    believed,
    parse_checkpoint,
    parse_proof,
    shown,
)
from registry.domain.hashing import SHA256, hashing
from registry.domain.merkle import KEPT_EVERY, ProofError, Tree
from registry.domain.sealing import CHECKPOINT_WITHIN
from registry.domain.signed_note import KeyKind, NoteError, NoteKey, parse_note
from registry.domain.vouching import KeyPurpose, KeyState, SigningKey
from registry.store import tables
from registry.store.faults import Fault, Found, Head, Kept
from registry.store.keys import signed_by
from registry.store.mapping import to_record
from registry.store.nodes import BLOCK


class _Clock(msgspec.Struct, frozen=True):
    """Of an entry, whether its clock was set."""

    clock_fixed: bool = False


_clock = msgspec.json.Decoder(_Clock)


def log_keys(connection: Connection, county: str) -> list[SigningKey]:
    """Every key the county's log ever had, as its rows tell."""
    table = tables.BY_RECORD[SigningKey]
    query = select(table).where(table.c.county == county, table.c.event_to.is_(None))
    found = [to_record(SigningKey, row) for row in connection.execute(query).mappings()]
    return [key for key in found if key.purpose is KeyPurpose.LOG]


def standing(connection: Connection) -> list[tuple[str, str]]:
    """(purpose, id) of every key that is in use, in any county."""
    table = tables.BY_RECORD[SigningKey]
    query = select(table).where(table.c.event_to.is_(None)).order_by(table.c.county, table.c.id)
    found = [to_record(SigningKey, row) for row in connection.execute(query).mappings()]
    return [(key.purpose.value, key.id) for key in found if key.state is KeyState.ACTIVE]


def named(key: SigningKey) -> NoteKey:
    """A log's key as C2SP names it."""
    public = urlsafe_b64decode(key.public + "=" * (-len(key.public) % 4))
    return NoteKey(key.name, KeyKind.NOTE, public)


def kept_of(connection: Connection, counties: Sequence[str], octets: bytes) -> Kept:
    """A checkpoint, or the receipt of an entry, that somebody kept of a log that is here.

    Raises:
        NoteError: another form, or none of the log's keys signed it.
        ProofError: the receipt does not show its entry.
    """
    receipt = octets.startswith(PROOF_HEAD.encode())
    proof = parse_proof(octets) if receipt else None
    note = str(proof.note).encode() if proof else octets
    origin = parse_checkpoint(parse_note(note).text).origin
    for county in counties:
        keys = [named(key) for key in log_keys(connection, county)]
        if origin in {key.name for key in keys}:
            _, found = believed(note, keys, signed_by)
            if proof is not None and proof.extra is not None:
                shown(proof, proof.extra)
            head = Head(county=county, seq=found.head.size, root=found.head.root.hex())
            return Kept(head=head, what="log.receipt" if receipt else "log.kept")
    raise NoteError(f"no log here bears the name {origin}")


def rotations(connection: Connection, county: str) -> list[str]:
    """What is to be said of the log's keys: which took over, and where the one before was lost."""
    told = []
    for key in sorted(log_keys(connection, county), key=lambda one: (one.made_at, one.id)):
        if key.follows:
            how = "旧钥签署 vouched for" if key.vouched else "旧钥遗失 the old one was lost"
            told.append(f"{key.made_at:%Y-%m-%d} {key.follows} → {key.id} {how}")
    return told


def trees(connection: Connection, county: str, tree: str) -> bool:
    """Whether anything was ever signed of that tree."""
    table = tables.checkpoint
    query = select(table.c.size).where(table.c.county == county, table.c.tree == tree).limit(1)
    return connection.execute(query).first() is not None


class Seals:
    """封存 of one tree, compared as the walk goes on."""

    slack: timedelta | None = CHECKPOINT_WITHIN
    """How long before a checkpoint an entry after it may be dated; ``None`` = not looked at."""

    def __init__(self, connection: Connection, county: str, tree: str = SHA256) -> None:
        self._connection, self._county, self._tree = connection, county, tree
        self.hashing = hashing(tree)
        keys = [named(key) for key in log_keys(connection, county)]
        self._keys = keys if tree == SHA256 else [key.beside() for key in keys]
        self.size = self.checkpoints = self.nodes = 0
        self._blocks, self._leaves = Tree(tree), list[bytes]()
        self._above: dict[int, list[bytes]] = {}
        self._kept = self._stream()
        self._next = next(self._kept, None)
        self._latest: datetime | None = None
        self._highest = self._counted()

    @property
    def room(self) -> int:
        """How many leaves may be added before something is compared."""
        room = BLOCK - len(self._leaves)
        return room if self._next is None else min(room, self._next["size"] - self.size)

    def add(self, leaves: Sequence[bytes]) -> None:
        """The leaves of the next entries, as many as there is ``room`` for; what was signed or kept
        of a tree so large is compared.

        Raises:
            Found: ``checkpoint.…``, ``node.…``.
        """
        self.size += len(leaves)
        self._leaves += leaves
        if len(self._leaves) == BLOCK:
            node = self.hashing.folded(self._leaves)
            self._leaves.clear()
            self._blocks.add(node)
            self._node(KEPT_EVERY, self.size // BLOCK - 1, node)
        while self._next is not None and self._next["size"] == self.size:
            self._checkpoint(self._next)
            self._next = next(self._kept, None)

    def root(self) -> bytes:
        """Tree hash of what was walked."""
        rest = Tree(self._tree)
        for leaf in self._leaves:
            rest.add(leaf)
        peaks = [*self._blocks.peaks(), *rest.peaks()]
        return self.hashing.joined(peaks) if peaks else self.hashing.empty

    def dated(self, times: Sequence[datetime], texts: Sequence[bytes]) -> None:
        """When the next entries were written, told before they are added; a time that a clock
        which was set has told says nothing.

        Raises:
            Found: ``entry.backdated``.
        """
        if self._latest is None or self.slack is None:
            return
        bound = self._latest - self.slack
        if min(times) >= bound:
            return
        for seq, (at, text) in enumerate(zip(times, texts, strict=True), self.size + 1):
            if at < bound and not _clock.decode(text).clock_fixed:
                self._fail(
                    "entry.backdated", seq, f"{at:%Y-%m-%dT%H:%M} < {self._latest:%Y-%m-%dT%H:%M}"
                )

    def end(self) -> None:
        """Nothing is signed or kept of more than there is.

        Raises:
            Found: ``checkpoint.beyond``, ``node.missing``.
        """
        if self._next is not None:
            self._fail("checkpoint.beyond", int(self._next["size"]), f"the log ends at {self.size}")
        for level, many in self._highest.items():
            if many > self.size >> level:
                self._fail("checkpoint.beyond", many << level, f"log_node {level}")

    def _checkpoint(self, row: Any) -> None:
        size, root = self.size, self.root()
        if row["root"] != root.hex():
            self._fail("checkpoint.root", size, f"{self._tree} {row['root'][:16]}…")
        try:
            _, told = believed(row["note"].encode(), self._keys, signed_by)
        except (NoteError, ProofError) as error:
            self._fail("checkpoint.signature", size, str(error))
            return
        if told != Checkpoint(told.origin, told.head._replace(size=size, root=root)):
            self._fail("checkpoint.signature", size, "the note says something else")
        at = row["at"].astimezone(UTC)
        self._latest = max(at, self._latest or at)
        self.checkpoints += 1

    def _node(self, level: int, position: int, node: bytes) -> None:
        if position < self._highest.get(level, 0):
            table = tables.log_node
            held = self._connection.execute(
                select(table.c.hash).where(
                    table.c.county == self._county, table.c.tree == self._tree,
                    table.c.level == level, table.c.position == position,
                )
            ).scalar()  # fmt: skip
            if held is None or bytes(held) != node:
                what = "node.missing" if held is None else "node.differs"
                first = (position << level) + 1
                self._fail(
                    what, self.size, f"{self._tree} {level}/{position}: {first} … {self.size}"
                )
            self.nodes += 1
        above = self._above.setdefault(level + KEPT_EVERY, [])
        above.append(node)
        if len(above) == BLOCK:
            folded = self.hashing.folded(above)
            above.clear()
            self._node(level + KEPT_EVERY, position // BLOCK, folded)

    def _stream(self) -> Iterator[Any]:
        table, size = tables.checkpoint, 0
        while True:
            query = select(table).where(
                table.c.county == self._county, table.c.tree == self._tree, table.c.size > size
            )
            page = query.order_by(table.c.size).limit(BLOCK)
            rows = self._connection.execute(page).mappings().all()
            if not rows:
                return
            yield from rows
            size = rows[-1]["size"]

    def _counted(self) -> dict[int, int]:
        table = tables.log_node
        query = (
            select(table.c.level, func.max(table.c.position))
            .where(table.c.county == self._county, table.c.tree == self._tree)
            .group_by(table.c.level)
        )
        return {int(level): int(last) + 1 for level, last in self._connection.execute(query)}

    def _fail(self, what: str, seq: int, detail: str) -> None:
        raise Found(Fault(what=what, county=self._county, seq=seq, detail=detail))
