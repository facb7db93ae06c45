"""立足点 the columns worked out of a row's ``body``, so that a walk over many need not read it.

They are no part of the record and under no seal of their own: the body is sealed, and a
verification works them out again from it.
"""

import hashlib
from collections.abc import Callable
from typing import Any

import msgspec

_BYTES = 16
"""Of the digest: 128 bits."""


class _Asked(msgspec.Struct, frozen=True):
    """Of a request's body."""

    verdict_id: str | None = None
    drafted_by: str | None = None
    narrowed_by: str | None = None


class Kept(msgspec.Struct, frozen=True):
    """留存意见: of a verdict's body, what it was made from."""

    facts: msgspec.Raw
    reading: str = ""


class _Was(msgspec.Struct, frozen=True):
    row_key: str | None = None
    since: str | None = None
    times_a_year: int | None = None


class _There(msgspec.Struct, frozen=True):
    """Of a presence's body."""

    legacy: _Was | None = None
    duration: str | None = None
    times_year: int | None = None
    people: int | None = None


_there = msgspec.json.Decoder(_There)
_asked = msgspec.json.Decoder(_Asked)
_kept = msgspec.json.Decoder(Kept)


def _of_request(body: str) -> dict[str, Any]:
    told = _asked.decode(body)
    return {
        "verdict_id": told.verdict_id, "drafted_by": told.drafted_by,
        "narrowed_by": told.narrowed_by,
    }  # fmt: skip


def _of_presence(body: str) -> dict[str, Any]:
    there = _there.decode(body)
    was, times = there.legacy or _Was(), there.times_year
    return {
        "row_key": was.row_key, "duration": there.duration, "people": there.people,
        "times_year": was.times_a_year if times is None else times, "since": was.since,
    }  # fmt: skip


def kept_of(body: str) -> Kept:
    """What a verdict was made from."""
    return _kept.decode(body)


def _of_verdict(body: str) -> dict[str, Any]:
    kept = kept_of(body)
    told = kept.reading.encode() + b"\n" + bytes(kept.facts)
    return {"footing": hashlib.blake2b(told, digest_size=_BYTES).hexdigest()}


_DERIVED: dict[str, Callable[[str], dict[str, Any]]] = {
    "presence": _of_presence, "request": _of_request, "verdict": _of_verdict,
}  # fmt: skip


def derived(table: str, body: str) -> dict[str, Any]:
    """The derived columns of a row; two verdicts of one ``footing`` were made from the same facts,
    read from the same lists, calendar and numbers."""
    of = _DERIVED.get(table)
    return of(body) if of else {}
