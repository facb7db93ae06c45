"""在其下: what lies below an area is one stretch of an index, and the same rows everywhere."""

from sqlalchemy import literal, select
from sqlalchemy.dialects import postgresql, sqlite

from registry.domain.request import Target
from registry.store import tables
from registry.store.below import below

TARGET = tables.BY_RECORD[Target]
PATHS = ["/a-1/", "/a-1/b/", "/a-1/b/c/", "/a-10/", "/a-2/", "/A-1/x/", "/a-1%/", "/a-1_/"]


def test_what_lies_below_is_what_begins_with_the_path(office) -> None:
    wanted = {path: [one for one in PATHS if one.startswith(path)] for path in [*PATHS, "/"]}
    with office.store.reader.connect() as connection:
        for path, expected in wanted.items():
            found = [
                one for one in PATHS
                if connection.execute(select(below(_said(one), path))).scalar()
            ]  # fmt: skip
            assert found == expected, path


def _said(path: str):
    return literal(path, TARGET.c.path.type)


def test_sqlite_is_told_a_stretch_and_postgresql_the_beginning() -> None:
    asked = select(TARGET.c.id).where(below(TARGET.c.path, "/a-1/"))
    assert "path >=" in str(asked.compile(dialect=sqlite.dialect()))
    assert "= 1" not in str(asked.compile(dialect=sqlite.dialect()))
    assert "LIKE" in str(asked.compile(dialect=postgresql.dialect()))
