"""登录与口令: who signed in is on record; one's own password is changed by oneself; a first one is
good for nothing else."""

from datetime import UTC, datetime

from registry.actions.office import Answer
from registry.actions.staff import staffing
from registry.domain.people import Person
from tests.api.conftest import SignIn

FIRST, LATER = "a-password-given", "a-password-of-my-own"


def _account(office, username="dept.clerk", *, must_change=False):
    """Give a demo person a password, as those who keep accounts do."""
    from tests.conftest import Hand

    person = office.store.reader.person_named(username)
    admin = Hand(office, "sys.admin")
    admin.do(lambda d: staffing.set_password(d, person.id, FIRST))
    if must_change:
        admin.do(lambda d: Answer(body=d.unit.change(d.unit.get(Person, person.id),
                                                     must_change=True)))  # fmt: skip
    return person


def _signed(client, password, username="dept.clerk"):
    told = {"username": username, "password": password}
    return client.post("/api/v1/tokens", json=told)


def _bearer(answer):
    return {"authorization": f"Bearer {answer.json()['token']}"}


def _change(client, headers, **command):
    return client.post("/api/v1/me/password", json=command, headers=headers)


def test_a_sign_in_is_on_record_for_who_keeps_the_log(client, one_office, sign_in: SignIn):
    _account(one_office)
    assert _signed(client, FIRST).status_code == 201
    assert _signed(client, "wrong-password").status_code == 401
    answer = client.get("/api/v1/sign-ins?username=dept.clerk", headers=sign_in("audit.admin"))
    assert answer.status_code == 200
    assert [i["username"] for i in answer.json()["items"]] == ["dept.clerk"]
    assert [(f["failures"], f["locked"]) for f in answer.json()["failures"]] == [(1, False)]


def test_an_account_that_must_wait_is_told_as_locked(client, one_office, sign_in: SignIn):
    _account(one_office)
    for _ in range(10):
        _signed(client, "wrong-password")
    answer = client.get("/api/v1/sign-ins", headers=sign_in("sec.admin"))
    assert [f["locked"] for f in answer.json()["failures"]] == [True]


def test_others_do_not_read_who_signed_in(client, sign_in: SignIn):
    for username in ("dept.head", "county.head", "sys.admin", "auditor"):
        answer = client.get("/api/v1/sign-ins", headers=sign_in(username))
        assert answer.status_code == 403, username


def test_the_log_pages_and_keeps_to_its_days(client, one_office, sign_in: SignIn):
    _account(one_office)
    for _ in range(3):
        _signed(client, FIRST)
    headers = sign_in("audit.admin")
    path = "/api/v1/sign-ins?username=dept.clerk&limit=2"
    first = client.get(path, headers=headers).json()
    assert len(first["items"]) == 2
    rest = client.get(f"{path}&after={first['next']}", headers=headers).json()
    assert len(rest["items"]) == 1
    assert rest["next"] is None
    late = client.get(f"{path}&from=2030-01-01", headers=headers).json()
    assert late["items"] == []
    early = client.get(f"{path}&to=2020-01-01", headers=headers).json()
    assert early["items"] == []


def test_one_changes_ones_own_password_and_old_tokens_end(client, one_office):
    _account(one_office)
    headers = _bearer(_signed(client, FIRST))
    assert _change(client, headers, old=FIRST, new=LATER).status_code == 200
    assert client.get("/api/v1/requests", headers=headers).status_code == 401
    assert _signed(client, FIRST).status_code == 401
    assert _signed(client, LATER).status_code == 201


def test_the_old_password_must_be_right_and_the_new_another_and_long(client, one_office):
    _account(one_office)
    headers = _bearer(_signed(client, FIRST))
    told = {
        "password.wrong": {"old": "another-password", "new": LATER},
        "password.same": {"old": FIRST, "new": FIRST},
        "person.password": {"old": FIRST, "new": "short"},
    }
    for code, command in told.items():
        answer = _change(client, headers, **command)
        assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_a_first_password_is_good_for_nothing_but_changing_it(client, one_office):
    _account(one_office, must_change=True)
    signed = _signed(client, FIRST)
    assert signed.json()["must_change"] is True
    headers = _bearer(signed)
    answer = client.get("/api/v1/requests", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "password.change")
    assert _change(client, headers, old=FIRST, new=LATER).status_code == 200
    headers = _bearer(_signed(client, LATER))
    assert client.get("/api/v1/requests", headers=headers).status_code == 200


def test_the_days_are_civil_days():
    from datetime import date

    from registry.actions.staff.sign_ins import first_instant, last_instant

    day = date(2026, 3, 2)
    assert first_instant(day) == datetime(2026, 3, 1, 16, tzinfo=UTC)
    assert last_instant(day) == datetime(2026, 3, 2, 15, 59, 59, 999999, tzinfo=UTC)
