"""迟付行数 how many lines of what is owed are late today: as many as ``arrears`` lists, without
reckoning every line each time.

A line is worked out once: from which day on it is late while nothing more happens to it. It is
worked out again when something was written that says what it owes (``store/kept``).
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from functools import partial

import msgspec

from registry.actions.office import Answer, Call, Desk, Office
from registry.actions.owing.arrears import line_late, readers, reckoned
from registry.actions.owing.lateness import clock_of, rule_of
from registry.actions.owing.reckoning import GONE, Owing, arrived_at, cleared_of
from registry.domain.owing import late_from
from registry.domain.people import Actor
from registry.domain.presence import Presence
from registry.store.chain import Sought
from registry.store.kept import Followed, Sums
from registry.store.unpaid import short, touched
from registry.store.visible import Scope

TOGETHER = 1 << 9
"""Presences that are reckoned at once."""


def late_lines(office: Office, actor: Actor, county: str) -> int:
    """How many lines that are late today the reader may see.

    Raises:
        Refusal: ``access.reading``.
    """
    seen = readers(office, actor, county)
    call = Call(actor=actor, county=county, act="arrear.read")
    found: int = office.ask(call, lambda desk: Answer(body=_count(desk, seen))).body
    return found


def _count(desk: Desk, seen: list[Scope]) -> int:
    connection, county = desk.unit.connection, desk.unit.county
    of = Followed(partial(_found, desk, seen), partial(touched, connection, county))
    key = (county, "late", msgspec.json.encode(seen), *_rules(desk))
    today = desk.today.toordinal()
    kept = desk.office.store.reader.kept
    return sum(first <= today for (first,) in kept.followed(connection, key, of).values())


def _rules(desk: Desk) -> tuple[object, ...]:
    """What says from which day on a line is late, beside what is written of it: packs that are
    silent on instalments look at the start alone, day by day."""
    money = desk.rulebook().overlay.setting(lambda d: d.money)
    calendar, within, today = clock_of(desk)
    on = None if rule_of(desk) is not None else today
    return calendar, within, on, msgspec.json.encode(money)


def _found(desk: Desk, seen: list[Scope], ids: Collection[str] | None) -> Sums:
    sought = Sought(seen=seen, presence_ids=None if ids is None else sorted(ids))
    some = short(desk.unit.connection, desk.unit.county, sought, arrived_at(desk))
    found: Sums = {}
    for at in range(0, len(some), TOGETHER):
        for one, first in _late(desk, seen, _owing_still(desk, some[at : at + TOGETHER])):
            found[one.presence.id, one.line.key] = (first.toordinal(),)
    return found


def _owing_still(desk: Desk, ids: Sequence[str]) -> list[Presence]:
    """Those of the presences that owe by anything: what has left does by its clearance alone."""
    held = desk.unit.find(Presence, id=[*ids])
    gone = [one.id for one in held if one.state in GONE]
    cleared = {presence for presence, _ in cleared_of(desk, gone)}
    return [one for one in held if one.state not in GONE or one.id in cleared]


def _late(
    desk: Desk, seen: list[Scope], presences: Sequence[Presence]
) -> Iterator[tuple[Owing, date]]:  # fmt: skip
    """The lines that are late, or will be, each with the first day on which it is."""
    years, owed = reckoned(desk, seen, presences)
    ruled, clock = rule_of(desk) is not None, clock_of(desk)
    for one in owed:
        if one.line.fiscal_year not in years.get((one.presence.id, one.line.key), {}):
            continue
        if ruled:
            first = late_from(one.steps, one.promised_fen, one.arrived_fen, clock)
        else:
            missing = one.missing(desk.today) and line_late(desk, one, owed)
            first = desk.today if missing else None
        if first is not None:
            yield one, first
