"""常用意见 wordings an office uses again and again."""

from registry.domain.approval import Ballot
from registry.domain.records import Record


class Phrase(Record, frozen=True, kw_only=True):
    """常用意见: an opinion template of a body, or of one person in it."""

    organisation_id: str
    person_id: str | None = None
    """Whose own it is; absent = everybody's in the body."""
    act: str = ""
    """The act it is meant for, as the access tables name it; empty = any."""
    ballot: Ballot | None = None
    text: str
    active: bool = True
    made_by: str
