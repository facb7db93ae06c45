"""已办过的 what a person's act was answered under a key, for whoever comes back to it."""

from typing import Any

import msgspec

from registry.actions.answers import Answer
from registry.actions.office import Office
from registry.domain.people import Actor
from registry.store.marks import Marks


def answered(office: Office, actor: Actor, county: str, key: str) -> Any:
    """The body of the answer that was given and not refused; ``None`` = there is none."""
    with office.store.reader.connect() as connection:
        kept = Marks(connection, county).answer(actor.person_id, key)
    if kept is None:
        return None
    told = msgspec.json.decode(kept.answer, type=Answer)
    return told.body if told.refused is None else None
