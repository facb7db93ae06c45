"""公示: its days are counted against the pack's least time, and what left waits to be posted (N4)."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from registry.actions.office import Answer
from registry.actions.publicity import postings
from registry.actions.publicity.postings import PostCommand, TakeDownCommand
from registry.actions.publicity.waiting import waiting
from registry.domain.admission import Verdict
from registry.domain.audit import Finding
from registry.domain.living import Departure, DepartureState
from registry.domain.posting import Posting
from registry.domain.vocabulary import Trigger
from tests.actions import case
from tests.actions.lived import begun
from tests.actions.refused import refused
from tests.actions.weighed import laid, legacy

Hands = Callable[[str], Any]
SHORT = "publicity.short"


def up(hand: Hands, by: str = "community.worker", **fields: Any) -> Posting:
    told = {"what": "matter", "where": "居务公开栏", "text": "公布内容", **fields}
    command = PostCommand(**{"posted_on": date(2026, 3, 2), **told})
    posting: Posting = hand(by).do(lambda d: postings.post(d, command))
    return posting


def down(hand: Hands, held: Posting, on: date | None = None, by: str = "community.head") -> Posting:
    command = TakeDownCommand(taken_down_on=on)
    posting: Posting = hand(by).do(lambda d: postings.take_down(d, held.id, held.version, command))
    return posting


def findings(hand: Hands) -> list[Finding]:
    person = hand("county.office")
    found: list[Finding] = person.office.store.reader.find(Finding, person.county, code=SHORT)
    return found


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 4, 0, tzinfo=UTC)


def test_what_comes_down_on_the_fourteenth_day_is_a_finding_with_its_clause(office, hand, clock):
    request = case.admitted(hand)
    held = up(hand, presence_id=case.presence_of(hand, request).id)
    clock.at = noon(date(2026, 3, 15))
    after = down(hand, held)
    assert after.taken_down_on == date(2026, 3, 15)
    verdict = office.store.reader.get(Verdict, "990102", after.verdict_id)
    assert "CN-POSTED-RC" in verdict.deciding
    (finding,) = findings(hand)
    assert (finding.object_id, finding.closed_on) == (held.id, None)
    assert "第34条" in finding.facts["clauses"][0] and finding.facts["days"] == 15


def test_what_hung_fifteen_days_is_none_and_what_hangs_again_closes_it(office, hand, clock):
    request = case.admitted(hand)
    presence = case.presence_of(hand, request)
    clock.at = noon(date(2026, 3, 20))
    early = down(hand, up(hand, presence_id=presence.id), date(2026, 3, 15))
    assert [f.object_id for f in findings(hand)] == [early.id]
    again = up(hand, presence_id=presence.id, posted_on=date(2026, 3, 20))
    assert [f.closed_on for f in findings(hand)] == [date(2026, 3, 20)]
    clock.at = noon(date(2026, 4, 3))
    after = down(hand, again)
    verdict = office.store.reader.get(Verdict, "990102", after.verdict_id)
    assert not any(hit.rule.startswith("CN-POSTED") for hit in verdict.rules)
    assert len(findings(hand)) == 1


def test_a_list_that_came_down_too_soon_is_mended_by_hanging_it_up_again(one_office, one_hand):
    held = up(one_hand, what="list", text="本社区证明清单")
    down(one_hand, held)
    assert [f.object_id for f in findings(one_hand)] == [held.id]
    up(one_hand, what="list", text="另一张清单")
    up(one_hand, "community2.worker", what="list", text="本社区证明清单")
    assert [f.closed_on for f in findings(one_hand)] == [None]
    up(one_hand, what="list", text="本社区证明清单 ")
    assert [f.closed_on for f in findings(one_hand)] == [date(2026, 3, 2)]


def test_a_pack_that_is_silent_makes_no_posting_short(one_office, one_hand, clock, monkeypatch):
    held = up(one_hand)
    monkeypatch.setattr(postings, "publicity", lambda *_: "unset")
    after = down(one_hand, held)
    assert after.verdict_id is None
    assert findings(one_hand) == []


def test_what_was_there_before_is_posted_too_and_rests_on_no_verdict(one_hand):
    presence = legacy(one_hand, "old")
    after = down(one_hand, up(one_hand, presence_id=presence.id))
    assert (after.request_id, after.verdict_id) == (None, None)
    assert len(findings(one_hand)) == 1


def test_a_community_posts_on_its_own_wall_and_a_street_on_those_below(one_hand):
    mine = laid(one_hand, "mine", request_id=None)
    assert up(one_hand, presence_id=mine.id).area_path == mine.area_path
    assert up(one_hand, "street.clerk", presence_id=mine.id).organisation_id == "o-990102001"
    assert up(one_hand, area="990102001001").area_path == mine.area_path
    theirs = laid(one_hand, "theirs", "a-990102002001", request_id=None)
    with refused("access.hidden"):
        up(one_hand, presence_id=theirs.id)
    with refused("access.forbidden"):
        up(one_hand, area="990102002001")
    with refused("access.forbidden"):
        up(one_hand, "dept.clerk")


def test_another_community_takes_nothing_down(one_hand):
    held = up(one_hand)
    with refused("access.hidden"):
        down(one_hand, held, by="community2.head")


def test_nothing_is_put_up_tomorrow_or_taken_down_before_it_hung(one_hand):
    with refused("posting.day"):
        up(one_hand, posted_on=date(2026, 3, 3))
    held = up(one_hand)
    for wrong in (date(2026, 3, 1), date(2026, 3, 3)):
        with refused("posting.day"):
            down(one_hand, held, wrong)
    after = down(one_hand, held)
    with refused("posting.down"):
        down(one_hand, after)


def waits(hand: Hands, by: str) -> list[str]:
    person = hand(by)
    found = waiting(person.office, person.actor, None)
    assert found.rule is not None and found.rule.at_least.days == 15
    return [one.departure_id for one in found.items]


def left(hand: Hands, id: str, area: str) -> Departure:
    presence = laid(hand, id, area, request_id=None, state="exited")
    made = Departure(
        county="990102", id=f"dep-{id}", presence_id=presence.id, area_path=presence.area_path,
        organisation_id=presence.organisation_id, trigger=Trigger.WITHDRAWN, reason="到期",
        person_id="p", left_on=date(2026, 3, 2), publish=True,
    )  # fmt: skip
    kept: Departure = hand("county.head").do(lambda d: Answer(body=d.unit.add(made)))
    return kept


def test_a_leaving_that_is_to_be_published_waits_until_it_is_posted(office, hand):
    here, there = left(hand, "one", case.HERE), left(hand, "two", "a-990102002001")
    assert waits(hand, "county.office") == [here.id, there.id]
    assert waits(hand, "community.worker") == waits(hand, "street.clerk") == [here.id]
    up(hand, what="exit", presence_id=here.presence_id)
    assert waits(hand, "county.office") == [there.id]
    after = office.store.reader.get(Departure, "990102", here.id)
    assert after.state is DepartureState.SETTLED and after.posting_id
    with refused("access.reading"):
        waits(hand, "dept.clerk")


@pytest.mark.parametrize("what", ["matter", "result", "list"])
def test_only_a_posting_of_the_leaving_settles_it(one_hand, what):
    here = left(one_hand, "one", case.HERE)
    up(one_hand, what=what, presence_id=here.presence_id)
    assert waits(one_hand, "community.worker") == [here.id]


def test_a_matter_at_work_is_judged_by_its_posting_alone_and_not_by_its_money(one_office, one_hand):
    presence = begun(one_hand)
    after = down(one_hand, up(one_hand, presence_id=presence.id))
    verdict = one_office.store.reader.get(Verdict, "990102", after.verdict_id)
    assert [rule for rule in verdict.deciding if "MONEY" in rule] == []
