"""世事 what changes the ground while money moves: decisions, leavings, clearances, years."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from hypothesis.stateful import initialize

from registry.actions.living import leaving
from registry.actions.living.leaving import LeaveCommand
from registry.actions.owing import clearing
from registry.actions.years import closing
from registry.domain.closing import Clearance
from registry.domain.errors import Refusal
from registry.domain.funds import Voucher, VoucherLine
from registry.domain.presence import PresenceState
from registry.domain.records import civil
from registry.domain.vocabulary import Trigger
from tests.actions import decided
from tests.actions.ledger_acts import SIDE, Ledger
from tests.actions.ledger_world import COUNTY, NEW_TERMS, STREET, TOLD, TRANSFER, now, request_of
from tests.actions.second_ledger import Paper, Part
from tests.conftest import Hand

FOLLOWED = {"dispatch", "street_arrival", "community_arrival", "refund", "surplus", "reversal",
            "expenditure", "repayment"}  # fmt: skip
"""What lets an agreed clearance be looked at again when it counts."""
SURPLUS_AFTER = 2
"""Years after which the demo pack has money handed in that was carried over (结余)."""
SOURCES = {"opening": 2025}
"""The year of whose money an opening balance of the ground is."""


@dataclass
class Cleared:
    """清算 as the second ledger knows it."""

    id: str
    earned: int
    withdraws: bool
    taken: list[tuple[int, int]] = field(default_factory=list)
    """(year, 分) of what was withdrawn of the pledge."""


class Turns(Ledger):
    """一个县的账 with all that goes on beside it."""

    @initialize()
    def open(self) -> None:
        super().open()
        self.cleared: dict[tuple[str, str], Cleared] = {}
        self.ends = dict.fromkeys(self.world.requests, "2026-12-31")
        self.drawn: list[str] = []

    def weights(self) -> dict[Callable[[Random], None], float]:
        over, busy = self.clock.at.year > 2026, sum(self.done.values()) > 25
        return super().weights() | {
            self.changes_what_is_granted: 2, self.is_revoked: 0.4 if busy else 0,
            self.leaves: 0.5 if busy else 0, self.is_cleared: 3 if busy else 0.5,
            self.agrees: 4 if self.drawn else 0, self.a_year_is_closed: 8 if over else 0.2,
        }  # fmt: skip

    def _hand(self, name: str) -> Hand:
        return Hand(self.office, name)

    # ---- decisions -------------------------------------------------------------------------------

    def changes_what_is_granted(self, chance: Random) -> None:
        """变更: decided as a case of its own; the books take the difference. After its term it
        names a later one, or is refused; what had run out comes back with its books."""
        if self.done["change"] > 4:
            return
        at, households = chance.randrange(len(self.world.requests)), chance.randint(100, 1800)
        id, today = self.world.requests[at], str(civil(self.clock.at))
        longer = chance.random() < (0.7 if self.ends[id] < today else 0.2)
        ends_on = next((e for e in NEW_TERMS if e > self.ends[id]), self.ends[id])
        ends_on = ends_on if longer else self.ends[id]
        amount = households * TRANSFER["rate_fen"]
        line = TRANSFER | {"quantity": households, "amount_fen": amount}
        funding = [line, TOLD] if at == 0 else [line]
        own = [p for p, r, _ in self.world.places if r == id]
        parts = self._difference(own, self.granted[id] * TRANSFER["rate_fen"], amount)
        down = [p for p in parts if p.steps[0][0] == "unused"]
        back = [p for p in own if now(self.office, p).state is PresenceState.EXPIRED]
        try:
            change = decided.changed(self._hand, request_of(self.office, id), funding=funding,
                                     ends_on=ends_on)  # fmt: skip
            decided.carried(self._hand, change)
        except Refusal as refusal:
            self.done[f"change: {refusal.code}"] += 1
            self.done[refusal.code] += 1
            lacking = not self.second.has_room(down)
            assert refusal.code != "voucher.exceeds" or lacking, "a cut was refused, with room"
            assert refusal.code != "change.over" or ends_on < today, "what lasts is not over"
            return
        self.done["change"] += 1
        assert ends_on >= today, "changed to what is over"
        assert not [p for p in parts if (p.key[0], 2026) in self.second.closed], "a closed year"
        self.granted[id], self.ends[id] = households, ends_on
        for presence in back if ends_on >= today else []:
            self.done["back"] += 1
            self._reopened(presence)
        assert self.second.has_room(down), "cut below what was asked for"
        for part in parts:
            up = part.steps[0][0] == "budget"
            self.second.grant(part.key, part.amount if up else -part.amount)

    def _difference(self, places: list[str], before: int, after: int) -> list[Part]:
        """Equal parts, the first taking what is left over."""
        many, found = len(places), []
        for at, presence in enumerate(places):
            was, so = (fen // many + (1 if at < fen % many else 0) for fen in (before, after))
            if was != so:
                way = ("budget", "unused") if so > was else ("unused", "budget")
                found.append(Part((presence, "F1", 2026), abs(so - was), [way]))
        return found

    def is_revoked(self, chance: Random) -> None:
        if self.done["revoke"]:
            return
        request = request_of(self.office, chance.choice(self.world.requests))
        try:
            decided.heard(self._hand, decided.proposed(self._hand, request))
            decided.revoked(self._hand, request)
        except Refusal as refusal:
            self.done[f"revoke: {refusal.code}"] += 1
            return
        self.done["revoke"] += 1

    def leaves(self, chance: Random) -> None:
        """退出 of one community at the request of who asks; the books stay as they are."""
        if self.done["leave"] > 1:
            return
        held = now(self.office, chance.choice(self.world.places)[0])
        told = LeaveCommand(trigger=Trigger.WITHDRAWN, reason="不再需要(演示)")
        done, _ = self._try(
            "dept.head", lambda d: leaving.leave_one(d, held.id, held.version, told)
        )  # fmt: skip
        self.done["leave"] += done is not None

    # ---- clearances ------------------------------------------------------------------------------

    def is_cleared(self, chance: Random) -> None:
        """清算 is drawn up; nothing counts before the community agrees."""
        ended = [p for p, _, _ in self.world.places if now(self.office, p).state not in _AT_WORK]
        presence = chance.choice(ended or [p for p, _, _ in self.world.places])
        held = now(self.office, presence)
        told = clearing.ClearanceCommand(funding_key="F1", quantity=chance.randint(0, 1200))
        done, _ = self._try(
            "dept.clerk", lambda d: clearing.draw(d, held.id, held.version, told)
        )  # fmt: skip
        if done is not None:
            self.done["draw"] += 1
            self.drawn.append(done.id)

    def agrees(self, chance: Random) -> None:
        id = self.drawn.pop(chance.randrange(len(self.drawn)))
        held = self.office.store.reader.get(Clearance, COUNTY, id)
        assert held is not None
        community = next(c for p, _, c in self.world.places if p == held.presence_id)
        done, _ = self._try(
            SIDE[community][1], lambda d: clearing.agree(d, held.id, held.version)
        )  # fmt: skip
        if done is None:
            return
        self.done["agree"] += 1
        key = (done.presence_id, done.funding_key)
        withdraws = done.reason in ("revoked", "exited")
        self.cleared[key] = Cleared(done.id, done.earned_fen, withdraws)
        self._withdrawn(key)

    def money_moved(self, paper: Paper) -> None:
        if paper.stage in FOLLOWED:
            for key in dict.fromkeys((p.key[0], p.key[1]) for p in paper.parts):
                for one in [k for k in self.cleared if k[0] == key[0]]:
                    self._withdrawn(one)

    def _withdrawn(self, key: tuple[str, str]) -> None:
        """追减 of what is granted beyond what was earned and nobody asked for, the latest first;
        what a closed year left behind stays there."""
        known = self.cleared[key]
        if not known.withdraws:
            return
        granted: Counter[int] = Counter()
        for (presence, line, year, pot), fen in self.second.pots.items():
            if (presence, line, pot) == (*key, "budget"):
                granted[year] -= fen
        beyond = sum(granted.values()) - known.earned
        for year in (2028, 2027, 2026):
            fen = min(self.second.left((*key, year), "unused"), beyond)
            if fen > 0 and (key[0], year) not in self.second.closed:
                self.second.grant((*key, year), -fen)
                known.taken.append((year, fen))
                beyond -= fen
                self.done["withdraw"] += 1

    def _reopened(self, presence: str) -> None:
        """What came back is promised again what its clearance withdrew, in a year that is open."""
        for key in [k for k in self.cleared if k[0] == presence]:
            known = self.cleared.pop(key)
            for year, fen in known.taken:
                into = max(year, self.year_of(presence))
                self.second.grant((*key, into), fen)
                self.done["reopen"] += 1
            if not known.withdraws:
                self.cleared[key] = known

    # ---- years -----------------------------------------------------------------------------------

    def a_year_is_closed(self, chance: Random) -> None:
        community = chance.choice(list(SIDE))
        own = [p for p, _, c in self.world.places if c == community]
        own += [self.world.legacy] if community == STREET else []
        year = self.year_of(own[0]) if chance.random() < 0.9 else 2026
        told = closing.CloseCommand(organisation_id=f"o-{community}", year=year)
        done, code = self._try("finance.clerk", lambda d: closing.close(d, told))
        waits = [p.id for p in self.second.papers.values() if p.state == "recorded"
                 and any(x.key[0] in own and x.key[2] == year for x in p.parts)]  # fmt: skip
        assert code != "year.waiting" or waits, "nothing waits, and it was not closed"
        if done is None:
            return
        assert civil(self.clock.at).year > year, "closed before it was over"
        if (own[0], year) in self.second.closed:
            return
        assert not waits, f"closed while {waits} wait"
        self.done["close"] += 1
        self.done["close again"] += year > 2026
        for presence in own:
            self.second.close(presence, year)
        self._handed_in(done.vouchers, own, year)

    def _handed_in(self, vouchers: list[str], own: list[str], year: int) -> None:
        """结余: what was carried as often as may be is on its way back, and waits."""
        wanted: Counter[tuple[str, str, str]] = Counter()
        for (presence, line, at, pot), fen in list(self.second.pots.items()):
            source = SOURCES.get(line.partition(":")[0], 2026)
            old = year - source >= SURPLUS_AFTER and at == year + 1
            if presence in own and old and pot in ("street", "books") and fen > 0:
                wanted[presence, line, pot] += fen
        reader = self.office.store.reader
        for voucher in reader.find(Voucher, COUNTY, id=vouchers):
            if voucher.stage != "surplus":
                continue
            parts = []
            for x in reader.find(VoucherLine, COUNTY, voucher_id=voucher.id):
                pot = {"street": "street", "community": "books"}[str(x.credit)]
                wanted[x.presence_id, x.funding_key, pot] -= x.amount_fen
                parts.append(Part((x.presence_id, x.funding_key, x.year), x.amount_fen,
                                  [(pot, "handed in")]))  # fmt: skip
            paper = Paper(voucher.id, "surplus", voucher.request_id or "", parts, "finance.clerk")
            self.second.enter(paper)
            self.done["surplus due"] += 1
        assert not +wanted and not -wanted, f"handed in is not what is due: {wanted}"


_AT_WORK = frozenset({
    PresenceState.PLANNED, PresenceState.AGREED, PresenceState.ACTIVE, PresenceState.SUSPENDED,
})  # fmt: skip
