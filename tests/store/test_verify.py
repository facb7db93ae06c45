"""Verification: whatever was changed, cut or added behind the log's back is found and named."""

from collections.abc import Iterator

import msgspec
import pytest
from sqlalchemy import text

from registry.domain.audit import canonical, leaf, seal
from registry.domain.merkle import Tree
from registry.store import tables
from registry.store.engine import open_engine
from registry.store.faults import SENTENCES, Fault, Head, Report, parse_head
from registry.store.store import Store
from registry.store.verify import counties, snapshot, verify
from tests.store.ledger import COUNTY, act, finding

FINDING = "finding"


def behind(store: Store, *statements: str, **values: object) -> None:
    """What somebody with the database password would do: the guard goes first."""
    with store.engine.begin() as connection:
        if store.engine.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            connection.execute(text("PRAGMA defer_foreign_keys = 1"))
            query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            for name in connection.execute(text(query)).scalars().all():
                connection.execute(text(f"DROP TRIGGER {name}"))
        for statement in statements:
            connection.execute(text(statement), values)


def walked(store: Store, kept: Head | None = None) -> Report:
    engine = open_engine(store.url, readonly=True)
    try:
        return verify(engine, COUNTY, files=store.files, kept=kept)
    finally:
        engine.dispose()


def found(store: Store, kept: Head | None = None) -> Fault:
    fault = walked(store, kept).fault
    assert fault is not None
    assert SENTENCES[fault.what][0] in str(fault)
    return fault


def test_an_untouched_county_is_verified_from_end_to_end(county: Store) -> None:
    report = walked(county)
    assert (report.fault, report.head.seq, report.rows, report.documents) == (None, 5, 6, 1)


def test_progress_is_told(one_county: Store) -> None:
    told: list[tuple[int, int]] = []
    engine = open_engine(one_county.url, readonly=True)
    verify(engine, COUNTY, lambda done, total: told.append((done, total)))
    engine.dispose()
    assert told == [(5, 5)]


def test_every_county_with_anything_in_it_is_named(one_county: Store) -> None:
    with snapshot(one_county.engine) as connection:
        assert counties(connection) == [COUNTY]


def _entries(store: Store) -> Iterator[str]:
    with store.engine.connect() as connection:
        yield connection.execute(text("SELECT entry FROM event WHERE seq = 2")).scalar_one()


def test_any_changed_byte_of_an_entry_is_found(one_county: Store) -> None:
    entry = next(_entries(one_county))
    for place in range(0, len(entry), 23):
        other = "x" if entry[place] != "x" else "y"
        changed = entry[:place] + other + entry[place + 1 :]
        behind(one_county, "UPDATE event SET entry = :entry WHERE seq = 2", entry=changed)
        fault = found(one_county)
        assert (fault.seq, fault.what.split(".")[0]) == (2, "entry"), changed


def test_a_changed_byte_is_found_even_with_its_leaf_made_anew(one_county: Store) -> None:
    entry = next(_entries(one_county)).replace('"actor":"p-2"', '"actor":"p-9"')
    behind(
        one_county,
        "UPDATE event SET entry = :entry, leaf = :leaf WHERE seq = 2",
        entry=entry,
        leaf=leaf(entry.encode()),
    )
    fault = found(one_county)
    assert (fault.what, fault.seq, fault.detail) == ("entry.columns", 2, "actor")


def test_an_entry_rewritten_with_all_that_hangs_on_it_differs_from_the_kept_head(
    county: Store,
) -> None:
    kept = walked(county).head
    entry = next(_entries(county)).replace('"actor":"p-2"', '"actor":"p-9"')
    behind(
        county,
        "UPDATE event SET entry = :entry, leaf = :leaf, actor = 'p-9' WHERE seq = 2",
        entry=entry,
        leaf=leaf(entry.encode()),
    )
    assert walked(county).fault is None
    assert found(county, kept).what == "log.kept"


def test_an_entry_that_is_not_canonical_is_found(one_county: Store) -> None:
    spaced = next(_entries(one_county)).replace('":', '": ', 1)
    behind(
        one_county,
        "UPDATE event SET entry = :entry, leaf = :leaf WHERE seq = 2",
        entry=spaced,
        leaf=leaf(spaced.encode()),
    )
    assert (found(one_county).what, found(one_county).seq) == ("entry.form", 2)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("actor", "'p-9'"),
        ("act", "'test.other'"),
        ("outcome", "'refused'"),
        ("code", "'x.y'"),
        ("object_kind", "'request'"),
        ("object_id", "'r9'"),
        ("object_version", "3"),
        ("business_date", "'2026-03-03'"),
        ("at", "'2026-03-02T01:30:00.123457+00:00'"),
    ],
)
def test_a_changed_event_column_is_found(one_county: Store, column: str, value: str) -> None:
    behind(one_county, f"UPDATE event SET {column} = {value} WHERE seq = 3")
    fault = found(one_county)
    assert (fault.what, fault.seq, fault.detail) == ("entry.columns", 3, column)


