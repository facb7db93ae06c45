"""不用鼠标: from the sign-in to the decision and back to the box, by keys alone, with scripts and
without."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from registry.domain.approval import Opinion
from registry.domain.request import Request
from tests.joined import door
from tests.web.seated import Seat
from tests.web.site import NARROW, Sight, Site, served
from tests.web.test_case import COUNTY, do, typed_filing
from tests.web.test_sessions import PASSWORD, with_password

pytestmark = pytest.mark.browser
TITLES = ("按键办理一", "按键办理二", "按键办理三")


@pytest.fixture
def site(sqlite_template: Path, tmp_path: Path) -> Iterator[Site]:
    """A street's box with three cases to examine."""
    (folder := tmp_path / "site").mkdir()
    with served(sqlite_template, folder) as made:
        with door(made.office, raising=True) as client:
            for title in TITLES:
                made.clock.at += timedelta(seconds=2)
                do(Seat(client, made.office, "dept.clerk"), "request.draft",
                   **typed_filing(title=title))  # fmt: skip
                case = next(r for r in made.office.store.reader.find(Request, COUNTY)
                            if r.title == title)  # fmt: skip
                do(Seat(client, made.office, "dept.head"), "request.submit", case.id)
                do(Seat(client, made.office, "street.clerk"), "request.accept", case.id)
        with_password(made.office, "street.clerk")
        yield made


def sign_in(sight: Sight) -> None:
    """By Tab and Enter, whether scripts run or not."""
    sight.go("/login")
    sight.tab_to("[name=username]")
    sight.page.keyboard.type("street.clerk")
    sight.page.keyboard.press("Tab")
    sight.page.keyboard.type(PASSWORD)
    sight.page.keyboard.press("Enter")
    sight.page.wait_for_url("**/desk")


def focused(sight: Sight) -> str:
    return str(sight.page.evaluate("document.activeElement.textContent")).strip()


def heading(sight: Sight) -> str:
    return str(sight.page.inner_text("h1")).strip()


def said(site: Site) -> list[str]:
    return sorted(one.text for one in site.office.store.reader.find(Opinion, COUNTY))


def test_a_street_decides_case_after_case_by_single_keys(browser: Any, site: Site) -> None:
    sight = Sight(browser, site)
    press, write = sight.page.keyboard.press, sight.page.keyboard.type
    sign_in(sight)
    press("j")
    assert focused(sight) == TITLES[0]
    press("j")
    press("j")
    press("k")
    assert focused(sight) == TITLES[1]
    press("k")
    press("Enter")
    sight.page.wait_for_url("**/case/**")
    assert heading(sight) == TITLES[0]
    press("a")
    assert sight.page.evaluate("document.activeElement.name") == "ballot"
    press("Space")
    sight.tab_to("[name=text]")
    write("齐全，jkn 都是文字")
    sight.tab_to("button[formaction]")
    press("Enter")
    sight.page.wait_for_url("**was=**")
    assert heading(sight) == TITLES[1], "on to the next"
    press("n")
    sight.page.wait_for_function(f"document.querySelector('h1').innerText === '{TITLES[2]}'")
    press("p")
    sight.page.wait_for_function(f"document.querySelector('h1').innerText === '{TITLES[1]}'")
    press("u")
    sight.page.wait_for_url("**/desk?**")
    assert said(site) == ["齐全，jkn 都是文字"]
    left = sight.page.locator("table[data-rows] tbody tr a[href^='/case/']").all_inner_texts()
    assert left == list(TITLES[1:])
    assert sight.complaints == []
    sight.context.close()


