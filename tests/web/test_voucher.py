"""凭证录入页: an item by its name, a stage, what is left beside each row, the sum told as typed."""

import re
from collections.abc import Callable
from typing import Any

from registry.actions.office import Office
from registry.domain.funds import Voucher, VoucherState
from registry.domain.presence import Presence
from registry.domain.request import Request
from tests.conftest import MovingClock
from tests.web.seated import Seat
from tests.web.test_case import COUNTY, admitted, do

Seats = Callable[[str], Seat]
ROW = "lines.0.amount_fen"


def page_of(case: Request, stage: str, **more: str) -> str:
    query = "".join(f"&{name}={value}" for name, value in more.items())
    return f"/money/voucher?request_id={case.id}&stage={stage}{query}"


def typed(amount: str, total: str, **more: str) -> dict[str, str]:
    told = {"number": "拨款令1", "fiscal_year": "2026", "dated_on": "2026-03-02"}
    return told | {ROW: amount, "total_fen": total} | more


def ordered(seat: Seat, case: Request, fen: str = "3,000.00") -> Any:
    answer = seat.hand_in(page_of(case, "order"), **typed(fen, fen))
    assert answer.status_code == 303, re.sub(r"<[^>]+>|\s+", " ", answer.text)
    return answer


def plain(answer: Any) -> str:
    return re.sub(r"<[^>]+>|\s+", " ", answer.text)


def test_an_item_is_found_by_its_name_and_no_id_is_typed(seat: Seats, one_office: Office) -> None:
    case = admitted(seat, one_office)
    head = seat("dept.head")
    found = head.get("/money/voucher?q=灯具").text
    assert f"/money/voucher?request_id={case.id}" in found and case.title in found
    assert case.id not in head.get("/money/voucher?q=没有这件事").text
    stages = head.get(f"/money/voucher?request_id={case.id}").text
    assert "stage=order" in stages and "stage=dispatch" not in stages


def test_what_is_left_stands_beside_each_row_and_shrinks_with_what_was_recorded(
    seat: Seats, one_office: Office
) -> None:
    case, head = admitted(seat, one_office), seat("dept.head")
    assert "8,000.00" in plain(head.get(page_of(case, "order")))
    done = ordered(head, case)
    look = head.get(done.headers["location"]).text
    assert "叁仟元整" in look and "3,000.00" in look
    assert "5,000.00" in plain(head.get(page_of(case, "order")))


def test_lines_that_do_not_add_up_are_told_at_the_total_and_nothing_typed_is_lost(
    seat: Seats, one_office: Office
) -> None:
    case, head = admitted(seat, one_office), seat("dept.head")
    answer = head.hand_in(page_of(case, "order"), **typed("3000", "0.31万元", note="留着"))
    assert answer.status_code == 422 and 'href="#f-total_fen"' in answer.text
    assert "分录合计 3,000.00 元，相差 100.00 元" in answer.text
    assert 'value="0.31万元"' in answer.text and "留着" in answer.text
    assert not one_office.store.reader.find(Voucher, COUNTY, stage="order")


def test_more_than_is_left_is_told_at_its_row(seat: Seats, one_office: Office) -> None:
    case, head = admitted(seat, one_office), seat("dept.head")
    answer = head.hand_in(page_of(case, "order"), **typed("9000", "9000"))
    assert answer.status_code == 422 and f'href="#f-{ROW}"' in answer.text
    assert "超过可用 8,000.00 元" in answer.text


def test_what_was_refused_on_record_is_mended_and_handed_in_at_once(
    seat: Seats, one_office: Office
) -> None:
    case, head = admitted(seat, one_office), seat("dept.head")
    page = page_of(case, "order")
    first = head.hand_in(page, **typed("10.00", "10.00", number="令1"))
    assert first.status_code == 303, plain(first)
    refused = head.hand_in(page, **typed("20.00", "20.00", number="令1"))
    assert refused.status_code == 422 and "已用过" in refused.text, plain(refused)
    again = head.post(page, head.sent(refused) | typed("20.00", "20.00", number="令2"))
    assert again.status_code == 303, plain(again)


def test_an_empty_voucher_is_told_at_its_first_row(seat: Seats, one_office: Office) -> None:
    case, head = admitted(seat, one_office), seat("dept.head")
    answer = head.hand_in(page_of(case, "order"), **typed("", "100"))
    assert answer.status_code == 422 and "至少填一行金额" in answer.text


