"""再评估: what is live is judged anew when the rules in force change, once, and a person is asked."""

from datetime import timedelta
from functools import partial
from typing import Any

import msgspec
import pytest

from registry.actions.office import Office
from registry.actions.rejudging import reevaluating
from registry.actions.rejudging.reconsidering import reconsider
from registry.actions.rules.publishing import put_list
from registry.actions.seeding import Seeder
from registry.actions.ticking import system_actor, tick
from registry.actions.voting import OpinionCommand
from registry.domain.approval import Ballot, StepAct, Task, TaskState
from registry.domain.catalogue import MatterList
from registry.domain.errors import Refusal
from registry.domain.pack import PackRun, RunState
from registry.domain.presence import Presence
from registry.domain.reevaluation import Reevaluation
from registry.domain.request import Request
from registry.domain.vocabulary import Outcome
from registry.store.verify import verify
from tests.actions.case import HERE, accepted, admitted, drafted, submitted
from tests.actions.enacting import barring, enacted
from tests.conftest import MovingClock

COUNTY = "990102"
LIST = "DEMO-LIST"


def listed(office: Office) -> MatterList:
    found = office.store.reader.get(MatterList, COUNTY, LIST)
    assert found is not None
    return found


def bring_in(office: Office, one: MatterList) -> None:
    Seeder(office).act(COUNTY, "list.import", partial(put_list, one=one))


def with_item(office: Office, title: str) -> MatterList:
    """The county's list with one more item of this title."""
    one = listed(office)
    item = msgspec.structs.replace(one.items[0], id="DEMO-LST-99", title=title, aliases=[])
    return msgspec.structs.replace(one, items=[*one.items, item])


def found(office: Office) -> list[Reevaluation]:
    return office.store.reader.find(Reevaluation, COUNTY)


def heads(office: Office) -> dict[str, int]:
    return {c: office.store.reader.head(c) for c in office.store.reader.partitions()}


def run_of(office: Office) -> PackRun:
    run = office.store.reader.get(PackRun, COUNTY, reevaluating.RUN)
    assert run is not None
    return run


def reconsidering(office: Office) -> list[Task]:
    tasks = office.store.reader.find(Task, COUNTY, state=TaskState.OPEN.value)
    return [t for t in tasks if t.act is StepAct.RECONSIDER]


TITLE = "演示专用清单事项甲"


@pytest.fixture
def admitted_by_list(office: Office, hand: Any) -> Request:
    """A matter that was let in because it stood on the list."""
    bring_in(office, with_item(office, TITLE))
    request = accepted(hand, submitted(hand, drafted(hand, title=TITLE)))
    held = office.store.reader.get(Request, COUNTY, request.id)
    assert held is not None
    return held


def test_a_second_tick_with_nothing_changed_writes_nothing(office: Office, hand: Any) -> None:
    admitted(hand)
    tick(office)
    before = heads(office)
    tick(office)
    assert heads(office) == before
    assert found(office) == []


def test_an_item_that_leaves_the_list_is_noticed_kept_and_handed_to_a_person(
    office: Office, admitted_by_list: Request
) -> None:
    tick(office)
    assert admitted_by_list.outcome is Outcome.LISTED
    assert found(office) == []
    one = listed(office)
    bring_in(office, msgspec.structs.replace(one, items=one.items[:-1]))
    done = tick(office)
    assert done["reevaluated"] >= 1
    kept = {r.object_id: r for r in found(office)}[admitted_by_list.id]
    assert (kept.was, kept.version) == (Outcome.LISTED, 1)
    assert kept.outcome is not Outcome.LISTED
    assert verify(office.store.reader._engine, COUNTY).fault is None
    again = heads(office)
    tick(office)
    assert heads(office) == again


