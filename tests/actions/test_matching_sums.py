"""一笔总拨多凭证: one line that pays several vouchers, several that pay one, and what is left of both."""

import pytest

from registry.actions.office import Answer
from registry.actions.reconciling import offering
from registry.actions.ticking import tick
from registry.domain.bank import (
    BankLine,
    ClassifyCommand,
    LineClass,
    LinePart,
    LineState,
    MatchCommand,
    MatchPart,
    MatchWay,
    OtherIncome,
    ReasonCommand,
)
from registry.domain.funds import Voucher
from registry.domain.presence import Presence
from tests.actions import case
from tests.actions.case import Hands, admitted, voucher
from tests.actions.refused import refused
from tests.actions.stated import CIVIL, bank, lines, only, said, treasury
from tests.actions.test_funding import _reversal, confirm, record
from tests.actions.test_one_sided import told
from tests.actions.test_reconciling import STREET_NAME, number_of


def sent(hand: Hands, presence: Presence, number: int, fen: int) -> Voucher:
    record(hand, "dept.head", voucher(presence, "order", f"令{number}", fen))
    kept = record(hand, "finance.clerk", voucher(presence, "dispatch", f"拨{number}", fen))
    return confirm(hand, "finance.head", kept)


def three(hand: Hands) -> tuple[Presence, list[Voucher]]:
    presence = case.presence_of(hand, admitted(hand))
    return presence, [sent(hand, presence, n, n * 1_000) for n in (1, 2, 3)]


def parts(hand: Hands, line: BankLine) -> list[LinePart]:
    reader = hand("auditor").office.store.reader
    return sorted(reader.find(LinePart, "990102", line_id=line.id), key=lambda one: one.id)


def standing(hand: Hands, line: BankLine) -> dict[str, int]:
    """What the line shows of each voucher; its figure always is the sum of its parts."""
    found = {one.voucher_id: one.amount_fen for one in parts(hand, line) if not one.withdrawn}
    assert sum(found.values()) == only(hand, id=line.id).parted_fen
    return found


def on_statements(hand: Hands) -> list[tuple[str, str, int, int]]:
    """The report without what is on its way by the vouchers alone."""
    return [one for one in told(hand) if one[1] != "vouchers"]


# ---- by the machine ------------------------------------------------------------------------------


def test_one_payment_for_several_vouchers_is_matched_by_its_admission_number(hand: Hands) -> None:
    presence, vouchers = three(hand)
    done = treasury(hand, f"{STREET_NAME},,60.00,T1,{number_of(hand, presence)}")
    line = only(hand)
    assert (done.batch.matched, done.waiting, line.state, line.matched_way, line.voucher_id) == (
        1, 0, LineState.MATCHED, MatchWay.ADMISSION, None,
    )  # fmt: skip
    assert standing(hand, line) == {v.id: n * 1_000 for n, v in enumerate(vouchers, 1)}
    assert on_statements(hand) == []


def test_one_payment_is_matched_by_the_numbers_it_names_and_by_the_day_of_its_vouchers(
    one_hand: Hands,
) -> None:
    _, vouchers = three(one_hand)
    treasury(one_hand, f"{STREET_NAME},,30.00,T1,,拨1、拨2")
    line = only(one_hand)
    assert set(standing(one_hand, line)) == {vouchers[0].id, vouchers[1].id}
    treasury(one_hand, f"{STREET_NAME},{CIVIL},30.00,T2")
    assert only(one_hand, external_key="T2").voucher_id == vouchers[2].id


def test_several_lines_that_sum_to_a_voucher_are_matched_with_it(one_hand: Hands) -> None:
    _, vouchers = three(one_hand)
    treasury(one_hand, f"{STREET_NAME},,12.00,T1,,拨3", f"{STREET_NAME},,18.00,T2,,拨3")
    assert {line.voucher_id for line in lines(one_hand)} == {vouchers[2].id}


