"""疑点办理: from doubt to its end, step by step, read by the auditor and the unit asked alone."""

from datetime import UTC, date, datetime

import pytest

from registry.actions import boxes, reading
from registry.actions.auditing import life
from registry.actions.boxes import Box, BoxQuery
from registry.actions.doubting import keeping
from registry.actions.office import Answer, Desk
from registry.actions.reading import ListQuery
from registry.actions.seeding import person_actor
from registry.actions.ticking import tick
from registry.domain.audit import Finding
from registry.domain.auditing import STAGE_MOVES, FindingStage, FindingStep
from registry.domain.errors import Refusal
from registry.domain.notice import Notice
from registry.store.owed import OwedKind
from tests.actions.audited import (
    CIVIL,
    TODAY,
    answered,
    asked_about,
    doubted,
    opened,
    taken,
)
from tests.actions.case import Hands
from tests.actions.refused import refused
from tests.conftest import MovingClock

LAW = "财政违法行为处罚处分条例 第6条"


def sees(hand: Hands, who: str, kind: type) -> list[str]:
    person = hand(who)
    actor = person_actor(person.office, who)
    try:
        return [r.id for r in reading.page(person.office, actor, kind, ListQuery()).items]
    except Refusal:
        return []


def held(hand: Hands, id: str = "f-1") -> Finding:
    found: Finding | None = hand("auditor").office.store.reader.get(Finding, "990102", id)
    assert found is not None
    return found


def test_the_whole_life_from_doubt_to_settled(hand: Hands) -> None:
    finding = asked_about(hand, doubted(hand), opened(hand))
    assert (finding.stage, finding.due_on) == (FindingStage.VERIFYING, date(2026, 3, 12))
    finding = answered(hand, finding)
    assert (finding.stage, finding.due_on) == (FindingStage.ANSWERED, None)
    finding = taken(hand, finding, life.collect, amount_fen=100)
    finding = taken(hand, finding, life.qualify, law=LAW, amount_fen=100)
    finding = taken(hand, finding, life.rectify, law=LAW, due_on="2026-04-01")
    assert finding.due_on == date(2026, 4, 1)
    finding = answered(hand, finding)
    assert (finding.stage, finding.due_on) == (FindingStage.RECTIFYING, date(2026, 4, 1))
    finding = taken(hand, finding, life.settle)
    assert finding.stage is FindingStage.SETTLED
    reader = hand("auditor").office.store.reader
    steps = [s.stage.value for s in reader.find(FindingStep, "990102", finding_id="f-1")]
    assert steps == ["verifying", "answered", "evidence", "qualified", "rectifying", "rectifying",
                     "settled"]  # fmt: skip


def test_what_a_unit_is_asked_lies_in_its_box_until_it_is_answered_or_settled(hand: Hands) -> None:
    """By the day it is due; what is to be put right stays there while the unit says how far it
    is, and nobody else finds it."""

    def owes(who: str) -> list[tuple[str, str, date | None]]:
        person = hand(who)
        page = boxes.page(person.office, person_actor(person.office, who), BoxQuery(detailed=True))
        assert page.counts is not None
        assert page.counts[Box.TODO].found == len(page.items)
        return [
            (one.owed.id, one.request_title, one.owed.due_on) for one in page.items
            if one.owed and one.owed.kind is OwedKind.FINDING
        ]  # fmt: skip

    finding = doubted(hand)
    assert owes("community.head") == []
    finding = asked_about(hand, finding, opened(hand))
    lies = (finding.id, finding.name)
    assert owes("community.head") == [(*lies, date(2026, 3, 12))]
    for other in ("dept.head", "village.head", "auditor", "inspector"):
        assert owes(other) == []
    finding = answered(hand, finding)
    assert owes("community.head") == []
    finding = taken(hand, finding, life.collect, amount_fen=100)
    finding = taken(hand, finding, life.qualify, law=LAW, amount_fen=100)
    assert owes("community.head") == []
    finding = taken(hand, finding, life.rectify, law=LAW, due_on="2026-04-01")
    finding = answered(hand, finding)
    assert owes("community.head") == [(*lies, date(2026, 4, 1))]
    taken(hand, finding, life.settle)
    assert owes("community.head") == []


def test_what_was_nothing_is_dismissed_and_may_be_taken_up_anew(one_hand: Hands) -> None:
    project = opened(one_hand)
    finding = taken(one_hand, asked_about(one_hand, doubted(one_hand), project), life.dismiss)
    assert finding.stage is FindingStage.DISMISSED
    assert asked_about(one_hand, finding, project).stage is FindingStage.VERIFYING


STEPS = {
    FindingStage.EVIDENCE: (life.collect, {}),
    FindingStage.QUALIFIED: (life.qualify, {"law": LAW}),
    FindingStage.RECTIFYING: (life.rectify, {"law": LAW, "due_on": "2026-04-01"}),
    FindingStage.SETTLED: (life.settle, {}),
    FindingStage.DISMISSED: (life.dismiss, {}),
}


@pytest.mark.parametrize("before", list(FindingStage))
def test_no_step_is_taken_but_what_the_moves_allow(one_hand: Hands, before: FindingStage) -> None:
    project = opened(one_hand)
    finding = asked_about(one_hand, doubted(one_hand), project)

    def put(desk: Desk) -> Answer:
        fresh = desk.unit.get(Finding, finding.id)
        return Answer(body=desk.unit.change(fresh, stage=before))

    finding = one_hand("auditor").do(put)
    for after, (step, told) in STEPS.items():
        if after in STAGE_MOVES[before]:
            continue
        with refused("finding.stage"):
            taken(one_hand, finding, step, **told)
    if before not in (FindingStage.VERIFYING, FindingStage.RECTIFYING):
        with refused("finding.stage"):
            answered(one_hand, finding)


