"""案卷页 one case on one page, for whoever decides it, files it or watches it: what is asked, what the
rules say, what it costs whom, what was like it, who has said what, and what may be done now.
"""

from functools import partial
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlencode

from registry.actions import explaining, reading, resembling
from registry.actions.burden.beside import Carried, carried
from registry.actions.counting import working_days
from registry.actions.filing import owners
from registry.actions.ledger import reckoned
from registry.actions.office import Answer, Desk
from registry.actions.papers.kinds import PaperKind, papers_of
from registry.actions.reading import ListQuery
from registry.api.acting import Act
from registry.api.lists import RESOURCES
from registry.api.resources import Resource
from registry.api.serving import aside
from registry.domain.afterwards import Revocation, RevocationState
from registry.domain.agreement import Agreement
from registry.domain.approval import Decision, Opinion, Step, Task, TaskState
from registry.domain.document import Document
from registry.domain.errors import Refusal
from registry.domain.movement import Movement
from registry.domain.outcome import StreetOutcome
from registry.domain.presence import Presence
from registry.domain.records import Record
from registry.domain.request import MOVES, Request, State
from registry.domain.vouching import AdmissionNotice
from registry.domain.workload import hours_a_year
from registry.web.deciding import ASKED, EDIT, beside
from registry.web.named import Named
from registry.web.offers import on_record
from registry.web.onward import begun, in_vain, onward, to_accept, to_answer, to_revoke
from registry.web.records import done_of
from registry.web.serving import Kind, Line, shown
from registry.web.shell import may, opens
from registry.web.visit import Visit

R = TypeVar("R", bound=Record)
ONE = Kind(parameters=frozenset({"done"}) | ASKED)
OPEN = (RevocationState.PROPOSED, RevocationState.HEARD)
MOST = 100
"""Rows of each kind on the page; it says of which lists have more."""
PLACES = 12
"""Communities whose load is shown; the rest is read in the list of loads."""


class Load(NamedTuple):
    """负担: of one community now, and with this matter."""

    name: str
    code: str
    items: int
    items_after: int
    hours: int
    hours_after: int


class Offered(NamedTuple):
    """可办: an act, and what it is done to."""

    act: Act
    id: str


class Case:
    """案卷 as one person may read it."""

    def __init__(self, visit: Visit) -> None:
        self.visit, self.office, self.actor = visit, visit.office, visit.actor()
        self.request = reading.one(self.office, self.actor, Request, visit.id, county=visit.county)
        visit.within(self.request)
        self.call = visit.call(self.actor, "request.read")
        visit.opens = self.request.id
        self.longer: list[tuple[Resource, str]] = []
        """Lists of which more stands than the page has room for, and what is asked of them."""

    def of(self, kind: type[R], **equals: Any) -> list[R]:
        """Rows of the case that the person may read, as many as there is room for; none where they
        may read none of the kind."""
        equals = equals or {"request_id": self.request.id}
        query = ListQuery(limit=MOST, equals=equals, county=self.visit.county)
        try:
            page = reading.page(self.office, self.actor, kind, query)
        except Refusal:
            return []
        if page.next:
            resource = next(one for one in RESOURCES.values() if one.record is kind)
            self.longer.append((resource, urlencode(equals)))
        return list(page.items)

    def told(self, ask: Any) -> Any:
        """What a question answers; ``None`` where it may not be asked of this case."""
        try:
            return ask()
        except Refusal:
            return None

    def explanation(self) -> Any:
        """Why the rules say what they say, and the way to yes."""
        ask = partial(explaining.of_request, self.office, self.call, self.request.id)
        return None if self.request.composite else self.told(ask)

    def money(self) -> Any:
        """How the money is reckoned."""
        return self.told(partial(reckoned.of_request, self.office, self.call, self.request.id))

    def alike(self) -> list[resembling.Resembling]:
        """Earlier requests that read like it."""
        ask = partial(resembling.resembling, self.office, self.call, self.request)
        return list(self.told(ask) or [])

    def loads(self) -> list[Load]:
        """What each community carries, without this matter and with it, in the order of codes; none
        once it was decided on: what was admitted is carried already."""
        if self.request.state not in MOVES["approve"] | MOVES["edit"] | MOVES["accept"]:
            return []
        areas = sorted(self.request.filing.targets)[:PLACES]
        ask = partial(carried, self.office, self.actor, areas, self.call.county)
        held = list(self.told(ask) or [])[:PLACES]
        hours = self._hours() if held else 0
        return [_load(one, hours) for one in held]

    def _hours(self) -> int:
        """Of a year, as the matter would be entered with."""
        filing = self.request.filing

        def verb(desk: Desk) -> Answer:
            days = working_days(desk, filing)
            return Answer(body=hours_a_year(filing.hours_per_cycle, filing.cycle, days))

        return self.office.ask(self.call, verb).body or 0

    def mine(self) -> list[Task]:
        """Open tasks of one's own bodies, however many others there are."""
        own = {"organisation_id": sorted(self._bodies()), "state": TaskState.OPEN.value}
        return self.of(Task, request_id=self.request.id, **own)

    def offered(self, mine: list[Task]) -> list[Offered]:
        """What the person may perhaps do now: with their open tasks, which rest while the case is
        with those who ask; then with the case."""
        resting = self.request.state is State.RETURNED
        found = [
            Offered(act, task.id)
            for task in ([] if resting else mine) for act in self._on("tasks", task)
        ]  # fmt: skip
        return found + [Offered(a, self.request.id) for a in self._on("requests", self.request)]

    def revocations(self) -> list[Revocation]:
        """撤销 that are open: proposed or heard, and not decided."""
        found = self.of(Revocation) if self.request.state is State.APPROVED else []
        return [one for one in found if one.state in OPEN]

    def edits(self) -> bool:
        """Whether the filing is the person's to go on with."""
        mine = self._bodies().union(*(post.formerly for post in self.actor.posts))
        asks = bool(mine & set(owners(self.request)))
        return asks and any(a.act == EDIT for a in self._on("requests", self.request))

    def _bodies(self) -> set[str]:
        return {post.organisation_id for post in self.actor.posts}

    def _on(self, resource: str, record: Any) -> list[Act]:
        return on_record(self.office, self.actor, resource, record)


