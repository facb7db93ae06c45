"""审批流程: every shape a pack may give a flow, run with real people, bodies and numbers."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest

from registry.actions import approving
from registry.actions.approving import DecideCommand, OpinionCommand, ReturnCommand
from registry.actions.attaching import AttachCommand
from registry.actions.boxes import BoxQuery, page
from registry.actions.reading import one
from registry.actions.ticking import tick
from registry.domain.approval import Decision, DecisionKind, Step, Task
from registry.domain.document import Document, DocumentType
from registry.domain.request import Request, State
from registry.store.verify import verify
from tests.actions import case
from tests.actions.case import Hands, accepted, drafted, submitted
from tests.actions.decided import decision_numbers
from tests.actions.flowed import CITY, OFFICE, STREET, files_with, flow, in_force
from tests.actions.refused import refused
from tests.conftest import Hand, MovingClock

EXAMINE = {"key": "examine", "act": "examine", "bodies": ["street"]}
CONSULT = {"key": "hear", "act": "consult", "bodies": ["community"]}
EXPERT = {"key": "experts", "act": "expert", "bodies": ["admission_office"]}
DECIDE = DecideCommand(reason="同意")
LATE = 'on_expiry = "escalate"'


def begun(hand: Hands, *steps: dict[str, Any], by: str = "street.clerk", **fields: Any) -> Request:
    """A request accepted under a flow of these steps."""
    in_force(hand, files_with(flow(*steps, **fields)))
    return accepted(hand, submitted(hand, drafted(hand)), by=by)


def now(hand: Hands, request: Request) -> Request:
    found: Request = hand("auditor").office.store.reader.get(Request, "990102", request.id)
    return found


def steps_of(hand: Hands, request: Request) -> dict[str, Step]:
    reader = hand("auditor").office.store.reader
    return {s.key: s for s in reader.find(Step, "990102", request_id=request.id)}


def decisions_of(hand: Hands, request: Request) -> list[Decision]:
    reader = hand("auditor").office.store.reader
    return list(reader.find(Decision, "990102", request_id=request.id))


def says(hand: Hands, by: str, request: Request, key: str, **fields: Any) -> Request:
    """What one body answers in one step."""
    step = steps_of(hand, request)[key]
    own = {p.organisation_id for p in hand(by).actor.posts}
    tasks = hand(by).office.store.reader.find(Task, "990102", step_id=step.id)
    task = next((t for t in tasks if t.organisation_id in own), tasks[0])
    command = OpinionCommand(**{"ballot": "agree", "text": "意见", **fields})
    after: Request = hand(by).do(
        lambda d: approving.opine(d, task.id, task.version, command)
    ).request  # fmt: skip
    return after


def decides(hand: Hands, by: str, request: Request, verb: Any = approving.approve) -> Request:
    """What one body decides now, whichever version stands."""
    standing = now(hand, request)
    after: Request = hand(by).do(
        lambda d: verb(d, standing.id, standing.version, DECIDE)
    ).request  # fmt: skip
    return after


# ---- beside each other, left out, required -------------------------------------------------------


def test_steps_beside_each_other_open_together_and_both_are_waited_for(hand: Hands) -> None:
    request = begun(hand, EXAMINE, {**CONSULT, "beside": True}, STREET)
    states = {k: s.state.value for k, s in steps_of(hand, request).items()}
    assert states == {"examine": "open", "hear": "open", "decide": "waiting"}
    says(hand, "community.head", request, "hear")
    assert steps_of(hand, request)["decide"].state == "waiting", "the examination is still out"
    says(hand, "street.clerk", request, "examine")
    assert steps_of(hand, request)["decide"].state == "open"
    assert decides(hand, "street.head", request).state is State.APPROVED


def test_the_order_of_those_beside_each_other_does_not_matter(one_hand: Hands) -> None:
    request = begun(one_hand, EXAMINE, {**CONSULT, "beside": True}, STREET)
    says(one_hand, "street.clerk", request, "examine")
    assert steps_of(one_hand, request)["decide"].state == "waiting"
    says(one_hand, "community.head", request, "hear")
    assert steps_of(one_hand, request)["decide"].state == "open"


def test_a_consultation_that_is_required_and_absent_holds_the_decision_up(one_hand: Hands) -> None:
    request = says(
        one_hand, "street.clerk", begun(one_hand, EXAMINE, CONSULT, OFFICE), "examine"
    )  # fmt: skip
    with refused("access.forbidden"):
        decides(one_hand, "county.head", request)
    says(one_hand, "community.head", request, "hear")
    assert decides(one_hand, "county.head", request).state is State.APPROVED


def test_a_step_that_is_not_required_is_asked_and_holds_nothing_up(one_hand: Hands) -> None:
    request = begun(one_hand, EXAMINE, {**CONSULT, "required": False}, STREET)
    says(one_hand, "street.clerk", request, "examine")
    states = {k: s.state.value for k, s in steps_of(one_hand, request).items()}
    assert (states["hear"], states["decide"]) == ("open", "open")
    assert decides(one_hand, "street.head", request).state is State.APPROVED
    assert steps_of(one_hand, request)["hear"].state == "lapsed"
    assert case.open_tasks(one_hand, "community.head", request) == []


def test_what_is_said_without_need_is_heard_until_the_decision(one_hand: Hands) -> None:
    request = begun(one_hand, EXAMINE, {**CONSULT, "required": False}, STREET)
    says(one_hand, "street.clerk", request, "examine")
    says(one_hand, "community.head", request, "hear", ballot="disagree")
    assert steps_of(one_hand, request)["hear"].state == "done"
    assert steps_of(one_hand, request)["decide"].state == "open"


def test_two_that_decide_beside_each_other_must_both_agree(one_hand: Hands) -> None:
    request = begun(one_hand, STREET, {**OFFICE, "key": "office", "beside": True})
    after = decides(one_hand, "street.head", request)
    assert after.state is State.IN_REVIEW
    after = decides(one_hand, "county.head", request)
    assert after.state is State.APPROVED
    issued = decisions_of(one_hand, request)
    assert [d.organisation_id for d in issued] == ["o-990102-admission"]


def test_one_refusal_beside_another_ends_the_case(one_hand: Hands) -> None:
    request = begun(one_hand, STREET, {**OFFICE, "key": "office", "beside": True})
    assert decides(one_hand, "county.head", request, approving.reject).state is State.REJECTED
    assert case.open_tasks(one_hand, "street.head", request) == []
    with refused("task.none"):
        decides(one_hand, "street.head", request)


EITHER = {"key": "decide", "act": "decide", "bodies": ["street", "government"]}


@pytest.mark.parametrize(
    ("by", "body"), [("street.head", "o-990102001"), ("gov.head", "o-990102-gov")]
)
def test_the_government_or_the_street_decides_each_in_its_own_name(
    one_hand: Hands, by: str, body: str
) -> None:
    request = begun(one_hand, EITHER)
    assert decides(one_hand, by, request).state is State.APPROVED
    assert [d.organisation_id for d in decisions_of(one_hand, request)] == [body]


# ---- experts -------------------------------------------------------------------------------------


def review(hand: Hands, by: str, request: Request) -> str:
    command = AttachCommand(
        parent_kind="request", parent_id=request.id, type=DocumentType.OTHER,
        name="专家论证意见书.pdf", not_secret=True,
    )  # fmt: skip
    return str(case.attached(hand, by, command, b"%PDF-1.4 review").id)


def test_an_expert_review_is_handed_in_with_its_document(one_hand: Hands) -> None:
    request = begun(one_hand, EXAMINE, EXPERT, OFFICE)
    request = says(one_hand, "street.clerk", request, "examine")
    with refused("expert.document"):
        says(one_hand, "county.office", request, "experts")
    paper = review(one_hand, "county.office", request)
    says(one_hand, "county.office", request, "experts", documents=[paper])
    assert steps_of(one_hand, request)["decide"].state == "open"


def test_the_rules_see_at_approval_whether_experts_were_heard(one_hand: Hands) -> None:
    files = needing_experts(EXAMINE, {**EXPERT, "required": False}, OFFICE)
    in_force(one_hand, files)
    request = accepted(one_hand, submitted(one_hand, drafted(one_hand)))
    request = says(one_hand, "street.clerk", request, "examine")
    with refused("gate.refused"):
        decides(one_hand, "county.head", request)
    paper = review(one_hand, "county.office", request)
    says(one_hand, "county.office", request, "experts", documents=[paper])
    assert decides(one_hand, "county.head", request).state is State.APPROVED


def needing_experts(*steps: dict[str, Any]) -> dict[str, str]:
    """The demo county's files with a rule at approval that an expert review must be there."""
    files = files_with(flow(*steps), replace=(("[[rule]]", _NEEDS_EXPERTS + "[[rule]]"),))
    names = files["rules.csv"].splitlines()[0].split(",")
    cells = {"# p": "p", "gate": "approve", "eft": "deny", "outcome": "refused", "rule": "EXP"}
    row = ",".join([*(cells.get(n, "*") for n in names[:-3]), "none", "deny", "refused", "EXP"])
    head = ",".join([*names[:-3], "expert", *names[-3:]])
    others = [
        line if line.startswith("#") or not line else _with_any(line)
        for line in files["rules.csv"].splitlines()[1:]
    ]
    return files | {"rules.csv": "\n".join([head, *others, row]) + "\n"}


