"""证明查询 what is answered to a word for a paper, for communities and the public; nothing is kept."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Annotated, Any, Literal

import msgspec

from registry.actions.office import Office
from registry.actions.places import COMMITTEES, UNKNOWN_AREA, heir_of
from registry.domain.admission import Hit
from registry.domain.areas import Area, AreaLevel, full_code
from registry.domain.certifying import CERTIFYING_ZH, Certifying, Demander
from registry.domain.errors import Refusal
from registry.domain.people import Actor, Organisation
from registry.domain.records import Record, Wire, civil
from registry.domain.vocabulary import Level, OrganisationKind, Receiver
from registry.policies.certificates import Conflict, Listed, Reply, Spoken, Wanted, reply
from registry.policies.judge import Rulebook

Words = Annotated[
    str,
    msgspec.Meta(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f\x7f]*\S[^\x00-\x1f\x7f]*$"),
]
BasisWord = Literal["statute", "policy", "none"]
Find = Callable[..., list[Any]]
"""Rows of a kind by column, as a reader's or a unit's ``find`` gives them."""


class AskCommand(Wire, frozen=True, kw_only=True):
    """查询条件."""

    q: Words
    area: Annotated[str, msgspec.Meta(pattern=r"^[0-9A-Za-z._:\-]{1,120}$")] | None = None
    """Id or code of the community; absent = that of the post."""
    demander: Demander | None = None
    out_of_area: bool = False
    basis: BasisWord | None = None


class Contact(Wire, frozen=True, kw_only=True):
    """联系单位: with its office telephone, where the registry has it."""

    name: str
    telephone: str = ""


class CertificateAnswer(Wire, frozen=True, kw_only=True):
    """证明答复 (P24): one of four, decided by the decision table."""

    words: str
    on: date
    area: str
    """Code of the place asked for."""
    place: str
    demander: Demander | None
    out_of_area: bool
    basis: str | None
    answer: Certifying
    answer_zh: str
    sure: bool
    """The words are a name that a list itself prints; else ``papers`` are what may be meant."""
    clauses: list[str]
    rules: list[Hit]
    cases: list[Spoken]
    """What the answer depends on, where the asker did not say it."""
    papers: list[Listed]
    conflict: Conflict | None
    verifiers: list[Contact]
    """Bodies of the county that answer to the words of the list for who verifies; found by name
    and therefore 待核实."""
    ask: list[Contact]
    """咨询处: the street or township, then the county's office."""


def answer(office: Office, actor: Actor, county: str, command: AskCommand) -> CertificateAnswer:
    """证明查询 by somebody signed in: for the area of their post where they name none.

    Raises:
        Refusal: ``area.unknown``.
    """
    named = command.area or next((post.area_id for post in actor.posts), county)
    return _asked(office, _county_of(named, county), named, command)


def answer_public(office: Office, command: AskCommand) -> CertificateAnswer:
    """证明查询 by anybody, who names the place by its code; nothing of it is recorded.

    Raises:
        Refusal: ``area.unknown``.
    """
    named = command.area or ""
    county = _county_of(named, "")
    if county not in office.store.reader.partitions():
        raise Refusal(UNKNOWN_AREA, area=named)
    return _asked(office, county, named, command)


_CODE = 6
"""Digits of a county's code."""


def _county_of(named: str, county: str) -> str:
    return named[:_CODE] if named.isdigit() and len(named) >= _CODE else county


def _asked(office: Office, county: str, named: str, command: AskCommand) -> CertificateAnswer:
    reader, today = office.store.reader, civil(office.clock())

    def find(kind: type[Record], **equals: Any) -> list[Any]:
        return reader.find(kind, county, **equals)

    area = area_of(partial(find, Area), named, today)
    area = area if area.in_force(today) else heir_of(reader, area, today)
    wanted = Wanted(
        words=command.q, on=today, receivers=receivers_of(area), paths=[area.path],
        demander=command.demander, out_of_area=command.out_of_area, basis=command.basis,
    )  # fmt: skip
    return told(office.rulebooks.of(county, today), wanted, area, partial(find, Organisation))


def area_of(find: Find, named: str, on: date) -> Area:
    """The place by its id or code, one that is there before one that was there once.

    Raises:
        Refusal: ``area.unknown``.
    """
    found: list[Area] = find(id=named)
    if not found and named.isdigit():
        try:
            found = sorted(find(code=full_code(named)), key=lambda a: not a.in_force(on))
        except ValueError:
            found = []
    if not found:
        raise Refusal(UNKNOWN_AREA, area=named)
    return found[0]


_COMMITTEES = (Receiver.RESIDENTS_COMMITTEE, Receiver.VILLAGE_COMMITTEE)


def receivers_of(area: Area) -> list[Receiver]:
    """Whose seal it is: the residents' or the villagers' committee; of a wider place, either."""
    there = COMMITTEES.get(area.kind, frozenset(_COMMITTEES))
    return [one for one in _COMMITTEES if one in there]


def told(book: Rulebook, wanted: Wanted, area: Area, find: Find) -> CertificateAnswer:
    """The answer with whom to ask; ``find`` gives organisations of the county."""
    given: Reply = reply(book, wanted)
    bodies = [o for o in find(level=Level.COUNTY.value) if o.in_force(wanted.on)]
    streets = (
        [area.parent_id] if area.level is AreaLevel.COMMUNITY and area.parent_id else [area.id]
    )
    return CertificateAnswer(
        words=wanted.words, on=wanted.on, area=area.code, place=area.name,
        demander=wanted.demander, out_of_area=wanted.out_of_area, basis=wanted.basis,
        answer=given.answer, answer_zh=CERTIFYING_ZH[given.answer],
        sure=any(paper.sure for paper in given.papers), clauses=given.clauses,
        rules=given.rules, cases=given.cases, papers=given.papers, conflict=given.conflict,
        verifiers=_verifiers(given.papers[:1], bodies),
        ask=[*_streets(find(area_id=streets), wanted.on), *_offices(bodies)],
    )  # fmt: skip


_APART = "；"
_VERIFYING = (OrganisationKind.DEPARTMENT, OrganisationKind.PARTY_DEPARTMENT,
              OrganisationKind.INSTITUTION, OrganisationKind.MASS_ORGANISATION,
              OrganisationKind.VERTICAL, OrganisationKind.COURT_PROCURATORATE)  # fmt: skip


def _verifiers(papers: list[Listed], bodies: list[Organisation]) -> list[Contact]:
    """Bodies whose name holds a word by which the list calls who verifies."""
    words = [word for paper in papers for word in paper.department.split(_APART) if word]
    return [
        _contact(body) for body in bodies
        if body.kind in _VERIFYING and any(word in body.name for word in words)
    ]  # fmt: skip


def _streets(serving: list[Organisation], on: date) -> list[Contact]:
    kinds = (OrganisationKind.STREET, OrganisationKind.TOWNSHIP)
    return [_contact(o) for o in serving if o.kind in kinds and o.in_force(on)]


def offices(bodies: list[Organisation]) -> list[Organisation]:
    """准入办: those among the bodies that carry the office's function."""
    return [o for o in bodies if OrganisationKind.ADMISSION_OFFICE.value in o.functions]


def _offices(bodies: list[Organisation]) -> list[Contact]:
    return [_contact(one) for one in offices(bodies)]


def _contact(body: Organisation) -> Contact:
    return Contact(name=body.name, telephone=body.telephone)