def _load(one: Carried, hours: int) -> Load:
    items, held = one.items, one.hours_year
    return Load(one.name, one.code, items, items + 1, held, held + hours)


async def show(visit: Visit) -> Any:
    """``GET /case/{id}``."""
    return await aside(_shown, visit)


def _shown(visit: Visit) -> Any:
    case = Case(visit)
    kinds = (Step, Task, Opinion, Movement, Decision, StreetOutcome, Agreement, Presence)
    rows: dict[str, list[Any]] = {k.__name__.lower(): case.of(k) for k in kinds}
    documents = case.of(Document, parent_kind="request", parent_id=case.request.id)
    children = case.of(Request, parent_id=case.request.id) if case.request.composite else []
    alike, loads, mine = case.alike(), case.loads(), case.mine()
    revocations = case.revocations()
    vain = in_vain(visit, case.request, rows["decision"], revocations)
    offered = [one for one in case.offered(mine) if one.act.act not in vain]
    halts, ready = begun(visit, rows["presence"])
    everything = [case.request, *(row for found in rows.values() for row in found), *alike,
                  _people(rows, documents)]  # fmt: skip
    return shown(
        visit, "case.html", request=case.request, filing=case.request.filing, rows=rows,
        documents=documents, children=children, alike=alike, explained=case.explanation(),
        money=case.money(), loads=loads, most=max([one.hours_after for one in loads], default=0),
        edits=case.edits(),
        drafts=may(visit.office, case.actor, "request.draft"), done=done_of(visit),
        printed=_printed(case, rows), longer=case.longer, room=MOST,
        county=visit.county, named=Named(visit, everything),
        halts=halts, answers=to_answer(visit, case.request, revocations, case.of),
        onward=[*ready, *to_accept(visit, case.request, case.of),
                *onward(visit, case.request, rows["agreement"], rows["presence"]),
                *to_revoke(visit, case.request, rows["decision"], revocations)],
        **beside(visit, case.request, offered, mine),
    )  # fmt: skip


def _people(rows: dict[str, list[Any]], documents: list[Document]) -> dict[str, list[str]]:
    """Who is named by fields that do not end in the name of a person: who attached a file, in
    whose place somebody spoke or moved the case."""
    spoken = [*rows["opinion"], *rows["movement"], *rows["decision"]]
    whose = {one.on_behalf_of for one in spoken} | {one.uploaded_by for one in documents}
    return {"person_ids": sorted(whose - {None})}


def _printed(case: Case, rows: dict[str, list[Any]]) -> list[tuple[PaperKind, Any]]:
    """Papers of the case, of what was decided, agreed and asked after in it, and the notices by
    which it enters."""
    notices = case.of(AdmissionNotice) if rows["presence"] else []
    found = [case.request, *rows["decision"], *notices, *rows["agreement"], *rows["movement"]]
    return [
        (kind, record) for record in found for kind in papers_of(record)
        if not kind.needs or opens(case.office, case.actor, kind.needs)
    ]  # fmt: skip


PAGES: list[Line] = [("GET", "/case/{id:str}", show, ONE)]
