"""审批的错误输入: what must not be asked of delegations, bodies, meetings and steps, and never a 500."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from litestar.testing import TestClient

from registry.actions.office import Answer, Office
from registry.api.acts import ACTS, REPLAN
from registry.api.acts_after import AFTER
from registry.api.acts_between import BETWEEN
from registry.api.acts_posts import POSTS
from registry.api.samples import commands
from registry.domain.people import Person
from tests.actions.case import OFF_LIST
from tests.api.conftest import Headers, SignIn
from tests.conftest import Hand

API = "/api/v1"
STREET2, SEEN = "o-990102002", {"if-match": '"1"'}
MEETINGS = [a for a in ACTS if a.act.partition(".")[0] in ("conference", "handover", "notice")]
REORGANISED = [a for a in ACTS if a.act == "reorganisation.run"]
NEW = {a.act: a for a in (*BETWEEN, *POSTS, *AFTER, *MEETINGS, *REORGANISED, REPLAN)}
POWER: dict[str, Any] = {
    "to_person_id": "person-street2.deputy", "role": "street.head", "organisation_id": STREET2,
    "acts": ["request.approve"], "valid_from": "2026-03-02", "valid_to": "2026-03-13",
}  # fmt: skip
MERGE: dict[str, Any] = {
    "kind": "merge", "object_kind": "area", "sources": ["a-990102002000"],
    "successors": [{"id": "a-990102001000"}], "effective_on": "2026-03-02",
    "document_number": "演示政发〔2026〕2号", "document_title": "关于街道合并的批复（虚构）",
}  # fmt: skip
Post = Callable[..., Any]


@pytest.fixture
def post(client: TestClient[Any], sign_in: SignIn) -> Post:
    """One post by a person, on a version where one is given."""
    known: dict[str, Headers] = {}

    def send(by: str, path: str, body: Any = None, version: int | None = None) -> Any:
        headers = known.setdefault(by, sign_in(by))
        seen = {} if version is None else {"if-match": f'"{version}"'}
        return client.post(f"{API}{path}", json=body or {}, headers=headers | seen)

    return send


@pytest.fixture
def case(post: Post) -> dict[str, Any]:
    """A case that the second street has accepted and is to examine."""
    filing = OFF_LIST | {"targets": ["990102002001"]}
    request = post("dept.clerk", "/requests", {"filing": filing}).json()["request"]
    place = f"/requests/{request['id']}"
    request = post("dept.head", f"{place}/submit", version=request["version"]).json()["request"]
    answer = post("street2.clerk", f"{place}/accept", version=request["version"])
    assert answer.status_code == 200, answer.text
    return dict(answer.json()["request"])


def told(answer: Any) -> tuple[int, str]:
    """Status and code of a refusal in the one shape."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    body = answer.json()
    assert body["detail"] and body["status"] == answer.status_code
    return answer.status_code, body["code"]


def task_of(client: TestClient[Any], headers: Headers, case: dict[str, Any]) -> dict[str, Any]:
    query = {"request_id": case["id"], "state": "open"}
    (task,) = client.get(f"{API}/tasks", params=query, headers=headers).json()["items"]
    return dict(task)


def test_nobody_delegates_in_a_circle(post: Post) -> None:
    assert post("street2.head", "/delegations", POWER).status_code == 201
    back = POWER | {"to_person_id": "person-street2.head"}
    assert told(post("street2.deputy", "/delegations", back)) == (409, "delegation.circle")


def test_nobody_delegates_to_themself_or_to_a_frozen_account(
    post: Post, one_office: Office
) -> None:
    own = POWER | {"to_person_id": "person-street2.head"}
    assert told(post("street2.head", "/delegations", own)) == (422, "delegation.self")

    def freeze(desk: Any) -> Answer:
        held = desk.unit.get(Person, "person-street2.deputy")
        return Answer(body=desk.unit.change(held, active=False))

    Hand(one_office, "sys.admin").do(freeze)
    assert told(post("street2.head", "/delegations", POWER)) == (422, "delegation.frozen")


@pytest.mark.parametrize(
    "body",
    [
        {"sources": ["o-990102-civil"], "successors": [{"id": "o-990102-civil"}],
         "object_kind": "organisation"},
        {"sources": ["a-990102001000"]},
        {"sources": ["a-990102002000", "a-990102002000"]},
    ],
    ids=["a bureau", "a street", "the same twice"],
)  # fmt: skip
def test_nothing_is_merged_into_itself(post: Post, body: dict[str, Any]) -> None:
    for path in ("/reorganisations/plan", "/reorganisations"):
        assert told(post("county.head", path, MERGE | body)) == (422, "reorganisation.same")


