"""会签、或签、票签、依次: how many must agree, in which order, against a plain definition."""

from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.actions import approving
from registry.actions.approving import OpinionCommand, ReturnCommand
from registry.actions.office import Answer, Desk
from registry.domain.approval import (
    Ballot,
    Decision,
    Quorum,
    Step,
    StepAct,
    Task,
    TaskState,
    outcome_of,
)
from registry.domain.request import Request, State
from tests.actions import case
from tests.actions.case import Hands, accepted, submitted
from tests.actions.deciding_hands import begun, decides, decisions_of, steps_of
from tests.actions.flowed import files_with, flow, in_force
from tests.actions.refused import refused

THREE = {"key": "decide", "act": "decide", "bodies": ["street", "admission_office", "government"]}
STREET_SAYS, OFFICE_SAYS, GOVERNMENT_SAYS = "street.head", "county.head", "gov.head"
IN_ORDER = {**THREE, "in_order": True}
REFUSE = approving.reject

# ---- the definition ------------------------------------------------------------------------------

SAID = st.lists(st.sampled_from([*Ballot, None]), min_size=1, max_size=5)
WORDS: tuple[Ballot, ...] = tuple(Ballot)


def _carried(quorum: Quorum, said: tuple[Ballot, ...], percent: int) -> bool:
    """Whether a step is carried when everybody has spoken, as the words mean."""
    agreeing = [b for b in said if b is Ballot.AGREE]
    if quorum is Quorum.RATIO:
        return Fraction(len(agreeing), len(said)) >= Fraction(percent, 100)
    if quorum is Quorum.ALL:
        return all(b is not Ballot.DISAGREE for b in said)
    if quorum is Quorum.ANY:
        return any(b is not Ballot.DISAGREE for b in said)
    return bool(agreeing)


@given(quorum=st.sampled_from(Quorum), said=SAID, percent=st.integers(1, 100))
def test_a_step_is_settled_when_nothing_that_may_still_be_said_changes_it(
    quorum: Quorum, said: list[Ballot | None], percent: int
) -> None:
    ends = {
        _carried(quorum, told, percent)
        for told in product(*([b] if b is not None else WORDS for b in said))
    }
    found = outcome_of(quorum, said, percent)
    if quorum is Quorum.EACH and None in said:
        assert found is None, "each is heard for its own area"
    elif len(ends) == 2:
        assert found is None
    else:
        assert (found is not Ballot.DISAGREE) is ends.pop()
        assert found is not None


@given(said=SAID, percent=st.integers(1, 100), one=st.integers(0, 4))
def test_one_more_agreement_never_undoes_what_was_carried(
    said: list[Ballot | None], percent: int, one: int
) -> None:
    more = [Ballot.AGREE if i == one else b for i, b in enumerate(said)]
    for quorum in Quorum:
        if outcome_of(quorum, said, percent) is Ballot.AGREE:
            assert outcome_of(quorum, more, percent) is Ballot.AGREE, quorum


# ---- 票签 ----------------------------------------------------------------------------------------


def shared(hand: Hands, percent: int, **fields: Any) -> Request:
    step = {**THREE, "quorum": "ratio", "percent": percent, **fields}
    return begun(hand, step, by="street.head")


def test_a_share_carries_as_soon_as_it_is_reached(hand: Hands) -> None:
    request = shared(hand, 60)
    assert decides(hand, STREET_SAYS, request).state is State.IN_REVIEW
    assert decides(hand, GOVERNMENT_SAYS, request).state is State.APPROVED
    assert case.open_tasks(hand, OFFICE_SAYS, request) == [], "it is not waited for"
    (decision,) = decisions_of(hand, request)
    assert decision.organisation_id == "o-990102-gov"


