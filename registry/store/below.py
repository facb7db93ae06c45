"""在其下 whether a path lies below an area's, said to each engine so that it finds the rows.

SQLite reads a whole index, or the table, for ``LIKE``: to it is said between which two words the
path lies, which is one stretch of the index. The words are compared letter by letter there, as the
beginning of a path is; PostgreSQL orders words by its own rules and is asked for the beginning.
"""

from typing import Any

from sqlalchemy import Boolean, ColumnElement, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class _Below(FunctionElement[bool]):
    """在其下 of a column, as the words of both engines."""

    inherit_cache = True
    name = "below"
    type = Boolean()

    def self_group(self, against: Any = None) -> Any:
        """As it stands: compared with a truth value it would lead to no index."""
        return self


def below(column: ColumnElement[Any], path: str) -> ColumnElement[bool]:
    """Rows whose path begins with an area's: the area itself, and all that lies in it."""
    if not path:
        return column.is_not(None)
    end = path[:-1] + chr(ord(path[-1]) + 1)
    bounds = (literal(path, column.type), literal(end, column.type))
    return _Below(column, *bounds, column.startswith(path, autoescape=True))


@compiles(_Below)
def _by_beginning(element: Any, compiler: SQLCompiler, **kw: Any) -> str:
    *_, begins = element.clauses
    return f"({compiler.process(begins, **kw)})"


@compiles(_Below, "sqlite")
def _between(element: Any, compiler: SQLCompiler, **kw: Any) -> str:
    column, first, end = (compiler.process(one, **kw) for one in list(element.clauses)[:3])
    return f"({column} >= {first} AND {column} < {end})"
