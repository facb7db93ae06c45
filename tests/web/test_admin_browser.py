"""管理 in a real browser: people brought in, their first passwords, a first sign-in, a handover, a
reorganisation seen before it is done, somebody signed out at once; on a desk and on a phone."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from registry.domain.people import Person
from registry.domain.succession import Handover
from tests.web.site import NARROW, WIDE, Sight, Site, served

pytestmark = pytest.mark.browser
COUNTY, OWN = "990102", "a-password-of-my-own"
HEAD = "username,name,county\n"
SIZES = pytest.mark.parametrize(
    "size",
    [pytest.param(WIDE, id="desk", marks=pytest.mark.long), pytest.param(NARROW, id="phone")],
)
"""The wider window in the full run: ``test_crawl_browser_offices`` draws these kinds of pages."""


@pytest.fixture
def site(sqlite_template: Path, tmp_path: Path) -> Iterator[Site]:
    with served(sqlite_template, tmp_path) as made:
        yield made


def fine(*sights: Sight) -> None:
    """Nothing scrolls sideways and nobody is kept out."""
    for sight in sights:
        assert not sight.scrolls_sideways(), sight.page.url
        assert sight.barriers() == [], sight.page.url


def sheet(sight: Sight, rows: str) -> None:
    data = {"name": "people.csv", "mimeType": "text/csv", "buffer": (HEAD + rows).encode()}
    sight.page.set_input_files("#file", data)  # type: ignore[arg-type]
    sight.page.locator("form:has(#file) button").click()


@SIZES
def test_a_newcomer_is_brought_in_given_a_password_and_chooses_their_own(
    browser: Any, site: Site, size: dict[str, int]
) -> None:
    keeper = Sight(browser, site, "sys.admin", viewport=size)
    keeper.go("/admin/import/people")
    sheet(keeper, "new.one,,990102\n")
    assert keeper.page.locator("[role=alert]").is_visible()
    fine(keeper)
    sheet(keeper, f"new.one,演示新人,{COUNTY}\n")
    keeper.page.click("form:has([name=take]) button")
    assert keeper.page.locator("[role=status]").is_visible()
    guard = Sight(browser, site, "sec.admin", viewport=size)
    guard.go("/admin/passwords")
    fine(guard)
    guard.page.evaluate(
        "document.querySelectorAll('[name=person]').forEach(b => b.checked = false)"
    )
    guard.page.get_by_label("演示新人").check()
    guard.page.click("main form button")
    secret = guard.page.locator("code.secret").inner_text()
    fine(guard)
    newcomer = Sight(browser, site, viewport=size)
    newcomer.go("/login")
    newcomer.page.fill("[name=username]", "new.one")
    newcomer.page.fill("[name=password]", secret)
    newcomer.page.press("[name=password]", "Enter")
    newcomer.page.wait_for_url("**/me/password")
    fine(newcomer)
    for name, value in (("old", secret), ("new", OWN), ("again", OWN)):
        newcomer.page.fill(f"#{name}", value)
    newcomer.page.click("main form button")
    newcomer.page.wait_for_url("**/desk")
    newcomer.go("/me")
    fine(newcomer)


def test_somebody_is_signed_out_at_once_in_their_own_browser(browser: Any, site: Site) -> None:
    clerk, guard = Sight(browser, site, "dept.clerk"), Sight(browser, site, "sec.admin")
    clerk.go("/desk")
    person = site.office.store.reader.person_named("dept.clerk")
    assert isinstance(person, Person)
    guard.go(f"/admin/people/{person.id}")
    fine(guard)
    guard.page.click("button.grave")
    guard.page.wait_for_url("**ended=1")
    clerk.go("/desk")
    assert "/login" in clerk.page.url


@SIZES
def test_all_that_somebody_holds_is_handed_over(
    browser: Any, site: Site, size: dict[str, int]
) -> None:
    head = Sight(browser, site, "dept.head", viewport=size)
    person = site.office.store.reader.person_named("dept.clerk")
    own = site.office.store.reader.person_named("dept.head")
    assert person is not None and own is not None
    head.go(f"/admin/handover/{person.id}")
    fine(head)
    head.page.check("[name=reason][value=moved]")
    head.page.select_option("#to", own.id)
    head.page.click("button.grave")
    head.page.wait_for_url("**/records/handovers/**")
    assert [h.person_id for h in site.office.store.reader.find(Handover, COUNTY)] == [person.id]
    assert head.complaints == []


@SIZES
def test_a_merger_is_seen_before_it_is_done_and_bodies_are_found_as_they_are_typed(
    browser: Any, site: Site, size: dict[str, int]
) -> None:
    head = Sight(browser, site, "county.head", viewport=size)
    head.go("/admin/reorganise")
    fine(head)
    head.page.check("[name=kind][value=merge]")
    for path, word, id in (
        ("sources", "民政", "o-990102-civil"), ("successors.0.id", "城市管理", "o-990102-urban"),
    ):  # fmt: skip
        head.page.fill(f'[name="_find.{path}"]', word)
        head.page.check(f'.found [name="{path}"][value="{id}"]')
        assert head.page.locator(f'.picked [value="{id}"]').is_checked()
    head.page.fill("#f-document_number", "演编〔2026〕1号")
    head.page.fill("#f-document_title", "合并(演示)")
    head.page.fill("#f-effective_on", "2026-03-02")
    head.page.get_by_role("button", name="看预案").click()
    assert head.page.locator("#rows").is_visible()
    fine(head)
    head.page.click("button[name=_only] >> nth=0")
    assert head.page.locator("#rows").is_visible()
    fine(head)
    assert head.complaints == []


@pytest.mark.long  # test_crawl_browser.py draws each of these pages in every run
def test_pages_of_who_keeps_accounts_and_of_who_runs_it_keep_nobody_out(
    browser: Any, site: Site
) -> None:
    for who, paths in (
        ("sec.admin", ("/admin", "/admin/people", "/admin/sessions", "/admin/sign-ins")),
        ("sys.admin", ("/admin", "/admin/checkup", "/admin/settings", "/admin/import")),
        ("dept.head", ("/me", "/me/stand-in", "/admin/handover")),
    ):
        sight = Sight(browser, site, who, viewport=NARROW)
        for path in paths:
            assert sight.go(path).status == 200, path
            fine(sight)
