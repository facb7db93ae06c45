"""查阅 the lists of records: what a person asks for is shown, in the order there is."""

import re
from collections.abc import Callable
from html import unescape

import pytest

from registry.actions.office import Office
from tests.web.seated import Seat
from tests.web.test_case import admitted

Seats = Callable[[str], Seat]


@pytest.mark.parametrize("sort", ["-applied_on", "applied_on"])
@pytest.mark.parametrize("narrowed", ["state=approved", "text=楼道"])
def test_a_list_that_no_index_sorts_is_shown_in_its_own_order_and_says_so(
    seat: Seats, one_office: Office, narrowed: str, sort: str
) -> None:
    case = admitted(seat, one_office)
    answer = seat("county.office").get(f"/records/requests?{narrowed}&sort={sort}")
    assert answer.status_code == 200
    assert f"/records/requests/{case.id}" in answer.text
    assert "不能按「申报日期」排序，现按登记先后排列" in answer.text
    taken = re.search(r'href="(/take-away\?[^"]+)"', answer.text)
    assert taken is not None and "applied_on" not in unescape(taken[1])


def test_an_order_that_an_index_gives_is_kept_without_a_word(seat: Seats) -> None:
    answer = seat("county.office").get("/records/requests?sort=-applied_on")
    assert answer.status_code == 200 and "登记先后" not in answer.text


def test_a_word_that_is_too_short_is_refused_whatever_the_order(seat: Seats) -> None:
    answer = seat("county.office").get("/records/requests?text=楼&sort=-applied_on")
    assert answer.status_code == 400 and "query.text" in answer.text


def test_a_post_is_called_by_its_role_where_posts_are_listed(seat: Seats) -> None:
    page = seat("sec.admin").get("/records/posts").text
    named = re.findall(r'<a href="/records/posts/[^"]+">([^<]+)</a>', page)
    assert named and not [one for one in named if re.fullmatch(r"[\d-]+", one)]
    assert "街道经办" in " ".join(named)
