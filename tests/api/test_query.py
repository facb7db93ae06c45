"""Asking 查询: one grammar for every list, pages that hang together, and nothing beyond one's own."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import msgspec
import pytest
from litestar.testing import TestClient

from registry.actions.office import Office
from registry.api import grammar
from registry.api.resources import RESOURCES
from registry.store import sums
from tests.api.conftest import SignIn

HOSTILE = (
    "' OR '1'='1", "x'; DROP TABLE request; --", '" OR 1=1 --', "%", "_", "*", "\\", "NEAR(",
    "社区\" OR \"a", "{}", "null", "１＝１", "x" * 300,
)  # fmt: skip
Draft = Callable[..., dict[str, Any]]


@pytest.fixture
def drafts(
    both_client: TestClient[Any], both_sign_in: SignIn, filing: dict[str, Any]
) -> list[dict[str, Any]]:
    """Seven drafts whose titles differ, on each engine."""
    made = []
    for number, word in enumerate(("花草", "电费", "反诈", "电梯", "垃圾", "花草", "养老")):
        told = filing | {"title": f"演示{word}登记{number}", "content": f"登记{word}的居民。"}
        answer = both_client.post(
            "/api/v1/requests", json={"filing": told}, headers=both_sign_in("dept.clerk")
        )
        assert answer.status_code == 201, answer.text
        made.append(answer.json()["request"])
    return made


@pytest.fixture
def ask(both_client: TestClient[Any], both_sign_in: SignIn) -> Callable[..., Any]:
    def asking(path: str, by: str = "dept.clerk") -> Any:
        return both_client.get(f"/api/v1/{path}", headers=both_sign_in(by))

    return asking


@pytest.fixture
def rewrite(
    both_client: TestClient[Any], both_sign_in: SignIn, filing: dict[str, Any]
) -> Callable[..., None]:
    """Fill in a draft anew, as its clerk."""

    def written(one: str, version: int, title: str, content: str = "") -> None:
        headers = both_sign_in("dept.clerk") | {"if-match": str(version)}
        told = filing | {"title": title, "content": content or filing["content"]}
        answer = both_client.put(f"/api/v1/requests/{one}", json=told, headers=headers)
        assert answer.status_code == 200, answer.text

    return written


def _ids(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [row["id"] for row in answer.json()["items"]]


def test_a_word_of_two_characters_finds_titles_and_contents(
    ask: Any, drafts: list[dict[str, Any]]
) -> None:
    assert _ids(ask("requests?text=花草")) == [drafts[0]["id"], drafts[5]["id"]]
    assert _ids(ask("requests?text=电梯登记")) == [drafts[3]["id"]]
    assert _ids(ask("requests?text=電梯")) == [drafts[3]["id"]]  # as words are compared
    assert _ids(ask("requests?text=梯电")) == []
    assert _ids(ask("requests?text=花草&kind=campaign")) == []
    for bad in ("", "花", "。。", "  ", "花" * 60):
        assert ask(f"requests?text={quote(bad)}").json()["code"] == "query.text"
    assert ask("requests?text=花草&sort=id").json()["code"] == "query.text"


def test_a_word_is_looked_for_in_what_a_record_says_now_or_said_then(
    ask: Any, drafts: list[dict[str, Any]], rewrite: Callable[..., None]
) -> None:
    before = ask("requests").json()["snapshot"]
    one = drafts[0]["id"]
    rewrite(one, 1, "演示路灯", "登记路灯。")
    assert _ids(ask("requests?text=路灯")) == [one]
    assert _ids(ask("requests?text=花草")) == [drafts[5]["id"]]
    assert _ids(ask(f"requests?text=花草&as_of={before}")) == [one, drafts[5]["id"]]
    rewrite(one, 2, drafts[0]["title"], "登记花草的居民。")
    assert set(_ids(ask("requests?text=花草"))) == {one, drafts[5]["id"]}


def test_nobody_finds_by_a_word_what_they_do_not_read(
    ask: Any, drafts: list[dict[str, Any]]
) -> None:
    assert drafts
    for stranger in ("dept2.clerk", "other.office"):
        assert _ids(ask("requests?text=花草", stranger)) == []
        assert ask("counts?resource=requests&by=state", stranger).json()["items"] == []
        told = ask("diff?resource=requests&as_of=0..", stranger).json()
        assert (told["items"], told["next"]) == ([], None)


def test_pages_in_an_order_follow_one_another_without_gap_or_repeat(
    ask: Any, drafts: list[dict[str, Any]]
) -> None:
    ids = {one["id"] for one in drafts}
    for query in ("sort=-due_on", "sort=state", "sort=-id", "state.in=draft,closed", "text=登记"):
        seen: list[str] = []
        pages = 0
        after: str | None = ""
        while after is not None:
            told = ask(f"requests?limit=2&{query}{after}").json()
            seen += [row["id"] for row in told["items"]]
            after = None if told["next"] is None else f"&after={told['next']}"
            pages += 1
        assert (set(seen), len(seen), pages) == (ids, len(ids), 4), query
        if query == "sort=-id":
            assert seen == sorted(seen, reverse=True)


def test_a_cursor_fits_the_list_it_was_given_for_and_no_other(
    ask: Any, drafts: list[dict[str, Any]]
) -> None:
    assert drafts
    held = ask("requests?limit=2&sort=-due_on").json()["next"]
    assert ask(f"requests?limit=2&sort=-due_on&after={held}").status_code == 200
    for other in (
        f"requests?sort=due_on&after={held}", f"requests?after={held}",
        f"requests?sort=-due_on&state=draft&after={held}", f"presences?after={held}",
        f"requests?sort=-due_on&after={held[:-4]}", "requests?sort=-due_on&after=990102%7Cx",
        "requests?after=AAAA", "requests?after=%F0", "requests?after=" + "A" * 2_000,
    ):  # fmt: skip
        answer = ask(other)
        assert (answer.status_code, answer.json()["code"]) in (
            (400, "query.cursor"), (400, "query.malformed")
        ), other  # fmt: skip


FORGED = (
    (2, 10**30), (2, -(10**30)), (2, 2**63), (2, 5), (2, "abc"), (2, "a\x00b"), (3, "x\x00"),
    (3, 10**40), (3, "9999-12-31T23:59:59-14:00"), (3, "2026-03-02T04:00:00"), (3, None),
    (1, "\x00"),
)  # fmt: skip
"""Place in a cursor, and what stands there instead."""


@pytest.mark.parametrize(
    "path", ["areas?", "areas?sort=level&", "events?", "events?sort=-at&", "areas?text=演示&",
             "diff?resource=areas&as_of=1..&"],
)  # fmt: skip
def test_a_forged_cursor_leads_to_rows_or_to_a_no(ask: Any, path: str) -> None:
    held = ask(f"{path}limit=1", "auditor").json()["next"]
    told = msgspec.json.decode(urlsafe_b64decode(held + "=" * (-len(held) % 4)))
    for place, value in FORGED:
        forged = urlsafe_b64encode(json.dumps([*told[:place], value, *told[place + 1 :]]).encode())
        answer = ask(f"{path}limit=1&after={forged.decode().rstrip('=')}", "auditor")
        if answer.status_code != 200:
            assert (answer.status_code, answer.json()["code"]) == (400, "query.cursor"), value
    for key in ("990102|abc", "990102|9" + "9" * 30):
        answer = ask(f"{path}limit=1&after={quote(key)}", "auditor")
        assert answer.status_code == 200 or answer.json()["code"] == "query.cursor", key


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-14:00"])
def test_an_instant_beyond_all_years_is_none(
    client: TestClient[Any], sign_in: SignIn, at: str
) -> None:
    """It had been told as one that contradicts what is recorded."""
    for path, code in (
        (f"events?at.ge={at}", "query.malformed"), (f"events?as_of={at}", "query.as_of"),
        (f"diff?resource=areas&as_of={at}..", "query.as_of"),
    ):  # fmt: skip
        answer = client.get(f"/api/v1/{path}", headers=sign_in("auditor"))
        assert (answer.status_code, answer.json()["code"]) == (400, code), path


def test_the_log_is_gone_on_with_from_a_number_of_its_own(ask: Any) -> None:
    rows = ask("events?limit=1&after=990102%7C2", "auditor").json()["items"]
    assert [row["seq"] for row in rows] == [3]


def test_the_pages_of_one_walk_are_of_one_snapshot(
    ask: Any, drafts: list[dict[str, Any]], rewrite: Callable[..., None]
) -> None:
    first = ask("requests?limit=3").json()
    shown = {row["id"] for row in first["items"]}
    other = next(one for one in drafts if one["id"] not in shown)
    rewrite(other["id"], 1, "改后")
    path = f"requests?limit=50&as_of={first['snapshot']}&after={first['next']}"
    assert other["title"] in [row["title"] for row in ask(path).json()["items"]]
    assert ask(path).json()["snapshot"] == first["snapshot"]


def test_only_the_fields_asked_for_are_told(ask: Any, drafts: list[dict[str, Any]]) -> None:
    told = ask("requests?fields=id,title&limit=1").json()["items"]
    first = min(drafts, key=lambda one: str(one["id"]))
    assert told == [{"id": first["id"], "title": first["title"]}]
    assert ask("requests?fields=id,password_hash").json()["code"] == "query.malformed"
    assert ask("people?fields=password_hash", "auditor").status_code == 400


def test_more_and_less_are_asked_of_days_and_numbers(
    ask: Any, drafts: list[dict[str, Any]]
) -> None:
    assert drafts
    held = ask("events?at.ge=2026-03-02T00:00:00%2B08:00&act=request.draft", "auditor")
    assert len(held.json()["items"]) == len(drafts)
    later = ask("events?at.gt=2030-01-01T00:00:00%2B08:00", "auditor")
    assert later.json()["items"] == []
    assert _ids(ask("requests?applied_on.ge=2026-01-01")) == []
    for bad in (
        "applied_on.ge=gestern", "applied_on.ge=", "state.ge=a", "state.like=a", "colour=x",
        "state.in=" + ",".join("abcdefghijklmnopqrstu"), "title=x", "version.gt=1",
        "sort=title", "sort=--state", "area=x", "area=123", "holder=p", "post=x",
    ):  # fmt: skip
        answer = ask(f"requests?{bad}")
        assert answer.status_code == 400 or bad == "post=x", bad


def test_an_order_no_index_gives_is_refused_and_told_what_is_served(ask: Any) -> None:
    answer = ask("requests?kind=task&sort=due_on")
    told = answer.json()
    assert (answer.status_code, told["code"]) == (400, "query.unserved")
    assert "applied_on" not in told["detail"].split("可用的条件")[0]
    assert "applicant_id" in told["detail"]


def test_an_area_is_asked_for_by_id_or_code_with_all_below(
    ask: Any, drafts: list[dict[str, Any]]
) -> None:
    ids = sorted(one["id"] for one in drafts)
    assert _ids(ask("requests?area=990102001001")) == ids
    assert _ids(ask("requests?area=990102001")) == ids
    assert _ids(ask("requests?area=990102002")) == []
    for nowhere in ("a-nowhere", "123", "990102009009"):
        assert ask(f"requests?area={nowhere}").json()["code"] == "query.area"
    below = ask("areas?area=990102001&level=community&limit=500").json()["items"]
    assert below
    assert all(row["code"].startswith("990102001") for row in below)


def test_groups_come_in_order_of_their_codes_and_never_by_rank(
    ask: Any, drafts: list[dict[str, Any]]
) -> None:
    told = ask("counts?resource=requests&by=state,kind").json()
    assert told["items"] == [{"by": ["draft", "task"], "rows": len(drafts), "sum": None}]
    people = ask("counts?resource=presences&by=street&sum=share_fen", "auditor").json()
    assert people["items"] == []
    for bad in (
        "resource=requests&by=title", "resource=nothing&by=state", "by=state",
        "resource=requests&by=state&sum=id", "resource=requests&by=state,kind,outcome,applicant_id",
        "resource=notices&by=kind", "resource=requests&by=state&sort=id",
    ):  # fmt: skip
        assert ask(f"counts?{bad}").status_code == 400, bad
    assert ask("counts?resource=requests&by=title").json()["code"] == "query.uncounted"


def test_a_sum_of_a_part_of_the_groups_is_told_by_nobody(
    ask: Any, drafts: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was left out would be missing in every sum, and nothing would say so."""
    path = "counts?resource=requests&by=state,kind"
    groups = len(ask(path).json()["items"])
    monkeypatch.setattr(sums, "MOST", groups)
    assert ask(path).status_code == 200
    monkeypatch.setattr(sums, "MOST", groups - 1)
    assert ask(path).json()["code"] == "query.groups"


