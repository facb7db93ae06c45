"""清单试查页 a draft checked, compared, tried on the cases of the rules and those on record."""

from typing import Any

from registry.actions.rules import trying_lists
from registry.api.serving import aside
from registry.web.lists import drafts
from registry.web.lists.drafts import Work, opened, page
from registry.web.packs import summed
from registry.web.serving import Line
from registry.web.visit import Visit


async def check(visit: Visit) -> Any:
    """``GET /list-drafts/check``: what is wrong, what it changes, which cases answer otherwise."""
    work = await aside(opened, visit)
    return await aside(_check, visit, work)


def _check(visit: Visit, work: Work) -> Any:
    text, problems = work.read()
    trial = None
    if text is not None:
        call = drafts.call(visit)
        trial = trying_lists.examined(visit.office, call, text, work.day(visit))
    return page(visit, work, "check.html", trial=trial,
                problems=trial.problems if trial else problems)  # fmt: skip


async def simulate(visit: Visit) -> Any:
    """``GET /list-drafts/simulate``: the cases on record tried against the draft."""
    work = await aside(opened, visit)
    return await aside(_simulate, visit, work)


def _simulate(visit: Visit, work: Work) -> Any:
    text, problems = work.read()
    if text is None:
        return page(visit, work, "simulate.html", one=None, found=None, problems=problems,
                    **summed.told(visit, None))  # fmt: skip
    found = trying_lists.simulated(visit.office, drafts.call(visit), text, work.day(visit))
    return page(visit, work, "simulate.html", one=None, found=found, problems=[],
                **summed.told(visit, found.summary))  # fmt: skip


PAGES: list[Line] = [
    ("GET", f"{drafts.AT}/check", check, drafts.DRAFT),
    ("GET", f"{drafts.AT}/simulate", simulate, drafts.DRAFT),
]
