"""变更: decided as a case of its own, in force in one act; until then the old edition stands."""

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest

from registry.actions import agreeing, approving, filing
from registry.actions.afterwards import correcting
from registry.actions.approving import DecideCommand, ReturnCommand
from registry.actions.office import Office
from registry.actions.reading import one
from registry.domain.afterwards import Revocation
from registry.domain.agreement import SignCommand, TermsCommand
from registry.domain.approval import Step
from registry.domain.errors import Refusal
from registry.domain.grant import Grant
from registry.domain.presence import PresenceState
from registry.domain.request import Request, State, Target
from tests.actions import measuring
from tests.actions.case import (
    Hands,
    accepted,
    admitted,
    agreed,
    examined,
    funded,
    scanned,
    started,
    submitted,
)
from tests.actions.decided import (
    BOTH,
    agreement_of,
    approved,
    carried,
    changed,
    decision_of,
    findings,
    heard,
    now,
    presences,
    proposed,
    revoked,
    rows,
)
from tests.actions.flowed import OFFICE, STREET, files_with, flow, in_force
from tests.actions.measuring import row, rule
from tests.actions.refused import refused

HALF: list[dict[str, Any]] = [{
    "key": "F1", "mode": "transfer", "payer_id": "o-990102-civil", "basis": "按户", "unit": "户",
    "rate_fen": 800, "quantity": 500, "amount_fen": 400000, "fiscal_year": 2026,
}]  # fmt: skip
SMALL = '[change]\nflow = "small"\ngrade = "configured"\n'


def test_until_it_is_approved_the_old_edition_stands_and_then_the_new_one(hand: Hands) -> None:
    original = admitted(hand)
    before = decision_of(hand, original)
    change = changed(hand, original, targets=BOTH, ends_on="2026-12-31")
    assert (change.state, change.amends) == (State.DRAFT, original.id)
    change = examined(hand, accepted(hand, submitted(hand, change)))
    assert now(hand, original) == original
    assert len(presences(hand, original)) == 1
    change = approved(hand, change)
    after = now(hand, original)
    assert (after.state, after.edition, after.version) == (State.APPROVED, 2, original.version + 1)
    assert after.filing == change.filing and after.applied_on == original.applied_on
    assert (change.state, presences(hand, change)) == (State.CLOSED, [])
    decision = decision_of(hand, original)
    assert decision.replaces == before.id and decision.number != before.number
    office = hand("auditor").office
    read = office.store.reader
    seq = next(
        n for n in range(read.head("990102"), 0, -1)
        if read.get(Request, "990102", original.id, n) == original
    )  # fmt: skip
    held = one(office, hand("dept.head").actor, Request, original.id, as_of=str(seq))
    assert held == original, "the old edition can be read"


def test_shares_are_split_anew_and_sum_to_what_is_granted(one_hand: Hands) -> None:
    original = admitted(one_hand)
    carried(one_hand, changed(one_hand, original, targets=BOTH))
    held = presences(one_hand, original)
    assert [p.share_fen for p in held] == [400000, 400000]
    assert [p.state for p in held] == [PresenceState.PLANNED] * 2
    assert {p.ends_on for p in held} == {date(2026, 6, 30)}


def test_an_area_that_falls_away_ends_and_says_why(one_hand: Hands) -> None:
    original = admitted(one_hand, targets=BOTH)
    change = carried(one_hand, changed(one_hand, original, targets=BOTH[1:]))
    first, second = presences(one_hand, original)
    assert (first.state, first.share_fen, first.dropped) == (PresenceState.EXITED, 0, True)
    assert first.ended_by == change.decision_id and first.ended_why
    assert (second.state, second.share_fen) == (PresenceState.PLANNED, 800000)
    standing = {t.area_id for t in one_hand("auditor").office.store.reader.find(
        Target, "990102", request_id=original.id) if not t.withdrawn}  # fmt: skip
    assert standing == {"a-990102001002"}


