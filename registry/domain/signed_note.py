"""签名文本 signed notes and cosignatures as C2SP writes them, and the keys that sign them: read
strictly, written in one way; signing and checking are given in.

https://c2sp.org/signed-note and https://c2sp.org/tlog-cosignature, as of July 2026.
"""

import re
from base64 import b64decode, b64encode
from binascii import Error as _NoBase64
from collections.abc import Callable, Iterable
from enum import IntEnum
from hashlib import sha256
from typing import NamedTuple

from registry.domain.merkle import LARGEST

Sign = Callable[[bytes], bytes]
"""What is signed → the signature, 64 octets."""
Verify = Callable[[bytes, bytes, bytes], bool]
"""(public half, what was signed, signature) → whether it is that key's."""
MOST_OCTETS = 1 << 20
"""Of a text that is read at all: far more than any number of cosignatures needs."""
SM3_SUFFIX = "/sm3"
"""Ends the origin of a log's second tree; its checkpoints bear the same key under that name."""
_ID, _PUBLIC, _SIGNATURE, _TIME = 4, 32, 64, 8
_DASH = "— "
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_ID_HEX = re.compile(r"[0-9a-f]{8}")
_CONTROL = re.compile(rb"[\x00-\x09\x0b-\x1f]")


class NoteError(ValueError):
    """文本不合格: not such a text, or not signed as it must be."""


class KeyKind(IntEnum):
    """签名类型: the octet by which C2SP tells what a key signs."""

    NOTE = 0x01
    """Ed25519 over the text: a log's own."""
    COSIGNATURE = 0x04
    """Ed25519 over text and time: a witness's."""


class NoteKey(NamedTuple):
    """验证公钥: a name and the public half of an Ed25519 key; as text, a vkey."""

    name: str
    kind: KeyKind
    public: bytes

    @property
    def id(self) -> bytes:
        """Four octets that tell a name's keys apart."""
        told = b"%b\n%c%b" % (self.name.encode(), self.kind, self.public)
        return sha256(told).digest()[:_ID]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64_of(bytes([self.kind]) + self.public)}"

    def beside(self, suffix: str = SM3_SUFFIX) -> "NoteKey":
        """The same key under the name of the log's second tree."""
        return self._replace(name=self.name + suffix)


class Signature(NamedTuple):
    """签名行."""

    name: str
    id: bytes
    octets: bytes

    def __str__(self) -> str:
        return f"{_DASH}{self.name} {base64_of(self.id + self.octets)}\n"


class Note(NamedTuple):
    """签名文本: a text, and the lines that sign it."""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        return f"{self.text}\n{''.join(map(str, self.signatures))}"

    def signed(self, *more: Signature) -> "Note":
        """With further lines; one that is there already is not doubled."""
        return self._replace(signatures=tuple(dict.fromkeys((*self.signatures, *more))))


class Signed(NamedTuple):
    """已验签名: a known key whose signature is right."""

    key: NoteKey
    time: int | None
    """Seconds since 1970, of a cosignature."""


# ------------------------------------------------------------------------------------ reading


def parse_key(text: str) -> NoteKey:
    """A vkey, ``name+id+base64``.

    Raises:
        NoteError: no vkey of an Ed25519 key.
    """
    name, id, coded = _parts(text, "+")
    octets = octets_of(coded)
    if len(octets) != 1 + _PUBLIC or octets[0] not in set(KeyKind):
        raise NoteError("not an Ed25519 vkey")
    key = NoteKey(_named(name), KeyKind(octets[0]), octets[1:])
    if not _ID_HEX.fullmatch(id) or bytes.fromhex(id) != key.id:
        raise NoteError("the key's id is another one")
    return key


def parse_note(octets: bytes) -> Note:
    """A signed note.

    Raises:
        NoteError: another form.
    """
    text = clean(octets)
    cut = text.rfind("\n\n")
    if cut < 0 or not text.endswith("\n"):
        raise NoteError("no blank line before the signatures")
    lines = text[cut + 2 : -1].split("\n")
    return Note(text[: cut + 1], tuple(_signature(line) for line in lines))


