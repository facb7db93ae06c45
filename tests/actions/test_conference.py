"""联席会议: who is called, who votes and who stands aside, and what a meeting may decide."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.actions import approving, filing
from registry.actions.approving import DecideCommand
from registry.actions.attaching import AttachCommand
from registry.actions.conference import casting, concluding, conferring
from registry.actions.conference.casting import VoteCommand
from registry.actions.conference.concluding import CloseCommand
from registry.actions.conference.conferring import CancelCommand, ConferenceCommand
from registry.actions.office import Answer, Call, settled
from registry.actions.reading import ListQuery, page
from registry.domain.admission import Verdict
from registry.domain.approval import Ballot, Decision, DecisionKind, Opinion
from registry.domain.conference import (
    Conference,
    ConferenceState,
    ConferenceVote,
    Member,
    least,
    result_of,
    tally,
)
from registry.domain.document import Document, DocumentType
from registry.domain.errors import Refusal
from registry.domain.notice import Notice
from registry.domain.request import Request, State
from registry.store.verify import verify
from tests.actions import case
from tests.actions.case import Hands, accepted, attached, drafted, submitted
from tests.actions.flowed import files_with, flow, in_force
from tests.actions.refused import refused
from tests.actions.test_flows import needing_experts

HOUSE = "o-990102-conference"
ALONE = {"key": "decide", "act": "decide", "bodies": ["joint_conference"]}
OFFICE = {"key": "decide", "act": "decide", "bodies": ["admission_office"]}
SITTING = ("conference.head", "gov.head", "street.head", "finance.head", "community.head")
TODAY = date(2026, 3, 2)


def ident(hand: Hands, name: str) -> str:
    return str(hand(name).actor.person_id)


def seats(hand: Hands, *names: str) -> list[Member]:
    return [
        Member(person_id=ident(hand, n), organisation_id=hand(n).actor.posts[0].organisation_id)
        for n in names or SITTING
    ]  # fmt: skip


def before(hand: Hands, *steps: dict[str, Any], **filed: Any) -> Request:
    """A case that lies at the conference, under a flow of these steps."""
    in_force(hand, files_with(flow(*(steps or (ALONE,)))))
    return another(hand, **filed)


def another(hand: Hands, **filed: Any) -> Request:
    return accepted(hand, submitted(hand, drafted(hand, **filed)), by="conference.head")


def order(hand: Hands, *requests: Request, **fields: Any) -> ConferenceCommand:
    given = {"title": "第一次会议", "held_on": TODAY, "members": seats(hand)}
    return ConferenceCommand(**{**given, "agenda": [r.id for r in requests], **fields})


def called(hand: Hands, *requests: Request, by: str = "conference.head", **fields: Any) -> Any:
    command = order(hand, *requests, **fields)
    return hand(by).do(lambda d: conferring.call(d, command))


def votes(
    hand: Hands, by: str, held: Conference, request: Request, **fields: Any
) -> ConferenceVote:
    command = VoteCommand(**{"request_id": request.id, "ballot": Ballot.AGREE, **fields})
    found: ConferenceVote = hand(by).do(lambda d: casting.vote(d, held.id, held.version, command))
    return found


def paper(hand: Hands, held: Conference, type: DocumentType = DocumentType.MINUTES) -> str:
    command = AttachCommand(
        parent_kind="conference", parent_id=held.id, type=type, name="会议文件.pdf", not_secret=True
    )  # fmt: skip
    return str(attached(hand, "conference.head", command, b"%PDF-1.4 " + type.encode()).id)


def closed(hand: Hands, held: Conference, *present: str, by: str = "conference.head",
           **fields: Any) -> Conference:  # fmt: skip
    told = {
        "present": [ident(hand, n) for n in present or SITTING], "minutes_number": "演联纪1号",
        "document_id": fields.pop("document_id", "") or paper(hand, held),
    }  # fmt: skip
    command = CloseCommand(**{**told, **fields})
    found: Conference = hand(by).do(lambda d: concluding.close(d, held.id, held.version, command))
    return found


def now(hand: Hands, request: Request) -> Request:
    found: Request = hand("auditor").office.store.reader.get(Request, "990102", request.id)
    return found


def rows(hand: Hands, kind: type[Any], **equals: Any) -> list[Any]:
    return list(hand("auditor").office.store.reader.find(kind, "990102", **equals))


def decision_of(hand: Hands, request: Request) -> Decision:
    (found,) = rows(hand, Decision, request_id=request.id)
    return found  # type: ignore[no-any-return]


# ---- arithmetic ----------------------------------------------------------------------------------


@given(count=st.integers(0, 400), percent=st.integers(1, 100))
def test_the_least_number_reaches_the_share_and_one_fewer_does_not(
    count: int, percent: int
) -> None:  # fmt: skip
    found = least(count, percent)
    assert found * 100 >= count * percent
    assert found == 0 or (found - 1) * 100 < count * percent
    assert found <= count


@given(
    st.lists(st.sampled_from(list(Ballot)), max_size=40), st.integers(0, 20), st.integers(1, 100)
)
def test_a_case_is_carried_by_those_who_may_vote_and_not_by_those_who_did(
    ballots: list[Ballot], silent: int, percent: int
) -> None:  # fmt: skip
    may_vote = len(ballots) + silent
    found = result_of(tally(ballots, may_vote), percent)
    if not ballots:
        assert found is None, "nobody voted: it is put off"
    else:
        carried = ballots.count(Ballot.AGREE) * 100 >= percent * may_vote
        assert found is (Ballot.AGREE if carried else Ballot.DISAGREE)


# ---- the meeting decides -------------------------------------------------------------------------


def test_a_carried_case_is_decided_in_the_conferences_name_by_its_minutes(hand: Hands) -> None:
    request = before(hand)
    held = called(hand, request)
    for name in ("gov.head", "street.head", "finance.head"):
        votes(hand, name, held, request)
    votes(hand, "community.head", held, request, ballot=Ballot.COMMENT)
    after = closed(hand, held)
    assert (after.state, after.quorum) == (ConferenceState.CLOSED, 3)
    (item,) = after.agenda
    assert (item.agree, item.abstain, item.may_vote, item.needed) == (3, 1, 5, 3)
    assert (item.result, item.skipped) == (Ballot.AGREE, "")
    assert now(hand, request).state is State.APPROVED
    decision = decision_of(hand, request)
    assert decision.kind is DecisionKind.ADMITTED
    assert (decision.organisation_id, decision.conference_id) == (HOUSE, held.id)
    assert decision.person_id == ident(hand, "conference.head")
    assert "演联纪1号" in decision.reason
    (said,) = [o for o in rows(hand, Opinion, request_id=request.id) if o.organisation_id == HOUSE]
    assert said.conference_id == held.id
    assert verify(hand("auditor").office.store.engine, "990102").fault is None


def test_a_case_that_is_not_carried_is_not_admitted(one_hand: Hands) -> None:
    request = before(one_hand)
    held = called(one_hand, request)
    votes(one_hand, "gov.head", held, request)
    votes(one_hand, "street.head", held, request)
    after = closed(one_hand, held)
    assert after.agenda[0].result is Ballot.DISAGREE, "two of five who may vote carry nothing"
    assert now(one_hand, request).state is State.REJECTED
    assert decision_of(one_hand, request).conference_id == held.id


def test_a_case_without_a_vote_is_put_off_to_the_next_meeting(one_hand: Hands) -> None:
    request = before(one_hand)
    other = another(one_hand, title="楼道灯具二次登记")
    held = called(one_hand, request, other)
    for name in ("gov.head", "street.head", "finance.head"):
        votes(one_hand, name, held, request)
    after = closed(one_hand, held)
    assert [i.result for i in after.agenda] == [Ballot.AGREE, None]
    assert now(one_hand, other).state is State.ACCEPTED
    assert [t.state for t in case.open_tasks(one_hand, "conference.head", other)] == ["open"]
    following = called(one_hand, other, title="第二次会议")
    assert following.agenda[0].task_id == after.agenda[1].task_id


def test_what_the_conference_ratifies_names_the_meeting_and_the_body_below(one_hand: Hands) -> None:
    ratify = {"key": "ratify", "act": "ratify", "bodies": ["joint_conference"]}
    in_force(one_hand, files_with(flow(OFFICE, ratify)))
    request = accepted(one_hand, submitted(one_hand, drafted(one_hand)), by="county.office")
    case.approved(one_hand, request, by="county.head")
    held = called(one_hand, request)
    for name in ("gov.head", "street.head", "finance.head"):
        votes(one_hand, name, held, request)
    closed(one_hand, held)
    decision = decision_of(one_hand, request)
    assert (decision.organisation_id, decision.ratified_by) == ("o-990102-admission", HOUSE)
    assert decision.conference_id == held.id


def test_what_the_conference_decides_and_another_ratifies_names_the_meeting(
    one_hand: Hands,
) -> None:
    ratify = {"key": "ratify", "act": "ratify", "bodies": ["government"]}
    request = before(one_hand, ALONE, ratify)
    held = called(one_hand, request, members=seats(one_hand, "conference.head", "street.head"))
    votes(one_hand, "conference.head", held, request)
    votes(one_hand, "street.head", held, request)
    closed(one_hand, held, "conference.head", "street.head")
    assert rows(one_hand, Decision, request_id=request.id) == []
    case.approved(one_hand, now(one_hand, request), by="gov.head")
    assert decision_of(one_hand, request).conference_id == held.id


# ---- quorum, minutes, presence -------------------------------------------------------------------


def test_without_a_quorum_nothing_is_decided(one_hand: Hands) -> None:
    request = before(one_hand)
    held = called(one_hand, request)
    votes(one_hand, "gov.head", held, request)
    with refused("conference.no_quorum") as info:
        closed(one_hand, held, "gov.head", "street.head")
    assert info.value.facts["quorum"] == 3
    assert now(one_hand, request).state is State.ACCEPTED
    assert rows(one_hand, Conference)[0].state is ConferenceState.CONVENED


def test_a_vote_of_somebody_who_did_not_sit_stops_the_meeting(one_hand: Hands) -> None:
    request = before(one_hand)
    held = called(one_hand, request)
    votes(one_hand, "community.head", held, request)
    with refused("conference.absent_vote"):
        closed(one_hand, held, "gov.head", "street.head", "finance.head")


def test_only_members_are_counted_present(one_hand: Hands) -> None:
    held = called(one_hand, before(one_hand))
    with refused("conference.present"):
        closed(one_hand, held, "gov.head", "street.head", "finance.head", "county.head")


def test_minutes_are_a_paper_of_this_meeting_and_of_that_type(one_hand: Hands) -> None:
    held = called(one_hand, before(one_hand))
    with refused("conference.minutes"):
        closed(one_hand, held, document_id=paper(one_hand, held, DocumentType.PHOTO))
    with refused("document.foreign"):
        closed(one_hand, held, document_id="doc-none")


def test_nothing_is_voted_or_closed_before_the_day_of_the_meeting(one_hand: Hands) -> None:
    request = before(one_hand)
    held = called(one_hand, request, held_on=date(2026, 3, 3))
    with refused("conference.too_early"):
        votes(one_hand, "gov.head", held, request)
    with refused("conference.too_early"):
        closed(one_hand, held)


# ---- voting --------------------------------------------------------------------------------------


def test_a_member_votes_once(hand: Hands) -> None:
    request = before(hand)
    held = called(hand, request)
    votes(hand, "gov.head", held, request)
    with refused("conference.voted"):
        votes(hand, "gov.head", held, request, ballot=Ballot.DISAGREE)
    with refused("conference.voted"):
        votes(hand, "conference.head", held, request, ballot=Ballot.DISAGREE,
              for_person=ident(hand, "gov.head"), document_id=paper(hand, held))  # fmt: skip
    assert [v.ballot for v in rows(hand, ConferenceVote)] == [Ballot.AGREE]


def test_the_office_enters_a_members_vote_only_with_their_paper_ballot(one_hand: Hands) -> None:
    request = before(one_hand)
    held = called(one_hand, request)
    member = ident(one_hand, "street.head")
    with refused("conference.paper"):
        votes(one_hand, "conference.head", held, request, for_person=member)
    with refused("document.foreign"):
        votes(one_hand, "conference.head", held, request, for_person=member, document_id="doc-x")
    ballot = paper(one_hand, held, DocumentType.OTHER)
    kept = votes(
        one_hand, "conference.head", held, request, for_person=member, document_id=ballot
    )  # fmt: skip
    assert (kept.person_id, kept.recorded_by) == (member, ident(one_hand, "conference.head"))
    with refused("access.forbidden"):
        votes(one_hand, "gov.head", held, request,
              for_person=ident(one_hand, "finance.head"), document_id=ballot)  # fmt: skip


def test_who_does_not_sit_does_not_vote(one_hand: Hands) -> None:
    request = before(one_hand)
    held = called(one_hand, request)
    with refused("access.forbidden"):
        votes(one_hand, "county.head", held, request)
    with refused("access.hidden"):
        votes(one_hand, "street2.head", held, request)
    with refused("conference.member"):
        votes(one_hand, "conference.head", held, request,
              for_person=ident(one_hand, "county.head"), document_id="doc-x")  # fmt: skip
    other = another(one_hand, title="楼道灯具二次登记")
    with refused("conference.off_agenda"):
        votes(one_hand, "gov.head", held, other)


def test_who_asks_stands_aside_and_is_not_counted(one_hand: Hands) -> None:
    request = before(one_hand)
    names = ("conference.head", "gov.head", "street.head", "dept.head")
    held = called(one_hand, request, members=seats(one_hand, *names))
    with refused("conference.stands_aside"):
        votes(one_hand, "dept.head", held, request)
    with refused("conference.stands_aside"):
        absent = ident(one_hand, "dept.head")
        page = paper(one_hand, held)
        votes(one_hand, "conference.head", held, request, for_person=absent, document_id=page)
    votes(one_hand, "gov.head", held, request)
    votes(one_hand, "street.head", held, request)
    (item,) = closed(one_hand, held, *names).agenda
    assert (item.may_vote, item.needed, item.result) == (3, 2, Ballot.AGREE)


def test_who_filed_a_case_does_not_enter_what_was_decided_on_it(one_hand: Hands) -> None:
    request = before(one_hand)
    held = called(one_hand, request)
    one_hand("gov.head").do(
        lambda d: Answer(body=d.unit.change(
            d.unit.get(Request, request.id), worked_on_by=[ident(one_hand, "conference.head")]
        ))
    )  # fmt: skip
    for name in ("gov.head", "street.head", "finance.head"):
        votes(one_hand, name, held, request)
    (item,) = closed(one_hand, held).agenda
    assert (item.result, item.skipped) == (Ballot.AGREE, "conference.stands_aside")
    assert now(one_hand, request).state is State.ACCEPTED


# ---- calling, changing, calling off --------------------------------------------------------------


def test_only_the_office_of_the_conference_calls_it(one_hand: Hands) -> None:
    request = before(one_hand)
    for name in ("gov.head", "street.head", "dept.head"):
        with refused("access.forbidden"):
            called(one_hand, request, by=name)


def test_a_case_is_on_an_agenda_only_while_it_waits_for_the_conference(one_hand: Hands) -> None:
    request = before(one_hand)
    draft = drafted(one_hand)
    for id in (draft.id, "req-none"):
        with refused("conference.no_case"):
            called(one_hand, agenda=[request.id, id])


def test_a_case_is_on_one_agenda_and_not_decided_beside_it(one_hand: Hands) -> None:
    request = before(one_hand)
    held = called(one_hand, request)
    with refused("conference.on_agenda"):
        called(one_hand, request)
    standing, command = now(one_hand, request), DecideCommand(reason="同意")
    for verb in (approving.approve, approving.reject, approving.not_accept, approving.terminate):
        with refused("conference.on_agenda"):
            one_hand("conference.head").do(
                lambda d, v=verb: v(d, standing.id, standing.version, command)
            )  # fmt: skip
    one_hand("conference.head").do(
        lambda d: conferring.cancel(d, held.id, held.version, CancelCommand(reason="改期"))
    )
    assert case.approved(one_hand, standing, by="conference.head").state is State.APPROVED


def test_members_need_an_account_and_a_post_where_they_sit_for(one_hand: Hands) -> None:
    request = before(one_hand)
    nobody = Member(person_id="u-nobody", organisation_id=HOUSE)
    elsewhere = Member(person_id=ident(one_hand, "gov.head"), organisation_id=HOUSE)
    machine = seats(one_hand, "sys.admin")[0]
    for member in (nobody, elsewhere, machine):
        with refused("conference.member"):
            called(one_hand, request, members=[member])


def test_nobody_and_no_case_is_named_twice(one_hand: Hands) -> None:
    request = before(one_hand)
    with refused("conference.twice"):
        called(one_hand, request, request)
    with refused("conference.twice"):
        called(one_hand, request, members=seats(one_hand, "gov.head", "gov.head"))


def test_who_and_what_was_voted_on_stays_in_the_meeting(one_hand: Hands) -> None:
    request, other = before(one_hand), another(one_hand, title="楼道灯具二次登记")
    held = called(one_hand, request)
    votes(one_hand, "gov.head", held, request)
    amend = _amending(one_hand, held)
    with refused("conference.has_votes"):
        amend(order(one_hand, other))
    with refused("conference.has_votes"):
        amend(order(one_hand, request, members=seats(one_hand, "street.head")))
    after = amend(order(one_hand, other, request, members=seats(one_hand, "gov.head")))
    assert [i.request_id for i in after.agenda] == [other.id, request.id]
    with refused("version.stale"):
        votes(one_hand, "gov.head", held, other)


def _amending(hand: Hands, held: Conference) -> Callable[[ConferenceCommand], Any]:
    return lambda command: hand("conference.head").do(
        lambda d: conferring.amend(d, held.id, held.version, command)
    )


def test_after_the_end_nothing_more_is_voted_changed_or_closed(one_hand: Hands) -> None:
    request = before(one_hand)
    held = called(one_hand, request)
    after = closed(one_hand, held)
    with refused("conference.state"):
        votes(one_hand, "gov.head", after, request)
    with refused("conference.state"):
        _amending(one_hand, after)(order(one_hand, request))
    with refused("conference.state"):
        closed(one_hand, after, document_id=str(after.document_id))


def test_a_case_withdrawn_meanwhile_is_skipped_and_told(one_hand: Hands) -> None:
    request, other = before(one_hand), another(one_hand, title="楼道灯具二次登记")
    held = called(one_hand, request, other)
    for one in (request, other):
        for name in ("gov.head", "street.head", "finance.head"):
            votes(one_hand, name, held, one)
    standing = now(one_hand, request)
    one_hand("dept.head").do(lambda d: filing.withdraw(d, standing.id, standing.version))
    after = closed(one_hand, held)
    assert [i.skipped for i in after.agenda] == ["task.none", ""]
    assert (now(one_hand, request).state, now(one_hand, other).state) == (
        State.WITHDRAWN,
        State.APPROVED,
    )
    told = [n.text for n in rows(one_hand, Notice, person_id=ident(one_hand, "gov.head"))]
    assert any("未能办理 1 件" in t for t in told)


def test_what_the_rules_stop_at_approval_is_skipped_and_its_verdict_kept(one_hand: Hands) -> None:
    in_force(one_hand, needing_experts(ALONE))
    request = another(one_hand)
    held = called(one_hand, request)
    for name in ("gov.head", "street.head", "finance.head"):
        votes(one_hand, name, held, request)
    (item,) = closed(one_hand, held).agenda
    assert (item.result, item.skipped) == (Ballot.AGREE, "gate.refused")
    assert now(one_hand, request).state is State.ACCEPTED
    assert rows(one_hand, Opinion, request_id=request.id) == []
    (verdict,) = rows(one_hand, Verdict, request_id=request.id, gate="approve")
    assert verdict.rules[0].rule == "EXP"
    with refused("gate.refused"):
        case.approved(one_hand, now(one_hand, request), by="conference.head")


def test_a_pack_without_a_conference_has_none(one_hand: Hands) -> None:
    held = '[conference]\nbody = "joint_conference"\nquorum = 50\ncarried = 51\n'
    files = files_with(flow(ALONE), replace=((held + 'grade = "configured"\n', ""),))
    in_force(one_hand, files)
    with refused("conference.no_rule"):
        called(one_hand, another(one_hand))


# ---- at once -------------------------------------------------------------------------------------


def at_once(hand: Hands, acts: list[tuple[str, Callable[[Any], Any]]]) -> list[str]:
    """What several people do at the same moment: for each the code, or nothing if it was done."""
    people = [hand(name) for name, _ in acts]
    waiting = [
        p.office.submit(Call(actor=p.actor, county=p.county, act="test"), verb)
        for p, (_, verb) in zip(people, acts, strict=True)
    ]
    return [_code(one) for one in waiting]


def _code(waiting: Any) -> str:
    try:
        settled(waiting.result())
    except Refusal as refusal:
        return refusal.code
    return ""


def test_of_two_closes_and_a_vote_at_once_one_meeting_comes(hand: Hands) -> None:
    request = before(hand)
    held = called(hand, request)
    for name in ("gov.head", "street.head", "finance.head"):
        votes(hand, name, held, request)
    command = CloseCommand(
        present=[ident(hand, n) for n in SITTING], minutes_number="演联纪1号",
        document_id=paper(hand, held),
    )  # fmt: skip
    last = VoteCommand(request_id=request.id, ballot=Ballot.DISAGREE)
    close = ("conference.head", lambda d: concluding.close(d, held.id, held.version, command))
    vote = ("community.head", lambda d: casting.vote(d, held.id, held.version, last))
    codes = at_once(hand, [close, vote, close, close])
    first = [codes[0], codes[2], codes[3]]
    assert sorted(first) == ["", "conference.state", "conference.state"]
    (item,) = rows(hand, Conference)[0].agenda
    kept = rows(hand, ConferenceVote)
    assert len(kept) == item.agree + item.disagree + item.abstain, "every vote kept was counted"
    assert codes[1] in ("", "conference.state")
    assert len(rows(hand, Decision, request_id=request.id)) == 1


def test_of_two_calls_at_once_a_case_comes_on_one_agenda(hand: Hands) -> None:
    request = before(hand)
    command = order(hand, request)
    call = ("conference.head", lambda d: conferring.call(d, command))
    assert sorted(at_once(hand, [call, call])) == ["", "conference.on_agenda"]


# ---- reading -------------------------------------------------------------------------------------


def test_a_member_reads_the_meeting_and_its_minutes_and_no_other_members_vote(hand: Hands) -> None:
    request = before(hand)
    held = called(hand, request)
    ballot = paper(hand, held, DocumentType.OTHER)
    votes(hand, "finance.head", held, request)
    votes(hand, "street.head", held, request)
    minutes = str(closed(hand, held, "finance.head", "street.head", "gov.head").document_id)

    def seen(name: str, kind: type[Any]) -> set[str]:
        person = hand(name)
        return {r.id for r in page(person.office, person.actor, kind, ListQuery()).items}

    assert held.id in seen("community.head", Conference)
    assert held.id not in seen("dept.head", Conference)
    assert {minutes} <= seen("community.head", Document)
    assert ballot not in seen("community.head", Document)
    assert len(seen("street.head", ConferenceVote)) == 1
    assert seen("dept.head", ConferenceVote) == set(), "who asks does not read how each voted"
    assert len(seen("conference.head", ConferenceVote)) == 2


@pytest.mark.parametrize("word", ["amend", "vote", "close", "cancel"])
def test_every_act_on_a_meeting_names_the_version_it_saw(one_hand: Hands, word: str) -> None:
    request = before(one_hand)
    held = called(one_hand, request)
    acts: dict[str, Callable[[Any], Any]] = {
        "amend": lambda d: conferring.amend(d, held.id, None, order(one_hand, request)),
        "vote": lambda d: casting.vote(
            d, held.id, None, VoteCommand(request_id=request.id, ballot=Ballot.AGREE)),
        "close": lambda d: concluding.close(
            d, held.id, None, CloseCommand(present=[], minutes_number="1", document_id="d")),
        "cancel": lambda d: conferring.cancel(d, held.id, None, CancelCommand(reason="改期")),
    }  # fmt: skip
    with refused("version.required"):
        one_hand("conference.head").do(acts[word])
