"""主送社区 whether what a document says of its addressees names communities, by ``sent_to.toml``."""

import tomllib
from collections.abc import Iterable
from functools import cache

from registry.policies.engine import HERE


@cache
def _words() -> tuple[str, ...]:
    return tuple(tomllib.loads((HERE / "sent_to.toml").read_text("utf-8"))["words"])


def names_communities(sent_to: str, called: Iterable[str]) -> bool:
    """Whether a word for communities, or the name of one, stands in it."""
    return any(word in sent_to for word in (*_words(), *called))
