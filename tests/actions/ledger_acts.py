"""随意记账: random acts on money by many people; the second ledger says what must come of each."""

from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from registry.actions.budgeting import indicating
from registry.actions.ledger import confirming, custody, recording
from registry.actions.spending import recording as spending
from registry.actions.ticking import tick
from registry.domain.errors import Refusal
from registry.domain.funds import Voucher
from registry.domain.records import civil
from registry.domain.spending import ExpenditureCommand
from tests.actions import ledgered, spent
from tests.actions.ledger_invariants import Books, faults
from tests.actions.ledger_world import (
    COUNTY,
    DIRECT,
    NEXT,
    OWN,
    STREET,
    Ground,
    World,
    opened,
)
from tests.actions.second_ledger import CUSTODY, Paper, Part, SecondLedger, Told, steps
from tests.actions.soundness import broken
from tests.conftest import Hand

SIDE = {
    STREET: ("community.cashier", "community.head"), OWN: ("own.cashier", "own.head"),
    DIRECT: ("direct.cashier", "direct.head"), NEXT: ("street.clerk", "street.head"),
}  # fmt: skip
"""Who records and who confirms in a community; where nobody is, its street."""
FINANCE, DEPARTMENT = ("finance.clerk", "finance.head"), ("dept.clerk", "dept.head")
ELSEWHERE: dict[str, tuple[str, str]] = {
    "order": ("dept.head", ""), "dispatch": FINANCE, "increase": FINANCE, "decrease": FINANCE,
    "reallocate": ("dept.clerk", "finance.head"), "allot": DEPARTMENT,
    "street_arrival": ("street.clerk", "street.head"),
}  # fmt: skip
ANSWERED = {"refund", "surplus", "increase", "decrease", "reallocate"}
"""What another body approved or received, it approves that it is taken back."""
BY_FINANCE = {"refund", "surplus"}
"""Recorded where the money lies, confirmed by finance."""
ALIKE = {"dept.head": DEPARTMENT, "dept.clerk": DEPARTMENT, "finance.clerk": FINANCE}
ANYBODY = [*dict.fromkeys(w for pair in (*SIDE.values(), FINANCE, DEPARTMENT) for w in pair),
           "dept2.head", "street2.head", "auditor"]  # fmt: skip
STAGES = ["order", "order", "dispatch", "dispatch", "street_arrival", "community_arrival",
          "community_arrival", "expenditure", "expenditure", "refund", "surplus", "advance",
          "repayment", "increase", "decrease", "allot"]  # fmt: skip
HOW = ["all", "part", "part", "one", "over", "huge"]
NEW_YEAR = datetime(2027, 1, 5, 2, 0, tzinfo=UTC)
TELLS = {"expenditure", "advance", "repayment"}
FOR_GOOD = {"reversal", "pledge", "carry_out", "carry_in"}