def test_an_area_that_comes_back_is_begun_anew(one_hand: Hands) -> None:
    original = admitted(one_hand, targets=BOTH)
    carried(one_hand, changed(one_hand, original, targets=BOTH[1:]))
    carried(one_hand, changed(one_hand, now(one_hand, original), targets=BOTH))
    held = presences(one_hand, original)
    assert [p.state for p in held] == [
        PresenceState.EXITED, PresenceState.PLANNED, PresenceState.PLANNED
    ]  # fmt: skip
    assert sum(p.share_fen for p in held) == 800000
    assert now(one_hand, original).edition == 3


def test_nobody_is_given_less_than_was_paid_already(one_hand: Hands) -> None:
    original = admitted(one_hand)
    presence = agreed(one_hand, original)
    funded(one_hand, presence, 500000)
    change = changed(one_hand, original, funding=HALF)
    with refused("change.below_paid") as info:
        submitted(one_hand, change)
    assert info.value.facts["paid_fen"] == 500000
    gone = change.filing
    away = msgspec.structs.replace(gone, targets=["990102001002"])
    one_hand("dept.clerk").do(lambda d: filing.edit(d, change.id, 1, away))
    with refused("change.below_paid"):
        submitted(one_hand, now(one_hand, change))


def test_money_paid_while_the_change_is_decided_is_seen_when_it_takes_effect(
    one_hand: Hands,
) -> None:
    original = admitted(one_hand)
    presence = agreed(one_hand, original)
    change = examined(one_hand, accepted(one_hand, submitted(
        one_hand, changed(one_hand, original, funding=HALF))))  # fmt: skip
    funded(one_hand, presence, 500000)
    with refused("change.below_paid"):
        approved(one_hand, change)
    assert now(one_hand, original).edition == 1
    assert now(one_hand, change).state is State.IN_REVIEW


def test_a_changed_text_is_signed_again(hand: Hands) -> None:
    original = admitted(hand)
    agreed(hand, original)
    before = agreement_of(hand, original)
    carried(hand, changed(hand, original, ends_on="2026-12-31"))
    after = agreement_of(hand, original)
    assert after.edition == before.edition + 1
    assert (after.terms.ends_on, after.terms.responsibility) == (
        date(2026, 12, 31), before.terms.responsibility
    )  # fmt: skip
    presence = presences(hand, original)[0]
    assert presence.state is PresenceState.PLANNED
    with refused("gate.refused"):
        started(hand, presence)


def test_work_that_has_begun_goes_on_and_both_sides_are_told_to_sign(one_hand: Hands) -> None:
    original = admitted(one_hand)
    presence = agreed(one_hand, original)
    funded(one_hand, presence, 300000)
    started(one_hand, presence)
    carried(one_hand, changed(one_hand, original, ends_on="2026-12-31"))
    presence = presences(one_hand, original)[0]
    assert (presence.state, presence.ends_on) == (PresenceState.ACTIVE, date(2026, 12, 31))
    assert [f.closed_on for f in findings(one_hand, "change.agreement")] == [None]
    for by in ("dept.head", "community.head"):
        text = agreement_of(one_hand, original)
        scan = scanned(one_hand, by, text)
        order = SignCommand(presence_id=presence.id, document_id=scan, original_at="档案室")
        one_hand(by).do(lambda d, t=text, o=order: agreeing.sign(d, t.id, t.version, o))
    assert presences(one_hand, original)[0].state is PresenceState.ACTIVE
    assert findings(one_hand, "change.agreement")[0].closed_on == date(2026, 3, 2)


def test_where_the_text_stays_the_signatures_stay(one_hand: Hands) -> None:
    original = admitted(one_hand)
    agreed(one_hand, original)
    carried(one_hand, changed(one_hand, original, targets=BOTH))
    assert agreement_of(one_hand, original).edition == 1
    assert [p.state for p in presences(one_hand, original)] == [
        PresenceState.AGREED, PresenceState.PLANNED
    ]  # fmt: skip


def test_a_change_that_is_granted_in_part_changes_only_that_part(one_hand: Hands) -> None:
    original = admitted(one_hand)
    change = examined(one_hand, accepted(one_hand, submitted(
        one_hand, changed(one_hand, original, targets=BOTH, ends_on="2026-12-31"))))  # fmt: skip
    approved(one_hand, change, grant=Grant(ends_on=date(2026, 9, 30)))
    assert {p.ends_on for p in presences(one_hand, original)} == {date(2026, 9, 30)}
    assert decision_of(one_hand, original).grant is not None