@pytest.mark.parametrize(
    "change",
    [
        "code = 'test.other'",
        "body = replace(body, '虚构', '虚假')",
        "body = body || ' '",
        "opened_on = '2026-03-03'",
        "area_path = '/x/'",
    ],
)
def test_a_row_changed_behind_the_log_is_found(county: Store, change: str) -> None:
    behind(county, f"UPDATE finding SET {change} WHERE id = 'f2'")
    fault = found(county)
    assert (fault.what, fault.table, fault.id, fault.version, fault.seq) == (
        "row.digest",
        FINDING,
        "f2",
        1,
        1,
    )


def test_a_row_changed_with_its_digest_made_anew_is_found(one_county: Store) -> None:
    table = tables.metadata.tables[FINDING]
    with one_county.engine.connect() as connection:
        row = connection.execute(table.select().where(table.c.id == "f2")).mappings().one()
    kept = {n: row[n] for n in (*tables.DATA_COLUMNS[FINDING], "body")} | {"code": "test.other"}
    behind(
        one_county,
        "UPDATE finding SET code = 'test.other', digest = :digest WHERE id = 'f2'",
        digest=seal(FINDING, kept),
    )
    assert (found(one_county).what, found(one_county).id) == ("row.entry", "f2")


def test_a_deleted_event_is_found(one_county: Store) -> None:
    behind(
        one_county, "DELETE FROM finding WHERE event_from = 4", "DELETE FROM event WHERE seq = 4"
    )
    assert (found(one_county).what, found(one_county).seq) == ("log.gap", 4)


def test_a_gap_in_the_numbers_is_found(one_county: Store) -> None:
    behind(one_county, "DELETE FROM document", "DELETE FROM event WHERE seq = 2")
    assert (found(one_county).what, found(one_county).seq) == ("log.gap", 2)


def test_a_deleted_row_is_found(county: Store) -> None:
    behind(county, "DELETE FROM finding WHERE id = 'f2'")
    fault = found(county)
    assert (fault.what, fault.id, fault.version, fault.seq) == ("row.missing", "f2", 1, 1)


def test_a_row_inserted_by_hand_is_found(county: Store) -> None:
    columns = ", ".join(c.name for c in tables.metadata.tables[FINDING].columns if c.name != "id")
    behind(
        county,
        f"INSERT INTO finding (id, {columns}) SELECT 'f9', {columns} FROM finding WHERE id = 'f2'",
    )
    fault = found(county)
    assert (fault.what, fault.table, fault.id) == ("row.unlogged", FINDING, "f9")


def test_a_row_that_claims_an_event_to_come_is_found(county: Store) -> None:
    columns = [c.name for c in tables.metadata.tables[FINDING].columns]
    given = {"id": "'f9'", "event_from": "77"}
    behind(
        county,
        f"INSERT INTO finding ({', '.join(columns)}) SELECT "
        f"{', '.join(given.get(c, c) for c in columns)} FROM finding WHERE id = 'f2'",
        *(
            # SQLite keeps the foreign key even so; an attacker there switches it off.
            ["UPDATE finding SET event_from = 1 WHERE id = 'f9'"]
            if county.engine.dialect.name == "sqlite"
            else []
        ),
    )
    assert (found(county).what, found(county).id) == ("row.unlogged", "f9")


@pytest.mark.parametrize("to", ["NULL", "4", "5"])
def test_a_version_closed_at_another_event_is_found(county: Store, to: str) -> None:
    behind(
        county,
        "DROP INDEX ux_finding_current",
        f"UPDATE finding SET event_to = {to} WHERE id = 'f1' AND version = 1",
    )
    assert (found(county).what, found(county).id, found(county).version) == ("row.closed", "f1", 1)


def test_a_current_row_that_was_closed_is_found(one_county: Store) -> None:
    behind(one_county, "UPDATE finding SET event_to = 5 WHERE id = 'f2'")
    assert (found(one_county).what, found(one_county).id) == ("row.closed", "f2")


