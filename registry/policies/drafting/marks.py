"""文中位置 where in the text of a TOML file something stands that a struct no longer tells."""

import re

from registry.policies.drafting.problems import Place

_FILE = "pack.toml"


def key(text: str, name: str) -> Place:
    """The first line that sets ``name``, or the first of the file."""
    return _FILE, _line(text, rf"\s*{re.escape(name)}\s*="), 1


def named(text: str, name: str, value: str) -> Place:
    """The line that sets ``name`` to this very text."""
    return _FILE, _line(text, rf'\s*{re.escape(name)}\s*=\s*"{re.escape(value)}"'), 1


def table(text: str, name: str, index: int = 0) -> Place:
    """The line on which the ``index``-th table of this name begins."""
    hits = [
        n for n, line in enumerate(text.splitlines(), 1)
        if re.match(rf"\s*\[+\s*{re.escape(name)}\s*\]+", line)
    ]  # fmt: skip
    return _FILE, hits[index] if index < len(hits) else 1, 1


def _line(text: str, pattern: str) -> int:
    lines = enumerate(text.splitlines(), 1)
    return next((number for number, line in lines if re.match(pattern, line)), 1)
