"""一件事 from filing to decision across four people, each at their own browser, by clicking and typing
alone: nobody calls an act from the program; the clerk of the street decides nothing by a mouse, but
taps on a phone."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.browsing import opened
from tests.web.site import NARROW, Sight, Site, served

pytestmark = pytest.mark.browser
TITLE = "楼道灯具编号拍照"
PHONE = {"viewport": NARROW, "has_touch": True, "is_mobile": True}


@pytest.fixture(scope="module")
def site(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served(sqlite_template, tmp_path_factory.mktemp("site")) as made:
        yield made


class Desk:
    """One person before one browser; a phone is tapped and never clicked."""

    def __init__(self, browser: Any, site: Site, who: str, *, phone: bool = False) -> None:
        self.sight = Sight(browser, site, who, **(PHONE if phone else {}))
        self.page, self._phone = self.sight.page, phone
        self.page.set_default_timeout(10_000)

    def close(self) -> None:
        assert self.sight.complaints == []
        self.sight.context.close()

    def press(self, what: str) -> None:
        found = self.page.locator(what).first
        hit = found.tap if self._phone else found.click
        if found.evaluate("e => e.matches('a, button')"):
            with self.page.expect_navigation():
                hit()
        else:
            hit()
        assert not self.sight.scrolls_sideways(), self.page.url

    def find(self, *way: str) -> None:
        """By the links that say so, from the desk on."""
        self.sight.go("/desk")
        for one in way:
            self.press(f"main a:has-text('{one}')")

    def look_up(self) -> None:
        """By the lists of what one may read."""
        self.sight.go("/records")
        self.press("main a[href='/records/requests']")
        self.press(f"main a:has-text('{TITLE}')")

    def find_first(self, what: str) -> None:
        self.sight.go("/desk")
        self.press(what)

    def decide(self, act: str, **typed: str) -> None:
        """What stands to be done, on the page of the case or a step behind it."""
        form = f"form[action*='/do/{act}?']"
        if self.page.locator(form).count():
            if not self.page.locator(f"{form} >> visible=true").count():
                self.press(f"details:has({form}) > summary")
        else:
            self.press(f"main a[href*='/do/{act}?'], main a[href$='/do/{act}']")
            form = "form[data-guard]"
        self._fill(form, typed)
        self.press(f"{form} .acts button:not(.quiet)")
        wrong = self.page.locator("main .errors")
        assert not wrong.count(), wrong.first.inner_text()

    def _fill(self, form: str, typed: dict[str, str]) -> None:
        for name, value in typed.items():
            path = name.replace("__", ".")
            field = self.page.locator(f"{form} [name='{path}']").first
            if not field.count():  # one of a long list: found by a word of its name
                self.page.fill(f"{form} [name='_find.{path}']", value)
                self.press(f"{form} .found [name='{path}']")
                continue
            kind = field.evaluate("e => e.tagName === 'SELECT' ? 'select' : e.type")
            if kind == "select":
                field.select_option(value)
            elif kind in ("radio", "checkbox"):
                self.press(f"{form} [name='{path}'][value='{value}']")
            else:
                field.fill(value)


def filed(one: Desk) -> None:
    """Step by step, a page a group of questions, with the letter hung on."""
    page = one.page
    one.find_first("a[href='/file']")
    steps: list[dict[str, str]] = [
        {"kind": "task", "title": TITLE, "content": "登记楼道灯具", "standard": "一户不漏"},
        {"receivers": "residents_committee", "role": "assist", "responsible_party": "演示县民政局",
         "concerns_residents": "true"},
        {"bases__0__level": "policy", "bases__0__title": "演示文件",
         "bases__0__document_number": "演民发〔2026〕1号"},
        {"duration": "phase", "starts_on": "2026-04-01", "ends_on": "2026-06-30"},
    ]  # fmt: skip
    for typed in steps:
        if "bases__0__level" in typed:
            one.press("button[name=_add][value=bases]")
        one._fill("form[data-guard]", typed)
        if "receivers" in typed:
            one.press("#f-targets summary")
            one.press("[name=targets] >> nth=1")
        one.press("form[data-guard] > .acts button:first-child")
    one.press("button[name=_add][value=funding]")
    money = {
        "mode": "transfer",
        "payer_id": "演示县民政局",
        "amount_fen": "8000",
        "fiscal_year": "2026",
    }
    one._fill("form[data-guard]", {f"funding__0__{name}": value for name, value in money.items()})
    one.press("button[name=_to][value=check]")
    assert "预审意见" in page.inner_text("main")
    one.press("form[action$=check] .acts button")
    assert "/case/" in page.url and TITLE in page.inner_text("h1")
    one.press("a[href^='/attach/request/']")
    page.set_input_files(
        "#file", {"name": "来文.txt", "mimeType": "text/plain", "buffer": b"letter"}
    )
    one.press("[name=_not_secret]")
    one.press("form[enctype] .acts button")
    assert "来文.txt" in page.inner_text("main")


def test_one_case_goes_from_filing_to_decision_across_four_browsers(site: Site) -> None:
    with ExitStack() as all_done:
        browser = all_done.enter_context(opened())

        def at(who: str, phone: bool = False) -> Desk:
            made = Desk(browser, site, who, phone=phone)
            all_done.callback(made.close)
            return made

        clerk = at("dept.clerk")
        filed(clerk)
        head = at("dept.head")
        head.look_up()
        head.decide("request.submit")
        street, decider = at("street.clerk", phone=True), at("street.head")
        street.find(TITLE)
        street.decide("request.accept")
        street.find(TITLE)
        street.decide("task.opine", ballot="agree", text="材料齐全")
        decider.find(TITLE)
        decider.decide("request.approve", reason="确需社区协助，同意准入")
        assert "准予准入" in decider.page.inner_text("main")
