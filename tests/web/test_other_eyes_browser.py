"""The main pages for other eyes: on a phone, at 200 %, in colours of the reader's own, on paper;
and the menu of a phone by keyboard alone, without scripts."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.browsing import opened
from tests.web.pictures import SEEN, begun
from tests.web.site import NARROW, Sight, Site, served

pytestmark = pytest.mark.browser
HEAD = 112
"""Pixels of a phone's 844 above the page itself, the banner's two lines among them."""
ZOOMED = {"width": 640, "height": 450}
"""1280 × 900 at 200 %."""
SHEET = {"width": 718, "height": 1047}
"""A4 within its margins."""
SCREEN_ONLY = "button, header nav, header summary, .button, .decide"
OWN_COLOURS = """() => {
  const probe = document.body.appendChild(document.createElement('i'));
  const held = ['CanvasText', 'Canvas', 'LinkText'].map((name) => {
    probe.style.color = name; return getComputedStyle(probe).color; });
  probe.remove();
  return [...document.querySelectorAll('svg.chart *, .bar')].map((one) => getComputedStyle(one))
    .flatMap((drawn) => [drawn.fill, drawn.stroke])
    .filter((colour) => colour !== 'none' && !held.includes(colour));
}"""


@pytest.fixture(scope="module")
def site(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served(sqlite_template, tmp_path_factory.mktemp("site")) as made:
        yield made


@pytest.fixture(scope="module")
def names(site: Site, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return begun(site, tmp_path_factory.mktemp("door"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with opened() as made:
        yield made


def zoomed(sight: Sight) -> Iterator[str]:
    sight.page.set_viewport_size(ZOOMED)
    if sight.scrolls_sideways():
        yield "scrolls sideways"
    yield from sight.barriers()


def own_colours(scheme: str, sight: Sight) -> Iterator[str]:
    sight.page.emulate_media(forced_colors="active", color_scheme=scheme)
    yield from sight.page.evaluate(OWN_COLOURS)
    yield from sight.barriers()


def printed(sight: Sight) -> Iterator[str]:
    sight.page.set_viewport_size(SHEET)
    sight.page.emulate_media(media="print", forced_colors="none", color_scheme="light")
    if sight.scrolls_sideways():
        yield "scrolls sideways"
    if not sight.page.is_visible("h1"):
        yield "no heading"
    pressed = sight.page.locator(SCREEN_ONLY).locator("visible=true")
    yield from (f"pressed: {one}" for one in pressed.all_inner_texts())


WAYS: dict[str, Callable[[Sight], Iterator[str]]] = {
    "at 200 %": zoomed,
    "in own colours, light": partial(own_colours, "light"),
    "in own colours, dark": partial(own_colours, "dark"),
    "on paper": printed,
}
"""Each ends with what it found; a page is opened once and looked at in all of them."""


@pytest.fixture(scope="module")
def wrong(browser: Any, site: Site, names: dict[str, str]) -> dict[str, list[str]]:
    """What is wrong with the main pages, each before whoever it is for, by way of looking."""
    found: dict[str, list[str]] = {way: [] for way in WAYS}
    for name, who, path in SEEN:
        sight = Sight(browser, site, who)
        assert sight.go(path.format(**names)).status == 200, name
        for way, faults in WAYS.items():
            found[way] += [f"{name}: {one}" for one in faults(sight)]
        sight.context.close()
    return found


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("who", ["street.clerk", "county.office"])
def test_a_phone_shows_the_page_and_not_the_menu(
    browser: Any, site: Site, who: str, language: str
) -> None:
    sight = Sight(browser, site, who, viewport=NARROW)
    sight.go(f"/desk?lang={language}")
    assert sight.page.evaluate("document.querySelector('main').getBoundingClientRect().top") <= HEAD
    assert not sight.page.is_visible("header nav")
    sight.page.click("header summary")
    assert sight.page.is_visible("header nav a[href='/records']")
    assert sight.page.is_visible("header form[action='/logout'] button")
    assert not sight.scrolls_sideways() and sight.barriers() == []
    sight.context.close()


def test_the_menu_of_a_phone_goes_by_keyboard_without_scripts(browser: Any, site: Site) -> None:
    sight = Sight(browser, site, "street.clerk", viewport=NARROW, java_script_enabled=False)
    sight.go("/desk")
    sight.tab_to("header summary", most=5)
    sight.page.keyboard.press("Enter")
    sight.tab_to("header nav a[href='/records']", most=15)
    with sight.page.expect_navigation():
        sight.page.keyboard.press("Enter")
    assert sight.page.url.endswith("/records")
    sight.context.close()


def test_main_pages_at_twice_their_size_hold_whole(wrong: dict[str, list[str]]) -> None:
    assert wrong["at 200 %"] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_of_the_readers_own_hold_in_drawings_too(
    wrong: dict[str, list[str]], scheme: str
) -> None:
    assert wrong[f"in own colours, {scheme}"] == []


def test_main_pages_print_within_the_sheet_and_without_what_is_pressed(
    wrong: dict[str, list[str]],
) -> None:
    assert wrong["on paper"] == []
