"""逐页: a community that carries very much is read a page at a time, and no page loses anything."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from registry.actions.burden import at_the_door, portions
from registry.actions.burden.portions import Portion, Sought, money_rows, portion_of
from registry.actions.burden.reads import Read
from registry.actions.burden.this_month import MonthQuery, month_of
from registry.actions.office import Office
from registry.actions.seeding import person_actor
from registry.domain.presence import Presence
from tests.actions.case import admitted
from tests.actions.weighed import laid, legacy
from tests.conftest import Hand
from tests.web.seated import Seat

Seats = Callable[[str], Seat]
PLACE, COUNTY = "a-990102001001", "990102"
HERE = f"/community/{PLACE}"
TITLES = ("楼道灯具编号拍照", "楼院花草名录", "单元门禁登记")


@pytest.fixture
def carried(one_office: Office, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Three matters with money and four without, of which a page holds two."""
    monkeypatch.setattr(portions, "MOST", 2)

    def hand(username: str) -> Any:
        return Hand(one_office, username)

    for title in TITLES:
        admitted(hand, title=title)
    ends = one_office.clock().date().replace(day=28)
    for at in range(3):
        laid(hand, f"prs-{at}", ends_on=ends)
    legacy(hand, "prs-old")
    return [one.id for one in _read(one_office).all(Presence, {"area_id": PLACE})]


def _read(office: Office) -> Read:
    return Read(office, person_actor(office, "community.head"), COUNTY)


def _portions(office: Office) -> list[Portion]:
    actor, found = person_actor(office, "community.head"), list[Portion]()
    place = at_the_door.area_of(office, actor, PLACE, COUNTY)
    while not found or found[-1].next:
        after = found[-1].next if found else None
        found.append(portion_of(_read(office), place, Sought(after=after)))
    return found


def test_the_portions_hold_every_matter_once_in_the_order_of_ids(
    one_office: Office, carried: list[str]
) -> None:
    found = _portions(one_office)
    assert [one.id for portion in found for one in portion.matters] == carried
    assert {portion.many for portion in found} == {len(carried)}
    assert max(len(portion.matters) for portion in found) == portions.MOST


def test_the_portions_together_tell_all_that_the_month_and_the_books_tell(
    one_office: Office, carried: list[str]
) -> None:
    actor = person_actor(one_office, "community.head")
    place = at_the_door.area_of(one_office, actor, PLACE, COUNTY)
    query, pages = MonthQuery(area=PLACE), _portions(one_office)
    whole = month_of(one_office, actor, query)
    parts = [month_of(one_office, actor, query, portion=portion) for portion in pages]
    of_matters = [one for one in whole.duties if one.presence_id]
    told = [one for part in parts for one in part.duties if one.presence_id]
    assert of_matters and sorted(told, key=repr) == sorted(of_matters, key=repr)
    by_name = [one for one in whole.duties if not one.presence_id]
    for part in parts:
        assert [one for one in part.duties if not one.presence_id] == by_name
    rows = money_rows(one_office, actor, (place, COUNTY), None)
    assert rows and len({row.presence_id for row in rows}) == len(TITLES)
    split = [money_rows(one_office, actor, (place, COUNTY), portion) for portion in pages]
    assert [row for some in split for row in some or []] == rows


def test_the_list_to_hang_up_is_on_as_many_sheets_as_it_needs(
    seat: Seats, carried: list[str]
) -> None:
    worker, told, path = seat("community.worker"), list[str](), f"{HERE}/list"
    while path:
        page = worker.get(path).text
        rows = page[page.rindex("<tbody>") : page.rindex("</tbody>")]
        told += re.findall(r'<tr><td data-label="[^"]+">([^<]+)</td>', rows)
        assert f"共 {len(carried)} 件" in page
        more = re.search(r'rel="next" href="(\?[^"]+)"', page)
        path = f"{HERE}/list{more[1].replace('&amp;', '&')}" if more else ""
    assert len(told) == len(carried)
    assert set(TITLES) < set(told)


def test_what_ended_with_money_owed_is_told_by_one_portion_alone(carried: list[str]) -> None:
    bounds = [Portion(matters=[], many=0, first=True, ends="b"),
              Portion(matters=[], many=0, first=False, begins="b", ends="d"),
              Portion(matters=[], many=0, first=False, begins="d")]  # fmt: skip
    for id in ("", "a9", "b", "b1", "c", "d", "zz"):
        assert sum(portion.holds(id) for portion in bounds) == 1


def test_a_page_says_that_it_is_a_part_and_leads_on_to_all_the_others(
    seat: Seats, carried: list[str]
) -> None:
    worker, at, cards, pages = seat("community.worker"), HERE, list[str](), 0
    while at:
        page = worker.get(at).text
        pages += 1
        cards += re.findall(r'<article class="panel card" id="m-([^"]+)"', page)
        for aim in re.findall(r'href="#m-([^"]+)"', page):
            assert f'id="m-{aim}"' in page
        assert f"共 {len(carried)} 件" in page
        onward = re.search(r'rel="next" href="(\?[^"#]*after=[^"#]+)#matters"', page)
        at = HERE + onward[1].replace("&amp;", "&") if onward else ""
    assert cards == carried and pages == -(-len(carried) // portions.MOST)


def test_the_month_that_was_chosen_goes_along(seat: Seats, carried: list[str]) -> None:
    page = seat("community.worker").get(f"{HERE}?month=2026-04").text
    assert re.search(r'rel="next" href="\?month=2026-04&amp;after=[^"]+#matters"', page)


def test_a_matter_is_found_by_a_word_of_its_title(seat: Seats, carried: list[str]) -> None:
    worker = seat("community.worker")
    assert 'name="text"' in worker.get(HERE).text
    page = worker.get(f"{HERE}?text=门禁").text
    assert re.findall(r"<h3>([^<]+)</h3>", page)[0] == TITLES[-1]
    assert page.count('class="panel card"') == 1 and f'href="{HERE}"' in page
    assert "<script>" not in worker.get(f"{HERE}?text=<script>alert").text


@pytest.mark.parametrize(
    "asked", ["after=x", "text=一", "after=" + "9" * 500, "text=" + "长" * 300]
)
def test_nonsense_in_the_address_is_told(seat: Seats, carried: list[str], asked: str) -> None:
    assert seat("community.worker").get(f"{HERE}?{asked}").status_code in (400, 422)


def test_a_community_with_few_matters_has_all_on_one_page_and_nothing_of_pages(
    seat: Seats, one_office: Office
) -> None:
    laid(lambda username: Hand(one_office, username), "prs-1", ends_on=date(2026, 12, 31))
    page = seat("community.worker").get(HERE).text
    assert 'rel="next" href="?after' not in page and 'name="text"' not in page
