"""巡查 in a real browser: each path of pages that finance, the county office, auditors and
administrators come to by links, through the county whose every text is written to do harm.

``test_crawl_browser_whole`` looks at every page of everybody.
"""

import pytest

from tests.web.drawing import looked_over
from tests.web.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
GROUP = (
    "county.office", "county.head", "finance.clerk", "finance.head", "auditor", "inspector",
    "city.office", "sys.admin", "sec.admin", "audit.admin",
)  # fmt: skip
MOST_PATHS = 68
"""Paths of the table that they come to at least."""


def test_every_path_of_pages_is_drawn_whole(payload_site: Site) -> None:
    paths, wrong = looked_over(payload_site, GROUP)
    assert wrong == [] and paths > MOST_PATHS
