"""支付办理 the payments that are due, each between two acts and outside any transaction.

Act 1 says that the treasury may have been called, and is on the disk before it is. Then it is
called. Act 2 records the answer. A process that dies anywhere leaves either a payment that nobody
was called for, or one that is asked after under its own key: never a second payment.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from registry.actions.office import Answer, Call, Desk, Office, Verb
from registry.actions.paying.settling import TAKEN, hear, send
from registry.actions.ticking import system_actor
from registry.domain.errors import Refusal
from registry.domain.paying import (
    NULL,
    WAITING,
    Absent,
    Payment,
    Reply,
    Unknown,
    pause,
)
from registry.gateways.treasuries import Served
from registry.gateways.treasury import Treasury

OUT_OF = 65536
"""Steps in which chance is drawn."""
_log = logging.getLogger("registry.paying")


def never() -> bool:
    """Nobody asks for a stop."""
    return False


def carry(office: Office, stopping: Callable[[], bool] = never) -> dict[str, int]:
    """Carry every payment that is due once; returns how many ended in which state.

    Args:
        stopping: asked before each payment.
    """
    done: dict[str, int] = {}
    for county in office.treasuries.counties():
        served = office.treasuries.of(county)
        for payment in due(office, county) if served else []:
            if stopping() or served is None or not served.circuit.admits(office.clock()):
                break
            after = _carried(office, payment, served)
            if after is not None:
                done[after.state.value] = done.get(after.state.value, 0) + 1
    return done


def due(office: Office, county: str) -> list[Payment]:
    """The payments whose turn it is: the longest waiting first."""
    now, name = office.clock(), office.treasuries.name_of(county)
    held = waiting(office, county)
    ready = [p for p in held if p.gateway == name and p.next_at and p.next_at <= now]
    return sorted(ready, key=lambda p: (p.next_at or now, p.id))


def queues(office: Office) -> dict[str, tuple[int, float]]:
    """By county with a gateway, or with payments left of one: how many wait whose outcome is not
    known, and for how many seconds the oldest has."""
    now, found = office.clock(), dict[str, tuple[int, float]]()
    for county in office.store.reader.partitions():
        held = waiting(office, county)
        if held or office.treasuries.of(county):
            age = max(((now - p.ordered_at).total_seconds() for p in held), default=0)
            found[county] = (len(held), age)
    return found


def waiting(office: Office, county: str) -> list[Payment]:
    """The payments of any gateway whose outcome is not known; the null gateway has none."""
    states = [state.value for state in WAITING]
    found = office.store.reader.find(Payment, county, state=states)
    return [payment for payment in found if payment.gateway != NULL]


def _carried(office: Office, before: Payment, served: Served) -> Payment | None:
    """One payment between its two acts; ``None`` where another took it up."""
    until = office.clock() + served.lease
    try:
        sent = _act(office, before, partial(send, id=before.id, until=until))
    except Refusal as refusal:
        if refusal.code != TAKEN:
            raise
        return None
    reply = called(served.treasury, sent)
    now = office.clock()
    served.circuit.note(now, down=isinstance(reply, Unknown) and reply.down)
    if isinstance(reply, Unknown):
        _log.warning("payment %s: %s", sent.id, reply.said)
    again = _again(office, sent, served, reply)
    try:
        return _act(office, sent, partial(hear, id=sent.id, reply=reply, again_at=again))
    except Refusal as refusal:
        # It stays sent and is asked after again; the others do not wait for it.
        _log.error("payment %s: answered, and not recorded: %s", sent.id, refusal.code)
        return None


def called(treasury: Treasury, sent: Payment) -> Reply:
    """What the treasury says. One that may have been called already is asked after first, and asked
    for again under the same key only where the treasury does not know it."""
    if sent.calling_back:
        return treasury.call_back(sent)
    if sent.attempts == 1:
        return treasury.pay(sent)
    reply = treasury.ask(sent)
    return treasury.pay(sent) if isinstance(reply, Absent) else reply


def _again(office: Office, sent: Payment, served: Served, reply: Reply) -> datetime:
    """When it is asked again, should it have to be: not before the treasury wants it."""
    chance = int.from_bytes(office.source.token(2), "big")
    wait = pause(sent.attempts, served.patience, chance, OUT_OF)
    wished = reply.after_seconds if isinstance(reply, Unknown) else None
    rest = timedelta(seconds=min(wished or 0, served.patience.longest))
    return office.clock() + max(wait, rest)


def _act(office: Office, payment: Payment, verb: Callable[..., Answer]) -> Payment:
    def done(desk: Desk) -> Answer:
        return verb(desk)

    told: Verb = done
    call = Call(actor=system_actor(payment.county), county=payment.county, act="payment.send")
    body: Payment = office.perform(call, told).body
    return body
