"""更多之事 what no story leaves behind, so that every kind of post has of every kind of record a row to
read and a row that is kept from it."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from registry.actions.office import Answer, Office
from registry.actions.sealing import checkpointing
from registry.actions.vouching.starting import make_where_missing
from registry.api.resources import RESOURCES
from registry.domain.approval import Step
from registry.domain.audit import Finding
from registry.domain.auditing import AuditMember, AuditProject
from registry.domain.delegation import Delegation
from registry.domain.document import Document
from registry.domain.evaluating import ResidentReport
from registry.domain.pack import PackRun, RunKind
from registry.domain.people import Person
from registry.domain.records import Record
from registry.domain.request import Request, State, Target
from registry.domain.succession import Handover
from registry.store import tables
from tests.conftest import Hand
from tests.ownarea import placed, reach
from tests.ownarea.placed import GIVEN, HOME, Place, World, like, marked

AWAY = Place("away", "990201", "990201001", "990201001001", "civil", {})
"""A county of another city: of each kind one record."""


ON: dict[str, type[Record]] = {"handover": Handover, "delegation": Delegation}
"""Records about people on which files hang."""


def more(place: Place, laid: list[Record]) -> Iterator[Record]:
    """What is laid down in a place besides: a case that runs under an older flow, findings of every
    standing with papers on them, a report by its number."""
    first: dict[type[Record], Any] = {}
    for record in laid:
        first.setdefault(type(record), record)
    yield from _running(place, laid)
    yield from _doubts(place, first[Finding], first[Document])
    for kind, of in ON.items():
        on = {"parent_kind": kind, "parent_id": first[of].id, "request_id": ""}
        yield like(first[Document], id=f"paper-{kind}-{place.name}", organisation_id=None, **on)
    yield like(first[PackRun], id=f"run-rows-{place.name}", kind=RunKind.SIMULATE,
               rows_sha256="0" * 64)  # fmt: skip
    yield like(first[ResidentReport], id=number_in(place), number=number_in(place))


def _running(place: Place, laid: list[Record]) -> Iterator[Record]:
    """A case with one step of the flow it began under, for the place it was meant for."""
    request = next(r for r in laid if isinstance(r, Request) and r.flow)
    id = f"req-running-{place.name}"
    yield like(request, id=id, state=State.IN_REVIEW)
    for kind, more in {Target: {}, Step: {"key": "examine"}}.items():
        of = next(r for r in laid if isinstance(r, kind) and r.request_id == request.id)
        name = tables.BY_RECORD[kind].name
        yield like(of, id=f"{name}-running-{place.name}", request_id=id, **more)


def number_in(place: Place) -> str:
    """The number under which a report of a place is found, by whoever knows it."""
    return f"{place.county}-JM-{place.name.upper()}"


def _doubts(place: Place, finding: Finding, paper: Document) -> Iterator[Record]:
    """Findings that the office acts upon and that audits alone read, each taken up or not; what
    hangs on one, shown to the unit asked or kept."""
    asked = {"unit": f"o-{place.county}-{place.department}", "nobody": None}
    project = f"let-audit-{place.name}"
    for code in ("funds.unpaid", "instrument.lapsing", "request.split"):
        for whose, body in asked.items():
            for taken in (None, project):
                name = f"{code.replace('.', '-')}-{whose}-{'open' if taken is None else 'taken'}"
                yield like(finding, id=f"{name}-{place.name}", code=code, organisation_id=body,
                           project_id=taken, closed_on=None)  # fmt: skip
    on = {"audit_project": project, "finding": f"funds-unpaid-unit-taken-{place.name}"}
    for kind, parent in on.items():
        for who, body in (("unit", asked["unit"]), ("audit", f"o-{place.county}-audit")):
            yield like(paper, id=f"paper-{kind}-{who}-{place.name}", parent_kind=kind,
                       parent_id=parent, organisation_id=body, request_id="")  # fmt: skip


LET = (
    ("here", "audit", "", "o-990102-audit", "other.office", placed.NEIGHBOUR),
    ("here", "inspection", "admission", "o-990102-inspection", "inspector", HOME),
    ("beside", "inspection", "redress", "o-990102-inspection", "inspector", HOME),
    ("next", "inspection", "money", "o-990102-inspection", "inspector", HOME),
    ("far", "inspection", "burden", "o-990102-inspection", "inspector", HOME),
)
"""Whom a project or a letter lets into the community of a place, and of what topic."""


def letting(place: Place, path: str) -> Iterator[Record]:
    """交叉审计 and 调阅函, open."""
    days = {"first_on": "2020-01-01", "last_on": "2030-12-31", "until": "2030-12-31"}
    for _, kind, topic, body, who, home in (one for one in LET if one[0] == place.name):
        units = [f"o-{place.community}"]
        if topic in ("redress", "money"):  # Proposals and indicators name a department alone.
            units.append(f"o-{place.county}-{place.department}")
        project = {
            "county": place.county, "id": f"let-{kind}-{place.name}", "version": 1, "kind": kind,
            "topic": topic, "number": "演示通知1号", "title": "演示项目", "organisation_id": body,
            "units": units, "paths": [path], **days,
        }  # fmt: skip
        member = {"county": place.county, "id": f"let-member-{kind}-{place.name}", "version": 1,
                  "project_id": project["id"], "person_id": f"person-{who}", "home": home,
                  "until": days["until"]}  # fmt: skip
        yield msgspec.convert(project, AuditProject)
        yield msgspec.convert(member, AuditMember)


# ---- laid down after everything else ------------------------------------------------------------


def fill(office: Office, world: World, found: list[Record]) -> None:
    """A county of another city; a row for each body that would have none of a kind; keys, and
    a checkpoint of each log."""
    first: dict[type[Record], Record] = {}
    for record in found:
        first.setdefault(type(record), record)
    moved = placed.moving(AWAY, sorted({r.id for r in found}, key=len, reverse=True))
    _add(office, AWAY.county, (marked(moved(r), AWAY, world.marks) for r in first.values()))
    _add(office, HOME, list(_addressed(office, world)))
    make_where_missing(office)
    for county in (HOME, placed.NEIGHBOUR):
        checkpointing.seal(office, county)


def _add(office: Office, county: str, records: Iterable[Record]) -> None:
    def verb(desk: Any) -> Answer:
        for record in records:
            desk.unit.add(record)
        return Answer(body=None)

    Hand(office, "county.head", county).do(verb)


def _addressed(office: Office, world: World) -> Iterator[Record]:
    """Of each kind a row that names the body of whoever reads its own and would else read none."""
    records = reach.Records(office)
    people = [records.reader(p) for p in records.all[Person] if p.username]
    made: set[tuple[str, str]] = set()
    for name, rule in reach.rules().items():
        kind = RESOURCES[name].record
        if kind in GIVEN or rule.purpose in ("all", "mine", "log"):
            continue
        base = next(r for r in records.all[kind] if r.county == HOME)
        for reader in people:
            seats = [s for s in reader.seats if s.role in rule.own and (name, s.body) not in made]
            if reader.county == placed.NEIGHBOUR or not seats or reach.seen(records, reader, name):
                continue
            for seat in seats:
                made.add((name, seat.body))
                place = Place("addressed", HOME, "", "", "", {})
                id = f"{tables.BY_RECORD[kind].name}-{seat.body}-addressed"
                row = like(base, id=id, **_naming(name, rule, seat.body))
                yield placed.kept(office, marked(row, place, world.marks), world.marks, place)


def _naming(name: str, rule: reach.Rule, body: str) -> dict[str, Any]:
    """By what a record is one of a body's."""
    told: dict[str, dict[str, Any]] = {
        "complaints": {"handler_id": body, "against_id": "o-990102-health"},
        "conferences": {"seated": f"|{body}|"},
        "movements": {"to_organisation_id": body, "kind": "transfer"},
        "phrases": {"organisation_id": body, "person_id": None},
    }
    return told.get(name, {next(iter(rule.bodies), "organisation_id"): body})
