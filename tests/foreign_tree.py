"""另算日志树 what another program says of trees and proofs: run in that program's own environment.

``python foreign_tree.py`` in the environment that has pymerkle reads from its input, as JSON, a
hash, entries, and proofs to judge; it prints its own roots and proofs, and whether it believes
those given.
"""

import json
import sys
from typing import Any


def judged(proof: Any, path: list[bytes], check: Any) -> bool:
    """Whether the program believes its own proof with another path in it."""
    from pymerkle import InvalidProof

    proof.path = path
    try:
        check(proof)
    except (InvalidProof, ValueError, TypeError):
        return False
    return True


def included(tree: Any, case: dict[str, Any]) -> dict[str, Any]:
    proof = tree.prove_inclusion(case["index"] + 1, case["size"])
    base, own = proof.path[0], [one.hex() for one in proof.path[1:]]
    root = bytes.fromhex(case["root"])
    said = [
        judged(proof, [base, *map(bytes.fromhex, path)], lambda p: p.verify(base, root))
        for path in case["paths"]
    ]
    return {"path": own, "believed": said}


def consistent(tree: Any, case: dict[str, Any]) -> list[bool]:
    """Of each pair of roots, whether the later tree begins with the earlier. Its proofs are made up
    in another way than RFC 9162's, so that only what they show can be compared."""
    proof = tree.prove_consistency(case["old"], case["new"])
    return [
        judged(proof, proof.path, lambda p, pair=pair: p.verify(*map(bytes.fromhex, pair)))
        for pair in case["pairs"]
    ]


def main() -> int:
    from pymerkle import InmemoryTree

    asked = json.load(sys.stdin)
    tree = InmemoryTree(algorithm=asked["hash"])
    for entry in asked["entries"]:
        tree.append_entry(bytes.fromhex(entry))
    size = len(asked["entries"])
    told = {
        "roots": [tree.get_state(one).hex() for one in range(1, size + 1)],
        "inclusion": [included(tree, case) for case in asked["inclusion"]],
        "consistency": [consistent(tree, case) for case in asked["consistency"]],
    }
    json.dump(told, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
