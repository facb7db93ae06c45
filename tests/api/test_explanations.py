"""Explanations 预审说明 over HTTP: refused, explained, changed as told, submitted again, passed."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import msgspec
import pytest
from litestar.testing import TestClient

from registry.actions.office import Office
from registry.actions.staff.accounts import issue_token
from registry.cli.player import Player
from registry.cli.stories import Story, all_stories, resolve
from tests.api.conftest import SignIn
from tests.joined import door

Client = TestClient[Any]
API = "/api/v1"
Plain = dict[str, Any]


def _patch(filing: Plain, edits: list[Plain], filled: Callable[[Plain], Any]) -> Plain:
    """The edits as a program of another office would apply them: JSON patch, nothing of ours."""
    made = deepcopy(filing)
    for edit in edits:
        assert edit["op"] == "add"
        *way, last = edit["path"].strip("/").split("/")
        holder: Any = made
        for name in way:
            holder = holder[int(name)] if isinstance(holder, list) else holder[name]
        value = filled(edit) if edit["ask"] else edit["value"]
        if isinstance(holder, list):
            holder.append(value)
        else:
            holder[last] = value
    return made


def _as_a_clerk_would(edit: Plain) -> Any:
    """What stands in for a real answer to what the edit asks for."""
    value = edit["value"]
    if isinstance(value, dict) and "amount_fen" in value:
        return value | {"amount_fen": 600000, "basis": "按户计补"}
    return value


def _draft(client: Client, headers: Plain, filing: Plain) -> Plain:
    answer = client.post(f"{API}/requests", json={"filing": filing}, headers=headers)
    assert answer.status_code == 201, answer.text
    made: Plain = answer.json()["request"]
    return made


def _submit(client: Client, headers: Plain, request: Plain, version: int) -> Any:
    seen = headers | {"if-match": f'"{version}"'}
    return client.post(f"{API}/requests/{request['id']}/submit", json={}, headers=seen)


def _walked(client: Client, sign_in: SignIn, filing: Plain) -> tuple[Plain, Any]:
    """Refused, explained, changed as told and handed in again: the explanation and the answer."""
    clerk, head = sign_in("dept.clerk"), sign_in("dept.head")
    request = _draft(client, clerk, filing)
    refused = _submit(client, head, request, request["version"])
    assert (refused.status_code, refused.json()["code"]) == (422, "request.refused")
    told = client.get(f"{API}/requests/{request['id']}/explanation", headers=clerk)
    assert told.status_code == 200, told.text
    explanation = told.json()
    held = client.get(f"{API}/requests/{request['id']}", headers=clerk).json()
    if not explanation["ways"]["ways"]:
        return explanation, None
    edits = [e for c in explanation["ways"]["ways"][0]["changes"] for e in c["edits"]]
    changed = client.put(
        f"{API}/requests/{request['id']}", headers=clerk | {"if-match": f'"{held["version"]}"'},
        json=_patch(held["filing"], edits, _as_a_clerk_would),
    )  # fmt: skip
    assert changed.status_code == 200, changed.text
    version = changed.json()["request"]["version"]
    return explanation, _submit(client, head, request, version)


# ---- one request, all the way ------------------------------------------------------------------


def test_a_filing_without_money_is_refused_explained_changed_and_passes(
    both_client: Client, both_sign_in: SignIn, filing: Plain
) -> None:
    poor = filing | {"funding": [], "bases": [{"level": "policy", "title": "演示工作通知（虚构）"}]}
    explanation, answer = _walked(both_client, both_sign_in, poor)
    assert explanation["outcome"] == "refused"
    assert {m["rule"] for m in explanation["matched"]} >= {"CN-R14-RC-2026"}
    way = explanation["ways"]["ways"][0]
    assert [c["id"] for c in way["changes"]] == ["money.state"]
    assert way["outcome"] == "needs_approval" and "委托部门" in way["sentence"]
    assert answer.status_code == 200, answer.text
    assert answer.json()["request"]["state"] == "submitted"
    assert answer.json()["request"]["outcome"] == way["outcome"]


def test_what_no_change_helps_is_told_so_and_proposes_nothing(
    client: Client, sign_in: SignIn, filing: Plain
) -> None:
    barred = filing | {"title": "由社区实施行政处罚",
                       "bases": [{"level": "policy", "title": "演示工作通知（虚构）"}]}  # fmt: skip
    explanation, answer = _walked(client, sign_in, barred)
    assert answer is None
    assert explanation["ways"]["stubborn"] == ["DM-R4"]
    assert "DM-R4" in explanation["ways"]["sentence"]


def _refused_at_filing(story: Story) -> Plain | None:
    """The filing that a story drafts and is then refused with, if its verdict refuses it."""
    known: Plain = {}
    for name, piece in story.given.items():
        known[name] = resolve(piece, known)
    drafted: Plain | None = None
    for step in story.step:
        if step.do in ("POST /requests", "PUT /requests/$case.id") and step.json:
            told = resolve(step.json, known)
            drafted = told.get("filing", told if step.do.startswith("PUT") else drafted)
        if step.expect.code == "request.refused":
            return drafted
    return None


REFUSED = {s.id: f for s in all_stories() if (f := _refused_at_filing(s)) is not None}
NO_WAY = {"absolute", "insisted", "certificate-refused", "formulas"}
"""Barred by what they are: a penalty, a penalty, a paper nobody may ask for; or wanting the minutes
behind a figure, which only those who ask can bring."""


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_every_refused_story_that_has_a_way_is_walked_to_its_end(
    name: str, client: Client, sign_in: SignIn
) -> None:
    explanation, answer = _walked(client, sign_in, msgspec.to_builtins(REFUSED[name]))
    assert (answer is None) == (name in NO_WAY), explanation["ways"]["sentence"]
    if answer is not None:
        assert answer.status_code == 200, answer.text


def test_the_stories_that_are_refused_are_known() -> None:
    assert set(REFUSED) >= NO_WAY | {"side-by-side"}


# ---- a gate after filing -----------------------------------------------------------------------


ACTS = {"DM-AGREEMENT": "case.agreement", "DM-MONEY-NONE": "case.money",
        "DM-MONEY-SHORT": "case.money"}  # fmt: skip
"""Rule that holds a start back → what is told to do about it; the stories then do it."""
HELD = [
    (story, number) for story in all_stories()
    for number, step in enumerate(story.step, start=1)
    if step.expect.code == "gate.refused" and set(step.expect.rules) <= set(ACTS)
]  # fmt: skip


@pytest.mark.parametrize("held", HELD, ids=[f"{s.id}-{n}" for s, n in HELD])
def test_what_stands_in_the_way_of_a_start_is_told_as_the_acts_the_story_then_does(
    held: tuple[Story, int], one_office: Office, clock: Any
) -> None:
    story, number = held

    def bearer(username: str) -> str:
        person = one_office.store.reader.person_named(username)
        assert person is not None
        return issue_token(one_office, person).token

    with door(one_office, raising=True) as client:
        player = Player(client, bearer, lambda moment: setattr(clock, "at", moment))
        played = player.play(msgspec.structs.replace(story, step=story.step[:number]))
        assert not played[-1].problems
        headers = {"authorization": f"Bearer {bearer('auditor')}"}
        start = client.get(f"{API}/verdicts?gate=start&outcome=refused", headers=headers)
        told = [
            client.get(f"{API}/verdicts/{kept['id']}/explanation", headers=headers).json()
            for kept in start.json()["items"]
        ]
    wanted = {ACTS[rule] for rule in story.step[number - 1].expect.rules}
    proposed = [{c["id"] for c in e["ways"]["ways"][0]["changes"]} for e in told]
    assert wanted in proposed
    changes = [c for e in told for way in e["ways"]["ways"] for c in way["changes"]]
    assert all(c["state"] and not c["edits"] for c in changes)
    assert {(e["gate"], e["outcome"]) for e in told} == {("start", "refused")}


# ---- without recording -------------------------------------------------------------------------


def test_a_filing_is_explained_without_leaving_a_trace(
    client: Client, sign_in: SignIn, filing: Plain
) -> None:
    auditor, clerk = sign_in("auditor"), sign_in("dept.clerk")

    def entries() -> list[int]:
        page = client.get(f"{API}/events?limit=500", headers=auditor).json()
        return [event["seq"] for event in page["items"]]

    before = entries()
    asked = {"filing": filing | {"funding": []}, "on": "2026-03-02"}
    answer = client.post(f"{API}/explanations", json=asked, headers=clerk)
    assert answer.status_code == 200 and answer.json()["outcome"] == "refused"
    assert before and entries() == before


def test_who_may_not_ask_for_a_precheck_is_told_no_explanation(
    client: Client, sign_in: SignIn, filing: Plain
) -> None:
    answer = client.post(
        f"{API}/explanations", json={"filing": filing}, headers=sign_in("finance.clerk")
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "access.forbidden")


@pytest.mark.parametrize("resource", ["requests", "verdicts"])
def test_what_one_may_not_know_of_is_not_explained_either(
    client: Client, sign_in: SignIn, filing: Plain, resource: str
) -> None:
    request = _draft(client, sign_in("dept.clerk"), filing | {"funding": []})
    refused = _submit(client, sign_in("dept.head"), request, request["version"]).json()["facts"]
    id = request["id"] if resource == "requests" else refused["verdict_id"]
    path = f"{API}/{resource}/{id}/explanation"
    assert client.get(path, headers=sign_in("dept.clerk")).status_code == 200
    other = client.get(path, headers=sign_in("community.head"))
    assert other.status_code in (403, 404)
    assert client.get(f"{API}/{resource}/none/explanation",
                      headers=sign_in("dept.clerk")).status_code == 404  # fmt: skip


def test_a_composite_is_explained_by_its_parts(
    client: Client, sign_in: SignIn, filing: Plain
) -> None:
    answer = client.post(
        f"{API}/requests", json={"filing": filing, "children": [filing | {"funding": []}]},
        headers=sign_in("dept.clerk"),
    )  # fmt: skip
    parent = answer.json()["request"]
    told = client.get(f"{API}/requests/{parent['id']}/explanation", headers=sign_in("dept.clerk"))
    assert (told.status_code, told.json()["code"]) == (409, "explanation.composite")
    children = client.get(f"{API}/requests?parent_id={parent['id']}", headers=sign_in("dept.clerk"))
    child = children.json()["items"][0]
    told = client.get(f"{API}/requests/{child['id']}/explanation", headers=sign_in("dept.clerk"))
    assert told.json()["outcome"] == "refused"
