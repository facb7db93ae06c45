"""准入通知书、牌子清理通知单 over HTTP: printed as plain text for those who may read them."""

from typing import Any

from litestar.testing import TestClient

from registry.actions.office import Office
from registry.domain.vouching import AdmissionNotice
from tests.actions.case import admitted
from tests.actions.decided import rows
from tests.actions.walled import hung, ordered
from tests.api.conftest import SignIn
from tests.conftest import Hand

API = "/api/v1"
TEXT = {"Accept": "text/plain"}


def hands(office: Office) -> Any:
    return lambda name: Hand(office, name)


def test_a_notice_is_printed_as_it_was_issued(
    client: TestClient[Any], sign_in: SignIn, one_office: Office
) -> None:
    hand = hands(one_office)
    request = admitted(hand)
    (notice,) = rows(hand, AdmissionNotice, request_id=request.id)
    path = f"{API}/admission-notices/{notice.id}/paper"
    told = client.get(path, headers={**sign_in("community.worker"), **TEXT})
    assert told.headers["content-type"].startswith("text/plain")
    assert told.text.startswith(f"准入通知书\n编号：{notice.number}\n日期：2026-03-02\n")
    for words in (
        f"事项：{request.title}",
        "期限：2026-04-01 至 2026-06-30",
        "8000.00 元",
        notice.code,
    ):
        assert words in told.text
    assert client.get(path, headers=sign_in("dept2.head")).json()["code"] == "access.hidden"


def test_an_order_to_clear_is_printed_with_what_must_go_whose_it_is_and_by_when(
    client: TestClient[Any], sign_in: SignIn, one_office: Office
) -> None:
    hand = hands(one_office)
    order = ordered(hand, hung(hand))
    path = f"{API}/cleanup-orders/{order.id}/paper"
    told = client.get(path, headers={**sign_in("community.worker"), **TEXT}).text
    assert told.startswith(f"牌子清理通知单\n编号：{order.number}\n日期：2026-03-02\n")
    for words in ("致：演示县城市管理局", "1. 垃圾分类工作站", f"请于 {order.due_on} 前清除", order.reason,
                  *order.clauses):  # fmt: skip
        assert words in told
    assert client.get(path, headers=sign_in("dept.head")).json()["code"] == "access.hidden"
