"""调阅主题 the topics a 调阅函 may name, and what each lets its people read (P30)."""

import tomllib
from functools import cache

from registry.domain.records import Wire
from registry.policies.engine import HERE


class Topic(Wire, frozen=True, kw_only=True):
    """调阅主题."""

    zh: str
    en: str
    acts: frozenset[str]
    """Reading acts."""


@cache
def _topics() -> dict[str, Topic]:
    told = tomllib.loads((HERE / "topics.toml").read_text("utf-8"))
    return {
        name: Topic(zh=one["zh"], en=one["en"], acts=frozenset(one["acts"]))
        for name, one in told.items()
    }


TOPICS: dict[str, Topic] = _topics()


def lets(topic: str, act: str) -> bool:
    """Whether a letter of this topic lets a reading act pass."""
    return not topic or (topic in TOPICS and act in TOPICS[topic].acts)
