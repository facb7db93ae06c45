"""信箱筛选: what a box is narrowed by is decided where its rows are found, page after page."""

from datetime import date, timedelta
from typing import Any

import pytest

from registry.actions import boxes
from registry.actions.between import urging
from registry.actions.boxes import Box, BoxQuery
from registry.actions.office import Answer, Office
from registry.domain.approval import StepAct, Task, TaskState
from registry.domain.calendar import Calendar
from registry.domain.request import Request
from registry.domain.vocabulary import Kind
from registry.store.owed import OwedKind
from tests.actions.between import speaks
from tests.actions.case import Hands, accepted, drafted, examined, submitted
from tests.actions.redressed import complained, objected
from tests.actions.standing_in import lend, posted
from tests.actions.test_boxes import STREET, case_of, items, lying, plan
from tests.conftest import MovingClock

FIRST, SECOND = "990102001001", "990102001002"


def titled(hand: Hands, title: str, **fields: Any) -> Request:
    return accepted(hand, submitted(hand, drafted(hand, title=title, **fields)))


def copied(hand: Hands, case: Request) -> None:
    command = urging.CopyCommand(organisations=["o-990102-finance"])
    hand("street.clerk").do(lambda d: urging.copy(d, case.id, command))


def found(hand: Hands, by: str, **query: Any) -> list[str]:
    return [one.request_title for one in items(hand, by, **query)]


def test_words_of_a_title_find_it_in_every_box_and_letters_in_either_case(hand: Hands) -> None:
    for title in ("楼道灯具登记", "独居老人APP回访"):
        case = titled(hand, title)
        copied(hand, case)
    for box, by in ((Box.TODO, "street.clerk"), (Box.STARTED, "dept.clerk"),
                    (Box.COPIED, "finance.head")):  # fmt: skip
        assert found(hand, by, box=box, text="灯具") == ["楼道灯具登记"], box
        assert found(hand, by, box=box, text="app") == ["独居老人APP回访"], box
        assert len(found(hand, by, box=box)) == 2
    speaks(hand, "street.clerk", case, "examine")
    assert found(hand, "street.clerk", box=Box.DONE, text="老人") == ["独居老人APP回访"]
    assert found(hand, "street.clerk", box=Box.DONE, text="灯具") == []


@pytest.mark.parametrize("text", ["%", "_", "/", "楼%灯"])
def test_no_sign_of_a_pattern_finds_what_does_not_hold_it(hand: Hands, text: str) -> None:
    titled(hand, "楼道灯具登记")
    assert found(hand, "street.clerk", text=text) == []
    assert found(hand, "street.clerk", text="楼道") == ["楼道灯具登记"]


def test_a_page_of_what_is_narrowed_is_as_full_as_any_and_leaves_nothing_out(hand: Hands) -> None:
    """Decided while looking, not after a page was cut: else the first page would be empty."""
    crowd, wanted = titled(hand, "多数"), titled(hand, "少数")
    lying(hand, crowd, 20)
    lying(hand, wanted, 7)
    person, after, pages = hand("street.clerk"), None, list[list[str]]()
    while True:
        query = BoxQuery(text="少数", limit=3, after=after)
        page = boxes.page(person.office, person.actor, query)
        pages.append([one.task.id for one in page.items if one.task])
        if page.next is None:
            break
        after = page.next
    assert [len(one) for one in pages] == [3, 3, 2]
    assert len({id for one in pages for id in one}) == 8


def test_kinds_of_matter_and_of_what_is_to_be_done_are_told_apart(hand: Hands) -> None:
    case_of(hand)
    objection = objected(hand)
    assert found(hand, "street.head") == [objection.subject]
    assert found(hand, "street.head", owed=OwedKind.OBJECTION) == [objection.subject]
    assert found(hand, "street.head", owed=OwedKind.COMPLAINT) == []
    assert found(hand, "street.head", act=StepAct.DECIDE) == []
    (examine,) = found(hand, "street.clerk", act=StepAct.EXAMINE)
    case = items(hand, "street.clerk", act=StepAct.EXAMINE, detailed=True)[0].case
    assert examine in found(hand, "street.clerk", kind=case.kind)
    other = next(kind for kind in Kind if kind is not case.kind)
    assert examine not in found(hand, "street.clerk", kind=other)


