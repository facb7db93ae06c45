"""Acts over HTTP 办理: versions, keys, places and codes, on both engines where rows are written."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from litestar.testing import TestClient

from tests.api.conftest import SignIn

DRAFT = "/api/v1/requests"


def _post(client: Any, path: str, headers: dict[str, str], **more: Any) -> Any:
    return client.post(f"/api/v1{path}", headers=headers, **more)


def test_a_draft_is_201_with_its_place_and_version(
    both_client: TestClient[Any], both_sign_in: SignIn, filing: dict[str, Any]
) -> None:
    answer = _post(both_client, "/requests", both_sign_in("dept.clerk"), json={"filing": filing})
    assert answer.status_code == 201, answer.text
    place, headers = answer.headers["location"], both_sign_in("dept.clerk")
    shown = both_client.get(place, headers=headers)
    assert shown.json() == answer.json()["request"]
    assert shown.headers["etag"] == answer.headers["etag"] == '"1"'


def test_an_act_without_the_version_seen_is_428(
    client: TestClient[Any], sign_in: SignIn, draft: Callable[[], dict[str, Any]]
) -> None:
    answer = _post(client, f"/requests/{draft()['id']}/submit", sign_in("dept.head"))
    assert (answer.status_code, answer.json()["code"]) == (428, "version.required")


@pytest.mark.parametrize("version", ["2", '"2"', '"0"'])
def test_an_act_on_another_version_is_412_and_says_the_present_one(
    client: TestClient[Any], sign_in: SignIn, draft: Callable[[], dict[str, Any]], version: str
) -> None:
    headers = sign_in("dept.head") | {"if-match": version}
    answer = _post(client, f"/requests/{draft()['id']}/submit", headers)
    assert (answer.status_code, answer.json()["facts"]) == (412, {"current": 1})


def test_an_edit_is_a_put_and_gives_the_next_version(
    client: TestClient[Any], sign_in: SignIn, draft: Callable[[], dict[str, Any]],
    filing: dict[str, Any],
) -> None:  # fmt: skip
    made = draft()
    answer = client.put(
        f"{DRAFT}/{made['id']}",
        json=filing | {"title": "演示社区绿地认养登记"},
        headers=sign_in("dept.clerk") | {"if-match": '"1"'},
    )
    assert answer.status_code == 200
    assert answer.headers["etag"] == '"2"'
    assert answer.json()["request"]["title"] == "演示社区绿地认养登记"


def test_the_same_key_and_body_get_the_same_answer_and_one_effect(
    both_client: TestClient[Any], both_sign_in: SignIn, filing: dict[str, Any]
) -> None:
    headers = both_sign_in("dept.clerk") | {"idempotency-key": "k-1"}
    first = _post(both_client, "/requests", headers, json={"filing": filing})
    quoted = headers | {"idempotency-key": '"k-1"'}
    again = _post(both_client, "/requests", quoted, json={"filing": filing})
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert first.headers["location"] == again.headers["location"]
    assert len(both_client.get(DRAFT, headers=headers).json()["items"]) == 1


def test_many_at_once_with_one_key_have_one_effect(
    both_client: TestClient[Any], both_sign_in: SignIn, filing: dict[str, Any]
) -> None:
    headers = both_sign_in("dept.clerk") | {"idempotency-key": "k-1"}
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(
                lambda _: _post(both_client, "/requests", headers, json={"filing": filing}),
                range(16),
            )
        )
    assert {a.status_code for a in answers} <= {201, 409}
    assert len({a.content for a in answers if a.status_code == 201}) == 1
    assert len(both_client.get(DRAFT, headers=headers).json()["items"]) == 1


def test_a_key_used_for_another_body_is_409(
    client: TestClient[Any], sign_in: SignIn, filing: dict[str, Any]
) -> None:
    headers = sign_in("dept.clerk") | {"idempotency-key": "k-1"}
    _post(client, "/requests", headers, json={"filing": filing})
    other = _post(client, "/requests", headers, json={"filing": filing | {"title": "另一事项"}})
    assert (other.status_code, other.json()["code"]) == (409, "idempotency.reused")


def test_a_refused_act_is_replayed_as_refused(
    client: TestClient[Any], sign_in: SignIn, draft: Callable[[], dict[str, Any]]
) -> None:
    headers = sign_in("dept.clerk") | {"if-match": "1", "idempotency-key": "k-2"}
    path = f"/requests/{draft()['id']}/submit"
    first, again = _post(client, path, headers), _post(client, path, headers)
    assert first.status_code == again.status_code == 403
    assert first.content == again.content


@pytest.mark.parametrize("path", ["/vouchers", "/vouchers/v-1/confirm"])
def test_money_without_a_key_is_400(client: TestClient[Any], sign_in: SignIn, path: str) -> None:
    voucher = {
        "request_id": "r", "stage": "order", "number": "演示1号", "fiscal_year": 2026,
        "dated_on": "2026-03-02", "total_fen": 1,
        "lines": [{"presence_id": "p", "funding_key": "f", "amount_fen": 1}],
    }  # fmt: skip
    body = voucher if path == "/vouchers" else {}
    answer = _post(client, path, sign_in("dept.head") | {"if-match": "1"}, json=body)
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency.required")


def test_a_precheck_gives_a_verdict_and_records_nothing(
    both_client: TestClient[Any], both_sign_in: SignIn, filing: dict[str, Any]
) -> None:
    office = both_sign_in("county.office")
    before = both_client.get("/metrics").text.split('registry_log_head{county="990102"}')[1]
    answer = _post(both_client, "/prechecks", office, json={"filing": filing, "on": "2026-03-02"})
    assert answer.status_code == 200, answer.text
    assert answer.json()["outcome"]
    assert answer.json()["rules"] or answer.json()["defaulted"]
    after = both_client.get("/metrics").text.split('registry_log_head{county="990102"}')[1]
    assert before.split()[0] == after.split()[0]


@pytest.mark.parametrize("path", ["/prechecks", "/explanations"])
def test_a_village_asked_for_its_residents_committee_is_told_so_beforehand(
    client: TestClient[Any], sign_in: SignIn, filing: dict[str, Any], path: str
) -> None:
    asked = filing | {"receivers": ["residents_committee"], "targets": ["990102009200"]}
    answer = _post(client, path, sign_in("dept.clerk"), json={"filing": asked})
    assert (answer.status_code, answer.json()["code"]) == (422, "receiver.none")


def test_nobody_acts_in_a_county_that_is_not_below_their_own(
    client: TestClient[Any], sign_in: SignIn, filing: dict[str, Any]
) -> None:
    answer = _post(
        client, "/requests?county=990103", sign_in("dept.clerk"), json={"filing": filing}
    )
    assert (answer.status_code, answer.json()["code"]) == (404, "access.hidden")


def test_a_document_goes_in_raw_and_is_told_by_its_bytes(
    client: TestClient[Any], sign_in: SignIn, draft: Callable[[], dict[str, Any]]
) -> None:
    answer = _post(
        client,
        f"/documents?parent_kind=request&parent_id={draft()['id']}&type=basis"
        "&name=%E4%BE%9D%E6%8D%AE.txt&not_secret=true",
        sign_in("dept.clerk") | {"content-type": "application/pdf"},
        content="演示依据".encode(),
    )
    assert answer.status_code == 201, answer.text
    assert answer.json()["media_type"] == "text/plain"
    assert answer.headers["location"].endswith(answer.json()["id"])


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("", 400, "json.shape"),
        ("parent_kind=person&parent_id=a&type=basis&name=a", 422, "json.range"),
        ("parent_kind=request&parent_id=a&type=basis&name=a&not_secret=maybe", 400, "json.shape"),
        ("parent_kind=request&parent_id=a&type=basis&name=a%0Ab", 400, "json.control"),
        ("parent_kind=request&parent_id=none&type=basis&name=a", 404, "access.hidden"),
    ],
)
def test_a_document_without_its_particulars_is_refused(
    client: TestClient[Any], sign_in: SignIn, *, query: str, status: int, code: str
) -> None:
    answer = _post(client, f"/documents?{query}", sign_in("dept.clerk"), content=b"x")
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_document_above_twenty_mebibytes_is_413(client: TestClient[Any], sign_in: SignIn) -> None:
    answer = _post(
        client,
        "/documents?parent_kind=request&parent_id=a&type=basis&name=a&not_secret=true",
        sign_in("dept.clerk"),
        content=b"x" * ((20 << 20) + 1),
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "body.too_large")


def test_a_document_comes_out_as_a_download(
    client: TestClient[Any], sign_in: SignIn, draft: Callable[[], dict[str, Any]]
) -> None:
    headers = sign_in("dept.clerk")
    made = _post(
        client,
        f"/documents?parent_kind=request&parent_id={draft()['id']}&type=basis"
        "&name=%E4%BE%9D%E6%8D%AE.txt&not_secret=true",
        headers,
        content=b"<script>alert(1)</script>",
    ).json()
    answer = client.get(f"/api/v1/documents/{made['id']}/content", headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.content == b"<script>alert(1)</script>"
    assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''%E4")
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_what_may_not_be_known_of_is_told_like_what_is_not_there(
    client: TestClient[Any], sign_in: SignIn, draft: Callable[[], dict[str, Any]]
) -> None:
    headers = sign_in("dept2.head") | {"if-match": '"1"'}
    told = [
        _post(client, f"/requests/{id}/submit", headers).json()
        for id in (draft()["id"], "req-none")
    ]
    assert told[0] == told[1]
