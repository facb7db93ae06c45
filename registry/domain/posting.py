"""公示、公开 what was posted where, since when, until when."""

from datetime import date
from typing import Literal

from registry.domain.records import Record


class Posting(Record, frozen=True, kw_only=True):
    """公示: one thing put up in one place; how long it stood is counted from its days."""

    request_id: str | None = None
    presence_id: str | None = None
    organisation_id: str
    """Who posted it."""
    area_path: str
    what: Literal["matter", "exit", "result", "list"]
    where: str
    text: str
    posted_on: date
    taken_down_on: date | None = None
    person_id: str
    taken_down_by: str | None = None
    document_id: str | None = None
    verdict_id: str | None = None
    """What the rules said of its length when it came down."""
