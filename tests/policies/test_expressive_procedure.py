"""规则包能说什么: approvals, clocks, terms, caps, assessment, leaving, numbers, media, modes."""

from datetime import date
from typing import Any

import msgspec
import pytest

from registry.domain.approval import DecisionKind, Flow, OnExpiry
from registry.domain.calendar import Calendar
from registry.domain.vocabulary import Gate, Level, Outcome, Trigger
from registry.policies.flows import exit_flow
from registry.policies.judge import Rulebook
from registry.policies.loader import PackError
from registry.policies.measuring.gauges import observed
from registry.policies.measuring.registered import added, concerns, period, quotas
from registry.policies.numbering import series_of, template_for
from registry.policies.overlay import chain
from registry.policies.pack import Pack
from registry.policies.publicity import publicity
from tests.policies.rulebooks import (
    book,
    book_of,
    judged,
    loaded,
    matter,
    on_one_day,
    pack,
    row,
    rule,
)

ON = date(2026, 3, 2)
OPEN = [rule("OPEN")], [row("OPEN", "needs_approval", ground="none")]
KNOWN = Calendar(years=frozenset({2026}))


def _says(document: dict[str, Any], **fields: Any) -> Pack:
    return pack("p", *OPEN, document=document, **fields)


# ---- 7 approvals --------------------------------------------------------------------------------


def _step(key: str, act: str, *bodies: str, **more: Any) -> dict[str, Any]:
    return {"key": key, "name": key, "act": act, "bodies": list(bodies), **more}


DECIDES = _step("decide", "decide", "conference")
BODIES = {
    f"bodies.{key}": {"name": key, "function": key, "family": family}
    for key, family in (
        ("office", "county"), ("conference", "county"), ("party", "county"),
        ("government", "county"), ("city_government", "city"),
    )
}  # fmt: skip
SHAPES: dict[str, list[dict[str, Any]]] = {
    "ordered": [_step("a", "examine", "street"), _step("b", "examine", "office"), DECIDES],
    "parallel": [_step("a", "examine", "street"),
                 _step("b", "opinion", "office", beside=True), DECIDES],
    "alternative": [_step("decide", "decide", "government", "street", quorum="any")],
    "joint": [_step("decide", "decide", "party", "government", quorum="all")],
    "share": [_step("decide", "decide", "party", "government", "street", quorum="ratio",
                    percent=67)],
    "in order": [_step("decide", "decide", "party", "government", quorum="all", in_order=True)],
    "each for itself": [_step("file", "decide", "street", quorum="each", instead="office")],
    "expert": [_step("a", "examine", "office"), _step("b", "expert", "office"), DECIDES],
    "consultation": [_step("a", "examine", "office"), _step("b", "consult", "community"), DECIDES],
    "optional": [_step("a", "examine", "office"),
                 _step("b", "consult", "community", required=False), DECIDES],
    "filing only": [_step("file", "decide", "street")],
    "ratified above": [DECIDES, _step("ratify", "ratify", "city_government")],
}  # fmt: skip
"""Shape → steps. That each is run so: tests/actions/test_flows.py, test_quorums.py."""


def _flows(**by: list[dict[str, Any]]) -> dict[str, Any]:
    return {**BODIES, "flow": [{"id": id, "name": id, "step": steps} for id, steps in by.items()]}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_of_approval_is_written_in_the_pack(shape: str) -> None:
    own = _says(_flows(way=SHAPES[shape]), routes="# p,eft,flow\np,allow,way\n")
    found = book_of(own).overlay.flow(
        ("task", "department", "county", "listed", "one_street", "grid")
    )
    assert found is not None
    groups = [[(s.act.value, s.bodies, s.quorum.value, s.required) for s in group]
              for group in found.groups()]  # fmt: skip
    wanted = [(s["act"], s["bodies"], s.get("quorum", "any"), s.get("required", True))
              for s in SHAPES[shape]]  # fmt: skip
    assert [one for group in groups for one in group] == wanted
    told = [(s.percent, s.in_order, s.instead) for s in found.step]
    assert told == [(s.get("percent"), s.get("in_order", False), s.get("instead", ""))
                    for s in SHAPES[shape]]  # fmt: skip
    assert len(groups) == len(wanted) - (shape == "parallel")


def test_the_approver_follows_the_applicants_level() -> None:
    by_level = {level: [_step("d", "decide", body)] for level, body in
                (("city", "city_government"), ("county", "government"))}  # fmt: skip
    table = "# p,level,eft,flow\np,city,allow,city\np,county,allow,county\n"
    overlay = book_of(_says(_flows(**by_level), routes=table)).overlay
    for level in ("city", "county"):
        found = overlay.flow(("task", "department", level, "needs_approval", "one_street", "grid"))
        assert found is not None and found.id == level
    none = overlay.flow(("task", "department", "province", "needs_approval", "one_street", "grid"))
    assert none is None, "no approver is invented"


