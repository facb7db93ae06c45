"""错误金额与年度: what officials mistype about money is refused by name, and nothing is written.

Every case counts the rows of all tables of money before and after: what was refused added none.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import msgspec
import pytest
from litestar.testing import TestClient
from sqlalchemy import func, select

from registry.actions.office import Office
from registry.domain.bank import BankBatch, BankLine, OtherIncome
from registry.domain.budget import BudgetCode, Indicator
from registry.domain.closing import Clearance, Hold, OpeningBalance, YearClosing
from registry.domain.funds import Voucher, VoucherLine
from registry.domain.paying import Payment
from registry.domain.presence import Presence
from registry.domain.request import Request
from registry.domain.spending import Claim, Expenditure
from registry.store import tables
from tests.actions import case, spent, yearly
from tests.actions.case import Hands
from tests.actions.test_budget import CODES, ordered, taken
from tests.api.conftest import SignIn
from tests.conftest import MovingClock

API = "/api/v1"
MOST = 10**15
KINDS = (
    Voucher, VoucherLine, Indicator, BudgetCode, Expenditure, Claim, Payment, Clearance, Hold,
    OpeningBalance, YearClosing, BankBatch, BankLine, OtherIncome, Presence, Request,
)  # fmt: skip
CSV, JSON = {"content-type": "text/csv"}, {"content-type": "application/json"}
Change = Callable[[dict[str, Any]], Any]
_keys = count()


def _rows(office: Office) -> dict[str, int]:
    with office.store.reader.connect() as connection:
        return {
            kind.__name__: connection.execute(
                select(func.count()).select_from(tables.BY_RECORD[kind])
            ).scalar_one()
            for kind in KINDS
        }


@contextmanager
def nothing_written(office: Office) -> Iterator[None]:
    before = _rows(office)
    yield
    assert _rows(office) == before


class Window:
    """办事窗口: posts money as somebody, each time under a key of its own unless one is told."""

    def __init__(self, client: TestClient[Any], sign_in: SignIn, office: Office) -> None:
        self.client, self.sign_in, self.office = client, sign_in, office

    def post(self, by: str, path: str, body: Any, **headers: str) -> Any:
        told = {"idempotency-key": f"k{next(_keys)}", **self.sign_in(by), **headers}
        told = {name: value for name, value in told.items() if value}
        sent = {"json": body} if isinstance(body, dict) else {"content": body}
        return self.client.post(f"{API}/{path}", headers=told, **sent)

    def nothing_written(self) -> Any:
        return nothing_written(self.office)


@pytest.fixture
def window(client: TestClient[Any], sign_in: SignIn, one_office: Office) -> Window:
    return Window(client, sign_in, one_office)


def key(name: str) -> dict[str, str]:
    return {"idempotency-key": name}


@pytest.fixture
def presence(one_hand: Hands) -> Presence:
    return case.presence_of(one_hand, case.admitted(one_hand))


def _plain(command: Any) -> dict[str, Any]:
    """As it goes over the wire: what is absent is left out."""

    def without(told: Any) -> Any:
        if isinstance(told, dict):
            return {k: without(v) for k, v in told.items() if v is not None}
        return [without(one) for one in told] if isinstance(told, list) else told

    found: dict[str, Any] = without(msgspec.to_builtins(command))
    return found


def _order(presence: Presence) -> dict[str, Any]:
    return _plain(case.voucher(presence, "order", f"令{next(_keys)}", 100))


def _amount(value: Any) -> Change:
    def change(order: dict[str, Any]) -> None:
        order["total_fen"] = value
        order["lines"][0]["amount_fen"] = value

    return change


def _with(**fields: Any) -> Change:
    return lambda order: order.update(fields)


def _line(**fields: Any) -> Change:
    return lambda order: order["lines"][0].update(fields)


def _told(answer: Any, status: int, code: str) -> dict[str, Any]:
    """A clear error: the one shape, in both tongues, and the code that was to be."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    told: dict[str, Any] = answer.json()
    assert (answer.status_code, told["code"]) == (status, code), answer.text
    assert told["detail"] and told["detail_en"]
    assert any("\u4e00" <= sign <= "\u9fff" for sign in told["detail"])
    return told


