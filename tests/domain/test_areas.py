"""行政区划: kinds from codes, who covers whom, and the sheet that brings a county's communities."""

import pytest

from registry.domain.area_sheets import (
    AreaRow,
    plant,
    plant_jurisdictions,
    read_area_csv,
    read_jurisdiction_csv,
)
from registry.domain.areas import (
    Area,
    AreaKind,
    AreaLevel,
    Relation,
    called,
    covers,
    kind_of,
    relation,
)
from registry.domain.areas import level_of as level
from registry.domain.vocabulary import CommunityType

HEADER = "community_code,community,street_code,street,community_type\n"
GOOD = "990102001001,甲演示社区居民委员会,990102001,子演示街道,urban\n"


@pytest.mark.parametrize(
    ("code", "name", "kind"),
    [
        ("990000", "演示省", AreaKind.PROVINCE),
        ("990100", "演示市", AreaKind.CITY),
        ("990102", "演示县", AreaKind.COUNTY),
        ("990102001", "甲", AreaKind.STREET),
        ("990102099", "甲", AreaKind.STREET),
        ("990102100", "甲", AreaKind.TOWN),
        ("990102199", "甲", AreaKind.TOWN),
        ("990102200", "甲", AreaKind.TOWNSHIP),
        ("990102399000", "甲", AreaKind.TOWNSHIP),
        ("990102400", "甲开发区", AreaKind.OTHER_STREET),
        ("990102001001", "甲", AreaKind.RESIDENTS_COMMITTEE),
        ("990102001199", "甲", AreaKind.RESIDENTS_COMMITTEE),
        ("990102001200", "甲", AreaKind.VILLAGE_COMMITTEE),
        ("990102001399", "甲", AreaKind.VILLAGE_COMMITTEE),
        ("990102001498", "甲虚拟社区", AreaKind.OTHER_COMMITTEE),
        ("990102001599", "甲农场", AreaKind.OTHER_COMMITTEE),
    ],
)
def test_the_code_tells_the_kind(code: str, name: str, kind: AreaKind) -> None:
    assert kind_of(code, name) is kind


@pytest.mark.parametrize(
    ("code", "name", "kind"),
    [
        ("411702561", "金桥街道", AreaKind.STREET),
        ("990102400", "甲镇", AreaKind.TOWN),
        ("990102599", "甲乡", AreaKind.TOWNSHIP),
        ("990102001400", "甲社区居委会", AreaKind.RESIDENTS_COMMITTEE),
        ("990102001500", "甲村民委员会", AreaKind.VILLAGE_COMMITTEE),
    ],
)
def test_the_names_ending_decides_where_the_code_does_not_say(
    code: str, name: str, kind: AreaKind
) -> None:
    assert kind_of(code, name) is kind


def test_where_the_code_says_the_name_does_not_overrule_it() -> None:
    assert kind_of("990102001", "甲镇") is AreaKind.STREET


def test_where_neither_says_a_person_has_to_look() -> None:
    for code in ("990102600", "990102001600"):
        with pytest.raises(ValueError, match="neither"):
            kind_of(code, "甲")


@pytest.mark.parametrize(
    "code", ["", "99010", "9901020010", "99010a", "990102000001", "９９０１０２"]
)
def test_what_is_no_code_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="not an area code"):
        kind_of(code, "甲街道")


def test_the_zeros_tell_the_level() -> None:
    assert [level(c) for c in ("990000", "990100", "990102", "990102001", "990102001001")] == list(
        AreaLevel
    )


def county() -> Area:
    rows, errors = read_jurisdiction_csv(
        "code,name\n990102,演示县\n990100,演示市\n990000,演示省\n".encode()
    )
    assert errors == []
    return plant_jurisdictions(rows, lambda code: f"a-{code}")[-1]


def planted() -> dict[str, Area]:
    text = HEADER + GOOD + "990102001002,乙演示社区居民委员会,990102001,子演示街道,涉农\n"
    rows, errors = read_area_csv(text.encode())
    assert errors == []
    return {a.code: a for a in plant(rows, county(), lambda code: f"a-{code}")}


def test_each_place_above_the_streets_owns_its_own_partition() -> None:
    top = county()
    assert top.county == "990102"
    assert top.path == "/a-990000000000/a-990100000000/a-990102000000/"


def test_a_community_stands_below_its_street_and_county() -> None:
    areas = planted()
    street, community = areas["990102001000"], areas["990102001002"]
    assert community.parent_id == street.id
    assert community.path == f"{county().path}{street.id}/{community.id}/"
    assert community.county == "990102"
    assert community.community_type is CommunityType.AGRICULTURAL


