"""经费页之间: from what is owed to its voucher, from a voucher to its item, places by their names."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from registry.actions.office import Office
from registry.domain.request import Request
from tests.conftest import MovingClock
from tests.web.seated import Seat
from tests.web.test_case import admitted
from tests.web.test_voucher import ordered, page_of, plain, typed

Seats = Callable[[str], Seat]
HERE, CODE = "霜舟演示社区", "990102001001"


def dispatched(seat: Seats, case: Request) -> str:
    """A dispatch that waits for a second person; where it is looked at."""
    ordered(seat("dept.head"), case)
    done = seat("finance.clerk").hand_in(page_of(case, "dispatch"), **typed("3000", "3000"))
    at: str = done.headers["location"].partition("?")[0]
    return at


def test_what_waits_is_offered_to_who_may_confirm_it_and_shown_to_who_recorded_it(
    seat: Seats, one_office: Office
) -> None:
    case = admitted(seat, one_office)
    at = dispatched(seat, case)
    for path in ("/money", f"/money/items/{case.id}"):
        assert "核对后确认" in plain(seat("finance.head").get(path)), path
        own = plain(seat("finance.clerk").get(path))
        assert "拨款令1" in own and "查看" in own and "核对后确认" not in own, path
    assert case.title in seat("finance.head").get("/money").text.partition("经费栏目")[2]
    assert "等第二人确认" in plain(seat("finance.clerk").get(at))
    assert "/do/voucher.confirm?" in seat("finance.head").get(at).text


def test_a_voucher_tells_the_community_of_each_line_and_leads_to_its_item(
    seat: Seats, one_office: Office
) -> None:
    case = admitted(seat, one_office)
    look = seat("finance.head").get(dispatched(seat, case)).text
    assert HERE in look and f'href="/money/items/{case.id}"' in look


def test_what_is_owed_leads_to_recording_its_voucher(
    seat: Seats, one_office: Office, clock: MovingClock
) -> None:
    case = admitted(seat, one_office)
    clock.at += timedelta(days=60)
    way = f'href="/money/voucher?request_id={case.id}"'
    page = seat("finance.clerk").get("/money/arrears").text
    assert way in page and f'href="/money/items/{case.id}"' in page
    assert way not in seat("finance.head").get("/money/arrears").text


@pytest.mark.parametrize("path", ["/money", "/money/arrears", "/money/entries", "/money/statement"])
def test_a_place_is_found_by_its_name_as_by_its_code(
    seat: Seats, one_office: Office, clock: MovingClock, path: str
) -> None:
    case = admitted(seat, one_office)
    clock.at += timedelta(days=60)
    finance = seat("finance.clerk")

    def told(area: str) -> Any:
        return finance.get(f"{path}?area={area}")

    assert case.title in told(HERE).text and case.title in told(CODE).text
    assert f'value="{HERE}"' in told(HERE).text
    assert case.title not in told("苔笛演示社区").text
    assert told("没有这个社区").status_code in (400, 422)


def test_a_figure_of_a_statement_leads_to_its_entries(seat: Seats, one_office: Office) -> None:
    case = admitted(seat, one_office)
    page = seat("finance.clerk").get("/money/statement?by=item").text
    assert f"/money/entries?request_id={case.id}&amp;stage=pledge" in page


def test_a_form_with_nothing_left_to_record_says_so(seat: Seats, one_office: Office) -> None:
    case = admitted(seat, one_office)
    page = seat("finance.clerk").get(page_of(case, "dispatch"))
    assert "各行可用金额都是 0" in plain(page)
    assert "各行可用金额都是 0" not in plain(seat("dept.head").get(page_of(case, "order")))
