"""规则用例 hand-written cases of a pack, run on the real engine: requests with a date → what must come.

A case may pin facts that no text of a seed list can give (a list known only by its count).
"""

from datetime import date
from typing import Any

import msgspec

from registry.domain.admission import COLUMNS
from registry.domain.filing import Filing
from registry.domain.records import Wire
from registry.policies import words
from registry.policies.case import Case, Expectation, Failure, differs
from registry.policies.existing import stocktaken
from registry.policies.flows import exit_flow
from registry.policies.judge import Judgement, Rulebook, decide
from registry.policies.measuring.facts import Matter, Rows
from registry.policies.overlay import Governing
from registry.policies.pack import Pack
from registry.policies.publicity import publicity
from registry.policies.redress_cases import redressed


class Result(Wire, frozen=True, kw_only=True):
    """用例结果: ``failures`` empty = passed; ``pending`` names the issue that will run it."""

    case: str
    failures: list[Failure]
    pending: str = ""
    matched: list[str] = []


__all__ = [
    "NEUTRAL",
    "Case",
    "Expectation",
    "Failure",
    "Result",
    "case_rows",
    "read_cases",
    "run_case",
    "run_cases",
]

NEUTRAL: dict[str, Any] = {
    "applicants": [{"organisation_id": "asking"}],
    "targets": ["here"],
    "content": "",
    "receivers": ["residents_committee"],
}


def read_cases(pack: Pack) -> list[Case]:
    """The cases of a pack, which the loader has checked field by field."""
    return [msgspec.convert(raw, Case) for raw in pack.cases]


def run_cases(pack: Pack, rulebook: Rulebook) -> list[Result]:
    """Run every case of a pack against its overlay."""
    first = pack.document.pack.effective_from
    return [_dated(case, run_case(case, rulebook), first) for case in read_cases(pack)]


def _dated(case: Case, result: Result, first: date) -> Result:
    """A failed case of a day before the pack's first says so: most likely that is why."""
    if not result.failures or case.on >= first:
        return result
    hint = Failure(
        zh=f"用例的日期 {case.on} 早于施行日 {first}，那天本包还没有施行",
        en=f"the case is of {case.on}, before the pack's first day {first}",
    )
    return msgspec.structs.replace(result, failures=[*result.failures, hint])


def run_case(case: Case, rulebook: Rulebook) -> Result:
    """One case."""
    if case.expect is None:
        return Result(case=case.id, failures=[], pending=case.pending)
    judgement = _answered(case, rulebook)
    failures = [*_verdict(case.expect, judgement), *_clock(case, rulebook, judgement)]
    if case.expect.route or case.expect.quorum or case.expect.flow:
        failures += _route(case, rulebook, judgement)
    if case.expect.revoked_by or case.expect.answer_by or case.expect.answer_untimed:
        failures += _revoking(case, rulebook, judgement)
    if case.expect.listed is not None:
        failures += _count(case, rulebook, case.expect.listed)
    if case.expect.exit_flow:
        failures += _leaving(case, rulebook, judgement)
    failures += redressed(case, rulebook, lambda one: _answered(one, rulebook))
    failures += stocktaken(case, lambda one: _answered(one, rulebook))
    return Result(case=case.id, failures=failures, matched=[h.rule for h in judgement.rules])


def _answered(case: Case, rulebook: Rulebook) -> Judgement:
    """What the rules answer at the case's gate, on its days."""
    dates = Governing(
        applied=case.on, decided=case.decided or case.on, entered=case.entered or case.on
    )
    return decide(rulebook.overlay, case_rows(case, rulebook), dates)


def case_rows(case: Case, rulebook: Rulebook) -> Rows:
    """The facts of a case: computed from its filing, then what it pins laid over."""
    filing = msgspec.convert(NEUTRAL | case.request, Filing)
    matter = Matter(
        gate=case.gate, filing=filing, applicant_kind=case.applicant.kind,
        applicant_level=case.applicant.level, applied=case.on,
        payers=case.payers,
        directories={int(year): codes for year, codes in case.directories.items()},
    )  # fmt: skip
    rows = rulebook.facts(matter)
    pinned = _posted(case, rulebook)
    pinned |= {k: v for k, v in case.facts.items() if k not in ("ground", "match")}
    vectors = [(receiver, _pinned(vector, pinned)) for receiver, vector in rows.vectors]
    if "ground" in case.facts:
        extra = {"ground": case.facts["ground"], "match": case.facts.get("match", "exact")}
        plain = [(r, v) for r, v in vectors if v[COLUMNS.index("ground")] == "none"]
        vectors = [*plain, *((receiver, _pinned(v, extra)) for receiver, v in plain)]
    return msgspec.structs.replace(rows, vectors=vectors)


def _count(case: Case, rulebook: Rulebook, wanted: int) -> list[Failure]:
    filing = msgspec.convert(NEUTRAL | case.request, Filing)
    counts = {rulebook.lists.count(filing, who, case.on) for who in filing.receivers}
    if counts == {wanted}:
        return []
    return [differs(("清单项数", "matters listed"), sorted(counts), wanted)]


def _posted(case: Case, rulebook: Rulebook) -> dict[str, str]:
    rule = rulebook.overlay.setting(lambda d: d.publicity)
    met = publicity(rule, rulebook.calendar, case.posted, case.removed or case.on)
    return {"publicity": met} if case.posted else {}


