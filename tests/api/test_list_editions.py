"""清单修订 over HTTP: the next text of a list is proposed, tried, and published by another person."""

import threading
from typing import Any

import msgspec
from litestar.testing import TestClient

from registry.actions.office import Office
from registry.domain.records import civil
from tests.actions import editing
from tests.actions.editing import LIST, listed, widened
from tests.api.conftest import SignIn

API = "/api/v1"


def proposed(client: TestClient[Any], sign_in: SignIn, office: Office) -> dict[str, Any]:
    body = {
        "matters": msgspec.to_builtins(widened(office)), "begun_from": listed(office).version,
        "effective_from": civil(office.clock()).isoformat(),
        "document_number": "演示发〔2026〕9号",
    }  # fmt: skip
    answer = client.post(f"{API}/list-editions", json=body, headers=sign_in("county.office"))
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"].endswith(answer.json()["id"])
    return dict(answer.json())


def test_a_text_goes_from_proposed_to_in_force_by_two_people(
    client: TestClient[Any], sign_in: SignIn, one_office: Office
) -> None:
    clerk, head = sign_in("county.office"), sign_in("county.head")
    made = proposed(client, sign_in, one_office)
    at = f"{API}/list-editions/{made['id']}"
    tried = client.post(f"{at}/simulate", headers=head).json()
    assert tried["of"] == tried["summary"]["total"]
    paper = client.post(
        f"{API}/documents?parent_kind=list_edition&parent_id={made['id']}&type=basis&name=a.pdf"
        "&not_secret=true", content=b"%PDF-1.4 demo", headers=clerk,
    ).json()["id"]  # fmt: skip
    body = {"document_id": paper}
    assert client.post(f"{at}/publish", json=body, headers=head).status_code == 428
    own = client.post(f"{at}/publish", json=body, headers={**clerk, "If-Match": '"1"'})
    assert own.status_code == 403
    done = client.post(f"{at}/publish", json=body, headers={**head, "If-Match": '"1"'})
    assert (done.status_code, done.json()["state"]) == (200, "in_force"), done.text
    again = client.post(f"{at}/publish", json=body, headers={**head, "If-Match": '"2"'})
    assert (again.status_code, again.json()["code"]) == (409, "list.settled")
    held = client.get(f"{API}/lists/{LIST}", headers=sign_in("dept.clerk")).json()
    assert held["items"][-1]["id"] == "DEMO-LST-99"


def test_texts_of_a_list_are_read_by_whoever_reads_the_list_and_withdrawn_with_a_reason(
    client: TestClient[Any], sign_in: SignIn, one_office: Office
) -> None:
    made = proposed(client, sign_in, one_office)
    path = f"{API}/list-editions?list_id={LIST}&state=proposed"
    rows = client.get(path, headers=sign_in("community.head")).json()["items"]
    assert [row["id"] for row in rows] == [made["id"]]
    headers = {**sign_in("county.office"), "If-Match": '"1"'}
    at = f"{API}/list-editions/{made['id']}/withdraw"
    assert client.post(at, json={}, headers=headers).status_code == 400
    gone = client.post(at, json={"reason": "文件未印发"}, headers=headers)
    assert gone.json()["state"] == "withdrawn"
    assert client.get(path, headers=sign_in("community.head")).json()["items"] == []


def test_a_text_is_compared_with_what_it_replaces_and_with_another_of_its_list(
    client: TestClient[Any], sign_in: SignIn, one_office: Office
) -> None:
    made = proposed(client, sign_in, one_office)
    at, reader = f"{API}/list-editions/{made['id']}/diff", sign_in("community.head")
    told = client.get(at, headers=reader).json()
    assert told["list_id"] == LIST and told["against"] is None
    assert [(one["code"], one["id"]) for one in told["changes"]] == [("item.added", "DEMO-LST-99")]
    same = client.get(f"{at}?against={made['id']}", headers=reader).json()
    assert (same["against"], same["changes"]) == (made["id"], [])
    for against, status in (("led-0", 404), ("<", 400)):
        assert client.get(f"{at}?against={against}", headers=reader).status_code == status


def test_a_text_is_compared_with_no_text_of_another_list(
    client: TestClient[Any], sign_in: SignIn, one_office: Office, one_hand: Any
) -> None:
    made = proposed(client, sign_in, one_office)
    barred = listed(one_office, "DEMO-BARRED")
    text = msgspec.structs.replace(barred, title="改过的清单")
    other = editing.proposed(one_hand, text, civil(one_office.clock()))
    at = f"{API}/list-editions/{made['id']}/diff?against={other.id}"
    assert client.get(at, headers=sign_in("county.office")).status_code == 404


def test_a_trial_on_record_is_begun_told_and_its_rows_taken_away(
    client: TestClient[Any], sign_in: SignIn, one_office: Office
) -> None:
    made, head = proposed(client, sign_in, one_office), sign_in("county.head")
    begun = client.post(f"{API}/list-editions/{made['id']}/run", headers=head)
    assert (begun.status_code, begun.json()["edition_id"]) == (200, made["id"]), begun.text
    for thread in threading.enumerate():
        if thread.name == begun.json()["id"]:
            thread.join()
    path = f"{API}/pack-runs?pack_id={LIST}"
    runs = client.get(path, headers=head).json()["items"]
    assert [(run["id"], run["state"]) for run in runs] == [(begun.json()["id"], "done")]
    rows = client.get(f"{API}/pack-runs/{runs[0]['id']}/rows", headers=head)
    assert rows.status_code == 404, "nothing was filed that it would change"
    assert client.get(path, headers=sign_in("dept.clerk")).json().get("items") in (None, [])