def test_an_area_covers_itself_and_what_lies_below_but_not_its_neighbour() -> None:
    areas = planted()
    street, one, two = (areas[c] for c in ("990102001000", "990102001001", "990102001002"))
    assert covers(street, one)
    assert covers(one, one)
    assert not covers(one, two)
    assert not covers(one, street)


def test_an_id_that_begins_like_another_is_not_covered_by_it() -> None:
    assert relation("o-1", "/c/a-1/", [], ["/c/a-12/x/"]) is Relation.OTHER


def test_what_belongs_to_the_posts_organisation_is_its_own() -> None:
    assert relation("o-1", "/c/s/", ["o-2", "o-1"], ["/d/"]) is Relation.OWN


def test_what_touches_the_posts_area_is_below() -> None:
    assert relation("o-1", "/c/s/", ["o-2"], ["/c/t/", "/c/s/x/"]) is Relation.BELOW


def test_what_lies_elsewhere_is_other() -> None:
    assert relation("o-1", "/c/s/", ["o-2"], ["/c/t/x/"]) is Relation.OTHER
    assert relation("o-1", "/c/s/", ["o-2"], []) is Relation.OTHER


def test_a_county_wide_object_may_be_read_from_a_community_but_not_changed_there() -> None:
    assert relation("o-1", "/c/s/x/", ["o-2"], ["/c/"]) is Relation.BELOW
    assert relation("o-1", "/c/s/x/", ["o-2"], ["/c/"], upward=False) is Relation.OTHER


@pytest.mark.parametrize("empty", ["", "/"])
def test_a_post_or_object_without_a_place_matches_no_place(empty: str) -> None:
    assert relation("o-1", empty, [], ["/c/s/"]) is Relation.OTHER
    assert relation("o-1", "/c/s/", [], [empty]) is Relation.OTHER
    assert relation("", "/c/s/", [""], []) is Relation.OTHER


@pytest.mark.parametrize("path", ["", "/c/", "c/a-1/", "/c/a-1", "//a-1/", "/c/x a-1/"])
def test_a_path_that_does_not_end_in_the_areas_id_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="path"):
        Area(
            county="990102",
            id="a-1",
            code="990102001000",
            name="甲演示街道",
            level=AreaLevel.STREET,
            kind=AreaKind.STREET,
            path=path,
        )


def test_a_good_row_is_read_with_full_codes() -> None:
    assert read_area_csv((HEADER + GOOD).encode()) == (
        [
            AreaRow(
                code="990102001001",
                name="甲演示社区居民委员会",
                kind=AreaKind.RESIDENTS_COMMITTEE,
                street_code="990102001000",
                street_name="子演示街道",
                street_kind=AreaKind.STREET,
                community_type=CommunityType.URBAN,
            )
        ],
        [],
    )


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("9.90102E+11,乙,990102001,子演示街道,", "community_code"),
        ("990102001000,乙,990102001,子演示街道,", "community_code"),
        ("990102001002,乙,990102,子演示街道,", "street_code"),
        ("990102002001,乙,990102001,子演示街道,", "street_code"),
        ("990102001001,乙,990102001,子演示街道,", "community_code"),
        ("990103001001,乙,990103001,丑演示街道,", "community_code"),
        ("990102001002,乙,990102001,丑演示街道,", "street"),
        ("990102001002,,990102001,子演示街道,", "community"),
        ("990102001002,乙,990102001,,", "street"),
        ("990102001600,乙,990102001,子演示街道,", ""),
        ("990102001002,乙,990102001,子演示街道,rural", "community_type"),
    ],
)
def test_one_bad_row_is_named_and_nothing_is_taken(line: str, column: str) -> None:
    rows, errors = read_area_csv((HEADER + GOOD + line + "\n").encode())
    assert rows == []
    assert [(e.row, e.column) for e in errors] == [(3, column)]


def test_only_places_above_the_streets_stand_on_the_jurisdiction_sheet() -> None:
    rows, errors = read_jurisdiction_csv("code,name\n990102001,甲演示街道\nx,乙\n".encode())
    assert rows == []
    assert [(e.row, e.column) for e in errors] == [(2, "code"), (3, "code")]


@pytest.mark.parametrize(
    ("name", "also"),
    [
        ("甲演示社区居民委员会", ("甲演示社区", "甲演示社区居委会")),
        ("甲演示社区居委会", ("甲演示社区", "甲演示社区居民委员会")),
        ("乙演示村民委员会", ("乙演示村", "乙演示村委会", "乙演示村村民委员会")),
        ("乙演示村村民委员会", ("乙演示村", "乙演示村委会", "乙演示村村委会")),
    ],
)
def test_a_community_goes_by_its_short_names_too(name: str, also: tuple[str, ...]) -> None:
    assert {name, *also} <= set(called(name))


def test_one_letter_alone_is_no_name_of_a_place() -> None:
    assert called("东居民委员会") == ("东居民委员会",)