class Ledger(RuleBasedStateMachine):
    """一个县的账."""

    ground: Ground
    """What every run begins with, on the engine that is tried."""
    until = NEW_YEAR.replace(year=2028) + timedelta(days=60)
    verified = False
    """Whether the log is verified against every row at the end of each run."""

    @initialize()
    def open(self) -> None:
        self.kept = ExitStack()
        folder = TemporaryDirectory(prefix="registry-ledger-", ignore_cleanup_errors=True)
        self.folder = Path(self.kept.enter_context(folder))
        url = self.kept.enter_context(type(self).ground.copied(self.folder))
        self.office, self.clock = opened(url, self.folder, seed=6)
        self.kept.callback(self.office.store.close)
        self.world: World = type(self).ground.world
        self.second: SecondLedger = self.world.begun()
        self.custody = dict(CUSTODY)
        self.changed: set[str] = set()
        self.granted = dict.fromkeys(self.world.requests, 1000)
        self.done: Counter[str] = Counter()
        self.number = 0
        self.seen: dict[tuple[str, str, int], str] = {}
        self.replayed: list[str] = []

    def teardown(self) -> None:
        if hasattr(self, "kept"):
            with self.kept:
                if type(self).verified:
                    assert broken(self.office, COUNTY) == []

    @invariant()
    def everything_holds(self) -> None:
        if hasattr(self, "office"):
            found = faults(Books(self.office, self.seen), self.second, self.replayed)
            assert found == [], found

    # ---- what the rules share --------------------------------------------------------------------

    def _try(self, by: str, verb: Callable[[Any], Any], key: str | None = None) -> tuple[Any, str]:
        """What was answered, or the code of the refusal."""
        try:
            answer = Hand(self.office, by).do(verb, key)
        except Refusal as refusal:
            self.done[refusal.code] += 1
            return None, refusal.code
        return answer, ""

    def _record(self, by: str, stage: str, parts: list[Part], entries: list[dict[str, Any]],
                **more: Any) -> Any:  # fmt: skip
        """One voucher, and what the second ledger says of it."""
        self.number += 1
        today = civil(self.clock.at)
        given = {
            "number": f"凭{self.number}", "fiscal_year": today.year, "dated_on": str(today),
            "request_id": entries[0]["presence_id"].rpartition(".p")[0], **more,
        }  # fmt: skip
        verb = self._verb(stage, entries, given)
        key = f"key-{self.number}"
        view, code = self._try(by, verb, key)
        room = self.second.has_room(parts)
        assert code != "voucher.exceeds" or not room, f"{stage} was refused and there is room"
        if view is None:
            return None
        self.done[stage] += 1
        if self.number % 4 == 0:
            before = self.office.store.reader.head(COUNTY)
            self._try(by, verb, key)
            if self.office.store.reader.head(COUNTY) != before:
                self.replayed.append(f"{given['number']} was recorded twice under one key")
        return view

    def _verb(self, stage: str, entries: list[dict[str, Any]], given: dict[str, Any]) -> Any:
        """Of what is spent it is told for what."""
        entry = entries[0]
        where = {p: c for p, _, c in self.world.places}.get(entry["presence_id"], STREET)
        direct = stage == "dispatch" and self.custody[where] == "direct_pay"
        if stage not in TELLS and not direct:
            command = ledgered.command(stage, *entries, **given)
            return lambda d: recording.record(d, command)
        told = {
            **entry, "use": ("printing", "wages")[self.number % 7 == 0], "payee": spent.SHOP,
            "means": "transfer", "invoice_number": f"2600 {self.number}", "lender": spent.SHOP,
            "signatures": spent.ABOVE, "paid_on": given["dated_on"],
        }  # fmt: skip
        if stage != "advance":
            del told["lender"]
        command = msgspec.convert(
            {**given, "stage": stage, "total_fen": entry["amount_fen"], "lines": [told]},
            ExpenditureCommand,
        )  # fmt: skip
        return lambda d: spending.record(d, command)

    def _entered(self, view: Any, parts: list[Part], by: str, takes: Any = ()) -> None:
        voucher = view.voucher
        for part in parts:
            if part.steps and (part.steps[0][0] == "?"):
                place = "street" if view.lines[0].credit == "street" else "way"
                part.steps[0] = (place, "books")
        assert self.second.has_room(parts), f"{voucher.stage} took more than there is"
        paper = Paper(voucher.id, str(voucher.stage), voucher.request_id, parts, by)
        paper.takes_back = list(takes)
        self.second.enter(paper, confirmed=voucher.state == "confirmed")

    def _steps(self, stage: str, community: str, told: Told) -> list[tuple[str, str]]:
        if community in self.changed and stage == "street_arrival":
            return [("way", "street")]
        if community in self.changed and stage == "community_arrival":
            return [("?", "books")]  # As it was sent: which way, the answer says.
        return steps(stage, self.custody[community], told)

    def _amount(self, part: Part, how: str) -> int:
        left = [self.second.left(part.key, pot) for pot in part.drawn_on if pot != "?"]
        there = max(min(left, default=0), 0) if part.drawn_on[0] not in ("budget", "owed") else 9000
        told = {"all": there, "part": there * 2 // 3, "one": 1, "over": there + 1, "huge": 10**15}
        return max(told[how], 1)

    # ---- what happens ----------------------------------------------------------------------------

    @rule(dice=st.integers(min_value=0, max_value=2**64))
    def something_happens(self, dice: int) -> None:
        """One act of somebody: what moves money more often than what changes the ground."""
        chance = Random(dice)
        weights = self.weights()
        (act,) = chance.choices(list(weights), list(weights.values()))
        act(chance)

    def weights(self) -> dict[Callable[[Random], None], float]:
        """How often each act is tried."""
        return {
            self.records: 40, self.confirms: 24, self.voids: 3, self.reverses: 10,
            self.reallocates: 4, self.adjusts_the_indicator: 2, self.custody_changes: 1,
            self.time_passes: 2,
        }  # fmt: skip

    def year_of(self, presence: str) -> int:
        """The first year of its money that is not closed."""
        return 2026 + sum((presence, year) in self.second.closed for year in (2026, 2027))

    def _likely(self, chance: Random) -> tuple[str, tuple[str, str, str]]:
        """A stage for which there is something to take, on one line; now and then any at all."""
        lines = self.world.lines
        if chance.random() > 0.2:
            found = []
            for stage in dict.fromkeys(STAGES):
                for one in lines:
                    for pot, _ in self._steps(stage, one[2], Told(at="community")):
                        key = (one[0], one[1], self.year_of(one[0]))
                        if pot != "budget" and self.second.left(key, pot) > 0:
                            found.append((stage, one))
            if found:
                return chance.choice(found)
        return chance.choice(STAGES), chance.choice(lines)

    def records(self, chance: Random) -> None:
        stage, (presence, line, community) = self._likely(chance)
        how = chance.choice(HOW)
        told = Told(indicator=self.world.indicator if stage == "allot" else "")
        if stage == "order" and chance.random() < 0.3:
            told.indicator = self.world.indicator
        if stage in ("refund", "surplus"):
            told.at = chance.choice(["street", "community"])
        year = self.year_of(presence) + (chance.random() < 0.05)
        moved = self._steps(stage, community, told)
        part = Part((presence, line, year), 1, moved or [("unused", "asked")])
        # Grants that grow beyond what an amount may be are no matter of this machine.
        part.amount = self._amount(part, "all" if (stage, how) == ("increase", "huge") else how)
        entry = {"presence_id": presence, "funding_key": line, "amount_fen": part.amount}
        entry |= {"at": told.at} if told.at else {}
        entry |= {"indicator_id": told.indicator} if told.indicator else {}
        entry |= {"year": year} if year != 2026 else {}
        more = self._grounds(presence) if stage in ("increase", "decrease") else {}
        by = chance.choice(ANYBODY) if chance.random() < 0.08 else self._who(stage, community)[0]
        held = self.second.split(told.indicator) + part.amount if stage == "allot" else 0
        view = self._record(by, stage, [part] if moved and moved[0][0] != "?" else [],
                            [entry], **more)  # fmt: skip
        if view is not None:
            assert moved, f"there is no {stage} under {self.custody[community]}"
            assert held <= self.second.indicators.get(told.indicator, held), "split over its limit"
            self._entered(view, [part], by)

    def _who(self, stage: str, community: str) -> tuple[str, str]:
        first, second = ELSEWHERE.get(stage, SIDE[community])
        return (first, "finance.head") if stage in BY_FINANCE else (first, second)

    def _grounds(self, presence: str) -> dict[str, Any]:
        request = presence.rpartition(".p")[0]
        paper = self.world.papers[self.world.requests.index(request)]
        return {"document_id": paper, "note": "经批准调整（演示）"}

    def reallocates(self, chance: Random) -> None:
        (first, line, _), (other, into, _) = (chance.choice(self.world.lines) for _ in range(2))
        if (first, line) == (other, into):
            return
        how, uneven = chance.choice(HOW), chance.random() < 0.5
        gives = Part((first, line, 2026), 1, [("unused", "budget")])
        gives.amount = min(self._amount(gives, how), 10**15 // 2 - 1)
        more = 1 if uneven and how == "one" else 0
        takes = Part((other, into, 2026), gives.amount + more, [("budget", "unused")])
        entries = [
            {"presence_id": first, "funding_key": line, "amount_fen": gives.amount, "out": True},
            {"presence_id": other, "funding_key": into, "amount_fen": takes.amount},
        ]
        view = self._record("dept.clerk", "reallocate", [gives], entries, **self._grounds(first))
        if view is not None:
            self._entered(view, [gives, takes], "dept.clerk")

    def confirms(self, chance: Random) -> None:
        waiting = [p for p in self.second.papers.values() if p.state == "recorded"]
        if not waiting:
            return
        paper = chance.choice(waiting) if chance.random() < 0.2 else waiting[-1]
        community = next((c for p, _, c in self.world.places if p == paper.parts[0].key[0]), STREET)
        stage = paper.stage
        by = self._who(stage, community)[1] or "dept.head"
        if stage in TELLS and paper.parts[0].key[1] == "F2":
            by = "street.head"  # Who approved what was spent does not confirm it.
        if stage == "reversal":
            by = {"community.cashier": "community.worker"}.get(
                paper.by, ALIKE.get(paper.by, SIDE[community])[1])  # fmt: skip
            taken_back = self.office.store.reader.get(Voucher, COUNTY, paper.id)
            if taken_back is not None and taken_back.reversed_stage in ANSWERED:
                by = "finance.head"
        if chance.random() < 0.1:
            by = chance.choice([paper.by, *ANYBODY])
        held = self.office.store.reader.get(Voucher, COUNTY, paper.id)
        assert held is not None
        view, _ = self._try(by, lambda d: confirming.confirm(d, held.id, held.version))
        if view is not None:
            self.done["confirm"] += 1
            self.second.confirm(paper.id)
            self.money_moved(paper)

    def money_moved(self, paper: Paper) -> None:
        """What follows of itself when a voucher counts."""

    def voids(self, chance: Random) -> None:
        papers = [p for p in self.second.papers.values() if p.state == "recorded"]
        if not papers:
            return
        paper = chance.choice(papers)
        held = self.office.store.reader.get(Voucher, COUNTY, paper.id)
        assert held is not None
        told = confirming.VoidCommand(reason="重复登记(演示)")
        view, _ = self._try(paper.by, lambda d: confirming.void(d, held.id, held.version, told))
        if view is not None:
            self.done["void"] += 1
            self.second.void(paper.id)

    def reverses(self, chance: Random) -> None:
        papers, how = list(self.second.papers.values()), chance.choice(HOW)
        if not papers:
            return
        if chance.random() < 0.8:  # What counts, and what was taken back in part before.
            papers = [p for p in papers if p.state == "confirmed"] or papers
            touched = [p for p in papers if any(x.back for x in p.parts)]
            papers = touched if touched and chance.random() < 0.5 else papers
        paper = chance.choice(papers)
        first = chance.choice(paper.parts)
        there = max(first.amount - first.back, 0)
        told = {"all": there, "part": there // 2, "one": 1, "over": there + 1, "huge": 10**15}
        amount = min(max(told[how], 1), 10**15)  # What a voucher can say at most.
        (presence, line, _) = first.key
        named = [(presence, line)]
        if paper.stage == "reallocate" and chance.random() < 0.7:
            named = [(p.key[0], p.key[1]) for p in paper.parts]
            amount = min(amount, 10**15 // len(named))
        found = [self.second.reversal(paper, *one, amount) for one in named]
        takes = [taken for some in found for taken in some] if all(found) else []
        parts = [Part(p.key, fen, [(b, a) for a, b in p.steps]) for p, fen in takes]
        entries = [{"presence_id": p, "funding_key": key, "amount_fen": amount} for p, key in named]
        by = chance.choice(ALIKE.get(paper.by, (paper.by,)))
        view = self._record(
            by, "reversal", parts, entries, reverses_id=paper.id, request_id=paper.request,
            note="登记有误(演示)",
        )  # fmt: skip
        if view is not None:
            assert takes and paper.state == "confirmed" and paper.stage not in FOR_GOOD, (
                f"{paper.stage} {paper.state} was taken back: {amount} of {there}"
            )
            assert paper.stage != "reallocate" or len(named) == len(paper.parts), "one side alone"
            self._entered(view, parts, by, takes)

    def adjusts_the_indicator(self, chance: Random) -> None:
        limit, confirmed = chance.randint(1, 900_000), chance.random() < 0.3
        id, day = self.world.indicator, civil(self.clock.at)
        held = Books.indicator(self.office, id)
        if held.confirmed_by is None or confirmed:
            self._try("finance.head", lambda d: indicating.confirm(d, id, held.version))
            return
        told = indicating.AdjustCommand(amount_fen=limit, reason="调整（演示）", dated_on=day)
        done, _ = self._try("finance.clerk", lambda d: indicating.adjust(d, id, held.version, told))
        if done is not None:
            self.done["adjust"] += 1
            assert limit >= self.second.split(id), "adjusted below what is split"
            self.second.indicators[id] = limit

    def custody_changes(self, chance: Random) -> None:
        community = chance.choice([STREET, OWN, NEXT])
        to = chance.choice(["street_custody", "own_account"])
        since = civil(self.clock.at) + timedelta(days=1)
        if since.year > 2026:
            return
        told = msgspec.convert(
            {"organisation_id": f"o-{community}", "custody": to, "since": str(since),
             "instrument_id": self.world.instrument}, custody.CustodyCommand)  # fmt: skip
        done, _ = self._try("county.office", lambda d: custody.change(d, told))
        if done is not None:
            self.done["custody"] += 1
            self.changed.add(community)
            self.clock.at += timedelta(days=1)
            self.custody[community] = to

    def time_passes(self, chance: Random) -> None:
        self.clock.at += timedelta(days=chance.randint(0, 40))
        if chance.random() < 0.5 and sum(self.done.values()) > 30:
            first, second = NEW_YEAR, NEW_YEAR.replace(year=2028)
            self.clock.at = max(self.clock.at, second if self.done["close"] > 3 else first)
        self.clock.at = min(self.clock.at, self.until)
        tick(self.office)