def _pinned(vector: tuple[str, ...], pinned: dict[str, str]) -> tuple[str, ...]:
    return tuple(pinned.get(c, value) for c, value in zip(COLUMNS, vector, strict=True))


def _verdict(expect: Expectation, judgement: Judgement) -> list[Failure]:
    matched = {hit.rule for hit in judgement.rules if not hit.lifted_by}
    wrong: list[Failure] = []
    if expect.outcome is not None and judgement.outcome != expect.outcome:
        wrong.append(_outcome(judgement, expect.outcome))
    wrong += [
        Failure(zh=f"规则 {rule} 没有命中", en=f"rule {rule} did not match")
        for rule in expect.rules
        if rule not in matched
    ]
    wrong += [
        Failure(zh=f"规则 {rule} 不应命中", en=f"rule {rule} matched, and should not")
        for rule in expect.not_rules
        if rule in matched
    ]
    deciding = [h for h in judgement.rules if h.rule in judgement.deciding]
    for wanted, read in ((expect.clause, "clause"), (expect.remedy, "remedy")):
        if wanted and not any(wanted in getattr(hit, read) for hit in deciding):
            told = f"决定的规则的{_SAID_ZH[read]}没有写「{wanted}」"
            wrong.append(Failure(zh=told, en=f"no deciding {read} says {wanted}"))
    if expect.refusal_right is not None and judgement.refusal_right != expect.refusal_right:
        came, due = judgement.refusal_right, expect.refusal_right
        wrong.append(differs(("拒绝权", "refusal right"), came, due))
    return wrong


_SAID_ZH = {"clause": "条款", "remedy": "补救"}


def _outcome(judgement: Judgement, wanted: str) -> Failure:
    came, due = (words.value_zh("outcome", one) for one in (judgement.outcome, wanted))
    by = " ".join(judgement.deciding)
    return Failure(
        zh=f"结果为「{came}」（由 {by} 决定），应为「{due}」",
        en=f"outcome: {judgement.outcome} (by {by}), not {wanted}",
    )


def _clock(case: Case, rulebook: Rulebook, judgement: Judgement) -> list[Failure]:
    wrong: list[Failure] = []
    expect = case.expect or Expectation()
    lead = judgement.facts[0]["lead_time"]
    if expect.lead_time is not None and lead != expect.lead_time:
        wrong.append(differs(("提前天数", "lead time"), lead, expect.lead_time))
    if expect.due is not None:
        clock = rulebook.overlay.setting(lambda d: d.clock.decide_in)
        due = rulebook.calendar.due(clock, case.accepted or case.on)[0] if clock else None
        if due != expect.due:
            wrong.append(differs(("办结日", "due"), due, expect.due))
    return wrong


def _entry(case: Case, judgement: Judgement) -> tuple[str, ...]:
    """What the table of routes is asked."""
    facts = judgement.facts[0]
    return (facts["kind"], facts["applicant"], facts["level"], judgement.outcome.value,
            case.spread, facts["receiver"])  # fmt: skip


def _leaving(case: Case, rulebook: Rulebook, judgement: Judgement) -> list[Failure]:
    flow = exit_flow(rulebook.overlay, _entry(case, judgement))
    name = flow.id if flow is not None else "none"
    wanted = (case.expect or Expectation()).exit_flow
    return [] if name == wanted else [differs(("退出流程", "leaves by flow"), name, wanted)]


def _revoking(case: Case, rulebook: Rulebook, judgement: Judgement) -> list[Failure]:
    """Who may revoke what the case is about, and until when the department is heard."""
    expect, wrong = case.expect or Expectation(), list[Failure]()
    flow = rulebook.overlay.flow(_entry(case, judgement))
    bodies = [b for s in (flow.step if flow else []) if s.act == "decide" for b in s.bodies]
    if expect.revoked_by and sorted(bodies) != sorted(expect.revoked_by):
        wrong.append(differs(("撤销主体", "revoked by"), bodies, expect.revoked_by))
    rule = rulebook.overlay.setting(lambda d: d.revocation)
    clock = rule.answer_in if rule else None
    last = rulebook.calendar.due(clock, case.decided or case.on)[0] if clock else None
    if (expect.answer_by or expect.answer_untimed) and last != expect.answer_by:
        wrong.append(differs(("陈述申辩的末日", "heard until"), last, expect.answer_by))
    return wrong


def _route(case: Case, rulebook: Rulebook, judgement: Judgement) -> list[Failure]:
    flow = rulebook.overlay.flow(_entry(case, judgement))
    if flow is None:
        return [Failure(zh="没有路径通向流程", en="no flow")]
    expect = case.expect or Expectation()
    deciding = [step for step in flow.step if step.act in ("decide", "ratify")]
    bodies = [body for step in deciding for body in step.bodies]
    wrong = list[Failure]()
    if expect.flow not in ("", flow.id):
        wrong.append(differs(("流程", "flow"), flow.id, expect.flow))
    if expect.route and sorted(bodies) != sorted(expect.route):
        wrong.append(differs(("决定主体", "decided by"), bodies, expect.route))
    if expect.quorum and deciding and deciding[0].quorum != expect.quorum:
        wrong.append(differs(("会签方式", "quorum"), deciding[0].quorum, expect.quorum))
    return wrong