def opened(note: Note, keys: Iterable[NoteKey], verify: Verify) -> list[Signed]:
    """The signatures of known keys, each key once; those of unknown keys are passed over.

    Raises:
        NoteError: a known key's signature is wrong.
    """
    known = {(key.name, key.id): key for key in keys}
    found: dict[NoteKey, Signed] = {}
    for line in note.signatures:
        key = known.get((line.name, line.id))
        if key is not None:
            time = _checked(note.text, line, key, verify)
            found.setdefault(key, Signed(key, time))
    return list(found.values())


# ------------------------------------------------------------------------------------ signing


def sign_note(text: str, key: NoteKey, sign: Sign) -> Signature:
    """The line by which a log's own key signs a text."""
    return Signature(key.name, key.id, sign(text.encode()))


def cosign(text: str, time: int, key: NoteKey, sign: Sign) -> Signature:
    """The line by which a witness says that it saw a checkpoint at a time, seconds since 1970."""
    octets = sign(cosigned(text, time))
    return Signature(key.name, key.id, time.to_bytes(_TIME, "big") + octets)


def cosigned(text: str, time: int) -> bytes:
    """What a witness signs of a checkpoint's text."""
    return f"cosignature/v1\ntime {time}\n{text}".encode()


def succession(old: NoteKey, new: NoteKey) -> bytes:
    """What a log's key signs of the one that comes after it; no text of a checkpoint reads so."""
    return f"key-succession/v1\n{old}\n{new}\n".encode()


def _checked(text: str, line: Signature, key: NoteKey, verify: Verify) -> int | None:
    octets, said, time = line.octets, text.encode(), None
    if key.kind is KeyKind.COSIGNATURE:
        time = int.from_bytes(octets[:_TIME], "big")
        octets, said = octets[_TIME:], cosigned(text, time)
    if len(octets) != _SIGNATURE or (time or 0) > LARGEST or not verify(key.public, said, octets):
        raise NoteError(f"the signature of {key.name} is wrong")
    return time


def _signature(line: str) -> Signature:
    if not line.startswith(_DASH):
        raise NoteError("a signature line begins with a dash")
    name, coded = _parts(line.removeprefix(_DASH), " ")
    octets = octets_of(coded)
    if len(octets) <= _ID:
        raise NoteError("a signature is cut off")
    return Signature(_named(name), octets[:_ID], octets[_ID:])


def _parts(text: str, mark: str) -> list[str]:
    """Name and what follows it: of a vkey two more, whose last may hold the mark itself."""
    parts = text.split(mark, 2 if mark == "+" else -1)
    if len(parts) != (2 + (mark == "+")):
        raise NoteError("parts are missing, or too many")
    return parts


def _named(name: str) -> str:
    if not name or "+" in name or any(one.isspace() or one < " " for one in name):
        raise NoteError("no key has such a name")
    return name


def clean(octets: bytes) -> str:
    """A text without control characters but line feeds.

    Raises:
        NoteError: another.
    """
    if len(octets) > MOST_OCTETS or _CONTROL.search(octets):
        raise NoteError("too long, or with control characters")
    try:
        return octets.decode()
    except UnicodeDecodeError as error:
        raise NoteError("not UTF-8") from error


def whole(text: str) -> int:
    """A size or index.

    Raises:
        NoteError: no such number, or written in another way.
    """
    if not _SIZE.fullmatch(text) or int(text) > LARGEST:
        raise NoteError("not a whole number")
    return int(text)


def base64_of(octets: bytes) -> str:
    """Octets in base64 (RFC 4648, section 4)."""
    return b64encode(octets).decode()


def octets_of(text: str) -> bytes:
    """Octets of base64 that is written as ``base64_of`` writes it.

    Raises:
        NoteError: anything else.
    """
    try:
        octets = b64decode(text, validate=True)
    except (_NoBase64, ValueError) as error:
        raise NoteError("not base64") from error
    if base64_of(octets) != text:
        raise NoteError("not base64 as it is written")
    return octets
