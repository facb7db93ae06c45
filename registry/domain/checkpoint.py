"""检查点与回执 what a log says of itself, and the proof of one entry under it (C2SP).

https://c2sp.org/tlog-checkpoint and https://c2sp.org/tlog-proof, as of July 2026.
"""

from collections.abc import Sequence
from typing import NamedTuple

from registry.domain.hashing import SHA256, SM3, hashing
from registry.domain.merkle import Head, check_inclusion
from registry.domain.signed_note import (
    SM3_SUFFIX,
    Note,
    NoteError,
    NoteKey,
    Verify,
    base64_of,
    clean,
    octets_of,
    opened,
    parse_note,
    whole,
)

PROOF_HEAD = "c2sp.org/tlog-proof@v1"


class Checkpoint(NamedTuple):
    """检查点: what a log says of itself at one size."""

    origin: str
    head: Head
    extensions: tuple[str, ...] = ()

    @property
    def hash(self) -> str:
        """Name of the hash its tree is made with."""
        return SM3 if self.origin.endswith(SM3_SUFFIX) else SHA256

    def __str__(self) -> str:
        lines = (self.origin, str(self.head.size), base64_of(self.head.root), *self.extensions)
        return "".join(f"{line}\n" for line in lines)


class LogProof(NamedTuple):
    """回执 tlog-proof: that one entry stands under a checkpoint."""

    place: int
    """From 0: one less than the entry's number."""
    path: tuple[bytes, ...]
    note: Note
    extra: bytes | None = None
    """The entry itself, where it goes along; nothing vouches for it but the leaf it hashes to."""

    def __str__(self) -> str:
        extra = [] if self.extra is None else [f"extra {base64_of(self.extra)}"]
        lines = [PROOF_HEAD, *extra, f"index {self.place}", *map(base64_of, self.path)]
        return "".join(f"{line}\n" for line in lines) + f"\n{self.note}"


def parse_checkpoint(text: str) -> Checkpoint:
    """The text of a checkpoint.

    Raises:
        NoteError: another form.
    """
    lines = text.split("\n")
    if len(lines) < len(("origin", "size", "root", "")) or lines.pop():
        raise NoteError("a checkpoint has three lines")
    if not all(lines):
        raise NoteError("a checkpoint has no empty line")
    origin, size, root, *extensions = lines
    octets = octets_of(root)
    found = Checkpoint(origin, Head(whole(size), octets), tuple(extensions))
    if len(octets) != hashing().width:
        raise NoteError("a root has 32 octets")
    return found


def parse_proof(octets: bytes) -> LogProof:
    """A tlog-proof and the checkpoint in it.

    Raises:
        NoteError: another form.
    """
    head, blank, rest = octets.partition(b"\n\n")
    lines = clean(head).split("\n")
    if not blank or lines.pop(0) != PROOF_HEAD:
        raise NoteError("not a tlog-proof")
    extra = None
    if lines and lines[0].startswith("extra "):
        extra = octets_of(lines.pop(0).removeprefix("extra "))
    if not lines or not lines[0].startswith("index "):
        raise NoteError("a tlog-proof names an index")
    index = whole(lines.pop(0).removeprefix("index "))
    path = tuple(octets_of(line) for line in lines)
    if any(len(one) != hashing().width for one in path):
        raise NoteError("a hash has 32 octets")
    note = parse_note(rest)
    parse_checkpoint(note.text)
    return LogProof(index, path, note, extra)


def believed(octets: bytes, log: Sequence[NoteKey], verify: Verify) -> tuple[Note, Checkpoint]:
    """A checkpoint that one of the log's own keys signed.

    Raises:
        NoteError: another form, a wrong signature, or none of these keys.
    """
    note = parse_note(octets)
    found = parse_checkpoint(note.text)
    if not opened(note, [key for key in log if key.name == found.origin], verify):
        raise NoteError("no key of this log has signed it")
    return note, found


def shown(proof: LogProof, entry: bytes) -> Checkpoint:
    """The checkpoint under which a proof shows an entry to stand; who signed it is asked apart.

    Raises:
        ProofError: the proof does not show it.
        NoteError: the note is no checkpoint.
    """
    found = parse_checkpoint(proof.note.text)
    leaf = hashing(found.hash).leaf(entry)
    check_inclusion(leaf, proof.place, found.head, proof.path, hash=found.hash)
    return found
