"""接着填: a form that its session did not outlive comes back to whoever typed it, and to nobody
else; what others changed meanwhile is not written over unseen."""

from collections.abc import Callable
from typing import Any

import pytest
from litestar.testing import TestClient

from registry.actions.office import Office
from registry.actions.staff import aside
from registry.domain.people import Actor
from registry.domain.request import Request
from registry.policies.sessions import shipped
from tests.conftest import MovingClock
from tests.web.seated import Seat, hidden_of
from tests.web.test_acting import DRAFT, TYPED, drafts
from tests.web.test_sessions import ONE, cookie_of, sign_in, with_password

Seats = Callable[[str], Seat]
TITLE = "filing.title"


def expired(seat: Seats, clock: MovingClock, path: str = DRAFT, **typed: str) -> Any:
    """What the clerk is answered who hands in a form after the session was over."""
    mine = seat("dept.clerk")
    hidden = mine.hidden(path)
    clock.at += shipped().idle + ONE
    return mine.post(path, hidden | typed)


def edited(**more: str) -> dict[str, str]:
    return {name.removeprefix("filing."): value for name, value in TYPED.items()} | more


def titles(office: Office) -> list[str]:
    return [one.filing.title for one in drafts(office)]


def test_what_one_person_typed_does_not_go_to_another_who_signs_in(
    client: TestClient[Any], one_office: Office, clock: MovingClock, seat: Seats
) -> None:
    with_password(one_office, "dept.head")
    asked = expired(seat, clock, **{TITLE: "尚未公开的事项"})
    answer = sign_in(client, "dept.head", **hidden_of(asked))
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk")
    assert "尚未公开" not in answer.text


def test_fields_that_nobodys_form_vouches_for_are_dropped(
    client: TestClient[Any], one_office: Office
) -> None:
    with_password(one_office, "dept.clerk")
    for whose in ({}, {"_whose": ""}, {"_whose": "0" * 128}, {"_whose": "字" * 128}):
        answer = sign_in(client, "dept.clerk", then=DRAFT, **{"kept.x": "y"}, **whose)
        assert answer.headers["location"] == "/desk"


def test_a_wrong_password_in_between_loses_nothing(
    client: TestClient[Any], one_office: Office, clock: MovingClock, seat: Seats
) -> None:
    with_password(one_office, "dept.clerk")
    asked = expired(seat, clock, **{TITLE: "花草认养"})
    wrong = sign_in(client, "dept.clerk", "not it", **hidden_of(asked))
    assert wrong.status_code == 401
    assert "花草认养" in sign_in(client, "dept.clerk", **hidden_of(wrong)).text


def test_a_form_about_user_names_and_passwords_is_not_taken_for_the_sign_in(
    client: TestClient[Any], one_office: Office, clock: MovingClock, seat: Seats
) -> None:
    with_password(one_office, "dept.clerk")
    new = {"username": "somebody.new", "password": "someone-elses-first", "name": "新人"}
    asked = expired(seat, clock, **new)
    assert "someone-elses-first" not in asked.text
    resumed = sign_in(client, "dept.clerk", **hidden_of(asked))
    assert resumed.status_code == 200 and 'name="username" value="somebody.new"' in resumed.text


def test_a_password_is_never_put_aside(seat: Seats, one_office: Office) -> None:
    mine = seat("dept.clerk")
    mine.hand_in(DRAFT, _aside="1", username="somebody.new", password="someone-elses-first")
    actor = Actor(person_id=mine.person.id, name="", county=mine.person.county)
    kept = dict(aside.fields(aside.of(one_office, actor)[0]))
    assert kept["username"] == "somebody.new" and "password" not in kept


def test_a_tab_of_before_the_new_sign_in_goes_on_after_one_press(
    seat: Seats, one_office: Office
) -> None:
    before = seat("dept.clerk")
    old = before.hidden(DRAFT)
    now = seat("dept.clerk")
    told = now.post(DRAFT, old | TYPED)
    assert told.status_code == 409 and drafts(one_office) == []
    page = now.post(DRAFT, hidden_of(told))
    assert page.status_code == 200 and f'value="{TYPED[TITLE]}"' in page.text
    assert now.post(DRAFT, hidden_of(page) | TYPED).status_code == 303
    assert titles(one_office) == [TYPED[TITLE]]


