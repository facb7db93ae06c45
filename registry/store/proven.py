"""所证 which entry last wrote a row, and what an entry says: asked where something is proven."""

from sqlalchemy import Connection, select

from registry.domain.records import Record
from registry.store import tables


def written_by(connection: Connection, kind: type[Record], county: str, id: str) -> int | None:
    """Number of the entry that wrote the current version of a row."""
    table = tables.BY_RECORD[kind]
    query = select(table.c.event_from).where(
        table.c.county == county, table.c.id == id, table.c.event_to.is_(None)
    )
    return connection.execute(query).scalar()


def entry_of(connection: Connection, county: str, seq: int) -> bytes | None:
    """The very octets under the leaf of an entry."""
    table = tables.event
    query = select(table.c.entry).where(table.c.county == county, table.c.seq == seq)
    found = connection.execute(query).scalar()
    return None if found is None else str(found).encode()
