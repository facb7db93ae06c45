"""区划导入: any county's list of this form, all or nothing."""

import os
from pathlib import Path

import pytest

from registry.actions import importing
from registry.actions.seeding import Seeder
from registry.domain.areas import Area, AreaKind
from registry.domain.errors import Refusal


def _import(office, county, data):
    return Seeder(office).act(
        county, "area.import", lambda d: importing.import_areas(d, data, "某县")
    )


def test_the_real_list_of_a_county_comes_in_whole(one_office):
    folder = os.environ.get("REGISTRY_TEST_DATA")
    if folder is None:
        assert not os.environ.get("CI"), "REGISTRY_TEST_DATA is missing"
        pytest.skip("REGISTRY_TEST_DATA is not set")
    data = (Path(folder) / "yicheng-411702.csv").read_bytes()
    answer = _import(one_office, "411702", data)
    areas = one_office.store.reader.find(Area, "411702")
    assert answer.body["kinds"]["residents_committee"] == 71
    assert answer.body["kinds"]["village_committee"] == 135
    odd = next(a for a in areas if a.code == "411702561000")
    assert odd.kind is AreaKind.STREET


def test_one_bad_cell_brings_in_nothing(one_office):
    data = (
        "community_code,community,street_code,street\n"
        "990104001001,甲社区居民委员会,990104001,甲街道\n"
        "99010400100X,乙社区居民委员会,990104001,甲街道\n"
    ).encode()
    with pytest.raises(Refusal) as refused:
        _import(one_office, "990104", data)
    assert refused.value.code == "import.cells"
    assert refused.value.facts["errors"][0]["row"] == 3
    assert one_office.store.reader.find(Area, "990104") == []


def test_a_list_of_another_county_is_refused(one_office):
    data = (
        "community_code,community,street_code,street\n"
        "990104001001,甲社区居民委员会,990104001,甲街道\n"
    ).encode()
    with pytest.raises(Refusal) as refused:
        _import(one_office, "990105", data)
    assert refused.value.code == "import.county"


def test_the_same_list_twice_adds_nothing(one_office):
    data = Path("seeds/demo/areas-990102.csv").read_bytes()
    assert _import(one_office, "990102", data).body["areas"] == 0
