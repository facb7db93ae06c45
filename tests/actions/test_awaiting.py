"""待我确认: whoever is to confirm something in the ledger finds it in one list, nobody else does."""

from typing import Any

from registry.actions.awaiting import Awaiting, AwaitingQuery, awaiting
from registry.actions.ledger import confirming, recording
from registry.actions.office import Call
from registry.actions.spending import claiming
from registry.domain.presence import Presence
from tests.actions import case, paid, spent
from tests.actions.case import Hands
from tests.actions.test_budget import CODES, recorded, taken
from tests.treasury import Treasury, serving


def waits(hand: Hands, who: str, **query: Any) -> Awaiting:
    held = hand(who)
    call = Call(actor=held.actor, county="990102", act="awaiting.read")
    return awaiting(held.office, call, AwaitingQuery(**query))


def acts(hand: Hands, who: str, **query: Any) -> list[str]:
    return [one.act_zh for one in waits(hand, who, **query).items]


def record(hand: Hands, by: str, presence: Presence, stage: str) -> Any:
    command = case.voucher(presence, stage, f"{stage}1", 300_000)
    return hand(by).do(lambda d: recording.record(d, command)).voucher


def test_a_dispatch_waits_for_the_head_of_finance_and_for_nobody_else(hand: Hands) -> None:
    presence = case.presence_of(hand, case.admitted(hand))
    record(hand, "dept.head", presence, "order")
    assert waits(hand, "finance.head").items == []
    kept = record(hand, "finance.clerk", presence, "dispatch")
    (item,) = waits(hand, "finance.head").items
    assert (item.what, item.id, item.version) == ("vouchers", kept.id, kept.version)
    assert item.act == f"/vouchers/{kept.id}/confirm"
    assert (item.act_zh, item.number, item.title) == ("确认拨付", "dispatch1", "楼道灯具编号拍照")
    assert (item.amount_fen, item.communities, item.obstacle) == (300_000, 1, "")
    assert item.places == ["霜舟演示社区居民委员会"]
    assert item.recorded_by == "演示·财政经办"
    for other in ("finance.clerk", "dept.head", "street.head", "community.head", "auditor"):
        assert waits(hand, other).items == [], other
    hand("finance.head").do(lambda d: confirming.confirm(d, kept.id, kept.version))
    assert waits(hand, "finance.head").items == []


def test_an_arrival_waits_for_the_worker_and_the_head_of_that_community(one_hand: Hands) -> None:
    presence = case.presence_of(one_hand, case.admitted(one_hand))
    record(one_hand, "dept.head", presence, "order")
    sent = record(one_hand, "finance.clerk", presence, "dispatch")
    one_hand("finance.head").do(lambda d: confirming.confirm(d, sent.id, sent.version))
    come = record(one_hand, "street.clerk", presence, "street_arrival")
    assert acts(one_hand, "street.head") == ["确认街道到账"]
    one_hand("street.head").do(lambda d: confirming.confirm(d, come.id, come.version))
    record(one_hand, "community.cashier", presence, "community_arrival")
    assert (
        acts(one_hand, "community.worker") == acts(one_hand, "community.head") == ["确认社区到账"]
    )
    assert acts(one_hand, "community.cashier") == acts(one_hand, "street2.head") == []


def test_who_approved_what_was_spent_is_not_asked_to_confirm_it(one_hand: Hands) -> None:
    presence = spent.funded(one_hand)
    spent.spent(one_hand, spent.spending(presence, "支1"))
    assert acts(one_hand, "community.head") == []
    (item,) = waits(one_hand, "street.head").items
    assert (item.what, item.number, item.amount_fen) == ("vouchers", "支1", 36_000)


def test_a_claim_waits_for_the_head_of_the_street(one_hand: Hands) -> None:
    presence = spent.funded(one_hand)
    spent.spent(one_hand, spent.spending(presence, "支1"))
    command = claiming.ClaimCommand(
        organisation_id=presence.organisation_id, first_on=spent.LATER.date().replace(day=1),
        last_on=spent.LATER.date(),
    )  # fmt: skip
    one_hand("community.cashier").do(lambda d: claiming.draw(d, command))
    assert acts(one_hand, "street.head", what="claims") == ["审核报账单"]
    assert [one.what for one in waits(one_hand, "street.head").items] == ["vouchers", "claims"]
    assert acts(one_hand, "street.clerk") == []


def test_an_indicator_waits_for_the_head_of_finance(one_hand: Hands) -> None:
    taken(one_hand, CODES)
    recorded(one_hand, number="演财预〔2026〕9号")
    (item,) = waits(one_hand, "finance.head").items
    assert (item.what, item.number, item.act_zh) == ("indicators", "演财预〔2026〕9号", "确认指标")
    assert acts(one_hand, "finance.clerk") == acts(one_hand, "dept.head") == []


def test_the_list_goes_on_where_a_page_ends(one_hand: Hands) -> None:
    presence = case.presence_of(one_hand, case.admitted(one_hand))
    record(one_hand, "dept.head", presence, "order")
    made = []
    for at in range(3):
        command = case.voucher(presence, "dispatch", f"拨{at}", 1_000)
        one_hand("finance.clerk").do(lambda d, c=command: recording.record(d, c))
        made.append(f"拨{at}")
    first = waits(one_hand, "finance.head", limit=2)
    assert first.next is not None
    rest = waits(one_hand, "finance.head", limit=2, after=first.next)
    assert rest.next is None
    assert sorted(one.number for one in [*first.items, *rest.items]) == made


def test_what_the_treasury_decides_waits_for_nobody(one_hand: Hands) -> None:
    with serving() as treasury:
        _paid_by(one_hand, treasury)
        assert waits(one_hand, "finance.head").items == []


def _paid_by(hand: Hands, treasury: Treasury) -> None:
    paid.linked(hand("auditor").office, treasury)
    presence = paid.ordered(hand)
    paid.dispatched(hand, presence, "拨1", 300_000)
