"""规则包与例外 over HTTP: a draft is brought in, proven, compared and signed; an exception is granted."""

from typing import Any

from litestar.testing import TestClient

from registry.actions.office import Office
from tests.actions.drafting import NEXT, next_year
from tests.actions.enacting import proven
from tests.api.conftest import SignIn
from tests.conftest import Hand

API = "/api/v1"
PAPER = f"{API}/documents?parent_kind=pack&parent_id={NEXT}&type=basis&name=a.pdf&not_secret=true"
EXCEPTION: dict[str, Any] = {
    "basis": "instruction", "document_number": "演示批〔2026〕1号", "issuer": "演示县领导",
    "dated_on": "2026-03-01", "reason": "汛期(演示)", "scope": {"rules": ["DM-OFF"]},
    "valid_from": "2026-03-02", "valid_to": "2026-04-30",
}  # fmt: skip


def _proposed(client: TestClient[Any], sign_in: SignIn, **swaps: str) -> dict[str, Any]:
    body = {"files": next_year(**swaps), "document_number": "演发〔2026〕8号"}
    answer = client.post(f"{API}/packs", json=body, headers=sign_in("county.office"))
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"].endswith(f"/packs/{NEXT}")
    return dict(answer.json())


def test_a_pack_goes_from_draft_to_published_by_two_people(
    client: TestClient[Any], sign_in: SignIn, one_office: Office
) -> None:
    clerk, head = sign_in("county.office"), sign_in("county.head")
    assert _proposed(client, sign_in, day="2026-03-02")["stage"] == "draft"
    for word in ("check", "test"):
        run = client.post(f"{API}/packs/{NEXT}/{word}", headers=clerk)
        assert (run.status_code, run.json()["passed"]) == (200, True), run.text
    view = client.get(f"{API}/packs/{NEXT}", headers=sign_in("dept.clerk")).json()
    assert view["stage"] == "tested"
    assert {run["kind"] for run in view["runs"]} == {"check", "test"}
    Hand(one_office, "county.office").do(lambda d: proven(d, NEXT))
    paper = client.post(PAPER, content=b"%PDF-1.4 demo", headers=clerk).json()["id"]
    body = {"document_id": paper}
    path = f"{API}/packs/{NEXT}/publish"
    assert client.post(path, json=body, headers=head).status_code == 428
    stale = client.post(path, json=body, headers={**head, "If-Match": '"9"'})
    assert stale.status_code == 412
    done = client.post(path, json=body, headers={**head, "If-Match": '"1"'})
    assert (done.status_code, done.json()["stage"]) == (200, "published"), done.text
    again = client.post(path, json=body, headers={**head, "If-Match": '"1"'})
    assert (again.status_code, again.json()["code"]) == (409, "pack.published")


def test_runs_are_listed_for_the_county_and_for_nobody_below(
    client: TestClient[Any], sign_in: SignIn
) -> None:
    _proposed(client, sign_in)
    client.post(f"{API}/packs/{NEXT}/check", headers=sign_in("county.office"))
    path = f"{API}/pack-runs?pack_id={NEXT}"
    runs = client.get(path, headers=sign_in("county.head")).json()["items"]
    assert [(run["kind"], run["state"]) for run in runs] == [("check", "done")]
    assert client.get(path, headers=sign_in("dept.clerk")).status_code == 403


def test_the_bytes_and_the_changes_of_a_pack_are_read_by_anybody(
    client: TestClient[Any], sign_in: SignIn
) -> None:
    _proposed(client, sign_in)
    headers = sign_in("community.head")
    answer = client.get(f"{API}/packs/{NEXT}/files", headers=headers)
    assert answer.json()["files"] == next_year() and answer.headers["etag"] == '"1"'
    told = client.get(f"{API}/packs/{NEXT}/diff", headers=headers).json()
    assert told["against"] == "demo-county"
    assert any("2027-01-01" in change["zh"] for change in told["changes"])
    same = client.get(f"{API}/packs/{NEXT}/diff?against={NEXT}", headers=headers).json()
    assert same["changes"] == []
    for query, status in (("against=nobody", 404), ("against=%20", 400), ("other=1", 400)):
        answer = client.get(f"{API}/packs/{NEXT}/diff?{query}", headers=headers)
        assert answer.status_code == status, answer.text


def test_an_exception_is_proposed_granted_listed_and_ended(
    client: TestClient[Any], sign_in: SignIn
) -> None:
    clerk, head = sign_in("county.office"), sign_in("county.head")
    made = client.post(f"{API}/exceptions", json=EXCEPTION, headers=clerk)
    assert (made.status_code, made.json()["honoured"]) == (201, False), made.text
    path = f"{API}/exceptions/{made.json()['id']}"
    view = client.post(f"{path}/grant", json={}, headers={**head, "If-Match": '"1"'}).json()
    assert (view["honoured"], view["uses"]) == (True, 0)
    for query, number in (
        ("honoured=true", 1), ("honoured=false", 0), ("used=false", 1), ("used=true", 0),
        ("honoured=true&valid_on=2026-05-01", 0), ("honoured=true&valid_on=2026-04-30", 1),
    ):  # fmt: skip
        page = client.get(f"{API}/exceptions?{query}", headers=clerk).json()
        assert len(page["items"]) == number, query
    assert client.get(f"{API}/exceptions?honoured=maybe", headers=clerk).status_code == 400
    assert client.get(path, headers=sign_in("dept.head")).status_code == 403
    end = {"reason": "提前结束"}
    ended = client.post(f"{path}/end", json=end, headers={**head, "If-Match": '"2"'})
    assert (ended.status_code, ended.json()["honoured"]) == (200, False), ended.text


def test_what_is_no_exception_is_told_by_its_code(client: TestClient[Any], sign_in: SignIn) -> None:
    body = {**EXCEPTION, "valid_to": None}
    answer = client.post(f"{API}/exceptions", json=body, headers=sign_in("county.office"))
    assert (answer.status_code, answer.json()["code"]) == (422, "exception.no_end")
