"""满意度和评价码: counts alone, one answer for each code, and nobody learns who said what."""

import threading
from datetime import date
from typing import Any

import msgspec
import pytest

from registry.actions import reading
from registry.actions.evaluating import closing, codes, satisfying
from registry.actions.evaluating.codes import AnswerCommand, Counted, RoundCommand, RoundView
from registry.actions.evaluating.satisfying import SatisfactionCommand
from registry.actions.office import Office
from registry.actions.reading import ListQuery
from registry.actions.ticking import tick
from registry.domain.audit import Event
from registry.domain.errors import Refusal
from registry.domain.evaluating import CodeRound, OneTimeCode, Satisfaction
from registry.domain.presence import Presence
from registry.domain.vocabulary import Disclosure
from registry.store.reader import Page
from tests.actions.case import Hands
from tests.actions.lived import at, put, statutory
from tests.actions.refused import refused
from tests.conftest import Hand, MovingClock

COUNTY = "990102"
HERE, STREET = "o-990102001001", "o-990102001"


def said(hand: Hands, by: str = "community.worker", **fields: Any) -> Satisfaction:
    """Counts of a survey on the department of civil affairs, unless told otherwise."""
    whole = {
        "organisation_id": HERE, "rated": "department", "subject_id": "o-990102-civil",
        "rater": "residents", "period": "2026Q1", "method": "居民会议",
        "counts": [1, 2, 10, 40, 27], "asked": 100, **fields,
    }  # fmt: skip
    command = msgspec.convert(whole, SatisfactionCommand)
    made: Satisfaction = hand(by).do(lambda d: satisfying.record(d, command))
    return made


def issued(
    hand: Hands, number: int = 3, by: str = "community.head", **fields: Any
) -> tuple[RoundView, codes.Words]:
    """A round of codes that is open today."""
    whole = {
        "organisation_id": HERE, "rated": "department", "subject_id": "o-990102-civil",
        "period": "2026Q1", "opens_on": "2026-03-02", "closes_on": "2026-03-06",
        "issued": number, **fields,
    }  # fmt: skip
    command, head = msgspec.convert(whole, RoundCommand), hand(by)
    fresh = codes.made(head.office, COUNTY, number)
    id = head.office.source.identifier("cor", head.office.clock())
    held: RoundView = head.do(lambda d: codes.issue(d, command, id, fresh))
    return held, fresh


def answered(office: Office, code: str, word: int = 4) -> Counted:
    """Somebody uses a code."""
    command = AnswerCommand(answer=word)
    told = office.perform(codes.call(office, code), lambda d: codes.answer(d, code, command))
    body: Counted = told.body
    return body


# ---- counts ------------------------------------------------------------------------------------


def test_a_later_word_of_one_survey_takes_the_place_of_the_earlier(hand: Hands) -> None:
    first = said(hand)
    again = said(hand, counts=[0, 0, 0, 1, 1], asked=None)
    assert (again.id, again.version, again.counts) == (first.id, 2, [0, 0, 0, 1, 1])
    assert len(hand("county.office").office.store.reader.find(Satisfaction, COUNTY)) == 1


@pytest.mark.parametrize("wrong", [{"counts": [0] * 5}, {"asked": 79}])
def test_more_than_were_asked_did_not_answer(one_hand: Hands, wrong: dict[str, Any]) -> None:
    with refused("satisfaction.counts"):
        said(one_hand, **wrong)


def test_what_is_rated_is_known_and_not_the_body_itself(one_hand: Hands) -> None:
    for wrong in (
        {"subject_id": HERE},
        {"subject_id": None},
        {"rated": "presence", "subject_id": "nothing"},
        {"rated": "utility", "subject_id": None, "subject": "电话13800000000"},
    ):
        with refused("satisfaction.subject"):
            said(one_hand, **wrong)
    held = said(one_hand, rated="utility", subject_id=None, subject="演示自来水公司")
    assert held.subject == "演示自来水公司"


