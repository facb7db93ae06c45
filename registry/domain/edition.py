"""清单版本 one text of a list as it was proposed, signed and put in force by two people."""

from collections.abc import Collection
from datetime import date
from enum import StrEnum
from hashlib import sha256

import msgspec

from registry.domain.catalogue import MatterList
from registry.domain.records import Record


class EditionState(StrEnum):
    """清单版本状态."""

    PROPOSED = "proposed"
    PUBLISHED = "published"
    """已发布: signed, its first day may be still to come."""
    IN_FORCE = "in_force"
    """现行: its text is the list's."""
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


EDITION_MOVES: dict[str, frozenset[EditionState]] = {
    "propose": frozenset({EditionState.PROPOSED}),
    "publish": frozenset({EditionState.PROPOSED}),
    "withdraw": frozenset({EditionState.PROPOSED, EditionState.PUBLISHED}),
    "take_up": frozenset({EditionState.PUBLISHED}),
    "supersede": frozenset({EditionState.IN_FORCE}),
}
"""From which states each move may be made."""
SIGNED = frozenset({EditionState.PUBLISHED, EditionState.IN_FORCE, EditionState.SUPERSEDED})
"""What two people have signed."""
OPEN = frozenset({EditionState.PROPOSED, EditionState.PUBLISHED})
"""What is not the list's text yet."""


class ListEdition(Record, frozen=True, kw_only=True):
    """清单版本; ``county`` is the jurisdiction whose list it is."""

    list_id: str
    title: str
    state: EditionState
    effective_from: date
    document_number: str = ""
    """文号 of the instrument by which the list is changed."""
    area: str = ""
    """Area path where it is one street's list; it goes over to heirs, the text does not."""
    matters: MatterList
    """The whole text."""
    begun_from: int | None = None
    """Version of the list that it was written over; ``None`` = the list was not there."""
    replaces: MatterList | None = None
    """The text that stood until the first day, kept when this one took its place."""
    proposed_by: str
    proposed_for: str | None = None
    """委托人 of who proposed it."""
    published_by: str | None = None
    document_id: str | None = None
    """The file of the instrument itself (红头文件), an attachment."""
    confirmed: list[str] = []
    """Items that rest on a report only (报道), as the publisher confirmed them."""
    superseded_by: str | None = None
    withdrawn_by: str | None = None
    reason: str = ""
    """Why it was withdrawn."""

    @property
    def digest(self) -> str:
        """What tells this text and its first day from any other."""
        told = (self.list_id, self.effective_from, self.area, self.matters)
        return sha256(msgspec.json.encode(told, order="deterministic")).hexdigest()

    def text(self) -> MatterList:
        """The list as this edition has it."""
        return msgspec.structs.replace(self.matters, area=self.area)


def text_on(
    current: MatterList | None, editions: Collection[ListEdition], on: date
) -> MatterList | None:
    """The text of one list that governs a day; ``None`` = the list was not there.

    Args:
        current: the list as it stands now.
        editions: of this list, those that two people signed.
    """
    ordered = sorted(editions, key=lambda e: (e.effective_from, e.id))
    begun = [e for e in ordered if e.effective_from <= on]
    waiting = [e for e in begun if e.state is EditionState.PUBLISHED]
    if waiting:
        return waiting[-1].text()
    taken = [e for e in ordered if e.state in (EditionState.IN_FORCE, EditionState.SUPERSEDED)]
    later = next((e for e in taken if e.effective_from > on), None)
    return current if later is None else later.replaces
