"""牌子与机构: told by who sees them, judged by the lists, hung by admission, counted, never ranked."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from registry.actions.office import Office
from registry.actions.reading import ListQuery, page
from registry.actions.walls import figures, recording
from registry.domain.admission import Verdict
from registry.domain.living import Departure, DepartureState
from registry.domain.walls import Board, Origin, Profile, WallState, tails
from registry.store.walls import Hung
from tests.actions.case import admitted, presence_of
from tests.actions.decided import now
from tests.actions.lived import left
from tests.actions.refused import refused
from tests.actions.reorganised import COUNTY, astray, carried_out
from tests.actions.walled import (
    ADMITTED,
    BOARD,
    HOME,
    TODAY,
    URBAN,
    admitted_board,
    counted,
    gone,
    hangs,
    hung,
    ordered,
    seated,
)
from tests.conftest import MovingClock


def test_a_worker_tells_of_a_board_without_admission_and_learns_what_the_rules_say(
    office: Office, hand: Any
) -> None:
    board = hung(hand)
    assert (board.origin, board.state) == (Origin.UNADMITTED, WallState.STANDING)
    assert board.profile is Profile.ASK
    assert board.clauses and board.why
    verdict = office.store.reader.get(Verdict, COUNTY, board.verdict_id or "")
    assert verdict is not None and verdict.object_id == board.id
    notice = hung(hand, form="wall_notice", place="wall", wording="值班制度")
    assert notice.profile is Profile.NEEDS_ADMISSION
    bureau = seated(hand, meets=False)
    assert (bureau.profile, bureau.meets) == (Profile.ASK, False)


def test_a_board_of_the_list_may_stay_under_the_name_of_its_place(one_hand: Any) -> None:
    plain = hung(one_hand, wording="社区服务站", place="inside")
    named = hung(one_hand, wording="云笺演示街道霜舟演示社区居民委员会", place="inside")
    assert (plain.profile, named.profile) == (Profile.STANDS, Profile.STANDS)
    assert hung(one_hand, wording="霜舟演示社区拆迁站").profile is not Profile.STANDS


def test_what_is_left_of_a_wording_once_its_places_are_taken_off() -> None:
    found = tails("甲街道乙社区居民委员会", ["甲街道办事处", "乙社区居民委员会"])
    assert found[0] == "甲街道乙社区居民委员会"
    assert {"乙社区居民委员会", "居民委员会"} <= set(found)
    assert tails("服务站", ["乙社区"]) == ["服务站"]


def test_only_what_may_hang_takes_a_place_at_the_door(one_hand: Any) -> None:
    hung(one_hand, wording="占位牌一")
    hung(one_hand, wording="占位牌二")
    listed = [hung(one_hand, wording=w).profile for w in ("社区党委", "居民委员会", "社区服务站")]
    assert listed == [Profile.STANDS] * 3
    fourth = hung(one_hand, wording="党群服务中心")
    assert fourth.profile is Profile.MUST_GO
    assert fourth.clauses == ["演示县社区挂牌指导目录第二条（虚构）"]
    assert "先摘下一块" in fourth.why[0]


def test_a_place_at_the_door_is_free_again_once_a_board_is_gone(one_hand: Any) -> None:
    first = hung(one_hand, wording="社区党委")
    for wording in ("居民委员会", "社区服务站"):
        hung(one_hand, wording=wording)
    fourth = hung(one_hand, wording="党群服务中心")
    gone(one_hand, first)
    again = one_hand("community.worker").do(
        lambda d: recording.judge_board(d, fourth.id, fourth.version)
    )
    assert again.profile is Profile.STANDS


def test_the_street_tells_for_its_own_communities_and_no_other(one_hand: Any) -> None:
    assert hung(one_hand, by="street.clerk").organisation_id == HOME
    for stranger in ("street2.clerk", "community2.worker", "dept.clerk", "auditor"):
        with refused("access.forbidden"):
            hung(one_hand, by=stranger, wording="另一块")
    with refused("wall.community"):
        hung(one_hand, by="street.clerk", organisation_id="o-990102001001-station")


def test_the_same_board_is_recorded_once_unless_there_are_two(one_hand: Any) -> None:
    hung(one_hand)
    with refused("wall.twice"):
        hung(one_hand, by="street.clerk", wording=" 垃圾分类 工作站")
    hung(one_hand, another=True)
    seated(one_hand)
    with refused("wall.twice"):
        seated(one_hand)


def test_no_day_ahead_is_taken(one_hand: Any) -> None:
    with refused("wall.future"):
        hung(one_hand, since=TODAY + timedelta(days=1))


def test_a_correction_of_what_it_is_judged_by_judges_it_anew(one_hand: Any) -> None:
    board = hung(one_hand, wording="社区服务站", place="inside")

    def corrected(board: Board, by: str = "community.worker", **fields: Any) -> Board:
        told = {k: v for k, v in BOARD.items() if k != "organisation_id"}
        command = msgspec.convert(
            {**told, "wording": "社区服务站", "place": "inside", **fields}, recording.BoardFields
        )
        found: Board = one_hand(by).do(
            lambda d: recording.correct_board(d, board.id, board.version, command)
        )
        return found

    wider = corrected(board, width_cm=40)
    assert (wider.width_cm, wider.verdict_id) == (40, board.verdict_id)
    other = corrected(wider, wording="催收站")
    assert other.profile is not Profile.STANDS
    assert other.verdict_id != board.verdict_id
    with refused("access.hidden"):
        corrected(other, by="community2.worker")


def test_the_row_of_an_admitted_board_is_made_when_its_matter_begins(
    office: Office, hand: Any
) -> None:
    presence, board = admitted_board(hand)
    assert (board.origin, board.profile) == (Origin.ADMITTED, Profile.STANDS)
    assert (board.wording, board.place, board.department_id, board.since) == (
        "反诈宣传站", "inside", "o-990102-civil", TODAY
    )  # fmt: skip
    real = hangs(hand, presence, width_cm=30, height_cm=48, maker="演示标牌厂", since=TODAY)
    assert (real.id, real.height_cm, real.origin) == (board.id, 48, Origin.ADMITTED)
    assert len(office.store.reader.find(Board, COUNTY)) == 1


def test_a_board_that_hangs_otherwise_than_admitted_is_judged_as_what_it_is(one_hand: Any) -> None:
    presence, board = admitted_board(one_hand)
    larger = hangs(one_hand, presence, width_cm=200)
    assert (larger.origin, larger.profile) == (Origin.UNADMITTED, Profile.ASK)
    assert hangs(one_hand, presence, width_cm=30).origin is Origin.ADMITTED
    assert hangs(one_hand, presence, place="outside_door").origin is Origin.UNADMITTED
    assert now(one_hand, board).place == "outside_door"


def test_a_board_that_hung_without_admission_becomes_the_row_of_its_admission(
    one_hand: Any,
) -> None:
    before = hung(one_hand, wording="反诈宣传站", place="inside", department_id=None)
    order = ordered(one_hand, before)
    _, board = admitted_board(one_hand)
    assert (board.id, board.origin, board.profile) == (before.id, Origin.ADMITTED, Profile.STANDS)
    assert (board.state, board.order_id) == (WallState.STANDING, None)
    assert now(one_hand, order).state == "cancelled"


def test_only_a_matter_that_hangs_something_is_hung_and_only_once_it_has_begun(
    one_hand: Any,
) -> None:
    with refused("wall.kind"):
        hangs(one_hand, presence_of(one_hand, admitted(one_hand)))
    with refused("presence.state"):
        hangs(one_hand, presence_of(one_hand, admitted(one_hand, **ADMITTED)))


def test_a_matter_that_leaves_takes_its_board_with_it_and_is_settled_once_it_is_gone(
    office: Office, hand: Any
) -> None:
    presence, board = admitted_board(hand)
    left(hand, presence)
    assert now(hand, board).profile is Profile.MUST_GO
    (departure,) = office.store.reader.find(Departure, COUNTY, presence_id=presence.id)
    assert departure.boards == [board.id]
    assert departure.boards_gone_on is None
    gone(hand, board)
    after = now(hand, departure)
    assert after.boards_gone_on == TODAY
    assert after.state is (DepartureState.OPEN if after.money_open else DepartureState.SETTLED)


def test_what_is_gone_is_neither_corrected_nor_judged(one_hand: Any) -> None:
    board = gone(one_hand, hung(one_hand))
    with refused("wall.gone"):
        one_hand("community.worker").do(lambda d: recording.judge_board(d, board.id, board.version))


def test_figures_stand_in_the_order_of_codes_with_the_old_stock_apart(
    office: Office, hand: Any, clock: MovingClock
) -> None:
    first = hung(hand)
    hung(hand, wording="另一块", place="inside")
    seated(hand, meets=False)
    clock.at += timedelta(days=8)
    gone(hand, first, seen_on=TODAY + timedelta(days=8))
    hung(hand, wording="后来的", place="inside")
    found = counted(hand, since="2026-03-05")
    codes = [one.code for one in found.communities]
    assert codes == sorted(codes) and len(codes) > 3
    assert (found.boards.standing, found.boards.before, found.boards.removed) == (2, 2, 1)
    assert (found.boards.of_legacy, found.boards.of_new) == (0, 2)
    assert (found.bureaus.standing, found.bureau_lines[0].meets) == (1, False)
    assert (found.median_boards, found.median_bureaus) == (0, 0)
    assert counted(hand).boards.before == 0


def test_the_trend_tells_what_stood_at_the_end_of_each_of_twelve_months(
    office: Office, hand: Any, clock: MovingClock
) -> None:
    hung(hand, since="2025-12-10")
    first = hung(hand, wording="另一块", place="inside", since="2026-02-01")
    seated(hand)
    clock.at += timedelta(days=30)
    gone(hand, first, seen_on=TODAY + timedelta(days=30))
    found = counted(hand, trend="month")
    assert [p.period for p in found.trend[-5:]] == [
        "2025-12", "2026-01", "2026-02", "2026-03", "2026-04",
    ]  # fmt: skip
    assert [p.boards for p in found.trend[-6:]] == [0, 1, 1, 2, 2, 1]
    assert [p.bureaus for p in found.trend[-3:]] == [0, 1, 1]
    assert found.trend[-1].boards == found.boards.standing
    assert len(found.trend) == 12 and counted(hand).trend == []
    assert counted(hand, by="community2.worker", trend="month").trend[-1].boards == 0


def test_a_community_sees_its_own_figure_beside_the_median_and_no_neighbour(one_hand: Any) -> None:
    hung(one_hand)
    own = counted(one_hand, by="community.worker")
    assert [one.organisation_id for one in own.communities] == [HOME]
    assert own.boards.standing == 1
    assert counted(one_hand, by="community2.worker").boards.standing == 0
    assert counted(one_hand, by="community2.worker", area="990102001001").communities == []
    with refused("access.reading"):
        counted(one_hand, by="dept.clerk")


@pytest.mark.parametrize("kind", ["merge", "rename"])
def test_the_boards_of_a_merged_or_renamed_community_are_its_heirs(
    one_office: Office, one_hand: Any, kind: str
) -> None:
    source, heir = "a-990102001001", "a-990102001002"
    board, bureau = hung(one_hand), seated(one_hand)
    removed = gone(one_hand, hung(one_hand, wording="已摘的"))
    order = ordered(one_hand, board)
    told: dict[str, Any] = {"kind": kind, "object_kind": "area", "sources": [source]}
    if kind == "merge":
        told["successors"] = [{"id": heir}]
    else:
        told["successors"] = [{"id": source, "name": "演示新名社区居民委员会"}]
    carried_out(one_hand, **told)
    own = "o-990102001002" if kind == "merge" else HOME
    for wall in (board, bureau, order):
        assert now(one_hand, wall).organisation_id == own
    assert now(one_hand, removed).organisation_id == HOME
    assert astray(one_office) == []
    found = counted(one_hand, area=heir if kind == "merge" else source)
    assert (found.boards.standing, found.boards.removed, found.boards.ordered) == (1, 1, 1)
    assert gone(one_hand, board).state is WallState.REMOVED


def test_a_department_reads_its_own_boards_and_no_others(one_office: Office, one_hand: Any) -> None:
    own, _ = hung(one_hand), hung(one_hand, wording="别家的", department_id="o-990102-civil")
    found = page(one_office, one_hand("dept2.clerk").actor, Board, ListQuery())
    assert [row.id for row in found.items] == [own.id]
    assert own.department_id == URBAN


def test_where_a_county_has_two_communities_no_median_tells_the_others_figure() -> None:
    row = Hung(organisation_id="a", origin=Origin.LEGACY, standing=4, ordered=0, disputed=0,
               removed=0, before=4)  # fmt: skip
    found = {"a": [row], "b": [], "c": []}
    assert figures.median_of(found, ["a", "b"]) is None
    assert figures.median_of(found, ["a", "b", "c"]) == 0
