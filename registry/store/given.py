"""口令起算 since when an account has the password it has now: read from its versions."""

from datetime import datetime

from sqlalchemy import Connection, select

from registry.domain.people import Person
from registry.store import tables
from registry.store.mapping import to_record


def password_since(connection: Connection, person: Person) -> datetime | None:
    """When the password of a person was given; ``None`` where there is none, or no entry of it."""
    table, event = tables.BY_RECORD[Person], tables.event
    query = select(table).where(table.c.county == person.county, table.c.id == person.id)
    since = None
    for row in connection.execute(query.order_by(table.c.version)).mappings():
        if to_record(Person, row).password_hash != person.password_hash:
            since = None
        elif since is None:
            since = row["event_from"]
    entry = select(event.c.at).where(event.c.county == person.county, event.c.seq == since)
    return connection.execute(entry).scalar() if since and person.password_hash else None
