"""看得见什么，另算一遍 what each person may see, reckoned from the records, ``purposes.csv``
and ``resources.csv`` alone:
no SQL, no table of the program's own."""

import csv
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from registry.actions.office import Office
from registry.api.resources import RESOURCES
from registry.domain.approval import Task
from registry.domain.areas import Area
from registry.domain.audit import Finding
from registry.domain.auditing import AuditMember, AuditProject
from registry.domain.conference import Conference
from registry.domain.funds import VoucherLine
from registry.domain.movement import Movement
from registry.domain.people import Post
from registry.domain.presence import Presence
from registry.domain.records import Record
from registry.domain.redress import ComplaintSource
from registry.domain.request import Request, Target
from registry.domain.walls import Board, Bureau
from registry.store import tables
from tests.actions.test_conduct_list import LISTED, OFFICES

COLUMNS = {
    "dept": ("dept.clerk", "dept.head"), "finance": ("finance.clerk", "finance.head"),
    "street": ("street.clerk", "street.head", "township.clerk", "township.head"),
    "county": ("county.office", "county.head"), "head": ("community.head",),
    "worker": ("community.worker",), "cashier": ("community.cashier",),
    "supervisor": ("community.supervisor",), "station": ("station.worker",),
    "auditor": ("auditor",), "city": ("city.office", "province.office"), "sys": ("sys.admin",),
    "sec": ("sec.admin",), "aud": ("audit.admin",),
}  # fmt: skip
"""Columns of ``purposes.csv``, by the roles they stand for; the clerk's first where two words are
given. An inspector is in none: a letter alone opens anything to them."""
SUPERIOR = {"990102": ("990102", "990100", "990000", "000000"),
            "990103": ("990103", "990100", "990000", "000000"),
            "990100": ("990100", "990000", "000000"),
            "990201": ("990201", "990200", "990000", "000000")}  # fmt: skip
"""Each jurisdiction of the world with those above it."""


class Rule(NamedTuple):
    """What one line of ``resources.csv`` says, with its purpose's."""

    purpose: str
    bodies: tuple[str, ...]
    ground: bool
    case: str
    own: frozenset[str]
    area: frozenset[str]


def _table(name: str) -> list[dict[str, str]]:
    text = Path(__file__).with_name(name).read_text("utf-8")
    return list(csv.DictReader(ln for ln in text.splitlines() if not ln.startswith("#")))


@cache
def purposes() -> dict[str, dict[str, str]]:
    """Of each purpose, how each role reads for it: own, area, both or nothing."""
    found: dict[str, dict[str, str]] = {}
    for row in _table("purposes.csv"):
        words = found.setdefault(row["purpose"], {})
        for column, roles in COLUMNS.items():
            first, _, last = row[column].partition("/")
            for role in roles:
                words[role] = last if last and role.endswith(".head") else first
    for nobody in ("all", "mine", "log"):
        found[nobody] = {}
    return found


@cache
def rules() -> dict[str, Rule]:
    """The tables, by resource."""
    found = {}
    for row in _table("resources.csv"):
        words = purposes()[row["purpose"]]
        found[row["resource"]] = Rule(
            row["purpose"], tuple(row["bodies"].split()), row["ground"] == "y", row["case"],
            frozenset(r for r, word in words.items() if word in ("own", "both")),
            frozenset(r for r, word in words.items() if word in ("area", "both")),
        )  # fmt: skip
    return found


class Seat(NamedTuple):
    """岗位 a post as the sheet of posts tells it."""

    role: str
    body: str
    path: str


class Reader(NamedTuple):
    """一人."""

    name: str
    id: str
    county: str
    seats: tuple[Seat, ...]
    projects: tuple[Any, ...] = ()

    @property
    def bodies(self) -> set[str]:
        return {seat.body for seat in self.seats}


READ_WITH = {
    "reorganisation": "reorganisations", "handover": "handovers", "delegation": "delegations",
}  # fmt: skip
"""Kinds of parent of a document, and the resource they are read by."""


