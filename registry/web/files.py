"""附件一览 the files that hang on a record, for every page that lists them."""

from registry.actions import reading
from registry.domain.document import Document
from registry.domain.errors import Refusal
from registry.web.visit import Visit

MOST = 200


def attached_to(visit: Visit, kind: str, id: str) -> list[Document]:
    """What hangs there, as far as the person reads it."""
    equals = {"parent_kind": kind, "parent_id": id}
    query = reading.ListQuery(limit=MOST, equals=equals, county=visit.county)
    try:
        found: list[Document] = reading.page(visit.office, visit.actor(), Document, query).items
    except Refusal:
        return []
    return found
