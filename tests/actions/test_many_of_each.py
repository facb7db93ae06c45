"""件数: several questions of one list are counted in one statement, as each alone would be."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from registry.actions.querying.many import many, many_of_each
from registry.actions.reading import ListQuery
from registry.domain.records import civil
from registry.domain.request import Request, State
from registry.store.filters import Condition, Op
from tests.actions import case

READERS = ("county.office", "street.clerk", "dept.clerk", "community.head", "auditor")


@pytest.fixture
def played(office: Any, hand: Callable[[str], Any], clock: Any) -> Any:
    """Cases of two months, admitted and still asked for."""
    case.admitted(hand)
    clock.at += timedelta(days=40)
    case.admitted(hand, title="楼院花草名录", content="登记花草")
    case.drafted(hand, title="单元门禁登记", content="登记门禁")
    return office


def _queries(office: Any) -> list[ListQuery]:
    """By state and period, as a report asks them; the last asks for no period at all."""
    today = civil(office.clock())
    spans = [(today - timedelta(days=9), today), (today - timedelta(days=60), today),
             (today - timedelta(days=60), today - timedelta(days=9))]  # fmt: skip
    states = [[s.value for s in State], [State.APPROVED.value], [State.DRAFT.value]]
    found = [
        ListQuery(where=[
            Condition(field="state", op=Op.IN, value=some),
            Condition(field="applied_on", op=Op.GE, value=first),
            Condition(field="applied_on", op=Op.LE, value=last),
        ])
        for some in states for first, last in spans
    ]  # fmt: skip
    return [*found, ListQuery(where=[Condition(field="state", value=State.APPROVED.value)])]


@pytest.mark.parametrize("who", READERS)
@pytest.mark.parametrize("spans_alone", [True, False])
def test_together_they_are_as_many_as_each_alone(
    played: Any, hand: Callable[[str], Any], who: str, spans_alone: bool
) -> None:
    queries = _queries(played)[: -1 if spans_alone else None]
    actor = hand(who).actor
    each = [many(played, actor, Request, query) for query in queries]
    assert many_of_each(played, actor, Request, queries) == each
    assert who == "community.head" or {0} < set(each)


def test_who_reads_none_is_told_of_none(played: Any, hand: Callable[[str], Any]) -> None:
    assert many_of_each(played, hand("sec.admin").actor, Request, _queries(played)) is None


def test_what_differs_by_more_than_conditions_is_counted_each_by_itself(
    played: Any, hand: Callable[[str], Any]
) -> None:
    actor = hand("county.office").actor
    queries = [ListQuery(), ListQuery(area="a-990102001002")]
    each = [many(played, actor, Request, query) for query in queries]
    assert many_of_each(played, actor, Request, queries) == each and each[0] != each[1]
