"""巡查 in a real browser, the whole of it: every page that anybody comes to by links, through the
county whose every text is written to do harm."""

import pytest

from tests.browsing import opened
from tests.web.crawling import EVERYBODY, Crawl
from tests.web.drawing import PHONE, SCREEN, View, drawn, of_new_parts
from tests.web.site import Site
from tests.web.test_crawl import crawl

HOURS = 3 * 3600
pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.timeout(HOURS)]
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


@pytest.fixture(scope="module")
def walked(payload_site: Site) -> Crawl:
    """Everybody's walk; nobody's browser is open meanwhile."""
    return crawl(payload_site, EVERYBODY, most=1, whole=True)


@pytest.mark.parametrize("view", [PHONE, SCREEN], ids=["phone", "screen"])
def test_every_page_of_everybody_is_drawn_whole(
    payload_site: Site, walked: Crawl, view: View
) -> None:
    """Each kind of page, and again for everybody who is shown anything in it that nobody before
    was shown."""
    with opened() as browser:
        assert list(drawn(browser, payload_site, view, of_new_parts(walked.shown, by="kind"))) == []


def test_no_link_leads_anybody_astray(walked: Crawl) -> None:
    assert walked.wrong == []


def test_somebody_comes_to_every_page_there_is(walked: Crawl) -> None:
    never = {pattern.path for pattern in walked.table} - walked.met
    assert never == set(NOT_REACHED)
