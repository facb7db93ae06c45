"""验收和办结 on pages: what a community reported is accepted on the page of its case, and a matter is
completed at the door once all of it has been accepted."""

from collections.abc import Callable
from datetime import date

import pytest

from registry.domain.presence import PresenceState
from tests.actions.case import HERE, Hands
from tests.actions.decided import now
from tests.actions.lived import begun, given, renewed, reported
from tests.web.seated import Seat
from tests.web.test_case import do

Seats = Callable[[str], Seat]
DOOR = f"/community/{HERE}"
COMPLETE, GIVE = "/do/presence.complete?", "/do/acceptance.give?"


def card(seat: Seats, who: str = "community.head") -> str:
    """The one matter at the door, as somebody is shown it."""
    page = seat(who).get(DOOR).text
    return page[page.index('<article class="panel card"') : page.index("</article>")]


def test_work_that_was_reported_is_accepted_on_the_page_of_its_case(
    seat: Seats, one_hand: Hands
) -> None:
    place = begun(one_hand)
    asked = reported(one_hand, place)
    case, to = f"/case/{place.request_id}", f"{GIVE}id={asked.id}&amp;next=/case/"
    head = seat("dept.head")
    assert f'href="{case}' in head.get("/desk").text and to in head.get(case).text
    assert head.get(f"/records/acceptances/{asked.id}").text.count(GIVE) == 1
    for other in ("dept.clerk", "community.head", "street.head", "dept2.head"):
        assert GIVE not in seat(other).get(case).text, other
    do(head, "acceptance.give", asked.id, result="passed")
    assert GIVE not in head.get(case).text
    assert GIVE not in head.get(f"/records/acceptances/{asked.id}").text
    assert now(one_hand, place).state is PresenceState.COMPLETED


@pytest.mark.parametrize("result", [None, "partly", "failed"])
def test_nothing_is_completed_at_the_door_before_all_of_it_is_accepted(
    seat: Seats, one_hand: Hands, result: str | None
) -> None:
    place = begun(one_hand)
    assert COMPLETE not in card(seat)
    asked = reported(one_hand, place)
    if result:
        given(one_hand, asked, result)
    assert COMPLETE not in card(seat)


def test_what_was_accepted_while_something_else_of_it_was_open_is_completed_at_the_door(
    seat: Seats, one_hand: Hands
) -> None:
    place = begun(one_hand)
    renewed(one_hand, place, date(2026, 9, 30))
    given(one_hand, reported(one_hand, place), "passed")
    assert now(one_hand, place).state is PresenceState.ACTIVE
    assert COMPLETE in card(seat) and COMPLETE not in card(seat, "community.worker")
    do(seat("community.head"), "presence.complete", place.id)
    assert now(one_hand, place).state is PresenceState.COMPLETED