def test_a_finding_is_judged_on_evidence_only(one_hand: Hands) -> None:
    finding = asked_about(one_hand, doubted(one_hand), opened(one_hand))
    with refused("finding.stage"):
        taken(one_hand, finding, life.qualify, law=LAW)


def test_only_the_unit_that_was_asked_answers(one_hand: Hands) -> None:
    finding = asked_about(one_hand, doubted(one_hand), opened(one_hand))
    for who in ("dept.head", "street.head", "community2.head"):
        with refused("access.hidden"):
            answered(one_hand, finding, who)
    with refused("access.forbidden"):
        answered(one_hand, finding, "auditor")
    assert answered(one_hand, finding).stage is FindingStage.ANSWERED


def test_nobody_outside_the_project_takes_a_step(one_hand: Hands) -> None:
    finding = asked_about(one_hand, doubted(one_hand), opened(one_hand))
    for who in ("community.head", "county.head", "audit.admin", "inspector"):
        with pytest.raises(Refusal) as no:
            taken(one_hand, finding, life.dismiss, who)
        assert no.value.code in ("access.forbidden", "access.hidden")


def test_what_was_taken_up_is_read_by_the_auditor_and_the_unit_asked_alone(hand: Hands) -> None:
    doubted(hand)
    assert sees(hand, "county.office", Finding) == ["f-1"]
    finding = answered(hand, asked_about(hand, held(hand), opened(hand)))
    taken(hand, finding, life.collect)
    assert sees(hand, "county.office", Finding) == sees(hand, "county.head", Finding) == []
    assert sees(hand, "city.office", Finding) == []
    assert sees(hand, "auditor", Finding) == sees(hand, "community.head", Finding) == ["f-1"]
    assert len(sees(hand, "auditor", FindingStep)) == 3
    assert sees(hand, "community.head", FindingStep) == ["f-1.s0001", "f-1.s0002"]
    for who in ("street.head", "dept.head", "county.head", "community2.head", "audit.admin"):
        assert sees(hand, who, FindingStep) == []


def test_a_finding_of_no_unit_of_the_project_is_not_taken_up(one_hand: Hands) -> None:
    elsewhere = opened(one_hand, units=[CIVIL])
    with refused("finding.outside"):
        asked_about(one_hand, doubted(one_hand), elsewhere)


def test_of_a_finding_that_names_nobody_it_is_said_who_is_asked(one_hand: Hands) -> None:
    project, finding = opened(one_hand), doubted(one_hand, asked=None)
    with refused("finding.asked"):
        asked_about(one_hand, finding, project)


def test_two_projects_do_not_work_on_one_finding(one_hand: Hands) -> None:
    finding = asked_about(one_hand, doubted(one_hand), opened(one_hand))
    with refused("finding.other_project"):
        asked_about(one_hand, finding, opened(one_hand, number="演审通〔2026〕2号"))


def test_nobody_is_asked_by_a_day_that_has_passed(one_hand: Hands) -> None:
    project, finding = opened(one_hand), doubted(one_hand)
    with refused("finding.due"):
        asked_about(one_hand, finding, project, date(2026, 3, 1))


def test_a_step_shows_no_paper_of_something_else(one_hand: Hands) -> None:
    finding = asked_about(one_hand, doubted(one_hand), opened(one_hand))
    with refused("finding.paper"):
        taken(one_hand, finding, life.collect, document_ids=["doc-1"])


def test_a_finding_that_is_seen_no_more_stays_where_people_have_brought_it(hand: Hands) -> None:
    finding = asked_about(hand, doubted(hand), opened(hand))
    hand("auditor").do(lambda d: Answer(body=keeping.close(d, "f-1")))
    gone = held(hand)
    assert (gone.stage, gone.closed_on) == (FindingStage.VERIFYING, TODAY)
    person = hand("auditor")
    actor = person_actor(person.office, "auditor")
    still = reading.page(person.office, actor, Finding, ListQuery(open=True)).items
    assert [one.id for one in still] == ["f-1"]
    assert answered(hand, gone).closed_on == TODAY
    assert finding.project_id == gone.project_id


def test_seeing_it_again_takes_nothing_back_of_what_people_made_of_it(one_hand: Hands) -> None:
    finding = asked_about(one_hand, doubted(one_hand), opened(one_hand))
    one_hand("auditor").do(lambda d: Answer(body=keeping.close(d, "f-1")))
    again = doubted(one_hand)
    assert again.closed_on is None
    assert (again.stage, again.project_id) == (FindingStage.VERIFYING, finding.project_id)


def test_an_answer_that_is_overdue_is_called_to_mind_once(hand: Hands, clock: MovingClock) -> None:
    asked_about(hand, doubted(hand), opened(hand))
    office = hand("auditor").office
    tick(office)
    clock.at = datetime(2026, 3, 13, 4, tzinfo=UTC)
    assert tick(office).get("answer_reminded") == 1
    whose = [n for n in office.store.reader.find(Notice, "990102") if n.object_id == "f-1"]
    assert [n.person_id for n in whose] == [hand("community.head").actor.person_id]
    assert "answer_reminded" not in tick(office)


def test_an_answer_in_time_is_called_to_mind_never(one_hand: Hands, clock: MovingClock) -> None:
    answered(one_hand, asked_about(one_hand, doubted(one_hand), opened(one_hand)))
    clock.at = datetime(2026, 3, 13, 4, tzinfo=UTC)
    assert "answer_reminded" not in tick(one_hand("auditor").office)


def test_a_stale_version_takes_no_step(one_hand: Hands) -> None:
    finding = doubted(one_hand)
    project = opened(one_hand)
    asked_about(one_hand, finding, project)
    with refused("version.stale"):
        asked_about(one_hand, finding, project)
