"""Who holds a post 通讯录: names to choose from, for everybody of the county and for nobody else."""

from typing import Any

import pytest
from litestar.testing import TestClient

from registry.actions.seeing import SHARED
from registry.api.resources import RESOURCES
from tests.api.conftest import SignIn

STREET = "/api/v1/organisations/o-990102001/people"


def test_a_person_is_found_by_the_body_they_serve(
    both_client: TestClient[Any], both_sign_in: SignIn
) -> None:
    for name in ("conference.head", "dept.clerk", "community.head", "city.office"):
        answer = both_client.get(STREET, headers=both_sign_in(name))
        assert answer.status_code == 200, (name, answer.text)
        roles = [role for one in answer.json()["people"] for role in one["roles"]]
        assert sorted(roles) == ["street.clerk", "street.head"]
    assert set(answer.json()["people"][0]) == {"person_id", "name", "roles"}, "no account is told"


def test_another_county_finds_nobody(client: TestClient[Any], sign_in: SignIn) -> None:
    answer = client.get(STREET, headers=sign_in("other.office"))
    assert (answer.status_code, answer.json()["code"]) == (404, "access.hidden")
    missing = client.get("/api/v1/organisations/o-none/people", headers=sign_in("dept.clerk"))
    assert missing.status_code == 404


DIRECTORIES = sorted(name for name, one in RESOURCES.items() if one.record in SHARED)
API = "/api/v1"


@pytest.mark.parametrize("name", DIRECTORIES)
def test_a_neighbouring_countys_directories_are_its_own(
    client: TestClient[Any], sign_in: SignIn, name: str
) -> None:
    """Told as of a county that is nowhere, to whoever belongs neither to it nor above it."""
    for who, county in (("dept.clerk", "990103"), ("other.office", "990102")):
        asked = {"headers": sign_in(who)}
        for path in (name, f"{name}/a-990103001"):
            there = client.get(f"{API}/{path}?county={county}", **asked)
            nowhere = client.get(f"{API}/{path}?county=998877", **asked)
            assert (there.status_code, there.json()["code"]) == (403, "access.elsewhere")
            assert there.json() == nowhere.json()


@pytest.mark.parametrize("name", DIRECTORIES)
def test_those_above_and_below_read_a_countys_directories(
    client: TestClient[Any], sign_in: SignIn, name: str
) -> None:
    for who, county in (
        ("city.office", "990102"), ("city.office", "990103"), ("community.head", "990102"),
        ("dept.clerk", "990100"), ("other.office", "990103"), ("other.office", "000000"),
    ):  # fmt: skip
        answer = client.get(f"{API}/{name}?county={county}", headers=sign_in(who))
        assert answer.status_code == 200, (who, county, answer.text)


def test_a_cursor_of_ones_own_directory_does_not_open_a_neighbours(
    client: TestClient[Any], sign_in: SignIn
) -> None:
    theirs = client.get(f"{API}/areas?county=990103&limit=1", headers=sign_in("city.office"))
    mine = sign_in("dept.clerk")
    for county in ("&county=990103", ""):
        path = f"{API}/areas?limit=1{county}&after={theirs.json()['next']}"
        assert client.get(path, headers=mine).status_code in (400, 403), county
