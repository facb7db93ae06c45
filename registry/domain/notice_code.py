"""验证码 what the QR of a notice holds: the notice itself, then its signature, written in digits.

The payload is a JSON array in GB 18030 (two octets a Chinese character, where UTF-8 needs three);
the octets are written in decimal, since a QR packs digits closest and any link may hold them. Both
together keep the longest notice within what a phone reads off a sheet of paper.
"""

import struct
from datetime import date
from typing import Any

import msgspec

from registry.domain.vouching import AdmissionNotice

FORM = 1
"""Form of the payload; a new form gets a new number, old papers keep theirs."""
CHARSET = "gb18030"
SIGNATURE = 64
"""Octets of an Ed25519 signature (RFC 8032), which end the code."""
TITLE_MOST = 60
"""Characters of a title that go into the code; the paper prints it whole."""
_PAIR, _ONE = 5, 3
"""Digits that two octets, and a last single one, are written in."""
_OCTET = 256


def payload(notice: AdmissionNotice) -> bytes:
    """The very octets that are signed. What is not for the public (P8) is not in them: of such a
    notice they say number and validity only."""
    told = notice.open
    parts: list[Any] = [
        FORM, notice.county, notice.number, notice.edition, _day(notice.issued_on),
        _day(notice.starts_on), _day(notice.ends_on), notice.key_id,
    ]  # fmt: skip
    if told:
        within = notice.scope_code.removeprefix(notice.county)
        parts += [cut(notice.title), notice.scope, within, notice.share_fen]
    return msgspec.json.encode(parts).decode().encode(CHARSET)


def cut(title: str) -> str:
    """A title as the code holds it."""
    return title if len(title) <= TITLE_MOST else f"{title[: TITLE_MOST - 1]}…"


def _day(day: date | None) -> str:
    """``20260401``; empty = none stated."""
    return "" if day is None else day.isoformat().replace("-", "")


def code(signed: bytes, signature: bytes) -> str:
    """The digits of a code: what was signed, then its signature."""
    return digits(signed + signature)


def digits(octets: bytes) -> str:
    """Octets in decimal: each two as five digits, a last single one as three."""
    pairs, single = divmod(len(octets), 2)
    # One pattern for all of them: a county's approval writes thousands of codes in one act.
    written = ("%05d" * pairs) % struct.unpack(f">{pairs}H", octets[: 2 * pairs])
    return written + "%03d" * single % tuple(octets[2 * pairs :])


def octets(written: str) -> bytes:
    """The octets that digits stand for.

    Raises:
        ValueError: they are no such writing.
    """
    if not (written.isascii() and written.isdigit()):
        raise ValueError("a code is digits only")
    cuts = [written[at : at + _PAIR] for at in range(0, len(written), _PAIR)]
    found = b""
    for piece in cuts:
        length = {_PAIR: 2, _ONE: 1}.get(len(piece))
        if length is None or int(piece) >= _OCTET**length:
            raise ValueError("a code is cut off or altered")
        found += int(piece).to_bytes(length, "big")
    return found


def parted(written: str) -> tuple[bytes, bytes]:
    """What was signed, and the signature, of a code.

    Raises:
        ValueError: the digits are no code.
    """
    found = octets(written)
    if len(found) <= SIGNATURE:
        raise ValueError("a code is cut off")
    return found[:-SIGNATURE], found[-SIGNATURE:]