_NEEDS_EXPERTS = """[[rule]]
id = "EXP"
clause = "演示办法第9条"
grade = "fictional"
sentence = "未经专家论证不得批准"
sentence_en = "Nothing is approved without an expert review"

"""


def _with_any(line: str) -> str:
    cells = line.split(",")
    return ",".join([*cells[:-3], "*", *cells[-3:]])


# ---- 上级审定 -------------------------------------------------------------------------------------


def to_ratify(hand: Hands) -> Request:
    """Decided by the county's office, on the city's desk."""
    request = says(hand, "street.clerk", begun(hand, EXAMINE, OFFICE, CITY), "examine")
    return decides(hand, "county.head", request)


def test_what_awaits_ratification_is_not_decided_yet(hand: Hands) -> None:
    request = to_ratify(hand)
    assert request.state is State.IN_REVIEW
    assert decisions_of(hand, request) == []
    assert decision_numbers(hand) == []


def test_the_city_has_it_on_its_desk_and_reads_the_papers(hand: Hands) -> None:
    request = to_ratify(hand)
    city = hand("city.office")
    found = page(city.office, city.actor, BoxQuery()).items
    assert [(i.request_id, i.task.act.value) for i in found if i.task] == [(request.id, "ratify")]
    assert one(city.office, city.actor, Request, request.id).id == request.id
    paper = review(hand, "county.office", request)
    assert one(city.office, city.actor, Document, paper).request_id == request.id


