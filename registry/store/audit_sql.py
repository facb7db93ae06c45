"""只读查询 one SELECT on an audit database that was exported, in a process of its own."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec

from registry.domain.records import Wire

_CHILD = Path(__file__).with_name("sql_child.py")
SECONDS, GRACE, ROWS, OCTETS = 10, 5, 10_000, 16 << 20


class Told(Wire, frozen=True, kw_only=True):
    """查询结果."""

    columns: list[str] = []
    rows: list[list[Any]] = []
    more: bool = False
    """There were more rows than are told."""
    error: str = ""


def ask(file: Path, sql: str, *, seconds: float = SECONDS, rows: int = ROWS) -> Told:
    """Answer a query within its time and rows; what is not a single SELECT is told as an error."""
    asked = {
        "file": str(file.absolute()),
        "sql": sql,
        "seconds": seconds,
        "rows": rows,
        "octets": OCTETS,
    }
    try:
        done = subprocess.run(  # noqa: S603 - our own program, no shell
            [sys.executable, str(_CHILD)], input=json.dumps(asked).encode(),
            capture_output=True, timeout=seconds + GRACE, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return Told(error="timeout")
    if done.returncode or not done.stdout:
        return Told(error="memory")
    return msgspec.json.decode(done.stdout, type=Told)
