"""称呼 names in the place of ids on a page: looked up once for all of it, of what may be read."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any, NamedTuple

import msgspec

from registry.actions import reading
from registry.actions.acted import names_of
from registry.actions.querying.askable import Condition, Op
from registry.actions.reading import ListQuery
from registry.api.lists import RESOURCES
from registry.domain.audit import Event
from registry.domain.errors import Refusal
from registry.domain.notice import Notice
from registry.domain.spending import Signatory
from registry.web.forms.choices import OF, name_of
from registry.web.tongue import Tongue
from registry.web.visit import Visit

MOST = 200
"""Names looked up of one kind on one page; what is beyond stays without one."""
_ENDINGS = ("_ids", "_id")
_CLI = "cli:"
"""Before the name of whoever acted by a command on the server."""
_PEOPLE = ("person-", _CLI)
AREAS = "areas"
"""Places, which a filing may name by their codes."""
_KIND = "_kind"
_EVIDENCE = "evidence"
"""佐证 of a finding: ids by the list in which each stands."""
_FACTS = frozenset({("verdicts", "facts"), ("pack-runs", "facts")})
_SIGNED = frozenset(one.value for one in Signatory)
"""Who signed for an expenditure, by what each signed as."""
_MOVED = "moved"
"""How many records of each kind a change hands on."""
OTHERS = frozenset({"function", "list_item", "target"})
"""Kinds that are handed on and stand in no list of their own."""
_BODIES = ("sources", "successors")
"""Bodies or places of a change, as its ``object_kind`` says."""
_TELLING = ("kind", "state", "act", "outcome", "stage", "ballot", "role")
"""Fields whose words tell records without a name from each other."""


def title_of(tongue: Tongue, record: Any) -> str:
    """What a record is called where people read it: its name, of a reminder what it says; without
    one what kind it is, how it stands and of which day."""
    if isinstance(record, Event):
        return tongue.t("records.entry", number=record.seq)
    if isinstance(record, Notice):
        return tongue.pair(record.text, record.text_en)
    name, id = name_of(record), str(getattr(record, "id", ""))
    if name != id:
        return name
    told = [word for field in _TELLING if (word := _told(tongue, record, field))][:2]
    day = next((d for d in map(record.__getattribute__, record.__struct_fields__)
                if isinstance(d, date)), None)  # fmt: skip
    return " · ".join([*told, tongue.day(day)] if day else told) or tongue.t("records.one")


def _told(tongue: Tongue, record: Any, field: str) -> str:
    value = getattr(record, field, None)
    if isinstance(value, Enum):
        return tongue.code(value)
    return tongue.role(value) if field == "role" and isinstance(value, str) else ""


class Link(NamedTuple):
    """指向: where a record is read, and what it is called; ``to`` is empty where it is not read."""

    to: str
    name: str


class Named:
    """称呼 of what a page's records name by id."""

    def __init__(self, visit: Visit, rows: Iterable[Any]) -> None:
        self._visit, self._found = visit, dict[str, Link]()
        wanted: dict[str, set[str]] = {}
        for row in rows:
            _gather(msgspec.to_builtins(row, enc_hook=str), wanted)
        self._asked = set[str]().union(*wanted.values())
        for resource, ids in wanted.items():
            self._look(resource, sorted(ids)[:MOST])
        if codes := {one for one in wanted.get(AREAS, ()) if one.isdecimal()} - self._found.keys():
            self._look(AREAS, sorted(codes)[:MOST], by="code")
        people = wanted.get("people", set()) - self._found.keys()
        county = visit.county or visit.actor().county
        told = names_of(visit.office, county, sorted(people)[:MOST]) if people else {}
        self._found |= {id: Link("", name) for id, name in told.items()}
        for id in (one for one in people if one.startswith(_CLI)):
            self._found[id] = Link("", visit.tongue.t("records.cli", name=id.removeprefix(_CLI)))

    def _look(self, resource: str, ids: list[str], by: str = "id") -> None:
        where = [Condition(field=by, op=Op.IN, value=ids)]
        visit = self._visit
        query = ListQuery(limit=MOST, where=where, county=visit.county)
        try:
            kind: Any = RESOURCES[resource].record
            page = reading.page(visit.office, visit.actor(), kind, query)
        except Refusal:
            return
        for row in page.items:
            self._found[getattr(row, by)] = Link(
                f"/records/{resource}/{row.id}", title_of(visit.tongue, row)
            )

    def link(self, value: Any) -> Link | None:
        """Where an id leads; ``None`` where it names nothing that may be read."""
        return self._found.get(value) if isinstance(value, str) else None

    def nameless(self, name: str, value: Any) -> bool:
        """Whether a value is the id of something that has no name here: not to be read by whoever
        asks, or beyond what is looked up."""
        return isinstance(value, str) and value in self._asked and bool(_IDENTIFIER.match(value))

    def kind(self, name: str, value: Any) -> str:
        """How a value is to be shown."""
        if value is None or value in ("", [], {}):
            return "none"
        for form, kind in _KINDS:
            if isinstance(value, form):
                return "money" if kind == "number" and name.endswith("_fen") else kind
        return "struct" if isinstance(value, msgspec.Struct) else "text"

    def called(self, key: str, resource: str, group: str) -> str:
        """What a field within a record is called; 佐证 are told by the lists they stand in, 承继数量
        by the kinds that are counted."""
        tongue = self._visit.tongue
        if self.tabled(resource, group):
            return tongue.column(key)
        if group == _MOVED and key in OTHERS:
            return tongue.t(f"admin.kind_{key}")
        among = {_EVIDENCE: key, _MOVED: singulars().get(key, "")}
        found = RESOURCES.get(among.get(group, ""))
        return (
            tongue.pair(found.zh, found.en) if found else tongue.field(key, resource, group) or key
        )

    def tabled(self, resource: str, group: str) -> bool:
        """Whether what stands within it are columns of decision tables, and their words."""
        return (resource, group) in _FACTS

    def sort(self, word: str) -> str:
        """What records of a kind are called, by the name of the kind in the log."""
        return _sorts(self._visit.tongue.language == "zh").get(word, word)

    def parts(self, value: Any) -> list[tuple[str, Any]]:
        """Fields of what stands within a record, those that say something: no number that nobody
        stated."""
        if isinstance(value, dict):
            return list(value.items())
        told = [(name, getattr(value, name)) for name in value.__struct_fields__]
        last = value.__struct_fields__[-len(value.__struct_defaults__) :]
        unsaid = {n for n, blank in zip(last, value.__struct_defaults__, strict=False)
                  if type(blank) is int and getattr(value, n) == blank}  # fmt: skip
        return [
            (name, one) for name, one in told
            if one not in (None, "", [], {}) and name not in unsaid
        ]  # fmt: skip


