"""环节之间的办理: passed on, added, dropped, sent back, taken back, asked after, copied."""

from datetime import date, timedelta

import pytest

from registry.actions import approving, filing
from registry.actions.approving import ReturnCommand
from registry.actions.between import passing, urging
from registry.actions.reading import one
from registry.domain.approval import Decision, Step, Task
from registry.domain.document import Document
from registry.domain.movement import Movement
from registry.domain.request import Request, State
from registry.store.verify import verify
from tests.actions import case
from tests.actions.between import (
    adds,
    decides,
    drops,
    moves,
    now,
    opinions,
    passes,
    rows,
    says,
    sends_back,
    speaks,
    standing,
    states,
    takes_back,
    task,
    tasks,
    told,
)
from tests.actions.case import Hands, accepted, drafted, submitted
from tests.actions.flowed import OFFICE, STREET, files_with, flow, in_force
from tests.actions.refused import refused
from tests.conftest import MovingClock

EXAMINE = {"key": "examine", "act": "examine", "bodies": ["street"]}
HEAR = {"key": "hear", "act": "opinion", "bodies": ["admission_office"]}
COMMUNITY = {"key": "community", "act": "consult", "bodies": ["community"]}
BOTH = {"key": "both", "act": "opinion", "bodies": ["street", "admission_office"], "quorum": "all"}
URBAN = "o-990102-urban"


def begun(hand: Hands, *steps: dict[str, object], by: str = "street.clerk") -> Request:
    """A request accepted under a flow of these steps."""
    in_force(hand, files_with(flow(*steps)))
    return accepted(hand, submitted(hand, drafted(hand)), by=by)


def heard(hand: Hands) -> Request:
    """A case before the county's admission office, which two people may speak for."""
    return begun(hand, HEAR, OFFICE, by="county.office")


# ---- 转办 -----------------------------------------------------------------------------------------


def test_who_was_handed_a_task_alone_acts_on_it_until_the_head_takes_it_back(hand: Hands) -> None:
    request = heard(hand)
    given = passes(hand, "county.office", task(hand, request, "hear", "county.head"), "county.head")
    assert given.person_id == hand("county.head").actor.person_id
    assert told(hand, "county.head") == ["handed"]
    with refused("task.held"):
        speaks(hand, "county.office", request, "hear")
    with refused("access.forbidden"):
        passes(hand, "county.office", given, "county.office")
    speaks(hand, "county.head", request, "hear")
    assert states(hand, request) == {"hear": "done", "decide": "open"}
    assert moves(hand, request) == ["transfer"]
    assert verify(hand("auditor").office.store.engine, "990102").fault is None


def test_the_head_takes_a_task_back_by_passing_it_to_themselves(one_hand: Hands) -> None:
    request = heard(one_hand)
    head = task(one_hand, request, "hear", "county.head")
    given = passes(one_hand, "county.head", head, "county.office")
    back = passes(one_hand, "county.head", given, "county.head")
    assert back.person_id == one_hand("county.head").actor.person_id
    with refused("task.held"):
        speaks(one_hand, "county.office", request, "hear")


@pytest.mark.parametrize(
    ("to", "code"),
    [
        ("county.office", "transfer.self"),
        ("street.head", "transfer.outside"),
        ("auditor", "transfer.outside"),
    ],
)
def test_a_task_goes_to_another_person_of_the_same_body(
    one_hand: Hands, to: str, code: str
) -> None:
    request = heard(one_hand)
    with refused(code):
        passes(one_hand, "county.office", task(one_hand, request, "hear", "county.office"), to)


def test_a_task_does_not_go_to_who_may_not_do_it(one_hand: Hands) -> None:
    request = begun(one_hand, EXAMINE, STREET)
    with refused("transfer.unable"):
        passes(one_hand, "street.clerk", task(one_hand, request, "examine", "street.clerk"),
               "street.head")  # fmt: skip


