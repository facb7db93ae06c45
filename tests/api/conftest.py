"""The door for tests: the application on a seeded office, and people by their tokens."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
from litestar.testing import TestClient

from registry.actions.office import Office
from registry.actions.staff.accounts import issue_token
from tests import joined

Headers = dict[str, str]
SignIn = Callable[[str], Headers]


Door = Callable[[Office], AbstractContextManager[TestClient[Any]]]


@pytest.fixture
def door() -> Door:
    """The application before an office."""
    return joined.door


@pytest.fixture
def client(one_office: Office, door: Door) -> Iterator[TestClient[Any]]:
    """The door on SQLite, where the engine does not matter."""
    with door(one_office) as client:
        yield client


@pytest.fixture
def both_client(office: Office, door: Door) -> Iterator[TestClient[Any]]:
    """The door on each engine."""
    with door(office) as client:
        yield client


def signer(office: Office) -> SignIn:
    """Whoever is named, by a token of theirs."""

    def sign_in(username: str) -> Headers:
        person = office.store.reader.person_named(username)
        assert person is not None
        return {"authorization": f"Bearer {issue_token(office, person).token}"}

    return sign_in


@pytest.fixture
def sign_in(one_office: Office) -> SignIn:
    return signer(one_office)


@pytest.fixture
def both_sign_in(office: Office) -> SignIn:
    return signer(office)


@pytest.fixture
def filing() -> dict[str, Any]:
    """A filing that is well-formed; nothing about it is special."""
    return {
        "kind": "task",
        "title": "演示社区花草认养登记",
        "applicants": [{"organisation_id": "o-990102-civil", "leading": True}],
        "receivers": ["residents_committee"],
        "targets": ["990102001001"],
        "content": "登记愿意认养花草的居民。",
        "standard": "名册完整。",
        "responsible_party": "演示县民政局",
        "duration": "phase",
        "starts_on": "2026-04-01",
        "ends_on": "2026-09-30",
        "funding": [
            {
                "key": "f1",
                "mode": "transfer",
                "payer_id": "o-990102-civil",
                "amount_fen": 300000,
                "fiscal_year": 2026,
            }
        ],
    }


@pytest.fixture
def draft(
    client: TestClient[Any], sign_in: SignIn, filing: dict[str, Any]
) -> Callable[[], dict[str, Any]]:
    """A fresh draft of ``dept.clerk``."""

    def make() -> dict[str, Any]:
        answer = client.post(
            "/api/v1/requests", json={"filing": filing}, headers=sign_in("dept.clerk")
        )
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()["request"]
        return made

    return make
