"""规则包入口 the bytes of a pack, and what it changes against another."""

from typing import Any

from registry.actions.office import Office
from registry.actions.rules import comparing
from registry.api.asked import ID, Asked, bad_query
from registry.api.serving import COUNTY, Work, aside, told

AGAINST = "against"
PATHS: dict[str, tuple[Any, frozenset[str], str, str]] = {
    "files": (comparing.PackFiles, COUNTY, "规则包原文", "The exact bytes of a pack"),
    "diff": (comparing.PackChanges, COUNTY | {AGAINST}, "规则包变动", "What a pack changes"),
}
"""Last part of the path → what is answered, the parameters, what the operation is called."""


def work_of(office: Office, word: str) -> Work:
    """What ``GET /packs/{id}/{word}`` does."""
    return {"files": _files, "diff": _diff}[word](office)


def _files(office: Office) -> Work:
    async def work(asked: Asked) -> Any:
        actor = asked.actor()
        found = await aside(comparing.files_of, office, actor, asked.id, asked.county)
        return told(found, version=found.version)

    return work


def _diff(office: Office) -> Work:
    async def work(asked: Asked) -> Any:
        actor, against = asked.actor(), asked.query.get(AGAINST)
        if against is not None and not ID.fullmatch(against):
            raise bad_query(AGAINST)

        def changes() -> comparing.PackChanges:
            return comparing.compare(office, actor, asked.id, against=against, county=asked.county)

        return told(await aside(changes))

    return work
