"""Instruments over HTTP 文件: registered, corrected by version, listed for everybody."""

from typing import Any

from litestar.testing import TestClient

from tests.api.conftest import SignIn

ONE = {
    "document_number": "演民发〔2026〕1号", "title": "演示通知（虚构）", "issuer": "演示县民政局",
    "issued_on": "2026-01-05", "effective_on": "2026-02-01",
}  # fmt: skip


def test_an_instrument_is_registered_corrected_and_read_by_its_number(
    both_client: TestClient[Any], both_sign_in: SignIn
) -> None:
    office = both_sign_in("county.office")
    made = both_client.post("/api/v1/instruments", json=ONE, headers=office)
    assert made.status_code == 201, made.text
    place = made.headers["location"]
    changed = both_client.put(
        place, json=ONE | {"lapses_on": "2026-12-31"},
        headers=office | {"if-match": made.headers["etag"]},
    )  # fmt: skip
    assert (changed.status_code, changed.json()["lapses_on"]) == (200, "2026-12-31")
    clerk = both_sign_in("dept.clerk")
    listed = both_client.get(
        "/api/v1/instruments", params={"document_number": ONE["document_number"]}, headers=clerk
    )
    assert [row["version"] for row in listed.json()["items"]] == [2]


def test_an_instrument_that_lapses_before_it_takes_effect_is_malformed(
    client: TestClient[Any], sign_in: SignIn
) -> None:
    wrong = ONE | {"lapses_on": "2026-02-01"}
    answer = client.post("/api/v1/instruments", json=wrong, headers=sign_in("county.office"))
    assert answer.status_code in (400, 422)
    assert client.get("/api/v1/instruments", headers=sign_in("auditor")).json()["items"] == []
