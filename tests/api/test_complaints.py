"""投诉 over HTTP: what is read of who complained stands in the log, each time."""

from typing import Any

from litestar.testing import TestClient

from tests.actions.redressed import COMPLAINT
from tests.api.conftest import SignIn

API = "/api/v1"


def test_a_second_reading_is_in_the_log_whatever_key_it_comes_with(
    client: TestClient[Any], sign_in: SignIn
) -> None:
    me = sign_in("community.worker")
    made = client.post(f"{API}/complaints", json=COMPLAINT, headers=me)
    assert made.status_code == 201, made.text
    key = {**sign_in("county.office"), "Idempotency-Key": "k-read"}
    for _ in range(2):
        answer = client.post(f"{API}/complaints/{made.json()['id']}/disclose", headers=key)
        assert answer.json()["wording"] == COMPLAINT["wording"]
    log = client.get(
        f"{API}/events", params={"act": "complaint.disclose"}, headers=sign_in("auditor")
    )
    assert len(log.json()["items"]) == 2
