"""经费页之间: from what is owed to its voucher, from a voucher to its item, places by their names."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest

from registry.actions.office import Office
from registry.domain.request import Request
from registry.web.money import books
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


def test_of_very_many_vouchers_the_count_is_exact_or_says_that_there_are_more(
    seat: Seats, one_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = admitted(seat, one_office)
    ordered(seat("dept.head"), case)
    for number in ("拨款令1", "拨款令2", "拨款令3"):
        told = typed("1000", "1000", number=number)
        assert seat("finance.clerk").hand_in(page_of(case, "dispatch"), **told).status_code == 303
    assert "等第二人确认的凭证（3 张）" in plain(seat("street.clerk").get("/money"))
    monkeypatch.setattr(books, "_MOST", 2)
    monkeypatch.setattr(books, "_SHOWN", 1)
    for path in ("/money", f"/money/items/{case.id}"):
        whole = plain(seat("finance.head").get(path))
        assert "等第二人确认的凭证（3 张）" in whole and "这里列出 1 张，看全部" in whole
        assert whole.count("核对后确认") == 1
        assert "等第二人确认的凭证（2 张以上）" in plain(seat("street.clerk").get(path)), path
    every = re.findall(r'href="(/records/vouchers[?]state[^"]*)"', seat("finance.head").get(
        f"/money/items/{case.id}").text)  # fmt: skip
    listed = plain(seat("finance.head").get(unescape(every[0])))
    assert all(f"拨款令{n}" in listed for n in (1, 2, 3))
    desk = plain(seat("finance.head").get("/desk"))
    assert "3 张凭证等您核对确认" in desk
    assert "此外没有要办的事。" in desk and "这里没有要办的事" not in desk
    assert "这里没有要办的事。" in plain(seat("finance.clerk").get("/desk"))


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
