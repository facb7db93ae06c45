"""Ed25519 in verify.py: the published vectors, and no signature that a looser reading takes."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.offline.given import program

FOLDER = Path(__file__).parents[1] / "api" / "vectors"


def vectors(name: str) -> list[list[Any]]:
    found: list[list[Any]] = json.loads((FOLDER / name).read_text("utf-8"))
    return found


def believed(vector: list[Any]) -> bool:
    return bool(program().signed_by(*(bytes.fromhex(part) for part in vector[1:4])))


def test_the_published_vectors_are_judged_as_published() -> None:
    published = vectors("ed25519.json")
    assert len(published) == 154
    assert [one[0] for one in published if believed(one) is not one[4]] == []


def test_points_of_small_or_mixed_order_and_second_writings_prove_nothing() -> None:
    edges = vectors("ed25519_edges.json")
    assert len(edges) == 66
    assert [one[0] for one in edges if believed(one)] == []


@pytest.mark.parametrize("part", [1, 2, 3])
def test_a_changed_key_text_or_signature_is_not_believed(part: int) -> None:
    good = next(one for one in vectors("ed25519.json") if one[4] and one[2])
    assert believed(good)
    octets = bytearray.fromhex(good[part])
    for at in range(len(octets)):
        octets[at] ^= 1
        assert not believed([*good[:part], octets.hex(), *good[part + 1 :]])
        octets[at] ^= 1


@pytest.mark.parametrize("lengths", [(0, 64), (31, 64), (33, 64), (32, 0), (32, 63), (32, 65)])
def test_keys_and_signatures_of_another_length_are_refused(lengths: tuple[int, int]) -> None:
    assert not program().signed_by(bytes(lengths[0]), b"", bytes(lengths[1]))