class Records:
    """全部记录: every record of every county, and what hangs on what."""

    def __init__(self, office: Office) -> None:
        reader = office.store.reader
        self.all: dict[type[Record], list[Any]] = {
            kind: [r for county in reader.partitions() for r in reader.find(kind, county)]
            for kind in tables.BY_RECORD
        }
        self.paths = {a.id: a.path for a in self.all[Area]}
        self.requests = {(r.county, r.id): r for r in self.all[Request]}
        self.targets = self._by("request_id", Target)
        self.tasks = self._by("request_id", Task)
        self.moved = self._by("request_id", Movement)
        self.lines = self._by("voucher_id", VoucherLine)
        self.presences = {(p.county, p.id): p for p in self.all[Presence]}
        self.sources = self._by("complaint_id", ComplaintSource)
        self.conferences = {(c.county, c.id): c for c in self.all[Conference]}
        self.findings = {(f.county, f.id): f for f in self.all[Finding]}
        self.projects = {(p.county, p.id): p for p in self.all[AuditProject]}
        self.parents = {
            (kind, r.county, r.id): r
            for kind, name in READ_WITH.items() for r in self.all[RESOURCES[name].record]
        }  # fmt: skip
        self.walls = {(w.county, w.id): w for k in (Board, Bureau) for w in self.all[k]}

    def _by(self, name: str, kind: type[Record]) -> dict[tuple[str, str], list[Any]]:
        found = defaultdict(list)
        for record in self.all[kind]:
            found[record.county, getattr(record, name)].append(record)
        return found

    def reader(self, person: Any) -> Reader:
        """A person with the posts that stand."""
        posts = [p for p in self.all[Post] if p.person_id == person.id and p.valid_to is None]
        seats = tuple(Seat(p.role, p.organisation_id, self.paths[p.area_id]) for p in posts)
        among = {m.project_id for m in self.all[AuditMember] if m.person_id == person.id}
        roles = {seat.role for seat in seats}
        projects = tuple(
            p for p in self.all[AuditProject]
            if p.id in among and ("auditor" if p.kind == "audit" else "inspector") in roles
        )  # fmt: skip
        return Reader(person.username, person.id, person.county, seats, projects)


Eyes = tuple[Records, Reader]
"""全部记录 and who looks."""
At = tuple[str | None, str | None]
"""A body, and the path of an area."""


def seen(records: Records, reader: Reader, resource: str) -> list[Any]:
    """What of a resource the person may see."""
    kind = RESOURCES[resource].record
    return [r for r in records.all[kind] if sees(records, reader, resource, r)]


def sees(records: Records, reader: Reader, resource: str, record: Any) -> bool:
    """Whether the person may see one record."""
    if resource == "documents" and record.parent_kind in READ_WITH:
        # Who reads the record reads its files; who reads documents besides does not.
        on = records.parents.get((record.parent_kind, record.county, record.parent_id))
        return on is not None and sees(records, reader, READ_WITH[record.parent_kind], on)
    rule = rules()[resource]
    if rule.purpose == "all":
        lines = [reader.county, *(p.county for p in reader.projects)]
        return any(record.county in SUPERIOR[county] for county in lines)
    if rule.purpose == "mine":
        return bool(record.person_id == reader.id)
    if any(_from((records, reader), seat, resource, record) for seat in reader.seats):
        return True
    return any(_let((records, reader), project, resource, record) for project in reader.projects)


UNLET = ("people", "complaint", "delegated", "handover", "key", "run", "population", "report",
         "phrase")  # fmt: skip
"""What a project opens to an auditor of elsewhere not: who works here, how it is administered, and
what residents or officials said in confidence."""
TOPICS = {
    "money": {"money", "spent", "claim", "indicator", "paid", "purchase", "agreed"},
    "admission": {"case", "judged", "desk", "opinion", "moved", "agreed", "exception"},
    "burden": {"wall", "posting", "certificate"},
    "redress": {"redress", "proposal"},
}
_LIVING = {"presences", "suspensions", "acceptances", "departures", "admission-notices",
           "documents", "audit-projects", "audit-members"}  # fmt: skip
BESIDE = {"money": _LIVING, "admission": _LIVING | {"conferences"}, "burden": _LIVING,
          "redress": _LIVING}  # fmt: skip
"""What a letter opens by its topic: purposes, and further resources."""
BANK = {"bank-batches", "bank-lines", "line-parts", "other-incomes"}
"""Statements are read by an auditor's project, and by no letter."""


def opens(project: Any, resource: str) -> bool:
    """Whether a project or a letter opens records of this kind at all."""
    rule = rules()[resource]
    if project.kind == "audit":
        return rule.purpose not in UNLET and "auditor" in rule.own | rule.area
    return resource not in BANK and (
        rule.purpose in TOPICS[project.topic] or resource in BESIDE[project.topic]
    )