def test_what_changed_between_two_snapshots_is_told_with_its_fields(
    ask: Any, drafts: list[dict[str, Any]], rewrite: Callable[..., None]
) -> None:
    begun = ask("requests").json()["snapshot"]
    one = drafts[2]["id"]
    rewrite(one, 1, "改后")
    told = ask(f"diff?resource=requests&as_of={begun}..").json()
    assert [(row["id"], row["change"]) for row in told["items"]] == [(one, "changed")]
    assert told["items"][0]["before"]["title"] == drafts[2]["title"]
    assert told["items"][0]["after"]["title"] == "改后"
    came: list[str] = []
    after: str | None = ""
    while after is not None:
        page = ask(f"diff?resource=requests&as_of=0..{begun}&limit=3{after}").json()
        came += [row["id"] for row in page["items"] if row["change"] == "came"]
        after = None if page["next"] is None else f"&after={page['next']}"
    assert sorted(came) == sorted(one["id"] for one in drafts)
    for bad in ("5", "9..3", "..", "a..b", "1..2..3", ""):
        assert ask(f"diff?resource=requests&as_of={bad}").status_code == 400, bad
    assert ask("diff?resource=notices&as_of=0..").json()["code"] == "query.span"
    assert ask("diff?resource=events&as_of=0..", "auditor").json()["code"] == "query.span"


