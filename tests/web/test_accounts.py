"""口令、令牌、委托页: slips are shown once, tokens are one's own, stand-ins are picked by name."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from registry.actions.office import Office
from registry.actions.staff import accounts, seats, staffing
from registry.domain.delegation import Absence, Delegation, DelegationKind
from registry.domain.errors import Refusal
from registry.domain.people import Person
from tests.conftest import Hand
from tests.web.seated import Seat

Seats = Callable[[str], Seat]
COUNTY, OWN = "990102", "a-password-of-my-own"
SECRET = re.compile(r'<code class="secret">([^<]+)</code>')
STAND = "/me/stand-in"


def secrets(answer: Any) -> list[str]:
    return [unescape(one) for one in SECRET.findall(answer.text)]


def signs_in(office: Office, username: str, password: str) -> bool:
    command = accounts.SignInCommand(username=username, password=password)
    try:
        return bool(seats.begin(office, command, seats.From()))
    except Refusal:
        return False


def person(office: Office, username: str) -> Person:
    found = office.store.reader.person_named(username)
    assert found is not None
    return found


def ask_for(admin: Seat, *people: str) -> dict[str, Any]:
    """The form of first passwords, with these ticked."""
    sent = admin.hidden("/admin/passwords")
    return {**sent, "person": list(people)}


def test_a_first_password_is_shown_on_a_slip_and_signs_in(seat: Seats, one_office: Office) -> None:
    clerk = person(one_office, "dept.clerk")
    admin = seat("sec.admin")
    answer = admin.post("/admin/passwords", ask_for(admin, clerk.id))
    (secret,) = secrets(answer)
    assert answer.headers["cache-control"] == "no-store"
    assert clerk.username in answer.text and "2026-03-09" in answer.text
    assert signs_in(one_office, "dept.clerk", secret)


def test_a_form_sent_twice_shows_no_slip_and_changes_no_password(
    seat: Seats, one_office: Office
) -> None:
    admin = seat("sec.admin")
    sent = ask_for(admin, person(one_office, "dept.clerk").id)
    (secret,) = secrets(admin.post("/admin/passwords", sent))
    again = admin.post("/admin/passwords", sent)
    assert secrets(again) == [] and "已经显示过一次" in again.text
    assert signs_in(one_office, "dept.clerk", secret)


def test_accounts_of_an_import_wait_and_are_given_theirs_together(
    seat: Seats, one_office: Office
) -> None:
    sheet = f"username,name,county\nnew.one,演示新甲,{COUNTY}\nnew.two,演示新乙,{COUNTY}\n"
    keeper, admin = seat("sys.admin"), seat("sec.admin")
    token = {"_token": keeper.hidden("/me/password")["_token"]}
    taken = keeper.post("/admin/import/people", token | {"sheet": sheet, "take": "1"})
    assert "安全保密管理员" in taken.text and "new.one" in taken.text
    page = admin.get("/admin/passwords").text
    ticked = re.findall(r'name="person" value="([^"]+)" checked', page)
    found = [one_office.store.reader.get(Person, COUNTY, id) for id in ticked]
    names = {one.username for one in found if one is not None}
    assert {"new.one", "new.two"} <= names
    people = [person(one_office, name).id for name in ("new.one", "new.two")]
    slips = admin.post("/admin/passwords", ask_for(admin, *people))
    assert len(set(secrets(slips))) == 2
    assert signs_in(one_office, "new.one", secrets(slips)[0])


@pytest.mark.parametrize("who", ["sys.admin", "audit.admin", "dept.head"])
def test_nobody_else_opens_the_page_of_first_passwords(
    seat: Seats, one_office: Office, who: str
) -> None:
    other = seat(who)
    assert other.get("/admin/passwords").status_code == 403
    sent = {"_token": other.hidden("/me/password")["_token"], "_key": "k-1",
            "person": person(one_office, "dept.clerk").id}  # fmt: skip
    answer = other.post("/admin/passwords", sent)
    assert answer.status_code == 403 and not secrets(answer)


def test_nobody_ticked_is_told_beside_the_list(seat: Seats) -> None:
    admin = seat("sec.admin")
    answer = admin.post("/admin/passwords", ask_for(admin))
    assert answer.status_code == 422 and 'role="alert"' in answer.text


def test_the_page_of_an_account_resets_a_password_and_unlocks(
    seat: Seats, one_office: Office
) -> None:
    clerk = person(one_office, "dept.clerk")
    admin, path = seat("sec.admin"), f"/admin/people/{clerk.id}"
    assert f'action="{path}/unlock"' not in admin.get(path).text
    for _ in range(accounts.FAILURES_PER_HOUR):
        assert not signs_in(one_office, "dept.clerk", "wrong-password")
    assert f'action="{path}/unlock"' in admin.get(path).text
    assert f'action="{path}/unlock"' not in seat("audit.admin").get(path).text
    token = {"_token": admin.hidden("/me/password")["_token"]}
    done = admin.post(f"{path}/unlock", token | {"_key": "k-unlock"})
    assert done.status_code == 303
    assert f'action="{path}/unlock"' not in admin.get(path).text
    slip = admin.post("/admin/passwords", token | {"_key": "k-reset", "person": clerk.id})
    assert signs_in(one_office, "dept.clerk", secrets(slip)[0])


def test_a_token_is_told_once_on_ones_own_page_and_ended_there(
    seat: Seats, one_office: Office
) -> None:
    clerk = person(one_office, "dept.clerk")
    Hand(one_office, "sys.admin").do(lambda d: staffing.set_password(d, clerk.id, OWN))
    mine = seat("dept.clerk")
    token = {"_token": mine.hidden("/me/password")["_token"]}
    wrong = mine.post("/me/tokens", token | {"password": "not-my-password"})
    assert wrong.status_code == 422 and not secrets(wrong)
    (secret,) = secrets(mine.post("/me/tokens", token | {"password": OWN}))
    assert accounts.actor_of(one_office, secret).person_id == clerk.id
    page = mine.get("/me").text
    assert secret not in page
    (id,) = re.findall(r'name="token" value="([0-9a-f]{16})"', page)
    assert mine.post("/me/tokens/end", token | {"token": id}).status_code == 303
    with pytest.raises(Refusal):
        accounts.actor_of(one_office, secret)


def test_the_security_administrator_sees_tokens_and_ends_one(
    seat: Seats, one_office: Office
) -> None:
    clerk = person(one_office, "dept.clerk")
    token = accounts.issue_token(one_office, clerk, "192.0.2.33").token
    admin = seat("sec.admin")
    page = admin.get("/admin/sessions").text
    assert "192.0.2.33" in page and token not in page
    (id,) = re.findall(r'name="token" value="([0-9a-f]{16})"', page)
    sent = {"_token": admin.hidden("/me/password")["_token"], "_key": "k-end",
            "person": clerk.id, "token": id}  # fmt: skip
    assert admin.post("/admin/sessions", sent).status_code == 303
    with pytest.raises(Refusal):
        accounts.actor_of(one_office, token)
    assert 'name="token"' not in seat("audit.admin").get("/admin/sessions").text


def lent(office: Office) -> list[Delegation]:
    return list(office.store.reader.find(Delegation, COUNTY))


def standing(mine: Seat, **more: Any) -> dict[str, Any]:
    sent = mine.hidden(STAND)
    return {**sent, "kind": "delegation", "valid_from": "2026-03-02", "valid_to": "2026年3月9日",
            **more}  # fmt: skip


def test_a_colleague_is_picked_by_name_to_stand_in_and_it_is_ended_from_ones_own_page(
    seat: Seats, one_office: Office
) -> None:
    mine, head = seat("dept.clerk"), person(one_office, "dept.head")
    page = mine.get(STAND).text
    assert f'value="{head.id}"' in page and "起草申请" in page
    done = mine.post(STAND, standing(mine, to_person_id=head.id, acts=["request.draft"]))
    assert done.headers["location"] == "/me?done=delegation.give", done.text
    (made,) = lent(one_office)
    assert (made.to_person_id, made.acts) == (head.id, ["request.draft"])
    assert f"由{head.name}代我办理" in mine.get("/me").text
    assert f"我代{mine.person.name}办理" in seat("dept.head").get("/me").text
    assert mine.hand_in(f"/do/delegation.end?id={made.id}&next=/me").status_code == 303
    assert lent(one_office)[0].ended_on is not None


def test_a_deputy_for_everything_needs_no_act_ticked_and_no_last_day(
    seat: Seats, one_office: Office
) -> None:
    mine, head = seat("dept.clerk"), person(one_office, "dept.head")
    sent = standing(mine, kind="deputy", to_person_id=head.id, valid_to="")
    assert mine.post(STAND, sent).status_code == 303
    (made,) = lent(one_office)
    assert made.kind is DelegationKind.DEPUTY and "request.draft" in made.acts
    assert made.valid_to is None


def test_what_is_missing_is_told_at_its_field_and_nothing_ticked_is_lost(seat: Seats) -> None:
    mine = seat("dept.clerk")
    wrong = mine.post(STAND, standing(mine, basis="演示依据", acts=["request.draft"]))
    assert wrong.status_code == 422 and 'href="#f-to_person_id"' in wrong.text
    assert "演示依据" in wrong.text and 'value="request.draft" checked' in wrong.text


def test_a_head_names_who_stands_in_for_somebody_of_the_body(
    seat: Seats, one_office: Office
) -> None:
    head, clerk = seat("dept.head"), person(one_office, "dept.clerk")
    keys = [unescape(k) for k in re.findall(r'<option value="([^"]+)"', head.get(STAND).text)]
    (theirs,) = [k for k in keys if k.startswith(f"{clerk.id}|")]
    sent = standing(head, to_person_id=head.person.id, acts=["request.draft"], post=theirs)
    assert head.post(STAND, sent).status_code == 303
    assert lent(one_office)[0].from_person_id == clerk.id
    others = [k for k in re.findall(r'<option value="([^"]+)"', seat("dept.clerk").get(STAND).text)]
    assert all(clerk.id in unescape(k) for k in others)


def test_an_absence_is_told_from_ones_own_page_and_ended_there(
    seat: Seats, one_office: Office
) -> None:
    mine = seat("dept.clerk")
    assert "/do/absence.record?next=/me" in mine.get("/me").text
    done = mine.hand_in("/do/absence.record?next=/me", valid_from="2026-03-02",
                        valid_to="2026-03-04", reason="外出(演示)")  # fmt: skip
    assert done.headers["location"].startswith("/me")
    (away,) = one_office.store.reader.find(Absence, COUNTY)
    assert f"/do/absence.end?id={away.id}" in mine.get("/me").text


def test_who_keeps_accounts_lends_nothing(seat: Seats) -> None:
    assert "不能委托" in seat("sec.admin").get(STAND).text