def test_a_street_dissolved_in_mid_case_leaves_the_case_to_who_comes_after(
    client: TestClient[Any], sign_in: SignIn, post: Post, case: dict[str, Any]
) -> None:
    before = task_of(client, sign_in("street2.clerk"), case)
    plan = post("county.head", "/reorganisations/plan", MERGE).json()
    done = post("county.head", "/reorganisations", MERGE | {"plan_digest": plan["digest"]})
    assert done.status_code == 201, done.text
    stale = post("street2.clerk", f"/tasks/{before['id']}/opine", {"ballot": "agree"},
                 version=before["version"])  # fmt: skip
    assert told(stale) == (412, "version.stale")
    task = task_of(client, sign_in("street.clerk"), case)
    assert (task["id"], task["organisation_id"]) == (before["id"], "o-990102001")
    went = post("street.clerk", f"/tasks/{task['id']}/opine", {"ballot": "agree"}, task["version"])
    assert went.status_code == 200, went.text
    gone = POWER | {"to_person_id": "person-street2.clerk"}
    assert told(post("street2.head", "/delegations", gone))[0] in (403, 404, 422)


def test_whoever_left_a_minute_ago_approves_nothing(
    client: TestClient[Any], sign_in: SignIn, post: Post, case: dict[str, Any]
) -> None:
    task = task_of(client, sign_in("street2.clerk"), case)
    went = post("street2.clerk", f"/tasks/{task['id']}/opine", {"ballot": "agree"}, task["version"])
    version = went.json()["request"]["version"]
    approve, yes = f"/requests/{case['id']}/approve", {"reason": "同意"}
    early = post("street2.head", approve, yes, version=version - 1)
    assert told(early) == (412, "version.stale")
    for leaver, reason, status in (("head", "left", 401), ("deputy", "moved", 404)):
        by = "street2.deputy" if leaver == "head" else "county.head"
        order = {"person_id": f"person-street2.{leaver}", "reason": reason}
        assert post(by, "/handovers", order).status_code == 201
        late = post(f"street2.{leaver}", approve, yes, version=version)
        assert told(late)[0] == status
    state = client.get(f"{API}/requests/{case['id']}", headers=sign_in("county.office")).json()
    assert state["state"] == "in_review"


def _path(act: Any, id: str) -> str:
    return f"{API}{act.path}".replace("{id}", id)


def _sent(client: TestClient[Any], headers: Headers, act: Any, *, body: Any, id: str) -> Any:
    return client.request(act.method, _path(act, id), json=body, headers=headers | SEEN)


def test_a_field_that_nobody_asked_for_is_named(client: TestClient[Any], sign_in: SignIn) -> None:
    head = sign_in("county.head")
    for name, act in NEW.items():
        body = dict(commands().get(name, {})) | {"colour": "red"}
        answer = _sent(client, head, act, body=body, id="no-1")
        assert (name, *told(answer)) == (name, 400, "json.shape")


def test_an_id_of_nothing_of_another_kind_or_county_is_told_as_missing(
    client: TestClient[Any], sign_in: SignIn, case: dict[str, Any]
) -> None:
    head, other = sign_in("county.head"), sign_in("other.head")
    strange = ("no-1", "person-other.head", "a-990103001000", "o-990102-civil")
    tried = [(head, id) for id in strange] + [(other, case["id"]), (other, f"{case['id']}.s0.t0")]
    for name, act in NEW.items():
        for headers, id in tried if "{id}" in act.path else ():
            answer = _sent(client, headers, act, body=commands().get(name, {}), id=id)
            assert told(answer)[0] in (403, 404), (name, id, answer.text)


_words = st.none() | st.booleans() | st.integers() | st.text(max_size=12) | st.sampled_from(
    ["no-1", "a" * 130, "../..", "person-street2.head", "9999-12-31", "o-990103-civil"]
)  # fmt: skip
_any = st.recursive(
    _words, lambda i: st.lists(i, max_size=3) | st.dictionaries(st.text(max_size=6), i, max_size=3),
    max_leaves=6,
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    name=st.sampled_from(sorted(NEW)), dice=st.integers(0, 10**6), words=_any,
    by=st.sampled_from(["county.head", "street2.head", "dept.head"]),
)  # fmt: skip
def test_no_words_whatever_make_a_500(
    client: TestClient[Any], sign_in: SignIn, case: dict[str, Any], *,
    name: str, dice: int, words: Any, by: str,
) -> None:  # fmt: skip
    act, body = NEW[name], copy.deepcopy(commands().get(name, {}))
    fields = sorted(body)
    if fields:
        body[fields[dice % len(fields)]] = words
    task = f"{case['id']}.s0.t0"
    id = task if "/tasks/" in act.path else case["id"]
    answer = _sent(client, sign_in(by), act, body=body, id=id)
    assert answer.status_code < 500, (name, body, answer.text)
    if answer.status_code >= 400:
        told(answer)
