"""批量登记凭证: a sheet records what its vouchers would record one by one, all of them or none."""

from typing import Any

import pytest

from registry.actions.ledger import vouchers_sheet
from registry.actions.office import Call
from registry.domain.accounts import VoucherStage
from registry.domain.funds import Voucher, VoucherLine, VoucherState
from registry.domain.presence import Presence
from registry.domain.voucher_sheets import MOST, SHEETED, columns_of
from tests.actions.case import Hands
from tests.actions.ledgered import booked, chain_now, confirmed
from tests.actions.refused import refused
from tests.actions.test_ledger_changes import BOTH, places

HEAD = "凭证号,事项,社区,经费项,金额（元）,日期,摘要"
DAY = "2026-03-02"


@pytest.fixture
def both(hand: Hands) -> list[Presence]:
    return places(hand, **BOTH)


@pytest.fixture
def pair(one_hand: Hands) -> list[Presence]:
    return places(one_hand, **BOTH)


def line(place: Presence, number: str, yuan: str, **more: str) -> str:
    told = {"item": place.title, "community": place.organisation_id, "line": "F1", "day": DAY,
            "note": ""} | more  # fmt: skip
    return ",".join([number, told["item"], told["community"], told["line"], f'"{yuan}"',
                     told["day"], told["note"]])  # fmt: skip


def sheet(*lines: str, head: str = HEAD) -> Any:
    return vouchers_sheet.read("凭证表.csv", "\n".join([head, *lines]).encode())


def taken(hand: Hands, by: str, stage: str, *lines: str) -> Any:
    given = sheet(*lines)
    return hand(by).do(lambda d: vouchers_sheet.bring_in(d, VoucherStage(stage), given))


def taken_of(hand: Hands, by: str, stage: str, *rows: dict[str, str]) -> Any:
    """A sheet whose heads are those that its rows name."""
    heads = list(dict.fromkeys(head for row in rows for head in row))
    lines = [",".join(f'"{row.get(head, "")}"' for head in heads) for row in rows]
    given = sheet(*lines, head=",".join(heads))
    return hand(by).do(lambda d: vouchers_sheet.bring_in(d, VoucherStage(stage), given))


def held(hand: Hands, **equals: Any) -> list[Voucher]:
    return list(hand("auditor").office.store.reader.find(Voucher, "990102", **equals))


def told_by(caught: Any) -> list[tuple[int, str]]:
    return [(one["row"], one["column"]) for one in caught.value.facts["errors"]]


def test_rows_of_one_number_are_one_voucher_and_others_their_own(
    hand: Hands, both: list[Presence]
) -> None:
    made = taken(hand, "dept.head", "order", line(both[0], "令1", "1,000.00"),
                 line(both[1], "令1", "2000"), line(both[0], "令2", "0.05万元"))  # fmt: skip
    assert (made.rows, len(made.vouchers), made.total_fen) == (3, 2, 350_000)
    totals = {one.number: one.total_fen for one in held(hand, stage="order")}
    assert totals == {"令1": 300_000, "令2": 50_000}
    assert [chain_now(hand, place).ordered_fen for place in both] == [150_000, 200_000]


def test_a_sheet_leaves_the_books_as_single_vouchers_do(
    one_hand: Hands, pair: list[Presence]
) -> None:
    booked(one_hand, "order", pair[0], 100_000)
    (order,) = held(one_hand, stage="order")
    taken(one_hand, "dept.head", "order", line(pair[0], "令9", "1000"))
    (again,) = (one for one in held(one_hand, stage="order") if one.id != order.id)
    for name in ("request_id", "payer_id", "issuer_id", "total_fen", "fiscal_year", "state"):
        assert getattr(again, name) == getattr(order, name), name
    lines = [
        one_hand("auditor").office.store.reader.find(VoucherLine, "990102", voucher_id=one.id)
        for one in (order, again)
    ]
    posted = [[(x.debit, x.credit, x.amount_fen, x.year, x.counted) for x in one] for one in lines]
    assert posted[0] == posted[1]


def test_what_a_sheet_recorded_a_second_person_confirms(
    one_hand: Hands, pair: list[Presence]
) -> None:
    booked(one_hand, "order", pair[0], 100_000)
    taken(one_hand, "finance.clerk", "dispatch", line(pair[0], "拨1", "1000"))
    (waits,) = held(one_hand, stage="dispatch")
    assert waits.state is VoucherState.RECORDED
    with refused("access.forbidden"):
        confirmed(one_hand, "finance.clerk", waits)
    assert confirmed(one_hand, "finance.head", waits).state is VoucherState.CONFIRMED


