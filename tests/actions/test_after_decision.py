"""决定之后: slips are corrected, numbers voided, admissions revoked only after a hearing."""

import threading
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.actions import approving
from registry.actions.afterwards import correcting, revoking, voiding
from registry.actions.afterwards.correcting import CorrectCommand
from registry.actions.office import Office
from registry.actions.reading import ListQuery, page
from registry.domain.afterwards import Correction, MoneyEffect, RevocationState
from registry.domain.approval import Decision, DecisionKind, Task
from registry.domain.notice import Notice
from registry.domain.outcome import StreetOutcome
from registry.domain.presence import PresenceState
from registry.domain.request import Request, State
from tests.actions.case import (
    Hands,
    admitted,
    agreed,
    drafted,
    funded,
    presence_of,
    started,
    submitted,
)
from tests.actions.decided import (
    BOTH,
    carried,
    changed,
    decision_numbers,
    decision_of,
    findings,
    heard,
    now,
    presences,
    proposed,
    revoked,
    rows,
)
from tests.actions.flowed import files_with, flow, in_force
from tests.actions.refused import refused
from tests.conftest import Hand, MovingClock

STREET = {"key": "decide", "act": "decide", "bodies": ["street"]}
NO_TIME = ('answer_in = { days = 5, unit = "working", count_first_day = false }', "")


def corrects(hand: Hands, record: Request | Decision, by: str, text: tuple[str, str]) -> object:
    """A text of a request or a decision put right."""
    act = correcting.correct_request if isinstance(record, Request) else correcting.correct_decision
    command = CorrectCommand(field=text[0], becomes=text[1], reason="笔误")
    held = now(hand, record)
    return hand(by).do(lambda d: act(d, held.id, held.version, command))


def voids(hand: Hands, decision: Decision, by: str = "street.head") -> Decision:
    command = voiding.VoidCommand(reason="打印跳号")
    held = now(hand, decision)
    after: Decision = hand(by).do(lambda d: voiding.void(d, held.id, held.version, command))
    return after


# ---- 更正 ------------------------------------------------------------------------------------------


def test_a_slip_in_a_decision_is_corrected_and_the_old_text_stays(hand: Hands) -> None:
    decision = decision_of(hand, admitted(hand))
    corrects(hand, decision, "street.head", ("reason", "同意准入"))
    after = now(hand, decision)
    assert (after.reason, after.number, after.version) == ("同意准入", decision.number, 2)
    kept = rows(hand, Correction)[0]
    assert (kept.was, kept.becomes, kept.object_kind, kept.object_id) == (
        "同意", "同意准入", "decision", decision.id
    )  # fmt: skip
    seen = page(hand("dept.head").office, hand("dept.head").actor, Correction, ListQuery())
    assert [c.id for c in seen.items] == [kept.id]


def test_a_slip_in_a_request_is_corrected_by_who_decided_it(one_hand: Hands) -> None:
    request = admitted(one_hand)
    corrects(one_hand, request, "street.head", ("responsible_party", "县民政局(演示县)"))
    after = now(one_hand, request)
    assert after.filing.responsible_party == "县民政局(演示县)"
    for by in ("dept.head", "dept.clerk", "street2.head", "street.clerk"):
        with pytest.raises(Exception, match="access"):
            corrects(one_hand, request, by, ("responsible_party", "别人"))


def test_a_corrected_title_stands_in_every_community(one_hand: Hands) -> None:
    request = admitted(one_hand, targets=BOTH)
    corrects(one_hand, request, "street.head", ("title", "楼道灯具编号拍照(演示)"))
    assert {p.title for p in presences(one_hand, request)} == {"楼道灯具编号拍照(演示)"}


def test_a_word_that_makes_it_another_matter_is_no_slip_of_the_pen(one_hand: Hands) -> None:
    request = admitted(one_hand)
    with refused("correction.substance"):
        corrects(one_hand, request, "street.head", ("title", "节水宣传"))
    assert now(one_hand, request) == request
    assert rows(one_hand, Correction) == []


def test_term_money_and_number_are_no_texts(one_hand: Hands) -> None:
    request = admitted(one_hand)
    for field in ("ends_on", "funding", "kind"):
        with refused("correction.field"):
            corrects(one_hand, request, "street.head", (field, "2027-01-01"))
    for field in ("number", "issued_on", "grant"):
        with refused("correction.field"):
            corrects(one_hand, decision_of(one_hand, request), "street.head", (field, "x"))


def test_the_same_text_or_one_that_may_not_stand_there_is_refused(one_hand: Hands) -> None:
    request = admitted(one_hand)
    for becomes in (request.title, "", "两\n行"):
        with refused("correction.value"):
            corrects(one_hand, request, "street.head", ("title", becomes))
    with refused("correction.value"):
        corrects(one_hand, request, "dept.head", ("letter.contact", "某人"))


def test_what_is_not_decided_is_supplemented_and_not_corrected(one_hand: Hands) -> None:
    with refused("decision.none"):
        corrects(one_hand, submitted(one_hand, drafted(one_hand)), "dept.head",
                 ("letter.contact", "某人"))  # fmt: skip