def test_a_task_does_not_go_to_who_filed_the_case(one_hand: Hands) -> None:
    request = heard(one_hand)
    filer = one_hand("county.head").actor.person_id

    def bind(desk):  # type: ignore[no-untyped-def]
        from registry.actions.office import Answer

        held = desk.unit.get(Request, request.id)
        return Answer(body=desk.unit.change(held, worked_on_by=[filer]))

    one_hand("county.head").do(bind)
    with refused("transfer.tied"):
        passes(one_hand, "county.office", task(one_hand, request, "hear", "county.office"),
               "county.head")  # fmt: skip


def test_a_reason_is_given_for_every_move(one_hand: Hands) -> None:
    request = heard(one_hand)
    given = task(one_hand, request, "hear", "county.office")
    command = passing.PassCommand(person_id="person-county.head", reason="  ")
    with refused("task.no_reason"):
        one_hand("county.office").do(
            lambda d: passing.transfer(d, given.id, given.version, command)
        )


# ---- 委派 -----------------------------------------------------------------------------------------


def test_a_colleague_is_asked_first_and_the_task_waits_for_the_answer(hand: Hands) -> None:
    request = begun(hand, OFFICE, by="county.office")
    mine = task(hand, request, "decide", "county.head")
    asked = passes(hand, "county.head", mine, "county.office", verb=passing.entrust)
    with refused("task.waiting"):
        decides(hand, "county.head", request)
    says(hand, "county.office", asked, text="已核对")
    after = decides(hand, "county.head", request)
    assert after.state is State.APPROVED
    issued = rows(hand, Decision, request_id=request.id)
    assert [d.person_id for d in issued] == [hand("county.head").actor.person_id]


# ---- 加签, 减签 -----------------------------------------------------------------------------------


def test_a_body_that_was_added_is_heard_and_decides_nothing(hand: Hands) -> None:
    request = begun(hand, OFFICE, by="county.office")
    added = adds(hand, "county.head", task(hand, request, "decide", "county.head"), URBAN)
    assert told(hand, "dept2.head") == ["handed"]
    with refused("task.waiting"):
        decides(hand, "county.head", request)
    with refused("access.forbidden"):
        decides(hand, "dept2.head", request)
    says(hand, "dept2.head", added, ballot="disagree")
    assert now(hand, request).state is State.IN_REVIEW, "its no refuses nothing"
    assert decides(hand, "county.head", request).state is State.APPROVED


def test_a_step_ends_only_when_who_was_added_after_has_spoken(one_hand: Hands) -> None:
    request = heard(one_hand)
    mine = task(one_hand, request, "hear", "county.office")
    added = adds(one_hand, "county.office", mine, URBAN, before=False)
    speaks(one_hand, "county.office", request, "hear")
    assert states(one_hand, request)["hear"] == "open"
    says(one_hand, "dept2.clerk", added)
    assert states(one_hand, request) == {"hear": "done", "decide": "open"}


def test_what_was_added_is_dropped_by_who_added_it_and_the_case_goes_on(one_hand: Hands) -> None:
    request = heard(one_hand)
    mine = task(one_hand, request, "hear", "county.office")
    added = adds(one_hand, "county.office", mine, URBAN, before=False)
    speaks(one_hand, "county.office", request, "hear")
    with refused("access.forbidden"):
        drops(one_hand, "dept2.head", added)
    drops(one_hand, "county.head", added)
    assert states(one_hand, request) == {"hear": "done", "decide": "open"}
    assert moves(one_hand, request) == ["add", "drop"]


def test_added_bodies_count_in_no_quorum(one_hand: Hands) -> None:
    request = begun(one_hand, BOTH, OFFICE)
    adds(one_hand, "street.head", task(one_hand, request, "both", "street.head"), URBAN)
    speaks(one_hand, "county.office", request, "both")
    says(one_hand, "dept2.head", task(one_hand, request, "both", "dept2.head"))
    assert states(one_hand, request)["both"] == "open", "the street has not spoken"
    speaks(one_hand, "street.head", request, "both")
    assert states(one_hand, request)["both"] == "done"


