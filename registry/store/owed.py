"""欠办 what waits for somebody and is no task: cases returned to those who ask, hearings to answer,
objections, complaints and residents' reports that lie with a body, findings to be answered.

One statement, each of its pieces by an index that holds only what is returned, or proposed, now.
"""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    Connection,
    Dialect,
    Integer,
    Select,
    Table,
    Text,
    and_,
    bindparam,
    cast,
    exists,
    literal_column,
    null,
    or_,
    select,
    tuple_,
    union,
)

from registry.domain.afterwards import Revocation
from registry.domain.audit import Finding
from registry.domain.auditing import FindingStage, FindingStep
from registry.domain.certifying import AmendmentProposal
from registry.domain.evaluating import ResidentReport
from registry.domain.living import Acceptance
from registry.domain.records import Record, Wire
from registry.domain.redress import Complaint, Objection
from registry.domain.request import Request
from registry.store import tables
from registry.store.boxes import OPEN, Cut
from registry.store.columns import Day, said
from registry.store.owed_cases import returned, reviewed, unsigned
from registry.store.prepared import MOST, Prepared
from registry.store.sieve import Asks, Sieve, guessed, narrowed, narrowing


class OwedKind(StrEnum):
    """欠办种类."""

    SUPPLEMENT = "supplement"
    """补正: the case was returned; it is edited and submitted again."""
    HEARING = "hearing"
    """陈述申辩 on a revocation that was proposed."""
    OBJECTION = "objection"
    """异议 to be answered."""
    COMPLAINT = "complaint"
    """投诉 to be verified and handled."""
    REPORT = "resident_report"
    """居民反映 to be examined and answered."""
    ACCEPTANCE = "acceptance"
    """验收: what a community reported as done."""
    AMENDMENT = "amendment_proposal"
    """提请修改 to be answered."""
    YEARLY = "yearly_review"
    """年度评估 decided, and what it asks of the department is not filed yet."""
    FINDING = "finding"
    """疑点: the unit is asked to answer it, or to put it right, by a day."""
    SIGNATURE = "signature"
    """签发: a draft that the head of the organisation has not handed in yet."""


class Owed(Wire, frozen=True, kw_only=True):
    """欠办一件."""

    kind: OwedKind
    county: str
    id: str
    """Of the request that was returned, of the revocation, objection, complaint or report."""
    request_id: str | None = None
    """The case it belongs to; a complaint or a resident's report tells of none."""
    due_on: date | None = None
    """The last day to be heard, or to answer; nothing runs against who supplements."""
    due_provisional: bool = False


class Debtor(Wire, frozen=True, kw_only=True):
    """谁欠办: the holders a person may act for, and the bodies for which they may sign or answer."""

    counties: list[str]
    holders: list[str] = []
    """People whose returned cases these are."""
    signing: list[str] = []
    """Bodies whose returned cases the person may submit again."""
    unsigned: list[str] = []
    """Bodies whose drafts the person may hand in."""
    answering: list[str] = []
    """Bodies for which the person may be heard."""
    heard: list[str] = []
    """People whose cases the person may be heard on, whichever body asks in them (代录)."""
    objections: list[str] = []
    """Bodies for which the person may answer objections."""
    complaints: list[str] = []
    """Bodies for which the person may verify complaints."""
    reports: list[str] = []
    """Bodies for which the person may examine what residents report."""
    acceptances: list[str] = []
    """Bodies for which the person may accept what is done."""
    proposals: list[str] = []
    """Bodies for which the person may answer a proposal to amend."""
    reviewed: list[str] = []
    """Bodies for which the person may file what a yearly review asks."""
    findings: list[str] = []
    """Bodies for which the person may answer what an audit asks."""
    bodies: list[str] = []
    """All bodies of the person: what is said against one of them is not shown them."""


