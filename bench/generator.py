"""造数 the acts a loaded request has behind it: drafted, submitted or refused, decided, moved in.

Each is a valid entry with its sealed rows, as the acts themselves would have left them; only nobody
acted. What the rulebook refuses stays a draft with its verdict and a refused entry that names the
rules, unless it was insisted on.
"""

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from random import Random
from typing import Any

import msgspec

from bench.booking import Money, granted, money_of, sent
from bench.forms import CLERK
from bench.matters import Matters, Template
from registry.domain.admission import Verdict
from registry.domain.approval import (
    Decision,
    DecisionKind,
    Quorum,
    Step,
    StepAct,
    StepState,
    Task,
    TaskState,
)
from registry.domain.areas import Area
from registry.domain.audit import EventOutcome
from registry.domain.presence import Presence, PresenceState
from registry.domain.records import Record
from registry.domain.request import Request, State, Target
from registry.domain.serial import Serial
from registry.domain.vocabulary import Custody, Disclosure, Gate, Outcome
from registry.store.bulk import Act
from registry.store.entry import Header

_SHARE = {
    State.DRAFT: 8, State.SUBMITTED: 5, State.ACCEPTED: 4, State.IN_REVIEW: 8, State.RETURNED: 3,
    State.APPROVED: 30, State.REJECTED: 8, State.NOT_ACCEPTED: 4, State.WITHDRAWN: 3,
    State.TERMINATED: 2, State.REVOKED: 3, State.CLOSED: 22,
}  # fmt: skip
STATES, _WEIGHTS = tuple(_SHARE), tuple(_SHARE.values())
_LIVING = (PresenceState.PLANNED, PresenceState.AGREED, PresenceState.ACTIVE,
           PresenceState.ACTIVE, PresenceState.SUSPENDED)  # fmt: skip
_ENDED = (PresenceState.COMPLETED, PresenceState.EXITED, PresenceState.EXPIRED)
_ADMITTED = {State.APPROVED: _LIVING, State.CLOSED: _ENDED, State.REVOKED: _ENDED}
_OPEN = {State.SUBMITTED, State.ACCEPTED, State.IN_REVIEW}
_DECIDED = {State.REJECTED: DecisionKind.NOT_ADMITTED,
            State.NOT_ACCEPTED: DecisionKind.NOT_ACCEPTED}  # fmt: skip
_INSISTED = 4
"""One refused filing in so many is insisted on and goes its way."""


def id_of(number: int) -> str:
    """The id of a request by its number."""
    return f"req-0{number:010x}"