def test_a_share_refuses_as_soon_as_it_cannot_be_reached_any_more(one_hand: Hands) -> None:
    request = shared(one_hand, 67)
    decides(one_hand, STREET_SAYS, request)
    assert decides(one_hand, OFFICE_SAYS, request, REFUSE).state is State.REJECTED
    (decision,) = decisions_of(one_hand, request)
    assert decision.organisation_id == "o-990102-admission", "who refused stands under it"


def test_a_step_keeps_its_share_and_its_order(one_hand: Hands) -> None:
    request = shared(one_hand, 34, in_order=True)
    step = steps_of(one_hand, request)["decide"]
    assert (step.quorum, step.percent, step.in_order) == (Quorum.RATIO, 34, True)


def test_where_all_must_agree_one_disagreement_refuses(one_hand: Hands) -> None:
    request = begun(one_hand, {**THREE, "quorum": "all"}, by="street.head")
    decides(one_hand, STREET_SAYS, request)
    assert decides(one_hand, OFFICE_SAYS, request, REFUSE).state is State.REJECTED
    assert case.open_tasks(one_hand, GOVERNMENT_SAYS, request) == []


# ---- 依次 ----------------------------------------------------------------------------------------


def asked(hand: Hands, request: Request) -> list[str]:
    """Who has it on the desk now."""
    step = steps_of(hand, request)["decide"]
    reader = hand("auditor").office.store.reader
    found: list[Task] = reader.find(Task, "990102", step_id=step.id, state="open")
    return [t.organisation_id for t in found]


def test_in_order_the_next_has_it_when_the_one_before_has_spoken(hand: Hands) -> None:
    request = begun(hand, {**IN_ORDER, "quorum": "all"}, by="street.head")
    for by, body, after in (
        (STREET_SAYS, "o-990102001", State.IN_REVIEW),
        (OFFICE_SAYS, "o-990102-admission", State.IN_REVIEW),
        (GOVERNMENT_SAYS, "o-990102-gov", State.APPROVED),
    ):
        assert asked(hand, request) == [body]
        assert decides(hand, by, request).state is after
    step = steps_of(hand, request)["decide"]
    tasks = hand("auditor").office.store.reader.find(Task, "990102", step_id=step.id)
    assert [t.id for t in tasks] == [f"{step.id}.t{n}" for n in range(3)]


def test_in_order_nobody_speaks_before_their_turn(one_hand: Hands) -> None:
    request = begun(one_hand, {**IN_ORDER, "quorum": "all"}, by="street.head")
    with refused("access.forbidden"):
        decides(one_hand, GOVERNMENT_SAYS, request)


def test_in_order_a_disagreement_that_settles_it_ends_it(one_hand: Hands) -> None:
    request = begun(one_hand, {**IN_ORDER, "quorum": "all"}, by="street.head")
    assert decides(one_hand, STREET_SAYS, request, REFUSE).state is State.REJECTED
    assert asked(one_hand, request) == []


def test_in_order_under_any_the_next_is_asked_after_a_no(one_hand: Hands) -> None:
    request = begun(one_hand, {**IN_ORDER, "quorum": "any"}, by="street.head")
    assert decides(one_hand, STREET_SAYS, request, REFUSE).state is State.IN_REVIEW
    assert asked(one_hand, request) == ["o-990102-admission"]
    assert decides(one_hand, OFFICE_SAYS, request).state is State.APPROVED
    assert asked(one_hand, request) == [], "the third is never asked"


def test_in_order_a_share_counts_those_not_asked_yet(one_hand: Hands) -> None:
    request = shared(one_hand, 60, in_order=True)
    assert decides(one_hand, STREET_SAYS, request).state is State.IN_REVIEW, "one of three"
    assert decides(one_hand, OFFICE_SAYS, request).state is State.APPROVED


