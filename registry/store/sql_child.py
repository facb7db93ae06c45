"""只读查询子进程 answers one SELECT on an audit database, within the memory and time it is given.

A process of its own, for the memory of a query cannot be bounded inside the server. Standard input:
JSON {file, sql, seconds, rows, octets}; standard output: JSON {columns, rows, more} or {error}.
"""

import json
import resource
import sys
import time
from math import ceil, isinf
from pathlib import Path
from typing import Any

import pysqlite3.dbapi2 as sqlite

MEMORY, TOLD = 512 << 20, 200
_WORDS = """
abs avg cast coalesce count cume_dist date datetime dense_rank first_value format glob group_concat
ifnull iif instr json json_array_length json_each json_extract json_type json_valid julianday lag
last_value lead length like likely lower ltrim max min nth_value ntile nullif percent_rank rank
round
row_number rtrim sign strftime string_agg substr substring sum time total trim typeof unicode upper
-> ->>
"""
_FUNCTIONS = frozenset(_WORDS.split())
_CALLS = ("json_each",)
"""Functions that are read as tables."""
_STEPS = 1_000
"""Steps of the engine between two looks at the clock."""


def allow(action: int, *told: Any) -> int:
    """Reading the tables and views of the file, and nothing else."""
    first, second, database, _ = told
    if action == sqlite.SQLITE_SELECT:
        return int(sqlite.SQLITE_OK)
    if action == sqlite.SQLITE_READ:
        # Of a table that is only counted no column is named, and no database.
        here = database == "main" or (database is None and second == "")
        named = here and not str(first).lower().startswith(("sqlite_", "pragma_"))
        return int(sqlite.SQLITE_OK if named or first in _CALLS else sqlite.SQLITE_DENY)
    if action == sqlite.SQLITE_FUNCTION and str(second).lower() in _FUNCTIONS:
        return int(sqlite.SQLITE_OK)
    return int(sqlite.SQLITE_DENY)


def answer(asked: dict[str, Any]) -> dict[str, Any]:
    """Run the query; what goes wrong is told, whatever it is."""
    ends = time.monotonic() + asked["seconds"]
    try:
        held = sqlite.connect(f"{Path(asked['file']).as_uri()}?mode=ro&immutable=1", uri=True)
        held.execute("PRAGMA query_only=1")
        held.execute("PRAGMA trusted_schema=0")
        held.set_progress_handler(lambda: time.monotonic() > ends, _STEPS)
        held.set_authorizer(allow)
        cursor = held.execute(asked["sql"])
        if cursor.description is None:
            return {"error": "not a SELECT"}
        columns = [column[0] for column in cursor.description]
        rows: list[list[Any]] = []
        octets, more = 0, False
        for row in cursor:
            told = [_told(value) for value in row]
            octets += sum(len(str(value)) for value in told)
            if len(rows) == asked["rows"] or octets > asked["octets"]:
                more = True
                break
            rows.append(told)
    except sqlite.OperationalError as error:
        return {"error": "timeout" if time.monotonic() > ends else str(error)[:TOLD]}
    except (sqlite.Error, sqlite.Warning, ValueError, MemoryError, OverflowError) as error:
        return {"error": str(error)[:TOLD] or type(error).__name__}
    return {"columns": columns, "rows": rows, "more": more}


def _told(value: Any) -> Any:
    """A value as JSON has it: of octets their digits, of what no number reaches its name."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, float) and isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return value


def _bound(seconds: float) -> None:
    """Whoever asked may be gone, and within one comparison the engine looks at no clock."""
    most = ceil(seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (most, most))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    _bound(asked["seconds"])
    json.dump(answer(asked), sys.stdout)
