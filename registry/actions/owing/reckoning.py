"""应付台账 for each community's matter and funding line: promised, due, sent, arrived, and by when.

Read from the books alone, each community's by itself: nothing is netted between communities, items
or lines (E7).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from registry.actions.entering import sharing
from registry.actions.granting import admitted
from registry.actions.office import Desk
from registry.domain.approval import Decision
from registry.domain.closing import Clearance, ClearanceState
from registry.domain.funding import FundingLine
from registry.domain.funds import Chain, VoucherLine, chain
from registry.domain.living import Acceptance, AcceptanceResult, AcceptanceState
from registry.domain.owing import (
    Accepted,
    Late,
    Rule,
    Step,
    arrived_in,
    due_fen,
    late_of,
    steps_of,
    unscheduled,
)
from registry.domain.presence import Presence, PresenceState
from registry.domain.request import Request

Key = tuple[str, str]
"""(presence, funding line)."""
Books = Mapping[Key, Chain]
"""All years of a line together: what is carried over is owed no second time."""
STANDING = (ClearanceState.AGREED, ClearanceState.SETTLED)
GONE = frozenset({PresenceState.EXITED, PresenceState.REFUSED})
"""What has left owes by its clearance alone."""


class Owing(NamedTuple):
    """应付 of one community's matter by one funding line."""

    presence: Presence
    line: FundingLine
    books: Chain
    steps: list[Step]
    at: str
    """Where it counts as arrived, as the packs say: street or community."""

    @property
    def promised_fen(self) -> int:
        """核定, as the books have it now."""
        return self.books.approved_fen

    @property
    def arrived_fen(self) -> int:
        """到账 where the packs say that it counts."""
        return arrived_in(self.books, self.at)

    def due(self, on: date) -> int:
        """What is to have arrived by a day, 分."""
        return due_fen(self.steps, self.promised_fen, on)

    def missing(self, on: date) -> int:
        """What is due by a day and not there, 分."""
        return max(self.due(on) - self.arrived_fen, 0)

    def late(self, rule: Rule) -> Late | None:
        """What of it is late."""
        return late_of(self.steps, self.promised_fen, self.arrived_fen, rule)


def books_of(lines: Iterable[VoucherLine]) -> dict[Key, Chain]:
    """The books from lines that an act has read, its own among them."""
    found: dict[Key, list[VoucherLine]] = {}
    for line in lines:
        found.setdefault((line.presence_id, line.funding_key), []).append(line)
    return {key: chain(own) for key, own in found.items()}


def owing(desk: Desk, presences: Sequence[Presence], books: Books) -> list[Owing]:
    """What stands in the books of these presences against what their approval promised, in their
    order and that of the lines."""
    cases = _cases(desk, presences)
    cleared = cleared_of(desk, [p.id for p in presences])
    accepted = _accepted(desk, presences)
    at = arrived_at(desk)
    found = []
    for presence in presences:
        for line, steps in cases.get(presence.id, []):
            key = (presence.id, line.key)
            held = books.get(key, Chain())
            found.append(Owing(
                presence, line, held,
                _standing(presence, line, (steps, held), (cleared.get(key), accepted)),
                at,
            ))  # fmt: skip
    return found


Accepting = Mapping[str, Accepted]


def _standing(
    presence: Presence, line: FundingLine, have: tuple[list[Step], Chain],
    known: tuple[Clearance | None, Accepting],
) -> list[Step]:  # fmt: skip
    """The steps of a line in one community: what both sides cleared takes the place of any plan."""
    (steps, books), (clearance, accepted) = have, known
    if clearance is not None:
        return [Step(clearance.agreed_on or clearance.drawn_on, clearance.earned_fen)]
    if presence.state in GONE:
        return []
    if steps:
        return steps
    told = accepted.get(presence.id, Accepted(None, None))
    return unscheduled(line, books.approved_fen, presence.starts_on, told)


def _cases(
    desk: Desk, presences: Sequence[Presence]
) -> dict[str, list[tuple[FundingLine, list[Step]]]]:
    """The funding lines that pay each presence, with its part of their schedules."""
    asked = sorted({p.request_id for p in presences if p.request_id})
    wanted = {p.id for p in presences}
    every: dict[str, list[Presence]] = {}
    for one in desk.unit.find(Presence, request_id=asked) if asked else []:
        every.setdefault(one.request_id or "", []).append(one)
    found: dict[str, list[tuple[FundingLine, list[Step]]]] = {id: [] for id in wanted}
    requests = desk.unit.find(Request, id=asked) if asked else []
    decided = sorted({r.decision_id for r in requests if r.decision_id})
    desk.unit.find(Decision, id=decided)  # All at once: each would be asked for alone.
    for request in requests:
        ordered = sharing(every.get(request.id, []))
        areas = [one.area_id for one in ordered]
        for line in admitted(desk, request).funding:
            if not line.paid_out:
                continue
            for one, steps in zip(ordered, steps_of(line, areas), strict=True):
                if one.id in wanted:
                    found[one.id].append((line, steps))
    return found


def cleared_of(desk: Desk, presence_ids: Sequence[str]) -> dict[Key, Clearance]:
    """The clearance that both sides agreed to last, of each funding line of these presences."""
    ids = sorted(set(presence_ids))
    states = [state.value for state in STANDING]
    held = desk.unit.find(Clearance, presence_id=ids, state=states) if ids else []
    return {(c.presence_id, c.funding_key): c for c in sorted(held, key=lambda c: c.id)}


def _accepted(desk: Desk, presences: Sequence[Presence]) -> dict[str, Accepted]:
    """What was accepted of each presence's work, by any of its acceptances."""
    ids = sorted({p.id for p in presences})
    given = AcceptanceState.GIVEN.value
    found: dict[str, Accepted] = {}
    for one in desk.unit.find(Acceptance, presence_id=ids, state=given) if ids else []:
        if one.result not in (AcceptanceResult.PASSED, AcceptanceResult.PARTLY):
            continue
        held = found.get(one.presence_id, Accepted(None, None))
        both = [q for q in (held.quantity, one.quantity) if q is not None]
        days = [d for d in (held.on, one.given_on) if d is not None]
        found[one.presence_id] = Accepted(
            sum(both) if both else None, max(days, default=None),
            tuple(sorted({*held.stages, *one.stages})),
        )  # fmt: skip
    return found


def accepted_of(desk: Desk, presence: Presence) -> Accepted:
    """What was accepted of one presence's work, and when last."""
    return _accepted(desk, [presence]).get(presence.id, Accepted(None, None))


def arrived_at(desk: Desk) -> str:
    """Where money counts as arrived, as the packs say: ``street`` or ``community``."""
    money = desk.rulebook().overlay.setting(lambda d: d.money)
    return money.arrived_at if money is not None else "community"
