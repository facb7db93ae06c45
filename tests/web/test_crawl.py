"""巡查: people walk over the site by its links, through a county whose every text is written to do
harm."""

from contextlib import closing
from pathlib import Path
from typing import Any
from unittest.mock import Mock

from registry.app import create_app
from registry.web.house import House
from registry.web.routes import pages
from registry.web.visit import SESSION
from tests.joined import settings_for
from tests.ownarea.knocking import Counting, Door
from tests.web.crawling import PUBLIC, Crawl, Walk, patterns
from tests.web.looking import Looking, data_of
from tests.web.site import Site

SOME = (PUBLIC, "dept.clerk", "street.head")
"""Who walks in the short run: between them they meet most kinds of page."""


def crawl(site: Site, people: tuple[str, ...], **far: Any) -> Crawl:
    """Each one's walk, one after the other, as ``far`` as :class:`Crawl` says."""
    app = create_app(site.office, settings_for(Path(site.folder)), owns=False)
    paths = sorted(p for h in pages(House(site.office, Mock(public_url=""))) for p in h.paths
                   if "GET" in h.http_methods and not p.startswith("/static"))  # fmt: skip
    made = Crawl(Door(app, Counting()), patterns(paths), Looking(data_of(site.office)), **far)
    with closing(made.door):
        for who in people:
            headers = {"accept": "text/html"}
            if who != PUBLIC:
                headers["cookie"] = f"{SESSION}={site.secret(who)}"
            Walk(who, made, headers).go("/desk" if who else "/")
    return made


def test_no_link_leads_astray_and_no_page_shows_what_it_should_not(payload_site: Site) -> None:
    made = crawl(payload_site, SOME, most=1, whole=False)
    assert made.wrong == [] and len(made.reached) > 500
