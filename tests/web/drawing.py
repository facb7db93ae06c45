"""看图 pages as a real browser draws them, on a phone and on a screen: nothing scrolls sideways,
nobody is kept out, nothing stored is run, and the browser has nothing to complain of."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from importlib.resources import files
from typing import Any, NamedTuple

from registry.web.visit import LANGUAGE
from tests.browsing import opened
from tests.web.crawling import PUBLIC, Shown
from tests.web.site import AXE, NARROW, WIDE, Sight, Site
from tests.web.test_crawl import crawl


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
LOST = Place(PUBLIC, "/nowhere")
FEW = 8
"""Addresses of one path that all of a group look at together in the short run."""


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


def looked_over(site: Site, group: tuple[str, ...]) -> tuple[int, list[str]]:
    """How many paths a group comes to in a short walk, and what is wrong there: whoever comes first
    looks for all, on the phone and the screen by turns."""
    made = crawl(site, group, most=1, whole=False, each=FEW)  # nobody's browser is open meanwhile
    places = [LOST, *of_new_parts(made.shown, by="path")]
    wrong = list(made.wrong)
    with opened() as browser:
        for view, some in ((PHONE, places[::2]), (SCREEN, places[1::2])):
            wrong += drawn(browser, site, view, some)
    return len({one.path for one in made.shown}), wrong
