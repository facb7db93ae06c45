"""再复查: what a second reading of the acts found, each as the rule it broke."""

from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest

from registry.actions import approving, filing
from registry.actions.afterwards import correcting, voiding
from registry.actions.approving import DecideCommand
from registry.actions.office import Office
from registry.actions.rejudging.simulating import order_of, simulate
from registry.actions.succession import handing_over
from registry.actions.ticking import tick
from registry.domain.approval import Ballot, Task
from registry.domain.areas import Area
from registry.domain.conference import Member
from registry.domain.document import DocumentType
from registry.domain.grant import Grant
from registry.domain.presence import PresenceState
from registry.domain.reevaluation import Reevaluation
from registry.domain.request import Request, State
from tests.actions import case
from tests.actions.between import passes, speaks, states, takes_back, task, tasks
from tests.actions.case import (
    Hands,
    accepted,
    admitted,
    agreed,
    drafted,
    examined,
    funded,
    submitted,
)
from tests.actions.decided import (
    BOTH,
    agreement_of,
    approved,
    colleague,
    decision_of,
    heard,
    now,
    presences,
    proposed,
    rejected,
    revoked,
    rows,
)
from tests.actions.enacting import barring
from tests.actions.flowed import CITY, OFFICE, STREET, files_with, flow, in_force
from tests.actions.refused import refused
from tests.actions.reorganised import carried_out
from tests.actions.standing_in import posted
from tests.actions.test_conference import (
    ALONE,
    HOUSE,
    another,
    called,
    closed,
    ident,
    paper,
    seats,
    votes,
)
from tests.actions.test_reviewed_acts import rejected_change
from tests.actions.test_reviews import OTHER, asks
from tests.actions.test_reviews import decides as reviews
from tests.actions.test_simulation import draft_of
from tests.actions.test_simulation import rows as lines
from tests.conftest import MovingClock

AREAS = ["a-990102001001", "a-990102001002"]
AFTER = datetime(2026, 3, 31, 4, 0, tzinfo=UTC)
"""The day after the last on which a review of a decision of 2 March may be asked for."""


def archived(hand: Hands, request: Request, by: str = "street.head") -> Request:
    held = now(hand, request)
    after: Request = hand(by).do(lambda d: approving.close(d, held.id, held.version)).request
    return after


def in_part(hand: Hands, **grant: Any) -> Request:
    """Asked for two communities of a street, granted for less."""
    asked = submitted(hand, drafted(hand, targets=BOTH))
    return approved(hand, examined(hand, accepted(hand, asked)), grant=Grant(**grant))


# ---- 归档 -----------------------------------------------------------------------------------------


def test_nothing_is_archived_while_a_review_of_it_may_still_be_asked_for(
    one_hand: Hands, clock: MovingClock
) -> None:
    for request in (rejected(one_hand), in_part(one_hand, areas=AREAS[:1])):
        with refused("review.time") as info:
            archived(one_hand, request)
        assert info.value.facts["last"] == "2026-03-30"
    clock.at = AFTER
    assert archived(one_hand, request).state is State.CLOSED


def test_what_nobody_may_have_reviewed_is_archived_at_once(one_hand: Hands) -> None:
    assert archived(one_hand, admitted(one_hand)).state is State.CLOSED


def test_what_was_reviewed_is_archived_at_once(one_hand: Hands) -> None:
    colleague(one_hand, "street.head", OTHER)
    request = rejected(one_hand)
    reviews(one_hand, asks(one_hand, request), "upheld")
    assert archived(one_hand, request).state is State.CLOSED


def test_an_admission_is_not_archived_while_a_refused_change_of_it_may_be_reviewed(
    one_hand: Hands, clock: MovingClock
) -> None:
    colleague(one_hand, "street.head", OTHER)
    original = admitted(one_hand)
    change = rejected_change(one_hand, original)
    with refused("review.time"):
        archived(one_hand, original)
    clock.at = datetime(2026, 3, 30, 4, 0, tzinfo=UTC)
    review = asks(one_hand, change)
    clock.at = AFTER
    with refused("request.pending"):
        archived(one_hand, original)
    reviews(one_hand, review, "upheld")
    assert archived(one_hand, original).state is State.CLOSED


def test_a_whole_comes_out_of_the_archive_with_the_part_that_is_decided_anew(
    one_hand: Hands,
) -> None:
    colleague(one_hand, "street.head", OTHER)
    parts = [case.filing_of(title=t, content=t) for t in ("登记楼道灯具", "登记楼道扶手")]
    command = filing.DraftCommand(filing=case.filing_of(title="组合"), children=parts)
    whole = one_hand("dept.clerk").do(lambda d: filing.draft(d, command)).request
    submitted(one_hand, whole)
    one, other = rows(one_hand, Request, parent_id=whole.id)
    approved(one_hand, examined(one_hand, accepted(one_hand, one)))
    held = examined(one_hand, accepted(one_hand, other))
    no = DecideCommand(reason="不同意")
    one_hand("street.head").do(lambda d: approving.reject(d, held.id, held.version, no))
    assert now(one_hand, whole).state is State.CLOSED
    reviews(one_hand, asks(one_hand, other), "annulled")
    assert now(one_hand, whole).state is State.SUBMITTED
    approved(one_hand, now(one_hand, other), by=OTHER)
    assert now(one_hand, whole).state is State.CLOSED