@pytest.mark.parametrize(
    ("body", "act", "code"),
    [
        ("o-990102-civil", "opinion", "add.applicant"),
        ("o-990102-admission", "opinion", "add.there"),
        ("o-990102-health", "opinion", "add.nobody"),
        ("o-990102-none", "opinion", "organisation.unknown"),
    ],
)
def test_only_a_body_that_can_answer_and_is_no_party_is_added(
    one_hand: Hands, body: str, act: str, code: str
) -> None:
    request = heard(one_hand)
    with refused(code):
        adds(one_hand, "county.office", task(one_hand, request, "hear", "county.office"), body,
             act=act)  # fmt: skip


def test_a_body_that_is_no_more_is_not_added(one_hand: Hands) -> None:
    from registry.actions.office import Answer
    from registry.domain.people import Organisation

    request = heard(one_hand)

    def ended(desk):  # type: ignore[no-untyped-def]
        body = desk.unit.get(Organisation, URBAN)
        return Answer(body=desk.unit.change(body, valid_to=date(2026, 2, 1)))

    one_hand("sys.admin").do(ended)
    with refused("add.ended"):
        adds(one_hand, "county.office", task(one_hand, request, "hear", "county.office"), URBAN)


def test_who_was_added_reads_the_case_its_verdict_and_its_papers(hand: Hands) -> None:
    request = heard(hand)
    office, reader = hand("auditor").office, hand("dept2.head").actor
    with refused("access.hidden"):
        one(office, reader, Request, request.id)
    added = adds(hand, "county.office", task(hand, request, "hear", "county.office"), URBAN)
    assert one(office, reader, Request, request.id).id == request.id
    paper = case.attached(
        hand, "dept2.head",
        case.AttachCommand(parent_kind="request", parent_id=request.id, type="other",
                           name="意见附件.pdf", not_secret=True), b"%PDF-1.4 opinion",
    )  # fmt: skip
    says(hand, "dept2.head", added, documents=[paper.id])
    assert one(office, reader, Document, paper.id).request_id == request.id
    assert one(office, reader, Request, request.id).id == request.id, "and afterwards"
    with refused("access.hidden"):
        one(office, hand("dept2.head").actor, Movement, rows(hand, Movement)[0].id + "x")


# ---- 驳回 -----------------------------------------------------------------------------------------


def test_a_case_goes_back_to_an_earlier_step_and_what_was_said_lapses(hand: Hands) -> None:
    request = begun(hand, EXAMINE, HEAR, OFFICE)
    speaks(hand, "street.clerk", request, "examine")
    speaks(hand, "county.office", request, "hear")
    due = now(hand, request).due_on
    sends_back(hand, "county.head", request, "examine")
    assert states(hand, request) == {"examine": "open", "hear": "waiting", "decide": "waiting"}
    assert len(opinions(hand, request, lapsed=True)) == 2
    assert opinions(hand, request, lapsed=False) == []
    assert now(hand, request).due_on == due, "the case's clock runs on"
    assert told(hand, "street.clerk") == ["returned"]
    speaks(hand, "street.clerk", request, "examine")
    speaks(hand, "county.head", request, "hear")
    assert len(rows(hand, Step, request_id=request.id)) == 6, "every step in rows of its own"
    assert verify(hand("auditor").office.store.engine, "990102").fault is None


def test_nobody_is_sent_back_to_a_step_that_was_not_done_before(one_hand: Hands) -> None:
    request = begun(one_hand, EXAMINE, HEAR, OFFICE)
    speaks(one_hand, "street.clerk", request, "examine")
    for step in ("hear", "decide", "no-such"):
        with refused("step.not_earlier") as told:
            sends_back(one_hand, "county.office", request, step)
        assert "examine" in told.value.detail, "it says which steps there are"
    with refused("access.forbidden"):
        sends_back(one_hand, "street.head", request, "examine")


def test_parallel_steps_begin_again_together(one_hand: Hands) -> None:
    request = begun(one_hand, EXAMINE, {**COMMUNITY, "beside": True}, HEAR, OFFICE)
    speaks(one_hand, "street.clerk", request, "examine")
    speaks(one_hand, "community.head", request, "community")
    sends_back(one_hand, "county.office", request, "community")
    assert states(one_hand, request) == {
        "examine": "open", "community": "open", "hear": "waiting", "decide": "waiting",
    }  # fmt: skip
    speaks(one_hand, "community.head", request, "community")
    assert states(one_hand, request)["hear"] == "waiting", "no step is passed over"
    speaks(one_hand, "street.clerk", request, "examine")
    assert states(one_hand, request)["hear"] == "open"


