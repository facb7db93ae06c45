"""案卷页: a case goes its whole way through pages alone, from hand to hand, as through the API."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec

from registry.actions.office import Answer, Office
from registry.domain.afterwards import Revocation
from registry.domain.agreement import Agreement
from registry.domain.approval import Ballot, Opinion, Task, TaskState
from registry.domain.presence import Presence, PresenceState
from registry.domain.redress import Objection
from registry.domain.request import Request, State
from registry.web.case import MOST
from registry.web.forms.filled import as_typed
from tests.actions.case import OFF_LIST, filing_of
from tests.conftest import NOON, Hand, MovingClock
from tests.web.seated import Seat

Seats = Callable[[str], Seat]
COUNTY = "990102"
LINE = {"lines.0.funding_key": "F1", "lines.0.amount_fen": "3,000.00"}
SCAN = ("签字页.txt", "双方签字（演示）".encode(), "text/plain")


def typed_filing(**changes: Any) -> dict[str, str]:
    """The filing of the demo case as a clerk types it."""
    typed = as_typed({"filing": {**OFF_LIST, **changes}})
    return {name: value for name, values in typed.items() for value in values}


def the_case(office: Office) -> Request:
    return office.store.reader.find(Request, COUNTY)[-1]


def the_task(office: Office) -> Task:
    return next(t for t in office.store.reader.find(Task, COUNTY) if t.state is TaskState.OPEN)


def do(seat: Seat, act: str, id: str = "", **typed: Any) -> Any:
    path = f"/do/{act}" + (f"?id={id}" if id else "")
    files = typed.pop("files", None)
    answer = seat.post(path, seat.hidden(path) | typed, **({"files": files} if files else {}))
    assert answer.status_code == 303, re.sub(r"<[^>]+>|\s+", " ", answer.text)
    return answer


def admitted(seat: Seats, office: Office) -> Request:
    do(seat("dept.clerk"), "request.draft", **typed_filing())
    case = the_case(office)
    do(seat("dept.head"), "request.submit", case.id)
    do(seat("street.clerk"), "request.accept", case.id)
    do(seat("street.clerk"), "task.opine", the_task(office).id, ballot="agree", text="齐全")
    do(seat("street.head"), "request.approve", case.id, reason="确需社区协助，同意准入")
    return the_case(office)


def paid_to_the_street(seat: Seats, office: Office, clock: MovingClock, case: Request) -> Presence:
    """Agreed by both, ordered, sent and arrived at the street."""
    told = {"responsibility": "民政局负责经费", "acceptance": "抽查一成", "exit_terms": "期满终止"}
    do(seat("dept.clerk"), "agreement.offer", **told, request_id=case.id)
    agreement = office.store.reader.find(Agreement, COUNTY)[0]
    place = office.store.reader.find(Presence, COUNTY, request_id=case.id)[0]
    signed = {
        "means": "paper",
        "original_at": "一号柜",
        "_not_secret": "true",
        "_type": "agreement",
    }
    do(seat("dept.head"), "agreement.sign", agreement.id, **signed, files={"document_id": SCAN})
    do(seat("community.head"), "agreement.sign", agreement.id, **signed, presence_id=place.id,
       files={"document_id": SCAN})  # fmt: skip
    clock.at += timedelta(days=14)
    for who, stage, number, confirms in (
        ("dept.head", "order", "拨款令1", ""),
        ("finance.clerk", "dispatch", "拨付1", "finance.head"),
        ("street.clerk", "street_arrival", "到账1", "street.head"),
    ):
        money = LINE | {"lines.0.presence_id": place.id, "total_fen": "0.3万元"}
        made = do(seat(who), "voucher.record", request_id=case.id, stage=stage, number=number,
                  fiscal_year="2026", dated_on="2026-03-16", **money)  # fmt: skip
        if confirms:
            id = made.headers["location"].rpartition("/")[2].partition("?")[0]
            do(seat(confirms), "voucher.confirm", id)
    return place


def test_a_case_goes_its_whole_way_by_forms_alone_across_seven_people(
    seat: Seats, one_office: Office, clock: MovingClock
) -> None:
    case = admitted(seat, one_office)
    assert case.state is State.APPROVED
    place = paid_to_the_street(seat, one_office, clock, case)
    money = LINE | {"lines.0.presence_id": place.id, "total_fen": "0.3万元"}
    told = {"stage": "community_arrival", "fiscal_year": "2026", "dated_on": "2026-03-16"}
    cashier = seat("community.cashier")
    made = do(cashier, "voucher.record", request_id=case.id, number="转拨1", **told, **money)
    id = made.headers["location"].rpartition("/")[2].partition("?")[0]
    do(seat("community.worker"), "voucher.confirm", id)
    do(seat("community.head"), "presence.start", place.id)
    place = one_office.store.reader.find(Presence, COUNTY, request_id=case.id)[0]
    assert place.state is PresenceState.ACTIVE


def test_the_page_of_a_case_tells_rules_money_load_and_who_said_what(
    seat: Seats, one_office: Office
) -> None:
    case = admitted(seat, one_office)
    page = seat("street.head").get(f"/case/{case.id}").text
    for said in ("预审意见", "不是决定", "演示县准入办法第六条", "怎样才能办", "8,000.00", "齐全",
                 "云笺演示街道办事处"):  # fmt: skip
        assert said in page, said
    assert "person-street" not in page
    assert "准入通知书" in page and "/papers/notice/" in page


def test_only_what_may_be_done_by_the_person_now_is_offered(
    seat: Seats, one_office: Office
) -> None:
    do(seat("dept.clerk"), "request.draft", **typed_filing())
    case = the_case(one_office)
    do(seat("dept.head"), "request.submit", case.id)
    street = seat("street.clerk").get(f"/case/{case.id}").text
    head = seat("dept.head").get(f"/case/{case.id}").text
    assert "/do/request.accept?" in street and "/do/request.approve?" not in street
    do(seat("street.clerk"), "request.accept", case.id)
    assert "/do/task.opine?" in seat("street.clerk").get(f"/case/{case.id}").text
    assert "/do/request.accept?" not in head and "/do/request.withdraw?" in head


def test_a_body_that_is_asked_finds_the_question_and_the_form_on_the_case(
    seat: Seats, one_office: Office
) -> None:
    do(seat("dept.clerk"), "request.draft", **typed_filing())
    case = the_case(one_office)
    do(seat("dept.head"), "request.submit", case.id)
    do(seat("street.clerk"), "request.accept", case.id)
    asking = f"/do/task.add?id={the_task(one_office).id}"
    told = {"act": "consult", "organisation_id": "o-990102-finance", "reason": "请核经费来源"}
    assert seat("street.clerk").hand_in(asking, **told).status_code == 303
    for who in ("finance.clerk", "finance.head"):
        assert case.title in seat(who).get("/desk").text
        page = seat(who).get(f"/case/{case.id}").text
        assert "/do/task.opine?" in page and "请核经费来源" in page
        assert "/do/request.approve?" not in page and "/do/request.accept?" not in page
    asked = one_office.store.reader.find(Task, COUNTY, organisation_id="o-990102-finance")[0]
    do(seat("finance.clerk"), "task.opine", asked.id, ballot="agree", text="资金来源属实")
    assert "资金来源属实" in seat("street.clerk").get(f"/case/{case.id}").text


def test_a_case_leads_whoever_owes_an_answer_to_what_is_to_be_answered(
    seat: Seats, one_office: Office
) -> None:
    """The desk leads to the case by its title: it may not be a dead end there."""
    case = admitted(seat, one_office)
    place = one_office.store.reader.find(Presence, COUNTY, request_id=case.id)[0]
    do(seat("community.head"), "objection.raise", presence_id=place.id, text="超出准入的范围")
    raised = one_office.store.reader.find(Objection, COUNTY)[0]
    head = seat("street.head")
    assert f"/case/{case.id}" in head.get("/desk").text
    for who, found in (("street.head", True), ("dept.head", False), ("community.head", False)):
        page = seat(who).get(f"/case/{case.id}").text
        assert (f"/records/objections/{raised.id}" in page) is found, who
    answering = f"/do/objection.answer?id={raised.id}"
    form = head.get(answering).text
    for told in ("true", "false"):
        assert f'<input type="radio" name="upheld" value="{told}">' in form, (
            "yes or no, neither set"
        )
    unsaid = head.hand_in(answering, text="未超出范围，维持")
    assert unsaid.status_code == 422 and 'href="#f-upheld"' in unsaid.text
    do(head, "objection.answer", raised.id, upheld="false", text="未超出范围，维持")
    assert raised.id not in head.get(f"/case/{case.id}").text
    told = seat("community.head").get("/records/notices").text
    assert "已答复异议（异议不成立）" in told, "a list of reminders says what each says"


def test_a_revocation_begins_with_telling_the_grounds_and_is_offered_once_that_is_done(
    seat: Seats, one_office: Office
) -> None:
    case = admitted(seat, one_office)
    head, clerk, asks = seat("street.head"), seat("street.clerk"), seat("dept.head")
    page = head.get(f"/case/{case.id}").text
    assert "/do/revocation.propose?request_id=" in page and "/do/request.revoke?" not in page
    assert "/do/revocation.propose?" not in clerk.get(f"/case/{case.id}").text
    path = f"/do/revocation.propose?request_id={case.id}"
    told = {"request_id": case.id, "reason": "不再需要", "money_effect": "stop"}
    assert head.hand_in(path, **told).status_code == 303
    proposed = one_office.store.reader.find(Revocation, COUNTY)[0]
    assert f"/records/revocations/{proposed.id}" in asks.get(f"/case/{case.id}").text
    do(asks, "revocation.answer", proposed.id, waived="true")
    assert proposed.id not in asks.get(f"/case/{case.id}").text
    page = head.get(f"/case/{case.id}").text
    assert "/do/revocation.propose?" not in page and "/do/request.revoke?" in page
    do(head, "request.revoke", case.id, reason="不再需要")
    assert the_case(one_office).state is State.REVOKED


def test_a_review_is_offered_to_who_asked_and_against_what_refuses_alone(
    seat: Seats, one_office: Office
) -> None:
    case = admitted(seat, one_office)
    assert "review.ask" not in offered(seat("dept.head").get(f"/case/{case.id}"))
    do(seat("dept.clerk"), "request.draft", **typed_filing(title="楼道灯具再编号"))
    other = next(one for one in one_office.store.reader.find(Request, COUNTY) if one.id != case.id)
    do(seat("dept.head"), "request.submit", other.id)
    do(seat("street.clerk"), "request.accept", other.id)
    do(seat("street.clerk"), "task.opine", the_task(one_office).id, ballot="disagree", text="重复")
    do(seat("street.head"), "request.reject", other.id, reason="与已准入的重复")
    assert "review.ask" in offered(seat("dept.head").get(f"/case/{other.id}"))
    assert "review.ask" not in offered(seat("street.head").get(f"/case/{other.id}"))


def test_whoever_filed_may_not_decide_whatever_they_post(seat: Seats, one_office: Office) -> None:
    do(seat("dept.clerk"), "request.draft", **typed_filing())
    case = the_case(one_office)
    do(seat("dept.head"), "request.submit", case.id)
    path = f"/do/request.accept?id={case.id}"
    mine = seat("dept.head")
    assert mine.post(path, mine.hidden(path)).status_code == 422
    assert the_case(one_office).state is State.SUBMITTED


def test_a_refused_submission_tells_the_rule_and_the_way_to_yes(
    seat: Seats, one_office: Office
) -> None:
    do(seat("dept.clerk"), "request.draft", **typed_filing(title="要求社区开具收入证明"))
    case, head = the_case(one_office), seat("dept.head")
    path = f"/do/request.submit?id={case.id}"
    answer = head.post(path, head.hidden(path))
    page = answer if answer.status_code == 422 else head.get(f"/case/{case.id}")
    assert "条款" in page.text


def test_a_case_is_kept_from_those_of_elsewhere(seat: Seats, one_office: Office) -> None:
    case = admitted(seat, one_office)
    assert seat("other.office").get(f"/case/{case.id}").status_code == 404
    assert filing_of().title == case.title


def test_the_load_is_told_as_it_would_be_entered_and_only_while_nothing_is_decided(
    seat: Seats, one_office: Office
) -> None:
    do(seat("dept.clerk"), "request.draft", **typed_filing(hours_per_cycle=2, cycle="day"))
    case = the_case(one_office)
    do(seat("dept.head"), "request.submit", case.id)
    waiting = seat("street.head").get(f"/case/{case.id}").text
    told = re.search(r'<td class="num">(\d+) → (\d+)</td><td>', waiting)
    assert told is not None and "社区负担" in waiting
    added = int(told[2]) - int(told[1])
    assert 2 * 240 < added < 2 * 255, "a day's work comes on working days"
    do(seat("street.clerk"), "request.accept", case.id)
    do(seat("street.clerk"), "task.opine", the_task(one_office).id, ballot="agree", text="齐全")
    do(seat("street.head"), "request.approve", case.id, reason="同意")
    assert "社区负担" not in seat("street.head").get(f"/case/{case.id}").text


def test_of_many_opinions_the_page_says_where_the_rest_is_and_offers_ones_own_task_still(
    seat: Seats, one_office: Office
) -> None:
    do(seat("dept.clerk"), "request.draft", **typed_filing())
    case = the_case(one_office)
    do(seat("dept.head"), "request.submit", case.id)
    do(seat("street.clerk"), "request.accept", case.id)
    own = the_task(one_office)
    assert "opinions?request_id" not in seat("street.clerk").get(f"/case/{case.id}").text
    hand = Hand(one_office, "county.head")
    hand.do(lambda desk: Answer(body=[desk.unit.add(row) for row in _crowd(own)]))
    answer = seat("street.clerk").get(f"/case/{case.id}")
    assert answer.status_code == 200, (answer.status_code, answer.headers)
    page = answer.text
    assert f'href="/records/opinions?request_id={case.id}"' in page
    assert f'href="/records/tasks?request_id={case.id}"' in page
    assert f"/do/task.opine?id={own.id}" in page
    assert len(page.encode()) < 100_000
    assert seat("street.clerk").get(f"/records/opinions?request_id={case.id}").status_code == 200


def _crowd(own: Task) -> list[Any]:
    """More opinions and closed tasks of other bodies than a page has room for, of lesser ids."""
    tasks = [
        msgspec.structs.replace(
            own, id=f"a{at}", organisation_id=f"o-{at}", state=TaskState.DONE, version=1
        )
        for at in range(MOST + 1)
    ]
    return tasks + [
        Opinion(
            county=COUNTY, id=f"opn-{task.id}", request_id=own.request_id, step_id=own.step_id,
            task_id=task.id, organisation_id=task.organisation_id, person_id="person-dept.head",
            ballot=Ballot.AGREE, text="同意", given_at=NOON,
        )
        for task in tasks
    ]  # fmt: skip


def offered(page: Any) -> set[str]:
    """The acts that a page of a case leads to."""
    return set(re.findall(r"/do/([a-z_.]+)\?", page.text))


def test_the_head_signs_a_draft_on_its_page_and_goes_on_to_the_next(
    seat: Seats, one_office: Office
) -> None:
    head = seat("dept.head")
    for title in ("楼道灯具编号拍照", "楼道灯具编号复核"):
        do(seat("dept.clerk"), "request.draft", **typed_filing(title=title))
    first = head.get("/desk").text.partition("/case/")[2].partition("?")[0]
    page = head.get(f"/case/{first}?box=todo")
    assert "提交，办下一件" in page.text
    to = re.findall(r'formaction="([^"]+)"', page.text)[0].replace("&amp;", "&")
    assert to.startswith("/do/request.submit?")
    signed = head.post(to, head.sent(page))
    assert signed.status_code == 303 and first not in signed.headers["location"].partition("was")[0]
    assert one_office.store.reader.get(Request, COUNTY, first).state is State.SUBMITTED


def test_a_case_offers_what_its_state_asks_for_and_to_those_it_waits_for(
    seat: Seats, one_office: Office
) -> None:
    do(seat("dept.clerk"), "request.draft", **typed_filing())
    case = the_case(one_office).id
    later = {"request.change", "request.renew", "request.leave", "review.ask", "request.urge"}
    assert "request.submit" in offered(seat("dept.head").get(f"/case/{case}"))
    assert not later & offered(seat("dept.head").get(f"/case/{case}"))
    do(seat("dept.head"), "request.submit", case)
    do(seat("street.clerk"), "request.return", case, items="附上条款")
    street = seat("street.clerk").get(f"/case/{case}")
    assert "/file?request=" not in street.text and "task.opine" not in offered(street)
    assert "/file?request=" in seat("dept.clerk").get(f"/case/{case}").text