def test_an_archived_admission_comes_out_with_the_change_that_is_decided_anew(
    one_hand: Hands,
) -> None:
    text = files_with(flow({**STREET, "key": "examine", "act": "examine"}, STREET))["pack.toml"]
    within = next(line for line in text.splitlines() if line.startswith("asked_within = "))
    in_force(one_hand, files_with(
        flow({**STREET, "key": "examine", "act": "examine"}, STREET), replace=((within, ""),)
    ))  # fmt: skip
    colleague(one_hand, "street.head", OTHER)
    original = admitted(one_hand)
    change = rejected_change(one_hand, original)
    assert archived(one_hand, original).state is State.CLOSED
    reviews(one_hand, asks(one_hand, change), "annulled")
    assert now(one_hand, original).state is State.APPROVED
    assert approved(one_hand, now(one_hand, change), by=OTHER).state is State.CLOSED
    assert now(one_hand, original).edition == 2


# ---- 作废 -----------------------------------------------------------------------------------------


def test_another_number_makes_no_new_time_for_a_review(one_hand: Hands, clock: MovingClock) -> None:
    request = rejected(one_hand)
    clock.at = AFTER
    held = decision_of(one_hand, request)
    slip = voiding.VoidCommand(reason="打印跳号")
    new = one_hand("street.head").do(lambda d: voiding.void(d, held.id, held.version, slip))
    assert (new.issued_on, new.reissued_on) == (date(2026, 3, 2), date(2026, 3, 31))
    with refused("review.late"):
        asks(one_hand, request)


def test_what_stands_under_a_void_number_is_not_corrected(one_hand: Hands) -> None:
    held = decision_of(one_hand, rejected(one_hand))
    slip = voiding.VoidCommand(reason="打印跳号")
    one_hand("street.head").do(lambda d: voiding.void(d, held.id, held.version, slip))
    command = correcting.CorrectCommand(field="reason", becomes="另行办理", reason="笔误")
    version = now(one_hand, held).version
    with refused("decision.voided"):
        one_hand("street.head").do(
            lambda d: correcting.correct_decision(d, held.id, version, command)
        )


# ---- 回避 -----------------------------------------------------------------------------------------


def test_who_voted_for_what_was_annulled_does_not_vote_on_it_again(one_hand: Hands) -> None:
    in_force(one_hand, files_with(flow(ALONE)))
    colleague(one_hand, "conference.head", OTHER)
    request = another(one_hand)
    first = called(one_hand, request)
    for by in ("gov.head", "street.head", "conference.head"):
        votes(one_hand, by, first, request, ballot=Ballot.DISAGREE)
    closed(one_hand, first)
    reviews(one_hand, asks(one_hand, request), "annulled")
    second = called(one_hand, now(one_hand, request), title="第二次会议")
    with refused("conference.stands_aside"):
        votes(one_hand, "gov.head", second, request)
    votes(one_hand, "finance.head", second, request)
    done = closed(one_hand, second)
    assert (done.agenda[0].may_vote, done.agenda[0].agree) == (2, 1)


def test_who_decided_a_case_does_not_vote_on_ratifying_it(one_hand: Hands) -> None:
    in_force(one_hand, files_with(flow(
        OFFICE, {"key": "ratify", "act": "ratify", "bodies": ["joint_conference"]})))  # fmt: skip
    posted(one_hand("auditor").office, "county.head", "county.head", HOUSE)
    request = accepted(one_hand, submitted(one_hand, drafted(one_hand)), by="county.office")
    ready = approved(one_hand, request, by="county.head")
    head = Member(person_id=ident(one_hand, "county.head"), organisation_id=HOUSE)
    members = [head, *seats(one_hand, "gov.head", "finance.head")]
    meeting = called(one_hand, ready, members=members)
    with refused("conference.stands_aside"):
        votes(one_hand, "county.head", meeting, ready)
    votes(one_hand, "gov.head", meeting, ready)