def test_a_body_that_was_added_does_not_hold_up_a_sending_back(one_hand: Hands) -> None:
    request = begun(one_hand, EXAMINE, OFFICE)
    speaks(one_hand, "street.clerk", request, "examine")
    added = adds(one_hand, "county.head", task(one_hand, request, "decide", "county.head"), URBAN)
    sends_back(one_hand, "county.head", request, "examine")
    assert rows(one_hand, Task, id=added.id)[0].state.value == "cancelled"
    speaks(one_hand, "street.clerk", request, "examine")
    assert decides(one_hand, "county.head", request).state is State.APPROVED


def test_a_steps_own_clock_begins_anew_when_it_is_done_again(
    one_hand: Hands, clock: MovingClock
) -> None:
    request = begun(one_hand, {**EXAMINE, "days": 5}, OFFICE)
    first = standing(one_hand, request)["examine"]
    clock.at += timedelta(days=2)
    speaks(one_hand, "street.clerk", request, "examine")
    sends_back(one_hand, "county.head", request, first.id)
    again = standing(one_hand, request)["examine"]
    assert first.due_on is not None and again.due_on == first.due_on + timedelta(days=2)


# ---- 补正 -----------------------------------------------------------------------------------------


def supplemented(hand: Hands, request: Request, **changes: object) -> Request:
    held = now(hand, request)
    command = ReturnCommand(items=["补充材料"])
    back = hand("county.head").do(
        lambda d: approving.send_back(d, held.id, held.version, command)
    ).request  # fmt: skip
    filed = case.filing_of(**changes)
    edited = hand("dept.clerk").do(lambda d: filing.edit(d, back.id, back.version, filed)).request
    return submitted(hand, edited)


def test_opinions_lapse_where_what_was_filed_is_another_case_now(hand: Hands) -> None:
    request = begun(hand, EXAMINE, OFFICE)
    speaks(hand, "street.clerk", request, "examine")
    after = supplemented(hand, request, duration="long_term", ends_on=None)
    assert states(hand, request) == {"examine": "open", "decide": "waiting"}
    assert (after.state, after.accepted_on) == (State.ACCEPTED, request.accepted_on)
    assert len(opinions(hand, request, lapsed=True)) == 1
    assert told(hand, "street.clerk") == ["returned"]


def test_opinions_stand_where_no_fact_changed(one_hand: Hands) -> None:
    request = begun(one_hand, EXAMINE, OFFICE)
    speaks(one_hand, "street.clerk", request, "examine")
    supplemented(one_hand, request, content="协助民政部门登记楼道灯具，逐户登记")
    assert states(one_hand, request) == {"examine": "done", "decide": "open"}
    assert opinions(one_hand, request, lapsed=True) == []


# ---- 拿回 -----------------------------------------------------------------------------------------


def test_a_person_takes_back_their_own_word_while_nobody_acted_on_it(hand: Hands) -> None:
    request = begun(hand, EXAMINE, OFFICE)
    given = task(hand, request, "examine", "street.clerk")
    speaks(hand, "street.clerk", request, "examine")
    takes_back(hand, "street.clerk", given)
    assert states(hand, request) == {"examine": "open", "decide": "waiting"}
    assert len(opinions(hand, request, lapsed=True)) == 1
    speaks(hand, "street.clerk", request, "examine")
    assert decides(hand, "county.head", request).state is State.APPROVED
    with refused("request.state"):
        takes_back(hand, "street.clerk", given)
    assert verify(hand("auditor").office.store.engine, "990102").fault is None


