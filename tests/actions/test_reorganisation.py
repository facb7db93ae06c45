"""机构变动 renamed, merged, split, moved: every live record has a successor, old papers keep names."""

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from registry.actions import approving, filing, reading
from registry.actions.ledger import confirming, recording
from registry.actions.office import Answer, Call, Office
from registry.actions.staff.accounts import actor_for
from registry.actions.succession import reorganising
from registry.domain.approval import Decision, Opinion, Task
from registry.domain.areas import Area
from registry.domain.audit import Finding
from registry.domain.catalogue import MatterList
from registry.domain.conference import Conference
from registry.domain.delegation import Absence, Delegation
from registry.domain.funds import Voucher, VoucherLine
from registry.domain.people import Organisation, Person, Post
from registry.domain.phrase import Phrase
from registry.domain.presence import Presence
from registry.domain.request import Request, Target
from registry.domain.succession import Effect, Succession
from registry.domain.vocabulary import Receiver
from registry.domain.waiver import Waiver
from tests.actions.case import (
    HERE,
    VILLAGE,
    accepted,
    admitted,
    agreed,
    approved,
    drafted,
    examined,
    filing_of,
    presence_of,
    submitted,
    voucher,
)
from tests.actions.refused import refused
from tests.actions.reorganised import COUNTY, astray, carried_out, planned, sound, told
from tests.conftest import Hand, MovingClock

CIVIL, URBAN = "o-990102-civil", "o-990102-urban"
STREET, STREET2 = "a-990102001000", "a-990102002000"
MERGE: dict[str, Any] = {
    "kind": "merge", "object_kind": "organisation", "sources": [CIVIL],
    "successors": [{"id": URBAN}],
}  # fmt: skip
STREETS: dict[str, Any] = {
    "kind": "merge", "object_kind": "area", "sources": [STREET], "successors": [{"id": STREET2}],
}  # fmt: skip
VILLAGERS: dict[str, Any] = {
    "kind": "village_to_community", "object_kind": "area", "sources": [VILLAGE],
    "successors": [{"id": VILLAGE, "name": "演示新社区居委会", "code": "990102100050",
                    "community_type": "urban",
                    "names": {"o-990102100200-station": "演示新社区服务站"}}],
}  # fmt: skip


def sums(office: Office) -> dict[str, int]:
    lines = office.store.reader.find(VoucherLine, COUNTY)
    return {line.presence_id: sum(x.amount_fen for x in lines if x.presence_id == line.presence_id)
            for line in lines}  # fmt: skip


def test_a_renamed_body_keeps_its_id_and_its_old_papers_their_name(
    one_office: Office, one_hand: Any, clock: MovingClock
) -> None:
    before = admitted(one_hand)
    new = "演示县第一街道办事处(更名)"
    carried_out(
        one_hand,
        kind="rename",
        object_kind="area",
        sources=[STREET],
        successors=[{"id": STREET, "name": "演示更名街道", "organisation_name": new}],
    )
    body = one_office.store.reader.get(Organisation, COUNTY, "o-990102001")
    decision = one_office.store.reader.find(Decision, COUNTY, request_id=before.id)[0]
    assert body is not None and body.name == new
    assert decision.body_name != new
    asked: list[str] = []

    def look(desk: Any) -> Any:
        asked.append(desk.places.name_on(body, date(2026, 3, 1)))
        asked.append(desk.places.name_on(body, date(2026, 3, 2)))
        raise LookupError

    with pytest.raises(LookupError):
        one_hand("county.head").do(look)
    assert asked == [decision.body_name, new]
    assert not astray(one_office) and sound(one_office)


def test_a_merged_department_leaves_everything_live_to_its_successor(
    office: Office, hand: Any
) -> None:
    running = submitted(hand, drafted(hand))
    mine = admitted(hand, title="楼道灯具编号登记")
    agreed(hand, mine)
    plan = planned(hand, **MERGE)
    named = {(i.kind, i.id): i for i in plan.items}
    assert named["request", running.id].to_id == URBAN
    assert named["request", mine.id].to_id == URBAN
    assert any(i.effect is Effect.FOLLOWS and i.kind == "agreement" for i in plan.items)
    assert any(i.kind == "post" and "dept.clerk" in i.title for i in plan.items)
    carried_out(hand, **MERGE)
    after = office.store.reader.get(Request, COUNTY, running.id)
    assert after is not None and after.applicant_id == URBAN and after.filing.leading == URBAN
    assert after.filing.funding[0].payer_id == URBAN
    assert not astray(office) and sound(office)
    old = office.store.reader.get(Organisation, COUNTY, CIVIL)
    assert old is not None and old.valid_to == date(2026, 3, 1)