class Generator:
    """造数 for one county."""

    def __init__(self, county: str, matters: Matters) -> None:
        self._county, self._matters = county, matters

    def acts(self, numbers: range) -> Iterator[Act]:
        """The acts behind these requests, in order."""
        for number in numbers:
            yield from self._case(number)

    def _case(self, number: int) -> Iterator[Act]:
        template, chance = self._matters.at(number), Random(number)
        place = self._place(template, number)
        draft = self._draft(number, template, place)
        target = Target(
            county=self._county, id=f"{draft.id}.{place.id}", request_id=draft.id,
            area_id=place.id, path=place.path,
        )  # fmt: skip
        yield Act(self._header("request.draft", draft, template.applied, number), [draft, target])
        state = chance.choices(STATES, _WEIGHTS)[0]
        if state is State.DRAFT:
            return
        refused = template.kept["outcome"] is Outcome.REFUSED
        if refused and (template.kept["absolute"] or chance.randrange(_INSISTED)):
            yield self._refused(draft, template, number)
        else:
            yield from self._moved(draft, (template, place, state), number)

    def _place(self, template: Template, number: int) -> Area:
        code = template.filing.targets[0]
        group = next(g for g in self._matters.places.values() if g[0].code == code)
        return group[number % len(group)]

    def _draft(self, number: int, template: Template, place: Area) -> Request:
        filing = msgspec.structs.replace(template.filing, targets=[place.code])
        return Request(
            county=self._county, id=id_of(number), kind=filing.kind, title=filing.title,
            applicant_id=filing.leading, filing=filing, drafted_by=f"person-{CLERK}",
        )  # fmt: skip

    def _verdict(self, draft: Request, template: Template) -> Verdict:
        day, filing = template.applied, template.filing
        entered = max(filing.starts_on or day, day)
        return Verdict(
            county=self._county, id=f"vdt-{draft.id}", gate=Gate.FILE, request_id=draft.id,
            governing={"applied": day, "decided": day, "entered": entered},
            **template.kept,
        )  # fmt: skip

    def _refused(self, draft: Request, template: Template, number: int) -> Act:
        verdict = self._verdict(draft, template)
        after = _judged(draft, verdict)
        header = self._header("request.submit", after, template.applied, number)
        note = {"rules": [h.rule for h in verdict.rules],
                "facts": {"request_id": draft.id, "verdict_id": verdict.id}}  # fmt: skip
        told = msgspec.structs.replace(
            header, outcome=EventOutcome.REFUSED, code="request.refused", note=note,
            pack=verdict.pack_digest,
        )  # fmt: skip
        return Act(told, [after, verdict])

    def _moved(
        self, draft: Request, told: tuple[Template, Area, State], number: int
    ) -> Iterator[Act]:
        template, place, state = told
        verdict = self._verdict(draft, template)
        insisted = verdict.outcome is Outcome.REFUSED
        after = msgspec.structs.replace(
            _judged(draft, verdict), state=state, applied_on=template.applied,
            submitted_by=f"person-{CLERK}", insisted=insisted,
            insist_reason="确有需要(演示)" if insisted else "",
            decision_id=f"dec-{draft.id}" if state in _ADMITTED or state in _DECIDED else None,
        )  # fmt: skip
        more, money = self._brought(after, place, number)
        act = "request.decide" if after.decision_id else "request.submit"
        header = self._header(act, after, template.applied, number)
        header = msgspec.structs.replace(header, pack=verdict.pack_digest)
        yield Act(header, [after, verdict, *more])
        if money is not None:
            yield from sent(money, number, partial(self._of_voucher, number))

    def _brought(
        self, request: Request, place: Area, number: int
    ) -> tuple[list[Record], Money | None]:
        """What its state brings with it, and its money where that is booked."""
        if request.state in _ADMITTED:
            decision, serial = self._decision(request, DecisionKind.ADMITTED, number)
            presence = self._presence(request, place, number)
            money = money_of(request, decision, presence, number)
            return [decision, serial, presence, *(granted(money) if money else ())], money
        if request.state in _DECIDED:
            return [*self._decision(request, _DECIDED[request.state], number)], None
        return self._waiting(request) if request.state in _OPEN else [], None

    def _decision(
        self, request: Request, kind: DecisionKind, number: int
    ) -> tuple[Decision, Serial]:  # fmt: skip
        year, serial = 2026, number + 1
        paper = f"演准〔{year}〕{serial}号"
        decision = Decision(
            county=self._county, id=f"dec-{request.id}", request_id=request.id, kind=kind,
            number=paper, organisation_id=_street(self._county), body_name="街道(演示)",
            person_id="person-street.head", verdict_id=request.verdict_id, reason="演示",
            issued_on=request.applied_on or date(year, 1, 1),
        )  # fmt: skip
        taken = Serial(
            county=self._county, id=f"decision.{year}.{serial}", series="decision", year=year,
            serial=serial, number=paper, object_id=request.id,
        )  # fmt: skip
        return decision, taken

    def _presence(self, request: Request, place: Area, number: int) -> Presence:
        states = _ADMITTED[request.state]
        owed = sum(line.amount_fen for line in request.filing.funding)
        return Presence(
            county=self._county, id=f"{request.id}.p0", request_id=request.id, kind=request.kind,
            title=request.title, area_id=place.id, area_path=place.path,
            receiver=request.filing.receivers[0], organisation_id=f"o-{place.code}",
            custody=Custody.STREET_CUSTODY, state=states[number % len(states)],
            starts_on=request.filing.starts_on, ends_on=request.filing.ends_on,
            disclosure=Disclosure.OPEN, statutory=request.outcome is Outcome.EXEMPT,
            share_fen=owed, first_due_fen=owed,
        )  # fmt: skip

    def _waiting(self, request: Request) -> list[Record]:
        step = Step(
            county=self._county, id=f"stp-{request.id}", request_id=request.id, ordinal=0,
            key="examine", name="街道（乡镇）审查", act=StepAct.EXAMINE, quorum=Quorum.ANY,
            required=True, state=StepState.OPEN, opened_on=request.applied_on,
        )  # fmt: skip
        task = Task(
            county=self._county, id=f"tsk-{request.id}", request_id=request.id, step_id=step.id,
            organisation_id=_street(self._county), family="street", act=StepAct.EXAMINE,
            state=TaskState.OPEN, title=request.title,
        )  # fmt: skip
        return [step, task]

    def _header(self, act: str, request: Request, on: date, number: int) -> Header:
        at = datetime(on.year, on.month, on.day, 1, tzinfo=UTC) + timedelta(seconds=number % 20_000)
        return Header(
            actor=f"person-{CLERK}", act=act, object_kind="request", object_id=request.id,
            object_version=request.version, business_date=on, at=at, salt=f"{number:032x}",
        )  # fmt: skip

    def _of_voucher(self, number: int, act: str, id: str, on: date) -> Header:
        at = datetime(on.year, on.month, on.day, 2, tzinfo=UTC) + timedelta(seconds=number % 20_000)
        return Header(
            actor=f"person-{CLERK}", act=act, object_kind="voucher", object_id=id,
            object_version=1, business_date=on, at=at,
            salt=hashlib.sha256(id.encode()).hexdigest()[:32],
        )  # fmt: skip


def _judged(draft: Request, verdict: Verdict) -> Request:
    fields: dict[str, Any] = {
        "outcome": verdict.outcome, "verdict_id": verdict.id, "absolute": verdict.absolute,
        "pack": verdict.pack_digest,
    }  # fmt: skip
    return msgspec.structs.replace(draft, version=2, **fields)


def _street(county: str) -> str:
    return f"o-{county}001"
