"""审计疑点清单: each kind of the list is found by an act, has an honest neighbour that is not, and is
read by auditors and by the unit asked alone."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from registry.actions import reading
from registry.actions.auditing import conduct
from registry.actions.doubting import keeping
from registry.actions.doubting.catalogue import CATALOGUE, METHODS, listed
from registry.actions.doubting.keeping import Seen
from registry.actions.office import Answer, Desk, Office
from registry.actions.reading import ListQuery
from registry.domain.audit import Event, Finding
from registry.domain.doubts import AUDITORS
from registry.domain.errors import Refusal
from registry.domain.people import Person, Post
from registry.domain.presence import PresenceState
from registry.policies.neutral import judging
from tests.actions import case, decided, walled
from tests.actions.audited import CIVIL
from tests.actions.case import Hands
from tests.actions.measuring import in_force
from tests.actions.test_audit_conduct import SIMILAR, found
from tests.actions.test_certifying import demanded
from tests.actions.test_filing import UNPAID
from tests.actions.test_postings import left, up
from tests.conftest import Hand, MovingClock

COUNTY = "990102"
LISTED = {
    "presence without admission": {"presence.unadmitted", "wall.unadmitted"},
    "self-decision": {"decision.own_case"},
    "outside the chain or contrary to the pack": {
        "decision.outside_chain", "decision.verdict_apart",
    },
    "late entry posing as timely": {"request.begun_before"},
    "split requests": {"request.split"},
    "near-duplicate refiled": {"refiled.near_duplicate"},
    "overdue": {"request.overdue"},
    "unpublished": {"publicity.missing"},
    "taken down too early": {"publicity.short"},
    "boards over profile": {"wall.over_profile"},
    "certificates demanded off the list": {"certificate.off_list"},
    "issued to communities, never admitted": {"issued.unadmitted"},
    "pushed before approved": {"presence.before_admission", "wall.before_admission"},
    "lapsing basis": {"instrument.lapsing", "instrument.lapsed"},
}  # fmt: skip
OFFICES = {"instrument.lapsing", "instrument.lapsed"}
"""What the office has to act upon before the day: it reads them too (P35)."""


def test_every_kind_of_the_list_stands_in_the_catalogue_with_how_it_is_found(
    one_office: Office,
) -> None:
    lines = {line.code: line for line in listed(one_office).items}
    for codes in LISTED.values():
        for code in codes:
            line = lines[code]
            assert line.query and line.name and line.evidence, code
            assert judging(line.name + line.zh + line.en) == []
    assert {c for codes in LISTED.values() for c in codes} - OFFICES == AUDITORS
    assert {doubt.code for doubt in conduct.DOUBTS} <= AUDITORS


def _all_of(hand: Hands, asked: str | None) -> set[str]:
    """One finding of every kind of the list, about whatever it is."""

    def verb(desk: Desk) -> Answer:
        home = desk.places.home(desk.places.organisation("o-990102001001")).path
        for code in sorted(AUDITORS):
            doubt = CATALOGUE[code]
            facts = dict.fromkeys(doubt.facts, "1")
            keeping.tell(desk, Seen(doubt, f"f-{code}", "x-1", asked, home, facts))
        return Answer(body={f"f-{code}" for code in AUDITORS})

    made: set[str] = hand("auditor").do(verb)
    return made


def _reads(office: Office, by: Hand, kind: Any = Finding) -> set[str]:
    try:
        rows = reading.page(office, by.actor, kind, ListQuery(limit=500)).items
    except Refusal as no:
        assert no.code == "access.reading"
        return set()
    return {row.id if kind is Finding else row.object_id for row in rows}


@pytest.mark.parametrize(
    ("asked", "readers"),
    [(None, set()), (CIVIL, {"dept.head", "dept.clerk"}),
     ("o-990102001001", {"community.head", "community.cashier", "community.worker"}),
     ("o-990102001", {"street.head", "street.clerk"})],
)  # fmt: skip
def test_only_auditors_and_the_unit_asked_read_one(
    one_hand: Hands, asked: str | None, readers: set[str]
) -> None:
    made = _all_of(one_hand, asked)
    office: Office = one_hand("auditor").office
    reader, seen = office.store.reader, {}
    for county in reader.partitions():
        posted = {post.person_id for post in reader.find(Post, county)}
        for person in reader.find(Person, county):
            if person.id in posted and person.username:
                hand = Hand(office, person.username, county)
                seen[person.username] = made & _reads(office, hand)
    assert len(seen) > 20
    assert {name for name, ids in seen.items() if ids == made} == {"auditor", *readers}
    assert {name for name, ids in seen.items() if ids} == {"auditor", *readers}


def test_nobody_learns_of_one_from_the_list_of_acts(one_hand: Hands) -> None:
    walled.hung(one_hand)
    (finding,) = found(one_hand, conduct.WALL)
    office = one_hand("auditor").office
    knowing = {"auditor", "audit.admin"}
    for name in ("county.office", "county.head", "gov.head", "dept.head", *knowing):
        told = _reads(office, Hand(office, name), Event)
        assert (finding.id in told) == (name in knowing), name


# ---- found, and the honest neighbour ------------------------------------------------------------


def test_a_leaving_that_nobody_posted_is_asked_about_until_it_is(
    hand: Hands, clock: MovingClock
) -> None:
    departure = left(hand, "one", case.HERE)
    assert found(hand, conduct.UNPUBLISHED) == []
    clock.at = datetime(2026, 3, 3, 4, tzinfo=UTC)
    (seen,) = found(hand, conduct.UNPUBLISHED)
    assert (seen.object_id, seen.organisation_id) == (departure.id, departure.organisation_id)
    assert seen.facts["evidence"] == {"departures": [departure.id]}
    up(hand, what="exit", presence_id=departure.presence_id)
    assert found(hand, conduct.UNPUBLISHED) == []


def test_a_leaving_posted_in_time_is_none(one_hand: Hands, clock: MovingClock) -> None:
    departure = left(one_hand, "one", case.HERE)
    up(one_hand, what="exit", presence_id=departure.presence_id)
    clock.at = datetime(2026, 3, 3, 4, tzinfo=UTC)
    assert found(one_hand, conduct.UNPUBLISHED) == []


def test_a_paper_that_communities_must_not_issue_and_was_demanded(hand: Hands) -> None:
    kept = demanded(hand, item="亲属关系证明")
    assert kept.answer.value == "must_not"
    (seen,) = found(hand, conduct.DEMANDED)
    assert (seen.object_id, seen.organisation_id) == (kept.id, None)
    assert seen.facts["evidence"] == {"certificate-demands": [kept.id]}
    assert seen.facts["demander"] == "bank"


def test_a_paper_that_is_on_the_list_is_demanded_rightly(one_hand: Hands) -> None:
    kept = demanded(one_hand, item="居住证明")
    assert kept.answer.value != "must_not"
    assert found(one_hand, conduct.DEMANDED) == []


def test_the_fourth_board_at_the_door_is_one_too_many_and_the_first_three_are_none(
    hand: Hands,
) -> None:
    for wording in ("社区党委", "居民委员会", "社区服务站"):
        walled.hung(hand, wording=wording)
    assert found(hand, conduct.BEYOND) == found(hand, conduct.WALL) == []
    board = walled.hung(hand, wording="党群服务中心")
    (seen,) = found(hand, conduct.BEYOND)
    assert (seen.object_id, seen.organisation_id) == (board.id, walled.URBAN)
    assert seen.facts["evidence"] == {"boards": [board.id]}


def test_what_is_insisted_on_and_not_decided_yet_is_held_against_nothing(one_hand: Hands) -> None:
    request = case.submitted(
        one_hand, case.drafted(one_hand, **UNPAID), insist=True, reason="上级要求"
    )
    assert request.outcome is not None and request.outcome.value == "refused"
    assert found(one_hand, conduct.APART) == []


def test_work_that_is_filed_as_begun_before_is_asked_about(one_hand: Hands) -> None:
    draft = case.drafted(one_hand, starts_on="2026-02-01")
    assert found(one_hand, conduct.BEGUN) == [], "a draft was not filed"
    request = case.submitted(one_hand, draft)
    (seen,) = found(one_hand, conduct.BEGUN)
    assert (seen.object_id, seen.facts["applied_on"]) == (request.id, "2026-03-02")


def test_work_that_begins_on_the_day_of_its_filing_is_none(one_hand: Hands) -> None:
    case.submitted(one_hand, case.drafted(one_hand, starts_on="2026-03-02"))
    assert found(one_hand, conduct.BEGUN) == []


def test_two_like_requests_for_two_places_are_none(one_hand: Hands) -> None:
    in_force(one_hand("auditor").office, SIMILAR)
    case.submitted(one_hand, case.drafted(one_hand))
    other = {"title": "楼道灯具编号拍照（二）", "targets": ["990102002001"]}
    case.submitted(one_hand, case.drafted(one_hand, **other))
    assert found(one_hand, conduct.SPLIT) == []


def test_a_board_that_came_after_its_admission_is_none(one_hand: Hands) -> None:
    case.agreed(one_hand, case.admitted(one_hand, **walled.ADMITTED))
    for doubt in (conduct.HUNG_BEFORE, conduct.BEFORE, conduct.WALL, conduct.BEYOND):
        assert found(one_hand, doubt) == []


def test_a_case_done_on_its_last_day_is_none(one_hand: Hands, clock: MovingClock) -> None:
    request = case.accepted(one_hand, case.submitted(one_hand, case.drafted(one_hand)))
    assert request.due_on is not None
    clock.at = datetime(request.due_on.year, request.due_on.month, request.due_on.day, 4,
                        tzinfo=UTC)  # fmt: skip
    assert found(one_hand, conduct.LATE) == found(one_hand, conduct.LATE) == []
    assert date(2026, 3, 2) < request.due_on


def test_every_kind_says_in_words_of_its_own_how_it_is_found() -> None:
    told = {code: doubt for code, doubt in CATALOGUE.items() if not doubt.query}
    assert set(METHODS) == set(told)
    assert len(set(METHODS.values())) == len(METHODS)
    assert [words for words in METHODS.values() if judging(words)] == []


# ---- by acts alone ------------------------------------------------------------------------------


def test_a_board_that_hung_there_before_and_is_admitted_later_is_asked_about(
    one_hand: Hands,
) -> None:
    hung = walled.hung(one_hand, wording="反诈宣传站", place="inside", since="2026-02-01")
    _, board = walled.admitted_board(one_hand)
    assert (board.id, board.since) == (hung.id, date(2026, 2, 1))
    (seen,) = found(one_hand, conduct.HUNG_BEFORE)
    assert (seen.object_id, seen.facts["since"]) == (board.id, "2026-02-01")


def test_a_community_that_tells_since_when_the_admitted_board_hangs_shows_it(
    one_hand: Hands,
) -> None:
    presence, board = walled.admitted_board(one_hand)
    assert found(one_hand, conduct.HUNG_BEFORE) == []
    walled.hangs(one_hand, presence, since="2026-02-01", place="inside")
    (seen,) = found(one_hand, conduct.HUNG_BEFORE)
    assert (seen.object_id, seen.facts["since"]) == (board.id, "2026-02-01")


def test_what_is_revoked_ends_with_its_admission_so_that_nothing_goes_on_without(
    one_hand: Hands,
) -> None:
    request = case.admitted(one_hand)
    place = case.agreed(one_hand, request)
    decided.heard(one_hand, decided.proposed(one_hand, request))
    decided.revoked(one_hand, request)
    assert decided.now(one_hand, place).state is PresenceState.EXITED
    assert found(one_hand, conduct.UNADMITTED) == []
