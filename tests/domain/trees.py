"""Trees for tests: made the slow way, straight from the definition (RFC 9162 2.1.1)."""

import os
from functools import cache
from pathlib import Path

import pytest

from registry.domain.hashing import hashing
from registry.domain.merkle import Head, Reader


def entry(at: int) -> bytes:
    return b"entry %d" % at


@cache
def span_hash(start: int, end: int, hash: str = "sha256") -> bytes:
    """Tree hash of the entries ``start`` … ``end - 1``, by the definition's recursion."""
    how = hashing(hash)
    if start == end:
        return how.of(b"")
    if end - start == 1:
        return how.of(b"\x00" + entry(start))
    half = 1
    while half * 2 < end - start:
        half *= 2
    left = span_hash(start, start + half, hash)
    return how.of(b"\x01" + left + span_hash(start + half, end, hash))


def head(size: int, hash: str = "sha256") -> Head:
    return Head(size, span_hash(0, size, hash))


def reader(hash: str = "sha256") -> Reader:
    return lambda level, at: span_hash(at << level, (at + 1) << level, hash)


def given(variable: str, *parts: str) -> Path:
    """Where data of others lies; in CI its absence is a failure."""
    named = os.environ.get(variable, "")
    found = Path(named, *parts)
    if not named or not found.exists():
        if os.environ.get("CI"):
            pytest.fail(f"{variable} names no {'/'.join(parts)}")
        pytest.skip(f"{variable} is not set")
    return found
