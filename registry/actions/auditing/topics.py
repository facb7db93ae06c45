"""调阅主题 what a 调阅函 may name, as whoever writes one reads it."""

from registry.domain.records import Wire
from registry.policies.topics import TOPICS


class TopicLine(Wire, frozen=True, kw_only=True):
    """调阅主题."""

    name: str
    zh: str
    en: str
    acts: list[str]


class Topics(Wire, frozen=True, kw_only=True):
    """调阅主题表."""

    items: list[TopicLine]


def topics() -> Topics:
    """Every topic, with the reading acts that it lets pass."""
    return Topics(items=[
        TopicLine(name=name, zh=one.zh, en=one.en, acts=sorted(one.acts))
        for name, one in TOPICS.items()
    ])  # fmt: skip
