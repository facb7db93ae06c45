"""初始口令: given by the security administrator, told once, good for a few days and for nothing but
choosing one's own; kept nowhere in clear."""

from datetime import timedelta
from typing import Any

import pytest

from registry.actions.office import Answer, Call, Office
from registry.actions.staff import accounts, giving, passwords, seats, staffing
from registry.actions.staff.accounts import SignInCommand
from registry.actions.staff.giving import PasswordsCommand
from registry.domain.errors import Refusal
from registry.domain.people import Person
from registry.policies.sessions import shipped
from registry.store.reader import Page
from tests.conftest import Hand, MovingClock

COUNTY, OWN = "990102", "a-password-of-my-own"


def person(office: Office, username: str) -> Person:
    found = office.store.reader.person_named(username)
    assert isinstance(found, Person)
    return found


def given(office: Office, *usernames: str, by: str = "sec.admin") -> list[giving.Slip]:
    """First passwords, as the one named gives them."""
    hand = Hand(office, by)
    command = PasswordsCommand(person_ids=[person(office, name).id for name in usernames])
    call = Call(actor=hand.actor, county=COUNTY, act=giving.ACT)
    made = giving.made(office, call, command)
    slips: list[giving.Slip] = office.perform(call, lambda desk: giving.give(desk, made)).body.items
    return slips


def signed(office: Office, username: str, password: str) -> seats.Begun:
    return seats.begin(office, SignInCommand(username=username, password=password), seats.From())


def entries(office: Office) -> list[Any]:
    return list(office.store.reader.events([COUNTY], {"act": giving.ACT}, Page(limit=50)))


def test_what_is_given_signs_in_and_must_be_changed_at_once(one_office: Office) -> None:
    (slip,) = given(one_office, "dept.clerk")
    assert signed(one_office, "dept.clerk", slip.password).must_change
    actor = accounts.actor_for(one_office, person(one_office, "dept.clerk"))
    changing = passwords.PasswordCommand(old=slip.password, new=OWN)
    passwords.change(one_office, actor, changing)
    assert not signed(one_office, "dept.clerk", OWN).must_change
    with pytest.raises(Refusal) as told:
        signed(one_office, "dept.clerk", slip.password)
    assert told.value.code == "sign_in.failed"


def test_each_of_an_import_gets_another_one_and_can_be_read_off_paper(one_office: Office) -> None:
    slips = given(one_office, "dept.clerk", "dept.head", "street.clerk")
    assert [s.username for s in slips] == ["dept.clerk", "dept.head", "street.clerk"]
    assert len({s.password for s in slips}) == 3
    assert not {*"".join(s.password for s in slips)} & {*"0O1lIo"}
    assert all(len(s.password) >= passwords.SHORTEST for s in slips)


def test_a_first_password_stands_in_clear_neither_in_the_log_nor_in_a_row(
    one_office: Office,
) -> None:
    (slip,) = given(one_office, "dept.clerk")
    told = entries(one_office)[-1].entry
    assert "dept.clerk" in told and slip.password not in told
    assert slip.password not in person(one_office, "dept.clerk").password_hash


def test_a_first_password_that_nobody_changed_is_over_after_its_days(
    one_office: Office, clock: MovingClock
) -> None:
    (slip,) = given(one_office, "dept.clerk")
    clock.at += shipped().first_password
    assert signed(one_office, "dept.clerk", slip.password).must_change
    clock.at += timedelta(days=1)
    with pytest.raises(Refusal) as told:
        signed(one_office, "dept.clerk", slip.password)
    assert (told.value.code, told.value.facts["until"]) == ("password.over", slip.until)


def test_a_name_that_is_corrected_makes_a_first_password_no_younger(
    one_office: Office, clock: MovingClock
) -> None:
    (slip,) = given(one_office, "dept.clerk")
    clock.at += timedelta(days=3)
    who = person(one_office, "dept.clerk")
    Hand(one_office, "sys.admin").do(
        lambda d: Answer(body=d.unit.change(d.unit.get(Person, who.id), name="演示另名"))
    )
    assert passwords.last_day(one_office, person(one_office, "dept.clerk")) == slip.until


