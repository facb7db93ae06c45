"""E2、E13、E15、P17: an entry rests on an admission, a day, a year and a paper that stand."""

from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest

from registry.actions.office import Answer, Office
from registry.domain.accounts import VoucherStage
from registry.domain.closing import Clearance, ClearanceState, YearClosing
from registry.domain.funds import Chain
from registry.domain.presence import Presence, PresenceState
from registry.domain.vocabulary import Grade
from registry.policies.purse import VoucherRule
from tests.actions import case
from tests.actions.case import Hands, admitted
from tests.actions.ledgered import (
    again,
    approval_of,
    booked,
    chain_now,
    command,
    confirmed,
    entry,
    put,
    recorded,
)
from tests.actions.refused import refused
from tests.conftest import MovingClock


@pytest.fixture
def presence(one_hand: Hands) -> Presence:
    return case.presence_of(one_hand, admitted(one_hand))


def at(clock: MovingClock, day: str) -> str:
    clock.at = datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC).replace(hour=4)
    return day


# ---- E2: a day within the admission --------------------------------------------------------------


@pytest.mark.parametrize("day", ["2026-03-01", "2026-03-03", "2025-12-31"])
def test_e2_no_voucher_is_dated_before_the_decision_or_after_today(
    one_hand: Hands, presence: Presence, day: str
) -> None:
    wrong = command("order", entry(presence, 100), dated_on=day, fiscal_year=2025)
    with refused("voucher.dated"):
        recorded(one_hand, "dept.head", wrong)
    assert chain_now(one_hand, presence).ordered_fen == 0


def test_e2_nothing_new_is_asked_for_after_the_term_and_what_was_is_carried_out(
    one_hand: Hands, presence: Presence, clock: MovingClock
) -> None:
    booked(one_hand, "order", presence, 500)
    day = at(clock, "2026-07-01")
    for stage, by in (("order", "dept.head"), ("advance", "community.cashier")):
        with refused("voucher.dated"):
            recorded(one_hand, by, command(stage, entry(presence, 100), dated_on=day))
    for stage in ("dispatch", "street_arrival", "community_arrival", "refund"):
        booked(one_hand, stage, presence, 500, dated_on=day)
    assert chain_now(one_hand, presence).refunded_fen == 500


def test_e15_money_that_lies_there_pays_for_what_was_done_and_nothing_is_begun(
    one_hand: Hands, presence: Presence
) -> None:
    case.funded(one_hand, presence, 300_000)
    ended = put(
        one_hand, again(one_hand, presence), state=PresenceState.EXITED,
        started_on=date(2026, 3, 2),
    )  # fmt: skip
    with refused("voucher.gone") as told:
        recorded(one_hand, "dept.head", command("order", entry(ended, 100)))
    assert told.value.facts["stage"] == "order"
    booked(one_hand, "expenditure", ended, 1_000)
    booked(one_hand, "refund", ended, 299_000)


def test_e15_what_never_began_in_a_community_is_not_paid_for_there(
    one_hand: Hands, presence: Presence
) -> None:
    case.funded(one_hand, presence, 300_000)
    declined = put(one_hand, again(one_hand, presence), state=PresenceState.REFUSED)
    with refused("voucher.gone"):
        booked(one_hand, "expenditure", declined, 1_000)
    booked(one_hand, "refund", declined, 300_000)


def test_e15_what_both_sides_agreed_to_be_due_is_still_paid(
    one_hand: Hands, presence: Presence
) -> None:
    ended = put(one_hand, presence, state=PresenceState.EXITED, started_on=date(2026, 3, 2))
    due = Clearance(
        county="990102", id="clr-1", presence_id=presence.id,
        request_id=presence.request_id or "", funding_key="F1", year=2026,
        payer_id="o-990102-civil",
        area_path=presence.area_path, organisation_id=presence.organisation_id, reason="exited",
        formula="700 × 1", earned_fen=700, paid_fen=0, due_fen=700, state=ClearanceState.AGREED,
        drawn_by="a", agreed_by="b", drawn_on=date(2026, 3, 2),
    )  # fmt: skip
    one_hand("street.head").do(lambda d: Answer(body=d.unit.add(due)))
    booked(one_hand, "order", ended, 700)
    booked(one_hand, "dispatch", ended, 700)
    assert chain_now(one_hand, ended).transit_fen == 700


# ---- the year ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "by"), [("dispatch", "finance.clerk"), ("advance", "community.cashier")]
)
def test_e2_what_the_bank_dates_is_booked_in_the_year_of_that_day(
    one_hand: Hands, presence: Presence, stage: str, by: str
) -> None:
    for year in (2025, 2027):
        with refused("voucher.year"):
            recorded(one_hand, by, command(stage, entry(presence, 100), fiscal_year=year))