def test_who_asks_is_found_by_id_and_by_words_of_the_name(hand: Hands) -> None:
    case = titled(hand, "民政的")
    for told in (case.applicant_id, "民政"):
        assert found(hand, "street.clerk", applicant=told) == ["民政的"], told
    assert found(hand, "street.clerk", applicant="财政") == []
    assert found(hand, "street.clerk", applicant="o-990102-finance") == []


def test_a_place_finds_what_is_meant_for_it_within_it_and_around_it(hand: Hands) -> None:
    titled(hand, "一个社区", targets=[FIRST])
    titled(hand, "另一个", targets=[SECOND])
    titled(hand, "整个街道", targets=["990102001000"])
    assert set(found(hand, "street.clerk", area=FIRST)) == {"一个社区", "整个街道"}
    assert set(found(hand, "street.clerk", area="990102001000")) == {
        "一个社区", "另一个", "整个街道",
    }  # fmt: skip
    assert found(hand, "street.clerk", area="没有这个地方") == []


def test_a_place_that_was_taken_out_of_a_request_no_longer_finds_it(hand: Hands) -> None:
    from registry.domain.request import Target

    case = titled(hand, "两个社区", targets=[FIRST, SECOND])

    def out(desk: Any) -> Answer:
        rows = desk.unit.find(Target, request_id=case.id)
        gone = next(one for one in rows if one.area_id.endswith(SECOND))
        return Answer(body=desk.unit.change(gone, withdrawn=True, path="/"))

    hand("sys.admin").do(out)
    assert found(hand, "street.clerk", area=FIRST) == ["两个社区"]
    assert found(hand, "street.clerk", area=SECOND) == []


def test_what_is_late_and_what_is_due_soon_is_told_by_working_days(
    one_hand: Hands, clock: MovingClock
) -> None:
    request = case_of(one_hand)
    days = [date(2026, 3, 3), date(2026, 3, 6), date(2026, 3, 9), date(2026, 3, 13)]

    def lay(desk: Any) -> Answer:
        for n, day in enumerate(days):
            desk.unit.add(Task(
                county="990102", id=f"{request.id}.y{n}", request_id=request.id, due_on=day,
                step_id=f"{request.id}.s0", family="street", act=StepAct.EXAMINE, title="演示",
                organisation_id=STREET, state=TaskState.OPEN, due_provisional=n == 0,
            ))  # fmt: skip
        return Answer(body=None)

    one_hand("street.head").do(lay)
    clock.at += timedelta(days=7)  # Monday the 9th

    def due(**query: Any) -> list[date]:
        return [one.task.due_on for one in items(one_hand, "street.clerk", **query)
                if one.task.id.startswith(f"{request.id}.y")]  # fmt: skip

    assert due(late=True) == [days[1]], "a provisional day makes nothing late"
    assert due(due_within=0) == days[:3]
    assert due(due_within=3) == days[:3]
    assert due(due_within=4) == days
    assert all(one.days_left <= 4 for one in items(one_hand, "street.clerk", due_within=4))


def test_the_last_day_with_so_many_left_is_counted_as_the_row_counts_it() -> None:
    calendar, today = Calendar(), date(2026, 3, 4)
    for days in range(8):
        over, _ = calendar.add_working_days(today, days + 1, count_first_day=False)
        last = over - timedelta(days=1)
        assert boxes.days_left(calendar, last, today) == days
        assert boxes.days_left(calendar, over, today) == days + 1


def test_what_is_owed_is_narrowed_like_tasks(hand: Hands) -> None:
    complained(hand, subject="小区噪声")
    complained(hand, subject="台账重复")
    assert found(hand, "county.office", text="噪声") == ["小区噪声"]
    assert found(hand, "county.office", applicant="民政") == [], "it tells of no case"
    assert len(found(hand, "county.office", due_within=250)) == 2
    assert found(hand, "county.office", late=True) == []


def test_a_copy_that_was_read_is_not_among_those_unread(hand: Hands) -> None:
    for title in ("读过", "没读"):
        case = titled(hand, title)
        copied(hand, case)
    copy = next(one.copy for one in items(hand, "finance.head", box=Box.COPIED)
                if one.request_title == "读过")  # fmt: skip
    hand("finance.head").do(lambda d: urging.read(d, copy.id))
    assert found(hand, "finance.head", box=Box.COPIED, unread=True) == ["没读"]


