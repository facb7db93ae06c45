"""合计 of an audit package: rows of each table, money by account and by stage, added up from the very
lines that go out. Every line's last version counts once; they are laid in a file, never held."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pysqlite3.dbapi2 as sqlite

_AT_ONCE = 2_000


class _Line(msgspec.Struct):
    id: str
    version: int
    debit: str
    credit: str
    stage: str
    sign: int
    counted: bool
    amount_fen: int


class _Told(msgspec.Struct):
    row: _Line


_SUMS = """SELECT 'account ' || account, sum(fen) FROM (
  SELECT debit AS account, fen FROM now UNION ALL SELECT credit, -fen FROM now)
  WHERE account <> '' GROUP BY 1
UNION ALL SELECT 'stage ' || stage, sum(sign * fen) FROM now GROUP BY 1"""


def totals(files: Sequence[Path], counts: Mapping[str, int]) -> dict[str, int]:
    """By name: ``rows <table>``, ``account <account>``, ``stage <stage>``; amounts in 分."""
    found = {f"rows {table}": many for table, many in counts.items() if many}
    held: Any = sqlite.connect("")
    held.execute(
        "CREATE TABLE line (id TEXT PRIMARY KEY, version, debit, credit, stage, sign, counted, fen)"
    )
    for path in files:
        with path.open("rb") as lines:
            while batch := lines.readlines(_AT_ONCE << 9):
                rows = [msgspec.structs.astuple(_line.decode(one).row) for one in batch]
                held.executemany(_KEEP, rows)
    held.execute("CREATE VIEW now AS SELECT * FROM line WHERE counted")
    found.update(held.execute(_SUMS).fetchall())
    held.close()
    return found


_line = msgspec.json.Decoder(_Told)
_KEEP = """INSERT INTO line VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET
version = excluded.version, debit = excluded.debit, credit = excluded.credit,
stage = excluded.stage, sign = excluded.sign, counted = excluded.counted, fen = excluded.fen
WHERE excluded.version > version"""
