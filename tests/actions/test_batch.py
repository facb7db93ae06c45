"""批量备案: listed matters by the dozen, each an act of its own; the others stop none of them."""

from typing import Any

import pytest

from registry.actions.between import batching
from registry.actions.between.batching import BatchCommand, BatchItem
from registry.actions.office import Office, settled
from registry.domain.approval import Decision
from registry.domain.errors import Refusal
from registry.domain.request import Request
from registry.store.verify import verify
from tests.actions.between import call, now, rows
from tests.actions.case import Hands, drafted, submitted
from tests.actions.test_approving import LISTED


def listed(hand: Hands, n: int) -> Request:
    return submitted(hand, drafted(hand, **{**LISTED, "starts_on": f"2026-04-{n + 1:02d}"}))


def filed(hand: Hands, items: list[BatchItem], key: str | None = None) -> batching.BatchView:
    """What the door answers to a batch of the street's head."""
    office: Office = hand("auditor").office
    command = BatchCommand(items=items, reason="清单内事项，予以备案")
    ended: list[Any] = []
    for future in batching.begin(office, call(hand, "street.head", key), command):
        try:
            ended.append(settled(future.result()))
        except Refusal as refusal:
            ended.append(refusal)
    return batching.told(command, ended)


def item(request: Request) -> BatchItem:
    return BatchItem(request_id=request.id, version=request.version)


def test_listed_matters_are_filed_together_each_with_its_number_and_event(hand: Hands) -> None:
    waiting = [listed(hand, n) for n in range(3)]
    off_list = submitted(hand, drafted(hand))
    before = hand("auditor").office.store.reader.head("990102")
    found = filed(hand, [*(item(r) for r in waiting), item(off_list)])
    assert [r.state.value if r.state else r.code for r in found.results] == [
        "approved", "approved", "approved", "batch.not_listed",
    ]  # fmt: skip
    assert (found.done, found.refused) == (3, 1)
    issued = [d for r in waiting for d in rows(hand, Decision, request_id=r.id)]
    assert len({d.number for d in issued}) == 3 and all(d.filed_on_record for d in issued)
    assert hand("auditor").office.store.reader.head("990102") == before + 4, "one event for each"
    assert now(hand, off_list).state.value == "submitted"
    assert verify(hand("auditor").office.store.engine, "990102").fault is None


def test_a_batch_sent_again_with_its_key_does_nothing_twice(one_hand: Hands) -> None:
    waiting = [listed(one_hand, n) for n in range(2)]
    items = [item(r) for r in waiting]
    first, second = filed(one_hand, items, "k-1"), filed(one_hand, items, "k-1")
    assert first == second and first.done == 2
    assert len(rows(one_hand, Decision)) == 2


def test_what_changed_meanwhile_is_refused_by_itself(one_hand: Hands) -> None:
    waiting = [listed(one_hand, n) for n in range(2)]
    stale = BatchItem(request_id=waiting[0].id, version=waiting[0].version + 1)
    gone = BatchItem(request_id="req-none", version=1)
    found = filed(one_hand, [stale, gone, item(waiting[1]), item(waiting[1])])
    assert [r.code for r in found.results] == [
        "version.stale", "record.missing", "", "task.none",
    ]  # fmt: skip


@pytest.mark.parametrize("by", ["street.clerk", "dept.head"])
def test_who_may_not_approve_one_approves_no_dozen(one_hand: Hands, by: str) -> None:
    request = listed(one_hand, 0)
    command = BatchCommand(items=[item(request)])
    queued = batching.begin(one_hand("auditor").office, call(one_hand, by), command)
    with pytest.raises(Refusal):
        settled(queued[0].result())
    assert now(one_hand, request).state.value == "submitted"
