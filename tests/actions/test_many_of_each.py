"""件数: several questions of one list are counted in one statement, as each alone would be."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from registry.actions.between import urging
from registry.actions.querying.many import many, many_of_each
from registry.actions.reading import ListQuery
from registry.domain.approval import Decision, DecisionKind
from registry.domain.records import civil
from registry.domain.request import Request, State
from registry.store import reckoned
from registry.store.filters import Condition, Op
from registry.store.kept import Kept
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


def _told(office: Any, hand: Callable[[str], Any], who: str) -> list[Any]:
    """What a report of the reader counts of requests and of decisions."""
    today, actor = civil(office.clock()), hand(who).actor
    issued = [
        ListQuery(where=[Condition(field="kind", value=kind.value),
                         Condition(field="issued_on", op=Op.LE, value=today)])
        for kind in DecisionKind
    ]  # fmt: skip
    return [
        many_of_each(office, actor, Request, _queries(office)),
        many_of_each(office, actor, Decision, issued),
    ]


def test_what_a_reader_sees_is_brought_forward_as_if_it_were_counted_anew(
    played: Any, hand: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row comes into somebody's sight without being written itself: submitted, copied to them,
    asked of them."""
    monkeypatch.setattr(reckoned, "MANY", 0)
    readers = (*READERS, "street2.head", "dept2.clerk")

    def same() -> dict[str, list[Any]]:
        told = {who: _told(played, hand, who) for who in readers}
        held, played.store.reader.kept = played.store.reader.kept, Kept()
        assert {who: _told(played, hand, who) for who in readers} == told
        played.store.reader.kept = held
        return told

    first = same()
    request = case.drafted(hand, title="楼道照明报修登记", content="登记照明报修")
    drafted = same()
    request = case.submitted(hand, request)
    filed = same()
    copy = urging.CopyCommand(organisations=["o-990102002"], text="供参考")
    hand("street.clerk").do(lambda d: urging.copy(d, request.id, copy))
    copied = same()
    case.approved(hand, case.examined(hand, case.accepted(hand, request)))
    decided = same()
    assert drafted["dept.clerk"] == first["dept.clerk"] != filed["dept.clerk"]
    assert drafted["street.clerk"] == first["street.clerk"] != filed["street.clerk"]
    assert filed["street2.head"] == drafted["street2.head"] != copied["street2.head"]
    assert copied["dept.clerk"][1] != decided["dept.clerk"][1]


def test_fewer_rows_than_pay_are_not_kept(played: Any, hand: Callable[[str], Any]) -> None:
    before = played.store.reader.kept = Kept()
    _told(played, hand, "street.clerk")
    assert not before.sheets
    _told(played, hand, "county.office")
    assert before.sheets
