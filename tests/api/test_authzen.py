"""事前询问: the standard decision point, by its public cases and by what the registry's rules say."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from litestar.testing import TestClient

from registry.actions.approving import DecideCommand, approve
from registry.actions.office import Office
from registry.api.authzen_document import operations
from registry.domain.areas import Area, AreaKind, AreaLevel
from registry.domain.grant import GrantCommand
from registry.domain.presence import PresenceState
from registry.policies.engine import EngineError
from registry.policies.points import Point, read_points
from tests.actions.case import OFF_LIST, accepted, admitted, drafted, examined, submitted
from tests.actions.decided import presences
from tests.actions.lived import put
from tests.api.conftest import SignIn
from tests.conftest import MovingClock
from tests.domain.trees import given as given_file

POINTS = Path(__file__).with_name("points")
ALL = "/access/v1/evaluations"
ONE = "/access/v1/evaluation"
REQUESTS = "/access/v1/requests"
SEARCH = "/access/v1/search"
URN = "urn:openid:authzen:access-request:error:"
EXPECTED: dict[str, list[bool]] = {
    "c-3-2-2": [True, False], "c-3-2-3": [True, False], "c-3-2-4": [False, True],
    "c-3-2-5": [True, False], "c-3-2-7": [True, False], "c-3-4-2": [True], "c-3-4-3": [True],
}  # fmt: skip
"""Decisions of several that the scenario document fixes."""
HOLDS: dict[str, set[str]] = {
    "c-4-2-1": {"alice", "bob"}, "c-4-2-2": {"alice", "bob"}, "c-4-2-3": {"alice", "bob"},
    "c-4-2-4": {"bob"}, "c-4-3-1": {"record-1"}, "c-4-3-2": {"record-1"},
    "c-4-3-3": {"record-1"}, "c-4-3-4": {"record-2"}, "c-4-4-1": {"read", "write"},
    "c-4-4-2": {"read", "write"}, "c-4-4-3": {"write"},
}  # fmt: skip
"""What a search must find, at least."""

Ask = Callable[..., Any]


@pytest.fixture
def ask(client: TestClient[Any], sign_in: SignIn) -> Ask:
    signed = sign_in("dept.clerk")

    def asked(path: str, body: Any = None, **headers: str) -> Any:
        if body is None:
            return client.get(path, headers=signed)
        return client.post(path, json=body, headers=signed | headers)

    return asked


@pytest.fixture
def records(one_office: Office) -> None:
    """The scenario's fixture: an ordinary folder of Casbin tables."""
    one_office.points = read_points(POINTS)


def matter(kind: str = "report", **said: Any) -> dict[str, Any]:
    """What a department's own system asks about."""
    properties = {
        "title": "演示社区养老服务月报", "receivers": ["residents_committee"],
        "targets": ["990102001001"], **said,
    }  # fmt: skip
    return {
        "subject": {"type": "organisation", "id": "o-990102-civil"},
        "action": {"name": kind},
        "resource": {"type": "filing", "id": "演示民发〔2026〕9号", "properties": properties},
    }


def in_place(**more: Any) -> dict[str, Any]:
    """The same, asked of a place."""
    asked = matter()
    del asked["resource"]["properties"]["targets"]
    asked["resource"] |= {"type": "area", "id": "990102001001"}
    return asked | more


def cases() -> list[dict[str, Any]]:
    name = ("authzen", "authorization-api-1_0-cases.json")
    found: list[dict[str, Any]] = json.loads(given_file("REGISTRY_TEST_VECTORS", *name).read_text())
    return found


def decisions(body: dict[str, Any]) -> list[bool]:
    return [one["decision"] for one in body.get("evaluations", [body])]


@pytest.mark.usefixtures("records")
def test_every_public_case_is_answered_as_its_makers_ask(ask: Ask) -> None:
    every = cases()
    for case in every:
        answer = ask(case["path"], case["request"])
        assert answer.status_code == case["status"], (case["id"], answer.text)
        body = answer.json()
        if "decision" in case:
            assert body["decision"] is case["decision"], case["id"]
        if case["id"] in EXPECTED:
            assert decisions(body) == EXPECTED[case["id"]], case["id"]
        if case["path"].startswith(SEARCH):
            found = {one.get("id") or one["name"] for one in body["results"]}
            assert found >= HOLDS[case["id"]], case["id"]
    assert len(every) == 40


