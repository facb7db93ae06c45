"""看得见什么 what each person may read at all: one place for lists, for records, and for acts on them.

Whoever may not read a record is told nothing of it, whatever they try to do with it; whoever may
read it is told why they may not act.
"""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import msgspec

from registry.actions.places import above
from registry.domain.admission import Verdict
from registry.domain.afterwards import Correction, Review, Revocation
from registry.domain.agreement import Agreement
from registry.domain.approval import Decision, Opinion, Step, Task
from registry.domain.areas import Area, Relation, full_code
from registry.domain.audit import Finding
from registry.domain.auditing import (
    AuditMember,
    AuditProject,
    FindingStep,
    IssuedDocument,
    ProjectKind,
    Sample,
)
from registry.domain.bank import BankBatch, BankLine, LinePart, OtherIncome
from registry.domain.budget import BudgetCode, CustodyTerm, Indicator, PopulationCount
from registry.domain.calendar import CalendarYear
from registry.domain.catalogue import MatterList
from registry.domain.certifying import AmendmentProposal, CertificateDemand, SealCount
from registry.domain.closing import Clearance, Hold, OpeningBalance, YearClosing
from registry.domain.conference import Conference, ConferenceVote
from registry.domain.delegation import Absence, Delegation
from registry.domain.document import Document
from registry.domain.edition import ListEdition
from registry.domain.evaluating import CodeRound, ResidentReport, Satisfaction, YearlyReview
from registry.domain.existing import LegacyReview, Stocktake
from registry.domain.funds import Voucher, VoucherLine
from registry.domain.instrument import Instrument
from registry.domain.living import Acceptance, Departure, Suspension
from registry.domain.movement import Movement
from registry.domain.notice import Notice
from registry.domain.outcome import StreetOutcome
from registry.domain.pack import PackRun, PublishedPack
from registry.domain.paying import Payment
from registry.domain.people import Actor, Organisation, Person, Post
from registry.domain.phrase import Phrase
from registry.domain.posting import Posting
from registry.domain.presence import Presence
from registry.domain.purchase import Purchase
from registry.domain.records import Record, civil
from registry.domain.redress import Complaint, Declining, Objection, Reservation
from registry.domain.reevaluation import Reevaluation
from registry.domain.request import Request
from registry.domain.spending import Claim, Expenditure
from registry.domain.succession import Handover, Reorganisation, Succession
from registry.domain.vouching import AdmissionNotice, SigningKey
from registry.domain.waiver import Waiver, WaiverUse
from registry.domain.walls import Attestation, Board, Bureau, CleanupOrder
from registry.policies.topics import lets
from registry.store.invited import invited, written_between
from registry.store.seen import seen
from registry.store.unit import Unit
from registry.store.visible import Scope
from registry.store.visible_papers import DIRECTORIES, WITH_RECORD

if TYPE_CHECKING:
    from registry.actions.office import Office

