"""报表的资金: amounts of all stages and periods, read together, are those of the ledger one by one."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from registry.actions.office import Call
from registry.actions.statements.detail import DetailQuery, Turnover, detail, turnovers
from registry.web.reported import MONEY
from tests.actions import case
from tests.conftest import Hand

SPANS = ((date(2025, 1, 1), date(2027, 12, 31)), (date(2020, 1, 1), date(2020, 1, 31)))


@pytest.mark.parametrize("who", ["county.office", "street.clerk", "dept.clerk", "finance.clerk"])
def test_read_together_they_are_what_each_question_alone_comes_to(
    one_office: Any, one_hand: Callable[[str], Hand], who: str
) -> None:
    place = case.agreed(one_hand, case.admitted(one_hand))
    case.funded(one_hand, place, place.share_fen)
    actor = one_hand(who).actor
    call = Call(actor=actor, county=actor.county, act="voucher.read")
    asked = [Turnover(stage, *span) for stage in MONEY for span in SPANS]
    queries = [DetailQuery(stage=one.stage, first=one.first, last=one.last) for one in asked]
    each = [detail(one_office, actor, call, query).total_fen for query in queries]
    assert turnovers(one_office, actor, call, asked) == each
    assert any(each[::2]) and not any(each[1::2])