@pytest.mark.usefixtures("records")
def test_the_same_cases_are_answered_alike_by_casbins_own_decider(
    one_office: Office, ask: Ask
) -> None:
    ours = [ask(case["path"], case["request"]).json() for case in cases() if case["status"] == 200]
    one_office.points = read_points(POINTS, "stock")
    stock = [ask(case["path"], case["request"]).json() for case in cases() if case["status"] == 200]
    plain = [(decisions(a) if "results" not in a else a["results"]) for a in ours]
    assert plain == [(decisions(a) if "results" not in a else a["results"]) for a in stock]


@pytest.mark.usefixtures("records")
def test_a_type_nobody_knows_is_found_nowhere(ask: Ask) -> None:
    record = {"type": "record", "id": "record-1"}
    ship = {"subject": {"type": "spaceship"}, "action": {"name": "read"}, "resource": record}
    assert ask(f"{SEARCH}/subject", ship).json()["results"] == []
    nobody = {"subject": {"type": "user", "id": "nonexistent-user"}, "resource": record}
    assert ask(f"{SEARCH}/action", nobody).json()["results"] == []


@pytest.mark.usefixtures("records")
def test_a_search_is_paged_and_its_pages_make_the_whole(ask: Ask) -> None:
    body: dict[str, Any] = {
        "subject": {"type": "user"}, "action": {"name": "read"},
        "resource": {"type": "record", "id": "record-1"}, "page": {"limit": 1},
    }  # fmt: skip
    first = ask(f"{SEARCH}/subject", body).json()
    body["page"] = {"token": first["page"]["next_token"], "limit": 1}
    second = ask(f"{SEARCH}/subject", body).json()
    assert [one["id"] for one in first["results"] + second["results"]] == ["alice", "bob"]
    assert second["page"]["next_token"] == ""
    del body["page"]["limit"]  # as the public cases go on
    assert ask(f"{SEARCH}/subject", body).json()["results"] == second["results"]


@pytest.mark.usefixtures("records")
def test_a_page_that_may_hold_nothing_holds_nothing_and_is_not_the_last(ask: Ask) -> None:
    body: dict[str, Any] = {
        "subject": {"type": "user"}, "action": {"name": "read"},
        "resource": {"type": "record", "id": "record-1"}, "page": {"limit": 0},
    }  # fmt: skip
    none = ask(f"{SEARCH}/subject", body).json()
    assert (none["results"], none["page"]["count"]) == ([], 0)
    body["page"] = {"token": none["page"]["next_token"]}
    assert [one["id"] for one in ask(f"{SEARCH}/subject", body).json()["results"]] == [
        "alice", "bob",
    ]  # fmt: skip


@pytest.mark.usefixtures("records")
def test_a_page_goes_on_with_its_own_question_only(ask: Ask) -> None:
    body: dict[str, Any] = {
        "subject": {"type": "user"}, "action": {"name": "read"},
        "resource": {"type": "record", "id": "record-1"}, "page": {"limit": 1},
    }  # fmt: skip
    token = ask(f"{SEARCH}/subject", body).json()["page"]["next_token"]
    others = [
        body | {"action": {"name": "write"}}, body | {"context": {"time": "now"}},
        body | {"subject": {"type": "user", "properties": {"role": "admin"}}},
    ]  # fmt: skip
    for asked, held in [*((other, token) for other in others), (body, "bob"), (body, "_w==")]:
        answer = ask(f"{SEARCH}/subject", asked | {"page": {"token": held}})
        assert (answer.status_code, answer.json()["code"]) == (400, "asking.page"), held


BODIES = {
    "no json": b"{", "empty": b"", "a list": b"[]", "not utf-8": b'{"subject":"\xff"}',
    "twice": b'{"subject":{"type":"user","id":"a"},"subject":{}}', "deep": b"[" * 100_000,
    "long": json.dumps({"subject": {"type": "user", "id": "x" * 100_000}}).encode(),
}  # fmt: skip


