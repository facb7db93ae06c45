"""证明答复 which papers a word means, and whether the community issues them, by the decision table.

A look-up knows less than a filing: what the asker did not say (who demands it, on what basis) is
asked of the table with every value it may have, and only what is answered alike each time is told.
"""

from collections.abc import Iterable
from datetime import date
from itertools import product

import msgspec

from registry.domain.admission import COLUMNS, FACTS, Hit, strongest
from registry.domain.certifying import ANSWERED, Certifying, Demander
from registry.domain.details import CertificateDetail
from registry.domain.filing import Applicant, Filing
from registry.domain.records import Wire
from registry.domain.vocabulary import (
    GRADES_OFF,
    Gate,
    Kind,
    Level,
    OrganisationKind,
    Polarity,
    Receiver,
)
from registry.policies.judge import Rulebook, decide
from registry.policies.measuring.facts import Matter, Rows
from registry.policies.measuring.filed import demander as demander_fact
from registry.policies.overlay import Governing
from registry.policies.standing import PERMITTING, Found

_CERTIFICATE, _DEMANDER, _BASIS = (COLUMNS.index(c) for c in ("certificate", "demander", "basis"))
_SILENT = ("*", "none")
ANY = "*"
"""In a case: whatever it is, the answer is the same."""
_SHOWN = 5
"""Most papers told for one word: a list at the door is read by a person."""
_BODIES = {
    Demander.GOVERNMENT: OrganisationKind.DEPARTMENT,
    Demander.COURT: OrganisationKind.COURT_PROCURATORATE,
    Demander.ENTERPRISE: OrganisationKind.ENTERPRISE,
    Demander.BANK: OrganisationKind.COMMERCIAL,
    Demander.SCHOOL: OrganisationKind.INSTITUTION,
}


class Wanted(Wire, frozen=True, kw_only=True):
    """所问: the words for a paper, and what is known of who demands it."""

    words: str
    on: date
    receivers: list[Receiver]
    paths: list[str] = []
    """Area paths of the community, for a list of one street."""
    demander: Demander | None = None
    out_of_area: bool = False
    basis: str | None = None
    """What the demander rests on (``statute``, ``policy``, ``none``); ``None`` = not stated."""


class Spoken(Wire, frozen=True, kw_only=True):
    """一种情形: what the table answers to one demander with one basis."""

    demander: str
    """``public``, ``private``, ``out_of_area``, or any."""
    basis: str
    """``statute``, ``policy``, ``none``, or any."""
    answer: Certifying
    rules: list[Hit]


class Listed(Wire, frozen=True, kw_only=True):
    """清单证明: one paper of a list that the words may mean."""

    list_id: str
    list_title: str
    item_id: str
    title: str
    polarity: Polarity
    sure: bool
    """Called by a name the list itself prints; else like one, or by a word of our own."""
    basis: str
    grade: str
    department: str = ""
    department_unverified: bool = True
    verifier: str = ""
    """核验单位."""
    verifier_unverified: bool = True
    """待核实: inferred, or not read."""
    purpose: str = ""
    process: str = ""
    form: str = ""
    time_limit: str = ""
    answer: Certifying
    """What is answered where this very paper is meant."""
    note: str = ""


class Conflict(Wire, frozen=True, kw_only=True):
    """清单与法规冲突: the item that forbids a paper, and the statute that asks for it."""

    item_id: str
    item: str
    clause: str
    statute: str


class Reply(Wire, frozen=True, kw_only=True):
    """答复 to the words: alike in every case, or ``ask``."""

    answer: Certifying
    cases: list[Spoken]
    papers: list[Listed]
    """In order of likeness; those that are surely meant first."""
    conflict: Conflict | None = None

    @property
    def rules(self) -> list[Hit]:
        """What was answered in any case, each rule once."""
        return list({hit.rule: hit for case in self.cases for hit in case.rules}.values())

    @property
    def clauses(self) -> list[str]:
        """The clauses behind the answer, each once."""
        return list(dict.fromkeys(hit.clause for hit in self.rules))


def reply(book: Rulebook, wanted: Wanted) -> Reply:
    """What the community answers, and every paper of a list that may be meant."""
    found = book.lists.meet(_filing(wanted), wanted.on, wanted.paths)
    cases, rows = _cases(book, wanted)
    fact = rows.vectors[0][1][_CERTIFICATE]
    return Reply(
        answer=_alike(case.answer for case in cases), cases=_distinct(cases),
        papers=[_listed(book, wanted, one) for one in found[:_SHOWN]],
        conflict=_conflict(found) if fact == "conflict" else None,
    )  # fmt: skip


def conflict_of(book: Rulebook, filing: Filing, on: date, paths: list[str]) -> Conflict | None:
    """冲突两端 in what a filing asks for; ``None`` where its words meet no such pair."""
    return _conflict(book.lists.meet(filing, on, paths))


