"""快扫 the ordinary case of a verification, as fast as the driver gives the rows: each entry and
row is put together again in its one form and compared. Whatever is not just so is left to the slow
walk, which names what is wrong; nothing that the slow walk would name passes here.

It knows no SQL of its own and no engine: the statements are given (``swift``), so that a process
beside (``sweeper``) begins at once.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from hashlib import sha256
from typing import Any

import msgspec

from registry.domain.audit import canonical, wire
from registry.domain.records import Wire
from registry.store.files import Files
from registry.store.footing import derived

PAGE = 2048
"""Events held in memory at once."""
ABREAST = 64
"""Rows taken from the driver at once, few enough that they are still at hand when looked at."""
Key = tuple[str, str, int]
Named = dict[Key, tuple[int, str]]
"""(table, id, version) → number of the entry that names it, and the digest it gives."""
Following = dict[Key, tuple[int, int]]
"""(table, id, version) → number of the entry that must have written it, and of the one that wrote
the version before."""
Execute = Callable[[str, Any], Any]
"""Hands a statement and its values to the driver; gives the driver's cursor."""
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
_Under: Any = msgspec.defstruct("_Under", [("row", Any), ("table", str)])
"""What is under a row's digest."""
_decode = msgspec.json.Decoder(_Entry).decode
_encode = msgspec.json.Encoder().encode
_NOTHING = b"{}"


class Statement(Wire, frozen=True, kw_only=True):
    """一条语句 as the driver takes it."""

    sql: str
    order: list[str] | None
    """Names of its values in their order; ``None`` = they are told by name."""

    def bound(self, given: Mapping[str, Any]) -> Any:
        """The values as the driver takes them."""
        return dict(given) if self.order is None else [given[name] for name in self.order]