@pytest.mark.parametrize("path", [ONE, ALL, f"{SEARCH}/subject", REQUESTS])
@pytest.mark.parametrize("case", BODIES)
def test_whatever_is_wrong_with_a_body_is_400(
    client: TestClient[Any], sign_in: SignIn, path: str, case: str
) -> None:
    headers = sign_in("dept.clerk") | {"content-type": "application/json"}
    answer = client.post(path, content=BODIES[case], headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "authzen.malformed"), answer.text


def test_a_body_of_another_type_is_400(client: TestClient[Any], sign_in: SignIn) -> None:
    headers = sign_in("dept.clerk") | {"content-type": "text/plain"}
    answer = client.post(ONE, content=json.dumps(matter()).encode(), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "authzen.malformed")


def test_without_a_token_nothing_is_answered(client: TestClient[Any]) -> None:
    assert client.post(ONE, json=matter()).status_code == 401


def test_who_may_not_ask_for_a_precheck_may_not_ask_here(
    client: TestClient[Any], sign_in: SignIn
) -> None:
    assert client.post(ONE, json=matter(), headers=sign_in("sys.admin")).status_code == 403


def test_the_number_of_a_call_goes_back_with_every_answer(ask: Ask) -> None:
    told = {"x-request-id": "bfe9eb29-ab87"}
    assert ask(ONE, matter(), **told).headers["x-request-id"] == "bfe9eb29-ab87"
    assert ask(ONE, {}, **told).headers["x-request-id"] == "bfe9eb29-ab87"
    assert "x-request-id" not in ask(ONE, matter()).headers


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", ONE, 401), ("GET", ONE, 405), ("POST", ONE + "?colour=red", 400),
        ("POST", "/access/v1/nothing", 404), ("GET", REQUESTS + "/req-1", 401),
        ("GET", "/.well-known/authzen-configuration", 200),
    ],
)  # fmt: skip
def test_it_goes_back_whatever_the_answer_is_and_whatever_it_reads(
    client: TestClient[Any], method: str, path: str, status: int
) -> None:
    for number in ("1", "x" * 3000, 'a "b" ~'):
        answer = client.request(method, path, headers={"x-request-id": number})
        assert (answer.status_code, answer.headers["x-request-id"]) == (status, number)


def test_who_is_not_known_is_told_how_to_make_known(client: TestClient[Any]) -> None:
    assert client.post(ONE, json=matter()).headers["www-authenticate"] == "Bearer"


def test_the_decision_point_says_where_everything_is(client: TestClient[Any]) -> None:
    told = client.get("/.well-known/authzen-configuration").json()
    assert told["policy_decision_point"] == "http://127.0.0.1:8000"
    assert told["access_evaluation_endpoint"] == "http://127.0.0.1:8000" + ONE
    assert told["access_request_endpoint"] == "http://127.0.0.1:8000" + REQUESTS


def test_the_answer_is_the_prechecks(
    client: TestClient[Any], sign_in: SignIn, ask: Ask, filing: dict[str, Any]
) -> None:
    signed = sign_in("dept.clerk")
    verdict = client.post("/api/v1/prechecks", json={"filing": filing}, headers=signed).json()
    said = {k: v for k, v in filing.items() if k not in ("kind", "applicants")}
    asked = matter("task") | {"resource": {"type": "filing", "id": "x", "properties": said}}
    told = ask(ONE, asked).json()
    assert told["decision"] is (verdict["outcome"] in ("listed", "exempt"))
    assert told["context"]["reason"] == verdict["outcome"]
    reasons = told["context"]["reasons"]
    assert [one["rule"] for one in reasons] == [hit["rule"] for hit in verdict["rules"]]
    assert all(one["clause"] and one["grade"] and one["sentence"] for one in reasons)


def test_nothing_is_recorded_by_asking(one_office: Office, ask: Ask) -> None:
    before = one_office.store.reader.counts()
    ask(ONE, matter())
    ask(f"{SEARCH}/action", {k: v for k, v in in_place().items() if k != "action"})
    assert one_office.store.reader.counts() == before


