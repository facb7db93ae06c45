"""清算异议: what a community does not agree to waits for its answer; a closed year is left as it is."""

from typing import Any

import pytest

from registry.actions.living.departing import come_back
from registry.actions.office import Answer
from registry.actions.owing import disputing
from registry.actions.redress import objecting
from registry.domain.closing import Clearance, ClearanceState
from registry.domain.funds import Voucher, VoucherLine
from registry.domain.notice import Notice
from registry.domain.redress import Objection
from registry.domain.vocabulary import Custody
from tests.actions.case import Hands, admitted, presence_of
from tests.actions.decided import now, rows
from tests.actions.ledgered import booked
from tests.actions.owed import agreed_to, arrears_of, drawn, late, ruled
from tests.actions.redressed import answered
from tests.actions.refused import refused
from tests.actions.test_clearing import books, gone
from tests.actions.test_ledger_custody import change
from tests.actions.yearly import NEW_YEAR, closed
from tests.conftest import MovingClock

WHY = "验收数量是300户，清算只按250户"


def disputed(hand: Hands, drawn_up: Clearance, by: str = "community.head") -> Clearance:
    held = now(hand, drawn_up)
    order = disputing.DisputeCommand(reason=WHY)
    found: Clearance = hand(by).do(
        lambda d: disputing.dispute(d, held.id, held.version, order)
    )  # fmt: skip
    return found


def upheld(hand: Hands, held: Clearance, by: str = "dept.head") -> Clearance:
    command = disputing.DisputeCommand(reason="验收单载明250户")
    found: Clearance = hand(by).do(lambda d: disputing.uphold(d, held.id, held.version, command))
    return found


def told(hand: Hands, about: str) -> set[str]:
    return {n.person_id for n in rows(hand, Notice) if n.object_id == about}


def objection_of(hand: Hands, held: Clearance) -> Objection:
    (found,) = rows(hand, Objection, id=held.objection_id)
    return found


# ---- disputed ------------------------------------------------------------------------------------


def test_what_is_disputed_is_agreed_to_by_nobody_until_it_is_drawn_anew(hand: Hands) -> None:
    presence = gone(hand)
    first = drawn(hand, presence, quantity=250)
    held = disputed(hand, first, "community.worker")
    assert (held.state, held.disputed_why) == (ClearanceState.DRAWN, WHY)
    assert "person-dept.head" in told(hand, first.id)
    with refused("clearance.disputed") as info:
        agreed_to(hand, held)
    assert "E15" in info.value.detail
    assert books(hand, presence).approved_fen == 800_000
    second = drawn(hand, presence, quantity=300)
    assert now(hand, first).state is ClearanceState.VOID
    assert agreed_to(hand, second).state is ClearanceState.AGREED


def test_what_is_upheld_goes_to_who_answers_objections_and_is_none_of_the_parties(
    hand: Hands,
) -> None:
    first = drawn(hand, gone(hand), quantity=250)
    held = upheld(hand, disputed(hand, first))
    passed = objection_of(hand, held)
    assert (passed.clearance_id, passed.text, passed.handler_id) == (
        first.id, WHY, "o-990102001",
    )  # fmt: skip
    assert "person-community.head" in told(hand, first.id)
    with refused("clearance.disputed"):
        agreed_to(hand, held)
    for by in ("dept.head", "community.head"):
        with pytest.raises(Exception, match="access"):
            answered(hand, passed, by)
    answered(hand, passed, upheld=False, text="按验收单")
    assert agreed_to(hand, held).state is ClearanceState.AGREED


def test_an_objection_that_is_right_asks_for_new_figures(one_hand: Hands) -> None:
    presence = gone(one_hand)
    held = upheld(one_hand, disputed(one_hand, drawn(one_hand, presence, quantity=250)))
    answered(one_hand, objection_of(one_hand, held))
    with refused("clearance.disputed") as info:
        agreed_to(one_hand, held)
    assert "重新草拟" in info.value.detail
    assert agreed_to(one_hand, drawn(one_hand, presence, quantity=300)).earned_fen == 240_000


def test_a_community_that_takes_its_objection_back_may_agree(one_hand: Hands) -> None:
    held = upheld(one_hand, disputed(one_hand, drawn(one_hand, gone(one_hand), quantity=250)))
    passed = objection_of(one_hand, held)
    one_hand("community.head").do(lambda d: objecting.withdraw(d, passed.id, passed.version))
    assert agreed_to(one_hand, held).state is ClearanceState.AGREED