def test_a_tab_in_which_somebody_else_typed_is_refused(seat: Seats) -> None:
    old = seat("dept.clerk").hidden(DRAFT)
    told = seat("dept.head").post(DRAFT, old | {TITLE: "别人填的"})
    assert told.status_code == 403 and "form.foreign" in told.text and "别人填的" not in told.text


def test_a_whole_sign_in_does_nothing_of_its_own_accord(
    client: TestClient[Any], one_office: Office, clock: MovingClock, seat: Seats
) -> None:
    with_password(one_office, "dept.clerk")
    resumed = sign_in(client, "dept.clerk", **hidden_of(expired(seat, clock, **TYPED)))
    again = seat("dept.clerk")
    again.secret = cookie_of(resumed).partition(";")[0].partition("=")[2]
    assert again.post(DRAFT, hidden_of(resumed)).status_code == 200
    assert drafts(one_office) == []


@pytest.mark.parametrize("on_the_way", ["_add", "_aside", "expired"])
def test_what_others_changed_meanwhile_is_not_written_over_unseen(
    seat: Seats, one_office: Office, clock: MovingClock, on_the_way: str
) -> None:
    mine = seat("dept.clerk")
    mine.hand_in(DRAFT, **TYPED)
    path = f"/do/request.edit?id={drafts(one_office)[-1].id}"
    early = mine.hidden(path)
    assert mine.hand_in(path, **edited(title="先改的")).status_code == 303
    sent = early | edited(title="后改的")
    if on_the_way == "_add":
        page = mine.post(path, sent | {"_add": "applicants"})
    elif on_the_way == "_aside":
        mine.post(path, sent | {"_aside": "1"})
        kept = mine.get("/desk/kept").text.partition("draft=")[2].partition('"')[0]
        page = mine.get(f"{path}&draft={kept}")
    else:
        with_password(one_office, "dept.clerk")
        clock.at += shipped().idle + ONE
        resumed = sign_in(mine.client, "dept.clerk", **hidden_of(mine.post(path, sent)))
        mine.secret = cookie_of(resumed).partition(";")[0].partition("=")[2]
        page = mine.post(path, hidden_of(resumed))
    assert page.status_code == 200 and 'value="后改的"' in page.text
    late = mine.post(path, hidden_of(page) | edited(title="后改的"))
    assert late.status_code == 422 and titles(one_office) == ["先改的"]
    knowing = mine.post(path, hidden_of(late) | edited(title="后改的"))
    assert knowing.status_code == 303 and titles(one_office) == ["后改的"]


def test_going_back_and_sending_something_else_is_told_and_then_done(
    seat: Seats, one_office: Office
) -> None:
    mine = seat("dept.clerk")
    sent = mine.hidden(DRAFT) | TYPED
    mine.post(DRAFT, sent)
    told = mine.post(DRAFT, sent | {TITLE: "改了再交"})
    assert told.status_code == 422 and 'value="改了再交"' in told.text
    assert mine.post(DRAFT, hidden_of(told) | TYPED | {TITLE: "改了再交"}).status_code == 303
    assert sorted(titles(one_office)) == sorted([TYPED[TITLE], "改了再交"])


@pytest.mark.parametrize(
    "then",
    ["//elsewhere.example", "/\\elsewhere.example", "https://elsewhere.example", "/\t/e.example",
     "javascript:alert(1)", "/login?then=//elsewhere.example"],
)  # fmt: skip
def test_an_act_that_is_done_leads_nowhere_outside(
    seat: Seats, one_office: Office, then: str
) -> None:
    mine = seat("dept.clerk")
    answer = mine.client.post(
        DRAFT, params={"next": then}, data=mine.hidden(DRAFT) | TYPED, headers=mine.headers(),
        follow_redirects=False,
    )  # fmt: skip
    assert answer.status_code == 400 or answer.headers["location"].startswith("/records/requests/")


def test_two_people_at_one_browser_see_nothing_of_each_other(
    seat: Seats, one_office: Office
) -> None:
    first, second = seat("dept.clerk"), seat("dept.head")
    first.hand_in(DRAFT, _aside="1", **{TITLE: "第一个人的"})
    kept = first.get("/desk/kept").text.partition("?draft=")[2].partition('"')[0]
    first.post("/logout", first.hidden("/me"))
    assert "第一个人的" not in second.get(f"{DRAFT}?draft={kept}").text
    assert first.get("/desk").headers["location"].startswith("/login")
    for path in ("/desk", "/me", "/records/requests"):
        assert second.get(path).headers["cache-control"].startswith("no-store")
    assert one_office.store.reader.find(Request, "990102") == []
