"""令牌: one sees one's own and ends them; who keeps accounts sees all and ends those of others."""

from datetime import date, timedelta

import pytest

from registry.actions.office import Office
from registry.actions.staff import accounts, ending, staffing, tokens
from registry.cli.opening import cli_actor
from registry.domain.errors import Refusal
from registry.domain.people import Actor, Person
from registry.store.marks import Marks
from tests.conftest import Hand, MovingClock

COUNTY, OWN = "990102", "a-password-of-my-own"


def person(office: Office, username: str) -> Person:
    found = office.store.reader.person_named(username)
    assert isinstance(found, Person)
    return found


def issued(office: Office, username: str = "dept.clerk") -> accounts.TokenView:
    return accounts.issue_token(office, person(office, username), "192.0.2.9")


def alive(office: Office, token: accounts.TokenView) -> bool:
    try:
        return bool(accounts.actor_of(office, token.token))
    except Refusal:
        return False


def last_used(office: Office, actor: Actor) -> date | None:
    office.store.writer.submit(COUNTY, lambda _unit: None).result()
    (line,) = tokens.mine(office, actor).items
    return line.used_on


def test_one_sees_ones_own_tokens_with_where_they_were_asked_for(one_office: Office) -> None:
    mine, other = issued(one_office), issued(one_office, "dept.head")
    listed = tokens.mine(one_office, Hand(one_office, "dept.clerk").actor).items
    assert [(t.address, t.expires_at) for t in listed] == [("192.0.2.9", mine.expires_at)]
    assert mine.token not in str(listed) and other.person_id not in str(listed)


def test_a_token_that_has_expired_is_listed_no_more(one_office: Office, clock: MovingClock) -> None:
    issued(one_office)
    clock.at += accounts.TOKEN_LIFE + timedelta(seconds=1)
    assert not tokens.mine(one_office, Hand(one_office, "dept.clerk").actor).items


def test_a_token_tells_the_last_day_on_which_a_program_came_with_it(
    one_office: Office, clock: MovingClock
) -> None:
    clock.at = clock.at.replace(hour=15)
    token, actor = issued(one_office), Hand(one_office, "dept.clerk").actor
    days = []
    for later in (timedelta(), timedelta(minutes=1), timedelta(hours=2)):
        clock.at += later
        alive(one_office, token)
        days.append(last_used(one_office, actor))
    assert days == [date(2026, 3, 2), date(2026, 3, 2), date(2026, 3, 3)]


def test_a_token_that_no_program_came_with_says_so(one_office: Office) -> None:
    issued(one_office)
    assert last_used(one_office, Hand(one_office, "dept.clerk").actor) is None


def test_the_day_of_use_is_written_once_a_day_and_not_at_every_request(
    one_office: Office, clock: MovingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, noted = issued(one_office), list[str]()
    noting = Marks.use_token

    def counted(marks: Marks, digest: str, day: date) -> None:
        noted.append(digest)
        noting(marks, digest, day)

    monkeypatch.setattr(Marks, "use_token", counted)
    for _ in range(5):
        clock.at += timedelta(minutes=10)
        alive(one_office, token)
        last_used(one_office, Hand(one_office, "dept.clerk").actor)
    assert len(noted) == 1


def test_one_ends_one_token_of_ones_own_and_the_others_stay(one_office: Office) -> None:
    first, actor = issued(one_office), Hand(one_office, "dept.clerk").actor
    (line,) = tokens.mine(one_office, actor).items
    second = issued(one_office)
    assert alive(one_office, first)
    tokens.end(one_office, actor, tokens.TokenEndCommand(token_id=line.id))
    assert [alive(one_office, t) for t in (first, second)] == [False, True]


def test_nobody_ends_a_token_of_somebody_else_as_if_it_were_their_own(one_office: Office) -> None:
    token = issued(one_office)
    (line,) = tokens.mine(one_office, Hand(one_office, "dept.clerk").actor).items
    stranger = Hand(one_office, "dept.head").actor
    tokens.end(one_office, stranger, tokens.TokenEndCommand(token_id=line.id))
    assert alive(one_office, token)


def test_a_token_is_issued_to_who_types_their_password_again(one_office: Office) -> None:
    who = person(one_office, "dept.clerk")
    Hand(one_office, "sys.admin").do(lambda d: staffing.set_password(d, who.id, OWN))
    actor = Hand(one_office, "dept.clerk").actor
    with pytest.raises(Refusal) as told:
        tokens.issue(one_office, actor, "not-my-password")
    assert told.value.code == "sign_in.failed"
    assert alive(one_office, tokens.issue(one_office, actor, OWN))


def test_who_keeps_accounts_and_logs_sees_every_token_and_nobody_else_does(
    one_office: Office,
) -> None:
    issued(one_office)
    for who in ("sec.admin", "audit.admin"):
        listed = tokens.everybodys(one_office, Hand(one_office, who).actor, COUNTY)
        assert person(one_office, "dept.clerk").id in [t.person_id for t in listed.items]
    for who in ("sys.admin", "dept.head", "auditor"):
        with pytest.raises(Refusal) as told:
            tokens.everybodys(one_office, Hand(one_office, who).actor, COUNTY)
        assert told.value.code == "access.reading"


def test_the_security_administrator_ends_one_token_of_somebody(one_office: Office) -> None:
    first, second = issued(one_office), issued(one_office)
    who = person(one_office, "dept.clerk")
    listed = tokens.mine(one_office, Hand(one_office, "dept.clerk").actor).items
    digest = accounts.digest_of(first.token)
    (line,) = [t for t in listed if digest.startswith(t.id)]
    command = ending.SessionEndCommand(person_id=who.id, token_id=line.id)
    for by in ("audit.admin", "dept.head"):
        with pytest.raises(Refusal):
            Hand(one_office, by).do(lambda d: ending.end(d, command))
    assert alive(one_office, first)
    Hand(one_office, "sec.admin").do(lambda d: ending.end(d, command))
    assert not alive(one_office, first)
    assert alive(one_office, second)


def test_a_token_handed_out_on_the_server_is_listed_too(one_office: Office) -> None:
    who = person(one_office, "dept.clerk")
    server = Hand(one_office, "sys.admin")
    server.actor = cli_actor(COUNTY)
    told = server.do(lambda d: staffing.hand_token(d, who.id))
    (line,) = tokens.mine(one_office, Hand(one_office, "dept.clerk").actor).items
    assert line.expires_at == told.expires_at and line.address == ""
