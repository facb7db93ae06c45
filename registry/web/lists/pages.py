"""清单页 the lists there are, what is on its way, and one text of a list with what is known of it."""

from typing import Any

from registry.actions import reading
from registry.actions.places import above
from registry.actions.querying.askable import Condition, Op
from registry.actions.reading import ListQuery
from registry.actions.rejudging.sampling import ACT as TRIES
from registry.actions.rules import comparing, trying_lists
from registry.api.serving import aside
from registry.domain.catalogue import MatterList
from registry.domain.edition import OPEN, EditionState, ListEdition
from registry.domain.errors import Refusal
from registry.domain.records import civil
from registry.web.lists import drafts, editing
from registry.web.named import Named
from registry.web.packs import summed
from registry.web.serving import PLAIN, Kind, Line, shown
from registry.web.shell import may
from registry.web.visit import Visit

ONE = Kind(parameters=frozenset({"done"}))
MOST = 200
ACTS = ("list.publish", "list.withdraw", "list.attach", "list.run")


async def many(visit: Visit) -> Any:
    """``GET /lists``: lists here and above, what waits for a signature, one's own drafts."""
    return await aside(listed, visit)


def listed(visit: Visit, status: int = 200, **more: Any) -> Any:
    """The page of lists, perhaps with what was wrong with a draft that was to begin."""
    county = visit.county or visit.actor().county
    own = [one for code in above(county) for one in _of(visit, MatterList, code)]
    told: dict[str, Any] = {"refusal": None} | more
    named = _named(visit, county)
    return shown(
        visit, "lists/list.html", status=status, county=county, drafts=drafts.all_of(visit),
        waiting=[e for code in above(county) for e in _of(visit, ListEdition, code)
                 if e.state in OPEN],
        lists=sorted(own, key=lambda one: (one.id not in named, one.county != county)),
        named=named, editor=may(visit.office, visit.actor(), drafts.ACT), **told,
    )  # fmt: skip


def _of(visit: Visit, kind: Any, county: str) -> list[Any]:
    where = []
    if kind is ListEdition:
        states = sorted(state.value for state in OPEN)
        where = [Condition(field="state", op=Op.IN, value=states)]
    try:
        query = ListQuery(limit=MOST, county=county, where=where)
        found = reading.page(visit.office, visit.actor(), kind, query).items
    except Refusal:
        return []
    # What stands above is answered with every one of those below it.
    return list({one.id: one for one in found if one.county == county}.values())


def _named(visit: Visit, county: str) -> frozenset[str]:
    """Lists that the rules in force name."""
    try:
        book = visit.office.rulebooks.of(county, civil(visit.office.clock()))
    except Refusal:
        return frozenset()
    return frozenset(book.overlay.list_ids())


def proposed(visit: Visit, list_id: str) -> ListEdition | None:
    """The text of a list that is on its way, as far as it may be read."""
    if not list_id:
        return None
    equals = {"list_id": list_id}
    query = ListQuery(limit=MOST, county=visit.county, equals=equals)
    try:
        found = reading.page(visit.office, visit.actor(), ListEdition, query).items
    except Refusal:
        return None
    return next((one for one in found if one.state in OPEN), None)


async def one(visit: Visit) -> Any:
    """``GET /lists/{id}``: a text on its way or in force, what it changes, what comes next."""
    return await aside(_one, visit)


def _one(visit: Visit) -> Any:
    actor, office = visit.actor(), visit.office
    held = reading.one(office, actor, ListEdition, visit.id, county=visit.county)
    trial, waits = None, held.state in OPEN
    if waits and may(office, actor, TRIES):
        call = visit.call(actor, TRIES)
        trial = trying_lists.examined(office, call, held.text(), held.effective_from)
    changes = comparing.compare_texts(office, actor, held.id, county=visit.county).changes
    run = summed.recorded(visit, held.list_id, held.county, held.id)
    may_do = [a for a in ACTS if waits and may(office, actor, a)]
    return shown(
        visit, "lists/one.html", one=held, named=Named(visit, [held]), trial=trial, waits=waits,
        changes=changes, acts=may_do, tries=waits and may(office, actor, TRIES),
        own=actor.person_id in (held.proposed_by, held.proposed_for),
        proposed=held.state is EditionState.PROPOSED, editor=may(office, actor, drafts.ACT),
        done=visit.query.get("done", ""), run=run, key=office.source.token(16).hex(),
        **editing.told_of(visit), **summed.told(visit, summed.of(run)),
    )  # fmt: skip


async def simulate(visit: Visit) -> Any:
    """``GET /lists/{id}/simulate``: the cases on record tried against a text on its way."""
    return await aside(_simulate, visit)


def _simulate(visit: Visit) -> Any:
    actor, office = visit.actor(), visit.office
    held = reading.one(office, actor, ListEdition, visit.id, county=visit.county)
    call = visit.call(actor, TRIES)
    found = trying_lists.simulated(office, call, held.text(), held.effective_from)
    return shown(visit, "lists/simulate.html", work=None, one=held, found=found, problems=[],
                 **summed.told(visit, found.summary))  # fmt: skip


PAGES: list[Line] = [
    ("GET", "/lists", many, PLAIN),
    ("GET", "/lists/{id:str}", one, ONE),
    ("GET", "/lists/{id:str}/simulate", simulate, PLAIN),
]