def test_the_city_hands_in_papers_only_where_a_pack_gave_it_the_case(one_hand: Hands) -> None:
    request = to_ratify(one_hand)
    assert review(one_hand, "city.office", request)
    elsewhere = drafted(one_hand)
    with refused("access.forbidden"):
        review(one_hand, "city.office", elsewhere)


def test_what_is_ratified_is_the_countys_decision_and_names_who_ratified_it(hand: Hands) -> None:
    request = to_ratify(hand)
    assert decides(hand, "city.office", request).state is State.APPROVED
    (decision,) = decisions_of(hand, request)
    assert decision.kind is DecisionKind.ADMITTED
    assert decision.organisation_id == "o-990102-admission"
    assert decision.person_id == "person-county.head"
    assert (decision.ratified_by, decision.ratifier_id) == (
        "o-990100-admission", "person-city.office",
    )  # fmt: skip
    assert decision.number


def test_a_refusal_to_ratify_stands_in_the_name_of_who_refused(one_hand: Hands) -> None:
    request = to_ratify(one_hand)
    assert decides(one_hand, "city.office", request, approving.reject).state is State.REJECTED
    (decision,) = decisions_of(one_hand, request)
    assert decision.kind is DecisionKind.NOT_ADMITTED
    assert decision.organisation_id == "o-990100-admission"
    assert decision.ratified_by is None


