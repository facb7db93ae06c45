"""年度评估研判 one matter weighed: its figures, what stands for and against it, what the table says.

The figures of all matters are read together; the table is asked of each.
"""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from registry.actions.evaluating.results import withheld_of
from registry.actions.evaluating.scoring import (
    Score,
    Scored,
    Subject,
    last_day,
    rule_of,
    said,
    shown,
    weighed,
)
from registry.actions.existing.weighing import Weighing
from registry.actions.judging import ask_gate, kept
from registry.actions.office import Desk
from registry.actions.rules.instruments import registered
from registry.domain.admission import Verdict
from registry.domain.approval import Decision, Step
from registry.domain.evaluating import RATER_ZH, Proposal
from registry.domain.instrument import InstrumentStatus
from registry.domain.presence import Presence
from registry.domain.request import Request
from registry.domain.vocabulary import Gate, Outcome, Trigger
from registry.policies import yearly
from registry.policies.measuring.registered import basis_state, numbers
from registry.policies.yearly import Weighed
from registry.store.reviewing import InForce, acceptances_failed

Said = tuple[str, str]
"""A reason, in both languages."""
Asking = Callable[[Gate, dict[str, str]], Verdict]
"""What the rules say of one matter at a gate, where this is stated of it."""


class Facts(NamedTuple):
    """事实 of one matter, besides its weighted result."""

    against: list[Said]
    """What stands against its going on as it is."""
    told: list[Said]
    triggers: dict[Trigger, bool]
    """What might bring it to leave, and whether the packs name that outside the table."""
    figures: dict[str, int]


