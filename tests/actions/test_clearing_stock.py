"""存量研判和处置: judged by the rules of today, settled once, by its day; counted apart from the new."""

from datetime import date

import pytest

from registry.actions import filing
from registry.actions.existing import figures, judging, settling
from registry.actions.ticking import tick
from registry.domain.admission import Verdict
from registry.domain.audit import Finding
from registry.domain.errors import Refusal
from registry.domain.existing import Sheet, Standing
from registry.domain.living import Departure
from registry.domain.presence import PresenceState
from registry.domain.walls import Board, CleanupOrder, Profile, WallState
from registry.policies.loader import read_folder
from tests.actions import case
from tests.actions.decided import now
from tests.actions.flowed import DEMO, STREET, files_with, flow, in_force
from tests.actions.lived import at, begun
from tests.actions.reorganised import astray, carried_out
from tests.actions.stocktaken import CODE, HOME, NEXT, brought, judged, review_of, settled, taken

STATUTORY = f"{CODE},协助消防宣传教育,演示县民政局,,,,"
OFF = f"{CODE},楼道灯具编号拍照,演示县民政局,,,,"
DUE = date(2026, 5, 31)


def _refused(act):
    with pytest.raises(Refusal) as found:
        act()
    return found.value.code


def _all(hand, kind, **equals):
    return hand("county.office").office.store.reader.find(kind, "990102", **equals)


# ---- judging -----------------------------------------------------------------------------------


def test_what_a_list_has_stands_and_what_none_has_needs_admission(one_hand):
    stands, needs = judged(one_hand, *brought(one_hand, "items", STATUTORY, OFF))
    assert (stands.standing, needs.standing) == (Standing.STANDS, Standing.NEEDS_ADMISSION)
    assert needs.clauses and needs.why and (needs.due_on, needs.overdue) == (DUE, False)


def test_a_paper_that_the_lists_forbid_must_go(one_hand):
    (review,) = judged(one_hand, *brought(one_hand, "certificates"))
    assert review.standing is Standing.MUST_GO


def test_a_board_is_judged_as_everything_that_hangs_is(one_hand):
    (review,) = judged(one_hand, *brought(one_hand, "boards"))
    (board,) = _all(one_hand, Board)
    assert board.profile is not None and review.standing.value == board.profile.value
    assert review.verdict_id == board.verdict_id


@pytest.mark.parametrize("sheet", [s.value for s in Sheet])
def test_every_sheet_can_be_judged(one_hand, sheet):
    (review,) = judged(one_hand, *brought(one_hand, sheet))
    assert review.standing in Standing
    assert _all(one_hand, Verdict, id=review.verdict_id)


def test_the_same_matter_asked_twice_of_one_community_can_be_merged(one_hand):
    rows = [
        f"{CODE},楼道灯具月报,o-990102-civil,3,12,1", f"{CODE},楼道灯具月报,o-990102-urban,3,12,1",
        f"{NEXT},楼道灯具月报,o-990102-urban,3,12,1",
    ]  # fmt: skip
    first, second, elsewhere = judged(one_hand, *brought(one_hand, "reports", *rows))
    assert (second.standing, second.like_id) == (Standing.MERGE, first.presence_id)
    assert Standing.MERGE not in (first.standing, elsewhere.standing)


def test_what_is_admitted_already_is_what_the_old_is_merged_into(one_hand):
    new = begun(one_hand)
    (review,) = judged(one_hand, *brought(one_hand, "items", OFF))
    assert (review.standing, review.like_id) == (Standing.MERGE, new.id)


def test_where_a_pack_lets_nothing_old_go_on_unadmitted_it_must_go(one_hand):
    files = read_folder(DEMO)
    header = files["rules.csv"].splitlines()[0].removeprefix("# p,").split(",")
    told = {"gate": "continue", "standing": "off", "statutory": "no", "ground": "none",
            "decision": "none", "eft": "deny", "outcome": "refused", "rule": "DM-OLD"}  # fmt: skip
    row = ",".join(["p", *(told.get(column, "*") for column in header)])
    rule = '\n[[rule]]\nid = "DM-OLD"\nclause = "演示办法第99条"\ngrade = "configured"\n'
    rule += 'sentence = "清单外的旧事项退出。"\nsentence_en = "It leaves."\n'
    rule += 'remedy = "由要求单位收回。"\ngoverned_by = "entered"\n'
    rule += 'stage = "enforce"\nremedy_en = "Take it back."\n'
    files |= {"rules.csv": files["rules.csv"] + row + "\n", "pack.toml": files["pack.toml"] + rule}
    in_force(one_hand, files)
    stands, gone = judged(one_hand, *brought(one_hand, "items", STATUTORY, OFF))
    assert (stands.standing, gone.standing) == (Standing.STANDS, Standing.MUST_GO)
    assert gone.clauses == ["演示办法第99条"]


