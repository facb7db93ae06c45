"""清理通知单与核实: ordered by who may, told to who must act, gone when both sides say so."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from registry.actions.attaching import AttachCommand
from registry.actions.office import Answer, Desk, Office
from registry.actions.reading import ListQuery, page
from registry.actions.ticking import tick
from registry.actions.walls import attesting, ordering
from registry.actions.walls.closing import stay
from registry.actions.walls.profiling import must_go
from registry.domain.audit import Finding
from registry.domain.document import Document, DocumentType
from registry.domain.notice import Notice
from registry.domain.walls import (
    Attestation,
    Board,
    CleanupOrder,
    OrderState,
    Profile,
    WallState,
)
from tests.actions.case import attached
from tests.actions.decided import findings, now, rows
from tests.actions.flowed import STREET, files_with, flow, in_force
from tests.actions.refused import refused
from tests.actions.reorganised import sound
from tests.actions.walled import (
    ADMITTED,
    TODAY,
    admitted_board,
    attested,
    gone,
    hung,
    ordered,
    seated,
)
from tests.conftest import Hand, MovingClock


def cancelled(hand: Any, order: CleanupOrder, by: str = "street.head") -> CleanupOrder:
    held = now(hand, order)
    command = ordering.CancelCommand(reason="已并入另一通知单")
    found: CleanupOrder = hand(by).do(lambda d: ordering.cancel(d, held.id, held.version, command))
    return found


def test_an_order_is_numbered_has_its_day_and_is_told_to_department_and_community(
    office: Office, hand: Any
) -> None:
    board, bureau = hung(hand), seated(hand)
    order = ordered(hand, board, bureau)
    assert order.number == "云笺演示街道办事处牌清〔2026〕1号"
    assert (order.due_on, order.due_provisional) == (date(2026, 3, 23), False)
    assert (order.boards, order.bureaus) == ([board.id], [bureau.id])
    assert order.clauses == list(dict.fromkeys(board.clauses + bureau.clauses))
    assert now(hand, board).state is WallState.ORDERED
    told = {n.person_id for n in rows(hand, Notice) if n.object_id == order.id}
    for name in ("dept2.head", "community.head", "community.worker"):
        assert hand(name).actor.person_id in told
    assert hand("dept.head").actor.person_id not in told


def test_the_countys_office_orders_too_and_nobody_below_or_beside(one_hand: Any) -> None:
    board = hung(one_hand)
    for by in ("community.head", "street.clerk", "street2.head", "dept2.head"):
        with refused("access.forbidden"):
            ordered(one_hand, board, by=by)
    order = ordered(one_hand, board, by="county.office")
    assert order.issuer_id == "o-990102-admission"


def test_what_may_stay_is_not_ordered_down(one_hand: Any) -> None:
    with refused("cleanup.stands"):
        ordered(one_hand, hung(one_hand, wording="社区服务站"))
    with refused("cleanup.nothing"):
        ordered(one_hand)


def test_two_reviewers_do_not_order_one_board_twice(one_hand: Any) -> None:
    board = hung(one_hand)
    ordered(one_hand, board)
    with refused("cleanup.ordered"):
        ordered(one_hand, board, by="county.office")


def test_an_order_names_what_hangs_in_its_community(one_hand: Any) -> None:
    other = hung(
        one_hand, by="community2.worker", organisation_id="o-990102002001", wording="二社区的"
    )
    with refused("cleanup.elsewhere"):
        ordered(one_hand, other, by="county.office")


def test_a_board_is_gone_when_community_and_street_both_say_so_on_the_later_day(
    office: Office, hand: Any, clock: MovingClock
) -> None:
    board = hung(hand)
    order = ordered(hand, board)
    clock.at += timedelta(days=3)
    first = attested(hand, board, "community.worker", seen_on=TODAY)
    assert (first.state, first.removed_on) == (WallState.ORDERED, None)
    later = TODAY + timedelta(days=2)
    after = attested(hand, board, "street.clerk", seen_on=later)
    assert (after.state, after.removed_on) == (WallState.REMOVED, later)
    done = now(hand, order)
    assert (done.state, done.done_on) == (OrderState.DONE, later)
    assert sound(office)


def test_an_order_is_open_until_all_of_it_is_gone(one_hand: Any) -> None:
    board, bureau = hung(one_hand), seated(one_hand)
    order = ordered(one_hand, board, bureau)
    gone(one_hand, board)
    assert now(one_hand, order).state is OrderState.OPEN
    gone(one_hand, bureau)
    assert now(one_hand, order).state is OrderState.DONE


def test_a_board_comes_down_without_any_order_and_without_a_photograph(one_hand: Any) -> None:
    assert gone(one_hand, hung(one_hand)).state is WallState.REMOVED
    assert {a.document_id for a in rows(one_hand, Attestation)} == {None}


def test_a_photograph_may_hang_on_a_board_and_both_sides_read_it(
    one_office: Office, one_hand: Any
) -> None:
    board = hung(one_hand)
    command = AttachCommand(
        parent_kind="board", parent_id=board.id, type=DocumentType.PHOTO, name="门口.png",
        not_secret=True,
    )  # fmt: skip
    photo = attached(one_hand, "community.worker", command, b"\x89PNG\r\n\x1a\n demo")
    after = attested(one_hand, board, "community.worker", document_id=photo.id)
    assert after.state is WallState.STANDING
    for name in ("street.clerk", "community.head", "dept2.clerk"):
        found = page(one_office, one_hand(name).actor, Document, ListQuery())
        assert [d.id for d in found.items] == [photo.id]
    assert page(one_office, one_hand("dept.clerk").actor, Document, ListQuery()).items == []
    other = hung(one_hand, wording="另一块")
    with refused("document.foreign"):
        attested(one_hand, other, "community.worker", document_id=photo.id)


def test_words_that_contradict_each_other_are_for_a_person_until_they_agree(
    office: Office, hand: Any
) -> None:
    board = hung(hand)
    ordered(hand, board)
    attested(hand, board, "community.worker", removed=False)
    after = attested(hand, board, "street.clerk")
    assert (after.state, after.removed_on) == (WallState.DISPUTED, None)
    (finding,) = findings(hand, "walls.disputed")
    assert (finding.object_id, finding.closed_on) == (board.id, None)
    again = attested(hand, board, "community.worker")
    assert again.state is WallState.REMOVED
    assert now(hand, finding).closed_on == TODAY
    back = attested(hand, board, "community.worker", removed=False)
    assert back.state is WallState.DISPUTED
    assert now(hand, finding).closed_on is None
    standing = attested(hand, board, "street.clerk", removed=False)
    assert (standing.state, standing.removed_on) == (WallState.STANDING, None)
    assert now(hand, finding).closed_on == TODAY


def test_what_was_still_there_before_it_was_seen_gone_is_no_contradiction(
    one_hand: Any, clock: MovingClock
) -> None:
    board = hung(one_hand)
    attested(one_hand, board, "community.worker", removed=False)
    clock.at += timedelta(days=2)
    after = attested(one_hand, board, "street.clerk", seen_on=TODAY + timedelta(days=2))
    assert after.state is WallState.STANDING
    assert findings(one_hand, "walls.disputed") == []


def test_a_later_word_of_one_side_takes_the_place_of_its_earlier_one(
    one_hand: Any, clock: MovingClock
) -> None:
    board = hung(one_hand)
    clock.at += timedelta(days=2)
    attested(one_hand, board, "community.worker", seen_on=TODAY + timedelta(days=1))
    with refused("attest.older"):
        attested(one_hand, board, "community.head", removed=False, seen_on=TODAY)
    attested(one_hand, board, "community.head", removed=False, seen_on=TODAY + timedelta(days=2))
    words = rows(one_hand, Attestation, object_id=board.id)
    assert sorted((w.removed, w.superseded) for w in words) == [(False, False), (True, True)]
    with refused("wall.future"):
        attested(one_hand, board, "street.clerk", seen_on=TODAY + timedelta(days=9))


def test_the_street_enters_what_the_community_told_it_by_telephone(one_hand: Any) -> None:
    board = hung(one_hand)
    attested(one_hand, board, "street.clerk", told_by="社区主任来电")
    (word,) = rows(one_hand, Attestation)
    assert (word.side, word.organisation_id) == ("community", board.organisation_id)
    assert attested(one_hand, board, "street.head").state is WallState.REMOVED


def test_nobody_gives_the_word_of_both_sides(one_hand: Any) -> None:
    board = hung(one_hand)
    attested(one_hand, board, "street.clerk", told_by="社区主任来电")
    with refused("access.tied"):
        attested(one_hand, board, "street.clerk")
    with refused("access.forbidden"):
        attested(one_hand, board, "county.office")
    with refused("access.forbidden"):
        attested(one_hand, board, "dept2.clerk")


def test_two_who_attest_at_once_do_not_overwrite_each_other(one_hand: Any) -> None:
    board = hung(one_hand)
    command = attesting.AttestCommand(removed=True, seen_on=TODAY)
    for by, stale in (("community.worker", False), ("street.clerk", True)):
        person: Hand = one_hand(by)
        if not stale:
            person.do(lambda d: attesting.attest_board(d, board.id, board.version, command))
        else:
            with refused("version.stale"):
                person.do(lambda d: attesting.attest_board(d, board.id, board.version, command))


def test_an_order_that_is_cancelled_lets_stand_what_it_named(one_hand: Any) -> None:
    board = hung(one_hand)
    order = ordered(one_hand, board)
    with refused("access.forbidden"):
        cancelled(one_hand, order, by="county.head")
    after = cancelled(one_hand, order)
    assert (after.state, after.cancelled_why) == (OrderState.CANCELLED, "已并入另一通知单")
    assert (now(one_hand, board).state, now(one_hand, board).order_id) == (
        WallState.STANDING, None
    )  # fmt: skip
    with refused("cleanup.over"):
        cancelled(one_hand, order)
    assert ordered(one_hand, board).number.endswith("2号")


def test_a_late_order_is_told_of_whose_boards_they_are_and_closed_when_they_are_gone(
    office: Office, hand: Any, clock: MovingClock
) -> None:
    board = hung(hand)
    order = ordered(hand, board)
    clock.at = datetime(2026, 3, 23, 4, tzinfo=UTC)
    assert "walls_overdue" not in tick(office)
    clock.at += timedelta(days=1)
    assert tick(office)["walls_overdue"] == 1
    assert "walls_overdue" not in tick(office)
    (finding,) = findings(hand, "walls.overdue")
    assert finding.organisation_id == board.department_id
    assert now(hand, order).overdue
    gone(hand, board, seen_on=date(2026, 3, 24))
    assert now(hand, finding).closed_on == date(2026, 3, 24)


def test_a_year_without_its_calendar_makes_nobody_late(
    one_office: Office, one_hand: Any, clock: MovingClock
) -> None:
    board = hung(one_hand)
    order = ordered(one_hand, board)
    held = now(one_hand, order)
    guessed = {"issued_on": date(2027, 1, 4), "due_on": date(2027, 1, 20), "due_provisional": True}
    one_hand("county.head").do(lambda d: Answer(body=d.unit.change(held, **guessed)))
    clock.at = datetime(2027, 3, 1, 4, tzinfo=UTC)
    assert "walls_overdue" not in tick(one_office)
    assert [f for f in rows(one_hand, Finding) if f.code == "walls.overdue"] == []
    assert now(one_hand, order).due_provisional


def test_without_a_time_in_the_pack_no_order_has_a_day(one_office: Office, one_hand: Any) -> None:
    text = '[boards]\nremove_within = { days = 15, unit = "working", count_first_day = false }\n'
    files = files_with(flow(STREET), replace=((text + 'grade = "configured"\n', ""),))
    in_force(one_hand, files)
    order = ordered(one_hand, hung(one_hand))
    assert (order.due_on, order.overdue) == (None, False)
    assert rows(one_hand, Board)[0].state is WallState.ORDERED


def test_what_was_to_go_with_its_matter_stays_where_the_matter_comes_back(one_hand: Any) -> None:
    presence, board = admitted_board(one_hand)

    def both(desk: Desk) -> Answer:
        marked = must_go(desk, [presence.id])
        assert desk.unit.get(Board, board.id).profile is Profile.MUST_GO
        stay(desk, [presence.id])
        return Answer(body=marked)

    assert one_hand("county.head").do(both) == {presence.id: [board.id]}
    after = now(one_hand, board)
    assert (after.profile, after.clauses) == (Profile.STANDS, board.clauses)


def test_nobody_learns_the_words_of_a_board_elsewhere_by_ordering_it_down(one_hand: Any) -> None:
    board = hung(one_hand)
    for id in (board.id, "brd-none"):
        command = ordering.OrderCommand(
            organisation_id="o-990102002001", reason="未经准入挂牌", boards=[id]
        )
        with refused("cleanup.elsewhere") as found:
            one_hand("street2.head").do(lambda d, command=command: ordering.order(d, command))
        assert found.value.facts["wall"] == id


def test_a_department_that_took_its_board_down_is_not_late_for_another(
    one_office: Office, one_hand: Any, clock: MovingClock
) -> None:
    mine = hung(one_hand)
    theirs = hung(one_hand, wording="另一块旧牌子", department_id="o-990102-civil")
    ordered(one_hand, mine, theirs)
    clock.at += timedelta(days=30)
    tick(one_office)
    assert {f.organisation_id for f in findings(one_hand, "walls.overdue")} == {
        mine.department_id, "o-990102-civil",
    }  # fmt: skip
    gone(one_hand, mine)
    left = [f for f in findings(one_hand, "walls.overdue") if f.closed_on is None]
    assert [f.organisation_id for f in left] == ["o-990102-civil"]


def test_a_board_that_is_admitted_after_all_is_in_dispute_no_more(one_hand: Any) -> None:
    words = ADMITTED["signboard"]["wording"]
    board = hung(one_hand, wording=words, place="inside", department_id="o-990102-civil")
    ordered(one_hand, board)
    attested(one_hand, board, "community.worker")
    attested(one_hand, board, "street.clerk", removed=False)
    assert now(one_hand, board).state is WallState.DISPUTED
    admitted_board(one_hand)
    assert now(one_hand, board).state is WallState.STANDING
    (finding,) = findings(one_hand, "walls.disputed")
    assert finding.closed_on is not None


def test_a_street_takes_no_word_by_telephone_on_a_board_of_its_own(one_hand: Any) -> None:
    street = one_hand("street.clerk").actor.posts[0].organisation_id
    board = hung(one_hand, department_id=street)
    with refused("access.tied"):
        attested(one_hand, board, "street.clerk", told_by="社区值班员")
    attested(one_hand, board, "community.worker")
    assert attested(one_hand, board, "street.clerk").state is WallState.REMOVED
