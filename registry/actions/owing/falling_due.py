"""到期经费定时 what the passing of time brings to money: reminders before its day, what is late after it.

One effect an event; a second tick on the same day brings nothing new.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from registry.actions.doubting import keeping
from registry.actions.doubting.glancing import LIKE_EVERYTHING, Glance, places_since
from registry.actions.office import Answer, Call, Desk, Office
from registry.actions.outbox import Message, heads, tell
from registry.actions.owing.findings import ARREARS, SHORT, STARTED, UNPAID
from registry.actions.owing.lateness import cleared_ids, lateness, rule_of, short_at_start
from registry.actions.owing.payments import BEGUN, begun_without
from registry.actions.owing.reckoning import Owing, owing
from registry.actions.owing.watching import says, standing_of, watch
from registry.actions.reminding import Stage, stage_on
from registry.domain.audit import Finding
from registry.domain.notice import Notice, NoticeKind
from registry.domain.people import Actor
from registry.domain.presence import Presence, PresenceState
from registry.domain.reckoning import yuan
from registry.domain.request import Request
from registry.store.chain import Sought, sums

Effect = Callable[[Desk], Answer]
ROOM = "owing"
WATCHED = [
    state.value for state in PresenceState
    if state not in (PresenceState.REFUSED, PresenceState.LEGACY)
]  # fmt: skip
_SAID = {
    NoticeKind.DUE: "{title}：应付经费 {fen} 将于 {due} 到期",
    NoticeKind.DUE_TODAY: "{title}：应付经费 {fen} 今日到期",
    NoticeKind.OVERDUE: "{title}：应付经费 {fen} 已于 {due} 到期，请尽快拨付",
}


class Instalment(NamedTuple):
    """一期应付: of all communities of one funding line together, to its payer."""

    request_id: str
    funding_key: str
    payer_id: str
    due_on: date
    missing_fen: int
    stage: Stage

    @property
    def once(self) -> str:
        """What is told once."""
        return f"{self.request_id}.{self.funding_key}.{self.due_on}.{self.stage.key}"


def effects(office: Office, actor: Actor, glance: Glance) -> list[tuple[str, Effect]]:
    """What is due in a county today, one effect each."""
    if glance.idle(ROOM):
        return []
    call = Call(actor=actor, county=glance.county, act="tick.late_money")
    since = glance.since(ROOM)
    found = office.ask(call, lambda desk: Answer(body=_looked_over(desk, since)))
    watched, told = found.body
    glance.done(ROOM, left=len(watched) + len(told))
    return [
        *(("late_money", _watching(id)) for id in watched),
        *(("money_reminded", _reminding(one)) for one in told),
    ]


def _looked_over(desk: Desk, since: int | None) -> tuple[list[str], list[Instalment]]:
    """Presences of which something changes today, and instalments to be reminded of. Of a whole
    county all amounts are read in one statement; a reminder looks at all communities of a case, so
    that of those that were touched all of their cases is read."""
    rule = desk.rulebook().overlay.setting(lambda d: d.reminders)
    money = desk.rulebook().overlay.setting(lambda d: d.money)
    if (
        rule_of(desk) is None
        and rule is None
        and not (money and (money.late_after_days or money.required_at))
    ):
        return [], []
    held = _watched(desk, since)
    if not held:
        return [], []
    ids = [p.id for p in held] if since is not None and len(held) < LIKE_EVERYTHING else None
    chains = sums(desk.unit.connection, desk.unit.county, Sought(presence_ids=ids),
                  by=("presence_id", "funding_key"))  # fmt: skip
    books = {(str(p), str(k)): chain for (p, k), chain in chains.items()}
    owed: dict[str, list[Owing]] = {p.id: [] for p in held}
    for one in owing(desk, held, books):
        owed[one.presence.id].append(one)
    return _changing(desk, held, owed), _near(desk, owed)


def _watched(desk: Desk, since: int | None) -> list[Presence]:
    places = places_since(desk, since)
    if places is None:
        found = desk.unit.find(Presence, state=WATCHED)
    elif places:
        asked = {p.request_id for p in desk.unit.find(Presence, id=places) if p.request_id}
        found = desk.unit.find(Presence, request_id=sorted(asked), state=WATCHED) if asked else []
    else:
        found = []
    return [one for one in found if one.request_id and one.share_fen]


def _changing(desk: Desk, held: Sequence[Presence], owed: Mapping[str, list[Owing]]) -> list[str]:
    """Presences whose money has become late, or is late no more, or was to be there before they
    began and is not."""
    told: dict[str, list[Finding]] = {}
    for finding in (*standing_of(desk), *keeping.open_of(desk, STARTED.code)):
        told.setdefault(finding.object_id, []).append(finding)
    begun = [p.id for p in held if p.state in BEGUN and p.started_on is not None]
    cleared = cleared_ids(desk, begun)
    found = []
    for presence in held:
        own, late = told.get(presence.id, []), lateness(desk, presence, owed[presence.id])
        short = short_at_start(desk, presence, owed[presence.id], cleared)
        begins = begun_without(presence, short)
        started = {f.facts["amount_fen"] for f in own if f.code == STARTED.code}
        of_payment = [f for f in own if f.code in (UNPAID.code, SHORT.code)]
        # What a start opened stays until what it needed has come.
        over = late is None and (of_payment or (not short and any(
            f.code == ARREARS.code for f in own)))  # fmt: skip
        fresh = late is not None and not any(says(finding, late) for finding in of_payment)
        if fresh or over or started != ({short} if begins else set()):
            found.append(presence.id)
    return found


def _watching(id: str) -> Effect:
    def verb(desk: Desk) -> Answer:
        presence = desk.unit.get(Presence, id, lock=True)
        desk.about(presence)
        return Answer(body=watch(desk, presence))

    return verb


def _near(desk: Desk, owed: Mapping[str, list[Owing]]) -> list[Instalment]:
    """Instalments of which their payer is to be told today and was not yet."""
    found = list(_instalments(desk, owed))
    ids = sorted({one.request_id for one in found})
    held = desk.unit.find(Notice, request_id=ids) if ids else []
    told = {n.id.removesuffix(f".{n.person_id}") for n in held}
    return [one for one in found if one.once not in told]


def _instalments(desk: Desk, owed: Mapping[str, list[Owing]]) -> Iterator[Instalment]:
    rule = desk.rulebook().overlay.setting(lambda d: d.reminders)
    if rule is None:
        return
    calendar = desk.rulebook().calendar
    missing: dict[tuple[str, str, str, date], int] = {}
    for one in (one for own in owed.values() for one in own):
        for at, step in enumerate(one.steps):
            before = one.steps[at - 1].reached_fen if at else 0
            # Of this instalment alone: what is missing of those before it was told with them.
            short = min(one.due(step.due_on) - one.arrived_fen, step.reached_fen - before)
            if short > 0 and one.line.payer_id and one.presence.request_id:
                key = (one.presence.request_id, one.line.key, one.line.payer_id, step.due_on)
                missing[key] = missing.get(key, 0) + short
    for (request, line, payer, due_on), fen in sorted(missing.items()):
        stage = stage_on((due_on, False), rule, desk.today, calendar)
        if stage is not None:
            yield Instalment(request, line, payer, due_on, fen, stage)


def _reminding(one: Instalment) -> Effect:
    def verb(desk: Desk) -> Answer:
        request = desk.unit.get(Request, one.request_id)
        desk.about(request)
        words = {"title": request.title, "fen": yuan(one.missing_fen), "due": one.due_on}
        message = Message(
            kind=one.stage.kind, request_id=request.id, once=one.once,
            text=_SAID[one.stage.kind].format(**words),
            text_en=f"{request.title}: {yuan(one.missing_fen)} falls due on {one.due_on}",
        )  # fmt: skip
        return Answer(body=len(tell(desk, heads(desk, one.payer_id), message, request)))

    return verb