def test_the_asking_side_tells_who_is_to_be_reached_now(one_hand: Hands) -> None:
    letter = {
        "document_number": "演民发〔2026〕3号", "dated_on": "2026-02-27", "signed_by": "某局长",
        "contact": "甲某(演示)", "telephone": "010-10000000",
    }  # fmt: skip
    request = admitted(one_hand, letter=letter)
    corrects(one_hand, request, "dept.clerk", ("letter.contact", "乙某(演示)"))
    assert now(one_hand, request).filing.letter.contact == "乙某(演示)"


# ---- 文号作废 ---------------------------------------------------------------------------------------


def test_a_void_number_is_dead_and_the_decision_stands_under_another(hand: Hands) -> None:
    request = admitted(hand)
    old = decision_of(hand, request)
    new = voids(hand, old)
    dead = now(hand, old)
    assert (dead.voided_on, dead.void_reason) == (date(2026, 3, 2), "打印跳号")
    assert new.number != old.number and new.replaces == old.id
    assert (new.reason, new.clauses, new.kind) == (old.reason, old.clauses, old.kind)
    assert decision_of(hand, request) == new
    assert {o.decision_id for o in rows(hand, StreetOutcome)} == {new.id}
    assert now(hand, request).state is State.APPROVED


def test_a_number_dies_once_and_by_the_body_that_gave_it(one_hand: Hands) -> None:
    old = decision_of(one_hand, admitted(one_hand))
    for by in ("street2.head", "dept.head", "street.clerk"):
        with pytest.raises(Exception, match="access"):
            voids(one_hand, old, by=by)
    voids(one_hand, old)
    with refused("decision.voided"):
        voids(one_hand, old)


def test_the_original_follows_the_number_of_its_change(one_hand: Hands) -> None:
    original = admitted(one_hand)
    carried(one_hand, changed(one_hand, original, targets=BOTH))
    new = voids(one_hand, decision_of(one_hand, original))
    assert decision_of(one_hand, original) == new