def test_a_refused_or_withdrawn_change_leaves_everything_as_it_was(one_hand: Hands) -> None:
    original = admitted(one_hand)
    change = examined(one_hand, accepted(one_hand, submitted(
        one_hand, changed(one_hand, original, targets=BOTH))))  # fmt: skip
    command = DecideCommand(reason="不同意")
    one_hand("street.head").do(lambda d: approving.reject(d, change.id, change.version, command))
    again = submitted(one_hand, changed(one_hand, original, targets=BOTH))
    one_hand("dept.head").do(lambda d: filing.withdraw(d, again.id, again.version))
    assert now(one_hand, original) == original
    assert len(presences(one_hand, original)) == 1


def test_one_change_at_a_time(one_hand: Hands) -> None:
    original = admitted(one_hand)
    changed(one_hand, original, targets=BOTH)
    with refused("change.running"):
        changed(one_hand, original, targets=BOTH)


def test_what_is_being_changed_is_not_corrected_nor_archived(one_hand: Hands) -> None:
    original = admitted(one_hand)
    changed(one_hand, original, targets=BOTH)
    slip = correcting.CorrectCommand(field="process", becomes="先登记后拍照", reason="漏写")
    head = one_hand("street.head")
    with refused("request.pending"):
        head.do(lambda d: correcting.correct_request(d, original.id, original.version, slip))
    with refused("request.pending"):
        head.do(lambda d: approving.close(d, original.id, original.version))


def test_who_is_in_it_no_more_neither_signs_nor_stands_in_the_way(one_hand: Hands) -> None:
    original = admitted(one_hand, targets=BOTH)
    agreed(one_hand, original)
    text = agreement_of(one_hand, original)
    carried(one_hand, changed(one_hand, original, targets=BOTH[1:], ends_on="2026-12-31"))
    text = agreement_of(one_hand, original)
    gone = SignCommand(document_id=scanned(one_hand, "community.head", text), original_at="柜")
    with pytest.raises(Exception, match="access"):
        one_hand("community.head").do(lambda d: agreeing.sign(d, text.id, text.version, gone))
    words = TermsCommand(request_id=original.id, responsibility="培训", acceptance="抽查")
    after = one_hand("dept.clerk").do(lambda d: agreeing.amend(d, text.id, text.version, words))
    assert after.edition == text.edition + 1


def test_only_what_is_admitted_is_changed(one_hand: Hands) -> None:
    original = admitted(one_hand)
    change = carried(one_hand, changed(one_hand, original, targets=BOTH))
    with refused("change.not_admitted"):
        changed(one_hand, change, targets=BOTH)


def test_a_change_keeps_kind_and_applicant(one_hand: Hands) -> None:
    original = admitted(one_hand)
    with refused("change.other"):
        changed(one_hand, original, kind="office")
    change = changed(one_hand, original, targets=BOTH)
    other = msgspec.convert({**msgspec.to_builtins(change.filing), "kind": "office"},
                            type(change.filing))  # fmt: skip
    one_hand("dept.clerk").do(lambda d: filing.edit(d, change.id, change.version, other))
    with refused("change.other"):
        submitted(one_hand, now(one_hand, change))


def test_another_department_changes_nothing_of_it(one_hand: Hands) -> None:
    original = admitted(one_hand)
    for by in ("dept2.clerk", "street.head", "community.head"):
        with pytest.raises(Exception, match="access"):
            changed(one_hand, original, by=by, targets=BOTH)


def test_who_filed_the_original_does_not_decide_its_change(one_hand: Hands) -> None:
    original = admitted(one_hand)
    change = changed(one_hand, original, targets=BOTH)
    assert {original.drafted_by, original.submitted_by} <= {change.drafted_by, *change.worked_on_by}


def test_a_change_that_alters_no_fact_goes_the_small_way_if_the_pack_says_so(
    one_hand: Hands,
) -> None:
    main = flow({"key": "examine", "act": "examine", "bodies": ["street"]}, STREET)
    small = flow(OFFICE, id="small")
    in_force(one_hand, files_with(main + small + SMALL))
    original = admitted(one_hand)
    assert original.flow == "tried"
    change = submitted(one_hand, changed(one_hand, original, ends_on="2026-12-31"))
    assert change.flow == "small"
    other = changed_fact(one_hand, change)
    assert other.flow == "tried", "a fact differs: decided as any filing is"


