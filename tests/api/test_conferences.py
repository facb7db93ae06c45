"""Conferences over HTTP 联席会议: called, voted in, closed with minutes, read by who sat in them."""

from datetime import date
from typing import Any

import pytest
from litestar.testing import TestClient

from registry.actions.office import Office
from tests.actions.test_conference import ALONE, SITTING, TODAY, before, seats
from tests.api.conftest import SignIn
from tests.conftest import Hand

API = "/api/v1/conferences"


@pytest.fixture
def order(one_office: Office) -> dict[str, Any]:
    """An order to call the five members on one case that lies at the conference."""

    def hand(username: str) -> Hand:
        return Hand(one_office, username)

    request = before(hand, ALONE)
    members = [
        {"person_id": m.person_id, "organisation_id": m.organisation_id} for m in seats(hand)
    ]
    return {
        "title": "演示联席会议第一次会议", "held_on": TODAY.isoformat(), "members": members,
        "agenda": [request.id],
    }  # fmt: skip


def called(client: TestClient[Any], headers: dict[str, str], order: dict[str, Any]) -> Any:
    made = client.post(API, json=order, headers=headers)
    assert made.status_code == 201, made.text
    return made


def minutes(client: TestClient[Any], headers: dict[str, str], meeting: str) -> str:
    query = f"parent_kind=conference&parent_id={meeting}&type=minutes&name=a.pdf&not_secret=true"
    made = client.post(f"/api/v1/documents?{query}", content=b"%PDF-1.4 demo", headers=headers)
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


def test_a_meeting_decides_a_case_from_the_call_to_the_decision(
    client: TestClient[Any], sign_in: SignIn, order: dict[str, Any]
) -> None:
    head = sign_in("conference.head")
    made = called(client, head, order)
    place, seen = made.headers["location"], {"if-match": made.headers["etag"]}
    vote = {"request_id": order["agenda"][0], "ballot": "agree"}
    for name in SITTING[1:4]:
        given = client.post(f"{place}/vote", json=vote, headers=sign_in(name) | seen)
        assert given.status_code == 200, given.text
    again = client.post(f"{place}/vote", json=vote, headers=sign_in("gov.head") | seen)
    assert (again.status_code, again.json()["code"]) == (409, "conference.voted")
    close = {
        "present": [m["person_id"] for m in order["members"]], "minutes_number": "演联纪1号",
        "document_id": minutes(client, head, made.json()["id"]),
    }  # fmt: skip
    few = client.post(f"{place}/close", json=close | {"present": []}, headers=head | seen)
    assert (few.status_code, few.json()["code"]) == (422, "conference.no_quorum")
    done = client.post(f"{place}/close", json=close, headers=head | seen)
    assert (done.status_code, done.json()["state"]) == (200, "closed")
    sought = {"request_id": order["agenda"][0]}
    (decision,) = client.get("/api/v1/decisions", params=sought, headers=head).json()["items"]
    assert decision["conference_id"] == made.json()["id"]
    member = sign_in("community.head")
    (read,) = client.get(API, params={"state": "closed"}, headers=member).json()["items"]
    assert read["agenda"][0]["result"] == "agree"
    asking = client.get(API, headers=sign_in("dept.head")).json()["items"]
    assert asking == []


def test_a_meeting_is_changed_and_called_off_by_its_office(
    client: TestClient[Any], sign_in: SignIn, order: dict[str, Any]
) -> None:
    head = sign_in("conference.head")
    made = called(client, head, order)
    place, later = made.headers["location"], {"held_on": date(2026, 3, 4).isoformat()}
    blind = client.put(place, json=order | later, headers=head)
    assert blind.status_code == 428
    changed = client.put(
        place, json=order | later, headers=head | {"if-match": made.headers["etag"]}
    )
    assert (changed.status_code, changed.json()["held_on"]) == (200, "2026-03-04")
    stale = client.post(
        f"{place}/cancel", json={"reason": "改期"}, headers=head | {"if-match": '"1"'}
    )
    assert stale.status_code == 412
    done = client.post(
        f"{place}/cancel", json={"reason": "改期"},
        headers=head | {"if-match": changed.headers["etag"]},
    )  # fmt: skip
    assert (done.status_code, done.json()["state"]) == (200, "cancelled")
