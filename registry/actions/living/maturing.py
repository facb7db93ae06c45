"""到期 what the passing of time brings to what lives in a community: it runs out, its acceptance is
late, its renewal is to be asked for. A guessed date makes nothing late.
"""

from collections.abc import Callable, Iterable
from datetime import date, timedelta

from registry.actions.afterwards.amended import ENDED
from registry.actions.doubting import keeping
from registry.actions.filing import owners
from registry.actions.living.accepting import overdue_of
from registry.actions.living.departing import Why, depart
from registry.actions.office import Answer, Desk, Office
from registry.actions.outbox import Message, heads, tell
from registry.domain.living import Acceptance, AcceptanceState
from registry.domain.notice import Notice, NoticeKind
from registry.domain.presence import MOVES, Presence, PresenceState
from registry.domain.request import Request
from registry.domain.vocabulary import Trigger

Effect = Callable[[Desk], Answer]
LIVE = [PresenceState.PLANNED.value, PresenceState.AGREED.value, PresenceState.ACTIVE.value,
        PresenceState.SUSPENDED.value]  # fmt: skip
_ASKED = AcceptanceState.ASKED.value


def effects(office: Office, county: str, today: date) -> list[tuple[str, Effect]]:
    """What is due in a county today, one effect each."""
    reader = office.store.reader
    ran_out = reader.find(Presence, county, before=("ends_on", today), state=LIVE)
    found: list[tuple[str, Effect]] = [("expired", _expiry(p.id)) for p in ran_out]
    found += _acceptances(office, county, today)
    found += [("renewal_told", _ask_to_renew(id)) for id in _to_renew(office, county, today)]
    return found


def _expiry(id: str) -> Effect:
    """到期失效: what was done of it is still to be accepted, and what hangs of it comes down."""

    def verb(desk: Desk) -> Answer:
        presence = desk.unit.get(Presence, id, lock=True)
        desk.about(presence)
        after = MOVES["expire"].get(presence.state)
        if after is None or presence.ends_on is None or presence.ends_on >= desk.today:
            return Answer(body=None)  # ended, or given a longer term, since it was looked at
        over = desk.unit.change(presence, state=after)
        depart(desk, [over], Why(trigger=Trigger.EXPIRED, reason="期限届满"))
        return Answer(body=over.id)

    return verb


def _acceptances(office: Office, county: str, today: date) -> Iterable[tuple[str, Effect]]:
    waiting = office.store.reader.find(
        Acceptance, county, before=("due_on", today), state=_ASKED, overdue=False
    )
    yield from (("overdue", _late(a.id)) for a in waiting if not a.due_provisional)
    for asked in office.store.reader.find(Acceptance, county, state=_ASKED):
        if not asked.due_provisional:
            continue
        book = office.rulebooks.of(county, asked.asked_on)
        rule = book.overlay.setting(lambda d: d.acceptance)
        calendar = office.rulebooks.of(county, today).calendar
        due, guessed = calendar.due(rule.within, asked.asked_on) if rule else (None, True)
        if due is not None and not guessed:
            yield "recomputed", _firm(asked.id, due)


def _late(id: str) -> Effect:
    """逾期未验收 counts against the department and passes nothing."""

    def verb(desk: Desk) -> Answer:
        asked = desk.unit.get(Acceptance, id, lock=True)
        desk.about(asked)
        if asked.state is not AcceptanceState.ASKED or asked.overdue:
            return Answer(body=None)
        late = desk.unit.change(asked, overdue=True)
        return Answer(body=keeping.tell(desk, overdue_of(late)).id)

    return verb


def _firm(id: str, due: date) -> Effect:
    def verb(desk: Desk) -> Answer:
        asked = desk.unit.get(Acceptance, id, lock=True)
        desk.about(asked)
        if asked.state is not AcceptanceState.ASKED:
            return Answer(body=None)
        return Answer(body=desk.unit.change(asked, due_on=due, due_provisional=False).id)

    return verb


def _to_renew(office: Office, county: str, today: date) -> list[str]:
    """Admissions whose term ends within the time that the packs give ahead, not told of yet."""
    book = office.rulebooks.of(county, today)
    rule = book.overlay.setting(lambda d: d.renewal)
    if rule is None or rule.ahead is None:
        return []
    horizon, _ = book.calendar.due(rule.ahead, today)
    near = office.store.reader.find(
        Presence, county, before=("ends_on", horizon + timedelta(days=1)), state=LIVE
    )
    ending = {p.request_id: p.ends_on for p in near if p.request_id and p.ends_on}
    told = office.store.reader.find(Notice, county, request_id=sorted(ending)) if ending else []
    said = {n.id.removesuffix(f".{n.person_id}") for n in told}
    fresh = [id for id, on in ending.items() if on >= today and _once(id, on) not in said]
    asked = office.store.reader.find(Request, county, amends=sorted(fresh)) if fresh else []
    return sorted(set(fresh) - {str(r.amends) for r in asked if r.state not in ENDED})


def _once(request_id: str, ends_on: date) -> str:
    return f"{request_id}.renew{ends_on}"


def _ask_to_renew(id: str) -> Effect:
    """将到期: those who ask it of the communities are told once, unless they are at it already."""

    def verb(desk: Desk) -> Answer:
        request = desk.unit.get(Request, id)
        desk.about(request)
        there = [p for p in desk.unit.find(Presence, request_id=id) if p.state.value in LIVE]
        last = max((p.ends_on for p in there if p.ends_on), default=None)
        if last is None:
            return Answer(body=None)
        message = Message(
            kind=NoticeKind.DUE, request_id=id, once=_once(id, last),
            text=f"将于 {last} 到期，需要继续的请申请续期，否则到期退出：{request.title}",
            text_en=f"It ends on {last}: ask for its renewal, else it leaves: {request.title}",
        )  # fmt: skip
        has = request.holder_id or request.drafted_by
        people = [p for whose in owners(request) for p in heads(desk, whose)]
        return Answer(body=len(tell(desk, [*people, has], message, request)))

    return verb