def changed_fact(hand: Hands, change: Request) -> Request:
    """The same change, returned, which now needs no money any more: the case begins anew."""
    back = hand("county.head").do(
        lambda d: approving.send_back(d, change.id, change.version, ReturnCommand(items=["补正"]))
    ).request  # fmt: skip
    told = msgspec.to_builtins(back.filing)
    filing_ = msgspec.convert({**told, "bases": told["bases"] + [
        {"level": "statute", "title": "演示条例（虚构）"}]}, type(back.filing))  # fmt: skip
    edited = hand("dept.clerk").do(lambda d: filing.edit(d, back.id, back.version, filing_)).request
    return submitted(hand, edited)


def test_without_a_word_in_the_pack_a_change_goes_the_ordinary_way(one_hand: Hands) -> None:
    original = admitted(one_hand)
    change = submitted(one_hand, changed(one_hand, original, ends_on="2026-12-31"))
    assert change.flow == original.flow
    steps = one_hand("auditor").office.store.reader.find(Step, "990102", request_id=change.id)
    assert [s.key for s in steps] == ["examine", "decide"]


def test_a_change_stands_neither_in_its_own_way_nor_in_that_of_others(
    one_office: Office, one_hand: Hands
) -> None:
    similar = '[similar]\nnear = 80\n[similar.within]\ndays = 365\nunit = "calendar"\n'
    cap = (
        '[[quota]]\nkey = "CAP"\nrule = "CAP"\nkinds = ["task"]\nper = "community"\n'
        'period = "standing"\ncap = 1\ngrade = "fictional"\n'
    )
    ahead = '[clock.apply_ahead]\ndays = 20\nunit = "working"\ncount_first_day = true\n'
    measuring.in_force(
        one_office, ahead + similar + cap + rule("CAP", "R15") + rule("LIKE", "R12")
        + rule("LATE"),
        row("CAP", "human_review", ground="R15", match="exact"),
        row("CAP", "refused", ground="R15", match="exact", gate="approve"),
        row("LIKE", "human_review", ground="R12", match="exact"),
        row("LATE", "refused", lead_time="short"),
    )  # fmt: skip
    original = admitted(one_hand)
    one_office.clock.at = datetime(2026, 3, 23, 4, 0, tzinfo=UTC)
    change = carried(one_hand, changed(one_hand, original, ends_on="2026-12-31"))
    assert (change.state, change.outcome) == (State.CLOSED, original.outcome)
    later = measuring.asked(one_hand, title="楼道灯具编号拍照", targets=["990102001002"],
                            starts_on="2026-05-01")  # fmt: skip
    assert [n for hit in later.rules if hit.rule == "LIKE" for n in hit.items] == [
        f"{original.id} 《{original.title}》准予准入"
    ]


def test_a_change_does_not_take_effect_while_its_original_is_being_revoked(hand: Hands) -> None:
    original = admitted(hand)
    heard(hand, proposed_beside(hand, original))
    change = next(c for c in rows(hand, Request) if c.amends == original.id)
    done: list[str] = []

    def tried(act: Callable[[], Request]) -> None:
        try:
            done.append(act().state.value)
        except Refusal as refusal:
            done.append(refusal.code)

    acts = (lambda: revoked(hand, original), lambda: approved(hand, change))
    threads = [threading.Thread(target=tried, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    after, other = now(hand, original), now(hand, change)
    assert (after.state, after.edition, other.state) == (State.REVOKED, 1, State.TERMINATED)
    lost = {"version.stale", "task.none", "request.state", "request.pending"}
    assert "revoked" in done and set(done) <= {"revoked", *lost} and len(done) == 2


def proposed_beside(hand: Hands, original: Request) -> Revocation:
    """A revocation proposed while a change waits for its decision."""
    examined(hand, accepted(hand, submitted(hand, changed(hand, original, targets=BOTH))))
    held: Revocation = proposed(hand, original)
    return held
