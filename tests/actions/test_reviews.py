"""申请复核: asked once and in time, decided by others, and what follows from each result."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from registry.actions import approving
from registry.actions.afterwards import reviewed, reviewing
from registry.actions.approving import DecideCommand
from registry.actions.between import passing
from registry.domain.afterwards import Review, ReviewState
from registry.domain.approval import Decision, DecisionKind, Opinion, Step, StepAct, StepState, Task
from registry.domain.grant import Grant
from registry.domain.presence import PresenceState
from registry.domain.request import Request, State
from tests.actions.case import (
    Hands,
    accepted,
    admitted,
    agreed,
    drafted,
    examined,
    funded,
    open_tasks,
    started,
    submitted,
)
from tests.actions.decided import (
    BOTH,
    approved,
    changed,
    colleague,
    decision_of,
    findings,
    heard,
    now,
    presences,
    proposed,
    rejected,
    revoked,
    rows,
)
from tests.actions.flowed import files_with, flow, in_force
from tests.actions.refused import refused
from tests.conftest import MovingClock

OTHER = "street.deputy"
"""A colleague of street.head, who had no part in the decision."""


def asks(hand: Hands, request: Request, by: str = "dept.head") -> Review:
    command = reviewing.ReviewCommand(reason="决定所依据的清单已修订")
    held = now(hand, request)
    found: Review = hand(by).do(lambda d: reviewing.ask(d, held.id, held.version, command))
    return found


def decides(hand: Hands, review: Review, result: str, by: str = OTHER, **fields: Any) -> Review:
    command = reviewed.ReviewDecision(result=result, reason="复核意见", **fields)
    held = now(hand, review)
    found: Review = hand(by).do(lambda d: reviewed.decide(d, held.id, held.version, command))
    return found


def asked(hand: Hands, **changes: Any) -> tuple[Request, Review]:
    """A refusal that is asked to be reviewed, and a colleague to do it."""
    colleague(hand, "street.head", OTHER)
    request = rejected(hand, **changes)
    return request, asks(hand, request)


def test_a_review_lies_on_the_desk_of_the_body_with_its_last_day(hand: Hands) -> None:
    request, review = asked(hand)
    assert (review.state, review.due_on) == (ReviewState.FILED, date(2026, 3, 16))
    task = rows(hand, Task, request_id=request.id, state="open")[0]
    assert (task.act, task.organisation_id, task.due_on) == (
        StepAct.REVIEW, review.organisation_id, date(2026, 3, 16)
    )  # fmt: skip
    assert now(hand, request).state is State.REJECTED


def test_who_took_part_in_the_decision_does_not_review_it(one_hand: Hands) -> None:
    _, review = asked(one_hand)
    for by in ("street.head", "street2.head", "street.clerk", "dept.head", "county.head"):
        with pytest.raises(Exception, match="access"):
            decides(one_hand, review, "upheld", by=by)


def test_upheld_changes_nothing_but_is_a_numbered_decision(hand: Hands) -> None:
    request, review = asked(hand)
    before = decision_of(hand, request)
    done = decides(hand, review, "upheld")
    assert (done.state, done.result) == (ReviewState.DECIDED, "upheld")
    said = next(d for d in rows(hand, Decision) if d.id == done.result_id)
    assert said.kind is DecisionKind.UPHELD and said.number != before.number
    assert decision_of(hand, request) == before
    assert now(hand, request).state is State.REJECTED
    assert rows(hand, Task, request_id=request.id, state="open") == []


def test_replaced_admits_in_the_reviewing_bodys_name(hand: Hands) -> None:
    request, review = asked(hand, targets=BOTH)
    before = decision_of(hand, request)
    done = decides(hand, review, "replaced", grant=Grant(areas=["a-990102001001"]))
    after = now(hand, request)
    decision = decision_of(hand, request)
    assert after.state is State.APPROVED
    assert (decision.id, decision.kind, decision.replaces) == (
        done.result_id, DecisionKind.ADMITTED, before.id
    )  # fmt: skip
    assert decision.person_id != before.person_id
    assert [(p.area_id, p.share_fen) for p in presences(hand, request)] == [
        ("a-990102001001", 400000)
    ]
    with refused("review.once"):
        asks(hand, request)


def test_annulled_goes_back_and_is_decided_by_others(hand: Hands) -> None:
    request, review = asked(hand)
    before = decision_of(hand, request)
    done = decides(hand, review, "annulled")
    fallen = next(d for d in rows(hand, Decision) if d.id == done.result_id)
    assert (fallen.kind, fallen.replaces) == (DecisionKind.ANNULLED, before.id)
    again = now(hand, request)
    assert (again.state, again.decision_id) == (State.IN_REVIEW, None)
    assert again.due_on == date(2026, 3, 23)
    with refused("access.tied"):
        approved(hand, again)
    after = approved(hand, again, by=OTHER)
    assert after.state is State.APPROVED
    steps = rows(hand, Step, request_id=request.id)
    standing = [s for s in steps if s.state is not StepState.LAPSED]
    assert sorted(s.key for s in standing) == ["decide", "examine"]
    lapsed = [o for o in rows(hand, Opinion, request_id=request.id) if o.lapsed]
    assert [o.ballot for o in lapsed] == ["disagree"]


def test_a_refusal_to_accept_that_is_annulled_begins_at_the_first_step(one_hand: Hands) -> None:
    colleague(one_hand, "street.head", OTHER)
    request = submitted(one_hand, drafted(one_hand))
    command = DecideCommand(reason="不属受理范围")
    one_hand("street.head").do(
        lambda d: approving.not_accept(d, request.id, request.version, command)
    )
    decides(one_hand, asks(one_hand, request), "annulled")
    again = now(one_hand, request)
    assert (again.state, again.accepted_on) == (State.SUBMITTED, None)
    assert examined(one_hand, accepted(one_hand, again)).state is State.IN_REVIEW
    with refused("access.tied"):
        approved(one_hand, again)


def test_a_revocation_that_falls_leaves_the_admission_as_it_was(one_hand: Hands) -> None:
    colleague(one_hand, "street.head", OTHER)
    request = admitted(one_hand)
    before = decision_of(one_hand, request)
    presence = agreed(one_hand, request)
    funded(one_hand, presence, 300000)
    started(one_hand, presence)
    heard(one_hand, proposed(one_hand, request))
    revoked(one_hand, request)
    decides(one_hand, asks(one_hand, request), "annulled")
    assert now(one_hand, request).state is State.APPROVED
    assert decision_of(one_hand, request) == before
    assert presences(one_hand, request)[0].state is PresenceState.ACTIVE
    assert [f.closed_on for f in findings(one_hand, "revocation.money")] == [date(2026, 3, 2)]


def test_a_partial_admission_may_be_reviewed_and_widened_but_not_annulled(
    one_hand: Hands,
) -> None:
    colleague(one_hand, "street.head", OTHER)
    ready = examined(one_hand, accepted(one_hand, submitted(one_hand, drafted(
        one_hand, targets=BOTH))))  # fmt: skip
    request = approved(one_hand, ready, grant=Grant(areas=["a-990102001001"]))
    review = asks(one_hand, request)
    with refused("review.result"):
        decides(one_hand, review, "annulled")
    decides(one_hand, review, "replaced")
    assert [p.share_fen for p in presences(one_hand, request)] == [400000, 400000]
    assert now(one_hand, request).state is State.APPROVED


def test_what_was_admitted_as_asked_is_not_reviewed(one_hand: Hands) -> None:
    request = admitted(one_hand)
    with refused("review.kind"):
        asks(one_hand, request)
    with refused("decision.none"):
        asks(one_hand, submitted(one_hand, drafted(one_hand, title="另一件事")))


def test_a_review_is_asked_once_withdrawn_or_not(one_hand: Hands) -> None:
    request, review = asked(one_hand)
    with refused("review.once"):
        asks(one_hand, request)
    one_hand("dept.head").do(lambda d: reviewing.withdraw(d, review.id, review.version))
    assert open_tasks(one_hand, "street.head", request) == []
    with refused("review.once"):
        asks(one_hand, request)
    with refused("review.over"):
        decides(one_hand, review, "upheld")


def test_a_review_is_asked_in_time_and_a_guessed_day_bars_nobody(
    one_hand: Hands, clock: MovingClock
) -> None:
    request = rejected(one_hand)
    late = rejected(one_hand, title="另一件事")
    clock.at = datetime(2026, 3, 30, 4, 0, tzinfo=UTC)
    asks(one_hand, request)
    clock.at = datetime(2026, 3, 31, 4, 0, tzinfo=UTC)
    with refused("review.late") as info:
        asks(one_hand, late)
    assert info.value.facts["last"] == "2026-03-30"
    clock.at = datetime(2026, 12, 28, 4, 0, tzinfo=UTC)
    guessed = rejected(one_hand, title="第三件事", starts_on="2027-06-01", ends_on="2027-07-01")
    clock.at = datetime(2027, 3, 1, 4, 0, tzinfo=UTC)
    assert asks(one_hand, guessed).state is ReviewState.FILED


def test_where_the_packs_give_no_review_none_is_asked(one_hand: Hands) -> None:
    files = files_with(flow(
        {"key": "examine", "act": "examine", "bodies": ["street"]},
        {"key": "decide", "act": "decide", "bodies": ["street"]}))  # fmt: skip
    text = files["pack.toml"]
    first = text.index("[reconsideration]")
    text = text[:first] + text[text.index("\n[", first + 1) + 1 :]
    lines = [line for line in text.splitlines() if not line.startswith("review = ")]
    in_force(one_hand, files | {"pack.toml": "\n".join(lines)})
    request = rejected(one_hand)
    with refused("review.none"):
        asks(one_hand, request)


def named(body: str) -> dict[str, str]:
    """The demo county, where this body reviews what streets decide."""
    rule = "[reconsideration]\n"
    return files_with(flow(
        {"key": "examine", "act": "examine", "bodies": ["street"]},
        {"key": "decide", "act": "decide", "bodies": ["street"]}),
        replace=((rule, f'{rule}body = "{body}"\n'),))  # fmt: skip


def test_the_body_that_the_pack_names_reviews(one_hand: Hands) -> None:
    in_force(one_hand, named("admission_office"))
    request = rejected(one_hand)
    review = asks(one_hand, request)
    with pytest.raises(Exception, match="access"):
        decides(one_hand, review, "upheld", by="street.head")
    decides(one_hand, review, "replaced", by="county.head")
    decision = decision_of(one_hand, request)
    assert decision.organisation_id == review.organisation_id != "o-990102001"


def test_a_body_that_does_not_exist_reviews_nothing(one_hand: Hands) -> None:
    files = named("city_office")
    known = 'function = "admission_office"\nfamily = "city"'
    assert known in files["pack.toml"]
    gone = files["pack.toml"].replace(known, 'function = "nobody"\nfamily = "city"')
    in_force(one_hand, files | {"pack.toml": gone})
    request = rejected(one_hand)
    with refused("review.body"):
        asks(one_hand, request)


def test_a_case_under_review_is_not_archived(one_hand: Hands) -> None:
    request, _ = asked(one_hand)
    held = now(one_hand, request)
    with refused("request.pending"):
        one_hand("street.head").do(lambda d: approving.close(d, held.id, held.version))


def test_the_task_of_a_review_is_not_approved_nor_opined(one_hand: Hands) -> None:
    request, review = asked(one_hand)
    with pytest.raises(Exception, match=r"step\.not_deciding|request\.state|task\.none|access"):
        approved(one_hand, request, by=OTHER)
    assert now(one_hand, review).state is ReviewState.FILED


def test_a_refused_change_that_is_replaced_takes_effect(one_hand: Hands) -> None:
    colleague(one_hand, "street.head", OTHER)
    original = admitted(one_hand)
    change = examined(one_hand, accepted(one_hand, submitted(
        one_hand, changed(one_hand, original, targets=BOTH))))  # fmt: skip
    command = DecideCommand(reason="不同意")
    one_hand("street.head").do(lambda d: approving.reject(d, change.id, change.version, command))
    decides(one_hand, asks(one_hand, change), "replaced")
    assert now(one_hand, change).state is State.CLOSED
    assert now(one_hand, original).edition == 2
    assert len(presences(one_hand, original)) == 2


def test_a_review_handed_to_one_person_is_theirs_alone(one_hand: Hands) -> None:
    colleague(one_hand, "street.head", "street.third")
    request, review = asked(one_hand)
    task = rows(one_hand, Task, request_id=request.id, state="open")[0]
    order = passing.PassCommand(person_id="u-street.third", reason="另有公务")
    one_hand(OTHER).do(lambda d: passing.transfer(d, task.id, task.version, order))
    with refused("task.held"):
        decides(one_hand, review, "upheld")
    assert decides(one_hand, review, "upheld", by="street.third").result == "upheld"


def test_a_department_asks_only_for_its_own(one_hand: Hands) -> None:
    request = rejected(one_hand)
    for by in ("dept2.head", "dept.clerk", "street.head", "community.head"):
        with pytest.raises(Exception, match="access"):
            asks(one_hand, request, by=by)
