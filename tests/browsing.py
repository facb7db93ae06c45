"""A real browser: Debian's Chromium, driven by playwright, whose own browsers are never wanted."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = Path("/usr/bin/chromium")
QUIETLY = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
"""It draws into memory, and asks nobody anything on its own account."""
NONE = "no Chromium: `make test` as root installs it 没有 Chromium，浏览器测试未运行"


@contextmanager
def opened() -> Iterator[Any]:
    """The browser; without one a failure in CI, a skip elsewhere."""
    if not CHROMIUM.exists():
        if os.environ.get("CI"):
            pytest.fail(NONE)
        pytest.skip(NONE)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=list(QUIETLY), headless=True
        )
        yield browser
        browser.close()
