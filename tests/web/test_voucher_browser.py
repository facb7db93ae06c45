"""In a real browser: the sum of a voucher is told beside its fields as it is typed, on a phone too;
and all of it works without scripts."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.joined import door
from tests.web.seated import Seat
from tests.web.site import NARROW, WIDE, Sight, Site, served
from tests.web.test_case import admitted

pytestmark = pytest.mark.browser
ROW = "[name='lines.0.amount_fen']"


@pytest.fixture(scope="module")
def site(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served(sqlite_template, tmp_path_factory.mktemp("site")) as made:
        yield made


@pytest.fixture(scope="module")
def form(site: Site, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of the form of an order for an admitted case."""
    with door(site.office, raising=True) as client:
        case = admitted(lambda who: Seat(client, site.office, who), site.office)
    return f"/money/voucher?request_id={case.id}&stage=order"


@pytest.mark.parametrize("size", [NARROW, WIDE])
def test_the_sum_is_told_beside_the_fields_while_typing(
    browser: Any, site: Site, form: str, size: dict[str, int]
) -> None:
    sight = Sight(browser, site, "dept.head", viewport=size)
    sight.go(form)
    page = sight.page
    page.fill(ROW, "9000")
    page.fill("[name=total_fen]", "0.8万元")
    page.wait_for_selector("[data-for='total_fen']:has-text('相差 1,000.00')")
    assert "超过可用 8,000.00" in page.inner_text("[data-for='lines.0.amount_fen']")
    assert "捌仟元整" in page.inner_text("#sums")
    page.fill(ROW, "8000")
    page.wait_for_selector("#sums:has-text('与总额一致')")
    assert page.inner_text("[data-for='total_fen']") == ""
    assert page.evaluate("document.activeElement.name") == "lines.0.amount_fen"
    assert sight.barriers() == [] and not sight.scrolls_sideways()
    assert sight.complaints == []
    sight.context.close()


def test_a_voucher_is_filled_up_corrected_and_handed_in_without_scripts(
    browser: Any, site: Site, form: str
) -> None:
    sight = Sight(browser, site, "dept.head", java_script_enabled=False, viewport=NARROW)
    sight.go(form)
    page = sight.page
    page.click("button[name=_fill]")
    assert page.input_value("[name=total_fen]") == page.input_value(ROW) == "8,000.00"
    page.fill(ROW, "2000")
    page.fill("[name=number]", "拨款令九")
    page.click("form[action^='/money/voucher'] .acts:last-child button")
    assert "相差 6,000.00" in page.inner_text("[role=alert]")
    assert page.input_value("[name=number]") == "拨款令九"
    page.fill("[name=total_fen]", "2000")
    page.click("form[action^='/money/voucher'] .acts:last-child button")
    assert "/money/vouchers/" in page.url, page.inner_text("main")
    assert "贰仟元整" in page.inner_text("main")
    sight.context.close()
