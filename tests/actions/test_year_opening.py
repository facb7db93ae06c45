"""期初余额: signed by both sides or it does not count; the same sheet twice makes nothing double."""

from typing import Any

import pytest

from registry.actions.office import Answer
from registry.actions.years import reversing, signing
from registry.domain.accounts import Account, VoucherStage
from registry.domain.closing import OpeningState, opened_by, opening_key
from registry.domain.funds import Voucher, VoucherLine, chain
from tests.actions import case, yearly
from tests.actions.case import Hands
from tests.actions.decided import rows
from tests.actions.refused import refused
from tests.actions.stocktaken import CODE, judged, settled
from tests.actions.yearly import LAMPS, ROW, imported, lines, signed, there
from tests.conftest import MovingClock


def test_an_opening_balance_counts_only_when_both_have_signed(hand: Hands) -> None:
    presence = there(hand)
    (id,) = imported(hand).balances
    assert lines(hand, presence_id=presence.id) == []
    assert signed(hand, id, "street.head").state is OpeningState.STREET_SIGNED
    assert lines(hand, presence_id=presence.id) == []
    after = signed(hand, id, "community.head")
    (line,) = lines(hand, presence_id=presence.id)
    assert (after.state, after.voucher_id) == (OpeningState.SIGNED, line.voucher_id)
    assert (line.debit, line.credit) == (Account.COMMUNITY, Account.OPENING)
    assert (line.amount_fen, line.year, line.source_year) == (1_200_000, 2026, 2025)
    assert (line.request_id, opened_by(line.funding_key)) == (None, "o-990102-civil")
    told = chain([line])
    assert (told.opening_fen, told.balance_fen, told.approved_fen) == (1_200_000, 1_200_000, 0)


def test_its_voucher_tells_who_signed_on_either_side(one_hand: Hands) -> None:
    there(one_hand)
    (id,) = imported(one_hand).balances
    after = signed(one_hand, id)
    voucher = one_hand("auditor").office.store.reader.get(Voucher, "990102", after.voucher_id)
    assert voucher.stage is VoucherStage.OPENING
    assert voucher.recorded_by == after.street_signed_by
    assert voucher.confirmed_by == after.community_signed_by
    assert voucher.recorded_by != voucher.confirmed_by


def test_the_community_does_not_sign_first_nor_another_street(one_hand: Hands) -> None:
    there(one_hand)
    (id,) = imported(one_hand).balances
    for who, code in (("community.head", "access.forbidden"), ("street2.head", "access.hidden")):
        with refused(code):
            signed(one_hand, id, who)


def test_nobody_signs_it_a_third_time(one_hand: Hands) -> None:
    there(one_hand)
    (id,) = imported(one_hand).balances
    signed(one_hand, id)
    with refused("opening.signed"):
        signed(one_hand, id, "community.head")


def test_what_was_settled_meanwhile_is_not_signed(one_hand: Hands) -> None:
    presence = there(one_hand)
    (id,) = imported(one_hand).balances
    (review,) = judged(one_hand, presence)
    settled(one_hand, review, "cleared")
    with refused("opening.ended"):
        signed(one_hand, id, "street.head")


def test_the_same_sheet_again_makes_nothing_double(hand: Hands) -> None:
    there(hand)
    first, again = imported(hand), imported(hand)
    assert (first.added, first.total_fen) == (1, 1_200_000)
    assert (again.added, again.known, again.otherwise) == (0, 1, [])


def test_what_a_known_row_says_otherwise_is_told_and_not_taken(one_hand: Hands) -> None:
    there(one_hand)
    (id,) = imported(one_hand).balances
    told = imported(one_hand, ROW.replace("1.2万元", "12000.01"))
    assert [(o.balance_id, o.columns) for o in told.otherwise] == [(id, ["金额"])]
    assert yearly.balance(one_hand, id).amount_fen == 1_200_000


def test_what_was_taken_back_is_brought_in_with_other_figures(one_hand: Hands) -> None:
    there(one_hand)
    (id,) = imported(one_hand).balances
    held = signed(one_hand, id, "street.head")
    command = signing.WithdrawCommand(reason="金额抄错")
    one_hand("street.clerk").do(lambda d: signing.withdraw(d, id, held.version, command))
    with refused("opening.signed"):
        signed(one_hand, id, "community.head")
    told = imported(one_hand, ROW.replace("1.2万元", "12000.01"))
    assert told.balances == [id]
    after = yearly.balance(one_hand, id)
    assert (after.state, after.amount_fen) == (OpeningState.IMPORTED, 1_200_001)
    assert signed(one_hand, id).state is OpeningState.SIGNED


def reversed_(hand: Hands, id: str, *by: str) -> Any:
    command = reversing.ReverseCommand(reason="与另一事项重复登记")
    for who in by or ("street.head", "community.head"):
        held = yearly.balance(hand, id)
        hand(who).do(lambda d, h=held: reversing.reverse(d, h.id, h.version, command))
    return yearly.balance(hand, id)


def test_what_both_signed_by_mistake_both_take_out_again(hand: Hands) -> None:
    presence = there(hand)
    (id,) = imported(hand).balances
    first = signed(hand, id)
    asked = reversed_(hand, id, "street.head")
    assert (asked.state, asked.reversing_by) == (OpeningState.SIGNED, "person-street.head")
    assert chain(yearly.lines(hand, presence_id=presence.id)).balance_fen == 1_200_000
    after = reversed_(hand, id, "community.head")
    assert (after.state, after.reversing_by) == (OpeningState.WITHDRAWN, None)
    had = chain(yearly.lines(hand, presence_id=presence.id))
    assert (had.balance_fen, had.opening_fen) == (0, 0)
    (voucher,) = rows(hand, Voucher, stage="reversal")
    assert (voucher.reverses_id, voucher.recorded_by, voucher.confirmed_by) == (
        first.voucher_id, "person-street.head", "person-community.head",
    )  # fmt: skip
    told = imported(hand, ROW.replace("1.2万元", "12000.01"))
    assert told.balances == [id]
    again = signed(hand, id)
    assert again.state is OpeningState.SIGNED and again.voucher_id != first.voucher_id
    assert chain(yearly.lines(hand, presence_id=presence.id)).balance_fen == 1_200_001


