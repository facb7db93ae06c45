"""资金报表 over HTTP: every form of one snapshot, and opening balances that need their key."""

from typing import Any

from litestar.testing import TestClient

from registry.actions.office import Office
from tests.actions.test_statements import make
from tests.actions.yearly import sheet
from tests.api.conftest import SignIn
from tests.conftest import Hand

API = "/api/v1"


def test_one_snapshot_is_told_in_every_form(
    client: TestClient[Any], one_office: Office, sign_in: SignIn
) -> None:
    make(lambda username: Hand(one_office, username))
    who = sign_in("auditor")
    told = client.get(f"{API}/statements", headers=who, params={"by": "community"})
    assert told.status_code == 200, told.text
    at = {"by": "community", "as_of": str(told.json()["snapshot"])}
    page = client.get(f"{API}/statements", headers=who, params={**at, "format": "html"})
    assert page.headers["content-type"].startswith("text/html")
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'") and "unsafe" not in policy
    assert "<script" not in page.text
    plain = client.get(f"{API}/statements", headers=who, params={**at, "format": "csv"})
    chinese = client.get(f"{API}/statements", headers=who, params={**at, "format": "csv-gb18030"})
    assert plain.content.decode("utf-8-sig") == chinese.content.decode("gb18030")
    book = client.get(f"{API}/statements", headers=who, params={**at, "format": "xlsx"})
    assert book.content.startswith(b"PK") and "statements.xlsx" in book.headers[
        "content-disposition"
    ]  # fmt: skip
    again = client.get(f"{API}/statements", headers=who, params={**at, "format": "xlsx"})
    assert again.content == book.content


def test_a_form_or_grouping_nobody_knows_is_refused(
    client: TestClient[Any], sign_in: SignIn
) -> None:
    who = sign_in("auditor")
    for wrong in ({"format": "pdf"}, {"by": "amount"}, {"year": "２０２６"}, {"rank": "1"}):
        answer = client.get(f"{API}/statements", headers=who, params=wrong)
        assert answer.status_code == 400, wrong
        assert answer.json()["code"].startswith("query.")


def test_money_is_not_brought_in_without_a_key(client: TestClient[Any], sign_in: SignIn) -> None:
    answer = client.post(
        f"{API}/opening-balances/import", headers=sign_in("street.clerk"), content=sheet()
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency.required")
