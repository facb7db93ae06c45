"""应答 how one request is answered: read, hand to an action, encode; one place for all routes."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Executor
from time import perf_counter
from typing import Any, TypeVar

import msgspec
from litestar import Request
from litestar.handlers import HTTPRouteHandler, route
from litestar.response.base import ASGIResponse
from litestar.types import Method

from registry.actions.office import Answer, Call, Office, Verb, settled
from registry.actions.readlog.gathering import read_log
from registry.api.asked import Asked
from registry.api.problems import refused
from registry.domain.errors import Refusal

T = TypeVar("T")
Work = Callable[[Asked], Awaitable[ASGIResponse]]
"""What a route does with what was asked."""

JSON_LIMIT = 1 << 20
"""Largest JSON body, bytes."""
COUNTY = frozenset({"county"})
_encoder = msgspec.json.Encoder()


def door(
    office: Office, method: Method, path: str | list[str], work: Work, *,
    parameters: frozenset[str] = COUNTY, limit: int = JSON_LIMIT,
    types: Mapping[str, str] | None = None,
) -> HTTPRouteHandler:  # fmt: skip
    """A Litestar route that answers with ``work``, refusals included.

    Args:
        work: raises what it refuses: what was answered by a GET is on record as read.
        types: what a standard calls the type of some codes.
    """

    async def handle(request: Request[Any, Any, Any]) -> ASGIResponse:
        request.scope["state"]["started"] = perf_counter()
        try:
            asked = Asked(office, request, parameters)
            answer = await work(asked)
            if method == "GET" or asked.request.scope["path"].endswith(_TAKEN):
                await _on_record(asked)
            return answer
        except Refusal as refusal:
            return refused(refusal, types=types)

    made: HTTPRouteHandler = route(
        path, http_method=[method], request_max_body_size=limit, include_in_schema=False
    )(handle)
    return made


_CASES = "/requests/"
_TAKEN = "/exports"
"""Asked by POST, and reading all the same."""


async def _on_record(asked: Asked) -> None:
    await on_record(asked, asked.id if _CASES in asked.request.scope["path"] else "")


async def on_record(asked: Asked, case: str) -> None:
    """查阅留痕: note what was read, of whom it is on record, in the county where it lies; ``case`` =
    the request that was opened with it, empty for none."""
    log, who = read_log(asked.office), asked.who
    if who is None or not log.recorded(who):
        return
    path, query = asked.request.scope["path"], asked.request.scope["query_string"].decode("ascii")
    page = (f"{path}?{query}" if query else path)[:_PAGE_LIMIT]
    county = asked.county or who.county
    if case and asked.county is None:
        county = await aside(log.lying, who, case)
    log.note(who, county, page, case=case)


_PAGE_LIMIT = 500
"""Letters of an address that the read log keeps."""


def told(
    body: Any, *, status: int = 200, version: int | None = None, location: str = "",
    headers: dict[str, str] | None = None,
) -> ASGIResponse:  # fmt: skip
    """An answer as JSON, with the version as its ETag."""
    sent = dict(headers or {})
    if version is not None:
        sent["etag"] = f'"{version}"'
    if location:
        sent["location"] = location
    return ASGIResponse(
        body=_encoder.encode(body), media_type="application/json", status_code=status, headers=sent
    )


async def perform(office: Office, call: Call, verb: Verb) -> Answer:
    """Queue an act and wait without holding a thread; a recorded refusal is raised."""
    return settled(await asyncio.wrap_future(office.submit(call, verb)))


async def aside(work: Callable[..., T], *arguments: Any, pool: Executor | None = None) -> T:
    """Run something that waits for disk or hashes a password off the loop."""
    return await asyncio.get_running_loop().run_in_executor(pool, work, *arguments)