def _let(eyes: Eyes, project: Any, resource: str, record: Any) -> bool:
    """Whether a project or a letter lets the person see it."""
    if record.county != project.county or not opens(project, resource):
        return False
    if resource in ("audit-projects", "audit-members", "finding-steps", "samples"):
        return project.id == (record.id if resource == "audit-projects" else record.project_id)
    if resource == "documents" and record.parent_kind in AUDITED:
        return _on_project(eyes[0], project, record)
    ground: list[At] = [(unit, None) for unit in project.units]
    ground += [(None, path) for path in project.paths]
    for body, path in ground:
        special = None if resource in ("findings", "documents") else OF_ITS_OWN.get(resource)
        told = special(*eyes, (body, False), record) if special else None
        if told is None:
            told = _parted(eyes[0], rules()[resource], (body, path), record) or _besides(
                eyes, (body, path), resource, record
            )
        if told:
            return True
    return False


def _from(eyes: Eyes, seat: Seat, resource: str, record: Any) -> bool:
    """Whether it is seen from one of the person's posts."""
    rule, (records, reader) = rules()[resource], eyes
    own, area = seat.role in rule.own, seat.role in rule.area
    if not (own or area) or not _below(reader, seat, record.county):
        return False
    body, path = seat.body if own else None, seat.path if area else None
    whole = path is not None and path.count("/") <= WHOLE
    if special := OF_ITS_OWN.get(resource):
        told = special(records, reader, (body, whole), record)
        if told is not None:
            return bool(told)
    return whole or _parted(records, rule, (body, path), record) or _besides(
        eyes, (body, path), resource, record
    )  # fmt: skip


WHOLE = 4
"""Slashes in the path of a county: who reads by area from there reads the whole of it."""


def _below(reader: Reader, seat: Seat, county: str) -> bool:
    if seat.role in ("city.office", "province.office"):
        return reader.county in SUPERIOR.get(county, ())
    return county == reader.county


def _parted(records: Records, rule: Rule, at: At, record: Any) -> bool:
    """By the body it names, by the ground it lies on, or by its case."""
    body, path = at
    if body and any(getattr(record, name, None) == body for name in rule.bodies):
        return True
    if path and rule.ground and (record.area_path or "").startswith(path):
        return True
    id = record.id if isinstance(record, Request) else getattr(record, "request_id", None)
    request = records.requests.get((record.county, id or "")) if rule.case else None
    return request is not None and _by_case(records, rule, at, request)


def _by_case(records: Records, rule: Rule, at: At, request: Request) -> bool:
    """By the case it hangs on."""
    body, path = at
    if body and body in _asking(request):
        return True
    if rule.case == "shown" and body and _taken_in(records, body, request):
        return True
    meant = rule.case in ("meant", "shown") and path and request.applied_on is not None
    return bool(meant) and any(
        t.path.startswith(path) or path.startswith(t.path)
        for t in records.targets[request.county, request.id]
    )


def _asking(request: Request) -> set[str]:
    return {request.applicant_id, *(a.organisation_id for a in request.filing.applicants)}


def _taken_in(records: Records, body: str, request: Request) -> bool:
    """It was copied to the body, or the body was asked for a word."""
    at = (request.county, request.id)
    asked = (t.asked_by is not None and t.organisation_id == body for t in records.tasks[at])
    copied = (m.kind == "copy" and m.to_organisation_id == body for m in records.moved[at])
    return any(asked) or any(copied)