def paper(book: Rulebook, item_id: str, on: date) -> str:
    """The title of an item of a list of papers in force on a day; empty = there is none."""
    for (list_id, id), item in book.lists.items.items():
        of = book.lists.lists[list_id]
        if id == item_id and Kind.CERTIFICATE in of.kinds and of.in_force(on) and item.in_force(on):
            return item.title
    return ""


def _filing(wanted: Wanted) -> Filing:
    """The words as a filing for a paper; nothing else is said."""
    return Filing(
        kind=Kind.CERTIFICATE, title=wanted.words, receivers=wanted.receivers, targets=[],
        applicants=[Applicant(organisation_id="")],
        certificate=CertificateDetail(
            demand=wanted.words, demander=(wanted.demander or Demander.OTHER).value,
            demander_out_of_area=wanted.out_of_area,
        ),
    )  # fmt: skip


def _cases(book: Rulebook, wanted: Wanted) -> tuple[list[Spoken], Rows]:
    """The table's answer for every value of what was not said."""
    filing = _filing(wanted)
    kind = _BODIES.get(wanted.demander or Demander.OTHER, OrganisationKind.SOCIAL_ORGANISATION)
    rows = book.facts(Matter(
        gate=Gate.FILE, filing=filing, applicant_kind=kind, applicant_level=Level.COUNTY,
        applied=wanted.on, paths=wanted.paths,
    ))  # fmt: skip
    known = wanted.demander is not None or wanted.out_of_area
    demanders = [demander_fact(filing.certificate)] if known else FACTS["demander"][1:]
    bases = [wanted.basis] if wanted.basis else FACTS["basis"]
    dates = Governing(applied=wanted.on, decided=wanted.on, entered=wanted.on)
    speaking = _speaking(book, dates)
    cases = []
    for demander, basis in product(demanders, bases):
        rules = decide(book.overlay, _with(rows, demander, basis), dates).rules
        best = strongest(hit for hit in rules if hit.rule in speaking)
        cases.append(Spoken(
            demander=demander, basis=basis, rules=best,
            answer=ANSWERED[best[0].outcome] if best else Certifying.ASK,
        ))  # fmt: skip
    return cases, rows


def _speaking(book: Rulebook, dates: Governing) -> set[str]:
    """Rules that speak of papers: what else a filing must bring (money, time ahead) is not asked
    at the door."""
    rows = book.overlay.active(dates).rows
    return {r.rule.id for r in rows if r.row.facts[_CERTIFICATE] not in _SILENT}


def _with(rows: Rows, demander: str, basis: str) -> Rows:
    """The same facts, from another demander with another basis."""
    vectors = []
    for receiver, vector in rows.vectors:
        facts = list(vector)
        facts[_DEMANDER], facts[_BASIS] = demander, basis
        vectors.append((receiver, tuple(facts)))
    return msgspec.structs.replace(rows, vectors=vectors)


def _alike(answers: Iterable[Certifying]) -> Certifying:
    given = set(answers)
    return given.pop() if len(given) == 1 else Certifying.ASK


def _distinct(cases: list[Spoken]) -> list[Spoken]:
    """The cases that differ: what makes no difference is told as any (``*``)."""
    for name in ("demander", "basis"):
        beside = {"demander": "basis", "basis": "demander"}[name]
        by_other: dict[str, set[tuple[str, ...]]] = {}
        for case in cases:
            said = (case.answer.value, *(hit.rule for hit in case.rules))
            by_other.setdefault(getattr(case, beside), set()).add(said)
        if all(len(said) == 1 for said in by_other.values()):
            first = {getattr(case, beside): case for case in reversed(cases)}
            cases = [msgspec.structs.replace(c, **{name: ANY}) for c in reversed(first.values())]
    return cases


def _listed(book: Rulebook, wanted: Wanted, found: Found) -> Listed:
    item, of = found.item, found.list
    named = msgspec.structs.replace(wanted, words=item.title)
    return Listed(
        list_id=of.id, list_title=of.title, item_id=item.id, title=item.title,
        polarity=of.polarity, sure=found.how == "exact", basis=item.basis,
        grade=item.grade.value, department=item.department,
        department_unverified=item.department_grade in GRADES_OFF, verifier=item.verifier,
        verifier_unverified=item.verifier_grade in GRADES_OFF, purpose=item.purpose,
        process=item.process, form=item.form, time_limit=item.time_limit, note=item.note,
        answer=_alike(case.answer for case in _cases(book, named)[0]),
    )  # fmt: skip


def _conflict(found: list[Found]) -> Conflict | None:
    """The first item that forbids, and every statute that asks, of what is surely met."""
    sure = [one for one in found if one.how == "exact"]
    barred = next((one for one in sure if one.list.polarity is Polarity.NEGATIVE), None)
    asking = [one.item.basis for one in sure if one.list.polarity in PERMITTING]
    if barred is None or not asking:
        return None
    return Conflict(
        item_id=barred.item.id, item=barred.item.title, clause=barred.item.basis,
        statute="；".join(dict.fromkeys(asking)),
    )  # fmt: skip