def test_unknown_fields_are_passed_over_wherever_they_stand(ask: Ask) -> None:
    asked = matter(future={"x": 1}, bases=[{"level": "policy", "title": "文件", "future": 1}])
    assert ask(ONE, asked | {"later": [1]}).json()["context"]["reason"] != "asking.unclear"


WRONG: dict[str, Callable[[dict[str, Any]], Any]] = {
    "asking.unclear": lambda q: q["resource"]["properties"].pop("receivers"),
    "organisation.unknown": lambda q: q["subject"].update(id="o-nobody"),
    "receiver.none": lambda q: q["resource"]["properties"].update(targets=["990102009200"]),
    "area.unknown": lambda q: q["resource"]["properties"].update(targets=["990102999999"]),
}


@pytest.mark.parametrize("code", WRONG)
def test_what_cannot_be_judged_is_no_and_says_why(ask: Ask, code: str) -> None:
    asked = matter()
    WRONG[code](asked)
    told = ask(ONE, asked).json()
    assert told["decision"] is False
    assert told["context"]["reason"] == code
    assert "access_request" not in told["context"]


@pytest.mark.parametrize(
    "change",
    [
        {"subject": {"type": "user", "id": "alice"}},
        {"action": {"name": "read"}},
        {"action": {"name": "approve"}},
        {"resource": {"type": "book", "id": "1"}},
        {"subject": {"type": "person", "id": "p-somebody-else"}},
    ],
    ids=str,
)
def test_a_question_about_nothing_of_ours_is_no(ask: Ask, change: dict[str, Any]) -> None:
    told = ask(ONE, matter() | change).json()
    assert (told["decision"], told["context"]["reason"]) == (False, "asking.unclear")


def test_a_person_asks_for_the_body_they_work_in(one_office: Office, ask: Ask) -> None:
    person = one_office.store.reader.person_named("dept.clerk")
    assert person is not None
    mine = ask(ONE, matter() | {"subject": {"type": "person", "id": person.id}}).json()
    assert mine["context"]["reason"] == ask(ONE, matter()).json()["context"]["reason"]


def test_the_gate_may_be_asked_with_the_kind_beside_it(ask: Ask) -> None:
    asked = matter(kind="file")
    asked["resource"]["properties"]["kind"] = "report"
    told = ask(ONE, asked).json()
    assert told["context"]["reason"] == ask(ONE, matter()).json()["context"]["reason"]


@pytest.mark.parametrize(
    ("semantic", "expected"),
    [
        ("execute_all", [False, True, False]),
        ("deny_on_first_deny", [False]),
        ("permit_on_first_permit", [False, True]),
    ],
)
@pytest.mark.usefixtures("records")
def test_several_are_answered_as_far_as_the_way_of_answering_says(
    ask: Ask, semantic: str, expected: list[bool]
) -> None:
    told = ask(ALL, {
        "subject": {"type": "user", "id": "bob"},
        "resource": {"type": "record", "id": "record-1"},
        "options": {"evaluations_semantic": semantic},
        "evaluations": [
            {"action": {"name": "write"}}, {"action": {"name": "read"}}, {"action": {}},
        ],
    }).json()  # fmt: skip
    assert decisions(told) == expected


@pytest.mark.usefixtures("records")
def test_an_item_replaces_an_entity_whole(ask: Ask) -> None:
    told = ask(ALL, {
        "subject": {"type": "user", "id": "alice", "properties": {"role": "admin"}},
        "action": {"name": "write"},
        "resource": {"type": "record", "id": "record-1"},
        "evaluations": [
            {"resource": {"id": "record-1", "properties": {"status": "active"}}},
            {"resource": {"type": "record", "id": "record-1"}},
            {"subject": {"type": "user", "id": "alice"}, "resource": {"type": "record",
                                                                      "id": "record-2"}},
            {"resource": {"id": "record-1"}},
        ],
    }).json()  # fmt: skip
    assert decisions(told) == [False, True, False, False]
    assert told["evaluations"][3]["context"]["reason"] == "authzen.malformed"


def test_a_way_of_answering_that_there_is_not_is_400(ask: Ask) -> None:
    asked = {"evaluations": [matter()], "options": {"evaluations_semantic": "guess"}}
    assert ask(ALL, asked).status_code == 400
    assert ask(ALL, {"evaluations": [matter()] * 101}).status_code == 400


