"""拨付与到账: what is recorded by one is confirmed by another, and no stage outruns the one before."""

from typing import Any

import msgspec
import pytest

from registry.actions import presences
from registry.actions.ledger import confirming, recording
from registry.domain.funds import Entry, Voucher, VoucherCommand, VoucherLine, VoucherState, totals
from registry.domain.presence import Presence, PresenceState
from registry.domain.request import Request
from tests.actions import case
from tests.actions.case import Hands, admitted, voucher
from tests.actions.refused import refused

OWN_ACCOUNT = {"targets": ["990102001002"]}
"""A community that keeps its own account."""


@pytest.fixture
def presence(one_hand: Hands) -> Presence:
    """Admitted work in one community, nothing paid yet."""
    return case.presence_of(one_hand, admitted(one_hand))


def record(hand: Hands, by: str, command: VoucherCommand) -> Voucher:
    kept: Voucher = hand(by).do(lambda d: recording.record(d, command)).voucher
    return kept


def confirm(hand: Hands, by: str, kept: Voucher) -> Voucher:
    after: Voucher = hand(by).do(lambda d: confirming.confirm(d, kept.id, kept.version)).voucher
    return after


def changed(command: VoucherCommand, **fields: Any) -> VoucherCommand:
    return msgspec.structs.replace(command, **fields)


def dispatched(hand: Hands, presence: Presence, amount: int = 300_000) -> Voucher:
    """Ordered, dispatched and confirmed."""
    record(hand, "dept.head", voucher(presence, "order", "令1", amount))
    kept = record(hand, "finance.clerk", voucher(presence, "dispatch", "拨1", amount))
    return confirm(hand, "finance.head", kept)


# ---- who -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "by"),
    [
        ("order", "dept.clerk"), ("order", "finance.head"),
        ("dispatch", "finance.head"), ("dispatch", "dept.head"), ("dispatch", "auditor"),
        ("street_arrival", "street.head"), ("street_arrival", "finance.clerk"),
        ("community_arrival", "community.worker"), ("community_arrival", "street.clerk"),
        ("community_arrival", "community.supervisor"),
    ],
)  # fmt: skip
def test_each_stage_is_recorded_only_by_the_post_it_belongs_to(
    one_hand: Hands, presence: Presence, stage: str, by: str
) -> None:
    with refused("access.forbidden"):
        record(one_hand, by, voucher(presence, stage, "号1", 100))


def test_another_street_and_another_community_do_not_see_it(
    one_hand: Hands, presence: Presence
) -> None:
    for by, stage in (
        ("street2.clerk", "street_arrival"),
        ("community2.worker", "community_arrival"),
    ):
        with refused("access.hidden"):
            record(one_hand, by, voucher(presence, stage, "号1", 100))


def test_what_one_recorded_another_confirms(hand: Hands) -> None:
    presence = case.presence_of(hand, admitted(hand))
    record(hand, "dept.head", voucher(presence, "order", "令1", 100))
    kept = record(hand, "finance.clerk", voucher(presence, "dispatch", "拨1", 100))
    assert kept.state is VoucherState.RECORDED
    with refused("access.forbidden"):
        confirm(hand, "finance.clerk", kept)
    after = confirm(hand, "finance.head", kept)
    assert (after.recorded_by, after.confirmed_by) == (
        "person-finance.clerk",
        "person-finance.head",
    )


def test_who_recorded_may_not_confirm_even_with_the_confirming_post(one_hand: Hands) -> None:
    """community2.worker holds both posts of the community."""
    request = admitted_in_the_second_street(one_hand)
    presence = case.presence_of(one_hand, request)
    dispatched(one_hand, presence, 100)
    arrived = record(one_hand, "street2.clerk", voucher(presence, "street_arrival", "到1", 100))
    confirm(one_hand, "street2.head", arrived)
    kept = record(one_hand, "community2.worker", voucher(presence, "community_arrival", "转1", 100))
    with refused("access.tied"):
        confirm(one_hand, "community2.worker", kept)
    assert confirm(one_hand, "community2.head", kept).state is VoucherState.CONFIRMED