_KINDS: tuple[tuple[Any, str], ...] = (
    (bool, "flag"), (Enum, "code"), (datetime, "when"), (date, "when"), (int, "number"),
    (str, "text"), (list | tuple | frozenset | set, "list"), (dict, "struct"),
)  # fmt: skip


def _gather(data: Any, wanted: dict[str, set[str]], name: str = "") -> None:
    if isinstance(data, dict):
        for key, value in data.items():
            if isinstance(value, list) and (among := _among(data, key, name)):
                wanted.setdefault(among, set()).update(map(str, value))
            of = data.get(key.removesuffix(_ENDINGS[1]) + _KIND) if isinstance(key, str) else None
            if of in singulars() and isinstance(value, str):
                wanted.setdefault(singulars()[of], set()).add(value)
            _gather(value, wanted, str(key))
    elif isinstance(data, list):
        for value in data:
            _gather(value, wanted, name)
    elif isinstance(data, str) and (resource := refers(name) or _who(name, data)):
        wanted.setdefault(resource, set()).add(data)


def _among(data: dict[str, Any], key: str, name: str) -> str:
    """The list in which ids are found by what stands beside them; empty = their own name says."""
    if name == _EVIDENCE:
        return key if key in RESOURCES else ""
    return singulars().get(str(data.get("object_kind")), "") if key in _BODIES else ""


def _who(name: str, value: str) -> str:
    signs = name.endswith("_by") or name in _SIGNED
    return OF["person"] if signs and value.startswith(_PEOPLE) else ""


def refers(name: str) -> str:
    """The list in which what a field names by id is found; empty = it names nothing."""
    for ending in _ENDINGS:
        if name.endswith(ending):
            whole = name.removesuffix(ending)
            stem = whole.rpartition("_")[2]
            return singulars().get(whole) or OF.get(stem) or singulars().get(stem, "")
    called = _CALLED.get(name, "")
    return OF.get(called) or singulars().get(called, "")


@cache
def singulars() -> dict[str, str]:
    """Each list by what one of it is called: ``street_outcome`` = ``street-outcomes``."""
    return {
        _WITHIN.sub("_", kind.record.__name__).lower(): name for name, kind in RESOURCES.items()
    }


@cache
def _sorts(zh: bool) -> dict[str, str]:
    told = {singular: RESOURCES[name] for singular, name in singulars().items()}
    return {one.replace("_", ""): row.zh if zh else row.en for one, row in told.items()}


_WITHIN = re.compile("(?<=[a-z])(?=[A-Z])")
_IDENTIFIER = re.compile(r"[a-z_]+-[0-9A-Za-z]")
_CALLED = {
    "by": "person", "decided_by": "person", "signed_by_id": "person", "targets": "area",
    "on_behalf_of": "organisation", "units": "organisation", "posts": "post",
}  # fmt: skip
"""Fields that name a record without saying so at their end."""
