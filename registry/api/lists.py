"""查询入口 every resource that is read: list and single, with the filters each allows."""

import re
from datetime import date
from functools import partial
from typing import Any
from urllib.parse import urlencode

import msgspec

from registry.actions import boxes, reading
from registry.actions.boxes import BoxQuery
from registry.actions.office import HIDDEN, Office
from registry.actions.reading import ListQuery, PageOf
from registry.api.asked import Asked, bad_query, misread
from registry.api.resources import RESOURCES, Resource
from registry.api.serving import COUNTY, Work, aside, told
from registry.domain.approval import Task
from registry.domain.audit import Event
from registry.domain.document_number import writings
from registry.domain.errors import Refusal
from registry.domain.people import Actor

__all__ = ["RESOURCES", "Resource", "list_query", "many", "parameters", "single"]

PAGING = frozenset({"after", "limit", "as_of", "valid_on", "county"})
MINE = "mine"
MOST = 500
"""Tasks of one's own in one answer; further pages are those of the box 待办."""
NUMBERS = frozenset({"number", "document_number"})
"""Numbers that are printed on paper: found in whatever brackets and widths they are typed."""
_FLAGS = {"true": True, "false": False}
_AFTER = re.compile(r"[0-9]{6}\|[0-9A-Za-z._:\-]{1,120}")
_SEQ = re.compile(r"[0-9]{6}\|[0-9]{1,15}")
_MOMENT = re.compile(r"[0-9A-Za-z:+.\-]{1,40}")
_NUMBER = re.compile(r"[0-9]{1,15}")


def parameters(resource: Resource) -> frozenset[str]:
    """Query parameters the list of a resource takes."""
    mine = {MINE} if resource.record is Task else set()
    return PAGING | set(resource.filters) | mine | resource.flags


def many(office: Office, resource: Resource) -> Work:
    """What the list route of a resource does."""

    async def work(asked: Asked) -> Any:
        actor = asked.actor()
        if resource.record is Task and MINE in asked.query:
            if asked.query != {MINE: "true"}:
                raise bad_query(MINE)
            return told(await aside(boxes.page, office, actor, BoxQuery(limit=MOST)))
        query = list_query(resource, asked)
        if resource.record is Event:
            page = await aside(reading.events, office, actor, query)
        else:
            page = await aside(reading.page, office, actor, resource.record, query)
        shown = await aside(_all_shown, (office, actor), resource, page.items)
        return _page(asked, msgspec.structs.replace(page, items=shown))

    return work


def single(office: Office, resource: Resource) -> Work:
    """What the route of one record does."""

    async def work(asked: Asked) -> Any:
        actor = asked.actor()
        if resource.record is Event:
            return told(await aside(_event, asked, actor))
        as_of = _moment(asked.query.get("as_of"))
        found: Any = await aside(
            partial(reading.one, as_of=as_of, county=asked.county),
            office,
            actor,
            resource.record,
            asked.id,
        )
        shown = await aside(_all_shown, (office, actor), resource, [found])
        return told(shown[0], version=found.version)

    return work


ONE = COUNTY | {"as_of"}


def list_query(resource: Resource, asked: Asked) -> ListQuery:
    """The conditions of a list, each value checked against the field it filters.

    Raises:
        Refusal: ``query.malformed``.
    """
    given = dict(asked.query)
    after, limit = given.pop("after", None), given.pop("limit", None)
    as_of, valid_on = _moment(given.pop("as_of", None)), given.pop("valid_on", None)
    cursor = _SEQ if resource.record is Event else _AFTER
    if after is not None and not cursor.fullmatch(after):
        raise bad_query("after")
    if limit is not None and not _NUMBER.fullmatch(limit):
        raise bad_query("limit")
    raw: dict[str, Any] = {"after": after, "as_of": as_of, "valid_on": valid_on}
    raw |= {name: _flag(name, given.pop(name)) for name in resource.flags & set(given)}
    raw |= {"county": asked.county, "equals": _equals(resource, given)}
    if limit is not None:
        raw["limit"] = int(limit)
    try:
        return msgspec.convert(raw, ListQuery)
    except msgspec.ValidationError as error:
        raise misread(error, ListQuery) from error


def _flag(name: str, value: str) -> bool:
    if value not in _FLAGS:
        raise bad_query(name)
    return _FLAGS[value]


def _equals(resource: Resource, given: dict[str, str]) -> dict[str, Any]:
    kinds = {f.name: f.type for f in msgspec.structs.fields(resource.record)}
    found = {name: _typed(name, value, kinds[name]) for name, value in given.items()}
    return found | {name: writings(found[name]) for name in NUMBERS & found.keys()}


def _typed(name: str, value: str, kind: Any) -> Any:
    """The value as its column holds it: days, flags and whole numbers are no text."""
    if kind is bool:
        return _flag(name, value)
    if kind is int and _NUMBER.fullmatch(value):
        return int(value)
    try:
        read = msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise misread(error, kind, name) from error
    return read if isinstance(read, date) else value


def _moment(as_of: str | None) -> str | None:
    if as_of is None:
        return None
    # A plus sign in a query means a space; an offset is meant here.
    moment = as_of.replace(" ", "+")
    if not _MOMENT.fullmatch(moment):
        raise bad_query("as_of")
    return moment


def _page(asked: Asked, page: PageOf) -> Any:
    if page.next is None:
        return told(page)
    query = {**asked.query, "after": page.next}
    if asked.county is not None:
        query["county"] = asked.county
    link = f'<{asked.request.scope["path"]}?{urlencode(query)}>; rel="next"'
    return told(page, headers={"link": link})


def _all_shown(reader: tuple[Office, Actor], resource: Resource, rows: list[Any]) -> list[Any]:
    office, actor = reader
    if resource.for_reader is not None:
        return list(resource.for_reader(office, actor, rows))
    if resource.derive is not None:
        return list(resource.derive(office, rows))
    return [_shown(resource, row) for row in rows]


def _shown(resource: Resource, row: Any) -> Any:
    if resource.shown is None:
        return row
    return msgspec.convert(
        {f: getattr(row, f) for f in resource.shown.__struct_fields__}, resource.shown
    )


def _event(asked: Asked, actor: Any) -> Event:
    """One event by its number in the county's log."""
    if not _NUMBER.fullmatch(asked.id) or int(asked.id) < 1:
        raise Refusal(HIDDEN)
    county = asked.county or actor.county
    before = f"{county}|{int(asked.id) - 1}"
    page = reading.events(asked.office, actor, ListQuery(after=before, limit=1, county=county))
    for event in page.items:
        if event.seq == int(asked.id):
            found: Event = event
            return found
    raise Refusal(HIDDEN)
