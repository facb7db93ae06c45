"""经费账的页面: every address and command that the pages of the ledger name is one that there is."""

import re
from pathlib import Path

import pytest

from registry.api.entrance import About
from registry.api.openapi import document
from registry.cli.entry import main

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = ("ledger.md", "ledger.zh-CN.md", "treasury.md", "for-officials.zh-CN.md")
API = document(About(version="0", mode="demo", demo=True, banner="", public_url="http://x"))
OURS = frozenset(PAGES) - {"treasury.md"}
"""The page on treasuries names the treasury's own addresses besides."""


def _addresses(page: str) -> set[tuple[str, str]]:
    text = (DOCS / page).read_text("utf-8")
    named = re.findall(r"`(GET|POST|PUT)\s+(/[a-z{}/_-]+)", text)
    return {(verb.lower(), path.rstrip("/")) for verb, path in named}


@pytest.mark.parametrize("page", sorted(OURS))
def test_every_address_on_the_page_is_there(page: str) -> None:
    paths = {path.removeprefix("/api/v1"): set(doors) for path, doors in API["paths"].items()}
    gone = {(verb, path) for verb, path in _addresses(page) if verb not in paths.get(path, ())}
    assert gone == set()


@pytest.mark.parametrize("page", PAGES)
def test_every_command_on_the_page_is_there(page: str) -> None:
    text = (DOCS / page).read_text("utf-8")
    for command, sub in set(re.findall(r"`registry ([a-z]+)(?: ([a-z]+))?", text)):
        with pytest.raises(SystemExit) as ended:
            main([command, *([sub] if sub else []), "--help"])
        assert ended.value.code == 0, (command, sub)
