"""审计: the bytes under a leaf are RFC 8785's, and a row's seal changes with any value in it."""

import json
import os
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import msgspec
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from registry.domain.audit import canonical, leaf, seal, wire
from registry.store.tables import BY_RECORD

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
KEYS = st.text(st.characters(max_codepoint=127), max_size=8)
WHOLE = st.integers(min_value=-(2**53) + 1, max_value=2**53 - 1)
VALUES = st.recursive(
    st.one_of(TEXT, WHOLE, st.booleans(), st.none()),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=12,
)
"""What an entry may hold: strings, whole numbers, booleans, lists, objects with ASCII keys."""


@given(VALUES)
def test_entries_are_written_as_another_library_writes_them(value: Any) -> None:
    assert canonical(value) == rfc8785.dumps(value)


@pytest.mark.parametrize("value", [object(), {1: "a"}, complex(1, 2), "\ud800"])
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    with pytest.raises((TypeError, UnicodeEncodeError)):
        canonical(value)


# ---- public vectors ----------------------------------------------------------------------------

NAMES = ("arrays", "french", "structures", "unicode", "values", "weird")
OUTSIDE = {
    "structures": "holds a number with a point: no amount of ours has one",
    "values": "holds numbers with a point: no amount of ours has one",
    "weird": "its keys lie outside ASCII: ours are field names",
}


@pytest.fixture
def vectors() -> Path:
    """The folder of public vectors; in CI its absence is a failure."""
    named = os.environ.get("REGISTRY_TEST_VECTORS", "")
    folder = Path(named) / "rfc8785"
    if not named or not folder.is_dir():
        if os.environ.get("CI"):
            pytest.fail("REGISTRY_TEST_VECTORS names no rfc8785 vectors")
        pytest.skip("no public vectors: set REGISTRY_TEST_VECTORS")
    return folder


@pytest.mark.parametrize("name", [n for n in NAMES if n not in OUTSIDE])
def test_a_public_vector_comes_out_byte_by_byte(vectors: Path, name: str) -> None:
    value = json.loads((vectors / "input" / f"{name}.json").read_text("utf-8"))
    assert canonical(value) == (vectors / "output" / f"{name}.json").read_bytes()
    hexes = (vectors / "outhex" / f"{name}.txt").read_text("ascii").split()
    assert canonical(value) == bytes.fromhex("".join(hexes))


def test_every_public_vector_is_run_or_lies_outside_for_its_stated_reason(vectors: Path) -> None:
    assert sorted(p.stem for p in (vectors / "input").glob("*.json")) == sorted(NAMES)
    for name, reason in OUTSIDE.items():
        value = json.loads((vectors / "input" / f"{name}.json").read_text("utf-8"))
        assert _has_point(value) == ("point" in reason), name
        assert _beyond_ascii(value) == ("ASCII" in reason), name


def _has_point(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_has_point(v) for v in value.values())
    if isinstance(value, list):
        return any(_has_point(v) for v in value)
    return isinstance(value, float)


def _beyond_ascii(value: Any) -> bool:
    if isinstance(value, dict):
        return any(not k.isascii() or _beyond_ascii(v) for k, v in value.items())
    return isinstance(value, list) and any(_beyond_ascii(v) for v in value)


def _kinds(info: Any, seen: set[type]) -> set[type]:
    """Every kind of type inside a type, structs looked into once."""
    found = {type(info)}
    if isinstance(info, msgspec.inspect.StructType):
        if info.cls in seen:
            return found
        seen.add(info.cls)
        parts = [f.type for f in info.fields]
    else:
        parts = [getattr(info, a) for a in ("item_type", "key_type", "value_type")
                 if hasattr(info, a)] + list(getattr(info, "types", ()))  # fmt: skip
    for part in parts:
        found |= _kinds(part, seen)
    return found


@pytest.mark.parametrize("kind", BY_RECORD, ids=lambda kind: str(kind.__name__))
def test_no_record_has_a_field_with_a_decimal_point(kind: type) -> None:
    assert msgspec.inspect.FloatType not in _kinds(msgspec.inspect.type_info(kind), set())


# ---- leaves ------------------------------------------------------------------------------------

LEAVES = {
    "": "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "00": "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "10": "0298d122906dcfc10892cb53a73992fc5b9f493ea4c9badb27b791b4127a7fe7",
    "2021": "07506a85fd9dd2f120eb694f86011e5bb4662e5c415a62917033d4a9624487e7",
    "3031": "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    "40414243": "4271a26be0d8a84f0bd54c8c302e7cb3a3b5d1fa6780a40bcce2873477dab658",
    "5051525354555657": "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
    "606162636465666768696a6b6c6d6e6f":
        "46f6ffadd3d06a09ff3c5860d2755c8b9819db7df44251788c7d8e3180de8eb1",
}  # fmt: skip


@pytest.mark.parametrize(("entry", "digest"), LEAVES.items())
def test_a_leaf_is_hashed_as_certificate_transparency_hashes_it(entry: str, digest: str) -> None:
    assert leaf(bytes.fromhex(entry)) == digest


# ---- seals -------------------------------------------------------------------------------------

ROW: dict[str, Any] = {
    "county": "990102", "id": "x", "version": 1, "title": "甲", "amount_fen": 100, "open": True,
    "due_on": date(2026, 3, 2), "at": datetime(2026, 3, 2, 4, 0, tzinfo=UTC), "tags": ["一"],
}  # fmt: skip


@pytest.mark.parametrize("column", ROW)
def test_a_seal_changes_with_any_value(column: str) -> None:
    other = {
        str: "乙", int: 101, bool: False, date: date(2026, 3, 3), list: ["一", "二"],
        datetime: datetime(2026, 3, 2, 4, 0, 0, 1, tzinfo=UTC),
    }[type(ROW[column])]  # fmt: skip
    assert seal("request", ROW | {column: other}) != seal("request", ROW)


@pytest.mark.parametrize("column", ROW)
def test_a_seal_changes_when_a_value_is_taken_away(column: str) -> None:
    assert seal("request", {k: v for k, v in ROW.items() if k != column}) != seal("request", ROW)


def test_a_seal_ignores_what_is_absent_so_that_a_new_column_breaks_no_old_one() -> None:
    assert seal("request", ROW | {"added_later": None}) == seal("request", ROW)


def test_a_value_moved_to_another_column_or_table_changes_the_seal() -> None:
    moved = {("name" if k == "title" else k): v for k, v in ROW.items()}
    assert seal("request", moved) != seal("request", ROW) != seal("task", ROW)


def test_a_seal_ignores_the_logs_own_columns_and_their_order() -> None:
    logged = ROW | {"event_from": 7, "event_to": 8, "digest": "…"}
    assert seal("request", dict(reversed(logged.items()))) == seal("request", ROW)


def test_one_instant_has_one_form_wherever_it_was_read() -> None:
    at = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
    shanghai = at.astimezone(timezone(timedelta(hours=8)))
    assert wire(at) == wire(shanghai) == "2026-03-02T04:00:00.000000+00:00"
    assert seal("t", {"at": at}) == seal("t", {"at": shanghai})
