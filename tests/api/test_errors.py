"""Errors 错误答复: one shape for every "no", each code with one status, none with a secret."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from litestar.testing import TestClient

from registry.actions.office import Office
from registry.api.problems import OWN_STATUS, STATUS, Problem, status_of
from registry.app import create_app
from registry.domain.errors import RefusalKind, catalogue
from tests.api.conftest import SignIn
from tests.joined import settings_for

MEMBERS = {"type", "title", "status", "detail", "detail_en", "code", "facts", "rules"}


def _same_shape(answer: Any) -> Problem:
    assert answer.headers["content-type"] == "application/problem+json"
    assert set(answer.json()) == MEMBERS
    told = msgspec.json.decode(answer.content, type=Problem)
    assert told.status == answer.status_code
    assert told.type == f"/errors#{told.code}"
    assert told.detail
    assert told.detail_en
    return told


def test_every_kind_of_refusal_has_a_status_of_its_own() -> None:
    assert set(STATUS) == set(RefusalKind)
    assert len(set(STATUS.values())) == len(STATUS)
    assert set(OWN_STATUS) <= set(catalogue())


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "route.missing"),
        ("GET", "/api/v1/nowhere/1", 404, "route.missing"),
        ("POST", "/api/v1/requests/x/forget", 404, "route.missing"),
        ("DELETE", "/api/v1/requests", 405, "method.not_allowed"),
        ("PATCH", "/api/v1/requests/x", 405, "method.not_allowed"),
        ("HEAD", "/api/v1/requests", 405, "method.not_allowed"),
        ("GET", "/api/v1/requests", 401, "token.invalid"),
        ("POST", "/api/v1/requests", 401, "token.invalid"),
        ("GET", "/api/v1/requests?colour=red", 400, "query.unknown"),
    ],
)
def test_the_frameworks_errors_have_the_same_shape(
    client: TestClient[Any], *, method: str, path: str, status: int, code: str
) -> None:
    answer = client.request(method, path)
    assert answer.status_code == status
    if method != "HEAD":
        assert _same_shape(answer).code == code


def test_a_wrong_method_says_which_are_right(client: TestClient[Any]) -> None:
    allowed = client.delete("/api/v1/requests").headers["allow"]
    assert {"GET", "POST"} <= set(allowed.split(", "))


def test_an_invalid_host_is_400_in_the_same_shape(client: TestClient[Any]) -> None:
    answer = client.get("/healthz", headers={"host": "a b"})
    assert (answer.status_code, _same_shape(answer).code) == (400, "request.malformed")


def test_a_refused_act_is_403_and_says_which_act(
    client: TestClient[Any], sign_in: SignIn, draft: Callable[[], dict[str, Any]]
) -> None:
    path = f"/api/v1/requests/{draft()['id']}/submit"
    told = _same_shape(client.post(path, headers=sign_in("dept.clerk") | {"if-match": "1"}))
    assert (told.status, told.code) == (403, "access.forbidden")
    assert told.facts["act"] == "request.submit"


def test_what_one_may_not_know_of_is_404_like_what_is_not_there(
    client: TestClient[Any], sign_in: SignIn, draft: Callable[[], dict[str, Any]]
) -> None:
    stranger, made = sign_in("dept2.clerk"), draft()["id"]
    hidden = client.get(f"/api/v1/requests/{made}", headers=stranger)
    missing = client.get("/api/v1/requests/req-none", headers=stranger)
    assert hidden.status_code == missing.status_code == 404
    assert hidden.json() == missing.json()


def test_a_refused_verdict_brings_its_rules_with_clause_and_remedy(
    client: TestClient[Any], sign_in: SignIn, draft: Callable[[], dict[str, Any]],
    filing: dict[str, Any],
) -> None:  # fmt: skip
    filing |= {"kind": "certificate", "title": "亲属关系证明", "funding": [],
               "certificate": {"demand": "亲属关系证明", "demander": "government"}}  # fmt: skip
    made = draft()
    answer = client.post(
        f"/api/v1/requests/{made['id']}/submit",
        headers=sign_in("dept.head") | {"if-match": '"1"'},
    )
    told = _same_shape(answer)
    assert (told.status, told.code) == (422, "request.refused")
    assert told.facts["request_id"] == made["id"]
    assert told.facts["verdict_id"]
    assert answer.headers["etag"] == f'"{told.facts["version"]}"'
    for rule in told.rules:
        assert {"rule", "clause", "grade", "sentence", "remedy"} <= set(rule)
    assert any(rule["outcome"] == "refused" and rule["clause"] for rule in told.rules)


def test_the_page_of_errors_lists_every_code_with_its_status(client: TestClient[Any]) -> None:
    page = client.get("/api/v1/errors").json()
    assert client.get("/errors").json() == page
    assert [(e["code"], e["status"]) for e in page["items"]] == [
        (code, status_of(code)) for code in catalogue()
    ]
    assert all(e["detail"] and e["detail_en"] for e in page["items"])


class _Broken:
    """An office whose store has a fault that nobody foresaw."""

    def __init__(self, office: Office, error: Exception) -> None:
        self.__dict__.update(office.__dict__)
        self.error = error

    @property
    def access(self) -> Any:
        raise self.error

    @access.setter
    def access(self, value: Any) -> None:
        pass


def _broken(office: Office, folder: Path, error: Exception) -> TestClient[Any]:
    held: Any = _Broken(office, error)
    app = create_app(held, settings_for(folder), owns=False)
    return TestClient(app, raise_server_exceptions=False)


def test_a_fault_is_logged_with_a_number_and_never_shown(
    one_office: Office, sign_in: SignIn, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    with _broken(one_office, tmp_path, ZeroDivisionError("secret words")) as client:
        answer = client.get("/api/v1/requests", headers=sign_in("dept.clerk"))
    told = _same_shape(answer)
    assert (told.status, told.code) == (500, "server.error")
    assert "secret" not in answer.text
    assert told.facts["number"] in caplog.text
    assert "secret words" in caplog.text


def test_a_database_that_does_not_answer_is_503_with_retry_after(
    one_office: Office, sign_in: SignIn, tmp_path: Path
) -> None:
    class OperationalError(Exception):
        """As the database's own is called."""

    with _broken(one_office, tmp_path, OperationalError("disk")) as client:
        answer = client.get("/api/v1/requests", headers=sign_in("dept.clerk"))
    assert (answer.status_code, _same_shape(answer).code) == (503, "storage.unreadable")
    assert int(answer.headers["retry-after"]) > 0
