"""查询入口 every resource that is read: list and single, with the filters each allows."""

import re
from functools import partial
from typing import Any
from urllib.parse import urlencode

import msgspec

from registry.actions import boxes, reading
from registry.actions.boxes import BoxQuery
from registry.actions.office import HIDDEN, Office
from registry.actions.querying.askable import Condition, Op
from registry.actions.reading import ListQuery, PageOf
from registry.api import grammar
from registry.api.asked import Asked, bad_query, misread
from registry.api.grammar import MINE
from registry.api.resources import RESOURCES, Resource
from registry.api.serving import COUNTY, Work, aside, told
from registry.domain.approval import Decision, Task
from registry.domain.audit import Event
from registry.domain.errors import Refusal
from registry.domain.people import Actor

__all__ = ["RESOURCES", "Resource", "event", "list_query", "many", "parameters", "single"]

MOST = 500
"""Tasks of one's own in one answer; further pages are those of the box 待办."""
_MOMENT = re.compile(r"[0-9A-Za-z:+.\-]{1,40}")
_NUMBER = re.compile(r"[0-9]{1,15}")


def parameters(resource: Resource) -> frozenset[str]:
    """Query parameters the list of a resource takes."""
    return grammar.parameters_of(resource.name)


def many(office: Office, resource: Resource) -> Work:
    """What the list route of a resource does."""

    async def work(asked: Asked) -> Any:
        actor = asked.actor()
        if resource.record is Task and MINE in asked.query:
            if asked.query != {MINE: "true"}:
                raise bad_query(MINE)
            return told(await aside(boxes.page, office, actor, BoxQuery(limit=MOST)))
        fields = grammar.picked(resource, asked.query.get("fields"))
        query = list_query(resource, asked)
        if resource.record is Event:
            page = await aside(reading.events, office, actor, query)
        else:
            page = await aside(
                partial(reading.page, told=resource.plain), office, actor, resource.record, query
            )
        shown = page.items
        if not resource.plain:
            shown = await aside(all_shown, (office, actor), resource, shown)
        if fields is not None:
            shown = [{name: getattr(row, name) for name in fields} for row in shown]
        return _page(asked, msgspec.structs.replace(page, items=shown))

    return work


def single(office: Office, resource: Resource) -> Work:
    """What the route of one record does."""

    async def work(asked: Asked) -> Any:
        actor = asked.actor()
        if resource.record is Event:
            return told(await aside(event, asked, actor))
        as_of = _moment(asked.query.get("as_of"))
        found: Any = await aside(
            partial(reading.one, as_of=as_of, county=asked.county),
            office,
            actor,
            resource.record,
            asked.id,
        )
        shown = await aside(all_shown, (office, actor), resource, [found])
        return told(shown[0], version=found.version)

    return work


ONE = COUNTY | {"as_of"}


def list_query(resource: Resource, asked: Asked) -> ListQuery:
    """The conditions of a list, each value checked against the field it filters.

    Raises:
        Refusal: ``query.malformed``.
    """
    given = dict(asked.query)
    given.pop("fields", None)
    limit = given.pop("limit", None)
    if limit is not None and not _NUMBER.fullmatch(limit):
        raise bad_query("limit")
    raw: dict[str, Any] = {"as_of": _moment(given.pop("as_of", None)), "county": asked.county}
    raw |= {name: grammar.flag(name, given.pop(name)) for name in resource.flags & set(given)}
    raw |= {name: given.pop(name) for name in _PLAIN & given.keys()}
    raw["sort"] = grammar.sorted_by(resource, given.pop("sort", None))
    if limit is not None:
        raw["limit"] = int(limit)
    try:
        query = msgspec.convert(raw, ListQuery)
    except msgspec.ValidationError as error:
        raise misread(error, ListQuery) from error
    return _narrowed(resource, query, grammar.conditions(resource, given))


_PLAIN = {"after", "valid_on", "area", "text", "holder", "post"}


def _narrowed(resource: Resource, query: ListQuery, asked: list[Condition]) -> ListQuery:
    """A case's decisions are asked for by value, so that those on its changes are found with it."""
    alone = [one for one in asked if one.op is Op.EQ and resource.record is Decision]
    equals = {one.field: one.value for one in alone}
    rest = [one for one in asked if one not in alone]
    return msgspec.structs.replace(query, equals=equals, where=rest)


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


def all_shown(reader: tuple[Office, Actor], resource: Resource, rows: list[Any]) -> list[Any]:
    """Records as their reader may see them."""
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


def event(asked: Asked, actor: Any) -> Event:
    """One event by its number in the county's log."""
    if not _NUMBER.fullmatch(asked.id) or int(asked.id) < 1:
        raise Refusal(HIDDEN)
    county = asked.county or actor.county
    query = ListQuery(limit=1, county=county, equals={"seq": int(asked.id)})
    page = reading.events(asked.office, actor, query)
    for event in page.items:
        if event.seq == int(asked.id):
            found: Event = event
            return found
    raise Refusal(HIDDEN)
