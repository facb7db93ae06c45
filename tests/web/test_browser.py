"""In a real browser: what was stored is never run, and keyboard or no scripts do. How every page is
drawn: ``test_crawl_browser.py``."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from registry.domain.request import Request, State
from tests.joined import door
from tests.web.seated import Seat
from tests.web.site import NARROW, Sight, Site, served
from tests.web.test_case import admitted, do, the_task, typed_filing

pytestmark = pytest.mark.browser
PAYLOADS = "<img src=x onerror=window.hit=1>\"'><script>window.hit=1</script>{{7*7}}${7*7}"


@pytest.fixture(scope="module")
def site(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served(sqlite_template, tmp_path_factory.mktemp("site")) as made:
        yield made


@pytest.fixture(scope="module")
def names(site: Site, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A case on its way, a task in it, and a filing begun."""
    with door(site.office, raising=True) as client:

        def seat(username: str) -> Seat:
            return Seat(client, site.office, username)

        case = admitted(seat, site.office)
        site.clock.at += timedelta(seconds=1)  # so that the next id is the later one
        do(seat("dept.clerk"), "request.draft", **typed_filing(title=PAYLOADS, content=PAYLOADS))
        waits = site.office.store.reader.find(Request, "990102")[-1]
        do(seat("dept.head"), "request.submit", waits.id)
        do(seat("street.clerk"), "request.accept", waits.id)
        task = the_task(site.office).id
        filing = seat("dept.clerk").get("/file").headers["location"].split("/")[2]
    return {"case": case.id, "task": task, "filing": filing, "waits": waits.id}


def test_what_was_stored_is_shown_and_never_run(
    browser: Any, site: Site, names: dict[str, str]
) -> None:
    sight = Sight(browser, site, "street.clerk")
    paths = [f"/case/{names['waits']}", f"/records/requests/{names['waits']}", "/records/requests",
             f"/papers/approval/{names['waits']}",
             "/desk", f"/do/task.opine?id={names['task']}", "/records/tasks"]  # fmt: skip
    for path in paths:
        sight.go(path)
        assert sight.page.evaluate("window.hit") is None, path
        assert "49" not in sight.page.inner_text("h1"), path
    sight.go(paths[0])
    assert PAYLOADS in sight.page.inner_text("main")
    sight.context.close()


def test_a_clerk_files_by_keyboard_alone(browser: Any, site: Site, names: dict[str, str]) -> None:
    sight = Sight(browser, site, "dept.clerk")
    press, write = sight.page.keyboard.press, sight.page.keyboard.type
    sight.go("/desk")
    press("Tab")
    assert sight.page.evaluate("document.activeElement.className") == "skip"
    sight.tab_to("a[href='/file']")
    press("Enter")
    sight.page.wait_for_url("**/what")
    sight.tab_to("[name=kind]")
    press("ArrowDown")
    sight.tab_to("[name=title]")
    write("只用键盘的申报")
    press("Enter")
    sight.page.wait_for_url("**/whom")
    sight.tab_to("[name=receivers]")
    press("Space")
    sight.tab_to("summary")
    press("Enter")
    sight.tab_to("[name=targets]")
    press("Space")
    sight.tab_to("button[name=_to]")
    press("Enter")
    sight.page.wait_for_url("**/check")
    sight.tab_to("form[action$=check] button")
    press("Enter")
    sight.page.wait_for_url("**/case/**")
    assert "只用键盘的申报" in sight.page.inner_text("h1")
    assert sight.complaints == []
    sight.context.close()


def test_a_street_decides_without_scripts(browser: Any, site: Site, names: dict[str, str]) -> None:
    sight = Sight(browser, site, "street.clerk", java_script_enabled=False, viewport=NARROW)
    sight.go(f"/case/{names['waits']}")
    form = sight.page.locator("form[action^='/do/task.opine']")
    form.locator("input[name=ballot][value=agree]").check()
    form.locator("[name=text]").fill("材料齐全")
    form.locator(".acts button:first-child").click()
    assert "/case/" in sight.page.url, sight.page.inner_text("main")
    sight.context.close()
    head = Sight(browser, site, "street.head", java_script_enabled=False, viewport=NARROW)
    head.go(f"/case/{names['waits']}")
    form = head.page.locator("form[action^='/do/request.approve']")
    form.locator("[name=reason]").fill("同意")
    form.locator(".acts button:first-child").click()
    case = next(
        r for r in site.office.store.reader.find(Request, "990102") if r.id == names["waits"]
    )
    assert case.state is State.APPROVED, head.page.inner_text("main")
    head.context.close()
