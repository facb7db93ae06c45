"""Several processes find what one finds, name it alike, and none is left behind."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import text

from registry.domain.audit import canonical, leaf
from registry.store import abreast
from registry.store.engine import open_engine
from registry.store.faults import Report
from registry.store.store import Store
from registry.store.verify import _Walk, verify
from tests.store.ledger import COUNTY, act, finding
from tests.store.test_verify import behind

FINDING = "UPDATE finding SET"
FAULTS = {
    "row.digest": [f"{FINDING} code = 'test.other' WHERE id = 'f2'"],
    "row.closed": [f"{FINDING} event_to = 5 WHERE id = 'f2'"],
    "row.missing": ["DELETE FROM finding WHERE id = 'f2'"],
    "row.unreadable": [f"{FINDING} opened_on = 'soon' WHERE id = 'f2'"],
    "log.gap": ["DELETE FROM finding WHERE event_from = 4", "DELETE FROM event WHERE seq = 4"],
    "log.head": ["UPDATE log_head SET seq = 6"],
    "entry.columns": ["UPDATE event SET actor = 'p-9' WHERE seq = 3"],
    "entry.leaf": ["UPDATE event SET leaf = upper(leaf) WHERE seq = 3"],
    "entry.form": ["UPDATE event SET entry = entry || ' ' WHERE seq = 3"],
}


@pytest.fixture(autouse=True)
def short_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts so short that what is closed in one is followed in another."""
    monkeypatch.setattr(abreast, "PAGE", 1)


def walked(store: Store, processes: int) -> Report:
    engine = open_engine(store.url, readonly=True)
    try:
        return verify(engine, COUNTY, files=store.files, processes=processes)
    finally:
        engine.dispose()


def test_an_honest_county_is_verified_without_being_walked_alone(
    county: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = walked(county, 1)
    monkeypatch.delattr(_Walk, "run")
    assert walked(county, 2) == alone
    assert (alone.fault, alone.rows, alone.documents) == (None, 6, 1)


@pytest.mark.parametrize("what", FAULTS)
def test_what_is_wrong_is_named_as_one_process_names_it(one_county: Store, what: str) -> None:
    behind(one_county, *FAULTS[what])
    alone = walked(one_county, 1)
    assert alone.fault is not None
    assert alone.fault.what == what
    assert walked(one_county, 3) == alone


def test_a_version_that_comes_before_the_one_it_follows_is_named(one_county: Store) -> None:
    first, third = _seal_of(one_county, 1), _seal_of(one_county, 3)
    behind(
        one_county,
        "PRAGMA ignore_check_constraints = 1",
        *_entered(one_county, 1, first, third),
        *_entered(one_county, 3, third, first),
        "UPDATE finding SET event_from = 3, event_to = 1 WHERE id = 'f1' AND version = 1",
        "UPDATE finding SET event_from = 1 WHERE id = 'f1' AND version = 2",
    )
    alone = walked(one_county, 1)
    assert str(alone.fault).startswith("row.closed")
    assert walked(one_county, 2) == alone


def _seal_of(store: Store, seq: int) -> dict[str, object]:
    """What an entry says of the finding that is changed later."""
    rows = _told(store, seq)["rows"]
    return next(row for row in rows if row["id"] == "f1")


def _told(store: Store, seq: int) -> dict[str, Any]:
    with store.engine.connect() as connection:
        query = text(f"SELECT entry FROM event WHERE seq = {seq}")
        return dict(msgspec.json.decode(connection.execute(query).scalar_one()))


def _entered(store: Store, seq: int, one: object, other: object) -> list[str]:
    """An entry with its leaf, naming another version."""
    told = _told(store, seq)
    told["rows"] = [other if row == one else row for row in told["rows"]]
    entry = canonical(told)
    told_so = f"entry = '{entry.decode()}', leaf = '{leaf(entry)}'".replace(":", "\\:")
    return [f"UPDATE event SET {told_so} WHERE seq = {seq}"]


def test_a_document_changed_on_disk_is_found_by_several(one_county: Store) -> None:
    next(p for p in one_county.files.folder.rglob("*") if p.is_file()).unlink()
    assert walked(one_county, 2) == walked(one_county, 1)


def test_progress_is_told_part_by_part(one_county: Store) -> None:
    told: list[tuple[int, int]] = []
    engine = open_engine(one_county.url, readonly=True)
    verify(engine, COUNTY, lambda done, total: told.append((done, total)), processes=2)
    engine.dispose()
    assert told[-1] == (5, 5)
    assert told == sorted(set(told))


def test_a_process_that_ends_early_fails_the_verification(
    one_county: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = abreast._one_moment

    def then_gone(*given: object) -> bool:
        found = honest(*given)  # type: ignore[arg-type]
        for one in given[1]:  # type: ignore[attr-defined]
            one.send_bytes(b"no such order")
        return found

    monkeypatch.setattr(abreast, "_one_moment", then_gone)
    with pytest.raises(abreast.Broken, match="核验进程中断"):
        walked(one_county, 2)


def test_where_no_other_process_is_to_be_had_one_verifies_all(
    one_county: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    assert walked(one_county, 2).fault is None


def test_what_is_written_meanwhile_makes_all_begin_again(
    one_county: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest, written = abreast._begin, []

    def busy(others: object, snapshot: str) -> None:
        if not written:
            written.append(act(one_county, 6, finding("f7")))
        honest(others, snapshot)  # type: ignore[arg-type]

    monkeypatch.setattr(abreast, "_begin", busy)
    monkeypatch.delattr(_Walk, "run")
    report = walked(one_county, 2)
    assert (report.fault, report.head.seq) == (None, 6)


@contextmanager
def _verifying(store: Store) -> Iterator[subprocess.Popen[bytes]]:
    """A verification that never ends, in a process of its own."""
    words = f"""
from registry.store import abreast
from registry.store.engine import open_engine
from registry.store.verify import verify
abreast.PAGE = 1
def waits(*_):
    print("begun", flush=True)
    while True: pass
verify(open_engine({store.url!r}, readonly=True), {COUNTY!r}, waits, processes=3)
"""
    process = subprocess.Popen(
        [sys.executable, "-c", words], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def _children(parent: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="looks for processes in /proc")
@pytest.mark.parametrize("signal", [2, 9])
def test_a_verification_that_is_interrupted_leaves_no_process_behind(
    one_county: Store, signal: int
) -> None:
    with _verifying(one_county) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"begun\n"
        others = _children(process.pid)
        assert len(others) == 2
        process.send_signal(signal)
        process.wait(20)
        until = time.monotonic() + 10
        while any(Path(f"/proc/{one}").exists() for one in others):
            assert time.monotonic() < until
            time.sleep(0.05)
