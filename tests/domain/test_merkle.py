"""日志树: every proof that is made is believed, and nothing that was changed in any place."""

from collections.abc import Sequence
from functools import partial

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from registry.domain import hashing as hashes
from registry.domain.hashing import HashMissingError, hashing
from registry.domain.merkle import (
    LARGEST,
    Head,
    ProofError,
    Tree,
    check_consistency,
    check_inclusion,
    consistency,
    consistency_spans,
    covering,
    from_kept,
    grown,
    inclusion,
    inclusion_spans,
    needed,
    root,
)
from tests.domain.trees import entry, head, reader, span_hash

NAMES = ("sha256", "sm3")
MOST = 70
SIZES = st.integers(1, MOST)


def leaf_of(at: int, hash: str = "sha256") -> bytes:
    return hashing(hash).leaf(entry(at))


def tree_of(size: int, hash: str = "sha256") -> Tree:
    tree = Tree(hash)
    for at in range(size):
        tree.add(leaf_of(at, hash))
    return tree


# ---------------------------------------------------------------------------------- the tree


@pytest.mark.parametrize("hash", NAMES)
def test_a_growing_tree_has_the_hash_of_the_definition_at_every_size(hash: str) -> None:
    tree = Tree(hash)
    for size in range(MOST):
        assert (tree.size, tree.digest()) == head(size, hash)
        assert root(size, reader(hash), hash) == tree.digest()
        tree.add(leaf_of(size, hash))


@given(SIZES, st.integers(0, MOST))
def test_a_tree_taken_up_where_it_stood_goes_on_as_if_never_left(size: int, more: int) -> None:
    tree = grown(size, reader())
    for at in range(size, size + more):
        tree.add(leaf_of(at))
    assert (tree.size, tree.root()) == (size + more, tree_of(size + more).root())


def test_a_tree_of_a_hash_nobody_knows_is_refused() -> None:
    with pytest.raises(HashMissingError, match="md5"):
        Tree("md5")


def test_without_the_systems_sm3_the_library_that_signs_makes_the_same() -> None:
    beside = hashes._sm3_beside()
    assert beside(b"abc") == hashing("sm3").of(b"abc")
    assert beside(b"abc").hex().startswith("66c7f0f462eeedd9")


# ------------------------------------------------------------------------------------- nodes


def test_any_subtree_is_folded_from_at_most_128_kept_neighbours() -> None:
    asked: list[tuple[int, int, int]] = []

    def kept(level: int, first: int, many: int) -> list[bytes]:
        asked.append((level, first, many))
        return [span_hash(at << level, (at + 1) << level) for at in range(first, first + many)]

    read = from_kept(kept)
    for level in range(13):
        assert read(level, 1) == span_hash(1 << level, 2 << level)
    assert {level for level, _, _ in asked} == {0, 8}
    assert max(many for _, _, many in asked) == 128


def test_a_kept_node_that_is_not_there_makes_no_proof() -> None:
    read = from_kept(lambda level, first, many: [b"\0" * 32] * (many - 1))
    with pytest.raises(ProofError, match="level 3, position 5"):
        read(3, 5)


@given(st.integers(0, 10**9), st.integers(1, 10**9))
def test_what_a_proof_reads_can_be_had_at_once_and_is_little(index: int, more: int) -> None:
    size = index + more
    for spans in (inclusion_spans(index, size), consistency_spans(index or 1, size)):
        places = needed(spans)
        assert len(places) <= 2 * size.bit_length()
        covered = [(at << level, (at + 1) << level) for level, at in places]
        assert sum(end - start for start, end in covered) == sum(e - s for s, e in spans)
        assert all(end <= size for _, end in covered)


def test_a_span_is_covered_left_to_right_by_the_largest_subtrees() -> None:
    assert covering((0, 7)) == [(2, 0), (1, 2), (0, 6)]
    assert covering((8, 13)) == [(2, 2), (0, 12)]
    assert covering((3, 3)) == []


# ------------------------------------------------------------------------------------ proofs


@given(SIZES, st.data(), st.sampled_from(NAMES))
def test_every_proof_of_inclusion_is_believed(size: int, data: st.DataObject, hash: str) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion(index, size, reader(hash), hash)
    check_inclusion(leaf_of(index, hash), index, head(size, hash), proof, hash=hash)


@given(SIZES, st.data(), st.sampled_from(NAMES))
def test_every_proof_of_consistency_is_believed(size: int, data: st.DataObject, hash: str) -> None:
    old = data.draw(st.integers(1, size))
    proof = consistency(old, size, reader(hash), hash)
    check_consistency(head(old, hash), head(size, hash), proof, hash=hash)


def mutated(data: st.DataObject, proof: Sequence[bytes]) -> list[bytes]:
    """The proof, changed in one way."""
    ways = ["add"] + ["flip", "drop", "cut", "double"] * bool(proof) + ["swap"] * (len(proof) > 1)
    way, made = data.draw(st.sampled_from(ways)), list(proof)
    if way == "add":
        made.insert(data.draw(st.integers(0, len(made))), data.draw(st.binary(max_size=40)))
        return made
    at = data.draw(st.integers(0, len(made) - 1 - (way == "swap")))
    if way == "flip":
        made[at] = flipped(data, made[at])
    elif way == "drop":
        del made[at]
    elif way == "cut":
        made[at] = made[at][:-1]
    elif way == "double":
        made.insert(at, made[at])
    else:
        made[at], made[at + 1] = made[at + 1], made[at]
    return made


def flipped(data: st.DataObject, octets: bytes) -> bytes:
    bit = data.draw(st.integers(0, 8 * len(octets) - 1))
    changed = bytearray(octets)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