def test_the_people_of_a_merged_body_hold_their_posts_in_the_successor(
    one_office: Office, one_hand: Any
) -> None:
    carried_out(one_hand, **MERGE)
    posts = one_office.store.reader.find(Post, COUNTY, person_id="person-dept.clerk")
    held = [p for p in posts if p.in_force(date(2026, 3, 2))]
    assert [(p.organisation_id, p.role) for p in held] == [(URBAN, "dept.clerk")]
    assert len(posts) == 2


def test_people_of_the_successor_read_and_close_what_the_dissolved_body_decided(
    one_office: Office, one_hand: Any
) -> None:
    request = admitted(one_hand)
    view = (
        one_hand("street.head")
        .do(lambda d: approving.close(d, request.id, request.version))
        .request
    )
    other = admitted(one_hand, title="另一件")
    with refused("access.hidden"):
        reading.one(one_office, one_hand("street2.head").actor, Request, view.id)
    carried_out(one_hand, **STREETS)
    successor = Hand(one_office, "street2.head")
    assert reading.one(one_office, successor.actor, Request, view.id).state == "closed"
    assert reading.one(one_office, successor.actor, Decision, view.decision_id).body_name != ""
    current = one_office.store.reader.get(Request, COUNTY, other.id)
    assert current is not None
    done = successor.do(lambda d: approving.close(d, current.id, current.version)).request
    assert done.state == "closed"


def test_a_street_dissolved_in_mid_case_leaves_its_task_to_the_successor_with_its_day(
    office: Office, hand: Any
) -> None:
    request = examined(hand, accepted(hand, submitted(hand, drafted(hand))))
    before = office.store.reader.find(Task, COUNTY, request_id=request.id, state="open")[0]
    carried_out(hand, **STREETS)
    after = office.store.reader.get(Task, COUNTY, before.id)
    assert after is not None
    assert after.organisation_id == "o-990102002" and after.due_on == before.due_on
    said = office.store.reader.find(Opinion, COUNTY, request_id=request.id)
    assert [o.organisation_id for o in said] == ["o-990102001"]
    now = office.store.reader.get(Request, COUNTY, request.id)
    assert now is not None
    command = approving.DecideCommand(reason="同意")
    view = (
        Hand(office, "street2.head")
        .do(lambda d: approving.approve(d, now.id, now.version, command))
        .request
    )
    assert view.state == "approved"
    presence = office.store.reader.find(Presence, COUNTY, request_id=request.id)[0]
    assert presence.area_path.startswith(f"{_path(office, STREET2)}")
    assert not astray(office) and sound(office)


def _path(office: Office, id: str) -> str:
    area = office.store.reader.get(Area, COUNTY, id)
    assert area is not None
    return area.path


def test_the_communities_of_a_merged_street_lie_in_the_successor_with_all_that_lives_there(
    office: Office, hand: Any
) -> None:
    presence = agreed(hand, admitted(hand))
    order = voucher(presence, "order", "令1", 800000)
    hand("dept.head").do(lambda d: recording.record(d, order))
    dispatch = voucher(presence, "dispatch", "拨1", 800000)
    kept = hand("finance.clerk").do(lambda d: recording.record(d, dispatch)).voucher
    money = sums(office)
    plan = planned(hand, **STREETS)
    assert ("voucher", kept.id) in {(i.kind, i.id) for i in plan.items}
    carried_out(hand, **STREETS)
    area = office.store.reader.get(Area, COUNTY, HERE)
    assert area is not None and area.parent_id == STREET2
    assert _path(office, HERE).startswith(_path(office, STREET2))
    moved = office.store.reader.get(Presence, COUNTY, presence.id)
    assert moved is not None and moved.area_path == area.path
    targets = office.store.reader.find(Target, COUNTY, request_id=presence.request_id)
    assert [t.path for t in targets if not t.withdrawn] == [area.path]
    assert sums(office) == money
    hand("finance.head").do(lambda d: confirming.confirm(d, kept.id, kept.version))
    assert not astray(office) and sound(office)


