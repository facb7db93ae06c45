"""滞留与未退定时 what lies at a street past its day, and refunds past theirs, become findings (E6, E15).

Closed again when the money has moved; a stated reason is told beside it and stops no clock.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from registry.actions.doubting import keeping
from registry.actions.doubting.glancing import Glance, places_since
from registry.actions.doubting.keeping import Seen
from registry.actions.ledger.posting import lines_of
from registry.actions.office import Answer, Call, Desk, Office
from registry.actions.owing.cleared import own_lines, refund_left
from registry.actions.owing.findings import HELD_OVER, REFUND_LATE
from registry.actions.owing.held import Place, at_street, lying_since, open_holds, place_of
from registry.domain.accounts import Account
from registry.domain.audit import Finding
from registry.domain.closing import Clearance, ClearanceState
from registry.domain.funds import Voucher, VoucherLine, chain
from registry.domain.owing import limit_of
from registry.domain.people import Actor
from registry.domain.presence import Presence
from registry.policies.purse import HoldingRule
from registry.store.chain import Sought, sums

Effect = Callable[[Desk], Answer]
ROOM = "overdue"
_TOGETHER = 512
"""Presences whose lines are read at once."""


def effects(office: Office, actor: Actor, glance: Glance) -> list[tuple[str, Effect]]:
    """Findings to open, change or close in a county today, one effect each."""
    if glance.idle(ROOM):
        return []
    call = Call(actor=actor, county=glance.county, act="tick.money_overdue")
    since = glance.since(ROOM)
    changing = office.ask(call, lambda desk: Answer(body=_changing(desk, since))).body
    glance.done(ROOM, left=len(changing))
    return [("money_overdue", _bringing(code, presence)) for code, presence in changing]


def _changing(desk: Desk, since: int | None) -> list[tuple[str, str]]:
    """Presences of which a finding changes today, after its code."""
    places = places_since(desk, since)
    if places == []:
        return []
    return [
        *((HELD_OVER.code, id) for id in _differing(desk, HELD_OVER.code, places)),
        *((REFUND_LATE.code, id) for id in _differing(desk, REFUND_LATE.code, places)),
    ]


def _differing(desk: Desk, code: str, places: list[str] | None) -> list[str]:
    standing = {
        one.id: one for one in keeping.open_of(desk, code)
        if places is None or one.facts["presence_id"] in places
    }  # fmt: skip
    there = _THERE[code](desk, places)
    ids = sorted({*there, *(one.facts["presence_id"] for one in standing.values())})
    found = []
    for first in range(0, len(ids), _TOGETHER):
        some = ids[first : first + _TOGETHER]
        lines: dict[str, list[VoucherLine]] = {id: [] for id in some}
        for line in lines_of(desk, some):
            lines[line.presence_id].append(line)
        for presence in desk.unit.find(Presence, id=some):
            seen = _SEEN[code](desk, presence, lines[presence.id])
            if _apart(standing, seen, presence.id):
                found.append(presence.id)
    return found


def _apart(standing: dict[str, Finding], seen: list[Seen], presence_id: str) -> bool:
    own = {f.id: f.facts for f in standing.values() if f.facts["presence_id"] == presence_id}
    return own != {one.id: one.told for one in seen}


def _holding_there(desk: Desk, places: list[str] | None) -> list[str]:
    """Presences with money at the street: read in one statement."""
    if _holding(desk) is None:
        return []
    sought = Sought(presence_ids=places)
    chains = sums(desk.unit.connection, desk.unit.county, sought, by=("presence_id",))
    return [str(id) for (id,), chain_ in chains.items() if chain_.held_fen > 0]


def _refunding(desk: Desk, places: list[str] | None) -> list[str]:
    narrowed: dict[str, Any] = {} if places is None else {"presence_id": places}
    agreed = desk.unit.find(Clearance, state=ClearanceState.AGREED.value, **narrowed)
    return [one.presence_id for one in agreed if one.refund_fen]


def _holding(desk: Desk) -> HoldingRule | None:
    return desk.rulebook().overlay.setting(lambda d: d.holding)


def _held_over(desk: Desk, presence: Presence, lines: list[VoucherLine]) -> list[Seen]:
    rule = _holding(desk)
    if rule is None:
        return []
    since, told = lying_since(lines), open_holds(desk, [presence.id])
    found = []
    for place, fen in sorted(at_street(lines).items()):
        last, guessed = limit_of(desk.rulebook().calendar, rule.passed_on_within, since[place])
        if guessed or last >= desk.today:
            continue
        reasons = [one.id for one in told if place_of(one) == place]
        _, key, year = place
        found.append(Seen(
            HELD_OVER, f"{presence.id}.{key}.{year}.held", presence.id,
            _street(desk, lines, place), presence.area_path,
            {"presence_id": presence.id, "funding_key": key, "year": year, "amount_fen": fen,
             "since": since[place].isoformat(), "last_day": last.isoformat()},
            {"holds": reasons},
        ))  # fmt: skip
    return found


def _street(desk: Desk, lines: list[VoucherLine], place: Place) -> str | None:
    """Who holds it: the body that recorded the arrival at the street last."""
    came = [x for x in lines if x.key == place and x.debit is Account.STREET and x.counted]
    if not came:
        return None
    last = max(came, key=lambda x: (x.dated_on or date.min, x.id))
    return desk.unit.get(Voucher, last.voucher_id).issuer_id


def _refund_late(desk: Desk, presence: Presence, lines: list[VoucherLine]) -> list[Seen]:
    agreed = desk.unit.find(
        Clearance, presence_id=presence.id, state=ClearanceState.AGREED.value
    )  # fmt: skip
    found = []
    for one in agreed:
        due, left = one.refund_due_on, refund_left(one, chain(own_lines(lines, one)))
        if due is None or not left:
            continue
        rule = desk.rulebook().overlay.setting(lambda d: d.clearance)
        if one.refund_due_provisional and rule is not None and one.agreed_on is not None:
            due, guessed = desk.rulebook().calendar.due(rule.refund_within, one.agreed_on)
            if guessed:
                continue
        if due >= desk.today:
            continue
        found.append(Seen(
            REFUND_LATE, f"{one.id}.refund", one.id, one.organisation_id, one.area_path,
            {"presence_id": presence.id, "funding_key": one.funding_key, "amount_fen": left,
             "due_on": due.isoformat()},
            {"clearances": [one.id]},
        ))  # fmt: skip
    return found


_THERE = {HELD_OVER.code: _holding_there, REFUND_LATE.code: _refunding}
_SEEN = {HELD_OVER.code: _held_over, REFUND_LATE.code: _refund_late}


def _bringing(code: str, presence_id: str) -> Effect:
    def verb(desk: Desk) -> Answer:
        presence = desk.unit.get(Presence, presence_id, lock=True)
        desk.about(presence)
        return Answer(body=set_right(desk, code, presence))

    return verb


def set_right(desk: Desk, code: str, presence: Presence) -> str | None:
    """Open, change and close the findings of a presence by a code, as things are today."""
    found = _SEEN[code](desk, presence, lines_of(desk, [presence.id]))
    standing = keeping.open_of(desk, code)
    ids = {one.id for one in standing if one.facts["presence_id"] == presence.id}
    changed = keeping.set_right(desk, found, ids)
    return changed[-1] if changed else None
