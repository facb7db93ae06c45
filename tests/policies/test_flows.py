"""流程、期限与文号: what a pack may write of them, what is refused, and what is read out of it."""

from datetime import date
from typing import Any

import msgspec
import pytest

from registry.domain.approval import (
    Ballot,
    DecisionKind,
    Flow,
    FlowStep,
    Quorum,
    Step,
    StepAct,
    StepState,
    outcome_of,
    together,
)
from registry.domain.calendar import Calendar, Clock, Unit
from registry.domain.vocabulary import Grade
from registry.policies.case import Case, Expectation
from registry.policies.cases import run_case
from registry.policies.drafting.problems import from_error
from registry.policies.flows import exit_flow
from registry.policies.loader import PackError, load_pack
from registry.policies.measures import Publicity
from registry.policies.numbering import Numbering, fault_of, number_of, series_of, template_for
from registry.policies.pack import Pack
from registry.policies.publicity import publicity
from tests.actions.flowed import CITY, OFFICE, STREET, files_with, flow
from tests.policies.rulebooks import DEMO, book, book_of, cases

EXAMINE = {"key": "examine", "act": "examine", "bodies": ["street"]}
CONSULT = {"key": "hear", "act": "consult", "bodies": ["community"]}
ENTRY = ("task", "department", "county", "needs_approval", "one_street", "residents_committee")
NUMBERING = 'decision = "示范准〔{year}〕{serial}号"'


def packed(flow_text: str, *replace: tuple[str, str]) -> Pack:
    """The demo county's pack with this flow."""
    return load_pack(files_with(flow_text, replace=replace))


# ---- what the loader refuses ---------------------------------------------------------------------

