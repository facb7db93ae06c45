"""日志树 the Merkle tree hash over a county's leaves (RFC 9162 2.1.1), grown leaf by leaf.

Only the roots of the complete subtrees are held: as many as the size has binary ones.
"""

import hashlib


class Tree:
    """日志树: leaf hashes go in, in order; ``root`` is the hash over all of them."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[tuple[int, bytes]] = []

    def add(self, leaf: bytes) -> None:
        """Append one leaf hash, 32 bytes."""
        self.size += 1
        width, node = 1, leaf
        while self._peaks and self._peaks[-1][0] == width:
            node = _join(self._peaks.pop()[1], node)
            width *= 2
        self._peaks.append((width, node))

    def root(self) -> str:
        """Tree hash, hex; of no leaves, the hash of nothing."""
        if not self._peaks:
            return hashlib.sha256().hexdigest()
        node = self._peaks[-1][1]
        for _, left in reversed(self._peaks[:-1]):
            node = _join(left, node)
        return node.hex()


def _join(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()