def owed(
    connection: Connection, debtor: Debtor, cut: Cut, sieve: Sieve = OPEN
) -> list[tuple[Owed, str, str]]:
    """What is owed by the day it is due, what has no day last, each with its case's title and
    state."""
    named = {"holder": debtor.holders, "signing": debtor.signing, "unsigned": debtor.unsigned,
             "answering": debtor.answering, "heard": debtor.heard, "objections": debtor.objections,
             "complaints": debtor.complaints, "reports": debtor.reports,
             "acceptances": debtor.acceptances, "proposals": debtor.proposals,
             "reviewed": debtor.reviewed, "findings": debtor.findings}  # fmt: skip
    counts = tuple((name, len(found)) for name, found in named.items() if found)
    if not counts or not debtor.counties or sieve.owed == []:
        return []
    counts, named = (*counts, ("own", len(debtor.bodies))), {**named, "own": debtor.bodies}
    given: dict[str, Any] = {f"county{n}": one for n, one in enumerate(debtor.counties)}
    for name, _ in counts:
        given |= {f"{name}{n}": one for n, one in enumerate(named[name])}
    place = "first" if cut.id is None else "undated" if cut.due_on is None else "dated"
    given |= {"most": cut.limit, "after": cut.id, "day": cut.due_on}
    asked, more = narrowing(sieve, debtor.counties)
    statement = _statement(connection.dialect, (len(debtor.counties), asked), counts, place)
    return [
        (
            Owed(kind=OwedKind(row["kind"]), county=row["county"], id=row["id"],
                 request_id=row["request_id"], due_on=row["due_on"],
                 due_provisional=bool(row["provisional"])),
            row["title"], row["state"],
        )
        for row in statement.rows(connection, given | more)
    ]  # fmt: skip


@lru_cache(MOST)
def _statement(
    dialect: Dialect, asks: tuple[int, Asks], counts: tuple[tuple[str, int], ...], place: str
) -> Prepared:
    counties, asked_of = asks
    asked = _Asked(dialect=dialect, counties=_bound("county", counties), own=_bound(*counts[-1]))
    found = union(*(_PIECES[n](asked, _bound(n, many)) for n, many in counts[:-1])).subquery()
    query = select(*found.c).where(*narrowed(found, asked_of))
    day, last = bindparam("day", type_=Day()), bindparam("after", type_=Text())
    undated = and_(found.c.due_on.is_(None), found.c.id > last)
    if place == "undated":
        query = query.where(undated)
    elif place == "dated":
        query = query.where(
            or_(found.c.due_on.is_(None), tuple_(found.c.due_on, found.c.id) > tuple_(day, last))
        )
    query = query.order_by(found.c.due_on.is_(None), found.c.due_on, found.c.id)
    page = query.limit(bindparam("most", type_=Integer())).offset(literal_column("0"))
    return Prepared(page, dialect, list(found.c))


class _Asked(NamedTuple):
    """What every piece is asked with, besides whose it is."""

    dialect: Dialect
    counties: list[Any]
    own: list[Any]
    """All bodies of the person."""


def _bound(name: str, count: int) -> list[Any]:
    return [bindparam(f"{name}{n}", type_=Text()) for n in range(count)]


def _hearings(column: str, asked: _Asked, whose: Sequence[Any]) -> Select[Any]:
    revocation, request = tables.BY_RECORD[Revocation], tables.BY_RECORD[Request]
    case = and_(
        request.c.county == revocation.c.county, request.c.id == revocation.c.request_id,
        request.c.event_to.is_(None), request.c[column].in_(whose),
    )  # fmt: skip
    return select(
        literal_column(f"'{OwedKind.HEARING.value}'", Text()).label("kind"),
        revocation.c.county, revocation.c.id, revocation.c.request_id,
        revocation.c.answer_by.label("due_on"),
        guessed(asked.dialect, revocation, "answer_by_provisional"),
        request.c.title, request.c.state,
    ).select_from(revocation.join(request, case)).where(
        revocation.c.county.in_(asked.counties), revocation.c.event_to.is_(None),
        revocation.c.state == literal_column("'proposed'"),
    )  # fmt: skip


_WAITING: dict[type[Record], tuple[OwedKind, list[str]]] = {
    Objection: (OwedKind.OBJECTION, ["raised"]),
    Complaint: (OwedKind.COMPLAINT, ["registered", "verifying"]),
    ResidentReport: (OwedKind.REPORT, ["registered", "examined"]),
    Acceptance: (OwedKind.ACCEPTANCE, ["asked"]),
    AmendmentProposal: (OwedKind.AMENDMENT, ["sent"]),
}
"""States in which each waits for the body it lies with."""


