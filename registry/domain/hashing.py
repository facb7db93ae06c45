"""杂凑 how leaves and nodes of a log's tree are hashed, by the name of the hash."""

import hashlib
from collections.abc import Callable, Sequence
from functools import cache

SHA256, SM3 = "sha256", "sm3"
"""Names of the hashes that a tree may be made with: RFC 9162's, and GB/T 32905 beside it."""
TREES = (SHA256, SM3)
"""Trees that may stand over one log."""

Digest = Callable[[bytes], bytes]


class HashMissingError(RuntimeError):
    """缺少杂凑算法: the machine knows no hash of that name."""


class Hashing:
    """杂凑: how leaves and nodes are hashed, so that none passes for the other (RFC 9162 2.1.1)."""

    def __init__(self, name: str) -> None:
        self.name, self.of = name, _digest(name)
        self.empty = self.of(b"")
        """Tree hash of no leaves."""
        self.width = len(self.empty)

    def leaf(self, entry: bytes) -> bytes:
        """Hash of an entry."""
        return self.of(b"\x00" + entry)

    def node(self, left: bytes, right: bytes) -> bytes:
        """Hash of two hashes that stand side by side."""
        return self.of(b"\x01" + left + right)

    def joined(self, hashes: Sequence[bytes]) -> bytes:
        """What subtrees of falling size, left to right, hash to together.

        Raises:
            IndexError: there are none.
        """
        node = hashes[-1]
        for left in reversed(hashes[:-1]):
            node = self.of(b"\x01" + left + node)
        return node

    def folded(self, hashes: Sequence[bytes]) -> bytes:
        """The hash over neighbours of one level, as many as a power of two."""
        of = self.of
        while len(hashes) > 1:
            one = iter(hashes)
            hashes = [of(b"\x01" + left + right) for left, right in zip(one, one, strict=True)]
        return hashes[0]


@cache
def hashing(name: str = SHA256) -> Hashing:
    """The hashing of that name.

    Raises:
        HashMissingError: this machine does not know it.
    """
    return Hashing(name)


def _digest(name: str) -> Digest:
    if name == SHA256:
        sha256 = hashlib.sha256
        return lambda data: sha256(data).digest()
    if name != SM3:
        raise HashMissingError(f"no tree is made with {name} / 没有采用 {name} 的日志树")
    try:
        hashlib.new(SM3)
    except ValueError:
        return _sm3_beside()
    return lambda data: hashlib.new(SM3, data).digest()


def _sm3_beside() -> Digest:
    """SM3 out of the library that signs, where the system's own has none."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import hashes

    def digest(data: bytes) -> bytes:
        made = hashes.Hash(hashes.SM3())
        made.update(data)
        return made.finalize()

    try:
        digest(b"")
    except UnsupportedAlgorithm as error:
        raise HashMissingError("SM3 is not on this machine / 本机没有 SM3 杂凑算法") from error
    return digest