@settings(
    max_examples=6, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(acts=st.lists(st.booleans(), min_size=1, max_size=5))
def test_no_number_is_ever_given_twice(one_office: Office, acts: list[bool]) -> None:
    """True issues a decision, False voids the last one: all numbers ever given differ."""

    def hand(username: str) -> Hand:
        return Hand(one_office, username)

    for issues in acts:
        held = [d for d in rows(hand, Decision) if d.voided_on is None]
        if issues or not held:
            admitted(hand)
        else:
            voids(hand, held[-1])
    numbers = [d.number for d in rows(hand, Decision)]
    assert len(numbers) == len(set(numbers)) == len(decision_numbers(hand))


def test_of_many_who_void_one_number_at_once_one_does_and_no_number_is_lost(
    office: Office, hand: Hands
) -> None:
    request = admitted(hand)
    held = decision_of(hand, request)
    command, codes = voiding.VoidCommand(reason="打印跳号"), list[str]()

    def go(person: Hand) -> None:
        try:
            person.do(lambda d: voiding.void(d, held.id, held.version, command))
            codes.append("")
        except Exception as refusal:  # noqa: BLE001 - the code is what is looked at
            codes.append(str(refusal))

    threads = [threading.Thread(target=go, args=(hand("street.head"),)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes.count("") == 1
    assert set(codes) <= {"", "decision.voided", "version.stale"}
    assert len({s.number for s in decision_numbers(hand)}) == len(rows(hand, Decision)) == 2


# ---- 撤销准入 ---------------------------------------------------------------------------------------


def test_what_was_wrongly_admitted_is_revoked_by_who_admitted_it_once_they_were_heard(
    hand: Hands,
) -> None:
    request = admitted(hand, targets=BOTH)
    held = proposed(hand, request)
    assert (held.state, held.answer_by) == (RevocationState.PROPOSED, date(2026, 3, 9))
    told = [n for n in rows(hand, Notice) if n.object_id == held.id]
    assert sorted(n.person_id for n in told) == ["person-dept.clerk", "person-dept.head"]
    with refused("revocation.unheard"):
        revoked(hand, request)
    heard(hand, held)
    after = revoked(hand, request)
    assert after.state is State.REVOKED
    decision = decision_of(hand, request)
    assert decision.kind is DecisionKind.REVOKED and decision.clauses == ["第六条（虚构）"]
    assert {p.state for p in presences(hand, request)} == {PresenceState.EXITED}
    done = now(hand, held)
    assert (done.state, done.result_id) == (RevocationState.DECIDED, decision.id)


def test_the_effect_on_money_is_stated_and_told_with_what_was_paid(one_hand: Hands) -> None:
    request = admitted(one_hand)
    presence = agreed(one_hand, request)
    funded(one_hand, presence, 300000)
    started(one_hand, presence)
    heard(one_hand, proposed(one_hand, request, money_effect="refund"))
    revoked(one_hand, request)
    facts = findings(one_hand, "revocation.money")[0].facts
    assert (facts["effect"], facts["share_fen"], facts["dispatch_fen"]) == (
        "refund", 800000, 300000
    )  # fmt: skip
    ended = presence_of(one_hand, request)
    assert (ended.state, ended.ended_from) == (PresenceState.EXITED, PresenceState.ACTIVE)


def test_where_money_is_not_touched_nothing_is_told_of_it(one_hand: Hands) -> None:
    request = admitted(one_hand)
    heard(one_hand, proposed(one_hand, request, money_effect=MoneyEffect.NONE.value))
    revoked(one_hand, request)
    assert findings(one_hand, "revocation.money") == []


def test_who_lets_the_time_pass_has_been_heard(one_hand: Hands, clock: MovingClock) -> None:
    request = admitted(one_hand)
    proposed(one_hand, request)
    clock.at = datetime(2026, 3, 9, 4, 0, tzinfo=UTC)
    with refused("revocation.unheard"):
        revoked(one_hand, request)
    clock.at = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)
    assert revoked(one_hand, request).state is State.REVOKED


def test_a_guessed_last_day_ends_no_hearing(one_hand: Hands, clock: MovingClock) -> None:
    clock.at = datetime(2026, 12, 28, 4, 0, tzinfo=UTC)
    request = admitted(one_hand, starts_on="2027-04-01", ends_on="2027-06-30")
    held = proposed(one_hand, request)
    assert held.answer_by_provisional
    clock.at = datetime(2027, 3, 28, 4, 0, tzinfo=UTC)
    with refused("revocation.unheard"):
        revoked(one_hand, request)
    heard(one_hand, held, text="", waived=True)
    assert revoked(one_hand, request).state is State.REVOKED


def test_where_no_time_is_given_only_an_answer_ends_the_hearing(
    one_hand: Hands, clock: MovingClock
) -> None:
    in_force(
        one_hand,
        files_with(
            flow({"key": "examine", "act": "examine", "bodies": ["street"]}, STREET),
            replace=(NO_TIME,),
        ),
    )
    request = admitted(one_hand)
    held = proposed(one_hand, request)
    assert held.answer_by is None
    clock.at = datetime(2026, 9, 1, 4, 0, tzinfo=UTC)
    with refused("revocation.unheard"):
        revoked(one_hand, request)


def test_the_department_answers_once_and_says_something(one_hand: Hands) -> None:
    held = proposed(one_hand, admitted(one_hand))
    with refused("revocation.words"):
        heard(one_hand, held, text=" ")
    heard(one_hand, held)
    with refused("revocation.answered"):
        heard(one_hand, now(one_hand, held))


def test_without_a_hearing_nothing_is_revoked(one_hand: Hands) -> None:
    request = admitted(one_hand)
    with refused("revocation.none"):
        revoked(one_hand, request)


def test_a_revocation_that_is_dropped_leaves_all_as_it_was(one_hand: Hands) -> None:
    request = admitted(one_hand)
    held = proposed(one_hand, request)
    with refused("request.pending"):
        proposed(one_hand, request)
    command = revoking.DropCommand(reason="原决定并无不当")
    one_hand("street.head").do(lambda d: revoking.drop(d, held.id, held.version, command))
    assert now(one_hand, request) == request
    with refused("revocation.none"):
        revoked(one_hand, request)


def test_nobody_but_the_body_that_decided_revokes(one_hand: Hands) -> None:
    request = admitted(one_hand)
    heard(one_hand, proposed(one_hand, request))
    for by in ("street2.head", "dept.head", "street.clerk", "community.head", "county.head"):
        with pytest.raises(Exception, match="access"):
            revoked(one_hand, request, by=by)


def test_a_change_under_way_ends_with_what_it_would_change(one_hand: Hands) -> None:
    request = admitted(one_hand)
    change = submitted(one_hand, changed(one_hand, request, targets=BOTH))
    heard(one_hand, proposed(one_hand, request))
    revoked(one_hand, request)
    assert now(one_hand, change).state is State.TERMINATED
    open_ones = [t for t in rows(one_hand, Task, request_id=change.id) if t.state == "open"]
    assert open_ones == []


def test_nothing_is_archived_or_changed_while_a_revocation_is_under_way(one_hand: Hands) -> None:
    request = admitted(one_hand)
    proposed(one_hand, request)
    with refused("request.pending"):
        one_hand("street.head").do(lambda d: approving.close(d, request.id, request.version))
    with refused("request.pending"):
        changed(one_hand, request, targets=BOTH)


def test_a_decision_is_read_with_what_became_of_it(one_hand: Hands) -> None:
    request = admitted(one_hand)
    held = proposed(one_hand, request)
    person = one_hand("dept.clerk")
    seen = page(
        person.office, person.actor, type(held), ListQuery(equals={"request_id": request.id})
    )
    assert [r.id for r in seen.items] == [held.id]
    other = one_hand("dept2.clerk")
    assert page(other.office, other.actor, type(held), ListQuery()).items == []
