"""取走文件 a file that comes in pieces: kept under another name until it is whole and what was said."""

import hashlib
from base64 import b64decode
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from registry.domain.records import Wire

PARTIAL = 206
_REPR = "repr-digest"
_NAME = "sha-256=:"


class FileError(ValueError):
    """文件不符: what came is not what was said; nothing was kept."""


class Kept(Wire, frozen=True, kw_only=True):
    """已取走."""

    path: Path
    sha256: str
    octets: int
    snapshot: int | None = None
    """快照号 it was made at, where the answer says so."""
    checked: bool = False
    """Whether the registry told a digest, and it is this."""


class Sink:
    """接收: pieces go to a file beside the target; only what is whole takes its name."""

    def __init__(self, path: Path) -> None:
        self.path, self._part = path, path.with_name(path.name + ".part")
        self._file: BinaryIO | None = None
        self._digest, self._octets = hashlib.sha256(), 0
        self._tag, self._whole = "", 0

    def begin(self, status: int, headers: Mapping[str, str]) -> None:
        """The rest of what came before, where this is it; else what came before is thrown away."""
        if status == PARTIAL and self._file is not None:
            return
        self.stop()
        self._file = self._part.open("wb")
        self._digest, self._octets = hashlib.sha256(), 0
        self._tag = headers.get("etag", "") if headers.get("accept-ranges") == "bytes" else ""
        self._whole = int(headers.get("content-length", "0"))

    def rest(self) -> dict[str, str]:
        """Headers that ask for what is still missing of a file that stays what it is; else none."""
        if self._file is None or not self._tag or not 0 < self._octets < self._whole:
            return {}
        return {"range": f"bytes={self._octets}-", "if-range": self._tag}

    def write(self, piece: bytes) -> None:
        """Take one piece."""
        assert self._file is not None
        self._file.write(piece)
        self._digest.update(piece)
        self._octets += len(piece)

    def stop(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def finish(self, headers: Mapping[str, str], expected: str = "") -> Kept:
        """Give it its name, if it is what the registry or the caller said.

        Args:
            expected: SHA-256, hex, known beforehand.

        Raises:
            FileError: another digest.
        """
        self.stop()
        found, said = self._digest.hexdigest(), told_digest(headers)
        for one in filter(None, (said, expected.lower())):
            if one != found:
                self._part.unlink(missing_ok=True)
                raise FileError(f"SHA-256 {found} where {one} was told")
        self._part.replace(self.path)
        number = headers.get("x-snapshot", "").rpartition("-")[2]  # county-number
        return Kept(
            path=self.path, sha256=found, octets=self._octets, checked=bool(said),
            snapshot=int(number) if number.isascii() and number.isdigit() else None,
        )  # fmt: skip


def told_digest(headers: Mapping[str, str]) -> str:
    """SHA-256, hex, of a ``Repr-Digest`` (RFC 9530); empty = none was told.

    Raises:
        FileError: it is told in another form.
    """
    told = headers.get(_REPR, "")
    for part in told.split(","):
        if part.strip().startswith(_NAME):
            try:
                return b64decode(part.strip()[len(_NAME) :].rstrip(":"), validate=True).hex()
            except ValueError as error:
                raise FileError("the digest is not in base64") from error
    return ""
