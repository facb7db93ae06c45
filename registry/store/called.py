"""名称 what records are called, by their ids, of the rows that a reader of an export may see."""

from collections.abc import Collection, Sequence

from sqlalchemy import select

from registry.store.exported import Rows

_AT_ONCE = 500


def called(rows: Rows, ids: Collection[str], fields: Sequence[str]) -> dict[str, str]:
    """Id → what stands in some columns of that row, where the row is among those read."""
    told = {column.name: column for column in rows.columns()}
    parts = [rows.value(told[name]).label(name) for name in fields if name in told]
    wanted, found = sorted(ids), dict[str, str]()
    table = rows.table
    for at in range(0, len(wanted), _AT_ONCE):
        some = table.c.id.in_(wanted[at : at + _AT_ONCE])
        query = select(table.c.id, *parts).where(*rows.where(), some)
        for id, *words in rows.connection.execute(query):
            found[id] = " ".join(str(word) for word in words if word)
    return found