def admitted_in_the_second_street(hand: Hands) -> Request:
    request = case.submitted(hand, case.drafted(hand, targets=["990102002001"]))
    request = case.examined(hand, case.accepted(hand, request, "street2.clerk"), "street2.clerk")
    return case.approved(hand, request, "street2.head")


def test_a_voucher_is_confirmed_once(one_hand: Hands, presence: Presence) -> None:
    kept = dispatched(one_hand, presence)
    with refused("voucher.confirmed"):
        confirm(one_hand, "finance.head", kept)


# ---- how much ------------------------------------------------------------------------------------


def test_no_stage_outruns_the_one_before(hand: Hands) -> None:
    presence = case.presence_of(hand, admitted(hand))
    with refused("voucher.exceeds") as info:
        record(hand, "dept.head", voucher(presence, "order", "令0", 800_001))
    assert info.value.facts["available_fen"] == 800_000
    dispatched(hand, presence, 300_000)
    with refused("voucher.exceeds") as info:
        record(hand, "finance.clerk", voucher(presence, "dispatch", "拨2", 1))
    told = info.value.facts
    assert (told["stage"], told["account"]) == ("dispatch", "ordered")
    assert (told["available_fen"], told["asked_fen"]) == (0, 1)
    assert told["invariant"].startswith("E5")
    with refused("voucher.exceeds"):
        record(hand, "community.cashier", voucher(presence, "community_arrival", "转1", 1))


def test_what_waits_for_confirmation_already_takes_room(
    one_hand: Hands, presence: Presence
) -> None:
    record(one_hand, "dept.head", voucher(presence, "order", "令1", 300_000))
    record(one_hand, "finance.clerk", voucher(presence, "dispatch", "拨1", 200_000))
    with refused("voucher.exceeds"):
        record(one_hand, "finance.clerk", voucher(presence, "dispatch", "拨2", 100_001))


def test_what_is_not_confirmed_is_no_arrival(one_hand: Hands, presence: Presence) -> None:
    dispatched(one_hand, presence)
    record(one_hand, "street.clerk", voucher(presence, "street_arrival", "到1", 300_000))
    with refused("voucher.exceeds"):
        record(one_hand, "community.cashier", voucher(presence, "community_arrival", "转1", 1))


def test_lines_must_sum_to_the_voucher(one_hand: Hands, presence: Presence) -> None:
    command = changed(voucher(presence, "order", "令1", 100), total_fen=99)
    with refused("voucher.sum") as info:
        record(one_hand, "dept.head", command)
    assert info.value.facts == {"lines_fen": 100, "total_fen": 99}


def test_a_line_belongs_to_the_request(one_hand: Hands, presence: Presence) -> None:
    for entry in (
        Entry(presence_id=presence.id, funding_key="F9", amount_fen=100),
        Entry(presence_id=f"{presence.request_id}.p9", funding_key="F1", amount_fen=100),
    ):
        with refused("voucher.line"):
            record(
                one_hand,
                "dept.head",
                changed(voucher(presence, "order", "令1", 100), lines=[entry]),
            )


def test_one_voucher_pays_for_one_payer(one_hand: Hands) -> None:
    other = {"key": "F2", "mode": "transfer", "payer_id": "o-990102-health", "basis": "按户",
             "amount_fen": 100, "fiscal_year": 2026}  # fmt: skip
    request = case.submitted(
        one_hand, case.drafted(one_hand, funding=[*case.OFF_LIST["funding"], other]),
        insist=True, reason="两个单位共同出资",
    )  # fmt: skip
    request = case.accepted(one_hand, request, by="county.office")
    for by in ("county.office", "community.head"):
        request = case.examined(one_hand, request, by=by)
    request = case.approved(one_hand, request, by="county.head")
    presence = case.presence_of(one_hand, request)
    both = [Entry(presence_id=presence.id, funding_key=key, amount_fen=50) for key in ("F1", "F2")]
    with refused("voucher.payer"):
        record(one_hand, "dept.head", changed(voucher(presence, "order", "令1", 100), lines=both))