@pytest.mark.parametrize("year", [2025, 2027, 2199])
def test_e2_money_belongs_to_a_year_that_its_line_has(
    one_hand: Hands, presence: Presence, year: int
) -> None:
    with refused("voucher.year") as told:
        recorded(one_hand, "dept.head", command("order", entry(presence, 100, year=year)))
    assert told.value.facts["years"] == "2026"


def _closed(hand: Hands, presence: Presence, year: int = 2026) -> None:
    closing = YearClosing(
        county="990102", id=f"yc-{year}", organisation_id=presence.organisation_id,
        area_path=presence.area_path, year=year, chain=Chain(), closed_by="x",
        closed_on=date(2026, 3, 2),
    )  # fmt: skip
    hand("street.head").do(lambda d: Answer(body=d.unit.add(closing)))


def test_e9_a_closed_year_takes_no_entry_and_no_confirmation(hand: Hands) -> None:
    presence = case.presence_of(hand, admitted(hand))
    booked(hand, "order", presence, 500)
    waits = recorded(hand, "finance.clerk", command("dispatch", entry(presence, 500)))
    _closed(hand, presence)
    with refused("voucher.year_closed"):
        recorded(hand, "dept.head", command("order", entry(presence, 100)))
    with refused("voucher.year_closed"):
        confirmed(hand, "finance.head", waits)
    assert chain_now(hand, presence).dispatched_fen == 0


# ---- E13: documents ------------------------------------------------------------------------------


def test_e13_a_pack_may_ask_for_the_original_of_a_voucher(
    one_hand: Hands, one_office: Office, presence: Presence
) -> None:
    rule = VoucherRule(documented=[VoucherStage.ORDER], grade=Grade.CONFIGURED)
    given = command("order", entry(presence, 100))

    def under(desk: Any) -> Answer:
        from registry.actions.ledger import recording

        own, *above = desk.rulebook().overlay.packs
        document = msgspec.structs.replace(own.document, vouchers=rule)
        strict = [msgspec.structs.replace(own, document=document), *above]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(desk.rulebook().overlay, "packs", strict)
            return recording.record(desk, given)

    with refused("voucher.document"):
        one_hand("dept.head").do(under)
    given = msgspec.structs.replace(
        given, document_id=approval_of(one_hand, presence.request_id or "")
    )
    assert one_hand("dept.head").do(under).voucher.document_id


@pytest.mark.parametrize("stage", ["pledge", "carry_out", "carry_in", "opening"])
def test_what_comes_from_an_act_of_its_own_is_recorded_by_nobody(
    one_hand: Hands, presence: Presence, stage: str
) -> None:
    for by in ("dept.head", "finance.clerk", "county.office"):
        with refused("voucher.by_act"):
            recorded(one_hand, by, command(stage, entry(presence, 100)))


def test_what_is_given_back_says_where_it_lies(one_hand: Hands, presence: Presence) -> None:
    with refused("voucher.at"):
        recorded(one_hand, "community.cashier", command("refund", entry(presence, 100)))


# ---- void ----------------------------------------------------------------------------------------


def test_e13_what_is_void_frees_its_room_and_keeps_its_number(hand: Hands) -> None:
    from registry.actions.ledger import confirming

    presence = case.presence_of(hand, admitted(hand))
    booked(hand, "order", presence, 500)
    kept = recorded(hand, "finance.clerk", command("dispatch", entry(presence, 500)))
    order = confirming.VoidCommand(reason="金额录错")
    with refused("access.forbidden"):
        hand("dept.head").do(lambda d: confirming.void(d, kept.id, kept.version, order))
    with refused("version.stale"):
        hand("finance.clerk").do(lambda d: confirming.void(d, kept.id, 7, order))
    hand("finance.clerk").do(lambda d: confirming.void(d, kept.id, kept.version, order))
    with refused("voucher.number"):
        recorded(hand, "finance.clerk", command("dispatch", entry(presence, 500)))
    anew = command("dispatch", entry(presence, 500), number="拨2")
    confirmed(hand, "finance.head", recorded(hand, "finance.clerk", anew))
    with refused("voucher.confirmed"):
        hand("finance.clerk").do(lambda d: confirming.void(d, kept.id, kept.version + 1, order))


def test_what_the_treasury_carries_out_nobody_confirms_or_voids_by_hand(
    one_hand: Hands, presence: Presence
) -> None:
    from registry.actions.ledger import confirming

    booked(one_hand, "order", presence, 500)
    kept = recorded(one_hand, "finance.clerk", command("dispatch", entry(presence, 500)))
    sent = put(one_hand, kept, payment_id="pay-1")
    with refused("voucher.paying"):
        confirmed(one_hand, "finance.head", sent)
    why = confirming.VoidCommand(reason="金额录错")
    with refused("voucher.paying"):
        one_hand("finance.clerk").do(lambda d: confirming.void(d, sent.id, sent.version, why))