def test_the_community_of_a_moved_street_still_reads_its_closed_cases(
    one_office: Office, one_hand: Any
) -> None:
    request = admitted(one_hand)
    one_hand("street.head").do(lambda d: approving.close(d, request.id, request.version))
    carried_out(one_hand, **STREETS)
    head = Hand(one_office, "community.head")
    assert reading.one(one_office, head.actor, Request, request.id).state == "closed"


def test_a_split_names_a_successor_for_everything_or_is_refused(
    one_office: Office, one_hand: Any
) -> None:
    request = drafted(one_hand)
    split = {
        "kind": "split", "object_kind": "organisation", "sources": [CIVIL],
        "successors": [{"id": URBAN}, {"id": "o-990102-elders", "name": "演示县老龄工作局"}],
    }  # fmt: skip
    plan = planned(one_hand, **split)
    assert request.id in plan.unassigned
    with refused("reorganisation.unassigned") as info:
        carried_out(one_hand, **split)
    assert request.id in info.value.facts["named"]
    split |= {"heir": URBAN, "assignments": {request.id: "o-990102-elders",
                                             "person-dept.clerk": "o-990102-elders"}}  # fmt: skip
    carried_out(one_hand, **split)
    after = one_office.store.reader.get(Request, COUNTY, request.id)
    assert after is not None and after.applicant_id == "o-990102-elders"
    clerk = Hand(one_office, "dept.clerk").actor.posts
    assert [p.organisation_id for p in clerk] == ["o-990102-elders"]
    assert not astray(one_office) and sound(one_office)


def test_both_halves_of_a_split_read_what_had_ended_and_one_finishes_it(
    office: Office, hand: Any
) -> None:
    request = admitted(hand)
    hand("street.head").do(lambda d: approving.close(d, request.id, request.version))
    new = {"id": "a-new-street", "name": "演示新设街道", "code": "990102099000",
           "organisation_id": "o-new-street"}  # fmt: skip
    carried_out(
        hand,
        kind="split",
        object_kind="area",
        sources=[STREET],
        successors=[{"id": STREET2}, new],
        heir=STREET2,
        assignments={HERE: "a-new-street", "person-street.clerk": "a-new-street"},
    )
    for name, where in (("street2.head", STREET2), ("street.clerk", "a-new-street")):
        reader = Hand(office, name)
        assert [p.area_id for p in reader.actor.posts] == [where]
        assert reading.one(office, reader.actor, Request, request.id).id == request.id
    assert _path(office, HERE).startswith(_path(office, "a-new-street"))
    assert not astray(office) and sound(office)


def test_only_what_is_named_is_transferred_and_the_source_stays(
    one_office: Office, one_hand: Any
) -> None:
    moved, kept = drafted(one_hand), drafted(one_hand, title="另一件")
    carried_out(
        one_hand,
        kind="transfer",
        object_kind="organisation",
        sources=[CIVIL],
        successors=[{"id": URBAN}],
        assignments={moved.id: URBAN},
    )
    after = [one_office.store.reader.get(Request, COUNTY, r.id) for r in (moved, kept)]
    assert [r.applicant_id for r in after if r] == [URBAN, CIVIL]
    source = one_office.store.reader.get(Organisation, COUNTY, CIVIL)
    assert source is not None and source.valid_to is None


def test_a_function_that_is_transferred_is_carried_by_the_other_body(
    one_office: Office, one_hand: Any
) -> None:
    carried_out(
        one_hand,
        kind="transfer",
        object_kind="organisation",
        sources=["o-990102-admission"],
        successors=[{"id": URBAN}],
        assignments={"admission_office": URBAN},
    )
    bodies = {o.id: o.functions for o in one_office.store.reader.find(Organisation, COUNTY)}
    assert "admission_office" in bodies[URBAN]
    assert "admission_office" not in bodies["o-990102-admission"]