def test_only_what_both_have_signed_is_reversed(one_hand: Hands) -> None:
    there(one_hand)
    (id,) = imported(one_hand).balances
    with refused("opening.not_signed"):
        reversed_(one_hand, id, "street.head")
    signed(one_hand, id)
    for by in ("community.head", "street.clerk", "street2.head", "finance.head"):
        with pytest.raises(Exception, match="access"):
            reversed_(one_hand, id, by)
    reversed_(one_hand, id)
    with refused("opening.not_signed"):
        reversed_(one_hand, id, "street.head")


def test_what_went_out_of_it_meanwhile_stands_in_the_way(one_hand: Hands) -> None:
    presence = there(one_hand)
    (id,) = imported(one_hand).balances
    signed(one_hand, id)
    gone = VoucherLine(
        county="990102", id="vch-gone.l0", voucher_id="vch-gone", request_id=None,
        presence_id=presence.id, funding_key=opening_key("o-990102-civil"),
        stage=VoucherStage.SURPLUS, debit=Account.REMITTED, credit=Account.COMMUNITY,
        amount_fen=100, counted=True, year=2026, payer_id="o-990102-civil",
        area_path=presence.area_path,
    )  # fmt: skip
    one_hand("county.head").do(lambda d: Answer(body=d.unit.add(gone)))
    with refused("voucher.exceeds"):
        reversed_(one_hand, id)


def test_a_closed_year_is_not_opened_again(one_hand: Hands, clock: MovingClock) -> None:
    there(one_hand)
    (id,) = imported(one_hand).balances
    signed(one_hand, id)
    clock.at = yearly.NEW_YEAR
    yearly.closed(one_hand, 2026)
    with refused("voucher.year_closed"):
        reversed_(one_hand, id)


@pytest.mark.parametrize(
    ("was", "becomes", "column"),
    [
        ("1.2万元", "-5", "金额"), ("1.2万元", "0.001", "金额"), ("1.2万元", "一万", "金额"),
        ("1.2万元", "10000000000000.01", "金额"), ("社区,2026", "银行,2026", "存放"),
        (LAMPS, "没有登记过的", "事项名称"), ("o-990102-civil", "无此单位", "付款单位"),
        ("2026-03-01", "2026-03-09", "截止日期"), (",2025,", ",2027,", "来源年度"),
        (CODE, "990102009009", "社区"), ("2026-03-01", "3月1日", "截止日期"),
    ],
)  # fmt: skip
def test_a_bad_cell_is_told_by_row_and_column_and_nothing_is_kept(
    one_hand: Hands, was: str, becomes: str, column: str
) -> None:
    there(one_hand)
    with refused("import.cells") as info:
        imported(one_hand, ROW, ROW.replace(was, becomes).replace("演财〔2026〕1号", "演财2号"))
    errors = info.value.facts["errors"]
    assert [(e["row"], e["column"]) for e in errors] == [(3, column)]
    assert imported(one_hand).added == 1


def test_full_width_figures_and_a_heading_in_ten_thousands_are_read_exactly(
    one_hand: Hands,
) -> None:
    there(one_hand)
    header = yearly.HEADER.replace("金额", "金额(万元)")
    row = ROW.replace("1.2万元", "１４.５")
    assert imported(one_hand, row, header=header).total_fen == 14_500_000


def test_a_street_brings_in_its_own_communities_only(one_hand: Hands) -> None:
    there(one_hand)
    with refused("access.forbidden"):
        imported(one_hand, by="street2.head")
    assert imported(one_hand, by="street.clerk").added == 1


def test_when_it_is_admitted_its_balance_goes_on_with_what_is_admitted(hand: Hands) -> None:
    presence = yearly.opened(hand)
    (review,) = judged(hand, presence)
    request = case.admitted(hand)
    settled(hand, review, "admitted", request_id=request.id)
    after = case.presence_of(hand, request)
    old, new = lines(hand, presence_id=presence.id), lines(hand, presence_id=after.id)
    assert chain(old).balance_fen == 0
    opened = [line for line in new if opened_by(line.funding_key)]
    assert (chain(opened).opening_fen, chain(opened).balance_fen) == (1_200_000, 1_200_000)
    assert {line.source_year for line in opened} == {2025}
    assert chain([x for x in new if not opened_by(x.funding_key)]).balance_fen == 0
    assert chain([*old, *opened]).opening_fen == 1_200_000


def test_what_was_opened_with_is_booked_on_its_own_line_once_it_is_admitted(
    one_hand: Hands,
) -> None:
    presence = yearly.opened(one_hand)
    (review,) = judged(one_hand, presence)
    request = case.admitted(one_hand)
    settled(one_hand, review, "admitted", request_id=request.id)
    after = case.presence_of(one_hand, request)
    yearly.given_back(one_hand, after, 200_000, opening_key("o-990102-civil"))
    opened = [x for x in lines(one_hand, presence_id=after.id) if opened_by(x.funding_key)]
    assert chain(opened).balance_fen == 1_000_000
