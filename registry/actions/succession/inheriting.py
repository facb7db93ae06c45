"""承继 where each table names a body or a place, and what it says once another has come after.

One table tells for every kind of record which of its rows are live and which fields name whom;
what has ended is not in it and stays as it was: old papers print old names.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

import msgspec

from registry.actions.succession.successors import Heirs
from registry.domain.afterwards import Review, ReviewState, Revocation, RevocationState
from registry.domain.approval import Task, TaskState
from registry.domain.areas import Area
from registry.domain.audit import Finding
from registry.domain.auditing import WORKING, AuditProject, IssuedDocument
from registry.domain.auditing import IssuedState as DocumentState
from registry.domain.auditing import ProjectState as AuditState
from registry.domain.bank import BankLine, LineState
from registry.domain.budget import CustodyTerm, Indicator
from registry.domain.catalogue import MatterList
from registry.domain.certifying import AmendmentProposal, ProposalState
from registry.domain.closing import Clearance, ClearanceState, Hold, OpeningBalance, OpeningState
from registry.domain.conference import Conference, ConferenceState, seated
from registry.domain.delegation import Absence, Delegation
from registry.domain.edition import OPEN, ListEdition
from registry.domain.evaluating import CodeRound, ReportState, ResidentReport, YearlyReview
from registry.domain.existing import LegacyReview, Settlement
from registry.domain.filing import Applicant, Filing
from registry.domain.living import (
    Acceptance,
    AcceptanceState,
    Departure,
    DepartureState,
    Suspension,
)
from registry.domain.paying import WAITING, Payment
from registry.domain.people import Organisation, Post
from registry.domain.phrase import Phrase
from registry.domain.posting import Posting
from registry.domain.presence import Presence, PresenceState
from registry.domain.purchase import Purchase
from registry.domain.records import Record
from registry.domain.redress import COMPLAINT_MOVES, Complaint, Objection, ObjectionState
from registry.domain.request import Request, State, Target
from registry.domain.spending import STANDING, Claim, ClaimState, Expenditure
from registry.domain.vouching import AdmissionNotice
from registry.domain.waiver import Waiver
from registry.domain.walls import Board, Bureau, CleanupOrder, OrderState, WallState

RUNNING = frozenset({State.DRAFT, State.SUBMITTED, State.ACCEPTED, State.RETURNED, State.IN_REVIEW})
LIVE = RUNNING | {State.APPROVED}
"""Requests in which something is still to be done."""
THERE = frozenset({
    PresenceState.PLANNED, PresenceState.AGREED, PresenceState.ACTIVE, PresenceState.SUSPENDED,
    PresenceState.LEGACY,
})  # fmt: skip


class Swap:
    """替换 for one record: who comes after each one it names; what was replaced is noted."""

    def __init__(self, heirs: Heirs, record: Record) -> None:
        self.heirs = heirs
        names = ("id", "request_id", "parent_id", "person_id", "from_person_id")
        keys = [getattr(record, name, None) for name in names]
        keys += [record.area_id] if isinstance(record, Organisation) else []
        self._keys = [key for key in keys if key in heirs.assigned]
        self.pairs: list[tuple[str, str]] = []

    def body(self, old: str) -> str:
        """The organisation that comes after one."""
        return self._after(old, self.heirs.bodies, self.heirs.seats)

    def area(self, old: str) -> str:
        """The place that comes after one."""
        return self._after(old, self.heirs.areas, {})

    def path(self, old: str) -> str:
        """The path under which ground lies from then on."""
        id = old.strip("/").rpartition("/")[2]
        if id in self.heirs.areas:
            return self.heirs.paths.get(self.area(id), old)
        return self._moved(id, old)

    def targets(self, named: list[str]) -> list[str]:
        """Where a request is meant for: the same ground, under the ids it has from then on."""
        found: list[str] = []
        for one in named:
            id = self.heirs.codes.get(one, one)
            self._note(one, id)
            below = self.heirs.ground.get(id)
            for place in below or ():
                self._moved(place, "")
            found += below or [self.area(id)]
        return list(dict.fromkeys(found))

    def _after(self, old: str, table: dict[str, str], seats: dict[str, str]) -> str:
        if old not in table:
            return old
        told = next((self.heirs.assigned[key] for key in self._keys), "")
        self.heirs.used.update(self._keys)
        new = seats.get(told, told) or table[old]
        self._note(old, new)
        return new or old

    def _moved(self, id: str, old: str) -> str:
        if id not in self.heirs.parents:
            return old
        was = next((s for s, below in self.heirs.ground.items() if id in below), "")
        self._note(was, self.heirs.parents[id])
        return self.heirs.paths.get(id, old)

    def _note(self, old: str, new: str) -> None:
        if old != new and (old, new) not in self.pairs:
            self.pairs.append((old, new))


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """一类记录: which rows are live on a day, and which fields name whom."""

    live: Callable[[Any, date], bool]
    bodies: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()


def _standing(record: Any, on: date) -> bool:
    """Not ended before the day, in whatever way the kind ends."""
    ended = getattr(record, "ended_on", None)
    return (record.valid_to is None or record.valid_to >= on) and (ended is None or ended > on)


WAYS: dict[type[Record], Way] = {
    Area: Way(live=_standing, areas=("parent_id",), paths=("path",)),
    Organisation: Way(live=_standing, bodies=("parent_id",), areas=("area_id",)),
    Post: Way(live=_standing, bodies=("organisation_id",), areas=("area_id",)),
    Delegation: Way(live=_standing, bodies=("organisation_id",)),
    Absence: Way(live=_standing, bodies=("organisation_id",)),
    Phrase: Way(live=lambda r, _: r.active, bodies=("organisation_id",)),
    Request: Way(live=lambda r, _: r.state in LIVE,
                 bodies=("applicant_id", "recorded_by_organisation_id")),
    Target: Way(live=lambda r, _: not r.withdrawn, areas=("area_id",), paths=("path",)),
    Task: Way(live=lambda r, _: r.state is TaskState.OPEN, bodies=("organisation_id",)),
    Revocation: Way(
        live=lambda r, _: r.state in (RevocationState.PROPOSED, RevocationState.HEARD),
        bodies=("organisation_id",)),
    Review: Way(live=lambda r, _: r.state is ReviewState.FILED,
                bodies=("organisation_id", "applicant_id")),
    Conference: Way(live=lambda r, _: r.state is ConferenceState.CONVENED,
                    bodies=("organisation_id",)),
    Presence: Way(live=lambda r, _: r.state in THERE, bodies=("organisation_id", "department_id"),
                  areas=("area_id",), paths=("area_path",)),
    # The paper that was handed out goes on printing the old name; who has it reads it.
    AdmissionNotice: Way(live=lambda r, _: not r.replaced, bodies=("organisation_id",),
                         paths=("area_path",)),
    Suspension: Way(live=lambda r, _: r.resumed_on is None, bodies=("organisation_id",),
                    paths=("area_path",)),
    Acceptance: Way(live=lambda r, _: r.state is AcceptanceState.ASKED,
                    bodies=("organisation_id", "department_id"), paths=("area_path",)),
    Posting: Way(live=lambda r, _: r.taken_down_on is None, bodies=("organisation_id",),
                 paths=("area_path",)),
    Departure: Way(live=lambda r, _: r.state is DepartureState.OPEN,
                   bodies=("organisation_id", "department_id"), paths=("area_path",)),
    Clearance: Way(live=lambda r, _: r.state in (ClearanceState.DRAWN, ClearanceState.AGREED),
                   bodies=("organisation_id", "payer_id"), paths=("area_path",)),
    Hold: Way(live=lambda r, _: r.released_on is None, bodies=("organisation_id",),
              paths=("area_path",)),
    Expenditure: Way(live=lambda r, _: r.state in STANDING and r.claim_id is None,
                     bodies=("organisation_id",), paths=("area_path",)),
    Claim: Way(live=lambda r, _: r.state in (ClaimState.DRAWN, ClaimState.REVIEWED),
               bodies=("organisation_id",), paths=("area_path",)),
    # A refusal or reservation is a paper of its day; who complained is found by their heirs alone.
    Objection: Way(live=lambda r, _: r.state is ObjectionState.RAISED,
                   bodies=("organisation_id", "department_id", "handler_id"),
                   paths=("area_path",)),
    Complaint: Way(live=lambda r, _: r.state in COMPLAINT_MOVES["pass-on"],
                   bodies=("against_id", "handler_id")),
    Board: Way(live=lambda r, _: r.state is not WallState.REMOVED,
               bodies=("organisation_id", "department_id"), areas=("area_id",),
               paths=("area_path",)),
    Bureau: Way(live=lambda r, _: r.state is not WallState.REMOVED,
                bodies=("organisation_id", "department_id"), areas=("area_id",),
                paths=("area_path",)),
    CleanupOrder: Way(live=lambda r, _: r.state is OrderState.OPEN,
                      bodies=("issuer_id", "organisation_id", "department_id"),
                      paths=("area_path",)),
    # Kept is for good, and a matter that is admitted waits for that: both stay with the heir.
    LegacyReview: Way(live=lambda r, _: r.settlement in (None, Settlement.KEPT,
                                                         Settlement.ADMITTED),
                      bodies=("organisation_id", "department_id"), paths=("area_path",)),
    # What was said is of its day; a round that is open goes on with who came after.
    CodeRound: Way(live=lambda r, _: not r.closed, bodies=("organisation_id", "subject_id"),
                   paths=("area_path",)),
    ResidentReport: Way(live=lambda r, _: r.state is not ReportState.ANSWERED,
                        bodies=("handler_id", "against_id"), areas=("area_id",),
                        paths=("area_path",)),
    # What was decided is of its day; what waits is decided for whoever came after.
    YearlyReview: Way(live=lambda r, _: r.decided is None,
                      bodies=("organisation_id", "department_id")),
    Finding: Way(live=lambda r, _: r.closed_on is None or r.stage in WORKING,
                 bodies=("organisation_id",), paths=("area_path",)),
    # What is still looked at is looked at with who came after; each step is a paper of its day.
    AuditProject: Way(live=lambda r, on: r.state is AuditState.OPEN and r.until >= on,
                      bodies=("organisation_id",)),
    IssuedDocument: Way(live=lambda r, _: r.state is DocumentState.OPEN, bodies=("issuer_id",)),
    AmendmentProposal: Way(live=lambda r, _: r.state is not ProposalState.ANSWERED,
                           bodies=("organisation_id", "department_id")),
    # A line stays under the account of its day; whose money it was is asked of who came after.
    BankLine: Way(live=lambda r, _: r.state in (LineState.OPEN, LineState.FINDING),
                  bodies=("party_id",), paths=("area_path",)),
    # What the treasury is asked for stands as it was asked; who looks after it changes.
    Indicator: Way(live=lambda r, _: True, bodies=("payer_id", "organisation_id")),
    Purchase: Way(live=lambda r, _: r.results is None, bodies=("organisation_id",)),
    Payment: Way(live=lambda r, _: r.state in WAITING, bodies=("payer_id",), paths=("area_path",)),
    # What both have signed is a paper of its day; what is not signed yet the heirs sign.
    OpeningBalance: Way(
        live=lambda r, _: r.state in (OpeningState.IMPORTED, OpeningState.STREET_SIGNED),
        bodies=("organisation_id", "payer_id"), paths=("area_path",)),
    CustodyTerm: Way(live=lambda r, _: r.until is None, bodies=("organisation_id",),
                     paths=("area_path",)),
    Waiver: Way(live=_standing),
    MatterList: Way(live=_standing, paths=("area",)),
    ListEdition: Way(live=lambda r, _: r.state in OPEN, paths=("area",)),
}  # fmt: skip
"""Every kind that may name a body or a place while it lives, in the order it is carried out."""


def changed(record: Record, swap: Swap) -> dict[str, Any]:
    """The fields of a record that say something else once the change is made."""
    way = WAYS[type(record)]
    told: dict[str, Any] = {}
    if isinstance(record, Area) and record.id in swap.heirs.parents:
        told = {"parent_id": swap.heirs.parents[record.id]}
    for names, after in ((way.bodies, swap.body), (way.areas, swap.area), (way.paths, swap.path)):
        told |= {
            n: after(v) for n in names if n not in told and (v := getattr(record, n))
        }  # fmt: skip
    told |= _INSIDE[type(record)](record, swap) if type(record) in _INSIDE else {}
    return {name: value for name, value in told.items() if value != getattr(record, name)}


def _request(request: Request, swap: Swap) -> dict[str, Any]:
    filing = request.filing
    funding = [
        msgspec.structs.replace(line, payer_id=swap.body(line.payer_id)) if line.payer_id else line
        for line in filing.funding
    ]
    after: Filing = msgspec.structs.replace(
        filing, applicants=_applicants(filing.applicants, swap), funding=funding,
        targets=swap.targets(filing.targets),
    )  # fmt: skip
    others = [a.organisation_id for a in after.applicants if a.organisation_id != after.leading]
    return {"filing": after, "beside": "|".join(["", *others, ""]) if others else None}


def _applicants(asking: list[Applicant], swap: Swap) -> list[Applicant]:
    """Two that become one ask once, with the duties and the money of both."""
    found: dict[str, Applicant] = {}
    for one in asking:
        id = swap.body(one.organisation_id)
        held = found.get(id)
        if held is None:
            found[id] = msgspec.structs.replace(one, organisation_id=id)
            continue
        duties = [d for d in (held.duties, one.duties) if d]
        found[id] = msgspec.structs.replace(
            held, leading=held.leading or one.leading, duties="；".join(duties),
            money_fen=held.money_fen + one.money_fen,
        )  # fmt: skip
    return list(found.values())


def _conference(meeting: Conference, swap: Swap) -> dict[str, Any]:
    members = [
        msgspec.structs.replace(m, organisation_id=swap.body(m.organisation_id))
        for m in meeting.members
    ]
    return {"members": members, "seated": seated(members)}


def _waiver(waiver: Waiver, swap: Swap) -> dict[str, Any]:
    scope = waiver.scope
    applicants = list(dict.fromkeys(swap.body(one) for one in scope.applicants))
    areas = list(dict.fromkeys(swap.path(one) for one in scope.areas))
    return {"scope": msgspec.structs.replace(scope, applicants=applicants, areas=areas)}


def _project(project: AuditProject, swap: Swap) -> dict[str, Any]:
    return {"units": list(dict.fromkeys(swap.body(one) for one in project.units)),
            "paths": sorted({swap.path(one) for one in project.paths})}  # fmt: skip


_INSIDE: dict[type[Record], Callable[[Any, Swap], dict[str, Any]]] = {
    Request: _request, Conference: _conference, Waiver: _waiver,
    AuditProject: _project,
}  # fmt: skip
"""Kinds that name bodies within a field."""
