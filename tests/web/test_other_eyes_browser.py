"""The main pages for other eyes: on a phone, at 200 %, in colours of the reader's own, on paper;
and the menu of a phone by keyboard alone, without scripts."""

from collections.abc import Iterator
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


def seen(
    browser: Any, site: Site, names: dict[str, str], **how: Any
) -> Iterator[tuple[str, Sight]]:
    """Each main page, before whoever it is for."""
    for name, who, path in SEEN:
        sight = Sight(browser, site, who, **how)
        assert sight.go(path.format(**names)).status == 200, name
        yield name, sight
        sight.context.close()


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


def test_main_pages_at_twice_their_size_hold_whole(
    browser: Any, site: Site, names: dict[str, str]
) -> None:
    for name, sight in seen(browser, site, names, viewport=ZOOMED):
        assert not sight.scrolls_sideways(), name
        assert sight.barriers() == [], name


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_of_the_readers_own_hold_in_drawings_too(
    browser: Any, site: Site, names: dict[str, str], scheme: str
) -> None:
    how = {"forced_colors": "active", "color_scheme": scheme}
    for name, sight in seen(browser, site, names, **how):
        assert sight.page.evaluate(OWN_COLOURS) == [], name
        assert sight.barriers() == [], name


def test_main_pages_print_within_the_sheet_and_without_what_is_pressed(
    browser: Any, site: Site, names: dict[str, str]
) -> None:
    for name, sight in seen(browser, site, names, viewport=SHEET):
        sight.page.emulate_media(media="print")
        assert not sight.scrolls_sideways(), name
        assert sight.page.is_visible("h1"), name
        pressed = sight.page.locator(SCREEN_ONLY).locator("visible=true")
        assert not pressed.count(), (name, pressed.first.inner_text())