def test_one_wrong_row_keeps_all_out_and_each_fault_is_told_at_its_cell(
    one_hand: Hands, pair: list[Presence]
) -> None:
    with refused("import.cells") as caught:
        taken(one_hand, "dept.head", "order", line(pair[0], "令1", "10"),
              line(pair[0], "令2", "10", community="没有这个社区"),
              line(pair[0], "令3", "10", item="没有这件事"),
              line(pair[0], "令4", "10", line="F9"),
              line(pair[1], "令1", "10", day="2026-03-01"))  # fmt: skip
    assert told_by(caught) == [(3, "社区"), (4, "事项"), (5, "经费项"), (6, "日期")]
    assert not held(one_hand, stage="order")


def test_what_the_act_refuses_is_told_at_the_row_that_it_speaks_of(
    one_hand: Hands, pair: list[Presence]
) -> None:
    with refused("import.cells") as caught:
        taken(one_hand, "dept.head", "order", line(pair[0], "令1", "10"),
              line(pair[0], "令2", "10"), line(pair[1], "令2", "4,000.01"))  # fmt: skip
    assert told_by(caught) == [(4, "金额（元）")]
    assert not held(one_hand, stage="order")


def test_more_than_is_left_is_refused_over_all_the_vouchers_of_a_sheet(
    hand: Hands, both: list[Presence]
) -> None:
    with refused("import.cells") as caught:
        taken(hand, "dept.head", "order", line(both[0], "令1", "3000"),
              line(both[0], "令2", "1000.01"))  # fmt: skip
    assert told_by(caught) == [(3, "金额（元）")]


def test_the_same_sheet_again_records_nothing_twice(one_hand: Hands, pair: list[Presence]) -> None:
    taken(one_hand, "dept.head", "order", line(pair[0], "令1", "10"))
    with refused("import.cells") as caught:
        taken(one_hand, "dept.head", "order", line(pair[0], "令1", "10"))
    assert told_by(caught) == [(2, "凭证号")]


def test_a_look_at_a_sheet_tells_what_would_come_of_it_and_keeps_nothing(
    hand: Hands, both: list[Presence]
) -> None:
    head, given = hand("dept.head"), sheet(line(both[0], "令1", "10"))
    call = Call(actor=head.actor, county="990102", act="voucher.order")
    told = head.office.ask(
        call, lambda d: vouchers_sheet.bring_in(d, VoucherStage.ORDER, given)
    ).body
    assert (told.rows, told.total_fen) == (1, 1_000)
    assert not held(hand, stage="order")


@pytest.mark.parametrize("who", ["other.office", "street.clerk"])
def test_what_one_may_not_read_or_record_no_sheet_records(
    one_hand: Hands, pair: list[Presence], who: str
) -> None:
    with refused("access.forbidden" if who == "street.clerk" else "import.cells"):
        taken(one_hand, who, "order", line(pair[0], "令1", "10"))
    assert not held(one_hand, stage="order")


def test_a_cell_that_cannot_be_read_is_told_before_anything_else() -> None:
    with refused("import.cells") as caught:
        sheet("令1,事项,社区,F1,一千,2026-03-16,", "令2,事项,社区,F1,10,3月16日,")
    assert told_by(caught) == [(2, "金额（元）"), (3, "日期")]


def test_the_total_of_the_paper_is_held_against_its_rows(
    one_hand: Hands, pair: list[Presence]
) -> None:
    given = sheet(line(pair[0], "令1", "10") + ",20", head=HEAD + ",凭证总额（元）")
    with refused("import.cells") as caught:
        one_hand("dept.head").do(lambda d: vouchers_sheet.bring_in(d, VoucherStage.ORDER, given))
    assert told_by(caught) == [(2, "凭证总额（元）")]


def test_amounts_in_ten_thousands_are_read_by_their_heading() -> None:
    given = sheet("令1,事项,社区,F1,1.5,2026-03-16,", head=HEAD.replace("元", "万元"))
    assert given.cells[0].fen == 1_500_000


def test_no_sheet_is_longer_than_one_act_may_be() -> None:
    with refused("import.cells"):
        sheet(*["令1,事项,社区,F1,1,2026-03-16,"] * (MOST + 1))


def test_the_template_of_a_stage_asks_for_what_that_stage_needs() -> None:
    for stage in SHEETED:
        asked = columns_of(stage)
        assert ("at" in asked) == (stage in (VoucherStage.REFUND, VoucherStage.SURPLUS)), stage
        assert ("agent" in asked) == (stage is VoucherStage.DISPATCH), stage


def test_an_empty_sheet_is_asked_for_as_any_other(one_hand: Hands, pair: list[Presence]) -> None:
    with refused("access.forbidden"):
        taken(one_hand, "auditor", "order")
