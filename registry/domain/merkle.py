"""日志树 the Merkle tree over a log's leaves (RFC 9162 2.1): its hash, and the short proofs of it.

A hash within it is named by level and position, both from 0: (0, 5) is the sixth leaf's, (3, 1) the
one over leaves 8 … 15. Only complete subtrees are named so; they never change as the log grows.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from registry.domain.hashing import SHA256, Hashing, hashing

KEPT_EVERY = 8
"""Of the levels, every eighth is kept: anything between is folded from at most 128 neighbours."""
LARGEST = 2**63 - 1
"""No tree is larger (contract of the engines' whole numbers)."""

Reader = Callable[[int, int], bytes]
"""(level, position) → hash of that complete subtree."""
Kept = Callable[[int, int, int], Sequence[bytes]]
"""(level, first position, how many) → the hashes there, in order; level 0 or every eighth."""
Span = tuple[int, int]
"""Leaves from … up to but without …"""


class ProofError(ValueError):
    """证明不成立: a proof that does not prove what it is shown for, or cannot be made."""


class Head(NamedTuple):
    """树头: a tree in two figures."""

    size: int
    root: bytes


class Tree:
    """日志树: leaf hashes go in, in order; ``root`` is the hash over all of them. Only the roots of
    the complete subtrees are held: as many as the size has binary ones."""

    def __init__(self, hash: str = SHA256) -> None:
        self.size = 0
        self._hashing = hashing(hash)
        self._peaks: list[tuple[int, bytes]] = []

    def add(self, leaf: bytes) -> None:
        """Append one leaf hash."""
        self.size += 1
        width, node, digest = 1, leaf, self._hashing.of
        while self._peaks and self._peaks[-1][0] == width:
            node = digest(b"\x01" + self._peaks.pop()[1] + node)
            width *= 2
        self._peaks.append((width, node))

    def peaks(self) -> list[bytes]:
        """The roots of the complete subtrees, left to right."""
        return [node for _, node in self._peaks]

    def digest(self) -> bytes:
        """Tree hash; of no leaves, the hash of nothing."""
        peaks = self.peaks()
        return self._hashing.joined(peaks) if peaks else self._hashing.empty

    def root(self) -> str:
        """Tree hash, hex."""
        return self.digest().hex()


def grown(size: int, read: Reader, hash: str = SHA256) -> Tree:
    """The tree of the first ``size`` leaves, to go on from, without reading them."""
    tree = Tree(hash)
    tree.size = size
    tree._peaks = [(1 << level, read(level, at)) for level, at in covering((0, size))]
    return tree


def from_kept(kept: Kept, hash: str = SHA256, every: int = KEPT_EVERY) -> Reader:
    """A reader of any complete subtree where only every eighth level is kept."""

    def read(level: int, position: int) -> bytes:
        many = 1 << level % every
        found = kept(level - level % every, position * many, many)
        if len(found) != many:
            raise ProofError(f"no hash at level {level}, position {position}")
        return hashing(hash).folded(found)

    return read


def root(size: int, read: Reader, hash: str = SHA256) -> bytes:
    """Tree hash of the first ``size`` leaves."""
    return grown(size, read, hash).digest()


# ------------------------------------------------------------------------------------- making


def covering(span: Span) -> list[tuple[int, int]]:
    """(level, position) of the complete subtrees that make up a span, left to right; it begins
    where a subtree of its size may begin."""
    start, end = span
    found = []
    while start < end:
        level = (end - start).bit_length() - 1
        found.append((level, start >> level))
        start += 1 << level
    return found


def needed(spans: Iterable[Span]) -> list[tuple[int, int]]:
    """Every (level, position) that a proof of these spans reads, to be had at once."""
    return [place for span in spans for place in covering(span)]


def inclusion_spans(index: int, size: int) -> list[Span]:
    """The spans whose hashes prove a leaf (from 0), its neighbour first (RFC 9162 2.1.3.1).

    Raises:
        ProofError: no such leaf.
    """
    if not 0 <= index < size <= LARGEST:
        raise ProofError(f"no leaf {index} in a tree of {size}")
    start, end, found = 0, size, []
    while end - start > 1:
        cut = start + _left(end - start)
        found.append((cut, end) if index < cut else (start, cut))
        start, end = (start, cut) if index < cut else (cut, end)
    return found[::-1]


def consistency_spans(old: int, new: int) -> list[Span]:
    """The spans whose hashes prove that a tree grew out of a smaller one (RFC 9162 2.1.4.1).

    Raises:
        ProofError: it cannot have, or grew out of nothing, which proves nothing.
    """
    if not 0 < old <= new <= LARGEST:
        raise ProofError(f"a tree of {new} proves nothing of one of {old}")
    start, end, found, whole = 0, new, [], True
    while old != end:
        cut = start + _left(end - start)
        if old <= cut:
            found.append((cut, end))
            end = cut
        else:
            found.append((start, cut))
            start, whole = cut, False
    return ([] if whole else [(start, end)]) + found[::-1]


def inclusion(index: int, size: int, read: Reader, hash: str = SHA256) -> list[bytes]:
    """The proof that a leaf (from 0) stands in the tree of ``size`` leaves."""
    return _proof(inclusion_spans(index, size), read, hash)


def consistency(old: int, new: int, read: Reader, hash: str = SHA256) -> list[bytes]:
    """The proof that the tree of ``new`` leaves begins with that of ``old``."""
    return _proof(consistency_spans(old, new), read, hash)


def _proof(spans: list[Span], read: Reader, hash: str) -> list[bytes]:
    join = hashing(hash).joined
    return [join([read(level, at) for level, at in covering(span)]) for span in spans]


def _left(width: int) -> int:
    """Leaves of the left half: the greatest power of two below ``width``."""
    return 1 << (width - 1).bit_length() - 1


# ----------------------------------------------------------------------------------- checking


def check_inclusion(
    leaf: bytes, index: int, head: Head, proof: Sequence[bytes], *, hash: str = SHA256
) -> None:
    """Check that a leaf hash stands at ``index`` (from 0) under a head (RFC 9162 2.1.3.2).

    Raises:
        ProofError: the proof does not show it.
    """
    how = _formed(hash, [leaf, head.root, *proof], (index, head.size))
    if index >= head.size:
        raise ProofError(f"no leaf {index} in a tree of {head.size}")
    at, last, node = index, head.size - 1, leaf
    for other in proof:
        if last == 0:
            raise ProofError("the proof is too long")
        if at & 1 or at == last:
            node = how.node(other, node)
            at, last = _upward(at, last)
        else:
            node = how.node(node, other)
        at, last = at >> 1, last >> 1
    if last:
        raise ProofError("the proof is too short")
    if node != head.root:
        raise ProofError("the proof leads to another root")


def check_consistency(old: Head, new: Head, proof: Sequence[bytes], *, hash: str = SHA256) -> None:
    """Check that the log of the new head begins with all of the old one's (RFC 9162 2.1.4.2).

    Raises:
        ProofError: the proof does not show it; of an empty tree nothing can be shown.
    """
    how = _formed(hash, [old.root, new.root, *proof], (old.size, new.size))
    if not 0 < old.size <= new.size:
        raise ProofError(f"a tree of {new.size} proves nothing of one of {old.size}")
    if old.size == new.size:
        if proof or old.root != new.root:
            raise ProofError("trees of one size have one root and need no proof")
        return
    path = [old.root, *proof] if old.size & (old.size - 1) == 0 else list(proof)
    if not path or not proof:
        raise ProofError("the proof is too short")
    _walked(how, path, old, new)


def _walked(how: Hashing, path: list[bytes], old: Head, new: Head) -> None:
    at, last = old.size - 1, new.size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    before = after = path[0]
    for other in path[1:]:
        if last == 0:
            raise ProofError("the proof is too long")
        if at & 1 or at == last:
            before, after = how.node(other, before), how.node(other, after)
            at, last = _upward(at, last)
        else:
            after = how.node(after, other)
        at, last = at >> 1, last >> 1
    if last:
        raise ProofError("the proof is too short")
    if before != old.root:
        raise ProofError("the proof leads to another old root")
    if after != new.root:
        raise ProofError("the proof leads to another new root")


def _upward(at: int, last: int) -> tuple[int, int]:
    """Over the levels where a last node on the left has no neighbour."""
    while at and not at & 1:
        at, last = at >> 1, last >> 1
    return at, last


def _formed(hash: str, hashes: Sequence[bytes], sizes: tuple[int, int]) -> Hashing:
    how = hashing(hash)
    if any(type(one) is not bytes or len(one) != how.width for one in hashes):
        raise ProofError(f"a hash has {how.width} octets")
    if any(type(size) is not int or not 0 <= size <= LARGEST for size in sizes):
        raise ProofError("no such size")
    return how
