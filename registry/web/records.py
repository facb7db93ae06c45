"""查阅页 every list and every record that the person may read, with what may be done next."""

from functools import partial
from typing import Any
from urllib.parse import quote, urlencode

from markupsafe import Markup, escape

from registry.actions import attaching, reading
from registry.actions.office import HIDDEN
from registry.actions.papers.kinds import BY_WORD, PaperKind, issued, papers_of
from registry.actions.querying import askable
from registry.actions.querying.narrowing import NO_WORD, UNSERVED
from registry.actions.seeing import ACT, SHARED
from registry.api import grammar
from registry.api.acting import Act
from registry.api.lists import RESOURCES, Resource, all_shown, event, list_query
from registry.api.serving import aside
from registry.domain.audit import Event
from registry.domain.errors import Refusal
from registry.domain.notice import Notice
from registry.domain.request import Request
from registry.web.files import attached_to
from registry.web.forms.choices import OF
from registry.web.forms.fields import fields_of
from registry.web.named import Named, title_of
from registry.web.offers import BY_NAME, anew, on_record
from registry.web.serving import Kind, shown
from registry.web.shell import opens
from registry.web.visit import Visit

INDEX = Kind()
_ALL = frozenset().union(*(grammar.parameters_of(name) for name in RESOURCES))
LIST = Kind(parameters=_ALL)
ONE = Kind(parameters=frozenset({"as_of", "done"}))
PER_PAGE = "50"
_COLUMNS = 5
_UNSORTED = frozenset({UNSERVED, NO_WORD})
"""Why a list may not come in an order, though it may without."""
_SKIPPED = frozenset({"county", "id", "version", "body", "event_from", "path", "area_path"})
_FIRST = ("number", "title", "name", "kind", "state", "organisation_id", "applicant_id",
          "area_id", "amount_fen", "total_fen", "due_on", "valid_from")  # fmt: skip


def readable(visit: Visit) -> list[Resource]:
    """Every resource the person may read something of."""
    actor = visit.actor()
    return [r for r in RESOURCES.values() if _readable(visit, actor, r)]


def _readable(visit: Visit, actor: Any, resource: Resource) -> bool:
    if resource.record in SHARED or resource.record is Notice:
        return True
    act = "event.read" if resource.record is Event else ACT[resource.record]  # type: ignore[index]
    return opens(visit.office, actor, act)


async def index(visit: Visit) -> Any:
    """``GET /records``: every list there is for the person."""
    return shown(visit, "records.html", resources=readable(visit))


def _resource(visit: Visit) -> Resource:
    name = visit.request.scope["path_params"]["resource"]
    if name not in RESOURCES:
        raise Refusal(HIDDEN)
    return RESOURCES[name]


async def many(visit: Visit) -> Any:
    """``GET /records/{resource}``: one page of a list."""
    resource, actor = _resource(visit), visit.actor()
    visit.query = {n: v for n, v in visit.query.items() if v != ""}
    for name in visit.query.keys() - grammar.parameters_of(resource.name):
        del visit.query[name]
    asked = dict(visit.query)
    visit.query.setdefault("limit", PER_PAGE)
    page, unsorted = await aside(_served, visit, resource, asked)
    rows = await aside(all_shown, (visit.office, actor), resource, page.items)
    more = urlencode(asked | {"after": page.next}) if page.next else ""
    columns = columns_of(resource)
    return await aside(partial(
        shown, visit, "list.html", resource=resource, rows=rows, more=more, asked=asked,
        columns=columns, named=Named(visit, rows), filters=filters_of(resource),
        worded=askable.worded(resource.record), called=partial(title_of, visit.tongue),
        begin=anew(visit.office, actor, resource.name), unsorted=unsorted,
    ))  # fmt: skip


def _served(visit: Visit, resource: Resource, asked: dict[str, str]) -> tuple[Any, str]:
    """A page of a list, and the order it was asked for in where it could not come in that.

    A program is refused what no index serves; a person gets the rows by when they came in.
    """
    read = reading.events if resource.record is Event else partial(_page, resource)
    try:
        return read(visit.office, visit.actor(), list_query(resource, visit)), ""
    except Refusal as refusal:
        order = asked.get("sort", "")
        if refusal.code not in _UNSORTED or not order:
            raise
        # What has words in it comes in no order but its own.
        own = "" if refusal.code == NO_WORD else askable.key(resource.record)
        instead = {"sort": f"-{own}" if order.startswith("-") else own} if own else {}
        for given in (asked, visit.query):
            del given["sort"]
            given.update(instead)
        return read(visit.office, visit.actor(), list_query(resource, visit)), order.lstrip("-")