def test_what_is_looked_for_is_typed_after_one_key_and_keys_are_letters_there(
    browser: Any, site: Site
) -> None:
    sight = Sight(browser, site, "street.clerk")
    sight.go("/desk")
    sight.page.keyboard.press("/")
    sight.page.keyboard.type("办理三")
    sight.page.keyboard.press("j")
    assert sight.page.input_value("#by-text") == "办理三j"
    sight.page.keyboard.press("Backspace")
    sight.page.keyboard.press("Enter")
    sight.page.wait_for_url("**text=**")
    rows = sight.page.locator("table[data-rows] tbody tr")
    assert rows.count() == 1
    sight.page.evaluate("document.activeElement.blur()")
    sight.page.keyboard.press("?")
    assert sight.page.locator("dialog[open] dt").count() == 9
    sight.page.keyboard.press("j")
    assert sight.page.locator("dialog[open]").count() == 1
    sight.page.keyboard.press("Escape")
    assert sight.page.locator("dialog[open]").count() == 0
    sight.context.close()


def test_keys_that_were_turned_off_do_nothing(browser: Any, site: Site) -> None:
    sight = Sight(browser, site, "street.clerk")
    sight.go("/me")
    sight.tab_to("main button[name=keys]")
    sight.page.keyboard.press("Enter")
    sight.page.wait_for_selector("main button[name=keys][value=on]")
    sight.go("/desk")
    for key in ("j", "?", "/"):
        sight.page.keyboard.press(key)
        assert sight.page.evaluate("document.activeElement === document.body"), key
    assert sight.page.locator("dialog").count() == 0
    sight.context.close()


def test_a_wording_that_is_picked_goes_into_the_text_and_takes_its_stand(
    browser: Any, site: Site
) -> None:
    sight = Sight(browser, site, "street.clerk")
    sight.go("/desk/phrases")
    sight.page.fill("#t-new", "材料齐全。")
    sight.page.select_option("#b-new", "agree")
    sight.page.click("section.panel button")
    sight.page.wait_for_url("**done=phrase.keep")
    sight.go("/desk")
    sight.page.click(f"text={TITLES[0]}")
    sight.page.fill(".decide details[open] [name=text]", "已核。")
    sight.page.select_option(".decide details[open] [name=_phrase]", "材料齐全。")
    assert sight.page.input_value(".decide details[open] [name=text]") == "已核。\n材料齐全。"
    assert sight.page.is_checked(".decide details[open] [name=ballot][value=agree]")
    sight.page.click(".decide details[open] button:has-text('提交') >> nth=0")
    sight.page.wait_for_url("**done=task.opine")
    assert said(site) == ["已核。\n材料齐全。"]
    assert sight.complaints == []
    sight.context.close()


def test_a_street_decides_by_tab_and_enter_alone_without_scripts(browser: Any, site: Site) -> None:
    sight = Sight(browser, site, java_script_enabled=False, viewport=NARROW)
    keyboard = sight.page.keyboard

    def reach(selector: str) -> None:
        """Without scripts the page itself can still be asked what has the focus."""
        for _ in range(150):
            keyboard.press("Tab")
            if sight.page.locator(f"{selector}:focus").count():
                return
        raise AssertionError(f"no way to {selector}")

    sight.go("/login")
    reach("[name=username]")
    keyboard.type("street.clerk")
    reach("[name=password]")
    keyboard.type(PASSWORD)
    keyboard.press("Enter")
    sight.page.wait_for_url("**/desk")
    reach("table[data-rows] a[href^='/case/']")
    keyboard.press("Enter")
    sight.page.wait_for_url("**/case/**")
    assert heading(sight) == TITLES[0]
    reach(".decide [name=ballot]")
    keyboard.press("Space")
    reach(".decide [name=text]")
    keyboard.type("材料齐全")
    reach(".decide button:not([hidden], [name], [formaction])")
    keyboard.press("Enter")
    sight.page.wait_for_url("**done=task.opine")
    assert said(site) == ["材料齐全"]
    reach("[data-up]")
    keyboard.press("Enter")
    sight.page.wait_for_url("**/desk?**")
    assert sight.page.locator("table[data-rows] tbody tr").count() == len(TITLES) - 1
    sight.context.close()
