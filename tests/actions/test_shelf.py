"""待导入的流水: a statement that was looked at is kept an hour, for whoever laid it there alone."""

from datetime import timedelta

import pytest

from registry.actions.office import Office
from registry.actions.reconciling import shelf
from registry.actions.staff import seats
from registry.domain.errors import Refusal
from registry.domain.people import Actor
from tests.conftest import MovingClock


def _actor(office: Office, username: str) -> Actor:
    person = office.store.reader.person_named(username)
    assert person is not None
    secret = seats.seat(office, person, seats.From()).secret
    return seats.seated(office, secret, turning=False).actor


def test_what_was_laid_is_taken_by_the_same_person_within_the_hour(
    one_office: Office, clock: MovingClock
) -> None:
    mine, other = _actor(one_office, "finance.clerk"), _actor(one_office, "finance.head")
    digest = shelf.lay(one_office, mine, b"one")
    assert shelf.take(one_office, mine, digest) == b"one"
    with pytest.raises(Refusal) as told:
        shelf.take(one_office, other, digest)
    assert told.value.code == "statement.gone"
    clock.at += shelf.KEPT + timedelta(seconds=1)
    with pytest.raises(Refusal, match=r"statement\.gone"):
        shelf.take(one_office, mine, digest)
    assert not list((one_office.store.data_dir / shelf.FOLDER).iterdir())


def test_no_more_lie_there_than_there_is_room_for_and_the_oldest_go_first(
    one_office: Office, clock: MovingClock
) -> None:
    mine, digests = _actor(one_office, "finance.clerk"), []
    for n in range(shelf.MOST + 2):
        clock.at += timedelta(seconds=1)
        digests.append(shelf.lay(one_office, mine, f"{n}".encode()))
    assert len(list((one_office.store.data_dir / shelf.FOLDER).iterdir())) == shelf.MOST
    assert shelf.take(one_office, mine, digests[-1]) == f"{shelf.MOST + 1}".encode()
    with pytest.raises(Refusal):
        shelf.take(one_office, mine, digests[0])
