"""信箱: what is to be done, was done, begun, copied: whose it is, in what order, by which index."""

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from registry.actions import approving, boxes, submitting
from registry.actions.between import urging
from registry.actions.boxes import Box, BoxQuery
from registry.actions.office import Answer, Desk, Office
from registry.domain.approval import StepAct, Task, TaskState
from registry.domain.certifying import AmendmentProposal, ProposalState
from registry.domain.people import Post
from registry.domain.request import Request, State
from registry.store import statement
from tests.actions import decided, lived
from tests.actions.between import passes, speaks, task
from tests.actions.case import Hands, accepted, admitted, drafted, submitted
from tests.actions.redressed import answered, complained, handled, objected, verified
from tests.actions.refused import refused
from tests.actions.standing_in import posted
from tests.actions.test_resident_reports import reported

STREET = "o-990102001"


def items(hand: Hands, by: str, **query: Any) -> list[Any]:
    """One page of a person's box."""
    person = hand(by)
    return list(boxes.page(person.office, person.actor, BoxQuery(**query)).items)


def lying(hand: Hands, request: Request, count: int, **fields: Any) -> None:
    """So many more tasks of one case on the street's desk, due one day after another."""

    def lay(desk: Any) -> Answer:
        plain = {"organisation_id": STREET, "state": TaskState.OPEN, "act": StepAct.EXAMINE,
                 **fields}  # fmt: skip
        for n in range(count):
            desk.unit.add(Task(
                county="990102", id=f"{request.id}.x{n:03d}", request_id=request.id,
                step_id=f"{request.id}.s0", family="street", title="演示",
                due_on=None if n % 4 == 0 else date(2026, 3, 3) + timedelta(days=n // 2), **plain,
            ))  # fmt: skip
        return Answer(body=None)

    hand("street.head").do(lay)


def case_of(hand: Hands) -> Request:
    return accepted(hand, submitted(hand, drafted(hand)))


def test_every_page_of_what_is_to_be_done_is_told_once_and_by_the_day_it_is_due(
    hand: Hands,
) -> None:
    request = case_of(hand)
    lying(hand, request, 23)
    seen: list[Any] = []
    query = BoxQuery(limit=5)
    person = hand("street.clerk")
    while True:
        page = boxes.page(person.office, person.actor, query)
        seen += page.items
        if page.next is None:
            break
        query = BoxQuery(limit=5, after=page.next)
    found = [(i.task.due_on is None, i.task.due_on or date.min, i.task.id) for i in seen]
    assert found == sorted(found) and len(set(found)) == 24
    assert {i.request_title for i in seen} == {request.title}


def test_a_task_that_one_person_has_is_shown_to_no_other(
    one_hand: Hands, one_office: Office
) -> None:
    posted(one_office, "street2.clerk", "street.clerk", STREET)
    request = case_of(one_hand)
    clerk = one_hand("street.clerk").actor.person_id
    lying(one_hand, request, 2, person_id=clerk)
    assert len(items(one_hand, "street.clerk")) == 3
    assert [i.task.id for i in items(one_hand, "street2.clerk")] == [f"{request.id}.s0.t0"]
    assert items(one_hand, "street.head") == [], "a head accepts and decides, and examines nothing"


def test_who_may_finish_no_task_of_a_body_finds_none_in_the_box(one_hand: Hands) -> None:
    request = case_of(one_hand)
    lying(one_hand, request, 1, organisation_id="o-990102001001")
    assert items(one_hand, "community.cashier") == []
    assert items(one_hand, "community.head") == [], "a community answers, it does not examine"


def test_what_was_done_begun_and_copied_is_found_again_latest_first(hand: Hands) -> None:
    first, second = case_of(hand), case_of(hand)
    for request in (first, second):
        speaks(hand, "street.clerk", request, "examine")
    done = items(hand, "street.clerk", box=Box.DONE)
    assert [i.request_id for i in done] == [second.id, first.id]
    assert done[0].opinion.text == "意见"
    begun = items(hand, "dept.clerk", box=Box.STARTED)
    assert [(i.request_id, i.request_state) for i in begun] == [
        (second.id, "in_review"), (first.id, "in_review"),
    ]  # fmt: skip
    assert items(hand, "dept.head", box=Box.STARTED) == []
    command = urging.CopyCommand(organisations=["o-990102-finance"])
    hand("street.clerk").do(lambda d: urging.copy(d, first.id, command))
    copied = items(hand, "finance.head", box=Box.COPIED)
    assert [(i.request_id, i.copy.read_at) for i in copied] == [(first.id, None)]
    assert items(hand, "finance.head") == []


def test_older_requests_that_nobody_was_named_to_hold_are_their_drafters(hand: Hands) -> None:
    request = drafted(hand)

    def unheld(desk: Any) -> Answer:
        return Answer(body=desk.unit.change(desk.unit.get(Request, request.id), holder_id=None))

    hand("sys.admin").do(unheld)
    assert [i.request_id for i in items(hand, "dept.clerk", box=Box.STARTED)] == [request.id]


@pytest.mark.parametrize("after", ["x", "2026-13-01|a", "2026-03-02|", "|"])
def test_a_place_that_no_page_gave_is_refused(one_hand: Hands, after: str) -> None:
    with refused("query.box_after"):
        items(one_hand, "street.clerk", after=after)


def test_a_task_passed_on_leaves_the_box_of_who_had_it(one_hand: Hands) -> None:
    from tests.actions.test_acts_between import heard

    request = heard(one_hand)
    passes(one_hand, "county.office", task(one_hand, request, "hear", "county.head"), "county.head")
    assert items(one_hand, "county.office") == []
    assert [i.request_id for i in items(one_hand, "county.head")] == [request.id]


# ---- what is no task ----------------------------------------------------------------------------


def owed(hand: Hands, by: str, **query: Any) -> list[tuple[str, str]]:
    return [(i.owed.kind, i.request_id) for i in items(hand, by, **query) if i.owed is not None]


def returned(hand: Hands) -> Request:
    request = case_of(hand)
    order = approving.ReturnCommand(items=["补充经费依据"])
    hand("street.clerk").do(lambda d: approving.send_back(d, request.id, request.version, order))
    return request


def test_a_case_that_was_returned_lies_with_who_holds_it_and_who_signs_it(hand: Hands) -> None:
    request = returned(hand)
    for by in ("dept.clerk", "dept.head"):
        assert owed(hand, by) == [("supplement", request.id)]
    for by in ("dept2.clerk", "dept2.head", "street.clerk", "street.head", "auditor"):
        assert owed(hand, by) == []
    now = decided.now(hand, request)
    hand("dept.head").do(
        lambda d: submitting.submit(d, request.id, now.version, submitting.SubmitCommand())
    )
    assert owed(hand, "dept.clerk") == owed(hand, "dept.head") == []


def test_a_draft_lies_with_who_signs_for_the_body_until_it_is_handed_in(hand: Hands) -> None:
    request = drafted(hand)
    assert owed(hand, "dept.head") == [("signature", request.id)]
    for by in ("dept.clerk", "dept2.head", "street.head", "auditor"):
        assert owed(hand, by) == []
    hand("dept.head").do(
        lambda d: submitting.submit(d, request.id, request.version, submitting.SubmitCommand())
    )
    assert owed(hand, "dept.head") == []


def test_a_draft_lies_with_who_signs_however_many_came_after_it(one_hand: Hands) -> None:
    request = drafted(one_hand)

    def overtaken(desk: Desk) -> Answer:
        for n in range(501):
            later = msgspec.structs.replace(request, id=f"{request.id}-{n}", state=State.WITHDRAWN)
            desk.unit.add(later)
        return Answer(body=None)

    one_hand("dept.clerk").do(overtaken)
    assert owed(one_hand, "dept.head") == [("signature", request.id)]


def test_a_hearing_lies_with_who_may_answer_until_it_is_answered(hand: Hands) -> None:
    request = admitted(hand)
    told = decided.proposed(hand, request)
    found = items(hand, "dept.head")
    assert [(i.owed.kind, i.owed.id, i.request_id) for i in found] == [
        ("hearing", told.id, request.id)
    ]
    assert found[0].owed.due_on == told.answer_by
    assert (found[0].days_left is None) == (told.answer_by is None)
    for by in ("dept.clerk", "dept2.head", "street.clerk"):
        assert owed(hand, by) == []
    decided.heard(hand, told)
    assert owed(hand, "dept.head") == []


def test_pages_run_over_tasks_and_what_is_none_alike(hand: Hands) -> None:
    """The street has tasks, and cases of its own that came back to it."""
    tasks = case_of(hand)
    lying(hand, tasks, 9)
    own = {"applicants": [{"organisation_id": STREET, "leading": True}]}
    backs = []
    for _ in range(3):
        request = drafted(lambda _: hand("street.clerk"), **own)
        hand("street.clerk").do(lambda d, r=request: Answer(body=d.unit.change(
            r, state=State.RETURNED, applied_on=d.today)))  # fmt: skip
        backs.append(request.id)
    whole = items(hand, "street.clerk", limit=100)
    assert sorted(i.request_id for i in whole if i.owed) == sorted(backs)
    person, after, seen = hand("street.clerk"), None, list[Any]()
    while True:
        page = boxes.page(person.office, person.actor, BoxQuery(limit=4, after=after))
        seen += page.items
        if page.next is None:
            break
        after = page.next
    assert seen == whole


def test_what_communities_and_residents_say_lies_with_the_body_that_handles_it(
    hand: Hands, office: Office
) -> None:
    complaint, objection = complained(hand), objected(hand)
    report = reported(office, against_id="o-990102-urban")
    (found,) = items(hand, "county.office")
    assert (found.owed.kind, found.owed.id, found.request_id) == ("complaint", complaint.id, None)
    assert (found.request_title, found.request_state) == (complaint.subject, "registered")
    assert (found.owed.due_on, found.days_left is None) == (complaint.due_on, False)
    lying = {i.owed.kind: (i.owed.id, i.request_title) for i in items(hand, "street.head")}
    assert lying == {"objection": (objection.id, objection.subject),
                     "resident_report": (report.id, report.number)}  # fmt: skip
    assert [i.owed.kind for i in items(hand, "street.clerk")] == ["resident_report"]
    for by in ("dept2.head", "community.head", "community.worker", "auditor", "street2.head"):
        assert items(hand, by) == [], by
    done = verified(hand, complaint)
    assert owed(hand, "county.head") == [("complaint", None)], "until it is handled"
    handled(hand, done)
    answered(hand, objection)
    assert owed(hand, "county.head") == owed(hand, "county.office") == []
    assert [kind for kind, _ in owed(hand, "street.head")] == ["resident_report"]


def test_nobody_finds_in_their_box_what_is_said_against_another_body_of_theirs(
    one_hand: Hands, one_office: Office
) -> None:
    clerk = one_hand("dept2.clerk").actor.person_id
    post = Post(county="990102", id="post-second", person_id=clerk, role="county.office",
                organisation_id="o-990102-admission", area_id="a-990102000000")  # fmt: skip
    one_hand("county.head").do(lambda desk: Answer(body=desk.unit.add(post)))
    complained(one_hand)
    other = complained(one_hand, against_id="o-990102-civil", subject="另一件")
    one_office.bearers.forget()
    assert [i.owed.id for i in items(one_hand, "dept2.clerk")] == [other.id]


def test_which_days_are_working_days_is_asked_once_a_county_however_many_days_are_due(
    hand: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    lying(hand, case_of(hand), 23)
    person = hand("street.clerk")
    asked: list[str] = []
    books = type(person.office.rulebooks)
    of = books.of

    def note(self: Any, county: str, *more: Any) -> Any:
        asked.append(county)
        return of(self, county, *more)

    monkeypatch.setattr(books, "of", note)
    found = items(hand, "street.clerk", limit=30)
    monkeypatch.undo()
    assert len({one.task.due_on for one in found}) > 9
    assert len(asked) == len(set(asked)) == 1


# ---- by which index -----------------------------------------------------------------------------


def plan(
    monkeypatch: pytest.MonkeyPatch, person: Any, query: BoxQuery, named: str = "case_title"
) -> str:
    """How the engine would find a page: the statement that is asked, explained."""
    asked: list[tuple[str, Any]] = []
    engine = person.office.store.reader._engine
    sqlite = engine.dialect.name == "sqlite"
    driven = statement.driven

    def note(connection: Any, sql: str, bound: Any = ()) -> Any:
        asked.append((sql, bound))
        return driven(connection, sql, bound)

    monkeypatch.setattr(statement, "driven", note)
    boxes.page(person.office, person.actor, query)
    monkeypatch.undo()
    explain = "EXPLAIN QUERY PLAN " if sqlite else "EXPLAIN "
    with engine.connect() as connection:
        if not sqlite:
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            connection.exec_driver_sql("SET LOCAL enable_bitmapscan = off")
        found = next(a for a in asked if named in a[0])
        bound = tuple(found[1][0]) if sqlite else found[1][0]
        rows = connection.exec_driver_sql(explain + found[0], bound).all()
    return "\n".join(str(row[-1]) for row in rows)


def test_what_is_to_be_done_is_read_in_order_by_an_index_of_its_own(
    monkeypatch: pytest.MonkeyPatch, hand: Hands
) -> None:
    person = hand("street.clerk")
    found = plan(monkeypatch, person, BoxQuery())
    pieces = [line for line in found.splitlines() if "ix_task_todo" in line]
    assert len(pieces) == 8, "dated or not, one's own or nobody's, to examine or still to accept"
    assert not any("SCAN task" in line for line in found.splitlines()), found


@pytest.mark.parametrize(
    ("box", "index"),
    [
        (Box.DONE, "ix_opinion_person_id"), (Box.STARTED, "ix_request_holder_id"),
        (Box.STARTED, "ix_request_drafted_by"), (Box.COPIED, "ix_movement_to_person_id_kind"),
        (Box.COPIED, "ix_movement_to_organisation_id_kind"),
    ],
)  # fmt: skip
def test_each_other_box_is_read_by_an_index_of_the_person(
    monkeypatch: pytest.MonkeyPatch, one_hand: Hands, box: Box, index: str
) -> None:
    person = one_hand("street.clerk")
    assert index in plan(monkeypatch, person, BoxQuery(box=box))


def test_a_page_deep_in_what_is_to_be_done_is_found_by_the_same_index(
    monkeypatch: pytest.MonkeyPatch, hand: Hands
) -> None:
    person = hand("street.clerk")
    found = plan(monkeypatch, person, BoxQuery(after="2026-03-09|req-1.s0.t0"))
    assert "ix_task_todo" in found, found


@pytest.mark.parametrize("after", [None, "2026-03-09|req-1", "|req-1"])
def test_what_is_owed_is_read_by_an_index_of_nothing_else(
    monkeypatch: pytest.MonkeyPatch, hand: Hands, after: str | None
) -> None:
    person = hand("dept.head")
    found = plan(monkeypatch, person, BoxQuery(after=after), "'supplement'")
    for index in ("returned_holder_id", "returned_applicant_id", "draft_applicant_id"):
        assert f"ix_request_{index}" in found, found
    # Of a handful of revocations PostgreSQL may as well read those that stand at all.
    assert "ix_revocation_state" in found or "ux_revocation_current" in found, found
    assert not any(line.strip().startswith("SCAN request") for line in found.splitlines()), found


def test_what_is_to_be_accepted_and_what_is_to_be_amended_wait_in_the_box(hand: Hands) -> None:
    asked = lived.reported(hand, lived.begun(hand))
    (found,) = [i for i in items(hand, "dept.head") if i.owed is not None]
    assert (found.owed.kind, found.owed.id, found.owed.due_on) == (
        "acceptance", asked.id, asked.due_on,
    )  # fmt: skip
    assert found.request_title == "楼道灯具编号拍照"
    assert owed(hand, "dept.clerk") == owed(hand, "dept2.head") == []
    lived.given(hand, asked, "failed")
    assert owed(hand, "dept.head") == []
    proposal = AmendmentProposal(
        county="990102", id="amd-x", item_id="x", item="居民养犬证明", statute="演示条例",
        clause="演示清单", organisation_id="o-990102-admission", drafted_on=date(2026, 3, 2),
        department_id="o-990102-civil", state=ProposalState.SENT,
    )  # fmt: skip
    hand("county.head").do(lambda d: Answer(body=d.unit.add(proposal)))
    assert owed(hand, "dept.head") == [("amendment_proposal", None)]
    assert owed(hand, "dept.clerk") == []
