"""导出任务上限 how many exports one person may have under way at once, by ``exports.toml``."""

import tomllib
from functools import cache

from registry.domain.records import Wire
from registry.policies.engine import HERE


class Queueing(Wire, frozen=True, kw_only=True):
    """导出任务上限."""

    each: int
    """Of one person, made or waiting."""
    again_seconds: int
    """After which whoever is refused may try again."""


@cache
def shipped() -> Queueing:
    """As it comes with the program."""
    return Queueing(**tomllib.loads((HERE / "exports.toml").read_text("utf-8")))
