"""Advisories: an offline table, because a scanner without its service finds nothing and says so."""

import tomllib
from importlib.metadata import PackageNotFoundError, version

import pytest
from packaging.version import Version
from pysqlite3 import dbapi2

from tests.house.source import ROOT
from tests.house.test_licences import pinned

TABLE = tomllib.loads((ROOT / "tests" / "house" / "advisories.toml").read_text("utf-8"))
# Fixed-in versions read in a source; a remembered one is shown, not enforced.
READ = [a for a in TABLE["advisory"] if a["grade"] == "S" and "fixed_in" in a]


def _installed(package: str) -> Version | None:
    try:
        return Version(version(package))
    except PackageNotFoundError:
        return None


@pytest.mark.parametrize("advisory", READ, ids=lambda a: f"{a['package']}:{a['id']}")
def test_no_installed_package_is_older_than_the_fix(advisory: dict[str, str]) -> None:
    here = _installed(advisory["package"])
    assert here is None or here >= Version(advisory["fixed_in"])


@pytest.mark.parametrize("refused", TABLE["never"], ids=lambda n: n["package"])
def test_a_package_without_a_fix_is_not_here(refused: dict[str, str]) -> None:
    assert _installed(refused["package"]) is None, refused["why"]


def test_every_run_time_package_stands_in_the_table() -> None:
    named = {a["package"] for a in TABLE["advisory"]}
    looked, not_yet = set(TABLE["none_found"]), set(TABLE["not_looked_up"])
    assert not (looked & not_yet or looked & named or not_yet & named)
    assert set(pinned("run.txt")) - named == looked | not_yet


def test_every_advisory_says_where_its_version_was_read() -> None:
    assert {a["grade"] for a in TABLE["advisory"]} <= {"S", "K"}
    assert all(a["id"] and a["what"] for a in TABLE["advisory"])


def test_the_sqlite_in_use_is_outside_the_wal_reset_bug() -> None:
    lowest = tuple(TABLE["sqlite"]["fixed_in"])
    assert dbapi2.sqlite_version_info >= lowest