def test_nobody_writes_down_or_hands_out_codes_for_what_is_said_of_their_own_body(
    one_hand: Hands,
) -> None:
    street = {"subject_id": "o-990102001"}
    for by in ("street.clerk", "street.head"):
        with refused("satisfaction.subject"):
            said(one_hand, by=by, **street)
        with refused("satisfaction.subject"):
            issued(one_hand, by=by, **street)
    assert said(one_hand, by="county.office", **street).subject_id == "o-990102001"
    assert issued(one_hand, **street)[0].subject_id == "o-990102001"


def test_a_community_says_how_residents_find_a_matter_in_it_and_no_other_place(
    one_hand: Hands,
) -> None:
    presence: Presence = statutory(one_hand)
    assert said(one_hand, rated="presence", subject_id=presence.id).subject == presence.title
    with refused("access.forbidden"):
        said(one_hand, by="village.worker", organisation_id=HERE)


def test_each_rates_in_its_own_name_alone(one_hand: Hands) -> None:
    assert said(one_hand, rater="community", method="集体评议").rater == "community"
    with refused("satisfaction.rater"):
        said(one_hand, rater="street")
    with refused("access.forbidden"):
        said(one_hand, by="street.head", rater="community")
    with refused("access.forbidden"):
        said(one_hand, rater="work")
    assert said(one_hand, by="county.office", rater="work", method="统一考评").rater == "work"


def test_no_period_is_rated_ahead_and_no_person_named(one_hand: Hands) -> None:
    assert said(one_hand, period="2026").period == "2026"
    with refused("satisfaction.period"):
        said(one_hand, period="2026Q2")
    with refused("satisfaction.personal"):
        said(one_hand, method="问了李女士13800000000")


def test_a_street_does_not_read_what_a_single_community_said_of_others(one_hand: Hands) -> None:
    said(one_hand, rater="community", method="集体评议")
    residents = said(one_hand)
    assert _ids(one_hand("street.head")) == [residents.id]
    assert len(_ids(one_hand("community.worker"))) == len(_ids(one_hand("county.office"))) == 2
    with refused("access.reading"):
        _ids(one_hand("dept.head"))


def _ids(hand: Hand) -> list[str]:
    return [
        r.id for r in reading.page(hand.office, hand.actor, Satisfaction, ListQuery()).items
    ]  # fmt: skip


# ---- codes -------------------------------------------------------------------------------------


def test_a_code_counts_once(hand: Hands, office: Office) -> None:
    held, fresh = issued(hand)
    assert answered(office, fresh[0]).subject == held.subject
    with refused("code.used"):
        answered(office, fresh[0], 1)
    (after,) = office.store.reader.find(CodeRound, COUNTY, id=held.id)
    assert after.tally == [0, 0, 0, 1, 0]


def test_a_code_that_was_never_given_is_not_there(one_hand: Hands, one_office: Office) -> None:
    issued(one_hand)
    for wrong in (f"{COUNTY}-AAAAAAAAAAAAAAAA", "110105-AAAAAAAAAAAAAAAA", "x"):
        with refused("code.unknown"):
            answered(one_office, wrong)


def test_a_code_is_good_within_its_days_alone(
    one_hand: Hands, one_office: Office, clock: MovingClock
) -> None:
    _, fresh = issued(one_hand, opens_on="2026-03-03")
    with refused("code.closed"):
        answered(one_office, fresh[0])
    clock.at = at(date(2026, 3, 7))
    with refused("code.closed"):
        answered(one_office, fresh[0])
    with refused("code_round.days"):
        issued(one_hand, closes_on="2026-03-06")


def test_ten_who_use_one_code_at_once_are_counted_once(hand: Hands, office: Office) -> None:
    held, fresh = issued(hand)
    done = list[str]()

    def use() -> None:
        try:
            done.append(answered(office, fresh[0], 5).period)
        except Refusal as refusal:
            done.append(refusal.code)

    everybody = [threading.Thread(target=use) for _ in range(10)]
    for one in everybody:
        one.start()
    for one in everybody:
        one.join()
    assert sorted(done) == ["2026Q1"] + ["code.used"] * 9
    after = office.store.reader.get(CodeRound, COUNTY, held.id)
    assert after is not None
    assert (after.used, sum(after.tally)) == (1, 1)