@given(SIZES, st.data(), st.sampled_from(NAMES))
def test_no_changed_proof_of_inclusion_is_believed(
    size: int, data: st.DataObject, hash: str
) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion(index, size, reader(hash), hash)
    changed = mutated(data, proof)
    assume(changed != proof)
    with pytest.raises(ProofError):
        check_inclusion(leaf_of(index, hash), index, head(size, hash), changed, hash=hash)


@given(SIZES, st.data(), st.sampled_from(NAMES))
def test_no_changed_proof_of_consistency_is_believed(
    size: int, data: st.DataObject, hash: str
) -> None:
    old = data.draw(st.integers(1, size))
    proof = consistency(old, size, reader(hash), hash)
    changed = mutated(data, proof)
    assume(changed != proof)
    with pytest.raises(ProofError):
        check_consistency(head(old, hash), head(size, hash), changed, hash=hash)


@given(SIZES, st.data())
def test_a_proof_of_inclusion_holds_for_one_leaf_place_and_head_only(
    size: int, data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof, true = inclusion(index, size, reader()), head(size)
    check = partial(check_inclusion, proof=proof)
    leaf = leaf_of(index)
    others = [
        lambda: check(flipped(data, leaf), index, true),
        lambda: check(leaf, index, true._replace(root=flipped(data, true.root))),
        lambda: check(leaf, index + 1, true),
        lambda: check(leaf, index - 1, true),
        lambda: check(leaf, size, true),
    ]
    for other in others:
        with pytest.raises(ProofError):
            other()


@given(SIZES, st.data())
def test_a_proof_of_inclusion_says_nothing_of_another_size_with_another_shape(
    size: int, data: st.DataObject
) -> None:
    index, step = data.draw(st.integers(0, size - 1)), data.draw(st.sampled_from((1, -1)))
    assume(size + step > 0)
    proof, leaf = inclusion(index, size, reader()), leaf_of(index)
    with pytest.raises(ProofError):
        check_inclusion(leaf, index, head(size + step), proof)
    # Under the true root a wrong size is seen where the way up differs: RFC 9162 binds no more,
    # for a head is signed with its size.
    if (index, size + step) not in _same_way(index, size):
        with pytest.raises(ProofError):
            check_inclusion(leaf, index, Head(size + step, head(size).root), proof)


def _same_way(index: int, size: int) -> set[tuple[int, int]]:
    """Sizes at which a leaf is proven by as many hashes on the same sides."""

    def sides(of: int) -> list[bool]:
        return [start > index for start, _ in inclusion_spans(index, of)]

    return {(index, n) for n in (size - 1, size, size + 1) if n > index and sides(n) == sides(size)}


@given(SIZES, st.data())
def test_a_proof_of_consistency_holds_for_two_heads_only(size: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, size))
    proof, before, after = consistency(old, size, reader()), head(old), head(size)
    others = [
        (before._replace(root=flipped(data, before.root)), after),
        (before, after._replace(root=flipped(data, after.root))),
        (head(old + 1), after),
        (head(old - 1), after),
        (before, head(size + 1)),
        (before, head(size - 1)),
        (after, before),
    ]
    for one in others:
        if one != (before, after):
            with pytest.raises(ProofError):
                check_consistency(*one, proof)


@pytest.mark.parametrize("size", [-1, LARGEST + 1, True, 2.0, "2", None])
def test_a_size_that_never_was_is_refused(size: int) -> None:
    true = head(2)
    with pytest.raises(ProofError):
        check_inclusion(leaf_of(0), 0, Head(size, true.root), [leaf_of(1)])
    with pytest.raises(ProofError):
        check_inclusion(leaf_of(0), size, true, [leaf_of(1)])
    with pytest.raises(ProofError):
        check_consistency(Head(size, true.root), head(3), [])


def test_an_empty_tree_proves_nothing() -> None:
    with pytest.raises(ProofError):
        check_consistency(head(0), head(1), [])
    with pytest.raises(ProofError):
        check_consistency(head(0), head(0), [])
    with pytest.raises(ProofError):
        check_inclusion(leaf_of(0), 0, head(0), [])
    for make in (lambda: consistency(0, 5, reader()), lambda: consistency(6, 5, reader()),
                 lambda: inclusion(5, 5, reader()),
                 lambda: inclusion(-1, 5, reader())):  # fmt: skip
        with pytest.raises(ProofError):
            make()


def test_one_size_has_one_root() -> None:
    check_consistency(head(5), head(5), [])
    with pytest.raises(ProofError):
        check_consistency(head(5), head(5)._replace(root=head(4).root), [])
    with pytest.raises(ProofError):
        check_consistency(head(5), head(5), [head(5).root])


def test_a_proof_under_one_hash_is_none_under_the_other() -> None:
    proof = inclusion(3, 9, reader())
    with pytest.raises(ProofError):
        check_inclusion(leaf_of(3), 3, head(9), proof, hash="sm3")


@pytest.mark.parametrize("hash", [b"", b"\0" * 31, b"\0" * 33, "0" * 32, None, bytearray(32)])
def test_a_hash_of_another_width_or_kind_is_refused(hash: bytes) -> None:
    for proof in ([hash], [leaf_of(1), hash]):
        with pytest.raises(ProofError, match="32 octets"):
            check_inclusion(leaf_of(0), 0, head(2), proof)
    with pytest.raises(ProofError, match="32 octets"):
        check_inclusion(hash, 0, head(1), [])
    with pytest.raises(ProofError, match="32 octets"):
        check_consistency(Head(1, hash), head(2), [leaf_of(1)])