def test_a_number_is_used_once_by_an_issuer_in_a_year(hand: Hands) -> None:
    presence = case.presence_of(hand, admitted(hand))
    record(hand, "dept.head", voucher(presence, "order", "令1", 100))
    with refused("voucher.number"):
        record(hand, "dept.head", voucher(presence, "order", "令1", 100))
    other_year = changed(voucher(presence, "order", "令1", 100), fiscal_year=2025)
    assert record(hand, "dept.head", other_year).number == "令1"
    record(hand, "finance.clerk", voucher(presence, "dispatch", "令1", 100))


def test_what_is_not_admitted_gets_no_money_entry(one_hand: Hands, presence: Presence) -> None:
    waiting = case.submitted(one_hand, case.drafted(one_hand))
    command = changed(voucher(presence, "order", "令1", 100), request_id=waiting.id)
    with refused("voucher.not_admitted"):
        record(one_hand, "dept.head", command)


def test_where_a_community_keeps_its_own_account_money_does_not_stop_at_the_street(
    one_hand: Hands,
) -> None:
    presence = case.presence_of(one_hand, admitted(one_hand, **OWN_ACCOUNT))
    dispatched(one_hand, presence, 100)
    with refused("voucher.stage"):
        record(one_hand, "street.clerk", voucher(presence, "street_arrival", "到1", 100))


# ---- reversals -----------------------------------------------------------------------------------


def _reversal(presence: Presence, of: str, amount: int, number: str = "冲1") -> VoucherCommand:
    return changed(voucher(presence, "reversal", number, amount), reverses_id=of, note="登记有误")


def _standing(hand: Hands, presence: Presence) -> dict[str, int]:
    reader = hand("auditor").office.store.reader
    lines = reader.find(VoucherLine, "990102", presence_id=presence.id)
    return {stage.value: amount for (_, _, stage), amount in totals(lines).items()}


def test_a_reversal_takes_back_after_another_has_confirmed_it(
    one_hand: Hands, presence: Presence
) -> None:
    sent = dispatched(one_hand, presence)
    kept = record(one_hand, "finance.clerk", _reversal(presence, sent.id, 100_000))
    assert _standing(one_hand, presence)["dispatch"] == 300_000
    confirm(one_hand, "finance.head", kept)
    assert _standing(one_hand, presence)["dispatch"] == 200_000


def test_a_reversal_takes_no_more_than_there_was(one_hand: Hands, presence: Presence) -> None:
    sent = dispatched(one_hand, presence)
    with refused("voucher.reverses"):
        record(one_hand, "finance.clerk", _reversal(presence, sent.id, 300_001))
    record(one_hand, "finance.clerk", _reversal(presence, sent.id, 200_000))
    with refused("voucher.reverses"):
        record(one_hand, "finance.clerk", _reversal(presence, sent.id, 100_001, "冲2"))


def test_a_reversal_does_not_cut_below_what_later_stages_rest_on(
    one_hand: Hands, presence: Presence
) -> None:
    sent = dispatched(one_hand, presence)
    record(one_hand, "street.clerk", voucher(presence, "street_arrival", "到1", 250_000))
    with refused("voucher.exceeds"):
        record(one_hand, "finance.clerk", _reversal(presence, sent.id, 50_001))


def test_another_department_does_not_even_know_of_it(one_hand: Hands, presence: Presence) -> None:
    with refused("access.hidden"):
        record(one_hand, "dept2.head", voucher(presence, "order", "号1", 100))


@pytest.mark.parametrize("by", ["street.clerk", "community.cashier", "dept.head"])
def test_only_who_issued_a_voucher_takes_it_back(
    one_hand: Hands, presence: Presence, by: str
) -> None:
    sent = dispatched(one_hand, presence)
    with refused("voucher.not_issuer"):
        record(one_hand, by, _reversal(presence, sent.id, 100))


@pytest.mark.parametrize("named", ["vch-none", ""])
def test_a_reversal_names_a_confirmed_voucher(
    one_hand: Hands, presence: Presence, named: str
) -> None:
    with refused("voucher.reverses"):
        record(one_hand, "finance.clerk", _reversal(presence, named, 100))


def test_what_waits_for_confirmation_is_not_reversed(one_hand: Hands, presence: Presence) -> None:
    record(one_hand, "dept.head", voucher(presence, "order", "令1", 100))
    kept = record(one_hand, "finance.clerk", voucher(presence, "dispatch", "拨1", 100))
    with refused("voucher.reverses"):
        record(one_hand, "finance.clerk", _reversal(presence, kept.id, 100))