def test_lines_of_two_files_are_matched_once_the_second_has_come(one_hand: Hands) -> None:
    _, vouchers = three(one_hand)
    first = treasury(one_hand, f"{STREET_NAME},,12.00,T1,,拨3")
    assert first.waiting == 1
    treasury(one_hand, f"{STREET_NAME},,18.00,T2,,拨3", f"{STREET_NAME},,12.00,T1,,拨3")
    assert {line.voucher_id for line in lines(one_hand)} == {vouchers[2].id}
    assert len(lines(one_hand)) == 2


@pytest.mark.parametrize(
    "rows",
    [
        (f"{STREET_NAME},{CIVIL},59.99,T1",),
        (f"{STREET_NAME},{CIVIL},60.00,T1", f"{STREET_NAME},{CIVIL},60.00,T2"),
        (f"{STREET_NAME},,60.00,T1",),
        (f"{STREET_NAME},{CIVIL},40.00,T1",),
    ],
)
def test_what_sums_to_nothing_or_twice_is_left_to_a_person(
    one_hand: Hands, rows: tuple[str, ...]
) -> None:
    three(one_hand)
    treasury(one_hand, *rows)
    assert {line.state for line in lines(one_hand)} == {LineState.OPEN}


# ---- by a person ---------------------------------------------------------------------------------


def test_a_person_tells_the_parts_and_what_is_left_stands_in_the_report(hand: Hands) -> None:
    _, (first, second, third) = three(hand)
    treasury(hand, f"云笺街道,{CIVIL},55.00,T1")
    line = only(hand)
    some = MatchCommand(parts=[MatchPart(voucher_id=first.id), MatchPart(voucher_id=second.id)])
    line = said(hand, "finance.clerk", "match", line, some)
    assert (line.state, line.parted_fen) == (LineState.OPEN, 3_000)
    assert ("differs", "treasury", 5_500, 3_000) in told(hand)
    assert ("no_statement", "treasury", 0, 3_000) in told(hand)
    found = hand("finance.clerk").do(lambda d: Answer(body=offering.offered(d, line.id)))
    assert found.amount_fen == 2_500
    with refused("bank.line_exceeds") as info:
        said(hand, "finance.clerk", "match", line,
             MatchCommand(parts=[MatchPart(voucher_id=third.id)]))  # fmt: skip
    assert (info.value.facts["line_fen"], info.value.facts["given_fen"]) == (2_500, 3_000)
    last = MatchCommand(parts=[MatchPart(voucher_id=third.id, amount_fen=2_500)])
    line = said(hand, "finance.clerk", "match", line, last)
    assert line.state is LineState.MATCHED
    assert standing(hand, line) == {first.id: 1_000, second.id: 2_000, third.id: 2_500}
    assert on_statements(hand) == [("differs", "treasury", 2_500, 3_000)]
    treasury(hand, f"{STREET_NAME},{CIVIL},5.00,T2")
    assert only(hand, external_key="T2").voucher_id == third.id, "the rest of it came"
    assert on_statements(hand) == []


def test_the_rest_of_a_line_may_be_something_else(one_hand: Hands) -> None:
    _, (first, *_) = three(one_hand)
    treasury(one_hand, f"云笺街道,{CIVIL},17.00,T1")
    line = only(one_hand)
    part = MatchCommand(parts=[MatchPart(voucher_id=first.id)])
    line = said(one_hand, "finance.clerk", "match", line, part)
    said(one_hand, "finance.clerk", "classify", line, ClassifyCommand(classed_as=LineClass.RUNNING))
    (income,) = one_hand("auditor").office.store.reader.find(OtherIncome, "990102")
    assert income.amount_fen == 700
    assert standing(one_hand, line) == {first.id: 1_000}
    said(one_hand, "finance.clerk", "unmatch", line, ReasonCommand(reason="对错了"))
    (income,) = one_hand("auditor").office.store.reader.find(OtherIncome, "990102")
    assert (income.withdrawn, standing(one_hand, line)) == ("对错了", {})


@pytest.mark.parametrize("told_of", [{}, {"voucher_id": "x", "parts": "x"}, {"parts": "xx"}])
def test_one_voucher_or_several_different_ones_are_named(
    one_hand: Hands, told_of: dict[str, str]
) -> None:
    _, (first, *_) = three(one_hand)
    treasury(one_hand, f"云笺街道,{CIVIL},17.00,T1")
    some = [MatchPart(voucher_id=first.id)] * len(told_of.get("parts", ""))
    one = first.id if "voucher_id" in told_of else None
    with refused("bank.which"):
        said(one_hand, "finance.clerk", "match", only(one_hand),
             MatchCommand(voucher_id=one, parts=some))  # fmt: skip


