"""写入时点 at which entry of the log a version was written, so that others are read as then."""

from datetime import datetime

from sqlalchemy import Connection, select

from registry.domain.records import Record, utc
from registry.store import tables
from registry.store.tables.log import event


def written(connection: Connection, record: Record, version: int = 1) -> tuple[int, datetime]:
    """(number, instant) of the entry that wrote a version; by default the first."""
    table, log = tables.BY_RECORD[type(record)], event
    query = select(table.c.event_from, log.c.at).where(
        table.c.county == record.county, table.c.id == record.id, table.c.version == version,
        log.c.county == table.c.county, log.c.seq == table.c.event_from,
    )  # fmt: skip
    row = connection.execute(query).one()
    return int(row[0]), utc(row[1])
