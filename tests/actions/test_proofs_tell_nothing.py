"""证明 tells nothing of other entries: whoever guesses one right, all but its salt, cannot see it."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import msgspec
import pytest

from registry.actions.office import Office
from registry.actions.sealing import checkpointing, proving, tiles
from registry.domain.audit import canonical
from registry.domain.checkpoint import parse_proof
from registry.domain.hashing import SHA256, TREES, hashing
from registry.store.proven import entry_of
from tests.actions.case import Hands, admitted

HERE = "990102"


def entries(office: Office) -> list[bytes]:
    found = []
    with office.store.settled() as connection:
        while (one := entry_of(connection, HERE, len(found) + 1)) is not None:
            found.append(one)
    return found


def guesses(entry: bytes, salts: list[str]) -> Iterator[bytes]:
    """All that a neighbour could think of: each outcome, code and person, the right ones among
    them, under every salt that was ever seen or stands to reason."""
    told: dict[str, Any] = msgspec.json.decode(entry)
    for outcome, actor, code, salt in product(
        ("done", "refused"), (told["actor"], "system", "p-1"), ("", told["code"]), salts
    ):
        yield canonical(told | {"outcome": outcome, "actor": actor, "code": code, "salt": salt})


@pytest.mark.parametrize("tree", TREES)
def test_a_guess_that_is_right_but_for_the_salt_meets_no_hash_that_is_given_out(
    one_hand: Hands, one_office: Office, tree: str
) -> None:
    admitted(one_hand)
    one_office.trees = TREES
    checkpointing.seal(one_office, HERE)
    told = entries(one_office)
    # What may be had: a receipt with its entry and path, and the tiles that anybody reads.
    size, mine = checkpointing.shown(one_office, HERE, tree).size, 7
    receipt = parse_proof(proving.receipt_of(one_office, HERE, mine, tree=tree).encode())
    width = len(hashing(tree).empty)
    tile = tiles.read(one_office, HERE, tree, tiles.Tile(0, 0, min(size, 256)))
    public = {tile[at : at + width] for at in range(0, len(tile), width)} | {*receipt.path}
    own = msgspec.json.decode(receipt.extra or b"{}")["salt"]
    known = ["", "0" * 32, "f" * 32, own, *(f"{n:032x}" for n in range(1, 20))]
    leaf = hashing(tree).leaf
    for seq, entry in enumerate(told[:size], 1):
        if seq != mine:
            assert not [one for one in guesses(entry, known) if leaf(one) in public], seq
    # The dictionary is good enough: with the salt the very same guess is there.
    other = told[mine]
    salt = msgspec.json.decode(other)["salt"]
    assert [one for one in guesses(other, [salt]) if leaf(one) in public]


def test_every_entry_has_a_salt_of_its_own_of_sixteen_octets(
    one_hand: Hands, one_office: Office
) -> None:
    admitted(one_hand)
    salts = [msgspec.json.decode(one)["salt"] for one in entries(one_office)]
    assert {len(bytes.fromhex(salt)) for salt in salts} == {16}
    assert len({*salts}) == len(salts)


def test_a_receipt_holds_one_entry_and_else_hashes_alone(
    one_hand: Hands, one_office: Office
) -> None:
    admitted(one_hand)
    octets = proving.receipt_of(one_office, HERE, 7).encode()
    receipt = parse_proof(octets)
    assert receipt.extra == entries(one_office)[6]
    assert {len(one) for one in receipt.path} == {len(hashing(SHA256).empty)}
    names = {b"extra", b"index"}
    head = octets.partition(b"\n\n")[0].split(b"\n")[1:]
    assert {line.split(b" ")[0] for line in head if b" " in line} == names
