"""批量登记页: a template, a look that keeps nothing, the sheet given back, and all recorded at once."""

import csv
import io
from collections.abc import Callable
from typing import Any

from openpyxl import load_workbook

from registry.actions.office import Office
from registry.domain.funds import Voucher, VoucherState
from registry.domain.request import Request
from tests.actions import spent
from tests.web.seated import Seat
from tests.web.test_case import COUNTY, admitted, do
from tests.web.test_voucher import ordered, plain

Seats = Callable[[str], Seat]
PATH = "/money/many"


def rows_of(answer: Any) -> list[list[str]]:
    assert answer.status_code == 200, plain(answer)
    page = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    return [[str(cell or "") for cell in row] for row in page.iter_rows(values_only=True)]


def filled(rows: list[list[str]], **cells: str) -> bytes:
    """A template whose first line somebody filled in, as CSV."""
    heads, (first, *rest) = rows[0], rows[1:]
    first = [
        cells.get(head.partition("（")[0], cell) for head, cell in zip(heads, first, strict=True)
    ]
    out = io.StringIO()
    csv.writer(out).writerows([heads, first, *rest])
    return out.getvalue().encode("utf-8-sig")


def template(who: Seat, stage: str, case: Request) -> list[list[str]]:
    return rows_of(who.get(f"{PATH}/template.xlsx?stage={stage}&request_id={case.id}"))


def sent(who: Seat, stage: str, content: bytes, path: str = PATH) -> Any:
    token = who.hidden(PATH)["_token"]
    files = {"file": ("七月拨付.csv", content, "text/csv")}
    return who.post(path, {"_token": token, "stage": stage}, files=files)


def vouchers(office: Office, stage: str) -> list[Voucher]:
    return list(office.store.reader.find(Voucher, COUNTY, stage=stage))


def test_the_template_of_an_item_tells_what_is_left_and_comes_back_filled_in(
    seat: Seats, one_office: Office
) -> None:
    case, head = admitted(seat, one_office), seat("dept.head")
    assert f"request_id={case.id}" in head.get(f"{PATH}?request_id={case.id}").text
    rows = template(head, "order", case)
    assert case.title in rows[1] and "8,000.00" in rows[1]
    looked = sent(head, "order", filled(rows, 凭证号="令1", 金额="3000", 日期="2026-03-02"))
    assert looked.status_code == 200 and "叁仟元整" in looked.text, plain(looked)
    assert not vouchers(one_office, "order")
    done = head.post(f"{PATH}/import", head.sent(looked))
    assert "已登记 1 张凭证、1 笔分录，合计 3,000.00 元" in plain(done)
    (made,) = vouchers(one_office, "order")
    assert (made.number, made.total_fen) == ("令1", 300_000)
    again = head.post(f"{PATH}/import", head.sent(looked))
    assert "已登记 1 张凭证" in plain(again) and len(vouchers(one_office, "order")) == 1


def test_a_wrong_sheet_records_nothing_and_is_given_back_with_its_errors(
    seat: Seats, one_office: Office
) -> None:
    case, head = admitted(seat, one_office), seat("dept.head")
    rows = template(head, "order", case)
    wrong = filled(rows, 凭证号="令1", 金额="9000", 日期="2026-03-02")
    looked = sent(head, "order", wrong, f"{PATH}?request_id={case.id}")
    assert f"template.xlsx?stage=order&amp;request_id={case.id}" in looked.text
    assert looked.status_code == 422 and "金额（元）" in looked.text and "8,000.00" in looked.text
    back = rows_of(head.post(f"{PATH}/errors", head.sent(looked)))
    assert back[0][-1] == "错误" and "可用 8,000.00" in back[1][-1]
    at = back[0].index("金额（元）")
    back[1][at] = "8000"
    again = sent(head, "order", filled(back))
    assert again.status_code == 200 and "捌仟元整" in again.text, plain(again)
    assert not vouchers(one_office, "order")


def test_what_was_recorded_so_waits_for_a_second_person(seat: Seats, one_office: Office) -> None:
    case = admitted(seat, one_office)
    ordered(seat("dept.head"), case)
    clerk = seat("finance.clerk")
    rows = template(clerk, "dispatch", case)
    looked = sent(clerk, "dispatch", filled(rows, 凭证号="拨1", 金额="3000", 日期="2026-03-02"))
    clerk.post(f"{PATH}/import", clerk.sent(looked))
    (made,) = vouchers(one_office, "dispatch")
    assert made.state is VoucherState.RECORDED
    refused = clerk.post("/do/voucher.confirm", {"_token": clerk.hidden(PATH)["_token"]})
    assert refused.status_code in (403, 404, 422)
    do(seat("finance.head"), "voucher.confirm", made.id)


def test_no_one_is_offered_a_stage_that_they_do_not_record(seat: Seats, one_office: Office) -> None:
    case = admitted(seat, one_office)
    page = seat("finance.clerk").get(PATH).text
    assert 'value="dispatch"' in page and 'value="order"' not in page
    assert sent(seat("finance.clerk"), "order", b"x").status_code in (403, 422)
    assert PATH not in seat("auditor").get("/money").text
    away = f"{PATH}/template.xlsx?stage=order&request_id={case.id}"
    assert seat("other.office").get(away).status_code in (403, 404)
    assert seat("dept.head").get(f"{PATH}/template.xlsx?stage=advance").status_code in (400, 422)


def test_the_template_of_spending_tells_which_columns_it_needs_and_is_looked_at(
    seat: Seats, one_office: Office
) -> None:
    case, cashier = admitted(seat, one_office), seat("community.cashier")
    answer = cashier.get(f"{PATH}/template.xlsx?stage=expenditure&request_id={case.id}")
    how = load_workbook(io.BytesIO(answer.content)).worksheets[1]
    needed = {row[0] for row in how.iter_rows(values_only=True) if row[1] == "必填"}
    assert {"用途", "收款人", "收款人类别", "支付方式"} <= needed
    rows = rows_of(answer)
    told = {
        "凭证号": "支1",
        "金额": "10",
        "日期": "2026-03-02",
        "用途": "印刷宣传",
        "收款人": "图文店",
    }
    looked = sent(cashier, "expenditure", filled(rows, **told))
    assert looked.status_code == 422 and "收款人类别" in looked.text and "必填" in looked.text
    assert not vouchers(one_office, "expenditure")


def test_a_form_without_a_file_says_so_at_the_file(seat: Seats) -> None:
    clerk = seat("finance.clerk")
    answer = clerk.post(PATH, {"_token": clerk.hidden(PATH)["_token"], "stage": "dispatch"})
    assert answer.status_code == 422 and 'href="#file"' in answer.text


def test_who_confirms_what_was_spent_sees_for_what_and_to_whom(
    seat: Seats, one_office: Office, one_hand: Callable[[str], Any]
) -> None:
    view = spent.spent(one_hand, spent.spending(spent.funded(one_hand), "支1"))
    page = plain(seat("community.head").get(f"/money/vouchers/{view.voucher.id}"))
    for said in ("印刷宣传", "演示图文店", "****1234", "转账", "2600 0001", "演示·社区居务监督"):
        assert said in page, said
    assert spent.ACCOUNT not in page
    assert "您现在不能确认：应当回避" in page, "who approved it does not confirm it too"
    assert (
        "/do/voucher.confirm"
        not in seat("community.head").get(f"/money/vouchers/{view.voucher.id}").text
    )
    assert (
        "/do/voucher.confirm" in seat("street.head").get(f"/money/vouchers/{view.voucher.id}").text
    )