def test_a_village_becomes_a_residents_community_and_keeps_its_id(
    office: Office, hand: Any
) -> None:
    running = submitted(hand, drafted(hand, targets=[VILLAGE], receivers=["village_committee"]))
    plan = planned(hand, **VILLAGERS)
    assert [i.id for i in plan.items if i.effect is Effect.PERSON] == [running.id]
    carried_out(hand, **VILLAGERS)
    area = office.store.reader.get(Area, COUNTY, VILLAGE)
    assert area is not None and area.kind == "residents_committee"
    assert (area.name, area.code) == ("演示新社区居委会", "990102100050")
    found = office.store.reader.find(Finding, COUNTY, code="reorganisation.receiver")
    assert [f.object_id for f in found] == [running.id]
    assert not astray(office) and sound(office)


def test_the_station_of_a_village_takes_the_name_the_document_tells(
    one_office: Office, one_hand: Any
) -> None:
    station = "o-990102100200-station"
    before = one_office.store.reader.get(Organisation, COUNTY, station)
    carried_out(one_hand, **VILLAGERS)
    after = one_office.store.reader.get(Organisation, COUNTY, station)
    assert before is not None and after is not None and after.name == "演示新社区服务站"

    def then(desk: Any) -> Answer:
        return Answer(body=desk.places.name_on(after, desk.today - timedelta(days=1)))

    assert one_hand("county.head").do(then) == before.name


def test_a_body_whose_new_name_nobody_told_keeps_its_own_and_is_for_a_person(
    one_office: Office, one_hand: Any
) -> None:
    station = "o-990102100200-station"
    untold = {k: v for k, v in VILLAGERS["successors"][0].items() if k != "names"}
    change = VILLAGERS | {"successors": [untold]}
    plan = planned(one_hand, **change)
    assert [i.id for i in plan.items if i.effect is Effect.PERSON] == [station]
    carried_out(one_hand, **change)
    held = one_office.store.reader.get(Organisation, COUNTY, station)
    assert held is not None and held.name == "笺萤演示村服务站"
    found = one_office.store.reader.find(Finding, COUNTY, code="reorganisation.name")
    assert [(f.object_kind, f.object_id) for f in found] == [("organisation", station)]


def test_a_name_is_told_only_for_a_body_of_the_place(one_hand: Any) -> None:
    astray = VILLAGERS["successors"][0] | {"names": {URBAN: "演示"}}
    with refused("reorganisation.assignment") as told:
        planned(one_hand, **(VILLAGERS | {"successors": [astray]}))
    assert told.value.facts["named"] == URBAN and URBAN not in told.value.detail


def test_what_lives_in_a_village_goes_on_in_the_residents_community(
    one_office: Office, one_hand: Any
) -> None:
    request = submitted(
        one_hand, drafted(one_hand, targets=[VILLAGE], receivers=["village_committee"])
    )
    request = examined(one_hand, accepted(one_hand, request, "township.clerk"), "township.clerk")
    command = approving.DecideCommand(reason="同意")
    one_hand("township.head").do(
        lambda d: approving.approve(d, request.id, request.version, command)
    )
    carried_out(one_hand, **VILLAGERS)
    presence = presence_of(one_hand, request)
    assert presence.receiver is Receiver.RESIDENTS_COMMITTEE
    assert presence.organisation_id == "o-990102100200"


def test_nothing_is_admitted_for_a_village_committee_that_is_no_more(one_hand: Any) -> None:
    asked = drafted(one_hand, targets=[VILLAGE], receivers=["village_committee"])
    request = accepted(one_hand, submitted(one_hand, asked), "township.clerk")
    carried_out(one_hand, **VILLAGERS)
    request = one_hand("township.clerk").do(lambda d: Answer(body=d.unit.get(Request, request.id)))
    request = examined(one_hand, request, "township.clerk")
    command = approving.DecideCommand(reason="同意")
    with refused("receiver.gone"):
        one_hand("township.head").do(
            lambda d: approving.approve(d, request.id, request.version, command)
        )


