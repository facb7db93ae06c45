"""清单编修页在浏览器里: a list is revised at a desk and on a phone, with and without scripts."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from registry.domain.records import civil
from tests.web.site import NARROW, WIDE, Sight, Site, served

pytestmark = pytest.mark.browser
LIST = "DEMO-LIST"
TITLE = "楼道灯具编号拍照"
SIZES = (pytest.param(NARROW, id="390"), pytest.param(WIDE, id="1280", marks=pytest.mark.long))
"""The wider window in the full run: test_crawl_browser.py draws these pages in every run."""


@pytest.fixture(scope="module")
def site(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served(sqlite_template, tmp_path_factory.mktemp("lists")) as running:
        yield running


def begun(sight: Sight) -> str:
    """A draft of the county's list, begun by its button; the query that names it."""
    sight.go("/lists")
    sight.page.click(f'form:has(input[value="{LIST}"]) button')
    return sight.page.url.partition("draft=")[2].partition("&")[0]


def with_item(sight: Sight, draft: str) -> None:
    sight.go(f"/list-drafts/row?draft={draft}&row=new")
    for name, text in (("id", "DEMO-LST-99"), ("title", TITLE), ("basis", "演示目录第99项"),
                       ("source", "演示")):  # fmt: skip
        sight.page.fill(f"#c-{name}", text)
    sight.page.select_option("#c-grade", "fictional")
    sight.page.click("text=保存这一项")


@pytest.mark.parametrize("size", SIZES)
def test_every_page_of_a_list_stays_within_its_window_and_keeps_nobody_out(
    browser: Any, site: Site, size: dict[str, int]
) -> None:
    sight = Sight(browser, site, "county.office", viewport=size)
    draft = begun(sight)
    with_item(sight, draft)
    assert TITLE in sight.page.content()
    pages = ["/lists", *(f"/list-drafts/{word}?draft={draft}" for word in (
        "one", "head", "row", "check", "simulate", "propose"))]  # fmt: skip
    for page in pages:
        sight.go(page.replace("row?", "row?row=1&"))
        assert not sight.scrolls_sideways(), page
        assert sight.barriers() == [], page
    sight.page.fill("#f-day", civil(site.office.clock()).isoformat())
    if sight.page.is_visible('input[name="over"]'):
        sight.page.check('input[name="over"]')
    sight.page.click("main button:not(.quiet)")
    if "/list-drafts/" in sight.page.url:
        sight.page.check('input[name="over"]')
        sight.page.click("main button:not(.quiet)")
    edition = sight.page.url.partition("?")[0].rpartition("/")[2]
    for who in ("county.office", "county.head"):
        other = Sight(browser, site, who, viewport=size)
        for page in (f"/lists/{edition}", f"/lists/{edition}/simulate"):
            other.go(page)
            assert not other.scrolls_sideways(), page
            assert other.barriers() == [], page
        assert [c for c in other.complaints if "409" not in c] == []
    assert [c for c in sight.complaints if "409" not in c] == []


def test_items_are_filtered_changed_and_moved_without_scripts(browser: Any, site: Site) -> None:
    sight = Sight(browser, site, "county.office", java_script_enabled=False)
    draft = begun(sight)
    with_item(sight, draft)
    sight.page.fill("#f-q", "楼道 第99项")
    sight.page.click("form[role=search] button")
    assert sight.page.locator("tbody tr").count() == 1
    sight.page.click(f"tbody >> text={TITLE}")
    sight.page.fill("#c-title", "楼道灯具检查")
    sight.page.click("text=保存这一项")
    assert "楼道灯具检查" in sight.page.content()
    sight.page.click("tbody tr:last-child >> text=上移")
    assert "楼道灯具检查" in (sight.page.locator("tbody tr").nth(-2).text_content() or "")
    assert sight.complaints == []
