"""Licences: what runs beside our code is free for a county to use, and separate where copyleft."""

import importlib.metadata
import re

import pytest

from tests.house.source import ROOT

ALLOWED = re.compile(r"(MIT|BSD|Apache|ISC|PSF|Python Software Foundation|MPL|Mozilla)", re.I)
COPYLEFT = re.compile(r"(?<!L)GPL|AGPL|GNU (Affero )?General|SSPL|Commons Clause|BUSL", re.I)
# LGPL: only as an unmodified package of its own, which a user may exchange.
LESSER = {"psycopg", "psycopg-binary"}
# The metadata names no licence, so its text is recognised: pysqlite3 comes under zlib's.
BY_TEXT = {"pysqlite3": "The origin of this software must not be misrepresented"}


def pinned(listed: str) -> list[str]:
    """Names of the distributions that a pinned list holds."""
    return re.findall(r"^([a-z0-9-]+)==", (ROOT / "requirements" / listed).read_text(), re.M)


def stated(distribution: str) -> str:
    """What the installed metadata says of the licence, shortest form first."""
    data = importlib.metadata.metadata(distribution)
    classifiers = [c for c in data.get_all("Classifier") or [] if c.startswith("License ::")]
    long = data.get("License") or ""
    return data.get("License-Expression") or "; ".join(classifiers) or long.split("\n")[0]


def licence_text(distribution: str) -> str:
    """The licence files that came with it."""
    files = importlib.metadata.files(distribution) or []
    return "".join(f.read_text() for f in files if "licenses" in f.parts)


def installed(listed: str) -> list[str]:
    """Pinned distributions that are here: some belong to other platforms only."""
    here = {
        d.metadata["Name"].lower().replace("_", "-") for d in importlib.metadata.distributions()
    }
    return [n for n in pinned(listed) if n in here]


@pytest.mark.parametrize("distribution", installed("run.txt"))
def test_a_run_time_package_has_a_licence_we_may_use(distribution: str) -> None:
    said = stated(distribution)
    if distribution in BY_TEXT:
        assert BY_TEXT[distribution] in licence_text(distribution)
        return
    if distribution in LESSER:
        assert said.startswith("LGPL")
        return
    assert ALLOWED.search(said), f"{distribution}: {said or 'says nothing'}"
    assert not COPYLEFT.search(said), f"{distribution}: {said}"


def test_nearly_every_pin_was_looked_at() -> None:
    other_platforms = {"colorama"}
    assert set(pinned("run.txt")) - set(installed("run.txt")) <= other_platforms


def test_the_frozen_casbin_distribution_is_not_installed() -> None:
    # It and pycasbin install the same module; the frozen one cannot explain an allowed request.
    with pytest.raises(importlib.metadata.PackageNotFoundError):
        importlib.metadata.version("casbin")


def test_every_pin_has_a_hash_and_no_list_names_a_host() -> None:
    for listed in ("run.txt", "parquet.txt", "test.txt"):
        text = (ROOT / "requirements" / listed).read_text()
        for pin in re.split(r"\n(?=[a-z])", text.strip()):
            assert re.match(r"[a-z0-9-]+==\S+", pin), pin
            assert "--hash=sha256:" in pin, pin
        assert "://" not in text
        assert "index-url" not in text and "trusted-host" not in text and "find-links" not in text


def test_the_tests_run_on_the_versions_that_production_runs_on() -> None:
    pins = {
        listed: dict(
            re.findall(r"^([a-z0-9-]+)==(\S+)", (ROOT / "requirements" / listed).read_text(), re.M)
        )
        for listed in ("run.txt", "test.txt")
    }
    assert pins["run.txt"].items() <= pins["test.txt"].items()
