"""测算书 over HTTP: words and figures beside the amount, enough to add it up again by hand."""

from typing import Any

from litestar.testing import TestClient

from registry.actions.office import Office
from tests.actions.case import admitted, drafted
from tests.actions.test_formulas import CODES, by_household
from tests.api.conftest import SignIn
from tests.conftest import Hand

API = "/api/v1"


def hands(office: Office) -> Any:
    return lambda username: Hand(office, username)


def asked(client: TestClient[Any], id: str, sign_in: SignIn, who: str) -> Any:
    return client.get(f"{API}/requests/{id}/reckoning", headers=sign_in(who))


def test_the_formula_is_told_in_words_beside_the_amount_and_the_shares_add_up(
    both_client: TestClient[Any], office: Office, both_sign_in: SignIn
) -> None:
    request = admitted(hands(office), targets=CODES, funding=[by_household()])
    answer = asked(both_client, request.id, both_sign_in, "auditor")
    assert answer.status_code == 200, answer.text
    (line,) = answer.json()["lines"]
    assert (line["amount"], line["reckoned_fen"]) == ("8,008.00元", line["amount_fen"])
    assert line["words_zh"] == "8.00元/户 × 1,001户 = 8,008.00元"
    assert line["rounding"] == "half_up"
    parts = [(p["code"], p["figure"], p["share_fen"]) for p in line["shares"]]
    figures = zip(CODES, (500, 300, 201), strict=True)
    assert parts == [(code, figure, 800 * figure) for code, figure in figures]
    assert sum(fen for _, _, fen in parts) == answer.json()["total_fen"]


def test_a_community_is_told_its_own_share_and_no_neighbours(
    client: TestClient[Any], one_office: Office, sign_in: SignIn
) -> None:
    request = admitted(hands(one_office), targets=CODES, funding=[by_household()])
    (line,) = asked(client, request.id, sign_in, "community.head").json()["lines"]
    assert [p["code"] for p in line["shares"]] == CODES[:1]
    assert line["amount"] == "8,008.00元"


def test_a_draft_is_reckoned_for_those_who_draft_it_and_nobody_else(
    client: TestClient[Any], one_office: Office, sign_in: SignIn
) -> None:
    request = drafted(hands(one_office), targets=CODES, funding=[by_household(800_801)])
    (line,) = asked(client, request.id, sign_in, "dept.clerk").json()["lines"]
    assert (line["amount_fen"], line["reckoned_fen"]) == (800_801, 800_800)
    assert len(line["shares"]) == len(CODES)
    assert asked(client, request.id, sign_in, "community.head").status_code == 404
