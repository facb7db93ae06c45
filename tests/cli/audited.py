"""地方 a data directory with the seeded demo county, and the command line called on it."""

import shutil
import sqlite3
from pathlib import Path
from typing import NamedTuple

import pytest

from registry.cli import main

COUNTY = "990102"
HERE = ["--county", COUNTY]


class Told(NamedTuple):
    """What a command said, and how it ended."""

    code: int
    out: str
    err: str


class Place:
    """One instance; every word is spoken in its own settings."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch, said: pytest.CaptureFixture[str]):
        self.folder, self._patch, self._said = folder, patch, said

    def run(self, *words: object) -> Told:
        self._patch.setenv("REGISTRY_DATA_DIR", str(self.folder))
        self._patch.setenv("REGISTRY_MODE", "demo")
        self._said.readouterr()
        code = main([*map(str, words)])
        return Told(code, *self._said.readouterr())

    def did(self, *words: object) -> str:
        told = self.run(*words)
        assert told.code == 0, told
        return told.out.strip()

    def acts(self, times: int = 1) -> None:
        """Something that stands in the log."""
        for _ in range(times):
            self.did("key", "make", *HERE)

    def copied(self, folder: Path) -> "Place":
        shutil.copytree(self.folder, folder)
        return Place(folder, self._patch, self._said)

    def behind(self, statement: str) -> None:
        """The owner of the file writes to it, past the registry; the guards go first."""
        with sqlite3.connect(self.folder / "registry.db") as file:
            named = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            for (name,) in file.execute(named).fetchall():
                file.execute(f"DROP TRIGGER {name}")
            file.execute(statement)
        file.close()

    @property
    def key(self) -> str:
        """The newest public key of the county's log."""
        return self.did("audit", "key", "list", *HERE).splitlines()[-1].split()[0]
