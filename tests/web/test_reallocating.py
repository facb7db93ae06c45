"""调剂页: which item gives, which receives, both sides alike, another body approves."""

from collections.abc import Callable
from typing import Any

import pytest

from registry.actions.office import Office
from registry.domain.funds import Voucher, moved_fen
from registry.domain.presence import Presence
from registry.domain.request import Request, State
from registry.web.forms.filled import as_typed
from tests.actions.case import OFF_LIST
from tests.web.seated import Seat
from tests.web.test_case import COUNTY, do, the_case, the_task
from tests.web.test_voucher import plain

Seats = Callable[[str], Seat]
PATH = "/money/reallocate"
PAPER = {"document_id": ("批复.txt", "同意调剂（演示）".encode(), "text/plain")}
SAID = {"number": "调1", "note": "任务调整", "_not_secret": "true", "_type": "basis"}
BOTH = {"targets": ["990102001001", "990102001005"]}
"""Rows of two communities: 0 and 1 give, 2 and 3 receive."""


@pytest.fixture
def case(seat: Seats, one_office: Office) -> Request:
    do(seat("dept.clerk"), "request.draft", **as_typed({"filing": OFF_LIST | BOTH}))
    drafted = the_case(one_office)
    do(seat("dept.head"), "request.submit", drafted.id)
    do(seat("street.clerk"), "request.accept", drafted.id)
    do(seat("street.clerk"), "task.opine", the_task(one_office).id, ballot="agree", text="齐全")
    do(seat("street.head"), "request.approve", drafted.id, reason="确需社区协助，同意准入")
    assert the_case(one_office).state is State.APPROVED
    return the_case(one_office)


def page_of(case: Request) -> str:
    return f"{PATH}?request_id={case.id}&into_id={case.id}"


def rows(*typed: str) -> dict[str, str]:
    return {f"lines.{at}.amount_fen": fen for at, fen in enumerate(typed)}


def sent(who: Seat, case: Request, total: str, *typed: str, **more: Any) -> Any:
    files = more.pop("files", PAPER)
    told = who.hidden(page_of(case)) | SAID | rows(*typed) | {
        "fiscal_year": "2026", "dated_on": "2026-03-02", "total_fen": total} | more  # fmt: skip
    return who.post(page_of(case), told, files=files)


def test_the_form_leads_from_the_giving_item_to_the_receiving_one(
    seat: Seats, case: Request
) -> None:
    clerk = seat("dept.clerk")
    assert f"{PATH}?request_id={case.id}" in clerk.get(f"{PATH}?q=灯具").text
    second = clerk.get(f"{PATH}?request_id={case.id}").text
    assert f"into_id={case.id}" in second and "各社区之间调剂" in second
    form = plain(clerk.get(page_of(case)))
    assert "可调出" in form and "现有未用" in form and form.count("4,000.00") == 4
    began = clerk.get(f"/money/voucher?request_id={case.id}&stage=reallocate")
    assert began.headers["location"] == f"{PATH}?request_id={case.id}"


def test_what_is_given_reaches_the_other_side_once_another_body_approves(
    seat: Seats, one_office: Office, case: Request
) -> None:
    done = sent(seat("dept.clerk"), case, "500", "500", "", "", "0.05万")
    assert done.status_code == 303, plain(done)
    (made,) = one_office.store.reader.find(Voucher, COUNTY, stage="reallocate")
    assert (made.total_fen, moved_fen(made)) == (100_000, 50_000)
    look = plain(seat("finance.head").get(f"/money/vouchers/{made.id}"))
    assert "伍佰元整" in look and "壹仟元整" not in look
    for page in ("/records/vouchers", f"/records/vouchers/{made.id}"):
        told = plain(seat("finance.head").get(page))
        assert "1,000.00" in told and "（调出、调入各 500.00 元）" in told
    do(seat("finance.head"), "voucher.confirm", made.id)
    shares = [p.share_fen for p in one_office.store.reader.find(Presence, COUNTY)]
    assert sorted(shares) == [350_000, 450_000]


UNLIKE = [
    ("500", ("500", "", "", "400"), "调入合计 400.00 元，与调剂金额不符"),
    ("500", ("400", "", "", "500"), "调出合计 400.00 元，与调剂金额不符"),
    ("5000", ("5000", "", "", "5000"), "超过可用 4,000.00 元"),
    ("500", ("", "", "", ""), "至少填一行金额"),
]


@pytest.mark.parametrize("unlike", UNLIKE)
def test_sides_that_are_not_alike_are_told_and_nothing_typed_is_lost(
    seat: Seats, one_office: Office, case: Request, unlike: tuple[str, tuple[str, ...], str]
) -> None:
    total, typed, said = unlike
    answer = sent(seat("dept.clerk"), case, total, *typed)
    assert answer.status_code == 422 and said in answer.text, plain(answer)
    assert 'value="调1"' in answer.text and "任务调整" in answer.text
    assert not one_office.store.reader.find(Voucher, COUNTY, stage="reallocate")


def test_neither_paper_nor_reason_may_lack(seat: Seats, case: Request) -> None:
    answer = sent(seat("dept.clerk"), case, "500", "500", "", "", "500", note="", files={})
    assert answer.status_code == 422
    assert 'href="#f-document_id"' in answer.text and 'href="#f-note"' in answer.text


def test_both_sums_are_told_as_they_are_typed(seat: Seats, case: Request) -> None:
    clerk = seat("dept.clerk")
    live = page_of(case).replace(PATH, f"{PATH}/check")
    hidden = clerk.hidden(page_of(case))
    said = clerk.post(live, hidden | rows("500", "", "", "300") | {"total_fen": "500"})
    assert "调出 500.00 元，调入 300.00 元" in said.text and "相差 200.00 元" in said.text
    assert 'data-beside="total_fen"' in said.text and "伍佰元整" in said.text
    alike = clerk.post(live, hidden | rows("500", "", "", "500") | {"total_fen": "500"})
    assert "调出等于调入" in alike.text and "data-beside" not in alike.text


def test_nobody_is_offered_what_they_may_not_do(seat: Seats, case: Request) -> None:
    assert PATH not in seat("finance.clerk").get("/money").text
    assert PATH in seat("dept.clerk").get("/money").text
    assert seat("other.office").get(page_of(case)).status_code in (403, 404)
