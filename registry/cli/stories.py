"""故事 whole cases as data: who does what, when, and what the rules must answer (seeds/stories)."""

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from registry.domain.records import Wire

STORIES = Path(__file__).parents[2] / "seeds" / "stories"


class Expect(Wire, frozen=True, kw_only=True):
    """应有结果 of one step; what is not named is not looked at."""

    status: int | None = None
    """Absent: any success."""
    code: str = ""
    outcome: str = ""
    """Verdict outcome, of the request or of the gate."""
    state: str = ""
    rules: list[str] = []
    """Rule ids that the verdict must hold."""
    not_rules: list[str] = []
    has: dict[str, Any] = {}
    """Dotted path into the answer → value."""
    balances: dict[str, int] = {}
    """Stage → sum of the confirmed vouchers, 分."""


class Step(Wire, frozen=True, kw_only=True):
    """一步: one HTTP request by one person."""

    as_: str = msgspec.field(name="as")
    do: str
    say: str
    say_en: str
    json: Any = None
    query: dict[str, Any] = {}
    text: str = ""
    """Content of a document to upload."""
    save: str = ""
    pick: dict[str, Any] = {}
    """Of a list: the one item that has these values."""
    tick: bool = False
    """Before it the registry does what the passing of time brings."""
    clock: datetime | None = None
    expect: Expect = Expect()


class Story(Wire, frozen=True, kw_only=True):
    """故事: one case from its first draft to where it ends."""

    id: str
    title: str
    title_en: str
    clock: datetime
    """When it begins."""
    given: dict[str, Any] = {}
    """Pieces that steps refer to."""
    step: list[Step]


class StoryError(ValueError):
    """故事有误: a file that cannot be played, or a reference to nothing."""


def read_story(path: Path) -> Story:
    """One story file.

    Raises:
        StoryError: not TOML, or not a story.
    """
    try:
        return msgspec.convert(tomllib.loads(path.read_text("utf-8")), Story)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise StoryError(f"{path.name}: {error}") from error


def all_stories(folder: Path = STORIES) -> list[Story]:
    """Every story, in file order."""
    return [read_story(path) for path in sorted(folder.glob("*.toml"))]


def resolve(value: Any, known: dict[str, Any]) -> Any:
    """``value`` with every ``$name.path`` replaced, and every ``like`` laid under its table."""
    if isinstance(value, str):
        return lookup(value[1:], known) if value.startswith("$") else value
    if isinstance(value, list):
        return [resolve(item, known) for item in value]
    if isinstance(value, dict):
        under = resolve(value["like"], known) if "like" in value else {}
        return under | {k: resolve(v, known) for k, v in value.items() if k != "like"}
    return value


def lookup(path: str, known: Any) -> Any:
    """What stands at a dotted path; list items by number, counted from 0. An entry of the log,
    which is JSON in a string, is looked into.

    Raises:
        StoryError: nothing stands there.
    """
    found = known
    for name in path.split("."):
        try:
            found = msgspec.json.decode(found) if isinstance(found, str) else found
            found = found[int(name)] if isinstance(found, list) else found[name]
        except (KeyError, IndexError, ValueError, TypeError, msgspec.DecodeError):
            raise StoryError(f"${path}: nothing at {name}") from None
    return found