def test_who_where_and_what_are_searched_among_the_countys_own(ask: Ask) -> None:
    where = ask(f"{SEARCH}/resource", in_place(resource={"type": "area", "properties": {
        "title": "演示", "receivers": ["residents_committee"],
    }}))  # fmt: skip
    assert where.status_code == 200
    assert all(one["type"] == "area" for one in where.json()["results"])
    who = ask(f"{SEARCH}/subject", in_place(subject={"type": "organisation"})).json()
    assert set(who["page"]) == {"next_token", "count"}
    what = ask(f"{SEARCH}/action", {k: v for k, v in in_place().items() if k != "action"}).json()
    for one in what["results"]:
        assert ask(ONE, in_place(action=one)).json()["decision"] is True


def test_no_place_is_found_that_has_nobody_to_receive_it(ask: Ask, one_office: Office) -> None:
    asked = in_place(action={"name": "task"}, page={})
    asked["resource"] = {"type": "area", "properties": {
        "title": "节水宣传", "receivers": ["residents_committee"],
    }}  # fmt: skip
    found: list[str] = []
    token = ""
    while token or not found:
        told = ask(f"{SEARCH}/resource", asked | {"page": {"token": token}}).json()
        found += [one["id"] for one in told["results"]]
        token = told["page"]["next_token"]
    kinds = {
        area.id: area.kind for area in one_office.store.reader.find(Area, "990102")
        if area.level is AreaLevel.COMMUNITY
    }  # fmt: skip
    assert found == sorted(found)
    assert {kinds[id] for id in found} == {AreaKind.RESIDENTS_COMMITTEE}


def _denied(ask: Ask) -> tuple[dict[str, Any], dict[str, Any]]:
    """A question that is denied and may be asked for, and how."""
    asked = matter(
        "task", content="登记。", responsible_party="演示县民政局", starts_on="2026-04-01"
    )
    told = ask(ONE, asked).json()
    assert told["decision"] is False
    return asked, told["context"]


def _brought(asked: dict[str, Any], context: dict[str, Any]) -> dict[str, Any]:
    hint = context["access_request"]
    denial = {
        "evaluation_id": context["evaluation_id"], "expires_at": hint["expires_at"],
        "reason": context["reason"], "binding_token": hint["binding_token"],
    }  # fmt: skip
    return asked | {"denial": denial}


def test_a_denial_says_how_to_ask_and_asking_so_makes_a_draft(
    client: TestClient[Any], sign_in: SignIn, ask: Ask
) -> None:
    asked, context = _denied(ask)
    assert context["access_request"]["endpoint"] == "http://127.0.0.1:8000" + REQUESTS
    made = ask(REQUESTS, _brought(asked, context))
    assert made.status_code == 201, made.text
    task = made.json()["task"]
    assert task["status"] == "pending"
    assert made.headers["location"] == task["status_endpoint"]
    signed = sign_in("dept.clerk")
    draft = client.get(f"/api/v1/requests/{task['id']}", headers=signed).json()
    assert (draft["state"], draft["title"]) == ("draft", "演示社区养老服务月报")
    again = client.get(f"{REQUESTS}/{task['id']}", headers=signed)
    assert again.json()["task"] == task


def test_asking_and_searching_go_alike_on_each_engine(
    both_client: TestClient[Any], both_sign_in: SignIn
) -> None:
    signed = both_sign_in("dept.clerk")

    def asked(path: str, body: Any = None) -> Any:
        return both_client.post(path, json=body, headers=signed)

    question, context = _denied(asked)
    assert asked(REQUESTS, _brought(question, context)).status_code == 201
    for what, left in (("subject", "subject"), ("resource", "resource")):
        sort = in_place() | {left: {k: v for k, v in in_place()[left].items() if k != "id"}}
        assert asked(f"{SEARCH}/{what}", sort).status_code == 200


def test_one_denial_makes_one_draft_however_often_it_is_brought(ask: Ask) -> None:
    asked = _brought(*_denied(ask))
    first, second = ask(REQUESTS, asked), ask(REQUESTS, asked)
    assert first.json()["task"]["id"] == second.json()["task"]["id"]


