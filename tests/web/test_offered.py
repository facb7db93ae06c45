"""所见即所能 what a page offers opens for whoever it is offered to; a form in English is English."""

from collections.abc import Callable
from typing import Any

import pytest
from lxml import html

from registry.web.shell import ROOMS
from tests.web.crawling import EVERYBODY, PUBLIC
from tests.web.seated import Seat

Seats = Callable[[str], Seat]
OK, MOVED = 200, 303
LOOKERS = ("auditor", "inspector", "community.worker")
PEOPLE = [who for who in EVERYBODY if who != PUBLIC]


def beside(page: Any) -> list[str]:
    """Where the bars of a page lead."""
    if page.status_code != OK or not page.text:
        return []
    tree = html.document_fromstring(page.text)
    return [link for nav in tree.iter("nav") for link in nav.xpath(".//a/@href")]


def test_every_room_that_is_offered_opens(seat: Seats) -> None:
    shut: dict[str, int] = {}
    for who in PEOPLE:
        mine = seat(who)
        offered = [to for to in beside(mine.get("/desk")) if to in {room for room, _, _ in ROOMS}]
        assert "/desk" in offered
        within = {t for room in offered for t in beside(mine.get(room))} if who in LOOKERS else ()
        shut |= {
            f"{who} {to}": answer for to in {*offered, *within}
            if (answer := mine.get(to).status_code) not in (OK, MOVED)
        }  # fmt: skip
    assert shut == {}


@pytest.mark.parametrize("who", LOOKERS)
def test_every_list_that_is_offered_opens(seat: Seats, who: str) -> None:
    mine = seat(who)
    tree = html.document_fromstring(mine.get("/records").text)
    offered = [to for to in tree.xpath("//main//a/@href") if to.startswith("/records/")]
    assert offered and {to: s for to in offered if (s := mine.get(to).status_code) != OK} == {}
