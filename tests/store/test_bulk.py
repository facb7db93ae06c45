"""成批写入: many acts at once leave what one after another would have left."""

import pytest

from registry.actions.office import Office
from registry.domain.audit import Finding, seal
from registry.domain.errors import Refusal
from registry.domain.records import Record
from registry.store.bulk import Act, enter, enter_sealed, sealed
from registry.store.mapping import to_row
from registry.store.store import Store
from registry.store.unit import Unit
from registry.store.verify import verify
from tests.store.ledger import COUNTY, finding, header


def entered(store: Store, *acts: list[Record]) -> int:
    def job(unit: Unit) -> int:
        return enter(unit, [Act(header(n), rows) for n, rows in enumerate(acts)])

    return int(store.writer.submit(COUNTY, job).result())


def later(name: str, version: int, **fields: object) -> Finding:
    return finding(name, version=version, **fields)


def test_each_act_has_its_own_number_and_the_log_verifies(office: Office) -> None:
    before = office.store.reader.head(COUNTY)
    last = entered(office.store, [finding("b1"), finding("b2")], [], [finding("b3")])
    assert last == before + 3
    report = verify(office.store.reader._engine, COUNTY)
    assert report.fault is None
    assert report.head.seq == last


def test_a_version_ends_the_one_before_in_the_same_batch_or_an_earlier_one(office: Office) -> None:
    entered(office.store, [finding("b1")])
    entered(office.store, [later("b1", 2, detail="二")], [later("b1", 3, detail="三")])
    report = verify(office.store.reader._engine, COUNTY)
    assert report.fault is None
    standing = office.store.reader.get(Finding, COUNTY, "b1")
    assert standing is not None
    assert (standing.version, standing.detail) == (3, "三")


def test_what_was_sealed_beforehand_is_numbered_when_it_is_written(office: Office) -> None:
    rows = [[finding("b1")], [later("b1", 2), finding("b2")]]
    dialect = office.store.engine.dialect
    sheaf = sealed(dialect, COUNTY, [Act(header(n), found) for n, found in enumerate(rows)])
    entered(office.store, [finding("between")])
    last = office.store.writer.submit(COUNTY, lambda unit: enter_sealed(unit, sheaf)).result()
    assert sheaf.size == len(rows) + 3
    report = verify(office.store.reader._engine, COUNTY)
    assert (report.fault, report.head.seq) == (None, last)


def test_a_version_after_one_that_is_not_there_is_refused_and_nothing_stays(office: Office) -> None:
    head = office.store.reader.head(COUNTY)
    with pytest.raises(Refusal, match=r"version\.stale"):
        entered(office.store, [finding("b1")], [later("b2", 2)])
    with pytest.raises(Refusal, match=r"version\.stale"):
        entered(office.store, [finding("b1")], [later("b1", 3)])
    assert office.store.reader.head(COUNTY) == head
    assert office.store.reader.get(Finding, COUNTY, "b1") is None


def test_a_row_is_sealed_as_a_single_act_would_have_sealed_it(one_office: Office) -> None:
    record = finding("b1", facts={"a": 1, "字": "二"})
    entered(one_office.store, [record])
    with one_office.store.reader.connect() as connection:
        row = connection.exec_driver_sql(
            "SELECT body, digest FROM finding WHERE id = 'b1'"
        ).one()  # fmt: skip
    alone = to_row(record)
    assert row == (alone["body"], seal("finding", alone))