def test_what_was_said_is_shown_when_the_round_is_over(
    hand: Hands, office: Office, clock: MovingClock
) -> None:
    held, fresh = issued(hand)
    for code, word in zip(fresh, (5, 5, 2), strict=True):
        answered(office, code, word)
    tick(office)
    assert office.store.reader.find(Satisfaction, COUNTY) == []
    clock.at = at(date(2026, 3, 7))
    tick(office)
    tick(office)
    (said_,) = office.store.reader.find(Satisfaction, COUNTY)
    assert (said_.counts, said_.asked, said_.round_id) == ([0, 1, 0, 0, 2], 3, held.id)


def test_a_round_that_is_closed_early_takes_no_further_answer(hand: Hands, office: Office) -> None:
    held, fresh = issued(hand)
    answered(office, fresh[0], 5)
    now = office.store.reader.get(CodeRound, COUNTY, held.id)
    assert now is not None
    with refused("version.stale"):
        hand("community.head").do(lambda d: closing.close(d, held.id, held.version))
    with refused("access.hidden"):
        hand("community2.head").do(lambda d: closing.close(d, held.id, now.version))
    after: RoundView = hand("street.head").do(lambda d: closing.close(d, held.id, now.version))
    assert (after.closed, after.used) == (True, 1)
    with refused("code.closed"):
        answered(office, fresh[1])
    with refused("code_round.closed"):
        hand("community.head").do(lambda d: closing.close(d, held.id, after.version))
    tick(office)
    (kept,) = office.store.reader.find(Satisfaction, COUNTY)
    assert (kept.counts, kept.asked) == ([0, 0, 0, 0, 1], 3)


def test_no_digest_in_the_log_can_be_tried_against_the_five_answers(
    one_hand: Hands, one_office: Office
) -> None:
    held, fresh = issued(one_hand)
    salts = [""]
    for code in fresh[:2]:
        answered(one_office, code, 5)
        (after,) = one_office.store.reader.find(CodeRound, COUNTY, id=held.id)
        salts.append(after.salt)
    assert len(set(salts)) == 3 and all(len(salt) == 32 for salt in salts[1:])
    assert "salt" not in RoundView.__struct_fields__


def test_whoever_has_a_code_is_told_the_name_of_an_open_matter_alone(
    one_hand: Hands, one_office: Office
) -> None:
    matter = statutory(one_hand, disclosure="open")
    fields: dict[str, Any] = {"rated": "presence", "subject_id": matter.id}
    _, fresh = issued(one_hand, **fields)
    assert answered(one_office, fresh[0]).subject == matter.title
    put(one_hand, matter, disclosure=Disclosure.INTERNAL)
    assert answered(one_office, fresh[1]).subject == ""


def test_neither_codes_nor_who_answered_are_kept(hand: Hands, office: Office) -> None:
    _, fresh = issued(hand)
    answered(office, fresh[0])
    kept = msgspec.json.encode(office.store.reader.find(OneTimeCode, COUNTY))
    events: list[Event] = office.store.reader.events([COUNTY], {}, Page(limit=500))
    log = "".join(event.entry for event in events)
    assert not any(code in text for code in fresh for text in (kept.decode(), log))
    assert [e.actor for e in events if e.act == "code.answer"] == ["resident"]


def test_digests_tell_nothing_without_the_secret(one_office: Office) -> None:
    other = Office(one_office.store, one_office.clock, one_office.source, secret="another")
    assert codes.seal(one_office, "990102-A") != codes.seal(other, "990102-A")


def test_a_round_shows_how_many_answered_and_never_what() -> None:
    assert "tally" not in RoundView.__struct_fields__
