"""无误报: whatever honest people do, in whatever order, raises no alarm."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from registry.actions.sealing import keys, proving
from registry.domain.checkpoint import parse_proof, shown
from registry.store.backup import backup
from registry.store.restore import restore
from registry.store.store import Store
from tests.attacks.scene import COUNTY, Outcome, Scene
from tests.store.ledger import Originals

EPISODES = 20
"""Runs on one database, each ended by a verification against all that was kept."""


class Run:
    """An honest county: everything it does, and what people keep of it meanwhile."""

    def __init__(self, folder: Path, witness: Scene, seed: int) -> None:
        self.folder, self.witness, self.chance = folder, witness, Random(seed)
        url = f"sqlite:///{folder / 'registry.db'}"
        # Each county has a name of its own with the one witness.
        self.site = f"log{seed}.example"
        self.scene = Scene(Store(url, url, folder), self.site)
        self.kept: list[bytes] = []
        self.scene.seal()
        self.scene.meet(witness)

    def episode(self) -> None:
        deeds: list[Callable[[], Any]] = [
            self.acts, self.acts, self.changes, self.keeps, self.proves, self.asks,
            self.begins_anew,
        ]  # fmt: skip
        rare: list[Callable[[], Any]] = [self.rotates, self.moves_house, self.loses_the_key]
        for _ in range(self.chance.randrange(2, 6)):
            self.chance.choice(rare if self.chance.random() < 0.1 else deeds)()
        fault = self.scene.report(*self.kept[-8:]).fault
        assert fault is None, str(fault)

    def acts(self) -> None:
        for _ in range(self.chance.randrange(1, 8)):
            self.scene.act()

    def changes(self) -> None:
        self.scene.change("f2")

    def keeps(self) -> None:
        self.kept.append(self.scene.seal())

    def proves(self) -> None:
        seq = self.chance.randrange(1, self.scene.store.reader.head(COUNTY) + 1)
        octets = proving.receipt_of(self.scene.office, COUNTY, seq).encode()
        receipt = parse_proof(octets)
        assert receipt.extra is not None
        shown(receipt, receipt.extra)
        self.kept.append(octets)

    def asks(self) -> None:
        self.scene.seal()
        for told in self.scene.submit(self.witness):
            assert told.outcome is Outcome.COSIGNED, told

    def rotates(self) -> None:
        self.scene.rotate()
        self.scene.meet(self.witness)

    def loses_the_key(self) -> None:
        shutil.rmtree(self.scene.store.keys.folder)
        self.begins_anew()
        self.scene.rotate(lost=True)
        assert keys.told(self.scene.office, COUNTY)[-1].lost
        self.scene.meet(self.witness)

    def begins_anew(self, folder: Path | None = None) -> None:
        clock, store = self.scene.clock, self.scene.store
        store.close()
        self.folder = folder or self.folder
        url = f"sqlite:///{self.folder / 'registry.db'}"
        self.scene = Scene(Store(url, url, self.folder), self.site, clock)

    def moves_house(self) -> None:
        """Backed up and restored the honest way: nothing was written between, the keys go along."""
        archive = self.folder / f"backup-{self.chance.random()}.tar"
        backup(self.scene.store, archive, self.scene.clock.at)
        target = self.folder.with_name(f"{self.folder.name}x")
        reports = restore(archive, target)
        assert [report.fault for report in reports] == [None] * len(reports)
        shutil.copytree(self.scene.store.keys.folder, target / "keys")
        self.begins_anew(target)


@pytest.fixture
def shelf() -> Iterator[Path]:
    """A folder in memory where there is one: what is looked at here is no disk."""
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="honest-", dir=memory if memory.is_dir() else None))
    yield folder
    shutil.rmtree(folder)


def lives(seed: int, originals: Originals, folder: Path, witness: Scene) -> None:
    _, filled = originals.of(None)
    home = folder / f"run{seed}"
    shutil.copytree(filled, home)
    run = Run(home, witness, seed)
    for _ in range(EPISODES):
        run.episode()
    run.scene.store.close()


@pytest.mark.parametrize("seed", range(10))
def test_two_hundred_honest_runs_raise_no_alarm(
    originals: Originals, shelf: Path, province: Scene, seed: int
) -> None:
    lives(seed, originals, shelf, province)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(10, 500))
def test_ten_thousand_honest_runs_raise_no_alarm(
    originals: Originals, shelf: Path, province: Scene, seed: int
) -> None:
    lives(seed, originals, shelf, province)
