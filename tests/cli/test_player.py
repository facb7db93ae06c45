"""The player: what differs from a story is said, and a story that means nothing is refused."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from litestar import Litestar, Request, Response, route
from litestar.testing import TestClient

from registry.cli.player import Played, Player
from registry.cli.stories import Story, StoryError, all_stories, lookup, read_story, resolve

VERDICT = {
    "id": "v1",
    "version": 1,
    "outcome": "needs_approval",
    "deciding": ["A"],
    "rules": [{"rule": "A"}, {"rule": "B", "lifted_by": "C"}],
}
CASE = {"id": "r1", "version": 7, "state": "submitted", "verdict_id": "v1"}


@route("/{rest:path}", http_method=["GET", "POST"], sync_to_thread=False)
def _same(request: Request[Any, Any, Any]) -> Response[Any]:
    """A registry that says the same to everybody, and tells back what it was sent."""
    if request.url.path.startswith("/api/v1/verdicts/"):
        return Response(VERDICT)
    if request.url.path.endswith("/refuse"):
        return Response({"code": "x.y", "detail": "不行"}, status_code=409)
    told = {"request": CASE, "children": [], "sent": dict(request.headers)}
    return Response(told, status_code=200)


def _play(*steps: dict[str, Any]) -> list[Played]:
    whole = [{"as": "a", "say": "说", "say_en": "say", **step} for step in steps]
    raw = {"id": "s", "title": "题", "title_en": "t", "clock": "2026-03-02T09:00:00+08:00"}
    story = msgspec.convert({**raw, "step": whole}, Story)
    with TestClient(Litestar([_same], openapi_config=None)) as client:
        return Player(client, lambda name: name, lambda at: None).play(story)


def test_what_is_as_it_must_be_is_not_spoken_of() -> None:
    expect = {"state": "submitted", "outcome": "needs_approval", "rules": ["A"]}
    (played,) = _play({"do": "POST /requests", "expect": expect})
    assert played.problems == []


@pytest.mark.parametrize(
    "expect",
    [
        {"state": "approved"},
        {"status": 201},
        {"outcome": "listed"},
        {"code": "some.code"},
        {"rules": ["Z"]},
        {"rules": ["B"]},
        {"not_rules": ["A"]},
        {"has": {"version": 8}},
        {"has": {"nowhere.0": 1}},
        {"balances": {"order": 1}},
    ],
)
def test_what_is_not_as_it_must_be_is_said(expect: dict[str, Any]) -> None:
    (played,) = _play({"do": "POST /requests", "save": "case", "expect": expect})
    assert len(played.problems) == 1


def test_a_refusal_nobody_expected_is_said_and_ends_the_story() -> None:
    played = _play({"do": "POST /refuse"}, {"do": "POST /requests"})
    assert [bool(p.problems) for p in played] == [True]


def test_a_refusal_that_was_expected_is_as_it_must_be() -> None:
    (played,) = _play({"do": "POST /refuse", "expect": {"status": 409, "code": "x.y"}})
    assert played.problems == []


def test_an_act_carries_the_version_seen_and_a_key() -> None:
    played = _play(
        {"do": "POST /requests", "save": "case"},
        {
            "do": "POST /requests/$case.id/submit",
            "expect": {"has": {"sent.if-match": '"7"', "sent.idempotency-key": "s-2"}},
        },
    )
    assert played[-1].problems == []


def test_a_reference_to_nothing_is_said() -> None:
    (played,) = _play({"do": "POST /requests/$nobody.id/submit"})
    assert "nothing at nobody" in played.problems[0]


def test_a_table_is_laid_over_the_one_it_is_like() -> None:
    known = {"filing": {"title": "甲", "kind": "task"}}
    assert resolve({"like": "$filing", "title": "乙"}, known) == {"title": "乙", "kind": "task"}


def test_a_path_leads_through_lists_and_tables() -> None:
    assert lookup("a.1.b", {"a": [0, {"b": 5}]}) == 5


@pytest.mark.parametrize("text", ["not toml", 'id = "x"', 'id = "x"\nunknown = 1'])
def test_a_file_that_is_no_story_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.toml").write_text(text, "utf-8")
    with pytest.raises(StoryError, match=r"x\.toml"):
        read_story(tmp_path / "x.toml")


def test_every_story_has_its_own_name() -> None:
    names = [story.id for story in all_stories()]
    assert len(names) == len(set(names))
