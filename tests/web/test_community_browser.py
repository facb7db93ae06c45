"""社区页 on a phone in a browser: one column, large targets, nobody kept out; without scripts too."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.joined import door
from tests.web.seated import Seat
from tests.web.site import NARROW, Sight, Site, served
from tests.web.test_case import admitted
from tests.web.test_telephone import entered

pytestmark = pytest.mark.browser
PLACE = "a-990102001001"
PAGES = [
    ("community.worker", f"/community/{PLACE}"), ("community.worker", f"/community/{PLACE}/list"),
    ("community.worker", f"/community/{PLACE}?month=2026-04"),
    ("community.worker", f"/community/{PLACE}/telephone"),
    ("community.worker", f"/community/{PLACE}/codes"),
    ("street.clerk", f"/community/{PLACE}"),
    ("street.clerk", f"/do/objection.raise?told={PLACE}"),
]  # fmt: skip
SMALLEST = 44
"""Of what a thumb is to hit, pixels either way."""


@pytest.fixture(scope="module")
def site(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """With a case that was admitted, and a call that was entered."""
    with served(sqlite_template, tmp_path_factory.mktemp("site")) as made:
        with door(made.office, raising=True) as client:

            def seat(username: str) -> Seat:
                return Seat(client, made.office, username)

            admitted(seat, made.office)
            assert entered(seat, made.office).status_code == 303
        yield made


def test_a_phone_shows_each_page_in_one_column_with_targets_for_a_thumb(
    browser: Any, site: Site
) -> None:
    wrong: list[str] = []
    for who, path in PAGES:
        sight = Sight(browser, site, who, viewport=NARROW)
        assert sight.go(path).status == 200, path
        wrong += [f"{path}: {one}" for one in sight.barriers()]
        for width in (390, 320):
            sight.page.set_viewport_size({**NARROW, "width": width})
            wrong += [f"{path} {width}: sideways"] if sight.scrolls_sideways() else []
            wrong += [f"{path} {width}: {text} is {high} px" for text, high in small(sight)]
        wrong += [f"{path}: {one}" for one in sight.complaints]
        sight.context.close()
    assert wrong == []


def small(sight: Sight) -> list[tuple[str, int]]:
    """What is too low for a thumb, of what is meant to be hit."""
    found = sight.page.evaluate(
        "[...document.querySelectorAll('main .tile, main .button, main button')]"
        ".map(e => [e.textContent.trim().slice(0, 20), e.getBoundingClientRect().height])"
    )
    return [(text, high) for text, high in found if 0 < high < SMALLEST]


def test_a_call_is_taken_and_checked_without_scripts(browser: Any, site: Site) -> None:
    plain = {"java_script_enabled": False, "viewport": {"width": 390, "height": 844}}
    street = Sight(browser, site, "street.clerk", **plain)
    street.go(f"/community/{PLACE}")
    street.page.click("article summary")
    street.page.click("a[href*='reservation.make']")
    street.page.select_option("[name=_told_by]", label="演示·社区主任（社区（村）主任）")
    street.page.fill("[name=text]", "先干着，经费没有到，保留意见")
    street.page.click("form[data-guard] .acts button:first-child")
    assert f"/community/{PLACE}" in street.page.url, street.page.inner_text("main")
    street.context.close()
    head = Sight(browser, site, "community.head", **plain)
    head.go(f"/community/{PLACE}/telephone")
    before = head.page.locator("button[value=true]").count()
    head.page.click("button[value=true] >> nth=0")
    assert "已核对" in head.page.inner_text("main")
    assert head.page.locator("button[value=true]").count() == before - 1
    head.context.close()
