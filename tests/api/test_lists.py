"""Reading over HTTP 查询: keyset pages, declared filters, one's own area, no password digests."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest
from litestar.testing import TestClient

from registry.actions.office import Office
from registry.api.lists import RESOURCES, parameters
from registry.domain.audit import Event
from registry.store.tables import BY_RECORD, event
from tests.api.conftest import SignIn, signer
from tests.joined import door

CONTRACT = {
    "requests", "verdicts", "decisions", "tasks", "agreements", "presences", "vouchers", "events",
    "documents", "areas", "organisations", "people", "lists", "packs", "calendars", "findings",
    "instruments",
    "pack-runs", "reevaluations", "exceptions", "exception-uses",
}  # fmt: skip


def test_every_resource_of_the_contract_is_there() -> None:
    assert set(RESOURCES) >= CONTRACT


READERS = {
    "people": "sec.admin", "posts": "sec.admin", "audit-projects": "auditor",
    "audit-members": "auditor", "samples": "auditor",
}  # fmt: skip
"""Who reads what the county's office does not."""


@pytest.mark.parametrize("name", sorted(RESOURCES))
def test_a_filter_is_a_column_of_its_table(name: str) -> None:
    resource = RESOURCES[name]
    table = event if resource.record is Event else BY_RECORD[resource.record]  # type: ignore[index]
    assert [f for f in resource.filters if f not in table.c] == []


@pytest.mark.parametrize("name", sorted(RESOURCES))
def test_every_list_answers_whoever_is_signed_in(still_office: Office, name: str) -> None:
    headers = signer(still_office)(READERS.get(name, "county.office"))
    with door(still_office) as client:
        for query in ("", "?as_of=5", "?as_of=2026-03-02T12:00:00%2B08:00", "?valid_on=2026-01-01"):
            answer = client.get(f"/api/v1/{name}{query}", headers=headers)
            assert answer.status_code == 200, answer.text
            assert set(answer.json()) == {"items", "next", "snapshot"}
        for field in RESOURCES[name].filters:
            answer = client.get(f"/api/v1/{name}?{field}=x", headers=headers)
            assert answer.status_code in (200, 400), answer.text


def test_pages_follow_each_other_without_gap_or_repeat(
    client: TestClient[Any], sign_in: SignIn
) -> None:
    headers = sign_in("dept.clerk")
    whole = client.get("/api/v1/organisations?limit=500", headers=headers).json()
    assert whole["next"] is None
    seen: list[str] = []
    path = "/api/v1/organisations?limit=17&kind=community"
    while path:
        answer = client.get(path, headers=headers)
        seen += [row["id"] for row in answer.json()["items"]]
        link = answer.headers.get("link")
        assert (link is None) == (answer.json()["next"] is None)
        path = link.split(">")[0].removeprefix("<") if link else ""
        if path:
            assert parse_qs(urlsplit(path).query)["kind"] == ["community"]
    assert seen == [row["id"] for row in whole["items"] if row["kind"] == "community"]
    assert len(seen) > 17


def test_a_row_can_be_seen_as_it_was_recorded_by_an_event(
    client: TestClient[Any], sign_in: SignIn, draft: Callable[[], dict[str, Any]],
    filing: dict[str, Any],
) -> None:  # fmt: skip
    made, headers = draft(), sign_in("dept.clerk")
    path = f"/api/v1/requests/{made['id']}"
    auditor = sign_in("auditor")
    drafted = next(
        e for e in client.get("/api/v1/events?act=request.draft", headers=auditor).json()["items"]
        if e["object_id"] == made["id"]
    )["seq"]  # fmt: skip
    client.put(path, json=filing | {"title": "改后"}, headers=headers | {"if-match": "1"})
    assert client.get(path, headers=headers).json()["title"] == "改后"
    then = client.get(f"{path}?as_of={drafted}", headers=headers)
    assert (then.json()["title"], then.headers["etag"]) == (filing["title"], '"1"')
    assert client.get(f"{path}?as_of={drafted - 1}", headers=headers).status_code == 404


def test_one_event_is_found_by_its_number(client: TestClient[Any], sign_in: SignIn) -> None:
    headers = sign_in("auditor")
    last = client.get("/api/v1/events", headers=headers).json()["items"][-1]
    assert client.get(f"/api/v1/events/{last['seq']}", headers=headers).json() == last


def test_no_answer_holds_a_password_digest(client: TestClient[Any], sign_in: SignIn) -> None:
    for name in ("sec.admin", "audit.admin", "auditor"):
        headers = sign_in(name)
        page = client.get("/api/v1/people?limit=500", headers=headers)
        assert "password" not in page.text
        for person in page.json()["items"][:3]:
            shown = client.get(f"/api/v1/people/{person['id']}", headers=headers)
            assert shown.status_code == 200
            assert "password" not in shown.text
        assert page.json()["items"]
    refused = client.get("/api/v1/people", headers=sign_in("dept.clerk"))
    assert (refused.status_code, refused.json()["code"]) == (403, "access.reading")


def test_tasks_that_are_mine_come_with_the_days_left(
    client: TestClient[Any], sign_in: SignIn
) -> None:
    answer = client.get("/api/v1/tasks?mine=true", headers=sign_in("street.head"))
    assert answer.json() == {"items": [], "next": None, "counts": None}
    both = client.get("/api/v1/tasks?mine=true&state=open", headers=sign_in("street.head"))
    assert (both.status_code, both.json()["code"]) == (400, "query.malformed")


def test_a_list_takes_only_what_is_declared() -> None:
    assert parameters(RESOURCES["areas"]) == {
        "after", "as_of", "code", "county", "kind", "level", "limit", "parent_id", "valid_on",
        "code.in", "kind.in", "level.in", "parent_id.in", "area", "fields", "sort", "text",
    }  # fmt: skip


def test_a_neighbour_county_sees_nothing_of_ours(
    client: TestClient[Any], sign_in: SignIn, draft: Callable[[], dict[str, Any]]
) -> None:
    made, other = draft()["id"], sign_in("other.office")
    assert client.get("/api/v1/requests", headers=other).json()["items"] == []
    foreign = client.get("/api/v1/requests?county=990102", headers=other)
    assert (foreign.status_code, foreign.json()["code"]) == (403, "access.elsewhere")
    nowhere = client.get("/api/v1/requests?county=998877", headers=other)
    assert nowhere.json() == foreign.json(), "whether there is such a county is not told"
    people = client.get("/api/v1/people?county=990102", headers=sign_in("dept.clerk"))
    assert people.json()["code"] == "access.reading", "not at home either"
    unknown = client.get("/api/v1/findings?code=nope", headers=sign_in("auditor"))
    assert (unknown.status_code, unknown.json()["code"]) == (400, "query.malformed")
    assert "finding-kinds" in unknown.json()["detail"]
    assert client.get(f"/api/v1/requests/{made}", headers=other).status_code == 404


def test_what_is_shown_of_a_person_is_a_part_of_the_record() -> None:
    shown = RESOURCES["people"].answers
    held = {f.name for f in msgspec.structs.fields(RESOURCES["people"].record)}
    assert {f.name for f in msgspec.structs.fields(shown)} == held - {"password_hash"}