FORGED: dict[str, Callable[[dict[str, Any]], Any]] = {
    "another matter": lambda q: q["resource"]["properties"].update(title="另一件事"),
    "another body": lambda q: q["subject"].update(id="o-990102-street"),
    "another day": lambda q: q["denial"].update(expires_at="2030-01-01T00:00:00+08:00"),
    "another number": lambda q: q["denial"].update(evaluation_id="evl-1"),
    "no token": lambda q: q["denial"].update(binding_token=""),
    "a changed token": lambda q: q["denial"].update(
        binding_token=q["denial"]["binding_token"][:-4] + "AAAA"
    ),
    "no seal": lambda q: q["denial"].update(binding_token="eyJhbGciOiJub25lIn0.e30."),
}


@pytest.mark.parametrize("case", FORGED)
def test_a_denial_that_was_not_told_binds_nobody(ask: Ask, case: str) -> None:
    asked = json.loads(json.dumps(_brought(*_denied(ask))))
    FORGED[case](asked)
    answer = ask(REQUESTS, asked)
    told = answer.json()
    assert (answer.status_code, told["code"]) == (400, "asking.denial_binding")
    assert told["type"] == URN + "invalid_denial_binding"


def test_a_denial_of_yesterday_is_too_old(ask: Ask, clock: MovingClock, sign_in: SignIn,
                                          client: TestClient[Any]) -> None:  # fmt: skip
    asked = _brought(*_denied(ask))
    clock.at = clock.at.replace(day=clock.at.day + 1)
    answer = client.post(REQUESTS, json=asked, headers=sign_in("dept.clerk"))
    assert (answer.status_code, answer.json()["code"]) == (410, "asking.denial_expired")
    assert answer.json()["type"] == URN + "expired_denial"


def test_what_the_profile_names_is_called_by_its_names(ask: Ask) -> None:
    assert ask(f"{REQUESTS}/req-none").json()["type"] == URN + "unknown_task"
    asked = _brought(*_denied(ask))
    assert ask(REQUESTS, asked, **{"idempotency-key": "k"}).status_code == 201
    again = ask(REQUESTS, asked | {"later": 1, "context": {"x": 1}}, **{"idempotency-key": "k"})
    assert (again.status_code, again.json()["type"]) == (409, URN + "duplicate_request")


def test_what_is_refused_absolutely_is_not_to_be_asked_for(ask: Ask) -> None:
    told = ask(ONE, matter("task", title="由社区实施行政处罚")).json()
    assert (told["decision"], told["context"]["reason"]) == (False, "refused")
    assert told["context"]["absolute"] is True
    assert "access_request" not in told["context"]


def test_a_number_without_a_canonical_form_binds_nothing(ask: Ask) -> None:
    told = ask(ONE, matter("task", later=2**70)).json()
    assert told["decision"] is False
    assert "access_request" not in told["context"]


def test_what_was_admitted_may_be_done_under_its_approval_and_nothing_else(
    one_hand: Any, ask: Ask
) -> None:
    request = admitted(one_hand)
    said = {k: v for k, v in OFF_LIST.items() if k != "kind"}
    asked: dict[str, Any] = matter("task") | {"context": {"approval": {"id": request.id}}}
    asked["resource"]["properties"] = said
    told = ask(ONE, asked).json()
    assert told["decision"] is True, told
    assert told["context"]["reason"] == "approved"
    status = {"task": {"status": "approved"}, "result": {"mode": "reevaluate"}}
    assert _part(ask(f"{REQUESTS}/{request.id}").json(), status) == status
    for change in ({"title": "另一件事"}, {"targets": ["990102001002"]}, {"technical": True}):
        asked["resource"]["properties"] = said | change
        denied = ask(ONE, asked).json()
        assert denied["decision"] is False, change
        assert denied["context"]["next_action"] == "request", change


def _again(id: str, **changes: Any) -> dict[str, Any]:
    """What was admitted, asked again under its approval."""
    said = {k: v for k, v in (OFF_LIST | changes).items() if k != "kind"}
    asked = matter("task") | {"context": {"approval": {"id": id}}}
    return asked | {"resource": {"type": "filing", "id": "x", "properties": said}}


