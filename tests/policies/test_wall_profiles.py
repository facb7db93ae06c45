"""挂牌范围 the profiles of real places: what their lists and rows make of a board that hangs there."""

from datetime import date

import msgspec
import pytest

from registry.actions.walls.profiling import STILL
from registry.domain.walls import Profile, profile_of, tails
from registry.policies.overlay import Governing
from registry.policies.standing import PERMITTING
from tests.policies.rulebooks import book, matter

ON = date(2024, 3, 1)
NAMES = ["甲县", "乙镇", "丙村村民委员会"]
DOOR = {"place": "outside_door"}


def profile(own: str, wording: str, kind: str = "signboard", ground: str = "") -> Profile:
    """As it would be judged, under the ending of its wording that a list has."""
    receiver = "village_committee"
    judge = book(own)
    asked = [
        matter(
            ON, kind=kind, title=tail, receivers=[receiver], bases=[],
            signboard={"wording": wording, **DOOR},
        )
        for tail in tails(wording, NAMES)
    ]  # fmt: skip
    known = next(
        (
            one for one in asked
            if any(f.how == "exact" and f.list.polarity in PERMITTING
                   for f in judge.lists.meet(one.filing, ON))
        ),
        asked[0],
    )  # fmt: skip
    grounds = {ground: ("exact", ["满"])} if ground else {}
    known = msgspec.structs.replace(known, state={**known.state, **STILL}, grounds=grounds)
    dates = Governing(applied=ON, decided=ON, entered=ON)
    return profile_of(judge.judge(known, dates).outcome)


@pytest.mark.parametrize(
    ("own", "wording", "found"),
    [
        ("ningxia-2016", "丙村村民委员会", Profile.STANDS),
        ("ningxia-2016", "丙村某协会联络点", Profile.NEEDS_ADMISSION),
        ("qiannan-2022", "乙镇丙村村民委员会", Profile.STANDS),
        ("qiannan-2022", "某协会联络点", Profile.MUST_GO),
    ],
)
def test_a_board_is_judged_by_the_profile_of_its_place(
    own: str, wording: str, found: Profile
) -> None:
    assert profile(own, wording) is found


def test_rules_on_the_wall_are_a_class_of_their_own() -> None:
    assert profile("ningxia-2016", "值班制度", "wall_notice") is Profile.ASK


@pytest.mark.parametrize("own", ["ningxia-2016", "qiannan-2022"])
def test_a_full_door_takes_no_further_board_though_it_stands_on_the_list(own: str) -> None:
    assert profile(own, "丙村村民委员会", ground="R15") is Profile.MUST_GO
