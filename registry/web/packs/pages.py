"""规则包页 the packs there are, one pack with all that proves it, and where a draft begins."""

from functools import partial
from typing import Any

import msgspec
from litestar.response.base import ASGIResponse
from litestar.response.streaming import ASGIStreamingResponse

from registry.actions import reading
from registry.actions.places import above
from registry.actions.reading import ListQuery
from registry.actions.rejudging import running
from registry.actions.rules import comparing, packs
from registry.actions.rules.packs import PackView
from registry.actions.rules.trying import ACT
from registry.api.serving import aside
from registry.domain.errors import Refusal
from registry.domain.pack import PackRun, PackState, PublishedPack, RunKind, standing
from registry.domain.records import civil
from registry.policies.drafting.bundle import packed
from registry.policies.drafting.problems import Problem
from registry.web.named import Named
from registry.web.packs import drafts, summed
from registry.web.serving import HEADERS, PLAIN, Kind, Line, shown
from registry.web.shell import may
from registry.web.visit import Visit

ONE = Kind(parameters=frozenset({"done"}))
MOST = 200
EXAMINES = ("pack.check", "pack.test", "pack.simulate")


def held(visit: Visit) -> list[PackView]:
    """Every pack of one's own jurisdiction and of those above it, the latest first."""
    actor, found = visit.actor(), list[PublishedPack]()
    for county in above(visit.county or actor.county):
        query = ListQuery(limit=MOST, county=county)
        try:
            found += reading.page(visit.office, actor, PublishedPack, query).items
        except Refusal:
            continue
    # What stands above is answered with every one of those below it.
    own = {(p.county, p.id): p for p in found}.values()
    told = sorted(own, key=lambda p: (p.effective_from, p.id), reverse=True)
    return packs.views(visit.office.store.reader, told)


async def many(visit: Visit) -> Any:
    """``GET /packs``: what is in force, what waits for a second signature, one's own drafts."""
    return await aside(listed, visit)


def listed(visit: Visit, status: int = 200, **more: Any) -> Any:
    """The list, perhaps with what was wrong with a draft that was to begin."""
    own, today = held(visit), civil(visit.office.clock())
    counties = {p.county for p in own}
    ruling = [standing([p for p in own if p.county == c and _ruled(p)], today) for c in counties]
    told: dict[str, Any] = {"wrong": [], "given": {}, "refusal": None, "problems": []}
    return shown(
        visit, "packs/list.html", status=status, packs=own, named=Named(visit, own),
        ruling={p.id for p in ruling if p}, editor=may(visit.office, visit.actor(), ACT),
        drafts=drafts.all_of(visit), county=visit.county or visit.actor().county, **told | more,
    )  # fmt: skip


def _ruled(pack: PublishedPack) -> bool:
    return pack.state is not PackState.PROPOSED


async def one(visit: Visit) -> Any:
    """``GET /packs/{id}``: a pack, what proves it, what it changes, and what comes next."""
    return await aside(_one, visit)


def _one(visit: Visit) -> Any:
    actor, office = visit.actor(), visit.office
    found = reading.one(office, actor, PublishedPack, visit.id, county=visit.county)
    pack = packs.views(office.store.reader, [found])[0]
    try:
        query = ListQuery(limit=MOST, equals={"pack_id": pack.id}, county=found.county)
        runs, history = list(reading.page(office, actor, PackRun, query).items), True
    except Refusal:
        runs, history = [], False
    last = {r.kind.value: r for r in sorted(runs, key=lambda r: r.began_at)
            if r.digest == pack.digest}  # fmt: skip
    changed = comparing.compare(office, actor, pack.id, county=visit.county)
    waits, summary = pack.state is PackState.PROPOSED, summed.of(last.get("simulate"))
    return shown(
        visit, "packs/one.html", pack=pack, runs=last, named=Named(visit, [pack, *runs]),
        history=history, changes=changed, problems=_problems(last.get("check")),
        kinds=list(RunKind)[:3],
        waits=waits, **summed.told(visit, summary),
        examines=[a for a in EXAMINES if waits and may(office, actor, a)],
        publishes=waits and may(office, actor, "pack.publish"),
        own=actor.person_id in (pack.proposed_by, pack.proposed_for),
        attaches=waits and may(office, actor, "pack.attach"), editor=may(office, actor, ACT),
        done=visit.query.get("done", ""), key=office.source.token(16).hex(),
    )  # fmt: skip


def _problems(run: PackRun | None) -> list[Problem]:
    return msgspec.convert(run.summary.get("problems", []), list[Problem]) if run else []


async def rows(visit: Visit) -> Any:
    """``GET /pack-runs/{id}/rows.csv``: the cases behind a simulation."""
    pieces = await aside(running.rows, visit.office, visit.actor(), visit.id, visit.county)
    named = {"content-disposition": f'attachment; filename="{visit.id}.csv"'}
    return ASGIStreamingResponse(
        iterator=pieces, media_type="text/csv; charset=utf-8", headers=HEADERS | named
    )


async def files(visit: Visit) -> Any:
    """``GET /packs/{id}/files.zip``: the very bytes."""
    get = partial(comparing.files_of, visit.office, visit.actor(), visit.id, visit.county)
    found = await aside(get)
    return download(packed(found.files), f"{found.id}.zip", "application/zip")


def download(data: bytes, name: str, media: str) -> ASGIResponse:
    """A file that the browser keeps."""
    told = {"content-disposition": f'attachment; filename="{name}"'}
    return ASGIResponse(body=data, media_type=media, headers=HEADERS | told)


PAGES: list[Line] = [
    ("GET", "/packs", many, PLAIN),
    ("GET", "/packs/{id:str}", one, ONE),
    ("GET", "/packs/{id:str}/files.zip", files, PLAIN),
    ("GET", "/pack-runs/{id:str}/rows.csv", rows, PLAIN),
]