BAD: dict[str, tuple[Change, int, str]] = {
    "a float": (_amount(100.5), 400, "json.shape"),
    "a whole float": (_amount(100.25e2), 400, "json.shape"),
    "one and a half fen": (_amount(1.5), 400, "json.shape"),
    "in words": (_amount("14.5万元"), 400, "json.shape"),
    "as a string": (_amount("100"), 400, "json.shape"),
    "full-width digits": (_amount("１４５０００"), 400, "json.shape"),
    "true": (_amount(True), 400, "json.shape"),
    "nothing": (_amount(None), 400, "json.shape"),
    "nought": (_amount(0), 422, "json.range"),
    "negative": (_amount(-100), 422, "json.range"),
    "one fen too much": (_amount(MOST + 1), 422, "json.range"),
    "above 64 bits": (_amount(2**64), 422, "json.range"),
    "more than there is": (_amount(MOST), 422, "voucher.exceeds"),
    "lines and total differ": (_with(total_fen=99), 422, "voucher.sum"),
    "last year's book on today's day": (
        lambda o: o.update(stage="dispatch", fiscal_year=2025), 422, "voucher.year",
    ),
    "a future book": (_with(fiscal_year=2027), 422, "voucher.year"),
    "a year that is none": (_with(fiscal_year=26), 422, "json.range"),
    "a day to come": (_with(dated_on="2026-03-03"), 422, "voucher.dated"),
    "a day before the admission": (_with(dated_on="2026-03-01"), 422, "voucher.dated"),
    "a day that is none": (_with(dated_on="2026-02-30"), 400, "json.shape"),
    "a day in Chinese": (_with(dated_on="2026年3月2日"), 400, "json.shape"),
    "money of a year that the line has not": (_line(year=2025), 422, "voucher.year"),
    "a line of nobody": (_line(funding_key="F9"), 422, "voucher.line"),
    "a stage that is none": (_with(stage="gift"), 400, "json.shape"),
    "a stage that comes from an act of its own": (
        _with(stage="carry_in"), 422, "voucher.by_act",
    ),
    "no lines": (_with(lines=[]), 422, "json.range"),
    "an empty number": (_with(number=""), 422, "json.range"),
    "an unknown indicator": (_line(indicator_id="ind-x"), 422, "indicator.unknown"),
}  # fmt: skip


@pytest.mark.parametrize("named", BAD)
def test_a_bad_voucher_is_refused_by_name_and_writes_nothing(
    window: Window, presence: Presence, named: str
) -> None:
    change, status, code = BAD[named]
    order = _order(presence)
    change(order)
    by = "finance.clerk" if order["stage"] in ("dispatch", "carry_in") else "dept.head"
    with window.nothing_written():
        _told(window.post(by, "vouchers", order), status, code)


def test_ten_to_the_fifteenth_is_taken_and_one_more_is_not(window: Window, one_hand: Hands) -> None:
    taken(one_hand, CODES)
    told = _plain(ordered(amount_fen=MOST, number="演财预〔2026〕大号"))
    with window.nothing_written():
        more = window.post("finance.clerk", "indicators", {**told, "amount_fen": MOST + 1})
        _told(more, 422, "json.range")
    made = window.post("finance.clerk", "indicators", told)
    assert (made.status_code, made.json()["amount_fen"]) == (201, MOST), made.text


@pytest.mark.parametrize(
    ("typed", "fen"),
    [
        ("14.5万元", 14_500_000), ("１４５０００", 14_500_000), ("145,000.00", 14_500_000),
        ("0.01", 1), ("1000000000万元", MOST), ("-1", None), ("145000.001", None),
        ("1000000000.000001万元", None), ("约14万", None),
    ],
)  # fmt: skip
def test_amounts_in_a_sheet_are_read_to_the_fen_or_not_at_all(
    window: Window, one_hand: Hands, typed: str, fen: int | None
) -> None:
    yearly.there(one_hand)
    sheet = yearly.sheet(yearly.ROW.replace("1.2万元", f'"{typed}"'))
    path = "opening-balances/import"
    if fen is None:
        with window.nothing_written():
            answer = window.post("county.office", path, sheet, **CSV)
            assert answer.status_code in (400, 422), answer.text
            assert answer.json()["detail"]
        return
    answer = window.post("county.office", path, sheet, **CSV)
    assert answer.status_code == 201, answer.text
    (held,) = window.office.store.reader.find(OpeningBalance, "990102")
    assert held.amount_fen == fen