def test_alike_matters_of_a_street_are_judged_once(one_hand):
    there = brought(one_hand, "items", OFF, OFF.replace(CODE, NEXT))
    first, second = judged(one_hand, *there)
    assert first.verdict_id == second.verdict_id


def test_judging_again_keeps_the_deadline_and_leaves_what_is_settled(one_hand, clock):
    there = brought(one_hand, "items", STATUTORY, OFF)
    kept, _ = judged(one_hand, *there)
    settled(one_hand, kept, "kept")
    clock.at = at(date(2026, 3, 20))
    kept, again = judged(one_hand, *there, again=True)
    assert (again.due_on, again.judged_on) == (DUE, date(2026, 3, 20))
    assert kept.judged_on == date(2026, 3, 2)


def test_a_stocktake_that_brought_nothing_new_leaves_nothing_to_judge(one_hand):
    brought(one_hand, "items", OFF, by="street.clerk")
    again = taken(one_hand, "items", OFF, by="street.clerk").stocktake
    command = judging.JudgeCommand()
    assert one_hand("street.clerk").do(lambda d: judging.judge(d, again.id, command)).judged == 0
    with pytest.raises(Refusal):
        one_hand("street2.clerk").do(lambda d: judging.judge(d, again.id, command))


def test_a_review_tells_what_the_matter_is_called_and_why_in_whole_sentences(one_hand):
    (review,) = judged(one_hand, *brought(one_hand, "boards"))
    assert review.title == "垃圾分类工作站"
    assert "北京、天津。" in review.why[0]


def test_a_street_judges_its_own_and_a_community_none(one_hand):
    there = brought(one_hand, "items", OFF, OFF.replace(CODE, "990102002001"))
    judged(one_hand, there[0], by="street.clerk")
    assert review_of(one_hand, there[0])
    assert _all(one_hand, type(review_of(one_hand, there[0])), presence_id=there[1].id) == []
    assert _refused(lambda: judged(one_hand, *there, by="community.head")) == "access.hidden"


# ---- settling ----------------------------------------------------------------------------------


def test_what_stands_is_kept_under_a_number_and_stays_old_stock(one_hand):
    (held,) = brought(one_hand, "items", STATUTORY)
    (review,) = judged(one_hand, held)
    kept = settled(one_hand, review, "kept")
    assert kept.number.endswith("存备〔2026〕1号")
    assert now(one_hand, held).state is PresenceState.LEGACY


def test_what_does_not_stand_is_not_kept(one_hand):
    (review,) = judged(one_hand, *brought(one_hand, "items", OFF))
    assert _refused(lambda: settled(one_hand, review, "kept")) == "existing.not_standing"


def test_what_is_settled_is_settled_once(one_hand):
    (review,) = judged(one_hand, *brought(one_hand, "items", OFF))
    settled(one_hand, review, "cleared")
    assert _refused(lambda: settled(one_hand, review, "cleared")) == "existing.settled"


def test_of_two_that_settle_at_once_the_second_is_told_what_became_of_it(hand):
    (review,) = judged(hand, *brought(hand, "items", OFF))
    command = settling.SettleCommand(settlement="cleared", reason="清退")
    for by in ("county.office", "street.head"):
        act = lambda d: settling.settle(d, review.id, review.version, command)  # noqa: E731
        if by == "county.office":
            hand(by).do(act)
        else:
            assert _refused(lambda act=act, by=by: hand(by).do(act)) == "existing.settled"


def test_what_is_cleared_leaves_and_its_board_is_ordered_down(one_hand):
    (held,) = brought(one_hand, "boards")
    (review,) = judged(one_hand, held)
    settled(one_hand, review, "cleared", by="street.head")
    assert now(one_hand, held).state is PresenceState.EXITED
    (board,), (order,) = _all(one_hand, Board), _all(one_hand, CleanupOrder)
    assert (board.state, order.boards) == (WallState.ORDERED, [board.id])
    (left,) = _all(one_hand, Departure, presence_id=held.id)
    assert left.boards == [board.id]


def test_what_is_merged_leaves_and_the_other_stays(one_hand):
    rows = [f"{CODE},灯具月报,o-990102-{who},3,12,1" for who in ("civil", "urban")]
    first, second = brought(one_hand, "reports", *rows)
    _, review = judged(one_hand, first, second)
    settled(one_hand, review, "merged", into_id=first.id)
    assert now(one_hand, second).state is PresenceState.EXITED
    assert now(one_hand, first).state is PresenceState.LEGACY
    (left,) = _all(one_hand, Departure, presence_id=second.id)
    assert left.report_stopped_on == date(2026, 3, 2)


