"""已编译的语句: a run opens thousands of databases of two kinds; the words of a statement are the same
in all of one kind, and made once."""

from typing import Any

from sqlalchemy import Dialect, Engine, create_engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.util import LRUCache

from registry.store import engine as opening

KEPT = 4_000
_dialects: dict[str, Dialect] = {}
_words: LRUCache[Any, Any] = LRUCache(KEPT)


def together() -> None:
    """Let every engine of this process speak as the first of its kind does. Connections, pools,
    transactions and what an engine remembers of rows stay each engine's own."""
    opening.create_engine = _engine  # type: ignore[attr-defined]


def _engine(url: str, **options: Any) -> Engine:
    made = create_engine(url, **options)
    kind = made.dialect.name
    if kind not in _dialects and not _begun("sqlite://" if kind == "sqlite" else url, options):
        return made
    made.dialect = _dialects[kind]
    made.update_execution_options(compiled_cache=_words)
    return made


def _begun(url: str, options: dict[str, Any]) -> bool:
    """A dialect knows its server from its first connection on; where there is none, no matter."""
    first = create_engine(url, **options)
    try:
        first.connect().close()
    except OperationalError:
        return False
    finally:
        first.dispose()
    _dialects[first.dialect.name] = first.dialect
    return True
