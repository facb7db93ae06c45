"""Who holds a post 通讯录: names to choose from, for everybody of the county and for nobody else."""

from typing import Any

from litestar.testing import TestClient

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
