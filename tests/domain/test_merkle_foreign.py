"""日志树: another program, in an environment of its own, makes and believes the same proofs."""

import json
import os
import random
import subprocess
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from registry.domain.hashing import hashing
from registry.domain.merkle import (
    Head,
    ProofError,
    check_consistency,
    check_inclusion,
    consistency,
    inclusion,
)
from tests.domain.trees import entry, head, reader

ROOT = Path(__file__).parents[2]
FOREIGN = ROOT / ".recount-venv" / "bin" / "python"
SIZE, SEED = 67, 20260302


def asked(order: dict[str, Any]) -> dict[str, Any]:
    """What the other program says. A machine that has it not tests without it; CI's has it."""
    known = (
        FOREIGN.exists()
        and not subprocess.run(
            [FOREIGN, "-c", "import pymerkle"], capture_output=True, check=False
        ).returncode
    )
    if not known:
        assert not os.environ.get("CI"), "pymerkle is not here: make test installs it"
        pytest.skip("no pymerkle")
    done = subprocess.run(
        [FOREIGN, ROOT / "tests" / "foreign_tree.py"],
        input=json.dumps(order).encode(), capture_output=True, check=True,
    )  # fmt: skip
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def changed(proof: list[bytes], chance: random.Random) -> list[list[bytes]]:
    """The proof, and what may be made of it."""
    made = [proof, [*proof, bytes(32)]]
    for at, one in enumerate(proof):
        bit = chance.randrange(256)
        flipped = bytearray(one)
        flipped[bit // 8] ^= 1 << bit % 8
        made.append([*proof[:at], bytes(flipped), *proof[at + 1 :]])
        made.append([*proof[:at], *proof[at + 1 :]])
        if at and proof[at - 1] != one:
            made.append([*proof[: at - 1], one, proof[at - 1], *proof[at + 1 :]])
    return made


def shown(check: Any) -> bool:
    try:
        check()
    except ProofError:
        return False
    return True


def hexes(paths: Iterable[Sequence[bytes]]) -> list[list[str]]:
    return [[one.hex() for one in path] for path in paths]


def test_another_program_makes_the_same_tree_and_proofs_and_refuses_the_same() -> None:
    chance = random.Random(SEED)
    ins, cons = [], []
    for size in range(2, SIZE):
        index = chance.randrange(size)
        ins.append((index, size, changed(inclusion(index, size, reader()), chance)))
        old = chance.randrange(1, size)
        roots = [head(one).root for one in (old, size, old + 1, size + 1)]
        cons.append((old, size, [(a, b) for a in roots for b in roots]))
    told = asked({
        "hash": "sha256",
        "entries": [entry(at).hex() for at in range(SIZE + 1)],
        "inclusion": [
            {"index": at, "size": size, "root": head(size).root.hex(), "paths": hexes(paths)}
            for at, size, paths in ins
        ],
        "consistency": [
            {"old": old, "new": new, "pairs": hexes(pairs)} for old, new, pairs in cons
        ],
    })  # fmt: skip
    assert told["roots"] == [head(size).root.hex() for size in range(1, SIZE + 2)]
    for (at, size, paths), said in zip(ins, told["inclusion"], strict=True):
        assert said["path"] == hexes(paths)[0]
        leaf = hashing().leaf(entry(at))
        ours = [shown(partial(check_inclusion, leaf, at, head(size), p)) for p in paths]
        assert ours == said["believed"] == [True] + [False] * (len(paths) - 1)
    for (old, new, pairs), said in zip(cons, told["consistency"], strict=True):
        proof = consistency(old, new, reader())
        ours = [
            shown(partial(check_consistency, Head(old, a), Head(new, b), proof)) for a, b in pairs
        ]
        assert ours == said
        assert True in ours and False in ours
