"""见证 what was last cosigned of another log: compared and put in its place in one step, so that
of two
who come at once only one goes on from where it was (C2SP tlog-witness).
"""

from datetime import datetime

from sqlalchemy import Connection, select, update

from registry.domain.merkle import Head
from registry.store import tables
from registry.store.nodes import put


def last(connection: Connection, origin: str) -> Head | None:
    """What was last cosigned of a log."""
    table = tables.witnessed
    row = connection.execute(
        select(table.c.size, table.c.root).where(table.c.origin == origin)
    ).first()
    return None if row is None else Head(int(row[0]), bytes.fromhex(row[1]))


def advance(
    connection: Connection, origin: str, old: Head | None, new: Head, *, note: str, at: datetime
) -> bool:
    """Put what is to be cosigned in the place of what was; ``False`` = that is no more the last."""
    table = tables.witnessed
    told = {"size": new.size, "root": new.root.hex(), "note": note, "at": at}
    if old is None:
        return put(connection, table, {"origin": origin, **told})
    where = (table.c.origin == origin, table.c.size == old.size, table.c.root == old.root.hex())
    return connection.execute(update(table).where(*where).values(**told)).rowcount == 1
