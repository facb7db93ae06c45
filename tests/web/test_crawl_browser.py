"""巡查 in a real browser: every kind of page that anybody comes to by links, on a phone and on a
screen, through the county whose every text is written to do harm. Nothing scrolls sideways,
nobody is kept out, nothing stored is run, and the browser has nothing to complain of."""

import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from registry.web.visit import LANGUAGE
from tests.browsing import opened
from tests.web.crawling import EVERYBODY, PUBLIC, Crawl, Shown
from tests.web.site import AXE, NARROW, WIDE, Sight, Site, served
from tests.web.test_crawl import crawl

pytestmark = pytest.mark.browser


class Place(NamedTuple):
    """Who looks, and where."""

    who: str
    address: str


class View(NamedTuple):
    """How a page is looked at."""

    size: dict[str, int]
    language: str
    scheme: str


PHONE, SCREEN = View(NARROW, "zh", "light"), View(WIDE, "en", "dark")
NOT_REACHED = {
    "/do/delegation.deputy": "every link goes to /me/stand-in, where its form stands",
    "/do/password.give": "moves whoever types it to /admin/passwords",
    "/do/session.end": "moves whoever types it to /admin/sessions",
    "/pack-runs/{id:str}/rows.csv": "behind a 试算 that was run; tests/web/test_packs.py",
    "/papers/archive/{id:str}": "of a case that is closed; tests/web/test_papers.py",
    "/pick/{list:str}": "asked by the script of a form; tests/web/test_picking.py",
    "/take-away/{id:str}": "of an export that was made meanwhile; tests/web/test_auditing.py",
}
"""Pages no link leads to in the county as it stands, each with its reason."""
LOST = Place(PUBLIC, "/nowhere")
FEW = 40
"""Addresses of one path that all look at together in the short run."""
MOST_PATHS = 70
"""Paths of the table that the short run comes to at least."""
HOURS = 3 * 3600


@pytest.fixture(scope="module")
def site(payload_county: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(payload_county, folder, dirs_exist_ok=True)
    with served(payload_county / "registry.db", folder) as made:
        yield made


@pytest.fixture(scope="module")
def walked(site: Site) -> Crawl:
    """Everybody's walk; nobody's browser is open meanwhile."""
    return crawl(site, EVERYBODY, most=1, whole=True)


def of_new_parts(shown: list[Shown], *, by: str) -> Iterator[Place]:
    """The first page of each ``kind`` or ``path``, and all that hold a part which none before of
    that kind held, or of any path."""
    seen: dict[str, set[int]] = defaultdict(set)
    begun: set[str] = set()
    for one in shown:
        name = getattr(one, by)
        known = seen[name if by == "kind" else ""]
        if name not in begun or not one.parts <= known:
            yield Place(one.who, one.address)
        begun.add(name)
        known |= one.parts


def drawn(browser: Any, site: Site, view: View, places: Iterable[Place]) -> Iterator[str]:
    """What is wrong with pages as they are drawn."""
    of: dict[str, list[str]] = defaultdict(list)
    for who, address in places:
        of[who].append(address)
    script = files(AXE).joinpath("axe.min.js").read_text("utf-8")
    for who, addresses in of.items():
        sight = Sight(browser, site, who, viewport=view.size, color_scheme=view.scheme)
        told = {"name": LANGUAGE, "value": view.language, "url": site.address}
        sight.context.add_cookies([told])
        sight.context.add_init_script(script)
        for address in addresses:
            at = f"{who or 'nobody'} {address} ({view.size['width']})"
            yield from (f"{at}: {one}" for one in dict.fromkeys(_wrong(sight, address)))
        sight.context.close()


def _wrong(sight: Sight, address: str) -> Iterator[str]:
    sight.complaints.clear()
    sight.go(address)
    if sight.scrolls_sideways():
        yield "scrolls sideways"
    yield from sight.barriers()
    if sight.page.evaluate("window.hit") is not None:
        yield "what was stored was run"
    yield from (one for one in sight.complaints if address != LOST.address or "404" not in one)


@pytest.mark.timeout(600)
def test_every_kind_of_page_is_drawn_whole(site: Site) -> None:
    """Whoever comes to it first looks at it for all, on the phone and the screen by turns."""
    made = crawl(site, EVERYBODY, most=1, whole=False, each=FEW)
    places = [LOST, *of_new_parts(made.shown, by="path")]
    assert len({one.path for one in made.shown}) > MOST_PATHS
    with opened() as browser:
        assert [*drawn(browser, site, PHONE, places[::2]),
                *drawn(browser, site, SCREEN, places[1::2])] == []  # fmt: skip


@pytest.mark.long
@pytest.mark.timeout(HOURS)
@pytest.mark.parametrize("view", [PHONE, SCREEN], ids=["phone", "screen"])
def test_every_page_of_everybody_is_drawn_whole(site: Site, walked: Crawl, view: View) -> None:
    """Each kind of page, and again for everybody who is shown anything in it that nobody before
    was shown."""
    with opened() as browser:
        assert list(drawn(browser, site, view, of_new_parts(walked.shown, by="kind"))) == []


@pytest.mark.long
@pytest.mark.timeout(HOURS)
def test_no_link_leads_anybody_astray(walked: Crawl) -> None:
    assert walked.wrong == []


@pytest.mark.long
@pytest.mark.timeout(HOURS)
def test_somebody_comes_to_every_page_there_is(walked: Crawl) -> None:
    never = {pattern.path for pattern in walked.table} - walked.met
    assert never == set(NOT_REACHED)
