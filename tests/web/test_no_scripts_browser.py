"""脚本关掉 on a phone without scripts: a filing goes its whole way with its file, and a community
declines what was admitted without its money, and objects."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from registry.domain.document import Document
from registry.domain.redress import Declining, Objection
from registry.domain.request import Request
from tests.joined import door
from tests.web.at_desk import TITLE, Desk, filed
from tests.web.seated import Seat
from tests.web.site import Site, served
from tests.web.test_case import admitted

pytestmark = pytest.mark.browser
COUNTY = "990102"
CARD = f"article:has-text('{TITLE}')"


@pytest.fixture
def site(sqlite_template: Path, tmp_path: Path) -> Iterator[Site]:
    with served(sqlite_template, tmp_path) as made:
        yield made


def test_a_filing_goes_its_whole_way_with_its_file(browser: Any, site: Site) -> None:
    clerk = Desk(browser, site, "dept.clerk", phone=True, scripts=False)
    filed(clerk)
    clerk.close()
    head = Desk(browser, site, "dept.head", phone=True, scripts=False)
    head.find(TITLE)
    head.decide("request.submit")
    head.close()
    find = site.office.store.reader.find
    assert [one.title for one in find(Request, COUNTY)] == [TITLE]
    assert [one.name for one in find(Document, COUNTY)] == ["来文.txt"]


def test_a_community_objects_and_declines(browser: Any, site: Site) -> None:
    with door(site.office, raising=True) as client:
        admitted(lambda who: Seat(client, site.office, who), site.office)
    site.clock.at += timedelta(days=31)
    head = Desk(browser, site, "community.head", phone=True, scripts=False)
    for act, typed in (
        ("objection.raise", {"text": "没有给经费，人手也不够"}),
        ("presence.refuse", {"ground": "unfunded", "text": "经费没有到账"}),
    ):
        head.sight.go("/desk")
        head.press("header a[href='/community'], nav a[href='/community']")
        head.press(f"{CARD} a[href*='/do/{act}?']")
        head.fill("form[data-guard]", typed)
        head.hand_in()
    head.close()
    find = site.office.store.reader.find
    assert len(find(Objection, COUNTY)) == len(find(Declining, COUNTY)) == 1
