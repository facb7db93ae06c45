"""购买服务: awarded within its line and limit to a fit provider, and told what came of it (P27)."""

from datetime import date
from typing import Any

import msgspec
import pytest

from registry.actions.purchasing import awarding
from registry.domain.purchase import AwardCommand, Purchase, PurchaseResults
from registry.domain.request import Request
from tests.actions.case import Hands, admitted
from tests.actions.refused import refused
from tests.actions.test_formulas import bought

TODAY = date(2026, 3, 2)
TIED = {"name": "演示服务社", "kind": "social_organisation"}
FIT = {**TIED, "ties": []}


def buying(hand: Hands, **changes: Any) -> Request:
    return admitted(hand, funding=[bought("A0101")], **changes)


def order(request: Request, **changes: Any) -> AwardCommand:
    fields = {
        "request_id": request.id, "funding_key": "F1", "service": "楼道灯具清点",
        "directory_code": "A0101", "method": "own", "award": "演采〔2026〕3号", "provider": FIT,
        "amount_fen": 9_000, "awarded_on": TODAY, **changes,
    }  # fmt: skip
    return msgspec.convert(fields, AwardCommand)


def awarded(hand: Hands, request: Request, by: str = "dept.clerk", **changes: Any) -> Purchase:
    made: Purchase = hand(by).do(lambda d: awarding.award(d, order(request, **changes)))
    return made


RESULTS = PurchaseResults(
    accepted_on=TODAY, accepted=True, acceptance="抽查两成，全部到位", used=9_500, satisfied=9_200,
    asked=120,
)  # fmt: skip


def concluded(hand: Hands, held: Purchase, results: PurchaseResults = RESULTS) -> Purchase:
    after: Purchase = hand("dept.clerk").do(
        lambda d: awarding.conclude(d, held.id, held.version, results)
    )
    return after


def test_a_purchase_is_awarded_and_told_what_came_of_it(hand: Hands) -> None:
    held = awarded(hand, buying(hand))
    assert (held.limit_fen, held.amount_fen, held.provider_key) == (12_000, 9_000, "演示服务社")
    after = concluded(hand, held)
    assert after.results == RESULTS and after.results_by == "person-dept.clerk"


def test_an_award_is_within_its_line_and_its_limit(hand: Hands) -> None:
    request = buying(hand)
    with refused("purchase.exceeds") as info:
        awarded(hand, request, amount_fen=10_001)
    assert "E5" in info.value.detail
    awarded(hand, request, amount_fen=9_000)
    with refused("purchase.exceeds") as info:
        awarded(hand, request, amount_fen=1_001, award="演采〔2026〕4号")
    assert info.value.facts["left_fen"] == 1_000
    awarded(hand, request, amount_fen=1_000, award="演采〔2026〕4号")


def test_an_award_has_a_number_of_its_own(one_hand: Hands) -> None:
    request = buying(one_hand)
    awarded(one_hand, request, amount_fen=100)
    with refused("purchase.award"):
        awarded(one_hand, request, amount_fen=100)


def test_only_money_that_buys_buys(one_hand: Hands) -> None:
    with refused("purchase.line"):
        awarded(one_hand, admitted(one_hand))


def test_nothing_is_dated_ahead_or_before_its_award(one_hand: Hands) -> None:
    request = buying(one_hand)
    with refused("purchase.dated"):
        awarded(one_hand, request, awarded_on=date(2026, 3, 17))
    held = awarded(one_hand, request)
    early = msgspec.structs.replace(RESULTS, accepted_on=date(2026, 3, 1))
    with refused("purchase.dated"):
        concluded(one_hand, held, early)


def test_what_came_of_it_is_told_once(one_hand: Hands) -> None:
    held = concluded(one_hand, awarded(one_hand, buying(one_hand)))
    with refused("purchase.told"):
        concluded(one_hand, held)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"provider": TIED}, "DM-PURCHASE-PROVIDER"),
        ({"provider": {**FIT, "kind": "mass_organisation"}}, "DM-PURCHASE-PROVIDER"),
        ({"service": "小区建设工程项目"}, "DM-PURCHASE-BARRED"),
    ],
)
def test_the_rules_are_asked_of_whom_and_what_is_bought_in_the_end(
    one_hand: Hands, changes: dict[str, Any], rule: str
) -> None:
    with refused("gate.refused") as info:
        awarded(one_hand, buying(one_hand), **changes)
    assert info.value.rules[0]["rule"] == rule


@pytest.mark.parametrize("by", ["finance.clerk", "street.clerk", "community.head"])
def test_only_who_buys_records_an_award(one_hand: Hands, by: str) -> None:
    request = buying(one_hand)
    with refused("access.forbidden"):
        awarded(one_hand, request, by=by)