ACT: dict[type[Record], str] = {
    Request: "request.read", Verdict: "verdict.read", Decision: "decision.read",
    StreetOutcome: "decision.read",
    Task: "task.read", Step: "task.read",
    Opinion: "opinion.read", Agreement: "agreement.read", Presence: "presence.read",
    CustodyTerm: "voucher.read",
    OpeningBalance: "opening.read", YearClosing: "voucher.read",
    Expenditure: "expenditure.read", Claim: "claim.read",
    Voucher: "voucher.read", VoucherLine: "voucher.read", Post: "people.read",
    Indicator: "indicator.read", PopulationCount: "population.read",
    Payment: "payment.read", Purchase: "purchase.read",
    Document: "document.read", Area: "area.read",
    Organisation: "organisation.read", Person: "people.read", MatterList: "list.read",
    ListEdition: "list.read",
    PublishedPack: "pack.read", CalendarYear: "calendar.read", Finding: "finding.read",
    Instrument: "instrument.read", Notice: "notice.read", Movement: "movement.read",
    Phrase: "phrase.read",
    Reevaluation: "request.read", Handover: "handover.read",
    Reorganisation: "reorganisation.read", Succession: "reorganisation.read",
    Correction: "decision.read", Revocation: "decision.read", Review: "decision.read",
    Conference: "conference.read", ConferenceVote: "conference_vote.read",
    Delegation: "delegation.read", Absence: "absence.read",
    CertificateDemand: "certificate_demand.read", SealCount: "seal_count.read",
    AmendmentProposal: "amendment_proposal.read",
    AdmissionNotice: "presence.read", SigningKey: "key.read",
    Suspension: "presence.read", Acceptance: "presence.read", Departure: "presence.read",
    Clearance: "voucher.read", Hold: "voucher.read",
    Posting: "posting.read",
    Objection: "redress.read", Declining: "redress.read", Reservation: "redress.read",
    Complaint: "complaint.read",
    Board: "wall.read", Bureau: "wall.read", CleanupOrder: "wall.read", Attestation: "wall.read",
    Stocktake: "existing.read", LegacyReview: "existing.read",
    Satisfaction: "satisfaction.read", CodeRound: "satisfaction.read",
    ResidentReport: "resident_report.read",
    YearlyReview: "yearly_review.read",
    BankBatch: "bank.read", BankLine: "bank.read", LinePart: "bank.read",
    OtherIncome: "income.read",
    PackRun: "pack_run.read", Waiver: "exception.read", WaiverUse: "verdict.read",
    AuditProject: "audit_project.read", AuditMember: "audit_project.read",
    FindingStep: "finding_step.read", Sample: "sample.read",
    IssuedDocument: "issued_document.read",
}  # fmt: skip
"""Which reading act each resource stands under."""

SHARED = (Area, Organisation, MatterList, ListEdition, PublishedPack, CalendarYear, Instrument,
          Reorganisation, Succession, BudgetCode)  # fmt: skip
"""Public directories: read over the county and every jurisdiction above it."""


def scopes(
    office: "Office", actor: Actor, act: str, county: str | None = None, *,
    unit: Unit | None = None,
) -> list[Scope]:  # fmt: skip
    """What the person's posts let them see, by Casbin; empty = nothing.

    Args:
        unit: the act that asks, where one does: it has read the areas before.
    """
    found = []
    bodies = [id for post in actor.posts for id in (post.organisation_id, *post.formerly)]
    for post in actor.posts:
        allowed = office.access.relations(post.role, act)
        if not {*allowed} - {Relation.PROJECT} or not post.serves(act):
            continue
        path = post.area_path if Relation.BELOW in allowed else None
        own = [post.organisation_id, *post.formerly] if Relation.OWN in allowed else []
        before = post.formerly_paths if Relation.BELOW in allowed else []
        for code in _counties(office, actor, post.level.value):
            if county is not None and code != county:
                continue
            whole = path is not None and _is_whole(office, code, path, unit)
            found.append(Scope(county=code, organisations=own, path=path, whole=whole,
                               person=actor.person_id, bodies=bodies,
                               audits=_audits(office, post.role)))  # fmt: skip
            found += [Scope(county=code, path=former, bodies=bodies)
                      for former in before if not whole]  # fmt: skip
    return found + _by_project(office, actor, act, county)


def with_records(
    office: "Office", actor: Actor, county: str | None = None, *, kinds: Collection[str] = (),
    unit: Unit | None = None,
) -> list[Scope]:  # fmt: skip
    """Papers that are read with the record they hang on, by whoever reads the record.

    Args:
        kinds: of parents; none = all of them.
    """
    found: list[Scope] = []
    for on, kind in WITH_RECORD.items():
        if kinds and on not in kinds:
            continue
        if on in DIRECTORIES:
            here = county or actor.county
            known = above(here) if in_line(actor, here) else ()
            found += [Scope(county=code, on=on) for code in known]
            continue
        seen_of = scopes(office, actor, ACT[kind], county, unit=unit)
        found += [msgspec.structs.replace(scope, on=on) for scope in seen_of]
    return found


def _audits(office: "Office", role: str) -> bool:
    """Whether a post reads what becomes of any finding of its area, and not of its own alone; or
    answers for the log of them all."""
    acts = ("finding_step.read", "audit.verify")
    return any(Relation.BELOW in office.access.relations(role, act) for act in acts)