def test_a_number_used_twice_is_refused_and_names_its_invariant(
    window: Window, presence: Presence
) -> None:
    order = _order(presence)
    first = window.post("dept.head", "vouchers", order)
    assert first.status_code == 201, first.text
    with window.nothing_written():
        again = window.post("dept.head", "vouchers", order)
        assert "E13" in _told(again, 409, "voucher.number")["detail"]


def test_without_a_key_or_with_one_of_another_content_nothing_moves(
    window: Window, presence: Presence
) -> None:
    order = _order(presence)
    with window.nothing_written():
        _told(window.post("dept.head", "vouchers", order, **key("")), 400, "idempotency.required")
    assert window.post("dept.head", "vouchers", order, **key("same")).status_code == 201
    with window.nothing_written():
        assert window.post("dept.head", "vouchers", order, **key("same")).status_code == 201
        other = {**order, "note": "别的内容"}
        answer = window.post("dept.head", "vouchers", other, **key("same"))
        _told(answer, 409, "idempotency.reused")


@pytest.mark.parametrize("money", ["1e2", "100.0", "1E2", "0100", "+100", "NaN", "100万"])
def test_no_way_of_writing_a_float_is_an_amount(
    window: Window, presence: Presence, money: str
) -> None:
    body = json.dumps(_order(presence)).replace('"amount_fen": 100', f'"amount_fen": {money}')
    body = body.replace('"total_fen": 100', f'"total_fen": {money}')
    with window.nothing_written():
        answer = window.post("dept.head", "vouchers", body.encode(), **JSON)
        assert answer.status_code == 400 and answer.json()["code"].startswith("json.")


def test_a_closed_year_takes_nothing_more(
    window: Window, one_hand: Hands, presence: Presence, clock: MovingClock
) -> None:
    case.funded(one_hand, presence, 300_000)
    clock.at = yearly.NEW_YEAR
    yearly.closed(one_hand, 2026)
    late = _plain(case.voucher(presence, "refund", "退1", 100))
    late["lines"][0]["at"] = "community"
    with window.nothing_written():
        for day in ("2026-12-31", "2027-01-05"):
            told = {**late, "dated_on": day, "fiscal_year": int(day[:4])}
            answer = window.post("community.cashier", "vouchers", told)
            assert "E9" in _told(answer, 409, "voucher.year_closed")["detail"]


def test_an_unknown_use_is_refused_by_its_rule(window: Window, one_hand: Hands) -> None:
    held = spent.funded(one_hand)
    with window.nothing_written():
        for at, use in enumerate(("lottery", "gift", "")):
            told = _plain(spent.spending(held, f"支{at}"))
            told["lines"][0]["use"] = use
            answer = window.post("community.cashier", "expenditures", told)
            assert answer.status_code == 422, answer.text
            assert answer.json()["code"] == ("gate.refused" if use else "json.range"), answer.text
            assert answer.json()["detail"]


@pytest.mark.parametrize("year", [2025, 2027])
def test_a_code_of_another_years_table_is_refused(
    window: Window, one_hand: Hands, year: int
) -> None:
    taken(one_hand, CODES)
    with window.nothing_written():
        answer = window.post("finance.clerk", "indicators", _plain(ordered(year=year)))
        assert "E19" in _told(answer, 422, "budget.code")["detail"]


def test_the_counting_itself_counts(one_office: Office, one_hand: Hands) -> None:
    before = _rows(one_office)
    case.admitted(one_hand)
    after = _rows(one_office)
    assert after["VoucherLine"] > before["VoucherLine"]
