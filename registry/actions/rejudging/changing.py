"""再评估差异 what a case was found to be, what it is found to be now, and what follows from that."""

from collections.abc import Collection, Sequence
from datetime import date
from posixpath import commonpath
from typing import NamedTuple

import msgspec

from registry.actions.bodies import STREETS
from registry.actions.office import Desk
from registry.domain.approval import Decision, StepAct, Task, TaskState
from registry.domain.presence import Presence
from registry.domain.reevaluation import Reevaluation
from registry.domain.request import Request, Target
from registry.domain.vocabulary import Outcome
from registry.domain.waiver import Waiver
from registry.policies.simulation import Stand, graver
from registry.store.scan import IN_FORCE, Case, Moment, presences, reevaluations


class Known(NamedTuple):
    """已知: presences in force by request, and the last answer kept on each object."""

    presences: dict[str, list[Presence]]
    last: dict[str, Reevaluation]

    def differing(self, case: Case, now: Stand, by: tuple[str, date]) -> "list[Changed]":
        """The objects of a case whose answer is another than was kept of them.

        Args:
            by: digest of the rules asked, and the day.
        """
        objects = [("request", case.id, "")] + [
            ("presence", p.id, p.area_path) for p in self.presences.get(case.id, ())
        ]
        was = Outcome(case.outcome or Outcome.HUMAN_REVIEW)
        found = []
        for kind, id, path in objects:
            last = self.last.get(f"{kind}.{id}")
            if now.outcome is was if last is None else _same(last, now):
                continue
            made = Reevaluation(
                county="", id=f"{kind}.{id}", version=last.version if last else 0,
                object_kind=kind, object_id=id, request_id=case.id,
                organisation_id=case.applicant_id, area_path=path, outcome=now.outcome, was=was,
                stands=not graver(now.outcome, was), rules=list(now.rules),
                deciding=list(now.deciding), waivers=list(now.waivers), pack_digest=by[0],
                judged_on=by[1], run_id="",
            )  # fmt: skip
            found.append(Changed(made))
        return found


def _same(last: Reevaluation, now: Stand) -> bool:
    return (last.outcome, set(last.deciding), set(last.waivers)) == (
        now.outcome, set(now.deciding), set(now.waivers)
    )  # fmt: skip


class Changed(NamedTuple):
    """变化: the answer to be kept."""

    made: Reevaluation

    def write(self, desk: Desk, run_id: str, live: Collection[str]) -> None:
        """Keep it as the next version, unless the case has ended meanwhile; what no longer stands
        goes to a person."""
        request = desk.unit.get(Request, self.made.request_id)
        if request.state.value not in live:
            return
        ends = [desk.unit.get(Waiver, w).valid_to for w in self.made.waivers]
        fields = {
            n: getattr(self.made, n) for n in Reevaluation.__struct_fields__
            if n not in ("county", "id", "version")
        } | {
            "run_id": run_id, "holds_until": min(ends, default=None),
            "area_path": self.made.area_path or _area(desk, request),
        }  # fmt: skip
        held = desk.unit.maybe(Reevaluation, self.made.id)
        if held is None:
            desk.unit.add(
                msgspec.structs.replace(self.made, county=desk.unit.county, version=1, **fields)
            )
        else:
            desk.unit.change(held, **fields)
        if self.made.object_kind == "request":
            _ask(desk, request, stands=self.made.stands)


def _area(desk: Desk, request: Request) -> str:
    """The smallest area that holds every target: whoever is responsible for it sees the answer."""
    targets = desk.unit.find(Target, request_id=request.id)
    paths = [t.path for t in targets if not t.withdrawn]
    return commonpath(paths).rstrip("/") + "/" if paths else ""


def kept_of(connection: Moment, county: str, requests: Sequence[str]) -> Known:
    """What is kept of these requests and of what lives by them."""
    return Known(
        presences(connection, county, requests, IN_FORCE),
        {one.id: one for one in reevaluations(connection, county, requests)},
    )


def _ask(desk: Desk, request: Request, *, stands: bool) -> None:
    """One 待办 a case: opened where it no longer stands, taken back where it does again."""
    id = f"{request.id}.reconsider"
    held = desk.unit.maybe(Task, id)
    if stands:
        if held is not None and held.state is TaskState.OPEN:
            desk.unit.change(held, state=TaskState.CANCELLED)
        return
    if held is not None:
        if held.state is not TaskState.OPEN:
            desk.unit.change(held, state=TaskState.OPEN)
        return
    whose = _body(desk, request)
    if whose is not None:
        organisation, family = whose
        desk.unit.add(Task(
            county=desk.unit.county, id=id, request_id=request.id, step_id="",
            organisation_id=organisation, family=family, act=StepAct.RECONSIDER,
            state=TaskState.OPEN, title=request.title,
        ))  # fmt: skip


def _body(desk: Desk, request: Request) -> tuple[str, str] | None:
    """The body that decided it, or that has it now, and the role family that acts there."""
    tasks = desk.unit.find(Task, request_id=request.id)
    if request.decision_id is None:
        return next(
            ((t.organisation_id, t.family) for t in tasks if t.state is TaskState.OPEN), None
        )
    decision = desk.unit.get(Decision, request.decision_id)
    own = [t.family for t in tasks if t.organisation_id == decision.organisation_id]
    body = desk.places.now(decision.organisation_id)
    named = body.kind.value if body.kind in STREETS else body.level.value
    return body.id, next(iter(own), named)
