"""规则包编修页 in a browser: a phone, a desk, no barrier, no scripts."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.web.site import NARROW, Sight, Site, served

pytestmark = pytest.mark.browser
DRAFT = ("one", "table?of=rules.csv", "row?of=rules.csv&line=4", "settings", "settings?section=8",
         "text?file=routes.csv", "check", "test", "diff", "propose")  # fmt: skip


@pytest.fixture(scope="module")
def site(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served(sqlite_template, tmp_path_factory.mktemp("site")) as made:
        yield made


def begun(sight: Sight, id: str) -> str:
    """A draft of next year's rules, begun by its form; its id."""
    sight.go("/packs")
    page = sight.page
    page.select_option("#f-from", "demo-county")
    page.fill("#f-id", id)
    page.fill("#f-name", "演示县规则")
    page.fill("#f-day", "2027-01-01")
    page.click("form[action='/pack-drafts/new'] button >> nth=0")
    page.wait_for_url("**/pack-drafts/one?draft=*")
    return str(page.url).partition("draft=")[2]


def test_every_page_of_a_draft_stays_within_a_phone_and_keeps_nobody_out(
    browser: Any, site: Site
) -> None:
    wrong: list[str] = []
    for size, id in ((NARROW, "next-1"), (None, "next-2")):
        sight = Sight(browser, site, "county.office", **({"viewport": size} if size else {}))
        draft = begun(sight, id)
        paths = [f"/pack-drafts/{p}{'&' if '?' in p else '?'}draft={draft}" for p in DRAFT]
        for path in ["/packs", "/packs/demo-county", *(paths if size else paths[1:3])]:
            sight.go(path)
            wrong += [f"{path}: scrolls sideways"] if sight.scrolls_sideways() else []
            wrong += [f"{path}: {one}" for one in sight.barriers()] if size else []
        wrong += sight.complaints
        sight.context.close()
    assert wrong == []


def test_a_row_is_changed_without_scripts(browser: Any, site: Site) -> None:
    sight = Sight(browser, site, "county.office", java_script_enabled=False)
    draft = begun(sight, "next-3")
    sight.go(f"/pack-drafts/row?of=rules.csv&line=4&draft={draft}")
    sight.page.select_option("#c-outcome", "human_review")
    sight.page.click("form[action='/pack-drafts/row'] button >> nth=0")
    sight.page.wait_for_url("**/pack-drafts/table?*")
    row = sight.page.inner_text("#l4")
    assert "转人工" in row and "DM-R4" in row
    sight.context.close()