def test_an_approval_is_told_with_the_day_it_is_good_for(one_hand: Any, ask: Ask) -> None:
    request = admitted(one_hand)
    approval = {"id": request.id, "approved_until": "2026-03-03T00:00:00+08:00"}
    assert ask(f"{REQUESTS}/{request.id}").json()["result"]["approval"] == approval
    assert ask(ONE, _again(request.id)).json()["context"]["approval"] == approval


def test_of_what_was_admitted_in_part_only_that_part_may_be_done(one_hand: Any, ask: Ask) -> None:
    request = examined(one_hand, accepted(one_hand, submitted(one_hand, drafted(one_hand))))
    grant = GrantCommand(ends_on=date(2026, 6, 15))
    command = DecideCommand(reason="缩短期限", grant=grant)
    one_hand("street.head").do(lambda d: approve(d, request.id, request.version, command))
    assert ask(ONE, _again(request.id)).json()["decision"] is False
    assert ask(ONE, _again(request.id, ends_on="2026-06-15")).json()["decision"] is True


ENDED = [PresenceState.SUSPENDED, PresenceState.EXITED, PresenceState.REFUSED,
         PresenceState.COMPLETED, PresenceState.EXPIRED]  # fmt: skip


@pytest.mark.parametrize("state", ENDED)
def test_what_a_community_has_no_more_may_not_be_done_there_under_its_approval(
    one_hand: Any, ask: Ask, state: PresenceState
) -> None:
    request = admitted(one_hand)
    (there,) = presences(one_hand, request)
    put(one_hand, there, state=state)
    assert ask(ONE, _again(request.id)).json()["decision"] is False


def test_when_its_term_is_over_an_approval_covers_nothing(
    one_hand: Any, client: TestClient[Any], sign_in: SignIn, clock: MovingClock
) -> None:
    request = admitted(one_hand)
    for month, day, expected in ((6, 30, True), (7, 1, False)):
        clock.at = clock.at.replace(month=month, day=day)
        answer = client.post(ONE, json=_again(request.id), headers=sign_in("dept.clerk"))
        assert answer.json()["decision"] is expected, day


def _part(whole: Any, like: Any) -> Any:
    """What of a whole the other names."""
    return {k: _part(whole[k], v) if isinstance(v, dict) else whole[k] for k, v in like.items()}


@pytest.mark.parametrize("operation", [o for o in operations() if o.path.startswith("/access")],
                         ids=lambda o: o.id)  # fmt: skip
def test_the_examples_of_the_document_can_be_sent(ask: Ask, operation: Any) -> None:
    assert operation.section == "authzen"
    if operation.body is not None:
        answer = ask(operation.path, operation.body_example)
        told = answer.json()
        assert answer.status_code == 200 or told["code"] == "asking.denial_binding", told
        assert told.get("context", {}).get("reason") != "asking.unclear"


@pytest.mark.parametrize(
    ("file", "text", "why"),
    [
        ("policy.csv", "p, user, alice", "cells"),
        ("policy.csv", "", "empty"),
        ("policy.csv", "x, user", "starts with"),
        ("point.toml", 'id = "x"', "missing"),
    ],
)
def test_tables_that_cannot_be_used_stop_the_start(
    tmp_path: Path, file: str, text: str, why: str
) -> None:
    for one in (POINTS / "records").iterdir():
        (tmp_path / one.name).write_text(one.read_text("utf-8"), "utf-8")
    (tmp_path / file).write_text(text, "utf-8")
    with pytest.raises(EngineError, match=why):
        Point(tmp_path)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20)
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(["subject", "action", "resource", "type", "id", "name", "properties",
                         "context", "approval", "evaluations", "targets", "title", "denial"]),
        inner, max_size=5,
    ),
    max_leaves=20,
)  # fmt: skip


@pytest.mark.usefixtures("records")
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(path=st.sampled_from([ONE, ALL, f"{SEARCH}/action", REQUESTS]), body=json_values)
def test_whatever_is_asked_is_answered_or_refused(ask: Ask, path: str, body: Any) -> None:
    assert ask(path, [] if body is None else body).status_code in (200, 400)
