"""中性用语 which words judge, by ``neutral.toml``: none stands where nothing was judged yet."""

import tomllib
from functools import cache

from registry.policies.engine import HERE


@cache
def words() -> tuple[str, ...]:
    """The words that judge."""
    return tuple(tomllib.loads((HERE / "neutral.toml").read_text("utf-8"))["judging"])


def judging(text: str) -> list[str]:
    """Those of them that stand in a text, in their order."""
    return [word for word in words() if word in text]