def test_the_sum_is_told_as_it_is_typed_for_each_field_and_in_capitals(
    seat: Seats, one_office: Office
) -> None:
    case, head = admitted(seat, one_office), seat("dept.head")
    path = page_of(case, "order")
    live = path.replace("/money/voucher?", "/money/voucher/check?")
    said = head.post(live, head.hidden(path) | typed("9000", "14.5万"))
    assert said.status_code == 200 and "壹拾肆万伍仟元整" in said.text
    assert f'data-beside="{ROW}"' in said.text and 'data-beside="total_fen"' in said.text
    agreed = head.post(live, head.hidden(path) | typed("0.8万元", "8000"))
    assert "与总额一致" in agreed.text and "data-beside" not in agreed.text


def test_rows_are_filled_with_what_is_left_and_the_total_added_up_without_scripts(
    seat: Seats, one_office: Office
) -> None:
    case, head = admitted(seat, one_office), seat("dept.head")
    filled = head.hand_in(page_of(case, "order"), _fill="1")
    assert filled.text.count('value="8,000.00"') == 2
    added = head.hand_in(page_of(case, "order"), **typed("12.30", ""), _sum="1")
    assert added.text.count("12.30") >= 2 and "壹拾贰元叁角整" in added.text


def test_money_goes_its_whole_way_on_these_pages_and_a_second_person_sees_all_of_it(
    seat: Seats, one_office: Office, clock: MovingClock
) -> None:
    case = admitted(seat, one_office)
    ordered(seat("dept.head"), case)
    for who, stage, number, confirms in (
        ("finance.clerk", "dispatch", "拨付1", "finance.head"),
        ("street.clerk", "street_arrival", "到账1", "street.head"),
        ("community.cashier", "community_arrival", "转拨1", "community.worker"),
    ):
        done = seat(who).hand_in(page_of(case, stage), **typed("3000", "3000", number=number))
        assert done.status_code == 303, plain(done)
        at = done.headers["location"].partition("?")[0]
        assert "1 张凭证等您核对确认" in plain(seat(confirms).get("/desk"))
        assert "张凭证等您" not in plain(seat(who).get("/desk"))
        second = seat(confirms).get(at).text
        assert "叁仟元整" in second and "/do/voucher.confirm?" in second
        do(seat(confirms), "voucher.confirm", at.rpartition("/")[2])
    place = one_office.store.reader.find(Presence, COUNTY, request_id=case.id)[0]
    assert "3,000.00" in plain(seat("community.cashier").get(f"/records/presences/{place.id}")) or (
        len(one_office.store.reader.find(Voucher, COUNTY, state=VoucherState.CONFIRMED)) > 3
    )


def test_what_is_spent_is_told_with_its_payee_once_for_all_rows(
    seat: Seats, one_office: Office
) -> None:
    case = admitted(seat, one_office)
    cashier = seat("community.cashier")
    page = cashier.get(page_of(case, "expenditure")).text
    assert 'name="each.payee.name"' in page and "印刷宣传" in page
    answer = cashier.hand_in(page_of(case, "expenditure"), **typed("10", "10"))
    assert answer.status_code == 422
    assert 'href="#f-each.payee.kind"' in answer.text or 'href="#f-each.use"' in answer.text


def test_a_reversal_begins_from_its_voucher_and_offers_what_was_in_it(
    seat: Seats, one_office: Office
) -> None:
    case, head = admitted(seat, one_office), seat("dept.head")
    at = ordered(head, case).headers["location"]
    link = re.search(r'href="(/money/voucher\?[^"]*reverses_id[^"]*)"', head.get(at).text)
    assert link is not None
    path = link[1].replace("&amp;", "&")
    assert "3,000.00" in plain(head.get(path))
    back = head.hand_in(path, **typed("1000", "1000", number="冲1", note="多下达了"))
    assert back.status_code == 303, plain(back)


def test_money_of_another_county_is_not_to_be_typed(seat: Seats, one_office: Office) -> None:
    case = admitted(seat, one_office)
    for path in (page_of(case, "order"), f"/money/voucher?request_id={case.id}"):
        assert seat("other.office").get(path).status_code in (403, 404)
    for path in ("/money/voucher?request_id=none&stage=order", page_of(case, "nonsense")):
        assert seat("dept.head").get(path).status_code == 404
