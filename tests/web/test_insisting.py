"""坚持申报: a refused submission says on its page why, what would let it pass, and how to insist."""

from collections.abc import Callable

from registry.actions.office import Office
from registry.domain.request import State
from tests.web.seated import Seat
from tests.web.test_case import do, the_case, typed_filing

Seats = Callable[[str], Seat]


def test_a_refused_submission_is_told_with_its_rules_and_insisted_on_from_the_same_page(
    seat: Seats, one_office: Office
) -> None:
    do(seat("dept.clerk"), "request.draft", **typed_filing(funding=[]))
    case, head = the_case(one_office), seat("dept.head")
    at = f"/do/request.submit?id={case.id}"
    told = head.post(at, head.hidden(at))
    assert told.status_code == 422 and "怎样坚持申报" in told.text and "坚持申报" in told.text
    assert the_case(one_office).state is State.DRAFT
    hidden = head.sent(told)
    bare = head.post(at, hidden | {"insist": "true"})
    assert bare.status_code == 422 and "坚持申报须说明理由" in bare.text
    done = head.post(at, head.sent(bare) | {"insist": "true", "reason": "上级要求限期完成"})
    assert done.status_code == 303, done.text
    case = the_case(one_office)
    assert (case.state, case.insisted, case.insist_reason) == (
        State.SUBMITTED, True, "上级要求限期完成",
    )  # fmt: skip