def _besides(eyes: Eyes, at: At, resource: str, record: Any) -> bool:
    """What one line of the table cannot say."""
    (records, reader), (body, path) = eyes, at
    found: list[bool] = []
    if rules()[resource].case == "shown":
        id = record.id if isinstance(record, Request) else record.request_id
        found += [m.kind == "copy" and m.to_person_id == reader.id
                  for m in records.moved[record.county, id or ""]]  # fmt: skip
    if resource == "vouchers" and path:
        lines = records.lines[record.county, record.id]
        there = (records.presences.get((record.county, ln.presence_id)) for ln in lines)
        found += [(p.area_path or "").startswith(path) for p in there if p is not None]
    if resource == "yearly-reviews" and path:
        legacy = records.presences.get((record.county, record.presence_id or ""))
        found.append(legacy is not None and legacy.request_id is None
                     and (legacy.area_path or "").startswith(path))  # fmt: skip
    if resource == "conferences":
        found.append(body is not None and f"|{body}|" in record.seated)
    if resource == "documents":
        found.append(_hangs(records, at, record))
    if resource == "movements":
        own = {t.organisation_id for t in records.tasks[record.county, record.request_id]}
        found += [body is not None and body in (record.to_organisation_id, *own),
                  record.to_person_id == reader.id]  # fmt: skip
    if resource == "cleanup-orders":
        found += [body is not None and w.order_id == record.id and w.department_id == body
                  for w in records.walls.values() if w.county == record.county]  # fmt: skip
    return any(found)


def _hangs(records: Records, at: tuple[str | None, str | None], record: Any) -> bool:
    """Minutes of a meeting where one of the body sat; a picture of a board of theirs."""
    body, path = at
    meeting = records.conferences.get((record.county, record.parent_id))
    if meeting is not None and record.type == "minutes" and body:
        return f"|{body}|" in meeting.seated
    wall = records.walls.get((record.county, record.parent_id))
    if wall is None or record.parent_kind not in ("board", "bureau"):
        return False
    return bool(body and wall.department_id == body) or bool(
        path and wall.area_path.startswith(path)
    )


def _phrase(_: Records, reader: Reader, at: tuple[str | None, bool], record: Any) -> bool:
    return record.organisation_id == at[0] and record.person_id in (None, reader.id)


def _complaint(records: Records, reader: Reader, at: tuple[str | None, bool], record: Any) -> bool:
    """Who complained; who handles it, or reads the county, unless it is about them."""
    body, whole = at
    said = records.sources[record.county, record.id]
    if any(s.person_id == reader.id for s in said):
        return True
    theirs = any(s.organisation_id == body for s in said) or record.handler_id == body
    return record.against_id not in reader.bodies and (whole or (body is not None and theirs))


def _report(_: Records, reader: Reader, __: Any, record: Any) -> bool | None:
    """Whom it is about does not read it; else as the table says."""
    return False if record.against_id in reader.bodies else None


def _satisfaction(_: Records, __: Reader, at: tuple[str | None, bool], record: Any) -> bool | None:
    """What a community says of others, its street does not read one by one."""
    if at[1] or record.rater != "community":
        return None
    return bool(record.organisation_id == at[0])


AUDITED = ("audit_project", "finding")
"""On what papers of an audit hang."""


def _on_project(records: Records, project: Any, record: Any) -> bool:
    """A paper of this project or letter; for an audit, of the findings that it took up."""
    if record.parent_kind == "audit_project":
        return bool(record.parent_id == project.id)
    finding = records.findings.get((record.county, record.parent_id))
    return project.kind == "audit" and finding is not None and finding.project_id == project.id


def _document(
    records: Records, reader: Reader, at: tuple[str | None, bool], record: Any
) -> bool | None:
    """What hangs on an audit is the auditor's, and the unit's that it was shown to; of a letter it
    is read by who reads the whole county."""
    if record.parent_kind not in AUDITED or ({s.role for s in reader.seats} & AUDITS and at[1]):
        return None
    on = records.projects.get((record.county, record.parent_id))
    letter = at[1] and on is not None and on.kind == "inspection"
    return letter or (at[0] is not None and record.organisation_id == at[0])


def _finding(_: Records, reader: Reader, at: tuple[str | None, bool], record: Any) -> bool | None:
    """办理中: what compares conduct, and what an audit has taken up, the auditor and the unit asked
    read, and nobody beside them; what is to be acted upon the office reads until then (P35)."""
    free = record.project_id is None and record.code not in CONDUCT
    if free or {s.role for s in reader.seats} & AUDITS:
        return None
    return at[0] is not None and record.organisation_id == at[0]


AUDITS = {"auditor"}
CONDUCT = {code for codes in LISTED.values() for code in codes} - OFFICES
"""The issue's list, written down by hand beside the tests of each kind."""
OF_ITS_OWN: dict[str, Any] = {
    "documents": _document, "findings": _finding, "phrases": _phrase, "complaints": _complaint,
    "resident-reports": _report, "satisfactions": _satisfaction,
}  # fmt: skip
