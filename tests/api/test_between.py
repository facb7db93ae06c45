"""流转接口: the acts between steps, the boxes and the batches through HTTP, in one case's life."""

from typing import Any

from litestar.testing import TestClient

from tests.actions.case import OFF_LIST
from tests.api.conftest import SignIn

API = "/api/v1"


def post(
    client: TestClient[Any], path: str, who: dict[str, str], body: Any = None, **more: str
) -> Any:
    answer = client.post(API + path, json=body or {}, headers={**who, **more})
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


def version(given: dict[str, Any]) -> dict[str, str]:
    return {"if-match": f'"{given["version"]}"'}


def waiting(client: TestClient[Any], sign_in: SignIn, **filing: Any) -> dict[str, Any]:
    """A request before its street."""
    drafted = post(client, "/requests", sign_in("dept.clerk"), {"filing": OFF_LIST | filing})
    held = drafted["request"]
    told = post(client, f"/requests/{held['id']}/submit", sign_in("dept.head"), **version(held))
    case: dict[str, Any] = told["request"]
    return case


def box(client: TestClient[Any], who: dict[str, str], **query: str) -> list[Any]:
    answer = client.get(f"{API}/inbox", params=query, headers=who)
    assert answer.status_code == 200, answer.text
    items: list[Any] = answer.json()["items"]
    return items


def test_a_case_is_added_to_urged_copied_and_found_in_every_box(
    client: TestClient[Any], sign_in: SignIn
) -> None:
    clerk, asked = sign_in("street.clerk"), sign_in("dept2.head")
    case = waiting(client, sign_in)
    path = f"/requests/{case['id']}"
    post(client, f"{path}/accept", clerk, **version(case))
    todo = box(client, clerk)[0]["task"]
    wanted = {"organisation_id": "o-990102-urban", "act": "opinion", "reason": "涉及设施"}
    added = client.post(f"{API}/tasks/{todo['id']}/add", json=wanted,
                        headers={**clerk, **version(todo)})  # fmt: skip
    assert added.status_code == 201 and added.headers["location"].endswith(added.json()["id"])
    assert client.get(API + path, headers=asked).status_code == 200
    early = client.post(f"{API}/tasks/{todo['id']}/opine", json={"ballot": "agree"},
                        headers={**clerk, **version(todo)})  # fmt: skip
    assert (early.status_code, early.json()["code"]) == (409, "task.waiting")
    given = added.json()
    post(client, f"/tasks/{given['id']}/opine", asked, {"ballot": "comment"}, **version(given))
    post(client, f"{path}/urge", sign_in("dept.head"), {"text": "请尽快"})
    again = client.post(f"{API}{path}/urge", json={}, headers=sign_in("dept.head"))
    assert (again.status_code, again.json()["code"]) == (409, "urge.today")
    copies = post(client, f"{path}/copy", clerk, {"organisations": ["o-990102-finance"]})
    finance = sign_in("finance.head")
    assert box(client, finance, box="copied")[0]["copy"]["id"] == copies["copies"][0]["id"]
    read = post(client, f"/copies/{copies['copies'][0]['id']}/read", finance)
    assert read["read_at"] is not None
    assert [i["request_id"] for i in box(client, asked, box="done")] == [case["id"]]
    started = box(client, sign_in("dept.clerk"), box="started")
    assert [i["request_id"] for i in started] == [case["id"]]
    moved = client.get(f"{API}/movements", params={"request_id": case["id"]}, headers=clerk)
    assert sorted(m["kind"] for m in moved.json()["items"]) == ["add", "copy", "urge"]


def test_a_batch_answers_item_by_item_and_does_nothing_twice(
    client: TestClient[Any], sign_in: SignIn
) -> None:
    listed = waiting(client, sign_in, title="节水宣传")
    off_list = waiting(client, sign_in)
    items = [{"request_id": c["id"], "version": c["version"]} for c in (listed, off_list)]
    head = sign_in("street.head")
    keyed = {"idempotency-key": "batch-1"}
    first = post(client, "/batches", head, {"items": items, "reason": "备案"}, **keyed)
    assert [(r["ok"], r["state"], r["code"]) for r in first["results"]] == [
        (True, "approved", ""), (False, None, "batch.not_listed"),
    ]  # fmt: skip
    assert post(client, "/batches", head, {"items": items, "reason": "备案"}, **keyed) == first
    for wrong in ({"items": []}, {"items": items * 251}, {"items": items, "act": "reject"}):
        refused = client.post(f"{API}/batches", json=wrong, headers=head)
        assert refused.status_code in (400, 422), refused.text


def test_a_box_that_is_none_and_a_place_that_is_none_are_refused(
    client: TestClient[Any], sign_in: SignIn
) -> None:
    for query in ({"box": "all"}, {"limit": "0"}, {"limit": "501"}, {"after": "x"}, {"no": "1"}):
        answer = client.get(f"{API}/inbox", params=query, headers=sign_in("street.head"))
        assert answer.status_code == 400, (query, answer.text)
