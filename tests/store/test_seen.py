"""看得见与否 the question whether somebody may know of a record: right for each, and made once."""

from registry.actions.office import Office
from registry.actions.seeding import person_actor
from registry.actions.seeing import knows
from registry.domain.request import Request
from registry.store import seen as asked
from registry.store.seen import seen
from registry.store.unit import Unit
from registry.store.visible import Scope
from tests.actions.case import Hands, drafted
from tests.actions.decided import COUNTY


def test_each_asker_hears_of_what_lies_in_their_own_sight(office: Office, hand: Hands) -> None:
    request = drafted(hand)
    mine = Scope(county=COUNTY, organisations=[request.applicant_id])
    others = Scope(county=COUNTY, organisations=["o-nobody"])
    with office.store.reader.connect() as connection:
        for _ in range(2):  # the second is answered by the question kept of the first
            assert seen(connection, Request, (COUNTY, request.id), [mine]) is True
            assert seen(connection, Request, (COUNTY, request.id), [others]) is False
            assert seen(connection, Request, (COUNTY, request.id), []) is False
            assert seen(connection, Request, (COUNTY, request.id), [others, mine]) is True
            assert seen(connection, Request, (COUNTY, "req-nowhere"), [mine]) is None
            assert seen(connection, Request, ("000000", request.id), [mine]) is None


def test_a_question_is_made_once_for_whoever_sees_as_much(office: Office, hand: Hands) -> None:
    request = drafted(hand)
    mine = [Scope(county=COUNTY, organisations=[request.applicant_id], path="/99/01/")]
    with office.store.reader.connect() as connection:
        seen(connection, Request, (COUNTY, request.id), mine)
        made = asked._question.cache_info().misses
        seen(connection, Request, (COUNTY, "req-another"), mine)
    assert asked._question.cache_info().misses == made


def test_an_act_without_a_key_makes_no_savepoint(office: Office, hand: Hands) -> None:
    """What an act reads of who may know of it writes nothing: nothing need be taken back."""
    held: list[bool] = []
    request = drafted(hand)
    with office.store.reader.connect() as connection:
        unit = Unit(connection, COUNTY, guard=lambda: held.append(True))
        assert knows(office, unit, person_actor(office, "dept.clerk"), (Request, request.id))
    assert not held
