"""存量处置的后果: what was kept may still leave, what is admitted goes on, and no day is moved."""

from datetime import date

import pytest

from registry.actions import filing
from registry.actions.ticking import tick
from registry.actions.walls import recording
from registry.domain.audit import Finding
from registry.domain.existing import Settlement
from registry.domain.living import Departure
from registry.domain.notice import Notice
from registry.domain.presence import PresenceState
from registry.domain.walls import Board, Bureau, Profile
from tests.actions import case, walled
from tests.actions.decided import now, rows
from tests.actions.lived import at, begun, left, put
from tests.actions.refused import refused
from tests.actions.stocktaken import CODE, HOME, brought, judged, settled
from tests.actions.weighed import of, weighed

STATUTORY = f"{CODE},协助消防宣传教育,演示县民政局,,,,"
OFF = f"{CODE},楼道灯具编号拍照,演示县民政局,,,,"
DUE = date(2026, 5, 31)


def _told(hand, by, about):
    person = hand(by).actor.person_id
    return [n.text for n in rows(hand, Notice, person_id=person) if n.object_id == about.id]


def test_what_was_kept_is_cleared_once_it_is_not_to_stay_any_more(one_hand):
    (held,) = brought(one_hand, "items", STATUTORY)
    (review,) = judged(one_hand, held)
    number = settled(one_hand, review, "kept").number
    with refused("existing.settled"):
        settled(one_hand, review, "kept")
    after = settled(one_hand, review, "cleared", by="street.head")
    assert (after.settlement, after.number) == (Settlement.CLEARED, number)
    assert now(one_hand, held).state is PresenceState.EXITED
    with refused("existing.settled"):
        settled(one_hand, review, "merged", into_id=held.id)


def test_nobody_is_told_that_they_are_free_of_what_was_admitted(one_hand):
    (held,) = brought(one_hand, "items", OFF)
    (review,) = judged(one_hand, held)
    request = case.drafted(one_hand)
    settled(one_hand, review, "admitted", request_id=request.id)
    request = case.accepted(one_hand, case.submitted(one_hand, request))
    case.approved(one_hand, case.examined(one_hand, request))
    (gone,) = rows(one_hand, Departure, presence_id=held.id)
    (text,) = _told(one_hand, "community.head", gone)
    assert text == "存量事项已补办准入，今后按准入决定办理：楼道灯具编号拍照"


def test_an_old_report_that_is_admitted_does_not_stop(one_hand):
    (held,) = brought(one_hand, "items", OFF)
    put(one_hand, held, kind="report")
    request = case.drafted(one_hand)
    (review,) = judged(one_hand, now(one_hand, held))
    put(one_hand, review, settlement="admitted", request_id=request.id)
    request = case.accepted(one_hand, case.submitted(one_hand, request))
    case.approved(one_hand, case.examined(one_hand, request))
    (gone,) = rows(one_hand, Departure, presence_id=held.id)
    assert gone.report_stopped_on is None


def test_what_is_admitted_already_says_so_to_who_asks(one_hand):
    (held,) = brought(one_hand, "items", OFF)
    begun(one_hand)
    (review,) = judged(one_hand, held)
    request = rows(one_hand, case.Request)[0]
    after = settled(one_hand, review, "admitted", request_id=request.id)
    assert now(one_hand, held).state is PresenceState.EXITED
    assert all("批准前" not in text for text in _told(one_hand, "dept.head", after))


def test_an_admission_that_has_left_the_community_admits_nothing_there(one_hand):
    (held,) = brought(one_hand, "items", OFF)
    new = begun(one_hand)
    left(one_hand, new)
    (review,) = judged(one_hand, held)
    with refused("existing.request"):
        settled(one_hand, review, "admitted", request_id=new.request_id)
    assert now(one_hand, held).state is PresenceState.LEGACY


def test_what_was_late_is_late_until_it_is_admitted_whatever_draft_is_named(
    one_hand, one_office, clock
):
    (review,) = judged(one_hand, *brought(one_hand, "items", OFF))
    clock.at = at(date(2026, 6, 1))
    tick(one_office)
    request = case.drafted(one_hand)
    settled(one_hand, review, "admitted", request_id=request.id)
    (late,) = rows(one_hand, Finding, code="legacy.overdue")
    assert late.closed_on is None, "a draft settles nothing"
    one_hand("dept.head").do(lambda d: filing.withdraw(d, request.id, request.version))
    tick(one_office)
    tick(one_office)
    (late,) = rows(one_hand, Finding, code="legacy.overdue")
    assert now(one_hand, review).overdue and late.closed_on is None


def test_a_guessed_day_is_made_firm_from_the_first_judging(one_hand, one_office, clock):
    there = brought(one_hand, "items", OFF)
    (review,) = judged(one_hand, *there)
    put(one_hand, review, due_provisional=True)
    clock.at = at(date(2026, 3, 20))
    judged(one_hand, *there, again=True)
    tick(one_office)
    after = now(one_hand, review)
    assert (after.judged_on, after.due_on, after.due_provisional) == (
        date(2026, 3, 20), DUE, False,
    )  # fmt: skip


def test_the_board_of_what_was_cleared_goes_whatever_the_list_says(one_hand):
    row = f"{CODE},社区服务站,o-990102-civil,牌子,门外,竖,40,60,,"
    (held,) = brought(one_hand, "boards", row)
    (review,) = judged(one_hand, held)
    settled(one_hand, review, "cleared")
    (board,) = rows(one_hand, Board, organisation_id=HOME)
    assert board.profile is Profile.MUST_GO
    again = one_hand("community.worker").do(
        lambda d: recording.judge_board(d, board.id, board.version)
    )
    assert again.profile is Profile.MUST_GO


def test_a_street_does_not_let_stay_what_it_asks_itself(one_hand):
    (held,) = brought(one_hand, "items", STATUTORY)
    (review,) = judged(one_hand, held)
    street = one_hand("street.head").actor.posts[0].organisation_id
    put(one_hand, held, department_id=street)
    with refused("access.tied"):
        settled(one_hand, review, "kept", by="street.head")
    assert settled(one_hand, review, "kept").number
    assert settled(one_hand, review, "cleared", by="street.head").settlement is Settlement.CLEARED


@pytest.mark.parametrize("sheet", ["boards", "offices"])
def test_what_both_sides_saw_gone_counts_no_longer_until_one_sees_it_again(one_hand, sheet):
    (held,) = brought(one_hand, sheet)
    (review,) = judged(one_hand, held)
    kind = Board if sheet == "boards" else Bureau
    (wall,) = rows(one_hand, kind)
    items = lambda: of(weighed(one_hand, "community.worker"))["items_legacy"]  # noqa: E731
    assert items() == 1
    wall = walled.attested(one_hand, wall, "community.worker")
    assert (items(), now(one_hand, held).state) == (1, PresenceState.LEGACY)
    wall = walled.attested(one_hand, wall, "street.clerk")
    assert (items(), now(one_hand, held).state) == (0, PresenceState.EXITED)
    after = now(one_hand, review)
    assert after.settlement is Settlement.CLEARED and after.reason
    walled.attested(one_hand, wall, "community.worker", removed=False)
    assert (items(), now(one_hand, held).state) == (1, PresenceState.LEGACY)
    assert now(one_hand, review).settlement is None