def test_nothing_changes_before_the_day(one_office: Office, one_hand: Any) -> None:
    later = {**MERGE, "effective_on": "2026-04-01"}
    assert planned(one_hand, **later).items
    with refused("reorganisation.early"):
        carried_out(one_hand, **later)
    assert not one_office.store.reader.find(Succession, COUNTY)
    body = one_office.store.reader.get(Organisation, COUNTY, CIVIL)
    assert body is not None and body.version == 1


def test_the_directory_shows_who_there_was_on_each_day(one_office: Office, one_hand: Any) -> None:
    carried_out(one_hand, **MERGE)
    actor = one_hand("county.head").actor

    def there(on: date) -> set[str]:
        query = reading.ListQuery(limit=500, valid_on=on, equals={"kind": "department"})
        return {o.id for o in reading.page(one_office, actor, Organisation, query).items}

    assert CIVIL in there(date(2026, 3, 1))
    assert CIVIL not in there(date(2026, 3, 2))


def test_what_was_not_seen_is_not_carried_out(one_office: Office, one_hand: Any) -> None:
    seen = planned(one_hand, **MERGE)
    drafted(one_hand)
    command = told(**MERGE, plan_digest=seen.digest)
    with refused("reorganisation.changed"):
        one_hand("county.head").do(lambda d: reorganising.run(d, command))


@pytest.mark.parametrize(
    ("code", "fields"),
    [
        ("reorganisation.same", {"successors": [{"id": CIVIL}]}),
        ("reorganisation.same", {"sources": [CIVIL, CIVIL]}),
        ("reorganisation.source", {"sources": ["o-990103-civil"]}),
        ("reorganisation.successor", {"successors": [{"id": "o-990103-civil"}]}),
        ("reorganisation.successor", {"successors": [{"id": "o-990102001"}]}),
        ("reorganisation.shape", {"successors": [{"id": URBAN}, {"id": "o-990102-health"}]}),
        ("reorganisation.shape", {"sources": ["o-990102001"]}),
        ("reorganisation.shape", {"kind": "village_to_community"}),
        ("reorganisation.assignment", {"assignments": {"req-nobody": URBAN}}),
        ("reorganisation.assignment", {"heir": "o-990102-health"}),
        ("reorganisation.successor", {**STREETS, "successors": [{"id": HERE}]}),
        ("reorganisation.successor", {**STREETS, "sources": [VILLAGE],
                                      "successors": [{"id": HERE}]}),
        ("reorganisation.source", {**STREETS, "sources": ["a-990102000000"]}),
        # Neither code nor name tells what kind of place it would be.
        ("reorganisation.successor", {**STREETS, "successors": [
            {"id": "a-new", "name": "演示新地", "code": "990102886000",
             "organisation_id": "o-new"}]}),
    ],
)  # fmt: skip
def test_a_change_that_makes_no_sense_is_refused(
    one_hand: Any, code: str, fields: dict[str, Any]
) -> None:
    with refused(code):
        planned(one_hand, **{**MERGE, **fields})


@pytest.mark.parametrize("by", ["street.head", "dept.head", "city.office", "auditor"])
def test_nobody_else_plans_or_carries_out_a_reorganisation(one_hand: Any, by: str) -> None:
    with refused("access.forbidden"):
        planned(one_hand, by, **MERGE)


@pytest.mark.parametrize("by", ["county.office", "sys.admin"])
def test_who_only_looks_at_the_plan_does_not_carry_it_out(one_hand: Any, by: str) -> None:
    digest = planned(one_hand, by, **MERGE).digest
    with refused("access.forbidden"):
        one_hand(by).do(lambda d: reorganising.run(d, told(**MERGE, plan_digest=digest)))


def test_the_successors_of_successors_take_over_all_that_came_before(
    one_office: Office, one_hand: Any
) -> None:
    carried_out(one_hand, **MERGE)
    carried_out(
        one_hand,
        kind="merge",
        object_kind="organisation",
        sources=[URBAN],
        successors=[{"id": "o-990102-works", "name": "演示县建设局"}],
    )
    person = one_office.store.reader.get(Person, COUNTY, "person-dept.clerk")
    assert person is not None
    posts = actor_for(one_office, person).posts
    assert [p.organisation_id for p in posts] == ["o-990102-works"]
    assert {CIVIL, URBAN} <= set(posts[0].formerly)
    assert not astray(one_office) and sound(one_office)