def test_an_approval_without_its_consultation_may_be_void() -> None:
    """As 天津: 广泛听取基层意见."""
    asked = {"applicant_level": Level.COUNTY, "receivers": ["residents_committee"]}
    rules = book("tianjin-2019")
    unheard = judged(rules, ON, Gate.APPROVE, state={"consultation": "none"}, **asked)
    assert "TJ-CONSULT" in unheard.deciding
    heard = judged(rules, ON, Gate.APPROVE, state={"consultation": "done"}, **asked)
    assert "TJ-CONSULT" not in [hit.rule for hit in heard.rules]


def test_an_approval_without_its_expert_review_may_be_void() -> None:
    rules = book_of(pack("p", [rule("UNREAD"), rule("OK")],
                         [row("UNREAD", "refused", gate="approve", expert="none"),
                          row("OK", "allowed", gate="approve", expert="done")]))  # fmt: skip
    for word, deciding in (("none", ["UNREAD"]), ("done", ["OK"])):
        assert judged(rules, ON, Gate.APPROVE, state={"expert": word}).deciding == deciding


def test_a_child_takes_its_parents_flow_and_body_or_states_its_own() -> None:
    above = _says(_flows(way=SHAPES["ordered"]), routes="# p,eft,flow\np,allow,way\n")
    own = pack("c", *OPEN, parent="p", routes="# p,kind,eft,flow\np,signboard,allow,boards\n",
               document=_flows(boards=SHAPES["ratified above"]))  # fmt: skip
    overlay = book_of(*chain({"p": above, "c": own}, "c")).overlay
    way = ("department", "county", "needs_approval", "one_street", "grid")
    found = [overlay.flow((kind, *way)) for kind in ("signboard", "task")]
    assert [f.id for f in found if f] == ["boards", "way"]


# ---- 8 clocks -----------------------------------------------------------------------------------


def _due(calendar: Calendar = KNOWN, **clock: Any) -> date:
    said = book_of(_says({"clock.decide_in": clock})).overlay.setting(lambda d: d.clock.decide_in)
    assert said is not None
    return calendar.due(said, ON)[0]


@pytest.mark.parametrize(
    ("clock", "due"),
    [
        ({"days": 5, "unit": "working", "count_first_day": False}, date(2026, 3, 9)),
        ({"days": 5, "unit": "working", "count_first_day": True}, date(2026, 3, 6)),
        ({"days": 5, "unit": "calendar", "count_first_day": False}, date(2026, 3, 7)),
        ({"days": 5, "unit": "calendar", "count_first_day": True}, date(2026, 3, 6)),
        ({"days": 5, "unit": "working"}, date(2026, 3, 9)),
    ],
)
def test_a_clock_counts_working_or_calendar_days_with_or_without_the_first(
    clock: dict[str, Any], due: date
) -> None:
    assert _due(**clock) == due


def test_a_clock_knows_days_off_and_weekend_days_worked_for_them() -> None:
    days = [
        {"date": date(2026, 3, 3), "kind": "off", "name": "演示节", "source": "虚构"},
        {"date": date(2026, 3, 7), "kind": "work", "name": "演示节", "source": "虚构"},
    ]
    calendar = observed([_says({"holiday": days})], KNOWN)
    assert _due(calendar, days=5, unit="working", count_first_day=False) == date(2026, 3, 9)
    assert _due(calendar, days=4, unit="working", count_first_day=False) == date(2026, 3, 7)


@pytest.mark.parametrize("start", ["accepted", "applied"])
@pytest.mark.parametrize("stops", [True, False])
@pytest.mark.parametrize("late", ["alert", "escalate"])
def test_a_clock_says_where_it_starts_whether_it_stops_and_what_its_end_brings(
    start: str, stops: bool, late: str
) -> None:
    """That it is run so: tests/actions/test_flows.py and test_approving.py."""
    clock = {"days": 15, "from": start, "stops_while_supplementing": stops, "on_expiry": late}
    said = _says({"clock.decide_in": clock}).document.clock.decide_in
    assert said is not None
    assert (said.start, said.stops_while_supplementing, said.on_expiry) == (start, stops, late)


def test_silence_is_never_a_yes_or_a_no() -> None:
    assert {word.value for word in OnExpiry} == {"alert", "escalate"}
    with pytest.raises(PackError, match="on_expiry"):
        _says({"clock.decide_in": {"days": 15, "on_expiry": "approve"}})


