"""快扫 the ordinary case of a verification, as fast as the driver gives the rows: each entry and
row is
put together again in its one form and compared. Whatever is not just so is left to the slow walk,
which names what is wrong; nothing that the slow walk would name passes here.
"""

import hashlib
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import (
    Connection,
    Dialect,
    RowMapping,
    Table,
    bindparam,
    literal_column,
    or_,
    select,
    union_all,
)

from registry.domain.audit import canonical, wire
from registry.store import tables
from registry.store.columns import Flag, Instant
from registry.store.footing import derived
from registry.store.statement import Prepared, driven

PAGE = 2048
"""Events held in memory at once."""
Key = tuple[str, str, int]
Named = dict[Key, tuple[int, str]]
"""(table, id, version) → number of the entry that names it, and the digest it gives."""
Following = dict[Key, tuple[int, int]]
"""(table, id, version) → number of the entry that must have written it, and of the one that wrote
the version before."""
_COLUMNS = (
    "seq", "at", "actor", "act", "outcome", "code", "object_kind", "object_id", "object_version",
    "business_date", "entry", "leaf",
)  # fmt: skip
EVENT_COLUMNS = (
    "county", "seq", "actor", "act", "outcome", "code", "object_kind", "object_id",
    "object_version",
)  # fmt: skip
_SHAPE = (
    ("d", str), ("id", str), ("t", str), ("v", int),
)  # fmt: skip
_Row = msgspec.defstruct("_Row", list(_SHAPE), frozen=True, forbid_unknown_fields=True)
# Every field of an entry, in the order in which canonical JSON has them.
_Entry: Any = msgspec.defstruct(
    "_Entry",
    [
        ("act", str), ("actor", str), ("at", datetime), ("business_date", date),
        ("clock_fixed", bool), ("code", str), ("county", str), ("note", msgspec.Raw),
        ("object_id", str), ("object_kind", str), ("object_version", int), ("outcome", str),
        ("pack", str | None), ("post", str), ("rows", list[_Row]),  # type: ignore[valid-type]
        ("salt", str), ("seq", int), ("v", int),
    ],
    forbid_unknown_fields=True,
)  # fmt: skip
_decode = msgspec.json.Decoder(_Entry).decode
_encode = msgspec.json.Encoder().encode
_NOTHING = b"{}"


class Entry(NamedTuple):
    """一条 as the tree takes it."""

    seq: int
    at: datetime
    fixed: bool
    leaf: str
    text: str


def entries(connection: Connection, county: str, last: int) -> tuple[list[Entry], Named] | None:
    """The next entries after one, and the rows they name; ``None`` = look more slowly."""
    query = _events(connection.dialect)
    try:
        bound = [query.bound({"county": county, "last": last})]
        rows = driven(connection, query.sql, bound).fetchall()
    except Exception:  # noqa: BLE001 - whatever it is, the slow walk says where
        return None
    named: Named = {}
    found = []
    for expected, row in enumerate(rows, last + 1):
        entry = _same(row, county, expected)
        if entry is None:
            return None
        told, one = entry
        found.append(one)
        for said in told.rows:
            named[said.t, said.id, said.v] = expected, said.d
    return found, named


def _same(row: Any, county: str, expected: int) -> tuple[Any, Entry] | None:
    seq, at, actor, act, outcome, code, kind, id, version, day, text, leaf = row
    octets = text.encode()
    try:
        told = _decode(octets)
    except msgspec.MsgspecError:
        return None
    note = bytes(told.note)
    if not (
        hashlib.sha256(b"\x00" + octets).hexdigest() == leaf
        and _encode(told) == octets
        and (note == _NOTHING or canonical(msgspec.json.decode(note)) == note)
        and seq == expected == told.seq
        and told.county == county
        and (told.actor, told.act, told.outcome, told.code) == (actor, act, outcome, code)
        and (told.object_kind, told.object_id, told.object_version) == (kind, id, version)
        and told.at == (at if isinstance(at, datetime) else datetime.fromisoformat(at))
        and (told.business_date == day or told.business_date.isoformat() == day)
    ):
        return None
    return told, Entry(seq, told.at, told.clock_fixed, leaf, text)


class Awaited(NamedTuple):
    """两相核对 what a walk still waits for."""

    named: Named
    """Rows that entries name, not yet seen."""
    following: Following
    """Versions that must follow one that was closed; nothing is left of them at the end."""


def rows(
    connection: Connection, table: Table, county: str, *, awaited: Awaited, span: tuple[int, int]
) -> int | None:  # fmt: skip
    """How many rows of a table these entries wrote, each taken off what is awaited; ``None`` = one
    of them is not just so (what is awaited is as it was)."""
    plan = _plan(connection.dialect, table)
    given = {"county": county, "first": span[0], "last": span[1]}
    try:
        found = driven(connection, plan.query.sql, [plan.query.bound(given)]).fetchall()
        return _swept(plan, found, awaited)
    except Exception:  # noqa: BLE001 - whatever it is, the slow walk says where
        return None


class _Plan(NamedTuple):
    name: str
    query: Prepared
    shape: Any
    turned: list[tuple[int, Callable[[Any], Any]]]
    """Columns that the driver gives otherwise than the digest has them."""
    columns: list[str]
    derived: list[str]
    end: bytes
    """What stands after the row among the octets under its digest."""


