"""试算 over HTTP: a draft is simulated in the background, its run read, its rows downloaded."""

import time
from typing import Any

from litestar.testing import TestClient

from bench.load import fill
from registry.actions.office import Office
from tests.actions.drafting import NEXT, next_year
from tests.api.conftest import SignIn

API = "/api/v1"
PATIENCE = 30.0


def simulated(client: TestClient[Any], headers: dict[str, str]) -> dict[str, Any]:
    """Begin a run and wait until it is over."""
    begun = client.post(f"{API}/packs/{NEXT}/simulate", headers=headers)
    assert (begun.status_code, begun.json()["kind"]) == (200, "simulate"), begun.text
    until, path = time.monotonic() + PATIENCE, f"{API}/pack-runs/{begun.json()['id']}"
    while (run := client.get(path, headers=headers).json())["state"] == "running":
        assert time.monotonic() < until
        time.sleep(0.05)
    return dict(run)


def test_a_draft_is_simulated_and_its_rows_are_downloaded(
    client: TestClient[Any], sign_in: SignIn, one_office: Office
) -> None:
    fill(one_office, 40)
    clerk = sign_in("county.office")
    body = {"files": next_year(('default = "admission"', 'default = "deny"'))}
    assert client.post(f"{API}/packs", json=body, headers=clerk).status_code == 201
    run = simulated(client, clerk)
    assert (run["state"], run["passed"], run["total"]) == ("done", True, 40)
    assert run["summary"]["cases"]["newly_refused"] > 0
    rows = client.get(f"{API}/pack-runs/{run['id']}/rows", headers=clerk)
    assert rows.status_code == 200
    assert rows.headers["content-type"].startswith("text/csv")
    assert len(rows.text.splitlines()) == 1 + 40 - run["summary"]["cases"]["same"]
    hidden = client.get(f"{API}/pack-runs/{run['id']}/rows", headers=sign_in("dept.clerk"))
    assert hidden.status_code in (403, 404)


def test_a_simulated_draft_is_at_that_stage(client: TestClient[Any], sign_in: SignIn) -> None:
    clerk = sign_in("county.office")
    client.post(f"{API}/packs", json={"files": next_year(day="2026-03-02")}, headers=clerk)
    for word in ("check", "test"):
        client.post(f"{API}/packs/{NEXT}/{word}", headers=clerk)
    assert simulated(client, clerk)["state"] == "done"
    assert client.get(f"{API}/packs/{NEXT}", headers=clerk).json()["stage"] == "simulated"


def test_a_department_may_not_simulate(client: TestClient[Any], sign_in: SignIn) -> None:
    clerk = sign_in("county.office")
    client.post(f"{API}/packs", json={"files": next_year()}, headers=clerk)
    answer = client.post(f"{API}/packs/{NEXT}/simulate", headers=sign_in("dept.clerk"))
    assert answer.status_code == 403
