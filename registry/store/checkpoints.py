"""检查点 what a county's log said of itself, who witnessed it, and who is asked to: read and kept."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, RowMapping, and_, func, insert, select

from registry.domain.sealing import Cosigned, Peer, PeerKind, Sealed
from registry.store import tables
from registry.store.nodes import put
from registry.store.unit import Unit


def latest(connection: Connection, county: str, tree: str) -> Sealed | None:
    """The greatest checkpoint of a tree."""
    return next(iter(newest(connection, county, tree, 1)), None)


def newest(connection: Connection, county: str, tree: str, many: int) -> list[Sealed]:
    """Checkpoints of a tree, the greatest first."""
    table = tables.checkpoint
    query = _of(county, tree).order_by(table.c.size.desc()).limit(many)
    return [_sealed(row) for row in connection.execute(query).mappings()]


def upwards(
    connection: Connection, county: str, tree: str, *, size: int, many: int
) -> list[Sealed]:
    """Checkpoints greater than a size, the smallest first."""
    table = tables.checkpoint
    query = _of(county, tree).where(table.c.size > size).order_by(table.c.size).limit(many)
    return [_sealed(row) for row in connection.execute(query).mappings()]


def at_size(connection: Connection, county: str, tree: str, size: int) -> Sealed | None:
    """The checkpoint of one size."""
    query = _of(county, tree).where(tables.checkpoint.c.size == size)
    row = connection.execute(query).mappings().first()
    return None if row is None else _sealed(row)


def keep(unit: Unit, sealed: Sealed) -> bool:
    """Keep a checkpoint; returns whether there was none of this size."""
    row = {name: getattr(sealed, name) for name in Sealed.__struct_fields__}
    return put(unit.connection, tables.checkpoint, row)


def cosignatures(connection: Connection, county: str, tree: str, size: int) -> list[Cosigned]:
    """Who has cosigned a checkpoint, in order of their keys."""
    table = tables.cosignature
    query = (
        select(table)
        .where(table.c.county == county, table.c.tree == tree, table.c.size == size)
        .order_by(table.c.witness)
    )
    return [
        Cosigned(witness=row["witness"], line=row["line"], at=row["at"])
        for row in connection.execute(query).mappings()
    ]


def keep_cosignature(unit: Unit, sealed: Sealed, given: Cosigned) -> bool:
    """Keep the line of a witness that stands; returns whether it is new."""
    standing = peers(unit.connection, sealed.county, PeerKind.WITNESS)
    if given.witness not in {peer.vkey for peer in standing}:
        return False
    row = {
        "county": sealed.county, "tree": sealed.tree, "size": sealed.size,
        "witness": given.witness, "line": given.line, "at": given.at,
    }  # fmt: skip
    return put(unit.connection, tables.cosignature, row)


def cosigned_by(connection: Connection, county: str, tree: str, witness: str) -> int:
    """The greatest size that a witness has cosigned, 0 = none."""
    table = tables.cosignature
    found = connection.execute(
        select(func.max(table.c.size)).where(
            table.c.county == county, table.c.tree == tree, table.c.witness == witness
        )
    ).scalar()
    return int(found or 0)


def peers(connection: Connection, county: str, kind: PeerKind) -> list[Peer]:
    """Who stands as witness, or as log that is witnessed, in order of their names."""
    table = tables.log_peer
    query = (
        select(table)
        .where(table.c.county == county, table.c.kind == kind.value)
        .order_by(table.c.number)
    )
    found: dict[str, Peer] = {}
    for row in connection.execute(query).mappings():
        key = "" if kind is PeerKind.AT_LEAST else row["vkey"]
        found.pop(key, None)
        if row["standing"]:
            found[key] = Peer(kind=kind, name=row["name"], vkey=row["vkey"], url=row["url"])
    return sorted(found.values(), key=lambda peer: (peer.name, peer.vkey))


def at_least(connection: Connection, county: str) -> int:
    """How many witnesses a checkpoint of the county needs before it is shown."""
    told = peers(connection, county, PeerKind.AT_LEAST)
    return int(told[0].name) if told else 0


def keep_peer(unit: Unit, peer: Peer, at: Any, *, standing: bool = True) -> None:
    """Let somebody stand as witness or witnessed log, or no more."""
    table = tables.log_peer
    last = unit.connection.execute(
        select(func.max(table.c.number)).where(table.c.county == unit.county)
    ).scalar()
    unit.connection.execute(
        insert(table).values(
            county=unit.county, number=int(last or 0) + 1, kind=peer.kind.value, name=peer.name,
            vkey=peer.vkey, url=peer.url, standing=standing, at=at,
        )
    )  # fmt: skip


def heads(connection: Connection) -> dict[str, int]:
    """Last entry of every log."""
    table = tables.log_head
    query = select(table.c.county, table.c.seq)
    return {county: int(seq) for county, seq in connection.execute(query)}


def sizes(connection: Connection) -> dict[tuple[str, str], int]:
    """The greatest checkpoint of every (county, tree)."""
    table = tables.checkpoint
    query = select(table.c.county, table.c.tree, func.max(table.c.size))
    rows: Sequence[Any] = connection.execute(query.group_by(table.c.county, table.c.tree)).all()
    return {(county, tree): int(size) for county, tree, size in rows}


def _of(county: str, tree: str) -> Any:
    table = tables.checkpoint
    return select(table).where(table.c.county == county, table.c.tree == tree)


def _sealed(row: RowMapping) -> Sealed:
    return Sealed(**{name: row[name] for name in Sealed.__struct_fields__})


def witnessed_by(connection: Connection, county: str, tree: str, many: int) -> Sealed | None:
    """The greatest checkpoint that at least so many witnesses have cosigned."""
    if not many:
        return latest(connection, county, tree)
    given, sealed = tables.cosignature, tables.checkpoint
    query = (
        select(given.c.size, given.c.witness, sealed.c.at)
        .join(sealed, and_(*(given.c[n] == sealed.c[n] for n in ("county", "tree", "size"))))
        .where(given.c.county == county, given.c.tree == tree)
        .order_by(given.c.size.desc())
    )
    turns = Turns(connection, county)
    with connection.execute(query) as rows:
        for size, lines in groupby(rows, key=lambda row: int(row.size)):
            if sum(turns.stood(row.witness, row.at) for row in lines) >= many:
                return at_size(connection, county, tree, size)
    return None


class Turns:
    """见证任期 who stood as witness of a county's log, and when: who was let go before a checkpoint was
    made, or was taken on after it, is none of that checkpoint's witnesses."""

    def __init__(self, connection: Connection, county: str) -> None:
        table = tables.log_peer
        query = (
            select(table.c.vkey, table.c.at, table.c.standing)
            .where(table.c.county == county, table.c.kind == PeerKind.WITNESS.value)
            .order_by(table.c.number)
        )
        self._lines: dict[str, list[tuple[datetime, bool]]] = {}
        for vkey, at, standing in connection.execute(query):
            self._lines.setdefault(vkey, []).append((at, standing))

    def stood(self, vkey: str, at: datetime) -> bool:
        """Whether a witness stood at an instant."""
        said = [standing for since, standing in self._lines.get(vkey, ()) if since <= at]
        return bool(said) and said[-1]
