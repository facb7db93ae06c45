"""证明查询 at the door: open to the public without a trace, printed as text, strict in reading."""

from typing import Any

import pytest
from litestar.testing import TestClient

from tests.api.conftest import SignIn

ASK = "/api/v1/certificates/answer"
PUBLIC = "/api/v1/public/certificates/answer"
PLACE = "990102001001"


def test_anybody_may_ask_for_a_place_without_signing_in(client: TestClient[Any]) -> None:
    told = client.get(PUBLIC, params={"q": "收入证明", "area": PLACE, "demander": "bank"})
    assert told.status_code == 200, told.text
    body = told.json()
    assert (body["answer"], body["answer_zh"]) == ("must_not", "不应出具")
    assert body["papers"][0]["verifier"] and body["ask"]


def test_who_is_not_signed_in_gets_no_slip_and_no_figures(client: TestClient[Any]) -> None:
    for path in (ASK, "/api/v1/certificates/slip", "/api/v1/certificates/figures"):
        told = client.get(path, params={} if path.endswith("figures") else {"q": "收入证明"})
        assert told.status_code == 401


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"q": "收入证明"}, "query.malformed"),
        ({"q": "收入证明", "area": "990199001001"}, "area.unknown"),
        ({"q": "收入证明", "area": "9901020010019"}, "area.unknown"),
        ({"q": "", "area": PLACE}, "query.malformed"),
        ({"q": "证" * 61, "area": PLACE}, "query.malformed"),
        ({"q": "收入证明", "area": PLACE, "demander": "police"}, "query.malformed"),
        ({"q": "收入证明", "area": PLACE, "basis": "rumour"}, "query.malformed"),
        ({"q": "收入证明", "area": PLACE, "out_of_area": "perhaps"}, "query.malformed"),
        ({"q": "收入证明", "area": PLACE, "county": "990102"}, "query.unknown"),
    ],
)
def test_a_question_that_is_malformed_is_refused(
    client: TestClient[Any], query: dict[str, str], code: str
) -> None:
    told = client.get(PUBLIC, params=query)
    assert told.status_code in (400, 422) and told.json()["code"] == code


def test_the_slip_is_printed_as_text(client: TestClient[Any], sign_in: SignIn) -> None:
    headers = sign_in("community.worker")
    demand = {"organisation_id": "o-990102001001", "item": "单身证明", "item_id": "CN-NEG-08",
              "demander": "bank", "slip": True}  # fmt: skip
    made = client.post("/api/v1/certificate-demands", json=demand, headers=headers)
    assert made.status_code == 201, made.text
    path = f"/api/v1/certificate-demands/{made.json()['id']}/slip"
    page = client.get(path, headers={**headers, "accept": "text/plain"})
    assert page.headers["content-type"].startswith("text/plain")
    assert made.json()["slip_number"] in page.text and "婚姻状况证明：不应出具" in page.text
    assert client.get(path, headers=headers).json()["answer"]["answer"] == "must_not"
    bare = client.get(
        "/api/v1/certificates/slip", params={"q": "收入证明"},
        headers={**headers, "accept": "text/plain"},
    )  # fmt: skip
    assert "编号：未登记" in bare.text


def test_months_turned_round_and_other_peoples_figures_are_refused(
    client: TestClient[Any], sign_in: SignIn
) -> None:
    path = "/api/v1/certificates/figures"
    turned = client.get(
        path, params={"first": "2026-03", "last": "2026-02"}, headers=sign_in("county.head")
    )
    assert (turned.status_code, turned.json()["code"]) == (400, "query.months")
    foreign = client.get(path, headers=sign_in("dept.head"))
    assert (foreign.status_code, foreign.json()["code"]) == (403, "access.reading")


def test_a_neighbour_county_answers_by_its_own_lists(client: TestClient[Any]) -> None:
    told = client.get(PUBLIC, params={"q": "居住证明", "area": "990103001001"})
    assert told.json()["answer"] == "ask", "the demo county's own list is not its neighbour's"