def test_what_is_taken_back_keeps_its_rows_and_no_voucher_is_shown_twice(one_hand: Hands) -> None:
    presence, vouchers = three(one_hand)
    treasury(one_hand, f"{STREET_NAME},,60.00,T1,{number_of(one_hand, presence)}")
    said(one_hand, "finance.clerk", "unmatch", only(one_hand), ReasonCommand(reason="对错了"))
    line = only(one_hand)
    assert (line.state, line.parted_fen, standing(one_hand, line)) == (LineState.OPEN, 0, {})
    assert [one.withdrawn for one in parts(one_hand, line)] == ["对错了"] * 3
    assert len(on_statements(one_hand)) == 4
    some = [MatchPart(voucher_id=one.id) for one in vouchers]
    said(one_hand, "finance.clerk", "match", line, MatchCommand(parts=some))
    assert len(parts(one_hand, line)) == 6
    treasury(one_hand, f"云笺街道,{CIVIL},10.00,T2")
    with refused("bank.exceeds"):
        said(one_hand, "finance.clerk", "match", only(one_hand, external_key="T2"),
             MatchCommand(voucher_id=vouchers[0].id))  # fmt: skip


# ---- what is reversed ----------------------------------------------------------------------------


def test_a_reversed_voucher_frees_its_part_which_finds_the_voucher_put_right(hand: Hands) -> None:
    presence, vouchers = three(hand)
    treasury(hand, f"{STREET_NAME},,60.00,T1,{number_of(hand, presence)}")
    back = record(hand, "finance.clerk", _reversal(presence, vouchers[1].id, 2_000))
    confirm(hand, "finance.head", back)
    assert on_statements(hand) == [("differs", "treasury", 2_000, 0)]
    office = hand("auditor").office
    assert tick(office)["unmatched"] == 1
    line = only(hand)
    assert (line.state, standing(hand, line)) == (
        LineState.OPEN, {vouchers[0].id: 1_000, vouchers[2].id: 3_000},
    )  # fmt: skip
    assert on_statements(hand) == [("differs", "treasury", 6_000, 4_000)]
    right = record(hand, "finance.clerk", voucher(presence, "dispatch", "拨2更", 2_000))
    right = confirm(hand, "finance.head", right)
    assert tick(office)["reconciled"] == 1
    assert standing(hand, only(hand))[right.id] == 2_000
    assert on_statements(hand) == []
    assert not {"unmatched", "reconciled"} & set(tick(office))


def test_a_line_of_a_voucher_that_was_reversed_in_part_waits_for_a_person(one_hand: Hands) -> None:
    presence, vouchers = three(one_hand)
    treasury(one_hand, f"{STREET_NAME},,30.00,T1,,拨3")
    assert only(one_hand).voucher_id == vouchers[2].id
    back = record(one_hand, "finance.clerk", _reversal(presence, vouchers[2].id, 100))
    confirm(one_hand, "finance.head", back)
    tick(one_hand("auditor").office)
    assert only(one_hand).state is LineState.OPEN
    treasury(one_hand, f"{STREET_NAME},,29.00,T2,,拨3")
    assert only(one_hand, external_key="T2").voucher_id == vouchers[2].id


def test_a_street_is_paid_once_for_what_several_vouchers_bring_it(one_hand: Hands) -> None:
    presence, _ = three(one_hand)
    arrivals = []
    for n in (1, 2, 3):
        kept = record(one_hand, "street.clerk",
                      voucher(presence, "street_arrival", f"到{n}", n * 1_000))  # fmt: skip
        arrivals.append(confirm(one_hand, "street.head", kept))
    bank(one_hand, "60.00,,演示县国库集中支付中心,K1")
    line = only(one_hand, source="bank")
    assert line.matched_way is MatchWay.AMOUNT
    assert set(standing(one_hand, line)) == {one.id for one in arrivals}
