"""规则比对入口 the bytes of a pack, and what it, or a text of a list, changes against another."""

from collections.abc import Callable
from typing import Any

from registry.actions.office import Office
from registry.actions.rules import comparing
from registry.api.asked import ID, Asked, bad_query
from registry.api.serving import COUNTY, Work, aside, told

AGAINST = "against"
_TWO = COUNTY | {AGAINST}
PATHS: dict[tuple[str, str], tuple[Any, frozenset[str], str, str]] = {
    ("packs", "files"): (comparing.PackFiles, COUNTY, "规则包原文", "The exact bytes of a pack"),
    ("packs", "diff"): (comparing.PackChanges, _TWO, "规则包变动", "What a pack changes"),
    ("list-editions", "diff"): (
        comparing.ListChanges, _TWO, "清单变动", "What one text of a list changes"
    ),
}  # fmt: skip
"""Resource and last part of the path → what is answered, the parameters, what it is called."""


def work_of(office: Office, path: tuple[str, str]) -> Work:
    """What ``GET /{resource}/{id}/{word}`` does."""
    if path == ("packs", "files"):
        return _files(office)
    ask = {"packs": comparing.compare, "list-editions": comparing.compare_texts}[path[0]]
    return _diff(office, ask)


def _files(office: Office) -> Work:
    async def work(asked: Asked) -> Any:
        actor = asked.actor()
        found = await aside(comparing.files_of, office, actor, asked.id, asked.county)
        return told(found, version=found.version)

    return work


def _diff(office: Office, ask: Callable[..., Any]) -> Work:
    async def work(asked: Asked) -> Any:
        actor, against = asked.actor(), asked.query.get(AGAINST)
        if against is not None and not ID.fullmatch(against):
            raise bad_query(AGAINST)

        def changes() -> Any:
            return ask(office, actor, asked.id, against=against, county=asked.county)

        return told(await aside(changes))

    return work
