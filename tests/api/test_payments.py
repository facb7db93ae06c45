"""国库支付接口: what is read of payments, by whom, and what people and the treasury may ask for."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from litestar.testing import TestClient

from registry.actions.office import Office
from registry.actions.paying.carrying import carry
from registry.domain.paying import Payment
from tests.actions.case import Hands, voucher
from tests.actions.paid import COUNTY, dispatched, linked, of, ordered
from tests.api.conftest import SignIn
from tests.treasury import Treasury, serving

API = "/api/v1"
KEYED = {"idempotency-key": "one"}


@pytest.fixture
def treasury(one_office: Office) -> Iterator[Treasury]:
    with serving() as made:
        linked(one_office, made)
        yield made


@pytest.fixture
def payment(one_office: Office, one_hand: Hands, treasury: Treasury) -> Payment:
    return of(one_office, dispatched(one_hand, ordered(one_hand), "拨1", 300_000))


def test_the_answer_to_a_dispatch_says_that_nothing_is_sent_where_nobody_is_linked(
    client: TestClient[Any], sign_in: SignIn, one_hand: Hands
) -> None:
    command = msgspec.to_builtins(voucher(ordered(one_hand), "dispatch", "拨1", 300_000))
    headers = sign_in("finance.clerk") | KEYED
    answers = [client.post(f"{API}/vouchers", json=command, headers=headers) for _ in range(2)]
    assert [a.status_code for a in answers] == [201, 201]
    told = answers[0].json()
    assert told == answers[1].json(), "sent again under its key, it is the same dispatch"
    assert (told["payment"]["gateway"], told["voucher"]["payment_id"]) == ("null", None)
    assert "没有发送" in told["payment"]["said"]


def test_those_whose_money_it_is_read_it_and_others_do_not(
    client: TestClient[Any], sign_in: SignIn, payment: Payment
) -> None:
    seen = {"finance.clerk", "finance.head", "dept.head", "street.head", "community.head",
            "county.office", "auditor"}  # fmt: skip
    for by in (*sorted(seen), "dept2.clerk", "street2.head", "community2.worker"):
        answer = client.get(f"{API}/payments/{payment.id}", headers=sign_in(by))
        assert (answer.status_code == 200) is (by in seen), by
    listed = client.get(
        f"{API}/payments", params={"state": "queued"}, headers=sign_in("finance.head")
    )
    assert [row["id"] for row in listed.json()["items"]] == [payment.id]
    assert client.get(f"{API}/payments/{payment.id}").status_code == 401


def test_asking_again_needs_a_key_and_calling_back_a_version(
    client: TestClient[Any], sign_in: SignIn, payment: Payment
) -> None:
    head, why = sign_in("finance.head"), {"reason": "账户写错(演示)"}
    retry, void = f"{API}/payments/{payment.id}/retry", f"{API}/payments/{payment.id}/void"
    for path in (retry, void):
        answer = client.post(path, json=why if path == void else {}, headers=head | {
            "if-match": f'"{payment.version}"'})  # fmt: skip
        assert (answer.status_code, answer.json()["code"]) == (400, "idempotency.required")
    told = client.post(void, json=why, headers=head | KEYED)
    assert (told.status_code, told.json()["code"]) == (428, "version.required")
    stale = client.post(void, json=why, headers=head | KEYED | {"if-match": '"9"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "version.stale")
    again = client.post(retry, headers=head | {"idempotency-key": "two"})
    assert again.status_code == 200
    match = {"if-match": f'"{again.json()["version"]}"', "idempotency-key": "three"}
    done = client.post(void, json=why, headers=head | match)
    assert (done.status_code, done.json()["state"]) == (200, "voided")


@pytest.mark.parametrize("reason", ["", "   ", "长" * 201])
def test_a_payment_is_called_back_for_a_reason(
    client: TestClient[Any], sign_in: SignIn, payment: Payment, reason: str
) -> None:
    headers = sign_in("finance.head") | KEYED | {"if-match": f'"{payment.version}"'}
    answer = client.post(
        f"{API}/payments/{payment.id}/void", json={"reason": reason}, headers=headers
    )
    assert answer.status_code in {400, 422}
    assert answer.headers["content-type"].startswith("application/problem+json")


def test_what_waits_and_since_when_stands_among_the_figures(
    client: TestClient[Any], one_office: Office, payment: Payment
) -> None:
    text = client.get("/metrics").text
    assert f'registry_payments_waiting{{county="{COUNTY}"}} 1.0' in text
    assert f'registry_payments_oldest_seconds{{county="{COUNTY}"}} 0.0' in text
    carry(one_office)
    assert f'registry_payments_waiting{{county="{COUNTY}"}} 0.0' in client.get("/metrics").text


def test_the_bearer_and_the_address_of_the_treasury_leave_by_no_door(
    client: TestClient[Any], sign_in: SignIn, treasury: Treasury, payment: Payment,
    *, one_office: Office,
) -> None:  # fmt: skip
    treasury.plan = ["unauthorised"]
    carry(one_office)
    shown = [
        client.get(f"{API}/payments", headers=sign_in("auditor")).text,
        client.get(f"{API}/events", headers=sign_in("auditor")).text,
        client.get("/metrics").text,
        client.get(API).text,
    ]
    assert all("not-a-secret-of-anybody" not in text for text in shown)
    assert all(treasury.url not in text for text in shown)
