"""Plans 查询计划: every filter of every resource, alone, in an area, in its default order, is answered
from an index; on both engines."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, Table, event, func, select, text

from bench.load import fill
from registry.actions.office import Office
from registry.api import grammar
from registry.api.resources import RESOURCES, Resource
from registry.domain.errors import Refusal
from registry.store import shapes
from registry.store.filters import Condition, Op
from registry.store.grams import KINDS
from registry.store.listing import seen, table_of, timed, worded
from registry.store.planned import Page, Unserved, shape_of, statement
from registry.store.visible import Scope

COUNTY = "990102"
STREET = "/a-990000000000/a-990100000000/a-990102000000/a-990102001000/"
VALUES = {
    "Day": date(2026, 3, 2), "Instant": datetime.fromisoformat("2026-03-02T04:00:00+00:00"),
    "Integer": 1, "Flag": True, "Text": "x",
}  # fmt: skip
EITHER = {"area_id= area"}
"""Place and area say the same of a body: either may lead."""
LARGE = 10_000
"""Rows from which on a table is not to be read whole."""
Asked = tuple[str, Page]


def pages(resource: Resource) -> Iterator[Asked]:
    """Every filter, range and order of a resource, each alone, and with an area."""
    table = table_of(resource.record)
    yield "nothing", Page()
    for name in sorted(grammar.exact(resource)):
        value = VALUES[type(table.c[name].type).__name__]
        yield f"{name}=", Page(where=[Condition(field=name, value=value)])
        several = Condition(field=name, op=Op.IN, value=[value, value, "y"])
        if isinstance(value, str):
            yield f"{name}.in", Page(where=[several])
    for name in grammar.ranges(resource.name):
        value = VALUES[type(table.c[name].type).__name__]
        for op in (Op.GE, Op.GT, Op.LE, Op.LT):
            yield f"{name}.{op}", Page(where=[Condition(field=name, op=op, value=value)])
    for name in grammar.sorts(resource):
        for down in (False, True):
            page = Page(sort=name, down=down)
            if _serves(table, page):
                yield f"sort={name} {down}", page
    if "area" in grammar.parameters_of(resource.name):
        for what, page in list(_alone(resource)):
            yield f"{what} area", page


def _alone(resource: Resource) -> Iterator[Asked]:
    table = table_of(resource.record)
    yield "nothing", Page(area=STREET)
    for name in sorted(grammar.exact(resource)):
        value = VALUES[type(table.c[name].type).__name__]
        yield f"{name}=", Page(area=STREET, where=[Condition(field=name, value=value)])


def _serves(table: Table, page: Page) -> bool:
    try:
        shape_of(table, page)
    except Unserved:
        return False
    return True


def told(connection: Connection, table: Table, page: Page) -> str:
    """The plan of a page, as whoever reads the whole county asks for it."""
    sight = seen(table, [Scope(county=COUNTY, whole=True)])
    said: list[tuple[str, Any]] = []

    def hear(_one: Any, _cursor: Any, words: str, given: Any, *_more: Any) -> None:
        said.append((words, given))

    event.listen(connection, "before_cursor_execute", hear)
    connection.execute(statement(table, sight, page)).all()
    event.remove(connection, "before_cursor_execute", hear)
    sqlite = connection.dialect.name == "sqlite"
    words = "EXPLAIN QUERY PLAN " if sqlite else "EXPLAIN "
    asked, given = next(one for one in said if "SELECT" in one[0])
    rows = connection.exec_driver_sql(words + asked, given).all()
    return "\n".join(str(row[3 if sqlite else 0]) for row in rows)


def told_of_words(connection: Connection, kind: type[Any]) -> str:
    """The plan by which a word of two characters is looked for."""
    sight = seen(table_of(kind), [Scope(county=COUNTY, whole=True)])
    said: list[tuple[str, Any]] = []

    def hear(_one: Any, _cursor: Any, words: str, given: Any, *_more: Any) -> None:
        said.append((words, given))

    event.listen(connection, "before_cursor_execute", hear)
    worded(connection, kind, sight, Page(text="花草"))
    event.remove(connection, "before_cursor_execute", hear)
    sqlite = connection.dialect.name == "sqlite"
    words = "EXPLAIN QUERY PLAN " if sqlite else "EXPLAIN "
    asked, given = next(one for one in said if "SELECT" in one[0])
    rows = connection.exec_driver_sql(words + asked, given).all()
    return "\n".join(str(row[3 if sqlite else 0]) for row in rows)


def faults(connection: Connection, resource: Resource) -> Iterator[str]:
    """What of a resource no index answers."""
    table, sqlite = table_of(resource.record), connection.dialect.name == "sqlite"
    for what, page in pages(resource):
        plan = told(connection, table, page)
        shape, name = shape_of(table, page), f"{table.name}"
        walked = f"SCAN {name}" if sqlite else f"Seq Scan on {name}"
        lines = [line for line in plan.splitlines() if line.strip().startswith(walked)]
        several = len([c for c in page.where if c.op is Op.IN]) > 0
        sorted_ = "TEMP B-TREE FOR ORDER BY" in plan if sqlite else "Sort" in plan
        if lines or walked + " " in plan.replace("->", ""):
            yield f"{resource.name} {what}: {plan}"
        elif shape.by and sqlite and shape.by not in plan and what not in EITHER:
            yield f"{resource.name} {what} not by {shape.by}: {plan}"
        elif sorted_ and not several and sqlite:
            yield f"{resource.name} {what} is sorted: {plan}"


def test_every_filter_and_order_of_every_resource_is_answered_from_an_index(
    office: Office,
) -> None:
    with office.store.reader.connect() as connection:
        if connection.dialect.name == "postgresql":
            # The tables are all but empty here: what an index can serve, it is to serve.
            connection.execute(text("SET LOCAL enable_seqscan = off"))
        found = [fault for one in RESOURCES.values() for fault in faults(connection, one)]
    assert found == []


def test_a_word_of_two_characters_is_found_by_the_index_of_words(office: Office) -> None:
    with office.store.reader.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if not sqlite:
            connection.execute(text("SET LOCAL enable_seqscan = off"))
        for kind in KINDS:
            plan, name = told_of_words(connection, kind), table_of(kind).name
            if sqlite:
                assert "text_gram VIRTUAL TABLE INDEX" in plan, plan
                assert f"SEARCH {name} " in plan, plan
                assert "TEMP B-TREE" not in plan, plan
            else:
                assert f"Seq Scan on {name}" not in plan, plan


def _large(connection: Connection, resource: Resource) -> bool:
    rows = select(func.count()).select_from(table_of(resource.record))
    return bool(connection.execute(rows).scalar_one() >= LARGE)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_at_a_hundred_thousand_requests_every_filter_is_answered_from_an_index(
    office: Office,
) -> None:
    fill(office, 100_000)
    if office.store.engine.dialect.name == "postgresql":
        with office.store.engine.begin() as connection:  # In life the server does so by itself.
            connection.execute(text("ANALYZE"))
    found: list[str] = []
    with office.store.reader.connect() as connection:
        for one in RESOURCES.values():
            if connection.dialect.name == "postgresql":
                # Of a few rows PostgreSQL reads all, and rightly.
                whole = "on" if _large(connection, one) else "off"
                connection.execute(text(f"SET LOCAL enable_seqscan = {whole}"))
            found += faults(connection, one)
    assert found == []


@pytest.mark.parametrize("name", sorted(RESOURCES))
def test_every_declared_filter_finds_rows_by_itself(name: str) -> None:
    resource = RESOURCES[name]
    table = table_of(resource.record)
    for field in grammar.exact(resource):
        assert shapes.served(table, {field: 1}, None) is not None


def test_a_question_that_takes_too_long_is_stopped(office: Office) -> None:
    endless = text(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000000)"
        " SELECT count(*) FROM n"
    )
    with (
        pytest.raises(Refusal) as refused,
        office.store.reader.connect() as connection,
        timed(connection, 0.05),
    ):
        connection.execute(endless)
    assert refused.value.code == "query.slow"
    with office.store.reader.connect() as connection, timed(connection):
        assert connection.execute(text("SELECT 1")).scalar() == 1


def test_an_order_that_no_index_gives_is_refused_before_it_is_tried() -> None:
    table = table_of(RESOURCES["requests"].record)
    page = Page(sort="due_on", where=[Condition(field="kind", value="task")])
    with pytest.raises(Unserved):
        shape_of(table, page)
    assert shape_of(table, Page(sort="due_on")).by == "ix_request_due_on"