def _twice(presence: Presence, amount: int) -> list[Entry]:
    return [Entry(presence_id=presence.id, funding_key="F1", amount_fen=amount)] * 2


def test_one_line_named_twice_in_a_voucher_counts_twice(
    one_hand: Hands, presence: Presence
) -> None:
    command = voucher(presence, "order", "令1", 1_000_000)
    with refused("voucher.exceeds") as info:
        record(one_hand, "dept.head", changed(command, lines=_twice(presence, 500_000)))
    assert info.value.facts["asked_fen"] == 1_000_000
    sent = dispatched(one_hand, presence)
    back = changed(_reversal(presence, sent.id, 400_000), lines=_twice(presence, 200_000))
    with refused("voucher.reverses"):
        record(one_hand, "finance.clerk", back)


def test_a_reversal_makes_room_only_when_it_is_confirmed(
    one_hand: Hands, presence: Presence
) -> None:
    order = record(one_hand, "dept.head", voucher(presence, "order", "令1", 800_000))
    back = record(one_hand, "dept.clerk", _reversal(presence, order.id, 800_000))
    with refused("voucher.exceeds"):
        record(one_hand, "dept.head", voucher(presence, "order", "令2", 800_000))
    confirm(one_hand, "dept.head", back)
    assert record(one_hand, "dept.head", voucher(presence, "order", "令2", 800_000)).number


def test_nothing_rests_on_what_is_being_taken_back(one_hand: Hands, presence: Presence) -> None:
    sent = dispatched(one_hand, presence)
    record(one_hand, "finance.clerk", _reversal(presence, sent.id, 300_000))
    with refused("voucher.exceeds"):
        record(one_hand, "street.clerk", voucher(presence, "street_arrival", "到1", 1))


def test_what_waits_does_not_carry_what_later_stages_rest_on(
    one_hand: Hands, presence: Presence
) -> None:
    record(one_hand, "dept.head", voucher(presence, "order", "令1", 200))
    sent = record(one_hand, "finance.clerk", voucher(presence, "dispatch", "拨1", 100))
    confirm(one_hand, "finance.head", sent)
    record(one_hand, "finance.clerk", voucher(presence, "dispatch", "拨2", 100))
    record(one_hand, "street.clerk", voucher(presence, "street_arrival", "到1", 100))
    with refused("voucher.exceeds"):
        record(one_hand, "finance.clerk", _reversal(presence, sent.id, 1))


def test_one_voucher_is_not_reversed_at_the_cost_of_another(
    one_hand: Hands, presence: Presence
) -> None:
    first = dispatched(one_hand, presence, 300)
    record(one_hand, "dept.head", voucher(presence, "order", "令2", 100))
    record_second = record(one_hand, "finance.clerk", voucher(presence, "dispatch", "拨2", 100))
    confirm(one_hand, "finance.head", record_second)
    confirm(
        one_hand,
        "finance.head",
        record(one_hand, "finance.clerk", _reversal(presence, first.id, 300)),
    )
    with refused("voucher.reverses"):
        record(one_hand, "finance.clerk", _reversal(presence, first.id, 100, "冲2"))


def test_nobody_records_or_confirms_for_a_neighbour_beside_their_own(one_hand: Hands) -> None:
    request = admitted(one_hand, targets=["990102001001", "990102001005"])
    reader = one_hand("auditor").office.store.reader
    both = reader.find(Presence, "990102", request_id=request.id)
    lines = [Entry(presence_id=p.id, funding_key="F1", amount_fen=100) for p in both]

    def of(stage: str) -> VoucherCommand:
        return changed(voucher(both[0], stage, stage, 200), lines=lines)

    record(one_hand, "dept.head", of("order"))
    confirm(one_hand, "finance.head", record(one_hand, "finance.clerk", of("dispatch")))
    confirm(one_hand, "street.head", record(one_hand, "street.clerk", of("street_arrival")))
    with refused("access.forbidden"):
        record(one_hand, "community.cashier", of("community_arrival"))


