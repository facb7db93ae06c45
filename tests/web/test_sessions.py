"""登录会话: begun, exchanged, ended; a form comes from the session that sends it, or is refused."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from litestar.testing import TestClient

from registry.actions.office import Office
from registry.actions.staff import seats
from registry.actions.staff.accounts import NO_TOKEN
from registry.actions.staff.passwords import hash_password
from registry.app import create_app
from registry.domain.errors import Refusal
from registry.policies.sessions import shipped
from registry.web.house import address
from registry.web.static_files import FOREVER
from tests.conftest import MovingClock
from tests.joined import settings_for
from tests.web.seated import ORIGIN, Seat, hidden_of

Seats = Callable[[str], Seat]
PASSWORD = "eine-lange-Parole"
NOTHING = timedelta(0)
ONE = timedelta(minutes=1)


def with_password(office: Office, username: str, *, first: bool = False) -> None:
    from tests.conftest import Hand

    digest = hash_password(PASSWORD)

    def verb(desk: Any) -> Any:
        from registry.actions.office import Answer

        person = office.store.reader.person_named(username)
        assert person is not None
        desk.about(desk.unit.change(person, password_hash=digest, must_change=first))
        return Answer(body=None)

    Hand(office, "sys.admin").do(verb)


def sign_in(client: TestClient[Any], username: str, password: str = PASSWORD, **more: str) -> Any:
    data = {"username": username, "password": password} | more
    return client.post("/login", data=data, headers=ORIGIN, follow_redirects=False)


def cookie_of(answer: Any) -> str:
    return next(c for c in answer.headers.get_list("set-cookie") if "registry_session" in c)


def test_whoever_signs_in_finds_their_desk(client: TestClient[Any], one_office: Office) -> None:
    with_password(one_office, "dept.clerk")
    answer = sign_in(client, "dept.clerk")
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk")
    cookie = cookie_of(answer)
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Secure" not in cookie
    page = client.get("/desk", headers={"cookie": cookie.partition(";")[0]})
    assert page.status_code == 200 and "我的工作台" in page.text


def test_a_wrong_password_says_no_more_than_that(client: TestClient[Any]) -> None:
    known, unknown = sign_in(client, "dept.clerk", "no"), sign_in(client, "nobody", "no")
    assert (known.status_code, unknown.status_code) == (401, 401)
    assert known.text.replace("dept.clerk", "nobody") == unknown.text


def test_a_first_password_serves_for_nothing_but_changing_it(
    client: TestClient[Any], one_office: Office
) -> None:
    with_password(one_office, "dept.clerk", first=True)
    answer = sign_in(client, "dept.clerk")
    assert answer.headers["location"] == "/me/password"
    mine = {"cookie": cookie_of(answer).partition(";")[0]} | ORIGIN
    elsewhere = client.get("/records", headers=mine, follow_redirects=False)
    assert elsewhere.headers["location"] == "/me/password"


def test_changing_the_password_ends_every_session_but_a_fresh_one(
    client: TestClient[Any], one_office: Office, seat: Seats
) -> None:
    with_password(one_office, "dept.clerk")
    here, there = seat("dept.clerk"), seat("dept.clerk")
    typed = {"old": PASSWORD, "new": PASSWORD + "2", "again": PASSWORD + "2"}
    answer = here.hand_in("/me/password", **typed)
    assert answer.status_code == 303
    for old in (here, there):
        assert old.get("/desk").headers["location"].startswith("/login")
    fresh = {"cookie": cookie_of(answer).partition(";")[0]}
    assert client.get("/desk", headers=fresh).status_code == 200


def test_two_new_passwords_that_differ_change_nothing(one_office: Office, seat: Seats) -> None:
    with_password(one_office, "dept.clerk")
    answer = seat("dept.clerk").hand_in("/me/password", old=PASSWORD, new="a" * 12, again="b" * 12)
    assert answer.status_code == 422 and "不一样" in answer.text


def test_a_session_ends_when_it_was_not_used_for_so_long(
    one_office: Office, clock: MovingClock, seat: Seats
) -> None:
    mine = seat("dept.clerk")
    clock.at += shipped().idle
    assert seats.seated(one_office, mine.secret)
    clock.at += shipped().idle + ONE
    with pytest.raises(Refusal) as raised:
        seats.seated(one_office, mine.secret)
    assert raised.value.code == NO_TOKEN


def test_a_session_that_is_used_all_day_ends_at_its_last_hour(
    one_office: Office, clock: MovingClock, seat: Seats
) -> None:
    mine, began = seat("dept.clerk"), clock.at
    while clock.at - began < shipped().longest - shipped().idle:
        clock.at += shipped().idle - ONE
        seats.seated(one_office, mine.secret)
        one_office.store.writer.submit(mine.person.county, lambda _: None).result()
    clock.at = began + shipped().longest
    with pytest.raises(Refusal):
        seats.seated(one_office, mine.secret)


def test_the_secret_is_exchanged_and_the_former_one_counts_for_a_minute_more(
    one_office: Office, clock: MovingClock, seat: Seats
) -> None:
    mine = seat("dept.clerk")
    clock.at += shipped().turn + ONE
    page = mine.get("/desk")
    fresh = cookie_of(page).partition(";")[0].partition("=")[2]
    assert fresh != mine.secret
    assert seats.seated(one_office, mine.secret).session.id
    clock.at += seats.GRACE + ONE
    assert seats.seated(one_office, fresh).session.id
    with pytest.raises(Refusal):
        seats.seated(one_office, mine.secret)


def test_signing_out_ends_the_session_for_whoever_kept_its_cookie(seat: Seats) -> None:
    mine = seat("dept.clerk")
    mine.post("/logout", mine.hidden("/me"))
    assert mine.get("/desk").headers["location"].startswith("/login")


def test_a_person_sees_their_browsers_and_ends_another(seat: Seats) -> None:
    here, there = seat("dept.clerk"), seat("dept.clerk")
    page = here.get("/me")
    assert page.text.count("192.0.2.7") == 2
    id = seats.seated(there.office, there.secret).session.id
    here.post("/me/sessions", here.hidden("/me") | {"session": id})
    assert there.get("/desk").status_code == 303
    assert here.get("/desk").status_code == 200


def test_nobody_ends_the_session_of_another(seat: Seats) -> None:
    mine, theirs = seat("dept.clerk"), seat("dept.head")
    id = seats.seated(theirs.office, theirs.secret).session.id
    mine.post("/me/sessions", mine.hidden("/me") | {"session": id})
    assert theirs.get("/desk").status_code == 200


def test_a_form_without_the_token_of_its_session_is_refused(seat: Seats) -> None:
    mine, theirs = seat("dept.clerk"), seat("dept.head")
    path = "/do/complaint.register"
    assert mine.post(path, {}).text.count("form.foreign") == 1
    foreign = theirs.hidden(path)
    assert mine.post(path, foreign).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"},
     {"sec-fetch-site": "", "origin": "https://elsewhere.example"}],
)  # fmt: skip
def test_a_form_sent_from_another_site_is_refused(seat: Seats, headers: dict[str, str]) -> None:
    mine = seat("dept.clerk")
    hidden = mine.hidden("/me")
    answer = mine.client.post("/me/sessions", data=hidden, headers=mine.headers() | headers)
    assert answer.status_code == 403 and "form.foreign" in answer.text


def test_the_token_of_a_form_is_written_otherwise_on_each_page(seat: Seats) -> None:
    """A packed page whose secret stays the same tells it by its length to who can make it repeat
    what they guess."""
    mine = seat("dept.clerk")
    first, second = mine.get("/me"), mine.get("/me")
    assert first.headers["content-encoding"] == "gzip"
    assert hidden_of(first)["_token"] != hidden_of(second)["_token"]
    for page in (first, second):
        gone = mine.post("/me/sessions", hidden_of(page) | {"session": "nowhere"})
        assert gone.status_code == 303


@pytest.mark.parametrize("token", ["", "0" * 128, "zz", "字", "0" * 127, "0" * 9_999, "\x00"])
def test_what_is_no_token_is_refused(seat: Seats, token: str) -> None:
    answer = seat("dept.clerk").post("/me/sessions", {"_token": token, "session": "x"})
    assert answer.status_code == 403


def test_a_page_says_once_what_browsers_are_to_do(seat: Seats) -> None:
    """Told a second time not to name where a form comes from, older browsers would name nothing,
    and every form of theirs would be refused."""
    headers = seat("dept.clerk").get("/desk").headers
    assert headers.get_list("referrer-policy") == ["same-origin"]
    assert headers.get_list("cache-control") == ["no-store"]
    policy = headers.get_list("content-security-policy")
    assert len(policy) == 1 and "unsafe" not in policy[0]
    assert headers.get_list("x-content-type-options") == ["nosniff"]


def test_the_files_of_the_style_are_kept_by_browsers(seat: Seats) -> None:
    style = seat("dept.clerk").get(address("app.css"))
    assert style.headers.get_list("cache-control") == [FOREVER]


def test_over_tls_the_cookie_goes_over_tls_alone(
    one_office: Office, tmp_path: Path, seat: Seats
) -> None:
    with_password(one_office, "dept.clerk")
    settings = msgspec.structs.replace(settings_for(tmp_path), public_url="https://r.example")
    with TestClient(create_app(one_office, settings, owns=False)) as client:
        cookie = cookie_of(sign_in(client, "dept.clerk"))
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))


def test_a_session_begun_before_the_sign_in_is_not_the_one_of_after(
    client: TestClient[Any], one_office: Office
) -> None:
    """会话固定: a cookie that somebody else put into the browser is worth nothing."""
    with_password(one_office, "dept.clerk")
    planted = "registry_session=" + "f" * 64
    data = {"username": "dept.clerk", "password": PASSWORD}
    answer = client.post(
        "/login", data=data, headers=ORIGIN | {"cookie": planted}, follow_redirects=False
    )
    assert planted not in cookie_of(answer)
    asked = client.get("/desk", headers={"cookie": planted}, follow_redirects=False)
    assert asked.headers["location"].startswith("/login")


def test_signing_in_is_slowed_down_on_the_page_as_by_the_api(
    client: TestClient[Any], one_office: Office
) -> None:
    with_password(one_office, "dept.clerk")
    told = sign_in(client, "dept.clerk", "wrong")
    while "过多" not in told.text:
        told = sign_in(client, "dept.clerk", "wrong")
    assert sign_in(client, "dept.clerk").status_code == 401


def test_a_sign_in_sent_from_another_site_is_refused(
    client: TestClient[Any], one_office: Office
) -> None:
    with_password(one_office, "dept.clerk")
    data = {"username": "dept.clerk", "password": PASSWORD}
    for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://elsewhere.example"},
                    {"origin": "null"}):  # fmt: skip
        answer = client.post("/login", data=data, headers=headers, follow_redirects=False)
        assert answer.status_code == 403 and "set-cookie" not in answer.headers


def test_what_was_typed_when_the_session_ended_comes_back_after_signing_in(
    client: TestClient[Any], one_office: Office, clock: MovingClock, seat: Seats
) -> None:
    with_password(one_office, "dept.clerk")
    mine, path = seat("dept.clerk"), "/do/request.draft"
    hidden = mine.hidden(path)
    clock.at += shipped().idle + ONE
    asked = mine.post(path, hidden | {"filing.title": "花草认养", "filing.kind": "task"})
    assert asked.status_code == 401 and "花草认养" in asked.text
    resumed = sign_in(client, "dept.clerk", **hidden_of(asked))
    assert resumed.status_code == 200 and "花草认养" in resumed.text
    mine.secret = cookie_of(resumed).partition(";")[0].partition("=")[2]
    again = mine.post(path, mine.hidden(path) | {"_again": "1", "filing.title": "花草认养"})
    assert again.status_code == 200 and 'value="花草认养"' in again.text


@pytest.mark.parametrize(
    "then", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "/login"]
)
def test_signing_in_leads_nowhere_outside(
    client: TestClient[Any], one_office: Office, then: str
) -> None:
    with_password(one_office, "dept.clerk")
    assert sign_in(client, "dept.clerk", then=then).headers["location"] == "/desk"