@pytest.mark.parametrize(("starts", "word"), [("2026-03-06", "ok"), ("2026-03-05", "short")])
def test_so_many_days_before_entry_is_counted_back(starts: str, word: str) -> None:
    ahead = {"days": 4, "unit": "working", "count_first_day": True}
    own = _says({"clock.apply_ahead": ahead})
    plain = book_of(own)
    rules = Rulebook(plain.overlay, plain.lists, KNOWN)
    assert judged(rules, ON, starts_on=starts).facts[0]["lead_time"] == word


@pytest.mark.parametrize(
    ("removed", "word"), [(date(2026, 3, 15), "short"), (date(2026, 3, 16), "met")]
)
def test_what_must_hang_so_long_is_measured(removed: date, word: str) -> None:
    posted = {"where": "居务公开栏", "at_least": {"days": 15, "unit": "calendar"}, "grade": "全文"}
    said = _says({"publicity": posted}).document.publicity
    assert publicity(said, KNOWN, ON, removed) == word


# ---- 9 durations --------------------------------------------------------------------------------


@pytest.mark.parametrize("of", ["temporary", "phase", "emergency", "long_term"])
def test_every_duration_may_need_an_end_and_have_a_longest_term(of: str) -> None:
    longest = {"days": 30, "unit": "calendar", "count_first_day": True}
    entry = {"of": of, "end_required": True, "at_most": longest}
    rules = book_of(pack(
        "p", [rule("END"), rule("LONG"), *OPEN[0]],
        [row("END", "refused", term="missing"), row("LONG", "refused", term="over"), *OPEN[1]],
        document={"duration": [entry]},
    ))  # fmt: skip
    for ends, deciding in ((None, "END"), ("2026-03-31", "OPEN"), ("2026-04-01", "LONG")):
        dates = {"starts_on": "2026-03-02", **({"ends_on": ends} if ends else {})}
        assert judged(rules, ON, duration=of, **dates).deciding == [deciding]
    other = "phase" if of != "phase" else "temporary"
    assert judged(rules, ON, duration=other).deciding == ["OPEN"]


# ---- 11 caps ------------------------------------------------------------------------------------

CAP = {"key": "k", "rule": "OPEN", "kinds": ["report"], "cap": 5, "grade": "fictional"}


@pytest.mark.parametrize("per", ["community", "applicant", "applicant_community", "county"])
@pytest.mark.parametrize("span", ["standing", "week", "month", "quarter", "year"])
def test_a_cap_counts_by_receiver_issuer_or_county_and_by_period(per: str, span: str) -> None:
    """That it is counted so: tests/actions/test_quotas.py."""
    own = _says({"quota": [{**CAP, "per": per, "period": span, "receivers": ["grid"],
                            "levels": ["city"]}]})  # fmt: skip
    (one,) = quotas(book_of(own).overlay, ON)
    assert (one.per, one.period) == (per, span)
    filing = matter(ON, kind="report", receivers=["grid", "street"]).filing
    assert concerns(one, filing, Level.CITY) and added(one, filing) == 1
    assert not concerns(one, filing, Level.COUNTY)
    first, last = period(one, ON) or (ON, ON)
    assert first <= ON <= last


def test_a_childs_cap_takes_the_place_of_its_parents_of_the_same_key() -> None:
    fixed = {"per": "county", "period": "standing"}
    above = _says({"quota": [{**CAP, **fixed}]})
    own = pack("c", *OPEN, parent="p", document={"quota": [{**CAP, **fixed, "cap": 3}]})
    assert [q.cap for q in quotas(book_of(own, above).overlay, ON)] == [3]


def test_what_is_alike_may_be_sent_to_be_merged() -> None:
    """R12; that likeness is measured: tests/actions/test_likeness.py."""
    rules = book_of(pack(
        "p", [rule("MERGE", ground="R12"), *OPEN[0]],
        [row("MERGE", "human_review", ground="R12", match="near"), *OPEN[1]],
        document={"similar": {"near": 85}, "similar.within": {"days": 365, "unit": "calendar"}},
    ))  # fmt: skip
    assert judged(rules, ON).deciding == ["OPEN"]
    alike = msgspec.structs.replace(matter(ON), grounds={"R12": ("near", ["演示〔2026〕1号"])})
    told = rules.judge(alike, on_one_day(ON))
    assert (told.outcome, told.deciding) == (Outcome.HUMAN_REVIEW, ["MERGE"])


# ---- 13 evaluation, 14 leaving ------------------------------------------------------------------


def test_assessment_has_weights_a_reverse_and_one_who_may_assess() -> None:
    told = {"weights": {"residents": 70, "work": 30}, "reverse": True, "organised_by": "乡镇",
            "grade": "fictional"}  # fmt: skip
    said = _says({"evaluation": told}).document.evaluation
    assert said is not None and said.weights == {"residents": 70, "work": 30} and said.reverse
    with pytest.raises(PackError, match="must sum to 100"):
        _says({"evaluation": {**told, "weights": {"residents": 70, "work": 20}}})
    with pytest.raises(PackError, match="must not lie above"):
        _says({"evaluation": {**told, "exit_below": 80, "adjust_below": 60}})


