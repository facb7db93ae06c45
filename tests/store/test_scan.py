"""遍历: what a walk looks up for each batch is found by an index, not by reading the county."""

from typing import Any

from sqlalchemy.dialects import sqlite

from registry.store.scan import presences_of


def test_the_presences_of_a_batch_are_looked_up_by_request(one_office: Any) -> None:
    asked = presences_of("990102", [f"req-{n}" for n in range(512)])
    said = asked.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
    with one_office.store.reader.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {said}").all()
    assert "ix_presence_request_id (county=? AND request_id=?)" in str(plan)
