"""审计 in browsers: a unit answers what it was asked with its papers, and whoever comes by a letter
takes away what the letter opens, by clicking and typing alone."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from registry.domain.document import Document
from tests.actions import case
from tests.actions.audited import asked_about, doubted, letter, opened
from tests.browsing import opened as browsing
from tests.conftest import Hand
from tests.web.at_desk import Desk
from tests.web.site import Site, served

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
COUNTY = "990102"
NAME = "支出凭证.txt"
PAPER = {"name": NAME, "mimeType": "text/plain", "buffer": "凭证复印件".encode()}


@pytest.fixture(scope="module")
def site(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served(sqlite_template, tmp_path_factory.mktemp("site")) as made:
        yield made


@pytest.fixture
def browser() -> Iterator[Any]:
    with browsing() as made:
        yield made


def test_a_unit_answers_a_finding_with_its_papers(browser: Any, site: Site) -> None:
    def hand(name: str) -> Hand:
        return Hand(site.office, name)

    found = asked_about(hand, doubted(hand), opened(hand))
    unit = Desk(browser, site, "community.head", phone=True)
    unit.sight.go("/desk")
    unit.press("header a[href='/audit']")
    unit.press(f"main a[href*='/audit/findings/{found.id}']")
    unit.press("main a[href*='/do/finding.answer?']")
    unit.fill("form[data-guard]", {"text": "支出有会议记录，凭证附后"})
    unit.page.set_input_files("form[data-guard] [type=file][name=document_ids]", PAPER)
    unit.press("form[data-guard] [name=_not_secret]")
    unit.hand_in()
    assert "凭证附后" in unit.page.inner_text("main")
    unit.close()
    auditor = Desk(browser, site, "auditor")
    auditor.sight.go("/audit")
    auditor.press(f"main a[href*='/audit/findings/{found.id}']")
    assert "凭证附后" in auditor.page.inner_text("main")
    papers = site.office.store.reader.find(Document, COUNTY)
    held = next(one for one in papers if one.name == NAME)
    with auditor.page.expect_download() as taken:
        auditor.page.click(f"main a[href='/documents/{held.id}']")
    assert Path(taken.value.path()).read_bytes() == PAPER["buffer"]
    auditor.close()


def test_whoever_comes_by_a_letter_takes_away_what_it_opens(browser: Any, site: Site) -> None:
    def hand(name: str) -> Hand:
        return Hand(site.office, name)

    request = case.admitted(hand)
    other = case.submitted(
        hand, case.drafted(hand, title="不在函内的事项", targets=["990102001002"])
    )
    letter(hand)
    inspector = Desk(browser, site, "inspector")
    inspector.sight.go("/records")
    inspector.press("main a[href='/take-away']")
    inspector.press("main [name=form][value=package]")
    inspector.press("main form .acts button")
    fetched = "main a[href^='/take-away/']"
    for _ in range(60):
        if inspector.page.locator(fetched).count():
            break
        inspector.page.wait_for_timeout(500)
        inspector.page.reload()
    with inspector.page.expect_download() as taken:
        inspector.page.click(fetched)
    with zipfile.ZipFile(taken.value.path()) as package:
        text = "".join(package.read(n).decode("utf-8", "replace") for n in package.namelist())
    assert request.title in text and other.title not in text
    inspector.close()
