"""退出之后的了结: settled by what was really done for it, by who did not ask it, and never stuck."""

from datetime import date
from typing import Any

from registry.actions.publicity import postings
from registry.actions.reading import ListQuery, page
from registry.domain.living import Departure, DepartureState
from registry.domain.notice import Notice
from registry.domain.presence import Presence
from registry.domain.vocabulary import Disclosure
from registry.domain.walls import WallState
from tests.actions.case import Hands, admitted, agreed, funded, started
from tests.actions.decided import BOTH, now, presences, rows
from tests.actions.lived import begun, left, put, reported, settled, unpaid
from tests.actions.refused import refused
from tests.actions.stocktaken import CODE, brought, judged
from tests.actions.stocktaken import settled as disposed
from tests.actions.walled import ADMITTED, admitted_board


def _left(hand: Hands, presence: Presence) -> Departure:
    (found,) = rows(hand, Departure, presence_id=presence.id)
    return found


def _posted(hand: Hands, by: str = "community.head", **fields: Any) -> Any:
    command = postings.PostCommand(
        what="exit", where="公示栏", text="已退出", posted_on=date(2026, 3, 2), **fields
    )
    return hand(by).do(lambda d: postings.post(d, command))


def test_a_board_that_is_admitted_anew_keeps_no_departure_open(one_hand: Hands) -> None:
    presence, board = admitted_board(one_hand)
    left(one_hand, presence)
    put(one_hand, _left(one_hand, presence), publish=False, money_open=False)
    again = agreed(one_hand, admitted(one_hand, **ADMITTED))
    funded(one_hand, again, 300000, series="2")
    started(one_hand, now(one_hand, again))
    assert now(one_hand, board).presence_id == again.id
    assert now(one_hand, board).state is WallState.STANDING
    after = _left(one_hand, presence)
    assert (after.boards_gone_on, after.state) == (date(2026, 3, 2), DepartureState.SETTLED)


def test_a_posting_in_one_community_publishes_no_leaving_of_another(one_hand: Hands) -> None:
    request = admitted(one_hand, targets=BOTH)
    for one in presences(one_hand, request):
        put(one_hand, one, disclosure=Disclosure.OPEN)
    first, second = presences(one_hand, request)
    left(one_hand, now(one_hand, request))
    posting = _posted(one_hand, request_id=request.id, area=first.area_path.split("/")[-2])
    assert _left(one_hand, first).posting_id == posting.id
    assert _left(one_hand, second).posting_id is None
    with refused("departure.posting"):
        settled(one_hand, _left(one_hand, second), "posting", "county.head", posting_id=posting.id)


def test_what_is_posted_of_nothing_on_record_publishes_no_leaving(one_hand: Hands) -> None:
    (held,) = brought(one_hand, "items", f"{CODE},楼道灯具编号拍照,演示县民政局,,,,")
    (review,) = judged(one_hand, held)
    disposed(one_hand, review, "cleared")
    gone = put(one_hand, _left(one_hand, held), publish=True, state=DepartureState.OPEN)
    posting = _posted(one_hand)
    with refused("departure.posting"):
        settled(one_hand, gone, "posting", posting_id=posting.id)


def test_money_that_is_still_owed_to_the_community_keeps_a_departure_open(one_hand: Hands) -> None:
    presence = put(one_hand, unpaid(one_hand), arrears=True)
    left(one_hand, presence)
    assert _left(one_hand, presence).money_open
    assert settled(one_hand, _left(one_hand, presence), "money").money_settled_on


def test_a_street_enters_and_settles_nothing_of_what_it_asks_itself(one_hand: Hands) -> None:
    presence = begun(one_hand)
    assert reported(one_hand, presence, "street.clerk")
    put(one_hand, presence, department_id=one_hand("street.clerk").actor.posts[0].organisation_id)
    with refused("access.tied"):
        reported(one_hand, presence, "street.clerk")
    assert reported(one_hand, presence, "community.worker")
    left(one_hand, presence)
    gone = put(one_hand, _left(one_hand, presence), money_open=True, state=DepartureState.OPEN)
    with refused("access.tied"):
        settled(one_hand, gone, "money", "street.head")
    # The county may settle it, once the books show nothing open.
    with refused("departure.money"):
        settled(one_hand, gone, "money", "county.office")


def test_who_asked_what_was_there_before_reads_that_it_left(one_hand: Hands) -> None:
    (held,) = brought(one_hand, "items", f"{CODE},楼道灯具编号拍照,演示县民政局,,,,")
    (review,) = judged(one_hand, held)
    disposed(one_hand, review, "cleared")
    office = one_hand("dept.clerk").office
    for by, seen in (("dept.clerk", 1), ("dept2.clerk", 0)):
        found = page(office, one_hand(by).actor, Departure, ListQuery())
        assert len(found.items) == seen


def test_who_asks_is_told_once_that_it_has_left_by_order_of_who_decided(one_hand: Hands) -> None:
    request = admitted(one_hand, targets=BOTH)
    left(one_hand, request, "street.head")
    person = one_hand("dept.head").actor.person_id
    every = rows(one_hand, Notice, person_id=person, request_id=request.id)
    (told,) = [n for n in every if n.object_kind == "departure"]
    assert told.text.startswith("事项已退出社区")
