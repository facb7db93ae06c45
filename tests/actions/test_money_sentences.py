"""金额的说法: a refusal of money speaks as a cashier does, in 元, and says what may be done instead."""

import pytest

from registry.actions.ledger import recording
from registry.domain.errors import Amount, Refusal
from tests.actions import case
from tests.actions.case import Hands, voucher


def said(hand: Hands, by: str, command: object) -> str:
    with pytest.raises(Refusal) as info:
        hand(by).do(lambda d: recording.record(d, command))  # type: ignore[arg-type]
    return info.value.detail


def test_what_is_left_is_told_in_yuan(one_hand: Hands) -> None:
    presence = case.presence_of(one_hand, case.admitted(one_hand))
    assert "可用 8,000.00元，不足 8,000.01元" in said(
        one_hand, "dept.head", voucher(presence, "order", "令1", 800_001)
    )


def test_a_stage_that_is_not_there_is_told_with_those_that_are(one_hand: Hands) -> None:
    request = case.admitted(one_hand, targets=["990102001002"])
    presence = case.presence_of(one_hand, request)
    told = said(one_hand, "street.clerk", voucher(presence, "street_arrival", "街1", 100))
    assert told == (
        "该社区的资金管理模式为「自有账户」，没有「街道到账」环节，"
        "依次为：用款申请、拨付、社区到账（转拨）（E7）"
    )


def test_a_spent_number_is_told_to_be_changed(one_hand: Hands) -> None:
    presence = case.presence_of(one_hand, case.admitted(one_hand))
    one_hand("dept.head").do(lambda d: recording.record(d, voucher(presence, "order", "令1", 1)))
    told = said(one_hand, "dept.head", voucher(presence, "order", "令1", 1))
    assert told.startswith("凭证号 令1 在该年度已用过，作废的号码也不再使用，请换一个")


def test_an_amount_is_told_exactly_in_either_language() -> None:
    assert f"{Amount(5):元}" == "0.05元"
    assert f"{Amount(10**15):元}" == "10,000,000,000,000.00元"
    assert f"{Amount(-123456):yuan}" == "-1,234.56 yuan"
    assert f"{Amount(7)}" == "7"


def test_a_sentence_whose_amount_is_not_told_still_speaks() -> None:
    assert "<available_fen>" in Refusal("voucher.exceeds").detail
