"""迟付 whether money that fell due is there: what gates are told, and what is late (P4, E16).

Every instalment counts, not the first alone; a day of a year without its table makes nothing late.
"""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, NamedTuple

from registry.actions.ledger.posting import lines_of
from registry.actions.office import Desk
from registry.actions.owing.reckoning import Owing, books_of, cleared_of, owing
from registry.actions.presences import needed_fen, standing
from registry.domain.accounts import OPEN, balances
from registry.domain.funds import flows
from registry.domain.owing import Late, Rule
from registry.domain.presence import Presence, PresenceState
from registry.domain.request import Request
from registry.domain.vocabulary import Gate
from registry.policies.purse import LateMoney

LIVE = frozenset({
    PresenceState.PLANNED, PresenceState.AGREED, PresenceState.ACTIVE, PresenceState.SUSPENDED,
})  # fmt: skip


class Lateness(NamedTuple):
    """迟付情况 of one community's matter."""

    since: date
    """The earliest day on which something that is not there was due."""
    needed_fen: int
    missing_fen: int
    due: list[dict[str, Any]]
    """Funding line by funding line: since when, how much."""
    payers: list[str]
    sent_fen: int = 0
    """What was sent of the lines that are late, wherever it is now."""

    @property
    def facts(self) -> dict[str, Any]:
        """As a finding tells it."""
        return {
            "amount_fen": self.missing_fen, "needed_fen": self.needed_fen,
            "sent_fen": self.sent_fen,
            "arrived_fen": self.needed_fen - self.missing_fen, "missing_fen": self.missing_fen,
            "due_on": self.since.isoformat(), "due": self.due,
        }  # fmt: skip


def rule_of(desk: Desk) -> LateMoney | None:
    """[late_money] of the packs; ``None`` = they are silent on instalments."""
    return desk.rulebook().overlay.setting(lambda d: d.late_money)


def clock_of(desk: Desk) -> Rule:
    """The calendar by which money is late, as approvals are (E16)."""
    rule = rule_of(desk)
    return Rule(desk.rulebook().calendar, rule.within if rule else None, desk.today)


def lateness(desk: Desk, presence: Presence, owed: Sequence[Owing]) -> Lateness | None:
    """What is late of one community's matter today; ``None`` = nothing, as far as the packs say.

    Args:
        owed: what stands of its funding lines.
    """
    if presence.dropped or presence.state in (PresenceState.REFUSED, PresenceState.LEGACY):
        return None
    if presence.state is PresenceState.EXPIRED and presence.started_on is None:
        return None  # nothing was ever done for it
    if rule_of(desk) is None:
        return _by_start(desk, presence, owed)
    clock = clock_of(desk)
    return _summed([(one, late) for one in owed if (late := one.late(clock)) is not None])


def _summed(found: Sequence[tuple[Owing, Late]]) -> Lateness | None:
    if not found:
        return None
    return Lateness(
        since=min(late.due_on for _, late in found),
        needed_fen=sum(late.needed_fen for _, late in found),
        missing_fen=sum(late.missing_fen for _, late in found),
        due=[
            {"funding_key": one.line.key, "due_on": late.due_on.isoformat(),
             "missing_fen": late.missing_fen}
            for one, late in found
        ],
        payers=list(dict.fromkeys(one.line.payer_id for one, _ in found if one.line.payer_id)),
        sent_fen=sum(max(one.books.dispatched_fen, one.arrived_fen) for one, _ in found),
    )  # fmt: skip


def _by_start(desk: Desk, presence: Presence, owed: Sequence[Owing]) -> Lateness | None:
    """[money].late_after_days: what must be there for the start, so long after it was to begin."""
    rule = desk.rulebook().overlay.setting(lambda d: d.money)
    if rule is None or rule.late_after_days is None or presence.starts_on is None:
        return None
    over = presence.ends_on is not None and presence.ends_on < desk.today
    if presence.state not in LIVE or over or not presence.share_fen:
        return None
    due, provisional = desk.rulebook().calendar.add_working_days(
        presence.starts_on, rule.late_after_days, count_first_day=False
    )
    arrived, needed = sum(one.arrived_fen for one in owed), needed_fen(presence, rule)
    if provisional or due >= desk.today or arrived >= needed:
        return None
    payers = [one.line.payer_id for one in owed if one.line.payer_id]
    sent = sum(max(one.books.dispatched_fen, one.arrived_fen) for one in owed)
    return Lateness(due, needed, needed - arrived, [], list(dict.fromkeys(payers)), sent)


def read_one(desk: Desk, presence: Presence) -> list[Owing]:
    """What stands of one presence, this act's own entries among it."""
    return owing(desk, [presence], books_of(lines_of(desk, [presence.id])))


def standing_at(
    desk: Desk, gate: Gate, request: Request, presence: Presence
) -> tuple[dict[str, str], dict[str, int]]:
    """The facts of a presence at a gate, and the numbers behind them, 分: after the start every
    instalment that is late counts as missing, and whether its money is settled is told."""
    state, measured = standing(desk, request, presence)
    if gate is Gate.START:
        return state, measured
    owed = read_one(desk, presence)
    late = lateness(desk, presence, owed) if rule_of(desk) is not None else None
    if late is not None and late.missing_fen > measured.get("missing_fen", 0):
        arrived = sum(one.arrived_fen for one in owed)
        measured = {"needed_fen": arrived + late.missing_fen, "arrived_fen": arrived,
                    "missing_fen": late.missing_fen}  # fmt: skip
        state = {**state, "money": "short" if arrived else "none"}
    return {**state, "settled": settled_fact(desk, [presence])}, measured


def settled_fact(desk: Desk, presences: Sequence[Presence]) -> str:
    """结清情况 of presences together: ``owing`` something due is not paid, ``held`` money of them
    lies or is under way, ``settled`` neither, ``unset`` no money was ever granted."""
    lines = lines_of(desk, [p.id for p in presences]) if presences else []
    if not lines:
        return "unset"
    owed = owing(desk, presences, books_of(lines))
    if any(one.missing(desk.today) for one in owed):
        return "owing"
    held = balances(flows(lines))
    return "held" if any(f > 0 and s.account in OPEN for s, f in held.items()) else "settled"


def settled_of(desk: Desk, request: Request) -> dict[str, str]:
    """The fact of all presences of an admission, for gates that are asked of a whole request."""
    held = desk.unit.find(Presence, request_id=request.amends or request.id)
    return {"settled": settled_fact(desk, held)}


def short_at_start(
    desk: Desk, presence: Presence, owed: Sequence[Owing], cleared: Collection[str] | None = None
) -> int:
    """What is missing of what must be there for the start, 分; none once it was cleared.

    Args:
        cleared: presences of which a clearance stands, where they were read already.
    """
    rule = desk.rulebook().overlay.setting(lambda d: d.money)
    if rule is None or rule.required_at is None:
        return 0
    short = max(needed_fen(presence, rule) - sum(one.arrived_fen for one in owed), 0)
    if not short:
        return 0
    known = cleared_ids(desk, [presence.id]) if cleared is None else cleared
    return 0 if presence.id in known else short


def cleared_ids(desk: Desk, presence_ids: Sequence[str]) -> set[str]:
    """Which of these presences both sides have cleared, of any line."""
    return {presence for presence, _ in cleared_of(desk, presence_ids)}