def test_what_others_acted_on_is_not_taken_back(one_hand: Hands) -> None:
    request = begun(one_hand, EXAMINE, HEAR, OFFICE)
    given = task(one_hand, request, "examine", "street.clerk")
    speaks(one_hand, "street.clerk", request, "examine")
    passes(one_hand, "county.office", task(one_hand, request, "hear", "county.office"),
           "county.head")  # fmt: skip
    with refused("task.acted_on"):
        takes_back(one_hand, "street.clerk", given)


def test_nobody_takes_back_what_another_said(one_hand: Hands) -> None:
    request = heard(one_hand)
    given = task(one_hand, request, "hear", "county.office")
    speaks(one_hand, "county.office", request, "hear")
    with refused("task.not_own"):
        takes_back(one_hand, "county.head", given)


def test_what_the_end_of_a_step_took_off_a_desk_lies_there_again(one_hand: Hands) -> None:
    any_of = {**BOTH, "quorum": "any"}
    request = begun(one_hand, any_of, OFFICE)
    given = task(one_hand, request, "both", "street.head")
    speaks(one_hand, "street.head", request, "both")
    takes_back(one_hand, "street.head", given)
    assert {t.state.value for t in tasks(one_hand, request, "both")} == {"open"}


def test_in_turn_the_next_is_asked_again_after_a_word_was_taken_back(one_hand: Hands) -> None:
    request = begun(one_hand, {**BOTH, "in_order": True}, OFFICE)
    given = task(one_hand, request, "both", "street.head")
    speaks(one_hand, "street.head", request, "both")
    takes_back(one_hand, "street.head", given)
    assert [t.state.value for t in tasks(one_hand, request, "both")] == ["open", "cancelled"]
    says(one_hand, "street.head", given)
    speaks(one_hand, "county.office", request, "both")
    assert states(one_hand, request) == {"both": "done", "decide": "open"}


# ---- 催办, 抄送 -----------------------------------------------------------------------------------


def test_one_person_asks_after_a_case_once_a_day(one_hand: Hands, clock: MovingClock) -> None:
    request = begun(one_hand, EXAMINE, OFFICE)
    command = urging.UrgeCommand(text="请尽快办理")

    def urge(by: str) -> Movement:
        made: Movement = one_hand(by).do(lambda d: urging.urge(d, request.id, command))
        return made

    urge("dept.clerk")
    assert told(one_hand, "street.clerk") == ["urged"]
    with refused("urge.today"):
        urge("dept.clerk")
    urge("dept.head")
    urge("county.office")
    with refused("access.hidden"):
        urge("dept2.head")
    clock.at += timedelta(days=1)
    urge("dept.clerk")
    assert told(one_hand, "street.clerk") == ["urged"] * 4


def test_who_got_a_copy_reads_the_case_and_says_that_it_was_read(hand: Hands) -> None:
    request = begun(hand, EXAMINE, OFFICE)
    office = hand("auditor").office
    command = urging.CopyCommand(
        people=[hand("dept2.clerk").actor.person_id], organisations=["o-990102002"], text="供参考"
    )
    made = hand("street.clerk").do(lambda d: urging.copy(d, request.id, command)).copies
    for by in ("dept2.clerk", "street2.head"):
        assert one(office, hand(by).actor, Request, request.id).id == request.id
        assert told(hand, by) == ["copied"]
    with refused("access.hidden"):
        one(office, hand("dept2.head").actor, Request, request.id)
    read = hand("dept2.clerk").do(lambda d: urging.read(d, made[0].id))
    assert read.read_at is not None
    with refused("access.hidden"):
        hand("dept2.head").do(lambda d: urging.read(d, made[0].id))
    assert moves(hand, request) == ["copy", "copy"]


def test_a_copy_goes_to_who_can_read_it(one_hand: Hands) -> None:
    request = begun(one_hand, EXAMINE, OFFICE)
    for command, code in (
        (urging.CopyCommand(), "copy.nobody"),
        (urging.CopyCommand(people=["person-sys.admin"]), "copy.unreadable"),
        (urging.CopyCommand(organisations=["o-990102-health"]), "copy.unreadable"),
    ):
        with refused(code):
            one_hand("street.clerk").do(lambda d, c=command: urging.copy(d, request.id, c))
