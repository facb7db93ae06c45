"""装载 many requests in a county before anything is measured: each with its area and its own event.

They go through the unit of work like any act, so every row is sealed and every entry stands in the
log (``registry audit verify`` walks them), but hundreds share one commit. They are made, not acted:
no official drafted them, and a state is simply given.
"""

from collections.abc import Iterator
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from bench.forms import CLERK, COUNTY, DEPARTMENT, communities, typed
from registry.actions.office import Office
from registry.domain.areas import Area
from registry.domain.request import Request, State, Target
from registry.store.unit import Header, Unit

TOGETHER = 100
"""Requests in one act of the writer."""
AHEAD = 20
"""Acts handed to the writer before the first is waited for: bounds memory."""
BEGAN = datetime(2025, 3, 3, 1, 0, tzinfo=UTC)
STATES = (State.DRAFT, State.SUBMITTED, State.IN_REVIEW, State.APPROVED, State.CLOSED)
WEIGHTS = (2, 1, 1, 3, 13)
"""Most cases of a county are long closed."""


def fill(office: Office, count: int) -> None:
    """Bring ``count`` requests into the demo county."""
    places = _places(office)
    waiting: list[Future[Any]] = []
    for first in range(0, count, TOGETHER):
        numbers = range(first, min(first + TOGETHER, count))
        waiting.append(office.store.writer.submit(COUNTY, _job(numbers, places)))
        if len(waiting) > AHEAD:
            waiting.pop(0).result()
    for future in waiting:
        future.result()


def _places(office: Office) -> list[Area]:
    wanted = set(communities())
    found = office.store.reader.find(Area, COUNTY, level="community")
    return [area for area in found if area.code in wanted]


def _job(numbers: range, places: list[Area]) -> Any:
    def write(unit: Unit) -> None:
        for number in numbers:
            request, target = made(number, places[number % len(places)])
            unit.add(request)
            unit.add(target)
            unit.flush(_header(request, number))

    return write


def made(number: int, place: Area) -> tuple[Request, Target]:
    """The request of this number and the area it is for."""
    filing = typed(number)
    state = Random(number).choices(STATES, WEIGHTS)[0]
    request = Request(
        county=COUNTY, id=f"req-0{number:010x}", kind=filing.kind, title=filing.title,
        applicant_id=DEPARTMENT, filing=filing, drafted_by=f"person-{CLERK}", state=state,
        applied_on=None if state is State.DRAFT else BEGAN.date(),
    )  # fmt: skip
    target = Target(
        county=COUNTY, id=f"{request.id}.{place.id}", request_id=request.id, area_id=place.id,
        path=place.path,
    )  # fmt: skip
    return request, target


def _header(request: Request, number: int) -> Header:
    at = BEGAN + timedelta(seconds=number)
    return Header(
        actor=f"person-{CLERK}", act="request.draft", object_kind="request", object_id=request.id,
        object_version=1, business_date=at.date(), at=at, salt=f"{number:032x}",
    )  # fmt: skip


def paths(count: int) -> Iterator[tuple[str, list[str]]]:
    """What is read back: name of the figure, and addresses spread over what was loaded."""
    requests, events = "/api/v1/requests", "/api/v1/events"
    spread = [count * n // 97 for n in range(97)]
    yield "request list, by state", [f"{requests}?state={s.value}&limit=50" for s in STATES]
    yield (
        "request list, deep page",
        [f"{requests}?limit=50&after={COUNTY}%7Creq-0{n:010x}" for n in spread],
    )
    yield (
        "street's request list",
        [f"{requests}?limit=50&after={COUNTY}%7Creq-0{n:010x}" for n in spread],
    )
    yield "one request", [f"{requests}/req-0{n:010x}" for n in spread]
    yield "log page", [f"{events}?limit=100&after={COUNTY}%7C{n}" for n in spread]
    yield "log of one object", [f"{events}?limit=100&object_id=req-0{n:010x}" for n in spread]
