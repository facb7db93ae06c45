"""生效 what an admission brings about: presences at first, and by a change the next edition (P14).

Until a change takes effect its original stands as it was; then, in one act, the original is as the
change says, and the change is archived with nothing of its own in force.
"""

import msgspec

from registry.actions.afterwards.bounds import check_lasting, check_paid, kept_and_added
from registry.actions.afterwards.settled import check_at_rest
from registry.actions.doubting import keeping
from registry.actions.doubting.cases import AGREEMENT
from registry.actions.doubting.keeping import Seen
from registry.actions.entering import (
    layout_of,
    load_of,
    number_of,
    parts,
    settle_in,
    sharing,
)
from registry.actions.existing.admitting import admitted_now
from registry.actions.granting import admitted, reached
from registry.actions.ledger.pledging import pledge
from registry.actions.living.departing import Why, come_back, depart
from registry.actions.office import Desk
from registry.actions.presences import admitted_still
from registry.domain.admission import Verdict
from registry.domain.agreement import Agreement
from registry.domain.approval import Decision
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.filing import Filing
from registry.domain.presence import MOVES, Presence, PresenceState
from registry.domain.request import Purpose, Request, State, Target
from registry.domain.vocabulary import Trigger

NOT_ADMITTED = declare(
    "change.not_admitted", RefusalKind.CONFLICT, "只有现为「准予准入」的申请才能变更",
    "Only what stands admitted can be changed.", recorded=True,
)  # fmt: skip
OUTDATED = declare(
    "change.outdated", RefusalKind.CONFLICT,
    "该事项在起草本变更之后又有变更，现为第 {edition} 版；请撤回本变更，按现行版本重新起草",
    "It has been changed since this change was drafted and is at edition {edition} now; withdraw "
    "this one and draft it anew from that.",
    recorded=True,
)  # fmt: skip

FELL_AWAY = "变更后不再涉及"


def take_effect(desk: Desk, request: Request, decision: Decision) -> Request:
    """Bring about what a decision admits; the request as it is then."""
    held = request.verdict_id
    verdict = desk.unit.get(Verdict, held) if held else None
    if request.purpose is Purpose.LEAVE:
        return _leave(desk, request, decision)
    if request.amends is not None:
        return _change(desk, request, decision, verdict)
    filing = admitted(desk, request)
    if desk.unit.find(Presence, request_id=request.id):
        check_paid(desk, request, filing)
        _lay_anew(desk, request, filing, decision)
        _offer_anew(desk, request, filing)
    else:
        settle_in(desk, request, filing, verdict)
    pledge(desk, request, decision)
    admitted_now(desk, request)
    return request


def _change(desk: Desk, change: Request, decision: Decision, verdict: Verdict | None) -> Request:
    original = desk.unit.get(Request, change.amends or "", lock=True)
    check_stands(desk, original, change)
    check_at_rest(desk, original)
    if decision.replaces is None:
        desk.unit.change(decision, replaces=original.decision_id)
    fields = {name: getattr(change, name) for name in _TAKEN}
    after = desk.unit.change(
        original, edition=original.edition + 1, decision_id=decision.id,
        worked_on_by=_both(original, change), **fields,
    )  # fmt: skip
    _aim(desk, after, change)
    filing = admitted(desk, after)
    check_lasting(desk, filing)
    check_paid(desk, after, filing)
    _lay_anew(desk, after, filing, decision)
    pledge(desk, after, decision)
    _offer_anew(desk, after, filing)
    return desk.unit.change(change, state=State.CLOSED, edition=after.edition)


def _leave(desk: Desk, leaving: Request, decision: Decision) -> Request:
    """退出: what was admitted stays decided as it was, and is in these communities no more."""
    original = desk.unit.get(Request, leaving.amends or "", lock=True)
    check_stands(desk, original, leaving)
    check_at_rest(desk, original)
    places = {(receiver, area.id) for receiver, area in reached(desk, admitted(desk, leaving))}
    left = [
        desk.unit.change(
            p, state=MOVES["exit"][p.state], ended_by=decision.id, ended_from=p.state,
            ended_why="准予退出",
        )
        for p in desk.unit.find(Presence, request_id=original.id)
        if (p.receiver, p.area_id) in places and p.state in MOVES["exit"]
    ]  # fmt: skip
    depart(desk, left, Why(
        trigger=leaving.trigger or Trigger.WITHDRAWN, reason=leaving.leave_reason,
        decision_id=decision.id, verdict_id=leaving.verdict_id,
    ))  # fmt: skip
    return desk.unit.change(leaving, state=State.CLOSED, edition=original.edition)


def check_stands(desk: Desk, original: Request, change: Request) -> None:
    """Refuse a change of what is not admitted any more, or not as it was when it was drafted. What
    was archived since is changed no more; it still runs on or leaves.

    Raises:
        Refusal: ``change.not_admitted``, ``change.outdated``.
    """
    lives_on = change.purpose is not Purpose.CHANGE and admitted_still(desk, original)
    if original.state is not State.APPROVED and not lives_on:
        raise Refusal(NOT_ADMITTED)
    if original.edition != change.edition:
        raise Refusal(OUTDATED, edition=original.edition)