def _swept(plan: _Plan, found: Sequence[Any], awaited: Awaited) -> int | None:
    named, following = awaited
    width, name = len(plan.columns), plan.name
    taken, opened, later = list[Key](), Following(), list[tuple[Key, int]]()
    for row in found:
        id, version, began, ended, digest = row[width : width + 5]
        key = (name, id, version)
        if named.get(key) != (began, digest) or not _sealed(plan, row, digest):
            return None
        if ended is not None:
            opened[name, id, version + 1] = ended, began
        if version > 1:
            later.append((key, began))
        taken.append(key)
    if any((opened.get(key) or following.get(key, (0, 0)))[0] != began for key, began in later):
        return None
    following.update(opened)
    for key, _ in later:
        del following[key]
    for key in taken:
        del named[key]
    return len(taken)


def _sealed(plan: _Plan, row: Any, digest: str) -> bool:
    """Whether a row as it is stored is what its digest says, its derived columns too."""
    data = row[: len(plan.columns)]
    if plan.turned:
        data = list(data)
        for at, turn in plan.turned:
            if data[at] is not None:
                data[at] = turn(data[at])
    told = b'{"row":' + _encode(plan.shape(*data)) + plan.end
    if hashlib.sha256(told).hexdigest() != digest:
        return False
    if not plan.derived:
        return True
    worked_out = derived(plan.name, row[plan.columns.index("body")])
    return [worked_out[name] for name in plan.derived] == [*row[len(plan.columns) + 5 :]]


def strays(connection: Connection, county: str, size: int) -> list[tuple[str, str, int, int]]:
    """(table, id, version, entry) of rows that claim an entry outside a log of this size."""
    if (name := connection.dialect.name) not in _strays:
        _strays[name] = _outside(connection.dialect)
    query = _strays[name]
    found = driven(connection, query.sql, [query.bound({"county": county, "last": size})])
    return [(str(one[0]), str(one[1]), int(one[2]), int(one[3])) for one in found.fetchall()]


def _outside(dialect: Dialect) -> Prepared:
    asked = []
    for table in tables.BY_RECORD.values():
        began = table.c.event_from
        last = bindparam("last", type_=began.type)
        outside = or_(began < literal_column("1"), began > last)
        named: Any = literal_column(f"'{table.name}'")
        asked.append(
            select(named, table.c.id, table.c.version, began).where(
                table.c.county == bindparam("county", type_=table.c.county.type), outside
            )
        )
    return Prepared(union_all(*asked), dialect, ())


_made: dict[str, Prepared] = {}
_strays: dict[str, Prepared] = {}
"""Made once for each kind of engine, not for each that is opened."""


def _events(dialect: Dialect) -> Prepared:
    if dialect.name not in _made:
        _made[dialect.name] = _after(dialect)
    return _made[dialect.name]


def _after(dialect: Dialect) -> Prepared:
    table = tables.event
    named = [bindparam(name, type_=table.c[c].type) for name, c in
             (("county", "county"), ("last", "seq"))]  # fmt: skip
    query = (
        select(*(table.c[name] for name in _COLUMNS))
        .where(table.c.county == named[0], table.c.seq > named[1])
        .order_by(table.c.seq)
        .limit(literal_column(str(PAGE)))
        .offset(literal_column("0"))
    )
    return Prepared(query, dialect, ())


_plans: dict[tuple[str, str], _Plan] = {}


def _plan(dialect: Dialect, table: Table) -> _Plan:
    """Made once for each kind of engine, not for each that is opened."""
    key = dialect.name, str(table.name)
    if key not in _plans:
        _plans[key] = _planned(dialect, table)
    return _plans[key]


def _planned(dialect: Dialect, table: Table) -> _Plan:
    name = str(table.name)
    columns = sorted((*tables.DATA_COLUMNS[name], "body"))
    own = ("county", "id", "version", "event_from", "event_to", "digest", *columns)
    worked_out = [str(c.name) for c in table.c if str(c.name) not in own]
    turned: list[tuple[int, Callable[[Any], Any]]] = []
    for at, column in enumerate(columns):
        if isinstance(table.c[column].type, Flag) and dialect.name == "sqlite":
            turned.append((at, bool))
        if isinstance(table.c[column].type, Instant) and dialect.name != "sqlite":
            turned.append((at, wire))
    fields = [(column, Any, None) for column in columns]
    shape = msgspec.defstruct(f"_{name}", fields, omit_defaults=True)
    return _Plan(name, _query(dialect, table, columns, worked_out), shape, turned, columns,
                 worked_out, b',"table":"%b"}' % name.encode())  # fmt: skip


def _query(dialect: Dialect, table: Table, columns: list[str], worked_out: list[str]) -> Prepared:
    own = [table.c[c] for c in ("id", "version", "event_from", "event_to")]
    whole = table.c.event_from.type
    query = select(
        *(table.c[c] for c in columns), *own, table.c.digest,
        *(table.c[c] for c in worked_out),
    ).where(
        table.c.county == bindparam("county", type_=table.c.county.type),
        table.c.event_from >= bindparam("first", type_=whole),
        table.c.event_from <= bindparam("last", type_=whole),
    )  # fmt: skip
    return Prepared(query, dialect, ())


def differing(event: RowMapping, told: dict[str, Any]) -> str:
    """Name of the first column that differs from the entry, or the empty string."""
    for column in EVENT_COLUMNS:
        if told[column] != event[column]:
            return column
    for column in ("at", "business_date"):
        if msgspec.convert(told[column], type(event[column])) != event[column]:
            return column
    return ""