def test_what_fell_to_somebody_in_their_term_of_office(
    ask: Any, office: Office, drafts: list[dict[str, Any]]
) -> None:
    assert drafts
    person = office.store.reader.person_named("dept.clerk")
    assert person is not None
    posts = ask(f"posts?person_id={person.id}", "auditor").json()["items"]
    assert posts
    # Nothing has been handed in: none of it has a day that a term could hold.
    assert _ids(ask(f"requests?holder={person.id}", "auditor")) == []
    assert ask(f"requests?holder={person.id}").json()["code"] == "query.holder"
    assert ask("requests?holder=p-nobody", "auditor").json()["code"] == "query.holder"
    assert ask(f"posts?person_id={person.id}").status_code == 403


@pytest.mark.parametrize("name", ["requests", "findings", "vouchers", "events", "boards"])
def test_nothing_hostile_in_a_filter_is_more_than_a_value(
    client: TestClient[Any], sign_in: SignIn, name: str
) -> None:
    headers = sign_in("auditor")
    for parameter in sorted(grammar.parameters_of(RESOURCES[name].name)):
        for value in HOSTILE:
            path = f"/api/v1/{name}?{parameter}={quote(value)}"
            answer = client.get(path, headers=headers)
            assert answer.status_code in (200, 400, 403, 404), (path, answer.text)
            if answer.status_code == 200:
                assert set(answer.json()) == {"items", "next", "snapshot"}