def test_the_city_does_not_ratify_before_the_county_has_decided(one_hand: Hands) -> None:
    request = says(one_hand, "street.clerk", begun(one_hand, EXAMINE, OFFICE, CITY), "examine")
    with refused("access.forbidden"):
        decides(one_hand, "city.office", request)


def test_the_county_does_not_ratify_for_the_city(one_hand: Hands) -> None:
    request = to_ratify(one_hand)
    with refused("access.forbidden"):
        decides(one_hand, "county.head", request)


def test_nobody_ratifies_what_they_decided_in_another_post(one_hand: Hands) -> None:
    request = to_ratify(one_hand)
    both: Hand = one_hand("county.head")
    posts = [*both.actor.posts, *one_hand("city.office").actor.posts]
    both.actor = msgspec.structs.replace(both.actor, posts=posts)
    standing = now(one_hand, request)
    with refused("access.tied"):
        both.do(lambda d: approving.approve(d, standing.id, standing.version, DECIDE))


def test_the_city_may_send_it_back_and_gets_it_again(one_hand: Hands) -> None:
    request = to_ratify(one_hand)
    command = ReturnCommand(items=["补充测算"])
    back = one_hand("city.office").do(
        lambda d: approving.send_back(d, request.id, request.version, command)
    ).request  # fmt: skip
    again = submitted(one_hand, back)
    assert steps_of(one_hand, again)["ratify"].state == "open"
    assert decides(one_hand, "city.office", again).state is State.APPROVED


def test_a_body_above_is_never_mistaken_for_the_countys_own(one_hand: Hands) -> None:
    """Both carry the same function; only the city's is meant by a body of the city's family."""
    request = to_ratify(one_hand)
    tasks = one_hand("auditor").office.store.reader.find(
        Task, "990102", step_id=steps_of(one_hand, request)["ratify"].id
    )
    assert [t.organisation_id for t in tasks] == ["o-990100-admission"]


# ---- clocks --------------------------------------------------------------------------------------


def noon(day: date) -> datetime:
    """Noon of a day in Shanghai."""
    return datetime(day.year, day.month, day.day, 4, 0, tzinfo=UTC)


def test_a_step_may_count_calendar_days(one_hand: Hands) -> None:
    request = begun(one_hand, {**EXAMINE, "days": 5, "unit": "calendar"}, STREET)
    assert steps_of(one_hand, request)["examine"].due_on == date(2026, 3, 7), "a Saturday"


def test_a_late_step_is_marked_and_nothing_else_where_the_pack_says_nothing(
    one_hand: Hands, clock: MovingClock
) -> None:
    request = begun(one_hand, {**EXAMINE, "days": 2}, STREET, escalate_to="admission_office")
    clock.at = noon(date(2026, 3, 5))
    tick(one_hand("auditor").office)
    late = steps_of(one_hand, request)["examine"]
    assert (late.overdue, late.state) == (True, "open")
    assert case.open_tasks(one_hand, "county.office", request) == []


def escalated(hand: Hands, clock: MovingClock) -> Request:
    """An examination that was not done in two days and went to the office as well."""
    late = {**EXAMINE, "days": 2, "on_expiry": "escalate"}
    request = begun(hand, late, STREET, escalate_to="admission_office")
    clock.at = noon(date(2026, 3, 5))
    tick(hand("auditor").office)
    return request


