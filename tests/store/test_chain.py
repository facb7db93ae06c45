"""资金链之和: one statement gives what adding the lines up one by one gives, however it is grouped."""

from collections import defaultdict
from typing import Any

import pytest

from registry.domain.funds import Chain, VoucherLine, chain
from registry.domain.presence import Presence
from registry.store.chain import Sought, sums
from registry.store.visible import Scope
from tests.actions import case
from tests.actions.case import Hands, admitted

COUNTY = "990102"


def summed(hand: Hands, by: tuple[str, ...], **sought: Any) -> dict[tuple[Any, ...], Chain]:
    with hand("auditor").office.store.reader.connect() as connection:
        return sums(connection, COUNTY, Sought(**sought), by)


@pytest.fixture
def moved(hand: Hands) -> list[Presence]:
    """Two communities with money at different stages, and one line not confirmed."""
    request = admitted(hand, targets=["990102001001", "990102001005"])
    reader = hand("auditor").office.store.reader
    both = reader.find(Presence, COUNTY, request_id=request.id)
    case.funded(hand, both[0], 300_000)
    order = case.voucher(both[1], "order", "令2", 70_000)
    hand("dept.head").do(lambda d: case.recording.record(d, order))
    sent = case.voucher(both[1], "dispatch", "拨2", 70_000)
    hand("finance.clerk").do(lambda d: case.recording.record(d, sent))
    return both


def test_the_sums_are_those_of_the_lines_re_added_by_hand(
    hand: Hands, moved: list[Presence]
) -> None:
    lines = hand("auditor").office.store.reader.find(VoucherLine, COUNTY)
    apart: dict[Any, list[VoucherLine]] = defaultdict(list)
    for line in lines:
        apart[line.presence_id, line.funding_key, line.year].append(line)
    found = summed(hand, ("presence_id", "funding_key", "year"))
    assert found == {key: chain(own) for key, own in apart.items()}
    assert found[moved[0].id, "F1", 2026].balance_fen == 300_000
    assert found[moved[1].id, "F1", 2026].ordered_fen == 70_000
    assert found[moved[1].id, "F1", 2026].dispatched_fen == 0
    assert summed(hand, ()) == {(): chain(lines)}


def test_what_is_narrowed_is_what_is_added(hand: Hands, moved: list[Presence]) -> None:
    one = moved[1]
    own = summed(hand, ("organisation_id",), path=one.area_path)
    assert own == {(one.organisation_id,): summed(hand, (), presence_ids=[one.id])[()]}
    assert summed(hand, (), years=[2025]) == {}
    assert summed(hand, ("payer_id",), payer_id="o-990102-health") == {}


def test_the_books_of_an_earlier_moment_are_those_of_then(
    hand: Hands, moved: list[Presence]
) -> None:
    reader = hand("auditor").office.store.reader
    before = reader.head(COUNTY)
    then = summed(hand, ("presence_id",))
    more = case.voucher(moved[0], "order", "令3", 11)
    hand("dept.head").do(lambda d: case.recording.record(d, more))
    assert summed(hand, ("presence_id",), as_of=before) == then
    assert summed(hand, ("presence_id",)) != then


def test_nobody_adds_up_what_they_may_not_see(hand: Hands, moved: list[Presence]) -> None:
    def seen(**scope: Any) -> set[Any]:
        scopes = [Scope(county=COUNTY, **scope)]
        return {key[0] for key in summed(hand, ("presence_id",), seen=scopes)}

    both = {p.id for p in moved}
    assert seen(whole=True) == both
    assert seen(path=moved[0].area_path) == {moved[0].id}
    assert seen(organisations=["o-990102-civil"]) == both, "the payer sees its own money"
    assert seen(organisations=["o-990102-health"]) == set()
