"""谁看得到疑点: the auditor of the area, the office as its post says, and the unit asked: nobody else."""

from typing import Any

import pytest

from registry.actions import reading
from registry.actions.doubting import keeping
from registry.actions.doubting.catalogue import CATALOGUE
from registry.actions.doubting.keeping import Seen
from registry.actions.office import Answer, Desk, Office
from registry.actions.reading import ListQuery
from registry.domain.audit import Finding
from registry.domain.errors import Refusal
from registry.domain.people import Person, Post
from registry.domain.presence import Presence
from tests.actions import case
from tests.actions.case import Hands, admitted
from tests.actions.refused import refused
from tests.actions.test_conduct_list import LISTED, OFFICES
from tests.conftest import Hand

KIND = CATALOGUE["spending.round_sum"]
ALWAYS = {"auditor", "county.office", "county.head", "gov.head", "conference.head"}


@pytest.fixture
def presence(one_hand: Hands) -> Presence:
    return case.presence_of(one_hand, admitted(one_hand))


def _opened(hand: Hands, presence: Presence, asked: str | None) -> Finding:
    seen = Seen(KIND, "f-1", "exp-1", asked, presence.area_path, {"amount_fen": 1})

    def verb(desk: Desk) -> Answer:
        return Answer(body=keeping.tell(desk, seen))

    found: Finding = hand("auditor").do(verb)
    return found


def _sees(office: Office, by: str) -> bool:
    try:
        rows = reading.page(office, Hand(office, by).actor, Finding, ListQuery()).items
    except Refusal as refusal:
        assert refusal.code == "access.reading"
        return False
    return [row.id for row in rows] == ["f-1"]


def _readers(office: Office) -> set[str]:
    """Everybody of the county who holds a post, by user name."""
    reader = office.store.reader
    posted = {post.person_id for post in reader.find(Post, "990102")}
    people = [one for one in reader.find(Person, "990102") if one.id in posted]
    return {one.username for one in people if _sees(office, one.username)}


@pytest.mark.parametrize(
    ("of", "readers"),
    [
        ("community.head", {"community.head", "community.cashier", "community.worker"}),
        ("street.head", {"street.head", "street.clerk"}),
        ("dept.head", {"dept.head", "dept.clerk"}),
        ("finance.head", {"finance.head", "finance.clerk"}),
        (None, set()),
    ],
)
def test_the_unit_that_is_asked_reads_it_and_nobody_beside_above_or_below(
    one_hand: Hands, presence: Presence, of: str | None, readers: set[str]
) -> None:
    one_office: Office = one_hand("auditor").office
    asked = None if of is None else Hand(one_office, of).actor.posts[0].organisation_id
    _opened(one_hand, presence, asked)
    assert _readers(one_office) == ALWAYS | readers


def test_the_office_of_another_county_reads_none_of_it(
    one_office: Office, one_hand: Hands, presence: Presence
) -> None:
    found = _opened(one_hand, presence, None)
    neighbour = Hand(one_office, "other.office", "990103")
    with refused("access.hidden"):
        reading.one(one_office, neighbour.actor, Finding, found.id)


def test_a_catalogue_kind_tells_who_is_asked_wherever_a_unit_can_be() -> None:
    nobody = {code for code, doubt in CATALOGUE.items() if doubt.asked.value == "nobody"}
    assert nobody == {
        "certificate.off_list", "decider.differs", "exception.expired", "exception.expiring",
        "exception.unused", "log.witness_ahead", "log.witness_forked", "pack.review",
    }  # fmt: skip


def test_the_auditor_asks_for_a_kind_and_for_what_stands_open(
    one_office: Office, one_hand: Hands, presence: Presence
) -> None:
    found = _opened(one_hand, presence, None)
    actor = one_hand("auditor").actor

    def ids(**query: Any) -> list[str]:
        rows = reading.page(one_office, actor, Finding, ListQuery(**query)).items
        return [row.id for row in rows]

    assert ids(equals={"code": KIND.code}, open=True) == ["f-1"]
    assert ids(equals={"code": "funds.late"}) == ids(open=False) == []
    assert found.name == KIND.name
    one_hand("auditor").do(lambda desk: Answer(body=keeping.close(desk, "f-1")))
    assert ids(open=True) == []
    assert ids(open=False, equals={"object_id": "exp-1"}) == ["f-1"]


# ---- every kind, taken up and not ---------------------------------------------------------------

CONDUCT = {code for codes in LISTED.values() for code in codes} - OFFICES
"""办理比对, by the hand-written list: auditors and the unit asked alone, from the first day."""
UNIT = {"dept.head", "dept.clerk"}


def _of_every_kind(hand: Hands, presence: Presence) -> None:
    """Two findings of each kind, asked of one department: one that an audit has taken up."""

    def verb(desk: Desk) -> Answer:
        for code, doubt in CATALOGUE.items():
            facts = dict.fromkeys(doubt.facts, "1")
            for standing in ("open", "taken"):
                id = f"{code}/{standing}"
                seen = Seen(doubt, id, "x-1", "o-990102-civil", presence.area_path, facts)
                found = keeping.tell(desk, seen)
                if standing == "taken":
                    desk.unit.change(found, project_id="prj-1")
        return Answer(body=None)

    hand("auditor").do(verb)


def test_what_is_to_be_acted_upon_the_office_reads_until_an_audit_takes_it_up_and_nothing_else(
    one_hand: Hands, presence: Presence
) -> None:
    _of_every_kind(one_hand, presence)
    office: Office = one_hand("auditor").office
    open_, taken = ({f"{code}/{word}" for code in CATALOGUE} for word in ("open", "taken"))
    conduct = {f"{code}/open" for code in CONDUCT}
    assert {"instrument.lapsing", "instrument.lapsed", "funds.unpaid"} <= CATALOGUE.keys() - CONDUCT
    for who in sorted(ALWAYS | UNIT | {"city.office", "dept2.head", "street.head", "finance.head"}):
        mine = {id for id in _ids(office, who) if "/" in id}
        if who == "auditor" or who in UNIT:
            assert mine == open_ | taken, who
        elif who in ALWAYS | {"city.office"}:
            assert mine == open_ - conduct, who
        else:
            assert mine == set(), who


def _ids(office: Office, by: str) -> set[str]:
    county = None if by == "city.office" else "990102"
    found = reading.page(
        office, Hand(office, by).actor, Finding, ListQuery(limit=500, county=county)
    )
    return {row.id for row in found.items}
