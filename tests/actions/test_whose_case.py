"""谁的案子: who is bound to a case decides nothing in it, and each acts for their own body."""

from typing import Any

import msgspec
import pytest

from registry.actions import agreeing, approving, filing, submitting
from registry.actions.approving import DecideCommand
from registry.actions.office import Call, Office, settled
from registry.domain.agreement import Agreement, Side, Signature, SignCommand, TermsCommand
from registry.domain.approval import Decision
from registry.domain.request import Request, State
from tests.actions import case
from tests.actions.case import Hands, admitted, drafted, filing_of, submitted
from tests.actions.refused import refused
from tests.conftest import Hand

TWO_STREETS = {"targets": ["990102001001", "990102002001"]}


def with_posts_of(hand: Hands, by: str, other: str) -> Hand:
    """A person who also holds another's posts, the other's first."""
    person: Hand = hand(by)
    posts = [*hand(other).actor.posts, *person.actor.posts]
    person.actor = msgspec.structs.replace(person.actor, posts=posts)
    return person


def offered(hand: Hands) -> Agreement:
    terms = TermsCommand(request_id=admitted(hand).id, responsibility="培训", acceptance="抽查")
    made: Agreement = hand("dept.clerk").do(lambda d: agreeing.offer(d, terms))
    return made


def signing(hand: Hands, agreement: Agreement, **fields: Any) -> SignCommand:
    scan = case.scanned(hand, "dept.head", agreement)
    return SignCommand(document_id=scan, original_at="档案室一号柜", **fields)


def test_who_heads_two_departments_signs_for_the_one_that_asks(one_hand: Hands) -> None:
    agreement = offered(one_hand)
    command = signing(one_hand, agreement)
    head = with_posts_of(one_hand, "dept.head", "dept2.head")
    head.do(lambda d: agreeing.sign(d, agreement.id, agreement.version, command))
    held = head.office.store.reader.find(Signature, "990102", agreement_id=agreement.id)
    assert [(s.side, s.organisation_id) for s in held] == [(Side.DEPARTMENT, "o-990102-civil")]


def test_nobody_signs_for_a_presence_that_is_not_there(one_hand: Hands) -> None:
    agreement = offered(one_hand)
    command = signing(one_hand, agreement, presence_id="none")
    with refused("access.hidden"):
        one_hand("dept.head").do(
            lambda d: agreeing.sign(d, agreement.id, agreement.version, command)
        )


def test_a_decision_is_issued_in_the_name_of_the_body_whose_task_it_is(one_hand: Hands) -> None:
    request = case.examined(
        one_hand, case.accepted(one_hand, submitted(one_hand, drafted(one_hand)))
    )
    head = with_posts_of(one_hand, "street.head", "street2.head")
    command = DecideCommand(reason="同意")
    head.do(lambda d: approving.approve(d, request.id, request.version, command))
    issued = head.office.store.reader.find(Decision, "990102", request_id=request.id)
    assert [d.organisation_id for d in issued] == ["o-990102001"]


@pytest.mark.parametrize("verb", [approving.not_accept, approving.terminate])
def test_a_street_that_only_advises_ends_no_case(one_hand: Hands, verb: Any) -> None:
    request = case.accepted(one_hand, submitted(one_hand, drafted(one_hand, **TWO_STREETS)))
    with refused("step.not_deciding"):
        one_hand("street.head").do(
            lambda d: verb(d, request.id, request.version, DecideCommand(reason="不同意"))
        )


def test_a_streets_own_request_is_judged_above_it_and_not_by_itself(one_hand: Hands) -> None:
    own = filing_of(applicants=[{"organisation_id": "o-990102001", "leading": True}], funding=[])
    command = filing.DraftCommand(filing=own)
    request: Request = one_hand("street.clerk").do(lambda d: filing.draft(d, command)).request
    order = submitting.SubmitCommand(insist=True, reason="确有必要")
    request = one_hand("street.head").do(
        lambda d: submitting.submit(d, request.id, request.version, order)
    ).request  # fmt: skip
    assert case.open_tasks(one_hand, "street.clerk", request) == []
    assert case.accepted(one_hand, request, by="county.office").state is State.ACCEPTED


