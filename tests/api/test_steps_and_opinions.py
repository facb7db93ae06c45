"""环节与意见: who handles a case reads where it stands and what was said in it."""

from typing import Any

from tests.actions import case
from tests.api.conftest import SignIn


def _read(client: Any, headers: Any, what: str, request_id: str) -> Any:
    return client.get(f"/api/v1/{what}?request_id={request_id}", headers=headers)


def test_the_deciding_head_reads_what_was_said_before(client, one_hand, sign_in: SignIn):
    request = case.examined(one_hand, case.accepted(one_hand, case.submitted(
        one_hand, case.drafted(one_hand))))  # fmt: skip
    head = sign_in("street.head")
    said = _read(client, head, "opinions", request.id).json()["items"]
    assert [(o["ballot"], o["text"]) for o in said] == [("agree", "材料齐全")]
    steps = _read(client, head, "steps", request.id).json()["items"]
    assert [(s["key"], s["state"]) for s in steps] == [("examine", "done"), ("decide", "open")]


def test_who_asks_reads_the_way_and_not_what_was_said_on_it(client, one_hand, sign_in: SignIn):
    request = case.examined(one_hand, case.accepted(one_hand, case.submitted(
        one_hand, case.drafted(one_hand))))  # fmt: skip
    asking = sign_in("dept.head")
    assert _read(client, asking, "opinions", request.id).status_code == 403
    assert len(_read(client, asking, "steps", request.id).json()["items"]) == 2


def test_another_street_reads_neither(client, one_hand, sign_in: SignIn):
    request = case.examined(one_hand, case.accepted(one_hand, case.submitted(
        one_hand, case.drafted(one_hand))))  # fmt: skip
    other = sign_in("street2.head")
    for what in ("opinions", "steps"):
        assert _read(client, other, what, request.id).json()["items"] == []
