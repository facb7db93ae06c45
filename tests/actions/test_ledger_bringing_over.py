"""补建账户: what was kept before there were accounts is brought over once, and holds afterwards."""

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command as alembic

from registry.actions.afterwards import taking_effect
from registry.actions.ledger import confirming, posting, recording
from registry.actions.ledger.bringing_over import bring_over, unfinished
from registry.actions.office import Office
from registry.clock import Source
from registry.domain.accounts import overdrawn, room
from registry.domain.audit import Event, Finding
from registry.domain.funds import VoucherLine, chain, flows
from registry.domain.presence import Presence
from registry.store import laying, mapping, migrate
from registry.store.doctor import doctor
from registry.store.engine import open_engine
from registry.store.store import Store
from tests.actions import case
from tests.actions.case import Hands, admitted
from tests.actions.decided import heard, proposed, revoked
from tests.actions.ledgered import booked, command, confirmed, entry, recorded
from tests.actions.refused import refused
from tests.conftest import Hand

COUNTY = "990102"
BOTH = {"targets": ["990102001001", "990102001005"]}
SINCE = ("debit", "credit", "year", "payer_id", "area_path", "indicator_id", "dated_on")


def _row_of_old(record: Any) -> dict[str, Any]:
    """A row as the release before wrote it: a voucher line without accounts, a finding without
    stage."""
    row = mapping.to_row(record)
    if isinstance(record, Finding):
        row["stage"] = None
    if isinstance(record, VoucherLine):
        row |= dict.fromkeys(SINCE)
        row["body"] = "{}"
    return row


@pytest.fixture
def old(hand: Hands, office: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """Money at every stage of the old chain, as it was kept then."""
    with monkeypatch.context() as patch:
        patch.setattr(laying, "to_row", _row_of_old)
        patch.setattr(taking_effect, "pledge", lambda *_: None)
        patch.setattr(posting, "check_room", lambda *_: None)
        patch.setattr(recording, "queued", lambda desk, voucher, lines: (voucher, None))
        patch.setattr(confirming, "by_hand", lambda *_, **__: None)
        both = _places(hand, admitted(hand, **BOTH).id)
        case.funded(hand, both[0], 300_000)
        booked(hand, "order", both[1], 90_000)
        dispatch = booked(hand, "dispatch", both[1], 80_000)
        back = command("reversal", entry(both[1], 30_000), reverses_id=dispatch.id, note="误拨")
        confirmed(hand, "finance.head", recorded(hand, "finance.clerk", back))
        recorded(hand, "street.clerk", command("street_arrival", entry(both[1], 20_000)))
        admitted(hand, title="楼道灯具第二次编号")
        gone = admitted(hand, title="楼道灯具第三次编号")
        (place,) = _places(hand, gone.id)
        booked(hand, "order", place, 40_000)
        heard(hand, proposed(hand, gone))
        revoked(hand, gone)
    yield office


def _places(hand: Hands, request_id: str) -> list[Presence]:
    reader = hand("auditor").office.store.reader
    found = reader.find(Presence, COUNTY, request_id=request_id)
    return sorted(found, key=lambda p: p.id)


def _lines(office: Office) -> list[VoucherLine]:
    return list(office.store.reader.find(VoucherLine, COUNTY))


def _events(office: Office) -> list[Event]:
    from registry.store.reader import Page

    reader = office.store.reader
    return reader.events([COUNTY], {"act": "ledger.bring_over"}, Page(limit=500))


def _sound(office: Office, folder: Path) -> list[str]:
    checks = doctor(office.store.url, folder, office.clock())
    return [str(check) for check in checks if check.ok is False]


def test_every_old_line_gets_its_accounts_and_every_admission_its_pledge(
    old: Office, tmp_path: Path
) -> None:
    before = _lines(old)
    assert before and all(line.debit is None for line in before)
    assert unfinished(old)
    assert bring_over(old) == 3
    lines = _lines(old)
    assert all(line.debit and line.credit and line.year == 2026 for line in lines)
    assert overdrawn(room(flows(lines))) == []
    told = {p.id: chain(x for x in lines if x.presence_id == p.id)
            for p in old.store.reader.find(Presence, COUNTY)}  # fmt: skip
    had = sorted((c.approved_fen, c.ordered_fen, c.dispatched_fen, c.balance_fen, c.transit_fen)
                 for c in told.values())  # fmt: skip
    assert had == [
        (40_000, 40_000, 0, 0, 0), (400_000, 90_000, 50_000, 0, 50_000),
        (400_000, 300_000, 300_000, 300_000, 0), (800_000, 0, 0, 0, 0),
    ]  # fmt: skip
    assert {e.actor for e in _events(old)} == {"system"} and len(_events(old)) == 3
    assert _sound(old, tmp_path) == []


def test_brought_over_once_and_never_again(old: Office) -> None:
    bring_over(old)
    lines = _lines(old)
    assert (bring_over(old), unfinished(old)) == (0, False)
    assert _lines(old) == lines


def test_work_goes_on_where_it_stood(old: Office, hand: Hands) -> None:
    bring_over(old)
    (place,) = [p for p in old.store.reader.find(Presence, COUNTY) if p.id in {
        x.presence_id for x in _lines(old) if x.amount_fen == 90_000}]  # fmt: skip
    with refused("voucher.exceeds"):
        booked(hand, "order", place, 310_001, number="令9")
    booked(hand, "order", place, 310_000, number="令9")
    with refused("voucher.exceeds"):
        booked(hand, "street_arrival", place, 30_001, number="到9")


def test_a_database_of_the_release_before_is_migrated_and_brought_over(
    old: Office, tmp_path: Path
) -> None:
    if not old.store.url.startswith("sqlite"):
        pytest.skip("the file of another engine cannot be copied column by column")
    old.store.close()
    was = tmp_path / "was"
    was.mkdir()
    if old.store.files.folder.exists():
        shutil.copytree(old.store.files.folder, was / "documents")
    (was / "documents").mkdir(exist_ok=True)
    url = f"sqlite:///{was / 'registry.db'}"
    _as_before(url, tmp_path / "registry.db", was / "registry.db")
    migrate.migrate(url)
    store = Store(url, url, was)
    office = Office(store, old.clock, Source(12))
    assert bring_over(office) == 3
    assert _sound(office, was) == []
    place = _lines(office)[0].presence_id
    (held,) = store.reader.find(Presence, COUNTY, id=place)
    booked(lambda name: Hand(office, name), "order", held, 1, number="令10")
    store.close()


def _as_before(url: str, source: Path, target: Path) -> None:
    """A database at the revision before accounts, with every row that there is."""
    engine = open_engine(url)
    with engine.begin() as connection:
        alembic.upgrade(migrate._config(connection), "0005")
    engine.dispose()
    link = sqlite3.connect(target)
    link.execute("PRAGMA foreign_keys = OFF")
    link.execute("ATTACH ? AS here", (str(source),))
    tables = [row[0] for row in link.execute(
        "SELECT name FROM main.sqlite_master WHERE type = 'table'"
        " AND name NOT IN ('alembic_version') AND name NOT LIKE 'sqlite_%'"
    )]  # fmt: skip
    for table in tables:
        own = [row[1] for row in link.execute(f"PRAGMA main.table_info({table})")]
        names = ", ".join(own)
        link.execute(f"INSERT INTO main.{table} ({names}) SELECT {names} FROM here.{table}")
    link.commit()
    link.close()
