"""The application 应用: headers, health, figures, the one serving process, and its end."""

import time
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from registry.actions.office import Office
from registry.app import AlreadyServing, create_app, open_office, serving_alone
from tests.api.conftest import SignIn
from tests.joined import settings_for


@pytest.mark.parametrize("path", ["/healthz", "/nowhere", "/api/v1", "/api/v1/requests"])
def test_every_answer_has_the_headers_that_keep_browsers_honest(
    client: TestClient[Any], path: str
) -> None:
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "access-control-allow-origin" not in headers


def test_another_origin_is_never_let_in(client: TestClient[Any]) -> None:
    answer = client.options("/api/v1/requests", headers={"origin": "http://elsewhere.invalid",
                            "access-control-request-method": "POST"})  # fmt: skip
    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_the_index_says_that_this_is_demo_data(client: TestClient[Any]) -> None:
    index = client.get("/api/v1").json()
    assert index["about"]["demo"] is True
    assert index["about"]["banner"].startswith("演示数据")
    assert index["resources"]["requests"] == "/api/v1/requests"


def test_it_is_alive_and_ready(client: TestClient[Any]) -> None:
    assert client.get("/healthz").json() == {"status": "alive"}
    assert client.get("/readyz").json() == {"status": "ready"}


def test_figures_are_by_route_and_never_by_path(client: TestClient[Any], sign_in: SignIn) -> None:
    client.get("/api/v1/requests/req-1", headers=sign_in("dept.clerk"))
    client.get("/wander/1")
    text = client.get("/metrics").text
    assert 'route="/api/v1/requests/{id}",status="404"' in text
    assert 'route="none",status="404"' in text
    assert "req-1" not in text
    assert "wander" not in text
    assert 'registry_log_head{county="990102"}' in text


def test_what_a_tick_could_not_do_is_counted(client: Any, one_office: Office) -> None:
    one_office.failed["readings"] += 2
    assert 'registry_tick_failures_total{what="readings"} 2.0' in client.get("/metrics").text
    one_office.failed.clear()


def test_a_second_serving_process_on_one_sqlite_file_is_refused(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    second = serving_alone(settings)
    with serving_alone(settings), pytest.raises(AlreadyServing, match="SQLite"):
        second.__enter__()
    with serving_alone(settings):
        pass  # free again once the first has gone


def test_the_application_ticks_and_closes_its_store(one_office: Office, tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    office = open_office(settings)
    with TestClient(create_app(office, settings)) as client:
        assert client.get("/healthz").status_code == 200
        time.sleep(0.05)
    late: Any = office.store.writer
    assert not late._thread.is_alive()
