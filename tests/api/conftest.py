"""The door for tests: the application on a seeded office, and people by their tokens."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from registry.actions.office import Office
from registry.actions.staff.accounts import issue_token
from registry.app import create_app
from registry.settings import Settings

Headers = dict[str, str]
SignIn = Callable[[str], Headers]


def settings_for(folder: Path) -> Settings:
    return Settings(
        mode="demo",
        database_url=f"sqlite:///{folder / 'registry.db'}",
        read_database_url=f"sqlite:///{folder / 'registry.db'}",
        data_dir=folder,
        secret_key="demo",
        public_url="http://127.0.0.1:8000",
    )


def _client(office: Office, folder: Path) -> Iterator[TestClient[Any]]:
    app = create_app(office, settings_for(folder), owns=False)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def client(one_office: Office, tmp_path: Path) -> Iterator[TestClient[Any]]:
    """The door on SQLite, where the engine does not matter."""
    yield from _client(one_office, tmp_path)


@pytest.fixture
def both_client(office: Office, tmp_path: Path) -> Iterator[TestClient[Any]]:
    """The door on each engine."""
    yield from _client(office, tmp_path)


def _signer(office: Office) -> SignIn:
    def sign_in(username: str) -> Headers:
        person = office.store.reader.person_named(username)
        assert person is not None
        return {"authorization": f"Bearer {issue_token(office, person).token}"}

    return sign_in


@pytest.fixture
def sign_in(one_office: Office) -> SignIn:
    return _signer(one_office)


@pytest.fixture
def both_sign_in(office: Office) -> SignIn:
    return _signer(office)


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
