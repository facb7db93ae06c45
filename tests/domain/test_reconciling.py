"""对账: a line and a voucher are one only where nothing else could be meant on either side."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.domain.accounts import Account
from registry.domain.bank import Direction, LineSource, MatchWay
from registry.domain.reconciling import ANYWHERE, Leg, Moved, Pair, Shown, legs, pairs, seen_in
from registry.domain.vocabulary import Custody

A, DAY = Account, date(2026, 3, 2)
BANK, LIST = LineSource.BANK, LineSource.TREASURY
IN, OUT = Direction.IN, Direction.OUT
STREET, HERE = "/c/s/", "/c/s/x/"
OWN, BY_STREET, QUOTA, DIRECT = (
    Custody.OWN_ACCOUNT, Custody.STREET_CUSTODY, Custody.QUOTA_TRANSFER, Custody.DIRECT_PAY,
)  # fmt: skip


@pytest.mark.parametrize(
    ("debit", "credit", "custody", "told"),
    [
        (A.TRANSIT, A.ORDERED, BY_STREET, [(LIST, OUT, STREET)]),
        (A.TRANSIT, A.ORDERED, OWN, [(LIST, OUT, HERE)]),
        (A.SPENT, A.ORDERED, DIRECT, [(LIST, OUT, ANYWHERE)]),
        (A.STREET, A.TRANSIT, BY_STREET, [(BANK, IN, STREET)]),
        (A.COMMUNITY, A.TRANSIT, OWN, [(BANK, IN, HERE)]),
        (A.COMMUNITY, A.STREET, BY_STREET, []),
        (A.STREET, A.COMMUNITY, BY_STREET, []),
        (A.SPENT, A.COMMUNITY, BY_STREET, [(BANK, OUT, STREET)]),
        (A.SPENT, A.COMMUNITY, OWN, [(BANK, OUT, HERE)]),
        (A.PLEDGED, A.STREET, BY_STREET, [(BANK, OUT, STREET), (LIST, IN, STREET)]),
        (A.REMITTED, A.COMMUNITY, OWN, [(BANK, OUT, HERE), (LIST, IN, HERE)]),
        (A.COMMUNITY, A.TRANSIT, QUOTA, []),
        (A.ALLOTTED, A.PLEDGED, OWN, []),
        (A.PLEDGED, A.SOURCE, OWN, []),
    ],
)
def test_money_shows_where_it_leaves_or_reaches_an_account(
    debit: Account, credit: Account, custody: Custody, told: Any
) -> None:
    moved = Moved("v", "1", "r", "p", DAY, custody, HERE, debit, credit, 5)
    assert [(leg.source, leg.direction, leg.path) for leg in legs([moved])] == told
    assert [one[:2] for one in told] == seen_in(debit, credit, custody)


def test_what_one_voucher_sends_to_one_account_is_one_payment() -> None:
    to = [Moved("v", "1", "r", "p", DAY, BY_STREET, f"/c/s/{x}/", A.TRANSIT, A.ORDERED, n)
          for x, n in (("x", 3), ("y", 4))]  # fmt: skip
    other = Moved("v", "1", "r", "p", DAY, OWN, "/c/s/z/", A.TRANSIT, A.ORDERED, 5)
    assert [(leg.path, leg.fen) for leg in legs([*to, other])] == [("/c/s/", 7), ("/c/s/z/", 5)]


def leg(voucher: str, fen: int, payer: str = "p", path: str = STREET) -> Leg:
    return Leg(voucher, f"号{voucher}", f"r{voucher}", payer, DAY, LIST, OUT, path, fen)


def line(id: str, fen: int, **told: Any) -> Shown:
    base = {"keys": frozenset(), "request_id": None, "admission": False, "number": "",
            "payer": None, "path": STREET}  # fmt: skip
    return Shown(id=id, source=LIST, direction=OUT, fen=fen, **{**base, **told})


def test_the_surest_sign_goes_first_and_frees_the_rest() -> None:
    waiting = [leg("1", 5), leg("2", 5)]
    lines = [line("a", 5, payer="p"), line("b", 5, payer="p", request_id="r2", admission=True)]
    assert pairs(lines, waiting, {}) == [
        Pair("b", "2", MatchWay.ADMISSION), Pair("a", "1", MatchWay.AMOUNT),
    ]  # fmt: skip


def test_a_payment_is_known_by_the_keys_of_the_treasury() -> None:
    found = pairs([line("a", 5, keys=frozenset({"GK1"}))], [leg("1", 5)], {"1": frozenset({"GK1"})})
    assert found == [Pair("a", "1", MatchWay.PAYMENT)]
    assert pairs([line("a", 6, keys=frozenset({"GK1"}))], [leg("1", 5)],
                 {"1": frozenset({"GK1"})}) == []  # fmt: skip


def test_a_line_that_names_another_admission_fits_no_amount() -> None:
    assert pairs([line("a", 5, payer="p", admission=True)], [leg("1", 5)], {}) == []


def test_a_direct_payment_fits_only_by_a_number() -> None:
    paid = leg("1", 5, path=ANYWHERE)
    assert pairs([line("a", 5, payer="p", path="/c/")], [paid], {}) == []
    assert pairs([line("a", 5, path="/c/", number="号1")], [paid], {}) == [
        Pair("a", "1", MatchWay.NUMBER)
    ]


SMALL = st.integers(1, 3)
WHO = st.sampled_from(["p", "q", None])
LINES = st.lists(st.tuples(SMALL, WHO, st.sampled_from(["", "号0", "号1"]),
                           st.sampled_from([None, "r0", "r1"])), max_size=8)  # fmt: skip
LEGS = st.lists(st.tuples(SMALL, st.sampled_from(["p", "q"])), max_size=8)


@given(LINES, LEGS)
def test_whatever_comes_in_nothing_is_matched_twice_or_with_another_amount(
    told: list[Any], sent: list[Any]
) -> None:
    waiting = [leg(str(n), fen, payer) for n, (fen, payer) in enumerate(sent)]
    lines = [
        line(str(n), fen, payer=payer, number=number, request_id=request,
             admission=request is not None)
        for n, (fen, payer, number, request) in enumerate(told)
    ]  # fmt: skip
    found = pairs(lines, waiting, {})
    assert len({one.line_id for one in found}) == len(found)
    assert len({one.voucher_id for one in found}) == len(found)
    for one in found:
        shown, paid = lines[int(one.line_id)], waiting[int(one.voucher_id)]
        assert shown.fen == paid.fen
        taken = {p.line_id for p in found}
        rivals = [
            other for other in lines
            if other.fen == shown.fen and other.payer == shown.payer
            and not other.admission and other.id not in taken
        ]  # fmt: skip
        assert one.way is not MatchWay.AMOUNT or rivals == []
        assert not shown.admission or paid.request_id == shown.request_id


def test_a_hundred_thousand_of_the_same_amount_take_no_time() -> None:
    many = 100_000
    lines = [line(str(n), 5, payer="p") for n in range(many)]
    assert pairs(lines, [leg(str(n), 5) for n in range(many)], {}) == []
