"""评价结果 over HTTP: the public is told nothing, a department its own, the office all in order."""

from typing import Any

import pytest
from litestar.testing import TestClient

from registry.actions.office import Office
from registry.domain.evaluating import Rater
from tests.actions.rated import CIVIL, DEPARTMENTS, laid
from tests.api.conftest import SignIn
from tests.conftest import Hand

API = "/api/v1"
SHEET = (
    "登记单位,对象类别,评价对象,评价主体,期间,方式,很不满意,不满意,一般,满意,很满意\n"
    "990102001001,部门,演示县民政局,居民,2026Q1,居民会议,0,0,0,0,4\n"
)


@pytest.fixture
def four(one_office: Office) -> None:
    """Four departments, each with a result."""

    def hand(username: str) -> Hand:
        return Hand(one_office, username)

    for id, answer in zip(DEPARTMENTS, (4, 3, 2, 1), strict=True):
        for rater in (Rater.RESIDENTS, Rater.WORK):
            laid(hand, id, answer, rater)


@pytest.mark.usefixtures("four")
def test_the_public_is_told_no_result_of_any_department(client: TestClient[Any]) -> None:
    for path in ("/evaluations", "/evaluations/export"):
        answer = client.get(f"{API}{path}", params={"period": "2026Q1"})
        assert (answer.status_code, answer.json()["code"]) == (401, "token.invalid")
    public = [p for p in client.get("/schema/openapi.json").json()["paths"] if "/public/" in p]
    assert public
    assert not [p for p in public if "evaluation" in p]


@pytest.mark.usefixtures("four")
def test_a_department_reads_itself_and_the_office_all(
    client: TestClient[Any], sign_in: SignIn
) -> None:
    ask = {"period": "2026Q1"}
    own = client.get(f"{API}/evaluations", params=ask, headers=sign_in("dept.head")).json()
    assert [row["id"] for row in own["items"]] == [CIVIL]
    assert own["medians"][0]["value_tenths"] == 625
    everything = client.get(
        f"{API}/evaluations", params=ask, headers=sign_in("county.office")
    ).json()
    assert [row["id"] for row in everything["items"]] == sorted(DEPARTMENTS)
    assert (everything["reverse"], everything["weights"]) == (True, {"residents": 70, "work": 30})


@pytest.mark.parametrize(
    "wrong", [{}, {"period": "26"}, {"period": "0000"}, {"period": "2026", "sort": "score"}]
)
def test_no_other_question_is_answered(
    client: TestClient[Any], sign_in: SignIn, wrong: dict[str, str]
) -> None:
    for path in ("/evaluations", "/evaluations/export"):
        answer = client.get(f"{API}{path}", params=wrong, headers=sign_in("county.office"))
        assert answer.status_code == 400, answer.text


def test_a_sheet_comes_in_and_the_results_go_out(
    both_client: TestClient[Any], both_sign_in: SignIn
) -> None:
    headers = both_sign_in("street.clerk") | {"content-type": "application/octet-stream"}
    for known in (0, 1):
        answer = both_client.post(
            f"{API}/satisfactions/import", content=SHEET.encode("gb18030"), headers=headers
        )
        assert answer.status_code == 200, answer.text
        assert (answer.json()["added"], answer.json()["known"]) == (1 - known, known)
    bad = SHEET.replace("民政局", "无此局").encode()
    answer = both_client.post(f"{API}/satisfactions/import", content=bad, headers=headers)
    assert answer.json()["code"] == "import.cells"
    assert answer.json()["facts"]["errors"][0]["row"] == 2
    sheet = both_client.get(
        f"{API}/evaluations/export",
        params={"period": "2026Q1"},
        headers=both_sign_in("county.office"),
    )
    assert sheet.headers["content-type"].startswith("text/csv")
    assert sheet.content.startswith("﻿期间".encode())
    assert "演示县民政局" in sheet.content.decode()
    refused = both_client.get(
        f"{API}/evaluations/export", params={"period": "2026Q1"}, headers=both_sign_in("dept.head")
    )
    assert (refused.status_code, refused.json()["code"]) == (403, "access.forbidden")


def test_a_round_is_closed_by_its_version(client: TestClient[Any], sign_in: SignIn) -> None:
    head = sign_in("community.head")
    told = client.post(f"{API}/code-rounds", headers=head, json={
        "organisation_id": "o-990102001001", "rated": "department", "subject_id": CIVIL,
        "period": "2026Q1", "opens_on": "2026-03-02", "closes_on": "2026-03-06", "issued": 1,
    }).json()  # fmt: skip
    path = f"{API}/code-rounds/{told['round']['id']}/close"
    assert client.post(path, headers=head).status_code == 428
    answer = client.post(path, headers=head | {"if-match": '"1"'})
    assert (answer.status_code, answer.json()["closed"], "tally" in answer.json()) == (
        200, True, False,
    )  # fmt: skip
    used = client.post(f"{API}/public/satisfactions/{told['codes'][0]}", json={"answer": 4})
    assert used.json()["code"] == "code.closed"
