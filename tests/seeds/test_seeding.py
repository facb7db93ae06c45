"""演示数据装入: by acts alone, and the same bytes every time."""

import shutil
from datetime import UTC, datetime

import pytest

from registry.actions.office import Office
from registry.actions.reading import ListQuery
from registry.actions.seeding import PACKS, Seeder, SeedError, seed_demo
from registry.clock import Source, fixed_clock
from registry.domain.areas import Area, AreaKind
from registry.domain.pack import PackState, PublishedPack
from registry.store.migrate import migrate
from registry.store.reader import Page
from registry.store.store import Store

AT = datetime(2025, 1, 2, 1, 0, tzinfo=UTC)


def _leaves(folder) -> list[str]:
    url = f"sqlite:///{folder / 'registry.db'}"
    folder.mkdir()
    migrate(url)
    store = Store(url, url, folder)
    seed_demo(Office(store, fixed_clock(AT), Source(5)), passwords=False)
    counties = store.reader.partitions()
    leaves = [e.leaf for e in store.reader.events(counties, {}, Page(limit=10_000))]
    store.close()
    return leaves


def test_two_loads_give_the_same_bytes(tmp_path):
    first, second = _leaves(tmp_path / "one"), _leaves(tmp_path / "two")
    assert len(first) > 30
    assert first == second


def test_the_demo_county_has_the_shape_of_a_real_one(one_office):
    areas = one_office.store.reader.find(Area, "990102")
    counted = {kind: sum(a.kind is kind for a in areas) for kind in AreaKind}
    assert counted[AreaKind.STREET] == 13
    assert counted[AreaKind.TOWN] + counted[AreaKind.TOWNSHIP] == 8
    assert counted[AreaKind.RESIDENTS_COMMITTEE] == 71
    assert counted[AreaKind.VILLAGE_COMMITTEE] == 135


def test_every_pack_in_force_was_published_by_another_than_who_proposed_it(one_office):
    for county in ("000000", "990102"):
        for pack in one_office.store.reader.find(PublishedPack, county):
            assert pack.state is PackState.PUBLISHED
            assert pack.published_by != pack.proposed_by


def test_a_pack_whose_cases_fail_is_not_published_by_seeding(one_office, tmp_path):
    folder = tmp_path / "demo-later"
    shutil.copytree(PACKS / "demo-county", folder)
    for name, old, new in (
        ("pack.toml", 'id = "demo-county"', 'id = "demo-later"'),
        ("rules.csv", "allow,needs_approval,DM-OFF", "deny,refused,DM-OFF"),
    ):
        page = folder / name
        page.write_text(page.read_text("utf-8").replace(old, new), "utf-8")
    with pytest.raises(SeedError, match="demo-later"):
        Seeder(one_office).pack(folder)
    held = one_office.store.reader.get(PublishedPack, "990102", "demo-later")
    assert held is not None and held.state is PackState.PROPOSED


def test_a_page_of_a_list_never_needs_more_than_its_limit():
    assert ListQuery().limit == 50
