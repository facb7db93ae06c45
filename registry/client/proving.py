"""自行核验 receipts, growth and audit packages checked here, by nobody's word but a key's.

``verify.py`` beside the registry checks a package whole and needs nothing installed; this is for
programs that have the client anyway.
"""

import hashlib
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from registry.domain.audit import RowSeal
from registry.domain.checkpoint import Checkpoint, believed, parse_proof, shown
from registry.domain.hashing import hashing
from registry.domain.merkle import Head, ProofError, Tree, check_consistency
from registry.domain.records import Wire
from registry.domain.signed_note import (
    NoteError,
    NoteKey,
    octets_of,
    opened,
    parse_key,
    succession,
)

__all__ = [
    "NoteError", "ProofError", "Proven", "grew", "keys_of", "package", "receipt", "signed_by",
]  # fmt: skip

WITHHELD = frozenset({"person", "complaint_source", "one_time_code"})
"""Digests of passwords, who complained, one-time codes: their entries are in a package, with the
digests of their rows, the rows are not."""
_PIECE = 1 << 20


class Proven(Wire, frozen=True, kw_only=True):
    """已核验: an entry that stands in a log, and the checkpoint it stands under."""

    seq: int
    entry: dict[str, Any]
    origin: str
    size: int
    witnesses: list[str] = []
    """Those of the named witnesses who have cosigned the checkpoint."""


class Holdings(msgspec.Struct, frozen=True, kw_only=True):
    """What of an entry says which rows it wrote."""

    seq: int
    rows: list[RowSeal]


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """A file as a manifest lists it."""

    sha256: str
    bytes: int


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """清单 of a package, as far as it is needed here."""

    county: str
    seq: int
    whole: bool = True
    files: dict[str, Listed]
    withheld: list[str] = []
    """Tables whose rows stay with the county, which may be none but ``WITHHELD``."""


