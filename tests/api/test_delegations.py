"""Delegation over HTTP 授权委托、A/B角、外出: who may give it, who may read it, what it lets pass."""

from typing import Any

import pytest
from litestar.testing import TestClient

from tests.api.conftest import Headers, SignIn

STREET = "o-990102001"
ACTING: dict[str, Any] = {
    "to_person_id": "person-street.clerk", "role": "street.head", "organisation_id": STREET,
    "acts": ["request.approve"], "valid_from": "2026-03-02", "valid_to": "2026-03-13",
}  # fmt: skip


def post(client: Any, path: str, headers: Headers, body: dict[str, Any] | None = None) -> Any:
    return client.post(f"/api/v1{path}", headers=headers, json=body or {})


def test_a_delegation_is_given_read_in_its_own_body_and_ended(
    client: TestClient[Any], sign_in: SignIn
) -> None:
    head = sign_in("street.head")
    made = post(client, "/delegations", head, ACTING)
    assert made.status_code == 201, made.text
    place = made.headers["location"]
    assert client.get(place, headers=sign_in("street.clerk")).json() == made.json()
    assert client.get(place, headers=sign_in("auditor")).status_code == 200
    assert client.get(place, headers=sign_in("street2.head")).status_code == 404
    listed = client.get("/api/v1/delegations", headers=sign_in("street2.head")).json()
    assert listed["items"] == []
    id = made.json()["id"]
    done = post(client, f"/delegations/{id}/end", head | {"if-match": "1"})
    assert (done.status_code, done.json()["ended_on"]) == (200, "2026-03-02")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"valid_to": None}, "json.shape"),
        ({"acts": []}, "json.range"),
        ({"to_person_id": "person-street.head"}, "delegation.self"),
        ({"to_person_id": "nobody"}, "delegation.frozen"),
        ({"organisation_id": "o-990102002"}, "access.forbidden"),
    ],
    ids=["no-last-day", "no-act", "oneself", "nobody", "another-body"],
)
def test_what_is_no_delegation_is_refused(
    client: TestClient[Any], sign_in: SignIn, change: dict[str, Any], code: str
) -> None:
    answer = post(client, "/delegations", sign_in("street.head"), {**ACTING, **change})
    status = {"json.shape": 400, "access.forbidden": 403}.get(code, 422)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_deputy_steps_in_while_the_other_is_away(
    client: TestClient[Any], sign_in: SignIn
) -> None:
    head = sign_in("street.head")
    named = {k: ACTING[k] for k in ("to_person_id", "role", "organisation_id")}
    made = post(client, "/deputies", head, named)
    assert (made.status_code, made.json()["kind"]) == (201, "deputy")
    days = {"valid_from": "2026-03-02", "valid_to": "2026-03-04"}
    away = post(client, "/absences", head, days)
    assert away.status_code == 201, away.text
    assert client.get(away.headers["location"], headers=sign_in("street.clerk")).status_code == 200
    id = away.json()["id"]
    assert post(client, f"/absences/{id}/end", head | {"if-match": "1"}).status_code == 200


def test_a_delegation_given_is_known_at_the_next_call(
    client: TestClient[Any], sign_in: SignIn
) -> None:
    clerk, lent = sign_in("dept.clerk"), {
        **ACTING, "to_person_id": "person-dept.clerk", "role": "dept.head",
        "organisation_id": "o-990102-civil", "acts": ["agreement.sign"],
    }  # fmt: skip
    before = client.get("/api/v1/handovers", headers=clerk).status_code
    assert post(client, "/delegations", sign_in("dept.head"), lent).status_code == 201
    after = client.get("/api/v1/handovers", headers=clerk).status_code
    assert (before, after) == (403, 200)