def test_an_applicant_does_not_order_another_applicants_money(one_hand: Hands) -> None:
    beside = one_hand("dept2.head").actor.posts[0].organisation_id
    request = admitted(
        one_hand,
        applicants=[*case.OFF_LIST["applicants"], {"organisation_id": beside, "duties": "配合"}],
    )
    presence = case.presence_of(one_hand, request)
    with refused("voucher.payer"):
        record(one_hand, "dept2.head", voucher(presence, "order", "令1", 100))
    assert record(one_hand, "dept.head", voucher(presence, "order", "令1", 100)).total_fen == 100


def test_what_costs_nothing_gets_no_money_entry(one_hand: Hands) -> None:
    free = {"key": "F2", "mode": "none", "amount_fen": 100, "fiscal_year": 2026}
    request = admitted(one_hand, funding=[*case.OFF_LIST["funding"], free])
    presence = case.presence_of(one_hand, request)
    entry = Entry(presence_id=presence.id, funding_key="F2", amount_fen=100)
    with refused("voucher.line"):
        record(
            one_hand, "dept.head", changed(voucher(presence, "order", "令1", 100), lines=[entry])
        )


def test_the_first_instalment_is_the_earliest_wherever_it_is_written(one_hand: Hands) -> None:
    line = dict(case.OFF_LIST["funding"][0])
    line["schedule"] = list(reversed(line["schedule"]))
    presence = case.presence_of(one_hand, admitted(one_hand, funding=[line]))
    assert presence.first_due_fen == 300_000


# ---- the gate at the door ------------------------------------------------------------------------


def test_work_begins_only_when_the_first_instalment_is_with_the_community(hand: Hands) -> None:
    request = admitted(hand)
    presence = case.agreed(hand, request)
    with refused("gate.refused") as info:
        case.started(hand, presence)
    assert info.value.facts["missing_fen"] == 300_000
    case.funded(hand, presence, 300_000)
    assert case.started(hand, case.presence_of(hand, request)).state is PresenceState.ACTIVE


def test_work_does_not_begin_twice(one_hand: Hands) -> None:
    request = admitted(one_hand)
    case.funded(one_hand, case.agreed(one_hand, request), 300_000)
    running = case.started(one_hand, case.presence_of(one_hand, request))
    with refused("presence.state"):
        case.started(one_hand, running)


def test_without_an_agreement_no_money_opens_the_door(one_hand: Hands, presence: Presence) -> None:
    case.funded(one_hand, presence, 300_000)
    with refused("gate.refused") as info:
        case.started(one_hand, presence)
    assert "DM-AGREEMENT" in [rule["rule"] for rule in info.value.rules]


def test_statutory_help_begins_without_money_and_the_arrear_is_kept(one_hand: Hands) -> None:
    request = case.submitted(one_hand, case.drafted(one_hand, title="协助消防宣传教育"))
    request = case.approved(one_hand, case.accepted(one_hand, request))
    running = case.started(one_hand, case.presence_of(one_hand, request))
    assert (running.state, running.arrears) == (PresenceState.ACTIVE, True)


# ---- goods ---------------------------------------------------------------------------------------

GOODS = {"conditions": [{"key": "C1", "what": "equipment", "description": "相机", "quantity": 2}]}


def _receive(hand: Hands, presence: Presence, **fields: Any) -> Any:
    command = presences.ReceiptCommand(**fields)
    return hand("community.worker").do(
        lambda d: presences.receive(d, presence.id, presence.version, command)
    )


def test_no_more_goes_out_than_came_in(one_hand: Hands) -> None:
    presence = case.presence_of(one_hand, admitted(one_hand, **GOODS))
    _receive(one_hand, presence, key="C1", quantity=2)
    with refused("condition.out"):
        _receive(one_hand, presence, key="C1", quantity=3, direction="out")
    assert _receive(one_hand, presence, key="C1", quantity=2, direction="out").quantity == 2


def test_only_what_was_promised_is_received(one_hand: Hands) -> None:
    presence = case.presence_of(one_hand, admitted(one_hand, **GOODS))
    with refused("condition.unknown"):
        _receive(one_hand, presence, key="C9", quantity=1)
