"""演示县: shaped like a real district, made of nothing real, complete for every story."""

import csv
import os
import runpy
from collections import Counter
from pathlib import Path

import pytest

from registry.domain.area_sheets import (
    AreaRow,
    JurisdictionRow,
    plant,
    plant_jurisdictions,
    read_area_csv,
    read_jurisdiction_csv,
)
from registry.domain.areas import Area, AreaKind
from registry.domain.people_sheets import (
    OrganisationRow,
    PersonRow,
    PostRow,
    read_organisations_csv,
    read_people_csv,
    read_posts_csv,
)
from registry.domain.vocabulary import Custody, OrganisationKind

DEMO = Path(__file__).parents[2] / "seeds" / "demo"
MARK = "演示"
COUNTY, NEIGHBOUR = "990102", "990103"
CONTRACT_PEOPLE = [
    "dept.clerk",
    "dept.head",
    "street.clerk",
    "street.head",
    "township.clerk",
    "township.head",
    "county.office",
    "county.head",
    "city.office",
    "finance.clerk",
    "finance.head",
    "community.worker",
    "community.head",
    "community.cashier",
    "community.supervisor",
    "station.worker",
    "auditor",
    "inspector",
    "sys.admin",
    "sec.admin",
    "audit.admin",
    "dept2.clerk",
    "street2.head",
    "community2.worker",
    "other.office",
]


def communities(county: str) -> list[AreaRow]:
    rows, errors = read_area_csv((DEMO / f"areas-{county}.csv").read_bytes())
    assert errors == []
    return rows


def jurisdictions() -> list[JurisdictionRow]:
    rows, errors = read_jurisdiction_csv((DEMO / "jurisdictions.csv").read_bytes())
    assert errors == []
    return rows


def organisations() -> dict[str, OrganisationRow]:
    rows, errors = read_organisations_csv((DEMO / "organisations.csv").read_bytes())
    assert errors == []
    return {row.id: row for row in rows}


def people() -> dict[str, PersonRow]:
    rows, errors = read_people_csv((DEMO / "people.csv").read_bytes())
    assert errors == []
    return {row.username: row for row in rows}


def posts() -> list[PostRow]:
    rows, errors = read_posts_csv((DEMO / "posts.csv").read_bytes())
    assert errors == []
    return rows


def areas() -> dict[str, Area]:
    above = plant_jurisdictions(jurisdictions(), lambda code: f"a-{code}")
    found = {a.code: a for a in above}
    for county in (COUNTY, NEIGHBOUR):
        top = found[f"{county}000000"]
        found |= {a.code: a for a in plant(communities(county), top, lambda code: f"a-{code}")}
    return found


def test_the_demo_county_has_thirteen_streets_five_towns_and_three_townships() -> None:
    kinds = Counter({r.street_code: r.street_kind for r in communities(COUNTY)}.values())
    assert kinds == {AreaKind.STREET: 13, AreaKind.TOWN: 5, AreaKind.TOWNSHIP: 3}


def test_the_demo_county_has_71_residents_committees_and_135_village_committees() -> None:
    kinds = Counter(r.kind for r in communities(COUNTY))
    assert kinds == {AreaKind.RESIDENTS_COMMITTEE: 71, AreaKind.VILLAGE_COMMITTEE: 135}


def test_one_street_is_known_as_such_by_its_name_alone() -> None:
    odd = {r.street_code for r in communities(COUNTY) if r.street_code[6] == "5"}
    assert odd == {"990102561000"}


def test_the_neighbour_has_two_streets_and_six_communities() -> None:
    rows = communities(NEIGHBOUR)
    assert len({r.street_code for r in rows}) == 2
    assert len(rows) == 6


def test_every_name_says_that_it_is_made_up() -> None:
    names = [a.name for a in areas().values()]
    names += [o.name for o in organisations().values()]
    names += [p.name for p in people().values()]
    assert [n for n in names if MARK not in n] == []


