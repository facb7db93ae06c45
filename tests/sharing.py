"""How the tests are shared out: to workers by file, what takes long first; to the long run what is
tried on a second engine."""

from collections.abc import Iterator
from inspect import isfunction
from pathlib import Path
from types import CodeType
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

ROOT = Path(__file__).parent
TURNS = (
    "docs",
    "web",
    "bench",
    "cli",
    "actions",
    "store",
    "policies",
    "api",
    "house",
    "deploy",
    "seeds",
)
"""Folders in the order in which they are begun; any other comes last, for its files are light."""
TOGETHER = {"docs"}
"""Folders whose files share something that is slow to start, and so one worker."""


class ByFile(LoadScopeScheduling):  # type: ignore[misc]
    """Whole files, in the order they were collected in."""

    def __init__(self, config: object, log: object = None) -> None:
        super().__init__(config, log)
        self.config.option.loadscopereorder = False

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", 1)[0]
        folder = file.split("/")[1]
        return folder if folder in TOGETHER else file


def turn(path: Path) -> int:
    """When a file's turn comes."""
    folder = path.relative_to(ROOT).parts[0]
    return TURNS.index(folder) if folder in TURNS else len(TURNS)


ENGINES_MATTER = {
    "ThreadPoolExecutor", "Thread", "Barrier", "threading", "racing", "result", "plans", "plan",
}  # fmt: skip
"""What a test of acts names, itself or by what it calls of the tests, where it races or reads a
plan: it is tried on both engines always."""


def named(test: Any) -> set[str]:
    """Every name in a test, and in what it calls of the tests' own."""
    found, waiting = set[str](), [test]
    while waiting:
        one = waiting.pop()
        codes = [one.__code__]
        for code in codes:
            codes += [inner for inner in code.co_consts if isinstance(inner, CodeType)]
        new = {name for code in codes for name in code.co_names} - found
        found |= new
        told = (one.__globals__.get(name) for name in new)
        waiting += [f for f in told if isfunction(f) and f.__module__.startswith("tests.")]
    return found


def elsewhere(items: list[pytest.Item]) -> Iterator[pytest.Item]:
    """Tests of acts that wait for the long run on PostgreSQL: all but the first of each file, and
    those that race. What the store and the door do on each engine is tried in their own folders,
    always."""
    begun: set[Path] = set()
    for item in items:
        params = getattr(item, "callspec", None) and item.callspec.params
        acts = item.path.parent.name == "actions" or item.path.name == "test_stories.py"
        if not acts or not params or params.get("database") != "postgres":
            continue
        if item.get_closest_marker("long") is not None:
            continue
        if item.path in begun and not ENGINES_MATTER & named(item.function):
            yield item
        begun.add(item.path)
