"""倍增 a loaded county many times over: the same requests again under other ids, written by SQL.

What is made so is read like any county and stands for its size; it is no log to be verified: copies
keep the seals of what they were copied from. A million requests through the writer take half an
hour; these take some minutes. Words, titles and places are those of the requests that were loaded.

``python -m bench.multiplied FOLDER ROWS`` leaves the county there, to be looked at at leisure.
"""

import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from sqlalchemy import select

from bench.forms import COUNTY
from bench.load import county_with
from registry.store import grams, tables
from registry.store.engine import open_engine
from registry.store.mapping import to_record

LOADED = 20_000
"""Requests that are loaded; all others are copies of them."""
MOST_COPIES = 256
_MARK = "req-00"
"""What the id of every loaded request begins with, wherever a row names it."""
_APART = (("serial", "id"), ("voucher", "number"))
"""What no two rows of a series share, and names no request."""
_FASTER = ("journal_mode=OFF", "synchronous=OFF", "cache_size=-1000000", "temp_store=MEMORY")
"""Nothing here outlives the machine's fall: it would be made anew."""


def id_of(at: int) -> str:
    """The id of a request by its number: those that were loaded first, then copy after copy."""
    copy, number = divmod(at, LOADED)
    return f"req-{copy:02x}{number:09x}"


def multiplied(folder: Path, rows: int) -> tuple[str, int]:
    """The demo county in a folder with so many requests; those beyond ``LOADED`` are copies, whole
    sets of them. Returns where its database is, and how many there are.

    Raises:
        ValueError: more than the ids tell apart.
    """
    copies = rows // LOADED
    if copies > MOST_COPIES:
        raise ValueError(rows)
    with county_with(folder, min(rows, LOADED)) as (_, url, _):
        pass
    if copies > 1:
        copied(folder, copies)
        told(url, folder, copies)
    return url, max(copies * LOADED, min(rows, LOADED))


def copied(folder: Path, copies: int) -> None:
    """Write every row of the requests again, so many times in all."""
    with closing(_opened(folder)) as connection:
        of = {"county": COUNTY, "begins": _MARK}
        first, last = connection.execute(
            "SELECT min(event_from) - 1, (SELECT seq FROM log_head WHERE county = :county)"
            " FROM request WHERE county = :county AND id LIKE :begins || '%'", of,
        ).fetchone()  # fmt: skip
        kinds = [str(table.name) for table in tables.BY_RECORD.values()]
        for name in ("event", *kinds):
            for copy in range(1, copies):
                given = of | {"copy": copy, "first": first, "on": copy * (last - first),
                              "numbers": copy * LOADED, "mark": f"req-{copy:02x}"}  # fmt: skip
                if connection.execute(_again(connection, name), given).rowcount == 0:
                    break
            connection.commit()
        head = first + copies * (last - first)
        connection.execute("UPDATE log_head SET seq = ? WHERE county = ?", (head, COUNTY))
        connection.commit()


def told(url: str, folder: Path, copies: int) -> None:
    """The words of the copies, so that they are found like any other."""
    with closing(_opened(folder)) as connection:
        connection.execute("CREATE TEMP TABLE said (doc INTEGER PRIMARY KEY, words TEXT)")
        connection.executemany("INSERT INTO said VALUES (?, ?)", _words(url, connection))
        (on,) = connection.execute("SELECT max(doc) FROM text_doc").fetchone()
        for copy in range(1, copies):
            given = {"county": COUNTY, "begins": _MARK, "mark": f"req-{copy:02x}", "on": copy * on}
            connection.execute(
                "INSERT INTO text_doc (doc, county, kind, id, mark) SELECT doc + :on, county, kind,"
                " replace(id, :begins, :mark), mark FROM said JOIN text_doc USING (doc)", given,
            )  # fmt: skip
            connection.execute(
                "INSERT INTO text_gram (rowid, words) SELECT doc + :on, words FROM said", given
            )
        connection.commit()


def _opened(folder: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(folder / "registry.db")
    for word in _FASTER:
        connection.execute(f"PRAGMA {word}").fetchall()
    return connection


def _again(connection: sqlite3.Connection, name: str) -> str:
    """How one copy of a table's rows is written: ids and numbers of the log are its own."""
    columns = [row[1:3] for row in connection.execute(f"PRAGMA table_info({name})")]
    seq = "seq" if name == "event" else "event_from"
    values = [_copy_of(name, column, kind) for column, kind in columns]
    names = ", ".join(f'"{column}"' for column, _ in columns)
    return (
        f"INSERT INTO {name} ({names}) SELECT {', '.join(values)} FROM {name}"
        f" WHERE county = :county AND {seq} > :first AND {seq} <= :first + :on / :copy"
    )


def _copy_of(table: str, column: str, kind: str) -> str:
    if column in ("event_from", "event_to", "seq"):
        return f"{column} + :on"
    if (table, column) == ("serial", "serial"):
        return "serial + :numbers"
    if (table, column) in _APART:
        return f"{column} || '.' || :copy"
    if kind == "TEXT" and column not in ("county", "digest", "leaf", "version"):
        return f'replace("{column}", :begins, :mark)'
    return f'"{column}"'


def _words(url: str, connection: sqlite3.Connection) -> Iterator[tuple[int, str]]:
    """Number and words of every text of the requests that were loaded, as they were laid down."""
    docs = {tuple(row[1:]): row[0] for row in connection.execute(
        "SELECT doc, kind, id, mark FROM text_doc WHERE county = ?", (COUNTY,)
    )}  # fmt: skip
    engine = open_engine(url, readonly=True)
    try:
        with engine.connect() as reader:
            for kind in grams.KINDS:
                t = tables.BY_RECORD[kind]
                here = (t.c.county == COUNTY, t.c.id.like(f"{_MARK}%") | t.c.id.like("dec-%"))
                for row in reader.execute(select(t).where(*here)).mappings():
                    made = grams.made(to_record(kind, row))
                    doc = made and docs.pop((made.kind, made.id, made.mark), None)
                    if made and doc:
                        yield doc, " ".join(made.words())
    finally:
        engine.dispose()


def main() -> int:
    """Make one county and say how long it took."""
    folder, rows = Path(sys.argv[1]), int(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    began = time.perf_counter()
    url, made = multiplied(folder, rows)
    print(f"{made:,} requests in {time.perf_counter() - began:,.0f} s: {url}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