def test_a_waiting_voucher_of_a_dissolved_street_is_confirmed_by_its_successor(
    one_office: Office, one_hand: Any
) -> None:
    presence = agreed(one_hand, admitted(one_hand))
    order = voucher(presence, "order", "令1", 800000)
    one_hand("dept.head").do(lambda d: recording.record(d, order))
    dispatch = voucher(presence, "dispatch", "拨1", 800000)
    kept = one_hand("finance.clerk").do(lambda d: recording.record(d, dispatch)).voucher
    one_hand("finance.head").do(lambda d: confirming.confirm(d, kept.id, kept.version))
    arrival = voucher(presence, "street_arrival", "街1", 800000)
    waiting = one_hand("street.clerk").do(lambda d: recording.record(d, arrival)).voucher
    carried_out(one_hand, **STREETS)
    done = (
        Hand(one_office, "street2.head")
        .do(lambda d: confirming.confirm(d, waiting.id, waiting.version))
        .voucher
    )
    assert done.confirmed_by == "person-street2.head"
    paper = one_office.store.reader.get(Voucher, COUNTY, waiting.id)
    assert paper is not None and paper.issuer_id == "o-990102001"


def rows(draft: str) -> list[Any]:
    """One live row of each kind that other parts of the office make, all naming the department."""
    day, at = "2026-03-02", "2026-03-02T04:00:00Z"
    common = {"county": COUNTY}
    lent = {"kind": "delegation", "from_person_id": "person-dept.head", "role": "dept.head",
            "to_person_id": "person-dept.clerk", "acts": ["request.submit"], "given_at": at,
            "valid_from": day, "valid_to": "2026-12-31", "given_by": "a"}  # fmt: skip
    waived = {"basis": "meeting", "document_number": "演示会纪〔2026〕3号", "issuer": "演示会议",
              "dated_on": day, "reason": "演示", "proposed_by": "a", "granted_by": "b",
              "granted_on": day, "valid_from": day, "valid_to": "2026-12-31",
              "scope": {"rules": ["default.deny"], "applicants": [CIVIL],
                        "areas": [f"/{STREET}/"]}}  # fmt: skip
    met = {"title": "演示会议", "held_on": day, "called_by": "person-dept.head", "agenda": [],
           "seated": f"|{CIVIL}|",
           "members": [{"person_id": "person-dept.head", "organisation_id": CIVIL}]}  # fmt: skip
    made: list[tuple[Any, dict[str, Any]]] = [
        (Delegation, {"id": "dlg-1", "organisation_id": CIVIL, **lent}),
        (Absence, {"id": "abs-1", "organisation_id": CIVIL, "person_id": "person-dept.head",
                   "valid_from": day, "valid_to": "2026-03-20", "recorded_by": "a"}),
        (Phrase, {"id": "phr-1", "organisation_id": CIVIL, "text": "同意", "made_by": "a"}),
        (Conference, {"id": "cnf-1", "organisation_id": CIVIL, **met}),
        (Waiver, {"id": "exc-1", **waived}),
        (Finding, {"id": "fnd-1", "code": "demo", "object_kind": "request", "object_id": draft,
                   "organisation_id": CIVIL, "opened_on": day, "detail": "演示"}),
    ]  # fmt: skip
    return [msgspec.convert(common | fields, kind) for kind, fields in made]


def test_whatever_else_is_live_goes_to_the_successor_too(one_office: Office, one_hand: Any) -> None:
    draft = drafted(one_hand)
    for row in rows(draft.id):
        one_hand("county.head").do(lambda desk, row=row: Answer(body=desk.unit.add(row)))
    assert not astray(one_office)
    carried_out(one_hand, **MERGE)
    assert not astray(one_office) and sound(one_office)
    find = one_office.store.reader.get
    assert find(Waiver, COUNTY, "exc-1").scope.applicants == [URBAN]  # type: ignore[union-attr]
    assert find(Phrase, COUNTY, "phr-1").organisation_id == URBAN  # type: ignore[union-attr]


