"""日志树: published vectors, mostly of what must be refused, and those of the tree with SM3."""

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest

from registry.domain.hashing import hashing
from registry.domain.merkle import (
    Head,
    ProofError,
    Tree,
    check_consistency,
    check_inclusion,
    consistency,
    inclusion,
    root,
)
from tests.domain.trees import given

OUTSIDE = {
    "consistency/additional/sizes-are-equal-one-and-proof-is-empty.json":
        "its roots have sixteen letters, and a strict reader takes none but hashes",
}  # fmt: skip
EIGHT = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657",
         "606162636465666768696a6b6c6d6e6f"]  # fmt: skip


@pytest.fixture
def folder() -> Path:
    return given("REGISTRY_TEST_VECTORS", "merkle")


@pytest.fixture
def ours() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        given("REGISTRY_TEST_DATA", "rfc6962_vectors.json").read_text("utf-8")
    )
    return found


def believed(case: dict[str, Any]) -> bool:
    """What we say of a public case."""
    proof = [b64decode(one) for one in case["proof"] or []]
    try:
        if "leafIdx" in case:
            head = Head(case["treeSize"], b64decode(case["root"] or ""))
            check_inclusion(b64decode(case["leafHash"] or ""), case["leafIdx"], head, proof)
        else:
            old = Head(case["size1"], b64decode(case["root1"] or ""))
            check_consistency(old, Head(case["size2"], b64decode(case["root2"] or "")), proof)
    except ProofError:
        return False
    return True


def test_every_public_vector_is_judged_as_its_makers_judge_it(folder: Path) -> None:
    files = sorted(folder.rglob("*.json"))
    assert len(files) == 196
    wrong = set()
    for file in files:
        case = json.loads(file.read_text("utf-8"))
        if believed(case) is case["wantErr"]:
            wrong.add(file.relative_to(folder).as_posix())
    assert wrong == set(OUTSIDE)


def test_the_one_exception_is_no_hash_at_all(folder: Path) -> None:
    for name in OUTSIDE:
        case = json.loads((folder / name).read_text("utf-8"))
        assert len(b64decode(case["root1"])) != 32


@pytest.mark.parametrize("hash", ["sha256", "sm3"])
def test_all_proofs_of_the_trees_up_to_eight_are_ours(ours: dict[str, Any], hash: str) -> None:
    told, how = ours[hash], hashing(hash)
    leaves = [how.leaf(bytes.fromhex(one)) for one in told["leaf_inputs_hex"]]
    assert told["leaf_inputs_hex"] == EIGHT
    assert [one.hex() for one in leaves] == told["leaf_hashes"]
    assert how.empty.hex() == told["empty_root"]

    def read(level: int, at: int) -> bytes:
        return how.folded(leaves[at << level : (at + 1) << level])

    roots = {size: root(size, read, hash) for size in range(1, 9)}
    assert {str(size): one.hex() for size, one in roots.items()}.items() <= told["roots"].items()
    included, consistent = told["inclusion"], told["consistency"]
    assert (len(included), len(consistent)) == (36, 36)
    for case in included:
        at, size = case["index"], case["size"]
        proof = inclusion(at, size, read, hash)
        assert [one.hex() for one in proof] == case["path"]
        check_inclusion(leaves[at], at, Head(size, roots[size]), proof, hash=hash)
    for case in consistent:
        old, new = case["old"], case["new"]
        proof = consistency(old, new, read, hash)
        assert [one.hex() for one in proof] == case["proof"]
        check_consistency(Head(old, roots[old]), Head(new, roots[new]), proof, hash=hash)


# ------------------------------------------------------------------- written out, for any machine

ROOTS = {
    "sha256": {
        0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        4: "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        6: "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    },
    "sm3": {
        0: "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b",
        1: "2daef60e7a0b8f5e024c81cd2ab3109f2b4f155cf83adeb2ae5532f74a157fdf",
        3: "209ec96a210d662a964772680e8544d18cab7b88ffec3e00962220349b56ea56",
        7: "bd36c22a1ac6ff4308e0c3cc1a85bf0ffa30538ec60a55c70413ab15d45db4d2",
        8: "bc48ba7a709184b5f2a631e1adeb8dc2a0d4c018c1d6cc89b5664fe154c93b38",
    },
}


@pytest.mark.parametrize("hash", ROOTS)
def test_the_roots_of_the_public_test_log(hash: str) -> None:
    tree, found = Tree(hash), {}
    for data in [*EIGHT, None]:
        found[tree.size] = tree.root()
        if data is not None:
            tree.add(hashing(hash).leaf(bytes.fromhex(data)))
    assert {size: found[size] for size in ROOTS[hash]} == ROOTS[hash]


def test_a_leaf_and_a_node_are_hashed_apart() -> None:
    how = hashing("sha256")
    assert how.leaf(b"L123456").hex() == (
        "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56"
    )
    assert how.node(b"N123", b"N456").hex() == (
        "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb"
    )


L = ["6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
     "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
     "0298d122906dcfc10892cb53a73992fc5b9f493ea4c9badb27b791b4127a7fe7",
     "07506a85fd9dd2f120eb694f86011e5bb4662e5c415a62917033d4a9624487e7",
     "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
     "4271a26be0d8a84f0bd54c8c302e7cb3a3b5d1fa6780a40bcce2873477dab658",
     "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
     "46f6ffadd3d06a09ff3c5860d2755c8b9819db7df44251788c7d8e3180de8eb1"]  # fmt: skip
A, B = ROOTS["sha256"][2], "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
C = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
D = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
E, F = ROOTS["sha256"][4], "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
K = "837dbb152e9b079010717e84e865da4ebc0fa198a806d59d31bf15accef22d0e"
INCLUSION = {
    (0, 8): [L[1], B, F], (5, 8): [L[4], D, E], (2, 3): [A], (1, 5): [L[0], B, L[4]],
    (0, 7): [L[1], B, K], (3, 7): [L[2], A, K], (4, 7): [L[5], L[6], E], (6, 7): [C, E],
}  # fmt: skip
CONSISTENCY = {
    (1, 8): [L[1], B, F], (6, 8): [C, D, E], (2, 5): [B, L[4]], (3, 7): [L[2], L[3], A, K],
    (4, 7): [K], (6, 7): [C, L[6], E],
}  # fmt: skip


def node(level: int, at: int) -> bytes:
    return hashing().folded([bytes.fromhex(one) for one in L[at << level : (at + 1) << level]])


@pytest.mark.parametrize(("asked", "proof"), INCLUSION.items())
def test_the_paths_of_inclusion_of_the_public_test_log(
    asked: tuple[int, int], proof: list[str]
) -> None:
    assert [one.hex() for one in inclusion(*asked, node)] == proof


@pytest.mark.parametrize(("asked", "proof"), CONSISTENCY.items())
def test_the_paths_of_consistency_of_the_public_test_log(
    asked: tuple[int, int], proof: list[str]
) -> None:
    assert [one.hex() for one in consistency(*asked, node)] == proof
