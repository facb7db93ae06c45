"""A real browser: Debian's Chromium, driven by playwright, whose own browsers are never wanted.

It is taken without its desk where that is there (``chromium-headless-shell``): the same engine, but
every page in a window, with all that stands around one, costs six times the processor time.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

PLACES = (Path("/usr/bin/chromium-headless-shell"), Path("/usr/bin/chromium"))
QUIETLY = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
"""It draws into memory, and asks nobody anything on its own account."""
NONE = "no Chromium: `make test` as root installs it 没有 Chromium，浏览器测试未运行"


@contextmanager
def opened() -> Iterator[Any]:
    """The browser; without one a failure in CI, a skip elsewhere."""
    chromium = next((one for one in PLACES if one.exists()), None)
    if chromium is None:
        if os.environ.get("CI"):
            pytest.fail(NONE)
        pytest.skip(NONE)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(chromium), args=list(QUIETLY), headless=True
        )
        yield browser
        browser.close()
