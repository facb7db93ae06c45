"""提醒: each stage of a task is told once to whoever has it; what nobody touches goes to the head."""

from datetime import UTC, date, datetime

import pytest

from registry.actions import approving, notices
from registry.actions.between.hearing import SPEAKING
from registry.actions.reading import ListQuery, page
from registry.actions.reminding import stage_of
from registry.actions.ticking import tick
from registry.domain.approval import StepAct, Task, TaskState
from registry.domain.errors import Refusal
from registry.domain.movement import Movement, MovementKind
from registry.domain.notice import Notice, NoticeKind
from registry.policies.procedure import ReminderRule
from tests.actions import case

COUNTY = "990102"
RULE = ReminderRule(before=[3, 1], on_the_day=True, overdue=True)


def _at(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 4, 0, tzinfo=UTC)


def _told(office, username, kind=None):
    person = office.store.reader.person_named(username)
    found = office.store.reader.find(Notice, COUNTY, person_id=person.id)
    return [n for n in found if kind in (None, n.kind)]


def _waiting(hand):
    return case.accepted(hand, case.submitted(hand, case.drafted(hand)))


def test_a_task_near_its_last_day_is_told_of_once_to_those_who_may_do_it(
    one_office, one_hand, clock
):
    request = _waiting(one_hand)
    clock.at = datetime(
        request.due_on.year, request.due_on.month, request.due_on.day, 4, tzinfo=UTC
    )
    tick(one_office)
    tick(one_office)
    told = _told(one_office, "street.clerk", NoticeKind.DUE_TODAY)
    assert [n.request_id for n in told] == [request.id]
    assert request.title in told[0].text
    assert not _told(one_office, "street2.clerk")
    assert not _told(one_office, "dept.clerk")


def test_a_late_task_is_told_of_as_late(one_office, one_hand, clock):
    request = _waiting(one_hand)
    clock.at = _at(5, 29)
    tick(one_office)
    told = _told(one_office, "street.clerk", NoticeKind.OVERDUE)
    assert [n.task_id for n in told] == [t.id for t in _tasks(one_office, request)]


def _tasks(office, request):
    return office.store.reader.find(Task, COUNTY, request_id=request.id, state="open")


def test_a_task_nobody_touches_is_shown_to_the_head_of_the_body_and_once(
    one_office, one_hand, clock
):
    request = _waiting(one_hand)
    handed = _tasks(one_office, request)[0].handed_on
    calendar = one_office.rulebooks.of(COUNTY, handed).calendar
    day, _ = calendar.add_working_days(handed, 5, count_first_day=False)
    clock.at = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
    tick(one_office)
    tick(one_office)
    assert len(_told(one_office, "street.head", NoticeKind.UNTOUCHED)) == 1
    assert not _told(one_office, "street.clerk", NoticeKind.UNTOUCHED)
    moved = one_office.store.reader.find(Movement, COUNTY, request_id=request.id)
    assert [m.kind for m in moved] == [MovementKind.TO_HEAD]


def test_what_was_sent_back_reminds_nobody(one_office, one_hand, clock):
    request = _waiting(one_hand)
    command = approving.ReturnCommand(items=["补充依据"])
    one_hand("street.clerk").do(
        lambda d: approving.send_back(d, request.id, request.version, command)
    )
    clock.at = _at(5, 29)
    tick(one_office)
    assert not [n for n in _told(one_office, "street.clerk") if n.kind is not NoticeKind.RETURNED]


def _task(due: date, *, provisional: bool = False) -> Task:
    return Task(
        county=COUNTY, id="t", request_id="r", step_id="s", organisation_id="o", family="street",
        act=StepAct.EXAMINE, state=TaskState.OPEN, title="t", due_on=due,
        due_provisional=provisional,
    )  # fmt: skip


def test_the_stage_is_the_nearest_that_was_reached(one_office):
    calendar = one_office.rulebooks.of(COUNTY, date(2026, 3, 2)).calendar
    friday = date(2026, 3, 13)
    told = {
        day: found.key if (found := stage_of(_task(friday), RULE, day, calendar)) else ""
        for day in (date(2026, 3, 9), date(2026, 3, 10), date(2026, 3, 11), date(2026, 3, 12),
                    friday, date(2026, 3, 16))
    }  # fmt: skip
    assert list(told.values()) == ["", "before3", "before3", "before1", "today", "overdue"]


def test_a_guessed_date_makes_nothing_late(one_office):
    calendar = one_office.rulebooks.of(COUNTY, date(2026, 3, 2)).calendar
    task = _task(date(2026, 3, 13), provisional=True)
    assert stage_of(task, RULE, date(2026, 3, 16), calendar) is None


def test_a_person_reads_their_own_notices_only_and_marks_them(one_office, one_hand, clock):
    _waiting(one_hand)
    clock.at = _at(5, 29)
    tick(one_office)
    mine = one_hand("street.clerk")
    found = page(one_office, mine.actor, Notice, ListQuery(equals={"read": False})).items
    assert {n.person_id for n in found} == {mine.actor.person_id}
    assert mine.do(lambda d: notices.read(d, found[0].id, found[0].version)).read
    assert mine.do(notices.read_all).marked == len(found) - 1
    assert not page(one_office, mine.actor, Notice, ListQuery(equals={"read": False})).items


def test_anothers_notice_is_as_if_it_did_not_exist(one_office, one_hand, clock):
    _waiting(one_hand)
    clock.at = _at(5, 29)
    tick(one_office)
    told = _told(one_office, "street.clerk")[0]
    with pytest.raises(Refusal, match=r"access\.hidden"):
        one_hand("street.head").do(lambda d: notices.read(d, told.id, told.version))


def test_the_digest_groups_a_day_by_what_it_is_about(one_office, one_hand, clock):
    _waiting(one_hand)
    clock.at = _at(5, 29)
    tick(one_office)
    told = notices.digest(one_office, one_hand("street.clerk").actor, None)
    assert [g.kind for g in told.groups] == [NoticeKind.OVERDUE]
    assert told.groups[0].kind_zh == "已逾期"
    assert told.unread == told.groups[0].unread == 1


def test_every_kind_of_task_has_somebody_to_be_told():
    assert set(SPEAKING) == set(StepAct)
