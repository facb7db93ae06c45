"""A registry as a reader starts it: the real program on a free port with a folder of its own."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.docs.tour import ROOT, Served

READY_SECONDS = 90


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The demo county, freshly started."""
    folder = tmp_path_factory.mktemp("tour")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        here = Served(probe.getsockname()[1], folder)
    log = folder / "serve.log"
    with (
        log.open("w") as stream,
        subprocess.Popen(
            [sys.executable, "-m", "registry", "serve"], cwd=ROOT, stdout=stream, stderr=stream,
            env=here.environment | here.settings,
        ) as process,
    ):  # fmt: skip
        try:
            _wait(here, process, log)
            yield here
        finally:
            process.terminate()


def _wait(here: Served, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(READY_SECONDS * 5):
        if process.poll() is not None:
            break
        try:
            with urlopen(f"{here.base}/readyz", timeout=2):
                return
        except (URLError, OSError):
            time.sleep(0.2)
    pytest.fail(f"not ready: {log.read_text('utf-8')[-2000:]}")
