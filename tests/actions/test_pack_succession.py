"""规则包更替: the pack that takes effect ends the one before it, on its day and not before."""

from datetime import UTC, date, datetime

from registry.actions.office import Office
from registry.actions.ticking import tick
from registry.domain.audit import Finding
from registry.domain.pack import PackStage, PackState, PublishedPack, standing
from tests.actions.drafting import (
    COUNTY,
    NEXT,
    Hands,
    as_fixture,
    kept,
    next_year,
    province,
    stage,
)
from tests.actions.enacting import enacted
from tests.conftest import MovingClock


def test_a_pack_that_takes_effect_ends_the_one_before_on_that_day(
    office: Office, hand: Hands, clock: MovingClock
) -> None:
    enacted(office, as_fixture(next_year()))
    clock.at = datetime(2026, 12, 31, 15, 59, tzinfo=UTC)
    assert "superseded" not in tick(office)
    clock.at = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)
    assert tick(office)["superseded"] == 1
    assert "superseded" not in tick(office)
    old = kept(office, "demo-county")
    assert (old.state, old.superseded_by) == (PackState.SUPERSEDED, NEXT)
    assert stage(office, "demo-county") is PackStage.SUPERSEDED
    for day, own in ((date(2026, 12, 31), "demo-county"), (date(2027, 1, 1), NEXT)):
        assert office.rulebooks.of(COUNTY, day).overlay.packs[0].id == own


def test_a_pack_that_ends_does_not_wake_the_one_it_ended(one_office: Office) -> None:
    days = "effective_from = 2027-01-01"
    enacted(one_office, as_fixture(next_year((days, f"{days}\neffective_to = 2027-06-30"))))
    held = one_office.store.reader.find(PublishedPack, COUNTY)
    own = standing(held, date(2027, 6, 30))
    assert own is not None and own.id == NEXT
    assert standing(held, date(2027, 7, 1)) is None
    assert one_office.rulebooks.of(COUNTY, date(2027, 7, 1)).overlay.packs[0].id == "cn-base"


def test_a_pack_past_the_day_of_its_review_is_told_once_and_stays_in_force(
    office: Office, clock: MovingClock
) -> None:
    days = "effective_from = 2027-01-01"
    enacted(office, as_fixture(next_year((days, f"{days}\nreview_on = 2028-03-01"))))

    def told() -> list[str]:
        tick(office)
        found = office.store.reader.find(Finding, COUNTY, code="pack.review")
        return [f.object_id for f in found]

    clock.at = datetime(2028, 2, 29, 4, tzinfo=UTC)
    assert told() == []
    clock.at = datetime(2028, 3, 1, 4, tzinfo=UTC)
    assert told() == told() == [NEXT]
    assert office.rulebooks.of(COUNTY, date(2028, 3, 1)).overlay.packs[0].id == NEXT


def test_children_follow_the_successor_of_their_parent(one_office: Office) -> None:
    enacted(one_office, province())
    child = as_fixture(next_year(('parent = "cn-base"', 'parent = "demo-province"')))
    enacted(one_office, child)
    later = province()
    later["pack.toml"] = (
        later["pack.toml"].replace('id = "demo-province"', 'id = "demo-province-2028"')
        .replace("effective_from = 2026-03-02", "effective_from = 2028-01-01")
    )  # fmt: skip
    enacted(one_office, later)

    def stack(on: date) -> list[str]:
        return [p.id for p in one_office.rulebooks.of(COUNTY, on).overlay.packs]

    assert stack(date(2027, 12, 31)) == [NEXT, "demo-province", "cn-base"]
    assert stack(date(2028, 1, 1)) == [NEXT, "demo-province-2028", "cn-base"]