def test_an_office_that_let_it_stand_itself_does_not_answer_the_objection(one_hand: Hands) -> None:
    ruled(one_hand, objection='body = "admission_office"\ngrade = "configured"')
    first = drawn(one_hand, gone(one_hand), quantity=250, by="county.office")
    held = upheld(one_hand, disputed(one_hand, first), "county.office")
    assert objection_of(one_hand, held).handler_id == "o-990102001"


def test_a_clearance_is_disputed_once_and_answered_once(one_hand: Hands) -> None:
    presence = gone(one_hand)
    first = drawn(one_hand, presence, quantity=250)
    with refused("clearance.not_open"):
        upheld(one_hand, first)
    held = disputed(one_hand, first)
    with refused("clearance.not_open"):
        disputed(one_hand, held)
    held = upheld(one_hand, held)
    with refused("clearance.not_open"):
        upheld(one_hand, held)
    second = agreed_to(one_hand, drawn(one_hand, presence, quantity=250))
    with refused("clearance.not_open"):
        disputed(one_hand, second)


@pytest.mark.parametrize("by", ["dept.head", "street.head", "community2.head", "finance.head"])
def test_only_the_community_disputes_its_clearance(one_hand: Hands, by: str) -> None:
    first = drawn(one_hand, gone(one_hand), quantity=250)
    with pytest.raises(Exception, match="access"):
        disputed(one_hand, first, by)


@pytest.mark.parametrize("by", ["dept.clerk", "street.head", "community.head", "finance.head"])
def test_only_who_drew_it_up_lets_it_stand(one_hand: Hands, by: str) -> None:
    held = disputed(one_hand, drawn(one_hand, gone(one_hand), quantity=250))
    with pytest.raises(Exception, match="access"):
        upheld(one_hand, held, by)


# ---- the year ------------------------------------------------------------------------------------


def test_what_a_closed_year_left_behind_no_clearance_takes_back(
    hand: Hands, clock: MovingClock
) -> None:
    presence = gone(hand)
    clock.at = NEW_YEAR
    assert closed(hand, 2026).lapsed_fen == 500_000
    clearance = agreed_to(hand, drawn(hand, presence, quantity=250))
    assert clearance.withdrawn == []
    assert rows(hand, Voucher, stage="decrease") == []
    assert books(hand, presence).approved_fen == 800_000


def test_what_comes_back_after_its_year_was_closed_is_granted_in_the_year_that_is_open(
    hand: Hands, clock: MovingClock
) -> None:
    presence = gone(hand)
    clearance = agreed_to(hand, drawn(hand, presence, quantity=250))
    assert len(clearance.withdrawn) == 1
    clock.at = NEW_YEAR
    closed(hand, 2026)
    hand("county.head").do(lambda d: Answer(body=come_back(d, [presence.id])))
    (line,) = rows(hand, VoucherLine, presence_id=presence.id, stage="increase")
    (voucher,) = rows(hand, Voucher, id=line.voucher_id)
    assert (line.year, line.amount_fen, voucher.fiscal_year) == (2027, 500_000, 2027)


# ---- custody -------------------------------------------------------------------------------------


@pytest.mark.parametrize("at", ["street", "community"])
def test_what_arrived_under_another_custody_has_arrived(
    one_hand: Hands, clock: MovingClock, at: str
) -> None:
    money: dict[str, Any] = {
        "money": f'required_at = "start"\nrequired = "first_instalment"\narrived_at = "{at}"',
        "late_money": late("tell"),
    }
    ruled(one_hand, **money)
    presence = presence_of(one_hand, admitted(one_hand))
    change(one_hand, Custody.OWN_ACCOUNT, "2026-03-02")
    for stage in ("order", "dispatch", "community_arrival"):
        booked(one_hand, stage, presence, 300_000)
    change(one_hand, Custody.STREET_CUSTODY, "2026-03-05")
    clock.at = clock.at.replace(day=6)
    (row,) = arrears_of(one_hand, "community.head", presence_id=presence.id)
    assert row.missing_fen == max(row.due_fen - 300_000, 0)