def test_no_two_places_share_a_name() -> None:
    names = Counter(a.name for a in areas().values())
    assert [n for n, count in names.items() if count > 1] == []


def test_no_code_lies_in_a_province_that_exists() -> None:
    # 99 is given to no province, so no code here can be that of a real place.
    assert {a.code[:2] for a in areas().values()} == {"99"}


def test_no_place_carries_a_real_name() -> None:
    folder = os.environ.get("REGISTRY_TEST_DATA")
    if not folder:
        pytest.skip("REGISTRY_TEST_DATA names no folder with lists of real places")
    real: set[str] = set()
    for path in sorted(Path(folder).glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                columns = ("community", "street", "county", "city", "province")
                real |= {row[c] for c in columns if row.get(c)}
    assert real
    assert {a.name for a in areas().values()} & real == set()


def test_every_person_of_the_contract_is_there() -> None:
    assert set(CONTRACT_PEOPLE) <= set(people())


def test_every_post_names_a_person_an_organisation_and_an_area_that_exist() -> None:
    known, bodies, places = people(), organisations(), areas()
    for post in posts():
        assert post.username in known
        assert post.area_code in places
        assert bodies[post.organisation_id].area_code == post.area_code
        assert bodies[post.organisation_id].county == known[post.username].county


def test_the_people_sheet_repeats_the_roles_of_the_posts_sheet() -> None:
    held: dict[str, list[str]] = {}
    for post in posts():
        held.setdefault(post.username, []).append(post.role)
    assert {p.username: p.posts for p in people().values()} == held


def test_one_person_holds_two_posts_in_one_community() -> None:
    twice = [p for p in people().values() if len(p.posts) > 1]
    assert [p.username for p in twice] == ["community2.worker"]


def test_every_organisation_stands_in_an_area_of_its_county() -> None:
    places, bodies = areas(), organisations()
    for body in bodies.values():
        assert places[body.area_code].county == body.county
        assert body.parent_id is None or body.parent_id in bodies


def test_every_street_town_and_community_is_an_organisation_of_its_own() -> None:
    by_area = {
        o.area_code: o.kind
        for o in organisations().values()
        if o.kind is not OrganisationKind.INSTITUTION
    }
    wanted = {AreaKind.STREET: OrganisationKind.STREET}
    wanted |= dict.fromkeys((AreaKind.TOWN, AreaKind.TOWNSHIP), OrganisationKind.TOWNSHIP)
    committees = (AreaKind.RESIDENTS_COMMITTEE, AreaKind.VILLAGE_COMMITTEE)
    wanted |= dict.fromkeys(committees, OrganisationKind.COMMUNITY)
    for area in areas().values():
        if area.kind in wanted:
            assert by_area[area.code] is wanted[area.kind], area.name


def test_every_community_says_who_holds_its_money_and_all_four_ways_occur() -> None:
    held = Counter(
        o.custody for o in organisations().values() if o.kind is OrganisationKind.COMMUNITY
    )
    assert set(held) == set(Custody)
    assert held.most_common(1)[0][0] is Custody.STREET_CUSTODY


def test_nobody_has_a_password_in_a_sheet() -> None:
    header = (DEMO / "people.csv").read_text(encoding="utf-8").splitlines()[0]
    assert "password" not in header


def test_the_readme_says_who_each_person_is() -> None:
    page = (DEMO.parent / "README.md").read_text(encoding="utf-8")
    assert [name for name in people() if f"`{name}`" not in page] == []


def test_the_sheets_are_what_the_script_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = runpy.run_path(str(DEMO / "make.py"))
    monkeypatch.setitem(script["write"].__globals__, "HERE", tmp_path)
    script["main"]()
    written = sorted(path.name for path in tmp_path.iterdir())
    assert len(written) == 4
    for name in written:
        assert (tmp_path / name).read_bytes() == (DEMO / name).read_bytes()