def test_what_lapsed_after_the_annulment_binds_nobody(one_hand: Hands) -> None:
    steps = ({**STREET, "key": "examine", "act": "examine"}, STREET, CITY)
    in_force(one_hand, files_with(flow(*steps)))
    colleague(one_hand, "street.head", OTHER)
    request = rejected(one_hand)
    reviews(one_hand, asks(one_hand, request), "annulled")
    approved(one_hand, request, by=OTHER)
    takes_back(one_hand, OTHER, tasks(one_hand, request, "decide")[0])
    with pytest.raises(Exception, match="access"):
        approved(one_hand, request)
    assert approved(one_hand, request, by=OTHER).state is State.IN_REVIEW


def test_who_proposed_a_revocation_does_not_review_it(one_hand: Hands) -> None:
    colleague(one_hand, "street.head", OTHER)
    colleague(one_hand, "street.head", "street.third")
    request = admitted(one_hand)
    heard(one_hand, proposed(one_hand, request))
    revoked(one_hand, request, by=OTHER)
    review = asks(one_hand, request)
    for by in ("street.head", OTHER):
        with pytest.raises(Exception, match="access"):
            reviews(one_hand, review, "upheld", by=by)
    assert reviews(one_hand, review, "upheld", by="street.third").result == "upheld"


def test_a_task_is_not_handed_to_who_spoke_for_another_body(one_hand: Hands) -> None:
    both = {"key": "opinion", "act": "opinion", "bodies": ["street", "admission_office"]}
    in_force(one_hand, files_with(flow(both, STREET)))
    request = accepted(one_hand, submitted(one_hand, drafted(one_hand)))
    speaks(one_hand, "county.head", request, "opinion")
    posted(one_hand("auditor").office, "county.head", "street.head", "o-990102001")
    given = task(one_hand, request, "decide", "street.head")
    with refused("transfer.tied"):
        passes(one_hand, "street.head", given, "county.head")


def test_a_task_is_not_handed_to_who_took_part_in_what_was_annulled(one_hand: Hands) -> None:
    colleague(one_hand, "street.head", OTHER)
    colleague(one_hand, "street.head", "street.third")
    request = rejected(one_hand)
    review = asks(one_hand, request)
    lies = rows(one_hand, Task, id=review.task_id)[0]
    with refused("transfer.tied"):
        passes(one_hand, OTHER, lies, "street.head")
    reviews(one_hand, review, "annulled")
    again = task(one_hand, request, "decide", "street.head")
    with refused("transfer.tied"):
        passes(one_hand, OTHER, again, "street.head")
    passes(one_hand, OTHER, again, "street.third")
    order = handing_over.HandoverCommand(
        person_id="u-street.third", reason="left", to="person-street.head"
    )
    with refused("handover.tied"):
        one_hand("county.head").do(lambda d: handing_over.hand_over(d, order))


def test_a_seat_goes_to_nobody_who_may_not_vote(one_hand: Hands) -> None:
    in_force(one_hand, files_with(flow(ALONE)))
    called(one_hand, another(one_hand))
    order = handing_over.HandoverCommand(
        person_id="person-street.head", reason="left", to="person-street.clerk"
    )
    with refused("handover.receiver"):
        one_hand("county.head").do(lambda d: handing_over.hand_over(d, order))


def test_who_spoke_for_another_body_does_not_review(one_hand: Hands) -> None:
    both = {"key": "opinion", "act": "opinion", "bodies": ["admission_office"]}
    in_force(one_hand, files_with(flow(both, STREET)))
    request = accepted(one_hand, submitted(one_hand, drafted(one_hand)), by="county.office")
    speaks(one_hand, "county.head", request, "opinion")
    held, no = now(one_hand, request), DecideCommand(reason="不同意")
    one_hand("street.head").do(lambda d: approving.reject(d, held.id, held.version, no))
    review = asks(one_hand, request)
    posted(one_hand("auditor").office, "county.head", "street.head", "o-990102001")
    with refused("access.tied"):
        reviews(one_hand, review, "upheld", by="county.head")


def test_who_filed_a_case_does_not_enter_the_votes_on_it(one_hand: Hands) -> None:
    in_force(one_hand, files_with(flow(ALONE)))
    request = another(one_hand)
    meeting = called(one_hand, request)
    posted(one_hand("auditor").office, "dept.clerk", "county.office", HOUSE)
    with refused("access.tied"):
        votes(one_hand, "dept.clerk", meeting, request, for_person=ident(one_hand, "gov.head"),
              document_id=paper(one_hand, meeting, DocumentType.OTHER))  # fmt: skip


def test_who_reads_a_case_is_told_why_they_do_not_review_it_and_a_stranger_nothing(
    one_hand: Hands,
) -> None:
    colleague(one_hand, "street.head", OTHER)
    review = asks(one_hand, rejected(one_hand))
    with refused("access.forbidden"):
        reviews(one_hand, review, "upheld", by="dept.head")
    with refused("access.hidden"):
        reviews(one_hand, review, "upheld", by="dept2.head")


# ---- 联席会议 --------------------------------------------------------------------------------------