def _by_project(office: "Office", actor: Actor, act: str, county: str | None) -> list[Scope]:
    """凭项目: what open projects of the person's let them see, in whichever county: of the units
    alone; on a 调阅函 also of its topic and its period alone (P30)."""
    roles = [
        post.role for post in actor.posts
        if post.serves(act) and Relation.PROJECT in office.access.relations(post.role, act)
    ]  # fmt: skip
    if not roles:
        return []
    audits = any(_audits(office, role) for role in roles)
    found: list[Scope] = []
    with office.store.reader.connect() as connection:
        for one in invited(connection, actor.person_id, civil(office.clock())):
            looks = one.kind is ProjectKind.INSPECTION and act != _LED
            if county not in (None, one.county) or (looks and not lets(one.topic, act)):
                continue
            within = written_between(connection, one.county, one.first_on, one.last_on)
            ground: list[str | None] = [*one.paths]
            found += [
                Scope(county=one.county, organisations=one.units, path=path, projects=[one.id],
                      whole=bool(path and _is_whole(office, one.county, path)),
                      within=within if looks else None, audits=audits)
                for path in ground or [None]
            ]  # fmt: skip
    return found


def invites(office: "Office", actor: Actor, county: str) -> bool:
    """Whether a project opens another county to the person today."""
    if not any(Relation.PROJECT in office.access.relations(p.role, _LED) for p in actor.posts):
        return False
    with office.store.reader.connect() as connection:
        found = invited(connection, actor.person_id, civil(office.clock()))
    return any(project.county == county for project in found)


_LED = "audit_project.read"


def _counties(office: "Office", actor: Actor, level: str) -> list[str]:
    """The partitions a post may look into: its own, and for a city or province those below."""
    if level in ("county", "street"):
        return [actor.county]
    return [c for c in office.store.reader.partitions() if actor.county in above(c)]


def own_ground(office: "Office", actor: Actor, county: str | None = None) -> list[Scope]:
    """The partitions where a person's own papers may lie: theirs, and those below their level."""
    levels = {post.level.value for post in actor.posts}
    lying = {actor.county, *(c for level in levels for c in _counties(office, actor, level))}
    return [Scope(county=c, whole=True) for c in sorted(lying) if county in (None, c)]


def _is_whole(office: "Office", county: str, path: str, unit: Unit | None = None) -> bool:
    if not path.strip("/"):
        return False
    if unit is None:
        head = office.county_path(county)
    else:
        heads = unit.beside(county).find(Area, code=full_code(county))
        head = heads[0].path if heads else None
    return head is not None and head.startswith(path)


def in_line(actor: Actor, county: str) -> bool:
    """Whether a county is the person's, or lies above it or below: a neighbour's directories are
    its own."""
    return county in above(actor.county) or actor.county in above(county)


def knows(
    office: "Office", unit: Unit, actor: Actor, at: tuple[type[Record], str], *,
    there: bool = False,
) -> bool:  # fmt: skip
    """Whether a person may know of a record, as reading it would answer. What the act itself has
    just made is nobody else's secret, and what no list shows is left to the act.

    Args:
        at: kind and id, in the unit's county.
        there: whether it must be there: what is nowhere is then known as little as what is hidden,
            after the same questions to the store.
    """
    kind, id = at
    if kind in SHARED:
        return in_line(actor, unit.county)
    if kind in _OWN_PAPERS:
        held: Any = unit.maybe(kind, id)
        own = held is not None and held.person_id == actor.person_id
        if own or kind is Notice:
            return own or (held is None and not there)
    if kind not in ACT:
        return True
    within = scopes(office, actor, ACT[kind], unit.county, unit=unit)
    if kind is Document:
        within += with_records(office, actor, unit.county, unit=unit)
    found = seen(unit.reading, kind, (unit.county, id), within)
    return found is True if there else found is not False


_OWN_PAPERS = (Notice, Absence)
"""What the person it names knows of, whatever their posts read."""
