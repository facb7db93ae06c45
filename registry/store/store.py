"""存储总成 the parts of the room joined: engines, writer, reader, documents; opened once."""

from pathlib import Path

from sqlalchemy import Connection, Engine

from registry.store.engine import end, gate, open_engine
from registry.store.files import Files
from registry.store.keys import Keys
from registry.store.reader import Reader
from registry.store.writer import Writer, open_writer


class Store:
    """存储."""

    def __init__(self, url: str, read_url: str, data_dir: Path) -> None:
        self.url, self.read_url, self.data_dir = url, read_url, data_dir
        self.engine: Engine = open_engine(url)
        gate(self.engine)
        self.writer: Writer = open_writer(self.engine)
        self.reader = Reader(open_engine(read_url, readonly=True))
        self.files = Files(data_dir / "documents")
        self.keys = Keys(data_dir / "keys")

    def settled(self) -> Connection:
        """A connection for reading that sees all that was acknowledged: never a replica's."""
        sqlite = self.engine.dialect.name == "sqlite"
        return self.reader.connect() if sqlite else self.engine.connect()

    def close(self) -> None:
        """Finish accepted acts, then close every connection."""
        self.writer.close()
        self.reader.close()
        end(self.engine)
