"""写入口: one writer serves everybody, whoever goes away meanwhile."""

from threading import Event

import pytest

from registry.actions.office import Office
from registry.domain.errors import Refusal


def test_who_goes_away_before_the_turn_stops_nobody_else(office: Office) -> None:
    writer, held = office.store.writer, Event()
    first = [writer.submit("990102", lambda _: held.wait(10)) for _ in range(8)]
    gone = writer.submit("990102", lambda _: "gone")
    assert gone.cancel()
    held.set()
    assert writer.submit("990102", lambda _: "here").result(timeout=10) == "here"
    assert all(one.result(timeout=10) for one in first)


def test_who_comes_after_the_end_is_told_and_does_not_wait_for_ever(office: Office) -> None:
    """A thread that waits for what nobody does keeps the process from ending."""
    accepted = office.store.writer.submit("990102", lambda _: "before")
    office.store.writer.close()
    assert accepted.result(timeout=0) == "before"
    with pytest.raises(Refusal) as refused:
        office.store.writer.submit("990102", lambda _: "after").result(timeout=10)
    assert refused.value.code == "storage.unavailable"
    office.store.writer.close()