def _lying(kind: type[Record], title: str, asked: _Asked, whose: Sequence[Any]) -> Select[Any]:
    """What lies with a body to be answered, but what is about one of the person's own."""
    t, (word, states) = tables.BY_RECORD[kind], _WAITING[kind]
    case = t.c.request_id if "request_id" in t.c else cast(null(), Text())
    named = t.c[title] if title in t.c else said(asked.dialect, t, title) if title else _called(t)
    body = t.c.handler_id if "handler_id" in t.c else t.c.department_id
    query = select(
        literal_column(f"'{word.value}'", Text()).label("kind"), t.c.county, t.c.id,
        case.label("request_id"), t.c.due_on, guessed(asked.dialect, t, "due_provisional"),
        named.label("title"), t.c.state,
    ).where(
        t.c.county.in_(asked.counties), t.c.event_to.is_(None), body.in_(whose),
        t.c.state.in_([literal_column(f"'{state}'", Text()) for state in states]),
    )  # fmt: skip
    if "against_id" in t.c:
        query = query.where(or_(t.c.against_id.is_(None), t.c.against_id.not_in(asked.own)))
    return query


def _called(t: Table) -> Any:
    """The title of its case."""
    request = tables.BY_RECORD[Request].alias("case")
    return (
        select(request.c.title)
        .where(
            request.c.county == t.c.county, request.c.id == t.c.request_id,
            request.c.event_to.is_(None),
        )
        .scalar_subquery()
    )  # fmt: skip


def _questioned(asked: _Asked, whose: Sequence[Any]) -> Select[Any]:
    """What was asked of a unit last, and the finding still stands there: an answer closes the
    question, 销号 alone what was to be put right."""
    step, finding = tables.BY_RECORD[FindingStep], tables.BY_RECORD[Finding]
    later = step.alias("later")
    of = and_(
        finding.c.county == step.c.county, finding.c.id == step.c.finding_id,
        finding.c.event_to.is_(None), finding.c.stage == step.c.stage,
    )  # fmt: skip
    return select(
        literal_column(f"'{OwedKind.FINDING.value}'", Text()).label("kind"),
        step.c.county, finding.c.id, cast(null(), Text()).label("request_id"), step.c.due_on,
        literal_column("0", Integer()).label("provisional"),
        said(asked.dialect, finding, "name").label("title"), finding.c.stage.label("state"),
    ).select_from(step.join(finding, of)).where(
        step.c.county.in_(asked.counties), step.c.event_to.is_(None),
        step.c.organisation_id.in_(whose),
        step.c.stage.in_([literal_column(f"'{stage.value}'", Text()) for stage in _ASKING]),
        ~exists().where(later.c.county == step.c.county, later.c.event_to.is_(None),
                        later.c.finding_id == step.c.finding_id, later.c.id > step.c.id),
    )  # fmt: skip


_ASKING = (FindingStage.VERIFYING, FindingStage.RECTIFYING)
_PIECES: dict[str, Any] = {
    "holder": lambda asked, whose: returned("holder_id", asked.counties, whose),
    "signing": lambda asked, whose: returned("applicant_id", asked.counties, whose),
    "unsigned": lambda asked, whose: unsigned(asked.counties, whose),
    "answering": lambda asked, whose: _hearings("applicant_id", asked, whose),
    "heard": lambda asked, whose: _hearings("holder_id", asked, whose),
    "objections": lambda asked, whose: _lying(Objection, "subject", asked, whose),
    "complaints": lambda asked, whose: _lying(Complaint, "subject", asked, whose),
    "reports": lambda asked, whose: _lying(ResidentReport, "number", asked, whose),
    "acceptances": lambda asked, whose: _lying(Acceptance, "", asked, whose),
    "proposals": lambda asked, whose: _lying(AmendmentProposal, "item", asked, whose),
    "reviewed": lambda asked, whose: reviewed(asked.counties, whose),
    "findings": _questioned,
}
