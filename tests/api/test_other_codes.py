"""其他错误码: an id no record can have, and what the database itself would not take."""

from collections.abc import Callable
from typing import Any

import pytest
from litestar.testing import TestClient

from registry.actions.office import Office
from registry.store.unit import Unit
from tests.api.conftest import SignIn

Client = TestClient[Any]


@pytest.mark.parametrize("id", ["req%20one", "req%27or%271", "%E7%94%B3%E8%AF%B7", "a" * 121])
def test_an_id_that_no_record_can_have_is_400(client: Client, sign_in: SignIn, id: str) -> None:
    answer = client.get(f"/api/v1/requests/{id}", headers=sign_in("dept.clerk"))
    assert (answer.status_code, answer.json()["code"]) == (400, "path.id")


def test_what_the_database_would_not_take_is_422_and_never_500(
    one_office: Office, client: Client, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit: Callable[..., Any] = one_office.store.writer.submit

    def twice(unit: Unit) -> None:
        unit.connection.exec_driver_sql("INSERT INTO log_head (county, seq) VALUES ('990102', 1)")

    headers = sign_in("dept.clerk")
    monkeypatch.setattr(one_office.store.writer, "submit", lambda county, _: submit(county, twice))
    body = {"filing": {"kind": "task", "title": "甲", "applicants": [{"organisation_id": "o"}],
                       "receivers": ["grid"], "targets": ["990102"]}}  # fmt: skip
    answer = client.post("/api/v1/requests", json=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "storage.constraint")
