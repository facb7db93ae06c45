"""准入后的错误情形: the same twice, words against words, two at once: each is told what became of it."""

import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest

from registry.actions import approving
from registry.actions.attaching import AttachCommand
from registry.actions.evaluating import replying
from registry.actions.existing import judging, settling
from registry.actions.living import accepting
from registry.actions.office import Call, Office
from registry.actions.publicity import postings
from registry.actions.redress import handling, objecting
from registry.actions.ticking import tick
from registry.actions.walls import ordering
from registry.clock import Source
from registry.domain.audit import Finding
from registry.domain.document import DocumentType
from registry.domain.errors import Refusal, RefusalKind
from registry.domain.existing import LegacyReview, Settlement, Stocktake
from registry.domain.living import Departure
from registry.domain.notice import Notice
from registry.domain.presence import Presence, PresenceState
from registry.domain.walls import Attestation, Board, CleanupOrder, OrderState, WallState
from registry.store.store import Store
from tests.actions import case, lived, redressed
from tests.actions.decided import BOTH, COUNTY, carried, changed, now, presences, rows
from tests.actions.measuring import in_force
from tests.actions.stocktaken import brought, judged, settled, taken
from tests.actions.test_postings import down, up
from tests.actions.test_quotas import ROWS, quota, ready
from tests.actions.test_resident_reports import examined, recorded
from tests.actions.walled import ADMITTED as BOARD
from tests.actions.walled import HOME, admitted_board, attested, gone, hung, ordered
from tests.conftest import Hand, MovingClock

Hands = Callable[[str], Any]


