"""部分导出 which entries may leave where somebody sees a part of a county: those of which every
row that they name may be seen. Each goes out with its own proof."""

from array import array
from collections.abc import Iterator
from functools import partial
from typing import Any

import msgspec

from registry.actions.exporting.ground import Ground
from registry.actions.sealing.checkpointing import packaged as signed
from registry.domain.checkpoint import LogProof
from registry.domain.merkle import inclusion
from registry.domain.records import Record
from registry.domain.signed_note import parse_note
from registry.store import packaged, tables
from registry.store.nodes import Leaves
from registry.store.scan import Moment
from registry.store.visible import Scope

BESIDE = ("serial", "notice", "complaint_source", "one_time_code", "person")
"""Tables whose rows an entry may name though they do not leave: numbers given out, and what was
sent to one person. An entry tells of them a name and a digest, and nothing else."""


class _Entry(msgspec.Struct):
    rows: list[dict[str, Any]]


_rows = msgspec.json.Decoder(_Entry)


class Part:
    """部分: numbers of the entries that leave."""

    def __init__(self, of: Ground) -> None:
        self._kinds: dict[str, type[Record]] = {
            str(t.name): kind for kind, t in tables.BY_RECORD.items()
        }
        self._of, self._in = of, bytearray(of.as_of + 1)

    def __contains__(self, seq: int) -> bool:
        return bool(self._in[seq])

    def __iter__(self) -> Iterator[int]:
        return (seq for seq, told in enumerate(self._in) if told)

    def add(self, seq: int) -> None:
        """Let an entry leave."""
        self._in[seq] = 1

    def scopes(self, table: str) -> list[Scope]:
        """What may be seen of a table."""
        return [] if table in BESIDE else self._of.scopes(self._kinds[table]) or []


def part_of(of: Ground, moment: Moment) -> Part:
    """Read what may be seen, and which entries tell of nothing else."""
    log = packaged.Log(moment, of.county, of.as_of)
    part, seen = Part(of), array("L", bytes(array("L").itemsize * (of.as_of + 1)))
    for name in packaged.TABLES:
        if scopes := part.scopes(name):
            for batch in packaged.written(log, name, scopes):
                for seq, many in batch:
                    seen[seq] += many
    for entries in packaged.entries(log):
        for seq, entry, _ in entries:
            if seen[seq]:
                named = [row for row in _rows.decode(entry).rows if row["t"] not in BESIDE]
                if len(named) == seen[seq]:
                    part.add(seq)
    return part


def proofs(of: Ground, part: Part) -> Iterator[tuple[str, bytes]]:
    """``log/proofs/<number>.tlog-proof`` of each entry, under the one checkpoint."""
    note = parse_note(signed(of.office, of.county, of.as_of)["log/checkpoint"])
    with of.office.store.settled() as connection:
        leaves = Leaves(connection, of.county)
        prove = partial(inclusion, size=of.as_of, read=leaves.read)
        for seq in part:
            made = LogProof(seq - 1, tuple(prove(seq - 1)), note, None)
            yield f"log/proofs/{seq}.tlog-proof", str(made).encode()