def test_a_password_of_ones_own_never_runs_out(one_office: Office, clock: MovingClock) -> None:
    who = person(one_office, "dept.clerk")
    Hand(one_office, "sys.admin").do(lambda d: staffing.set_password(d, who.id, OWN))
    clock.at += timedelta(days=400)
    assert not signed(one_office, "dept.clerk", OWN).must_change


def test_who_forgot_a_password_is_signed_out_everywhere_by_the_new_one(one_office: Office) -> None:
    who = person(one_office, "dept.clerk")
    secret = seats.seat(one_office, who, seats.From()).secret
    given(one_office, "dept.clerk")
    with pytest.raises(Refusal) as told:
        seats.seated(one_office, secret)
    assert told.value.code == "token.invalid"


@pytest.mark.parametrize("by", ["sys.admin", "audit.admin", "dept.head", "county.head"])
def test_nobody_else_gives_a_password(one_office: Office, by: str) -> None:
    before = person(one_office, "dept.clerk").password_hash
    with pytest.raises(Refusal) as told:
        given(one_office, "dept.clerk", by=by)
    assert told.value.code == "access.forbidden"
    assert person(one_office, "dept.clerk").password_hash == before


def test_nobody_gives_themself_a_password(one_office: Office) -> None:
    with pytest.raises(Refusal) as told:
        given(one_office, "sec.admin")
    assert told.value.code == "password.own"


def test_a_closed_account_is_given_none_and_nor_is_anybody_beside_it(one_office: Office) -> None:
    who, before = person(one_office, "dept.clerk"), person(one_office, "dept.head").password_hash
    Hand(one_office, "sys.admin").do(lambda d: staffing.disable_person(d, who.id))
    with pytest.raises(Refusal) as told:
        given(one_office, "dept.head", "dept.clerk")
    assert told.value.code == "password.closed"
    assert person(one_office, "dept.head").password_hash == before


def test_an_account_that_must_wait_is_let_in_again_and_the_log_says_how_often_it_failed(
    one_office: Office,
) -> None:
    (slip,) = given(one_office, "dept.clerk")
    for _ in range(accounts.FAILURES_PER_HOUR):
        with pytest.raises(Refusal):
            signed(one_office, "dept.clerk", "wrong-password")
    with pytest.raises(Refusal) as told:
        signed(one_office, "dept.clerk", slip.password)
    assert told.value.code == "sign_in.too_many"
    who = person(one_office, "dept.clerk")
    done = Hand(one_office, "sec.admin").do(lambda d: giving.unlock(d, who.id))
    assert done.failures == accounts.FAILURES_PER_HOUR
    assert signed(one_office, "dept.clerk", slip.password)
    log = one_office.store.reader.events([COUNTY], {"act": giving.UNLOCK}, Page(limit=5))
    assert '"failures":"10"' in log[-1].entry


def test_who_waits_for_a_password_is_listed_until_they_chose_one(
    one_office: Office, clock: MovingClock
) -> None:
    call = Call(actor=Hand(one_office, "sec.admin").actor, county=COUNTY, act=giving.ACT)

    def of(username: str) -> list[tuple[bool, bool]]:
        listed = giving.waiting(one_office, call)
        return [(w.until is not None, w.over) for w in listed if w.username == username]

    given(one_office, "dept.clerk")
    assert of("dept.clerk") == [(True, False)]
    clock.at += shipped().first_password + timedelta(days=1)
    assert of("dept.clerk") == [(True, True)]
    (slip,) = given(one_office, "dept.clerk")
    actor = accounts.actor_for(one_office, person(one_office, "dept.clerk"))
    passwords.change(one_office, actor, passwords.PasswordCommand(old=slip.password, new=OWN))
    assert of("dept.clerk") == []
