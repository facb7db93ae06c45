"""审计数据库 one SQLite file of flat tables for whoever audits: written in one go, then only read."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pysqlite3.dbapi2 as sqlite

from registry.domain.exporting import Column, Holds

APPLICATION = 0x41554449
"""``PRAGMA application_id`` of such a file."""
_WHOLE = (Holds.WHOLE, Holds.FLAG)
_LED = ("id", "request_id", "presence_id", "voucher_id", "organisation_id")
"""Columns by which tables are joined."""


class View(NamedTuple):
    """视图 that answers a common question."""

    name: str
    zh: str
    question: str
    columns: dict[str, str]
    """Name of each column → its name in Chinese."""
    sql: str


class AuditFile:
    """审计数据库 while it is written."""

    def __init__(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        self._held: Any = sqlite.connect(str(path), isolation_level=None)
        # A file that was not finished is thrown away, so nothing of it needs to be safe.
        for pragma in ("page_size=8192", "journal_mode=OFF", "synchronous=OFF",
                       "cache_size=-8000", f"application_id={APPLICATION}"):  # fmt: skip
            self._held.execute(f"PRAGMA {pragma}")
        self._held.execute("BEGIN")

    def table(self, names: tuple[str, str], columns: Sequence[Column]) -> None:
        """A table under its English name, and a view of it under its Chinese one, in Chinese."""
        name, zh = names
        kinds = (f"{_n(c.name)} {'INTEGER' if c.holds in _WHOLE else 'TEXT'}" for c in columns)
        self._held.execute(f"CREATE TABLE {_n(name)} ({', '.join(kinds)}) STRICT")
        told = ", ".join(f"{_worded(c)} AS {_n(c.zh)}" for c in columns)
        self._view(zh, f"SELECT {told} FROM {_n(name)}")  # noqa: S608 - our own names, quoted

    def insert(self, name: str, rows: Iterable[Sequence[Any]], many: int) -> None:
        """Rows of so many columns."""
        places = ", ".join("?" * many)
        into = f"INSERT INTO {_n(name)} VALUES ({places})"  # noqa: S608 - our own names, quoted
        self._held.executemany(into, rows)

    def index(self, name: str, columns: Sequence[Column]) -> None:
        """Find rows by what tables are joined by."""
        for column in columns:
            if column.name in _LED:
                made = _n(f"ix_{name}_{column.name}")
                self._held.execute(f"CREATE INDEX {made} ON {_n(name)} ({_n(column.name)})")

    def notes(self, name: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """A table of words: the dictionary, the codes, what the file is."""
        self._held.execute(f"CREATE TABLE {_n(name)} ({', '.join(map(_n, heads))})")
        self.insert(name, rows, len(heads))

    def view(self, view: View) -> None:
        """A question's answer under both names."""
        self._view(view.name, view.sql)
        told = ", ".join(f"{_n(name)} AS {_n(zh)}" for name, zh in view.columns.items())
        self._view(view.zh, f"SELECT {told} FROM {_n(view.name)}")  # noqa: S608 - our own names

    def _view(self, name: str, sql: str) -> None:
        self._held.execute(f"CREATE VIEW {_n(name)} AS {sql}")

    def finish(self) -> None:
        """End it whole."""
        self._held.execute("COMMIT")
        self._held.close()

    def drop(self) -> None:
        """End it unfinished."""
        self._held.close()


def _n(name: str) -> str:
    """A name as SQL takes any."""
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def _t(text: str) -> str:
    doubled = text.replace("'", "''")
    return f"'{doubled}'"


def _worded(column: Column) -> str:
    """A column with its codes as they are called."""
    name = _n(column.name)
    if column.codes:
        words = " ".join(f"WHEN {_t(code)} THEN {_t(zh)}" for code, zh in column.codes.items())
        return f"CASE {name} {words} ELSE {name} END"
    flag = f"CASE {name} WHEN 1 THEN '是' WHEN 0 THEN '否' END"
    return flag if column.holds is Holds.FLAG else name
