"""居民入口: what anybody says without a token is counted once, told nobody, and not without end."""

from datetime import timedelta
from typing import Any

import pytest
from litestar.testing import TestClient

from registry.api.limiting import TRIES, site
from tests.api.conftest import SignIn
from tests.conftest import MovingClock

API = "/api/v1"
ROUND = {
    "organisation_id": "o-990102001001", "rated": "department", "subject_id": "o-990102-civil",
    "period": "2026Q1", "opens_on": "2026-03-02", "closes_on": "2026-03-06", "issued": 2,
}  # fmt: skip


def _issued(client: TestClient[Any], sign_in: SignIn, key: str = "k-1") -> dict[str, Any]:
    headers = sign_in("community.head") | {"idempotency-key": key}
    answer = client.post(f"{API}/code-rounds", json=ROUND, headers=headers)
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


def test_codes_are_told_once_and_used_without_a_token(
    client: TestClient[Any], sign_in: SignIn
) -> None:
    told = _issued(client, sign_in)
    assert len(told["codes"]) == 2
    again = _issued(client, sign_in)
    assert (again["round"]["id"], again["codes"]) == (told["round"]["id"], [])
    path = f"{API}/public/satisfactions/{told['codes'][0]}"
    assert client.post(path, json={"answer": 5}).json() == {
        "subject": told["round"]["subject"], "period": "2026Q1",
    }  # fmt: skip
    assert client.post(path, json={"answer": 5}).json()["code"] == "code.used"
    assert client.post(path, json={"answer": 6}).status_code == 422
    shown = client.get(
        f"{API}/code-rounds/{told['round']['id']}", headers=sign_in("community.head")
    ).json()
    assert (shown["used"], "tally" in shown) == (1, False)


def test_codes_are_not_tried_without_end(client: TestClient[Any], clock: MovingClock) -> None:
    clock.at += timedelta(days=1)
    path = f"{API}/public/satisfactions/990102-AAAAAAAAAAAAAAAA"
    codes = [client.post(path, json={"answer": 1}).json()["code"] for _ in range(TRIES + 2)]
    assert set(codes) == {"code.unknown", "public.too_many"}
    assert codes[-1] == "public.too_many"


def test_anybody_reports_and_asks_by_number(client: TestClient[Any]) -> None:
    said = {"area": "990102001001", "about": "opinion", "wording": "公示看不清楚"}
    told = client.post(f"{API}/public/reports", json=said)
    assert told.status_code == 201, told.text
    asked = client.get(told.headers["location"])
    assert (asked.status_code, asked.json()) == (200, told.json())
    wrong = client.get(f"{API}/public/reports/990102-AAAAAAAA")
    assert (wrong.status_code, wrong.json()["code"]) == (404, "report.unknown")
    assert "请核对编号" in wrong.json()["detail"]


@pytest.mark.parametrize(("address", "counted"), [
    ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"), ("fe80::1%eth0", "fe80::"),
    ("::ffff:192.0.2.7", "192.0.2.7"), ("192.0.2.7", "192.0.2.7"), ("testclient", "testclient"),
])  # fmt: skip
def test_tries_are_counted_by_what_a_caller_cannot_choose(address: str, counted: str) -> None:
    assert site(address) == counted
