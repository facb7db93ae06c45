"""数据字典用词 what fields and codes are called in Chinese: the dictionary and every export say so."""

import tomllib
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

from registry.domain import presence, request
from registry.domain.notice import NOTICE_ZH, NoticeKind
from registry.domain.spending import MEANS_ZH, PayMeans
from registry.policies import words

_PAGE = Path(__file__).parent / "dictionary.toml"
_HELD: dict[type[Enum], dict[Any, str]] = {
    request.State: request.STATE_ZH,
    presence.PresenceState: presence.STATE_ZH,
    NoticeKind: NOTICE_ZH,
    PayMeans: MEANS_ZH,
}
"""Codes that have their words beside them in the domain."""
_COLUMN = {"Kind": "kind", "Level": "level", "Receiver": "receiver", "Gate": "gate",
           "Outcome": "outcome", "CommunityType": "community_type"}  # fmt: skip
"""Codes that are words of the decision tables."""


@cache
def _page() -> dict[str, dict[str, Any]]:
    return tomllib.loads(_PAGE.read_text("utf-8"))


def field_zh(resource: str, name: str) -> str:
    """What a field of a resource is called; empty = it has no name yet."""
    own = _page()["of"].get(resource, {})
    return str(own.get(name) or _page()["fields"].get(name, ""))


def own_zh(group: str, name: str) -> str:
    """What a field is called within a group of fields of that name; empty = as everywhere."""
    return str(_page()["of"].get(group, {}).get(name, ""))


def kinds_zh() -> dict[str, str]:
    """What the kinds of records are called of which events and findings are."""
    return dict(_page()["kinds"])


def code_zh(code: Enum) -> str:
    """What a code is called; empty = it has no name yet."""
    kind = type(code)
    if kind in _HELD:
        return _HELD[kind][code]
    column = _COLUMN.get(kind.__name__)
    if column is not None:
        return words.value_zh(column, str(code.value))
    return str(_page()["values"].get(kind.__name__, {}).get(str(code.value), ""))