def test_in_order_advice_is_heard_one_after_another(one_hand: Hands) -> None:
    told = {**IN_ORDER, "key": "hear", "act": "opinion", "quorum": "all"}
    office = {"key": "decide", "act": "decide", "bodies": ["admission_office"]}
    request = begun(one_hand, told, office, by="street.head")
    for by in (STREET_SAYS, "county.office", GOVERNMENT_SAYS):
        (task,) = case.open_tasks(one_hand, by, request)
        order = OpinionCommand(ballot=Ballot.DISAGREE, text="意见")
        one_hand(by).do(lambda d, t=task, o=order: approving.opine(d, t.id, t.version, o))
    assert steps_of(one_hand, request)["decide"].state == "open", "advice advises"


def test_what_was_supplemented_goes_on_in_its_order(one_hand: Hands) -> None:
    request = begun(one_hand, {**IN_ORDER, "quorum": "all"}, by="street.head")
    request = decides(one_hand, STREET_SAYS, request)
    back = one_hand("county.head").do(
        lambda d: approving.send_back(d, request.id, request.version, ReturnCommand(items=["补充"]))
    ).request  # fmt: skip
    again = submitted(one_hand, back)
    assert asked(one_hand, again) == ["o-990102-admission"]
    decides(one_hand, OFFICE_SAYS, again)
    assert decides(one_hand, GOVERNMENT_SAYS, again).state is State.APPROVED


# ---- 加签 ----------------------------------------------------------------------------------------


def added(hand: Hands, request: Request, organisation: str) -> Task:
    """One more body is heard in the deciding step, for who has it."""
    step = steps_of(hand, request)["decide"]

    def verb(desk: Desk) -> Answer:
        own = desk.unit.find(Task, step_id=step.id)[0]
        return Answer(body=desk.unit.add(
            Task(county="990102", id=f"{step.id}.t9", request_id=request.id, step_id=step.id,
                 organisation_id=organisation, family="county", asked_by=own.id,
                 act=StepAct.OPINION, state=TaskState.OPEN, title="加签")
        ))  # fmt: skip

    made: Task = hand("auditor").do(verb)
    return made


def test_who_is_heard_besides_holds_the_step_and_counts_in_no_quorum(one_hand: Hands) -> None:
    request = begun(one_hand, {**THREE, "bodies": ["street"]}, by="street.head")
    task = added(one_hand, request, "o-990102-gov")
    after = decides(one_hand, STREET_SAYS, request)
    assert after.state is State.IN_REVIEW, "one more is to be heard"
    order = OpinionCommand(ballot=Ballot.DISAGREE, text="建议缩短期限")
    after = one_hand(GOVERNMENT_SAYS).do(
        lambda d: approving.opine(d, task.id, task.version, order)
    ).request  # fmt: skip
    assert after.state is State.APPROVED, "its no advises"
    decision: Decision = decisions_of(one_hand, request)[0]
    assert (decision.organisation_id, decision.person_id, decision.reason) == (
        "o-990102001", "person-street.head", "同意",
    )  # fmt: skip


def test_who_is_heard_besides_decides_nothing(one_hand: Hands) -> None:
    request = begun(one_hand, {**THREE, "bodies": ["street"]}, by="street.head")
    added(one_hand, request, "o-990102-gov")
    with refused("task.none"):
        decides(one_hand, GOVERNMENT_SAYS, request)


@pytest.mark.parametrize("quorum", ["any", "all"])
def test_who_asks_beside_another_is_left_out_and_the_others_decide(
    one_hand: Hands, quorum: str
) -> None:
    in_force(one_hand, files_with(flow({**THREE, "bodies": ["street", "government"],
                                        "quorum": quorum})))  # fmt: skip
    asking = [{**case.OFF_LIST["applicants"][0]}, {"organisation_id": "o-990102-gov"}]
    request = submitted(one_hand, case.drafted(one_hand, applicants=asking))
    request = accepted(one_hand, request, by="street.head")
    step: Step = steps_of(one_hand, request)["decide"]
    assert asked(one_hand, request) == ["o-990102001"] and step.state == "open"
    assert decides(one_hand, STREET_SAYS, request).state is State.APPROVED
