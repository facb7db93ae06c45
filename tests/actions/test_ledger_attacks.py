"""对账簿的试探: ways round the rules of money that an auditor would try, each refused by name."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from registry.actions import filing, submitting
from registry.actions.budgeting import indicating
from registry.actions.ledger import recording
from registry.actions.office import Office
from registry.domain.errors import Refusal
from registry.domain.presence import Presence, PresenceState
from tests.actions import case, yearly
from tests.actions.case import Hands, admitted
from tests.actions.ledgered import (
    again,
    booked,
    chain_now,
    command,
    confirmed,
    entry,
    grounded,
    lines_of,
    put,
    recorded,
)
from tests.actions.refused import refused
from tests.actions.standing_in import FINANCE, STREET, lend, posted
from tests.actions.test_budget import CODES, indicator, ordered, split, taken
from tests.conftest import MovingClock

BOTH = {"targets": ["990102001001", "990102001005"]}
WHY = {"note": "登记有误，予以冲销"}


def places(hand: Hands, **changes: Any) -> list[Presence]:
    request = admitted(hand, **changes)
    return list(hand("auditor").office.store.reader.find(Presence, "990102", request_id=request.id))


@pytest.fixture
def presence(one_hand: Hands) -> Presence:
    return case.presence_of(one_hand, admitted(one_hand))


def paper(hand: Hands, presence: Presence) -> dict[str, Any]:
    return grounded(hand, presence.request_id or "")


def granted(hand: Hands, *some: Presence) -> int:
    return sum(chain_now(hand, one).approved_fen for one in some)


# ---- E2: a word that belongs to another stage opens no door ---------------------------------


@pytest.mark.parametrize("stage", ["order", "advance", "dispatch", "increase"])
def test_e2_out_is_said_of_a_reallocation_and_of_nothing_else(
    one_hand: Hands, presence: Presence, stage: str
) -> None:
    booked(one_hand, "order", presence, 500)
    ended = put(one_hand, again(one_hand, presence), state=PresenceState.EXITED)
    by = {"order": "dept.head", "advance": "community.cashier"}.get(stage, "finance.clerk")
    more = paper(one_hand, presence) if stage == "increase" else {}
    bare = command(stage, entry(ended, 100, out=True), **more)
    with refused("voucher.out"):
        one_hand(by).do(lambda d: recording.record(d, bare))
    assert len(lines_of(one_hand, presence)) == 2


# ---- E6: what arrives was sent before ------------------------------------------------------


def test_e6_nothing_arrives_before_the_day_on_which_it_was_sent(
    one_hand: Hands, presence: Presence, clock: MovingClock
) -> None:
    clock.at = datetime(2026, 4, 20, 4, tzinfo=UTC)
    for stage in ("order", "dispatch"):
        booked(one_hand, stage, presence, 500, dated_on="2026-04-18")
    with refused("voucher.dated") as told:
        booked(one_hand, "street_arrival", presence, 500, dated_on="2026-04-17")
    assert told.value.facts["first"] == "2026-04-18"
    booked(one_hand, "street_arrival", presence, 500, dated_on="2026-04-18")
    with refused("voucher.dated"):
        booked(one_hand, "community_arrival", presence, 500, dated_on="2026-04-17")


# ---- E7: a street nets nothing -------------------------------------------------------------


def _at_street(hand: Hands, presence: Presence, fen: int, series: str) -> None:
    for stage in ("order", "dispatch", "street_arrival"):
        booked(hand, stage, presence, fen, number=f"{stage}{series}")


def test_e7_a_street_gives_nothing_of_one_community_or_item_for_another(one_hand: Hands) -> None:
    rich, poor = places(one_hand, **BOTH)
    other = places(one_hand, title="楼道灯具第二次编号")[0]
    _at_street(one_hand, rich, 300_000, "甲")
    _at_street(one_hand, poor, 100_000, "乙")
    back = {"at": "street"}
    for number, some in enumerate((
        [entry(poor, 100_001, **back)],
        [entry(rich, 200_000, **back), entry(poor, 200_000, **back)],
        [entry(rich, 300_001, **back)],
        [entry(rich, 150_000, **back), entry(rich, 150_001, **back)],
        [entry(other, 1, **back)],
    )):  # fmt: skip
        with refused("voucher.exceeds"):
            recorded(one_hand, "street.clerk", command("refund", *some, number=f"退{number}"))
    held = [chain_now(one_hand, one).held_fen for one in (rich, poor, other)]
    assert held == [300_000, 100_000, 0]


def test_e7_of_many_who_pass_on_the_same_money_at_once_each_fen_is_passed_on_once(
    hand: Hands,
) -> None:
    rich, poor = places(hand, **BOTH)
    _at_street(hand, rich, 300_000, "甲")
    _at_street(hand, poor, 300_000, "乙")
    given = [
        command("refund", entry(one, 100_000, at="street"), number=f"退{one.id}{n}")
        for one in (rich, poor) for n in range(6)
    ]  # fmt: skip

    def gives(one: Any) -> bool:
        try:
            return bool(recorded(hand, "street.clerk", one))
        except Refusal as refusal:
            assert refusal.code == "voucher.exceeds"
            return False

    hand("street.clerk")
    with ThreadPoolExecutor(8) as pool:
        granted = list(pool.map(gives, given))
    assert (sum(granted[:6]), sum(granted[6:])) == (3, 3)


# ---- E12: a reversal --------------------------------------------------------------------


def test_e12_a_reversal_says_why(one_hand: Hands, presence: Presence) -> None:
    order = booked(one_hand, "order", presence, 500)
    for note in ("", "   "):
        back = command("reversal", entry(presence, 500), reverses_id=order.id, note=note)
        with refused("voucher.reason"):
            recorded(one_hand, "dept.clerk", back)


def test_e12_nothing_is_taken_back_before_the_day_it_was_done(
    one_hand: Hands, presence: Presence, clock: MovingClock
) -> None:
    clock.at = datetime(2026, 4, 20, 4, tzinfo=UTC)
    order = booked(one_hand, "order", presence, 500, dated_on="2026-04-20")
    early = {"reverses_id": order.id, "dated_on": "2026-04-19", **WHY}
    with refused("voucher.dated"):
        recorded(one_hand, "dept.clerk", command("reversal", entry(presence, 500), **early))


def test_e12_neither_a_reversal_nor_what_waits_nor_what_is_void_is_reversed(
    one_hand: Hands, presence: Presence
) -> None:
    order = booked(one_hand, "order", presence, 500)
    back = command("reversal", entry(presence, 500), reverses_id=order.id, **WHY)
    made = recorded(one_hand, "dept.clerk", back)
    again_ = command("reversal", entry(presence, 1), reverses_id=order.id, number="再冲", **WHY)
    with refused("voucher.reverses"):
        recorded(one_hand, "dept.clerk", again_)
    confirmed(one_hand, "dept.head", made)
    for of in (made.id, order.id, "vch-none"):
        once = command("reversal", entry(presence, 1), reverses_id=of, number=f"再{of}", **WHY)
        with refused("voucher.reverses"):
            recorded(one_hand, "dept.clerk", once)


def test_e20_of_a_reallocation_no_side_alone_is_taken_back(one_hand: Hands) -> None:
    giver, taker = places(one_hand, **BOTH)
    lines = (entry(giver, 9_000, out=True), entry(taker, 9_000))
    given = command("reallocate", *lines, **paper(one_hand, giver))
    moved = confirmed(one_hand, "finance.head", recorded(one_hand, "dept.clerk", given))
    before = granted(one_hand, giver, taker)
    for n, some in enumerate(([giver], [taker])):
        back = [entry(one, 9_000) for one in some]
        with refused("voucher.reallocate"):
            told = {"reverses_id": moved.id, "number": f"冲{n}", **WHY}
            recorded(one_hand, "dept.clerk", command("reversal", *back, **told))
    with refused("voucher.reallocate"):
        told = {"reverses_id": moved.id, "number": "冲3", **WHY}
        uneven = command("reversal", entry(giver, 9_000), entry(taker, 8_999), **told)
        recorded(one_hand, "dept.clerk", uneven)
    both = command(
        "reversal", entry(giver, 5_000), entry(taker, 5_000), reverses_id=moved.id, **WHY
    )
    waits = recorded(one_hand, "dept.clerk", both)
    with refused("access.forbidden"):  # E20: what another body approved, that body takes back
        confirmed(one_hand, "dept.head", waits)
    confirmed(one_hand, "finance.head", waits)
    assert granted(one_hand, giver, taker) == before
    assert [chain_now(one_hand, p).approved_fen for p in (giver, taker)] == [396_000, 404_000]


@pytest.mark.parametrize("stage", ["refund", "surplus"])
def test_e13_who_received_what_was_given_back_lets_it_be_taken_back(
    one_hand: Hands, presence: Presence, stage: str
) -> None:
    case.funded(one_hand, presence, 300_000)
    gone = booked(one_hand, stage, presence, 1_000)
    back = command("reversal", entry(presence, 1_000), reverses_id=gone.id, **WHY)
    waits = recorded(one_hand, "community.cashier", back)
    for alone in ("community.worker", "community.head"):
        with refused("access.forbidden"):
            confirmed(one_hand, alone, waits)
    confirmed(one_hand, "finance.head", waits)
    assert chain_now(one_hand, presence).balance_fen == 300_000


# ---- E4, E20: nobody moves the money of another's matter -------------------------------------


def _with_two(**more: Any) -> dict[str, Any]:
    """A matter that two departments ask for, each paying a line of its own."""
    two = [
        *case.OFF_LIST["applicants"],
        {"organisation_id": "o-990102-urban", "leading": False, "duties": "协助"},
    ]
    line = case.OFF_LIST["funding"][0]
    second = {**line, "key": "F2", "payer_id": "o-990102-urban"}
    return {"applicants": two, "funding": [line, second], **more}


def test_e4_one_applicant_splits_no_budget_of_the_other(one_hand: Hands) -> None:
    place = places(one_hand, **_with_two())[0]
    held = indicator(one_hand, payer_id="o-990102-urban")
    line = entry(place, 100, funding_key="F2", indicator_id=held.id)
    with refused("voucher.payer"):
        recorded(one_hand, "dept.clerk", command("allot", line))


def test_e4_one_applicant_reallocates_no_money_of_the_other(one_hand: Hands) -> None:
    giver, taker = places(one_hand, **_with_two(**BOTH))
    lines = [entry(giver, 10, funding_key="F2", out=True), entry(taker, 10, funding_key="F2")]
    with refused("voucher.payer"):
        given = command("reallocate", *lines, **paper(one_hand, giver))
        recorded(one_hand, "dept.clerk", given)


def test_e20_a_department_takes_nothing_out_of_the_matter_of_another(one_hand: Hands) -> None:
    """Before anybody asks whose money it is: the matter is not theirs to take from."""
    mine = places(one_hand)[0]
    line = {**case.OFF_LIST["funding"][0], "payer_id": "o-990102-urban"}
    other = {"organisation_id": "o-990102-urban", "leading": True, "duties": "组织实施"}
    theirs = _of_urban(
        one_hand, {"applicants": [other], "title": "沿街招牌编号", "funding": [line]}
    )  # fmt: skip
    given = command(
        "reallocate", entry(theirs, 9_000, out=True), entry(mine, 9_000),
        request_id=mine.request_id or "", **paper(one_hand, mine),
    )  # fmt: skip
    with refused("access.forbidden"):
        recorded(one_hand, "dept.clerk", given)
    assert chain_now(one_hand, theirs).approved_fen == 800_000


def _of_urban(hand: Hands, changes: dict[str, Any]) -> Presence:
    draft = filing.DraftCommand(filing=case.filing_of(**changes))
    made = hand("dept2.clerk").do(lambda d: filing.draft(d, draft)).request
    order = submitting.SubmitCommand()
    asked = hand("dept2.head").do(lambda d: submitting.submit(d, made.id, made.version, order))
    request = case.approved(hand, case.examined(hand, case.accepted(hand, asked.request)))
    return case.presence_of(hand, request)


# ---- E5: an indicator is ordered for no more than was split from it --------------------------


def test_e5_what_was_not_ordered_of_an_indicator_is_not_given_back_to_it(
    one_hand: Hands, presence: Presence
) -> None:
    held = indicator(one_hand)
    part = recorded(one_hand, "dept.clerk", split(presence, "分1", 500_000, held.id))
    confirmed(one_hand, "dept.head", part)
    case.funded(one_hand, presence, 300_000)
    line = entry(presence, 300_000, at="community", indicator_id=held.id)
    with refused("indicator.returned") as told:
        recorded(one_hand, "community.cashier", command("refund", line))
    assert told.value.facts["ordered_fen"] == 0


def test_e5_what_was_ordered_of_an_indicator_is_given_back_to_it_once(
    one_hand: Hands, presence: Presence
) -> None:
    held = indicator(one_hand)
    part = recorded(one_hand, "dept.clerk", split(presence, "分1", 500_000, held.id))
    confirmed(one_hand, "dept.head", part)
    for stage in ("order", "dispatch", "street_arrival", "community_arrival"):
        told = {"entry": {"indicator_id": held.id}} if stage == "order" else {}
        booked(one_hand, stage, presence, 1_000, **told)
    case.funded(one_hand, presence, 5_000)
    back = {"at": "community", "indicator_id": held.id}
    recorded(one_hand, "community.cashier", command("refund", entry(presence, 600, **back)))
    with refused("indicator.returned") as beyond:
        recorded(one_hand, "community.cashier", command("refund", entry(presence, 401, **back)))
    assert beyond.value.facts["ordered_fen"] == 400
    recorded(one_hand, "community.cashier", command("refund", entry(presence, 400, **back)))


# ---- E13: two people, whoever acts for whom --------------------------------------------------


def test_e13_an_indicator_recorded_for_another_is_not_confirmed_by_the_other(
    one_office: Office, one_hand: Hands
) -> None:
    posted(one_office, "finance.head", "finance.clerk", FINANCE)
    taken(one_hand, CODES)
    lend(one_hand, "finance.head", "finance.clerk", "indicator.record",
         role="finance.clerk", of=FINANCE)  # fmt: skip
    clerk = one_hand("finance.clerk")
    lent = [p for p in clerk.actor.posts if p.on_behalf_of]
    clerk.actor = msgspec.structs.replace(clerk.actor, posts=lent)
    made = clerk.do(lambda d: indicating.record(d, ordered()))
    with refused("access.tied"):
        one_hand("finance.head").do(lambda d: indicating.confirm(d, made.id, made.version))


def test_e13_who_signed_through_another_for_the_street_does_not_sign_for_the_community(
    one_office: Office, one_hand: Hands
) -> None:
    yearly.there(one_hand)
    (id,) = yearly.imported(one_hand).balances
    posted(one_office, "community.head", "street.head", STREET)
    lend(one_hand, "community.head", "street.clerk", "opening.sign_street")
    yearly.signed(one_hand, id, "street.clerk")
    with refused("access.tied"):
        yearly.signed(one_hand, id, "community.head")


# ---- E13: one number is one number however it is typed ---------------------------------------


def test_e13_a_number_typed_in_full_width_or_with_spaces_is_the_same_number(
    one_hand: Hands, presence: Presence
) -> None:
    booked(one_hand, "order", presence, 100, number="令A-1")
    for n, typed in enumerate(("令Ａ－１", " 令A-1", "令A-1 ", "令A-1\u3000", "令 A-1")):
        with refused("voucher.number"):
            booked(one_hand, "order", presence, 100 + n, number=typed)
