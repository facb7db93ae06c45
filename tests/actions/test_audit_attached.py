"""审计附件: who hangs papers on a project or a finding, and who is shown them."""

from typing import Any

import msgspec
import pytest

from registry.actions import attaching, reading
from registry.actions.attaching import AttachCommand
from registry.actions.auditing import life
from registry.actions.doubting import keeping
from registry.actions.doubting.keeping import Seen
from registry.actions.office import Answer
from registry.actions.reading import ListQuery
from registry.actions.seeding import person_actor
from registry.domain.audit import Finding
from registry.domain.auditing import AuditProject
from registry.domain.document import Document, DocumentType
from registry.domain.errors import Refusal
from tests.actions.audited import (
    CIVIL,
    COMMUNITY,
    KIND,
    TODAY,
    answered,
    asked_about,
    doubted,
    letter,
    opened,
    taken,
)
from tests.actions.case import Hands, attached
from tests.actions.refused import refused

PDF = b"%PDF-1.4 a paper"
OUTSIDERS = (
    "street.head", "dept.head", "county.office", "county.head", "community2.head", "inspector",
    "audit.admin", "finance.head", "city.office",
)  # fmt: skip


def paper(hand: Hands, by: str, parent: Finding | AuditProject, **more: Any) -> Document:
    kind = "finding" if isinstance(parent, Finding) else "audit_project"
    told = {"parent_kind": kind, "parent_id": parent.id, "type": DocumentType.OTHER,
            "name": "凭证复印件.pdf", "not_secret": True, **more}  # fmt: skip
    return attached(hand, by, msgspec.convert(told, AttachCommand), PDF)


def reads(hand: Hands, who: str, document: Document) -> bool:
    person = hand(who)
    actor = person_actor(person.office, who)
    try:
        reading.one(person.office, actor, Document, document.id)
    except Refusal:
        listed = _listed(person.office, actor)
        assert document.id not in listed
        with pytest.raises(Refusal) as no:
            attaching.content(person.office, actor, document.id)
        assert no.value.code in ("access.hidden", "access.reading")
        return False
    assert document.id in _listed(person.office, actor)
    return True


def _listed(office: Any, actor: Any) -> list[str]:
    try:
        return [one.id for one in reading.page(office, actor, Document, ListQuery()).items]
    except Refusal:
        return []


@pytest.fixture
def asked(one_hand: Hands) -> Finding:
    return asked_about(one_hand, doubted(one_hand), opened(one_hand))


def test_what_the_unit_hands_in_is_read_by_it_and_the_auditor_alone(hand: Hands) -> None:
    finding = asked_about(hand, doubted(hand), opened(hand))
    held = paper(hand, "community.head", finding)
    assert held.organisation_id == COMMUNITY
    order = life.StepCommand(text="说明见附件", document_ids=[held.id])
    after = hand("community.head").do(lambda d: life.answer(d, finding.id, finding.version, order))
    assert after.step.document_ids == [held.id]
    assert reads(hand, "auditor", held) and reads(hand, "community.head", held)
    assert [who for who in OUTSIDERS if reads(hand, who, held)] == []


def test_what_the_auditor_collects_is_the_auditors_own(one_hand: Hands, asked: Finding) -> None:
    held = paper(one_hand, "auditor", asked)
    taken(one_hand, asked, life.collect, document_ids=[held.id])
    assert reads(one_hand, "auditor", held)
    assert [who for who in (*OUTSIDERS, "community.head") if reads(one_hand, who, held)] == []


def test_what_a_step_shows_to_the_unit_it_reads(one_hand: Hands, asked: Finding) -> None:
    held = paper(one_hand, "auditor", asked)
    finding = taken(one_hand, asked, life.collect, document_ids=[held.id])
    finding = taken(one_hand, finding, life.qualify, law="预算法 第57条", document_ids=[held.id])
    assert reads(one_hand, "community.head", held)
    assert [who for who in OUTSIDERS if reads(one_hand, who, held)] == []


def test_the_unit_answers_with_no_paper_of_the_auditors(one_hand: Hands, asked: Finding) -> None:
    held = paper(one_hand, "auditor", asked)
    with refused("finding.paper"):
        order = life.StepCommand(text="说明", document_ids=[held.id])
        one_hand("community.head").do(lambda d: life.answer(d, asked.id, asked.version, order))


def test_nobody_replaces_a_paper_of_the_other_side(one_hand: Hands, asked: Finding) -> None:
    held = paper(one_hand, "auditor", asked)
    with refused("access.hidden"):
        paper(one_hand, "community.head", asked, replaces=held.id)
    assert paper(one_hand, "auditor", asked, replaces=held.id).version == 1


@pytest.mark.parametrize("who", OUTSIDERS)
def test_nobody_beside_hangs_a_paper_on_a_finding(
    one_hand: Hands, asked: Finding, who: str
) -> None:
    with pytest.raises(Refusal) as no:
        paper(one_hand, who, asked)
    assert no.value.code in ("access.hidden", "access.forbidden")


def test_a_paper_of_the_project_is_its_peoples(one_hand: Hands) -> None:
    project = opened(one_hand)
    held = paper(one_hand, "auditor", project, name="审计通知书.pdf", type="letter")
    now = one_hand("auditor").office.store.reader.get(AuditProject, "990102", project.id)
    assert now is not None and now.document_id == held.id
    assert reads(one_hand, "auditor", held)
    assert [who for who in OUTSIDERS if reads(one_hand, who, held)] == []
    with refused("access.hidden"):
        paper(one_hand, "dept.head", project)


def test_the_letter_itself_is_read_by_those_it_lets_in_and_who_recorded_it(
    one_hand: Hands,
) -> None:
    project = letter(one_hand)
    held = paper(one_hand, "county.head", project, name="调阅函.pdf")
    assert reads(one_hand, "inspector", held) and reads(one_hand, "county.head", held)
    with pytest.raises(Refusal):
        paper(one_hand, "inspector", project)


def test_an_inspection_of_the_unit_reads_no_paper_of_its_findings(
    one_hand: Hands, asked: Finding
) -> None:
    letter(one_hand, topic="")
    held = paper(one_hand, "community.head", asked)
    assert not reads(one_hand, "inspector", held)


def test_a_finding_that_names_nobody_is_answered_by_the_unit_that_was_asked(hand: Hands) -> None:
    project, finding = opened(hand), doubted(hand, asked=None)
    order = life.VerifyCommand(
        project_id=project.id, text="请说明", organisation_id=COMMUNITY, due_on=TODAY
    )
    view = hand("auditor").do(lambda d: life.verify(d, finding.id, finding.version, order))
    assert view.finding.organisation_id == COMMUNITY
    again = doubted(hand, asked=None)
    assert again.organisation_id == COMMUNITY
    assert answered(hand, view.finding).stage.value == "answered"


def test_seeing_it_again_takes_the_question_from_nobody(one_hand: Hands, asked: Finding) -> None:
    seen = Seen(KIND, asked.id, "exp-1", CIVIL, None, {"amount_fen": 7})
    after = one_hand("auditor").do(lambda d: Answer(body=keeping.tell(d, seen)))
    assert (after.organisation_id, after.facts["amount_fen"]) == (COMMUNITY, 7)
