"""账号接口: first passwords, unlocking and signing out by those who keep accounts; one's own tokens."""

from typing import Any

from litestar.testing import TestClient

from registry.actions.office import Office
from tests.api.conftest import SignIn

API = "/api/v1"


def of(office: Office, username: str) -> str:
    found = office.store.reader.person_named(username)
    assert found is not None
    return found.id


def test_a_first_password_is_told_once_and_a_repeated_call_gives_another(
    client: TestClient[Any], one_office: Office, sign_in: SignIn
) -> None:
    headers = sign_in("sec.admin") | {"idempotency-key": "k-1"}
    command = {"person_ids": [of(one_office, "dept.clerk")]}
    told = [client.post(f"{API}/passwords", json=command, headers=headers) for _ in range(2)]
    assert [t.status_code for t in told] == [200, 200]
    first, second = (t.json()["items"][0]["password"] for t in told)
    assert first != second
    typed = {"username": "dept.clerk", "password": first}
    assert client.post(f"{API}/tokens", json=typed).status_code == 401
    signed = client.post(f"{API}/tokens", json=typed | {"password": second})
    assert signed.json()["must_change"] is True


def test_others_give_no_password(client: TestClient[Any], one_office: Office, sign_in: SignIn):
    command = {"person_ids": [of(one_office, "dept.clerk")]}
    for who in ("sys.admin", "audit.admin", "dept.head"):
        answer = client.post(f"{API}/passwords", json=command, headers=sign_in(who))
        assert (answer.status_code, answer.json()["code"]) == (403, "access.forbidden")


def test_one_ends_a_token_of_ones_own(client: TestClient[Any], sign_in: SignIn) -> None:
    headers = sign_in("dept.clerk")
    listed = client.get(f"{API}/me/tokens", headers=headers).json()["items"]
    told = {"token_id": listed[0]["id"]}
    assert client.post(f"{API}/me/tokens/end", json=told, headers=headers).json() == told
    assert client.get(f"{API}/me/tokens", headers=headers).status_code == 401


def test_tokens_of_others_are_listed_for_who_keeps_accounts_and_ended_by_sign_outs(
    client: TestClient[Any], one_office: Office, sign_in: SignIn
) -> None:
    clerk, admin = sign_in("dept.clerk"), sign_in("sec.admin")
    assert client.get(f"{API}/tokens", headers=clerk).status_code == 403
    theirs = [
        t for t in client.get(f"{API}/tokens", headers=admin).json()["items"]
        if t["person_id"] == of(one_office, "dept.clerk")
    ]  # fmt: skip
    command = {"person_id": theirs[0]["person_id"], "token_id": theirs[0]["id"]}
    assert client.post(f"{API}/sign-outs", json=command, headers=admin).status_code == 200
    assert client.get(f"{API}/me", headers=clerk).status_code == 401


def test_an_account_is_unlocked_by_the_security_administrator(
    client: TestClient[Any], one_office: Office, sign_in: SignIn
) -> None:
    for _ in range(10):
        client.post(f"{API}/tokens", json={"username": "dept.clerk", "password": "no"})
    path = f"{API}/people/{of(one_office, 'dept.clerk')}/unlock"
    assert client.post(path, headers=sign_in("audit.admin")).status_code == 403
    answer = client.post(path, headers=sign_in("sec.admin"))
    assert answer.json()["failures"] == 10