def test_real_packs_say_who_assesses_and_invent_no_weights() -> None:
    for name, reverse in (("deyang-2025", True), ("zhangye-2024", False)):
        said = loaded()[name].document.evaluation
        assert said is not None
        assert (said.weights, said.reverse) == ({}, reverse) and said.organised_by


@pytest.mark.parametrize("trigger", list(Trigger))
def test_each_reason_for_leaving_may_have_a_row_of_its_own(trigger: Trigger) -> None:
    rules = book_of(pack("p", [rule("LEAVES"), rule("STAYS")],
                         [row("LEAVES", "allowed", gate="exit", trigger=trigger.value),
                          row("STAYS", "refused", gate="exit", trigger="none")]))  # fmt: skip
    assert judged(rules, ON, Gate.EXIT, state={"trigger": trigger.value}).deciding == ["LEAVES"]
    assert judged(rules, ON, Gate.EXIT).deciding == ["STAYS"]


@pytest.mark.parametrize(
    ("said", "flow"),
    [({"same_procedure": True}, "in"), ({"flow": "out"}, "out"), ({"publish_after": True}, None)],
)
def test_leaving_takes_the_same_procedure_or_one_of_its_own(
    said: dict[str, Any], flow: str | None
) -> None:
    leaving = {"triggers": ["law_changed", "withdrawn"], **said}
    own = _says({**_flows(**{"in": [DECIDES], "out": SHAPES["filing only"]}), "exit": leaving},
                routes="# p,eft,flow\np,allow,in\n")  # fmt: skip
    entry = ("task", "department", "county", "needs_approval", "one_street", "grid")
    found: Flow | None = exit_flow(book_of(own).overlay, entry)
    assert (found.id if found else None) == flow
    assert own.document.exit is not None
    assert own.document.exit.triggers == [Trigger.LAW_CHANGED, Trigger.WITHDRAWN]


# ---- 15 numbers ---------------------------------------------------------------------------------


def test_numbers_follow_a_local_template_by_kind_and_body() -> None:
    of = {"not_admitted": "演不准〔{year}〕{serial:04}号", "street": "{body}〔{year}〕{serial}号"}
    numbering = {"decision": "演准〔{year}〕{serial}号"}
    said = _says({"numbering": numbering, "numbering.of": of}).document.numbering
    assert said is not None
    admitted, refused = DecisionKind.ADMITTED, DecisionKind.NOT_ADMITTED
    assert template_for(said, admitted, "office") == numbering["decision"]
    assert template_for(said, refused, "office") == of["not_admitted"]
    assert series_of(template_for(said, admitted, "street"), area="", body="东街") == (
        "东街〔{year}〕{serial}号"
    )


# ---- media and ways of doing the work (P25, P26) ------------------------------------------------


@pytest.mark.parametrize(
    ("on", "deciding"), [(date(2026, 6, 30), "OPEN"), (date(2026, 7, 1), "PAPER-ENDS")]
)
def test_paper_ends_on_the_day_the_pack_says(on: date, deciding: str) -> None:
    rules = book_of(pack(
        "p", [rule("PAPER-ENDS", valid_from=date(2026, 7, 1)), *OPEN[0]],
        [row("PAPER-ENDS", "refused", kind="report", medium="paper"), *OPEN[1]],
    ))  # fmt: skip
    assert judged(rules, on, kind="report", medium="paper").deciding == [deciding]
    assert judged(rules, on, kind="report", medium="electronic").deciding == ["OPEN"]


MODES = (
    "# p,kind,workload,headcount,difficulty,duration,technical,eft,mode\n"
    "p,*,heavy,*,*,*,*,allow,purchase\np,*,light,*,*,*,*,allow,agreement\n"
)


@pytest.mark.parametrize(("hours", "word"), [(10, "OPEN"), (60, "DIFFERS")])
def test_the_hours_of_work_name_the_way_it_is_done(hours: int, word: str) -> None:
    bands = [{"fact": "workload", "name": name, "least": least}
             for name, least in (("light", 0), ("heavy", 40))]  # fmt: skip
    rules = book_of(pack(
        "p", [rule("DIFFERS"), *OPEN[0]],
        [row("DIFFERS", "human_review", mode_fit="differs"), *OPEN[1]],
        document={"band": bands}, modes=MODES,
    ))  # fmt: skip
    money = [{"key": "F1", "mode": "transfer", "payer_id": "asking", "amount_fen": 100,
              "fiscal_year": 2026}]  # fmt: skip
    told = judged(rules, ON, hours_per_cycle=hours, cycle="month", funding=money)
    assert told.deciding == [word]