BOARDS = '[boards]\nremove_within = { days = 15, unit = "working", count_first_day = false }\n'
"""What the demo county says of clearing boards."""


@pytest.mark.parametrize("spoken", [True, False])
def test_the_board_of_what_is_merged_is_ordered_down_where_the_packs_speak_of_it(one_hand, spoken):
    if not spoken:
        silent = (BOARDS + 'grade = "configured"\n', "")
        in_force(one_hand, files_with(flow(STREET), replace=(silent,)))
    board = f"{CODE},{{}},o-990102-urban,牌子,门外,竖,40,60,演示标牌厂,县城管局(演示)"
    first, second = brought(one_hand, "boards", *(board.format(w) for w in ("灯具站", "灯具点")))
    _, review = judged(one_hand, first, second)
    settled(one_hand, review, "merged", into_id=first.id, by="street.head")
    (hangs,) = _all(one_hand, Board, presence_id=second.id)
    orders = _all(one_hand, CleanupOrder)
    assert hangs.profile is Profile.MUST_GO
    assert [o.boards for o in orders] == ([[hangs.id]] if spoken else [])
    assert hangs.state is (WallState.ORDERED if spoken else WallState.STANDING)


def test_nothing_is_merged_into_itself_or_into_another_community(one_hand):
    there = brought(one_hand, "items", OFF, OFF.replace(CODE, NEXT))
    review, _ = judged(one_hand, *there)
    for into in (there[0].id, there[1].id, "prs-none", None):
        act = lambda into=into: settled(one_hand, review, "merged", into_id=into)  # noqa: E731
        assert _refused(act) == "existing.into"


def test_what_is_to_be_admitted_ends_when_its_request_is_approved(one_hand):
    (held,) = brought(one_hand, "items", OFF)
    (review,) = judged(one_hand, held)
    request = case.drafted(one_hand)
    settled(one_hand, review, "admitted", request_id=request.id)
    assert now(one_hand, held).state is PresenceState.LEGACY
    request = case.accepted(one_hand, case.submitted(one_hand, request))
    request = case.approved(one_hand, case.examined(one_hand, request))
    after = now(one_hand, held)
    assert (after.state, after.ended_by) == (PresenceState.EXITED, request.decision_id)
    done = now(one_hand, review)
    assert (done.settlement.value, done.settled_on) == ("admitted", date(2026, 3, 2))
    assert case.presence_of(one_hand, request).state is PresenceState.PLANNED


def test_a_request_for_another_place_or_kind_admits_nothing(one_hand):
    (review,) = judged(one_hand, *brought(one_hand, "items", OFF.replace(CODE, NEXT)))
    request = case.drafted(one_hand)
    for id in (request.id, "req-none", None):
        act = lambda id=id: settled(one_hand, review, "admitted", request_id=id)  # noqa: E731
        assert _refused(act) == "existing.request"


def _composite(hand, *children):
    whole = filing.DraftCommand(
        filing=case.filing_of(), children=[case.filing_of(**one) for one in children]
    )
    view = hand("dept.clerk").do(lambda d: filing.draft(d, whole))
    return view.request, {part.title: part for part in view.children}


def test_of_a_composite_the_part_that_fits_admits_what_was_there(one_hand):
    (held,) = brought(one_hand, "items", OFF)
    (review,) = judged(one_hand, held)
    whole, parts = _composite(
        one_hand, {"title": "楼道灯具编号拍照"}, {"title": "别处的", "targets": [case.VILLAGE],
                                            "receivers": ["village_committee"]},
    )  # fmt: skip
    after = settled(one_hand, review, "admitted", request_id=whole.id)
    assert after.request_id == parts["楼道灯具编号拍照"].id
    case.submitted(one_hand, now(one_hand, whole))
    part = case.examined(
        one_hand, case.accepted(one_hand, now(one_hand, parts["楼道灯具编号拍照"]))
    )
    decided = case.approved(one_hand, part)
    after = now(one_hand, held)
    assert (after.state, after.ended_by) == (PresenceState.EXITED, decided.decision_id)


def test_of_a_composite_with_two_parts_that_fit_the_part_is_to_be_named(one_hand):
    (review,) = judged(one_hand, *brought(one_hand, "items", OFF))
    whole, parts = _composite(one_hand, {"title": "甲"}, {"title": "乙"})
    act = lambda: settled(one_hand, review, "admitted", request_id=whole.id)  # noqa: E731
    assert _refused(act) == "existing.request"
    assert (
        settled(one_hand, review, "admitted", request_id=parts["乙"].id).request_id
        == parts["乙"].id
    )


