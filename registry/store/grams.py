"""词语检索 the texts of rows as pairs of characters: a word of two characters is found like any other.

Each text that a row ever had is one entry, under a digest of it; a row is found by the text it has
at the moment asked for. SQLite: FTS5 over the pairs; PostgreSQL: a tsvector of the same pairs.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import add
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
    Dialect,
    FromClause,
    Integer,
    cast,
    column,
    select,
    table,
    text,
    tuple_,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from registry.domain.approval import Decision
from registry.domain.areas import Area
from registry.domain.audit import Finding
from registry.domain.auditing import IssuedDocument
from registry.domain.certifying import CertificateDemand
from registry.domain.funds import Voucher
from registry.domain.people import Organisation, Person
from registry.domain.posting import Posting
from registry.domain.presence import Presence
from registry.domain.records import Record
from registry.domain.redress import Complaint, Declining, Objection
from registry.domain.request import Request
from registry.domain.walls import Board
from registry.domain.wording import normalise
from registry.store import tables
from registry.store.mapping import to_record
from registry.store.statement import driven

LEAST = 2
"""Characters of a word that is looked for."""
_MARK = 16
"""Octets of the digest of a text."""
_BATCH = 500

Texts = Callable[[Any], tuple[str, ...]]
KINDS: dict[type[Record], tuple[str, Texts]] = {
    Request: ("r", lambda row: (row.title, row.filing.content)),
    Presence: ("p", lambda row: (row.title,)),
    Decision: ("d", lambda row: (row.reason,)),
    Voucher: ("v", lambda row: (row.note,)),
    Finding: ("f", lambda row: (row.detail,)),
    IssuedDocument: ("i", lambda row: (row.title,)),
    Declining: ("n", lambda row: (row.subject, row.text)),
    Objection: ("j", lambda row: (row.subject, row.text)),
    Complaint: ("c", lambda row: (row.subject,)),
    Board: ("b", lambda row: (row.wording,)),
    CertificateDemand: ("m", lambda row: (row.item,)),
    Posting: ("s", lambda row: (row.text,)),
    Organisation: ("o", lambda row: (row.name,)),
    Area: ("a", lambda row: (row.name,)),
    Person: ("h", lambda row: (row.name,)),
}
"""Record type → the letter its words begin with, and its texts: never one that is shown masked."""


class Text(NamedTuple):
    """一段文本 as it is laid down."""

    county: str
    kind: str
    id: str
    mark: str
    letter: str
    said: tuple[str, ...]

    def words(self) -> list[str]:
        """Its pairs, each with its kind and county before it: no other county's text is met."""
        before = f"{self.letter}{self.county}"
        return [before + pair for pair in pairs(self.said)]


def texts(record: Record) -> tuple[str, ...]:
    """What of a record is searched; empty where nothing is."""
    told = KINDS.get(type(record))
    return tuple(text for text in told[1](record) if text) if told else ()


def mark(said: Sequence[str]) -> str:
    """The digest of a record's texts."""
    return hashlib.blake2b("\x00".join(said).encode(), digest_size=_MARK).hexdigest()


def pairs(said: Iterable[str]) -> list[str]:
    """Every two characters beside one another, as words are compared."""
    found: dict[str, None] = {}
    for one in said:
        plain = normalise(one)
        found |= dict.fromkeys(map(add, plain, plain[1:]))
    return list(found)


def made(record: Record) -> Text | None:
    """The entry of a record; ``None`` where nothing of it is searched."""
    said = texts(record)
    if not said:
        return None
    kind = str(tables.BY_RECORD[type(record)].name)
    return Text(record.county, kind, record.id, mark(said), KINDS[type(record)][0], said)


def made_of(records: Iterable[Record]) -> list[Text]:
    """The entries of some records."""
    return [entry for record in records if (entry := made(record)) is not None]


def write(connection: Connection, entries: Sequence[Text]) -> None:
    """Lay down texts in the transaction of their rows; one that is there already stays."""
    if entries:
        lay = _on_sqlite if connection.dialect.name == "sqlite" else _on_postgresql
        lay(connection, entries)


def _on_sqlite(connection: Connection, entries: Sequence[Text]) -> None:
    """The entries first and then their words together: the index of words is written out whenever
    another statement comes between."""
    by_key = {entry[:_KEY]: entry for entry in entries}
    cursor = driven(connection, _ENTER, [[msgspec.json.encode([*by_key]).decode()]])
    found = cursor.fetchall()
    cursor.close()
    told = [(doc, " ".join(by_key[*key].words())) for doc, *key in found]
    if told:
        driven(connection, "INSERT INTO text_gram (rowid, words) VALUES (?, ?)", told).close()


_ENTER = (
    "INSERT INTO text_doc (county, kind, id, mark)"
    " SELECT value->>0, value->>1, value->>2, value->>3 FROM json_each(?) WHERE true"
    " ON CONFLICT DO NOTHING RETURNING doc, county, kind, id, mark"
)


def _on_postgresql(connection: Connection, entries: Sequence[Text]) -> None:
    keys = [[entry[at] for entry in entries] for at in range(_KEY)]
    there = driven(connection, _THERE, [keys])
    known = set(there.fetchall())
    there.close()
    told = [(*entry[:_KEY], entry.words()) for entry in entries if entry[:_KEY] not in known]
    if told:
        driven(connection, _LAY, told).close()


_KEY = 4
_THERE = (
    "SELECT county, kind, id, mark FROM text_doc WHERE (county, kind, id, mark) IN"
    " (SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[]))"
)
_LAY = (
    "INSERT INTO text_doc (county, kind, id, mark, words)"
    " VALUES (%s, %s, %s, %s, array_to_tsvector(%s::text[])) ON CONFLICT DO NOTHING"
)


class Hits(NamedTuple):
    """所见: the texts that hold every pair of a word."""

    source: FromClause
    order: ColumnElement[int]
    where: list[Any]


def hits(dialect: Dialect, kind: type[Record], county: str, word: str) -> Hits:
    """Where the texts of a county's rows hold a word, in the order in which they were laid down."""
    letter, doc = KINDS[kind][0], tables.text_doc
    told = [f"{letter}{county}{pair}" for pair in pairs([word])]
    if dialect.name == "sqlite":
        gram = table("text_gram", column("rowid", Integer))
        asked = " ".join(f'"{one}"' for one in told)
        where = [text("text_gram MATCH :asked").bindparams(asked=asked)]
        return Hits(gram.join(doc, doc.c.doc == gram.c.rowid), gram.c.rowid, where)
    asked = " & ".join(f"'{one}'" for one in told)
    return Hits(doc, doc.c.doc, [doc.c.words.op("@@")(cast(asked, TSQUERY))])


def fill(connection: Connection) -> int:
    """Lay down the texts of every row version there is; how many rows were read."""
    read = 0
    for kind in KINDS:
        for rows in _versions(connection, kind):
            write(connection, made_of(rows))
            read += len(rows)
    return read


def is_empty(connection: Connection) -> bool:
    """Whether no text was ever laid down."""
    return connection.execute(select(tables.text_doc.c.doc).limit(1)).first() is None


def _versions(connection: Connection, kind: type[Record]) -> Iterator[list[Record]]:
    held, last = tables.BY_RECORD[kind], ("", "", 0)
    key = (held.c.county, held.c.id, held.c.version)
    while True:
        query = select(held).where(tuple_(*key) > last).order_by(*key).limit(_BATCH)
        rows = [to_record(kind, row) for row in connection.execute(query).mappings()]
        if not rows:
            return
        yield list(rows)
        last = (rows[-1].county, rows[-1].id, rows[-1].version)