def test_what_is_new_names_no_body_and_no_place_that_is_no_more(
    one_office: Office, one_hand: Any
) -> None:
    carried_out(one_hand, **STREETS)
    with refused("area.unknown"):
        drafted(one_hand, targets=[STREET])
    carried_out(one_hand, **MERGE)
    paid = [
        {"key": "F1", "mode": "transfer", "payer_id": CIVIL, "amount_fen": 100, "fiscal_year": 2026}
    ]
    clerk = Hand(one_office, "dept.clerk")
    applicants = [{"organisation_id": URBAN, "leading": True}]
    with refused("organisation.ended") as told:
        drafted(lambda _: clerk, applicants=applicants, funding=paid)
    after = one_office.store.reader.get(Organisation, COUNTY, told.value.facts["successor"])
    assert after is not None and after.name in told.value.detail
    assert CIVIL not in told.value.detail


def test_who_belonged_to_a_body_that_now_asks_does_not_judge_its_case(
    one_office: Office, one_hand: Any
) -> None:
    request = submitted(one_hand, drafted(one_hand))

    def second(desk: Any) -> Answer:
        old = desk.unit.find(Post, person_id="person-dept2.clerk")[0]
        desk.unit.change(old, valid_to=date(2026, 3, 1))
        new = {"id": "post-moved", "version": 1, "organisation_id": "o-990102001",
               "area_id": STREET, "role": "street.head"}  # fmt: skip
        return Answer(body=desk.unit.add(msgspec.structs.replace(old, **new)))

    def before(desk: Any) -> Answer:
        return Answer(body=desk.unit.change(desk.unit.get(Request, request.id),
                                            applied_on=date(2026, 2, 27)))  # fmt: skip

    one_hand("county.head").do(second)
    one_hand("county.head").do(before)
    carried_out(
        one_hand,
        kind="merge",
        object_kind="organisation",
        sources=[CIVIL, URBAN],
        successors=[{"id": "o-990102-works", "name": "演示县建设局"}],
    )
    now = one_office.store.reader.get(Request, COUNTY, request.id)
    assert now is not None
    with refused("access.tied"):
        Hand(one_office, "dept2.clerk").do(lambda d: approving.accept(d, now.id, now.version))


def test_a_street_body_with_two_tasks_in_a_step_is_asked_once(
    one_office: Office, one_hand: Any
) -> None:
    request = accepted(one_hand, submitted(one_hand, drafted(one_hand)))
    task = one_office.store.reader.find(Task, COUNTY, request_id=request.id, state="open")[0]

    def beside(desk: Any) -> Answer:
        other = {"id": f"{task.id}x", "version": 1, "organisation_id": "o-990102002"}
        return Answer(body=desk.unit.add(msgspec.structs.replace(task, **other)))

    one_hand("county.head").do(beside)
    carried_out(one_hand, **STREETS)
    after = one_office.store.reader.find(Task, COUNTY, step_id=task.step_id)
    assert sorted((t.organisation_id, t.state.value) for t in after) == [
        ("o-990102001", "cancelled"), ("o-990102002", "open")]  # fmt: skip


def test_a_review_of_what_a_dissolved_street_decided_lies_with_its_successor(
    one_office: Office, one_hand: Any
) -> None:
    request = admitted(one_hand)
    carried_out(one_hand, **STREETS)

    def look(desk: Any) -> Answer:
        decision = desk.unit.get(Decision, request.decision_id)
        return Answer(body=desk.places.now(decision.organisation_id).id)

    assert Hand(one_office, "county.head").do(look) == "o-990102002"


def test_an_act_begun_before_is_waited_for_and_one_after_sees_the_change(
    office: Office, hand: Any
) -> None:
    """Drafts and the merger at once: whichever comes first, no live row names the old body."""
    clerk = hand("dept.clerk")
    order = filing.DraftCommand(filing=filing_of())
    call = Call(actor=clerk.actor, county=COUNTY, act="test")
    command = told(**MERGE, plan_digest=planned(hand, **MERGE).digest)
    head = Call(actor=hand("county.head").actor, county=COUNTY, act="test")
    merger = office.submit(head, lambda d: reorganising.run(d, command))
    drafts = [office.submit(call, lambda d: filing.draft(d, order)) for _ in range(6)]
    refusals = {(answer.refused or {}).get("code") for answer in (d.result() for d in drafts)}
    assert refusals <= {None, "access.forbidden"}
    done = merger.result().refused
    assert done is None or done["code"] == "reorganisation.changed"
    assert done is None or refusals == {None}
    assert not astray(office) and sound(office)