# ---- what a row tells ---------------------------------------------------------------------------


def test_a_row_tells_who_asks_how_much_of_how_many_and_what_the_rules_say(hand: Hands) -> None:
    case = titled(hand, "两个社区", targets=[FIRST, SECOND])
    assert items(hand, "street.clerk")[0].case is None, "only where it is asked for"
    (one,) = items(hand, "street.clerk", detailed=True)
    assert (one.case.applicant_id, one.case.places) == (case.applicant_id, 2)
    assert one.case.money_fen == sum(line.amount_fen for line in case.filing.funding) > 0
    assert (one.case.outcome, one.case.applied_on) == (case.outcome, case.applied_on)
    assert one.for_person_id is None


def test_what_one_began_says_on_whose_desk_it_lies_and_since_when(hand: Hands) -> None:
    case = titled(hand, "在街道")
    (one,) = items(hand, "dept.clerk", box=Box.STARTED, detailed=True)
    assert [(at.organisation_id, at.act, at.since) for at in one.lies_with] == [
        (STREET, StepAct.EXAMINE, case.accepted_on)
    ]
    assert items(hand, "street.clerk", detailed=True)[0].lies_with == []


def test_a_task_that_is_ones_own_by_delegation_alone_says_whose_it_is(
    one_hand: Hands, one_office: Office
) -> None:
    """A clerk of the street in whose head's place decides what the head would decide."""
    examined(one_hand, case_of(one_hand))
    posted(one_office, "street2.clerk", "street.clerk", STREET)
    lend(one_hand, "street.head", "street2.clerk")
    (one,) = items(one_hand, "street2.clerk", detailed=True, act=StepAct.DECIDE)
    assert one.for_person_id == one_hand("street.head").actor.person_id
    assert {i.for_person_id for i in items(one_hand, "street.head", detailed=True)} == {None}


def test_each_box_is_counted_no_further_than_a_page_says(hand: Hands) -> None:
    request = case_of(hand)
    lying(hand, request, 4)
    person = hand("street.clerk")
    query = BoxQuery(detailed=True, text="没有这样的")
    page = boxes.page(person.office, person.actor, query)
    assert page.items == []
    assert page.counts is not None
    told = {box: (one.found, one.more) for box, one in page.counts.items()}
    assert told == {Box.TODO: (5, False), Box.DONE: (0, False), Box.STARTED: (0, False),
                    Box.COPIED: (0, False)}  # fmt: skip
    lying(hand, case_of(hand), boxes.MOST_COUNTED)
    counts = boxes.page(person.office, person.actor, BoxQuery(detailed=True)).counts
    assert counts is not None
    assert (counts[Box.TODO].found, counts[Box.TODO].more) == (boxes.MOST_COUNTED, True)


def test_who_accepts_cases_finds_what_others_decide_only_until_it_is_accepted(
    hand: Hands,
) -> None:
    """A clerk accepts what is listed, whose only step is the head's to decide; what was accepted
    and waits for the head alone is the head's."""
    request = submitted(hand, drafted(hand, title="待受理"))
    lying(hand, request, 1, act=StepAct.DECIDE)
    assert len(items(hand, "street.clerk", act=StepAct.DECIDE)) == 1
    accepted(hand, request)
    assert items(hand, "street.clerk", act=StepAct.DECIDE) == []
    assert len(items(hand, "street.clerk")) == 1, "to examine"
    assert len(items(hand, "street.head", act=StepAct.DECIDE)) == 1


# ---- by which index -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [{"text": "灯具"}, {"applicant": "民政"}, {"area": FIRST}, {"due_within": 3}, {"late": True}],
)  # fmt: skip
def test_a_narrowed_page_still_comes_in_order_from_the_index_of_the_box(
    monkeypatch: pytest.MonkeyPatch, hand: Hands, query: dict[str, Any]
) -> None:
    told = plan(monkeypatch, hand("street.clerk"), BoxQuery(**query))
    assert "ix_task_todo" in told, told
    assert not any(line.strip().startswith("SCAN task") for line in told.splitlines()), told