def test_a_late_step_also_goes_to_the_body_the_flow_names(hand: Hands, clock: MovingClock) -> None:
    request = escalated(hand, clock)
    (task,) = case.open_tasks(hand, "county.office", request)
    assert (task.escalated, task.due_on, task.overdue) == (True, None, False)
    assert len(case.open_tasks(hand, "street.clerk", request)) == 1, "they may still do it"
    assert now(hand, request).state is State.ACCEPTED, "nothing is decided by silence"


def test_the_body_above_acts_in_place_of_those_who_are_late(
    one_hand: Hands, clock: MovingClock
) -> None:
    request = escalated(one_hand, clock)
    says(one_hand, "county.office", request, "examine")
    assert steps_of(one_hand, request)["decide"].state == "open"
    assert [t.act for t in case.open_tasks(one_hand, "street.clerk", request)] == ["decide"]


def test_who_was_late_may_still_speak_first(one_hand: Hands, clock: MovingClock) -> None:
    request = escalated(one_hand, clock)
    says(one_hand, "street.clerk", request, "examine")
    assert steps_of(one_hand, request)["decide"].state == "open"
    assert case.open_tasks(one_hand, "county.office", request) == []


def test_it_is_escalated_once(one_hand: Hands, clock: MovingClock) -> None:
    request = escalated(one_hand, clock)
    assert tick(one_hand("auditor").office) == {}
    assert len(case.open_tasks(one_hand, "county.office", request)) == 1


def test_the_clock_of_the_whole_case_may_escalate_its_steps(
    one_hand: Hands, clock: MovingClock
) -> None:
    clocked = ("stops_while_supplementing = true", f"stops_while_supplementing = true\n{LATE}")
    in_force(one_hand, files_with(
        flow(EXAMINE, STREET, escalate_to="admission_office"), replace=(clocked,)
    ))  # fmt: skip
    request = accepted(one_hand, submitted(one_hand, drafted(one_hand)))
    assert request.due_on is not None
    clock.at = noon(request.due_on + timedelta(days=1))
    tick(one_hand("auditor").office)
    assert len(case.open_tasks(one_hand, "county.office", request)) == 1


def test_a_clock_that_starts_with_the_application_runs_from_that_day(one_hand: Hands) -> None:
    applied = ('from = "accepted"', 'from = "applied"')
    in_force(one_hand, files_with(flow(EXAMINE, STREET), replace=(applied,)))
    request = submitted(one_hand, drafted(one_hand))
    assert request.due_on == date(2026, 3, 23)
    assert steps_of(one_hand, request)["examine"].due_on == request.due_on


def test_a_case_counted_in_calendar_days_goes_on_with_the_calendar_days_it_had(
    one_hand: Hands, clock: MovingClock
) -> None:
    calendar = ('days = 15\nunit = "working"', 'days = 20\nunit = "calendar"')
    in_force(one_hand, files_with(flow(EXAMINE, STREET), replace=(calendar,)))
    request = accepted(one_hand, submitted(one_hand, drafted(one_hand)))
    assert request.due_on == date(2026, 3, 22)
    clock.at = noon(date(2026, 3, 13))
    command = ReturnCommand(items=["补充"])
    back = one_hand("street.clerk").do(
        lambda d: approving.send_back(d, request.id, request.version, command)
    ).request  # fmt: skip
    clock.at = noon(date(2026, 3, 20))
    assert submitted(one_hand, back).due_on == date(2026, 3, 30), "ten days were left"


# ---- a running case keeps its flow ---------------------------------------------------------------


def test_a_running_case_keeps_the_flow_it_began_with(one_hand: Hands, clock: MovingClock) -> None:
    request = begun(one_hand, EXAMINE, STREET, id="before")
    in_force(one_hand, files_with(flow(OFFICE, id="after")), since=date(2026, 3, 3))
    clock.at = noon(date(2026, 3, 5))
    request = says(one_hand, "street.clerk", request, "examine")
    assert decides(one_hand, "street.head", request).state is State.APPROVED
    later = submitted(one_hand, drafted(one_hand))
    assert later.flow == "after"


