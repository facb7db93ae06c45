"""承继者 as a form tells them: one that is there is picked by name, a new one needs its name alone.

Ids of new bodies are made of what the document says, so that the plan and the act name the same.
"""

import hashlib
import re
from typing import Any

from registry.actions import reading
from registry.actions.importing import area_id
from registry.actions.querying.askable import Condition, Op
from registry.actions.succession.successors import BOUND
from registry.domain.errors import Refusal
from registry.domain.people import Organisation
from registry.domain.succession import ChangeKind
from registry.web.forms.filled import Typed
from registry.web.visit import Visit

AREA, BODY = "area", "organisation"
STAYING = (ChangeKind.RENAME.value, ChangeKind.VILLAGE_TO_COMMUNITY.value)
"""Changes in which a body keeps its id."""
NAME, HEIR = "_name.", "_heir"
"""Before the id of a body whose new name is typed; which of the successors has the rest."""
_PATH = re.compile(r"successors\.(\d{1,3})\.")
_MARK = 10
_MOST = 100


def first(given: Typed, name: str) -> str:
    """What was typed into a field first."""
    return given.get(name, [""])[0].strip()


def told(given: Typed, county: str) -> Typed:
    """The form as the act reads it: ids of new bodies made, a renamed one its own successor."""
    made = {name: values for name, values in given.items() if name[:1] != "_"}
    if first(given, "kind") in STAYING and first(given, "sources"):
        made.setdefault("successors.0.id", given["sources"][:1])
    for number in numbers(given):
        path = f"successors.{number}."
        if not first(made, path + "id") and first(made, path + "name"):
            made |= _new(made, path, county)
    if names := [f"{n.removeprefix(NAME)}={v[0]}" for n, v in given.items() if _named(n, v)]:
        made["successors.0.names"] = ["\n".join(names)]
    if heir := first(given, HEIR):
        made["heir"] = [first(made, f"successors.{heir}.id")]
    return made


def _named(name: str, values: list[str]) -> bool:
    return name.startswith(NAME) and bool(values[0].strip())


def numbers(given: Typed) -> list[str]:
    """The successors that something was typed of, in their order."""
    found = {m[1] for name, v in given.items() if (m := _PATH.match(name)) and any(v)}
    return sorted(found, key=int)


def _new(made: Typed, path: str, county: str) -> Typed:
    """The ids of a body or a place that is new."""
    name, code = first(made, path + "name"), first(made, path + "code")
    if first(made, "object_kind") == AREA:
        place = {path + "id": [area_id(code)]} if code else {}
        serves = first(made, path + "organisation_id") or (f"o-{code}" if code else "")
        return place | ({path + "organisation_id": [serves]} if serves else {})
    said = "|".join((first(made, "document_number"), first(made, "effective_on"), name))
    return {path + "id": [f"o-{county}-{hashlib.sha256(said.encode()).hexdigest()[:_MARK]}"]}


def followers(visit: Visit, given: Typed) -> list[Any]:
    """随名单位 of a place that takes another name: bodies there that may take another too."""
    places = [id for id in given.get("sources", []) if id]
    if first(given, "object_kind") != AREA or first(given, "kind") not in STAYING or not places:
        return []
    where = [Condition(field="area_id", op=Op.IN, value=places)]
    query = reading.ListQuery(limit=_MOST, county=visit.county, where=where)
    try:
        found = reading.page(visit.office, visit.actor(), Organisation, query).items
    except Refusal:
        return []
    return [body for body in found if body.kind not in BOUND]
