"""Handover and reorganisation over HTTP 交接、机构变动: planned, done, read and printed."""

from typing import Any

from litestar.testing import TestClient

from tests.api.conftest import Headers, SignIn

MERGE: dict[str, Any] = {
    "kind": "merge", "object_kind": "organisation", "sources": ["o-990102-civil"],
    "successors": [{"id": "o-990102-urban"}], "document_number": "演示政发〔2026〕2号",
    "document_title": "关于机构变动的批复（虚构）", "effective_on": "2026-03-02",
}  # fmt: skip


def post(client: Any, path: str, headers: Headers, body: dict[str, Any]) -> Any:
    return client.post(f"/api/v1{path}", headers=headers, json=body)


def test_a_reorganisation_is_planned_carried_out_and_read_by_everybody(
    client: TestClient[Any], sign_in: SignIn
) -> None:
    head = sign_in("county.head")
    plan = post(client, "/reorganisations/plan", head, MERGE)
    assert plan.status_code == 200, plan.text
    assert plan.json()["unassigned"] == []
    assert {i["to_id"] for i in plan.json()["items"]} == {"o-990102-urban"}
    unseen = post(client, "/reorganisations", head, MERGE)
    assert (unseen.status_code, unseen.json()["code"]) == (409, "reorganisation.changed")
    digest = {"plan_digest": plan.json()["digest"]}
    made = post(client, "/reorganisations", head, MERGE | digest)
    assert made.status_code == 201, made.text
    for reader in ("dept.clerk", "auditor", "community.worker"):
        seen = client.get(made.headers["location"], headers=sign_in(reader))
        assert seen.json()["sources"] == ["o-990102-civil"]
    rows = client.get(
        "/api/v1/successions?object_id=o-990102-civil", headers=sign_in("street.clerk")
    ).json()["items"]
    assert [(r["successor_id"], r["was"]) for r in rows] == [("o-990102-urban", "演示县民政局")]


def test_nothing_is_kept_of_a_plan(client: TestClient[Any], sign_in: SignIn) -> None:
    office = sign_in("county.office")
    assert post(client, "/reorganisations/plan", office, MERGE).status_code == 200
    assert client.get("/api/v1/reorganisations", headers=office).json()["items"] == []


def test_a_handover_is_looked_at_done_and_printed(client: TestClient[Any], sign_in: SignIn) -> None:
    head, clerk = sign_in("dept.head"), sign_in("dept.clerk")
    path = "/api/v1/people/person-dept.clerk/handover"
    before = client.get(path, headers=head).json()
    assert [p["title"] for p in before["posts"]] == ["dept.clerk"]
    assert client.get(path, headers=clerk).status_code == 200
    assert client.get(path, headers=sign_in("street.head")).status_code == 404
    body = {"person_id": "person-dept.clerk", "reason": "left", "to": "person-dept.head"}
    made = post(client, "/handovers", head, body)
    assert made.status_code == 201, made.text
    assert client.get(path, headers=clerk).status_code == 401
    listed = made.headers["location"] + "/list"
    assert client.get(listed, headers=head).json()["names"]["person-dept.clerk"]
    page = client.get(listed, headers=head | {"accept": "text/plain"})
    assert page.headers["content-type"] == "text/plain; charset=utf-8"
    assert page.text.startswith("交接清单") and "终止任职（1项）" in page.text
    assert client.get(made.headers["location"], headers=sign_in("street.head")).status_code == 404
    assert client.get(made.headers["location"], headers=sign_in("auditor")).status_code == 200
