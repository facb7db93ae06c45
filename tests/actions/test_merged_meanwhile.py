"""社区合并、更名 while things are open: each goes on with the heir, papers keep the name they bear."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from registry.actions import reading
from registry.actions.certifying import answering, slips
from registry.actions.evaluating.codes import AnswerCommand, answer, call
from registry.actions.office import Call
from registry.actions.publicity import listing
from registry.actions.redress import objecting
from registry.actions.ticking import tick
from registry.domain.areas import Area
from registry.domain.audit import Finding
from registry.domain.evaluating import Satisfaction
from registry.domain.existing import LegacyReview
from registry.domain.living import Suspension
from registry.domain.presence import PresenceState
from registry.domain.redress import ComplaintState, ObjectionState
from registry.domain.vouching import AdmissionNotice
from registry.domain.walls import OrderState
from tests.actions import case, lived
from tests.actions.decided import BOTH, COUNTY, carried, changed, now, presences, rows
from tests.actions.redressed import (
    answered,
    complained,
    handled,
    objected,
    told_of,
    verified,
)
from tests.actions.reorganised import astray, carried_out, sound
from tests.actions.stocktaken import CODE, brought, judged, taken
from tests.actions.test_certifying import demanded
from tests.actions.test_postings import down, up
from tests.actions.test_satisfaction import issued
from tests.actions.vouched import status_of
from tests.actions.walled import attested, gone, hung, ordered

Hands = Callable[[str], Any]
HERE, HEIR = "a-990102001001", "a-990102001002"
NEW_NAME = "演示新名社区居民委员会"
BODY = {"merge": "o-990102001002", "rename": "o-990102001001"}
both = pytest.mark.parametrize("kind", ["merge", "rename"])


def meanwhile(hand: Hands, kind: str, on: str = "2026-03-02") -> str:
    """The community is merged into its neighbour, or bears another name; returns its body."""
    heir: dict[str, Any] = {"id": HEIR} if kind == "merge" else {"id": HERE, "name": NEW_NAME}
    carried_out(
        hand, kind=kind, object_kind="area", sources=[HERE], successors=[heir], effective_on=on
    )
    return BODY[kind]


@both
def test_an_open_clean_up_order_is_finished_by_the_heir(one_office, one_hand, kind, clock):
    order = ordered(one_hand, board := hung(one_hand))
    attested(one_hand, board, "community.worker", removed=False)
    clock.at = lived.at(date(2026, 3, 24))
    tick(one_office)
    assert now(one_hand, order).overdue
    body = meanwhile(one_hand, kind, "2026-03-24")
    assert now(one_hand, order).organisation_id == body
    gone(one_hand, board, seen_on=date(2026, 3, 24))
    assert now(one_hand, order).state is OrderState.DONE
    late = rows(one_hand, Finding, code="walls.overdue")
    assert [f.closed_on for f in late] == [date(2026, 3, 24)]
    assert sound(one_office)


@both
def test_a_running_objection_is_answered_to_the_heir_who_may_still_withdraw(
    one_office, one_hand, kind
):
    raised, second = objected(one_hand), objected(one_hand, subject="另一件事")
    body = meanwhile(one_hand, kind)
    after = answered(one_hand, now(one_hand, raised))
    assert (after.state, after.organisation_id) == (ObjectionState.ANSWERED, body)
    assert one_hand("community.head").actor.person_id in told_of(one_office, after)
    held = now(one_hand, second)
    gone_ = one_hand("community.head").do(lambda d: objecting.withdraw(d, held.id, held.version))
    assert gone_.state is ObjectionState.WITHDRAWN
    assert astray(one_office) == []


@both
def test_an_open_complaint_of_a_merged_community_is_handled_and_its_source_stays_as_it_was(
    one_office, one_hand, kind
):
    made = complained(one_hand, for_body=True)
    meanwhile(one_hand, kind)
    done = handled(one_hand, verified(one_hand, now(one_hand, made)))
    assert done.state is ComplaintState.HANDLED
    worker = one_hand("community.worker")
    seen = reading.one(one_office, worker.actor, type(made), made.id)
    assert seen.answer
    assert astray(one_office) == []


def test_a_complaint_about_a_community_goes_on_against_its_heir(one_office, one_hand):
    made = complained(one_hand, by="dept.clerk", against_id="o-990102001001", subject="不答复")
    body = meanwhile(one_hand, "merge")
    assert now(one_hand, made).against_id == body


@both
def test_what_was_suspended_is_resumed_by_the_heir(one_office, one_hand, kind):
    presence = lived.suspended(one_hand, lived.unpaid(one_hand))
    body = meanwhile(one_hand, kind)
    (held,) = rows(one_hand, Suspension)
    assert held.organisation_id == body
    after = lived.resumed(one_hand, presence)
    assert (after.state, after.organisation_id) == (PresenceState.ACTIVE, body)
    assert rows(one_hand, Suspension)[0].resumed_on == date(2026, 3, 2)


def _rows(number: int) -> list[str]:
    line = "{code},楼道灯具编号拍照{n},演示县民政局,2019-05-01,演民发〔2019〕7号,2026-12-31,40"
    return [line.format(code=CODE, n=n) for n in "甲乙丙丁"[:number]]


@both
def test_a_stocktake_that_was_half_judged_is_judged_to_its_end(one_office, one_hand, kind):
    first = brought(one_hand, "items", *_rows(2))
    judged(one_hand, *first)
    second = brought(one_hand, "items", *_rows(4))
    due = rows(one_hand, LegacyReview)[0].due_on
    body = meanwhile(one_hand, kind)
    judged(one_hand, *second, again=True)
    judged(one_hand, *first, again=True)
    reviews = rows(one_hand, LegacyReview)
    assert {(r.organisation_id, r.due_on) for r in reviews} == {(body, due)}
    assert sorted(r.presence_id for r in reviews) == sorted(p.id for p in (*first, *second))
    again = brought(one_hand, "items", *_rows(4))
    assert again == []
    assert astray(one_office) == []


@both
def test_a_sheet_that_still_bears_the_old_name_or_code_brings_in_nothing_twice(
    one_office, one_hand, kind
):
    area = one_office.store.reader.get(Area, COUNTY, HERE)
    line = _rows(1)[0]
    (held,) = brought(one_hand, "items", line)
    body = meanwhile(one_hand, kind)
    heir = one_office.store.reader.get(Area, COUNTY, HEIR if kind == "merge" else HERE)
    for called in (area.name, area.code, heir.name, heir.code):
        told = taken(one_hand, "items", line.replace(CODE, called)).stocktake
        assert (told.added, told.known) == (0, 1), called
    assert now(one_hand, held).organisation_id == body


@both
def test_what_is_public_of_it_is_found_under_its_old_code_and_its_new_one(
    one_office, one_hand, kind
):
    case.admitted(one_hand, disclosure="open")
    old = one_office.store.reader.get(Area, COUNTY, HERE).code
    meanwhile(one_hand, kind)
    heir = one_office.store.reader.get(Area, COUNTY, HEIR if kind == "merge" else HERE)
    for code in dict.fromkeys((heir.code, old)):
        told = listing.matters(one_office, listing.PublicQuery(code=code))
        assert [(m.community, m.community_code) for m in told.items] == [(heir.name, heir.code)]
        papers = answering.answer_public(one_office, answering.AskCommand(q="收入证明", area=code))
        assert (papers.place, papers.area) == (heir.name, heir.code)


@both
def test_codes_that_were_handed_out_still_speak_once(one_office, one_hand, clock, kind):
    _, words = issued(one_hand, 2)
    body = meanwhile(one_hand, kind)
    for word in words:
        command = AnswerCommand(answer=4)
        one_office.perform(call(one_office, word), lambda d, w=word, c=command: answer(d, w, c))
    clock.at = lived.at(date(2026, 3, 7))
    tick(one_office)
    (told,) = rows(one_hand, Satisfaction)
    assert (told.organisation_id, told.counts[3]) == (body, 2)
    assert told.asked == 2


@both
def test_a_printed_notice_stays_genuine_and_its_next_edition_bears_the_new_name(
    one_office, one_hand, kind
):
    request = case.admitted(one_hand)
    (paper,) = rows(one_hand, AdmissionNotice)
    body = meanwhile(one_hand, kind)
    (held,) = rows(one_hand, AdmissionNotice)
    assert (held.code, held.scope, held.replaced) == (paper.code, paper.scope, False)
    assert held.organisation_id == body
    seen = reading.one(one_office, one_hand("community.head").actor, AdmissionNotice, held.id)
    assert seen.id == held.id
    change = changed(one_hand, now(one_hand, request), content="改过的内容")
    carried(one_hand, change)
    after = max(rows(one_hand, AdmissionNotice), key=lambda n: n.edition)
    assert after.edition == 2
    assert after.scope != paper.scope


@both
@pytest.mark.parametrize("disclosure", ["open", "internal"])
def test_the_status_of_the_day_tells_the_name_of_today_beside_that_of_a_public_paper(
    one_office, one_hand, kind, disclosure
):
    case.admitted(one_hand, disclosure=disclosure)
    (paper,) = rows(one_hand, AdmissionNotice)
    assert status_of(one_office)["renamed"] == []
    meanwhile(one_hand, kind)
    told = status_of(one_office)["renamed"]
    if disclosure == "internal":
        assert told == []
        return
    area = one_office.store.reader.get(Area, COUNTY, HEIR if kind == "merge" else HERE)
    assert told == [
        {"code": paper.scope_code, "was": paper.scope, "now": area.name, "now_code": area.code}
    ]
    assert area.name != paper.scope


@both
def test_a_posting_that_hangs_is_taken_down_by_the_heir_and_its_days_are_one_count(
    one_office, one_hand, clock, kind
):
    held = up(one_hand, presence_id=case.presence_of(one_hand, case.admitted(one_hand)).id)
    body = meanwhile(one_hand, kind)
    clock.at = lived.at(date(2026, 3, 20))
    after = down(one_hand, now(one_hand, held))
    assert (after.organisation_id, after.taken_down_on) == (body, date(2026, 3, 20))
    assert [f for f in rows(one_hand, Finding) if f.code == "publicity.short"] == []


@both
def test_a_slip_prints_the_name_of_its_day_and_the_heir_reads_it(one_office, one_hand, clock, kind):
    kept = demanded(one_hand, slip=True)
    before = _slip(one_hand, kept.id)
    clock.at = lived.at(date(2026, 3, 3))
    body = meanwhile(one_hand, kind, "2026-03-03")
    after = _slip(one_hand, kept.id)
    assert (after.number, after.community) == (kept.slip_number, before.community)
    fresh = demanded(one_hand, slip=True, organisation_id=body)
    assert fresh.slip_number != kept.slip_number
    assert _slip(one_hand, fresh.id).community != before.community
    assert _slip(one_hand, kept.id).community == before.community


def _slip(hand: Hands, id: str) -> slips.Slip:
    worker = hand("community.worker")
    call = Call(actor=worker.actor, county=COUNTY, act="certificate_demand.read")
    return slips.handed(worker.office, call, id)


def test_a_matter_that_both_had_is_one_share_each_and_can_still_be_changed(office, hand):
    request = case.admitted(hand, targets=BOTH)
    first, second = presences(hand, request)
    meanwhile(hand, "merge")
    assert {now(hand, p).area_id for p in (first, second)} == {HEIR}
    carried(hand, changed(hand, now(hand, request), content="改过的内容"))
    after = [now(hand, p) for p in (first, second)]
    assert [p.state for p in after] == [first.state, second.state]
    assert [p.share_fen for p in after] == [first.share_fen, second.share_fen]
    assert len(presences(hand, request)) == 2
