"""试查页 a draft checked, its cases run, compared with the pack in force; nothing is recorded."""

from datetime import date
from typing import Any

from registry.actions.rules import trying
from registry.api.serving import aside
from registry.policies.drafting import settings
from registry.web.drafted import overtaken
from registry.web.packs import drafts, summed
from registry.web.packs.drafts import Work, opened, page
from registry.web.packs.editing import TABLES
from registry.web.serving import Line, moved
from registry.web.visit import Visit


async def check(visit: Visit) -> Any:
    """``GET /pack-drafts/check``: everything wrong with the draft, and how to mend it."""
    work = await aside(opened, visit)
    found = await aside(trying.problems, visit.office, drafts.call(visit), work.files)
    return page(visit, work, "check.html", problems=found, tables=TABLES)


async def test(visit: Visit) -> Any:
    """``GET /pack-drafts/test``: what its cases say."""
    work = await aside(opened, visit)
    found = await aside(trying.cases, visit.office, drafts.call(visit), work.files)
    bad = found if isinstance(found, list) else []
    return page(visit, work, "test.html", trial=None if bad else found, problems=bad,
                tables=TABLES)  # fmt: skip


async def redate(visit: Visit) -> Any:
    """``POST /pack-drafts/redate``: cases of days before the first day are put on that day."""
    work = await aside(opened, visit)
    day = work.identity.get("effective_from", "")
    if settings.fits("day", day) and not overtaken(visit, work):
        first = date.fromisoformat(day)
        files = {n: settings.later(t, first) if n.startswith("cases/") else t
                 for n, t in work.files.items()}  # fmt: skip
        await aside(drafts.keep, visit, files, work.base, work.id)
    return moved(f"{drafts.AT}/test", draft=work.id)


async def compare(visit: Visit) -> Any:
    """``GET /pack-drafts/diff``: what it changes against the pack in force."""
    work = await aside(opened, visit)
    found = await aside(trying.changes, visit.office, drafts.call(visit), work.files)
    bad = found if isinstance(found, list) else []
    before, changes = ("", []) if isinstance(found, list) else found
    return page(visit, work, "diff.html", before=before, changes=changes, problems=bad,
                tables=TABLES)  # fmt: skip


async def simulate(visit: Visit) -> Any:
    """``GET /pack-drafts/simulate``: the cases on record tried against the draft."""
    work = await aside(opened, visit)
    return await aside(_simulate, visit, work)


def _simulate(visit: Visit, work: Work) -> Any:
    call = visit.call(visit.actor(), trying.SIMULATES)
    found = trying.simulated(visit.office, call, work.files)
    bad = found if isinstance(found, list) else []
    told = summed.told(visit, None if isinstance(found, list) else found.summary)
    return page(visit, work, "simulate.html", found=None if bad else found, problems=bad,
                tables=TABLES, **told)  # fmt: skip


PAGES: list[Line] = [
    ("GET", f"{drafts.AT}/check", check, drafts.DRAFT),
    ("GET", f"{drafts.AT}/test", test, drafts.DRAFT),
    ("POST", f"{drafts.AT}/redate", redate, drafts.DRAFT),
    ("GET", f"{drafts.AT}/diff", compare, drafts.DRAFT),
    ("GET", f"{drafts.AT}/simulate", simulate, drafts.DRAFT),
]