def signed_by(public: bytes, octets: bytes, signature: bytes) -> bool:
    """Whether a signature is that of the key with this public half."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, octets)
    except (InvalidSignature, ValueError):
        return False
    return True


def keys_of(octets: bytes, trusted: Sequence[str]) -> list[str]:
    """The keys of a log (``/log/{county}/keys``, ``log/keys.txt``) that follow from those one
    trusts: each next one signed by the one before it.

    Raises:
        NoteError: another form, or no key that is trusted.
    """
    known, found = set(trusted), list[str]()
    before: NoteKey | None = None
    for line in octets.decode("utf-8", "replace").splitlines():
        text, _, signature = line.partition(" ")
        key = parse_key(text)
        follows = before is not None and bool(signature) and signed_by(
            before.public, succession(before, key), octets_of(signature)
        )  # fmt: skip
        before = key if text in known or follows else None
        found += [text] if before else []
    if not found:
        raise NoteError("none of these keys is trusted")
    return found


def receipt(
    octets: bytes, keys: Sequence[str], *, witnesses: Sequence[str] = (), at_least: int = 0
) -> Proven:
    """The entry of a receipt, if it stands under a checkpoint that one of these keys signed.

    Args:
        keys: vkeys of the log that the caller trusts.
        witnesses: vkeys of witnesses; ``at_least`` of them must have cosigned.

    Raises:
        NoteError, ProofError: it proves nothing, and why.
    """
    proof = parse_proof(octets)
    if proof.extra is None:
        raise ProofError("the receipt brings no entry")
    note, found = believed(str(proof.note).encode(), _keys(keys), signed_by)
    shown(proof, proof.extra)
    cosigned = opened(note, _keys(witnesses), signed_by)
    if len(cosigned) < at_least:
        raise ProofError(f"{len(cosigned)} witnesses where {at_least} are asked")
    entry = _decoded(proof.extra, dict[str, Any])
    if entry.get("seq") != proof.place + 1:
        raise ProofError("the entry has another number than its place")
    return Proven(
        seq=proof.place + 1, entry=entry, origin=found.origin, size=found.head.size,
        witnesses=sorted(one.key.name for one in cosigned),
    )  # fmt: skip


def grew(old: bytes, new: bytes, path: Sequence[str], keys: Sequence[str]) -> Checkpoint:
    """That a log only grew between two of its checkpoints.

    Args:
        old: the checkpoint that was kept.
        path: hashes of the proof, base64 (``GET /proofs?from=&to=``).

    Raises:
        NoteError, ProofError: it did not, or the proof does not show it.
    """
    before, after = (believed(one, _keys(keys), signed_by)[1] for one in (old, new))
    if before.origin != after.origin:
        raise ProofError("checkpoints of two logs")
    hashes = [octets_of(one) for one in path]
    check_consistency(before.head, after.head, hashes, hash=after.hash)
    return after


def package(path: Path, keys: Sequence[str]) -> Checkpoint:
    """That an audit package (folder or zip) is what its log says: every file as listed, the entries
    under the signed root, and every row under the digest in the entry that wrote it. Of a part of a
    log each entry stands by its own proof; what a part leaves out is not proven absent.

    Raises:
        NoteError, ProofError: the first thing that is not so.
    """
    with ExitStack() as held:
        opened_at = _Package(path, held)
        manifest = _decoded(opened_at.read("manifest.json"), Manifest)
        if manifest.whole and not WITHHELD.issuperset(manifest.withheld):
            raise ProofError(f"rows are withheld: {', '.join(manifest.withheld)}")
        for name, listed in manifest.files.items():
            _as_listed(opened_at, name, listed)
        note = opened_at.read("log/checkpoint")
        _, found = believed(note, _keys(keys), signed_by)
        lines = opened_at.lines("log/entries.jsonl")
        sealed = _entries(lines, found.head) if manifest.whole else _part(opened_at, lines, note)
        for name in sorted(n for n in manifest.files if n.startswith("rows/")):
            _rows(opened_at.lines(name), name, sealed)
        missing = sorted(row for row in sealed if row[0] not in manifest.withheld)
        if (missing and manifest.whole) or found.head.size != manifest.seq:
            raise ProofError(f"a row that an entry names is missing: {missing[:1]}")
        return found


class _Package:
    """A folder or a zip, read file by file."""

    def __init__(self, path: Path, held: ExitStack) -> None:
        self._path, self._held = path, held
        self._zip = None if path.is_dir() else held.enter_context(zipfile.ZipFile(path))

    def open(self, name: str) -> IO[bytes]:
        """One file; names lead nowhere outside."""
        if name.startswith("/") or ".." in name.split("/"):
            raise ProofError(f"no such name: {name}")
        try:
            if self._zip is not None:
                return self._zip.open(name)
            return (self._path / name).open("rb")
        except (OSError, KeyError) as error:
            raise ProofError(f"{name} is missing") from error

    def read(self, name: str) -> bytes:
        """A small file whole."""
        with self.open(name) as file:
            return file.read()

    def lines(self, name: str) -> Iterator[bytes]:
        """The lines of a file, without their ends."""
        with self.open(name) as file:
            for line in file:
                if not line.endswith(b"\n"):
                    raise ProofError(f"{name} is cut off")
                yield line[:-1]


def _as_listed(package: _Package, name: str, listed: Listed) -> None:
    digest = hashlib.sha256()
    with package.open(name) as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    if digest.hexdigest() != listed.sha256:
        raise ProofError(f"{name} is not the file that is listed")


def _entries(lines: Iterable[bytes], head: Head) -> set[tuple[str, str, int, str]]:
    """The rows that the entries name, if the entries make up the tree of the checkpoint."""
    tree, leaf = Tree(), hashing().leaf
    sealed: set[tuple[str, str, int, str]] = set()
    for number, line in enumerate(lines, start=1):
        tree.add(leaf(line))
        entry = _decoded(line, Holdings)
        if entry.seq != number:
            raise ProofError(f"entry {entry.seq} stands where {number} belongs")
        sealed.update((row.t, row.id, row.v, row.d) for row in entry.rows)
    if (tree.size, tree.digest()) != head:
        raise ProofError("the entries do not make up the tree that was signed")
    return sealed


def _part(package: _Package, lines: Iterable[bytes], note: bytes) -> set[tuple[str, str, int, str]]:
    """The rows that some entries name, if each is in the log of the checkpoint, in its place."""
    sealed: set[tuple[str, str, int, str]] = set()
    last = 0
    for line in lines:
        entry = _decoded(line, Holdings)
        if entry.seq <= last:
            raise ProofError(f"entry {entry.seq} stands after {last}")
        last = entry.seq
        proof = parse_proof(package.read(f"log/proofs/{last}.tlog-proof"))
        if (proof.place + 1, str(proof.note).encode()) != (last, note):
            raise ProofError(f"the proof of entry {last} is of another place or log")
        shown(proof, line)
        sealed.update((row.t, row.id, row.v, row.d) for row in entry.rows)
    return sealed


def _rows(lines: Iterable[bytes], name: str, sealed: set[tuple[str, str, int, str]]) -> None:
    table = name.removeprefix("rows/").removesuffix(".jsonl")
    for number, line in enumerate(lines, start=1):
        row = _decoded(line, dict[str, Any]).get("row")
        if not isinstance(row, dict):
            raise ProofError(f"{name}:{number} is no row")
        digest = hashlib.sha256(line).hexdigest()
        key = (table, str(row.get("id")), row.get("version"), digest)
        if key not in sealed:
            raise ProofError(f"{name}:{number}: no entry wrote this row as it stands")
        sealed.discard(key)


def _keys(texts: Iterable[str]) -> list[NoteKey]:
    return [parse_key(text) for text in texts]


def _decoded(octets: bytes, form: Any) -> Any:
    try:
        return msgspec.json.decode(octets, type=form)
    except msgspec.MsgspecError as error:
        raise ProofError(f"not as it must be: {error}") from error
