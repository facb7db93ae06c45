"""对照 the bare handler: the same web stack and the same group-commit writer, one row and no rules.

It reads the body, writes it durably as one row, and answers 201: what the machine and the stack
allow before anything is asked of an official's filing.
"""

import asyncio
import sys
from pathlib import Path
from typing import Any

import uvicorn
from litestar import Litestar, Request, get, post
from litestar.response.base import ASGIResponse

from registry.app import settle_memory
from registry.store.engine import gate, open_engine
from registry.store.unit import Unit
from registry.store.writer import Writer, open_writer

_INSERT = "INSERT INTO filing (body) VALUES (?)"
_TABLE = "CREATE TABLE filing (id INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT"


def store_at(folder: Path) -> Writer:
    """A database of one table, opened by the registry's own engine and writer."""
    engine = open_engine(f"sqlite:///{folder / 'bare.db'}")
    with engine.begin() as connection:
        connection.exec_driver_sql(_TABLE)
    gate(engine)
    return open_writer(engine)


def app_on(writer: Writer) -> Litestar:
    """One route that writes, one that says that it is there."""

    @get("/readyz", sync_to_thread=False)
    def ready() -> dict[str, str]:
        return {"status": "ok"}

    @post("/filings")
    async def file(request: Request[Any, Any, Any]) -> ASGIResponse:
        text = (await request.body()).decode()

        def job(unit: Unit) -> int:
            return int(unit.connection.exec_driver_sql(_INSERT, (text,)).lastrowid)

        made = await asyncio.wrap_future(writer.submit("990102", job))
        return ASGIResponse(
            body=b'{"id":%d}' % made, media_type="application/json", status_code=201
        )

    return Litestar(route_handlers=[ready, file], openapi_config=None, logging_config=None)


def main() -> None:
    """Serve from the folder and on the port given until told to stop."""
    folder, port = Path(sys.argv[1]), int(sys.argv[2])
    app = app_on(store_at(folder))
    settle_memory()
    uvicorn.run(
        app, host="127.0.0.1", port=port, loop="uvloop", http="httptools",
        ws="none", access_log=False, server_header=False, log_level="warning",
        timeout_keep_alive=30,
    )  # fmt: skip


if __name__ == "__main__":
    main()