class YearWeighing:
    """年度研判 of some matters: what concerns all of them is read once."""

    def __init__(self, desk: Desk, year: int, found: list[InForce], old: list[Presence]) -> None:
        self._desk, self._end = desk, last_day(str(year))
        # A year is weighed by the pack of its last day, as its results; what leaves, by today's.
        self._rule = rule_of(desk.rulebook(min(self._end, desk.today)))
        self._exit = desk.rulebook().overlay.setting(lambda d: d.exit)
        reader, county = desk.office.store.reader, desk.unit.county
        self._words = said(reader, county, str(year)).told
        ids = [one.request_id for one in found]
        if ids:
            desk.unit.read_ahead(
                {Request: {"id": ids}, Decision: {"request_id": ids}, Step: {"request_id": ids}},
                parts="request_id",
            )
        self._failed = acceptances_failed(desk.unit.connection, county, ids)
        self.requests = {one.id: one for one in desk.unit.find(Request, id=ids)}
        named = {n for one in self.requests.values() for n in numbers(one.filing)}
        self._instruments = registered(desk, sorted(named))
        self._old = Weighing(desk, "", old) if old else None

    def admitted(self, found: InForce) -> dict[str, Any]:
        """What a review tells of an admission."""
        request = self.requests[found.request_id]

        def ask(gate: Gate, state: dict[str, str]) -> Verdict:
            stated = {"decision": "approved", **state}
            return ask_gate(self._desk, gate, request, state=stated, about=request)

        return self._told(request.id, self._facts(request, found), ask)

    def legacy(self, presence: Presence) -> dict[str, Any]:
        """What a review tells of a matter that was there before."""
        weighing = self._old
        if weighing is None:
            raise ValueError("no old matters were given")

        def ask(gate: Gate, state: dict[str, str]) -> Verdict:
            return weighing.ask(presence, gate, state)

        return self._told(presence.id, self._old_facts(presence), ask)

    def _facts(self, request: Request, found: InForce) -> Facts:
        today = self._desk.today
        against, told, triggers = list[Said](), list[Said](), dict[Trigger, bool]()
        now, _ = basis_state(request.filing, self._instruments, today)
        then, named = basis_state(request.filing, self._instruments, self._end)
        if then == InstrumentStatus.LAPSED.value:
            against.append((f"依据到年底：{'、'.join(named)}", "A basis lapses, or has lapsed"))
        if now == InstrumentStatus.LAPSED.value:
            triggers[Trigger.LAW_CHANGED] = yearly.names(self._exit, Trigger.LAW_CHANGED)
        if found.last_day is not None and found.last_day <= self._end:
            day = found.last_day
            (against if day < today else told).append((f"期限至 {day} 届满", f"It ends on {day}"))
            if day < today:
                triggers[Trigger.EXPIRED] = yearly.names(self._exit, Trigger.EXPIRED)
        if failed := self._failed.get(request.id, 0):
            against.append((f"验收不合格 {failed} 次", f"{failed} reports were not accepted"))
        if found.late:
            against.append(
                (f"{found.late} 个社区到期未启动", f"Not begun in {found.late} communities")
            )
        figures = {
            "communities": found.communities, "late": found.late, "failed": failed,
            "hours_year": found.hours, "hours_unstated": found.unstated,
        }  # fmt: skip
        return Facts(against, told, triggers, figures)

    def _old_facts(self, presence: Presence) -> Facts:
        legacy, told = presence.legacy, list[Said]()
        day = legacy.review_on if legacy else None
        if day is not None and day <= self._end:
            told.append((f"存量登记的复核日期 {day}", f"To be looked at again on {day}"))
        hours = presence.hours_year
        figures = {"communities": 1, "hours_year": hours or 0, "hours_unstated": int(hours is None)}
        return Facts([], told, {}, figures)

    def _told(self, id: str, facts: Facts, ask: Asking) -> dict[str, Any]:
        score, told = self._scores(id)
        tenths = score.value_tenths if score else None
        line = yearly.line_of(tenths, self._rule)
        verdict, weighed = self._weighed(tenths, line, facts, ask)
        proposal = yearly.proposed(weighed)
        reasons = [self._scored(told, line), *facts.against, *facts.told, *_sentences(verdict)]
        if verdict is not None:
            kept(self._desk, verdict)
        hits = [hit for hit in verdict.rules if hit.rule in verdict.deciding] if verdict else []
        value = told.value_tenths if told else None
        figures = facts.figures | ({"score_tenths": value} if value is not None else {})
        return {
            "proposal": proposal,
            "reasons": [zh for zh, _ in reasons], "reasons_en": [en for _, en in reasons],
            "clauses": list(dict.fromkeys(hit.clause for hit in hits)),
            "verdict_id": verdict.id if verdict else None, "figures": figures,
            "formula": told.formula if told else "",
            "formula_en": told.formula_en if told else "",
        }  # fmt: skip

    def _weighed(
        self, tenths: int | None, line: Proposal | None, facts: Facts, ask: Asking
    ) -> tuple[Verdict | None, Weighed]:
        """The answer of the table that counts, and what it comes to."""
        triggers = dict(facts.triggers)
        if line is Proposal.EXIT:
            triggers[Trigger.EVALUATION] = True
        held = None
        for verdict in self._leaving(triggers, ask):
            if verdict.outcome is Outcome.ALLOWED:
                return verdict, Weighed(line=line, leaves=True)
            held = verdict
        below = tenths is not None and self._rule is not None and yearly.adjusts(tenths, self._rule)
        if line in (Proposal.EXIT, Proposal.ADJUST):
            return held, Weighed(line=line, held_back=held is not None, adjusts=below)
        verdict = ask(Gate.RENEW, {})
        return verdict, Weighed(
            line=line, adverse=bool(facts.against), renewable=verdict.outcome is Outcome.ALLOWED,
            alike=yearly.alike(verdict.outcome, verdict.rules, verdict.deciding),
        )  # fmt: skip

    def _leaving(self, triggers: dict[Trigger, bool], ask: Asking) -> Iterable[Verdict]:
        """What the table says of leaving for each reason that the packs know."""
        for trigger, named in triggers.items():
            verdict = ask(Gate.EXIT, {"trigger": trigger.value})
            if named or yearly.speaks(verdict.deciding, ask(Gate.EXIT, {}).deciding):
                yield verdict

    def _scores(self, id: str) -> tuple[Score | None, Score | None]:
        """The result by which it is weighed; and as those may read it who are told of the review:
        without what a single community or street said."""
        words = self._words.get(Subject(kind=Scored.ITEM, id=id))
        if not words:
            return None, None
        withheld = withheld_of(words, self._rule)
        return weighed(words, self._rule), weighed(words, self._rule, withheld)

    def _scored(self, score: Score | None, line: Proposal | None) -> Said:
        if score is None:
            return "本年度没有登记评价", "Nothing was said of it in this year"
        if score.value_tenths is None and line is None:
            missing = "、".join(RATER_ZH[rater] for rater in score.missing)
            if missing:
                return f"没有加权结果，缺：{missing}", "No weighted result: a group said nothing"
            if not score.withheld:
                return "规则包没有规定权重", "The packs give no weights"
        apart = ("（不单独显示）", "(not shown apart)")
        value = (shown(score.value_tenths),) * 2 if score.value_tenths is not None else apart
        (zh, en), rule = _LINES[line], self._rule
        drawn = {
            "exit": rule.exit_below if rule else None,
            "adjust": rule.adjust_below if rule else None,
        }
        return zh.format(value[0], **drawn), en.format(value[1], **drawn)


_LINES: dict[Proposal | None, Said] = {
    Proposal.EXIT: ("加权结果 {0}，低于退出线 {exit}", "Result {0}, below {exit}, the line to leave"),
    Proposal.ADJUST: (
        "加权结果 {0}，低于调整线 {adjust}", "Result {0}, below {adjust}, the line to be changed",
    ),
    Proposal.RENEW: ("加权结果 {0}，不低于规则包所定的线", "Result {0}, below no line of the packs"),
    None: ("加权结果 {0}，规则包没有规定高低线", "Result {0}; the packs draw no line"),
}  # fmt: skip


def _sentences(verdict: Verdict | None) -> list[Said]:
    """What the deciding rules say, where they are about leaving or do not let it go on."""
    if verdict is None or (verdict.gate is Gate.RENEW and verdict.outcome is Outcome.ALLOWED):
        return []
    hits = [hit for hit in verdict.rules if hit.rule in verdict.deciding]
    return list(dict.fromkeys((hit.sentence, hit.sentence_en) for hit in hits))


def id_of(year: int, department_id: str, subject_id: str) -> str:
    """One review of a matter in a year: in a list they stand by department, then matter."""
    return f"yrv-{year}-{department_id or '0'}-{subject_id}"
