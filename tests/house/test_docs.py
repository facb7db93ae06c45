"""Documents: the two readmes go together, and what a page names exists."""

import re
import tomllib
from pathlib import Path

import pytest

from registry.settings import NAMES
from tests.house.source import ROOT, name, tracked

READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]
OPERATIONS = ROOT / "docs" / "operations.md"
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))


def _fenced(page: Path) -> list[str]:
    return re.findall(r"^```(\w*)\n.*?^```$", page.read_text("utf-8"), re.M | re.S)


def _headings(page: Path) -> list[int]:
    """Depth of each heading, in order."""
    prose = re.sub(r"^```.*?^```$", "", page.read_text("utf-8"), flags=re.M | re.S)
    return [len(marks) for marks in re.findall(r"^(#+) ", prose, re.M)]


def _pages() -> list[Path]:
    return [p for p in tracked() if p.suffix == ".md"]


def test_the_readme_has_the_same_headings_in_both_languages() -> None:
    english, chinese = map(_headings, READMES)
    assert english == chinese


def test_the_readme_has_the_same_commands_in_both_languages() -> None:
    english, chinese = map(_fenced, READMES)
    assert english == chinese


def test_the_settings_page_lists_every_setting_once_and_no_other() -> None:
    rows = re.findall(r"^\| `(REGISTRY_\w+)`", OPERATIONS.read_text("utf-8"), re.M)
    assert sorted(rows) == sorted(NAMES)


def test_a_page_names_only_make_targets_that_exist() -> None:
    named = {
        (name(page), target)
        for page in _pages()
        for target in re.findall(r"`make ([a-z-]+)`", page.read_text("utf-8"))
    }
    assert {(page, target) for page, target in named if target not in TARGETS} == set()


@pytest.mark.parametrize("page", _pages(), ids=name)
def test_a_link_inside_the_repository_leads_somewhere(page: Path) -> None:
    prose = re.sub(r"^```.*?^```$", "", page.read_text("utf-8"), flags=re.M | re.S)
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", prose)
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_changelog_opens_with_the_version_of_the_package() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    first = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M)
    assert first is not None
    assert first[1] == version
