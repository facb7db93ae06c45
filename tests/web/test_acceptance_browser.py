"""验收和办结 in browsers: the worker reports on a phone what is done, the head of who asks accepts it
from their desk, the community completes the matter; each by clicking and tapping alone."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from registry.domain.presence import PresenceState
from tests.actions.decided import now
from tests.actions.lived import begun, renewed
from tests.conftest import Hand
from tests.web.at_desk import TITLE, Desk
from tests.web.site import Site, served

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
CARD = f"article:has-text('{TITLE}')"


@pytest.fixture
def site(sqlite_template: Path, tmp_path: Path) -> Iterator[Site]:
    with served(sqlite_template, tmp_path) as made:
        yield made


def at_door(browser: Any, site: Site, who: str) -> Desk:
    """On a phone, before one's own community."""
    one = Desk(browser, site, who, phone=True)
    one.sight.go("/desk")
    one.press("header a[href='/community'], nav a[href='/community']")
    return one


def reported(browser: Any, site: Site, words: str) -> None:
    worker = at_door(browser, site, "community.worker")
    worker.press(f"{CARD} a[href*='/do/presence.report?']")
    worker.fill("form[data-guard]", {"reported": words, "quantity": "1000", "unit": "户"})
    worker.hand_in()
    worker.close()


def accepted(browser: Any, site: Site, told: str, **said: str) -> None:
    """From the row on the desk to the case, and from there to the form, which tells the report."""
    head = Desk(browser, site, "dept.head")
    head.find(TITLE)
    head.press("main a[href*='/do/acceptance.give?']")
    assert told in head.page.inner_text("main")
    head.fill("form[data-guard]", said)
    head.hand_in()
    assert "/case/" in head.page.url
    assert not head.page.locator("main a[href*='/do/acceptance.give?']").count()
    head.close()


def test_work_is_reported_mended_accepted_and_completed_across_three_browsers(
    browser: Any, site: Site
) -> None:
    hand = partial(Hand, site.office)
    place = begun(hand)
    reported(browser, site, "已登记八百户")
    accepted(browser, site, "已登记八百户", result="partly", opinion="还有二百户没有登记，请补做")
    site.clock.at += timedelta(hours=1)
    reported(browser, site, "全部登记完毕")
    renewed(hand, place, date(2026, 9, 30))  # while it is under way, what passes completes nothing
    accepted(browser, site, "全部登记完毕", result="passed", quantity="1000")
    assert now(hand, place).state is PresenceState.ACTIVE
    community = at_door(browser, site, "community.head")
    community.press(f"{CARD} a[href*='/do/presence.complete?']")
    community.hand_in()
    assert not community.page.locator(f"{CARD} a[href*='/do/presence.complete?']").count()
    community.close()
    assert now(hand, place).state is PresenceState.COMPLETED
