"""资金报表 over HTTP: every form of one snapshot, and opening balances that need their key."""

import csv
from typing import Any

import pytest
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


@pytest.fixture
def made(one_office: Office) -> None:
    """Money of several matters in several communities."""
    make(lambda username: Hand(one_office, username))


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize(
    ("by", "labels"),
    [
        ("item", ["编号", "事项"]), ("community", ["编号", "社区", "资金管理模式"]),
        ("presence", ["编号", "事项", "社区", "资金管理模式"]), ("department", ["编号", "付款单位"]),
        ("year", ["编号", "会计年度"]),
    ],
)  # fmt: skip
def test_a_sheet_has_no_column_in_which_nothing_can_stand(
    client: TestClient[Any], sign_in: SignIn, by: str, labels: list[str]
) -> None:
    asked = {"by": by, "format": "csv"}
    told = client.get(f"{API}/statements", headers=sign_in("auditor"), params=asked)
    rows = list(csv.reader(told.content.decode("utf-8-sig").splitlines()))
    head = next(at for at, row in enumerate(rows) if row[0] == "编号")
    assert rows[head][: rows[head].index("核定")] == labels
    assert {len(row) for row in rows[head:]} == {len(rows[head])}
    assert all(rows[head + 1][: len(labels)])