def test_a_body_that_would_judge_its_own_case_is_told_to_a_person(
    one_office: Office, one_hand: Any
) -> None:
    request = accepted(one_hand, submitted(one_hand, drafted(one_hand)))
    task = one_office.store.reader.find(Task, COUNTY, request_id=request.id, state="open")[0]

    def elsewhere(desk: Any) -> Answer:
        return Answer(body=desk.unit.change(desk.unit.get(Task, task.id), organisation_id=URBAN))

    one_hand("county.head").do(elsewhere)
    merge = {**MERGE, "sources": [URBAN], "successors": [{"id": CIVIL}]}
    told = [i.id for i in planned(one_hand, **merge).items if i.effect is Effect.PERSON]
    assert told == [task.id]
    carried_out(one_hand, **merge)
    found = one_office.store.reader.find(Finding, COUNTY, code="reorganisation.own_case")
    assert [f.object_id for f in found] == [request.id]


def test_the_duty_list_of_a_street_binds_its_successor(one_office: Office, one_hand: Any) -> None:
    listed = {
        "county": COUNTY, "id": "DUTY-x", "title": "演示履职清单", "polarity": "own_duty",
        "kinds": ["task"], "area": _path(one_office, STREET), "instrument": "演示文件",
        "grade": "fictional", "source": "演示",
        "items": [{"id": "DUTY-x-1", "title": "演示事项", "basis": "演示",
                   "department": "演示县民政局", "grade": "fictional", "source": "演示"}],
    }  # fmt: skip
    row = msgspec.convert(listed, MatterList)
    one_hand("county.head").do(lambda desk: Answer(body=desk.unit.add(row)))
    kept = [i for i in planned(one_hand, **MERGE).items if i.kind == "list_item"]
    assert ("DUTY-x-1", Effect.KEPT, URBAN) in [(i.id, i.effect, i.to_id) for i in kept]
    carried_out(one_hand, **STREETS)
    after = one_office.store.reader.get(MatterList, COUNTY, "DUTY-x")
    assert after is not None and after.area == _path(one_office, STREET2)


CHAIN: tuple[dict[str, Any], ...] = (
    {"kind": "transfer", "object_kind": "area", "sources": [STREET],
     "successors": [{"id": "a-990102004000"}], "assignments": {HERE: "a-990102004000"}},
    {"kind": "split", "object_kind": "area", "sources": ["a-990102001003"],
     "successors": [{"id": "a-990102010002"}, {"id": HERE}], "heir": HERE},
    {"kind": "merge", "object_kind": "area", "sources": [STREET, STREET2],
     "successors": [{"id": "a-new", "name": "演示新设街道", "code": "990102099000",
                     "organisation_id": "o-new"}]},
    VILLAGERS,
    {"kind": "merge", "object_kind": "area", "sources": [HERE], "successors": [{"id": VILLAGE}]},
    MERGE,
)  # fmt: skip


def test_one_change_after_another_leaves_nothing_behind_and_the_case_goes_on(
    one_office: Office, one_hand: Any
) -> None:
    agreed(one_hand, admitted(one_hand))
    whole = drafted(one_hand, title="全街道楼栋登记", targets=["990102001"])
    request = accepted(one_hand, submitted(one_hand, whole))
    for change in CHAIN:
        carried_out(one_hand, **change)
        assert not astray(one_office)
    assert sound(one_office)
    clerk, head = Hand(one_office, "street.clerk"), Hand(one_office, "street.head")
    assert [p.organisation_id for p in head.actor.posts] == ["o-new"]
    done = approved(lambda _: head, examined(lambda _: clerk, request))
    assert done.state == "approved"
    made = one_office.store.reader.find(Presence, COUNTY, request_id=request.id)
    assert sum(p.share_fen for p in made) == 800000
    assert VILLAGE in {p.area_id for p in made}