def _both(original: Request, change: Request) -> list[str]:
    """Whoever worked on either: what they asked for now is the text of the original."""
    worked = (*original.worked_on_by, *change.worked_on_by, change.drafted_by, change.submitted_by)
    return list(dict.fromkeys(person for person in worked if person))


_TAKEN = (
    "filing", "kind", "title", "beside", "letter_number", "outcome", "verdict_id", "absolute",
    "insisted", "insist_reason", "pack", "disclosure", "disclosure_reason", "narrowed_by",
)  # fmt: skip
"""What the original has of its change from then on; the day of its first filing stays."""


def _aim(desk: Desk, original: Request, change: Request) -> None:
    """The areas of the change are those of the original now."""
    held = {t.area_id: t for t in desk.unit.find(Target, request_id=original.id)}
    wanted = {t.area_id: t for t in desk.unit.find(Target, request_id=change.id) if not t.withdrawn}
    for area, target in wanted.items():
        if area not in held:
            desk.unit.add(msgspec.structs.replace(
                target, id=f"{original.id}.{area}", version=1, request_id=original.id
            ))  # fmt: skip
        elif held[area].withdrawn:
            desk.unit.change(held[area], withdrawn=False, path=target.path)
    for area, target in held.items():
        if area not in wanted and not target.withdrawn:
            desk.unit.change(target, withdrawn=True, path="/")


def _lay_anew(desk: Desk, request: Request, filing: Filing, decision: Decision) -> None:
    """Presences as the filing now says: some end, some go on with another term and share, some are
    new; their shares sum to what is granted."""
    every = desk.unit.find(Presence, request_id=request.id)
    kept, added = kept_and_added(desk, request, reached(desk, filing))
    held = {p.id for p in kept}
    gone = [p for p in sharing(every) if p.id not in held]
    for presence in gone:
        _end(desk, presence, decision)
    depart(desk, [p for p in gone if p.state in MOVES["exit"]], Why(
        trigger=Trigger.WITHDRAWN, reason=FELL_AWAY, decision_id=decision.id))  # fmt: skip
    verdict = desk.unit.get(Verdict, request.verdict_id) if request.verdict_id else None
    owed = parts(filing, [*(p.area_id for p in kept), *(area.id for _, area in added)])
    for presence, part in zip(kept, owed, strict=False):
        _go_on(desk, (presence, part), request, filing)
    first = max((number_of(p) for p in every), default=-1) + 1
    layout = layout_of(desk, request, filing, verdict, areas=[area for _, area in added])
    for index, place in enumerate(added):
        part = owed[len(kept) + index]
        desk.unit.add(layout.presence(place, number=first + index, owed=part))


def _end(desk: Desk, presence: Presence, decision: Decision) -> None:
    """退出: its area fell away; what is over already stays as it ended."""
    desk.unit.change(
        presence, state=MOVES["exit"].get(presence.state, presence.state), dropped=True,
        ended_by=decision.id, ended_from=presence.state, ended_why=FELL_AWAY,
        share_fen=0, first_due_fen=0,
    )  # fmt: skip


def _go_on(
    desk: Desk, has: tuple[Presence, tuple[int, int]], request: Request, filing: Filing
) -> None:
    """A presence that stays takes the new term and share; one that had run out goes on, or waits
    for its start as it did before, with its books."""
    presence, (part, first) = has
    lasts = filing.ends_on is None or filing.ends_on >= desk.today
    renewed = presence.state is PresenceState.EXPIRED and lasts
    back = "renew" if presence.started_on is not None else "reopen"
    state = MOVES[back][presence.state] if renewed else presence.state
    fields = {
        "title": request.title, "starts_on": filing.starts_on, "ends_on": filing.ends_on,
        "disclosure": request.disclosure or presence.disclosure, "state": state,
        "share_fen": part, "first_due_fen": first, **load_of(desk, filing),
    }  # fmt: skip
    if any(getattr(presence, name) != value for name, value in fields.items()):
        desk.unit.change(presence, **fields)
    if renewed:
        come_back(desk, [presence.id])


def _offer_anew(desk: Desk, request: Request, filing: Filing) -> None:
    """The text that both sides signed says what was admitted before: where it changes, it is
    offered anew, and nobody has signed it yet."""
    for agreement in desk.unit.find(Agreement, request_id=request.id):
        terms = agreement.terms.of(filing)
        if terms == agreement.terms:
            continue
        desk.unit.change(agreement, edition=agreement.edition + 1, terms=terms)
        for presence in sharing(desk.unit.find(Presence, request_id=request.id)):
            if presence.state is PresenceState.AGREED:
                desk.unit.change(presence, state=MOVES["lapse"][presence.state])
            elif presence.state in MOVES["complete"]:
                _ask_to_sign(desk, request, presence)


def _ask_to_sign(desk: Desk, request: Request, presence: Presence) -> None:
    """协议待重签: work that has begun goes on; both sides are told."""
    keeping.tell(desk, Seen(
        AGREEMENT, f"{presence.id}.agreement", presence.id, request.applicant_id,
        presence.area_path, {"edition": request.edition},
    ))  # fmt: skip