class Plan(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """一张表 how its rows are read: id, version, event_from, event_to, digest, then what is under
    the digest, then what is worked out of it."""

    name: str
    statement: Statement
    columns: list[str]
    derived: list[str]
    flags: list[int]
    """Places of columns that are true or false and come as numbers."""
    instants: list[int]
    """Places of columns that come as instants, and are text under the digest."""

    @cached_property
    def shape(self) -> Any:
        """A row under its digest: what is absent is left out."""
        fields = [(column, Any, None) for column in self.columns]
        return msgspec.defstruct(f"_{self.name}", fields, omit_defaults=True)

    @cached_property
    def end(self) -> int:
        """Where what is under the digest ends."""
        return 5 + len(self.columns)

    def turned(self, data: Sequence[Any]) -> list[Any]:
        """A row as it is under its digest."""
        told = list(data)
        for at in self.flags:
            told[at] = None if told[at] is None else bool(told[at])
        for at in self.instants:
            told[at] = wire(told[at])
        return told


class Plans(Wire, frozen=True, kw_only=True):
    """所有语句 of one kind of engine."""

    events: Statement
    tables: list[Plan]


class Sweep:
    """一遍快扫 of a county's entries and rows, page by page."""

    def __init__(
        self, execute: Execute, plans: Plans, county: str, files: Files | None = None
    ) -> None:
        self._execute, self._plans, self._county = execute, plans, county
        self.files = files
        self.following = Following()
        """Versions that must follow one that was closed; nothing is left of them at the end."""
        self.earlier: list[tuple[Key, int]] | None = None
        """Versions that follow one before the pages swept; ``None`` = there is nothing before."""
        self.rows = self.documents = 0

    def whole(self, first: int, last: int) -> bool:
        """Whether all that these entries say and wrote is just so."""
        named = self.named(first, last)
        if named is None:
            return False
        return (
            all(self.table(plan, first, last, named) for plan in self._plans.tables) and not named
        )

    def named(self, first: int, last: int) -> Named | None:
        """The rows that these entries name; ``None`` = look more slowly."""
        query = self._plans.events
        named = Named()
        try:
            given = {"county": self._county, "first": first, "last": last}
            rows = self._execute(query.sql, query.bound(given)).fetchall()
            if len(rows) != last - first + 1:
                return None
            for expected, row in enumerate(rows, first):
                told = _same(row, self._county, expected)
                if told is None:
                    return None
                for said in told.rows:
                    named[said.t, said.id, said.v] = expected, said.d
        except Exception:  # noqa: BLE001 - whatever it is, the slow walk says where
            return None
        return named

    def table(self, plan: Plan, first: int, last: int, named: Named) -> bool:
        """Whether every row of a table that these entries wrote is just so; each is taken off what
        is named. If one is not, all is as it was before."""
        given = {"county": self._county, "first": first, "last": last}
        taken, joints, documents = list[Key](), list[Any](), 0
        try:
            cursor = self._execute(plan.statement.sql, plan.statement.bound(given))
            while found := cursor.fetchmany(ABREAST):
                if not _sealed(plan, found, named):
                    return False
                taken += [(plan.name, row[0], row[1]) for row in found]
                joints += [row[:4] for row in found if row[3] is not None or row[1] > 1]
                documents += self._documents(plan, found)
            if not self._follow(plan.name, joints):
                return False
        except Exception:  # noqa: BLE001 - whatever it is, the slow walk says where
            return False
        for key in taken:
            del named[key]
        self.rows, self.documents = self.rows + len(taken), self.documents + documents
        return True

    def _documents(self, plan: Plan, found: Sequence[Any]) -> int:
        """How many files lie under these rows.

        Raises:
            ValueError: one of them is not what its row says.
        """
        if self.files is None or plan.name != "document":
            return 0
        place = 5 + plan.columns.index("sha256")
        current = [row[place] for row in found if row[3] is None]
        if not all(map(self.files.intact, current)):
            raise ValueError("a document was changed")
        return len(current)

    def _follow(self, name: str, joints: Sequence[Any]) -> bool:
        """Whether each later version begins where the one before was closed."""
        opened, later, earlier = Following(), list[tuple[Key, int]](), []
        for id, version, began, ended in joints:
            if ended is not None:
                if ended <= began:
                    return False
                opened[name, id, version + 1] = ended, began
            if version > 1:
                later.append(((name, id, version), began))
        for key, began in later:
            before = opened.get(key) or self.following.get(key)
            if before is None and self.earlier is not None:
                earlier.append((key, began))
            elif before is None or before[0] != began:
                return False
        self.following.update(opened)
        for key, _ in later:
            self.following.pop(key, None)
        if self.earlier is not None:
            self.earlier += earlier
        return True


def _sealed(plan: Plan, found: Sequence[Any], named: Named) -> bool:
    """Whether rows as they are stored are what their digests say, their derived columns too, and
    the digests those that the entries give."""
    shape, name, end, under, encode = plan.shape, plan.name, plan.end, _Under, _encode
    plain = not (plan.flags or plan.instants)
    body, worked_out = 5 + plan.columns.index("body"), plan.derived
    for row in found:
        id, version, began, _, digest = row[:5]
        data = row[5:end] if plain else plan.turned(row[5:end])
        if sha256(encode(under(shape(*data), name))).hexdigest() != digest:
            return False
        if named.get((name, id, version)) != (began, digest):
            return False
        if worked_out:
            told = derived(name, row[body])
            if [told[one] for one in worked_out] != [*row[end:]]:
                return False
    return True


def _same(row: Any, county: str, expected: int) -> Any:
    """An entry in its one form, as its columns have it; ``None`` = it is not just so."""
    seq, at, actor, act, outcome, code, kind, id, version, day, text = row
    octets = text.encode()
    try:
        told = _decode(octets)
    except msgspec.MsgspecError:
        return None
    note = bytes(told.note)
    if not (
        _encode(told) == octets
        and (note == _NOTHING or canonical(msgspec.json.decode(note)) == note)
        and seq == expected == told.seq
        and told.county == county
        and (told.actor, told.act, told.outcome, told.code) == (actor, act, outcome, code)
        and (told.object_kind, told.object_id, told.object_version) == (kind, id, version)
        and told.at == (at if isinstance(at, datetime) else datetime.fromisoformat(at))
        and (told.business_date == day or told.business_date.isoformat() == day)
    ):
        return None
    return told