def _page(resource: Resource, office: Any, actor: Any, query: Any) -> Any:
    return reading.page(office, actor, resource.record, query)  # type: ignore[type-var]


def columns_of(resource: Resource) -> list[str]:
    """The fields a list shows beside the name: what matters most comes first."""
    there = [f for f in resource.answers.__struct_fields__ if f not in _SKIPPED]
    plain = [f for f in _FIRST if f in there] + [f for f in resource.filters if f in there]
    return list(dict.fromkeys(plain))[:_COLUMNS]


def filters_of(resource: Resource) -> list[Any]:
    """Fields with codes by which the list is narrowed."""
    fields = {f.name: f for f in fields_of(resource.answers)}  # type: ignore[arg-type]
    return [fields[n] for n in resource.filters if n in fields and fields[n].codes]


async def one(visit: Visit) -> Any:
    """``GET /records/{resource}/{id}``: one record, what belongs to it, what may be done."""
    resource, actor = _resource(visit), visit.actor()
    as_of = visit.query.get("as_of")
    found: Any = await aside(_found, visit, resource, as_of)
    row = (await aside(all_shown, (visit.office, actor), resource, [found]))[0]
    offered = [] if as_of else on_record(visit.office, actor, resource.name, found)
    return await aside(partial(
        shown, visit, "record.html", resource=resource, row=row, acts=offered,
        called=partial(title_of, visit.tongue),
        named=Named(visit, [row]), related=related(visit, resource), done=done_of(visit),
        told=[f for f in row.__struct_fields__ if f not in _SKIPPED],
        papers=[] if as_of else _papers(visit, found), county=visit.county,
        **_files(visit, None if as_of else found),
    ))  # fmt: skip


def _papers(visit: Visit, found: Any) -> list[PaperKind]:
    """Papers of a record that the person may read."""
    told = papers_of(found)
    return [k for k in told if not k.needs or opens(visit.office, visit.actor(), k.needs)]


def _files(visit: Visit, found: Any) -> dict[str, Any]:
    """附件 that hang on a record, and where one more may be hung."""
    kind = next((k for k, record in attaching.PARENTS.items() if isinstance(found, record)), "")
    if not kind:
        return {"files": [], "hangs": ""}
    files = attached_to(visit, kind, found.id)
    may_hang = attaching.lets(visit.office, visit.actor(), kind)
    return {"files": files, "hangs": f"/attach/{kind}/{found.id}" if may_hang else ""}


def _found(visit: Visit, resource: Resource, as_of: str | None) -> Any:
    office, actor, kind = visit.office, visit.actor(), resource.record
    if kind is Event:
        return event(visit, actor)
    visit.opens = visit.id if kind is Request else ""
    found: Any = reading.one(
        office,
        actor,
        kind,
        visit.id,
        as_of=as_of,
        county=visit.county,  # type: ignore[type-var]
    )
    visit.within(found)
    return found


def done_by(visit: Visit, act: Act, body: Any) -> str:
    """An act that was done, and the paper that it issued, as an address carries it."""
    call = visit.call(visit.actor(), "paper.read")
    made = issued(visit.office, call, act.act, (visit.query.get("id", ""), body))
    return f"{act.act}~{made[0].word}~{made[1]}" if made is not None else act.act


def done_of(visit: Visit) -> str:
    """What was just done, as a page tells it, with the paper that was issued by it."""
    name, _, printed = visit.query.get("done", "").partition("~")
    act = BY_NAME.get(name)
    if act is None:
        return ""
    told = visit.tongue.t("frame.done", what=visit.tongue.act(act))
    word, _, id = printed.partition("~")
    if (kind := BY_WORD.get(word)) is None or not id:
        return told
    called = visit.tongue.t("papers.print_now", what=visit.tongue.pair(kind.zh, kind.en))
    at = f"/papers/{word}/{quote(id)}" + (f"?county={visit.county}" if visit.county else "")
    return escape(told) + Markup(' <a class="button quiet" href="{}">{}</a>').format(at, called)


def related(visit: Visit, resource: Resource) -> list[tuple[str, Resource]]:
    """Lists that can be narrowed to what belongs to a record: (filter, list)."""
    mine = [name for name, of in OF.items() if of == resource.name]
    wanted = [f"{name}_id" for name in mine] + [_own(resource)]
    return [
        (next(f for f in wanted if f in other.filters), other)
        for other in readable(visit) if set(wanted) & set(other.filters)
    ]  # fmt: skip


def _own(resource: Resource) -> str:
    return resource.record.__name__.lower() + "_id"


__all__ = ["columns_of", "index", "many", "one"]