# ---- the same sheet twice, and at the same moment ------------------------------------------------


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Everybody at the same moment; what each was answered, or the refusal."""
    told: list[Any] = [None] * len(works)
    start = threading.Barrier(len(works))

    def go(index: int) -> None:
        start.wait()
        try:
            told[index] = works[index]()
        except Refusal as refusal:
            told[index] = refusal

    threads = [threading.Thread(target=go, args=(i,)) for i in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


@pytest.fixture
def another(office: Office, tmp_path: Path) -> Iterator[Office]:
    """A second office on the same database; on SQLite, which one process writes, the same one."""
    url = office.store.url
    if url.startswith("sqlite"):
        yield office
        return
    store = Store(url, url, tmp_path)
    yield Office(store, office.clock, Source(12))
    store.close()


@pytest.mark.parametrize("sheet", ["items", "boards"])
def test_one_sheet_that_comes_in_twice_at_the_same_moment_makes_no_double_row(
    office: Office, another: Office, hand: Hands, sheet: str
) -> None:
    people = [Hand(at, by) for by in ("county.office", "street.clerk") for at in (office, another)]
    found = at_once(*(
        lambda p=person: taken(lambda _: p, sheet).stocktake for person in people
    ))  # fmt: skip
    assert all(isinstance(one, Stocktake) for one in found), found
    assert sorted((one.added, one.known) for one in found) == [(0, 1)] * 3 + [(1, 0)]
    assert len(rows(hand, Presence, state=PresenceState.LEGACY.value)) == 1
    assert len(rows(hand, Board)) == (1 if sheet == "boards" else 0)


def test_a_sheet_whose_matter_was_cleared_meanwhile_does_not_bring_it_back(
    one_hand: Hands,
) -> None:
    (there,) = brought(one_hand, "items")
    (review,) = judged(one_hand, there)
    settled(one_hand, review, "cleared")
    again = taken(one_hand, "items").stocktake
    assert (again.added, again.known) == (0, 1)
    assert now(one_hand, there).state is PresenceState.EXITED
    assert len(rows(one_hand, LegacyReview)) == 1


# ---- words against words -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "says",
    [("community.worker", "street.clerk"), ("street.clerk", "community.worker")],
)
def test_an_order_stays_open_while_one_side_says_that_it_still_hangs(
    office: Office, hand: Hands, clock: MovingClock, says: tuple[str, str]
) -> None:
    gone_says, there_says = says
    order = ordered(hand, board := hung(hand))
    attested(hand, board, gone_says)
    after = attested(hand, board, there_says, removed=False)
    assert (after.state, after.order_id) == (WallState.DISPUTED, order.id)
    assert now(hand, order).state is OrderState.OPEN
    told = [n for n in rows(hand, Notice) if n.object_id in (board.id, order.id)]
    disputed = {n.person_id for n in told if "不一致" in n.text}
    people = {hand(name).actor.person_id for name in ("community.head", "street.head")}
    assert people <= disputed, "both sides are told that their words do not agree"
    assert hand("dept2.head").actor.person_id not in disputed
    clock.at = lived.at(date(2026, 3, 24))
    tick(office)
    assert not now(hand, order).overdue, "nobody is late by words that contradict each other"
    attested(hand, board, gone_says, removed=False, seen_on=date(2026, 3, 24))
    assert now(hand, board).state is WallState.ORDERED
    tick(office)
    assert [f.organisation_id for f in rows(hand, Finding, code="walls.overdue")] == [
        board.department_id
    ]
    gone(hand, board, seen_on=date(2026, 3, 24))
    assert now(hand, order).state is OrderState.DONE


def test_a_board_that_is_back_after_its_order_was_done_is_ordered_down_anew(
    one_hand: Hands, clock: MovingClock
) -> None:
    order = ordered(one_hand, board := hung(one_hand))
    gone(one_hand, board)
    assert now(one_hand, order).state is OrderState.DONE
    clock.at = lived.at(date(2026, 3, 9))
    back = attested(one_hand, board, "street.clerk", removed=False, seen_on=date(2026, 3, 9))
    assert (back.state, back.removed_on) == (WallState.DISPUTED, None)
    attested(one_hand, board, "community.worker", removed=False, seen_on=date(2026, 3, 9))
    assert now(one_hand, board).state is WallState.STANDING
    assert now(one_hand, order).state is OrderState.DONE, "the paper of its day stays"
    assert ordered(one_hand, now(one_hand, board)).number != order.number


def test_a_photograph_of_what_still_hangs_outweighs_nobodys_word(one_hand: Hands) -> None:
    board = hung(one_hand)
    photo = case.attached(
        one_hand, "street.clerk",
        AttachCommand(parent_kind="board", parent_id=board.id, type=DocumentType.PHOTO,
                      name="门口.jpg", not_secret=True),
        b"\xff\xd8\xff\xe0 demo",
    )  # fmt: skip
    attested(one_hand, board, "community.worker")
    after = attested(one_hand, board, "street.clerk", removed=False, document_id=photo.id)
    assert after.state is WallState.DISPUTED
    (word,) = [w for w in rows(one_hand, Attestation) if w.document_id]
    assert (word.document_id, word.removed) == (photo.id, False)
    assert attested(one_hand, board, "street.head").state is WallState.REMOVED


def test_a_departure_is_not_settled_while_words_on_its_board_disagree(one_hand: Hands) -> None:
    presence, board = admitted_board(one_hand)
    lived.left(one_hand, presence)
    attested(one_hand, board, "street.clerk")
    attested(one_hand, board, "community.worker", removed=False)
    (left,) = rows(one_hand, Departure)
    with pytest.raises(Refusal) as told:
        lived.settled(one_hand, left, "boards")
    assert told.value.code == "departure.boards"


# ---- who left, and the money of the others -------------------------------------------------------


def test_the_money_of_others_stays_as_signed_until_a_change_drops_who_left(one_hand: Hands) -> None:
    request = case.admitted(one_hand, targets=BOTH)
    first, second_ = presences(one_hand, request)
    lived.left(one_hand, first)
    assert now(one_hand, second_).share_fen == second_.share_fen
    carried(one_hand, changed(one_hand, now(one_hand, request), content="改过的内容"))
    after = presences(one_hand, request)
    assert [p.id for p in after] == [first.id, second_.id], "who left is not let in again"
    assert [p.state for p in after] == [PresenceState.EXITED, PresenceState.PLANNED]
    assert after[1].share_fen == second_.share_fen
    carried(one_hand, changed(one_hand, now(one_hand, request), targets=BOTH[1:]))
    after = presences(one_hand, request)
    assert [p.share_fen for p in after] == [0, first.share_fen + second_.share_fen]
    assert after[0].dropped


# ---- caps, however many arrive together ----------------------------------------------------------

HANG, FIT, HOURS = 5, 3, 60
CAPS = (
    quota(key="BY-PLACE", kinds=["signboard"], places=["over_door"], cap=HANG)
    + quota(key="BY-HOURS", kinds=["task"], of="hours", cap=HOURS * FIT).partition("[[rule]]")[0]
)


def test_fifty_who_approve_at_once_pass_neither_the_places_at_the_door_nor_the_hours(
    office: Office, hand: Hands
) -> None:
    in_force(office, CAPS, *ROWS)
    for wording in ("社区党委", "居民委员会"):
        hung(hand, wording=wording, place="over_door")
    monthly = {"hours_per_cycle": 5, "cycle": "month"}
    boards = [
        ready(hand, **BOARD | {"title": f"演示站{n}", "signboard": {
            "wording": f"演示站{n}", "place": "over_door"}})
        for n in range(25)
    ]  # fmt: skip
    waiting = [*boards, *(ready(hand, **monthly) for _ in range(25))]
    head = hand("street.head")
    futures = [
        office.submit(
            Call(actor=head.actor, county=COUNTY, act="request.approve"),
            lambda d, r=request: approving.approve(
                d, r.id, r.version, approving.DecideCommand(reason="同意")
            ),
        )
        for request in Random(3).sample(waiting, len(waiting))
    ]  # fmt: skip
    refused = [a.refused["code"] for f in futures if (a := f.result()).refused is not None]
    assert refused == ["gate.refused"] * (50 - (HANG - 2) - FIT)
    there = rows(hand, Presence, area_id=case.HERE)
    assert sum(p.kind == "signboard" for p in there) == HANG - 2
    assert sum(p.hours_year or 0 for p in there) == HOURS * FIT


# ---- two reviewers at once -----------------------------------------------------------------------


def second(person: Any, act: Any, held: Any, command: Any) -> Refusal:
    """Who comes second has seen the version that the first had seen, and is told what became."""
    with pytest.raises(Refusal) as told:
        person.do(lambda d: act(d, held.id, held.version, command))
    assert told.value.kind is RefusalKind.CONFLICT, told.value.code
    return told.value


def test_of_two_who_answer_an_objection_the_second_is_told_that_it_is_answered(
    one_hand: Hands,
) -> None:
    raised = redressed.objected(one_hand)
    redressed.answered(one_hand, raised)
    command = objecting.AnswerCommand(upheld=False, text="不成立")
    told = second(one_hand("street.head"), objecting.answer, raised, command)
    assert (told.code, "已答复" in told.detail) == ("objection.state", True)


def test_of_two_who_handle_a_complaint_the_second_is_told_what_the_first_did(
    one_hand: Hands,
) -> None:
    made = redressed.complained(one_hand)
    checked = redressed.verified(one_hand, made)
    again = handling.VerifyCommand(established=False, findings="另一人的核实")
    told = second(one_hand("county.head"), handling.verify, made, again)
    assert (told.code, "核实中" in told.detail) == ("complaint.state", True)
    redressed.handled(one_hand, checked)
    told = second(one_hand("county.office"), handling.handle, checked,
                  handling.HandleCommand(answer="另一答复"))  # fmt: skip
    assert "处理" in told.detail


def test_of_two_who_settle_one_old_matter_the_second_is_told_how_it_was_settled(
    one_hand: Hands,
) -> None:
    (review,) = judged(one_hand, *brought(one_hand, "items"))
    settled(one_hand, review, "cleared", by="street.head")
    command = settling.SettleCommand(settlement=Settlement.CLEARED, reason="另一人")
    told = second(one_hand("county.office"), settling.settle, review, command)
    assert (told.code, "清退" in told.detail) == ("existing.settled", True)


def test_two_who_judge_one_stocktake_at_once_make_one_review_of_each_matter(
    office: Office, hand: Hands
) -> None:
    there = brought(hand, "items")
    assert there[0].legacy is not None
    id = there[0].legacy.stocktake_id
    people = [hand(by) for by in ("county.office", "street.clerk", "county.head", "street.head")]

    def judge(person: Any) -> Any:
        return person.do(lambda d: judging.judge(d, id, judging.JudgeCommand()))

    found = at_once(*(lambda p=person: judge(p) for person in people))
    kinds = [f.kind for f in found if isinstance(f, Refusal)]
    assert set(kinds) <= {RefusalKind.CONFLICT, RefusalKind.STALE}
    assert sum(f.judged for f in found if not isinstance(f, Refusal)) == 1
    assert len(rows(hand, LegacyReview)) == 1


def test_of_two_who_accept_one_report_the_second_is_told_the_result(one_hand: Hands) -> None:
    asked = lived.reported(one_hand, lived.begun(one_hand))
    lived.given(one_hand, asked, "partly")
    command = accepting.GiveCommand(result=accepting.AcceptanceResult.PASSED)
    told = second(one_hand("dept.head"), accepting.give, asked, command)
    assert (told.code, "部分通过" in told.detail) == ("acceptance.given", True)


def test_of_two_who_order_one_board_down_the_second_is_told_the_first_order(
    office: Office, hand: Hands
) -> None:
    board = hung(hand)
    command = ordering.OrderCommand(organisation_id=HOME, reason="应清除", boards=[board.id])
    people = [hand(by) for by in ("street.head", "county.head", "street.head", "county.office")]
    found = at_once(*(
        lambda p=person: p.do(lambda d: ordering.order(d, command)) for person in people
    ))  # fmt: skip
    (made,) = [f for f in found if isinstance(f, CleanupOrder)]
    lost = [f for f in found if isinstance(f, Refusal)]
    assert {f.code for f in lost} == {"cleanup.ordered"}
    assert all(made.number in f.detail for f in lost), [f.detail for f in lost]
    assert len(rows(hand, CleanupOrder)) == 1


def test_of_two_who_take_one_posting_down_the_second_is_told_the_day(one_hand: Hands) -> None:
    held = up(one_hand, presence_id=case.presence_of(one_hand, case.admitted(one_hand)).id)
    down(one_hand, held)
    told = second(one_hand("street.head"), postings.take_down, held, postings.TakeDownCommand())
    assert (told.code, "2026-03-02" in told.detail) == ("posting.down", True)


def test_of_two_who_examine_one_residents_report_the_second_is_told_its_state(
    one_hand: Hands,
) -> None:
    held = recorded(one_hand)
    examined(one_hand, held)
    command = replying.ExamineCommand(established=False)
    told = second(one_hand("street.head"), replying.examine, held, command)
    assert (told.code, "已核实" in told.detail) == ("report.state", True)


def test_an_order_that_was_done_meanwhile_is_not_cancelled_and_says_so(one_hand: Hands) -> None:
    order = ordered(one_hand, board := hung(one_hand))
    gone(one_hand, board)
    command = ordering.CancelCommand(reason="另一人")
    told = second(one_hand("street.head"), ordering.cancel, order, command)
    assert (told.code, "办结" in told.detail) == ("cleanup.over", True)


def _objection(hand: Hands) -> tuple[Any, Any, Sequence[str]]:
    command = objecting.AnswerCommand(upheld=True, text="应当先申报")
    return objecting.answer, (redressed.objected(hand), command), ("street.head", "street.head")


def _complaint(hand: Hands) -> tuple[Any, Any, Sequence[str]]:
    command = handling.VerifyCommand(established=True, findings="属实")
    return handling.verify, (redressed.complained(hand), command), ("county.office", "county.head")


def _acceptance(hand: Hands) -> tuple[Any, Any, Sequence[str]]:
    asked = lived.reported(hand, lived.begun(hand))
    command = accepting.GiveCommand(result=accepting.AcceptanceResult.PASSED)
    return accepting.give, (asked, command), ("dept.head", "dept.head")


def _old_matter(hand: Hands) -> tuple[Any, Any, Sequence[str]]:
    (review,) = judged(hand, *brought(hand, "items"))
    command = settling.SettleCommand(settlement=Settlement.CLEARED, reason="清退")
    return settling.settle, (review, command), ("county.office", "street.head")


@pytest.mark.parametrize("what", [_objection, _complaint, _acceptance, _old_matter])
def test_of_many_who_act_on_one_record_at_once_one_wins(
    office: Office, hand: Hands, what: Callable[[Hands], tuple[Any, Any, Sequence[str]]]
) -> None:
    act, (held, command), names = what(hand)
    people = [hand(name) for name in (*names, *names)]
    found = at_once(*(
        lambda p=person: p.do(lambda d: act(d, held.id, held.version, command))
        for person in people
    ))  # fmt: skip
    lost = [f for f in found if isinstance(f, Refusal)]
    assert len(lost) == len(people) - 1, found
    assert {f.kind for f in lost} == {RefusalKind.CONFLICT}, [f.code for f in lost]
    assert now(hand, held).version == held.version + 1
