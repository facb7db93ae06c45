"""年度评估: one review of each matter in force, what the packs propose, and one decision on it."""

import threading
from datetime import date
from typing import Any

import msgspec
import pytest
from sqlalchemy import Engine, event

from registry.actions import boxes, reading
from registry.actions.boxes import BoxQuery
from registry.actions.evaluating import deciding_years, reviewing_years
from registry.actions.evaluating.deciding_years import DecideCommand
from registry.actions.evaluating.reviewing_years import OpenCommand, Opened, ReviewView
from registry.actions.evaluating.weighing_years import YearWeighing
from registry.actions.office import Answer
from registry.actions.reading import ListQuery
from registry.actions.rules import instruments
from registry.domain.errors import Refusal
from registry.domain.evaluating import Proposal, YearlyReview
from registry.domain.existing import LegacyReview, Settlement
from registry.domain.instrument import InstrumentCommand
from registry.domain.living import AcceptanceResult, Departure
from registry.domain.notice import Notice
from registry.domain.presence import Presence, PresenceState
from registry.domain.request import Purpose, Request, State
from registry.domain.vocabulary import Grade, Outcome, Trigger
from registry.policies import yearly
from registry.policies.measures import Evaluation, Exit
from registry.policies.yearly import Weighed
from registry.store.reviewing import admitted_in_force
from tests.actions.case import Hands, admitted, submitted
from tests.actions.decided import changed, now, presences, rows
from tests.actions.lived import begun, given, reported, statutory
from tests.actions.refused import refused
from tests.actions.stocktaken import brought, judged
from tests.actions.test_leaving import by_procedure
from tests.actions.test_satisfaction import said

SAD, FAIR, GLAD = [40, 40, 10, 10, 0], [5, 10, 30, 40, 15], [0, 0, 10, 40, 50]


def opened(hand: Hands, year: int = 2026, by: str = "county.office") -> Opened:
    command = OpenCommand(year=year)
    found: Opened = hand(by).do(lambda d: reviewing_years.open_year(d, command))
    return found


def review_of(hand: Hands, subject: Request | Presence) -> YearlyReview:
    named = "request_id" if isinstance(subject, Request) else "presence_id"
    (found,) = rows(hand, YearlyReview, **{named: subject.id})
    return found


def decided(
    hand: Hands, review: YearlyReview, what: str, by: str = "county.office", **told: Any
) -> ReviewView:
    held = now(hand, review)
    command = msgspec.convert({"decision": what, "opinion": "评估意见", **told}, DecideCommand)
    found: ReviewView = hand(by).do(
        lambda d: deciding_years.decide(d, held.id, held.version, command)
    )
    return found


def rated(
    hand: Hands, presence: Presence, counts: list[int], work: list[int] | None = None
) -> None:
    """What residents said of a matter, and the assessment of the work."""
    about = {"rated": "presence", "subject_id": presence.id, "period": "2026"}
    said(hand, **about, counts=counts)
    said(hand, "county.office", **about, counts=work or counts, rater="work", method="年度考评")


def reviewed(hand: Hands, counts: list[int], **changes: Any) -> tuple[Presence, YearlyReview]:
    """A matter that has begun, with what was said of it, and its review."""
    presence = begun(hand, **changes)
    rated(hand, presence, counts)
    opened(hand)
    return presence, rows(hand, YearlyReview, request_id=presence.request_id)[0]


def test_every_matter_in_force_gets_one_review_of_the_year(hand: Hands) -> None:
    first = admitted(hand)
    second = admitted(hand, title="楼道消防栓编号拍照", targets=["990102001001", "990102001002"])
    told = opened(hand)
    assert (told.added, told.held, told.left, told.undecidable) == (2, 2, 0, 2)
    held = review_of(hand, second)
    assert held.figures["communities"] == 2 and held.department_id == "o-990102-civil"
    again = opened(hand)
    assert (again.added, again.held, again.left) == (0, 2, 0)
    assert now(hand, review_of(hand, first)).version == 1