def test_the_task_that_a_meeting_votes_on_outlives_a_merger(one_hand: Hands) -> None:
    either = {**ALONE, "bodies": ["joint_conference", "admission_office"], "quorum": "any"}
    in_force(one_hand, files_with(flow(either)))
    request = another(one_hand)
    meeting = called(one_hand, request)
    merger = {"kind": "merge", "object_kind": "organisation", "sources": [HOUSE]}
    carried_out(one_hand, **merger, successors=[{"id": "o-990102-admission"}])
    left = [t for t in tasks(one_hand, request, "decide") if t.state == "open"]
    assert [t.id for t in left] == [meeting.agenda[0].task_id]
    held = now(one_hand, meeting)
    for by in ("gov.head", "street.head", "finance.head"):
        votes(one_hand, by, held, request)
    done = closed(one_hand, held, "gov.head", "street.head", "finance.head", by="county.head")
    assert done.agenda[0].skipped == ""
    assert now(one_hand, request).state is State.APPROVED


def test_nobody_takes_back_a_word_on_which_a_meeting_has_voted(one_hand: Hands) -> None:
    examine = {"key": "examine", "act": "examine", "bodies": ["street"]}
    in_force(one_hand, files_with(flow(examine, ALONE)))
    request = accepted(one_hand, submitted(one_hand, drafted(one_hand)))
    speaks(one_hand, "street.clerk", request, "examine")
    meeting = called(one_hand, now(one_hand, request))
    votes(one_hand, "gov.head", meeting, request)
    with refused("task.acted_on"):
        takes_back(one_hand, "street.clerk", tasks(one_hand, request, "examine")[0])
    assert states(one_hand, request) == {"examine": "done", "decide": "open"}


# ---- 复核 -----------------------------------------------------------------------------------------


def test_a_review_gives_nobody_less_than_was_paid(one_hand: Hands) -> None:
    colleague(one_hand, "street.head", OTHER)
    request = in_part(one_hand, areas=AREAS[:1])
    funded(one_hand, agreed(one_hand, request), 300000)
    review = asks(one_hand, request)
    with refused("change.below_paid"):
        reviews(one_hand, review, "replaced", grant=Grant(areas=AREAS[1:]))


def test_a_review_that_widens_an_admission_asks_for_the_agreement_anew(one_hand: Hands) -> None:
    colleague(one_hand, "street.head", OTHER)
    request = in_part(one_hand, ends_on=date(2026, 5, 31))
    agreed(one_hand, request)
    before = agreement_of(one_hand, request)
    reviews(one_hand, asks(one_hand, request), "replaced")
    after = agreement_of(one_hand, request)
    assert (before.terms.ends_on, after.terms.ends_on) == (date(2026, 5, 31), date(2026, 6, 30))
    assert after.edition == before.edition + 1
    assert {p.state for p in presences(one_hand, request)} == {PresenceState.PLANNED}


# ---- 再评估、试算 -----------------------------------------------------------------------------------


def before(files: dict[str, str], rule: str) -> dict[str, str]:
    """The same pack when a rule was for certificates alone."""
    told = files["rules.csv"].splitlines()
    rows = [r.replace("p,file,*", "p,file,certificate", 1) if r.endswith(rule) else r for r in told]
    return files | {"rules.csv": "\n".join(rows) + "\n"}


LONG = {"duration": "temporary", "ends_on": "2027-06-30", "targets": AREAS[:1]}


def test_what_was_cut_is_judged_anew_as_it_was_cut(office: Office, hand: Hands) -> None:
    files = files_with(flow(STREET))
    in_force(hand, before(files, "DM-TERM-OVER"))
    cut, whole = [
        approved(
            hand,
            accepted(hand, submitted(hand, drafted(hand, title=title, content=title, **LONG))),
            grant=grant,
        )
        for title, grant in (("登记楼道灯具", Grant(ends_on=date(2027, 3, 31))), ("登记扶手", None))
    ]  # fmt: skip
    tick(office)
    in_force(hand, files, since=date(2026, 3, 1))
    tick(office)
    found = {r.request_id: r for r in rows(hand, Reevaluation, object_kind="request")}
    assert found[whole.id].stands is False
    assert cut.id not in found or found[cut.id].stands


def test_a_simulation_weighs_what_is_in_force(one_office: Office, one_hand: Hands) -> None:
    in_part(one_hand, areas=AREAS[1:], funding={"F1": 100000})
    held = draft_of(one_office)
    draft = msgspec.structs.replace(held, files=barring(id=held.id, day="2025-01-01"))
    done = simulate(one_office, order_of(one_office, draft))
    name = rows(one_hand, Area, id=AREAS[1])[0].name
    told = [(line["涉及资金(分)"], line["范围"]) for line in lines(one_office, done)]
    assert told == [("100000", name)]