def test_a_case_sent_back_before_a_new_pack_comes_back_to_its_old_flow(
    one_hand: Hands, clock: MovingClock
) -> None:
    request = begun(one_hand, EXAMINE, STREET, id="before")
    command = ReturnCommand(items=["补充"])
    back = one_hand("street.clerk").do(
        lambda d: approving.send_back(d, request.id, request.version, command)
    ).request  # fmt: skip
    in_force(one_hand, files_with(flow(OFFICE, id="after")), since=date(2026, 3, 3))
    clock.at = noon(date(2026, 3, 5))
    again = submitted(one_hand, back)
    assert again.flow == "before"
    assert steps_of(one_hand, again)["examine"].state == "open"


# ---- numbers -------------------------------------------------------------------------------------


def numbered(hand: Hands, *templates: str, steps: tuple[dict[str, Any], ...] = (STREET,)) -> None:
    """The demo county with these lines in [numbering.of]."""
    head = "[numbering.of]"
    in_force(hand, files_with(flow(*steps), replace=((head, "\n".join([head, *templates])),)))


def decided(hand: Hands, verb: Any = approving.approve) -> str:
    request = accepted(hand, submitted(hand, drafted(hand)))
    decides(hand, "street.head", request, verb)
    return decisions_of(hand, request)[0].number


def test_each_kind_of_decision_may_have_a_template_and_a_series_of_its_own(hand: Hands) -> None:
    numbered(hand, 'not_admitted = "示范不准〔{year}〕{serial:04}号"')
    found = [decided(hand), decided(hand, approving.reject), decided(hand)]
    assert found == ["示范准〔2026〕1号", "示范不准〔2026〕0001号", "示范准〔2026〕2号"]
    assert verify(hand("auditor").office.store.engine, "990102").fault is None


def test_each_body_may_number_in_its_own_name(one_hand: Hands) -> None:
    numbered(one_hand, 'street = "{body}〔{year}〕{serial}号"')
    assert decided(one_hand) == "云笺演示街道办事处〔2026〕1号"


def test_a_series_without_the_year_runs_on_and_one_with_it_begins_anew(
    one_hand: Hands, clock: MovingClock
) -> None:
    numbered(one_hand, 'not_admitted = "示范不准第{serial}号"')
    first = [decided(one_hand), decided(one_hand, approving.reject)]
    clock.at = noon(date(2027, 1, 11))
    term = {"starts_on": "2027-04-01", "ends_on": "2027-06-30"}
    requests = [
        accepted(one_hand, submitted(one_hand, drafted(one_hand, **term))) for _ in range(2)
    ]
    decides(one_hand, "street.head", requests[0])
    decides(one_hand, "street.head", requests[1], approving.reject)
    second = [decisions_of(one_hand, r)[0].number for r in requests]
    assert first == ["示范准〔2026〕1号", "示范不准第1号"]
    assert second == ["示范准〔2027〕1号", "示范不准第2号"]


def test_a_number_is_not_given_again_when_a_later_pack_writes_the_same_template(
    one_hand: Hands, clock: MovingClock
) -> None:
    taken = decided(one_hand_under(one_hand, "示范准〔{year}〕{serial}号", date(2026, 2, 1)))
    clock.at = noon(date(2026, 3, 4))
    decided(one_hand_under(one_hand, "换号〔{year}〕{serial}号", date(2026, 3, 4)))
    clock.at = noon(date(2026, 3, 6))
    again = decided(one_hand_under(one_hand, "示范准〔{year}〕{serial}号", date(2026, 3, 6)))
    assert taken == "示范准〔2026〕1号"
    assert again == "示范准〔2026〕2号"


def one_hand_under(hand: Hands, template: str, since: date) -> Hands:
    """The same people under a pack that numbers so from a day on."""
    common = 'decision = "示范准〔{year}〕{serial}号"'
    files = files_with(flow(STREET), replace=((common, f'decision = "{template}"'),))
    in_force(hand, files, since=since)
    return hand
