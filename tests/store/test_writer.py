"""写入口: one writer serves everybody, whoever goes away meanwhile."""

from threading import Event

from registry.actions.office import Office


def test_who_goes_away_before_the_turn_stops_nobody_else(office: Office) -> None:
    writer, held = office.store.writer, Event()
    first = [writer.submit("990102", lambda _: held.wait(10)) for _ in range(8)]
    gone = writer.submit("990102", lambda _: "gone")
    assert gone.cancel()
    held.set()
    assert writer.submit("990102", lambda _: "here").result(timeout=10) == "here"
    assert all(one.result(timeout=10) for one in first)
