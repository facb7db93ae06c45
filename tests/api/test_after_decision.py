"""决定之后 over HTTP: a change, a correction, a number, a revocation, and its review."""

from typing import Any

from litestar.testing import TestClient

from registry.actions.office import Office
from tests.actions.case import admitted
from tests.actions.decided import BOTH, colleague
from tests.api.conftest import SignIn
from tests.conftest import Hand

API = "/api/v1"


class Door:
    """The client, with the headers of a person and the version they last saw."""

    def __init__(self, client: TestClient[Any], sign_in: SignIn) -> None:
        self.client, self.sign_in = client, sign_in

    def get(self, by: str, path: str) -> Any:
        return self.client.get(f"{API}{path}", headers=self.sign_in(by))

    def post(self, by: str, path: str, body: Any = None, *, of: str = "") -> Any:
        """An act on the version that stands of ``of``."""
        seen = {"if-match": self.get("county.head", of).headers["etag"]} if of else {}
        headers = self.sign_in(by) | seen
        return self.client.post(f"{API}{path}", json=body or {}, headers=headers)


def test_what_becomes_of_a_decision(
    client: TestClient[Any], sign_in: SignIn, one_office: Office
) -> None:
    def hand(username: str) -> Hand:
        return Hand(one_office, username)

    request = admitted(hand)
    colleague(hand, "street.head", "street.deputy")
    door, place = Door(client, sign_in), f"/requests/{request.id}"

    filing = {**door.get("dept.clerk", place).json()["filing"], "targets": BOTH}
    made = door.post("dept.clerk", f"{place}/changes", {"filing": filing}, of=place)
    assert made.status_code == 201, made.text
    change = made.json()["request"]
    assert made.headers["location"].endswith(f"/requests/{change['id']}")
    listed = door.get("dept.clerk", f"/requests?amends={request.id}").json()["items"]
    assert [r["id"] for r in listed] == [change["id"]]
    gone = door.post(
        "dept.head", f"/requests/{change['id']}/withdraw", of=f"/requests/{change['id']}"
    )
    assert gone.json()["request"]["state"] == "withdrawn"

    text = {"field": "responsible_party", "becomes": "县民政局(演示县)", "reason": "漏字"}
    kept = door.post("street.head", f"{place}/correct", text, of=place)
    assert (kept.status_code, kept.json()["was"]) == (201, "县民政局（演示）")
    assert door.get("dept.clerk", f"/corrections/{kept.json()['id']}").json() == kept.json()

    decision = f"/decisions/{door.get('dept.clerk', place).json()['decision_id']}"
    again = door.post("street.head", f"{decision}/void", {"reason": "打印跳号"}, of=decision)
    assert (again.status_code, again.json()["replaces"]) == (201, decision.rpartition("/")[2])

    order = {"request_id": request.id, "reason": "依据有误", "money_effect": "settle"}
    told = door.post("street.head", "/revocations", order)
    assert told.status_code == 201, told.text
    held = f"/revocations/{told.json()['id']}"
    early = door.post("street.head", f"{place}/revoke", {"reason": "撤销"}, of=place)
    assert (early.status_code, early.json()["code"]) == (409, "revocation.unheard")
    assert door.post("dept.head", f"{held}/answer", {"waived": True}, of=held).status_code == 200
    ended = door.post("street.head", f"{place}/revoke", {"reason": "撤销"}, of=place)
    assert ended.json()["request"]["state"] == "revoked"

    asked = door.post("dept.head", f"{place}/review", {"reason": "请复核"}, of=place)
    assert asked.status_code == 201, asked.text
    review = f"/reviews/{asked.json()['id']}"
    answer = {"result": "annulled", "reason": "原撤销没有依据"}
    own = door.post("street.head", f"{review}/decide", answer, of=review)
    assert (own.status_code, own.json()["code"]) == (403, "access.tied")
    done = door.post("street.deputy", f"{review}/decide", answer, of=review)
    assert (done.status_code, done.json()["result"]) == (200, "annulled")
    assert door.get("dept.clerk", place).json()["state"] == "approved"


def test_a_stranger_learns_nothing_of_it(
    client: TestClient[Any], sign_in: SignIn, one_office: Office
) -> None:
    request = admitted(lambda username: Hand(one_office, username))
    door = Door(client, sign_in)
    seen = {"if-match": '"1"'}
    for by in ("other.head", "dept2.head", "village.head"):
        for word, body in (
            ("review", {"reason": "请复核"}), ("revoke", {"reason": "撤销"}),
            ("correct", {"field": "title", "becomes": "别的", "reason": "误"}),
        ):  # fmt: skip
            headers = sign_in(by) | seen
            answer = client.post(f"{API}/requests/{request.id}/{word}", json=body, headers=headers)
            assert answer.status_code in (403, 404), (by, word, answer.text)
        assert door.get(by, f"/reviews?request_id={request.id}").json()["items"] == []
