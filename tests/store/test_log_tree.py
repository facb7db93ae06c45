"""The log's tree in the store: what is kept and what is reckoned, beside the tree built leaf by
leaf.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import event, insert

from registry.domain.audit import leaf
from registry.domain.hashing import SHA256, SM3, hashing
from registry.domain.merkle import (
    Head,
    Tree,
    check_consistency,
    check_inclusion,
    consistency,
    inclusion,
)
from registry.store import nodes, tables
from registry.store.engine import open_engine
from registry.store.migrate import migrate
from registry.store.nodes import Leaves
from registry.store.store import Store
from tests.servers import fresh
from tests.store.ledger import AT, COUNTY

MANY = 66_500
"""More than one node of the second kept level, and some beyond."""
READS = 20


def fill(store: Store, many: int) -> list[bytes]:
    """A log of so many entries that say nothing; their leaves."""
    told = [f'{{"n":{seq}}}' for seq in range(1, many + 1)]
    rows = [
        {
            "county": COUNTY, "seq": seq, "at": AT, "actor": "p", "act": "t", "outcome": "done",
            "code": "", "object_kind": "x", "object_id": "x", "object_version": 0,
            "business_date": AT.date(), "entry": entry, "leaf": leaf(entry.encode()),
        }
        for seq, entry in enumerate(told, 1)
    ]  # fmt: skip
    with store.engine.begin() as connection:
        connection.execute(insert(tables.event), rows)
        connection.execute(insert(tables.log_head), {"county": COUNTY, "seq": many})
    return [bytes.fromhex(str(row["leaf"])) for row in rows]


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, list[bytes]]]:
    folder = tmp_path_factory.mktemp("large")
    url = f"sqlite:///{folder / 'registry.db'}"
    migrate(url)
    store = Store(url, url, folder)
    leaves = fill(store, MANY)
    keep(store, SHA256, MANY)
    yield store, leaves
    store.close()


def keep(store: Store, tree: str, size: int) -> int:
    """Every node that is not kept yet; how many turns it took."""
    for turn in range(100):
        with store.settled() as connection:
            made = nodes.wanting(Leaves(connection, COUNTY, tree), size)
        if not made:
            return turn
        store.writer.submit(COUNTY, partial(nodes.keep, tree=tree, nodes=made)).result()
    raise AssertionError("it never ends")


def roots(leaves: list[bytes], sizes: set[int], hash: str = SHA256) -> dict[int, bytes]:
    """Tree hashes at these sizes, built leaf by leaf."""
    tree, found = Tree(hash), {}
    for one in leaves:
        tree.add(one)
        if tree.size in sizes:
            found[tree.size] = tree.digest()
    return found


def test_every_proof_out_of_the_store_proves_and_reads_little(
    large: tuple[Store, list[bytes]],
) -> None:
    store, leaves = large
    chance = Random(1)
    sizes = {chance.randrange(1, MANY + 1) for _ in range(40)} | {1, 255, 256, 257, 65_536, MANY}
    known, read = roots(leaves, sizes), list[str]()
    engine = open_engine(store.url, readonly=True)
    event.listen(engine, "before_cursor_execute", lambda *a: read.append(a[2]))
    with engine.connect() as connection:
        for size in sorted(sizes):
            head, at = Head(size, known[size]), chance.randrange(size)
            read.clear()
            found = Leaves(connection, COUNTY)
            path = inclusion(at, size, found.read)
            assert len(read) <= READS
            assert found.root(size) == known[size]
            check_inclusion(leaves[at], at, head, path)
            old = chance.choice([one for one in sizes if one <= size])
            read.clear()
            grown = consistency(old, size, Leaves(connection, COUNTY).read)
            assert len(read) <= READS
            check_consistency(Head(old, known[old]), head, grown)
    engine.dispose()


def test_what_is_kept_is_kept_once_and_made_again_where_it_is_gone(
    large: tuple[Store, list[bytes]],
) -> None:
    store, leaves = large
    with store.settled() as connection:
        many = {n: nodes.highest(connection, COUNTY, SHA256, n) for n in (8, 16, 24)}
    assert many == {8: MANY >> 8, 16: MANY >> 16, 24: 0}
    assert keep(store, SHA256, MANY) == 0
    with store.settled() as connection:
        bare = Leaves(connection, "990199")
        assert nodes.wanting(bare, 0) == []
        made = Leaves(connection, COUNTY).made(16, 0)
    assert made == hashing().folded(leaves[: 1 << 16])


@pytest.mark.parametrize("tree", [SHA256, SM3])
def test_both_trees_stand_over_the_same_entries(server: object, tmp_path: Path, tree: str) -> None:
    with fresh(tmp_path, server) as url:
        migrate(url)
        store = Store(url, url, tmp_path)
        fill(store, 600)
        keep(store, tree, 600)
        entries = [f'{{"n":{seq}}}'.encode() for seq in range(1, 601)]
        leaves = [hashing(tree).leaf(entry) for entry in entries]
        with store.settled() as connection:
            found = Leaves(connection, COUNTY, tree)
            assert {n: found.root(n) for n in (1, 256, 511, 600)} == roots(
                leaves, {1, 256, 511, 600}, tree
            )
            check_inclusion(
                leaves[300], 300, Head(600, found.root(600)), inclusion(300, 600, found.read, tree),
                hash=tree,
            )  # fmt: skip
        store.close()
