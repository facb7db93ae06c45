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


def said(found: list[Pair]) -> list[tuple[str, str, MatchWay]]:
    return [(one.line_id, one.leg.voucher_id, one.way) for one in found]


def test_the_surest_sign_goes_first_and_frees_the_rest() -> None:
    waiting = [leg("1", 5), leg("2", 5)]
    lines = [line("a", 5, payer="p"), line("b", 5, payer="p", request_id="r2", admission=True)]
    assert said(pairs(lines, waiting, {})) == [
        ("b", "2", MatchWay.ADMISSION), ("a", "1", MatchWay.AMOUNT),
    ]  # fmt: skip


def test_a_payment_is_known_by_the_keys_of_the_treasury() -> None:
    found = pairs([line("a", 5, keys=frozenset({"GK1"}))], [leg("1", 5)], {"1": frozenset({"GK1"})})
    assert found == [Pair("a", leg("1", 5), MatchWay.PAYMENT, 5)]
    assert pairs([line("a", 6, keys=frozenset({"GK1"}))], [leg("1", 5)],
                 {"1": frozenset({"GK1"})}) == []  # fmt: skip


def test_a_line_that_names_another_admission_fits_no_amount() -> None:
    assert pairs([line("a", 5, payer="p", admission=True)], [leg("1", 5)], {}) == []


def test_a_direct_payment_fits_only_by_a_number() -> None:
    paid = leg("1", 5, path=ANYWHERE)
    assert pairs([line("a", 5, payer="p", path="/c/")], [paid], {}) == []
    assert said(pairs([line("a", 5, path="/c/", number="号1")], [paid], {})) == [
        ("a", "1", MatchWay.NUMBER)
    ]


@pytest.mark.parametrize(
    ("told", "way"),
    [
        ({"keys": frozenset({"GK1"})}, MatchWay.PAYMENT),
        ({"request_id": "r", "admission": True}, MatchWay.ADMISSION),
        ({"number": "号1、号2"}, MatchWay.NUMBER),
        ({"payer": "p"}, MatchWay.AMOUNT),
    ],
)
def test_a_line_that_pays_several_vouchers_is_matched_with_all_of_them(
    told: dict[str, Any], way: MatchWay
) -> None:
    waiting = [leg("1", 5)._replace(request_id="r"), leg("2", 7)._replace(request_id="r")]
    keys = {"1": frozenset({"GK1"}), "2": frozenset({"GK1"})}
    found = pairs([line("a", 12, **told)], waiting, keys if way is MatchWay.PAYMENT else {})
    assert found == [Pair("a", waiting[0], way, 5), Pair("a", waiting[1], way, 7)]
    assert pairs([line("a", 11, **told)], waiting, keys) == []
    assert pairs([line("a", 12, **told), line("b", 12, **told)], waiting, keys) == []
    assert pairs([line("a", 12, **told), line("b", 5, **told), line("c", 5, **told)], waiting,
                 keys) == [], "one of them may be another line's"  # fmt: skip


@pytest.mark.parametrize(
    "told", [{"request_id": "r1", "admission": True}, {"number": "号1"}, {"payer": "p"}]
)
def test_lines_that_sum_to_one_voucher_are_matched_with_it(told: dict[str, Any]) -> None:
    lines = [line("a", 5, **told), line("b", 7, **told)]
    assert {(p.line_id, p.leg.voucher_id, p.fen) for p in pairs(lines, [leg("1", 12)], {})} == {
        ("a", "1", 5), ("b", "1", 7),
    }  # fmt: skip
    assert pairs(lines, [leg("1", 11)], {}) == []


def test_by_amount_alone_only_what_is_of_one_day_is_taken_together() -> None:
    waiting = [leg("1", 5), leg("2", 7)._replace(dated_on=date(2026, 3, 3))]
    assert pairs([line("a", 12, payer="p")], waiting, {}) == []
    older = [*waiting, leg("3", 7)]
    assert [p.leg.voucher_id for p in pairs([line("a", 12, payer="p")], older, {})] == ["1", "3"]
    by_number = pairs([line("a", 12, number="号1,号2")], waiting, {})
    assert [p.leg.voucher_id for p in by_number] == ["1", "2"]


def test_a_key_goes_before_an_amount_in_sums_too() -> None:
    waiting = [leg("1", 5), leg("2", 7)]
    lines = [line("a", 12, keys=frozenset({"GK1"})), line("b", 5, payer="p")]
    keys = {"1": frozenset({"GK1"}), "2": frozenset({"GK1"})}
    assert {(p.line_id, p.leg.voucher_id) for p in pairs(lines, waiting, keys)} == {
        ("a", "1"), ("a", "2"),
    }  # fmt: skip


SMALL = st.integers(1, 4)
WHO = st.sampled_from(["p", "q", None])
LINES = st.lists(st.tuples(SMALL, WHO, st.sampled_from(["", "号0", "号1", "号0、号1"]),
                           st.sampled_from([None, "r0", "r1"])), max_size=8)  # fmt: skip
LEGS = st.lists(st.tuples(SMALL, st.sampled_from(["p", "q"]), st.integers(1, 2)), max_size=8)


@given(LINES, LEGS)
def test_whatever_comes_in_nothing_is_matched_twice_or_with_another_amount(
    told: list[Any], sent: list[Any]
) -> None:
    waiting = [leg(str(n), fen, payer)._replace(dated_on=date(2026, 3, day))
               for n, (fen, payer, day) in enumerate(sent)]  # fmt: skip
    lines = [
        line(str(n), fen, payer=payer, number=number, request_id=request,
             admission=request is not None)
        for n, (fen, payer, number, request) in enumerate(told)
    ]  # fmt: skip
    found = pairs(lines, waiting, {})
    of_line, of_leg = _shares(found)
    for id, fens in of_line.items():
        assert sum(fens) == lines[int(id)].fen
    for id, fens in of_leg.items():
        assert sum(fens) == waiting[int(id)].fen
    for one in found:
        shown, paid = lines[int(one.line_id)], waiting[int(one.leg.voucher_id)]
        # One line for several vouchers, or several for one, and never both.
        assert len(of_line[one.line_id]) == 1 or len(of_leg[one.leg.voucher_id]) == 1
        rivals = [
            other for other in lines
            if other.fen == shown.fen and other.payer == shown.payer
            and not other.admission and other.id not in of_line
        ]  # fmt: skip
        assert one.way is not MatchWay.AMOUNT or rivals == []
        assert not shown.admission or paid.request_id == shown.request_id


def _shares(found: list[Pair]) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
    of_line: dict[str, list[int]] = {}
    of_leg: dict[str, list[int]] = {}
    for one in found:
        of_line.setdefault(one.line_id, []).append(one.fen)
        of_leg.setdefault(one.leg.voucher_id, []).append(one.fen)
    return of_line, of_leg


def test_fifty_thousand_of_the_same_amount_take_no_time() -> None:
    many = 50_000
    lines = [line(str(n), 5, payer="p") for n in range(many)]
    assert pairs(lines, [leg(str(n), 5) for n in range(many)], {}) == []