def test_who_edited_a_filing_does_not_decide_it(one_hand: Hands) -> None:
    """One person is the department's clerk and the street's head (P37)."""
    both = with_posts_of(one_hand, "street.head", "dept.clerk")
    request = drafted(one_hand)
    request = both.do(
        lambda d: filing.edit(d, request.id, request.version, filing_of(standard="逐户"))
    ).request
    both.actor = one_hand("street.head").actor
    request = case.examined(one_hand, case.accepted(one_hand, submitted(one_hand, request)))
    with refused("access.tied"):
        both.do(
            lambda d: approving.approve(
                d, request.id, request.version, DecideCommand(reason="同意")
            )
        )


def sent_back(hand: Hands, request: Request) -> Request:
    command = approving.ReturnCommand(items=["补充范围"])
    view = hand("street.clerk").do(
        lambda d: approving.send_back(d, request.id, request.version, command)
    )
    after: Request = view.request
    return after


def edited(hand: Hands, request: Request, **changes: Any) -> Request:
    view = hand("dept.clerk").do(
        lambda d: filing.edit(d, request.id, request.version, filing_of(**changes))
    )
    after: Request = view.request
    return after


@pytest.mark.parametrize("title", ["节水宣传", "楼道灯具编号拍照"])
def test_what_now_concerns_another_street_is_decided_by_that_street(
    one_hand: Hands, title: str
) -> None:
    """A listed title takes one deciding step, the other an examination before it."""
    request = sent_back(
        one_hand, case.accepted(one_hand, submitted(one_hand, drafted(one_hand, title=title)))
    )
    request = submitted(one_hand, edited(one_hand, request, title=title, targets=["990102002001"]))
    assert (request.state, request.due_on) == (State.SUBMITTED, None)
    with refused("access.hidden"):
        case.accepted(one_hand, request)
    assert case.open_tasks(one_hand, "street.clerk", request) == []
    assert case.accepted(one_hand, request, by="street2.clerk").state is State.ACCEPTED


def test_what_is_listed_no_more_after_supplementing_is_examined_after_all(
    one_hand: Hands,
) -> None:
    request = case.accepted(one_hand, submitted(one_hand, drafted(one_hand, title="节水宣传")))
    request = submitted(one_hand, edited(one_hand, sent_back(one_hand, request)))
    request = case.accepted(one_hand, request)
    with refused("step.not_deciding"):
        case.approved(one_hand, request)
    assert case.approved(one_hand, case.examined(one_hand, request)).state is State.APPROVED


def test_what_is_supplemented_without_moving_goes_back_to_the_step_it_came_from(
    one_hand: Hands,
) -> None:
    request = case.accepted(one_hand, submitted(one_hand, drafted(one_hand)))
    request = submitted(one_hand, edited(one_hand, sent_back(one_hand, request), standard="逐户"))
    assert (request.state, request.flow) == (State.ACCEPTED, "street-decides")


def test_many_decisions_at_once_each_get_their_own_number(office: Office, hand: Hands) -> None:
    ready = [
        case.accepted(hand, submitted(hand, drafted(hand, title="节水宣传"))) for _ in range(10)
    ]
    head = hand("street.head")
    call = Call(actor=head.actor, county="990102", act="request.approve")

    def approving_of(request: Request) -> Any:
        command = DecideCommand(reason="同意")
        return lambda d: approving.approve(d, request.id, request.version, command)

    waiting = [office.submit(call, approving_of(request)) for request in ready]
    assert all(settled(one.result()).version for one in waiting)
    issued = office.store.reader.find(Decision, "990102")
    assert len({d.number for d in issued}) == len(ready)
