"""导出读法 rows as they leave: flat columns at one snapshot, streamed.

A snapshot is a number in the log, and what stood then never changes: whoever reads it again, or
goes on after a break, reads the same.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Integer,
    Select,
    Table,
    Text,
    case,
    cast,
    column,
    func,
    literal_column,
    or_,
    select,
    true,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import JSON

from registry.domain.audit import Event
from registry.domain.exporting import Column as Told
from registry.domain.exporting import Holds, Sheet
from registry.domain.records import Wire
from registry.store import tables
from registry.store.columns import Day, Flag, Instant
from registry.store.reader import at_snapshot
from registry.store.visible import Scope, visible

AT_ONCE = 1_000
"""Rows held in memory."""
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""How a text begins that a spreadsheet takes for a formula."""
_DAY, _INSTANT = "YYYY-MM-DD", 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"'


class Wanted(Wire, frozen=True, kw_only=True):
    """所要: whose rows, as of which entry of the log, and which of them."""

    county: str
    as_of: int
    scopes: list[Scope] | None = None
    """What the reader may see; ``None`` = all of the county."""
    history: bool = False
    """Every version there was, and not only what stood."""


def table_of(sheet: Sheet) -> Table:
    """The table a sheet is read from."""
    kind: Any = sheet.record
    return tables.event if kind is Event else tables.BY_RECORD[kind]


class Rows:
    """一张表的读法 as one engine says it."""

    def __init__(
        self, connection: Connection, sheet: Sheet, wanted: Wanted,
        narrowed: Sequence[ColumnElement[bool]] = (),
    ) -> None:  # fmt: skip
        self.connection, self.sheet, self.wanted = connection, sheet, wanted
        self.table, self.narrowed = table_of(sheet), narrowed
        # A field may be called as a column of the log's own is (``body``): it stands in the body.
        own = tables.DATA_COLUMNS.get(str(self.table.name), tuple(self.table.c.keys()))
        self._columned = {*own, *(c.name for c in HISTORY)}
        self.sqlite = connection.dialect.name == "sqlite"
        self._body = None if self.sqlite or "body" not in self.table.c else self._laid_out()

    # ---- statements

    def values(self) -> Select[Any]:
        """Each column as text, whole number or nothing."""
        parts = [self.value(c).label(f"c{n}") for n, c in enumerate(self.columns())]
        return self._from(parts, self._body)

    def told(self, parts: Sequence[ColumnElement[Any]]) -> Select[Any]:
        """What is said of each row, in the order in which rows leave."""
        return self._from(parts, None)

    def columns(self) -> Sequence[Told]:
        """The columns as they leave."""
        return (*self.sheet.columns, *(HISTORY if self.wanted.history else ()))

    def _from(self, parts: Sequence[ColumnElement[Any]], body: Any) -> Select[Any]:
        query = select(*parts).select_from(
            self.table if body is None else self.table.join(body, true())
        )
        return query.where(*self.where()).order_by(*self._order())

    def where(self) -> list[ColumnElement[bool]]:
        """Which rows are meant."""
        t, wanted = self.table, self.wanted
        found = [t.c.county == wanted.county, *self.narrowed]
        if t is tables.event:
            found.append(t.c.seq <= wanted.as_of)
        elif wanted.history:
            found.append(t.c.event_from <= wanted.as_of)
        else:
            found.append(at_snapshot(t, wanted.as_of))
        if wanted.scopes is not None:
            found.append(or_(*(visible(t, scope) for scope in wanted.scopes)))
        return found

    def _order(self) -> list[Column[Any]]:
        t = self.table
        return [t.c.county, t.c.seq] if t is tables.event else [t.c.county, t.c.id, t.c.version]

    # ---- columns

    def kept(self, told: Told) -> bool:
        """Whether it stands in a column of its own, and not in the body."""
        return told.path[0] in self._columned

    def value(self, told: Told) -> ColumnElement[Any]:
        """A column as text or whole number, the same on both engines."""
        name = told.path[0]
        if told is HISTORY[1]:
            # What ended after the snapshot had not ended then.
            end = self.table.c.event_to
            return case((end <= self.wanted.as_of, end))
        found = self._kept(name) if self.kept(told) else self._in_body(told)
        return found if told.default is None else func.coalesce(found, told.default)

    def _kept(self, name: str) -> ColumnElement[Any]:
        held = self.table.c[name]
        if self.sqlite:
            whole = isinstance(held.type, (Flag, Integer))
            return type_coerce(held, BigInteger() if whole else Text())
        if isinstance(held.type, Flag):
            return cast(held, Integer)
        if isinstance(held.type, Day):
            return func.to_char(held, _DAY)
        if isinstance(held.type, Instant):
            return func.to_char(func.timezone("UTC", held), _INSTANT)
        return held

    def _in_body(self, told: Told) -> ColumnElement[Any]:
        whole = told.holds in (Holds.WHOLE, Holds.FLAG)
        if self.sqlite:
            place: ColumnElement[str] = literal_column("'$." + ".".join(told.path) + "'")
            found = func.json_extract(self.table.c.body, place)
            return type_coerce(found, BigInteger() if whole else Text())
        body: Any = self._body
        text: ColumnElement[Any] = body.c[told.path[0]]
        if len(told.path) > 1:
            rest: ColumnElement[str] = literal_column("'{" + ",".join(told.path[1:]) + "}'")
            text = cast(text, JSON).op("#>>", return_type=Text())(rest)
        if told.holds is Holds.FLAG:
            return case((text == "true", 1), (text == "false", 0))
        return cast(text, BigInteger) if whole else text

    def _laid_out(self) -> Any:
        """The body taken apart once a row."""
        own = {c.path[0] for c in self.sheet.columns} - self._columned
        parts = [column(name, Text) for name in sorted(own)] or [column("nothing", Text)]
        made = func.json_to_record(cast(self.table.c.body, JSON))
        return made.table_valued(*parts).render_derived(name="b", with_types=True)

    # ---- reading

    def batches(self, query: Select[Any]) -> Iterator[Sequence[Any]]:
        """Rows, some at a time, as the engine gives them."""
        with self.connection.execute(query, execution_options={"yield_per": AT_ONCE}) as found:
            yield from found.partitions()

    def many(self) -> int:
        """How many rows there are."""
        query = select(func.count()).select_from(self.table).where(*self.where())
        return int(self.connection.execute(query).scalar() or 0)


HISTORY = (
    Told("event_from", "记录事件号", Holds.WHOLE, ("event_from",)),
    Told("event_to", "被替换事件号", Holds.WHOLE, ("event_to",)),
)
"""Columns of every version there was."""
