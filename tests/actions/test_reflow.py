"""改用现行流程: a running case keeps its flow; moved to another, no step is repeated and none lost."""

from datetime import date

import pytest

from registry.actions import approving
from registry.actions.between import reflowing
from registry.actions.office import Answer
from registry.domain.approval import Decision, Opinion, Step, StepState, Task
from registry.domain.errors import Refusal
from registry.domain.movement import Movement, MovementKind
from registry.domain.request import State
from tests.actions import case, flowed

COUNTY = "990102"
LATER = date(2026, 3, 2)
EXAMINE = {"key": "examine", "act": "examine", "bodies": ["street"]}
LEGAL = {"key": "legal", "act": "examine", "bodies": ["admission_office"]}


def _steps(hand, request):
    found = hand("county.head").office.store.reader.find(Step, COUNTY, request_id=request.id)
    return sorted((s for s in found if s.state is not StepState.LAPSED), key=lambda s: s.ordinal)


def _told(hand, request):
    return [(s.key, s.state.value) for s in _steps(hand, request)]


def _plan(hand, request, by="county.head"):
    return hand(by).do(lambda d: Answer(body=reflowing.plan(d, request.id)))


def _moved(hand, request, plan=None, by="county.head"):
    seen = plan or _plan(hand, request)
    command = reflowing.ReflowCommand(plan=seen.digest, reason="规则包已调整")
    version = hand(by).office.store.reader.get(type(request), COUNTY, request.id).version
    return hand(by).do(lambda d: reflowing.reflow(d, request.id, version, command)).request


@pytest.fixture
def running(one_hand):
    """A case examined by the street under a flow of two steps."""
    flowed.in_force(one_hand, flowed.files_with(flowed.flow(EXAMINE, flowed.STREET, id="old")))
    request = case.accepted(one_hand, case.submitted(one_hand, case.drafted(one_hand)))
    return case.examined(one_hand, request)


def _refused(act):
    with pytest.raises(Refusal) as found:
        act()
    return found.value.code


def _new_flow(hand, *steps, id="new", since=LATER):
    flowed.in_force(hand, flowed.files_with(flowed.flow(*steps, id=id)), since=since)


@pytest.fixture
def today(clock, running):
    """The day another pack is in force."""
    clock.at = clock.at.replace(year=LATER.year, month=LATER.month, day=LATER.day + 1)
    return clock


def test_a_running_case_keeps_the_flow_it_began_with(one_hand, running, today):
    _new_flow(one_hand, EXAMINE, LEGAL, flowed.OFFICE)
    assert _told(one_hand, running) == [("examine", "done"), ("decide", "open")]
    decided = case.approved(one_hand, running)
    assert decided.state is State.APPROVED


def test_moved_it_keeps_what_was_done_and_opens_what_is_new(one_hand, running, today):
    _new_flow(one_hand, EXAMINE, LEGAL, flowed.OFFICE)
    plan = _plan(one_hand, running)
    assert [(s.key, s.fate.value, s.opinions) for s in plan.steps] == [
        ("examine", "kept", 1), ("legal", "new", 0), ("decide", "new", 0), ("decide", "lapses", 0),
    ]  # fmt: skip
    moved = _moved(one_hand, running, plan)
    assert moved.flow == "new"
    assert _told(one_hand, running) == [
        ("examine", "done"), ("legal", "open"), ("decide", "waiting"),
    ]  # fmt: skip
    tasks = one_hand("county.head").office.store.reader.find(
        Task, COUNTY, request_id=running.id, state="open"
    )
    assert [t.organisation_id for t in tasks] == ["o-990102-admission"]


def test_it_goes_on_to_its_end_in_the_new_flow(one_hand, running, today):
    _new_flow(one_hand, EXAMINE, LEGAL, flowed.OFFICE)
    moved = _moved(one_hand, running)
    examined = case.examined(one_hand, moved, by="county.office")
    decided = case.approved(one_hand, examined, by="county.head")
    office = one_hand("county.head").office
    [decision] = office.store.reader.find(Decision, COUNTY, request_id=decided.id)
    assert decision.organisation_id == "o-990102-admission"


def test_a_decision_does_not_outlive_a_step_put_before_it(one_hand, today):
    request = _decided_below(one_hand)
    _new_flow(one_hand, EXAMINE, LEGAL, flowed.STREET, flowed.CITY)
    _moved(one_hand, request)
    assert _told(one_hand, request) == [
        ("examine", "done"), ("legal", "open"), ("decide", "waiting"), ("ratify", "waiting"),
    ]  # fmt: skip
    office = one_hand("county.head").office
    said = office.store.reader.find(Opinion, COUNTY, request_id=request.id)
    assert sorted(o.lapsed for o in said) == [False, True]


def _decided_below(hand):
    """Decided by the street, waiting for the city to ratify."""
    three = flowed.flow(EXAMINE, flowed.STREET, flowed.CITY, id="ratified")
    flowed.in_force(hand, flowed.files_with(three), since=date(2026, 2, 10))
    request = case.accepted(hand, case.submitted(hand, case.drafted(hand, title="楼道另一件事")))
    return case.approved(hand, case.examined(hand, request))


def test_the_act_is_a_movement_and_is_in_the_log(one_hand, running, today):
    _new_flow(one_hand, EXAMINE, LEGAL, flowed.OFFICE)
    _moved(one_hand, running)
    office = one_hand("county.head").office
    kinds = [m.kind for m in office.store.reader.find(Movement, COUNTY, request_id=running.id)]
    assert MovementKind.REFLOW in kinds


def test_what_is_carried_out_is_what_was_seen(one_hand, running, today):
    _new_flow(one_hand, EXAMINE, LEGAL, flowed.OFFICE)
    seen = _plan(one_hand, running)
    command = approving.DecideCommand(reason="不同意")
    one_hand("street.head").do(
        lambda d: approving.terminate(d, running.id, running.version, command)
    )
    assert _refused(lambda: _moved(one_hand, running, seen)) == "reflow.not_running"


def test_a_plan_that_is_no_longer_true_is_refused(one_hand, running, today):
    _new_flow(one_hand, EXAMINE, LEGAL, flowed.OFFICE)
    seen = _plan(one_hand, running)
    _moved(one_hand, running)
    _new_flow(one_hand, EXAMINE, LEGAL, flowed.STREET, id="newer", since=date(2026, 3, 3))
    assert _refused(lambda: _moved(one_hand, running, seen)) == "reflow.changed"


def test_a_case_that_runs_so_already_is_not_moved(one_hand, running):
    assert _refused(lambda: _plan(one_hand, running)) == "reflow.same"


def test_a_case_whose_later_steps_only_wait_is_not_moved_to_its_own_flow(one_hand, today):
    _new_flow(one_hand, EXAMINE, flowed.OFFICE)
    request = case.accepted(one_hand, case.submitted(one_hand, case.drafted(one_hand)))
    assert _refused(lambda: _plan(one_hand, request)) == "reflow.same"


def test_a_flow_that_leaves_nothing_to_do_is_not_taken(one_hand, today):
    request = _decided_below(one_hand)
    _new_flow(one_hand, EXAMINE, flowed.STREET)
    assert _refused(lambda: _plan(one_hand, request)) == "reflow.nothing_left"


def test_the_asking_side_moves_no_case(one_hand, running, today):
    _new_flow(one_hand, EXAMINE, LEGAL, flowed.OFFICE)
    for username in ("dept.head", "street.head", "county.office"):
        assert _refused(lambda by=username: _plan(one_hand, running, by=by)) in (
            "access.forbidden", "access.hidden",
        )  # fmt: skip
