"""启动: offered once it can be done; before, the page says what is lacking, as the gate would."""

from collections.abc import Callable

from msgspec.structs import replace

from registry.actions.beginning import MOST, lacking
from registry.actions.office import Call, Office
from registry.domain.presence import Presence
from tests.conftest import Hand, MovingClock
from tests.web.seated import Seat
from tests.web.test_case import COUNTY, LINE, admitted, do, paid_to_the_street

Seats = Callable[[str], Seat]
DOOR = "/community/a-990102001001"
START = "/do/presence.start?id="


def placed(office: Office) -> Presence:
    return office.store.reader.find(Presence, COUNTY)[0]


def said(office: Office) -> list[str]:
    """What is lacking today, as its community's head is told."""
    head = Hand(office, "community.head").actor
    place = placed(office)
    call = Call(actor=head, county=COUNTY, act="presence.start")
    return [one.sentence for one in lacking(office, call, [place])[place.id]]


def test_what_is_told_to_be_lacking_is_what_the_gate_says_to_whoever_starts_all_the_same(
    seat: Seats, one_office: Office
) -> None:
    admitted(seat, one_office)
    sentences, head = said(one_office), seat("community.head")
    path = START + placed(one_office).id
    refused = head.post(path, head.hidden(path))
    assert refused.status_code == 422 and len(sentences) >= 2
    for sentence in sentences:
        assert sentence in refused.text


def test_a_start_is_offered_when_it_can_be_done_and_before_the_page_says_what_is_lacking(
    seat: Seats, one_office: Office, clock: MovingClock
) -> None:
    case = admitted(seat, one_office)
    head, pages = seat("community.head"), (DOOR, f"/case/{case.id}")
    for page in (head.get(one).text for one in pages):
        assert "还不能启动" in page and START not in page
        assert all(sentence in page for sentence in said(one_office))
    assert "还不能启动" in seat("dept.head").get(pages[1]).text
    place = paid_to_the_street(seat, one_office, clock, case)
    money = LINE | {"lines.0.presence_id": place.id, "total_fen": "0.3万元"}
    told = {"stage": "community_arrival", "fiscal_year": "2026", "dated_on": "2026-03-16"}
    made = do(seat("community.cashier"), "voucher.record", request_id=case.id, number="转拨1",
              **told, **money)  # fmt: skip
    id = made.headers["location"].rpartition("/")[2].partition("?")[0]
    do(seat("community.worker"), "voucher.confirm", id)
    head = seat("community.head")
    for page in (head.get(one).text for one in pages):
        assert "还不能启动" not in page and START + place.id in page
    assert START not in seat("dept.head").get(pages[1]).text
    do(head, "presence.start", place.id)
    for page in (head.get(one).text for one in pages):
        assert "还不能启动" not in page and START not in page


def test_no_more_is_asked_of_the_gate_at_once_than_a_page_has_time_for(
    seat: Seats, one_office: Office
) -> None:
    admitted(seat, one_office)
    head, place = Hand(one_office, "community.head").actor, placed(one_office)
    call = Call(actor=head, county=COUNTY, act="presence.start")
    many = [replace(place, id=f"{place.id}-{at}") for at in range(2 * MOST)]
    assert list(lacking(one_office, call, many)) == [one.id for one in many[:MOST]]
