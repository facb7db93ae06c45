"""试算汇总 what a simulation found, as a page shows it: changes, and the names of places and bodies."""

from typing import Any

import msgspec

from registry.actions import reading
from registry.actions.querying.askable import Condition, Op
from registry.actions.reading import ListQuery
from registry.domain.areas import Area
from registry.domain.errors import Refusal
from registry.domain.pack import PackRun, RunKind
from registry.domain.people import Organisation
from registry.policies.simulation import CHANGE_ZH, Change, Summary
from registry.web.visit import Visit

MOST = 200
"""Names looked up of one kind; what is beyond stays without one."""


def told(visit: Visit, summary: Summary | None) -> dict[str, Any]:
    """What the template of a summary is given."""
    return {
        "summary": summary, "became": became,
        "places": _called(visit, Area, "code", summary.by_community if summary else {}),
        "units": _called(visit, Organisation, "id", summary.by_department if summary else {}),
    }  # fmt: skip


def recorded(visit: Visit, about: str, county: str, edition: str) -> PackRun | None:
    """The latest simulation on record of one text of a list, where runs may be read."""
    equals = {"pack_id": about, "kind": RunKind.SIMULATE.value}
    try:
        query = ListQuery(limit=MOST, equals=equals, county=county)
        found = reading.page(visit.office, visit.actor(), PackRun, query).items
    except Refusal:
        return None
    mine = [run for run in found if run.edition_id == edition]
    return max(mine, key=lambda run: (run.began_at, run.id), default=None)


def of(run: PackRun | None) -> Summary | None:
    """What a run on record found; nothing before it is done."""
    return msgspec.convert(run.summary, Summary) if run and run.summary.get("on") else None


def _called(visit: Visit, kind: Any, field: str, groups: dict[str, Any]) -> dict[str, str]:
    """What the places and bodies of a summary are called, as far as they may be read."""
    where = [Condition(field=field, op=Op.IN, value=sorted(groups)[:MOST])]
    try:
        query = ListQuery(limit=MOST, where=where, county=visit.county)
        found = reading.page(visit.office, visit.actor(), kind, query).items if groups else []
    except Refusal:
        return {}
    return {getattr(one, field): one.name for one in found}


def became(word: str) -> tuple[str, str]:
    """What a change of a simulation is called."""
    return CHANGE_ZH[Change(word)], word.replace("_", " ")