FAULTS = {
    "a flow that only advises": (flow(EXAMINE), "the last step must decide"),
    "a community taking the papers in": (flow(CONSULT, STREET), "nobody takes the papers in"),
    "a ratification of nothing": (flow(EXAMINE, CITY), "nothing is decided yet"),
    "a step after the ratification": (
        flow(STREET, CITY, {**OFFICE, "key": "again"}), "what is ratified is settled"
    ),
    "advice beside the decision": (
        flow(EXAMINE, CONSULT, {**STREET, "beside": True}), "advice goes before what decides"
    ),
    "a first step beside nothing": (
        flow({**EXAMINE, "beside": True}, STREET), "nothing before it to open beside"
    ),
    "a decision that may be left out": (
        flow(EXAMINE, {**STREET, "required": False}), "cannot be left out"
    ),
    "an escalation to nobody": (
        flow({**EXAMINE, "days": 2, "on_expiry": "escalate"}, STREET), "escalate_to names no body"
    ),
    "two steps of one key": (flow(STREET, STREET), "two steps bear the same key"),
    "a step without a body": (flow({**EXAMINE, "bodies": []}, STREET), "no body acts in it"),
    "a re-evaluation in a flow": (
        flow({**EXAMINE, "act": "reconsider"}, STREET), "nobody takes the papers in"
    ),
    "a share without its number": (
        flow({**STREET, "quorum": "ratio"}), "quorum ratio needs percent"
    ),
    "a number without a share": (
        flow({**STREET, "percent": 60}), "percent is for quorum ratio only"
    ),
    "a share of advice": (
        flow({**EXAMINE, "quorum": "ratio", "percent": 60}, STREET), "a share of votes decides"
    ),
    "a share of more than all": (
        flow({**STREET, "quorum": "ratio", "percent": 101}), "Expected `int` <= 100"
    ),
    "an office that answers for its own area": (
        flow({**OFFICE, "quorum": "each"}), "quorum each is for the streets"
    ),
    "an order among those who answer each for itself": (
        flow({**STREET, "quorum": "each", "in_order": True}), "there is no order among them"
    ),
    "a street in the place of a street": (
        flow({**STREET, "instead": "street"}), "instead names a body above"
    ),
    "silence that approves": (
        flow({**STREET, "on_expiry": "deemed"}), "Invalid enum value 'deemed'"
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", FAULTS)
def test_a_flow_that_cannot_be_run_is_refused(what: str) -> None:
    text, told = FAULTS[what]
    with pytest.raises(PackError) as info:
        packed(text)
    assert told in str(info.value)
    assert info.value.file == "pack.toml"
    assert info.value.line > 1, "the line of the flow is named"


@pytest.mark.parametrize("what", [w for w in FAULTS if "share" in w or "street" in w])
def test_what_is_wrong_with_a_quorum_is_said_in_chinese(what: str) -> None:
    with pytest.raises(PackError) as info:
        packed(FAULTS[what][0])
    assert "流程tried" in from_error(info.value).zh or "percent" in from_error(info.value).zh


def test_a_body_that_nobody_defines_is_refused_where_no_parent_could() -> None:
    orphan = (('parent = "cn-base"\n', ""),)
    with pytest.raises(PackError, match="body nobody is not in"):
        packed(flow({**STREET, "bodies": ["nobody"]}), *orphan)
    assert packed(flow({**STREET, "bodies": ["nobody"]})), "a parent may define it"


def test_a_clock_that_escalates_needs_a_body_in_every_flow() -> None:
    clocked = ("stops_while_supplementing = true",
               'stops_while_supplementing = true\non_expiry = "escalate"')  # fmt: skip
    with pytest.raises(PackError, match="escalate_to names no body"):
        packed(flow(STREET), clocked)
    alert = flow({**STREET, "on_expiry": "alert"})
    assert packed(alert, clocked).document.flow[0].escalate_to == ""


# ---- groups and quorums --------------------------------------------------------------------------


def test_steps_beside_each_other_make_one_group() -> None:
    steps = [
        FlowStep(key=key, name=key, act=StepAct.EXAMINE, bodies=["street"], beside=beside)
        for key, beside in (("a", False), ("b", True), ("c", False), ("d", True), ("e", True))
    ]
    groups = Flow(id="f", name="f", step=steps).groups()
    assert [[s.key for s in group] for group in groups] == [["a", "b"], ["c", "d", "e"]]


def test_the_group_of_a_step_is_read_off_the_case() -> None:
    steps = [
        Step(
            county="990102", id=f"r.s{n}", request_id="r", ordinal=n, key=str(n), name="",
            act=StepAct.EXAMINE, quorum=Quorum.ANY, required=True, state=StepState.WAITING,
            beside=n in (1, 3),
        )
        for n in range(4)
    ]  # fmt: skip
    assert [s.ordinal for s in together(steps, 0)] == [0, 1]
    assert [s.ordinal for s in together(steps, 2)] == [2, 3]


def test_any_one_suffices_or_every_one_must_agree() -> None:
    agree, against = Ballot.AGREE, Ballot.DISAGREE
    assert outcome_of(Quorum.ANY, [against, agree]) is agree
    assert outcome_of(Quorum.ALL, [against, agree]) is against
    assert outcome_of(Quorum.ALL, [agree, None]) is None


# ---- leaving -------------------------------------------------------------------------------------


def leaving(*lines: str) -> Pack:
    """A pack whose [exit] says this."""
    table = "[exit]\n" + "".join(f"{line}\n" for line in lines)
    return packed(flow(STREET, id="in"), ("[exit]\npublish_after = true\n", table))


def test_leaving_takes_the_flow_of_entry_where_the_pack_says_so() -> None:
    found = exit_flow(book_of(leaving("same_procedure = true")).overlay, ENTRY)
    assert found is not None and found.id == "in"


def test_leaving_may_have_a_flow_of_its_own() -> None:
    found = exit_flow(book_of(leaving('flow = "in"')).overlay, ENTRY)
    assert found is not None and found.id == "in"


@pytest.mark.parametrize("lines", [(), ("same_procedure = false",)])
def test_where_the_texts_are_silent_no_procedure_is_invented(lines: tuple[str, ...]) -> None:
    assert exit_flow(book_of(leaving(*lines)).overlay, ENTRY) is None
    assert exit_flow(book_of(packed(flow(STREET))).overlay, ENTRY) is None


def test_a_flow_for_leaving_must_stand_in_the_pack() -> None:
    with pytest.raises(PackError, match=r"\[exit\] flow out is not in pack.toml"):
        leaving('flow = "out"')
    with pytest.raises(PackError, match="keep one"):
        leaving('flow = "in"', "same_procedure = true")


@pytest.mark.parametrize(("wanted", "passes"), [("in", True), ("none", False)])
def test_a_case_says_by_which_flow_a_matter_leaves(wanted: str, passes: bool) -> None:
    case = msgspec.convert(
        {
            "id": "leaves", "source": "test", "mark": "C", "says": "退出与进入同一程序",
            "on": date(2026, 3, 2), "applicant": {"kind": "department", "level": "county"},
            "request": {"kind": "task", "title": "楼道灯具编号拍照"},
            "expect": {"exit_flow": wanted},
        },
        Case,
    )  # fmt: skip
    result = run_case(case, book_of(leaving("same_procedure = true")))
    assert (result.failures == []) is passes


@pytest.mark.parametrize(
    ("expect", "passes"),
    [
        ({"revoked_by": ["street"]}, True),
        ({"revoked_by": ["admission_office"]}, False),
        ({"answer_by": date(2026, 3, 9)}, True),
        ({"answer_by": date(2026, 3, 10)}, False),
        ({"answer_untimed": True}, False),
    ],
)
def test_a_case_says_who_revokes_and_how_long_the_department_is_heard(
    expect: dict[str, Any], passes: bool
) -> None:
    """P14: what was admitted is revoked by who admitted it, once the department was heard."""
    held = next(c for c in cases(DEMO) if c.id == "dm-revoke")
    case = msgspec.structs.replace(held, expect=msgspec.convert(expect, Expectation))
    assert (run_case(case, book(DEMO)).failures == []) is passes


# ---- 公示 ----------------------------------------------------------------------------------------


def posting(days: int = 15, grade: Grade = Grade.FULL, **clock: Any) -> Publicity:
    """At least so many days."""
    given = {"unit": Unit.CALENDAR, **clock}
    return Publicity(where="公开栏", at_least=Clock(days=days, **given), grade=grade)


@pytest.mark.parametrize(
    ("taken_down", "fact"), [(date(2026, 3, 14), "short"), (date(2026, 3, 15), "met")]
)
def test_what_is_taken_down_a_day_too_early_hung_too_short(taken_down: date, fact: str) -> None:
    """N4 of regulations.md: taken down on day 14."""
    assert publicity(posting(), Calendar(), date(2026, 3, 1), taken_down) == fact


def test_where_the_day_of_posting_does_not_count_it_hangs_a_day_longer() -> None:
    strict = posting(count_first_day=False)
    assert publicity(strict, Calendar(), date(2026, 3, 1), date(2026, 3, 15)) == "short"
    assert publicity(strict, Calendar(), date(2026, 3, 1), date(2026, 3, 16)) == "met"


def test_what_nobody_posted_or_no_text_asks_for_is_not_judged() -> None:
    assert publicity(posting(), Calendar(), None, date(2026, 3, 15)) == "unset"
    assert publicity(None, Calendar(), date(2026, 3, 1), date(2026, 3, 2)) == "unset"


def test_a_period_that_was_not_read_in_the_text_makes_nothing_short() -> None:
    unread = posting(grade=Grade.BACKGROUND)
    assert publicity(unread, Calendar(), date(2026, 3, 1), date(2026, 3, 2)) == "unset"


def test_a_guessed_calendar_makes_no_posting_short() -> None:
    working = posting(unit=Unit.WORKING)
    assert publicity(working, Calendar(), date(2026, 3, 2), date(2026, 3, 9)) == "met"
    known = Calendar(years=frozenset({2026}))
    assert publicity(working, known, date(2026, 3, 2), date(2026, 3, 9)) == "short"


# ---- 文号 ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("template", "told"),
    [
        ("准〔{year}〕{serial}号", ""),
        ("{body}准〔{year}〕{serial:04}号", ""),
        ("{area}准第{serial}号", ""),
        ("准〔{year}〕号", "{serial} must stand in it once"),
        ("准{serial}之{serial}", "{serial} must stand in it once"),
        ("准〔{month}〕{serial}号", "{month} is none of"),
        ("准〔{year:02}〕{serial}号", "only {serial} takes a width"),
        ("准{serial:x}号", "only {serial} takes a width"),
        ("准{serial!r}号", "is none of"),
        ("准{serial.real}号", "is none of"),
        ("准1{serial}号", "a digit beside"),
        ("准{serial", "expected '}'"),
    ],
)
def test_a_template_is_read_before_it_is_used(template: str, told: str) -> None:
    fault = fault_of(template)
    assert told in fault
    assert bool(fault) is bool(told)


def test_a_pack_with_a_template_that_cannot_be_filled_is_refused() -> None:
    with pytest.raises(PackError, match="month"):
        packed(flow(STREET), (NUMBERING, 'decision = "准〔{month}〕{serial}号"'))
    with pytest.raises(PackError, match="serial"):
        packed(flow(STREET), ("[numbering.of]", '[numbering.of]\nstreet = "街准"'))


def test_a_template_that_nothing_would_ever_use_is_refused() -> None:
    stray = '[numbering.of]\nnot_admited = "不准{serial}号"'
    with pytest.raises(PackError, match="not_admited: neither a kind of decision or paper nor"):
        packed(flow(STREET), ("[numbering.of]", stray))


def test_the_bodys_own_template_comes_before_the_kinds_and_both_before_the_common_one() -> None:
    numbering = Numbering(
        decision="准{serial}", of={"not_admitted": "不准{serial}", "street": "街{serial}"}
    )
    assert template_for(numbering, DecisionKind.ADMITTED, "admission_office") == "准{serial}"
    assert template_for(numbering, DecisionKind.NOT_ADMITTED, "admission_office") == "不准{serial}"
    assert template_for(numbering, DecisionKind.NOT_ADMITTED, "street") == "街{serial}"


def test_one_text_is_one_series_whatever_its_width_and_two_bodies_are_two() -> None:
    here = {"area": "演示县", "body": "演示街道办事处"}
    there = {"area": "演示县", "body": "另一演示街道办事处"}
    assert series_of("准{serial:04}号", **here) == series_of("准{serial}号", **there)
    assert series_of("{body}{serial}号", **here) != series_of("{body}{serial}号", **there)
    assert number_of("准〔{year}〕{serial:04}号", year=2026, serial=7, **here) == "准〔2026〕0007号"
