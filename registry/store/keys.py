"""私钥 the private halves of the keys that sign: files that only their owner reads, written once.

They lie below the data directory and nowhere else: in no row, no log entry, no backup. A key whose
file is not here signs nothing here.
"""

import os
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

SEED = 32
"""Octets of chance that an Ed25519 key is made of (RFC 8032)."""
_FOLDER_MODE, _FILE_MODE = 0o700, 0o600
_SHOWN = 8
"""Hex digits of the public half's digest that name a key: short, for every QR carries them."""


class Keys:
    """密钥库 under the data directory."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._open: dict[str, Ed25519PrivateKey] = {}

    def make(self, seed: bytes) -> tuple[str, bytes]:
        """Write a new key's private half; returns the key's id and its public half, 32 octets.

        Raises:
            FileExistsError: it is there already; a private half is written once.
        """
        key = Ed25519PrivateKey.from_private_bytes(seed)
        public = key.public_key().public_bytes_raw()
        id = f"k{sha256(public).hexdigest()[:_SHOWN]}"
        self.folder.mkdir(parents=True, exist_ok=True, mode=_FOLDER_MODE)
        text = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        with os.fdopen(os.open(self._path(id), flags, _FILE_MODE), "wb") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        _sync(self.folder)
        return id, public

    def here(self, id: str) -> bool:
        """Whether the private half of a key lies here."""
        return self._path(id).exists()

    def sign(self, id: str, octets: bytes) -> bytes:
        """The signature of a key over octets, 64 of them.

        Raises:
            OSError, ValueError: its file is not here, or is no key.
        """
        if id not in self._open:
            key = load_pem_private_key(self._path(id).read_bytes(), None)
            if not isinstance(key, Ed25519PrivateKey):
                raise ValueError(f"{id} is no Ed25519 key")
            self._open[id] = key
        return self._open[id].sign(octets)

    def _path(self, id: str) -> Path:
        return self.folder / f"{id}.pem"


def signed_by(public: bytes, octets: bytes, signature: bytes) -> bool:
    """Whether a signature over octets is that of the key with this public half."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, octets)
    except (InvalidSignature, ValueError):
        return False
    return True


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
