"""Empty databases for tests: a SQLite file, or a database of its own on a real PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg


@contextmanager
def fresh(folder: Path, server: Any = None, template: str = "template0") -> Iterator[str]:
    """Address of an empty database (with a server: or a copy of ``template``), gone afterwards."""
    if server is None:
        yield f"sqlite:///{folder / 'registry.db'}"
        return
    name = create(server, template)
    try:
        yield str(server.get_uri(name))
    finally:
        say(server, f"DROP DATABASE {name} WITH (FORCE)")


def create(server: Any, template: str = "template0") -> str:
    """Name of a new database; it goes with the server."""
    name = f"t{uuid4().hex}"
    say(server, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    return name


def quicken(server: Any) -> None:
    """Let a server of tests leave to the system when it writes to the disk: what a killed process
    had written is there all the same, and only a power cut would tell the difference."""
    for setting in ("fsync", "full_page_writes", "autovacuum"):
        say(server, f"ALTER SYSTEM SET {setting} = off")
    say(server, "SELECT pg_reload_conf()")


def say(server: Any, statement: str) -> None:
    """One statement outside any transaction."""
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(statement)
