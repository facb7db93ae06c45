"""One person before one browser, who finds the way by links and types into what is there: for cases
that go from hand to hand, with scripts and without, clicked or tapped."""

from typing import Any

from tests.web.site import NARROW, Sight, Site

TITLE = "楼道灯具编号拍照"
PHONE = {"viewport": NARROW, "has_touch": True, "is_mobile": True}
FOLDED = (
    "xpath=ancestor::details[not(@open)]/summary | ancestor::header/details[not(@open)]/summary"
)
"""Behind which a part stands, or the rooms in the menu of a phone."""
MOST_WAIT = 60_000
"""Milliseconds: others use the machine too."""


class Desk:
    """One person before one browser; a phone is tapped and never clicked."""

    def __init__(
        self, browser: Any, site: Site, who: str, *, phone: bool = False, scripts: bool = True
    ) -> None:
        self.sight = Sight(
            browser, site, who, java_script_enabled=scripts, **(PHONE if phone else {})
        )
        self.page, self._phone, self._scripts = self.sight.page, phone, scripts
        self.page.set_default_timeout(MOST_WAIT)

    def close(self) -> None:
        assert self.sight.complaints == []
        self.sight.context.close()

    def press(self, what: str) -> None:
        found = self.page.locator(what).first
        folded = found.locator(FOLDED)
        if folded.count() and not found.is_visible():
            (folded.first.tap if self._phone else folded.first.click)()
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
        self.press("main a[href^='/case/']")

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
        self.fill(form, typed)
        self.hand_in(form)

    def hand_in(self, form: str = "form[data-guard]") -> None:
        """As it stands; nothing is complained of."""
        self.press(f"{form} .acts:last-of-type button:not(.quiet)")
        wrong = self.page.locator("main .errors")
        assert not wrong.count(), wrong.first.inner_text()

    def fill(self, form: str, typed: dict[str, str]) -> None:
        for name, value in typed.items():
            path = name.replace("__", ".")
            field = self.page.locator(f"{form} [name='{path}']").first
            if not field.count():  # one of a long list: found by a word of its name
                self.page.fill(f"{form} [name='_find.{path}']", value)
                if not self._scripts:
                    self.press(f"{form} [name='_again'][value='f-{path}']")
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
        one.fill("form[data-guard]", typed)
        if "receivers" in typed:
            one.press("#f-targets summary")
            one.press("[name=targets] >> nth=1")
        one.press("form[data-guard] > .acts button:first-child")
    one.press("button[name=_add][value=funding]")
    money = {
        "mode": "transfer",
        "amount_fen": "8000",
        "fiscal_year": "2026",
    }
    one.fill("form[data-guard]", {f"funding__0__{name}": value for name, value in money.items()})
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


def signed(one: Desk) -> None:
    """This side's signature, with the page that bears it."""
    one.press("main a[href*='/do/agreement.sign?']")
    one.page.set_input_files(
        "[type=file][name=document_id]",
        {"name": "签字页.txt", "mimeType": "text/plain", "buffer": b"signed"},
    )
    one.press("form[data-guard] [name=_not_secret]")
    one.fill("form[data-guard]", {"original_at": "一号柜"})
    one.hand_in()


def paid(one: Desk, stage: str, number: str) -> None:
    """A voucher of a stage, from the chain of the item on: all that is left, in one press."""
    one.press("main a[href*='/money/voucher?request_id=']")
    one.press(f"main a[href$='stage={stage}']")
    voucher(one, number)


def voucher(one: Desk, number: str) -> None:
    """Its rows, filled with what is left."""
    one.press("button[name=_fill]")
    one.fill("form[data-guard]", {"number": number})
    one.hand_in()


def confirmed(one: Desk, number: str) -> None:
    """What somebody else recorded, from what waits for a second person."""
    one.press("header a[href='/money'], nav a[href='/money']")
    one.press(f"main a:has-text('{number}')")
    one.press("main a[href*='/do/voucher.confirm?']")
    one.hand_in()