def test_a_head_ahead_of_its_log_is_found(one_county: Store) -> None:
    behind(one_county, "UPDATE log_head SET seq = 6")
    assert (found(one_county).what, found(one_county).seq) == ("log.head", 5)


def test_a_lost_head_is_found(one_county: Store) -> None:
    behind(one_county, "DELETE FROM log_head")
    assert found(one_county).what == "log.head"


def _cut(store: Store) -> None:
    """The last act is made never to have been, head and all."""
    behind(
        store,
        "DELETE FROM serial WHERE event_from = 5",
        "DELETE FROM event WHERE seq = 5",
        "UPDATE log_head SET seq = 4",
    )


def test_a_cut_tail_is_found_where_it_leaves_a_closed_version_behind(one_county: Store) -> None:
    _cut(one_county)
    behind(
        one_county,
        "DELETE FROM finding WHERE event_from = 4",
        "DELETE FROM event WHERE seq = 4",
        "UPDATE log_head SET seq = 3",
    )
    fault = found(one_county)
    assert (fault.what, fault.id, fault.version) == ("row.closed", "f1", 2)


def test_a_cut_tail_is_found_by_a_head_kept_elsewhere(county: Store) -> None:
    kept = walked(county).head
    _cut(county)
    fault = found(county, kept)
    assert (fault.what, fault.seq) == ("log.kept", 5)


def test_a_cut_tail_cannot_be_seen_without_a_kept_head(one_county: Store) -> None:
    _cut(one_county)
    assert walked(one_county).fault is None


def test_a_cut_tail_grown_again_differs_from_the_kept_head(one_county: Store) -> None:
    kept = walked(one_county).head
    _cut(one_county)
    act(one_county, 5, finding("f8"))
    assert (found(one_county, kept).what, found(one_county, kept).seq) == ("log.kept", 5)


def test_a_log_that_has_grown_still_fits_an_older_head(one_county: Store) -> None:
    kept = walked(one_county).head
    act(one_county, 6, finding("f7"))
    report = walked(one_county, parse_head(str(kept)))
    assert (report.fault, report.head.seq) == (None, 6)


def test_an_entry_that_names_an_unknown_table_is_found(one_county: Store) -> None:
    told = msgspec.json.decode(next(_entries(one_county)))
    told["rows"][0]["t"] = "elsewhere"
    entry = canonical(told).decode()
    behind(
        one_county,
        "UPDATE event SET entry = :entry, leaf = :leaf WHERE seq = 2",
        entry=entry,
        leaf=leaf(entry.encode()),
    )
    assert (found(one_county).what, found(one_county).table) == ("row.table", "elsewhere")


def test_a_document_changed_on_disk_is_found(one_county: Store) -> None:
    file = next(p for p in one_county.files.folder.rglob("*") if p.is_file())
    file.write_bytes("改过".encode())
    fault = found(one_county)
    assert (fault.what, fault.id, fault.detail) == ("document.changed", "d1", file.name)


def test_a_lost_document_is_found(one_county: Store) -> None:
    next(p for p in one_county.files.folder.rglob("*") if p.is_file()).unlink()
    assert found(one_county).what == "document.changed"


def test_a_date_that_is_no_date_is_named_and_not_a_crash(one_county: Store) -> None:
    behind(one_county, "UPDATE finding SET opened_on = 'soon' WHERE id = 'f2'")
    assert (found(one_county).what, found(one_county).id) == ("row.unreadable", "f2")
    behind(one_county, "UPDATE event SET business_date = 'soon' WHERE seq = 1")
    assert (found(one_county).what, found(one_county).seq) == ("entry.unreadable", 1)


def test_bytes_that_are_no_text_are_named_and_not_a_crash(one_county: Store) -> None:
    behind(one_county, "UPDATE finding SET body = CAST(x'ff7b' AS TEXT) WHERE id = 'f2'")
    assert (found(one_county).what, found(one_county).id) == ("row.unreadable", "f2")


def test_the_tree_hash_is_that_of_the_standard() -> None:
    # Leaves and roots: RFC 9162 2.1.1 over the eight inputs of the public test log.
    inputs = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657"]
    tree = Tree()
    assert tree.root() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    for data in inputs:
        tree.add(bytes.fromhex(leaf(bytes.fromhex(data))))
    assert tree.root() == "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"
    tree.add(bytes.fromhex(leaf(bytes.fromhex("606162636465666768696a6b6c6d6e6f"))))
    assert tree.root() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


@pytest.mark.parametrize("text_", ["", "990102:1", "990102:x:00", "990102:1:zz", "a:1:00"])
def test_a_head_in_another_form_is_refused(text_: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_head(text_)
