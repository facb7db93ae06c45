"""规则用例 hand-written cases of a pack, run on the real engine: requests with a date → what must come.

A case may pin facts that no text of a seed list can give (a list known only by its count).
"""

from typing import Any

import msgspec

from registry.domain.admission import COLUMNS
from registry.domain.filing import Filing
from registry.domain.records import Wire
from registry.policies.facts import Matter, Rows
from registry.policies.flows import exit_flow
from registry.policies.judge import Judgement, Rulebook, decide
from registry.policies.overlay import Governing
from registry.policies.pack import Case, Expectation, Pack
from registry.policies.publicity import publicity


class Result(Wire, frozen=True, kw_only=True):
    """用例结果: ``failures`` empty = passed; ``pending`` names the issue that will run it."""

    case: str
    failures: list[str]
    pending: str = ""
    matched: list[str] = []


__all__ = [
    "NEUTRAL",
    "Case",
    "Expectation",
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
    return [run_case(case, rulebook) for case in read_cases(pack)]


def run_case(case: Case, rulebook: Rulebook) -> Result:
    """One case."""
    if case.expect is None:
        return Result(case=case.id, failures=[], pending=case.pending)
    rows = case_rows(case, rulebook)
    dates = Governing(
        applied=case.on, decided=case.decided or case.on, entered=case.entered or case.on
    )
    judgement = decide(rulebook.overlay, rows, dates)
    failures = [*_verdict(case.expect, judgement), *_clock(case, rulebook, judgement)]
    if case.expect.route or case.expect.quorum or case.expect.flow:
        failures += _route(case, rulebook, judgement)
    if case.expect.listed is not None:
        failures += _count(case, rulebook, case.expect.listed)
    if case.expect.exit_flow:
        failures += _leaving(case, rulebook, judgement)
    return Result(case=case.id, failures=failures, matched=[h.rule for h in judgement.rules])


def case_rows(case: Case, rulebook: Rulebook) -> Rows:
    """The facts of a case: computed from its filing, then what it pins laid over."""
    filing = msgspec.convert(NEUTRAL | case.request, Filing)
    matter = Matter(
        gate=case.gate, filing=filing, applicant_kind=case.applicant.kind,
        applicant_level=case.applicant.level, applied=case.on,
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


def _count(case: Case, rulebook: Rulebook, wanted: int) -> list[str]:
    filing = msgspec.convert(NEUTRAL | case.request, Filing)
    counts = {rulebook.lists.count(filing, who, case.on) for who in filing.receivers}
    return [] if counts == {wanted} else [f"{sorted(counts)} matters listed, not {wanted}"]


def _posted(case: Case, rulebook: Rulebook) -> dict[str, str]:
    rule = rulebook.overlay.setting(lambda d: d.publicity)
    met = publicity(rule, rulebook.calendar, case.posted, case.removed or case.on)
    return {"publicity": met} if case.posted else {}


def _pinned(vector: tuple[str, ...], pinned: dict[str, str]) -> tuple[str, ...]:
    return tuple(pinned.get(c, value) for c, value in zip(COLUMNS, vector, strict=True))


def _verdict(expect: Expectation, judgement: Judgement) -> list[str]:
    matched = {hit.rule for hit in judgement.rules if not hit.lifted_by}
    wrong = []
    if expect.outcome is not None and judgement.outcome != expect.outcome:
        wrong.append(f"outcome {judgement.outcome} (by {judgement.deciding}), not {expect.outcome}")
    wrong += [f"rule {rule} did not match" for rule in expect.rules if rule not in matched]
    wrong += [f"rule {rule} matched" for rule in expect.not_rules if rule in matched]
    deciding = [h for h in judgement.rules if h.rule in judgement.deciding]
    for wanted, read in ((expect.clause, "clause"), (expect.remedy, "remedy")):
        if wanted and not any(wanted in getattr(hit, read) for hit in deciding):
            wrong.append(f"no deciding {read} says {wanted}")
    if expect.refusal_right is not None and judgement.refusal_right != expect.refusal_right:
        wrong.append(f"refusal right {judgement.refusal_right}")
    return wrong


def _clock(case: Case, rulebook: Rulebook, judgement: Judgement) -> list[str]:
    wrong = []
    expect = case.expect or Expectation()
    lead = judgement.facts[0]["lead_time"]
    if expect.lead_time is not None and lead != expect.lead_time:
        wrong.append(f"lead time {lead}, not {expect.lead_time}")
    if expect.due is not None:
        clock = rulebook.overlay.setting(lambda d: d.clock.decide_in)
        due = rulebook.calendar.due(clock, case.accepted or case.on)[0] if clock else None
        if due != expect.due:
            wrong.append(f"due {due}, not {expect.due}")
    return wrong


def _entry(case: Case, judgement: Judgement) -> tuple[str, ...]:
    """What the table of routes is asked."""
    facts = judgement.facts[0]
    return (facts["kind"], facts["applicant"], facts["level"], judgement.outcome.value,
            case.spread, facts["receiver"])  # fmt: skip


def _leaving(case: Case, rulebook: Rulebook, judgement: Judgement) -> list[str]:
    flow = exit_flow(rulebook.overlay, _entry(case, judgement))
    name = flow.id if flow is not None else "none"
    wanted = (case.expect or Expectation()).exit_flow
    return [] if name == wanted else [f"leaves by flow {name}, not {wanted}"]


def _route(case: Case, rulebook: Rulebook, judgement: Judgement) -> list[str]:
    flow = rulebook.overlay.flow(_entry(case, judgement))
    if flow is None:
        return ["no flow"]
    expect = case.expect or Expectation()
    deciding = [step for step in flow.step if step.act in ("decide", "ratify")]
    bodies = [body for step in deciding for body in step.bodies]
    wrong = [f"flow {flow.id}, not {expect.flow}"] if expect.flow not in ("", flow.id) else []
    if expect.route and sorted(bodies) != sorted(expect.route):
        wrong.append(f"decided by {bodies}, not {expect.route}")
    if expect.quorum and deciding and deciding[0].quorum != expect.quorum:
        wrong.append(f"quorum {deciding[0].quorum}, not {expect.quorum}")
    return wrong
