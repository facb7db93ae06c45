"""统计与对比 ``GET /counts`` and ``GET /diff``: questions over any resource, by the lists' grammar."""

from typing import Any, Literal

import msgspec

from registry.actions import reading
from registry.actions.office import Office
from registry.actions.querying import differing, grouping
from registry.actions.querying.differing import Pair
from registry.actions.querying.grouping import Counts
from registry.api import grammar
from registry.api.asked import Asked, bad_query
from registry.api.asking import Question
from registry.api.lists import all_shown, list_query
from registry.api.resources import RESOURCES, Resource
from registry.domain.records import Wire

_OWN = frozenset({"resource", "by", "sum"})
_SPAN = frozenset({"resource", "as_of", "after", "limit", "county"})
_UNTOLD = frozenset({"county", "id", "version"})


class Difference(Wire, frozen=True, kw_only=True):
    """一条记录的变化: what of it is other, before and after."""

    county: str
    id: str
    change: Literal["came", "changed", "went"]
    version_before: int | None = None
    version: int | None = None
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}


class Differences(Wire, frozen=True, kw_only=True):
    """前后对比: a page of it; it may be short while ``next`` is given."""

    resource: str
    first: int
    last: int
    items: list[Difference]
    next: str | None = None


def _resource(asked: Asked) -> Resource:
    name = asked.query.pop("resource", "")
    if name not in RESOURCES:
        raise bad_query("resource", "须为一种资源", "it is one of the resources")
    return RESOURCES[name]


def _counts(office: Office, asked: Asked) -> Counts:
    actor, resource = asked.actor(), _resource(asked)
    by = [one for one in asked.query.pop("by", "").split(",") if one]
    amount, known = asked.query.pop("sum", None), grammar.parameters_of(resource.name) - _PAGES
    if unknown := sorted(asked.query.keys() - known):
        raise bad_query(unknown[0], "此类记录没有这个条件", "records of this kind have none such")
    query = list_query(resource, asked)
    look = reading.looked(office, actor, resource.record, query)
    return grouping.counts(look, resource.name, query, (by, amount))


_PAGES = frozenset({"after", "limit", "sort", "fields", "mine"})


def _diff(office: Office, asked: Asked) -> Differences:
    actor, resource = asked.actor(), _resource(asked)
    between, query = asked.query.pop("as_of", ""), list_query(resource, asked)
    look = reading.looked(office, actor, resource.record, query)
    found = differing.differences(look, query, between.replace(" ", "+"))
    return Differences(
        resource=resource.name, first=found.span.first, last=found.span.last, next=found.next,
        items=_told((office, actor), resource, found.items),
    )  # fmt: skip


def _told(reader: tuple[Office, Any], resource: Resource, pairs: list[Pair]) -> list[Difference]:
    """Each pair as its reader may see it, by what is other."""
    rows = [row for pair in pairs for row in pair if row is not None]
    shown = iter(all_shown(reader, resource, rows))
    sides = [tuple(None if row is None else next(shown) for row in pair) for pair in pairs]
    return [_difference(before, after) for before, after in sides]


def _difference(before: Any, after: Any) -> Difference:
    row = before if after is None else after
    old = {} if before is None else msgspec.to_builtins(before)
    new = {} if after is None else msgspec.to_builtins(after)
    other = [
        name for name in row.__struct_fields__
        if name not in _UNTOLD and (not old or not new or old.get(name) != new.get(name))
    ]  # fmt: skip
    return Difference(
        county=row.county, id=row.id,
        change="went" if after is None else "came" if before is None else "changed",
        version_before=None if before is None else before.version,
        version=None if after is None else after.version,
        before={name: old[name] for name in other if old}, after={
            name: new[name] for name in other if new
        },
    )  # fmt: skip


def _every() -> frozenset[str]:
    """Conditions of every resource; which of them one resource takes is said when it is asked."""
    known = (grammar.parameters_of(name) for name in RESOURCES)
    return frozenset().union(*known) - _PAGES


QUERIES = (
    Question(path="/counts", id="counts", zh="分组统计：按固定维度计数、求和（不排名）",
             en="Count and add up by fixed dimensions; never a ranking", ask=_counts,
             answers=Counts, module=grouping, query=_every() | _OWN),
    Question(path="/diff", id="diff", zh="前后对比：两个快照之间新增、变更、不再可见的记录",
             en="What came, changed or went between two snapshots", ask=_diff,
             answers=Differences, module=differing, query=_SPAN),
)  # fmt: skip