def test_what_a_new_pack_refuses_goes_to_the_body_that_decided(
    office: Office, hand: Any, clock: MovingClock
) -> None:
    request = admitted(hand)
    tick(office)
    enacted(office, barring("2026-03-09"))
    tick(office)
    assert found(office) == []
    clock.at += timedelta(days=7)
    tick(office)
    kept = {r.object_id: r for r in found(office)}
    assert (kept[request.id].outcome, kept[request.id].stands) == (Outcome.REFUSED, False)
    [presence] = office.store.reader.find(Presence, COUNTY, request_id=request.id)
    assert not kept[presence.id].stands
    assert kept[presence.id].area_path.endswith(f"/{HERE}/")
    assert kept[request.id].area_path == kept[presence.id].area_path
    [task] = reconsidering(office)
    assert (task.request_id, task.organisation_id, task.family) == (
        request.id, "o-990102001", "street"
    )  # fmt: skip
    before = heads(office)
    tick(office)
    assert heads(office) == before


def test_a_matter_is_kept_or_ended_with_a_reason(
    one_office: Office, one_hand: Any, clock: MovingClock
) -> None:
    admitted(one_hand)
    enacted(one_office, barring("2026-03-09"))
    clock.at += timedelta(days=7)
    tick(one_office)
    [task] = reconsidering(one_office)
    silent, said = OpinionCommand(ballot=Ballot.AGREE), OpinionCommand(
        ballot=Ballot.AGREE, text="已有专项安排(演示)，维持"
    )  # fmt: skip
    head = one_hand("street.head")
    with pytest.raises(Refusal) as refused:
        head.do(lambda d: reconsider(d, task.id, task.version, silent))
    assert refused.value.code == "task.reason"
    with pytest.raises(Refusal, match=r"access\."):
        one_hand("dept.head").do(lambda d: reconsider(d, task.id, task.version, said))
    done = head.do(lambda d: reconsider(d, task.id, task.version, said))
    assert done.state is TaskState.DONE
    with pytest.raises(Refusal, match=r"task\.none"):
        head.do(lambda d: reconsider(d, task.id, done.version, said))
    before = heads(one_office)
    tick(one_office)
    assert heads(one_office) == before


def test_a_run_whose_process_died_goes_on_where_it_was(
    office: Office, admitted_by_list: Request, monkeypatch: pytest.MonkeyPatch
) -> None:
    tick(office)
    one = listed(office)
    bring_in(office, msgspec.structs.replace(one, items=one.items[:-1]))
    monkeypatch.setattr(reevaluating, "_told", lambda *_: (_ for _ in ()).throw(KeyError("killed")))
    with pytest.raises(KeyError):
        reevaluating.reevaluate(office, system_actor(COUNTY))
    monkeypatch.undo()
    assert run_of(office).state is RunState.RUNNING
    kept = found(office)
    reevaluating.reevaluate(office, system_actor(COUNTY))
    assert found(office) == kept
    assert run_of(office).state is RunState.DONE


def test_a_county_without_anything_live_writes_nothing(office: Office) -> None:
    before = heads(office)
    assert reevaluating.reevaluate(office, system_actor(COUNTY)) == 0
    assert heads(office) == before


def test_what_stands_again_is_taken_off_the_desk(office: Office, admitted_by_list: Request) -> None:
    tick(office)
    one = listed(office)
    barred = office.store.reader.get(MatterList, COUNTY, "DEMO-BARRED")
    assert barred is not None
    item = msgspec.structs.replace(
        barred.items[0], id="DEMO-BAR-99", title=TITLE, aliases=[TITLE], hints=[]
    )
    worse = msgspec.structs.replace(barred, items=[*barred.items, item])
    bring_in(office, msgspec.structs.replace(one, items=one.items[:-1]))
    bring_in(office, worse)
    tick(office)
    [task] = reconsidering(office)
    assert task.request_id == admitted_by_list.id
    bring_in(office, barred)
    bring_in(office, with_item(office, TITLE))
    tick(office)
    assert reconsidering(office) == []
    kept = {r.object_id: r for r in found(office)}[admitted_by_list.id]
    assert (kept.version, kept.outcome, kept.stands) == (2, Outcome.LISTED, True)
