"""附件文件 content-addressed files: the name is the SHA-256 of the bytes, so the same file is one."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

_PIECE = 1 << 20
"""Bytes of a file held at once."""


class Files:
    """附件库 under the data directory."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, sha256: str) -> Path:
        """Where a file with this digest lies."""
        return self.folder / sha256[:2] / sha256

    def put(self, content: bytes) -> str:
        """Keep ``content`` durably; returns its SHA-256, hex."""
        digest = hashlib.sha256(content).hexdigest()
        target = self.path(digest)
        if target.exists():
            return digest
        target.parent.mkdir(parents=True, exist_ok=True)
        waiting = target.with_suffix(f".{os.getpid()}.part")
        with waiting.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        waiting.replace(target)
        _sync(target.parent)
        return digest

    def adopt(self, written: Path) -> str:
        """Keep a file written beside the others, whatever its size; returns its SHA-256, hex."""
        with written.open("rb") as stream:
            os.fsync(stream.fileno())
        digest = _digest(written)
        target = self.path(digest)
        target.parent.mkdir(parents=True, exist_ok=True)
        written.replace(target)
        _sync(target.parent)
        return digest

    def read(self, sha256: str) -> bytes:
        """The bytes of a file; a changed file raises ``ValueError``."""
        content = self.path(sha256).read_bytes()
        if hashlib.sha256(content).hexdigest() != sha256:
            raise ValueError(f"document {sha256} has changed on disk")
        return content

    def pieces(self, sha256: str) -> Iterator[bytes]:
        """The bytes of a file whatever its size, piece by piece; a changed file raises
        ``ValueError`` before the first."""
        path = self.path(sha256)
        if _digest(path) != sha256:
            raise ValueError(f"document {sha256} has changed on disk")
        return _read(path)

    def intact(self, sha256: str) -> bool:
        """Whether the file is there and unchanged."""
        try:
            return _digest(self.path(sha256)) == sha256
        except OSError:
            return False


def _read(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while piece := stream.read(_PIECE):
            yield piece


def _digest(path: Path) -> str:
    total = hashlib.sha256()
    for piece in _read(path):
        total.update(piece)
    return total.hexdigest()


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