def test_where_its_request_is_withdrawn_it_waits_again(one_hand, one_office):
    (review,) = judged(one_hand, *brought(one_hand, "items", OFF))
    request = case.submitted(one_hand, case.drafted(one_hand))
    settled(one_hand, review, "admitted", request_id=request.id)
    tick(one_office)
    assert now(one_hand, review).request_id == request.id
    one_hand("dept.head").do(lambda d: filing.withdraw(d, request.id, request.version))
    tick(one_office)
    after = now(one_hand, review)
    assert (after.settlement, after.request_id, after.reason) == (None, None, "")


def test_a_draft_that_nobody_submits_stops_no_clock(one_hand, one_office, clock):
    (review,) = judged(one_hand, *brought(one_hand, "items", OFF))
    settled(one_hand, review, "admitted", request_id=case.drafted(one_hand).id)
    assert now(one_hand, review).settlement is None
    clock.at = at(date(2026, 6, 1))
    tick(one_office)
    assert now(one_hand, review).overdue
    settled(one_hand, review, "cleared")
    after = now(one_hand, review)
    assert (after.settlement.value, after.request_id) == ("cleared", None)
    (late,) = _all(one_hand, Finding, code="legacy.overdue")
    assert late.closed_on == date(2026, 6, 1)


def test_while_its_request_is_with_who_decides_nobody_is_late(one_hand, one_office, clock):
    (held,) = brought(one_hand, "items", OFF)
    (review,) = judged(one_hand, held)
    request = case.submitted(one_hand, case.drafted(one_hand))
    settled(one_hand, review, "admitted", request_id=request.id)
    clock.at = at(date(2026, 6, 1))
    tick(one_office)
    assert not now(one_hand, review).overdue
    one_hand("dept.head").do(
        lambda d: filing.withdraw(d, request.id, now(one_hand, request).version)
    )
    tick(one_office)
    tick(one_office)
    assert now(one_hand, review).overdue


@pytest.mark.parametrize("username", ["community.head", "dept.head", "street.clerk"])
def test_only_the_office_of_the_place_settles(one_hand, username):
    (review,) = judged(one_hand, *brought(one_hand, "items", STATUTORY))
    assert _refused(lambda: settled(one_hand, review, "kept", by=username)) == "access.forbidden"


def test_late_is_who_took_the_stock_until_it_is_settled(one_hand, one_office, clock):
    (review,) = judged(one_hand, *brought(one_hand, "items", STATUTORY))
    clock.at = at(DUE)
    tick(one_office)
    assert not now(one_hand, review).overdue
    clock.at = at(date(2026, 6, 1))
    tick(one_office)
    tick(one_office)
    (late,) = _all(one_hand, Finding, code="legacy.overdue")
    assert late.organisation_id != HOME and now(one_hand, review).overdue
    settled(one_hand, review, "kept")
    (late,) = _all(one_hand, Finding, code="legacy.overdue")
    assert late.closed_on == date(2026, 6, 1)


def test_figures_are_of_the_old_stock_alone_sheet_by_sheet(one_hand, one_office):
    begun(one_hand, title="另一件新事项")
    kept, gone, _ = judged(
        one_hand, *brought(one_hand, "items", STATUTORY, OFF, OFF.replace(CODE, NEXT))
    )
    settled(one_hand, kept, "kept")
    settled(one_hand, gone, "cleared")
    brought(one_hand, "groups")
    told = figures.figures(one_office, one_hand("county.office").actor)
    items = next(s for s in told.sheets if s.sheet is Sheet.ITEMS)
    assert (told.before, told.now, items.before, items.now) == (4, 3, 3, 2)
    assert items.settled == {"kept": 1, "cleared": 1} and items.unsettled == 1
    assert next(s for s in told.sheets if s.sheet is Sheet.GROUPS).unjudged == 1
    own = figures.figures(one_office, one_hand("community.worker").actor)
    assert (own.before, own.now) == (3, 2)


# ---- a community that is merged meanwhile ------------------------------------------------------


def test_the_heir_of_a_merged_community_has_its_old_stock_and_it_comes_in_once(hand, office):
    there = brought(hand, "items", OFF, OFF.replace(CODE, NEXT))
    judged(hand, *there)
    carried_out(
        hand, kind="merge", object_kind="area", sources=[f"a-{CODE}"],
        successors=[{"id": f"a-{NEXT}"}],
    )  # fmt: skip
    heir = now(hand, there[1]).organisation_id
    assert heir == now(hand, there[0]).organisation_id
    assert {now(hand, r).organisation_id for r in judged(hand, *there)} == {heir}
    assert astray(office) == []
    told = taken(hand, "items", OFF, OFF.replace(CODE, NEXT)).stocktake
    assert (told.added, told.known) == (0, 2)