def test_what_is_admitted_after_the_year_was_opened_is_added_to_it(one_hand: Hands) -> None:
    admitted(one_hand)
    opened(one_hand)
    admitted(one_hand, title="楼道消防栓编号拍照")
    told = opened(one_hand)
    assert (told.added, told.held) == (1, 2)


def test_two_who_open_a_year_at_once_make_no_double_row(hand: Hands) -> None:
    for n in range(4):
        admitted(hand, title=f"第{n}项不同的登记工作", content=f"不同内容{n}")
    found: list[Opened] = []
    threads = [threading.Thread(target=lambda: found.append(opened(hand))) for _ in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(one.added for one in found) == [0, 0, 4]
    assert len(rows(hand, YearlyReview)) == 4


def test_no_year_is_reviewed_before_it_has_begun(one_hand: Hands) -> None:
    with refused("yearly_review.year"):
        opened(one_hand, 2027)


def test_only_the_office_opens_and_decides(one_hand: Hands) -> None:
    admitted(one_hand)
    for by in ("dept.head", "street.head", "community.head", "auditor"):
        with pytest.raises(Exception, match="access"):
            opened(one_hand, by=by)
    opened(one_hand)
    (review,) = rows(one_hand, YearlyReview)
    for by in ("dept.head", "street.head", "community.head"):
        with pytest.raises(Exception, match="access"):
            decided(one_hand, review, "exit", by)


def test_a_result_below_the_line_for_leaving_proposes_it_with_figure_and_clause(
    one_hand: Hands,
) -> None:
    _, review = reviewed(one_hand, SAD)
    assert review.proposal is Proposal.EXIT
    assert review.figures["score_tenths"] == 225
    assert "22.5" in review.reasons[0] and "70%" in review.formula
    assert any("第二十四条" in clause for clause in review.clauses) and review.verdict_id


def test_a_result_between_the_lines_proposes_a_change(one_hand: Hands) -> None:
    _, review = reviewed(one_hand, FAIR)
    assert (review.proposal, review.figures["score_tenths"]) == (Proposal.ADJUST, 625)


def test_a_result_above_the_lines_proposes_that_it_goes_on(one_hand: Hands) -> None:
    _, review = reviewed(one_hand, GLAD)
    assert review.proposal is Proposal.RENEW


def test_those_told_of_a_review_are_not_told_what_a_single_community_said(
    one_hand: Hands,
) -> None:
    rule = Evaluation(weights={"community": 100}, exit_below=60, grade=Grade.CONFIGURED)
    presence = begun(one_hand)
    about = {"rated": "presence", "subject_id": presence.id, "period": "2026"}
    said(one_hand, "community.head", **about, rater="community", counts=SAD)

    def weighed(desk: Any) -> Answer:
        (found,) = admitted_in_force(desk.unit.connection, desk.unit.county, 2026, desk.today)
        weighing = YearWeighing(desk, 2026, [found], [])
        weighing._rule = rule
        return Answer(body=weighing.admitted(found))

    told = one_hand("county.office").do(weighed)
    assert told["proposal"] is Proposal.EXIT
    assert "score_tenths" not in told["figures"] and "22.5" not in str(told)


def test_without_a_result_nothing_is_proposed_and_what_is_missing_is_told(
    one_hand: Hands,
) -> None:
    presence = begun(one_hand)
    about = {"rated": "presence", "subject_id": presence.id, "period": "2026"}
    said(one_hand, **about, counts=SAD)
    opened(one_hand)
    review = rows(one_hand, YearlyReview)[0]
    assert review.proposal is None and "工作考评" in review.reasons[0]
    assert reviewing_years.shown(review).proposal_zh == "待定"


def test_statutory_help_does_not_leave_by_its_result_but_is_changed(one_hand: Hands) -> None:
    presence = statutory(one_hand)
    rated(one_hand, presence, SAD)
    opened(one_hand)
    review = rows(one_hand, YearlyReview)[0]
    assert review.proposal is Proposal.ADJUST
    assert any("第二十五条" in clause for clause in review.clauses)
    with refused("gate.refused"):
        decided(one_hand, review, "exit")
    assert now(one_hand, presence).state is PresenceState.ACTIVE


def test_what_was_not_accepted_stands_against_a_good_result(one_hand: Hands) -> None:
    presence = begun(one_hand)
    given(one_hand, reported(one_hand, presence), AcceptanceResult.FAILED.value)
    rated(one_hand, presence, GLAD)
    opened(one_hand)
    review = rows(one_hand, YearlyReview)[0]
    assert review.proposal is None and review.figures["failed"] == 1
    assert "验收不合格 1 次" in review.reasons


def test_packs_that_draw_no_line_propose_nothing() -> None:
    silent = Evaluation(weights={}, grade=Grade.CONFIGURED)
    assert yearly.line_of(100, silent) is None and yearly.line_of(100, None) is None
    assert yearly.proposed(Weighed(renewable=True)) is None


def test_lines_are_held_to_the_tenth() -> None:
    rule = Evaluation(weights={}, exit_below=60, adjust_below=75, grade=Grade.CONFIGURED)
    found = [yearly.line_of(tenths, rule) for tenths in (599, 600, 749, 750)]
    assert found == [Proposal.EXIT, Proposal.ADJUST, Proposal.ADJUST, Proposal.RENEW]


def test_what_is_there_already_is_proposed_for_merging() -> None:
    assert yearly.proposed(Weighed(alike=True)) is Proposal.MERGE
    assert yearly.proposed(Weighed(alike=True, leaves=True)) is Proposal.EXIT
    assert not yearly.alike(Outcome.ALLOWED, [], [])


def test_what_is_decided_to_leave_is_out_with_evaluation_as_its_reason(one_hand: Hands) -> None:
    presence, review = reviewed(one_hand, SAD)
    told = decided(one_hand, review, "exit", opinion="")
    assert now(one_hand, presence).state is PresenceState.EXITED
    (left,) = rows(one_hand, Departure, presence_id=presence.id)
    assert left.trigger is Trigger.EVALUATION and told.departures == [left.id]
    assert "低于退出线" in left.reason
    told_of = [n for n in rows(one_hand, Notice) if n.object_id == review.id]
    assert "person-dept.head" in {n.person_id for n in told_of}
    assert all("退出" in n.text for n in told_of)


def test_a_review_is_decided_once(one_hand: Hands) -> None:
    _, review = reviewed(one_hand, FAIR)
    decided(one_hand, review, "adjust")
    with refused("yearly_review.decided"):
        decided(one_hand, review, "exit")


def test_of_two_reviewers_at_once_one_wins(hand: Hands) -> None:
    presence, review = reviewed(hand, SAD)
    told: list[str] = []

    def go(what: str, by: str) -> None:
        command = DecideCommand(decision=Proposal(what), opinion="评估意见")
        try:
            hand(by).do(lambda d: deciding_years.decide(d, review.id, review.version, command))
            told.append(what)
        except Refusal as refusal:
            told.append(refusal.code)

    threads = [
        threading.Thread(target=go, args=pair)
        for pair in (("exit", "county.office"), ("adjust", "county.head"))
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert "yearly_review.decided" in told and len(told) == 2
    after = now(hand, review)
    assert after.decided is not None and after.decided.value in told
    gone = now(hand, presence).state is PresenceState.EXITED
    assert gone is (after.decided is Proposal.EXIT)


def test_another_decision_than_proposed_gives_its_reason(one_hand: Hands) -> None:
    _, review = reviewed(one_hand, SAD)
    with refused("yearly_review.opinion"):
        decided(one_hand, review, "adjust", opinion=" ")
    assert decided(one_hand, review, "adjust").decided is Proposal.ADJUST


def test_going_on_drafts_the_renewal_where_a_day_is_given(one_hand: Hands) -> None:
    presence, review = reviewed(one_hand, GLAD)
    told = decided(one_hand, review, "renew", ends_on="2026-12-31")
    (drafted,) = rows(one_hand, Request, amends=presence.request_id)
    assert (drafted.id, drafted.purpose) == (told.draft_id, Purpose.RENEW)
    assert drafted.filing.ends_on == date(2026, 12, 31)
    assert now(one_hand, presence).ends_on == date(2026, 6, 30)


def test_going_on_without_a_day_drafts_nothing(one_hand: Hands) -> None:
    presence, review = reviewed(one_hand, GLAD)
    assert decided(one_hand, review, "renew").draft_id is None
    assert not rows(one_hand, Request, amends=presence.request_id)


def test_merging_names_another_matter_in_force_of_its_kind(one_hand: Hands) -> None:
    _, review = reviewed(one_hand, FAIR)
    other = admitted(one_hand, title="楼道消防栓编号拍照")
    for into in (None, review.request_id, "req-none"):
        with refused("yearly_review.into"):
            decided(one_hand, review, "merge", into_id=into)
    assert decided(one_hand, review, "merge", into_id=other.id).into_id == other.id
    assert presences(one_hand, now(one_hand, other))[0].state is PresenceState.PLANNED


def test_what_has_left_meanwhile_is_not_decided(one_hand: Hands) -> None:
    from tests.actions.lived import left

    presence, review = reviewed(one_hand, SAD)
    left(one_hand, presence)
    with refused("yearly_review.over"):
        decided(one_hand, review, "exit")


def test_old_matters_that_stand_are_reviewed_apart(hand: Hands) -> None:
    admitted(hand)
    stands, other = brought(
        hand, "items", "990102001001,协助消防宣传教育,演示县民政局,2018-01-01,,,",
        "990102001001,某项清单外旧事,演示县民政局,2018-01-01,,,",
    )  # fmt: skip
    judged(hand, stands, other)
    told = opened(hand)
    assert (told.added, told.of_legacy) == (2, 1)
    held = reviewing_years.shown(review_of(hand, stands))
    assert (held.legacy, held.request_id, held.presence_id) == (True, None, stands.id)
    assert not rows(hand, YearlyReview, request_id=other.id)


def test_an_old_matter_that_leaves_by_its_review_is_settled_by_it(one_hand: Hands) -> None:
    (old,) = brought(one_hand, "items", "990102001001,节水宣传,演示县民政局,2018-01-01,,,")
    judged(one_hand, old)
    opened(one_hand)
    review = review_of(one_hand, old)
    with refused("presence.legacy"):
        decided(one_hand, review, "renew", ends_on="2027-12-31")
    decided(one_hand, review, "exit")
    assert now(one_hand, old).state is PresenceState.EXITED
    (settled,) = rows(one_hand, LegacyReview, presence_id=old.id)
    assert settled.settlement is Settlement.CLEARED
    with refused("yearly_review.decided"):
        decided(one_hand, review, "exit")


def test_each_reads_the_reviews_that_concern_them(hand: Hands) -> None:
    (old,) = brought(hand, "items", "990102001001,节水宣传,演示县民政局,2018-01-01,,,")
    judged(hand, old)
    request = admitted(hand)
    opened(hand)

    def seen(by: str) -> set[str]:
        person = hand(by)
        query = ListQuery(county="990102")
        items = reading.page(person.office, person.actor, YearlyReview, query).items
        return {review.request_id or str(review.presence_id) for review in items}

    for by in ("county.office", "auditor", "dept.clerk", "street.clerk", "community.worker"):
        assert seen(by) == {request.id, old.id}, by
    assert seen("street2.head") == set()
    assert seen("community2.worker") == set()
    with refused("access.reading"):
        seen("finance.clerk")


def test_what_is_asked_stands_among_what_the_department_has_to_do(hand: Hands) -> None:
    presence, review = reviewed(hand, FAIR)
    (admission,) = rows(hand, Request, id=presence.request_id)

    def todo(by: str) -> list[str]:
        person = hand(by)
        found = boxes.page(person.office, person.actor, BoxQuery())
        return [item.owed.id for item in found.items if item.owed is not None]

    assert todo("dept.clerk") == []
    decided(hand, review, "adjust")
    assert todo("dept.clerk") == [review.id]
    assert todo("county.office") == []
    draft = changed(hand, now(hand, admission), content="每半年登记一次")
    assert todo("dept.clerk") == [review.id]
    submitted(hand, draft)
    assert todo("dept.clerk") == []


def test_a_renewal_drafted_by_the_decision_waits_until_it_is_submitted(one_hand: Hands) -> None:
    _, review = reviewed(one_hand, GLAD)
    decided(one_hand, review, "renew", ends_on="2026-12-31")
    person = one_hand("dept.head")
    found = boxes.page(person.office, person.actor, BoxQuery())
    assert [item.owed.id for item in found.items if item.owed is not None] == [review.id]


def test_a_basis_that_lapsed_proposes_leaving_where_the_table_knows_that_reason(
    one_hand: Hands,
) -> None:
    admitted(one_hand)
    command = msgspec.convert(
        {
            "document_number": "演民发〔2026〕1号", "title": "演示通知", "issuer": "演示县民政局",
            "issued_on": "2026-01-05", "effective_on": "2026-01-10", "lapses_on": "2026-02-28",
        },
        InstrumentCommand,
    )  # fmt: skip
    one_hand("county.office").do(lambda d: instruments.record(d, command))
    opened(one_hand)
    (review,) = rows(one_hand, YearlyReview)
    assert review.proposal is Proposal.EXIT
    assert any("演民发〔2026〕1号 已失效" in reason for reason in review.reasons)


def test_a_table_that_knows_no_reason_proposes_nothing_by_it() -> None:
    assert yearly.speaks(["LOCAL"], ["SILENT"]) and not yearly.speaks(["SILENT"], ["SILENT"])
    assert not yearly.names(None, Trigger.EXPIRED) and not yearly.names(Exit(), Trigger.EXPIRED)
    assert yearly.names(Exit(triggers=[Trigger.EXPIRED]), Trigger.EXPIRED)


def test_what_is_not_weighed_in_one_act_is_weighed_by_the_next(
    one_hand: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reviewing_years, "AT_ONCE", 2)
    for n in range(3):
        admitted(one_hand, title=f"第{n}项不同的登记工作", content=f"不同内容{n}")
    assert [(o.added, o.left) for o in (opened(one_hand), opened(one_hand))] == [(2, 1), (1, 0)]


def test_leaving_goes_by_the_procedure_that_the_packs_give(one_hand: Hands) -> None:
    by_procedure(one_hand, "same_procedure = true")
    presence, review = reviewed(one_hand, SAD)
    told = decided(one_hand, review, "exit")
    (drafted,) = rows(one_hand, Request, amends=presence.request_id)
    assert (told.draft_id, told.departures) == (drafted.id, [])
    assert (drafted.purpose, drafted.trigger) == (Purpose.LEAVE, Trigger.EVALUATION)
    assert now(one_hand, presence).state is PresenceState.ACTIVE
    assert submitted(one_hand, drafted).state is State.SUBMITTED


def test_a_matter_of_many_communities_is_summed_by_one_statement(one_hand: Hands) -> None:
    """As many statements for a matter of two communities as for one of one."""
    asked: list[str] = []

    def count(_conn: Any, _cursor: Any, sql: str, *_: Any) -> None:
        asked.append(sql)

    found = []
    for areas in (["990102001001"], ["990102001001", "990102001002"]):
        admitted(one_hand, title=f"登记{len(areas)}个社区的灯", targets=areas)
        asked.clear()
        event.listen(Engine, "before_cursor_execute", count)
        opened(one_hand)
        event.remove(Engine, "before_cursor_execute", count)
        found.append(sum("presence" in sql for sql in asked))
    assert found[0] == found[1]
