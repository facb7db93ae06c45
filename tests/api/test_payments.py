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
from tests.actions.stated import paid
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


# ---- the treasury's own list ---------------------------------------------------------------------


def listed(client: TestClient[Any], headers: dict[str, str], *rows: str) -> Any:
    """The payment list of the day as the treasury sends it, brought in by finance."""
    key = {"idempotency-key": f"list-{len(rows)}-{hash(rows)}"}
    answer = client.post(f"{API}/bank-batches", content=paid(*rows), headers=headers | key,
                         params={"source": "treasury", "name": "支付明细.csv"})  # fmt: skip
    assert answer.status_code == 201, answer.json()
    return answer.json()


def settled(office: Office, payment: Payment) -> Payment:
    return office.store.reader.find(Payment, COUNTY, id=payment.id)[0]


@pytest.mark.parametrize("column", ["key", "voucher"])
def test_a_line_under_the_number_of_the_treasury_is_matched_whoever_it_names(
    client: TestClient[Any], sign_in: SignIn, one_office: Office, payment: Payment, *, column: str
) -> None:
    carry(one_office)
    reference = settled(one_office, payment).reference
    assert reference
    headers = sign_in("finance.clerk")
    told = {"key": f"某某街道账户,,3000.00,{reference}",
            "voucher": f"某某街道账户,,3000.00,T1,,{reference}"}[column]  # fmt: skip
    batch = listed(client, headers, told)
    assert (batch["batch"]["matched"], batch["waiting"]) == (1, 0)
    (line,) = client.get(f"{API}/bank-lines", headers=headers).json()["items"]
    assert (line["state"], line["matched_way"], line["voucher_id"]) == (
        "matched", "payment", payment.voucher_id,
    )  # fmt: skip
    sides = client.get(f"{API}/vouchers/{payment.voucher_id}/sides", headers=headers).json()
    assert sides["on_statements"] is True


def test_the_number_of_the_treasury_with_another_amount_is_left_to_a_person(
    client: TestClient[Any], sign_in: SignIn, one_office: Office, payment: Payment
) -> None:
    carry(one_office)
    reference, headers = settled(one_office, payment).reference, sign_in("finance.clerk")
    assert listed(client, headers, f"某某街道账户,,2999.99,{reference}")["waiting"] == 1


def test_one_payment_that_the_list_tells_in_parts_is_matched_by_its_number(
    client: TestClient[Any], sign_in: SignIn, one_office: Office, payment: Payment
) -> None:
    carry(one_office)
    reference, headers = settled(one_office, payment).reference, sign_in("finance.clerk")
    batch = listed(client, headers, f"某某街道账户,,1000.00,T1,,{reference}",
                   f"某某街道账户,,2000.00,T2,,{reference}")  # fmt: skip
    assert (batch["batch"]["matched"], batch["waiting"]) == (2, 0)
    assert listed(client, headers, f"某某街道账户,,1000.00,T1,,{reference}")["known"] == 1
    parts = client.get(f"{API}/bank-lines", headers=headers,
                       params={"voucher_id": payment.voucher_id}).json()["items"]  # fmt: skip
    assert sorted(one["amount_fen"] for one in parts) == [100_000, 200_000]


def test_a_person_matches_one_payment_with_several_vouchers_over_http(
    client: TestClient[Any], sign_in: SignIn, one_hand: Hands
) -> None:
    place = ordered(one_hand)
    ids = []
    for number, fen in (("拨1", 100_000), ("拨2", 150_000)):
        command = msgspec.to_builtins(voucher(place, "dispatch", number, fen))
        kept = client.post(f"{API}/vouchers", json=command, headers=sign_in("finance.clerk") | {
            "idempotency-key": f"v{fen}"}).json()["voucher"]  # fmt: skip
        client.post(f"{API}/vouchers/{kept['id']}/confirm", headers=sign_in("finance.head") | {
            "idempotency-key": f"c{fen}", "if-match": f'"{kept["version"]}"'})  # fmt: skip
        ids.append(kept["id"])
    headers = sign_in("finance.clerk")
    listed(client, headers, "某某街道账户,,3000.00,T1")
    (line,) = client.get(f"{API}/bank-lines", headers=headers).json()["items"]
    answer = client.post(
        f"{API}/bank-lines/{line['id']}/match", json={"parts": [{"voucher_id": id} for id in ids]},
        headers=headers | {"idempotency-key": "m1", "if-match": f'"{line["version"]}"'},
    )  # fmt: skip
    assert (answer.status_code, answer.json()["state"], answer.json()["parted_fen"]) == (
        200, "open", 250_000,
    )  # fmt: skip
    parts = client.get(
        f"{API}/line-parts", headers=headers, params={"line_id": line["id"]}
    ).json()["items"]  # fmt: skip
    assert {one["voucher_id"]: one["amount_fen"] for one in parts} == {
        ids[0]: 100_000, ids[1]: 150_000,
    }  # fmt: skip
    hidden = client.get(f"{API}/line-parts", headers=sign_in("street2.head")).json()["items"]
    assert hidden == []
