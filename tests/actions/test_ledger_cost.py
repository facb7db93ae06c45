"""记账的代价: a posting costs no more where much was posted before; many lines are kept as one is."""

from typing import Any

import msgspec
import pytest

from registry.actions.ledger import confirming
from registry.actions.ledger.recording import record
from registry.actions.office import Office
from registry.domain.accounts import Slot, room
from registry.domain.audit import canonical
from registry.domain.funds import Voucher, VoucherLine, flows
from registry.domain.presence import Presence
from registry.store import prepared, rooms, statement, tables
from registry.store.mapping import to_record, to_row
from registry.store.rooms import moved, sought
from registry.store.verify import verify
from tests.actions.case import Hands, admitted
from tests.actions.ledgered import booked, chain_now, command, entry, lines_of, recorded
from tests.actions.refused import refused

COUNTY, WIDE = "990102", 80


@pytest.fixture
def place(hand: Hands) -> Presence:
    return _place(hand)


def _place(hand: Hands) -> Presence:
    reader = hand("auditor").office.store.reader
    (found,) = reader.find(Presence, COUNTY, request_id=admitted(hand).id)
    return found


def wide(place: Presence, fen: int, **more: Any) -> Any:
    """An order of many lines."""
    return command("order", *(entry(place, fen) for _ in range(WIDE)), number=f"宽-{fen}", **more)


def test_what_is_summed_of_accounts_is_what_their_lines_come_to(
    hand: Hands, office: Office, place: Presence
) -> None:
    booked(hand, "order", place, 90_000)
    booked(hand, "dispatch", place, 80_000)
    booked(hand, "street_arrival", place, 70_000)
    booked(hand, "community_arrival", place, 60_000)
    booked(hand, "expenditure", place, 10_000)
    booked(hand, "refund", place, 5_000)
    back = command("refund", entry(place, 4_000, at="community"))
    recorded(hand, "community.cashier", back)
    gone = recorded(hand, "finance.clerk", command("dispatch", entry(place, 3_000)))
    void = confirming.VoidCommand(reason="填错(演示)")
    hand("finance.clerk").do(lambda d: confirming.void(d, gone.id, gone.version, void))
    lines = lines_of(hand, place)
    with office.store.reader.connect() as connection:
        found = room(moved(connection, COUNTY, sought(lines)))
    assert _settled(found) == _settled(room(flows(lines)))


def _settled(free: dict[Slot, int]) -> dict[Slot, int]:
    return {slot: fen for slot, fen in free.items() if fen}


def test_an_account_that_holds_another_year_or_line_is_not_summed(
    hand: Hands, office: Office, place: Presence
) -> None:
    booked(hand, "order", place, 90_000)
    (line, *_) = lines_of(hand, place)
    other = msgspec.structs.replace(line, year=2027)
    with office.store.reader.connect() as connection:
        assert moved(connection, COUNTY, sought([other])) == []


def test_a_posting_walks_neither_the_vouchers_of_the_county_nor_the_lines_of_the_community(
    one_office: Office,
) -> None:
    dialect = one_office.store.engine.dialect
    voucher = tables.BY_RECORD[Voucher]
    taken = (("issuer_id", 0), ("fiscal_year", 0), ("number", 8))
    asked = {
        "COVERING INDEX ix_voucher_line_sums (county=? AND year=? AND presence_id=?":
            rooms._sums(dialect, 1, 4, 8),
        "INDEX ix_voucher_line_waiting (county=? AND presence_id=?":
            rooms._waiting(dialect, 1, 4, 8),
        "COVERING INDEX ux_voucher_number (county=? AND issuer_id=? AND fiscal_year=? AND "
        "number=?)": prepared.first_with(dialect, voucher, taken),
    }  # fmt: skip
    with one_office.store.reader.connect() as connection:
        for way, one in asked.items():
            plan = connection.exec_driver_sql(
                f"EXPLAIN QUERY PLAN {one.sql}", ("",) * one.width
            ).all()
            assert any(way in row[3] for row in plan), (way, plan)


def test_a_voucher_of_many_lines_takes_as_many_statements_as_one_of_two(
    one_hand: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = _place(one_hand)
    said: list[str] = []
    whole = statement.driven

    def told(connection: Any, sql: str, bound: Any = ()) -> Any:
        said.append(sql)
        return whole(connection, sql, bound)

    for module in (statement, prepared):
        monkeypatch.setattr(module, "driven", told)
    counts = []
    for given in (command("order", entry(place, 1), entry(place, 2)), wide(place, 5)):
        said.clear()
        recorded(one_hand, "dept.head", given)
        counts.append(len(said))
    few, many = counts
    assert many <= few + 1, "the lines of one voucher are laid down together"


def test_a_voucher_of_many_lines_is_kept_whole_and_under_seal(
    hand: Hands, office: Office, place: Presence
) -> None:
    before = chain_now(hand, place).ordered_fen
    kept = recorded(hand, "dept.head", wide(place, 100))
    lines = [line for line in lines_of(hand, place) if line.voucher_id == kept.id]
    assert (len(lines), sum(line.amount_fen for line in lines)) == (WIDE, WIDE * 100)
    assert chain_now(hand, place).ordered_fen == before + WIDE * 100
    assert verify(office.store.reader._engine, COUNTY).fault is None


def test_of_a_voucher_of_many_lines_that_asks_too_much_nothing_is_kept(
    hand: Hands, place: Presence
) -> None:
    before = lines_of(hand, place)
    with refused("voucher.exceeds"):
        hand("dept.head").do(lambda d: record(d, wide(place, 100_000)))
    assert lines_of(hand, place) == before


def test_a_row_says_what_the_record_says_in_the_canonical_words(
    hand: Hands, place: Presence
) -> None:
    booked(hand, "order", place, 90_000)
    for one in (place, *lines_of(hand, place)):
        row = to_row(one)
        told = msgspec.to_builtins(one)
        rest = {name: value for name, value in told.items() if name not in row}
        assert row["body"] == canonical(rest).decode()
        assert to_record(type(one), row) == one
    assert isinstance(lines_of(hand, place)[0], VoucherLine)
