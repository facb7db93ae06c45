"""一件事 from filing to a resident who verifies the notice, across nine people and a resident, each at
their own browser, by clicking and typing alone: nobody calls an act from the program; the clerk of
the street and the community do it by tapping on a phone."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.browsing import opened
from tests.web.at_desk import TITLE, Desk, confirmed, filed, paid, signed, voucher
from tests.web.site import Site, served

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
CARD = f"article:has-text('{TITLE}')"


@pytest.fixture(scope="module")
def site(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served(sqlite_template, tmp_path_factory.mktemp("site")) as made:
        yield made


class People:
    """Everybody of the case: whoever is asked for sits down, and stays."""

    def __init__(self, browser: Any, site: Site) -> None:
        self._browser, self._site = browser, site
        self._seated: dict[str, Desk] = {}

    def __call__(self, who: str, *, phone: bool = False) -> Desk:
        if who not in self._seated:
            self._seated[who] = Desk(self._browser, self._site, who, phone=phone)
        return self._seated[who]

    def leave(self) -> None:
        for one in self._seated.values():
            one.close()
        self._seated.clear()


def decided(at: People) -> None:
    """Filed, signed by the head, accepted and looked at on a phone, decided."""
    clerk = at("dept.clerk")
    filed(clerk)
    head = at("dept.head")
    head.find(TITLE)
    head.decide("request.submit")
    street, decider = at("street.clerk", phone=True), at("street.head")
    street.find(TITLE)
    street.decide("request.accept")
    street.find(TITLE)
    street.decide("task.opine", ballot="agree", text="材料齐全")
    decider.find(TITLE)
    decider.decide("request.approve", reason="确需社区协助，同意准入")
    assert "准予准入" in decider.page.inner_text("main")


def agreed(at: People) -> None:
    """Drawn up by the clerk, signed by the head and by the community."""
    clerk, head, community = at("dept.clerk"), at("dept.head"), at("community.head", phone=True)
    clerk.find_first("main a[href*='box=started']")
    clerk.press(f"main a:has-text('{TITLE}')")
    told = {"responsibility": "民政局负责经费", "acceptance": "抽查一成", "exit_terms": "期满终止"}
    clerk.decide("agreement.offer", **told)
    head.look_up()
    signed(head)
    at_door(community)
    community.press(f"{CARD} a[href^='/case/']")
    signed(community)


def at_door(one: Desk) -> None:
    """The page of one's own community, by the way at the top."""
    one.sight.go("/desk")
    one.press("header a[href='/community'], nav a[href='/community']")


def arrived(at: People) -> None:
    """Ordered, sent, come to the street and to the community, each step seen by a second person."""
    head = at("dept.head")
    head.look_up()
    head.press("main a[href^='/money/items/']")
    paid(head, "order", "拨款令1")
    for who, stage, number, second in (
        ("finance.clerk", "dispatch", "拨付1", "finance.head"),
        ("street.clerk", "street_arrival", "到账1", "street.head"),
    ):
        one = at(who)
        one.sight.go("/desk")
        one.press("header a[href='/money'], nav a[href='/money']")
        one.press(f"main a:has-text('{TITLE}')")
        paid(one, stage, number)
        seen = at(second)
        seen.sight.go("/desk")
        confirmed(seen, number)
    cashier, worker = at("community.cashier", phone=True), at("community.worker", phone=True)
    at_door(cashier)
    cashier.press(f"{CARD} a[href*='stage=community_arrival']")
    voucher(cashier, "转拨1")
    worker.sight.go("/desk")
    confirmed(worker, "转拨1")


def begun(at: People) -> None:
    """The community says that it begins."""
    community = at("community.head")
    at_door(community)
    community.press(f"{CARD} a[href*='/do/presence.start?']")
    community.hand_in()
    assert not community.page.locator(f"{CARD} a[href*='/do/presence.start?']").count()
    assert community.page.locator(f"{CARD} a[href*='/do/presence.report?']").count()


def verified(resident: Desk) -> None:
    """By nobody who signs in: from the list of the community to the notice behind its number."""
    resident.sight.go("/")
    resident.press("a[href='/public']")
    resident.press("main a[href='/public/990102']")
    row = resident.page.locator(f"tr:has-text('{TITLE}')").first
    number = row.locator("td >> nth=3").inner_text().strip()
    resident.press("main a[href='/public']")
    resident.press("main a[href='/public/notice']")
    resident.page.fill("#number", number)
    resident.press("main form button")
    assert TITLE in resident.page.inner_text("section.good")


def test_one_case_goes_from_filing_to_a_resident_who_verifies_it_across_ten_browsers(
    site: Site,
) -> None:
    with ExitStack() as all_done:
        browser = all_done.enter_context(opened())
        at = People(browser, site)
        decided(at)
        agreed(at)
        at.leave()  # a sitting does not outlive the fortnight
        site.clock.at += timedelta(days=14)
        arrived(at)
        begun(at)
        resident = Desk(browser, site, "", phone=True)
        verified(resident)
        resident.close()
        at.leave()
