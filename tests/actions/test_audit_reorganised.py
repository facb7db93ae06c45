"""机构变动与审计: projects, findings, papers and documents go on with who came after."""

from datetime import UTC, datetime
from typing import Any

import msgspec

from registry.actions.auditing import issued, life, projects
from registry.actions.reading import one
from registry.actions.ticking import tick
from registry.domain.audit import Finding
from registry.domain.auditing import AuditProject, IssuedDocument
from registry.domain.document import Document
from registry.domain.notice import Notice
from registry.domain.people import Organisation
from tests.actions.audited import CIVIL, asked_about, doubted, opened, taken
from tests.actions.case import Hands
from tests.actions.reorganised import COUNTY, astray, carried_out, sound
from tests.actions.test_audit_attached import paper
from tests.actions.test_audit_conduct import TO_COMMUNITIES, brought
from tests.actions.test_owing_reorganised import MERGE, URBAN
from tests.conftest import Hand, MovingClock


def test_what_is_looked_at_of_a_merged_body_is_asked_of_its_heir(
    hand: Hands, clock: MovingClock
) -> None:
    project = opened(hand, units=[CIVIL])
    finding = asked_about(hand, doubted(hand, asked=CIVIL), project)
    held = paper(hand, "dept.head", finding)
    office = hand("auditor").office
    carried_out(hand, **MERGE)
    now = office.store.reader.get(AuditProject, COUNTY, project.id)
    assert now is not None and now.units == [URBAN]
    finding = office.store.reader.get(Finding, COUNTY, finding.id)
    assert finding.organisation_id == URBAN
    heir = Hand(office, "dept.head")
    assert one(office, heir.actor, Document, held.id).id == held.id
    clock.at = datetime(2026, 3, 13, 4, tzinfo=UTC)
    assert tick(office).get("answer_reminded") == 1
    told = [n for n in office.store.reader.find(Notice, COUNTY) if n.object_id == finding.id]
    assert heir.actor.person_id in {n.person_id for n in told}
    order = life.StepCommand(text="由承继单位说明", document_ids=[held.id])
    view = heir.do(lambda d: life.answer(d, finding.id, finding.version, order))
    assert taken(hand, view.finding, life.collect).stage.value == "evidence"
    assert not astray(office) and sound(office)


def test_what_was_settled_and_closed_stays_under_the_old_name(one_hand: Hands) -> None:
    project = opened(one_hand, units=[CIVIL])
    one_hand("auditor").do(lambda d: _closed(d, project))
    carried_out(one_hand, **MERGE)
    office = one_hand("auditor").office
    now = office.store.reader.get(AuditProject, COUNTY, project.id)
    assert now is not None and now.units == [CIVIL]


def _closed(desk: Any, project: AuditProject) -> Any:
    return projects.close(desk, project.id, project.version)


def test_an_open_document_is_asked_of_the_heir_of_its_issuer(one_hand: Hands) -> None:
    office = one_hand("auditor").office
    name = next(o.name for o in _bodies(office) if o.id == CIVIL)
    line = TO_COMMUNITIES.rsplit(",", 1)[0] + f",{name}"
    assert brought(one_hand, line).asked == 1
    (document,) = office.store.reader.find(IssuedDocument, COUNTY)
    assert document.issuer_id == CIVIL
    carried_out(one_hand, **MERGE)
    (document,) = office.store.reader.find(IssuedDocument, COUNTY)
    (finding,) = office.store.reader.find(Finding, COUNTY)
    assert (document.issuer_id, finding.organisation_id) == (URBAN, URBAN)
    assert issued.seen_of(document) is not None and msgspec.to_builtins(document)


def _bodies(office: Any) -> Any:
    return office.store.reader.find(Organisation, COUNTY)
